/**
 * What the PostgreSQL backend asks: everything that a look wants in one statement, so that it is of one moment; the lock that a
 * transaction takes of its namespaces; what is new of a schema.
 *
 * Lists go in as JSON. A look at a few namespaces and one row, which nearly all are, has plain parameters.
 *
 * @internal
 */
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import { countOf, instanceOf, namespacesOf, type Row, schemaOf } from "./sqlBackend.ts"
import type { Found, RowId, SchemaRow, Wanted } from "./storeBackend.ts"

/** Runs one statement; a lasting one may stay prepared. */
export type Run = (
  sql: string,
  parameters?: ReadonlyArray<unknown>,
  lasting?: boolean
) => Effect.Effect<ReadonlyArray<Row>, SqlError>

/** Names that PostgreSQL can hold: what is under another one is not there, and asking for it would be an error. */
const isText = (name: string): boolean => !/[\0\ud800-\udfff]/u.test(name)

const askable = (wanted: Wanted): Wanted => ({
  namespaces: wanted.namespaces.filter(isText),
  rows: wanted.rows.filter(({ namespace, root }) => isText(namespace) && isText(root)),
  classes: wanted.classes.filter(({ className, namespace }) => isText(namespace) && isText(className)),
  counts: wanted.counts.filter(({ className, namespace }) => isText(namespace) && isText(className))
})

/** Rows by namespace, root and key. */
export const idsJson = (rows: ReadonlyArray<RowId>): string =>
  JSON.stringify(rows.map(({ key, namespace, root }) => ({ n: namespace, r: root, k: key })))

const classesJson = (classes: ReadonlyArray<{ readonly namespace: string; readonly className: string }>): string =>
  JSON.stringify(classes.map(({ className, namespace }) => ({ n: namespace, c: className })))

/** A look at more namespaces names them in a list: its text would be another for each number of them. */
const mostNamed = 8

/** `$1, $2, …`; of none nothing. */
const numbered = (from: number, count: number): string =>
  count === 0 ? "null" : Array.from({ length: count }, (_, i) => `$${from + i}`).join(", ")

const columns = "namespace, root, key, version, body"

/** One branch of the look at rows, and its parameter. */
type Branch = readonly [sql: (at: number) => string, parameters: ReadonlyArray<unknown>]

/** `folded, name` of a namespace stand in `namespace, root`, the count of a class in `version`. */
const branches = ({ classes, counts, namespaces, rows }: Wanted): ReadonlyArray<Branch> => {
  const found: Array<Branch> = [
    namespaces.length <= mostNamed
      ? [
        (at) =>
          `select 0 as t, folded as namespace, name as root, '' as key, version, '' as body
            from effect_wmi_namespace where folded in (${numbered(at, namespaces.length)}) and alive`,
        namespaces
      ]
      : [
        (at) =>
          `select 0 as t, folded as namespace, name as root, '' as key, version, '' as body
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
      [rows[0]!.namespace, rows[0]!.root, rows[0]!.key]
    ])
  } else if (rows.length > 1) {
    found.push([
      (at) =>
        `select 1, i.namespace, i.root, i.key, i.version, i.body
          from json_to_recordset($${at}::json) as x(n text, r text, k text)
          join effect_wmi_instance i on i.namespace = x.n and i.root = x.r and i.key = x.k`,
      [idsJson(rows)]
    ])
  }
  if (classes.length > 0) {
    found.push([
      (at) =>
        `select 1, i.namespace, i.root, i.key, i.version, i.body from json_to_recordset($${at}::json) as x(n text, c text)
          join effect_wmi_instance i on i.namespace = x.n and i.root = x.c and i.class = x.c
        union all
        select 1, i.namespace, i.root, i.key, i.version, i.body from json_to_recordset($${at}::json) as x(n text, c text)
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

/** Everything that is wanted in one statement, so at one moment. */
export const load = (run: Run) => (wanted: Wanted): Effect.Effect<Found, SqlError> => {
  const parameters: Array<unknown> = []
  const asked = askable(wanted)
  const statement = branches(asked).map(([sql, mine]) => {
    const text = sql(parameters.length + 1)
    parameters.push(...mine)
    return text
  }).join(" union all ")
  const { classes, counts, namespaces, rows } = asked
  const lasting = namespaces.length <= mostNamed && rows.length <= 1 && classes.length + counts.length === 0
  return Effect.map(run(statement, parameters, lasting), (rows) => {
    const of = (t: number) => rows.filter((row) => row["t"] === t)
    return {
      ...namespacesOf(of(0).map((row) => ({ folded: row["namespace"], name: row["root"], version: row["version"] }))),
      instances: of(1).map(instanceOf),
      counts: of(2).map((row) => countOf({ namespace: row["namespace"], class: row["root"], n: row["version"] }))
    }
  })
}

/** Takes namespaces for a transaction alone, in the order of their names; it waits for those who write in them. */
export const lockNamespaces = (
  run: Run,
  namespaces: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<Row>, SqlError> =>
  run(
    `select folded from effect_wmi_namespace where folded in (select json_array_elements_text($1::json))
      order by folded for update`,
    [JSON.stringify(namespaces.filter(isText))]
  )

/** The schema rows of a namespace that are newer than a version. */
export const since =
  (run: Run) => (namespace: string, version: number): Effect.Effect<ReadonlyArray<SchemaRow>, SqlError> =>
    Effect.map(
      run("select root, key, version, body from effect_wmi_schema where namespace = $1 and version > $2", [
        namespace,
        version
      ]),
      (rows) => rows.map(schemaOf)
    )
