/**
 * What a delete removes: over an emulator by the decision of the engine, over a Windows computer by lists.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as DeleteEngine from "../../engine/DeleteEngine.ts"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import type { Services } from "../../emulator/EmulatedRepository.ts"
import * as CimName from "../../model/CimName.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { ClassDefinition, WbemObject } from "../../model/WbemObject.ts"
import * as CallContext from "../../pipeline/CallContext.ts"
import { NotFound, type WbemError } from "../../protocol/WbemError.ts"
import * as Wmi from "../../Wmi.ts"
import { namespacesBelow, storedInstances, systemInstances } from "./lists.ts"
import { pathIn, type Schema, schemaOf } from "./schema.ts"
import type { TargetServices } from "../place/target.ts"

/** A delete: the path of its object, and the paths of what goes with that object, sorted. */
export interface Deletion {
  readonly path: ObjectPath.ObjectPath
  readonly taken: ReadonlyArray<string>
  readonly counts: { readonly namespaces: number; readonly classes: number; readonly instances: number }
  readonly going: ReadonlyArray<Going>
}

/** An object that goes with another, with its path. */
type Going = readonly [path: ObjectPath.ObjectPath, object: WbemObject]

const isNamespaceClass = (name: string | undefined): boolean =>
  name !== undefined && CimName.equals(name, "__NAMESPACE")

const deletionOf = (path: ObjectPath.ObjectPath, going: ReadonlyArray<Going>): Deletion => {
  const counts = { namespaces: 0, classes: 0, instances: 0 }
  for (const [{ className }, object] of going) {
    if (object._tag === "Class") counts.classes++
    else if (isNamespaceClass(className)) counts.namespaces++
    else counts.instances++
  }
  const taken = going.map(([path]) => ObjectPath.format(ObjectPath.make({ ...path, server: undefined })))
  return { path, taken: taken.sort(CimName.compare), counts, going }
}

/** Whether a row is a setting of a namespace, such as its security descriptor, and no object of its own. */
const isSetting = ({ className, singleton }: ObjectPath.ObjectPath): boolean =>
  singleton && className !== undefined && CimName.isSystemName(className)

/** The deletions of one dry run over an emulator. Each is decided on the state that those before it leave. */
export const plannedDeletions = (): (
  path: ObjectPath.ObjectPath,
  namespace: string
) => Effect.Effect<Deletion, WbemError, Services> => {
  let state: Snapshot.Snapshot | undefined
  return (path, namespace) =>
    Effect.gen(function* () {
      const { call } = yield* CallContext.read
      state ??= yield* Wmi.snapshot
      const decision = yield* DeleteEngine.decide(state, { path, namespace, flags: 0, call })
      state = Snapshot.apply(state, decision.changes)
      const key = ObjectPath.key(decision.path)
      const going = decision.changes.flatMap((change): ReadonlyArray<Going> =>
        change._tag !== "Delete" || ObjectPath.key(change.path) === key || isSetting(change.path)
          ? []
          : [[change.path, change.before]]
      )
      return deletionOf(decision.path, going)
    })
}

const pathsOf = (schema: Schema, objects: ReadonlyArray<WbemObject>): ReadonlyArray<Going> =>
  objects.map((object) => [pathIn(schema, object), object])

/** The classes below a class at any depth. */
const below = (name: string, classes: ReadonlyArray<ClassDefinition>): ReadonlyArray<ClassDefinition> => {
  const names = new Set([CimName.fold(name)])
  return classes.filter((definition) => {
    if (definition.superclass === undefined || !names.has(CimName.fold(definition.superclass))) return false
    names.add(CimName.fold(definition.name))
    return true
  })
}

const ofClass = (name: string, namespace: string): Effect.Effect<ReadonlyArray<Going>, WbemError, TargetServices> =>
  Effect.gen(function* () {
    const classes = yield* Wmi.classes({ namespace })
    const schema = schemaOf(namespace, classes)
    const going = below(name, classes)
    const instances = yield* storedInstances(schema, [name, ...going.map((one) => one.name)])
    return pathsOf(schema, [...going, ...instances])
  })

const ofNamespace = (name: string): Effect.Effect<ReadonlyArray<Going>, WbemError, TargetServices> =>
  Effect.gen(function* () {
    const all: Array<Going> = []
    for (const namespace of yield* namespacesBelow(name)) {
      const classes = yield* Wmi.classes({ namespace })
      const schema = schemaOf(namespace, classes)
      const children = yield* Wmi.instancesOf("__NAMESPACE", { namespace, deep: false })
      const instances = yield* storedInstances(schema, classes.map((one) => one.name))
      all.push(...pathsOf(schema, [...children, ...classes, ...instances, ...yield* systemInstances(schema)]))
    }
    return all
  })

/** The deletion of an object over any target, from lists: the object is read, and no delete is decided. */
export const listedDeletion = (
  path: ObjectPath.ObjectPath,
  namespace: string
): Effect.Effect<Deletion, WbemError, TargetServices> =>
  Effect.gen(function* () {
    const object = yield* Wmi.get(path, { namespace })
    if (object._tag === "Class") {
      return deletionOf(ObjectPath.make({ ...path, className: object.name }), yield* ofClass(object.name, namespace))
    }
    const going = isNamespaceClass(object.className)
      ? yield* ofNamespace(`${namespace}\\${String(object.values["Name"])}`)
      : []
    return deletionOf(path, going)
  })

/**
 * The listed deletions of one dry run. An object that goes with an earlier path is not counted again, and a deletion of that object
 * fails with `NotFound`.
 */
export const listedDeletions = (): typeof listedDeletion => {
  const gone = new Set<string>()
  return (path, namespace) =>
    Effect.flatMap(listedDeletion(path, namespace), (deletion) => {
      const name = ObjectPath.format(ObjectPath.make({ ...deletion.path, server: undefined }))
      if (gone.has(CimName.fold(name))) return Effect.fail(new NotFound({ path: deletion.path, rule: "DL-5" }))
      const remaining = deletion.going.filter(([path]) => !gone.has(CimName.fold(ObjectPath.format(path))))
      for (const one of [name, ...deletion.taken]) gone.add(CimName.fold(one))
      return Effect.succeed(deletionOf(deletion.path, remaining))
    })
}

/** Whether a delete of this path may take other objects with it. */
export const takesOthers = ({ className, keys, singleton }: ObjectPath.ObjectPath): boolean =>
  (keys.length === 0 && !singleton) || isNamespaceClass(className)

/** A delete of one object. */
export const single = (path: ObjectPath.ObjectPath): Deletion => deletionOf(path, [])
