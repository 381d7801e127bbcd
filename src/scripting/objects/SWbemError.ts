/**
 * What a script's `Err` has after a line that failed: a number, a description, a source (EO-6). Whatever this folder refuses, here
 * or in the namespace, is thrown as one of these.
 *
 * @since 0.1.0
 */
import * as HResult from "../../protocol/HResult.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import type { ExtendedStatus } from "../../protocol/wbemErrorBase.ts"

/**
 * What an error is thrown with besides the library's error.
 *
 * @since 0.1.0
 * @category models
 */
export interface Circumstances {
  /** The object of the script that refused: `SWbemServicesEx`, `SWbemPropertySet`. */
  readonly source: string
  /** What `SWbemLastError` would hold (EO-4); local refusals have none. */
  readonly lastError?: ExtendedStatus | undefined
}

/**
 * What a refused line throws, as a script's `Err` has it; `lastError` is what `SWbemLastError` would hold (EO-4), `cause` the error
 * of the library with its own facts.
 *
 * @since 0.1.0
 * @category errors
 */
export class SWbemError extends Error {
  override readonly name: string = "SWbemError"
  override readonly cause: WbemError
  /** The HRESULT, signed. */
  readonly number: number
  readonly description: string
  readonly source: string
  readonly lastError: ExtendedStatus | undefined

  constructor(error: WbemError, { lastError, source }: Circumstances) {
    super(error.message)
    this.cause = error
    this.number = HResult.signed(error.hresult)
    this.description = error.message
    this.source = source
    this.lastError = lastError ?? error.extended
  }
}
