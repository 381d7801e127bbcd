/**
 * A copy of the part of a Windows computer that the input of a dry run touches, because Windows has no dry run: the namespaces, the classes
 * of the input with the classes above them, the instances of the input, and the subclasses and instances of every class that changes.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Equal from "effect/Equal"
import * as Identity from "../../engine/identity.ts"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import * as CimName from "../../model/CimName.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { ClassDefinition, Instance, WbemObject } from "../../model/WbemObject.ts"
import type * as Mof from "../../mof/Mof.ts"
import type { NamespaceReader } from "../../pipeline/NamespaceReader.ts"
import type { Repository } from "../../pipeline/Repository.ts"
import type { ListError, WbemError } from "../../protocol/WbemError.ts"
import * as Wmi from "../../Wmi.ts"
import type { ClassName } from "../input/input.ts"
import {
  absent,
  classesIn,
  concurrency,
  keyOf,
  neededClasses,
  type ReadClasses,
  readClasses
} from "../objects/classLoader.ts"

/** An object of the input and its namespace. */
interface Placed<A extends WbemObject = WbemObject> {
  readonly namespace: string
  readonly object: A
}

/** What the input names. */
interface Touched {
  readonly namespaces: ReadonlyArray<string>
  readonly classes: ReadonlyArray<ClassName>
  readonly objects: ReadonlyArray<Placed>
  /** The paths of instances that are deleted. */
  readonly deleted: ReadonlyArray<{ readonly namespace: string; readonly path: ObjectPath.ObjectPath }>
}

const touchedBy = (work: ReadonlyArray<Mof.MofOperation>, defaultNamespace: string): Touched => {
  const namespaces = new Map<string, string>()
  const within = (given: string | undefined): string => {
    const namespace = ObjectPath.namespaceText(given ?? defaultNamespace)
    namespaces.set(CimName.fold(namespace), namespace)
    return namespace
  }
  within(undefined)
  const classes: Array<ClassName> = []
  const objects: Array<Placed> = []
  const deleted: Array<{ readonly namespace: string; readonly path: ObjectPath.ObjectPath }> = []
  for (const operation of work) {
    if (operation._tag === "Put") {
      const { namespace: given, object } = operation.request
      const namespace = within(given)
      const own = object._tag === "Class" ? [object.name] : []
      for (const name of [...own, ...neededClasses(object)]) classes.push({ namespace, name })
      objects.push({ namespace, object })
      if (object._tag === "Instance" && CimName.equals(object.className, "__NAMESPACE")) {
        const name = Object.entries(object.values).find(([property]) => CimName.equals(property, "Name"))?.[1]
        if (typeof name === "string") within(`${namespace}\\${name}`)
      }
    } else if (operation._tag === "Delete") {
      const namespace = within(operation.namespace)
      const path = Either.getOrUndefined(ObjectPath.parse(operation.path))
      if (path?.className === undefined) continue
      classes.push({ namespace, name: path.className })
      if (path.keys.length > 0 || path.singleton) deleted.push({ namespace, path })
    }
  }
  return { namespaces: [...namespaces.values()], classes, objects, deleted }
}

/** The namespaces that exist. */
const existing = (
  namespaces: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>, WbemError, Repository> =>
  Effect.map(
    Effect.forEach(namespaces, (namespace) =>
      Wmi.get("__NAMESPACE", { namespace }).pipe(
        Effect.as<string | undefined>(namespace),
        Effect.catchIf((error) => error.status === "InvalidNamespace", () => Effect.succeed(undefined))
      )),
    (names) => names.filter((name) => name !== undefined)
  )

const instanceAt = (
  path: ObjectPath.ObjectPath,
  namespace: string
): Effect.Effect<Placed | undefined, WbemError, Repository> =>
  Wmi.get(ObjectPath.make({ ...path, namespace: undefined, server: undefined }), { namespace }).pipe(
    Effect.map((object): Placed | undefined => ({ namespace, object })),
    Effect.catchIf((error) => absent.has(error.status), () => Effect.succeed(undefined))
  )

/** The path of an instance by the class that the computer has; `undefined` if it has none or a key is NULL. */
const instancePath = (
  copy: Snapshot.Snapshot,
  { namespace, object }: Placed<Instance>
): ObjectPath.ObjectPath | undefined => {
  if (Snapshot.namespaceName(copy, namespace) === undefined) return undefined
  const resolved = Snapshot.resolvedClass(copy, namespace, object.className)
  if (resolved === undefined || Identity.rowKey(resolved, object.values) === undefined) return undefined
  const keys = Identity.keysOf(resolved, object.values)
  return ObjectPath.make({ className: object.className, keys, singleton: resolved.isSingleton })
}

const isInstance = (placed: Placed): placed is Placed<Instance> => placed.object._tag === "Instance"

/** Adds objects, a class once. A class stands behind the classes above it. */
const withPlaced = (copy: Snapshot.Snapshot, objects: Iterable<Placed>): Snapshot.Snapshot => {
  let current = copy
  for (const { namespace, object } of objects) current = Snapshot.withObjects(current, namespace, [object])
  return current
}

/** The subclasses and the instances of the classes of the input that differ from those of the computer. */
const dependants = (
  objects: ReadonlyArray<Placed>,
  read: ReadClasses
): Effect.Effect<ReadonlyArray<Placed>, ListError, NamespaceReader> =>
  Effect.suspend(() => {
    const changed = new Map<string, Placed<ClassDefinition>>()
    for (const { namespace, object } of objects) {
      if (object._tag !== "Class") continue
      const key = keyOf({ namespace, name: object.name })
      const stored = read.get(key)
      if (stored !== undefined && !Equal.equals(stored, object)) changed.set(key, { namespace, object: stored })
    }
    if (changed.size === 0) return Effect.succeed([])
    const namespaces = new Map([...changed.values()].map((one) => [CimName.fold(one.namespace), one.namespace]))
    const classes = Effect.forEach(
      namespaces.values(),
      (namespace) =>
        Effect.map(Wmi.classes({ namespace }), (list) => list.map((object): Placed => ({ namespace, object })))
    )
    const instances = Effect.forEach(changed.values(), ({ namespace, object }) =>
      Effect.map(
        Wmi.instancesOf(object.name, { namespace }),
        (list) => list.map((one): Placed => ({ namespace, object: one }))
      ))
    return Effect.map(Effect.zip(classes, instances), ([all, rows]) => [...all.flat(), ...rows.flat()])
  })

/** A copy. */
export interface Copy {
  readonly state: Snapshot.Snapshot
  /** Whether the computer has the instance of a path with a namespace, stored or served by a provider. */
  readonly has: (path: ObjectPath.ObjectPath) => boolean
}

const pathKey = (namespace: string | undefined, { className, keys, singleton }: ObjectPath.ObjectPath): string =>
  `${CimName.fold(namespace ?? "")}:${ObjectPath.key(ObjectPath.make({ className, keys, singleton }))}`

/** Reads the copy. */
export const readCopy = (
  work: ReadonlyArray<Mof.MofOperation>,
  defaultNamespace: string
): Effect.Effect<Copy, WbemError, Repository | NamespaceReader> =>
  Effect.gen(function* () {
    const touched = touchedBy(work, defaultNamespace)
    const namespaces = yield* existing(touched.namespaces)
    const read: ReadClasses = new Map()
    yield* readClasses(touched.classes, read)
    const classes = withPlaced(
      Snapshot.empty({ namespaces }),
      namespaces.flatMap((namespace) => classesIn(read, namespace).map((object): Placed => ({ namespace, object })))
    )
    const paths = new Map<string, { readonly namespace: string; readonly path: ObjectPath.ObjectPath }>()
    for (const placed of touched.objects.filter(isInstance)) {
      const path = instancePath(classes, placed)
      if (path !== undefined) paths.set(pathKey(placed.namespace, path), { ...placed, path })
    }
    for (const one of touched.deleted) paths.set(pathKey(one.namespace, one.path), one)
    const instances = yield* Effect.forEach(
      paths,
      ([key, { namespace, path }]) => Effect.map(instanceAt(path, namespace), (placed) => [key, placed] as const),
      { concurrency }
    )
    const more = yield* dependants(touched.objects, read)
    const found = instances.flatMap(([, placed]) => placed === undefined ? [] : [placed])
    const present = new Set(instances.flatMap(([key, placed]) => placed === undefined ? [] : [key]))
    const isNamespace = ({ object }: Placed): boolean =>
      object._tag === "Instance" && CimName.equals(object.className, "__NAMESPACE")
    return {
      state: withPlaced(classes, [...more, ...found.filter((one) => !isNamespace(one))]),
      has: (path) => present.has(pathKey(path.namespace, path))
    }
  })
