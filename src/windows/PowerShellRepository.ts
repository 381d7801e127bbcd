/**
 * A `Repository` (stage 3) over a real Windows computer. Long-lived PowerShell processes pass each put to WMI, which decides it. The
 * processes run on this computer, or on another one with a prefix such as `ssh user@host`.
 *
 * It needs the `CommandExecutor` of the platform that the program runs on. It provides `Repository` and `NamespaceReader`: Windows
 * exposes no plans, changes or snapshots, so a program that uses them does not compile.
 *
 * @since 0.1.0
 * @module
 */
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import type * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { checked } from "../internal/checkedConfig.ts"
import { NamespaceReader } from "../pipeline/NamespaceReader.ts"
import { Repository } from "../pipeline/Repository.ts"
import type { LocalCredentials } from "../protocol/WbemError.ts"
import { type ConfigOptions, optionChecks, type Options } from "./repository/options.ts"
import { makeHostPool } from "./process/pool.ts"
import { namespaceReader } from "./repository/lists.ts"
import { repository } from "./repository/repository.ts"
import { computerOf } from "./repository/servers.ts"

export type { ConfigOptions, Connect, Limits, Options, Started, StartRetry, Timeouts } from "./repository/options.ts"
export { HostStartError, type Reason, type RetryPolicy } from "./process/startErrors.ts"

/**
 * The services of a Windows computer.
 *
 * @since 0.1.0
 * @category models
 */
export type Services = Repository | NamespaceReader

/**
 * The services of a Windows computer over PowerShell hosts. A host is started by the first call that needs one, and ended with the scope. Fails with
 * `LocalCredentials` when `connect` has a user, password or authority without a `server` on another computer.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as CommandExecutor from "@effect/platform/CommandExecutor"
 * import { Effect, Layer, Redacted } from "effect"
 * import * as PowerShellRepository from "effect-wmi/windows"
 *
 * // A program takes the executor of its platform, such as `NodeContext.layer` of `@effect/platform-node`.
 * const executor = Layer.succeed(CommandExecutor.CommandExecutor, CommandExecutor.makeExecutor(() => Effect.die("not run")))
 *
 * // WMI refuses credentials for the host's own computer. The check needs no process.
 * const services = PowerShellRepository.make({ connect: { user: "admin", password: Redacted.make("secret") } })
 * const error = await Effect.runPromise(services.pipe(Effect.scoped, Effect.flip, Effect.provide(executor)))
 * assert.equal(error.status, "LocalCredentials")
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  options: Options = {}
): Effect.Effect<Context.Context<Services>, LocalCredentials, CommandExecutor | Scope.Scope> =>
  Effect.map(makeHostPool(options), (hosts) => {
    const computer = computerOf(hosts, options)
    return Context.make(Repository, repository(hosts, options, computer)).pipe(
      Context.add(NamespaceReader, namespaceReader(hosts, computer))
    )
  })

/**
 * The layer of {@link make}: `Wmi.layer(PowerShellRepository.layer({ … }))` in place of `Wmi.layerMemory`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Layer } from "effect"
 * import { Wmi } from "effect-wmi"
 * import * as PowerShellRepository from "effect-wmi/windows"
 *
 * // Nothing is started before a program runs. It needs a `CommandExecutor`, such as `NodeContext.layer`.
 * const remote = Wmi.layer(
 *   PowerShellRepository.layer({
 *     prefix: ["ssh", "-T", "-o", "BatchMode=yes", "ops@win01"],
 *     hosts: { max: 2 },
 *     timeouts: { request: "30 seconds" }
 *   })
 * )
 * assert.ok(Layer.isLayer(remote))
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: Options = {}
): Layer.Layer<Services, LocalCredentials, CommandExecutor> => Layer.scopedContext(make(options))

/**
 * The layer of {@link layer} with options that come from `Config`; the password is `Redacted`. An option that makes no sense, such as an
 * unknown bootstrap, is a `ConfigError` that names the option, before a process is started.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as CommandExecutor from "@effect/platform/CommandExecutor"
 * import { Config, ConfigProvider, Effect, Layer } from "effect"
 * import * as PowerShellRepository from "effect-wmi/windows"
 *
 * const repository = PowerShellRepository.layerConfig({
 *   connect: { server: Config.string("WMI_SERVER"), user: Config.string("WMI_USER"), password: Config.redacted("WMI_PASSWORD") },
 *   hosts: { max: Config.integer("WMI_HOSTS") }
 * })
 * const environment = Layer.setConfigProvider(ConfigProvider.fromMap(new Map([
 *   ["WMI_SERVER", "win01"], ["WMI_USER", "ops"], ["WMI_PASSWORD", "secret"], ["WMI_HOSTS", "0"]
 * ])))
 * // A program takes the executor of its platform, such as `NodeContext.layer` of `@effect/platform-node`.
 * const executor = Layer.succeed(CommandExecutor.CommandExecutor, CommandExecutor.makeExecutor(() => Effect.die("not run")))
 * const built = Layer.build(repository).pipe(Effect.scoped, Effect.provide(Layer.merge(executor, environment)))
 * assert.match(String(await Effect.runPromise(Effect.flip(built))), /WMI_HOSTS.*hosts.max: 0 given/)
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  config: Config.Config.Wrap<ConfigOptions>
): Layer.Layer<Services, LocalCredentials | ConfigError, CommandExecutor> =>
  Layer.unwrapEffect(Effect.map(checked(config, optionChecks), layer))
