/**
 * What a put may read: the part of a namespace that a store has to load before it decides.
 *
 * It resolves in two steps. First the schema of the namespaces it names (classes, namespaces below, descriptor), which a store
 * keeps at hand with a version; with that, `rows` says which instances are needed, because an identity cannot be computed without
 * the class.
 * Deciding on that slice gives the same answer as deciding on the whole.
 *
 * @since 0.1.0
 */
import * as CimName from "../model/CimName.ts"
import * as Locale from "../model/Locale.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import { InstanceFacts } from "./Facts.ts"
import * as instanceShape from "./rules/instanceShape.ts"
import * as Snapshot from "./Snapshot.ts"
import { namespaceRoot, type RowKey, securityRoot } from "./tables.ts"

/**
 * What is wanted of one namespace.
 *
 * @since 0.1.0
 * @category models
 */
export type Root =
  | { readonly _tag: "Identity"; readonly put: DecodedPut }
  | { readonly _tag: "Instances"; readonly namespace: string; readonly className: string }

/**
 * The namespaces whose schema is read, and the instances of them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Footprint {
  readonly namespaces: ReadonlyArray<string>
  readonly roots: ReadonlyArray<Root>
}

/**
 * What has to be loaded of instances: single rows, and whole classes.
 *
 * @since 0.1.0
 * @category models
 */
export interface Rows {
  readonly rows: ReadonlyArray<{ readonly namespace: string; readonly root: string; readonly key: RowKey }>
  /** Every instance of exactly these classes; of the classes below them it is enough to know how many there are. */
  readonly classes: ReadonlyArray<{ readonly namespace: string; readonly className: string }>
}

/**
 * The key roots whose rows belong to the schema of a namespace, beside its classes: the namespaces in it, and its descriptor. A
 * store loads them with the classes.
 *
 * @since 0.1.0
 * @category models
 */
export const schemaRoots: ReadonlyArray<string> = [namespaceRoot, securityRoot]

/**
 * Reads nothing.
 *
 * @since 0.1.0
 * @category constructors
 */
export const none: Footprint = { namespaces: [], roots: [] }

/**
 * Reads the schema of namespaces, and of those above them, and no instances.
 *
 * @since 0.1.0
 * @category constructors
 */
export const schema = (...namespaces: ReadonlyArray<string>): Footprint => ({
  namespaces: namespaces.flatMap(Snapshot.governing),
  roots: []
})

/** The namespace of a class put, and with the amended flag the one that its text goes to. */
const namespacesOf = ({ call, namespace, object, options }: DecodedPut): ReadonlyArray<string> => {
  const locale = options.amended && object._tag === "Class" ? Locale.namespaceOf(namespace, call.locale) : undefined
  return locale === undefined ? Snapshot.governing(namespace) : [locale, ...Snapshot.governing(namespace)]
}

/**
 * The footprint of one put: for an instance whoever holds its identity, for a class its own and sub instances.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (put: DecodedPut): Footprint => ({
  namespaces: namespacesOf(put),
  roots: [
    put.object._tag === "Instance"
      ? { _tag: "Identity", put }
      : { _tag: "Instances", namespace: put.namespace, className: put.object.name }
  ]
})

/**
 * The footprint of several puts together.
 *
 * @since 0.1.0
 * @category combinators
 */
export const union = (footprints: Iterable<Footprint>): Footprint => {
  const namespaces = new Map<string, string>()
  const roots: Array<Root> = []
  for (const footprint of footprints) {
    for (const namespace of footprint.namespaces) namespaces.set(CimName.fold(namespace), namespace)
    for (const root of footprint.roots) roots.push(root)
  }
  return { namespaces: [...namespaces.values()], roots }
}

/** Whether the keys are good enough to have an identity; a put whose keys are not is refused before it is looked for. */
const identified = (facts: InstanceFacts): boolean =>
  facts.lineage !== undefined && !facts.lineage.isDynamic && instanceShape.keyOrSingleton(facts) === undefined
  && instanceShape.keyValues(facts) === undefined

/**
 * The instances to load, given the schema.
 *
 * @since 0.1.0
 * @category combinators
 */
export const rows = (schema: Snapshot.Snapshot, footprint: Footprint): Rows => {
  const found: Array<{ readonly namespace: string; readonly root: string; readonly key: RowKey }> = []
  const classes: Array<{ readonly namespace: string; readonly className: string }> = []
  for (const root of footprint.roots) {
    if (root._tag === "Instances") {
      classes.push({ namespace: CimName.fold(root.namespace), className: root.className })
      continue
    }
    const { put } = root
    if (put.object._tag !== "Instance") continue
    const facts = new InstanceFacts(schema, put, put.object)
    if (!identified(facts)) continue
    const key = facts.rowKey
    if (key !== undefined) found.push({ namespace: CimName.fold(put.namespace), root: facts.lineage!.root!, key })
  }
  return { rows: found, classes }
}

/**
 * The slice of a snapshot that a footprint names: what a store would load. The rest is not there.
 *
 * @since 0.1.0
 * @category combinators
 */
export const slice = (whole: Snapshot.Snapshot, footprint: Footprint): Snapshot.Snapshot => {
  const namespaces = footprint.namespaces.flatMap((namespace) => Snapshot.namespaceName(whole, namespace) ?? [])
  let part = Snapshot.empty({ namespaces })
  for (const namespace of namespaces) {
    const descriptor = Snapshot.row(whole, namespace, securityRoot, "@")
    const own = descriptor === undefined ? [] : [descriptor]
    part = Snapshot.withObjects(part, namespace, [...Snapshot.classes(whole, namespace), ...own])
  }
  const wanted = rows(part, footprint)
  for (const { key, namespace, root } of wanted.rows) {
    const instance = Snapshot.row(whole, namespace, root, key)
    if (instance !== undefined) part = Snapshot.withObjects(part, namespace, [instance])
  }
  for (const { className, namespace } of wanted.classes) {
    const stored = Snapshot.stored(whole, namespace, className, { deep: true })
    part = Snapshot.withObjects(part, namespace, stored.map(({ instance }) => instance))
  }
  return part
}
