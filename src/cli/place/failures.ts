/**
 * The failures of WMI and of stores as diagnostics, with what to do about them.
 *
 * @internal
 */
import { isWbemError } from "../../protocol/WbemError.ts"
import { StoreFailure, type StoreReason } from "../../emulator/StoreFailure.ts"
import type { Diagnostic } from "../terminal/diagnostics.ts"

/** The failure of the storage in an error or its causes; `undefined` for other errors. */
export const storageFailure = (error: unknown): StoreFailure | undefined =>
  error instanceof StoreFailure ? error : isWbemError(error) ? storageFailure(error.cause) : undefined

/** What to do about a failure of a store. */
const hints: Readonly<Partial<Record<StoreReason, string>>> = {
  NoDriver: "use Node 22 or later, or on Node 20 'npm install libsql@0.5' beside this package",
  NotADatabase: "--store takes a SQLite file; 'effect-wmi restore' makes one from a dump",
  Directory: "--store takes a SQLite file, which is made if it is missing",
  CannotOpen: "the folder of a store must exist and be writable",
  Busy: "run it again when the other program has ended",
  Newer: "install a newer effect-wmi"
}

/** The failure of a program as a diagnostic. */
export const diagnosticOf = (error: { readonly message: string } | Diagnostic): Diagnostic => {
  const failure = storageFailure(error)
  if (failure !== undefined) return { message: failure.message, name: failure.reason, hint: hints[failure.reason] }
  if (isWbemError(error)) {
    return { message: error.message, name: error.status, code: error.hresult, rule: error.rule }
  }
  return error
}
