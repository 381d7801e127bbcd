/**
 * A `StoreBackend` over SQLite: one writer at a time, so a transaction that begins as a writer needs no versions.
 *
 * Lists go in as one JSON parameter each: a call into SQLite costs more than an element of it.
 *
 * @internal
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { ClassOf } from "../engine/Footprint.ts"
import * as CimName from "../model/CimName.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import {
  connected,
  countOf,
  dump,
  type Execute,
  forgetEverything,
  inChunks,
  instanceOf,
  namespaceNames,
  namespacesOf,
  schemaOf,
  sized,
  toWbemError,
  transaction
} from "./sqlBackend.ts"
import { StoreFailure } from "./StoreFailure.ts"
import type { Commit, Conflict, Contents, Found, InstanceWrite, RowId, StoreBackend, Wanted } from "./storeBackend.ts"

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

const list = (run: Execute, sql: string, of: ReadonlyArray<unknown>, ...after: ReadonlyArray<unknown>) =>
  Effect.flatMap(sized(() => JSON.stringify(of)), (text) => run(sql, [text, ...after]))

/** Instances of a class are found in two places: those of a key root among all of its tree, the others by an index of their own. */
const ofItsRoot = "namespace = ? and root = ? and class = ?"
const belowItsRoot = "namespace = ? and class = ? and class <> root"
/** Left to itself SQLite takes the primary key, and reads the whole namespace. */
const byClass = "indexed by effect_wmi_instance_class"

const instanceColumns = "namespace, root, key, version, body"

const selectOne =
  "select namespace, root, key, version, body from effect_wmi_instance where namespace = ? and root = ? and key = ?"

// `cross join` says which table comes first: the other way round the list would be read again for every row.
const selectMany = `select i.namespace, i.root, i.key, i.version, i.body from json_each(?) j
  cross join effect_wmi_instance i on i.namespace = ? and i.root = ? and i.key = j.value`

const loadRows = (run: Execute, rows: ReadonlyArray<RowId>) => {
  const [{ namespace, root }] = rows as readonly [RowId]
  return rows.length === 1
    ? run(selectOne, [namespace, root, rows[0]!.key])
    : list(run, selectMany, rows.map(({ key }) => key), namespace, root)
}

const loadClass = (run: Execute) => ({ className, namespace }: ClassOf) =>
  run(
    `select ${instanceColumns} from effect_wmi_instance where ${ofItsRoot}
      union all select ${instanceColumns} from effect_wmi_instance ${byClass} where ${belowItsRoot}`,
    [namespace, className, className, namespace, className]
  )

const loadCount = (run: Execute) => ({ className, namespace }: ClassOf) =>
  run(
    `select ? as namespace, ? as class, (select count(*) from effect_wmi_instance where ${ofItsRoot})
      + (select count(*) from effect_wmi_instance ${byClass} where ${belowItsRoot}) as n`,
    [namespace, className, namespace, className, className, namespace, className]
  )

const selectNamespaces = "select folded, name, version from effect_wmi_namespace where alive and folded in"

/** A look has two or three, a namespace and those above it: a list of its own for each number costs less than JSON. */
const loadNamespaces = (run: Execute, namespaces: ReadonlyArray<string>) =>
  namespaces.length <= 8
    ? run(`${selectNamespaces} (${namespaces.map(() => "?").join(", ")})`, namespaces)
    : list(run, `${selectNamespaces} (select value from json_each(?))`, namespaces)

const load = (run: Execute) => (wanted: Wanted): Effect.Effect<Found, WbemError | Conflict> =>
  Effect.gen(function* () {
    const namespaces = yield* loadNamespaces(run, wanted.namespaces)
    const instances: Array<Found["instances"][number]> = []
    for (const rows of byPlace(wanted.rows)) {
      for (const row of yield* loadRows(run, rows)) instances.push(instanceOf(row))
    }
    for (const one of wanted.classes) for (const row of yield* loadClass(run)(one)) instances.push(instanceOf(row))
    const counts: Array<Found["counts"][number]> = []
    for (const one of wanted.counts) for (const row of yield* loadCount(run)(one)) counts.push(countOf(row))
    return { namespaces: namespacesOf(namespaces), instances, counts }
  }).pipe(Effect.mapError(toWbemError(false)))

const since = (run: Execute) => (namespace: string, version: number) =>
  Effect.mapBoth(
    run("select root, key, version, body from effect_wmi_schema where namespace = ? and version > ?", [
      namespace,
      version
    ]),
    { onFailure: toWbemError(false), onSuccess: (rows) => rows.map(schemaOf) }
  )

const insertOne =
  "insert into effect_wmi_instance (namespace, root, key, class, version, body) values (?, ?, ?, ?, ?, ?)"

const insertMany = `insert into effect_wmi_instance (namespace, root, key, class, version, body)
  select ?, ?, value ->> 0, value ->> 1, ?, value ->> 2 from json_each(?) where true`

const overwrite = ` on conflict (namespace, root, key) do update set
  class = excluded.class, version = excluded.version, body = excluded.body`

const deleteMany =
  "delete from effect_wmi_instance where key in (select value from json_each(?)) and namespace = ? and root = ?"

type Written = InstanceWrite & { readonly body: string }

const isWritten = (row: InstanceWrite): row is Written => row.body !== undefined

/**
 * Rows of one place. One that was not there is inserted and nothing else: if it was presumed so and is there after all, the
 * statement fails, and with it the transaction.
 */
const writeInstances = (run: Execute, version: number, rows: ReadonlyArray<InstanceWrite>) =>
  Effect.gen(function* () {
    const { namespace, root } = rows[0]!
    const portion = (some: ReadonlyArray<Written>, over: string) => {
      const [one] = some
      return some.length === 1
        ? run(insertOne + over, [namespace, root, one!.key, one!.className, version, one!.body])
        : Effect.flatMap(
          sized(() => JSON.stringify(some.map(({ body, className, key }) => [key, className, body]))),
          (text) => run(insertMany + over, [namespace, root, version, text])
        )
    }
    const there = rows.filter(isWritten)
    for (const some of inChunks(there.filter(({ seen }) => seen === undefined), mostText)) yield* portion(some, "")
    for (const some of inChunks(there.filter(({ seen }) => seen !== undefined), mostText)) {
      yield* portion(some, overwrite)
    }
    const gone = rows.filter((row) => !isWritten(row))
    if (gone.length > 0) yield* list(run, deleteMany, gone.map(({ key }) => key), namespace, root)
  })

const insertSchema = `insert into effect_wmi_schema (namespace, root, key, version, body)
  select value ->> 0, value ->> 1, value ->> 2,
    (select version from effect_wmi_namespace where folded = value ->> 0), value ->> 3 from json_each(?) where true
  on conflict (namespace, root, key) do update set version = excluded.version, body = excluded.body`

const writeSchema = (
  run: Execute,
  { bumps, namespaces, schema }: Pick<Commit, "bumps" | "namespaces" | "schema">
): Effect.Effect<void, SqlError | WbemError> =>
  Effect.gen(function* () {
    for (const [namespace, version] of bumps) {
      yield* run("update effect_wmi_namespace set version = ? where folded = ?", [version, namespace])
    }
    for (const { alive, name, namespace } of namespaces) {
      if (alive) {
        yield* run(
          `insert into effect_wmi_namespace (folded, name, version, alive) values (?, ?, 1, true)
            on conflict (folded) do update set name = excluded.name, version = version + 1, alive = true`,
          [namespace, name]
        )
      } else yield* run("update effect_wmi_namespace set alive = false where folded = ?", [namespace])
    }
    for (const some of inChunks(schema, mostText)) {
      yield* list(run, insertSchema, some.map(({ body, key, namespace, root }) => [namespace, root, key, body ?? null]))
    }
  })

const write = (run: Execute) => (commit: Commit): Effect.Effect<void, WbemError | Conflict> =>
  Effect.gen(function* () {
    if (commit.schema.length > 0) yield* writeSchema(run, commit)
    for (const rows of byPlace(commit.instances)) yield* writeInstances(run, commit.version, rows)
  }).pipe(Effect.mapError(toWbemError(false)))

/**
 * How long to wait for other writers of the same file.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** 10 seconds if not given. Then a put fails with `Timeout`, and nothing was written. */
  readonly busyTimeout?: Duration.DurationInput | undefined
}

const isBusy = (error: WbemError | Conflict): boolean =>
  error._tag !== "Conflict" && error.cause instanceof StoreFailure && error.cause.reason === "Busy"

/** SQLite itself would wait by blocking the process, so the client does not let it, and the wait is here. */
const patient = (limit: Duration.DurationInput) => {
  const schedule = Schedule.exponential("1 millis", 1.5).pipe(
    Schedule.union(Schedule.spaced("25 millis")),
    Schedule.jittered,
    Schedule.upTo(limit)
  )
  return <A, E extends WbemError | Conflict>(work: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    // A schedule is begun only when there is something to wait for.
    Effect.catchAll(
      work,
      (error) => isBusy(error) ? Effect.retry(work, { schedule, while: isBusy }) : Effect.fail(error)
    )
}

/** Runs something in a transaction of its own: one that only looks, or one that nobody else writes beside. */
export type Transact = <A>(
  what: "Look" | "Write",
  use: (run: Execute) => Effect.Effect<A, SqlError | WbemError | Conflict>
) => Effect.Effect<A, WbemError | Conflict>

const begin = { Look: "begin", Write: "begin immediate" }

/** Transactions as statements. */
const statements = (sql: SqlClient.SqlClient, { busyTimeout }: Options): Transact => {
  const busy = patient(busyTimeout ?? "10 seconds")
  return (what, use) =>
    busy(Effect.mapError(connected(sql, (run) => transaction(run, begin[what], use(run))), toWbemError(false)))
}

/** The backend over a client. */
export const make = (sql: SqlClient.SqlClient, options: Options): StoreBackend => over(statements(sql, options))

/** The backend over whatever runs transactions. */
export const over = (transact: Transact): StoreBackend => ({
  reading: (look) => transact("Look", (run) => look({ load: load(run), since: since(run) })),
  writing: (work) => transact("Write", (run) => work({ load: load(run), since: since(run), write: write(run) })),
  dump: transact("Look", dump),
  namespaces: transact("Look", namespaceNames),
  replace: (contents) => transact("Write", replace(contents))
})

/** Puts other contents in the place of everything. */
export const replace = (
  { instances, namespaces, schema, version }: Contents
) =>
(run: Execute): Effect.Effect<void, SqlError | WbemError> =>
  Effect.gen(function* () {
    for (const statement of forgetEverything) yield* run(statement)
    yield* writeSchema(run, {
      namespaces: namespaces.map((name) => ({ namespace: CimName.fold(name), name, alive: true })),
      schema,
      bumps: []
    })
    for (const rows of byPlace(instances)) {
      yield* writeInstances(run, version, rows.map((row) => ({ ...row, seen: undefined })))
    }
  })
