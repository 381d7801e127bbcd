/**
 * The classes and stored instances of namespaces, in an order in which a put finds what each of them needs.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as CimName from "../../model/CimName.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { CimValue, ClassDefinition, Instance } from "../../model/WbemObject.ts"
import type { NamespaceReader } from "../../pipeline/NamespaceReader.ts"
import type { ListError } from "../../protocol/WbemError.ts"
import * as Wmi from "../../Wmi.ts"
import { namespacesBelow, storedInstances, storingSystemClasses, systemInstances } from "./lists.ts"
import { comparePaths, pathIn, type Schema, schemaOf, shown } from "./schema.ts"

/** What to export. */
export interface ExportSelection {
  readonly namespace: string
  readonly recurse: boolean
  readonly classesOnly: boolean
  /** Which classes, with those above them; `undefined` for all. */
  readonly isSelected: ((name: string) => boolean) | undefined
}

/** The objects of one namespace. */
export interface NamespaceContents {
  readonly namespace: string
  readonly schema: Schema
  /** A superclass before the classes below it. */
  readonly classes: ReadonlyArray<ClassDefinition>
  /** The target of a reference before the instance that refers to it, where references make no circle. */
  readonly instances: ReadonlyArray<Instance>
}

/** The objects of some namespaces. */
export interface Exported {
  readonly namespaces: ReadonlyArray<NamespaceContents>
  /** The classes whose instances a provider serves. */
  readonly provided: ReadonlyArray<string>
  /** Every class of these namespaces. */
  readonly names: ReadonlyArray<string>
}

/** The selected classes and those above them, in the order of the list. */
const withAncestors = (
  classes: ReadonlyArray<ClassDefinition>,
  isSelected: (name: string) => boolean
): ReadonlyArray<ClassDefinition> => {
  const known = new Map(classes.map((definition) => [CimName.fold(definition.name), definition]))
  const needed = new Set<ClassDefinition>()
  for (const definition of classes) {
    if (!isSelected(definition.name)) continue
    let at: ClassDefinition | undefined = definition
    while (at !== undefined && !needed.has(at)) {
      needed.add(at)
      at = at.superclass === undefined ? undefined : known.get(CimName.fold(at.superclass))
    }
  }
  return classes.filter((definition) => needed.has(definition))
}

/** The paths in the reference properties of an instance. */
const references = (instance: Instance, { namespace, resolved }: Schema): ReadonlyArray<string> =>
  (resolved(instance.className)?.properties ?? []).filter(({ type }) => type === "reference").flatMap(({ name }) => {
    const value: CimValue = instance.values[name] ?? null
    const texts: ReadonlyArray<CimValue> = Array.isArray(value) ? value : [value]
    return texts.flatMap((text) => {
      const parsed = typeof text === "string" ? ObjectPath.parse(text) : undefined
      return parsed === undefined || Either.isLeft(parsed) ? [] : [ObjectPath.key(parsed.right, { namespace })]
    })
  })

/** The instances by class and key, each behind those that it refers to. */
export const inOrder = (instances: ReadonlyArray<Instance>, schema: Schema): ReadonlyArray<Instance> => {
  const sorted = instances.map((instance) => [pathIn(schema, instance), instance] as const)
    .sort(([a], [b]) => comparePaths(a, b))
  const byKey = new Map(sorted.map(([path, instance]) => [ObjectPath.key(path), instance]))
  const started = new Set<Instance>()
  const ordered: Array<Instance> = []
  // Not recursive: a chain of references may be as long as the namespace.
  for (const [, first] of sorted) {
    if (started.has(first)) continue
    started.add(first)
    const stack: Array<{ readonly instance: Instance; readonly targets: Array<string> }> = []
    const begin = (instance: Instance) => stack.push({ instance, targets: [...references(instance, schema)].reverse() })
    begin(first)
    while (stack.length > 0) {
      const { instance, targets } = stack[stack.length - 1]!
      const target = targets.pop()
      if (target === undefined) {
        ordered.push(instance)
        stack.pop()
        continue
      }
      const next = byKey.get(target)
      if (next === undefined || started.has(next)) continue
      started.add(next)
      begin(next)
    }
  }
  return ordered
}

const contentsOf = (
  namespace: string,
  { classesOnly, isSelected }: ExportSelection
): Effect.Effect<NamespaceContents & Pick<Exported, "names" | "provided">, ListError, NamespaceReader> =>
  Effect.gen(function* () {
    const all = yield* Wmi.classes({ namespace })
    const schema = schemaOf(namespace, all)
    const system = storingSystemClasses(schema)
    const classes = isSelected === undefined ? all : withAncestors(all, isSelected)
    const chosen = classes.filter(({ name }) => isSelected?.(name) !== false)
    const instances: Array<Instance> = []
    if (!classesOnly) {
      const chosenSystem = isSelected === undefined ? yield* systemInstances(schema) : yield* storedInstances(
        schema,
        system.filter(isSelected)
      )
      instances.push(...chosenSystem, ...yield* storedInstances(schema, chosen.map(({ name }) => name)))
    }
    return {
      namespace,
      schema,
      classes,
      instances: inOrder(instances, schema).map((instance) => shown(instance, schema)),
      names: [...system, ...all.map(({ name }) => name)],
      provided: classesOnly ? [] : chosen.filter(({ name }) => schema.resolved(name)!.isDynamic).map(({ name }) => name)
    }
  })

/** Reads the selected objects. Fails with `InvalidNamespace` if the namespace does not exist. */
export const exported = (selection: ExportSelection): Effect.Effect<Exported, ListError, NamespaceReader> =>
  Effect.gen(function* () {
    const names = selection.recurse ? yield* namespacesBelow(selection.namespace) : [selection.namespace]
    const namespaces = yield* Effect.forEach(names, (name) => contentsOf(name, selection))
    return {
      namespaces,
      provided: namespaces.flatMap((one) => one.provided),
      names: namespaces.flatMap((one) => one.names)
    }
  })
