/**
 * `SWbemServicesEx` for people who port scripts: positional arguments, numeric flags, errors with a `number`. A thin skin over
 * `PutAsync` and the verbs of `Wmi`; any repository will do.
 *
 * Where a script's line returns, a promise settles: `await services.putAsync(sink, object)` comes back when the call is accepted
 * and throws when it is refused at the start. Nothing is heard before it has (PA-29).
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Scope from "effect/Scope"
import type * as NamedValueSet from "../model/NamedValueSet.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import * as CallContext from "../pipeline/CallContext.ts"
import * as PutAsync from "../pipeline/PutAsync.ts"
import type { PutSink } from "../pipeline/PutSink.ts"
import { Repository } from "../pipeline/Repository.ts"
import { signed } from "../protocol/HResult.ts"
import * as PathText from "../protocol/PathText.ts"
import * as PutRequest from "../protocol/PutRequest.ts"
import * as SinkEvent from "../protocol/SinkEvent.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import type { ExtendedStatus } from "../protocol/wbemErrorBase.ts"
import { objectPath, type SWbemObjectPath, SWbemSink } from "./SWbemSink.ts"

/**
 * What a refused call throws, as a script's `Err` has it; `lastError` is what `SWbemLastError` would hold (EO-4).
 *
 * @since 0.1.0
 * @category errors
 */
export class SWbemError extends Error {
  override readonly name: string = "SWbemError"
  /** The HRESULT, signed. */
  readonly number: number
  readonly description: string
  readonly source: string = "SWbemServicesEx"
  readonly lastError: ExtendedStatus | undefined

  constructor(error: WbemError, object?: WbemObject) {
    super(error.message, { cause: error })
    this.number = signed(error.hresult)
    this.description = error.message
    this.lastError = object === undefined ? error.extended : SinkEvent.errorObject(object, error)
  }
}

/** What a script can be wrong about that no type of it says. */
type Given<A> = A | null | undefined

/**
 * A namespace that scripts write to.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemServicesEx {
  private readonly runtime: ManagedRuntime.ManagedRuntime<PutAsync.Stages, never>
  private readonly scope: Scope.CloseableScope
  readonly namespace: string

  constructor(
    runtime: ManagedRuntime.ManagedRuntime<PutAsync.Stages, never>,
    namespace: string,
    scope: Scope.CloseableScope
  ) {
    this.runtime = runtime
    this.namespace = namespace
    this.scope = scope
  }

  private async run<A>(
    effect: Effect.Effect<A, WbemError, PutAsync.Stages | Scope.Scope>,
    object?: WbemObject
  ): Promise<A> {
    const answer = await this.runtime.runPromise(
      Effect.either(effect).pipe(
        Effect.provideService(CallContext.DefaultNamespace, this.namespace),
        Scope.extend(this.scope)
      )
    )
    if (Either.isRight(answer)) return answer.right
    throw new SWbemError(answer.left, object)
  }

  private request(
    object: Given<WbemObject>,
    iFlags: number,
    objWbemNamedValueSet: Given<NamedValueSet.Input>,
    objWbemAsyncContext: object | null = null
  ): PutRequest.PutRequest {
    const request = PutRequest.make(object as WbemObject, {
      flags: iFlags,
      context: objWbemNamedValueSet ?? undefined,
      asyncContext: objWbemAsyncContext
    })
    return { ...request, namespace: this.namespace }
  }

  /**
   * `PutAsync`: settles when the call is accepted; the outcome goes to the sink. What is no sink or no object is refused with
   * `wbemErrInvalidParameter` here.
   */
  async putAsync(
    objWbemSink: Given<SWbemSink>,
    objWbemObject: Given<WbemObject>,
    iFlags: number = 0,
    objWbemNamedValueSet: Given<NamedValueSet.Input> = null,
    objWbemAsyncContext: object | null = null
  ): Promise<void> {
    const request = this.request(objWbemObject, iFlags, objWbemNamedValueSet, objWbemAsyncContext)
    // The start of the put refuses what is no sink (`put-async` 3, row 1).
    const sink = (objWbemSink instanceof SWbemSink ? objWbemSink.sink : objWbemSink) as PutSink
    await this.run(PutAsync.withSink(sink)(PutAsync.submit(request)), objWbemObject ?? undefined)
  }

  /** `Put`: waits, and answers the path. */
  async put(
    objWbemObject: Given<WbemObject>,
    iFlags: number = 0,
    objWbemNamedValueSet: Given<NamedValueSet.Input> = null
  ): Promise<SWbemObjectPath> {
    const request = this.request(objWbemObject, iFlags, objWbemNamedValueSet)
    const { path } = await this.run(PutAsync.put(request), objWbemObject ?? undefined)
    return objectPath(path)
  }

  /** `Get`. */
  get(strObjectPath: string): Promise<WbemObject> {
    return this.run(this.located(strObjectPath, (repository, request) => repository.get(request)))
  }

  /** `Delete`. */
  async delete(strObjectPath: string, iFlags: number = 0): Promise<void> {
    await this.run(
      this.located(strObjectPath, (repository, request) => repository.delete({ ...request, flags: iFlags }))
    )
  }

  private located<A>(
    text: string,
    ask: (
      repository: Repository,
      request: Parameters<Repository["get"]>[0]
    ) => Effect.Effect<A, WbemError>
  ): Effect.Effect<A, WbemError, Repository> {
    const { namespace } = this
    return Effect.gen(function* () {
      const path = yield* PathText.parse(text)
      const { call } = yield* CallContext.read
      return yield* ask(yield* Repository, { path, namespace, call })
    })
  }

  /** Ends what has not begun and releases the repository. */
  async close(): Promise<void> {
    await Effect.runPromise(Scope.close(this.scope, Exit.void))
    await this.runtime.dispose()
  }
}

/**
 * `SWbemLocator.ConnectServer`: a namespace of whatever repository the layer holds.
 *
 * @since 0.1.0
 * @category constructors
 */
export const connectServer = (
  stages: Layer.Layer<PutAsync.Stages>,
  strNamespace: string = "root\\cimv2"
): SWbemServicesEx => new SWbemServicesEx(ManagedRuntime.make(stages), strNamespace, Effect.runSync(Scope.make()))
