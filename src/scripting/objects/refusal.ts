/**
 * Refusals that need no namespace: what a script's object says about its own line.
 *
 * @internal
 */
import * as HResult from "../../protocol/HResult.ts"
import * as StatusError from "../../protocol/StatusError.ts"
import { SWbemError } from "./SWbemError.ts"

/** The error of a status. */
export const refusal = (status: HResult.Status, source: string, detail: string, rule?: string): SWbemError =>
  new SWbemError(StatusError.fromHResult(HResult.fromName(status)!.hresult, { detail, rule }), { source })

/** Refuses flags that are reserved and must be 0. */
export const unlessZero = (iFlags: number, source: string): void => {
  if (iFlags !== 0) throw refusal("InvalidParameter", source, `flags are reserved and must be 0, not ${iFlags}`)
}
