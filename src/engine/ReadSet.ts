/**
 * The read set of a decision: what a store with external rows loads before the decision is made.
 *
 * It is resolved in two steps. First the store loads the schema of the namespaces (classes, child namespaces,
 * descriptor); stores cache it under a version. Then `keys` computes the instances to load, because an identity cannot
 * be computed without its class. A decision over this partial snapshot equals the decision over the whole state. When a
 * read set names too little (a class that is put earlier in the same batch gives an instance its identity), the partial
 * snapshot records the missing reads.
 *
 * @since 0.1.0
 * @module
 */
import * as Either from "effect/Either"
import * as CimName from "../model/CimName.ts"
import * as Locale from "../model/Locale.ts"
import type { ObjectPath } from "../model/ObjectPath.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import * as GetEngine from "./GetEngine.ts"
import { InstanceFacts } from "./Facts.ts"
import * as instanceShape from "./rules/instanceShape.ts"
import * as Snapshot from "./state/Snapshot.ts"
import { isSystemRoot, type RowKey } from "./state/namespaceTables.ts"

/**
 * One read of a namespace: the occupant of the identity of an instance put, the instance at a path, or the instances of
 * a class. Of a class all instances are read when `whole`; otherwise only the number of instances of it and of the
 * classes below is read.
 *
 * @since 0.1.0
 * @category models
 */
export type ReadTarget =
  | { readonly _tag: "Identity"; readonly put: DecodedPut }
  | { readonly _tag: "Path"; readonly namespace: string; readonly path: ObjectPath }
  | { readonly _tag: "Instances"; readonly namespace: string; readonly className: string; readonly whole: boolean }

/**
 * The namespaces whose schema is read, and the instances to read in them.
 *
 * @since 0.1.0
 * @category models
 */
export interface ReadSet {
  /** Full names such as `root\cimv2`. Their classes are read. */
  readonly namespaces: ReadonlyArray<string>
  /** The instances to read. */
  readonly targets: ReadonlyArray<ReadTarget>
}

/**
 * A class of a namespace. Both names are folded.
 *
 * @since 0.1.0
 * @category models
 */
export interface ClassOf {
  /** The folded full name of the namespace. */
  readonly namespace: string
  /** The folded name of the class. */
  readonly className: string
}

/**
 * The instances to load: single rows, all instances of some classes, and the number of instances of others.
 *
 * @since 0.1.0
 * @category models
 */
export interface ReadKeys {
  /** Single rows: folded namespace, folded key root (ID-1), identity within the root (ID-2). */
  readonly rows: ReadonlyArray<{ readonly namespace: string; readonly root: string; readonly key: RowKey }>
  /** Classes all of whose own instances are loaded. */
  readonly classes: ReadonlyArray<ClassOf>
  /** Classes whose own instances are counted, not loaded. */
  readonly counts: ReadonlyArray<ClassOf>
}

/**
 * The empty read set.
 *
 * @since 0.1.0
 * @category constructors
 */
export const none: ReadSet = { namespaces: [], targets: [] }

/**
 * The read set of the schema of namespaces and of the namespaces above them, without instances.
 *
 * @since 0.1.0
 * @category constructors
 */
export const schema = (...namespaces: ReadonlyArray<string>): ReadSet => ({
  namespaces: namespaces.length === 1
    ? Snapshot.namespaceAncestors(namespaces[0]!)
    : namespaces.flatMap(Snapshot.namespaceAncestors),
  targets: []
})

/** The namespaces that a put reads. A class put with the amended flag also reads the namespace of its locale. */
const namespacesOf = ({ call, namespace, object, options }: DecodedPut): ReadonlyArray<string> => {
  const locale = options.amended && object._tag === "Class" ? Locale.namespaceOf(namespace, call.locale) : undefined
  return locale === undefined
    ? Snapshot.namespaceAncestors(namespace)
    : [locale, ...Snapshot.namespaceAncestors(namespace)]
}

/**
 * The read set of one put. An instance put reads the occupant of its identity. A class put reads how many instances the
 * class and the classes below have; in force mode it may delete its own instances, so it reads them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (put: DecodedPut): ReadSet => ({
  namespaces: namespacesOf(put),
  targets: [
    put.object._tag === "Instance" ? { _tag: "Identity", put } : {
      _tag: "Instances",
      namespace: put.namespace,
      className: put.object.name,
      whole: put.options.update === "Force"
    }
  ]
})

/**
 * The read set of reading or deleting the object at a path, as far as the path determines it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofPath = (namespace: string, path: ObjectPath): ReadSet => ({
  namespaces: Snapshot.namespaceAncestors(namespace),
  targets: GetEngine.isInstancePath(path) ? [{ _tag: "Path", namespace, path }] : []
})

const isSameList = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/**
 * The union of read sets: the read set of several decisions together.
 *
 * @since 0.1.0
 * @category combinators
 */
export const union = (readSets: Iterable<ReadSet>): ReadSet => {
  const namespaces = new Map<string, string>()
  const targets: Array<ReadTarget> = []
  let last: ReadonlyArray<string> = []
  for (const readSet of readSets) {
    // Most puts of a batch go into one namespace, so its names are folded once.
    if (!isSameList(readSet.namespaces, last)) {
      last = readSet.namespaces
      for (const namespace of last) namespaces.set(CimName.fold(namespace), namespace)
    }
    for (const target of readSet.targets) targets.push(target)
  }
  return { namespaces: [...namespaces.values()], targets }
}

/**
 * Whether the keys are valid and so give an identity. A put with invalid keys is refused before its occupant is read.
 */
const hasIdentity = (facts: InstanceFacts): boolean =>
  facts.resolvedClass !== undefined && !facts.resolvedClass.isDynamic
  && instanceShape.keyOrSingleton(facts) === undefined
  && instanceShape.keyValues(facts) === undefined

/** The row of the identity of a put; `undefined` when it has no identity, or the row belongs to the schema. */
const identityRow = (schema: Snapshot.Snapshot, put: DecodedPut): ReadKeys["rows"][number] | undefined => {
  if (put.object._tag !== "Instance") return undefined
  const facts = new InstanceFacts(schema, put, put.object)
  if (!hasIdentity(facts)) return undefined
  const key = facts.rowKey
  return key === undefined
    ? undefined
    : { namespace: CimName.fold(put.namespace), root: facts.resolvedClass!.root!, key }
}

const pathRow = (
  schema: Snapshot.Snapshot,
  namespace: string,
  path: ObjectPath
): ReadKeys["rows"][number] | undefined => {
  const target = GetEngine.target(schema, namespace, path)
  if (Either.isLeft(target) || target.right.resolvedClass.isDynamic) return undefined
  return { namespace: CimName.fold(namespace), root: target.right.root, key: target.right.key }
}

/**
 * The instances to load, computed with the schema. Instances of system classes belong to the schema and are left out.
 *
 * @since 0.1.0
 * @category combinators
 */
export const keys = (schema: Snapshot.Snapshot, readSet: ReadSet): ReadKeys => {
  const rows: Array<ReadKeys["rows"][number]> = []
  const classes: Array<ClassOf> = []
  const counts: Array<ClassOf> = []
  for (const target of readSet.targets) {
    if (target._tag !== "Instances") {
      const row = target._tag === "Path"
        ? pathRow(schema, target.namespace, target.path)
        : identityRow(schema, target.put)
      if (row !== undefined && !isSystemRoot(row.root)) rows.push(row)
      continue
    }
    const namespace = CimName.fold(target.namespace)
    const own = { namespace, className: CimName.fold(target.className) }
    if (target.whole) classes.push(own)
    else counts.push(own)
    for (const below of Snapshot.descendants(schema, target.namespace, target.className)) {
      counts.push({ namespace, className: below.folded })
    }
  }
  return { rows: rows, classes, counts }
}
