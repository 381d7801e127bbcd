/** Faults: statement 1, 2, 3 … of a call fails, before or after it was carried out. What is left is the state before or the state after. */
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import { describe, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Reactivity from "@effect/experimental/Reactivity"
import * as Stream from "effect/Stream"
import { join } from "node:path"
import { assert } from "vitest"
import * as Footprint from "../../src/engine/Footprint.ts"
import * as PutEngine from "../../src/engine/PutEngine.ts"
import * as Snapshot from "../../src/engine/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { isWbemError, type WbemError } from "../../src/protocol/WbemError.ts"
import * as EmulatedRepository from "../../src/repository/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/repository/NamespaceStore.ts"
import * as Postgres from "../../src/repository/Postgres.ts"
import * as Sqlite from "../../src/repository/Sqlite.ts"
import * as SqlStore from "../../src/repository/SqlStore.ts"
import * as StoredForm from "../../src/repository/storedForm.ts"
import { valid } from "../../src/testing/promise.ts"
import * as Wmi from "../../src/Wmi.ts"
import { database, folder } from "./stores.ts"

/** What to do around statements; asked before and after each. */
interface Plan {
  readonly before: (sql: string) => Effect.Effect<void, SqlError>
  readonly after: (sql: string) => Effect.Effect<void, SqlError>
}

/** A client whose statements a plan can fail or hold up, and which counts the connections that are out. */
class Faulty {
  plan: Plan | undefined
  out = 0

  wrap(client: SqlClient.SqlClient): Effect.Effect<SqlClient.SqlClient, never, Reactivity.Reactivity> {
    const reserve = Effect.acquireRelease(
      Effect.tap(client.reserve, () => Effect.sync(() => void this.out++)),
      () => Effect.sync(() => void this.out--)
    )
    return SqlClient.make({
      acquirer: Effect.die("a store takes connections of its own"),
      transactionAcquirer: Effect.map(reserve, (connection) => this.connection(connection)),
      compiler: Sqlite.compilerOf === undefined ? never() : never(),
      spanAttributes: []
    })
  }

  connection(real: Connection): Connection {
    const around = <A>(sql: string, run: Effect.Effect<A, SqlError>): Effect.Effect<A, SqlError> =>
      Effect.suspend(() => {
        const { plan } = this
        return plan === undefined ? run : Effect.zipLeft(Effect.zipRight(plan.before(sql), run), plan.after(sql))
      })
    return { ...real, execute: (sql, parameters, transform) => around(sql, real.execute(sql, parameters, transform)) }
  }
}
