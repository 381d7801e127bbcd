/**
 * Opens the SQLite file of `--store` when it is needed, and turns its failures into one-line messages.
 *
 * @internal
 */
import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import type * as Snapshot from "../../engine/state/Snapshot.ts"
import type { Stages } from "../../pipeline/PutAsync.ts"
import { isWbemError } from "../../protocol/WbemError.ts"
import type { Services } from "../../emulator/EmulatedRepository.ts"
import { StoreFailure, type StoreReason } from "../../emulator/StoreFailure.ts"
import * as Wmi from "../../Wmi.ts"
import { eitherInterruptible } from "../terminal/interrupt.ts"
import { BadInput, type Diagnostic } from "../terminal/output.ts"

/** The failure of the storage in an error or its causes; `undefined` for other errors. */
export const storageFailure = (error: unknown): StoreFailure | undefined =>
  error instanceof StoreFailure ? error : isWbemError(error) ? storageFailure(error.cause) : undefined

/** The stages over a file. The SQLite module is loaded here, so that runs without a store do not load it. */
export const stages = async (filename: string): Promise<Layer.Layer<Stages | Services, StoreFailure>> => {
  const Sqlite = await import("../../storage/sqlite/Sqlite.ts")
  return Wmi.layer(Sqlite.layer({ filename }))
}

/** What to do about a failure of a store. */
const hints: Readonly<Partial<Record<StoreReason, string>>> = {
  NoDriver: "use Node 22 or later, or on Node 20 'npx -p effect-wmi -p libsql effect-wmi ...'",
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

/** Runs a program. Throws its failure as `BadInput`, which ends the command. */
export const run = async <A>(program: Effect.Effect<A, { readonly message: string } | Diagnostic>): Promise<A> => {
  const answer = await eitherInterruptible(program)
  if (Either.isRight(answer)) return answer.right
  throw new BadInput(diagnosticOf(answer.left))
}

/** The error of a store that is to be read and does not exist. */
export const noSuchStore = (filename: string): BadInput =>
  new BadInput({
    file: filename,
    message: "there is no such store",
    hint: "'effect-wmi put' and 'effect-wmi restore' make one with --store"
  })

/** Reads the content of a store. Throws `BadInput` if the file does not exist. */
export const snapshotOf = async (filename: string): Promise<Snapshot.Snapshot> => {
  if (!existsSync(filename)) throw noSuchStore(filename)
  // Logging is off: the command itself reports unreadable rows, and a log line would break a dump on standard output.
  return run(Logger.withMinimumLogLevel(Effect.provide(Wmi.snapshot, await stages(filename)), LogLevel.None))
}
