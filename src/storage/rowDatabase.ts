/**
 * What a database does for `RowStore`: it loads and writes rows with versions. It knows nothing of snapshots, decisions or groups.
 *
 * A *schema row* is a class or an instance of a system class; every store process caches those of the namespaces it works in. A
 * namespace has a {@link SchemaVersion}: a counter of the changes of its schema rows, and a token that is drawn with each change and
 * never repeats. A schema is unchanged while its token is the same. The counter alone would not tell: a database that is set back
 * to an earlier state counts the same numbers again, for other changes. An *instance row* has a version of its own, which is new with
 * every write and never repeats.
 *
 * ```text
 * NamespaceStore (emulator)
 *   RowStore          snapshots, decisions, optimistic concurrency, group commit
 *     RowDatabase     this file: attempt(mode, work)
 *       SqlDatabase = SqlDialect x SqlDriver        versionedDatabase (compare-and-set)
 * ```
 *
 * @internal
 */
import type { RowId } from "../codec/storedObject.ts"
import type * as Effect from "effect/Effect"
import type { ClassOf, ReadKeys } from "../engine/ReadSet.ts"
import * as Eager from "../internal/eager.ts"
import { isThrown } from "../engine/state/unreadableRows.ts"
import type { StoreError } from "../protocol/WbemError.ts"

/** What a database loads in one call. Namespaces are folded. */
export interface ReadPlan {
  readonly namespaces: ReadonlyArray<string>
  readonly rows: ReadonlyArray<RowId>
  readonly classes: ReadKeys["classes"]
  readonly counts: ReadKeys["counts"]
}

/** A row with the damage of its columns, if there is any. Damaged columns hold text that serves for a message only. */
interface Checked {
  readonly damage?: string | undefined
}

/** An instance row. */
export interface InstanceRow extends RowId, Checked {
  readonly version: number
  readonly body: string
}

/** The version of a namespace's schema. */
export interface SchemaVersion {
  /** The number of changes so far. It orders the schema rows of one history. */
  readonly counter: number
  /** Drawn at random with each change. Equal tokens mean an equal schema. */
  readonly token: number
}

/** An existing namespace: its name as spelled, and the token of its schema. */
export interface NamespaceRow {
  readonly name: string
  readonly token: number
}

/** Why existing namespaces cannot be read, by folded name. */
export type Damaged = ReadonlyMap<string, string>

/** The rows of a {@link ReadPlan} that exist, all as of one moment. */
export interface Loaded {
  /** By folded name; without the namespaces that do not exist. */
  readonly namespaces: ReadonlyMap<string, NamespaceRow>
  readonly damaged?: Damaged | undefined
  readonly instances: ReadonlyArray<InstanceRow>
  readonly counts: ReadonlyArray<ClassOf & { readonly n: number }>
}

/** A schema row; `body` is undefined when the row was deleted. */
export interface SchemaRow extends Omit<RowId, "namespace">, Checked {
  readonly body: string | undefined
}

/** Schema rows of a namespace, and the version that they lead to, all as of one moment. */
export interface SchemaChanges {
  /** The namespace's name as spelled. */
  readonly name: string
  readonly version: SchemaVersion
  /**
   * Whether `rows` are all rows of the namespace. Otherwise they are the rows that changed after the version that the caller gave,
   * which a database can tell only while that token stands in the history of the namespace.
   */
  readonly isComplete: boolean
  readonly rows: ReadonlyArray<SchemaRow>
}

/** The write of one instance row over the version that was loaded (`undefined`: no row); without a body the row is deleted. */
export interface InstanceWrite extends RowId {
  readonly className: string
  readonly readVersion: number | undefined
  readonly body: string | undefined
}

/** The write of one schema row; without a body the row is deleted. */
export interface SchemaWrite extends RowId {
  readonly body: string | undefined
}

/** The creation (`alive`) or deletion of a namespace; `name` is its name as spelled. */
export interface NamespaceWrite {
  readonly namespace: string
  readonly name: string
  readonly alive: boolean
}

/** Everything that one commit validates and writes. */
export interface WriteSet {
  /** Namespaces with the schema tokens that they must still have. */
  readonly preconditions: ReadonlyArray<readonly [namespace: string, token: number]>
  /** Instance rows that were read and are not written, with the versions that they must still have. */
  readonly validatedReads: ReadonlyArray<RowId & { readonly version: number }>
  readonly instances: ReadonlyArray<InstanceWrite>
  readonly schema: ReadonlyArray<SchemaWrite>
  readonly namespaces: ReadonlyArray<NamespaceWrite>
  /** Namespaces whose schema changes, with the token that it had; without new namespaces. */
  readonly versionIncrements: ReadonlyArray<readonly [namespace: string, token: number]>
  /** Drawn for this commit: the version of the written instance rows, and the token of the changed schemas. */
  readonly version: number
}

/** Everything that is stored. */
export interface Dump {
  /** Names as spelled. */
  readonly namespaces: ReadonlyArray<string>
  readonly damaged?: Damaged | undefined
  readonly schema: ReadonlyArray<RowId & Checked & { readonly body: string }>
  readonly instances: ReadonlyArray<RowId & Checked & { readonly body: string }>
}

/** The names of all namespaces. */
export interface Names {
  readonly names: ReadonlyArray<string>
  readonly damaged?: Damaged | undefined
}

/** The whole contents that a store is to have. */
export interface Contents {
  /** Names as spelled. */
  readonly namespaces: ReadonlyArray<string>
  readonly schema: ReadonlyArray<SchemaWrite>
  readonly instances: ReadonlyArray<RowId & { readonly className: string; readonly body: string }>
  /** The version of the instance rows, and the token of all schemas. */
  readonly version: number
}

/** Another writer was in the way: nothing was written, and another attempt may succeed. */
export class Conflict {
  readonly _tag = "Conflict"
  readonly cause: unknown
  constructor(cause?: unknown) {
    this.cause = cause
  }
}

/** Runs what reports a failure by throwing a `WbemError` or a {@link Conflict}; any other error is thrown again, and so a defect. */
export const caught = <A, E>(work: () => Eager.Eager<A, E>): Eager.Eager<A, E | StoreError | Conflict> => {
  try {
    return work()
  } catch (error) {
    if (error instanceof Conflict || isThrown(error)) return Eager.fail(error)
    throw error
  }
}

/** The reads of one attempt. */
export interface RowReader {
  /** Loads rows as of one moment. */
  readonly load: (plan: ReadPlan) => Eager.Eager<Loaded, StoreError | Conflict>
  /**
   * The schema rows of a namespace that changed since a version, or all of them; `undefined` when there is no such namespace. As of
   * one moment.
   */
  readonly schemaChangesSince: (
    namespace: string,
    readVersion: SchemaVersion | undefined
  ) => Eager.Eager<SchemaChanges | undefined, StoreError | Conflict>
}

/** The reads of one attempt and its one write. */
export interface RowSession extends RowReader {
  /**
   * Writes. `false`: nothing was written, because something that the write set relies on has changed. In a serializable attempt
   * nothing can have changed, so the versions are not compared.
   */
  readonly write: (set: WriteSet) => Eager.Eager<boolean, StoreError | Conflict>
}

/**
 * How an attempt is isolated:
 *
 * - `read`: it only reads. Each `load` is consistent in itself; several need not be, because versions tell.
 * - `optimistic`: it reads without a transaction, then does at most one conditional write of instance rows.
 * - `serializable`: a transaction whose outcome is as if no other writer existed. It may fail with a {@link Conflict}.
 */
export type Mode = "read" | "optimistic" | "serializable"

/** Where a database is, for spans: names of OpenTelemetry's conventions. */
export interface SpanAddress {
  readonly "db.namespace"?: string
  readonly "server.address"?: string
  readonly "server.port"?: number
}

/** A database. */
export interface RowDatabase {
  /** The name of the database in spans, `db.system.name`. */
  readonly system?: string | undefined
  readonly address?: SpanAddress | undefined
  /**
   * Whether there is anything cheaper than a transaction for the write of instance rows. A database without it takes rows that were
   * assumed to be absent and never loaded: there, the write of a row without a loaded version must fail when the row exists.
   */
  readonly isOptimistic: boolean
  /** Runs some work, which may be run several times from its start. */
  readonly attempt: <A>(
    mode: Mode,
    work: (session: RowSession) => Eager.Eager<A, StoreError | Conflict>
  ) => Eager.Eager<A, StoreError | Conflict>
  /** Whether the database takes the rows of a write set; nothing is written. */
  readonly accepts: (set: WriteSet) => Effect.Effect<boolean>
  /** Everything, as of one moment. */
  readonly dump: Effect.Effect<Dump, StoreError | Conflict>
  /** The names of all namespaces. */
  readonly namespaces: Effect.Effect<Names, StoreError | Conflict>
  /** Replaces everything in one transaction. */
  readonly replace: (contents: Contents) => Effect.Effect<void, StoreError | Conflict>
}
