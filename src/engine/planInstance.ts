/**
 * What an instance put that nobody objects to changes (`instance-put` 3 and 8).
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import { equals } from "../model/CimValue.ts"
import type { ObjectPath } from "../model/ObjectPath.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { CimValue, Instance } from "../model/WbemObject.ts"
import type { Change, Row } from "../protocol/Change.ts"
import type { Decision } from "./Decision.ts"
import type { InstanceFacts } from "./Facts.ts"
import { keysOf } from "./identity.ts"
import { type Lineage, providers } from "./Lineage.ts"
import * as Snapshot from "./Snapshot.ts"
import { effective, withEmbedded } from "./values.ts"
import { isAmended } from "./withoutAmended.ts"

const none: ReadonlyArray<never> = /* @__PURE__ */ Object.freeze([])

/** Without amended text under the flag (`qualifiers` 7.3 row 2). */
const storedPropertyQualifiers = ({ instance, put }: InstanceFacts): Instance["propertyQualifiers"] => {
  const given = instance.propertyQualifiers
  if (given === undefined || !put.options.amended || !Object.values(given).some((list) => list.some(isAmended))) {
    return given
  }
  return Object.freeze(Object.fromEntries(
    Object.entries(given).map(([name, list]) => [name, Object.freeze(list.filter((q) => !isAmended(q)))])
  ))
}

/** The instance as it is stored: the object itself when it is spelled and typed as its class says. */
const storedForm = (facts: InstanceFacts): Instance => {
  const { instance, lineage, put, snapshot } = facts
  const result = lineage!.embedded.length === 0
    ? facts.result
    : withEmbedded(lineage!, facts.result, (name) => Snapshot.lineage(snapshot, put.namespace, name))
  const propertyQualifiers = storedPropertyQualifiers(facts)
  const className = facts.lineage!.name
  const qualifiers = put.options.amended && instance.qualifiers.some(isAmended)
    ? Object.freeze(instance.qualifiers.filter((q) => !isAmended(q)))
    : instance.qualifiers
  if (
    result === instance.values && className === instance.className && qualifiers === instance.qualifiers
    && instance.amended === undefined && propertyQualifiers === instance.propertyQualifiers
  ) return instance
  return Object.freeze({
    _tag: "Instance",
    className,
    values: result,
    qualifiers,
    ...(propertyQualifiers === undefined ? {} : { propertyQualifiers })
  })
}

const sameQualifiers = (a: Instance, b: Instance): boolean =>
  a.qualifiers.length === b.qualifiers.length
  && a.qualifiers.every((q) => {
    const other = Qualifier.find(b.qualifiers, q.name)
    return other !== undefined && Qualifier.equals(q, other)
  })

/** The properties that carry qualifiers; an empty list is none. */
const marked = (instance: Instance): ReadonlyArray<readonly [string, Instance["qualifiers"]]> =>
  Object.entries(instance.propertyQualifiers ?? {}).filter(([, qualifiers]) => qualifiers.length > 0)

const samePropertyQualifiers = (a: Instance, b: Instance): boolean => {
  if (a.propertyQualifiers === b.propertyQualifiers) return true
  const x = marked(a), y = marked(b)
  return x.length === y.length && x.every(([name, qualifiers]) => {
    const other = y.find(([candidate]) => CimName.equals(candidate, name))
    return other !== undefined && sameQualifiers({ ...a, qualifiers }, { ...b, qualifiers: other[1] })
  })
}

/** Whether two instances of a class read the same. */
const same = (lineage: Lineage, a: Instance, b: Instance): boolean => {
  if (a === b) return true
  for (const property of lineage.properties) {
    if (!equals(effective(a.values, property), effective(b.values, property))) return false
  }
  return sameQualifiers(a, b) && samePropertyQualifiers(a, b)
}

const pathOf = (facts: InstanceFacts, lineage: Lineage, values: Readonly<Record<string, CimValue>>): ObjectPath => ({
  server: facts.put.call.server,
  namespace: facts.namespace?.name,
  className: lineage.name,
  keys: keysOf(lineage, values),
  singleton: lineage.isSingleton
})

/**
 * A class that a provider serves: nothing is written, the providers are asked (IR-3). While a key is NULL there is no path but
 * that of the class; the provider that fills it in says the rest (IR-5, IR-7).
 */
const delegated = (facts: InstanceFacts): Decision => {
  const lineage = facts.lineage!
  const { values } = facts.values
  const path = pathOf(facts, lineage, values)
  const whole = lineage.keys.every((key) => effective(values, key) !== null)
  return {
    report: { path: whole ? path : { ...path, keys: [] }, disposition: "Stored", hresult: 0 },
    changes: none,
    events: none,
    delegate: providers(lineage).map(({ className, provider }) => ({ className, provider: provider ?? "" }))
  }
}

export const planInstance = (facts: InstanceFacts): Decision => {
  const lineage = facts.lineage!
  if (lineage.isDynamic) return delegated(facts)
  const after = storedForm(facts)
  const path = pathOf(facts, lineage, after.values)
  const row: Row = { namespace: facts.namespace!.folded, root: lineage.root!, key: facts.rowKey! }
  const holder = facts.holder
  if (holder === undefined) {
    return {
      report: { path, disposition: "Created", hresult: 0 },
      changes: [{ _tag: "Write", path, row, before: undefined, after }],
      events: [{ _tag: "InstanceCreation", path, current: after }],
      delegate: none
    }
  }
  if (holder.className !== lineage.name) return moved(facts, holder, path, row, after)
  if (facts.isNamespace || same(lineage, holder, after)) return unchanged(pathOf(facts, lineage, holder.values), holder)
  return {
    report: { path, disposition: "Updated", hresult: 0 },
    changes: [{ _tag: "Write", path, row, before: holder, after }],
    events: [{ _tag: "InstanceModification", path, previous: holder, current: after }],
    delegate: none
  }
}

/** What is there stays; a modification all the same (PA-82). */
const unchanged = (path: ObjectPath, holder: Instance): Decision => ({
  report: { path, disposition: "Unchanged", hresult: 0 },
  changes: none,
  events: [{ _tag: "InstanceModification", path, previous: holder, current: holder }],
  delegate: none
})

/** The identity was held by an instance of another class of the tree: that one goes (ID-4). */
const moved = (facts: InstanceFacts, holder: Instance, path: ObjectPath, row: Row, after: Instance): Decision => {
  const was = Snapshot.lineage(facts.snapshot, facts.put.namespace, holder.className)!
  const old = pathOf(facts, was, holder.values)
  if (facts.isNamespace) return unchanged(old, holder)
  const changes: ReadonlyArray<Change> = [
    { _tag: "Delete", path: old, row, before: holder },
    { _tag: "Write", path, row, before: undefined, after }
  ]
  return {
    report: { path, disposition: "Created", hresult: 0 },
    changes,
    events: [
      { _tag: "InstanceDeletion", path: old, previous: holder },
      { _tag: "InstanceCreation", path, current: after }
    ],
    delegate: none
  }
}
