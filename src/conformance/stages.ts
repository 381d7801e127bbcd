/** The four stages of a case, wrapped where it holds an operation or makes it fail, and what its sinks heard. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as CallContext from "../pipeline/CallContext.ts"
import * as FlagDecoder from "../pipeline/FlagDecoder.ts"
import * as PutAsync from "../pipeline/PutAsync.ts"
import * as PutSink from "../pipeline/PutSink.ts"
import * as PutValidator from "../pipeline/PutValidator.ts"
import * as Repository from "../pipeline/Repository.ts"
import type { SinkEvent } from "../protocol/SinkEvent.ts"
import * as StatusError from "../protocol/StatusError.ts"
import { ShuttingDown } from "../protocol/WbemError.ts"
import type { Registry } from "../emulator/providers/InstanceProvider.ts"
import type { Setup } from "./given.ts"
import { waitAtBarrier, type Barriers, waitForTurn } from "./barriers.ts"
import { namespace } from "./objects.ts"
import type { CaseRepository, RepositoryProbe } from "./caseRepository.ts"

const withFaults = ({ server }: Setup, holds: Barriers) => (inner: Repository.Repository): Repository.Repository => ({
  ...inner,
  admit: (put) => server.shuttingDown ? Effect.fail(new ShuttingDown({})) : inner.admit(put),
  put: (valid, call) =>
    server.fault !== undefined
      ? Effect.fail(StatusError.fromHResult(server.fault))
      : Effect.tap(inner.put(valid, call), () => waitAtBarrier(holds.afterCommit, valid.put.object))
})

/** One event, in the order over all sinks. */
export interface RecordedEvent {
  readonly sink: string
  readonly event: SinkEvent
}

/** A sink that writes down what it hears; the handlers of the case throw or cancel. */
export const recordingSink = ({ sink }: Setup, name: string, heard: Array<RecordedEvent>): PutSink.PutSink => {
  const self: PutSink.PutSink = PutSink.make((event) =>
    Effect.suspend(() => {
      heard.push({ sink: name, event })
      const handler = `On${event._tag}`
      const fails = sink.throwsOn.includes(handler)
        ? Effect.sync(() => {
          throw new Error(`${handler} throws`)
        })
        : Effect.void
      return sink.cancelsOn.includes(handler) ? Effect.zipRight(PutAsync.cancel(self), fails) : fails
    })
  )
  return self
}

/**
 * The stages. The validator is the library's own unless a call is held before its transaction: a check is what waits
 * there, and without one the pipeline takes its usual way.
 */
export const stages = (
  setup: Setup,
  repository: CaseRepository,
  providers: Registry,
  holds: Barriers,
  holdsBefore: boolean
): Layer.Layer<PutAsync.Stages | RepositoryProbe> =>
  Layer.mergeAll(
    FlagDecoder.layer,
    holdsBefore
      ? PutValidator.layerWith({ checks: [(put) => waitForTurn(setup.snapshot, holds.beforeTransaction, put.object)] })
      : PutValidator.layer,
    PutSink.layerSilent,
    Layer.provideMerge(
      Layer.effect(Repository.Repository, Effect.map(Repository.Repository, withFaults(setup, holds))),
      repository.layer(setup, providers)
    )
  )

/** The ambient values of a case. A handler that throws is logged (PA-50), but not between the lines of a report. */
export const withCallContext = (setup: Setup) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  effect.pipe(
    Effect.provideService(CallContext.Caller, setup.caller),
    Effect.provideService(CallContext.Server, "TESTSRV"),
    Effect.provideService(CallContext.DefaultNamespace, namespace),
    Logger.withMinimumLogLevel(LogLevel.None)
  )
