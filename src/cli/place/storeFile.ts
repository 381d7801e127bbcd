/**
 * Opens and reads the SQLite file of `--store`.
 *
 * @internal
 */
import { statSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import type * as Snapshot from "../../engine/state/Snapshot.ts"
import type { Stages } from "../../pipeline/PutAsync.ts"
import type { Services } from "../../emulator/EmulatedRepository.ts"
import type { StoreFailure } from "../../emulator/StoreFailure.ts"
import * as Wmi from "../../Wmi.ts"
import { eitherInterruptible } from "../terminal/interrupt.ts"
import { BadInput, type Diagnostic } from "../terminal/output.ts"
import { diagnosticOf } from "./failures.ts"

/** The stages over a file. The SQLite module is loaded here, so that runs without a store do not load it. */
export const stages = async (filename: string): Promise<Layer.Layer<Stages | Services, StoreFailure>> => {
  const Sqlite = await import("../../storage/sqlite/Sqlite.ts")
  return Wmi.layer(Sqlite.layer({ filename }))
}

/** Runs a program. Throws its failure as `BadInput`, which ends the command. */
export const run = async <A>(program: Effect.Effect<A, { readonly message: string } | Diagnostic>): Promise<A> => {
  const answer = await eitherInterruptible(program)
  if (Either.isRight(answer)) return answer.right
  throw new BadInput(diagnosticOf(answer.left))
}

/** Whether there is a store to read: not for a file without a byte, in which SQLite would make one. */
export const isStore = (filename: string): boolean => {
  try {
    const stat = statSync(filename)
    return !stat.isFile() || stat.size > 0
  } catch {
    return false
  }
}

/** The error of a store that is to be read and does not exist. */
export const noSuchStore = (filename: string): BadInput =>
  new BadInput({
    file: filename,
    message: "there is no such store",
    hint: "'effect-wmi put' and 'effect-wmi restore' make one with --store"
  })

/** Reads the content of a store. Throws `BadInput` if the file does not exist or is empty. */
export const snapshotOf = async (filename: string): Promise<Snapshot.Snapshot> => {
  if (!isStore(filename)) throw noSuchStore(filename)
  // Logging is off: the command itself reports unreadable rows, and a log line would break a dump on standard output.
  return run(Logger.withMinimumLogLevel(Effect.provide(Wmi.snapshot, await stages(filename)), LogLevel.None))
}
