/**
 * The line in which the writes of one process stand (PA-32): first in, first out, as many at a time as are waiting. Whoever comes
 * to an empty line leads: it waits one turn of the scheduler for others, writes for all of them, and hands the lead on.
 *
 * Nobody runs in the background: a lead is taken in the fiber of a caller, so there is nothing to start or to stop.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Footprint } from "../engine/Footprint.ts"
import type { Snapshot } from "../engine/Snapshot.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import type { NamespaceStore, Step } from "./storeSeam.ts"

/** How a decision ended: with its result, or with a defect of its own. */
export type Ended = Exit.Exit<unknown, WbemError>

/** One waiting write. */
export interface Waiting {
  readonly footprint: () => Footprint
  readonly decide: (snapshot: Snapshot) => Step<unknown>
}

type Turn = { readonly _tag: "Lead" } | { readonly _tag: "Done"; readonly exit: Ended }

const lead: Turn = { _tag: "Lead" }

class Place implements Waiting {
  readonly footprint: Waiting["footprint"]
  readonly decide: Waiting["decide"]
  readonly committed: (result: unknown) => void
  /** The turn, if it came before anybody waited for it. */
  private turn: Turn | undefined = undefined
  private resume: ((turn: Turn) => void) | undefined = undefined

  constructor(footprint: Waiting["footprint"], decide: Waiting["decide"], committed: (result: unknown) => void) {
    this.footprint = footprint
    this.decide = decide
    this.committed = committed
  }

  readonly awaitTurn: Effect.Effect<Turn> = Effect.async((resume) => {
    if (this.turn !== undefined) resume(Effect.succeed(this.turn))
    else this.resume = (turn) => resume(Effect.succeed(turn))
  })

  wake(turn: Turn): void {
    if (this.resume === undefined) this.turn = turn
    else this.resume(turn)
  }
}

/** Tells of the commit; a listener that dies ends its own write and no other. */
const told = (place: Place, ended: Ended): Ended => {
  if (Exit.isFailure(ended)) return ended
  try {
    place.committed(ended.value)
    return ended
  } catch (defect) {
    return Exit.die(defect)
  }
}

/**
 * The `modify` of a store whose groups `run` writes: an answer for each, or one failure for all.
 */
export const makeLine = (
  run: (group: ReadonlyArray<Waiting>) => Effect.Effect<ReadonlyArray<Ended>, WbemError>,
  most: number
): NamespaceStore["modify"] => {
  const line: Array<Place> = []
  let led = false

  const leadFor = (self: Place): Effect.Effect<unknown, WbemError> =>
    Effect.flatMap(Effect.yieldNow(), () => {
      const group = line.splice(0, most)
      return Effect.flatMap(Effect.exit(Effect.suspend(() => run(group))), (exit) => {
        let mine: Ended = Exit.die(new Error("a write was left out of its group"))
        group.forEach((place, i) => {
          const ended = Exit.isSuccess(exit) ? told(place, exit.value[i]!) : Exit.failCause(exit.cause)
          if (place === self) mine = ended
          else place.wake({ _tag: "Done", exit: ended })
        })
        const next = line[0]
        if (next === undefined) led = false
        else next.wake(lead)
        return mine
      })
    })

  const modify = (place: Place): Effect.Effect<unknown, WbemError> =>
    Effect.suspend(() => {
      line.push(place)
      if (!led) {
        led = true
        return leadFor(place)
      }
      return Effect.flatMap(place.awaitTurn, (turn) => turn._tag === "Lead" ? leadFor(place) : turn.exit)
    })

  // What goes in with a decision comes out with its result.
  return <A>(footprint: () => Footprint, decide: (snapshot: Snapshot) => Step<A>, committed: (result: A) => void) =>
    Effect.uninterruptible(
      Effect.suspend(() => modify(new Place(footprint, decide, committed as (result: unknown) => void)))
    ) as Effect.Effect<A, WbemError>
}
