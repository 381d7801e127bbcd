/**
 * The computer that is checked: a repository for puts, and readers for its namespaces.
 *
 * @internal
 */
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ClassDefinition, Instance } from "../../model/WbemObject.ts"
import type { Repository } from "../../pipeline/Repository.ts"
import type { LocalCredentials, WbemError } from "../../protocol/WbemError.ts"
import { makeHostPool } from "../../windows/process/pool.ts"
import { classesIn, instancesIn, releaseNamespace } from "../../windows/repository/queries.ts"
import { repository } from "../../windows/repository/repository.ts"
import type { Options } from "../../windows/PowerShellRepository.ts"

export interface Computer {
  readonly repository: Repository
  /** The user classes of a namespace, with their own members, in no order. */
  readonly classes: (namespace: string) => Effect.Effect<ReadonlyArray<ClassDefinition>, WbemError>
  /** The instances of a class and of those below it, with every property. */
  readonly instances: (namespace: string, className: string) => Effect.Effect<ReadonlyArray<Instance>, WbemError>
  /** Ends the use of a namespace: its connections are closed. */
  readonly closeNamespace: (namespace: string) => Effect.Effect<void, WbemError>
}

/** A computer that PowerShell hosts give access to. */
export const overHosts = (
  options: Options
): Effect.Effect<Computer, LocalCredentials, CommandExecutor | Scope.Scope> =>
  Effect.map(makeHostPool(options), (hosts) => ({
    repository: repository(hosts, options),
    classes: (namespace) => classesIn(hosts, namespace),
    instances: (namespace, className) => instancesIn(hosts, namespace, className),
    closeNamespace: (namespace) => releaseNamespace(hosts, namespace)
  }))
