/**
 * The plan of an instance put that no rule refuses (`instance-put` 3 and 8).
 *
 * @internal
 */
import { instanceOf } from "../model/effectValue.ts"
import * as CimName from "../model/CimName.ts"
import { equals } from "../model/CimValue.ts"
import { none } from "../model/immutable.ts"
import * as Instances from "../model/Instance.ts"
import { make as makePath, type ObjectPath } from "../model/ObjectPath.ts"
import type * as Qualifier from "../model/Qualifier.ts"
import type { CimValue, Instance } from "../model/WbemObject.ts"
import { toBytes } from "../model/SecurityDescriptor.ts"
import * as PutReport from "../protocol/PutReport.ts"
import type { Change, Row } from "../protocol/Change.ts"
import type { Decision } from "./Decision.ts"
import type { InstanceFacts } from "./Facts.ts"
import { ofQualifiers } from "./classes/classDifference.ts"
import * as Identity from "./identity.ts"
import { providerCalls, type ResolvedClass } from "./classes/ResolvedClass.ts"
import { securityOf } from "./rules/access.ts"
import * as Snapshot from "./state/Snapshot.ts"
import { namespaceRoot, securityRoot } from "./state/namespaceTables.ts"
import { effective, withEmbedded } from "./values.ts"
import { isAmended, propertiesWithoutAmended } from "../model/withoutAmended.ts"

const noneDeleted = { deleted: 0 } as const

/** Qualifiers that take effect when the namespace is created and are not stored (`object-model` 11). */
const isActedOn = ({ name }: Qualifier.Qualifier): boolean =>
  CimName.equals(name, "NamespaceSecuritySDDL") || CimName.equals(name, "RequiresEncryption")

/** The stored qualifiers: without amended text under the flag, without qualifiers that only take effect. */
const storedQualifiers = ({ instance, resolvedClass, put }: InstanceFacts): ReadonlyArray<Qualifier.Qualifier> => {
  const isDropped = (q: Qualifier.Qualifier): boolean =>
    (put.options.amended && isAmended(q)) || (resolvedClass!.root === namespaceRoot && isActedOn(q))
  return instance.qualifiers.some(isDropped)
    ? Object.freeze(instance.qualifiers.filter((q) => !isDropped(q)))
    : instance.qualifiers
}

/** A new namespace together with its first security descriptor. */
const withDescriptor = (decision: Decision, descriptor: string): Decision => {
  const [write] = decision.changes as readonly [Change]
  const namespace = `${write.path.namespace!}\\${String(write.path.keys[0]!.value)}`
  const path = makePath({ ...write.path, namespace, className: "__thisNAMESPACE", keys: [], singleton: true })
  const row: Row = { namespace: CimName.fold(namespace), root: securityRoot, key: "@" }
  const current = Instances.make("__thisNAMESPACE", { SECURITY_DESCRIPTOR: toBytes(descriptor) })
  return {
    ...decision,
    changes: [write, { _tag: "Write", path, row, before: undefined, after: current }],
    events: [...decision.events, { _tag: "InstanceCreation", path, current }]
  }
}

/** The stored qualifiers of properties: without amended text under the flag (`qualifiers` 7.3 row 2). */
const storedPropertyQualifiers = ({ instance, put }: InstanceFacts): Instance["propertyQualifiers"] => {
  const given = instance.propertyQualifiers
  return put.options.amended ? propertiesWithoutAmended(given) : given
}

/** The instance in its stored form; the given object itself when it is spelled and typed as its class declares. */
const storedInstance = (facts: InstanceFacts): Instance => {
  const { instance, resolvedClass, put, snapshot } = facts
  const result = resolvedClass!.embedded.length === 0
    ? facts.result
    : withEmbedded(resolvedClass!, facts.result, (name) => Snapshot.resolvedClass(snapshot, put.namespace, name))
  const propertyQualifiers = storedPropertyQualifiers(facts)
  const className = facts.resolvedClass!.name
  const qualifiers = storedQualifiers(facts)
  if (
    result === instance.values && className === instance.className && qualifiers === instance.qualifiers
    && instance.amended === undefined && propertyQualifiers === instance.propertyQualifiers
  ) return instance
  return Object.freeze(instanceOf(className, Object.freeze(result), qualifiers, propertyQualifiers))
}

type Qualifiers = ReadonlyArray<Qualifier.Qualifier>
type PropertyQualifiers = Instance["propertyQualifiers"]

const sameQualifiers = (a: Qualifiers, b: Qualifiers): boolean => ofQualifiers(a, b) === "None"

/** The properties that carry qualifiers. An empty list counts as none. */
const qualified = (carried: PropertyQualifiers): ReadonlyArray<readonly [string, Qualifiers]> =>
  Object.entries(carried ?? {}).filter(([, qualifiers]) => qualifiers.length > 0)

const samePropertyQualifiers = (a: PropertyQualifiers, b: PropertyQualifiers): boolean => {
  if (a === b) return true
  const x = qualified(a), y = qualified(b)
  return x.length === y.length && x.every(([name, qualifiers]) => {
    const other = y.find(([candidate]) => CimName.equals(candidate, name))
    return other !== undefined && sameQualifiers(qualifiers, other[1])
  })
}

/** Whether two instances of a class are equal for a reader. */
const same = (resolvedClass: ResolvedClass, a: Instance, b: Instance): boolean => {
  if (a === b) return true
  for (const property of resolvedClass.properties) {
    if (!equals(effective(a.values, property), effective(b.values, property))) return false
  }
  return sameQualifiers(a.qualifiers, b.qualifiers)
    && samePropertyQualifiers(a.propertyQualifiers, b.propertyQualifiers)
}

const pathOf = (
  { namespace, put }: InstanceFacts,
  resolvedClass: ResolvedClass,
  values: Readonly<Record<string, CimValue>>
): ObjectPath => Identity.pathOf(put.call.server, namespace?.name, resolvedClass, values)

/**
 * The decision for a class that a provider serves: nothing is written, the providers are called (IR-3). While a key is
 * NULL the reported path is that of the class; the provider that fills the key in reports the full path (IR-5, IR-7).
 */
const delegated = (facts: InstanceFacts): Decision => {
  const resolvedClass = facts.resolvedClass!
  const { values } = facts.values
  const path = pathOf(facts, resolvedClass, values)
  const hasEveryKey = resolvedClass.keys.every((key) => effective(values, key) !== null)
  return {
    report: PutReport.make(
      Identity.spelledFor(hasEveryKey ? path : makePath({ ...path, keys: [] }), facts.put.namespace),
      "Stored"
    ),
    changes: none,
    events: none,
    delegate: providerCalls(resolvedClass)
  }
}

export const planInstance = (facts: InstanceFacts): Decision => {
  const resolvedClass = facts.resolvedClass!
  if (resolvedClass.isDynamic) return delegated(facts)
  const after = storedInstance(facts)
  const path = pathOf(facts, resolvedClass, after.values)
  const row: Row = { namespace: facts.namespace!.folded, root: resolvedClass.root!, key: facts.rowKey! }
  const reportedPath = Identity.spelledFor(path, facts.put.namespace)
  const occupant = facts.occupant
  if (occupant === undefined) {
    const created: Decision = {
      report: PutReport.make(reportedPath, "Created", noneDeleted),
      changes: [{ _tag: "Write", path, row, before: undefined, after }],
      events: [{ _tag: "InstanceCreation", path, current: after }],
      delegate: none
    }
    const descriptor = resolvedClass.root === namespaceRoot ? securityOf(facts.instance) : undefined
    return descriptor === undefined ? created : withDescriptor(created, descriptor)
  }
  if (occupant.className !== resolvedClass.name) return replaced(facts, occupant, path, row, after)
  if (facts.isNamespace || same(resolvedClass, occupant, after)) {
    return unchanged(facts, pathOf(facts, resolvedClass, occupant.values), occupant)
  }
  const before = Snapshot.isInitial(occupant) ? undefined : occupant
  return {
    report: PutReport.make(reportedPath, "Updated", noneDeleted),
    changes: [{ _tag: "Write", path, row, before, after }],
    events: [{ _tag: "InstanceModification", path, previous: occupant, current: after }],
    delegate: none
  }
}

/** The stored object does not change, and a modification is announced all the same (PA-82). */
const unchanged = ({ put }: InstanceFacts, path: ObjectPath, occupant: Instance): Decision => ({
  report: PutReport.make(Identity.spelledFor(path, put.namespace), "Unchanged", noneDeleted),
  changes: none,
  events: [{ _tag: "InstanceModification", path, previous: occupant, current: occupant }],
  delegate: none
})

/** An instance of another class of the tree has the identity: it is deleted (ID-4). */
const replaced = (facts: InstanceFacts, occupant: Instance, path: ObjectPath, row: Row, after: Instance): Decision => {
  const previousClass = Snapshot.resolvedClass(facts.snapshot, facts.put.namespace, occupant.className)!
  const previousPath = pathOf(facts, previousClass, occupant.values)
  if (facts.isNamespace) return unchanged(facts, previousPath, occupant)
  const write: Change = { _tag: "Write", path, row, before: undefined, after }
  const changes: ReadonlyArray<Change> = Snapshot.isInitial(occupant)
    ? [write]
    : [{ _tag: "Delete", path: previousPath, row, before: occupant }, write]
  const { namespace } = facts.put
  const reportedPath = Identity.spelledFor(path, namespace)
  return {
    report: PutReport.make(
      reportedPath,
      "Created",
      changes.length === 1 ? noneDeleted : { removed: [Identity.spelledFor(previousPath, namespace)] }
    ),
    changes,
    events: [
      { _tag: "InstanceDeletion", path: previousPath, previous: occupant },
      { _tag: "InstanceCreation", path, current: after }
    ],
    delegate: none
  }
}
