/**
 * Stage 3 as a real Windows computer: the same puts, decided by WMI there, through long-lived PowerShell processes, here or
 * behind a prefix such as `ssh user@host`. This file has no rules of its own.
 *
 * It needs a `CommandExecutor` of the platform the program runs on, and provides a `Repository` and no more: Windows tells no
 * plans, no changes and no snapshots, so what asks for these does not compile.
 *
 * @since 0.1.0
 */
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { Repository } from "../pipeline/Repository.ts"
import type { LocalCredentials } from "../protocol/WbemError.ts"
import type { Options } from "./repository/options.ts"
import { openHosts } from "./process/pool.ts"
import { repository } from "./repository/repository.ts"

export type { Connect, Limits, Options, Started, Starts, Timeouts } from "./repository/options.ts"
export { HostStart, type Reason, type Retry } from "./process/startErrors.ts"

/**
 * A repository over hosts that are started when they are needed. Its scope ends them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  options: Options = {}
): Effect.Effect<Repository, LocalCredentials, CommandExecutor | Scope.Scope> =>
  Effect.map(openHosts(options), (hosts) => repository(hosts, options))

/**
 * A Windows computer as the repository: `Wmi.layer(PowerShellRepository.layer({ … }))` in place of `Wmi.layerMemory`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: Options = {}
): Layer.Layer<Repository, LocalCredentials, CommandExecutor> => Layer.scoped(Repository, make(options))
