/**
 * The plan of a class put that no rule refuses (`class-update` 5 to 7): the class; in force mode also the classes below
 * that are rewritten and the own instances that are deleted.
 *
 * @internal
 */
import { classWith } from "../model/effectValue.ts"
import * as CimName from "../model/CimName.ts"
import { textlessAmendment } from "../model/amendmentClass.ts"
import { none } from "../model/immutable.ts"
import * as Locale from "../model/Locale.ts"
import { make as makePath, type ObjectPath } from "../model/ObjectPath.ts"
import type { ClassDefinition } from "../model/WbemObject.ts"
import * as PutReport from "../protocol/PutReport.ts"
import type { Change } from "../protocol/Change.ts"
import type { WbemEvent } from "../protocol/WbemEvent.ts"
import type { Decision } from "./Decision.ts"
import { instancesOf } from "./DeleteEngine.ts"
import { difference } from "./classes/classDifference.ts"
import type { ClassFacts } from "./Facts.ts"
import * as Identity from "./identity.ts"
import { isHarmless } from "./rules/classUpdate.ts"
import * as Snapshot from "./state/Snapshot.ts"

const noneDeleted = { deleted: 0 } as const

/** The classes below that force mode rewrites, each once, nearest first. */
const rewrittenSubclasses = (
  facts: ClassFacts
): ReadonlyArray<readonly [before: ClassDefinition, after: ClassDefinition]> => {
  const segment = new Map<string, readonly [ClassDefinition, ClassDefinition]>()
  for (const { child, resolved } of facts.subclassConflicts) segment.set(CimName.fold(child.name), [child, resolved])
  return [...segment.values()]
}

const lastSegment = (namespace: string): string => namespace.slice(namespace.lastIndexOf("\\") + 1)

/**
 * The ancestors that are missing in the namespace of the locale, topmost first. System classes exist in every
 * namespace.
 */
const missingAncestors = (
  { parent, put, snapshot }: ClassFacts,
  localeNamespace: string
): ReadonlyArray<ClassDefinition> => {
  const lcid = Locale.lcid(put.call.locale)
  const missing: Array<ClassDefinition> = []
  for (let target = parent; target !== undefined && !CimName.isSystemName(target.name); target = target.parent) {
    if (typeof lcid !== "number" || Snapshot.resolvedClass(snapshot, localeNamespace, target.name) !== undefined) {
      continue
    }
    missing.unshift(textlessAmendment(target.name, target.definition.superclass, lcid))
  }
  return missing
}

/**
 * The changes of a class put in the namespace of the locale: the namespace if it is missing, and the class with the
 * text.
 */
const planAmendment = (facts: ClassFacts, path: ObjectPath): Pick<Decision, "changes" | "events"> => {
  const { amendment, localeNamespace, snapshot } = facts
  if (amendment === undefined || localeNamespace === undefined) return { changes: none, events: none }
  const changes: Array<Change> = []
  const events: Array<WbemEvent> = []
  const name = Snapshot.namespaceName(snapshot, localeNamespace)
  if (name === undefined) {
    const creation = Snapshot.namespaceCreation(path.server, path.namespace!, lastSegment(localeNamespace))
    changes.push(creation)
    events.push({ _tag: "InstanceCreation", path: creation.path, current: creation.after })
  }
  const before = facts.storedAmendment
  if (before !== undefined && difference(before, amendment) === "None") return { changes, events }
  const target = makePath({
    ...path,
    namespace: name ?? `${path.namespace}\\${lastSegment(localeNamespace)}`
  })
  // A new amendment class in the namespace of the locale has the same superclass as the class whose text it holds. Ancestors that
  // the namespace of the locale lacks are created in the same put
  // (`qualifiers` 7.3 row 1).
  for (const ancestor of before === undefined ? missingAncestors(facts, localeNamespace) : none) {
    const above = makePath({ ...target, className: ancestor.name })
    const row = { namespace: CimName.fold(localeNamespace), root: "", key: CimName.fold(ancestor.name) }
    changes.push({ _tag: "Write", path: above, row, before: undefined, after: ancestor })
    events.push({ _tag: "ClassCreation", path: above, current: ancestor })
  }
  const row = { namespace: CimName.fold(localeNamespace), root: "", key: CimName.fold(amendment.name) }
  changes.push({ _tag: "Write", path: target, row, before, after: amendment })
  events.push(
    before === undefined
      ? { _tag: "ClassCreation", path: target, current: amendment }
      : { _tag: "ClassModification", path: target, previous: before, current: amendment }
  )
  return { changes, events }
}

/** The plan of a class put: the neutral class, then its text, in one transaction (`qualifiers` 7.3 row 4). */
export const planClass = (facts: ClassFacts): Decision => {
  const neutral = planNeutral(facts)
  if (!facts.put.options.amended) return neutral
  const { changes, events } = planAmendment(facts, facts.path)
  if (changes.length === 0) return neutral
  const { report } = neutral
  return {
    ...neutral,
    report: report.disposition === "Unchanged" ? PutReport.make(report.path, "Updated", report) : report,
    changes: [...neutral.changes, ...changes],
    events: [...neutral.events, ...events]
  }
}

const planNeutral = (facts: ClassFacts): Decision => {
  const { definition, folded, path, stored } = facts
  const namespace = CimName.fold(path.namespace!)
  const after: ClassDefinition = definition.amended === undefined
    ? definition
    : Object.freeze(classWith(definition, { amended: undefined }))
  const row = { namespace, root: "", key: folded }
  const reportedPath = Identity.spelledFor(path, facts.put.namespace)
  if (stored === undefined) {
    return {
      report: PutReport.make(reportedPath, "Created", noneDeleted),
      changes: [{ _tag: "Write", path, row, before: undefined, after }],
      events: [{ _tag: "ClassCreation", path, current: after }],
      delegate: none
    }
  }
  if (facts.difference === "None") {
    return {
      report: PutReport.make(reportedPath, "Unchanged", noneDeleted),
      changes: none,
      events: [{ _tag: "ClassModification", path, previous: stored, current: stored }],
      delegate: none
    }
  }
  const changes: Array<Change> = []
  const events: Array<WbemEvent> = []
  let removed: ReadonlyArray<ObjectPath> = none
  if (facts.put.options.update === "Force" && !isHarmless(facts)) {
    const deleted = instancesOf(facts.snapshot, facts.put, path.namespace!, facts.storedResolvedClass!)
    changes.push(...deleted.changes)
    removed = deleted.changes.map((change) => Identity.spelledFor(change.path, facts.put.namespace))
    events.push(...deleted.events)
    for (const [previous, current] of rewrittenSubclasses(facts)) {
      const target = makePath({ ...path, className: previous.name })
      changes.push({
        _tag: "Write",
        path: target,
        row: { namespace, root: "", key: CimName.fold(previous.name) },
        before: previous,
        after: current
      })
    }
  }
  // One class put is one class event (PA-82, `class-update` 7). The rewritten classes below have no event.
  changes.push({ _tag: "Write", path, row, before: stored, after })
  events.push({ _tag: "ClassModification", path, previous: stored, current: after })
  return {
    report: PutReport.make(reportedPath, "Updated", removed.length === 0 ? noneDeleted : { removed }),
    changes,
    events,
    delegate: none
  }
}
