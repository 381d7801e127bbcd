/**
 * Errors that script objects throw without access to a namespace.
 *
 * @internal
 */
import * as HResult from "../../protocol/HResult.ts"
import * as StatusError from "../../protocol/StatusError.ts"
import { SWbemError } from "./SWbemError.ts"

/** The script error of a status. `rule` is the id of the rule that refuses. */
export const refusal = (status: HResult.Status, source: string, detail: string, rule?: string): SWbemError =>
  new SWbemError(StatusError.fromHResult(HResult.fromName(status)!.hresult, { detail, rule }), { source })

/** Throws `InvalidParameter` unless reserved flags are 0. */
export const requireZeroFlags = (iFlags: number, source: string): void => {
  if (iFlags !== 0) throw refusal("InvalidParameter", source, `flags are reserved and must be 0, not ${iFlags}`)
}
