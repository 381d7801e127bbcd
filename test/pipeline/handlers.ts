/**
 * Calls that handlers start: their kinds, the ways to run them, and the properties that must hold. Used by the table of all combinations
 * and by the random scenarios.
 */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { assert } from "vitest"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as FlagDecoder from "../../src/pipeline/FlagDecoder.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutValidator from "../../src/pipeline/PutValidator.ts"
import * as Repository from "../../src/pipeline/Repository.ts"
import type { SinkEvent } from "../../src/protocol/SinkEvent.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import { disk, idOf, line, settle } from "./fixtures.ts"

export const verbs = [
  "put",
  "submit",
  "submit and await",
  "submit and cancel",
  "submit into a closing scope",
  "batch",
  "batch within a time",
  "cancel"
] as const
export type Verb = typeof verbs[number]

export const manners = ["awaited", "forked", "scoped", "raced", "timed"] as const
export type Manner = typeof manners[number]

/** The stages over a store. Every put reports progress first. A put whose id begins with `held` waits in a check for ever. */
export const stagesOver = (store: NamespaceStore): Layer.Layer<Exclude<PutAsync.Stages, PutSink.PutSink>> => {
  const emulated = Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore, store))
  const tick = { upperBound: 1, current: 1, message: "" }
  const reporting = Layer.provide(
    Layer.effect(
      Repository.Repository,
      Effect.map(Repository.Repository, (inner): Repository.Repository => ({
        ...inner,
        put: (valid, call) => Effect.zipRight(call.progress(tick), inner.put(valid, call)),
        putBatch: (puts, batch) => Effect.zipRight(batch.progress(0, tick), inner.putBatch(puts, batch))
      }))
    ),
    emulated
  )
  const checks: ReadonlyArray<PutValidator.Check> = [(put) => idOf(put).startsWith("held") ? Effect.never : Effect.void]
  return Layer.mergeAll(FlagDecoder.layer, PutValidator.layerWith({ checks }), reporting)
}

export type Program<A = void> = Effect.Effect<A, never, Exclude<PutAsync.Stages, PutSink.PutSink>>

/** The record of one run: the events of each sink, in order, and the result of each call. */
export class World {
  readonly sinks: ReadonlyArray<PutSink.PutSink>
  /** The events of all sinks, in order. */
  readonly log: Array<string> = []
  /** Calls whose caller got a result. */
  readonly answered: Set<string> = new Set()
  /** Violations that were found during the run. */
  readonly faults: Array<string> = []
  private readonly fibers: Array<Fiber.RuntimeFiber<unknown, unknown>> = []

  /** `plain` is the handler of one more sink, whose handlers are plain functions that start a call and return. */
  constructor(
    handlers: ReadonlyArray<(event: SinkEvent, world: World) => Effect.Effect<void>>,
    plain?: (event: SinkEvent, world: World) => Effect.Effect<void>
  ) {
    const record = (event: SinkEvent): void => {
      this.log.push(line(event))
      if (plain !== undefined) this.fibers.push(Effect.runFork(plain(event, this)))
    }
    const plainSink = PutSink.callback({ onObjectPut: record, onProgress: record, onCompleted: record })
    const effectful = handlers.map((handler, at) => {
      let running = 0
      return PutSink.make((event) =>
        Effect.suspend(() => {
          if (++running > 1) this.faults.push(`two handlers of sink ${at} at a time`)
          this.log.push(line(event))
          return Effect.ensuring(handler(event, this), Effect.sync(() => void running--))
        })
      )
    })
    this.sinks = plain === undefined ? effectful : [...effectful, plainSink]
  }

  /** Whether a sink got the ending of a call. */
  hasEnded(id: string): boolean {
    return this.log.some((one) => one.startsWith(`${id}:Completed`))
  }

  /** The ids of a call: a batch has two. */
  static ids(verb: Verb, id: string): ReadonlyArray<string> {
    return verb === "cancel" ? [] : verb.startsWith("batch") ? [`${id}-1`, `${id}-2`] : [id]
  }

  /** One call. `outside` means that its caller is in no handler, so that the sink gets the ending before the caller gets the result. */
  call(verb: Verb, id: string, sink: PutSink.PutSink, outside: boolean): Program {
    const ids = World.ids(verb, id)
    const answered = (one: string): void => {
      this.answered.add(one)
      if (outside && !this.hasEnded(one)) this.faults.push(`${one} got its result before its sink got the ending`)
    }
    const answer = (exit: Exit.Exit<unknown, { readonly status: string }>): void => {
      if (Exit.isFailure(exit) && Cause.isInterrupted(exit.cause)) return
      answered(id)
    }
    const note = <A, E extends { readonly status: string }, R>(
      effect: Effect.Effect<A, E, R>
    ): Effect.Effect<void, never, R> =>
      Effect.asVoid(Effect.exit(Effect.onExit(effect, (exit) => Effect.sync(() => answer(exit)))))
    const batch = (options: BulkPut.Options): Effect.Effect<void, never, PutAsync.Stages> =>
      Stream.fromIterable(ids.map((one) => disk(one))).pipe(
        BulkPut.run(options),
        Stream.runForEach((outcome) => Effect.sync(() => answered(idOf(outcome.request))))
      )
    const program = (): Effect.Effect<void, never, PutAsync.Stages> => {
      switch (verb) {
        case "put":
          return note(PutAsync.put(disk(id)))
        case "submit": {
          // It outlives the handler, so its scope is the scope of the run.
          const done = Deferred.make<void>()
          return Effect.flatMap(done, (accepted) =>
            Effect.zipRight(
              this.fork(Effect.scoped(
                PutAsync.submit(disk(id)).pipe(
                  Effect.tap(() => Deferred.succeed(accepted, undefined)),
                  Effect.flatMap((handle) => note(handle.await)),
                  Effect.ignore,
                  Effect.ensuring(Deferred.succeed(accepted, undefined))
                )
              )),
              Deferred.await(accepted)
            ))
        }
        case "submit and await":
          return Effect.ignore(Effect.scoped(Effect.flatMap(PutAsync.submit(disk(id)), (handle) => note(handle.await))))
        case "submit and cancel":
          return Effect.ignore(Effect.scoped(Effect.flatMap(PutAsync.submit(disk(id)), (handle) => handle.cancel)))
        case "submit into a closing scope":
          return Effect.ignore(Effect.scoped(PutAsync.submit(disk(id))))
        case "batch":
          return batch({})
        case "batch within a time":
          return batch({ within: "1 millis" })
        case "cancel":
          return PutAsync.cancel(sink)
      }
    }
    return PutAsync.withSink(sink)(Effect.suspend(program))
  }

  /** Runs an effect in a fiber of its own. The run ends after that fiber. */
  fork<R>(effect: Effect.Effect<unknown, never, R>): Effect.Effect<void, never, R> {
    return Effect.map(Effect.forkDaemon(effect), (fiber) => void this.fibers.push(fiber))
  }

  run(manner: Manner, program: Program): Program {
    switch (manner) {
      case "awaited":
        return program
      case "forked":
        return this.fork(program)
      case "scoped":
        return Effect.scoped(Effect.zipRight(Effect.forkScoped(program), Effect.yieldNow()))
      case "raced":
        return Effect.race(program, Effect.zipRight(Effect.yieldNow(), Effect.yieldNow()))
      case "timed":
        return Effect.ignore(Effect.timeout(program, "1 millis"))
    }
  }

  /**
   * Waits until the fibers that handlers started have ended and the sinks have delivered everything. Every call has ended then. Puts that
   * wait in a check for ever are cancelled when nothing else runs.
   */
  settle(): Program {
    return Effect.gen(this, function* () {
      const eventCount = (): number => this.log.filter((one) => !one.startsWith("probe")).length
      let before = -1
      for (let round = 0; before !== eventCount() || this.isRunning(); round++) {
        before = eventCount()
        for (let quiet = 0, last = before; quiet < 3 && this.isRunning(); quiet++) {
          yield* settle
          if (last !== eventCount()) [quiet, last] = [0, eventCount()]
        }
        for (const [at, sink] of this.sinks.entries()) {
          yield* PutAsync.cancel(sink)
          yield* this.call("put", `probe${at}-${round}`, sink, true)
        }
        yield* settle
      }
      this.check()
    })
  }

  /** Whether a fiber that a handler or the run started has not ended. */
  private isRunning(): boolean {
    while (this.fibers.length > 0 && this.fibers[0]!.unsafePoll() !== null) this.fibers.shift()
    return this.fibers.length > 0
  }

  private check(): void {
    const ended = new Set<string>()
    for (const one of this.log) {
      const id = one.slice(0, one.indexOf(":"))
      if (ended.has(id)) this.faults.push(`${one} comes after the end of ${id}`)
      if (one.includes(":Completed")) ended.add(id)
    }
    for (const one of this.log) {
      const id = one.slice(0, one.indexOf(":"))
      if (!ended.has(id)) this.faults.push(`${id} has events and no end`)
    }
    for (const id of this.answered) if (!ended.has(id)) this.faults.push(`${id} was answered and has no end`)
    assert.deepStrictEqual(this.faults, [])
  }
}

/** A run that has not ended after this time is in a deadlock. A correct run never waits this long. */
export const unlocked = <A, E, R>(what: () => string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.timeoutTo(Effect.disconnect(effect), {
    duration: "120 seconds",
    onSuccess: (value): Effect.Effect<A> => Effect.succeed(value),
    onTimeout: () => Effect.die(new Error(`locked: ${what()}`))
  }).pipe(Effect.flatten)
