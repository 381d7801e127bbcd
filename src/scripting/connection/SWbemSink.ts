/**
 * `SWbemSink` for people who port scripts: handlers with positional arguments over the sink of the pipeline, and `cancel` for
 * every outstanding call of the sink. What the handlers are told, and when, is the pipeline's.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as PutAsync from "../../pipeline/PutAsync.ts"
import * as PutSink from "../../pipeline/PutSink.ts"
import { signed } from "../../protocol/HResult.ts"
import type { ScriptSink } from "../objects/connection.ts"
import { type ExtendedStatusMembers, SWbemLastError } from "../objects/SWbemLastError.ts"
import { SWbemObjectPath } from "../objects/SWbemObjectPath.ts"

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
  /** The error object is there for every failure, a cancel included, and `null` when it went well (PA-24). */
  readonly onCompleted?:
    | ((
      iHResult: number,
      objWbemErrorObject: (SWbemLastError & ExtendedStatusMembers) | null,
      objWbemAsyncContext: object | null
    ) => void)
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
export class SWbemSink implements ScriptSink {
  /** The same sink as the pipeline sees it. */
  readonly sink: PutSink.PutSink

  constructor(handlers: Handlers = {}) {
    this.sink = PutSink.callback({
      onObjectPut: ({ asyncContext, path }) => handlers.onObjectPut?.(new SWbemObjectPath(path), asyncContext),
      onProgress: ({ asyncContext, current, message, upperBound }) =>
        handlers.onProgress?.(upperBound, current, message, asyncContext),
      onCompleted: ({ asyncContext, errorObject, hresult }) =>
        handlers.onCompleted?.(
          signed(hresult),
          errorObject === null ? null : SWbemLastError.of(errorObject),
          asyncContext
        )
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
