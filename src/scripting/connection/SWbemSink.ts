/**
 * `SWbemSink` for ported scripts: handlers with positional arguments over the sink of the pipeline, and `cancel` for every outstanding
 * call of the sink. The pipeline determines the events and their order.
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
 * The handlers of a script, all optional. `iHResult` is a signed number, as VBScript's constants are.
 *
 * @since 0.1.0
 * @category models
 */
export interface Handlers {
  /** Called once for a put that succeeds, with the path of the stored object. */
  readonly onObjectPut?: ((objWbemObjectPath: SWbemObjectPath, objWbemAsyncContext: object | null) => void) | undefined
  /** Called when a provider reports progress. Both numbers are 0 to 65535. */
  readonly onProgress?:
    | ((iUpperBound: number, iCurrent: number, strMessage: string, objWbemAsyncContext: object | null) => void)
    | undefined
  /** The error object is set for every failure, including a cancel, and `null` on success (PA-24). */
  readonly onCompleted?:
    | ((
      iHResult: number,
      objWbemErrorObject: (SWbemLastError & ExtendedStatusMembers) | null,
      objWbemAsyncContext: object | null
    ) => void)
    | undefined
  /** Never called for a put (PA-27). It is accepted so that scripts need no change. */
  readonly onObjectReady?: ((objWbemObject: never, objWbemAsyncContext: object | null) => void) | undefined
}

/**
 * A sink of a script, for `SWbemServicesEx.putAsync` and `SWbemObject.putAsync_`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { SWbemLocator, SWbemSink } from "effect-wmi/scripting"
 *
 * const wmi = new SWbemLocator()
 * const disk = await (await wmi.connectServer()).get()
 * disk.path_.class = "Demo_Disk"
 * const completed = new Promise((resolve) => {
 *   void disk.putAsync_(new SWbemSink({ onCompleted: resolve }))
 * })
 * assert.equal(await completed, 0)
 * await wmi.close()
 * ```
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemSink implements ScriptSink {
  /** The sink of the pipeline. */
  readonly sink: PutSink.PutSink

  /** Makes the sink of the handlers; without handlers it ignores every event. */
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
   * `Cancel`: cancels every outstanding call of this sink and no other call (PA-40). Settles when the handlers have received the final
   * events. Called inside a handler, the final events follow after that handler.
   */
  cancel(): Promise<void> {
    return Effect.runPromise(PutAsync.cancel(this.sink))
  }
}
