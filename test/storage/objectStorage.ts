/** The storage of a Durable Object over the SQLite at hand: it refuses what the real one refuses, and rolls back what throws. */
import type * as DurableObject from "../../src/storage/sqlite/DurableObject.ts"

interface Statement {
  readonly reader?: boolean
  readonly all: (...parameters: ReadonlyArray<unknown>) => ReadonlyArray<Record<string, unknown>>
  readonly run: (...parameters: ReadonlyArray<unknown>) => unknown
}

interface Database {
  readonly exec: (sql: string) => unknown
  readonly prepare: (sql: string) => Statement
}

const open = async (): Promise<Database> => {
  const [builtIn, optional] = ["node:sqlite", "libsql"]
  const found = await import(builtIn!).then(
    (module: { readonly DatabaseSync: new (name: string) => Database }) => module.DatabaseSync,
    () => undefined
  )
  const Driver = found ?? (await import(optional!) as { readonly default: new (name: string) => Database }).default
  return new Driver(":memory:")
}

/** What a text, a statement and a list of parameters may be at most. */
const most = { text: 2_000_000, statement: 100_000, parameters: 100 }

/** The real one says which code it is at the end of its message, and nowhere else. */
const coded = (error: unknown): unknown =>
  error instanceof Error && /constraint failed/i.test(error.message)
    ? new Error(`${error.message}: SQLITE_CONSTRAINT`)
    : error

export const make = async (): Promise<DurableObject.Storage> => (await makeKept()).storage

/** The same, with a way to set the storage back to an earlier state. */
export const makeKept = async (): Promise<
  { readonly storage: DurableObject.Storage; readonly keep: () => () => void }
> => {
  const database = await open()
  let depth = 0
  let kept = 0
  const tables = ["effect_wmi_namespace", "effect_wmi_schema", "effect_wmi_instance"]
  const keep = (): () => void => {
    const at = kept++
    for (const table of tables) database.exec(`create temp table kept_${at}_${table} as select * from ${table}`)
    return () => {
      for (const table of tables) {
        database.exec(`delete from ${table}; insert into ${table} select * from kept_${at}_${table}`)
      }
    }
  }
  const storage: DurableObject.Storage = {
    sql: {
      exec: (query, ...bindings) => {
        if (/^\s*(begin|commit|rollback|savepoint|release|pragma|vacuum|attach)\b/i.test(query)) {
          throw new Error(`not authorized: SQLITE_AUTH`)
        }
        if (query.length > most.statement) throw new Error("statement too long: SQLITE_TOOBIG")
        if (bindings.length > most.parameters) throw new Error("too many SQL variables: SQLITE_ERROR")
        for (const one of bindings) {
          if (typeof one === "string" && new TextEncoder().encode(one).length > most.text) {
            throw new Error("string or blob too big: SQLITE_TOOBIG")
          }
          if (one !== null && typeof one !== "string" && typeof one !== "number") throw new TypeError("no such binding")
        }
        try {
          const statement = database.prepare(query)
          if (statement.reader === false) {
            statement.run(...bindings)
            return { toArray: () => [] }
          }
          const rows = statement.all(...bindings)
          return { toArray: () => rows }
        } catch (error) {
          throw coded(error)
        }
      }
    },
    transactionSync: (closure) => {
      const name = `at_${depth++}`
      database.exec(`savepoint ${name}`)
      try {
        const result = closure()
        database.exec(`release ${name}`)
        return result
      } catch (error) {
        database.exec(`rollback to ${name}`)
        database.exec(`release ${name}`)
        throw error
      } finally {
        depth--
      }
    }
  }
  return { storage, keep }
}
