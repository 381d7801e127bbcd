/**
 * A `RowDatabase` over a storage that has compare-and-set and no transactions. Its keys and values are in `kv/values.ts`.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type { ClassOf } from "../../engine/ReadSet.ts"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import * as CimName from "../../model/CimName.ts"
import type { StoreError } from "../../protocol/WbemError.ts"
import { isAccepted } from "../refusedRows.ts"
import { wbemError } from "../sql/failures.ts"
import type { RowId } from "../../codec/storedObject.ts"
import {
  caught,
  Conflict,
  type Contents,
  type Dump,
  type InstanceRow,
  type Loaded,
  type ReadPlan,
  type RowDatabase,
  type RowSession,
  type SchemaChanges,
  type WriteSet
} from "../rowDatabase.ts"
import { contentsOf } from "../storedState.ts"
import { nextVersion } from "../writeSet.ts"
import { formValues, prepare } from "./migration.ts"
import {
  add,
  countsKey,
  countsKeys,
  countsOf,
  countsText,
  formKey,
  idOf,
  type InstanceCounts,
  namespaceOf,
  part,
  rowKey,
  rowOf,
  rowsOf,
  rowText,
  type RowValue,
  schemaKey,
  schemaText,
  spaceKey,
  spaceOf,
  spacePrefix,
  spaceText,
  type SpaceValue,
  split,
  type Versioned,
  type VersionedStorage
} from "./values.ts"
import type { StoreFailure } from "../../emulator/StoreFailure.ts"

type Failing<A> = Effect.Effect<A, StoreError | Conflict>

const reading = <A>(effect: Effect.Effect<A, StoreFailure>): Failing<A> =>
  Effect.mapError(
    effect,
    (failure) => failure.reason === "Conflict" ? new Conflict(failure) : wbemError(failure, false)
  )

const conflict: Failing<never> = Effect.fail(new Conflict())

/** What one attempt has read, with the versions. */
class Session {
  private readonly storage: VersionedStorage
  /** The values that the attempt relies on: they are compared by its commit. */
  readonly readValues: Map<string, Versioned | undefined> = new Map()
  /** Values that were read in the same call and are relied on only if they are used. */
  private readonly prefetched: Map<string, Versioned | undefined> = new Map()
  private readonly ranges: Map<string, ReadonlyMap<string, string>> = new Map()

  constructor(storage: VersionedStorage) {
    this.storage = storage
  }

  private forget(): void {
    this.readValues.clear()
    this.prefetched.clear()
    this.ranges.clear()
  }

  /** Reads keys that were not read yet, and in the same call keys that may be needed later. */
  read(keys: Iterable<string>, along: Iterable<string> = []): Failing<void> {
    const wanted = new Set(keys)
    for (const key of wanted) if (this.prefetched.has(key)) this.readValues.set(key, this.prefetched.get(key))
    const missing = [...wanted].filter((key) => !this.readValues.has(key))
    const besides = [...new Set(along)].filter((key) => !wanted.has(key))
    if (missing.length === 0) return Effect.void
    return Effect.map(reading(this.storage.rows([...missing, ...besides])), (found) => {
      missing.forEach((key, i) => this.readValues.set(key, found[i]))
      besides.forEach((key, i) => this.prefetched.set(key, found[missing.length + i]))
    })
  }

  /** Reads all keys with a prefix. */
  range(prefix: string): Failing<ReadonlyArray<readonly [key: string, value: string]>> {
    return Effect.map(reading(this.storage.range(prefix)), (found) => {
      for (const [key, held] of found) this.readValues.set(key, held)
      this.ranges.set(prefix, new Map(found.map(([key, { version }]) => [key, version])))
      return found.map(([key, { value }]) => [key, value] as const)
    })
  }

  /** Fails with a conflict unless all that was read is unchanged: then it was read as of one moment, because no version repeats. */
  verify(): Failing<void> {
    const keys = [...this.readValues.keys()].filter((key) => ![...this.ranges.values()].some((range) => range.has(key)))
    if (this.ranges.size === 0 && keys.length < 2) return Effect.void
    const compareKeys = keys.length === 0 ? Effect.void : Effect.flatMap(
      reading(this.storage.rows(keys)),
      (now) => keys.every((key, i) => this.readValues.get(key)?.version === now[i]?.version) ? Effect.void : conflict
    )
    const compareRanges = Effect.forEach(
      this.ranges,
      ([prefix, was]) =>
        Effect.flatMap(
          reading(this.storage.range(prefix)),
          (now) =>
            now.length === was.size && now.every(([key, { version }]) => was.get(key) === version)
              ? Effect.void
              : conflict
        ),
      { discard: true }
    )
    return Effect.zipRight(compareKeys, compareRanges)
  }

  space(namespace: string): SpaceValue | undefined {
    const text = this.readValues.get(spaceKey(namespace))?.value
    return text === undefined ? undefined : spaceOf(text)
  }

  /** The instance counts of a namespace, as far as they were read. */
  private counted(namespace: string): InstanceCounts {
    const all: InstanceCounts = new Map()
    for (const key of countsKeys(namespace)) {
      for (const [className, { n, root }] of countsOf(key, this.readValues.get(key)?.value)) {
        add(all, className, root, n)
      }
    }
    return all
  }

  load({ classes, counts, namespaces, rows }: ReadPlan): Failing<Loaded> {
    this.forget()
    const populated = [...new Set([...classes, ...counts].map(({ namespace }) => namespace))]
    const keys = [
      ...namespaces.map(spaceKey),
      ...rows.map(rowKey),
      ...populated.flatMap(countsKeys)
    ]
    const along = rows.map(({ key, namespace }) => countsKey(namespace, key))
    return Effect.flatMap(this.read(keys, along), () =>
      caught(() => {
        const countsByNamespace = new Map(populated.map((namespace) => [namespace, this.counted(namespace)]))
        const instances: Array<InstanceRow> = []
        for (const id of rows) {
          const text = this.readValues.get(rowKey(id))?.value
          if (text !== undefined) {
            instances.push({ namespace: id.namespace, root: id.root, key: id.key, ...rowOf(text) })
          }
        }
        const spaces = new Map<string, SpaceValue>()
        const damaged = new Map<string, string>()
        for (const namespace of namespaces) {
          const space = this.space(namespace)
          if (space?.damage !== undefined) damaged.set(namespace, space.damage)
          else if (space?.alive === true) spaces.set(namespace, space)
        }
        const found = {
          namespaces: spaces,
          damaged: damaged.size === 0 ? undefined : damaged,
          instances,
          counts: counts.map((one) => ({ ...one, n: countsByNamespace.get(one.namespace)?.get(one.className)?.n ?? 0 }))
        }
        return Effect.as(
          Effect.forEach(classes, (one) => this.members(one, countsByNamespace.get(one.namespace), instances), {
            discard: true
          }),
          found
        )
      }))
  }

  /** Loads the instances of a class from those of its key root; nothing is read for a class without instances. */
  private members(
    { className, namespace }: ClassOf,
    counts: InstanceCounts | undefined,
    into: Array<InstanceRow>
  ): Failing<void> {
    const counted = counts?.get(className)
    if (counted === undefined) return Effect.void
    return Effect.map(this.range(rowsOf(namespace, counted.root)), (found) => {
      for (const [key, text] of found) {
        const row = rowOf(text)
        if (row.className === className) into.push({ ...idOf(key), ...row })
      }
    })
  }

  /** All schema rows of a namespace, as of one moment: the version of the namespace is the same before and after. */
  schema(namespace: string): Failing<SchemaChanges | undefined> {
    const key = spaceKey(namespace)
    const space = this.space(namespace)
    if (space?.alive !== true) return Effect.succeed(undefined)
    return Effect.flatMap(
      reading(this.storage.range(`schema/${part(namespace)}/`)),
      (found) =>
        Effect.flatMap(
          reading(this.storage.rows([key])),
          ([now]) =>
            now?.version !== this.readValues.get(key)?.version ? conflict : Effect.succeed({
              name: space.name,
              version: { counter: space.counter, token: space.token },
              isComplete: true,
              rows: found.flatMap(([at, { value }]) => {
                const { root, key: name } = idOf(at)
                const { damage, rest } = split(value)
                return rest === "" ? [] : [{ root, key: name, body: rest, damage }]
              })
            })
        )
    )
  }

  /** Writes a set over the values that were read. */
  write(set: WriteSet): Failing<void> {
    const needed = [
      ...set.preconditions.map(([namespace]) => spaceKey(namespace)),
      ...set.versionIncrements.map(([namespace]) => spaceKey(namespace)),
      ...set.namespaces.map(({ namespace }) => spaceKey(namespace)),
      ...set.schema.map(schemaKey),
      ...set.instances.map(({ key, namespace }) => countsKey(namespace, key))
    ]
    return Effect.flatMap(this.read(needed), () => {
      for (const [namespace, token] of set.preconditions) if (this.space(namespace)?.token !== token) return conflict
      // Rows that were not loaded are assumed to be absent.
      for (const row of set.instances) {
        if (!this.readValues.has(rowKey(row))) this.readValues.set(rowKey(row), undefined)
      }
      return caught(() => this.commit(written(set, this)))
    })
  }

  /** Writes if all that was read is unchanged. */
  commit(values: ReadonlyMap<string, string | undefined>): Failing<void> {
    for (const key of values.keys()) if (!this.readValues.has(key)) this.readValues.set(key, undefined)
    const compared = Array.from(this.readValues, ([key, held]) => [key, held?.version] as const)
    return Effect.flatMap(
      Effect.mapError(
        this.storage.commit(compared, [...values]),
        (failure) => failure.reason === "Conflict" ? new Conflict(failure) : wbemError(failure, true)
      ),
      (done) => done ? Effect.void : conflict
    )
  }

  counts(key: string): InstanceCounts {
    return countsOf(key, this.readValues.get(key)?.value)
  }

  row(id: RowId): RowValue | undefined {
    const text = this.readValues.get(rowKey(id))?.value
    return text === undefined ? undefined : rowOf(text)
  }
}

/** The existing namespaces, and the problems of those that cannot be read. */
const namespacesOf = (
  found: ReadonlyArray<readonly [key: string, value: string]>
): { readonly alive: Array<SpaceValue>; readonly damaged: ReadonlyMap<string, string> | undefined } => {
  const alive: Array<SpaceValue> = []
  const damaged = new Map<string, string>()
  for (const [key, text] of found) {
    const space = spaceOf(text)
    if (space.damage !== undefined) damaged.set(namespaceOf(key), space.damage)
    else if (space.alive) alive.push(space)
  }
  return { alive, damaged: damaged.size === 0 ? undefined : damaged }
}

/** The values of a write set, by key. */
const written = (set: WriteSet, session: Session): ReadonlyMap<string, string | undefined> => {
  const values = new Map<string, string | undefined>()
  const spaces = new Map<string, SpaceValue>()
  const token = set.version
  for (const [namespace] of set.versionIncrements) {
    const before = session.space(namespace)
    if (before !== undefined) spaces.set(namespace, { ...before, counter: before.counter + 1, token })
  }
  for (const { alive, name, namespace } of set.namespaces) {
    const before = spaces.get(namespace) ?? session.space(namespace)
    if (alive) spaces.set(namespace, { name, counter: (before?.counter ?? 0) + 1, token, alive })
    else if (before !== undefined) spaces.set(namespace, { ...before, alive: false })
  }
  for (const [namespace, space] of spaces) values.set(spaceKey(namespace), spaceText(space))
  for (const row of set.schema) values.set(schemaKey(row), schemaText(token, row.body))
  const countsByKey = new Map<string, InstanceCounts>()
  for (const row of set.instances) {
    const before = session.row(row)
    values.set(rowKey(row), row.body === undefined ? undefined : rowText(set.version, row.className, row.body))
    if (before?.className === (row.body === undefined ? undefined : row.className)) continue
    const key = countsKey(row.namespace, row.key)
    const counts = countsByKey.get(key) ?? session.counts(key)
    countsByKey.set(key, counts)
    if (before !== undefined) add(counts, before.className, row.root, -1)
    if (row.body !== undefined) add(counts, row.className, row.root, 1)
  }
  for (const [key, counts] of countsByKey) values.set(key, countsText(set.version, counts))
  return values
}

/** The prefixes of the keys of a store. The key of its format version has none of them. */
const allPrefixes: ReadonlyArray<string> = [spacePrefix, "schema/", "row/", "tally/"]

/** The values that replace everything. Schema rows and namespaces that are not among the contents stay as deleted ones. */
const replaced = (contents: Contents, session: Session): ReadonlyMap<string, string | undefined> => {
  const token = contents.version
  const values = new Map<string, string | undefined>()
  const spaces = new Map<string, SpaceValue>()
  for (const [key, held] of session.readValues) {
    if (held === undefined) continue
    if (key.startsWith(spacePrefix)) {
      const before = spaceOf(held.value)
      if (before.damage === undefined) {
        spaces.set(CimName.fold(before.name), { ...before, counter: before.counter + 1, token, alive: false })
      } else values.set(key, undefined)
    } else if (!key.startsWith("schema/")) values.set(key, undefined)
  }
  for (const name of contents.namespaces) {
    const namespace = CimName.fold(name)
    spaces.set(namespace, { name, counter: spaces.get(namespace)?.counter ?? 1, token, alive: true })
  }
  for (const key of session.readValues.keys()) {
    if (key.startsWith("schema/")) values.set(key, schemaText(token, undefined))
  }
  for (const [namespace, space] of spaces) values.set(spaceKey(namespace), spaceText(space))
  for (const row of contents.schema) values.set(schemaKey(row), schemaText(token, row.body))
  const countsByKey = new Map<string, InstanceCounts>()
  for (const row of contents.instances) {
    values.set(rowKey(row), rowText(contents.version, row.className, row.body))
    const key = countsKey(row.namespace, row.key)
    const counts: InstanceCounts = countsByKey.get(key) ?? new Map()
    countsByKey.set(key, counts)
    add(counts, row.className, row.root, 1)
  }
  for (const [key, counts] of countsByKey) values.set(key, countsText(contents.version, counts))
  return values
}

/** The database of a storage. */
export const make = (storage: VersionedStorage): RowDatabase => {
  let ready = false
  /** An empty storage gets the namespaces that every server has. Of several processes that find it empty one fills it. */
  const begin: Failing<void> = Effect.suspend(() => {
    const session = new Session(storage)
    const contents = replaced(contentsOf(Snapshot.empty(), nextVersion()), session)
    return session.commit(new Map([...contents, ...formValues]))
  })
  const prepared: Failing<void> = Effect.suspend(() =>
    ready ? Effect.void : Effect.map(prepare(storage, begin), () => {
      ready = true
    })
  )
  const attempt = <A>(use: (session: Session) => Failing<A>): Failing<A> =>
    Effect.zipRight(prepared, Effect.suspend(() => use(new Session(storage))))
  const looking = <A>(use: (session: Session) => Failing<A>): Failing<A> =>
    attempt((session) => Effect.flatMap(use(session), (value) => Effect.as(session.verify(), value)))
  return {
    system: "key_value",
    isOptimistic: false,
    attempt: (_mode, work) =>
      attempt((session) => {
        let hasWritten = false
        const rows: RowSession = {
          load: (plan) => session.load(plan),
          schemaChangesSince: (namespace) => session.schema(namespace),
          write: (set) => {
            hasWritten = true
            return Effect.as(session.write(set), true)
          }
        }
        // A commit compares all that was read; an attempt without one has to compare it too.
        return Effect.flatMap(
          work(rows),
          (value) => hasWritten ? Effect.succeed(value) : Effect.as(session.verify(), value)
        )
      }),
    // A commit whose comparison must fail writes nothing; most services check its size first.
    accepts: (set) => {
      const values = written(set, new Session(storage))
      const compared = Array.from(values.keys(), (key) => [key, undefined] as const)
      return isAccepted(Effect.mapError(
        storage.commit([[formKey, "none"], ...compared], [...values]),
        (failure) => wbemError(failure, false)
      ))
    },
    namespaces: looking((session) =>
      Effect.map(
        session.range(spacePrefix),
        (found) => {
          const { alive, damaged } = namespacesOf(found)
          return { names: alive.map(({ name }) => name), damaged }
        }
      )
    ),
    dump: looking((session) =>
      Effect.map(
        Effect.all([session.range(spacePrefix), session.range("schema/"), session.range("row/")]),
        ([spaces, schema, rows]): Dump => {
          const { alive, damaged } = namespacesOf(spaces)
          return {
            namespaces: alive.map(({ name }) => name).sort(CimName.compare),
            damaged,
            schema: schema.flatMap(([key, text]) => {
              const { damage, rest } = split(text)
              return rest === "" ? [] : [{ ...idOf(key), body: rest, damage }]
            }),
            instances: rows.map(([key, text]) => {
              const { body, damage } = rowOf(text)
              return { ...idOf(key), body, damage }
            })
          }
        }
      )
    ),
    replace: (contents) =>
      attempt((session) =>
        Effect.flatMap(
          Effect.forEach(allPrefixes, (prefix) => session.range(prefix), { discard: true }),
          () => session.commit(replaced(contents, session))
        )
      )
  }
}
