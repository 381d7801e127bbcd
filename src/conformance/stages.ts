/** The four stages of a case with its barriers and faults, and the sinks that record its events. */
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
import { type Barriers, waitAtBarrier, waitForTurn } from "./barriers.ts"
import { namespace } from "./objects.ts"
import type { CaseRepository, RepositoryProbe } from "./caseRepository.ts"

/** Adds the shutdown, the fault and the barriers of a case to a repository. */
const withFaults =
  ({ server }: Setup, barriers: Barriers) => (inner: Repository.Repository): Repository.Repository => ({
    ...inner,
    admit: (put) => server.shuttingDown ? Effect.fail(new ShuttingDown({})) : inner.admit(put),
    put: (valid, call) =>
      server.fault !== undefined
        ? Effect.fail(StatusError.narrow("PutError", StatusError.fromHResult(server.fault)))
        : Effect.tap(inner.put(valid, call), () => waitAtBarrier(barriers.afterCommit, valid.put.object))
  })

/** One event. The list of these has the order of delivery over all sinks. */
export interface RecordedEvent {
  readonly sink: string
  readonly event: SinkEvent
}

/** A sink that records its events. Its handlers throw or cancel where the case says so. */
export const recordingSink = ({ sink }: Setup, name: string, recorded: Array<RecordedEvent>): PutSink.PutSink => {
  const self: PutSink.PutSink = PutSink.make((event) =>
    Effect.suspend(() => {
      recorded.push({ sink: name, event })
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
 * The stages of a case. A barrier before the transaction is an additional check of the validator; cases without one run the default
 * validator.
 */
export const stages = (
  setup: Setup,
  repository: CaseRepository,
  providers: Registry,
  barriers: Barriers,
  hasBarrierBefore: boolean
): Layer.Layer<PutAsync.Stages | RepositoryProbe> =>
  Layer.mergeAll(
    FlagDecoder.layer,
    hasBarrierBefore
      ? PutValidator.layerWith({
        checks: [(put) => waitForTurn(setup.snapshot, barriers.beforeTransaction, put.object)]
      })
      : PutValidator.layer,
    PutSink.layerSilent,
    Layer.provideMerge(
      Layer.effect(Repository.Repository, Effect.map(Repository.Repository, withFaults(setup, barriers))),
      repository.layer(setup, providers)
    )
  )

/** Provides the caller, the server and the namespace of a case. Logging is off: a handler that throws (PA-50) would log into the report. */
export const withCallContext = (setup: Setup) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  effect.pipe(
    Effect.provideService(CallContext.Caller, setup.caller),
    Effect.provideService(CallContext.Server, "TESTSRV"),
    Effect.provideService(CallContext.DefaultNamespace, namespace),
    Logger.withMinimumLogLevel(LogLevel.None)
  )
