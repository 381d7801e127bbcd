/**
 * A file with a store in it, over whichever synchronous SQLite the runtime has: the built-in `node:sqlite` (Node 22 and later, Deno,
 * Bun), else the package `libsql` (Node 20). The owner of the file is checked before anything is written to it.
 *
 * This is the one file below the command line that depends on the runtime.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { failureOf, wbemError } from "../sql/failures.ts"
import { isPacked, type Reads } from "./damagedText.ts"
import type { SyncDatabase } from "./syncDriver.ts"
import { migrations, refusalOf, retryWhileContended } from "../sql/schema.ts"
import { StoreFailure, type StoreReason } from "../../emulator/StoreFailure.ts"

/** See `Sqlite.Options`. */
export interface Options {
  readonly filename: string
  readonly synchronous?: "FULL" | "NORMAL" | undefined
}

/** A prepared statement: returns its rows, none for a statement that returns none. */
type Prepared = (parameters: ReadonlyArray<unknown>) => ReadonlyArray<Record<string, unknown>>

/** The part of a SQLite handle that the client uses. */
export interface Handle {
  readonly exec: (sql: string) => void
  readonly prepare: (sql: string) => Prepared
  readonly close: () => void
  /** See `SyncDatabase.check`. */
  readonly check?: SyncDatabase["check"]
  /** How text is read. */
  readonly reads: Reads
}

/** The common part of the two drivers. */
interface AnyStatement {
  readonly reader?: boolean
  readonly all: (...parameters: ReadonlyArray<unknown>) => Array<Record<string, unknown>>
  /** The first row. It costs less than a list of one. */
  readonly get: (...parameters: ReadonlyArray<unknown>) => Record<string, unknown>
  readonly run: (...parameters: ReadonlyArray<unknown>) => unknown
}
interface AnyDatabase {
  /** Defined by `libsql` only. */
  readonly inTransaction?: boolean
  readonly exec: (sql: string) => unknown
  readonly prepare: (sql: string) => AnyStatement
  readonly close: () => void
}
type AnyDriver = new (filename: string) => AnyDatabase

const controls = /^\s*(begin|commit|end|rollback|savepoint|release)\b/i
const answers = /\breturning\b/i
const writes = /^\s*(insert|replace|update|delete|create|drop|alter)\b/i

/**
 * `libsql` does not reset a statement that failed because of another writer. While that statement exists, the connection keeps its
 * next read snapshot for ever and writes nothing any more. So a prepared write runs only where it cannot meet another writer: in a
 * transaction that has begun as a writer.
 */
const asWriter = (database: AnyDatabase, run: Prepared): Prepared => (parameters) => {
  if (database.inTransaction !== false) return run(parameters)
  database.exec("begin immediate")
  try {
    const rows = run(parameters)
    database.exec("commit")
    return rows
  } catch (error) {
    rollBack(database)
    throw error
  }
}

/** SQLite may have ended the transaction itself. */
const rollBack = (database: Pick<AnyDatabase, "exec">): void => {
  try {
    database.exec("rollback")
  } catch (error) {
    if (!isOver(error)) throw error
  }
}

export const isOver = (error: unknown): boolean => /no transaction is active/.test(failureOf(error).message)

const adapt = (database: AnyDatabase): Handle => ({
  // `libsql` aborts the process on text that is not UTF-8.
  reads: database.inTransaction === undefined ? "Text" : "Bytes",
  exec: (sql) => void database.exec(sql),
  close: () => database.close(),
  prepare: (sql) => {
    const resets = database.inTransaction === undefined
    const isWrite = writes.test(sql)
    if (controls.test(sql)) return () => (database.exec(sql), [])
    const statement = database.prepare(sql)
    const silent = statement.reader === undefined ? isWrite && !answers.test(sql) : !statement.reader
    // `libsql` takes the parameters as one list too, which costs it less.
    const bound = (parameters: ReadonlyArray<unknown>): ReadonlyArray<unknown> => resets ? parameters : [parameters]
    const rows: Prepared = silent
      ? (parameters) => (statement.run(...bound(parameters)), [])
      : isPacked(sql)
      ? (parameters) => [statement.get(...bound(parameters))]
      : (parameters) => statement.all(...bound(parameters))
    return resets || !isWrite ? rows : asWriter(database, rows)
  }
})

/** Imported when a file is opened, by a name that bundlers do not follow, because most bundles need neither driver. */
const driver: Effect.Effect<AnyDriver, StoreFailure> = Effect.tryPromise({
  try: async () => {
    const [builtIn, optional] = ["node:sqlite", "libsql"]
    const found = await import(builtIn!).then(
      (module: { readonly DatabaseSync?: AnyDriver }) => module.DatabaseSync,
      () => undefined
    )
    return found ?? (await import(optional!) as { readonly default: AnyDriver }).default
  },
  catch: (cause) => new StoreFailure({ reason: "NoDriver", cause })
})

/** "WMI1", in the field of the SQLite file header that identifies the application. */
const applicationId = 0x574d4931
/** "WMI2" to "WMI9" are for versions whose files this one must not even open, because opening would replay a log beside them. */
const isNewerMark = (mark: number): boolean => mark > applicationId && mark <= applicationId + 8

/** The part of `node:fs/promises` that is used. */
interface Files {
  readonly stat: (path: string) => Promise<{ readonly isDirectory: () => boolean }>
  readonly access: (path: string, mode: number) => Promise<void>
  readonly rename: (from: string, to: string) => Promise<void>
  readonly open: (path: string, flags: "wx") => Promise<{ readonly close: () => Promise<void> }>
  readonly unlink: (path: string) => Promise<void>
}

const files = (): Promise<Files> => {
  const name = "node:fs/promises"
  return import(name) as Promise<Files>
}

/** Whether the path exists, as far as the system shows it. */
export const isThere = (filename: string): Effect.Effect<boolean> =>
  Effect.promise(() => files().then((fs) => fs.stat(filename)).then(() => true, () => false))

const [mayRead, mayWrite] = [4, 2]

/** The error code of the system, if it refuses. */
const refusalOfSystem = (asked: Promise<unknown>): Promise<string | undefined> =>
  asked.then(() => undefined, (error: { readonly code?: string }) => error.code)

const unexplained: ReadonlySet<StoreReason> = new Set(["CannotOpen", "NotADatabase", "Disk", "Other"])
const noPermission: ReadonlySet<string | undefined> = new Set(["EACCES", "EPERM", "EROFS"])

/**
 * Why a file does not open, which SQLite does not report: found by calls of the system that do not open it. A read-only disk is
 * detected by a rename to the same name, because not every runtime asks the system for permissions.
 */
const explained = async (filename: string, reason: StoreReason): Promise<StoreReason> => {
  if (!unexplained.has(reason)) return reason
  const fs = await files()
  const found = await fs.stat(filename).catch(() => undefined)
  if (found?.isDirectory() === true) return "Directory"
  if (reason === "NotADatabase") return reason
  if (await refusalOfSystem(fs.rename(filename, filename)) === "EROFS") return "ReadOnly"
  if (noPermission.has(await refusalOfSystem(fs.access(filename, mayRead)))) return "Denied"
  if (noPermission.has(await refusalOfSystem(fs.access(filename, mayWrite)))) return "ReadOnly"
  const folder = filename.replace(/[^/\\]*$/, "") || "."
  return noPermission.has(await refusalOfSystem(fs.access(folder, mayWrite))) ? "Denied" : reason
}

export const cannotOpen = (filename: string) => (failure: StoreFailure): Effect.Effect<never, StoreFailure> =>
  Effect.flatMap(
    Effect.promise(() => explained(filename, failure.reason)),
    (reason) =>
      new StoreFailure({
        reason,
        detail: failure.detail === undefined ? filename : `${filename}: ${failure.detail}`,
        cause: failure.cause
      })
  )

/** The single number that a statement returns. */
const numberOf = (handle: Handle, sql: string): number =>
  Number(Object.values(handle.prepare(sql)([])[0] ?? {})[0] ?? 0)

/** Refuses tables of a newer version. */
const checkVersion = (handle: Handle): void => {
  const there = numberOf(handle, `select count(*) from sqlite_master where type = 'table' and name = '${migrations}'`)
  const refusal = there === 0 ? undefined : refusalOf(
    numberOf(handle, `select cast(max(migration_id) as integer) from ${migrations}`) // a damaged value may be text
  )
  if (refusal !== undefined) throw refusal
}

/** Checks the owner of a file, and refuses a file of another program. */
const checkOwner = (handle: Handle): "Ours" | "New" => {
  const pages = numberOf(handle, "pragma page_count") // read before the mark, which another process may be setting
  const mark = numberOf(handle, "pragma application_id")
  if (mark === applicationId) {
    checkVersion(handle)
    return "Ours"
  }
  if (isNewerMark(mark)) throw new StoreFailure({ reason: "Newer" })
  // A file of another program may have no tables yet, or all of them in a log. A file of a store gets its mark first.
  if (mark !== 0 || pages > 0) throw new StoreFailure({ reason: "NotOurs" })
  return "New"
}

/** Reasons that a second check cannot change. */
const refused: ReadonlySet<StoreReason> = new Set(["NotOurs", "Newer", "NotADatabase"])

/**
 * The same check without side effects: opened as immutable, SQLite takes no lock, recovers nothing and makes no files beside the file.
 * What cannot be decided so (a missing file, one that is being written) is left to the check that follows.
 *
 * The header is not read without SQLite, because closing a file releases the locks that this process has on it, which another
 * connection may rely on; SQLite tracks its own.
 */
const checkFirst = (Driver: AnyDriver, filename: string): Effect.Effect<void, StoreFailure> =>
  filename === ":memory:" ? Effect.void : Effect.flatMap(
    Effect.promise(async () => {
      const name = "node:url"
      const url = await import(name) as { readonly pathToFileURL: (path: string) => { readonly href: string } }
      return `${url.pathToFileURL(filename).href}?mode=ro&immutable=1`
    }),
    (uri) =>
      Effect.suspend(() => {
        let handle: Handle | undefined
        try {
          handle = adapt(new Driver(uri))
          checkOwner(handle)
          return Effect.void
        } catch (error) {
          const failure = error instanceof StoreFailure ? error : failureOf(error)
          return refused.has(failure.reason) ? Effect.fail(failure) : Effect.void
        } finally {
          handle?.close()
        }
      })
  )

/**
 * Marks a new file, in the first transaction of all, so the mark is in the file itself and never only in a log beside it. Of several
 * processes that find a new file, the first marks it and the others find it marked.
 */
const claim = (handle: Handle): void => {
  if (checkOwner(handle) === "Ours") return
  handle.exec("begin immediate")
  try {
    const mark = numberOf(handle, "pragma application_id")
    if (mark !== applicationId) {
      if (mark !== 0 || numberOf(handle, "select count(*) from sqlite_master") > 0) {
        throw new StoreFailure({ reason: "NotOurs" })
      }
      handle.exec(`pragma application_id = ${applicationId}`)
    }
    handle.exec("commit")
  } catch (error) {
    rollBack(handle)
    throw error
  }
}

const checkOurs = (handle: Handle): void => {
  if (checkOwner(handle) === "New") throw new StoreFailure({ reason: "NotADatabase", detail: "it is empty" })
}

const pragmas = (synchronous: "FULL" | "NORMAL"): ReadonlyArray<string> => [
  "pragma journal_mode = wal",
  `pragma synchronous = ${synchronous}`,
  "pragma busy_timeout = 0" // SQLite would wait by blocking the process; the store retries instead
]

/** While a file is opened another process may be making its tables. */
const openingTimeout = "pragma busy_timeout = 5000"

/**
 * Moves the log into the file and empties the log, so that a closed file has everything itself. SQLite does that when the last connection
 * closes, but with `libsql` a connection is open until its statements are collected as garbage. It does not wait for other
 * connections that use the file; what cannot be moved stays in the log, where the next connection finds it. So a failure is no loss.
 */
const emptyLog = (handle: Handle): void => {
  try {
    handle.exec("pragma busy_timeout = 0")
    handle.exec("pragma wal_checkpoint(truncate)")
  } catch {
    // the log stays
  }
}

/** Opens a file of a store: `Make` creates a missing one; `Look` opens an existing one and changes nothing. */
export const open = (
  { filename, synchronous = "FULL" }: Options,
  what: "Make" | "Look" = "Make"
): Effect.Effect<Handle, StoreFailure, Scope.Scope> =>
  Effect.flatMap(driver, (Driver) =>
    Effect.zipRight(
      checkFirst(Driver, filename),
      Effect.acquireRelease(
        Effect.try({ try: () => adapt(new Driver(filename)), catch: failureOf }),
        (handle) => Effect.sync(() => handle.close())
      )
    )).pipe(
      Effect.tap((handle) =>
        retryWhileContended(Effect.try({
          try: () => {
            handle.exec(openingTimeout)
            if (what === "Look") return checkOurs(handle)
            claim(handle)
            for (const pragma of pragmas(synchronous)) handle.exec(pragma)
          },
          catch: (error) => error instanceof StoreFailure ? error : failureOf(error)
        }))
      ),
      // After the check of the owner: the log of another program stays as it is.
      Effect.tap((handle) =>
        what === "Make" ? Effect.addFinalizer(() => Effect.sync(() => emptyLog(handle))) : Effect.void
      ),
      Effect.flatMap((handle) =>
        Effect.map(
          Effect.promise(() => checkOf(filename).catch(() => undefined)),
          (check): Handle => check === undefined ? handle : { ...handle, check }
        )
      ),
      Effect.catchAll(cannotOpen(filename))
    )

/** The identity of a file. */
interface FileIdentity {
  readonly dev: number
  readonly ino: number | null
  readonly size: number
}

/** The part of `node:fs` and of Deno that is used: `Deno.statSync` takes a third of the time of its `node:fs`. */
interface StatSync {
  readonly statSync: (path: string) => FileIdentity
}

const notThere: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR"])

/**
 * Checks whether a path still leads to the file that was opened. SQLite does not: it goes on writing to a deleted file, whose contents
 * are lost when the last process closes it. A check costs some microseconds, a hundredth of a transaction.
 */
const checkOf = async (filename: string): Promise<SyncDatabase["check"] | undefined> => {
  if (filename === ":memory:" || filename.startsWith("file:")) return undefined
  const [fs, path] = ["node:fs", "node:path"]
  const { statSync } = (globalThis as { readonly Deno?: StatSync }).Deno ?? await import(fs!) as StatSync
  const absolute = (await import(path!) as { readonly resolve: (path: string) => string }).resolve(filename)
  const look = (): FileIdentity | undefined => {
    try {
      return statSync(absolute)
    } catch (error) {
      const { code, name } = error as { readonly code?: unknown; readonly name?: unknown }
      if (notThere.has(code) || name === "NotFound") return undefined
      throw error
    }
  }
  const opened = look()
  if (opened === undefined) return undefined
  const { dev, ino, size } = opened
  return () => {
    let now: FileIdentity | undefined
    try {
      now = look()
    } catch {
      return undefined // a file that cannot be examined is left to SQLite
    }
    return now === undefined || now.ino !== ino || now.dev !== dev || (now.size === 0 && size > 0)
      ? wbemError(new StoreFailure({ reason: "Replaced", detail: filename }), false)
      : undefined
  }
}

const fileReasons: ReadonlySet<StoreReason> = new Set(["DiskFull", "ReadOnly", "Denied", "Disk"])

/** The failure of a file operation. */
const ofFile = (error: unknown): StoreFailure => {
  const failure = failureOf(error)
  return fileReasons.has(failure.reason) ? failure : new StoreFailure({ ...failure, reason: "CannotOpen" })
}

/** Makes an empty file for the copy, which SQLite fills; so a copy that fails is a file that may be removed. */
const makeFile = (filename: string): Effect.Effect<void, StoreFailure> =>
  Effect.tryPromise({ try: async () => (await (await files()).open(filename, "wx")).close(), catch: ofFile })

const removeFile = (filename: string): Effect.Effect<void, StoreFailure> =>
  Effect.tryPromise({ try: async () => (await files()).unlink(filename), catch: ofFile })

/** Copies the database of a handle into a new file, which is removed when the copy fails. */
export const copy = (handle: Handle, to: string): Effect.Effect<void, StoreFailure> =>
  Effect.uninterruptible(Effect.zipRight(
    makeFile(to),
    Effect.catchAll(
      Effect.try({ try: () => void handle.prepare("vacuum into ?")([to]), catch: failureOf }),
      (failure) =>
        Effect.matchEffect(removeFile(to), {
          onSuccess: () => failure,
          onFailure: ({ message }) =>
            new StoreFailure({ ...failure, detail: `${failure.detail}; what there is of it stays: ${message}` })
        })
    )
  ))

/** Most statements that are kept prepared. */
const maxPrepared = 200

/** Runs the statements of a handle, and keeps them prepared. */
export const databaseOf = (handle: Handle): Effect.Effect<SyncDatabase, never, Scope.Scope> => {
  const kept = new Map<string, Prepared>()
  const prepared = (sql: string): Prepared => {
    const known = kept.get(sql)
    if (known !== undefined) return known
    const made = handle.prepare(sql)
    if (kept.size >= maxPrepared) kept.clear()
    kept.set(sql, made)
    return made
  }
  // With `libsql` a file stays open as long as a statement of it is referenced.
  return Effect.as(Effect.addFinalizer(() => Effect.sync(() => kept.clear())), {
    reads: handle.reads,
    run: (sql, parameters) => prepared(sql)(parameters),
    check: handle.check ?? (() => undefined)
  })
}
