/**
 * What the two SQL backends share: a connection for a while, errors as statuses, and rows as they come.
 *
 * Statements go straight to the connection. The client's own statements cost a span and a compilation each, which a store that
 * has five of them a put would feel.
 *
 * @internal
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { ClassOf } from "../engine/Footprint.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import { Conflict, type Dump, type Found, type InstanceRow, type SchemaRow } from "./storeBackend.ts"
import { failureOf, wbemError } from "./sqlFailure.ts"

type Row = Readonly<Record<string, unknown>>

/** Runs one statement. */
export type Execute = (sql: string, params?: ReadonlyArray<unknown>) => Effect.Effect<ReadonlyArray<Row>, SqlError>

const none: ReadonlyArray<unknown> = []

/** Makes text for a statement; what is longer than JavaScript's longest text is too big, and not a defect. */
export const sized = <A>(make: () => A): Effect.Effect<A, WbemError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(make())
    } catch (error) {
      if (error instanceof RangeError) return Effect.fail(wbemError(failureOf(error), false))
      throw error
    }
  })

export const execute = (connection: Connection): Execute => (sql, params = none) =>
  connection.execute(sql, params, undefined)

/** A connection of one's own for a while. */
export const connected = <A, E>(
  sql: SqlClient.SqlClient,
  use: (execute: Execute) => Effect.Effect<A, E>
): Effect.Effect<A, E | SqlError> =>
  Effect.scoped(Effect.flatMap(sql.reserve, (connection) => use(execute(connection))))

const isSqlError = (error: unknown): error is SqlError =>
  typeof error === "object" && error !== null && (error as { readonly _tag?: unknown })._tag === "SqlError"

/** What a statement failed with, as a status; `sent` when the write itself was on its way. */
export const toWbemError = (sent: boolean) => (error: SqlError | WbemError | Conflict): WbemError | Conflict => {
  if (!isSqlError(error)) return error
  const failure = failureOf(error)
  return failure.reason === "Conflict" ? new Conflict(failure) : wbemError(failure, sent)
}

/**
 * Begins a transaction. One that is refused may find another still open that could not be taken back, or its own whose answer was
 * lost: whatever it is, it ends here, and then this one begins. Where there was none to end, the refusal stands.
 */
const beginning = (run: Execute, begin: string): Effect.Effect<unknown, SqlError> =>
  Effect.catchAll(run(begin), (refusal) =>
    Effect.matchEffect(run("rollback"), {
      onFailure: () => Effect.fail(refusal),
      onSuccess: () => Effect.tapError(run(begin), () => Effect.ignore(run("rollback")))
    }))

/**
 * A transaction: what fails is rolled back. When the commit itself fails nobody knows, unless the database says that it
 * did not happen.
 */
export const transaction = <A>(
  run: Execute,
  begin: string,
  work: Effect.Effect<A, SqlError | WbemError | Conflict>,
  committing: () => void = () => {}
): Effect.Effect<A, WbemError | Conflict> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(
      Effect.mapError(beginning(run, begin), toWbemError(false)),
      () =>
        Effect.flatMap(Effect.exit(restore(work)), (exit) =>
          Exit.isSuccess(exit)
            ? Effect.suspend(() => {
              committing()
              return Effect.as(run("commit"), exit.value)
            }).pipe(
              Effect.mapError(toWbemError(true)),
              // A commit that was refused leaves the transaction open.
              Effect.tapError(() => Effect.ignore(run("rollback")))
            )
            : Effect.zipRight(
              Effect.ignore(run("rollback")),
              Effect.mapError(Effect.failCause(exit.cause), toWbemError(false))
            ))
    )
  )

const text = (row: Row, name: string): string => row[name] as string

/** Numbers come as text from drivers that keep 64 bits. */
const integer = (row: Row, name: string): number => Number(row[name])

export const namespacesOf = (rows: ReadonlyArray<Row>): Found["namespaces"] =>
  new Map(rows.map((row) => [text(row, "folded"), { name: text(row, "name"), version: integer(row, "version") }]))

export const instanceOf = (row: Row): InstanceRow => ({
  namespace: text(row, "namespace"),
  root: text(row, "root"),
  key: text(row, "key"),
  version: integer(row, "version"),
  body: text(row, "body")
})

export const schemaOf = (row: Row): SchemaRow => ({
  root: text(row, "root"),
  key: text(row, "key"),
  version: integer(row, "version"),
  body: (row["body"] as string | null) ?? undefined
})

export const countOf = (row: Row): ClassOf & { readonly n: number } => ({
  namespace: text(row, "namespace"),
  className: text(row, "class"),
  n: integer(row, "n")
})

/** Everything, in the order of the keys. The caller holds a transaction in which nothing changes. */
export const dump = (run: Execute): Effect.Effect<Dump, SqlError> =>
  Effect.all({
    namespaces: Effect.map(
      run("select name, version from effect_wmi_namespace where alive order by folded"),
      (rows) => rows.map((row) => ({ name: text(row, "name"), version: integer(row, "version") }))
    ),
    schema: Effect.map(
      run("select namespace, root, key, version, body from effect_wmi_schema where body is not null"),
      (rows) => rows.map(instanceOf)
    ),
    instances: Effect.map(
      run("select namespace, root, key, version, body from effect_wmi_instance"),
      (rows) => rows.map(instanceOf)
    )
  })

/** The names of all namespaces. */
export const namespaceNames = (run: Execute): Effect.Effect<ReadonlyArray<string>, SqlError> =>
  Effect.map(run("select name from effect_wmi_namespace where alive"), (rows) => rows.map((row) => text(row, "name")))

/**
 * Makes room for other contents. What was there stays behind as deleted, under a newer version: whoever has it at hand must see
 * that it is gone.
 */
export const forgetEverything: ReadonlyArray<string> = [
  "delete from effect_wmi_instance",
  "update effect_wmi_namespace set version = version + 1, alive = false",
  `update effect_wmi_schema set body = null,
    version = (select version from effect_wmi_namespace where folded = effect_wmi_schema.namespace)`
]

/** Most rows of one statement. */
const mostRows = 5_000
/** About the most characters of one statement. */
export const mostText: number = 8 << 20

/** Rows in portions that one parameter can hold. */
export const inChunks = function* <A extends { readonly body: string | undefined }>(
  rows: ReadonlyArray<A>,
  most: number = mostText
): Generator<ReadonlyArray<A>> {
  let from = 0
  let text = 0
  for (let i = 0; i < rows.length; i++) {
    const length = rows[i]!.body?.length ?? 0
    if (i > from && (i - from >= mostRows || text + length > most)) {
      yield rows.slice(from, i)
      from = i
      text = 0
    }
    text += length
  }
  if (from < rows.length) yield rows.slice(from)
}
