/**
 * The decision on a read: which object a path names, whether the caller may read it, and the object itself. Pure, like the
 * decisions on puts and deletes.
 *
 * A path is resolved in three steps, which `DeleteEngine` and `ReadSet` share:
 *
 *     path ── objectPath ──> path within the namespace (DL-2)
 *          ── target ──────> class, key root, row key (DL-5, DL-6)
 *          ── instanceAt ──> the stored instance and its class
 *
 * @since 0.1.0
 * @module
 */
import * as Either from "effect/Either"
import { instanceWith } from "../model/effectValue.ts"
import * as CimName from "../model/CimName.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { CimValue, ClassDefinition, Instance, WbemObject } from "../model/WbemObject.ts"
import type { GetRequest } from "../protocol/GetRequest.ts"
import * as WbemError from "../protocol/WbemError.ts"
import { hasLocalizedText, localized } from "./classes/amendment.ts"
import { isOrDerivesFrom, providerCalls, type ResolvedClass } from "./classes/ResolvedClass.ts"
import type { ProviderCall } from "./Decision.ts"
import * as Identity from "./identity.ts"
import { accessError, admissionError, namespaceNotFound } from "./rules/access.ts"
import { type RowKey, securityRoot } from "./state/namespaceTables.ts"
import * as Snapshot from "./state/Snapshot.ts"
import { resolved } from "./values.ts"

type Answer<A> = Either.Either<A, WbemError.GetError>
type ListAnswer<A> = Either.Either<A, WbemError.ListError>

/** The errors of a path: a read and a delete share them. */
type PathAnswer<A> = Either.Either<A, WbemError.AbsenceError | WbemError.PathError | WbemError.InvalidParameter>

/**
 * What an instance path names: its class, key root and row key, and the values of its keys in the types of the class.
 *
 * @since 0.1.0
 * @category models
 */
export interface Target {
  /** The class that the path names. */
  readonly resolvedClass: ResolvedClass
  /** The folded name of the key root (ID-1). */
  readonly root: string
  /** The identity within the root (ID-2). */
  readonly key: RowKey
  /** The values of the keys by the names of their properties. */
  readonly values: Readonly<Record<string, CimValue>>
}

/**
 * A stored instance and its class.
 *
 * @since 0.1.0
 * @category models
 */
export interface StoredInstance {
  /** The instance as it is stored. */
  readonly instance: Instance
  /** Its class, with what it inherits. */
  readonly resolvedClass: ResolvedClass
}

/**
 * An instance of a dynamic class: the provider to call, the path to give it, and whether the class reads with localised text.
 *
 * @since 0.1.0
 * @category models
 */
export interface ProvidedInstance extends ProviderCall {
  /** The path with every key and the spelling of the class. */
  readonly path: ObjectPath.ObjectPath
  /** Whether the class is read with localised text. */
  readonly isAmended: boolean
}

/**
 * The decision on a read: the object, or the provider that has it.
 *
 * @since 0.1.0
 * @category models
 */
export type GetDecision = WbemObject | ProvidedInstance

/**
 * Whether a provider has the object.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isProvided = (decision: GetDecision): decision is ProvidedInstance => !("_tag" in decision)

const invalidPath = (path: ObjectPath.ObjectPath, rule: string, detail: string): WbemError.InvalidObjectPath =>
  new WbemError.InvalidObjectPath({ input: ObjectPath.format(path), position: 0, rule, detail })

/**
 * Checks that a path names an object of a namespace, and completes it with that namespace. Fails with `InvalidObjectPath` for
 * the path of a namespace or a server, and with `InvalidParameter` for an object of another namespace or server (DL-2).
 *
 * @since 0.1.0
 * @category combinators
 */
export const objectPath = (
  path: ObjectPath.ObjectPath,
  namespace: string,
  server: string
): PathAnswer<ObjectPath.ObjectPath> => {
  if (path.className === undefined) return Either.left(invalidPath(path, "DL-2", "it names no object"))
  const isElsewhere = path.namespace !== undefined && !CimName.equals(path.namespace, namespace)
    || !ObjectPath.isOwnServer(path.server, server)
  return isElsewhere
    ? Either.left(
      new WbemError.InvalidParameter({
        parameter: "path",
        rule: "DL-2",
        detail: `${ObjectPath.format(path)} is not in \\\\${server}\\${namespace}`
      })
    )
    : Either.right(path.namespace === undefined ? ObjectPath.make({ ...path, namespace }) : path)
}

/**
 * Whether a path names an instance. Otherwise it names a class.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isInstancePath = (path: ObjectPath.ObjectPath): boolean => path.singleton || path.keys.length > 0

/** Reads the keys of a path as values of the properties of its class (`object-path` 4). */
const keyValues = (
  path: ObjectPath.ObjectPath,
  resolvedClass: ResolvedClass
): PathAnswer<Readonly<Record<string, CimValue>>> => {
  const { isSingleton: singleton, keys, name: className } = resolvedClass
  const bound = ObjectPath.bind(path, { className, keys, singleton })
  return Either.isLeft(bound)
    ? Either.left(invalidPath(path, "object-path 4", bound.left.reason))
    : Either.right(Object.fromEntries(bound.right.keys.map(({ name, value }) => [name!, value])))
}

/**
 * The row that an instance path names. Fails with `InvalidClass` (DL-5), `InvalidObjectPath` for keys that do not fit the
 * class, and `NoKey` for a class without keys.
 *
 * @since 0.1.0
 * @category combinators
 */
export const target = (
  snapshot: Snapshot.Snapshot,
  namespace: string,
  path: ObjectPath.ObjectPath
): PathAnswer<Target> => {
  const resolvedClass = Snapshot.resolvedClass(snapshot, namespace, path.className ?? "")
  if (resolvedClass === undefined) {
    return Either.left(new WbemError.InvalidClass({ className: path.className ?? "", rule: "DL-5" }))
  }
  return Either.flatMap(keyValues(path, resolvedClass), (values): PathAnswer<Target> => {
    const { root } = resolvedClass
    const key = Identity.rowKey(resolvedClass, values)
    return root === undefined || key === undefined
      ? Either.left(new WbemError.NoKey({ className: resolvedClass.name }))
      : Either.right({ resolvedClass, root, key, values })
  })
}

/**
 * The stored instance of a target, with its class. A path through a base class finds an instance of a subclass (DL-6); an
 * instance of any other class under the same key is `NotFound`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const instanceAt = (
  snapshot: Snapshot.Snapshot,
  namespace: string,
  path: ObjectPath.ObjectPath,
  { key, resolvedClass: { folded }, root }: Target
): PathAnswer<StoredInstance> => {
  const instance = Snapshot.occupant(snapshot, namespace, root, key)
  const resolvedClass = instance && Snapshot.resolvedClass(snapshot, namespace, instance.className)
  return instance === undefined || resolvedClass === undefined || !isOrDerivesFrom(resolvedClass, folded)
    ? Either.left(new WbemError.NotFound({ path, rule: "DL-5" }))
    : Either.right({ instance, resolvedClass })
}

/**
 * The path of an instance that a provider has: every key, in the spelling of its class.
 *
 * @since 0.1.0
 * @category combinators
 */
export const providedPath = (namespace: string, server: string, target: Target): ObjectPath.ObjectPath =>
  Identity.pathOf(server, namespace, target.resolvedClass, target.values)

/**
 * Marks an instance as read with localised text. An instance has no text of its own, but the text that was merged into its
 * class applies to it (PA-91).
 *
 * @since 0.1.0
 * @category combinators
 */
export const withAmended = (instance: Instance, isAmended: boolean): Instance =>
  isAmended ? Object.freeze(instanceWith(instance, { amended: true })) : instance

const readClass = (
  snapshot: Snapshot.Snapshot,
  { locales, namespace }: GetRequest,
  path: ObjectPath.ObjectPath
): Answer<ClassDefinition> => {
  const resolvedClass = Snapshot.resolvedClass(snapshot, namespace, path.className!)
  if (resolvedClass === undefined) return Either.left(new WbemError.NotFound({ path }))
  return Either.right(localized(snapshot, namespace, resolvedClass.definition, locales))
}

const readInstance = (
  snapshot: Snapshot.Snapshot,
  { call, locales, namespace }: GetRequest,
  path: ObjectPath.ObjectPath
): Answer<GetDecision> => {
  const isAmended = (resolvedClass: ResolvedClass): boolean =>
    hasLocalizedText(snapshot, namespace, resolvedClass, locales)
  const denied = Snapshot.resolvedClass(snapshot, namespace, path.className!)?.root === securityRoot
    ? accessError(snapshot, call, namespace, "ReadControl", "put-async 10")
    : undefined
  if (denied !== undefined) return Either.left(denied)
  return Either.flatMap(target(snapshot, namespace, path), (target): Answer<GetDecision> => {
    const { resolvedClass } = target
    if (resolvedClass.isDynamic) {
      const path = providedPath(namespace, call.server, target)
      return Either.right({ ...providerCalls(resolvedClass).at(-1)!, path, isAmended: isAmended(resolvedClass) })
    }
    return Either.map(
      instanceAt(snapshot, namespace, path, target),
      ({ instance, resolvedClass }) => withAmended(resolved(resolvedClass, instance), isAmended(resolvedClass))
    )
  })
}

/**
 * Reads one object: a class with its own members, or an instance with every property of its class. Fails with the status of the
 * refusal: the namespace, the rights of the caller, the path, the class, the object.
 *
 * @since 0.1.0
 * @category combinators
 */
export const decide = (snapshot: Snapshot.Snapshot, request: GetRequest): Answer<GetDecision> => {
  const { call, namespace } = request
  const refusal = admissionError(snapshot, call, namespace)
  if (refusal !== undefined) return Either.left(refusal)
  return Either.flatMap(
    objectPath(request.path, namespace, call.server),
    (path): Answer<GetDecision> => (isInstancePath(path) ? readInstance : readClass)(snapshot, request, path)
  )
}

/**
 * The classes of a namespace, parents first: with `system` the system classes in front, with `locales` merged with their text.
 * Fails with `InvalidNamespace`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const classes = (
  snapshot: Snapshot.Snapshot,
  namespace: string,
  options?: { readonly system?: boolean | undefined; readonly locales?: ReadonlyArray<string> | undefined }
): ListAnswer<ReadonlyArray<ClassDefinition>> => {
  if (Snapshot.namespaceName(snapshot, namespace) === undefined) return Either.left(namespaceNotFound(namespace))
  const definitions = Snapshot.classes(snapshot, namespace, options)
  return Either.right(definitions.map((definition) => localized(snapshot, namespace, definition, options?.locales)))
}

/**
 * The instances of a class and, unless `deep` is `false`, of its subclasses, with every property of their class. With `locales`
 * an instance whose class has text is marked `amended`. Fails with `InvalidNamespace` or `InvalidClass`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const instancesOf = (
  snapshot: Snapshot.Snapshot,
  namespace: string,
  className: string,
  options?: { readonly deep?: boolean | undefined; readonly locales?: ReadonlyArray<string> | undefined }
): ListAnswer<ReadonlyArray<Instance>> => {
  if (Snapshot.namespaceName(snapshot, namespace) === undefined) return Either.left(namespaceNotFound(namespace))
  if (Snapshot.resolvedClass(snapshot, namespace, className) === undefined) {
    return Either.left(new WbemError.InvalidClass({ className, detail: `not in ${namespace}` }))
  }
  const instances = Snapshot.instances(snapshot, namespace, className, { deep: options?.deep ?? true })
  const locales = options?.locales
  return Either.right(
    locales === undefined ? instances : instances.map((instance) => {
      const resolvedClass = Snapshot.resolvedClass(snapshot, namespace, instance.className)!
      return withAmended(instance, hasLocalizedText(snapshot, namespace, resolvedClass, locales))
    })
  )
}
