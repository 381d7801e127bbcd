/**
 * `SWbemSink` for people who port scripts: handlers with positional arguments over the sink of the pipeline, and `cancel` for
 * every outstanding call of the sink. What the handlers are told, and when, is the pipeline's.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { Key } from "../model/ObjectPath.ts"
import * as PutAsync from "../pipeline/PutAsync.ts"
import * as PutSink from "../pipeline/PutSink.ts"
import { signed } from "../protocol/HResult.ts"
import type { ExtendedStatus } from "../protocol/wbemErrorBase.ts"

/**
 * What a script reads of the path of a put.
 *
 * @since 0.1.0
 * @category models
 */
export interface SWbemObjectPath {
  readonly path: string
  readonly relPath: string
  readonly server: string
  readonly namespace: string
  readonly class: string
  readonly isClass: boolean
  readonly isSingleton: boolean
  readonly keys: ReadonlyArray<Key>
}

/**
 * The path as a script reads it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const objectPath = (path: ObjectPath.ObjectPath): SWbemObjectPath => ({
  path: ObjectPath.format(path),
  relPath: ObjectPath.relPath(path),
  server: path.server ?? "",
  namespace: path.namespace ?? "",
  class: path.className ?? "",
  isClass: path.keys.length === 0 && !path.singleton,
  isSingleton: path.singleton,
  keys: path.keys
})

/**
 * The handlers of a script, each optional. `iHResult` is a signed number, as VBScript's constants are.
 *
 * @since 0.1.0
 * @category models
 */
export interface Handlers {
  readonly onObjectPut?: ((objWbemObjectPath: SWbemObjectPath, objWbemAsyncContext: object | null) => void) | undefined
  readonly onProgress?:
    | ((iUpperBound: number, iCurrent: number, strMessage: string, objWbemAsyncContext: object | null) => void)
    | undefined
  readonly onCompleted?:
    | ((iHResult: number, objWbemErrorObject: ExtendedStatus | null, objWbemAsyncContext: object | null) => void)
    | undefined
  /** Never called for a put (PA-27); it may stand here so that a script ports as it is. */
  readonly onObjectReady?: ((objWbemObject: never, objWbemAsyncContext: object | null) => void) | undefined
}

/**
 * A sink of a script. `SWbemServicesEx` hands it to the pipeline.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemSink {
  /** The same sink as the pipeline sees it. */
  readonly sink: PutSink.PutSink

  constructor(handlers: Handlers = {}) {
    this.sink = PutSink.callback({
      onObjectPut: ({ asyncContext, path }) => handlers.onObjectPut?.(objectPath(path), asyncContext),
      onProgress: ({ asyncContext, current, message, upperBound }) =>
        handlers.onProgress?.(upperBound, current, message, asyncContext),
      onCompleted: ({ asyncContext, errorObject, hresult }) =>
        handlers.onCompleted?.(signed(hresult), errorObject, asyncContext)
    })
  }
  /**
   * `Cancel`: every outstanding call of this sink, and no other one (PA-40). Settles when the handlers have been told; from inside a
   * handler they are told right after it.
   */
  cancel(): Promise<void> {
    return Effect.runPromise(PutAsync.cancel(this.sink))
  }
}
