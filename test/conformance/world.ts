/** The four stages of a case: the emulator over memory, wrapped where a case holds an operation or makes it fail. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as FlagDecoder from "../../src/pipeline/FlagDecoder.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutValidator from "../../src/pipeline/PutValidator.ts"
import * as Repository from "../../src/pipeline/Repository.ts"
import type { SinkEvent } from "../../src/protocol/SinkEvent.ts"
import * as StatusError from "../../src/protocol/StatusError.ts"
import { ShuttingDown } from "../../src/protocol/WbemError.ts"
import * as EmulatedRepository from "../../src/repository/EmulatedRepository.ts"
import * as MemoryStore from "../../src/repository/MemoryStore.ts"
import { namespace, type Setup } from "./given.ts"

/** Where calls are held, by the object they carry. */
export interface Holds {
  readonly beforeTransaction: Map<object, Hold>
  readonly afterCommit: Map<object, Hold>
}

/** A place where one call waits. */
export interface Hold {
  readonly reached: Deferred.Deferred<void>
  readonly release: Deferred.Deferred<void>
}

export const newHold = (): Hold => ({
  reached: Effect.runSync(Deferred.make<void>()),
  release: Effect.runSync(Deferred.make<void>())
})

export const noHolds = (): Holds => ({ beforeTransaction: new Map(), afterCommit: new Map() })

const held = (holds: Map<object, Hold>, object: object): Effect.Effect<void> => {
  const hold = holds.get(object)
  return hold === undefined
    ? Effect.void
    : Effect.zipRight(Deferred.succeed(hold.reached, undefined), Deferred.await(hold.release))
}

const wrapped = ({ server }: Setup, holds: Holds) => (inner: Repository.Repository): Repository.Repository => ({
  ...inner,
  admit: (put) => server.shuttingDown ? Effect.fail(new ShuttingDown({})) : inner.admit(put),
  put: (valid, onProgress) =>
    server.fault !== undefined
      ? Effect.fail(StatusError.fromHResult(Number(server.fault)))
      : Effect.tap(inner.put(valid, onProgress), () => held(holds.afterCommit, valid.put.object))
})

/** What a sink heard, and the sink; handlers of the case throw or cancel. */
export interface Ear {
  readonly sink: PutSink.PutSink
  readonly heard: Array<SinkEvent>
}

export const ear = ({ sink }: Setup): Ear => {
  const heard: Array<SinkEvent> = []
  const self: PutSink.PutSink = PutSink.make((event) =>
    Effect.suspend(() => {
      heard.push(event)
      const name = `On${event._tag}`
      const cancel = sink.cancelsOn.includes(name) ? PutAsync.cancel(self) : Effect.void
      return sink.throwsOn.includes(name)
        ? Effect.zipRight(
          cancel,
          Effect.sync(() => {
            throw new Error(`${name} throws`)
          })
        )
        : cancel
    })
  )
  return { sink: self, heard }
}

export const stages = (
  setup: Setup,
  holds: Holds,
  sink: PutSink.PutSink
): Layer.Layer<PutAsync.Stages | EmulatedRepository.Services> => {
  const emulated = Layer.provide(EmulatedRepository.layer, MemoryStore.layerFrom(setup.snapshot))
  const repository = Layer.provideMerge(
    Layer.effect(Repository.Repository, Effect.map(Repository.Repository, wrapped(setup, holds))),
    emulated
  )
  return Layer.mergeAll(
    FlagDecoder.layer,
    PutValidator.layerWith({ checks: [(put) => held(holds.beforeTransaction, put.object)] }),
    PutSink.layer(sink),
    repository
  )
}

/** The ambient values of a case. */
export const ambient = (setup: Setup) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  effect.pipe(
    Effect.provideService(CallContext.Caller, setup.caller),
    Effect.provideService(CallContext.Server, "TESTSRV"),
    Effect.provideService(CallContext.DefaultNamespace, namespace)
  )
