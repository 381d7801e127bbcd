/**
 * What a put or a look reads: what a store that keeps its rows elsewhere loads before it decides.
 *
 * It resolves in two steps. First the schema of the namespaces it names (classes, namespaces below, descriptor), which a store
 * keeps at hand with a version; with that, `rows` says which instances are needed, because an identity cannot be computed without
 * the class. Deciding on that slice gives the same answer as deciding on the whole. Where it names too little (a class that is put
 * earlier in the same batch makes an identity nobody could foresee), the slice says what was missed.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as CimName from "../model/CimName.ts"
import * as Locale from "../model/Locale.ts"
import type { ObjectPath } from "../model/ObjectPath.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import * as DeleteEngine from "./DeleteEngine.ts"
import { InstanceFacts } from "./Facts.ts"
import * as instanceShape from "./rules/instanceShape.ts"
import * as Snapshot from "./state/Snapshot.ts"
import { isSystemRoot, type RowKey } from "./state/namespaceTables.ts"

/**
 * What is wanted of one namespace: the holder of the identity of an instance put, the instance of a path, the instances of a
 * class (all of them when `whole`, else how many it and the classes below have).
 *
 * @since 0.1.0
 * @category models
 */
export type ReadTarget =
  | { readonly _tag: "Identity"; readonly put: DecodedPut }
  | { readonly _tag: "Path"; readonly namespace: string; readonly path: ObjectPath }
  | { readonly _tag: "Instances"; readonly namespace: string; readonly className: string; readonly whole: boolean }

/**
 * The namespaces whose schema is read, and the instances of them.
 *
 * @since 0.1.0
 * @category models
 */
export interface ReadSet {
  readonly namespaces: ReadonlyArray<string>
  readonly targets: ReadonlyArray<ReadTarget>
}

/**
 * A class of a namespace, both folded.
 *
 * @since 0.1.0
 * @category models
 */
export interface ClassOf {
  readonly namespace: string
  readonly className: string
}

/**
 * What has to be loaded of instances: single rows, whole classes, and of other classes how many instances they have.
 *
 * @since 0.1.0
 * @category models
 */
export interface ReadKeys {
  readonly rows: ReadonlyArray<{ readonly namespace: string; readonly root: string; readonly key: RowKey }>
  readonly classes: ReadonlyArray<ClassOf>
  readonly counts: ReadonlyArray<ClassOf>
}

/**
 * Reads nothing.
 *
 * @since 0.1.0
 * @category constructors
 */
export const none: ReadSet = { namespaces: [], targets: [] }

/**
 * Reads the schema of namespaces, and of those above them, and no instances.
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

/** The namespace of a class put, and with the amended flag the one that its text goes to. */
const namespacesOf = ({ call, namespace, object, options }: DecodedPut): ReadonlyArray<string> => {
  const locale = options.amended && object._tag === "Class" ? Locale.namespaceOf(namespace, call.locale) : undefined
  return locale === undefined
    ? Snapshot.namespaceAncestors(namespace)
    : [locale, ...Snapshot.namespaceAncestors(namespace)]
}

/**
 * The read set of one put: for an instance whoever holds its identity, for a class how many own and sub instances there are;
 * force mode may delete its own, so it reads them.
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
 * The read set of a look at the object of a path, or of its deletion as far as a path tells.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofPath = (namespace: string, path: ObjectPath): ReadSet => ({
  namespaces: Snapshot.namespaceAncestors(namespace),
  targets: path.singleton || path.keys.length > 0 ? [{ _tag: "Path", namespace, path }] : []
})

const isSameList = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/**
 * The read set of several puts together.
 *
 * @since 0.1.0
 * @category combinators
 */
export const union = (readSets: Iterable<ReadSet>): ReadSet => {
  const namespaces = new Map<string, string>()
  const targets: Array<ReadTarget> = []
  let last: ReadonlyArray<string> = []
  for (const readSet of readSets) {
    // Most puts of a batch go into one namespace, whose names are folded once.
    if (!isSameList(readSet.namespaces, last)) {
      last = readSet.namespaces
      for (const namespace of last) namespaces.set(CimName.fold(namespace), namespace)
    }
    for (const target of readSet.targets) targets.push(target)
  }
  return { namespaces: [...namespaces.values()], targets }
}

/** Whether the keys are good enough to have an identity; a put whose keys are not is refused before it is looked for. */
const hasIdentity = (facts: InstanceFacts): boolean =>
  facts.resolvedClass !== undefined && !facts.resolvedClass.isDynamic
  && instanceShape.keyOrSingleton(facts) === undefined
  && instanceShape.keyValues(facts) === undefined

/** The row of one identity; `undefined` when it has none, or belongs to the schema. */
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
  const target = DeleteEngine.target(schema, namespace, path)
  if (Either.isLeft(target) || target.right.resolvedClass.isDynamic) return undefined
  return { namespace: CimName.fold(namespace), root: target.right.root, key: target.right.key }
}

/**
 * The instances to load, given the schema. Those of system classes are part of it and not named.
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
