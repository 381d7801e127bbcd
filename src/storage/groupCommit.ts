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
import type { ReadSet } from "../engine/ReadSet.ts"
import type { Snapshot } from "../engine/state/Snapshot.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import type { NamespaceStore, Step } from "../emulator/NamespaceStore.ts"

/** How a decision ended: with its result, or with a defect of its own. */
export type Ended = Exit.Exit<unknown, WbemError>

/** One waiting write. */
export interface Waiting {
  readonly readSet: () => ReadSet
  readonly decide: (snapshot: Snapshot) => Step<unknown>
}

/** What a place in the line goes on with: its end, or the lead. */
type Turn = Effect.Effect<unknown, WbemError>

class Place implements Waiting {
  readonly readSet: Waiting["readSet"]
  readonly decide: Waiting["decide"]
  readonly committed: (result: unknown) => void
  /** Both are `undefined` while nobody waits here: who leads does not. */
  resume: ((turn: Turn) => void) | undefined = undefined
  turn: Turn | undefined = undefined

  constructor(readSet: Waiting["readSet"], decide: Waiting["decide"], committed: (result: unknown) => void) {
    this.readSet = readSet
    this.decide = decide
    this.committed = committed
  }

  wake(turn: Turn): void {
    if (this.resume === undefined) this.turn = turn // it came before anybody waited for it
    else this.resume(turn)
  }
}

const awaitTurn = (place: Place): Turn =>
  Effect.async((resume) => {
    if (place.turn === undefined) place.resume = resume
    else resume(place.turn)
  })

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

  const leadFor = (self: Place): Turn =>
    Effect.flatMap(Effect.yieldNow(), () => {
      const group = line.splice(0, most)
      return Effect.flatMap(Effect.exit(Effect.suspend(() => run(group))), (exit) => {
        let mine: Ended | undefined
        for (let i = 0; i < group.length; i++) {
          const place = group[i]!
          const ended = Exit.isSuccess(exit) ? told(place, exit.value[i]!) : exit
          if (place === self) mine = ended
          else place.wake(ended)
        }
        const next = line[0]
        if (next === undefined) led = false
        else next.wake(leadFor(next))
        return mine! // who leads stands first in the line
      })
    })

  // What goes in with a decision comes out with its result.
  return <A>(readSet: () => ReadSet, decide: (snapshot: Snapshot) => Step<A>, committed: (result: A) => void) =>
    Effect.uninterruptible(Effect.suspend(() => {
      const place = new Place(readSet, decide, committed as (result: unknown) => void)
      line.push(place)
      if (led) return awaitTurn(place)
      led = true
      return leadFor(place)
    })) as Effect.Effect<A, WbemError>
}
