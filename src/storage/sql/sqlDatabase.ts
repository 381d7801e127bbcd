/**
 * A `RowDatabase` in a SQL database: a dialect (statements) over a driver (connections), with the one transaction of all of them.
 *
 * What differs in a transaction, by driver:
 *
 * | | SQLite file | Durable Object | pool of `pg` | `SqlClient` |
 * |---|---|---|---|---|
 * | completes | synchronously | synchronously | later | later |
 * | session | the one handle, after a check that the file was not replaced | `transactionSync` | a connection of the pool | a reserved connection |
 * | `begin` | `begin`, to write `begin immediate` | none | read committed; a dump: repeatable read, read only | as its dialect |
 * | `begin` refused | an open transaction is rolled back, then `begin` once more | - | same | same |
 * | busy (other writers) | retried until `busyTimeout` | - | not retried | SQLite: retried |
 * | interruption | not possible | not possible | the statement is abandoned, the connection discarded | the same; SQLite: after the statement |
 * | a failure before `commit` | rolled back; nothing was written | the runtime rolls back | rolled back; nothing was written | same |
 * | `commit` fails | rolled back, reported as sent: `Unknown` unless the database says otherwise | nothing was written | as SQLite file | as SQLite file |
 * | `rollback` fails | ignored: SQLite has ended it, or the next `begin` does | - | the connection is discarded | PostgreSQL: the backend is terminated in the background |
 * | answer too late | not possible | not possible | `answerTimeout` | PostgreSQL: `answerTimeout` |
 * | isolation | one writer at a time | one instance at a time | checked when the store is opened (`postgres/isolation.ts`) | PostgreSQL: the same check |
 *
 * Statements go straight to the driver: the statements of a `SqlClient` cost a span and a compilation each.
 *
 * @internal
 */
import * as Exit from "effect/Exit"
import * as Eager from "../../internal/eager.ts"
import * as CimName from "../../model/CimName.ts"
import type { StoreError } from "../../protocol/WbemError.ts"
import { isAccepted, rolledBack } from "../refusedRows.ts"
import {
  Conflict,
  type Contents,
  type Dump,
  type InstanceRow,
  type Loaded,
  type Mode,
  type Names,
  type ReadPlan,
  type RowDatabase,
  type RowSession,
  type SchemaChanges,
  type SchemaVersion,
  type WriteSet
} from "../rowDatabase.ts"
import { sized } from "../textLimits.ts"
import type { SqlDialect, Statement } from "./dialect.ts"
import type { Query, QueryError, Row, SqlDriver } from "./driver.ts"
import { failureOf, wbemError } from "./failures.ts"
import {
  deleteEverything,
  instanceOf,
  namespaceColumns,
  namespacesOf,
  rowColumns,
  schemaChangesOf,
  schemaColumns
} from "./rows.ts"

type Failing<A> = Eager.Eager<A, StoreError | Conflict>

const isQueryError = (error: QueryError | StoreError | Conflict): error is QueryError =>
  error._tag === "SqlError" || error._tag === "StatementError"

/** The status of a failed statement; `isSent` when it was a write or a commit whose outcome is unknown without an answer. */
const toWbemError = (isSent: boolean) => (error: QueryError | StoreError | Conflict): StoreError | Conflict => {
  if (!isQueryError(error)) return error
  const failure = failureOf(error)
  return failure.reason === "Conflict" ? new Conflict(failure) : wbemError(failure, isSent)
}

/**
 * Begins a transaction. A refusal may come from a transaction that is still open, because its rollback failed or its answer was lost:
 * it is rolled back, and `begin` is tried once more. When there was none the refusal stands.
 */
const beginning = (query: Query, begin: string): Eager.Eager<unknown, QueryError> =>
  Eager.catchAll(query(begin), (refusal) =>
    Eager.flatMap(
      Eager.exit(query("rollback")),
      (exit): Eager.Eager<unknown, QueryError> => Exit.isSuccess(exit) ? query(begin) : Eager.fail(refusal)
    ))

/** The one transaction; see the table above. */
const transactionOf =
  (driver: SqlDriver) =>
  <A>(begin: string, work: (query: Query) => Eager.Eager<A, QueryError | StoreError | Conflict>): Failing<A> => {
    if (driver.transaction !== undefined) return Eager.mapError(driver.transaction(work), toWbemError(false))
    let isCommitting = false
    return Eager.mapError(
      Eager.uninterruptibleMask((restore) => {
        isCommitting = false
        return Eager.flatMap(driver.open(restore), ({ end, query }) => {
          const whole = Eager.flatMap(
            restore(Eager.flatMap(beginning(query, begin), () => work(query))),
            (value) => {
              isCommitting = true
              return Eager.map(query("commit"), () => value)
            }
          )
          return Eager.flatMap(Eager.exit(whole), (exit) =>
            Eager.flatMap(
              // A refused commit leaves the transaction open.
              Exit.isSuccess(exit) ? Exit.succeed(true) : Eager.map(Eager.exit(query("rollback")), Exit.isSuccess),
              (isClean) => Eager.flatMap(end(isClean), () => exit)
            ))
        })
      }),
      (error) => toWbemError(isCommitting)(error)
    )
  }

/** Runs statements one after another; the text of each is made just before. */
export const runAll = (
  query: Query,
  statements: () => Iterable<Statement>
): Eager.Eager<void, QueryError | StoreError> =>
  Eager.suspend(() => {
    const iterator = statements()[Symbol.iterator]()
    const runNext = (): Eager.Eager<void, QueryError | StoreError> => {
      for (;;) {
        const next = sized(() => iterator.next())
        if (!Eager.isSuccess(next)) return Eager.map(next, () => {})
        if (next.value.done === true) return Exit.void
        const [sql, parameters] = next.value.value
        const rows = Eager.start(query(sql, parameters))
        if (!Eager.isSuccess(rows)) return Eager.flatMap(rows, runNext)
      }
    }
    return runNext()
  })

/** The namespaces of a dump or of a list of names, by the text of their index column. */
const loadNamespaces = (dialect: SqlDialect, query: Query): Eager.Eager<ReturnType<typeof namespacesOf>, QueryError> =>
  Eager.map(
    dialect.read(query, {
      columns: namespaceColumns,
      text: "select folded, name, token from effect_wmi_namespace where alive order by folded"
    }),
    namespacesOf
  )

const names = (dialect: SqlDialect, query: Query): Eager.Eager<Names, QueryError> =>
  Eager.map(loadNamespaces(dialect, query), ({ damaged, namespaces }) => ({
    names: Array.from(namespaces.values(), ({ name }) => name),
    damaged
  }))

/** Everything, in a transaction that sees one moment. */
const dump = (dialect: SqlDialect, query: Query): Eager.Eager<Dump, QueryError> =>
  Eager.gen(function* () {
    const columns = `namespace, root, ${dialect.keyText} as key, version, body`
    const { damaged, namespaces } = yield* loadNamespaces(dialect, query)
    const schema = yield* dialect.read(query, {
      columns: rowColumns,
      text: `select ${columns} from effect_wmi_schema where body is not null`
    })
    const instances = yield* dialect.read(query, {
      columns: rowColumns,
      text: `select ${columns} from effect_wmi_instance`
    })
    // A row of a deleted namespace keeps that namespace, which is not in the dump.
    const folded = new Map(Array.from(namespaces, ([column, { name }]) => [column, CimName.fold(name)]))
    const rowOf = (row: Row): InstanceRow => {
      const found = instanceOf(row)
      const namespace = folded.get(found.namespace) ?? found.namespace
      return namespace === found.namespace ? found : { ...found, namespace }
    }
    return {
      namespaces: Array.from(namespaces.values(), ({ name }) => name),
      damaged,
      schema: schema.map(rowOf),
      instances: instances.map(rowOf)
    }
  })

const schemaChangesSince = (
  dialect: SqlDialect,
  query: Query,
  namespace: string,
  readVersion: SchemaVersion | undefined
): Eager.Eager<SchemaChanges | undefined, QueryError> => {
  const [text, parameters] = dialect.schemaChanges(namespace, readVersion)
  return Eager.flatMap(
    dialect.read(query, { columns: schemaColumns, text }, parameters),
    (rows): Eager.Eager<SchemaChanges | undefined, QueryError> =>
      rows.length === 0 && readVersion !== undefined
        ? schemaChangesSince(dialect, query, namespace, undefined)
        : Exit.succeed(schemaChangesOf(rows, readVersion === undefined))
  )
}

/** Replaces everything, in a transaction. */
export const replaceAll = (
  dialect: SqlDialect,
  query: Query,
  { instances, namespaces, schema, version }: Contents
): Eager.Eager<void, QueryError | StoreError> =>
  runAll(query, function* () {
    if (dialect.lockAll !== undefined) yield [dialect.lockAll]
    for (const statement of deleteEverything(version)) yield [statement]
    yield* dialect.write({
      namespaces: namespaces.map((name) => ({ namespace: CimName.fold(name), name, alive: true })),
      schema,
      instances: instances.map((row) => ({ ...row, readVersion: undefined })),
      preconditions: [],
      validatedReads: [],
      versionIncrements: [],
      version
    })
  })

/**
 * A database of a dialect that a driver reaches. `retrying` retries a failed attempt: for SQLite, whose driver does not wait for other
 * writers.
 */
export const make = (
  dialect: SqlDialect,
  driver: SqlDriver,
  retrying: <A>(attempt: Failing<A>) => Failing<A> = (attempt) => attempt
): RowDatabase => {
  const transaction = transactionOf(driver)

  const load = (query: Query, mode: Mode, plan: ReadPlan): Eager.Eager<Loaded, QueryError | StoreError> => {
    const lock = mode === "serializable" ? dialect.lock?.(plan.namespaces) : undefined
    return lock === undefined
      ? dialect.load(query, plan)
      : Eager.flatMap(query(...lock), () => dialect.load(query, plan))
  }

  const writeIfUnchanged = (set: WriteSet): Failing<boolean> => {
    let isSent = false
    const onSend = (): void => {
      isSent = true
    }
    return Eager.mapError(
      Eager.map(
        Eager.flatMap(
          sized(() => dialect.writeIfUnchanged!(set)),
          ({ isPrepared, parameters, sql }) => driver.query(sql, parameters, { isPrepared, onSend })
        ),
        ([row]) => row?.["stored"] === true
      ),
      (error) => toWbemError(isSent)(error)
    )
  }

  const session = (query: Query, mode: Mode): RowSession => ({
    load: (plan) => Eager.mapError(load(query, mode, plan), toWbemError(false)),
    schemaChangesSince: (namespace, readVersion) =>
      Eager.mapError(schemaChangesSince(dialect, query, namespace, readVersion), toWbemError(false)),
    write: (set) =>
      mode === "optimistic"
        ? writeIfUnchanged(set)
        : Eager.mapError(Eager.map(runAll(query, () => dialect.write(set)), () => true), toWbemError(false))
  })

  const inMode = <A>(mode: Mode, work: (query: Query) => Failing<A>): Failing<A> => {
    const begin = mode === "optimistic" ? undefined : dialect.begin[mode]
    return retrying(begin === undefined ? work(driver.query) : transaction(begin, work))
  }

  return {
    system: dialect.system,
    isOptimistic: dialect.writeIfUnchanged !== undefined,
    attempt: (mode, work) => inMode(mode, (query) => work(session(query, mode))),
    accepts: (set) =>
      isAccepted(
        inMode("serializable", (query) =>
          Eager.flatMap(session(query, "serializable").write(set), () => Eager.fail(rolledBack)))
      ),
    dump: retrying(transaction(dialect.begin.dump, (query) => dump(dialect, query))),
    namespaces: inMode("read", (query) => Eager.mapError(names(dialect, query), toWbemError(false))),
    replace: (contents) =>
      retrying(transaction(dialect.begin.serializable, (query) => replaceAll(dialect, query, contents)))
  }
}
