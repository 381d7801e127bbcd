/**
 * The SQLite dialect. SQLite has one writer at a time, so a transaction that begins as a writer needs no versions.
 *
 * Lists are one JSON parameter each: a call into SQLite costs more than an element of a list.
 *
 * @internal
 */
import type { RowId } from "../../codec/storedObject.ts"
import * as Eager from "../../internal/eager.ts"
import type { StoreError } from "../../protocol/WbemError.ts"
import type { InstanceRow, InstanceWrite, Loaded, ReadPlan, SchemaVersion, WriteSet } from "../rowDatabase.ts"
import type { SqlDialect, Statement } from "../sql/dialect.ts"
import type { Query, QueryError, Row } from "../sql/driver.ts"
import {
  countOf,
  inHistory,
  instanceOf,
  namespaceColumns,
  namespacesOf,
  rowColumns,
  schemaChange
} from "../sql/rows.ts"
import { inChunks, sized } from "../textLimits.ts"
import { type Reads, rowsOf, select } from "./damagedText.ts"

type Failing<A> = Eager.Eager<A, QueryError | StoreError>

/** About the most characters of a statement's rows: a Durable Object takes no text above 2 MB, escapes included. */
const maxText = 400_000

/** Rows by namespace and key root. */
const byKeyRoot = <A extends RowId>(rows: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> => {
  const keyRoots = new Map<string, Array<A>>()
  for (const row of rows) {
    const name = `${row.namespace}:${row.root}`
    const known = keyRoots.get(name)
    if (known === undefined) keyRoots.set(name, [row])
    else known.push(row)
  }
  return [...keyRoots.values()]
}

const list = (of: ReadonlyArray<unknown>): string => JSON.stringify(of)

/** Instances of the class of a key root are found by the primary key, those of its subclasses by an index of their own. */
const ofItsRoot = "namespace = ? and root = ? and class = ?"
const belowItsRoot = "namespace = ? and class = ? and class <> root"
/** Without a hint SQLite uses the primary key and reads the whole namespace. */
const byClass = "indexed by effect_wmi_instance_class"

const instanceColumns = rowColumns.join(", ")

const one = `select ${instanceColumns} from effect_wmi_instance where namespace = ? and root = ? and key = ?`
const selectOne = select(rowColumns, one)

// `cross join` says which table comes first: the other way round the list would be read again for every row.
const selectMany = select(
  rowColumns,
  `select i.namespace, i.root, i.key, i.version, i.body from json_each(?) j
  cross join effect_wmi_instance i on i.namespace = ? and i.root = ? and i.key = j.value`
)

const loadRows = (query: Query, rows: ReadonlyArray<RowId>, reads: Reads): Failing<ReadonlyArray<InstanceRow>> => {
  const { key, namespace, root } = rows[0]!
  if (rows.length === 1) {
    return Eager.map(rowsOf(query, selectOne, [namespace, root, key], reads), (found) => found.map(instanceOf))
  }
  return Eager.gen(function* () {
    const found: Array<InstanceRow> = []
    for (const some of inChunks(rows, maxText)) {
      const keys = yield* sized(() => list(some.map((one) => one.key)))
      for (const row of yield* rowsOf(query, selectMany, [keys, namespace, root], reads)) found.push(instanceOf(row))
    }
    return found
  })
}

const selectClass = select(
  rowColumns,
  `select ${instanceColumns} from effect_wmi_instance where ${ofItsRoot}
  union all select ${instanceColumns} from effect_wmi_instance ${byClass} where ${belowItsRoot}`
)

const selectCount = `select ? as namespace, ? as class, (select count(*) from effect_wmi_instance where ${ofItsRoot})
  + (select count(*) from effect_wmi_instance ${byClass} where ${belowItsRoot}) as n`

const selectNamespaces = `select ${namespaceColumns.join(", ")} from effect_wmi_namespace where alive and folded in`

/** Most reads have two or three namespaces (one and its ancestors): a statement for each number costs less than JSON. */
const selectSome = Array.from(
  { length: 9 },
  (_, n) => select(namespaceColumns, `${selectNamespaces} (${Array(n).fill("?").join(", ")})`)
)
const selectAll = select(namespaceColumns, `${selectNamespaces} (select value from json_each(?))`)

/** A namespace has its name in the column of the root, and an empty key, which no row has. */
const selectWithOne = selectSome.map(({ text }) =>
  select(
    rowColumns,
    `${
      text.replace("folded, name, token", "folded as namespace, name as root, '' as key, token as version, '' as body")
    }
  union all ${one}`
  )
)

/** What a put of an instance mostly reads, in one statement: a few namespaces and a row. */
const loadOne = (
  query: Query,
  namespaces: ReadonlyArray<string>,
  { key, namespace, root }: RowId,
  reads: Reads
): Failing<Loaded> =>
  Eager.map(rowsOf(query, selectWithOne[namespaces.length]!, [...namespaces, namespace, root, key], reads), (rows) => {
    const namespaceRows: Array<Row> = []
    const instances: Array<InstanceRow> = []
    for (const row of rows) {
      if (row["key"] === "") namespaceRows.push({ folded: row["namespace"], name: row["root"], token: row["version"] })
      else instances.push(instanceOf(row))
    }
    const { damaged, namespaces: found } = namespacesOf(namespaceRows)
    return { namespaces: found, damaged, instances, counts: [] }
  })

const load = (query: Query, { classes, counts, namespaces, rows }: ReadPlan, reads: Reads): Failing<Loaded> => {
  const some = selectSome[namespaces.length]
  if (rows.length === 1 && some !== undefined && classes.length === 0 && counts.length === 0) {
    return loadOne(query, namespaces, rows[0]!, reads)
  }
  if (rows.length + classes.length + counts.length === 0 && some !== undefined) {
    return Eager.map(
      rowsOf(query, some, namespaces, reads),
      (found) => ({ ...namespacesOf(found), instances: [], counts: [] })
    )
  }
  return Eager.gen(function* () {
    const namespaceRows = some === undefined
      ? yield* rowsOf(query, selectAll, [yield* sized(() => list(namespaces))], reads)
      : yield* rowsOf(query, some, namespaces, reads)
    const instances: Array<InstanceRow> = []
    for (const ofRoot of rows.length > 1 ? byKeyRoot(rows) : rows.length === 1 ? [rows] : []) {
      for (const row of yield* loadRows(query, ofRoot, reads)) instances.push(row)
    }
    for (const { className, namespace } of classes) {
      const parameters = [namespace, className, className, namespace, className]
      for (const row of yield* rowsOf(query, selectClass, parameters, reads)) instances.push(instanceOf(row))
    }
    const numbers: Array<Loaded["counts"][number]> = []
    for (const { className, namespace } of counts) {
      const parameters = [namespace, className, namespace, className, className, namespace, className]
      for (const row of yield* query(selectCount, parameters)) numbers.push(countOf(row))
    }
    return { ...namespacesOf(namespaceRows), instances, counts: numbers }
  })
}

const selectSchema = `select w.name, w.counter, w.token, s.root, s.key, s.body
  from effect_wmi_namespace w left join effect_wmi_schema s on s.namespace = w.folded`

const schemaChanges = (namespace: string, readVersion: SchemaVersion | undefined): Statement =>
  readVersion === undefined ? [`${selectSchema} and s.body is not null where w.folded = ? and w.alive`, [namespace]] : [
    `${selectSchema} and s.version > ? where w.folded = ? and w.alive and w.history like ?`,
    [readVersion.counter, namespace, inHistory(readVersion.token)]
  ]

const columns = "(namespace, root, key, class, version, body)"

/** Rows of one key root and class; a Durable Object takes a hundred parameters. */
const insert = (rows: number): string =>
  rows === 1
    ? `insert into effect_wmi_instance ${columns} values (?, ?, ?, ?, ?, ?)`
    : `insert into effect_wmi_instance ${columns} select p.*, r.column1, c.*, r.column2 from (select ?, ?) p, (select ?, ?) c,
        (values ${Array(rows).fill("(?, ?)").join(", ")}) r where true`

const overwrite = ` on conflict (namespace, root, key) do update set
  class = excluded.class, version = excluded.version, body = excluded.body`

/** Numbers of rows of a statement, largest first: a call costs more than a row, and each number is a statement of its own. */
const portions = [32, 16, 8, 4, 2, 1].map((rows) => ({
  rows,
  insert: insert(rows),
  overwrite: insert(rows) + overwrite
}))

const portionOfOne = portions[portions.length - 1]!

const deleteMany =
  "delete from effect_wmi_instance where key in (select value from json_each(?)) and namespace = ? and root = ?"

/**
 * Rows of one key root and class. A row that was absent is inserted without `on conflict`: if it was only assumed to be absent and
 * exists, the statement fails, and with it the transaction.
 */
function* insertRows(
  version: number,
  rows: ReadonlyArray<InstanceWrite>,
  how: "insert" | "overwrite"
): Iterable<Statement> {
  let from = 0
  for (const portion of portions) {
    for (; rows.length - from >= portion.rows; from += portion.rows) {
      const { className, namespace, root } = rows[from]!
      const parameters: Array<unknown> = [namespace, root]
      if (portion.rows === 1) parameters.push(rows[from]!.key, className, version, rows[from]!.body)
      else {
        parameters.push(className, version)
        for (let i = from; i < from + portion.rows; i++) parameters.push(rows[i]!.key, rows[i]!.body)
      }
      yield [portion[how], parameters]
    }
  }
}

/** Whether two rows are written by one statement. */
const isAlike = (one: InstanceWrite, other: InstanceWrite): boolean =>
  one.root === other.root && one.className === other.className && one.namespace === other.namespace
  && (one.readVersion === undefined) === (other.readVersion === undefined)
  && (one.body === undefined) === (other.body === undefined)

const kindOf = ({ body, className, namespace, root, readVersion }: InstanceWrite): string =>
  `${
    body === undefined ? "deleted" : readVersion === undefined ? `new ${className}` : `changed ${className}`
  }:${namespace}:${root}`

function* writeInstances({ instances, version }: WriteSet): Iterable<Statement> {
  const kinds = new Map<string, Array<InstanceWrite>>()
  let kind: Array<InstanceWrite> | undefined
  let last: InstanceWrite | undefined
  for (const row of instances) {
    // A row is compared with the one before it, which saves the lookup by name: successive rows are usually of one kind.
    if (kind === undefined || last === undefined || !isAlike(row, last)) {
      const name = kindOf(row)
      kind = kinds.get(name)
      if (kind === undefined) kinds.set(name, kind = [])
    }
    kind.push(row)
    last = row
  }
  for (const rows of kinds.values()) yield* writeKind(version, rows)
}

/** Rows that are alike. */
function* writeKind(version: number, rows: ReadonlyArray<InstanceWrite>): Iterable<Statement> {
  const { body, namespace, root, readVersion } = rows[0]!
  if (body !== undefined) return yield* insertRows(version, rows, readVersion === undefined ? "insert" : "overwrite")
  for (const some of inChunks(rows, maxText)) {
    yield [deleteMany, [list(some.map(({ key }) => key)), namespace, root]]
  }
}

const insertSchema = `insert into effect_wmi_schema (namespace, root, key, version, body)
  select value ->> 0, value ->> 1, value ->> 2,
    (select counter from effect_wmi_namespace where folded = value ->> 0), value ->> 3 from json_each(?) where true
  on conflict (namespace, root, key) do update set version = excluded.version, body = excluded.body`

function* writeSchema({ namespaces, schema, version, versionIncrements }: WriteSet): Iterable<Statement> {
  const change = schemaChange(version)
  for (const [namespace] of versionIncrements) {
    yield [`update effect_wmi_namespace set ${change} where folded = ?`, [namespace]]
  }
  for (const { alive, name, namespace } of namespaces) {
    if (alive) {
      yield [
        `insert into effect_wmi_namespace (folded, name, counter, alive, token, history)
          values (?, ?, 1, true, ${version}, ',${version},')
          on conflict (folded) do update set name = excluded.name, ${change}, alive = true`,
        [namespace, name]
      ]
    } else yield ["update effect_wmi_namespace set alive = false where folded = ?", [namespace]]
  }
  for (const some of inChunks(schema, maxText)) {
    yield [
      insertSchema,
      [list(some.map(({ body, key, namespace, root }) => [namespace, root, key, body ?? null]))]
    ]
  }
}

const isOnlyInstances = ({ namespaces, schema }: WriteSet): boolean => schema.length === 0 && namespaces.length === 0

function* writeAll(set: WriteSet): Iterable<Statement> {
  if (!isOnlyInstances(set)) yield* writeSchema(set)
  yield* writeInstances(set)
}

/** What a single put mostly writes: one instance. */
const writeOne = ({ instances, version }: WriteSet): ReadonlyArray<Statement> => {
  const { body, className, key, namespace, readVersion, root } = instances[0]!
  return body === undefined
    ? [[deleteMany, [list([key]), namespace, root]]]
    : [[portionOfOne[readVersion === undefined ? "insert" : "overwrite"], [
      namespace,
      root,
      key,
      className,
      version,
      body
    ]]]
}

/** The dialect; `reads` says how its driver reads text that may be damaged. */
export const sqlite = (reads: Reads): SqlDialect => ({
  system: "sqlite",
  integer: "integer",
  tableSuffix: " without rowid",
  begin: { read: "begin", serializable: "begin immediate", dump: "begin" },
  keyText: "key",
  read: (query, { columns, text }, parameters = []) => rowsOf(query, select(columns, text), parameters, reads),
  load: (query, plan) => load(query, plan, reads),
  schemaChanges,
  write: (set) => set.instances.length === 1 && isOnlyInstances(set) ? writeOne(set) : writeAll(set)
})
