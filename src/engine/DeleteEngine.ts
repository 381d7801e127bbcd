/**
 * The decision on a delete (`delete`): target, rules, changes. Pure, like the one on a put.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as CimName from "../model/CimName.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { CimValue, Instance } from "../model/WbemObject.ts"
import type { Change } from "../protocol/Change.ts"
import type { DeleteRequest } from "../protocol/DeleteRequest.ts"
import * as PutFlags from "../protocol/PutFlags.ts"
import type { WbemEvent } from "../protocol/WbemEvent.ts"
import * as WbemError from "../protocol/WbemError.ts"
import type { DeleteDecision, ProviderCall } from "./Decision.ts"
import * as Identity from "./identity.ts"
import { isOrDerivesFrom, providers, type ResolvedClass } from "./classes/ResolvedClass.ts"
import { accessError, admissionError, classAccessError, rightFor } from "./rules/access.ts"
import * as Snapshot from "./state/Snapshot.ts"
import { namespaceRoot, type RowKey, securityRoot } from "./state/namespaceTables.ts"

type Answer<A> = Either.Either<A, WbemError.WbemError>

const none: ReadonlyArray<never> = /* @__PURE__ */ Object.freeze([])

/** Where the target of an instance path is: its class, key root and key, and the values of the keys as its class types them. */
export interface Target {
  readonly resolvedClass: ResolvedClass
  readonly root: string
  readonly key: RowKey
  readonly values: Readonly<Record<string, CimValue>>
}

/** Reads the keys of a path as values of the class they are written for (`object-path` 4). */
const bound = (
  path: ObjectPath.ObjectPath,
  resolvedClass: ResolvedClass
): Answer<Readonly<Record<string, CimValue>>> => {
  const read = ObjectPath.bind(path, {
    className: resolvedClass.name,
    keys: resolvedClass.keys,
    singleton: resolvedClass.isSingleton
  })
  if (Either.isLeft(read)) {
    return Either.left(
      new WbemError.InvalidObjectPath({
        input: ObjectPath.format(path),
        position: 0,
        rule: "object-path 4",
        detail: read.left.reason
      })
    )
  }
  return Either.right(Object.fromEntries(read.right.keys.map(({ name, value }) => [name!, value])))
}

/**
 * Where the object of an instance path is looked for. A path through a base class finds the instance of a subclass (DL-6).
 *
 * @since 0.1.0
 * @category combinators
 */
export const target = (snapshot: Snapshot.Snapshot, namespace: string, path: ObjectPath.ObjectPath): Answer<Target> => {
  const resolvedClass = Snapshot.resolvedClass(snapshot, namespace, path.className ?? "")
  if (resolvedClass === undefined) {
    return Either.left(new WbemError.InvalidClass({ className: path.className ?? "", rule: "DL-5" }))
  }
  return Either.flatMap(bound(path, resolvedClass), (values): Answer<Target> => {
    const root = resolvedClass.root
    const key = Identity.rowKey(resolvedClass, values)
    return root === undefined || key === undefined
      ? Either.left(new WbemError.NoKey({ className: resolvedClass.name }))
      : Either.right({ resolvedClass, root, key, values })
  })
}

/**
 * Checks that a path says an object of a namespace: not a namespace, not a server, not an object of another namespace (DL-2).
 *
 * @since 0.1.0
 * @category combinators
 */
export const objectOf = (
  path: ObjectPath.ObjectPath,
  namespace: string,
  server: string
): Answer<ObjectPath.ObjectPath> => {
  if (path.className === undefined) {
    return Either.left(
      new WbemError.InvalidObjectPath({
        input: ObjectPath.format(path),
        position: 0,
        rule: "DL-2",
        detail: "it names no object"
      })
    )
  }
  const elsewhere = path.namespace !== undefined && !CimName.equals(path.namespace, namespace)
    || path.server !== undefined && path.server !== "." && !CimName.equals(path.server, server)
  return elsewhere
    ? Either.left(
      new WbemError.InvalidParameter({
        parameter: "path",
        rule: "DL-2",
        detail: `${ObjectPath.format(path)} is not in ${namespace}`
      })
    )
    : Either.right(path.namespace === undefined ? { ...path, namespace } : path)
}

/**
 * The refusal of flags that a delete does not take: all but 0x10, which has no effect (DL-12).
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

interface Deletions {
  readonly changes: Array<Change>
  readonly events: Array<WbemEvent>
}

/** On whose behalf: all that the removing itself asks of a request. */
type Called = Pick<DeleteRequest, "call">

type Stored = ReturnType<typeof Snapshot.stored>

/** The instances of some classes and of all below them, by class: each is looked at once, however many classes share a key root. */
const byClass = (
  snapshot: Snapshot.Snapshot,
  namespace: string,
  tops: ReadonlyArray<string>
): ReadonlyMap<string, Stored> => {
  const found = new Map<string, Array<Stored[number]>>()
  for (const top of tops) {
    for (const one of Snapshot.stored(snapshot, namespace, top, { deep: true })) {
      const known = found.get(one.instance.className)
      if (known === undefined) found.set(one.instance.className, [one])
      else known.push(one)
    }
  }
  return found
}

/** By key, so that what is told does not depend on the order in which a store loaded them. */
const inOrder = (a: { readonly key: RowKey }, b: { readonly key: RowKey }): number =>
  typeof a.key === typeof b.key ? (a.key < b.key ? -1 : 1) : typeof a.key === "number" ? -1 : 1

/** Instances of a class, the namespaces among them with all they hold. */
const removeInstances = (
  snapshot: Snapshot.Snapshot,
  request: Called,
  namespace: string,
  resolvedClass: ResolvedClass,
  stored: Stored | undefined,
  into: Deletions
): void => {
  for (const { instance, key, root } of [...stored ?? none].sort(inOrder)) {
    removeInstance(snapshot, request, namespace, resolvedClass, { root, key }, instance, into)
  }
}

const removeInstance = (
  snapshot: Snapshot.Snapshot,
  request: Called,
  namespace: string,
  resolvedClass: ResolvedClass,
  row: { readonly root: string; readonly key: RowKey },
  instance: Instance,
  into: Deletions
): void => {
  if (row.root === namespaceRoot) {
    removeNamespace(snapshot, request, `${namespace}\\${String(instance.values["Name"])}`, into)
  }
  const path = Identity.pathOf(request.call.server, namespace, resolvedClass, instance.values)
  into.changes.push({ _tag: "Delete", path, row: { namespace: CimName.fold(namespace), ...row }, before: instance })
  into.events.push({ _tag: "InstanceDeletion", path, previous: instance })
}

/** A class after everything below it (DL-3, DL-10). */
const removeClass = (
  snapshot: Snapshot.Snapshot,
  request: Called,
  namespace: string,
  resolvedClass: ResolvedClass,
  stored: Stored | undefined,
  into: Deletions
): void => {
  removeInstances(snapshot, request, namespace, resolvedClass, stored, into)
  const path = Identity.pathOf(request.call.server, namespace, resolvedClass)
  const row = { namespace: CimName.fold(namespace), root: "", key: resolvedClass.folded }
  into.changes.push({ _tag: "Delete", path, row, before: resolvedClass.definition })
  into.events.push({ _tag: "ClassDeletion", path, previous: resolvedClass.definition })
}

/** Everything in a namespace and below it; the instance that is the namespace goes after this (DL-9). */
const removeNamespace = (
  snapshot: Snapshot.Snapshot,
  request: Called,
  namespace: string,
  into: Deletions
): void => {
  Snapshot.assertClassesReadable(snapshot, namespace) // a row that stayed behind would be of a namespace that is made again
  const classes = Snapshot.classes(snapshot, namespace, { system: true })
    .map(({ name }) => Snapshot.resolvedClass(snapshot, namespace, name)!)
  const tops = classes.filter(({ parent }) => parent === undefined).map(({ name }) => name)
  const stored = byClass(snapshot, namespace, tops)
  for (let i = classes.length - 1; i >= 0; i--) {
    const resolvedClass = classes[i]!
    const remove = CimName.isSystemName(resolvedClass.name) ? removeInstances : removeClass
    remove(snapshot, request, namespace, resolvedClass, stored.get(resolvedClass.name), into)
  }
}

/** What goes with the instances of a class that a forced update deletes: namespaces among them go with all they hold (DL-9). */
export const instancesOf = (
  snapshot: Snapshot.Snapshot,
  request: Called,
  namespace: string,
  resolvedClass: ResolvedClass
): Pick<DeleteDecision, "changes" | "events"> => {
  const into: Deletions = { changes: [], events: [] }
  removeInstances(
    snapshot,
    request,
    namespace,
    resolvedClass,
    Snapshot.stored(snapshot, namespace, resolvedClass.name),
    into
  )
  return into
}

/**
 * The refusal of a caller who deletes a namespace that has a descriptor of its own, but lacks Full Write in it (DL-7). `changes` are the
 * deletions, which include the descriptors of the namespaces that go; those of `namespace` itself are under other rules.
 */
export const namespaceDenied = (
  snapshot: Snapshot.Snapshot,
  { call }: Called,
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

const allowed = (
  snapshot: Snapshot.Snapshot,
  request: DeleteRequest,
  decision: DeleteDecision
): Answer<DeleteDecision> => {
  const refusal = namespaceDenied(snapshot, request, request.namespace, decision.changes)
  return refusal === undefined ? Either.right(decision) : Either.left(refusal)
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
    return Either.left(new WbemError.NotFound({ path: { ...request.path, namespace }, rule: "DL-5" }))
  }
  const into: Deletions = { changes: [], events: [] }
  const stored = byClass(snapshot, namespace, [resolvedClass.name])
  for (const one of [resolvedClass, ...Snapshot.descendants(snapshot, namespace, name)].reverse()) {
    removeClass(snapshot, request, namespace, one, stored.get(one.name), into)
  }
  const path = Identity.pathOf(request.call.server, request.namespace, resolvedClass)
  return allowed(snapshot, request, { path, ...into, delegate: none })
}

/** The instance at a target, with its class; one of a class that is not below the one of the path is not found through it. */
const held = (
  snapshot: Snapshot.Snapshot,
  namespace: string,
  path: ObjectPath.ObjectPath,
  at: Target
): Answer<Found> => {
  const instance = Snapshot.occupant(snapshot, namespace, at.root, at.key)
  const resolvedClass = instance && Snapshot.resolvedClass(snapshot, namespace, instance.className)
  return instance === undefined || resolvedClass === undefined
      || !isOrDerivesFrom(resolvedClass, at.resolvedClass.folded)
    ? Either.left(new WbemError.NotFound({ path, rule: "DL-5" }))
    : Either.right({ instance, resolvedClass })
}

/** An instance as it is stored, and its class. */
interface Found {
  readonly instance: Instance
  readonly resolvedClass: ResolvedClass
}

/**
 * The instance that a path finds, as it is stored, with its class; `undefined` when there is none.
 *
 * @since 0.1.0
 * @category combinators
 */
export const find = (
  snapshot: Snapshot.Snapshot,
  namespace: string,
  path: ObjectPath.ObjectPath
): Answer<Found> => Either.flatMap(target(snapshot, namespace, path), (at) => held(snapshot, namespace, path, at))

/** The path of an instance that a provider has: whole, and in the spelling of its class. */
const servedAt = (namespace: string, server: string, at: Target): ObjectPath.ObjectPath =>
  Identity.pathOf(server, namespace, at.resolvedClass, at.values)

/**
 * An instance that a provider has: which provider, and the path to ask it for.
 *
 * @since 0.1.0
 * @category combinators
 */
export const served = (
  snapshot: Snapshot.Snapshot,
  namespace: string,
  path: ObjectPath.ObjectPath,
  server: string
): Answer<ProviderCall & { readonly path: ObjectPath.ObjectPath }> =>
  Either.map(target(snapshot, namespace, path), (at) => {
    const { className, provider } = providers(at.resolvedClass).at(-1)!
    return { className, provider: provider ?? "", path: servedAt(namespace, server, at) }
  })

const deleteInstance = (snapshot: Snapshot.Snapshot, request: DeleteRequest): Answer<DeleteDecision> =>
  Either.flatMap(target(snapshot, request.namespace, request.path), (at): Answer<DeleteDecision> => {
    const violation = accessError(snapshot, request.call, request.namespace, rightFor(at.resolvedClass), "DL-7")
    if (violation !== undefined) return Either.left(violation)
    if (at.resolvedClass.isDynamic) {
      return Either.right({
        path: servedAt(request.namespace, request.call.server, at),
        changes: none,
        events: none,
        delegate: providers(at.resolvedClass).map(({ className, provider }) => ({
          className,
          provider: provider ?? ""
        }))
      })
    }
    return Either.flatMap(held(snapshot, request.namespace, request.path, at), ({ instance, resolvedClass }) => {
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
      const into: Deletions = { changes: [], events: [] }
      removeInstance(snapshot, request, namespace, resolvedClass, { root: at.root, key: at.key }, instance, into)
      const path = Identity.pathOf(request.call.server, request.namespace, resolvedClass, instance.values)
      return allowed(snapshot, request, { path, ...into, delegate: none })
    })
  })

/**
 * What a delete would change, or why not.
 *
 * @since 0.1.0
 * @category combinators
 */
export const decide = (snapshot: Snapshot.Snapshot, request: DeleteRequest): Answer<DeleteDecision> => {
  const illegal = illegalFlags(request.flags)
  if (illegal !== undefined) return Either.left(illegal)
  const refusal = admissionError(snapshot, request.call, request.namespace)
  if (refusal !== undefined) return Either.left(refusal)
  return Either.flatMap(
    objectOf(request.path, request.namespace, request.call.server),
    (path) =>
      path.singleton || path.keys.length > 0 ? deleteInstance(snapshot, request) : deleteClass(snapshot, request)
  )
}
