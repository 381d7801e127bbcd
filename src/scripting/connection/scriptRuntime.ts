/**
 * The state that the connections of one script share: the stages on which calls run, the scope of submitted calls, and the slot of the
 * last error.
 *
 * @internal
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import * as Runtime from "effect/Runtime"
import * as Scope from "effect/Scope"
import type { WbemObject } from "../../model/WbemObject.ts"
import * as CallContext from "../../pipeline/CallContext.ts"
import type * as PutAsync from "../../pipeline/PutAsync.ts"
import * as ExtendedStatus from "../../protocol/ExtendedStatus.ts"
import { Failed, isWbemError, ShuttingDown, type WbemError } from "../../protocol/WbemError.ts"
import { SWbemError } from "../objects/SWbemError.ts"

/** The settings of one connection. A setting that is undefined has the value of the layer. */
export interface ConnectionSettings {
  readonly namespace: string
  readonly server?: string | undefined
  readonly locale?: string | undefined
  /** The name of a remote caller. */
  readonly user?: string | undefined
}

/** The subject of a call, for its error object. */
export type CallSubject =
  | { readonly object: WbemObject }
  | { readonly operation: string; readonly parameterInfo: string }

const withSettings =
  (settings: ConnectionSettings) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
    const { locale, namespace, server, user } = settings
    return Effect.flatMap(CallContext.read, ({ call }) =>
      effect.pipe(
        Effect.provideService(CallContext.DefaultNamespace, namespace),
        Effect.provideService(CallContext.Locale, locale ?? call.locale),
        Effect.provideService(CallContext.Server, server ?? call.server),
        Effect.provideService(
          CallContext.Caller,
          server === undefined && user === undefined
            ? call.caller
            : { ...call.caller, remote: server !== undefined || call.caller.remote, name: user ?? call.caller.name }
        )
      ))
  }

/** The status of a call when the stages cannot be built. */
const layerError = (failure: unknown): WbemError =>
  isWbemError(failure)
    ? failure
    : new Failed({ detail: failure instanceof Error ? failure.message : String(failure), cause: failure })

/** The runtime of a script. */
export class ScriptRuntime {
  private readonly runtime: ManagedRuntime.ManagedRuntime<PutAsync.Stages, unknown>
  private readonly scope: Scope.CloseableScope = Effect.runSync(Scope.make())
  private lastError: ExtendedStatus.ExtendedStatus | undefined
  private closed = false

  constructor(stages: Layer.Layer<PutAsync.Stages, unknown>) {
    this.runtime = ManagedRuntime.make(stages)
  }

  /** Returns the last error and empties the slot. */
  takeLastError(): ExtendedStatus.ExtendedStatus | undefined {
    const error = this.lastError
    this.lastError = undefined
    return error
  }

  /** The result of a call. A defect or an interruption is thrown as it is. */
  private async runEither<A>(
    effect: Effect.Effect<A, WbemError, PutAsync.Stages | Scope.Scope>,
    settings: ConnectionSettings
  ): Promise<Either.Either<A, WbemError>> {
    if (this.closed) return Either.left(new ShuttingDown({ detail: "the connection was closed" }))
    const exit = await this.runtime.runPromiseExit(
      Effect.either(effect).pipe(withSettings(settings), Scope.extend(this.scope))
    )
    if (Exit.isSuccess(exit)) return exit.value
    const failure = Cause.failureOption(exit.cause)
    if (Option.isNone(failure)) throw Runtime.makeFiberFailure(exit.cause)
    return Either.left(layerError(failure.value))
  }

  /** Runs a call. A failure fills the slot of the last error and is thrown as an `SWbemError`. */
  async run<A>(
    effect: Effect.Effect<A, WbemError, PutAsync.Stages | Scope.Scope>,
    settings: ConnectionSettings,
    source: string,
    subject: CallSubject | undefined
  ): Promise<A> {
    const result = await this.runEither(effect, settings)
    if (Either.isRight(result)) return result.right
    const lastError = subject === undefined
      ? result.left.extended
      : "object" in subject
      ? ExtendedStatus.ofPut(subject.object, result.left)
      : ExtendedStatus.make(result.left, subject.operation, subject.parameterInfo)
    this.lastError = lastError ?? this.lastError
    throw new SWbemError(result.left, { source, lastError })
  }

  /** Cancels the calls that have not begun and releases the stages. */
  async close(): Promise<void> {
    this.closed = true
    await Effect.runPromise(Scope.close(this.scope, Exit.void))
    await this.runtime.dispose()
  }
}
