/**
 * The file that `--store` names: opened when it is asked for, and what goes wrong with it as one line.
 *
 * @internal
 */
import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import type * as Snapshot from "../engine/state/Snapshot.ts"
import type { Stages } from "../pipeline/PutAsync.ts"
import { isWbemError } from "../protocol/WbemError.ts"
import type { Services } from "../emulator/EmulatedRepository.ts"
import { StoreFailure } from "../emulator/StoreFailure.ts"
import * as Wmi from "../Wmi.ts"
import { BadInput } from "./output.ts"

/** Why the storage failed, if that is what an error is about. */
export const storageFailure = (error: unknown): StoreFailure | undefined =>
  error instanceof StoreFailure ? error : isWbemError(error) ? storageFailure(error.cause) : undefined

/** The stages over a file. What opens it is loaded here, so that other runs of the command do not wait for it. */
export const stages = async (filename: string): Promise<Layer.Layer<Stages | Services, StoreFailure>> => {
  const Sqlite = await import("../storage/sqlite/Sqlite.ts")
  return Wmi.layer(Sqlite.layer({ filename }))
}

/** Runs a program to its end; what it fails with ends the command. */
export const run = async <A>(program: Effect.Effect<A, { readonly message: string }>): Promise<A> => {
  const answer = await Effect.runPromise(Effect.either(program))
  if (Either.isRight(answer)) return answer.right
  throw new BadInput((storageFailure(answer.left) ?? answer.left).message)
}

/** What a store holds that has to be there. */
export const snapshotOf = async (filename: string): Promise<Snapshot.Snapshot> => {
  if (!existsSync(filename)) throw new BadInput(`${filename}: there is no such store`)
  // The command says itself what cannot be read, and a log line would stand in the middle of a dump.
  return run(Logger.withMinimumLogLevel(Effect.provide(Wmi.snapshot, await stages(filename)), LogLevel.None))
}
