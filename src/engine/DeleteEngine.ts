/**
 * The decision on a delete: which object the path names, whether the caller may delete it, and what is deleted with it. Pure,
 * like the decision on a put. `GetEngine` resolves the path.
 *
 * @since 0.1.0
 * @module
 */
import * as Either from "effect/Either"
import * as CimName from "../model/CimName.ts"
import { none } from "../model/immutable.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { Instance } from "../model/WbemObject.ts"
import type { Change } from "../protocol/Change.ts"
import type { DeleteRequest } from "../protocol/DeleteRequest.ts"
import * as PutFlags from "../protocol/PutFlags.ts"
import type { WbemEvent } from "../protocol/WbemEvent.ts"
import * as WbemError from "../protocol/WbemError.ts"
import { providerCalls, type ResolvedClass } from "./classes/ResolvedClass.ts"
import type { DeleteDecision } from "./Decision.ts"
import * as GetEngine from "./GetEngine.ts"
import * as Identity from "./identity.ts"
import { accessError, admissionError, classAccessError, rightFor } from "./rules/access.ts"
import { namespaceRoot, type RowKey, securityRoot } from "./state/namespaceTables.ts"
import * as Snapshot from "./state/Snapshot.ts"

type Answer<A> = Either.Either<A, WbemError.DeleteError>

/**
 * The error for flags that a delete does not accept: all but 0x10, which has no effect (DL-12).
 *
 * @since 0.1.0
 * @category combinators
 */
export const illegalFlags = (flags: number): WbemError.InvalidParameter | undefined =>
  flags === 0 || flags === 0x10 ? undefined : new WbemError.InvalidParameter({
    parameter: "flags",
    bits: PutFlags.isWord(flags) ? (flags & ~0x10) >>> 0 : undefined,
    rule: "DL-12",
    detail: "a delete takes no flags but 0x10"
  })

/** The part of a request that removing rows needs. */
type WithCall = Pick<DeleteRequest, "call">

/** A delete in progress: its changes and events are collected in order, an object after everything below it (DL-10). */
interface Deletion {
  readonly snapshot: Snapshot.Snapshot
  readonly server: string
  readonly changes: Array<Change>
  readonly events: Array<WbemEvent>
}

const beginDeletion = (snapshot: Snapshot.Snapshot, { call: { server } }: WithCall): Deletion => ({
  snapshot,
  server,
  changes: [],
  events: []
})

type StoredRows = ReturnType<typeof Snapshot.stored>

/**
 * The rows of some classes and of all their subclasses, by class name. Each row is read once, however many classes share a key
 * root.
 */
const rowsByClass = (
  snapshot: Snapshot.Snapshot,
  namespace: string,
  classNames: ReadonlyArray<string>
): ReadonlyMap<string, StoredRows> => {
  const rows = new Map<string, Array<StoredRows[number]>>()
  for (const className of classNames) {
    for (const row of Snapshot.stored(snapshot, namespace, className, { deep: true })) {
      const ofClass = rows.get(row.instance.className)
      if (ofClass === undefined) rows.set(row.instance.className, [row])
      else ofClass.push(row)
    }
  }
  return rows
}

/** Orders rows by key, so that the order of events does not depend on the order in which a store loaded the rows. */
const byKey = (a: { readonly key: RowKey }, b: { readonly key: RowKey }): number =>
  typeof a.key === typeof b.key ? (a.key < b.key ? -1 : 1) : typeof a.key === "number" ? -1 : 1

const removeInstances = (
  deletion: Deletion,
  namespace: string,
  resolvedClass: ResolvedClass,
  rows: StoredRows | undefined
): void => {
  for (const row of [...rows ?? none].sort(byKey)) removeInstance(deletion, namespace, resolvedClass, row)
}

/** An instance; the instance of a namespace after everything in that namespace (DL-9). */
const removeInstance = (
  deletion: Deletion,
  namespace: string,
  resolvedClass: ResolvedClass,
  { instance, key, root }: StoredRows[number]
): void => {
  if (root === namespaceRoot) removeNamespace(deletion, `${namespace}\\${String(instance.values["Name"])}`)
  const path = Identity.pathOf(deletion.server, namespace, resolvedClass, instance.values)
  const row = { namespace: CimName.fold(namespace), root, key }
  deletion.changes.push({ _tag: "Delete", path, row, before: instance })
  deletion.events.push({ _tag: "InstanceDeletion", path, previous: instance })
}

/** A class after its instances (DL-3, DL-10). */
const removeClass = (
  deletion: Deletion,
  namespace: string,
  resolvedClass: ResolvedClass,
  rows: StoredRows | undefined
): void => {
  removeInstances(deletion, namespace, resolvedClass, rows)
  const path = Identity.pathOf(deletion.server, namespace, resolvedClass)
  const row = { namespace: CimName.fold(namespace), root: "", key: resolvedClass.folded }
  deletion.changes.push({ _tag: "Delete", path, row, before: resolvedClass.definition })
  deletion.events.push({ _tag: "ClassDeletion", path, previous: resolvedClass.definition })
}

/** Everything in a namespace and in the namespaces below it (DL-9). */
const removeNamespace = (deletion: Deletion, namespace: string): void => {
  const { snapshot } = deletion
  Snapshot.assertClassesReadable(snapshot, namespace) // a row left behind would belong to a namespace of that name created later
  const classes = Snapshot.classes(snapshot, namespace, { system: true })
    .map(({ name }) => Snapshot.resolvedClass(snapshot, namespace, name)!)
  const topClasses = classes.filter(({ parent }) => parent === undefined).map(({ name }) => name)
  const rows = rowsByClass(snapshot, namespace, topClasses)
  for (const resolvedClass of classes.reverse()) {
    const remove = CimName.isSystemName(resolvedClass.name) ? removeInstances : removeClass
    remove(deletion, namespace, resolvedClass, rows.get(resolvedClass.name))
  }
}

/**
 * The deletions of the instances of a class, for a forced update: the instance of a namespace includes all that it holds
 * (DL-9).
 *
 * @since 0.1.0
 * @category selectors
 */
export const instancesOf = (
  snapshot: Snapshot.Snapshot,
  request: WithCall,
  namespace: string,
  resolvedClass: ResolvedClass
): Pick<DeleteDecision, "changes" | "events"> => {
  const deletion = beginDeletion(snapshot, request)
  removeInstances(deletion, namespace, resolvedClass, Snapshot.stored(snapshot, namespace, resolvedClass.name))
  return deletion
}

/**
 * The error for a caller who deletes a namespace that has a descriptor of its own, but lacks Full Write in it (DL-7). `changes`
 * are the deletions, which include the descriptors of the deleted namespaces; other rules check the descriptor of `namespace`
 * itself.
 *
 * @since 0.1.0
 * @category guards
 */
export const namespaceDenied = (
  snapshot: Snapshot.Snapshot,
  { call }: WithCall,
  namespace: string,
  changes: ReadonlyArray<Change>
): WbemError.AccessDenied | undefined => {
  const folded = CimName.fold(namespace)
  for (const { path, row } of changes) {
    if (row.root !== securityRoot || row.namespace === folded) continue
    const refusal = accessError(snapshot, call, path.namespace!, "FullWrite", "DL-7")
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** The decision of a finished deletion, unless the caller must not delete a namespace that it includes. */
const unlessDenied = (
  { changes, events, snapshot }: Deletion,
  request: DeleteRequest,
  resolvedClass: ResolvedClass,
  values?: Instance["values"]
): Answer<DeleteDecision> => {
  const refusal = namespaceDenied(snapshot, request, request.namespace, changes)
  const path = Identity.pathOf(request.call.server, request.namespace, resolvedClass, values)
  return refusal === undefined ? Either.right({ path, changes, events, delegate: none }) : Either.left(refusal)
}

const deleteClass = (snapshot: Snapshot.Snapshot, request: DeleteRequest): Answer<DeleteDecision> => {
  const name = request.path.className!
  const resolvedClass = Snapshot.resolvedClass(snapshot, request.namespace, name)
  const violation = classAccessError(snapshot, request.call, request.namespace, resolvedClass, "DL-7")
  if (violation !== undefined) return Either.left(violation)
  if (CimName.isSystemName(name)) {
    return Either.left(new WbemError.InvalidOperation({ className: name, rule: "DL-4", detail: "system classes stay" }))
  }
  const namespace = Snapshot.namespaceName(snapshot, request.namespace)!
  if (resolvedClass === undefined) {
    return Either.left(new WbemError.NotFound({ path: ObjectPath.make({ ...request.path, namespace }), rule: "DL-5" }))
  }
  const deletion = beginDeletion(snapshot, request)
  const rows = rowsByClass(snapshot, namespace, [resolvedClass.name])
  for (const removed of [resolvedClass, ...Snapshot.descendants(snapshot, namespace, name)].reverse()) {
    removeClass(deletion, namespace, removed, rows.get(removed.name))
  }
  return unlessDenied(deletion, request, resolvedClass)
}

const deleteInstance = (snapshot: Snapshot.Snapshot, request: DeleteRequest): Answer<DeleteDecision> =>
  Either.flatMap(GetEngine.target(snapshot, request.namespace, request.path), (target): Answer<DeleteDecision> => {
    const violation = accessError(snapshot, request.call, request.namespace, rightFor(target.resolvedClass), "DL-7")
    if (violation !== undefined) return Either.left(violation)
    if (target.resolvedClass.isDynamic) {
      const path = GetEngine.providedPath(request.namespace, request.call.server, target)
      return Either.right({ path, changes: none, events: none, delegate: providerCalls(target.resolvedClass) })
    }
    const stored = GetEngine.instanceAt(snapshot, request.namespace, request.path, target)
    return Either.flatMap(stored, ({ instance, resolvedClass }) => {
      if (resolvedClass.isSingleton && CimName.isSystemName(resolvedClass.name)) {
        return Either.left(
          new WbemError.InvalidOperation({
            className: resolvedClass.name,
            rule: "DL-13",
            detail: "the instance exists from the start and stays"
          })
        )
      }
      const namespace = Snapshot.namespaceName(snapshot, request.namespace)!
      const deletion = beginDeletion(snapshot, request)
      removeInstance(deletion, namespace, resolvedClass, { root: target.root, key: target.key, instance })
      return unlessDenied(deletion, request, resolvedClass, instance.values)
    })
  })

/**
 * What a delete would change, or the error that refuses it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const decide = (snapshot: Snapshot.Snapshot, request: DeleteRequest): Answer<DeleteDecision> => {
  const refusal = illegalFlags(request.flags) ?? admissionError(snapshot, request.call, request.namespace)
  if (refusal !== undefined) return Either.left(refusal)
  return Either.flatMap(
    GetEngine.objectPath(request.path, request.namespace, request.call.server),
    (path) => (GetEngine.isInstancePath(path) ? deleteInstance : deleteClass)(snapshot, request)
  )
}
