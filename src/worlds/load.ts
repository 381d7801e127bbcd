/**
 * The snapshot of a world. It is made of changes without resolving a class, which would take most of the time: a class is resolved when it
 * is read. The changes are those that puts of the same objects make.
 *
 * @internal
 */
import * as Identity from "../engine/identity.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as CimName from "../model/CimName.ts"
import { none } from "../model/immutable.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { Instance } from "../model/WbemObject.ts"
import type * as Change from "../protocol/Change.ts"
import type { TableClass } from "./classNotation.ts"
import { namespaces } from "./windows/namespaces.ts"
import { objects } from "./windows/objects.ts"

const classCreation = (namespace: string, { definition, folded }: TableClass): Change.Change => ({
  _tag: "Write",
  path: path(namespace, definition.name),
  row: { namespace: CimName.fold(namespace), root: "", key: folded },
  before: undefined,
  after: definition
})

const path = (namespace: string, className: string, more?: Pick<ObjectPath.ObjectPath, "keys" | "singleton">) =>
  ObjectPath.make({ namespace, className, keys: more?.keys ?? none, singleton: more?.singleton === true })

const instanceCreation = (namespace: string, of: TableClass, instance: Instance): Change.Change => {
  const key = Identity.rowKey(of, instance.values)
  if (of.root === undefined || key === undefined) {
    throw new Error(`an instance of ${instance.className} has no identity`)
  }
  return {
    _tag: "Write",
    path: path(namespace, instance.className, {
      keys: Identity.keysOf(of, instance.values),
      singleton: of.isSingleton
    }),
    row: { namespace: CimName.fold(namespace), root: of.root, key },
    before: undefined,
    after: instance
  }
}

/** The state with the classes and instances of a Windows computer. */
export const load = (dynamic: boolean): Snapshot.Snapshot => {
  const contents = objects(dynamic)
  const changes: Array<Change.Change> = []
  const ofSystemClasses: Array<readonly [namespace: string, instance: Instance]> = []
  for (const { classes, instances, namespace } of contents) {
    for (const one of classes.values()) changes.push(classCreation(namespace, one))
    for (const instance of instances) {
      const of = classes.get(CimName.fold(instance.className))
      if (of === undefined) ofSystemClasses.push([namespace, instance])
      else changes.push(instanceCreation(namespace, of, instance))
    }
  }
  const world = Snapshot.apply(Snapshot.empty({ namespaces }), changes)
  return ofSystemClasses.reduce(
    (current, [namespace, instance]) => Snapshot.withObjects(current, namespace, [instance]),
    world
  )
}
