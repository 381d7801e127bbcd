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
import * as CimName from "../model/CimName.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import { Conflict, type Dump, type Found, type InstanceRow, type SchemaChanges, thrown } from "./storeBackend.ts"
import { failureOf, wbemError } from "./sqlFailure.ts"

/** A row as it comes. */
export type Row = Readonly<Record<string, unknown>>

/** Runs one statement. */
export type Execute = (sql: string, params?: ReadonlyArray<unknown>) => Effect.Effect<ReadonlyArray<Row>, SqlError>

const none: ReadonlyArray<unknown> = []

/**
 * The statements of a piece of work, each answered with its rows: plain code, run at once by a driver that answers at once, and as
 * an effect by one that does not.
 */
export type Statements<A> = Generator<
  readonly [sql: string, parameters?: ReadonlyArray<unknown>],
  A,
  ReadonlyArray<Row>
>

/** Runs statements over a driver that answers in its own time. */
export const inTurn =
  (run: Execute) => <A>(work: () => Statements<A>): Effect.Effect<A, SqlError | WbemError | Conflict> =>
    Effect.suspend(() => {
      const statements = work()
      const go = (rows: ReadonlyArray<Row>): Effect.Effect<A, SqlError | WbemError | Conflict> => {
        try {
          const step = statements.next(rows)
          return step.done === true ? Effect.succeed(step.value) : Effect.flatMap(run(...step.value), go)
        } catch (error) {
          return thrown(error)
        }
      }
      return go([])
    })

/** A driver that answers at once refused a statement. */
export class StatementFailed {
  readonly _tag = "StatementFailed"
  readonly cause: unknown
  constructor(cause: unknown) {
    this.cause = cause
  }
}

/** Runs one statement at once, or throws what the driver throws. */
export type ExecuteNow = (sql: string, parameters?: ReadonlyArray<unknown>) => ReadonlyArray<Row>

/** What a driver answers at once; what it throws is a {@link StatementFailed}. */
export const answered = <A>(statement: () => A): A => {
  try {
    return statement()
  } catch (cause) {
    throw new StatementFailed(cause)
  }
}

/** Runs statements over a driver that answers at once. Throws {@link StatementFailed}, and what the work itself throws. */
export const atOnce = <A>(run: ExecuteNow, statements: Statements<A>): A => {
  let rows: ReadonlyArray<Row> = []
  for (;;) {
    const step = statements.next(rows)
    if (step.done === true) return step.value
    const [sql, parameters] = step.value
    rows = answered(() => run(sql, parameters))
  }
}

export const execute = (connection: Connection): Execute => (sql, params = none) =>
  connection.execute(sql, params, undefined)

/** A connection of one's own for a while. */
export const connected = <A, E>(
  sql: SqlClient.SqlClient,
  use: (execute: Execute) => Effect.Effect<A, E>
): Effect.Effect<A, E | SqlError> =>
  Effect.scoped(Effect.flatMap(sql.reserve, (connection) => use(execute(connection))))

type Refused = SqlError | StatementFailed

const isRefused = (error: unknown): error is Refused => {
  const tag = typeof error === "object" && error !== null ? (error as { readonly _tag?: unknown })._tag : undefined
  return tag === "SqlError" || tag === "StatementFailed"
}

/** What a statement failed with, as a status; `sent` when the write itself was on its way. */
export const toWbemError = (sent: boolean) => (error: Refused | WbemError | Conflict): WbemError | Conflict => {
  if (!isRefused(error)) return error
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
  work: Effect.Effect<A, SqlError | WbemError | Conflict>
): Effect.Effect<A, WbemError | Conflict> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(
      Effect.mapError(beginning(run, begin), toWbemError(false)),
      () =>
        Effect.flatMap(Effect.exit(restore(work)), (exit) =>
          Exit.isSuccess(exit)
            ? Effect.as(run("commit"), exit.value).pipe(
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
  new Map(rows.map((row) => [text(row, "folded"), { name: text(row, "name"), token: integer(row, "token") }]))

export const instanceOf = (row: Row): InstanceRow => ({
  namespace: text(row, "namespace"),
  root: text(row, "root"),
  key: text(row, "key"),
  version: integer(row, "version"),
  body: text(row, "body")
})

/** Each row stands beside its namespace; a namespace without schema rows stands alone. */
export const schemaChangesOf = (rows: ReadonlyArray<Row>, isComplete: boolean): SchemaChanges | undefined => {
  const first = rows[0]
  return first === undefined ? undefined : {
    name: text(first, "name"),
    version: { counter: integer(first, "counter"), token: integer(first, "token") },
    isComplete,
    rows: rows.filter((row) => row["key"] !== null).map((row) => ({
      root: text(row, "root"),
      key: text(row, "key"),
      body: (row["body"] as string | null) ?? undefined
    }))
  }
}

/** A token as it stands in the history of a namespace. */
export const inHistory = (token: number): string => `%,${token},%`

/** The most characters of a history besides its newest token: about 32 tokens. */
const historyLength = 544

/**
 * The assignments that count a change of a namespace's schema. The history lists the tokens of the last changes, newest first, each
 * between commas; one that is cut off at the end lacks its comma, so it is not found.
 */
export const schemaChange = (token: number, before = ""): string =>
  `counter = ${before}counter + 1, token = ${token}, history = ',${token}' || substr(${before}history, 1, ${historyLength})`

export const countOf = (row: Row): ClassOf & { readonly n: number } => ({
  namespace: text(row, "namespace"),
  className: text(row, "class"),
  n: integer(row, "n")
})

/**
 * Everything, in the order of the keys. The caller holds a transaction in which nothing changes. `key` is the expression for the text
 * of a key.
 */
export function* dump(key = "key"): Statements<Dump> {
  const columns = `namespace, root, ${key} as key, version, body`
  const namespaces = yield ["select folded, name from effect_wmi_namespace where alive order by folded"]
  const schema = yield [`select ${columns} from effect_wmi_schema where body is not null`]
  const instances = yield [`select ${columns} from effect_wmi_instance`]
  // A row whose namespace is gone stays in a namespace of that name, which is not dumped.
  const folded = new Map(namespaces.map((row) => [text(row, "folded"), CimName.fold(text(row, "name"))]))
  const rowOf = (row: Row): InstanceRow => {
    const found = instanceOf(row)
    const namespace = folded.get(found.namespace) ?? found.namespace
    return namespace === found.namespace ? found : { ...found, namespace }
  }
  return {
    namespaces: namespaces.map((row) => text(row, "name")),
    schema: schema.map(rowOf),
    instances: instances.map(rowOf)
  }
}

/** The names of all namespaces. */
export function* namespaceNames(): Statements<ReadonlyArray<string>> {
  const rows = yield ["select name from effect_wmi_namespace where alive"]
  return rows.map((row) => text(row, "name"))
}

/**
 * Deletes everything. Schema rows stay behind without a body, under a newer version, so that processes that know them see that they
 * are gone.
 */
export const forgetEverything = (token: number): ReadonlyArray<string> => [
  "delete from effect_wmi_instance",
  `update effect_wmi_namespace set ${schemaChange(token)}, alive = false`,
  `update effect_wmi_schema set body = null,
    version = (select counter from effect_wmi_namespace where folded = effect_wmi_schema.namespace)`
]
