/**
 * The form of a store over a compare-and-set storage, and the migration from form 1 to form 2 (`codec/migration/formTwoMigration.ts`
 * describes the changes of rows).
 *
 * A storage limits what one commit writes, so a large store takes several. The first one marks the store: from then on a process of an
 * older version fails before it writes anything, because it cannot read `space/root`, and its commits compare that key. The last one
 * records that the store has form 2. Processes of this version that find a marked store continue its migration; every commit compares
 * the mark, so none of them writes after the last one.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type { StoreError } from "../../protocol/WbemError.ts"
import * as FormTwoMigration from "../../codec/migration/formTwoMigration.ts"
import { nextVersion } from "../writeSet.ts"
import { wbemError } from "../sql/failures.ts"
import type { RowId } from "../../codec/storedObject.ts"
import { Conflict } from "../rowDatabase.ts"
import { StoreFailure } from "../../emulator/StoreFailure.ts"
import {
  add,
  countsKey,
  countsOf,
  countsText,
  formKey,
  idOf,
  type InstanceCounts,
  markKey,
  rowKey,
  rowOf,
  rowText,
  schemaKey,
  schemaText,
  spaceKey,
  spaceOf,
  spacePrefix,
  spaceText,
  split,
  type Versioned,
  type VersionedStorage
} from "./values.ts"

type Failing<A> = Effect.Effect<A, StoreError | Conflict>

/** The form of this version. */
const newest = 2

/**
 * The value in the place of the namespace `root` of form 1. A version of form 1 reads it as JSON and fails; the error of most runtimes
 * quotes a text as short as this.
 */
const mark = "update effect-wmi"

/** The value of `form`; with `root`, the text of `space/root` in form 1, the migration is not done. */
interface Form {
  readonly form: number
  readonly root?: string
}

const formText = (form: Form): string => JSON.stringify(form)

/** The values of a new store, besides its contents. */
export const formValues: ReadonlyArray<readonly [key: string, value: string]> = [
  [formKey, formText({ form: newest })],
  [markKey, mark]
]

const toError = (sent: boolean) => (failure: StoreFailure): StoreError | Conflict =>
  failure.reason === "Conflict" ? new Conflict(failure) : wbemError(failure, sent)

const refused = (reason: "Newer" | "NotOurs", detail: string): Failing<never> =>
  Effect.fail(wbemError(new StoreFailure({ reason, detail }), false))

const formOf = (text: string): Form | undefined => {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === "object" && read !== null && "form" in read && typeof read.form === "number"
      ? read as Form
      : undefined
  } catch {
    return undefined
  }
}

/** Brings a storage to the newest form; `begin` fills an empty one. */
export const prepare = (storage: VersionedStorage, begin: Failing<void>): Failing<void> =>
  Effect.flatMap(
    Effect.mapError(storage.rows([formKey, markKey]), toError(false)),
    ([form, marked]): Failing<void> => {
      if (form === undefined) return marked === undefined ? begin : markOld(storage, marked)
      const known = formOf(form.value)
      if (known === undefined) return refused("NotOurs", "the value of form is not that of a store")
      if (known.form > newest) return refused("Newer", `it is of form ${known.form}, this library knows ${newest}`)
      return known.root === undefined ? Effect.void : migrate(storage, form, known.root)
    }
  )

const commit = (
  storage: VersionedStorage,
  compared: ReadonlyArray<readonly [key: string, version: string | undefined]>,
  written: ReadonlyArray<readonly [key: string, value: string | undefined]>
): Failing<void> =>
  Effect.flatMap(
    Effect.mapError(storage.commit(compared, written), toError(true)),
    (done) => done ? Effect.void : Effect.fail(new Conflict())
  )

/** Marks a store of form 1, so that no process of an older version writes any more. */
const markOld = (storage: VersionedStorage, root: Versioned): Failing<void> =>
  Effect.zipRight(
    commit(storage, [[formKey, undefined], [markKey, root.version]], [
      [formKey, formText({ form: newest, root: root.value })],
      [markKey, mark]
    ]),
    Effect.suspend(() => prepare(storage, Effect.void))
  )

/** A namespace of form 1: its version, its name, and whether it exists. */
const oldSpace = (text: string): { readonly name: string; readonly alive: boolean } => {
  const [, name, alive] = JSON.parse(text) as [number, string, boolean]
  return { name, alive }
}

/** Writes of one commit: split over two commits one of them could be lost. */
type Group = Map<string, string | undefined>

/** The groups of the writes of rows. A row that moves to the address of another moved row is in the group of that row. */
const grouped = (
  targets: ReadonlyArray<FormTwoMigration.MigratedRow>,
  writesOf: (
    target: FormTwoMigration.MigratedRow
  ) => readonly [from: string | undefined, to: readonly [key: string, value: string]]
): ReadonlyArray<Group> => {
  const groups = new Map<string, Group>()
  for (const target of targets) {
    const [from, [to, value]] = writesOf(target)
    const mine = new Set([from, to].flatMap((key) => key === undefined ? [] : groups.get(key) ?? []))
    const group: Group = new Map([...mine].flatMap((one) => [...one]))
    if (from !== undefined && from !== to && !group.has(from)) group.set(from, undefined)
    group.set(to, value)
    for (const key of group.keys()) groups.set(key, group)
  }
  return [...new Set(groups.values())]
}

/** About the number of keys of the first commit; a commit that is too large for the storage is halved. */
const maxKeys = 100

const migrate = (storage: VersionedStorage, form: Versioned, root: string): Failing<void> =>
  Effect.flatMap(
    Effect.mapError(
      Effect.all(["space/", spacePrefix, "schema/", "row/", "tally/"].map((prefix) => storage.range(prefix))),
      toError(false)
    ),
    ([old = [], spaces = [], schema = [], rows = [], counts = []]) => {
      const version = nextVersion()
      const held = new Map([...old, ...spaces, ...schema, ...rows, ...counts])
      const there = new Map<string, { readonly folded: string; readonly name: string }>()
      for (const [key, { value }] of old) {
        const { alive, name } = oldSpace(key === markKey ? root : value)
        const folded = keyOf(key)
        if (alive) there.set(folded, { folded, name })
      }
      // Namespaces that an interrupted migration has written already.
      for (const [key, { value }] of spaces) {
        const { alive, name } = spaceOf(value)
        if (alive && !there.has(keyOf(key))) there.set(keyOf(key), { folded: keyOf(key), name })
      }
      const migration = FormTwoMigration.make(
        [...there.values()],
        schema.flatMap(([key, { value }]) => {
          const body = split(value).rest
          return body === "" ? [] : [{ ...idOf(key), body }]
        })
      )
      const stored = rows.map(([key, { value }]) => ({ ...idOf(key), ...rowOf(value) }))
      const instances = migration.assignKeys(stored.flatMap((row) => migration.instance(row) ?? []), () => undefined)
      const placed = [...migration.assignKeys(migration.schema, () => undefined), ...instances]
      const keyAt = (at: RowId, isOfSchema: boolean): string => isOfSchema ? schemaKey(at) : rowKey(at)
      const moved = grouped(placed.filter(FormTwoMigration.isChanged), (target) => {
        const { body, className, from, to } = target
        const isOfSchema = FormTwoMigration.isOfSchema(target)
        return [
          from === undefined ? undefined : keyAt(from, held.has(schemaKey(from))),
          [keyAt(to, isOfSchema), isOfSchema ? schemaText(version, body) : rowText(version, className, body)]
        ]
      })
      const rewritten = new Set(moved.flatMap((group) => [...group.keys()]))
      const isTombstone = (key: string, value: string): boolean => split(value).rest === "" && !rewritten.has(key)
      const steps: Array<Group> = [
        ...migration.namespaces.flatMap(({ name, to }) => {
          const key = spaceKey(to)
          const known = held.get(key)
          return known !== undefined && spaceOf(known.value).name === name
            ? []
            : [new Map([[key, spaceText({ token: version, counter: 1, name, alive: true })]])]
        }),
        ...moved,
        ...schema.flatMap(([key, { value }]) => isTombstone(key, value) ? [new Map([[key, undefined]])] : []),
        ...countGroups(placed, stored, version, held),
        ...old.flatMap(([key]) => key === markKey ? [] : [new Map([[key, undefined]])])
      ]
      return writeAll(storage, form, held, steps, maxKeys).pipe(
        Effect.zipRight(commit(storage, [[formKey, form.version]], [[formKey, formText({ form: newest })]])),
        Effect.zipRight(
          Effect.forEach(migration.duplicates, (one) => Effect.logWarning(FormTwoMigration.duplicateWarning(one)), {
            discard: true
          })
        )
      )
    }
  )

/** The namespace of a key. */
const keyOf = (key: string): string => idOf(`${key}///`).namespace

/** The changed counts of instances. */
const countGroups = (
  targets: ReadonlyArray<FormTwoMigration.MigratedRow>,
  stored: ReadonlyArray<RowId & { readonly className: string }>,
  version: number,
  held: ReadonlyMap<string, Versioned>
): ReadonlyArray<Group> => {
  const counted = new Map<string, InstanceCounts>()
  const count = ({ key, namespace, root }: RowId, className: string): void => {
    const at = countsKey(namespace, key)
    const counts = counted.get(at) ?? new Map()
    counted.set(at, counts)
    add(counts, className, root, 1)
  }
  const known = new Set<string>()
  for (const target of targets) {
    if (target.from !== undefined) known.add(rowKey(target.from))
    if (!FormTwoMigration.isOfSchema(target)) count(target.to, target.className)
  }
  for (const row of stored) if (!known.has(rowKey(row))) count(row, row.className)
  const texts = (counts: InstanceCounts): string => JSON.stringify([...counts].sort(([a], [b]) => a < b ? -1 : 1))
  const groups: Array<Group> = []
  for (const [key, counts] of counted) {
    if (texts(counts) !== texts(countsOf(key, held.get(key)?.value))) {
      groups.push(new Map([[key, countsText(version, counts)]]))
    }
  }
  for (const key of held.keys()) {
    if (key.startsWith("tally/") && !counted.has(key)) groups.push(new Map([[key, undefined]]))
  }
  return groups
}

/** Writes groups in as few commits as the storage takes. */
const writeAll = (
  storage: VersionedStorage,
  form: Versioned,
  held: ReadonlyMap<string, Versioned>,
  steps: ReadonlyArray<Group>,
  most: number
): Failing<void> => {
  if (steps.length === 0) return Effect.void
  const written = new Map(steps[0])
  let n = 1
  while (n < steps.length && written.size + steps[n]!.size <= most) {
    for (const [key, value] of steps[n]!) written.set(key, value)
    n++
  }
  const compared = Array.from(written.keys(), (key) => [key, held.get(key)?.version] as const)
  return Effect.matchEffect(storage.commit([[formKey, form.version], ...compared], [...written]), {
    onFailure: (failure) =>
      failure.reason === "TooBig" && n > 1
        ? writeAll(storage, form, held, steps, Math.floor(Math.min(most, written.size) / 2))
        : Effect.fail(toError(true)(failure)),
    onSuccess: (done): Failing<void> =>
      done ? writeAll(storage, form, held, steps.slice(n), most) : Effect.fail(new Conflict())
  })
}
