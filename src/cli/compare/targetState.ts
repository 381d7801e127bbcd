/**
 * The state of a target, as far as a state to compare it with has objects: its classes, and the instances of these classes.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Identity from "../../engine/identity.ts"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import * as CimName from "../../model/CimName.ts"
import type { Instance, WbemObject } from "../../model/WbemObject.ts"
import type { NamespaceReader } from "../../pipeline/NamespaceReader.ts"
import type { Change } from "../../protocol/Change.ts"
import type { ListError } from "../../protocol/WbemError.ts"
import * as Wmi from "../../Wmi.ts"
import { type Schema, schemaOf } from "../objects/schema.ts"
import { counted } from "../terminal/counts.ts"

/** The objects of a namespace in a state: its user classes, and the classes that have instances there. */
interface Expected {
  readonly namespace: string
  readonly classes: ReadonlySet<string>
  readonly instanceClasses: ReadonlySet<string>
}

const expectedOf = (state: Snapshot.Snapshot): ReadonlyArray<Expected> => {
  const byNamespace = new Map<string, { readonly classes: Set<string>; readonly instanceClasses: Set<string> }>()
  for (const [namespace, , , object] of Snapshot.entries(state)) {
    const found = byNamespace.get(namespace) ?? { classes: new Set(), instanceClasses: new Set() }
    byNamespace.set(namespace, found)
    if (object._tag === "Instance") found.instanceClasses.add(object.className)
    else {
      found.classes.add(CimName.fold(object.name))
      if (!Snapshot.resolvedClass(state, namespace, object.name)!.isDynamic) found.instanceClasses.add(object.name)
    }
  }
  return [...byNamespace].map(([folded, found]) => ({
    namespace: Snapshot.namespaceName(state, folded) ?? folded,
    ...found
  }))
}

/** A state with one more namespace and those above it. */
const withNamespace = (state: Snapshot.Snapshot, namespace: string): Snapshot.Snapshot => {
  const names = namespace.split("\\")
  let current = state
  for (let i = 1; i < names.length; i++) {
    if (Snapshot.namespaceName(current, names.slice(0, i + 1).join("\\")) !== undefined) continue
    const instance = {
      _tag: "Instance",
      className: "__NAMESPACE",
      values: { Name: names[i]! },
      qualifiers: []
    } as const
    current = Snapshot.withObjects(current, names.slice(0, i).join("\\"), [instance])
  }
  return current
}

/** The instances of exactly this class, stored or served by a provider. One without a key has no identity and is left out. */
const instancesOf = (
  name: string,
  schema: Schema
): Effect.Effect<ReadonlyArray<Instance>, ListError, NamespaceReader> =>
  Effect.gen(function* () {
    const resolved = schema.resolved(name)
    if (resolved === undefined || resolved.isAbstract) return []
    const all = yield* Wmi.instancesOf(resolved.name, { namespace: schema.namespace, deep: false })
    const identified = all.filter(({ values }) => Identity.rowKey(resolved, values) !== undefined)
    const others = all.length - identified.length
    if (others > 0) {
      const left = counted(others, "instance")
      yield* Effect.logWarning(`${left} of ${resolved.name} in ${schema.namespace} without a key left out`)
    }
    return identified
  })

/** The classes and instances of one namespace; `undefined` if it does not exist. */
const objectsOf = (
  { instanceClasses, namespace }: Expected
): Effect.Effect<ReadonlyArray<WbemObject> | undefined, ListError, NamespaceReader> =>
  Effect.gen(function* () {
    const classes = yield* Wmi.classes({ namespace })
    const schema = schemaOf(namespace, classes)
    const instances = yield* Effect.forEach(instanceClasses, (name) => instancesOf(name, schema))
    return [...classes, ...instances.flat()]
  }).pipe(Effect.catchTag("WbemInvalidNamespace", () => Effect.succeed(undefined)))

/** The state of a target in the namespaces of another state. */
export const targetState = (
  before: Snapshot.Snapshot
): Effect.Effect<Snapshot.Snapshot, ListError, NamespaceReader> =>
  Effect.gen(function* () {
    let state = Snapshot.empty()
    for (const expected of expectedOf(before)) {
      const objects = yield* objectsOf(expected)
      if (objects === undefined) continue
      state = Snapshot.withObjects(withNamespace(state, expected.namespace), expected.namespace, objects)
    }
    return state
  })

/**
 * Whether a change is one of the objects of `before` or of the instances of its classes. A target has more classes, more instances of
 * system classes and more namespaces. With `all` its other classes count too.
 */
export const isMeant = (before: Snapshot.Snapshot, all: boolean): (change: Change) => boolean => {
  const expected = new Map(expectedOf(before).map((one) => [CimName.fold(one.namespace), one]))
  return (change) => {
    if (change._tag === "Delete" || change.before !== undefined) return true
    const { after, row: { namespace } } = change
    if (after._tag === "Class") return all || expected.get(namespace)?.classes.has(CimName.fold(after.name)) === true
    return expected.get(namespace)?.classes.has(CimName.fold(after.className)) === true
  }
}
