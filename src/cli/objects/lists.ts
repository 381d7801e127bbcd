/**
 * What a namespace holds: its namespaces, its classes, and the instances that it stores itself. Instances that a provider serves are none
 * of them.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type { ResolvedClass } from "../../engine/classes/ResolvedClass.ts"
import * as CimName from "../../model/CimName.ts"
import { systemDefinitions } from "../../model/systemDefinitions.ts"
import type { Instance } from "../../model/WbemObject.ts"
import type { NamespaceReader } from "../../pipeline/NamespaceReader.ts"
import type { ListError } from "../../protocol/WbemError.ts"
import * as Wmi from "../../Wmi.ts"
import type { Schema } from "./schema.ts"

/** A namespace and those below it, parents first; without a namespace all. Fails with `InvalidNamespace` if it does not exist. */
export const namespacesBelow = (
  within: string | undefined
): Effect.Effect<ReadonlyArray<string>, ListError, NamespaceReader> =>
  within === undefined ? Wmi.namespaces : Wmi.namespacesIn(within)

/** Whether a namespace stores the instances of exactly this class. */
const isStored = ({ isAbstract, isDynamic, root }: ResolvedClass): boolean =>
  !isAbstract && !isDynamic && root !== undefined

/** The stored instances of exactly these classes. */
export const storedInstances = (
  { namespace, resolved }: Schema,
  names: Iterable<string>
): Effect.Effect<ReadonlyArray<Instance>, ListError, NamespaceReader> =>
  Effect.map(
    Effect.forEach(names, (name) => {
      const at = resolved(name)
      return at === undefined || !isStored(at)
        ? Effect.succeed([])
        : Wmi.instancesOf(at.name, { namespace, deep: false })
    }),
    (lists) => lists.flat()
  )

/** The system classes whose instances programs put, such as `__EventFilter`, without `__NAMESPACE` and without singletons. */
export const storingSystemClasses = ({ resolved }: Schema): ReadonlyArray<string> =>
  systemDefinitions(({ name }) => ({ name })).flatMap(({ name }) => {
    const at = resolved(name)
    return at === undefined || !isStored(at) || at.isSingleton || CimName.equals(name, "__NAMESPACE") ? [] : [at.name]
  })

/** The classes above those, so that few lists find their instances. */
export const systemTops: ReadonlyArray<string> = [
  "__Provider",
  "__ProviderRegistration",
  "__EventFilter",
  "__FilterToConsumerBinding",
  "__TimerInstruction",
  "__TimerNextFiring"
]

/** The stored instances of the system classes. A computer may lack one of these classes. User classes below them are not among them. */
export const systemInstances = (
  { namespace, resolved }: Schema
): Effect.Effect<ReadonlyArray<Instance>, ListError, NamespaceReader> =>
  Effect.map(
    Effect.forEach(
      systemTops.filter((name) => resolved(name) !== undefined),
      (name) => Effect.catchTag(Wmi.instancesOf(name, { namespace }), "WbemInvalidClass", () => Effect.succeed([]))
    ),
    (lists) => lists.flat().filter(({ className }) => CimName.isSystemName(className))
  )
