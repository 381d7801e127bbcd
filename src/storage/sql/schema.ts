/**
 * The tables of a store, made and brought up to date by `@effect/sql`'s migrator. Every statement here is plain: no extension,
 * no trigger, no sequence, no type that a PostgreSQL-compatible database would lack.
 *
 * - `effect_wmi_namespace`: a row for each namespace that exists or existed, with the version of its schema: a counter, the token of the
 *   last change and a history of tokens. A deleted namespace keeps its row, so that the next one of its name continues its counter.
 * - `effect_wmi_schema`: classes and instances of system classes, each with the counter of its last change; deleted ones without a
 *   body, so that processes that cached them see the deletion.
 * - `effect_wmi_instance`: everything else, with a version of its own. The folded class finds the instances of a class: its index
 *   leaves out those of the class of the key root, which the primary key groups anyway, so most rows have one entry and not two.
 *
 * The rows of deleted objects are bounded by the names that were ever used, however often they are created and deleted: one row for
 * each namespace, class and instance of a system class, and none for other instances. A dump does not contain them.
 *
 * Bodies are text and not a JSON type, because that of PostgreSQL cannot hold U+0000 and databases differ in how they store a number.
 *
 * @internal
 */
import * as Migrator from "@effect/sql/Migrator"
import * as SqlClient from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import * as CimName from "../../model/CimName.ts"
import { failureOf } from "./failures.ts"
import { duplicateWarning } from "../../codec/migration/formTwoMigration.ts"
import { postgres } from "../postgres/dialect.ts"
import { sqlite } from "../sqlite/dialect.ts"
import type { SqlDialect } from "./dialect.ts"
import { altering, toFormTwo } from "./migration.ts"
import { contentionSchedule } from "./retries.ts"
import { creating } from "./tables.ts"
import { StoreFailure, type StoreReason } from "../../emulator/StoreFailure.ts"
import * as StoredObject from "../../codec/storedObject.ts"

/** The table in which the migrator records the migrations that it has run. */
export const migrations = "effect_wmi_migration"

/** Text of a client whose driver is not known is read as bytes. */
export const dialectOf = (sql: SqlClient.SqlClient): SqlDialect =>
  sql.onDialectOrElse({ pg: () => postgres, orElse: () => sqlite("Bytes") })

/** The contents of a new store: the namespaces that every server has. */
const first = Effect.flatMap(SqlClient.SqlClient, (sql) => {
  const empty = Snapshot.empty()
  return Effect.all([
    ...creating(dialectOf(sql)).map((statement) => sql.unsafe(statement)),
    ...Snapshot.namespaces(empty).map((name) =>
      sql`insert into effect_wmi_namespace (folded, name, version, alive) values (${
        CimName.fold(name)
      }, ${name}, 1, true)`
    ),
    ...Snapshot.entries(empty).map(([namespace, root, key, object]) =>
      sql`insert into effect_wmi_schema (namespace, root, key, version, body)
        values (${namespace}, ${root}, ${StoredObject.writeKey(key)}, 1, ${StoredObject.write(object)})`
    )
  ], { discard: true })
})

/** From form 1 to form 2. */
const second = Effect.flatMap(SqlClient.SqlClient, (client) => {
  const sql = client.withoutTransforms()
  const dialect = dialectOf(sql)
  return Effect.forEach(altering(dialect), (statement) => sql.unsafe(statement), { discard: true }).pipe(
    Effect.zipRight(toFormTwo(dialect, (text, parameters) => sql.unsafe(text, parameters))),
    Effect.flatMap((twins) =>
      Effect.forEach(twins, (one) => Effect.logWarning(duplicateWarning(one)), { discard: true })
    )
  )
})

type Step = Effect.Effect<unknown, unknown, SqlClient.SqlClient>

const steps: Readonly<Record<string, Step>> = { "0001_tables": first, "0002_tokens": second }

/** The newest form of the tables that this version knows. */
const newest = Object.keys(steps).length

/** Why tables of this form cannot be used, if they cannot. */
export const refusalOf = (form: number): StoreFailure | undefined =>
  form > newest
    ? new StoreFailure({
      reason: "Newer",
      detail: `its tables are of version ${form}, this library knows ${newest}`
    })
    : undefined

/** The form that the tables have; none when there are no tables yet. */
const version = (sql: SqlClient.SqlClient): Effect.Effect<Option.Option<number>, SqlError> =>
  Effect.flatMap(
    sql.onDialectOrElse({
      pg: () => sql<{ readonly there: boolean }>`select to_regclass(${migrations}) is not null as there`,
      orElse: () =>
        sql<
          { readonly there: boolean }
        >`select count(*) > 0 as there from sqlite_master where type = 'table' and name = ${migrations}`
    }),
    ([row]) =>
      row === undefined || !row.there ? Effect.succeed(Option.none()) : Effect.map(
        sql<{ readonly newest: number | null }>`select max(migration_id) as newest from ${sql(migrations)}`,
        ([at]) => Option.some(Number(at?.newest ?? 0))
      )
  )

const run = Migrator.make({})({ loader: Migrator.fromRecord(steps), table: migrations })

/** The reasons of a failure when another process makes the file or the tables at the same time. */
const contention: ReadonlySet<StoreReason> = new Set(["Busy", "Conflict"])

/** Several processes may open a new store at once: one of them makes the file and the tables, the others wait and find them made. */
export const retryWhileContended = <A, R>(
  opening: Effect.Effect<A, StoreFailure, R>
): Effect.Effect<A, StoreFailure, R> =>
  Effect.retry(opening, { schedule: contentionSchedule(), while: ({ reason }) => contention.has(reason) })

/** The migrator also succeeds when another process was faster, or seemed to be; so the version is read after it. */
const migrate: Effect.Effect<void, StoreFailure, SqlClient.SqlClient> = run.pipe(
  Effect.sandbox,
  Effect.mapError((cause) => failureOf(Cause.squash(cause))),
  Effect.zipRight(Effect.flatMap(SqlClient.SqlClient, (sql) => Effect.mapError(version(sql), failureOf))),
  Effect.flatMap((at) =>
    Option.contains(at, newest)
      ? Effect.void
      : new StoreFailure({ reason: "Busy", detail: "somebody else is making the tables" })
  )
)

/** Makes the tables, or brings them up to date; tables of a newer version are refused and stay as they are. */
export const prepare: Effect.Effect<void, StoreFailure, SqlClient.SqlClient> = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) =>
    Effect.flatMap(
      Effect.mapError(version(sql), failureOf),
      (at): Effect.Effect<void, StoreFailure, SqlClient.SqlClient> => {
        const known = Option.getOrElse(at, () => 0)
        const refusal = refusalOf(known)
        if (refusal !== undefined) return Effect.fail(refusal)
        return known === newest ? Effect.void : migrate
      }
    )
).pipe(retryWhileContended)
