/**
 * The meaning of a database's error: the reason, the status, whether to retry, and whether anything may have been written.
 *
 * @internal
 */
import { Failed, OutOfMemory, type StoreError, Timeout, TransportFailure } from "../../protocol/WbemError.ts"
import { StoreFailure, type StoreReason } from "../../emulator/StoreFailure.ts"

/** How a reason is recognized: by codes of PostgreSQL (SQLSTATE) and of the system, primary result codes of SQLite, or words. */
interface Rule {
  readonly reason: StoreReason
  readonly sqlState?: RegExp
  readonly system?: ReadonlyArray<string>
  readonly sqlite?: ReadonlyArray<readonly [name: string, code: number]>
  readonly words?: RegExp
}

/** The first row that matches decides. */
const table: ReadonlyArray<Rule> = [
  // Two sessions that make the same table at once get one of 23505, 42P07 and 42710 (its row type).
  {
    reason: "Conflict",
    sqlState: /^(40001|40P01|23505|22012|55P03|42P07|42710)$/,
    sqlite: [["SQLITE_CONSTRAINT", 19]]
  },
  // Deno gives no code of SQLite for a statement that has no parameters.
  {
    reason: "Busy",
    sqlite: [["SQLITE_BUSY", 5], ["SQLITE_LOCKED", 6]],
    sqlState: /^53300$/,
    words: /^database (table )?is locked/
  },
  { reason: "DiskFull", sqlState: /^53100$/, sqlite: [["SQLITE_FULL", 13]], system: ["ENOSPC", "EDQUOT"] },
  {
    reason: "ReadOnly",
    sqlState: /^25006$/,
    sqlite: [["SQLITE_READONLY", 8]],
    system: ["EROFS"],
    words: /^attempt to write a readonly database/
  },
  {
    reason: "TooBig",
    sqlState: /^54000$/,
    sqlite: [["SQLITE_TOOBIG", 18]],
    words:
      /Cannot create a string longer|Invalid string length|Out of memory|invalid memory alloc request size|string buffer exceeds|invalid message length/
  },
  { reason: "OutOfMemory", sqlState: /^53200$/, sqlite: [["SQLITE_NOMEM", 7]] },
  { reason: "WrongPassword", sqlState: /^(28P01|28000)$/, words: /password must be a string/ },
  { reason: "NoDatabase", sqlState: /^(3D000|3F000)$/ },
  {
    reason: "Denied",
    sqlState: /^42501$/,
    sqlite: [["SQLITE_PERM", 3], ["SQLITE_AUTH", 23]],
    system: ["EACCES", "EPERM"]
  },
  { reason: "NotADatabase", sqlite: [["SQLITE_NOTADB", 26]] },
  { reason: "Corrupt", sqlState: /^XX00[12]$/, sqlite: [["SQLITE_CORRUPT", 11]] },
  {
    reason: "CannotOpen",
    sqlite: [["SQLITE_CANTOPEN", 14]],
    words: /unable to open connection to local database/i // the message of libsql, which has no code
  },
  {
    reason: "Unreachable",
    sqlState: /^(08...|57P0[1-5]|40003)$/,
    system: [
      "ECONNREFUSED",
      "ECONNRESET",
      "EPIPE",
      "ETIMEDOUT",
      "ENOTFOUND",
      "EAI_AGAIN",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "ENOENT"
    ],
    words:
      /Connection terminated|Connection ended|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|connection closed/i
  },
  { reason: "Input", sqlState: /^22/ },
  { reason: "Disk", sqlState: /^58/, sqlite: [["SQLITE_IOERR", 10]] },
  { reason: "Canceled", sqlState: /^57014$/ },
  { reason: "CannotOpen", words: /unable to open (connection to local )?database/i } // for drivers without a code
]

interface DriverError {
  readonly code?: unknown
  readonly errcode?: unknown
  readonly rawCode?: unknown
  readonly message?: unknown
  readonly cause?: unknown
  readonly errors?: ReadonlyArray<unknown>
}

/** The error of the driver, below whatever wraps it. */
const innermost = (error: unknown): DriverError => {
  let at = error as DriverError
  for (let depth = 0; depth < 8; depth++) {
    const next = at?.cause ?? at?.errors?.[0]
    if (typeof next !== "object" || next === null) break
    at = next as DriverError
  }
  return typeof at === "object" && at !== null ? at : { message: String(at) }
}

const matches = ({ code, errcode, message, rawCode }: DriverError) => (row: Rule): boolean => {
  const text = typeof code === "string" ? code : ""
  const number = typeof errcode === "number" ? errcode : typeof rawCode === "number" ? rawCode : undefined
  if (
    row.sqlite?.some(([name, primary]) =>
      text.startsWith(name) || (number !== undefined && (number & 0xff) === primary)
    )
  ) return true
  if (/^[0-9A-Z]{5}$/.test(text) && row.sqlState?.test(text) === true) return true
  return row.system?.includes(text) === true || (row.words !== undefined && row.words.test(String(message ?? "")))
}

/** The reason of a database's error. */
export const reasonOf = (error: unknown): StoreReason => table.find(matches(innermost(error)))?.reason ?? "Other"

/** The failure with its reason, the driver's error as its cause. */
export const failureOf = (error: unknown): StoreFailure =>
  new StoreFailure({ reason: reasonOf(error), detail: String(innermost(error).message ?? error), cause: error })

/**
 * The failure as a status. `sent`: whether a write or commit had been sent, so that its outcome may be unknown.
 */
export const wbemError = (failure: StoreFailure, sent: boolean): StoreError => {
  const about = { detail: failure.message, cause: failure }
  switch (failure.reason) {
    case "Unreachable":
      return new TransportFailure({ ...about, sent })
    case "Canceled":
      return sent ? new TransportFailure({ ...about, sent }) : new Timeout(about)
    case "Busy":
    case "Conflict":
      return new Timeout(about)
    case "OutOfMemory":
      return new OutOfMemory(about)
    case "Disk": // a commit that could not be flushed may have been stored
    case "Other": // an unknown error leaves the outcome of a write unknown
      return sent ? new TransportFailure({ ...about, sent }) : new Failed(about)
    default:
      return new Failed(about)
  }
}
