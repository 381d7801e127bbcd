/** A client or a driver whose statements can be made to fail or to wait. It counts the connections in use. */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { SyncDatabase } from "../../src/storage/sqlite/syncDriver.ts"

/** Called before and after each statement. */
export interface Plan {
  readonly before?: (sql: string) => Effect.Effect<void, SqlError>
  readonly after?: (sql: string) => Effect.Effect<void, SqlError>
}

/** The error of a driver for a lost connection. */
export const gone: SqlError = new SqlError({
  cause: Object.assign(new Error("Connection terminated unexpectedly"), { code: "ECONNRESET" }),
  message: "a fault"
})

/** Whether a statement writes instances, in whatever words. */
export const writesInstances = (sql: string): boolean =>
  /\b(insert into|update|delete from) effect_wmi_instance\b/.test(sql)

export class Faulty {
  plan: Plan = {}
  /** Connections that are out. */
  out = 0

  readonly wrap = (client: SqlClient.SqlClient): SqlClient.SqlClient => {
    const reserve = Effect.map(
      Effect.acquireRelease(
        Effect.tap(client.reserve, () => Effect.sync(() => void this.out++)),
        () => Effect.sync(() => void this.out--)
      ),
      (connection) => this.connection(connection)
    )
    const wrapped: SqlClient.SqlClient = Object.assign(
      ((...given: Parameters<SqlClient.SqlClient>) => client(...given)) as SqlClient.SqlClient,
      client,
      { reserve, withoutTransforms: () => wrapped }
    )
    return wrapped
  }

  /** A driver that answers at once, so a plan for it cannot wait. */
  readonly driver = (real: SyncDatabase): SyncDatabase => {
    const now = (planned: Effect.Effect<void, SqlError>): void => {
      if (Exit.isFailure(Effect.runSyncExit(planned))) throw gone.cause
    }
    const struck = <A>(sql: string, run: () => A): A => {
      const { after = () => Effect.void, before = () => Effect.void } = this.plan
      now(before(sql))
      const answer = run()
      now(after(sql))
      return answer
    }
    return {
      ...real,
      run: (sql, parameters) => struck(sql, () => real.run(sql, parameters))
    }
  }

  private connection(real: Connection): Connection {
    return {
      execute: (sql, parameters, transform) =>
        Effect.suspend(() => {
          const { after = () => Effect.void, before = () => Effect.void } = this.plan
          return Effect.zipLeft(Effect.zipRight(before(sql), real.execute(sql, parameters, transform)), after(sql))
        }),
      executeRaw: (...given) => real.executeRaw(...given),
      executeValues: (...given) => real.executeValues(...given),
      executeUnprepared: (...given) => real.executeUnprepared(...given),
      executeStream: (...given) => real.executeStream(...given)
    }
  }
}
