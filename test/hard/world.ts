/** What the hard tests have in common: a database by its description, the objects, and the parent's hold on its children. */
import * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type ChildProcess, spawn } from "node:child_process"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Property from "../../src/model/Property.ts"
import type { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import type { StoreFailure } from "../../src/emulator/StoreFailure.ts"

/** Where a database is. */
export type Where =
  | { readonly kind: "sqlite"; readonly filename: string }
  | { readonly kind: "postgres"; readonly urls: ReadonlyArray<string> }

const serversOf = (urls: ReadonlyArray<string>): Postgres.Options => ({
  url: urls.map((url) => Redacted.make(url)),
  maxConnections: 4
})

export const clientOf = (where: Where): Layer.Layer<SqlClient.SqlClient, StoreFailure> =>
  where.kind === "sqlite"
    ? Sqlite.layerClient({ filename: where.filename })
    : Postgres.layerClient(serversOf(where.urls))

export const storeOf = (where: Where): Layer.Layer<NamespaceStore, StoreFailure> =>
  where.kind === "sqlite"
    ? Sqlite.layerStore({ filename: where.filename, busyTimeout: "60 seconds" })
    : Postgres.layerStore({ ...serversOf(where.urls), answerTimeout: "20 seconds" })

/** Rows of a statement, over a client that is opened for it. */
export const ask = <A extends object>(where: Where, statement: string): Promise<ReadonlyArray<A>> =>
  Effect.runPromise(Effect.scoped(
    Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<A>(statement)).pipe(Effect.provide(clientOf(where)))
  ))

export const Load: ClassDefinition.ClassDefinition = ClassDefinition.make("Demo_Load", {
  Id: Property.key("string"),
  Batch: Property.make("uint32"),
  Text: Property.make("string")
})

/** The orders of a child process. */
export type Task =
  | { readonly do: "load"; readonly where: Where; readonly run: string; readonly count: number; readonly batch: number }
  | {
    readonly do: "write"
    readonly where: Where
    readonly number: number
    readonly seconds: number
  }

/** A running child process, with the lines that it has printed so far. */
export interface Child {
  readonly process: ChildProcess
  readonly lines: Array<string>
  /** When it has ended: its code, or nothing when it was killed. */
  readonly ended: Promise<number | null>
  /** Resolves when the child has printed a line of that kind or has ended. */
  readonly said: (line: RegExp) => Promise<void>
}

export const startChild = (task: Task): Child => {
  const child = spawn(process.execPath, [
    process.env["HARD_CHILD"]!, // the child as `scripts/hard.mjs` has bundled it
    JSON.stringify(task)
  ], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  const lines: Array<string> = []
  let rest = ""
  const waiting: Array<() => void> = []
  const wake = (): void => waiting.splice(0).forEach((one) => one())
  child.stdout.on("data", (data: Buffer) => {
    const [last, ...whole] = (rest + data.toString()).split("\n").reverse()
    rest = last!
    lines.push(...whole.reverse())
    wake()
  })
  let over = false
  const ended = new Promise<number | null>((resolve) =>
    child.on("close", (code) => {
      over = true
      wake()
      resolve(code)
    })
  )
  const said = async (wanted: RegExp): Promise<void> => {
    while (!over && !lines.some((line) => wanted.test(line))) await new Promise<void>((go) => waiting.push(go))
  }
  return { process: child, lines, ended, said }
}

/** A failed check, with the values that it found. */
export const check = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(what)
}

/** A tenth by `TEST_HARD_SCALE=0.1`, at least one. */
export const scaled = (n: number): number => Math.max(1, Math.round(n * Number(process.env["TEST_HARD_SCALE"] ?? "1")))
