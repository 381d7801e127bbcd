/**
 * The driver of a PostgreSQL server over a pool of `pg`, in plain code.
 *
 * A put is mostly the wait for one statement. One effect each for the connection, the statement and the timeout would cost as much as
 * the statement itself, so here a statement is one effect: connect, send, and the answer or the timeout.
 *
 * Repeated statements stay prepared in a session. Behind a pooler that gives a session to several programs in turn a prepared
 * statement may be missing, or exist already; then the statement was not carried out, and it and all later ones are sent unprepared.
 *
 * The timeouts are not those of `pg` (`query_timeout` bounds neither the wait for a connection nor releases a connection whose
 * statement still runs; `statement_timeout` is a start-up parameter, which transaction poolers refuse).
 *
 * @internal
 */
import { SqlError } from "@effect/sql/SqlError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import pg from "pg"
import { fnv1a } from "../digest.ts"
import type { Query, Row, SqlDriver, SqlSession } from "../sql/driver.ts"
import { answerTimeoutError, bounded, maxTimerMillis } from "../sql/timeouts.ts"

/** The address of a server, and how many connections are made. */
export interface Options {
  readonly url: string
  readonly maxConnections: number
  readonly connectTimeout: Duration.DurationInput
}

const refused = (cause: unknown): SqlError => new SqlError({ cause, message: "Failed to execute statement" })

/** The error of a first connection. That of an address that is no URL shows the address, and so the password, in some runtimes. */
const unopened = (cause: unknown): SqlError =>
  refused(/invalid url/i.test(String(cause)) ? new Error("the address of the database is no valid URL") : cause)

/** The error of a server that accepts connections and never answers: `failures.ts` treats it as unreachable. */
export const connectTimeoutError = (limit: Duration.Duration): SqlError =>
  refused(Object.assign(new Error(`the server said nothing within ${Duration.format(limit)}`), { code: "ETIMEDOUT" }))

/** A pool whose server has answered once. */
export const make = (
  { connectTimeout, maxConnections, url }: Options
): Effect.Effect<pg.Pool, SqlError, Scope.Scope> =>
  Effect.tap(
    Effect.acquireRelease(
      Effect.try({
        try: () => {
          const pool = new pg.Pool({
            connectionString: url,
            max: maxConnections,
            connectionTimeoutMillis: Duration.toMillis(connectTimeout) > maxTimerMillis
              ? 0
              : Duration.toMillis(connectTimeout),
            application_name: "effect-wmi"
          })
          // A lost connection is not reused, and its user gets the error from the statement: the events need no handling.
          pool.on("error", () => {})
          pool.on("connect", (client) => client.on("error", () => {}))
          return pool
        },
        catch: unopened
      }),
      (pool) => Effect.promise(() => pool.end()).pipe(Effect.interruptible, Effect.timeoutOption("1 second"))
    ),
    (pool) =>
      bounded(Duration.decode(connectTimeout), { late: connectTimeoutError })(
        Effect.tryPromise({ try: () => pool.query("select 1"), catch: unopened })
      )
  )

/** The name of a prepared statement is a hash of its text, so other versions of this library prepare other names. */
const nameOf = (text: string): string => `effect_wmi_${(fnv1a(text) >>> 0).toString(36)}_${text.length.toString(36)}`

const isMissingOrThere = (error: unknown): boolean => {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  return code === "26000" || code === "42P05" || (code === "0A000" && /cached plan/.test(String(message)))
}

/** A plan fits the table as it was when the plan was made: after so many uses it is made again, then after twice as many, and so on. */
const usesOfFirstPlan = 128

/** A connection, with fields that are not in the types of `pg`. */
type Client = pg.PoolClient & {
  readonly processID?: number | null
  readonly connection?: { readonly stream?: { readonly localPort?: number | undefined } }
}

/** Cancels the session of a connection. The port tells it from sessions of the same number on another server. */
const cancelSession = `select pg_cancel_backend(pid) from pg_stat_activity
  where pid = $1 and client_port = $2 and application_name = 'effect-wmi'`

/**
 * The error of a query that got no connection. When every connection of the pool is in use, the error is a timeout (57014), because
 * the server may work; otherwise it is the error of the failed connection attempt.
 */
const unconnected = (pool: pg.Pool, error: unknown): SqlError =>
  pool.totalCount >= pool.options.max && /timeout exceeded when trying to connect/.test(String(error))
    ? refused(Object.assign(new Error("no connection was free"), { code: "57014" }))
    : refused(error)

/** Closes a connection that does not answer, and cancels the statement of its session. */
const discard = (pool: pg.Pool, client: Client): void => {
  client.release(new Error("it did not answer"))
  if (typeof client.processID === "number" && !pool.ending) {
    const port = client.connection?.stream?.localPort ?? -1
    pool.query(cancelSession, [client.processID, port]).catch(() => {}) // the statement may have ended already
  }
}

/** The driver of a pool. */
export const driver = (pool: pg.Pool, limit: Duration.Duration): SqlDriver => {
  const millis = Duration.toMillis(limit)
  const inTime = (late: () => void): ReturnType<typeof setTimeout> | undefined =>
    millis > maxTimerMillis ? undefined : setTimeout(late, millis)
  let prepares = true
  const names = new Map<string, string>()
  const uses = new WeakMap<pg.PoolClient, number>()

  /** The name of a statement that stays prepared. */
  const preparedName = (client: pg.PoolClient, text: string): string => {
    let name = names.get(text)
    if (name === undefined) names.set(text, name = nameOf(text))
    const used = uses.get(client) ?? 0
    uses.set(client, used + 1)
    return used < usesOfFirstPlan ? name : `${name}_${31 - Math.clz32(used / usesOfFirstPlan)}`
  }

  const query: Query = (text, parameters = [], { isPrepared = false, onSend } = {}) =>
    Effect.async<ReadonlyArray<Row>, SqlError>((resume) => {
      let client: Client | undefined
      let over = false
      const timer = inTime(() => {
        over = true
        if (client !== undefined) discard(pool, client)
        resume(Effect.fail(answerTimeoutError(limit)))
      })
      const values = parameters as Array<unknown> // `pg` reads it only
      const submit = (name: string | undefined): void =>
        client!.query(name === undefined ? { text, values } : { name, text, values }, (error: unknown, result) => {
          if (over) return
          if (error instanceof Error && name !== undefined && isMissingOrThere(error)) {
            prepares = false
            return submit(undefined)
          }
          over = true
          clearTimeout(timer)
          client!.release()
          resume(error instanceof Error ? Effect.fail(refused(error)) : Effect.succeed(result.rows as Array<Row>))
        })
      pool.connect((error, found, release) => {
        if (over) return found === undefined ? undefined : release()
        if (found === undefined) {
          over = true
          clearTimeout(timer)
          return resume(Effect.fail(unconnected(pool, error)))
        }
        client = found
        onSend?.()
        submit(isPrepared && prepares ? preparedName(found, text) : undefined)
      })
      // On interruption the caller returns at once. The answer or the timeout releases the connection.
    })

  const sessionOf = (client: Client): SqlSession => {
    /** The number of statements without an answer yet. */
    let pending = 0
    return {
      query: (text, parameters = []) =>
        Effect.async((resume) => {
          if (pending > 0) return resume(Effect.fail(answerTimeoutError(limit)))
          pending++
          const timer = inTime(() => resume(Effect.fail(answerTimeoutError(limit))))
          client.query(text, parameters as Array<unknown>, (error: unknown, result) => {
            pending--
            clearTimeout(timer)
            resume(error instanceof Error ? Effect.fail(refused(error)) : Effect.succeed(result.rows as Array<Row>))
          })
          return Effect.sync(() => clearTimeout(timer))
        }),
      end: (isClean) =>
        Effect.sync(() => {
          if (!isClean || pending > 0) discard(pool, client)
          else client.release()
        })
    }
  }

  return {
    query,
    open: () =>
      Effect.async((resume) => {
        let isOver = false
        const timer = inTime(() => {
          isOver = true
          resume(Effect.fail(answerTimeoutError(limit)))
        })
        pool.connect((error, found, release) => {
          clearTimeout(timer)
          if (found === undefined) resume(Effect.fail(unconnected(pool, error)))
          else if (isOver) release()
          else resume(Effect.succeed(sessionOf(found)))
        })
      })
  }
}
