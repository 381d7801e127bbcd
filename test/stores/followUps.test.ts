/** Calls that a sink handler starts: each verb, awaited, forked and submitted, in the handler of each event, for the same sink and for another. */
import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe } from "vitest"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import type { PutSink } from "../../src/pipeline/PutSink.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { SinkEvent } from "../../src/protocol/SinkEvent.ts"
import { kinds } from "./stores.ts"
import { Disk, idOf } from "../pipeline/fixtures.ts"
import { type Manner, manners, stagesOver, unlocked, type Verb, verbs, World } from "../pipeline/handlers.ts"

const moments = ["Progress", "ObjectPut", "Completed", "Completed of a cancelled call"] as const
type Moment = typeof moments[number]

const isMoment = (moment: Moment, event: SinkEvent): boolean =>
  moment === "Completed of a cancelled call"
    ? event._tag === "Completed" && event.error?.status === "CallCancelled" && idOf(event) === "held"
    : event._tag === moment && idOf(event) === "out"

/** The handler of `moment` starts the call once, for sink `at`; the handlers of another sink call the first one again. */
const scenario = (verb: Verb, manner: Manner, moment: Moment, at: 0 | 1) =>
  Effect.gen(function* () {
    const context = yield* Effect.context<Exclude<PutAsync.Stages, PutSink>>()
    let once = true
    let back = true
    const world: World = new World([
      (event) =>
        Effect.suspend(() => {
          if (!once || !isMoment(moment, event)) return Effect.void
          once = false
          return Effect.provide(world.run(manner, world.call(verb, "in", world.sinks[at]!, false)), context)
        }),
      () =>
        Effect.suspend(() => {
          if (!back) return Effect.void
          back = false
          return Effect.provide(world.call("put", "back", world.sinks[0]!, false), context)
        })
    ])
    const [sink] = world.sinks
    const held = yield* Effect.fork(world.call("put", "held", sink!, true))
    yield* Effect.yieldNow()
    yield* world.call("put", "out", sink!, true)
    yield* PutAsync.cancel(sink!)
    yield* Fiber.join(held)
    yield* world.settle()
  })

describe.each(kinds.filter(({ name }) => ["memory", "SQLite in a file", "PostgreSQL"].includes(name)))(
  "over $name",
  ({ open }) => {
    for (const moment of moments) {
      it.scopedLive(`calls started in the handler of ${moment} complete, and the sink takes further events`, () =>
        Effect.gen(function* () {
          const stages = stagesOver(yield* open)
          const program = Effect.gen(function* () {
            yield* PutAsync.put(PutRequest.make(Disk)).pipe(PutAsync.withSink(new World([() => Effect.void]).sinks[0]!))
            const all = verbs.flatMap((verb) =>
              manners.flatMap((manner) => ([0, 1] as const).map((at) => [verb, manner, at] as const))
            )
            yield* Effect.forEach(
              all,
              ([verb, manner, at]) =>
                unlocked(() => `${verb}, ${manner}, in ${moment}, sink ${at}`, scenario(verb, manner, moment, at)),
              { concurrency: 8, discard: true }
            )
          })
          yield* Effect.provide(program, stages)
        }))
    }
  }
)
