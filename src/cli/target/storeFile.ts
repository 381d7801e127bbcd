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
import { StoreFailure } from "../../emulator/StoreFailure.ts"
import * as Wmi from "../../Wmi.ts"
import { BadInput } from "../terminal/output.ts"

/** The failure of the storage in an error or its causes; `undefined` for other errors. */
export const storageFailure = (error: unknown): StoreFailure | undefined =>
  error instanceof StoreFailure ? error : isWbemError(error) ? storageFailure(error.cause) : undefined

/** The stages over a file. The SQLite module is loaded here, so that runs without a store do not load it. */
export const stages = async (filename: string): Promise<Layer.Layer<Stages | Services, StoreFailure>> => {
  const Sqlite = await import("../../storage/sqlite/Sqlite.ts")
  return Wmi.layer(Sqlite.layer({ filename }))
}

/** Runs a program. Throws its failure as `BadInput`, which ends the command. */
export const run = async <A>(program: Effect.Effect<A, { readonly message: string }>): Promise<A> => {
  const answer = await Effect.runPromise(Effect.either(program))
  if (Either.isRight(answer)) return answer.right
  throw new BadInput((storageFailure(answer.left) ?? answer.left).message)
}

/** Reads the content of a store. Throws `BadInput` if the file does not exist. */
export const snapshotOf = async (filename: string): Promise<Snapshot.Snapshot> => {
  if (!existsSync(filename)) throw new BadInput(`${filename}: there is no such store`)
  // Logging is off: the command itself reports unreadable rows, and a log line would break a dump on standard output.
  return run(Logger.withMinimumLogLevel(Effect.provide(Wmi.snapshot, await stages(filename)), LogLevel.None))
}
