/**
 * Random programs of calls that start calls from their handlers, over three sinks, one of plain functions: puts, batches, submits
 * and cancels. No call deadlocks, each completes once, and its caller gets the result after the sink.
 *
 * `TEST_HARD_SCALE` scales the number of programs for each store: 0.06 by default, which is 300; 1 is 5,000.
 */
import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { assert, describe } from "vitest"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import type { PutSink } from "../../src/pipeline/PutSink.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { SinkEvent } from "../../src/protocol/SinkEvent.ts"
import { kinds } from "./stores.ts"
import { Disk, idOf } from "../pipeline/fixtures.ts"
import { type Manner, manners, stagesOver, unlocked, type Verb, verbs, World } from "../pipeline/handlers.ts"

const count = Math.max(1, Math.round(5000 * Number(process.env["TEST_HARD_SCALE"] ?? 0.06)))

const parts = 5

/** The heap in use. Where the collector cannot be called it is not measured. */
const heap = (): number => {
  const { gc, process } = globalThis as { readonly gc?: () => void; readonly process: NodeJS.Process }
  if (gc === undefined) return 0
  gc()
  return process.memoryUsage().heapUsed
}

/** A call, and what the handler of one of its events starts. */
interface Step {
  readonly verb: Verb
  readonly manner: Manner
  readonly sink: 0 | 1 | 2
  /** Whether it waits in a check until it is cancelled. */
  readonly held: boolean
  readonly on: SinkEvent["_tag"]
  /** How many times the handler yields before and after it starts the next calls. */
  readonly pause: number
  readonly next: ReadonlyArray<Step>
  readonly together: boolean
}

const step = (depth: number): FastCheck.Arbitrary<Step> =>
  FastCheck.record({
    verb: FastCheck.constantFrom(...verbs),
    manner: FastCheck.constantFrom(...manners),
    sink: FastCheck.constantFrom<0 | 1 | 2>(0, 1, 2),
    held: FastCheck.integer({ min: 0, max: 9 }).map((n) => n === 0),
    on: FastCheck.constantFrom<SinkEvent["_tag"]>("Progress", "ObjectPut", "Completed"),
    pause: FastCheck.integer({ min: 0, max: 3 }),
    next: depth === 0 ? FastCheck.constant([]) : FastCheck.array(step(depth - 1), { maxLength: 2 }),
    together: FastCheck.boolean()
  })

interface Scenario {
  readonly roots: ReadonlyArray<Step>
  /** Which sinks are cancelled from outside, and after how many steps. */
  readonly cancels: ReadonlyArray<{ readonly sink: 0 | 1 | 2; readonly after: number }>
}

const scenario: FastCheck.Arbitrary<Scenario> = FastCheck.record({
  roots: FastCheck.array(step(2), { minLength: 1, maxLength: 4 }),
  cancels: FastCheck.array(
    FastCheck.record({
      sink: FastCheck.constantFrom<0 | 1 | 2>(0, 1, 2),
      after: FastCheck.integer({ min: 0, max: 12 })
    }),
    { maxLength: 2 }
  )
})

const yields = (times: number): Effect.Effect<void> =>
  times === 0 ? Effect.void : Effect.zipRight(Effect.yieldNow(), Effect.suspend(() => yields(times - 1)))

const run = (number: number, { cancels, roots }: Scenario) =>
  Effect.gen(function* () {
    const context = yield* Effect.context<Exclude<PutAsync.Stages, PutSink>>()
    const steps = new Map<string, Step>()
    let calls = 0
    const start = (world: World, one: Step, outside: boolean) => {
      const id = `${one.held ? "held" : "s"}${number % 64}-${++calls}` // the store stays small
      for (const each of World.ids(one.verb, id)) steps.set(each, one)
      return world.call(one.verb, id, world.sinks[one.sink]!, outside)
    }
    const handler = (event: SinkEvent, world: World): Effect.Effect<void> => {
      const one = steps.get(idOf(event))
      if (one === undefined || one.on !== event._tag) return Effect.void
      steps.delete(idOf(event))
      // What waits in a check ends by a cancel alone, so a handler must not wait for it.
      const next = one.next.map((each) =>
        world.run(each.held && each.manner === "awaited" ? "forked" : each.manner, start(world, each, false))
      )
      return Effect.all([
        yields(one.pause),
        Effect.all(next, one.together ? { concurrency: "unbounded" } : {}),
        yields(one.pause)
      ], {
        discard: true
      }).pipe(Effect.provide(context))
    }
    const world = new World([handler, handler], handler)
    yield* Effect.all(roots.map((root) => world.fork(start(world, root, true))))
    yield* Effect.all(
      cancels.map(({ after, sink }) => world.fork(Effect.zipRight(yields(after), PutAsync.cancel(world.sinks[sink]!))))
    )
    yield* world.settle()
  })

describe.each(kinds.filter(({ name }) => ["memory", "SQLite in a file", "PostgreSQL"].includes(name)))(
  `${count} programs over $name`,
  ({ open }) => {
    it.scopedLive("no call deadlocks, and each completes once", () =>
      Effect.gen(function* () {
        const stages = stagesOver(yield* open)
        const scenarios = FastCheck.sample(scenario, { numRuns: count, seed: 20 })
        const program = Effect.gen(function* () {
          yield* PutAsync.put(PutRequest.make(Disk)).pipe(PutAsync.withSink(new World([() => Effect.void]).sinks[0]!))
          const heaps: Array<number> = []
          for (let part = 0; part < parts; part++) {
            yield* Effect.forEach(
              scenarios.slice(part * count / parts, (part + 1) * count / parts),
              (one, number) => unlocked(() => `${part}.${number}: ${JSON.stringify(one)}`, run(number, one)),
              { concurrency: 32, discard: true }
            )
            heaps.push(heap())
          }
          return heaps
        })
        const heaps = yield* Effect.provide(program, stages)
        // The first part warms up. From then on the heap does not grow by what the programs have left behind.
        if (count >= 1000) {
          console.log(`heap after each part in MB: ${heaps.map((bytes) => Math.round(bytes / 1e6)).join()}`)
        }
        assert.isBelow(heaps.at(-1)! - heaps[0]!, 40e6)
      }), 1_800_000)
  }
)
