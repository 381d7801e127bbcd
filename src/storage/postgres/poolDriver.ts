/**
 * Connections of our own to a PostgreSQL server, over the pool of `pg`: the {@link Sessions} of a store in plain code.
 *
 * A put is mostly the wait for one statement. Around it an effect for the connection, one for the statement and one for the bound
 * cost as much as the statement itself, so here a statement is one step: a connection, the statement, the answer or the end of the
 * time.
 *
 * Statements that come again and again stay prepared in a session. Behind a pooler that gives a session to several programs in turn
 * a prepared statement may be missing, or there already; then the statement was not carried out, is asked once more without, and so
 * are those after it.
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

/** Where a server is, and how many connections are made. */
export interface Options {
  readonly url: string
  readonly maxConnections: number
  readonly connectTimeout: Duration.DurationInput
}

const refused = (cause: unknown): SqlError => new SqlError({ cause, message: "Failed to execute statement" })

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
          // A connection that goes is not given out again, and who uses it hears of it by the statement: nothing else is to be done.
          pool.on("error", () => {})
          pool.on("connect", (client) => client.on("error", () => {}))
          return pool
        },
        catch: refused
      }),
      (pool) => Effect.promise(() => pool.end()).pipe(Effect.interruptible, Effect.timeoutOption("1 second"))
    ),
    (pool) =>
      bounded(Duration.decode(connectTimeout), { late: connectTimeoutError })(
        Effect.tryPromise({ try: () => pool.query("select 1"), catch: refused })
      )
  )

/** The name of a prepared statement is a hash of its text, so other versions of this library prepare other names. */
const nameOf = (text: string): string => `effect_wmi_${(fnv1a(text) >>> 0).toString(36)}_${text.length.toString(36)}`

const isMissingOrThere = (error: unknown): boolean => {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  return code === "26000" || code === "42P05" || (code === "0A000" && /cached plan/.test(String(message)))
}

/** A plan is made for a table as it is then; so many uses after that it is made again, then twice as many, and so on. */
const usesOfFirstPlan = 128

/** What a connection is asked to do, with what is not in the types of `pg`. */
type Client = pg.PoolClient & {
  readonly processID?: number | null
  readonly connection?: { readonly stream?: { readonly localPort?: number | undefined } }
}

/** Of all the sessions of whichever server answers, the one at the other end of a connection. */
const cancelSession = `select pg_cancel_backend(pid) from pg_stat_activity
  where pid = $1 and client_port = $2 and application_name = 'effect-wmi'`

/** Who waits in the line of a pool for too long is told so: its server may be well, and is not to be looked for elsewhere. */
const unconnected = (pool: pg.Pool, error: unknown): SqlError =>
  pool.totalCount >= pool.options.max && /timeout exceeded when trying to connect/.test(String(error))
    ? refused(Object.assign(new Error("no connection was free"), { code: "57014" }))
    : refused(error)

/** Ends a connection that does not answer, and what its session waits for. */
const discard = (pool: pg.Pool, client: Client): void => {
  client.release(new Error("it did not answer"))
  if (typeof client.processID === "number" && !pool.ending) {
    const port = client.connection?.stream?.localPort ?? -1
    pool.query(cancelSession, [client.processID, port]).catch(() => {}) // it may be over already
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
      // Who is interrupted does not wait; the answer, or the end of the time, ends what was begun.
    })

  const sessionOf = (client: Client): SqlSession => {
    /** Statements without an answer yet. */
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
