/** A fake computer for the check: its namespaces are in memory, and a test may replace its repository. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import type { Computer } from "../../src/conformance/windows/computer.ts"
import { NamespaceReader } from "../../src/pipeline/NamespaceReader.ts"
import { NamespaceState } from "../../src/pipeline/NamespaceState.ts"
import type * as PutAsync from "../../src/pipeline/PutAsync.ts"
import { Repository } from "../../src/pipeline/Repository.ts"
import * as Wmi from "../../src/Wmi.ts"

export interface MemoryComputer {
  readonly computer: Computer
  readonly stages: Layer.Layer<PutAsync.Stages>
  /** All entries of the namespaces. */
  readonly entries: Effect.Effect<ReturnType<typeof Snapshot.entries>>
}

export const parent = "root\\default"

export const memoryComputer = (
  altered: (repository: Repository) => Repository = (repository) => repository
): Effect.Effect<MemoryComputer> =>
  Effect.scoped(Effect.map(Layer.build(Wmi.layerMemory), (context) => {
    const reader = Context.get(context, NamespaceReader)
    const repository = altered(Context.get(context, Repository))
    return {
      computer: {
        repository,
        classes: (namespace) => reader.classes(namespace),
        instances: (namespace, className) => reader.instancesOf(namespace, className),
        closeNamespace: () => Effect.void
      },
      stages: Wmi.layer(Layer.succeed(Repository, repository)),
      entries: Effect.orDie(Effect.map(Context.get(context, NamespaceState).snapshot, Snapshot.entries))
    }
  }))
