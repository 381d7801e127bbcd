/**
 * The PostgreSQL dialect, at READ COMMITTED.
 *
 * A put of instances is two statements without a transaction around them: a load of the namespaces and rows with their versions, and
 * a conditional write (`conditionalWrites.ts`). A transaction that changes classes, or must count instances, locks the rows of its
 * namespaces and waits for the conditional writes, which lock them in shared mode.
 *
 * Lists are JSON. A load of a few namespaces and one row, which nearly all are, has plain parameters.
 *
 * Used: primary keys, `insert … on conflict`, writes in `with`, `for update` and `for share`, `json_to_recordset` and
 * `string_to_array` for lists. Not used, so that PostgreSQL-compatible databases can take its place: advisory locks, sequences,
 * triggers, `xmin`, notify. Prepared statements outlive a transaction only over connections of our own, and are not relied on there
 * (`poolDriver.ts`).
 *
 * @internal
 */
import type { RowId } from "../../codec/storedObject.ts"
import * as Eager from "../../internal/eager.ts"
import type { Loaded, ReadPlan } from "../rowDatabase.ts"
import type { SqlDialect, Statement } from "../sql/dialect.ts"
import type { Query, QueryError } from "../sql/driver.ts"
import { countOf, inHistory, instanceOf, namespacesOf, schemaChange } from "../sql/rows.ts"
import { inChunks } from "../textLimits.ts"
import { conditionalWrite } from "./conditionalWrites.ts"
import {
  index,
  indexed,
  type IndexedWriteSet,
  indexedWriteSet,
  isLongNamespace,
  keyColumn,
  namespaceColumn
} from "./keys.ts"

/** Whatever the default of the server is: a read after a lock must see what was committed while it waited. */
export const beginReadCommitted = "begin isolation level read committed"

/** Names that PostgreSQL can store. Nothing exists under another name, and a query for it would be an error. */
const isText = (name: string): boolean => !/[\0\ud800-\udfff]/u.test(name)

const storable = (plan: ReadPlan): ReadPlan => ({
  namespaces: plan.namespaces.filter(isText),
  rows: plan.rows.filter(({ namespace, root }) => isText(namespace) && isText(root)),
  classes: plan.classes.filter(({ className, namespace }) => isText(namespace) && isText(className)),
  counts: plan.counts.filter(({ className, namespace }) => isText(namespace) && isText(className))
})

/** Rows by the texts of their index columns. */
const idsJson = (rows: ReadonlyArray<RowId>): string =>
  JSON.stringify(rows.map(({ key, namespace, root }) => ({ n: namespace, r: root, k: key })))

const classesJson = (classes: ReadonlyArray<{ readonly namespace: string; readonly className: string }>): string =>
  JSON.stringify(classes.map(({ className, namespace }) => ({ n: namespace, c: className })))

/** More namespaces than this are a list: otherwise the text would differ with their number. */
const maxNamed = 8

/** `$1, $2, …`; of none nothing. */
const numbered = (from: number, count: number): string =>
  count === 0 ? "null" : Array.from({ length: count }, (_, i) => `$${from + i}`).join(", ")

const columns = "namespace, root, coalesce(long, key) as key, version, body"

/** One branch of the load of rows, and its parameters. */
type Branch = readonly [sql: (at: number) => string, parameters: ReadonlyArray<unknown>]

/** `folded, name, token` of a namespace stand in `namespace, root, version`, the count of a class in `version`. */
const branches = ({ classes, counts, namespaces, rows }: ReadPlan): ReadonlyArray<Branch> => {
  const found: Array<Branch> = [
    namespaces.length <= maxNamed
      ? [
        (at) =>
          `select 0 as t, folded as namespace, name as root, '' as key, token as version, '' as body
            from effect_wmi_namespace where folded in (${numbered(at, namespaces.length)}) and alive`,
        namespaces
      ]
      : [
        (at) =>
          `select 0 as t, folded as namespace, name as root, '' as key, token as version, '' as body
            from effect_wmi_namespace where folded in (select json_array_elements_text($${at}::json)) and alive`,
        [JSON.stringify(namespaces)]
      ]
  ]
  if (rows.length === 1) {
    found.push([
      (at) =>
        `select 1, ${columns} from effect_wmi_instance where namespace = $${at} and root = $${at + 1} and key = $${
          at + 2
        }`,
      [rows[0]!.namespace, rows[0]!.root, keyColumn(rows[0]!.key)]
    ])
  } else if (rows.length > 1) {
    found.push([
      (at) =>
        `select 1, i.namespace, i.root, coalesce(i.long, i.key), i.version, i.body
          from json_to_recordset($${at}::json) as x(n text, r text, k text)
          join effect_wmi_instance i on i.namespace = x.n and i.root = x.r and i.key = x.k`,
      [idsJson(rows.map(indexed))]
    ])
  }
  if (classes.length > 0) {
    found.push([
      (at) =>
        `select 1, i.namespace, i.root, coalesce(i.long, i.key), i.version, i.body from json_to_recordset($${at}::json) as x(n text, c text)
          join effect_wmi_instance i on i.namespace = x.n and i.root = x.c and i.class = x.c
        union all
        select 1, i.namespace, i.root, coalesce(i.long, i.key), i.version, i.body from json_to_recordset($${at}::json) as x(n text, c text)
          join effect_wmi_instance i on i.namespace = x.n and i.class = x.c and i.class <> i.root`,
      [classesJson(classes)]
    ])
  }
  if (counts.length > 0) {
    found.push([
      (at) =>
        `select 2, x.n, x.c, '',
            (select count(*) from effect_wmi_instance i where i.namespace = x.n and i.root = x.c and i.class = x.c)
            + (select count(*) from effect_wmi_instance i where i.namespace = x.n and i.class = x.c and i.class <> i.root), ''
          from json_to_recordset($${at}::json) as x(n text, c text)`,
      [classesJson(counts)]
    ])
  }
  return found
}

/** Namespaces as the texts of their index columns; loaded rows get the names of the plan back. */
const byColumn = (plan: ReadPlan): ReadPlan => ({
  namespaces: plan.namespaces.map(namespaceColumn),
  rows: plan.rows.map((row) => ({ ...row, namespace: namespaceColumn(row.namespace) })),
  classes: plan.classes.map((one) => ({ ...one, namespace: namespaceColumn(one.namespace) })),
  counts: plan.counts.map((one) => ({ ...one, namespace: namespaceColumn(one.namespace) }))
})

/** The whole plan in one statement, and so as of one moment. */
const load = (query: Query, plan: ReadPlan): Eager.Eager<Loaded, QueryError> => {
  const named = storable(plan)
  // Every row and class of a plan is in a namespace of the plan.
  if (!named.namespaces.some(isLongNamespace)) return loadByColumns(query, named)
  const names = new Map(named.namespaces.map((namespace) => [namespaceColumn(namespace), namespace]))
  const full = <A extends { readonly namespace: string }>(one: A): A => ({
    ...one,
    namespace: names.get(one.namespace) ?? one.namespace
  })
  return Eager.map(loadByColumns(query, byColumn(named)), ({ counts, damaged, instances, namespaces }) => ({
    namespaces: new Map(Array.from(namespaces, ([namespace, row]) => [names.get(namespace) ?? namespace, row])),
    damaged: damaged && new Map(Array.from(damaged, ([namespace, why]) => [names.get(namespace) ?? namespace, why])),
    instances: instances.map(full),
    counts: counts.map(full)
  }))
}

const loadByColumns = (query: Query, plan: ReadPlan): Eager.Eager<Loaded, QueryError> => {
  const parameters: Array<unknown> = []
  const statement = branches(plan).map(([sql, own]) => {
    const text = sql(parameters.length + 1)
    parameters.push(...own)
    return text
  }).join(" union all ")
  const { classes, counts, namespaces, rows } = plan
  const isPrepared = namespaces.length <= maxNamed && rows.length <= 1 && classes.length + counts.length === 0
  return Eager.map(query(statement, parameters, { isPrepared }), (rows) => {
    const of = (t: number) => rows.filter((row) => row["t"] === t)
    return {
      ...namespacesOf(of(0).map((row) => ({ folded: row["namespace"], name: row["root"], token: row["version"] }))),
      instances: of(1).map(instanceOf),
      counts: of(2).map((row) => countOf({ namespace: row["namespace"], class: row["root"], n: row["version"] }))
    }
  })
}

const selectSchema = `select w.name, w.counter, w.token, s.root, coalesce(s.long, s.key) as key, s.body
  from effect_wmi_namespace w left join effect_wmi_schema s on s.namespace = w.folded`

/** Instances: first those that are deleted, then the others. Their namespaces are locked, so no version is compared. */
function* writeInstances({ instances, version }: IndexedWriteSet): Iterable<Statement> {
  for (const some of inChunks(instances.filter(({ body }) => body === undefined))) {
    yield [
      `delete from effect_wmi_instance t using json_to_recordset($1::json) as x(n text, r text, k text)
          where t.namespace = x.n and t.root = x.r and t.key = x.k`,
      [idsJson(some)]
    ]
  }
  for (const some of inChunks(instances.filter(({ body }) => body !== undefined))) {
    yield [
      `insert into effect_wmi_instance (namespace, root, key, class, version, body, long)
          select n, r, k, c, $2::bigint, b, l
            from json_to_recordset($1::json) as x(n text, r text, k text, c text, b text, l text)
          on conflict (namespace, root, key) do update set class = excluded.class, version = excluded.version, body = excluded.body`,
      [
        JSON.stringify(some.map(({ body, className, key, long, namespace, root }) => ({
          n: namespace,
          r: root,
          k: key,
          c: className,
          b: body,
          l: long
        }))),
        version
      ]
    ]
  }
}

/** Namespaces and schema rows, with the new counters of their namespaces. */
function* writeSchema({ namespaces, schema, version, versionIncrements }: IndexedWriteSet): Iterable<Statement> {
  for (const [namespace] of versionIncrements) {
    yield [`update effect_wmi_namespace set ${schemaChange(version)} where folded = $1`, [namespace]]
  }
  for (const { alive, name, namespace } of namespaces) {
    yield alive
      ? [
        `insert into effect_wmi_namespace as t (folded, name, counter, alive, token, history)
            values ($1, $2, 1, true, ${version}, ',${version},')
            on conflict (folded) do update set name = excluded.name, ${schemaChange(version, "t.")}, alive = true`,
        [namespace, name]
      ]
      : ["update effect_wmi_namespace set alive = false where folded = $1", [namespace]]
  }
  for (const some of inChunks(schema)) {
    yield [
      `insert into effect_wmi_schema (namespace, root, key, version, body, long)
          select x.n, x.r, x.k, w.counter, x.b, x.l
          from json_to_recordset($1::json) as x(n text, r text, k text, b text, l text)
          join effect_wmi_namespace w on w.folded = x.n
          on conflict (namespace, root, key) do update set version = excluded.version, body = excluded.body`,
      [
        JSON.stringify(some.map(({ body, key, long, namespace, root }) => ({
          n: namespace,
          r: root,
          k: key,
          b: body,
          l: long
        })))
      ]
    ]
  }
}

export const postgres: SqlDialect = {
  system: "postgresql",
  integer: "bigint",
  tableSuffix: "",
  index,
  begin: { serializable: beginReadCommitted, dump: "begin isolation level repeatable read read only" },
  keyText: "coalesce(long, key)",
  read: (query, { text }, parameters) => query(text, parameters),
  load,
  lock: (namespaces) => [
    `select folded from effect_wmi_namespace where folded in (select json_array_elements_text($1::json))
      order by folded for update`,
    [JSON.stringify(namespaces.filter(isText).map(namespaceColumn))]
  ],
  lockAll: "select folded from effect_wmi_namespace order by folded for update",
  schemaChanges: (namespace, readVersion) => {
    const column = namespaceColumn(namespace)
    return readVersion === undefined
      ? [`${selectSchema} and s.body is not null where w.folded = $1 and w.alive`, [column]]
      : [
        `${selectSchema} and s.version > $2 where w.folded = $1 and w.alive and w.history like $3`,
        [column, readVersion.counter, inHistory(readVersion.token)]
      ]
  },
  *write(set) {
    const indexed = indexedWriteSet(set)
    if (set.schema.length > 0 || set.namespaces.length > 0) yield* writeSchema(indexed)
    yield* writeInstances(indexed)
  },
  writeIfUnchanged: conditionalWrite
}
