/**
 * The failure of a store: the error of its layer if it cannot be opened, and the `cause` of the `WbemError` of a put whose
 * database failed.
 *
 * @since 0.1.0
 * @module
 */
import { escapeControl } from "../model/escapeControl.ts"
import type { YieldableError } from "effect/Cause"
import * as Data from "effect/Data"
import type { Row } from "../protocol/Change.ts"

/**
 * The reason of a failure.
 *
 * - `Unreachable`, `WrongPassword`, `NoDatabase`, `Denied`: the database cannot be opened. `Denied` is also a schema of another owner.
 * - `NotOurs`, `NotADatabase`, `Newer`, `Directory`, `CannotOpen`: the file is not one that this library may use.
 * - `Replaced`: the file was replaced after it was opened. Nothing was written; the store has to be opened again.
 * - `DiskFull`, `ReadOnly`, `Disk`, `TooBig`, `OutOfMemory`: the database could not write. Nothing was written.
 * - `Corrupt`: the database is damaged, or one row of it; then the detail names its namespace, key root and key (or class). Only operations
 *   that need that row fail. Lists and dumps leave it out (`Snapshot.unreadable`).
 * - `Busy`, `Conflict`, `Canceled`: other transactions were in the way for longer than the wait allows.
 * - `Isolation`: the database does not keep READ COMMITTED, or the check for that failed.
 * - `InTransaction`: a store over a client was used inside a transaction of that client.
 * - `NoDriver`: no SQLite driver is installed. `Input`: the database refused a value. `Other`: see the cause.
 *
 * @since 0.1.0
 * @category models
 */
export type StoreReason =
  | "Unreachable"
  | "WrongPassword"
  | "NoDatabase"
  | "Denied"
  | "NotOurs"
  | "NotADatabase"
  | "Newer"
  | "Directory"
  | "CannotOpen"
  | "Replaced"
  | "DiskFull"
  | "ReadOnly"
  | "Disk"
  | "Corrupt"
  | "TooBig"
  | "OutOfMemory"
  | "Busy"
  | "Conflict"
  | "Canceled"
  | "Isolation"
  | "InTransaction"
  | "NoDriver"
  | "Input"
  | "Other"

/** The first part of the message of each reason. */
const messages: Readonly<Record<StoreReason, string>> = {
  Unreachable: "the database cannot be reached",
  WrongPassword: "the database does not accept the user or password",
  NoDatabase: "there is no such database or schema",
  Denied: "the database does not allow this user to do that",
  NotOurs: "the file belongs to another program and was left as it was",
  NotADatabase: "the file is not a SQLite database and was left as it was",
  Newer:
    "the store was written by a newer version of this library and was left as it was; update effect-wmi to open it",
  Directory: "a directory stands where the file should be",
  CannotOpen: "the file cannot be opened",
  Replaced:
    "the file was deleted, replaced or emptied while it was open; nothing was written, and the store has to be opened again",
  DiskFull: "the disk is full; nothing was written",
  ReadOnly: "the database is read-only; nothing was written",
  Disk: "the disk failed",
  Corrupt: "the database is damaged",
  TooBig: "a value is larger than the database takes; nothing was written",
  OutOfMemory: "the database has no memory left; nothing was written",
  Busy: "the database is busy with others; nothing was written",
  Conflict: "others changed the same objects each time; nothing was written",
  Canceled: "the database took too long",
  Isolation: "a store needs a database whose transactions at READ COMMITTED see what others commit",
  InTransaction: "a transaction of the program is open, and a store has its own: ask it outside; nothing was written",
  NoDriver: "there is no SQLite: Node 22 and later, Deno and Bun have one; on Node 20 install the package libsql",
  Input: "the database refused a value; nothing was written",
  Other: "the database failed"
}

interface Fields {
  readonly reason: StoreReason
  /** With `TooBig` and `Input`: the rows that the database refuses, if they are known. */
  readonly rows?: ReadonlyArray<Row> | undefined
  readonly detail?: string | undefined
  readonly cause?: unknown
}

const Base: new (
  fields: Fields & { readonly message: string }
) => YieldableError & Fields & { readonly _tag: "StoreFailure" } = /* @__PURE__ */ Data.TaggedError("StoreFailure")<
  Fields & { readonly message: string }
>

/**
 * The failure of a store, with its reason.
 *
 * @since 0.1.0
 * @category errors
 */
export class StoreFailure extends Base {
  /** Makes the failure; its message is that of the reason, with the detail in brackets. */
  constructor(fields: Fields) {
    const { detail, reason } = fields
    super({
      ...fields,
      message: detail === undefined ? messages[reason] : `${messages[reason]} (${escapeControl(detail)})`
    })
  }
}
