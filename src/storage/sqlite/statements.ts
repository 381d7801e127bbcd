/**
 * A `StoreBackend` over SQLite: one writer at a time, so a transaction that begins as a writer needs no versions.
 *
 * Lists go in as one JSON parameter each: a call into SQLite costs more than an element of it.
 *
 * @internal
 */
import type * as Effect from "effect/Effect"
import * as CimName from "../../model/CimName.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import { isTaken, takenBack } from "../refusedRows.ts"
import {
  countOf,
  dump,
  forgetEverything,
  inHistory,
  instanceOf,
  namespaceNames,
  namespacesOf,
  schemaChange,
  schemaChangesOf
} from "../sql/sqlDatabase.ts"
import type { Row, Statements } from "../sql/statements.ts"
import type { RowId } from "../../codec/storedObject.ts"
import type {
  Ask,
  Commit,
  Conflict,
  Contents,
  Found,
  InstanceRow,
  InstanceWrite,
  Procedure,
  SchemaChanges,
  SchemaVersion,
  StoreBackend,
  Wanted
} from "../rowDatabase.ts"
import { type Reads, rowsOf, select } from "./queries.ts"
import { fitting, inChunks } from "../textLimits.ts"

/** About most characters of a statement's rows: a Durable Object takes no text above 2 MB, with every escape in it. */
const mostText = 400_000

/** Rows of one place; most looks and writes have one. */
const byPlace = <A extends RowId>(rows: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> => {
  const places = new Map<string, Array<A>>()
  for (const row of rows) {
    const place = `${row.namespace}:${row.root}`
    const known = places.get(place)
    if (known === undefined) places.set(place, [row])
    else known.push(row)
  }
  return [...places.values()]
}

const list = (of: ReadonlyArray<unknown>): string => fitting(() => JSON.stringify(of))

/** Instances of a class are found in two places: those of a key root among all of its tree, the others by an index of their own. */
const ofItsRoot = "namespace = ? and root = ? and class = ?"
const belowItsRoot = "namespace = ? and class = ? and class <> root"
/** Left to itself SQLite takes the primary key, and reads the whole namespace. */
const byClass = "indexed by effect_wmi_instance_class"

const rowColumns = ["namespace", "root", "key", "version", "body"]
const instanceColumns = rowColumns.join(", ")

const one = `select ${instanceColumns} from effect_wmi_instance where namespace = ? and root = ? and key = ?`
const selectOne = select(rowColumns, one)

// `cross join` says which table comes first: the other way round the list would be read again for every row.
const selectMany = select(
  rowColumns,
  `select i.namespace, i.root, i.key, i.version, i.body from json_each(?) j
  cross join effect_wmi_instance i on i.namespace = ? and i.root = ? and i.key = j.value`
)

function* loadRows(rows: ReadonlyArray<RowId>, reads: Reads): Statements<ReadonlyArray<Row>> {
  const { key, namespace, root } = rows[0]!
  if (rows.length === 1) return yield* rowsOf(selectOne, [namespace, root, key], reads)
  const found: Array<Row> = []
  for (const some of inChunks(rows, mostText)) {
    const keys = list(some.map((one) => one.key))
    for (const row of yield* rowsOf(selectMany, [keys, namespace, root], reads)) found.push(row)
  }
  return found
}

const selectClass = select(
  rowColumns,
  `select ${instanceColumns} from effect_wmi_instance where ${ofItsRoot}
  union all select ${instanceColumns} from effect_wmi_instance ${byClass} where ${belowItsRoot}`
)

const selectCount = `select ? as namespace, ? as class, (select count(*) from effect_wmi_instance where ${ofItsRoot})
  + (select count(*) from effect_wmi_instance ${byClass} where ${belowItsRoot}) as n`

const namespaceColumns = ["folded", "name", "token"]
const selectNamespaces = `select ${namespaceColumns.join(", ")} from effect_wmi_namespace where alive and folded in`

/** A look has two or three, a namespace and those above it: a list of its own for each number costs less than JSON. */
const selectSome = Array.from(
  { length: 9 },
  (_, n) => select(namespaceColumns, `${selectNamespaces} (${Array(n).fill("?").join(", ")})`)
)
const selectAll = select(namespaceColumns, `${selectNamespaces} (select value from json_each(?))`)

/** A namespace has its name in the place of the root, and no key: a row has one. */
const selectWithOne = selectSome.map(({ text }) =>
  select(
    rowColumns,
    `${
      text.replace("folded, name, token", "folded as namespace, name as root, '' as key, token as version, '' as body")
    }
  union all ${one}`
  )
)

/** What a put of an instance mostly wants, in one statement: a few namespaces and a row. */
function* loadOne(
  namespaces: ReadonlyArray<string>,
  { key, namespace, root }: RowId,
  reads: Reads
): Statements<Found> {
  const rows = yield* rowsOf(selectWithOne[namespaces.length]!, [...namespaces, namespace, root, key], reads)
  const spaces: Array<Row> = []
  const instances: Array<InstanceRow> = []
  for (const row of rows) {
    if (row["key"] === "") spaces.push({ folded: row["namespace"], name: row["root"], token: row["version"] })
    else instances.push(instanceOf(row))
  }
  return { ...namespacesOf(spaces), instances, counts: [] }
}

/** Whether what is wanted is seen at one moment without a transaction, because it takes one statement. */
export const isOneStatement = ({ classes, counts, namespaces, rows }: Wanted): boolean =>
  classes.length === 0 && counts.length === 0 && (rows.length === 0 || (rows.length === 1 && namespaces.length <= 8))

function* load(wanted: Wanted, reads: Reads): Statements<Found> {
  const { classes, counts, namespaces, rows } = wanted
  if (rows.length === 1 && isOneStatement(wanted)) return yield* loadOne(namespaces, rows[0]!, reads)
  const some = selectSome[namespaces.length]
  const spaces = some === undefined
    ? yield* rowsOf(selectAll, [list(namespaces)], reads)
    : yield* rowsOf(some, namespaces, reads)
  const instances: Array<InstanceRow> = []
  for (const place of rows.length > 1 ? byPlace(rows) : rows.length === 1 ? [rows] : []) {
    for (const row of yield* loadRows(place, reads)) instances.push(instanceOf(row))
  }
  for (const { className, namespace } of classes) {
    const found = yield* rowsOf(selectClass, [namespace, className, className, namespace, className], reads)
    for (const row of found) instances.push(instanceOf(row))
  }
  const numbers: Array<Found["counts"][number]> = []
  for (const { className, namespace } of counts) {
    const found = yield [
      selectCount,
      [namespace, className, namespace, className, className, namespace, className]
    ]
    for (const row of found) numbers.push(countOf(row))
  }
  return { ...namespacesOf(spaces), instances, counts: numbers }
}

const schemaColumns = ["name", "counter", "token", "root", "key", "body"]
const selectSchema = `select w.name, w.counter, w.token, s.root, s.key, s.body
  from effect_wmi_namespace w left join effect_wmi_schema s on s.namespace = w.folded`
const selectChanges = select(
  schemaColumns,
  `${selectSchema} and s.version > ? where w.folded = ? and w.alive and w.history like ?`
)
const selectWhole = select(schemaColumns, `${selectSchema} and s.body is not null where w.folded = ? and w.alive`)

function* schemaChangesSince(
  namespace: string,
  seen: SchemaVersion | undefined,
  reads: Reads
): Statements<SchemaChanges | undefined> {
  if (seen !== undefined) {
    const rows = yield* rowsOf(selectChanges, [seen.counter, namespace, inHistory(seen.token)], reads)
    if (rows.length > 0) return schemaChangesOf(rows, false)
  }
  return schemaChangesOf(yield* rowsOf(selectWhole, [namespace], reads), true)
}

const columns = "(namespace, root, key, class, version, body)"

/** Rows of one place and class; a Durable Object takes a hundred parameters. */
const insert = (rows: number): string =>
  rows === 1
    ? `insert into effect_wmi_instance ${columns} values (?, ?, ?, ?, ?, ?)`
    : `insert into effect_wmi_instance ${columns} select p.*, r.column1, c.*, r.column2 from (select ?, ?) p, (select ?, ?) c,
        (values ${Array(rows).fill("(?, ?)").join(", ")}) r where true`

const overwrite = ` on conflict (namespace, root, key) do update set
  class = excluded.class, version = excluded.version, body = excluded.body`

/** So many rows a statement, the most first: a call costs more than a row, and each number is a statement of its own. */
const portions = [32, 16, 8, 4, 2, 1].map((rows) => ({
  rows,
  insert: insert(rows),
  overwrite: insert(rows) + overwrite
}))

const deleteMany =
  "delete from effect_wmi_instance where key in (select value from json_each(?)) and namespace = ? and root = ?"

/**
 * Rows of one place and class. One that was not there is inserted and nothing else: if it was presumed so and is there after all,
 * the statement fails, and with it the transaction.
 */
function* insertRows(
  version: number,
  rows: ReadonlyArray<InstanceWrite>,
  how: "insert" | "overwrite"
): Statements<void> {
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

function* writeInstances({ instances, version }: Pick<Commit, "instances" | "version">): Statements<void> {
  const kinds = new Map<string, Array<InstanceWrite>>()
  let kind: Array<InstanceWrite> | undefined
  let last: InstanceWrite | undefined
  const kindOf = ({ body, className, namespace, root, seen }: InstanceWrite): string =>
    `${
      body === undefined ? "gone" : seen === undefined ? `new ${className}` : `seen ${className}`
    }:${namespace}:${root}`
  for (const row of instances) {
    // Rows of one kind mostly follow each other.
    if (
      kind === undefined || last === undefined || last.root !== row.root || last.className !== row.className
      || last.namespace !== row.namespace || (last.seen === undefined) !== (row.seen === undefined)
      || (last.body === undefined) !== (row.body === undefined)
    ) {
      const name = kindOf(row)
      kind = kinds.get(name)
      if (kind === undefined) kinds.set(name, kind = [])
    }
    kind.push(row)
    last = row
  }
  for (const rows of kinds.values()) {
    const { body, namespace, root, seen } = rows[0]!
    if (body !== undefined) yield* insertRows(version, rows, seen === undefined ? "insert" : "overwrite")
    else {
      for (const some of inChunks(rows, mostText)) {
        yield [deleteMany, [list(some.map(({ key }) => key)), namespace, root]]
      }
    }
  }
}

const insertSchema = `insert into effect_wmi_schema (namespace, root, key, version, body)
  select value ->> 0, value ->> 1, value ->> 2,
    (select counter from effect_wmi_namespace where folded = value ->> 0), value ->> 3 from json_each(?) where true
  on conflict (namespace, root, key) do update set version = excluded.version, body = excluded.body`

function* writeSchema(
  { bumps, namespaces, schema, version }: Pick<Commit, "bumps" | "namespaces" | "schema" | "version">
): Statements<void> {
  const change = schemaChange(version)
  for (const [namespace] of bumps) yield [`update effect_wmi_namespace set ${change} where folded = ?`, [namespace]]
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
  for (const some of inChunks(schema, mostText)) {
    yield [
      insertSchema,
      [list(some.map(({ body, key, namespace, root }) => [namespace, root, key, body ?? null]))]
    ]
  }
}

/** The guards of a commit as a condition. */
const holding = (guards: number): string =>
  guards === 0
    ? "true"
    : `(select count(*) from effect_wmi_namespace where alive and (${
      Array(guards).fill("(folded = ? and token = ?)").join(" or ")
    })) = ${guards}`

const ifUnchanged = {
  insert: (guards: number) =>
    `insert into effect_wmi_instance ${columns} select ?, ?, ?, ?, ?, ? where ${
      holding(guards)
    } on conflict do nothing`,
  update: (guards: number) =>
    `update effect_wmi_instance set class = ?, version = ?, body = ?
      where namespace = ? and root = ? and key = ? and version = ? and ${holding(guards)}`,
  delete: (guards: number) =>
    `delete from effect_wmi_instance where namespace = ? and root = ? and key = ? and version = ? and ${
      holding(guards)
    }`
}

const conditionals = new Map<string, string>()

const conditional = (kind: keyof typeof ifUnchanged, guards: number): string => {
  const name = kind + guards
  let text = conditionals.get(name)
  if (text === undefined) conditionals.set(name, text = ifUnchanged[kind](guards))
  return text
}

/**
 * One statement that writes one row if nothing has changed of what was looked at, and so needs no transaction around it: it says by
 * the number of rows that it changed whether it did.
 */
export const writeOne = (
  { guards, instances, version }: Commit
): readonly [sql: string, parameters: ReadonlyArray<unknown>] => {
  const { body, className, key, namespace, root, seen } = instances[0]!
  const held = guards.flat()
  if (body === undefined) return [conditional("delete", guards.length), [namespace, root, key, seen, ...held]]
  return seen === undefined
    ? [conditional("insert", guards.length), [namespace, root, key, className, version, body, ...held]]
    : [conditional("update", guards.length), [className, version, body, namespace, root, key, seen, ...held]]
}

function* write(commit: Commit): Statements<true> {
  if (commit.schema.length > 0) yield* writeSchema(commit)
  yield* writeInstances(commit)
  return true
}

/** Puts other contents in the place of everything. */
export function* replace({ instances, namespaces, schema, version }: Contents): Statements<void> {
  for (const statement of forgetEverything(version)) yield [statement]
  yield* writeSchema({
    namespaces: namespaces.map((name) => ({ namespace: CimName.fold(name), name, alive: true })),
    schema,
    bumps: [],
    version
  })
  yield* writeInstances({ instances: instances.map((row) => ({ ...row, seen: undefined })), version })
}

/** What a procedure asks, in a transaction. */
export const answer = (ask: Ask, reads: Reads): Statements<unknown> => {
  switch (ask._tag) {
    case "Load":
      return load(ask.wanted, reads)
    case "SchemaChangesSince":
      return schemaChangesSince(ask.namespace, ask.seen, reads)
    case "Write":
      return write(ask.commit)
  }
}

/** The statements of a procedure. */
function* statementsOf<A>(begin: () => Procedure<A>, reads: Reads): Statements<A> {
  const procedure = begin()
  let step = procedure.next()
  while (step.done !== true) step = procedure.next(yield* answer(step.value, reads))
  return step.value
}

/** Runs something in a transaction of its own: one that only looks, or one that nobody else writes beside. */
export type Transact = <A>(what: "Look" | "Write", work: () => Statements<A>) => Effect.Effect<A, WbemError | Conflict>

/**
 * The backend over whatever runs transactions, with something cheaper where there is that. Unless its driver is known to survive damaged
 * text, text is read as bytes.
 */
export const over = (
  transact: Transact,
  optimistic?: StoreBackend["optimistic"],
  reads: Reads = "Bytes"
): StoreBackend => ({
  ...(optimistic === undefined ? {} : { optimistic }),
  reading: (look) => transact("Look", () => statementsOf(look, reads)),
  writing: (work) => transact("Write", () => statementsOf(work, reads)),
  wouldTake: (commit) =>
    isTaken(transact("Write", function* () {
      yield* write(commit)
      throw takenBack
    })),
  dump: transact("Look", () => dump((statement) => rowsOf(statement, [], reads))),
  namespaces: transact("Look", () => namespaceNames((statement) => rowsOf(statement, [], reads))),
  replace: (contents) => transact("Write", () => replace(contents))
})
