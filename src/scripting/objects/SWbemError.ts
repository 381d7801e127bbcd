/**
 * The error that scripts catch: a number, a description and a source, as `Err` has them after a line that failed (EO-6). Every
 * refusal of the scripting objects, local or from the namespace, is thrown as an `SWbemError`.
 *
 * @since 0.1.0
 */
import * as HResult from "../../protocol/HResult.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import type { ExtendedStatus } from "../../protocol/wbemErrorBase.ts"

/**
 * Where an error was thrown, besides the error of the library.
 *
 * @since 0.1.0
 * @category models
 */
export interface ErrorContext {
  /** The class of the scripting object that refused: `SWbemServicesEx`, `SWbemPropertySet`. */
  readonly source: string
  /** The status that `SWbemLastError` holds afterwards (EO-4); undefined for a local refusal. */
  readonly lastError?: ExtendedStatus | undefined
}

/**
 * The error of a refused call, with the members of a script's `Err`. `lastError` is the status that `SWbemLastError` holds
 * afterwards (EO-4); `cause` is the error of the library with its own fields.
 *
 * @since 0.1.0
 * @category errors
 */
export class SWbemError extends Error {
  /** Always `SWbemError`. */
  override readonly name: string = "SWbemError"
  /** The error of the library, with its own fields. */
  override readonly cause: WbemError
  /** The HRESULT, signed. */
  readonly number: number
  /** The text of the error. */
  readonly description: string
  /** The object that refused the call, such as `SWbemServicesEx`. */
  readonly source: string
  /** The status that `SWbemLastError` holds afterwards (EO-4); `undefined` when the call leaves none. */
  readonly lastError: ExtendedStatus | undefined

  /** Makes the error that a script sees from the error of the library. */
  constructor(error: WbemError, { lastError, source }: ErrorContext) {
    super(error.message)
    this.cause = error
    this.number = HResult.signed(error.hresult)
    this.description = error.message
    this.source = source
    this.lastError = lastError ?? error.extended
  }
}
