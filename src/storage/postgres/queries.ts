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
import { countOf, inHistory, instanceOf, namespacesOf, schemaChangesOf } from "../sql/sqlDatabase.ts"
import type { Row } from "../sql/statements.ts"
import { indexed, isLongNamespace, keyColumn, namespaceColumn } from "./keys.ts"
import type { RowId } from "../../codec/storedObject.ts"
import type { Found, SchemaChanges, SchemaVersion, Wanted } from "../rowDatabase.ts"

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

/** Rows by the texts of their index columns. */
export const idsJson = (rows: ReadonlyArray<RowId>): string =>
  JSON.stringify(rows.map(({ key, namespace, root }) => ({ n: namespace, r: root, k: key })))

const classesJson = (classes: ReadonlyArray<{ readonly namespace: string; readonly className: string }>): string =>
  JSON.stringify(classes.map(({ className, namespace }) => ({ n: namespace, c: className })))

/** A look at more namespaces names them in a list: its text would be another for each number of them. */
const mostNamed = 8

/** `$1, $2, …`; of none nothing. */
const numbered = (from: number, count: number): string =>
  count === 0 ? "null" : Array.from({ length: count }, (_, i) => `$${from + i}`).join(", ")

const columns = "namespace, root, coalesce(long, key) as key, version, body"

/** One branch of the look at rows, and its parameter. */
type Branch = readonly [sql: (at: number) => string, parameters: ReadonlyArray<unknown>]

/** `folded, name, token` of a namespace stand in `namespace, root, version`, the count of a class in `version`. */
const branches = ({ classes, counts, namespaces, rows }: Wanted): ReadonlyArray<Branch> => {
  const found: Array<Branch> = [
    namespaces.length <= mostNamed
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

/** Namespaces in the texts of their index columns; they are translated back from what was asked. */
const byColumn = (wanted: Wanted): Wanted => ({
  namespaces: wanted.namespaces.map(namespaceColumn),
  rows: wanted.rows.map((row) => ({ ...row, namespace: namespaceColumn(row.namespace) })),
  classes: wanted.classes.map((one) => ({ ...one, namespace: namespaceColumn(one.namespace) })),
  counts: wanted.counts.map((one) => ({ ...one, namespace: namespaceColumn(one.namespace) }))
})

/** Everything that is wanted in one statement, so at one moment. */
export const load = (run: Run) => (wanted: Wanted): Effect.Effect<Found, SqlError> => {
  const named = askable(wanted)
  // Whatever is wanted is in a namespace that is wanted.
  if (!named.namespaces.some(isLongNamespace)) return loadBy(run, named)
  const names = new Map(named.namespaces.map((namespace) => [namespaceColumn(namespace), namespace]))
  const full = <A extends { readonly namespace: string }>(one: A): A => ({
    ...one,
    namespace: names.get(one.namespace) ?? one.namespace
  })
  return Effect.map(loadBy(run, byColumn(named)), ({ counts, damaged, instances, namespaces }) => ({
    namespaces: new Map(Array.from(namespaces, ([namespace, space]) => [names.get(namespace) ?? namespace, space])),
    damaged: damaged && new Map(Array.from(damaged, ([namespace, why]) => [names.get(namespace) ?? namespace, why])),
    instances: instances.map(full),
    counts: counts.map(full)
  }))
}

const loadBy = (run: Run, asked: Wanted): Effect.Effect<Found, SqlError> => {
  const parameters: Array<unknown> = []
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
      ...namespacesOf(of(0).map((row) => ({ folded: row["namespace"], name: row["root"], token: row["version"] }))),
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
    [JSON.stringify(namespaces.filter(isText).map(namespaceColumn))]
  )

const selectSchema = `select w.name, w.counter, w.token, s.root, coalesce(s.long, s.key) as key, s.body
  from effect_wmi_namespace w left join effect_wmi_schema s on s.namespace = w.folded`

/** The schema rows of a namespace that changed after a version, or all of them; each answer is of one moment. */
export const schemaChangesSince = (run: Run) =>
(
  namespace: string,
  seen: SchemaVersion | undefined
): Effect.Effect<SchemaChanges | undefined, SqlError> => {
  const column = namespaceColumn(namespace)
  const whole = Effect.suspend(() =>
    Effect.map(
      run(`${selectSchema} and s.body is not null where w.folded = $1 and w.alive`, [column]),
      (rows) => schemaChangesOf(rows, true)
    )
  )
  return seen === undefined ? whole : Effect.flatMap(
    run(`${selectSchema} and s.version > $2 where w.folded = $1 and w.alive and w.history like $3`, [
      column,
      seen.counter,
      inHistory(seen.token)
    ]),
    (rows) => rows.length === 0 ? whole : Effect.succeed(schemaChangesOf(rows, false))
  )
}
