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
import type { ClassOf } from "../../engine/ReadSet.ts"
import * as CimName from "../../model/CimName.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import {
  Conflict,
  type Dump,
  type Found,
  type InstanceRow,
  type Names,
  type NamespaceRow,
  type SchemaChanges,
  type SchemaRow,
  thrown
} from "../rowDatabase.ts"
import { type Select, select } from "../sqlite/queries.ts"
import { failureOf, wbemError } from "./failures.ts"
import { type Row, StatementFailed, type Statements } from "./statements.ts"

/** Runs one statement. */
export type Execute = (sql: string, params?: ReadonlyArray<unknown>) => Effect.Effect<ReadonlyArray<Row>, SqlError>

const none: ReadonlyArray<unknown> = []

/** Runs statements over a driver that answers in its own time. */
export const inTurn =
  (run: Execute) => <A>(work: () => Statements<A>): Effect.Effect<A, SqlError | WbemError | Conflict> =>
    Effect.suspend(() => {
      const statements = work()
      type Answer = Effect.Effect<A, SqlError | WbemError | Conflict>
      const refused = (error: SqlError): Answer => go(() => statements.throw(new StatementFailed(error)))
      const answered = (rows: ReadonlyArray<Row>): Answer => go(() => statements.next(rows))
      const go = (next: () => ReturnType<typeof statements.next>): Answer => {
        try {
          const step = next()
          return step.done === true
            ? Effect.succeed(step.value)
            : Effect.matchEffect(run(...step.value), { onFailure: refused, onSuccess: answered })
        } catch (error) {
          return error instanceof StatementFailed ? Effect.fail(error.cause as SqlError) : thrown(error)
        }
      }
      return answered([])
    })

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
  let failed: StatementFailed | undefined
  for (;;) {
    const step: IteratorResult<readonly [sql: string, parameters?: ReadonlyArray<unknown>], A> = failed === undefined
      ? statements.next(rows)
      : statements.throw(failed)
    if (step.done === true) return step.value
    failed = undefined
    const [sql, parameters] = step.value
    try {
      rows = run(sql, parameters)
    } catch (cause) {
      failed = new StatementFailed(cause)
    }
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

/** Numbers come as text from drivers that keep 64 bits. What is damaged may be empty, or bytes: that is no number. */
const integer = (row: Row, name: string): number => {
  const value = row[name]
  return typeof value === "object" || value === "" ? Number.NaN : Number(value)
}

/** A column that should be text, for a message. */
export const shown = (value: unknown): string =>
  typeof value === "string"
    ? value
    : value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? new TextDecoder("latin1").decode(value)
    : String(value)

/** What is wrong with the first column that is not what was written; `undefined` when nothing is. */
const damageOf = (row: Row, texts: ReadonlyArray<string>, number?: string): string | undefined => {
  for (const name of texts) {
    const value = row[name]
    if (typeof value !== "string") {
      return typeof value === "object" && value !== null ? `its ${name} is not UTF-8` : `its ${name} is not text`
    }
  }
  return number === undefined || Number.isSafeInteger(integer(row, number)) ? undefined : `its ${number} is no number`
}

/** Whether a namespace of that name has this text in its index column; a digest begins with what no name begins with. */
const isNameOf = (name: string, column: string): boolean => column.startsWith("#") || CimName.equals(name, column)

/** The rows of a look at namespaces, by folded name. */
export const namespacesOf = (rows: ReadonlyArray<Row>): Pick<Found, "damaged" | "namespaces"> => {
  const namespaces = new Map<string, NamespaceRow>()
  let damaged: Map<string, string> | undefined
  for (const row of rows) {
    const { folded, name } = row
    const token = integer(row, "token")
    if (
      typeof folded === "string" && typeof name === "string" && isNameOf(name, folded) && Number.isSafeInteger(token)
    ) {
      namespaces.set(folded, { name, token })
    } else {
      damaged ??= new Map()
      damaged.set(shown(folded), damageOf(row, namespaceTexts, "token") ?? "its name is not that of its key")
    }
  }
  return damaged === undefined ? { namespaces } : { namespaces, damaged }
}

const namespaceTexts = ["folded", "name"]
const instanceTexts = ["namespace", "root", "key", "body"]
const schemaTexts = ["root", "key", "body"]
const deletedTexts = ["root", "key"]

export const instanceOf = (row: Row): InstanceRow => {
  const { body, key, namespace, root } = row
  const version = integer(row, "version")
  if (
    typeof namespace === "string" && typeof root === "string" && typeof key === "string" && typeof body === "string"
    && Number.isSafeInteger(version)
  ) return { namespace, root, key, version, body }
  const damage = damageOf(row, instanceTexts, "version")
  return { namespace: shown(namespace), root: shown(root), key: shown(key), version, body: shown(body), damage }
}

const schemaOf = (row: Row): SchemaRow => {
  const body = row["body"] ?? undefined
  return {
    root: shown(row["root"]),
    key: shown(row["key"]),
    body: body === undefined ? undefined : shown(body),
    damage: damageOf(row, body === undefined ? deletedTexts : schemaTexts)
  }
}

/** Each row stands beside its namespace; a namespace without schema rows stands alone. */
export const schemaChangesOf = (rows: ReadonlyArray<Row>, isComplete: boolean): SchemaChanges | undefined => {
  const first = rows[0]
  if (first === undefined) return undefined
  const counter = integer(first, "counter")
  return {
    name: shown(first["name"]),
    // Without a counter every change is new.
    version: { counter: Number.isSafeInteger(counter) ? counter : 0, token: integer(first, "token") },
    isComplete,
    rows: rows.filter((row) => row["key"] !== null).map(schemaOf)
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
  namespace: shown(row["namespace"]),
  className: shown(row["class"]),
  n: integer(row, "n")
})

/** Runs a statement that reads; how text comes is the business of the backend. */
type Reading = (statement: Select) => Statements<ReadonlyArray<Row>>

/** Text as the driver gives it. */
export function* asText({ text }: Select): Statements<ReadonlyArray<Row>> {
  return yield [text]
}

const selectNamespaces = select(
  ["folded", "name", "token"],
  "select folded, name, token from effect_wmi_namespace where alive order by folded"
)

const rowColumns = ["namespace", "root", "key", "version", "body"]

/**
 * Everything, in the order of the keys. The caller holds a transaction in which nothing changes. `key` is the expression for the text
 * of a key.
 */
export function* dump(reading: Reading, key = "key"): Statements<Dump> {
  const columns = `namespace, root, ${key} as key, version, body`
  const { damaged, namespaces } = namespacesOf(yield* reading(selectNamespaces))
  const schema = yield* reading(
    select(rowColumns, `select ${columns} from effect_wmi_schema where body is not null`)
  )
  const instances = yield* reading(select(rowColumns, `select ${columns} from effect_wmi_instance`))
  // A row whose namespace is gone stays in a namespace of that name, which is not dumped.
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
}

/** The names of all namespaces. */
export function* namespaceNames(reading: Reading): Statements<Names> {
  const { damaged, namespaces } = namespacesOf(yield* reading(selectNamespaces))
  return { names: Array.from(namespaces.values(), ({ name }) => name), damaged }
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
