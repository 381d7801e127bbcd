/**
 * The system classes of a namespace (`object-model` 12) with what they inherit, and the instances of them that exist
 * from the start. Both are shared tables: users cannot create, change or delete the classes, so no namespace needs a
 * copy. An instance that exists from the start is stored only after it was put.
 *
 * @internal
 */
import { instanceOf } from "../../model/effectValue.ts"
import * as CimName from "../../model/CimName.ts"
import { none } from "../../model/immutable.ts"
import { type NamespaceScope, systemDefinitions } from "../../model/systemDefinitions.ts"
import { none as noQualifiers } from "../../model/Qualifier.ts"
import type { CimValue, Instance } from "../../model/WbemObject.ts"
import * as ResolvedClass from "../classes/ResolvedClass.ts"

/** Resolved classes by folded name. */
export type SystemClasses = ReadonlyMap<string, ResolvedClass.ResolvedClass>

let made: Readonly<Record<NamespaceScope, SystemClasses>> | undefined

const classesByPlace = (): Readonly<Record<NamespaceScope, SystemClasses>> => {
  if (made !== undefined) return made
  const all: Array<readonly [ResolvedClass.ResolvedClass, NamespaceScope]> = []
  systemDefinitions<ResolvedClass.ResolvedClass>((definition, parent, place) => {
    const resolvedClass = ResolvedClass.make(definition, parent)
    all.push([resolvedClass, place])
    return resolvedClass
  })
  const of = (...wanted: ReadonlyArray<NamespaceScope>): SystemClasses =>
    new Map(
      all.filter(([, place]) => wanted.includes(place)).map(([resolvedClass]) => [resolvedClass.folded, resolvedClass])
    )
  return made = {
    "all": of("all"),
    "root": of("all", "root and default", "root"),
    "root and default": of("all", "root and default")
  }
}

/**
 * The system classes of a namespace, by its folded name, made on first use; without a name those of every namespace.
 */
export const systemClasses = (namespace?: string): SystemClasses =>
  classesByPlace()[namespace === "root" ? "root" : namespace === "root\\default" ? "root and default" : "all"]

const children = /* @__PURE__ */ new WeakMap<SystemClasses, ReadonlyMap<string, ReadonlyArray<string>>>()

/** Folded names of the system classes directly below a class, by its folded name. */
export const systemChildren = (classes: SystemClasses, folded: string): ReadonlyArray<string> => {
  if (!CimName.isSystemName(folded)) return none
  let below = children.get(classes)
  if (below === undefined) {
    const names = new Map<string, Array<string>>(Array.from(classes.keys(), (name) => [name, []]))
    for (const { folded, parent } of classes.values()) if (parent !== undefined) names.get(parent.folded)!.push(folded)
    children.set(classes, below = names)
  }
  return below.get(folded) ?? none
}

/** The values of `__CIMOMIdentification=@`, which are specific to this library. */
const identification: Readonly<Record<string, CimValue>> = {
  SetupDateTime: "20000101000000.000000+000",
  VersionCurrentlyRunning: "effect-wmi",
  VersionUsedToCreateDB: "effect-wmi",
  WorkingDirectory: "."
}

let initialByClass: ReadonlyMap<string, Instance> | undefined

/** Every system singleton has one instance from the start. */
const initialInstances = (): ReadonlyMap<string, Instance> =>
  initialByClass ??= new Map(
    Array.from(systemClasses("root").values()).filter(({ isSingleton }) => isSingleton).map(({ folded, name }) => [
      folded,
      Object.freeze(
        instanceOf(name, folded === "__cimomidentification" ? identification : {}, noQualifiers)
      )
    ])
  )

/** The instance that exists from the start at a key root, by the classes of its namespace; `undefined` when there is none. */
export const initialInstance = (classes: SystemClasses, root: string): Instance | undefined =>
  classes.has(root) ? initialInstances().get(root) : undefined

/**
 * Whether an instance is one that exists from the start and was never put.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isInitial = (instance: Instance): boolean =>
  CimName.isSystemName(instance.className) && initialInstances().get(CimName.fold(instance.className)) === instance
