/**
 * The second form of the tables of a SQL store (`codec/migration/formTwoMigration.ts` describes the changes of rows). It runs in the
 * transaction of the migrator, so a migration that fails leaves the store unchanged.
 *
 * Besides, a store gets:
 *
 * - a token and a history of tokens for each namespace (`rowDatabase.SchemaVersion`). The counter of a namespace gets another name, so
 *   a process of an older version that has the store open fails at its next statement, before it writes anything.
 * - in PostgreSQL, a column for keys that are too long for an index (`postgres/keys.ts`).
 *
 * The rows of deleted namespaces and schema rows are removed: no process of form 2 has cached them.
 *
 * @internal
 */
import * as FormTwoMigration from "../../codec/migration/formTwoMigration.ts"
import type { RowId } from "../../codec/storedObject.ts"
import * as Eager from "../../internal/eager.ts"
import type { StoreError } from "../../protocol/WbemError.ts"
import { nextVersion } from "../writeSet.ts"
import type { SqlDialect, Statement, TableDialect } from "./dialect.ts"
import type { Query, QueryError, Row } from "./driver.ts"
import { rowColumns as instanceColumns, shown } from "./rows.ts"
import { runAll } from "./sqlDatabase.ts"

/** The statements that change tables of form 1, which may have rows. */
export const altering = ({ index, integer }: TableDialect): ReadonlyArray<string> => [
  "alter table effect_wmi_namespace rename column version to counter",
  `alter table effect_wmi_namespace add column token ${integer} not null default 0`,
  "alter table effect_wmi_namespace add column history text not null default ''",
  ...(index !== undefined
    ? ["alter table effect_wmi_schema add column long text", "alter table effect_wmi_instance add column long text"]
    : [])
]

/** Instance rows that are read in one statement. */
const pageSize = 1000

/** A value that is no text is damaged, and its row is not moved. */
const storedRow = (row: Row): FormTwoMigration.StoredRow => ({
  namespace: shown(row["namespace"]),
  root: shown(row["root"]),
  key: shown(row["key"]),
  body: shown(row["body"])
})

const rowColumns = instanceColumns.filter((column) => column !== "version")

/** Parameters are written `?`; PostgreSQL numbers them. */
const inDialect = ({ index }: TableDialect) => (sql: string): string => {
  let n = 0
  return index !== undefined ? sql.replace(/\?/g, () => `$${++n}`) : sql
}

/** The condition for a character beyond ASCII: only such rows are read. */
const isBeyondAscii = ({ index }: TableDialect, column: string): string =>
  index !== undefined
    ? `octet_length(convert_to(${column}, 'UTF8')) <> char_length(${column})`
    : `length(cast(${column} as blob)) <> length(${column})`

/** Brings the rows of tables that were just altered to form 2. Succeeds with the twins to warn about. */
export const toFormTwo = (
  dialect: SqlDialect,
  query: Query
): Eager.Eager<ReadonlyArray<FormTwoMigration.DuplicateIdentity>, QueryError | StoreError> =>
  Eager.gen(function* () {
    const read = reader(dialect, query)
    const say = inDialect(dialect)
    yield* query("delete from effect_wmi_schema where body is null")
    yield* query("delete from effect_wmi_namespace where not alive")
    const spaces = yield* read(
      ["folded", "name"],
      "select folded, name from effect_wmi_namespace order by folded"
    )
    const schema = yield* read(
      rowColumns,
      "select namespace, root, key, body from effect_wmi_schema order by namespace, root, key"
    )
    const migration = FormTwoMigration.make(
      spaces.map((row) => ({ folded: shown(row["folded"]), name: shown(row["name"]) })),
      schema.map(storedRow)
    )
    const version = nextVersion()

    for (const { from, name, to } of migration.namespaces) {
      yield* query(
        say(`update effect_wmi_namespace set folded = ?, name = ?, counter = counter + 1, token = ${version},
        history = ',${version},' where folded = ?`),
        [dialect.index?.namespace(to) ?? to, name, from]
      )
    }
    const placedSchema = migration.assignKeys(migration.schema, () => undefined)
    yield* runAll(query, () => write(dialect, placedSchema, "effect_wmi_schema", version))

    const targets: Array<FormTwoMigration.MigratedRow> = []
    for (const row of yield* affected(dialect, read, migration)) {
      const target = migration.instance(row)
      if (target !== undefined && (FormTwoMigration.isChanged(target) || isReindexed(dialect, target.to))) {
        targets.push(target)
      }
    }
    const occupants = new Map<string, string>()
    for (const { to } of targets.filter(FormTwoMigration.isMoved)) {
      const [found] = yield* read(
        rowColumns,
        "select namespace, root, key, body from effect_wmi_instance where namespace = ? and root = ? and key = ?",
        [to.namespace, to.root, dialect.index?.key(to.key) ?? to.key]
      )
      if (found !== undefined) occupants.set(addressOf(to), shown(found["body"]))
    }
    for (const { from } of targets) if (from !== undefined) occupants.delete(addressOf(from))
    const placed = migration.assignKeys(targets, (at) => occupants.get(addressOf(at)))
    yield* runAll(query, () => write(dialect, placed, "effect_wmi_instance", version))
    return migration.duplicates
  })

/** Reads rows; parameters are written `?`. */
type Read = (
  columns: ReadonlyArray<string>,
  text: string,
  parameters?: ReadonlyArray<unknown>
) => Eager.Eager<ReadonlyArray<Row>, QueryError>

const reader = (dialect: SqlDialect, query: Query): Read => (columns, text, parameters) =>
  dialect.read(query, { columns, text: inDialect(dialect)(text) }, parameters)

const addressOf = ({ key, namespace, root }: RowId): string => `${namespace}\0${root}\0${key}`

/** Whether the text of an index column changes. */
const isReindexed = ({ index }: TableDialect, { key, namespace }: RowId): boolean =>
  index !== undefined && (index.key(key) !== key || index.namespace(namespace) !== namespace)

/** The instance rows that may change: those that the fold changes, and those of classes that have another key root now. */
const affected = (
  dialect: SqlDialect,
  read: Read,
  migration: FormTwoMigration.Migration
): Eager.Eager<ReadonlyArray<FormTwoMigration.StoredRow>, QueryError> =>
  Eager.gen(function* () {
    const found = new Map<string, FormTwoMigration.StoredRow>()
    const classes = yield* read(
      ["namespace", "root", "class"],
      "select distinct namespace, root, class from effect_wmi_instance"
    )
    for (const one of classes) {
      const [namespace, root, className] = [shown(one["namespace"]), shown(one["root"]), shown(one["class"])]
      const now = migration.rootOf(namespace, className)
      if (now === undefined || now === root) continue
      const rows = yield* read(
        rowColumns,
        "select namespace, root, key, body from effect_wmi_instance where namespace = ? and root = ? and class = ?",
        [namespace, root, className]
      )
      for (const row of rows.map(storedRow)) found.set(addressOf(row), row)
    }
    const concerned = [
      ...rowColumns.map((column) => isBeyondAscii(dialect, column)),
      ...(dialect.index !== undefined ? ["char_length(namespace) > 200", "char_length(key) > 300"] : [])
    ].join(" or ")
    let from: RowId = { namespace: "", root: "", key: "" }
    for (;;) {
      const rows = yield* read(
        rowColumns,
        `select namespace, root, key, body from effect_wmi_instance
        where (namespace, root, key) > (?, ?, ?) and (${concerned}) order by namespace, root, key limit ${pageSize}`,
        [from.namespace, from.root, from.key]
      )
      const before = addressOf(from)
      for (const row of rows.map(storedRow)) {
        from = row
        if (FormTwoMigration.isAffected(row) || isReindexed(dialect, row)) found.set(addressOf(row), row)
      }
      // A damaged key may be stored elsewhere than it reads; then the next page would be this one again.
      if (rows.length < pageSize || addressOf(from) === before) return [...found.values()]
    }
  })

/** Writes what changes: first rows that leave an address, then rows that are moved to one. */
function* write(
  dialect: TableDialect,
  targets: ReadonlyArray<FormTwoMigration.MigratedRow>,
  table: "effect_wmi_schema" | "effect_wmi_instance",
  version: number
): Iterable<Statement> {
  const say = inDialect(dialect)
  const changed = targets.filter((target) => FormTwoMigration.isChanged(target) || isReindexed(dialect, target.to))
  for (const { from } of changed) {
    if (from === undefined) continue
    yield [
      say(`delete from ${table} where namespace = ? and root = ? and key = ?`),
      [from.namespace, from.root, from.key]
    ]
  }
  const { index } = dialect
  const [column, value] = index === undefined ? ["", ""] : [", long", ", ?"]
  for (const target of changed) {
    const { key, namespace, root } = target.to
    const place = [index?.namespace(namespace) ?? namespace, root, index?.key(key) ?? key]
    const rest = [target.body, ...(index === undefined ? [] : [index.long(key) ?? null])]
    yield FormTwoMigration.isOfSchema(target)
      ? [
        say(
          `insert into effect_wmi_schema (namespace, root, key, version, body${column}) values (?, ?, ?, 1, ?${value})`
        ),
        [...place, ...rest]
      ]
      : [
        say(`insert into effect_wmi_instance (namespace, root, key, class, version, body${column})
          values (?, ?, ?, ?, ${version}, ?${value})`),
        [...place, target.className, ...rest]
      ]
  }
}
