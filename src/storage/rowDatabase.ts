/**
 * What a database has to do for `slicedStore`: load and write rows. It knows rows and versions, and nothing of slices, decisions
 * or lines.
 *
 * A *schema row* is a class or an instance of a system class; every store process keeps those of the namespaces it works in. A
 * namespace has a {@link SchemaVersion}: a counter of the changes of its schema rows, and a token that is drawn with each change and
 * never comes again. A schema is unchanged while its token is the same. The counter alone would not tell: a database that is set back
 * to an earlier state counts the same numbers again, for other changes. An *instance row* has a version of its own, which is new with
 * every write and never comes again.
 *
 * @internal
 */
import type { RowId } from "../codec/storedObject.ts"
import * as Effect from "effect/Effect"
import type { ClassOf, ReadKeys } from "../engine/ReadSet.ts"
import { isWbemError, type WbemError } from "../protocol/WbemError.ts"

/** What is to be loaded. Namespaces are folded. */
export interface Wanted {
  readonly namespaces: ReadonlyArray<string>
  readonly rows: ReadonlyArray<RowId>
  readonly classes: ReadKeys["classes"]
  readonly counts: ReadKeys["counts"]
}

/** A row as a database answers it: what is wrong with its columns, when something is. Then they hold what is good for a message only. */
interface Answered {
  readonly damage?: string | undefined
}

/** An instance row. */
export interface InstanceRow extends RowId, Answered {
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

/** A namespace that is there: its name as spelled, and the token of its schema. */
export interface NamespaceRow {
  readonly name: string
  readonly token: number
}

/** What is wrong with namespaces that are there and cannot be read, by folded name. */
export type Damaged = ReadonlyMap<string, string>

/** What was found of it, all at one moment. */
export interface Found {
  /** By folded name; a namespace that is not there is missing. */
  readonly namespaces: ReadonlyMap<string, NamespaceRow>
  readonly damaged?: Damaged | undefined
  readonly instances: ReadonlyArray<InstanceRow>
  readonly counts: ReadonlyArray<ClassOf & { readonly n: number }>
}

/** A schema row; without a body it was deleted. */
export interface SchemaRow extends Omit<RowId, "namespace">, Answered {
  readonly body: string | undefined
}

/** The schema rows of a namespace, and the version that they lead to, all at one moment. */
export interface SchemaChanges {
  /** The namespace's name as spelled. */
  readonly name: string
  readonly version: SchemaVersion
  /**
   * Whether these are all rows that the namespace has. Otherwise they are those that changed after the version that was seen, which
   * is only known while the token that was seen stands in the history of the namespace.
   */
  readonly isComplete: boolean
  readonly rows: ReadonlyArray<SchemaRow>
}

/** The write of one instance row: over the version that was seen (`undefined`: there was none); without a body it goes. */
export interface InstanceWrite extends RowId {
  readonly className: string
  readonly seen: number | undefined
  readonly body: string | undefined
}

/** The write of one schema row; without a body it goes. */
export interface SchemaWrite extends RowId {
  readonly body: string | undefined
}

/** A namespace that comes or goes; its name as spelled. */
export interface NamespaceWrite {
  readonly namespace: string
  readonly name: string
  readonly alive: boolean
}

/** Everything that one commit writes. */
export interface Commit {
  /** Schema tokens of namespaces that must still hold. */
  readonly guards: ReadonlyArray<readonly [namespace: string, token: number]>
  /** Instance rows that were looked at and stay as they are: their versions must still hold. */
  readonly kept: ReadonlyArray<RowId & { readonly version: number }>
  readonly instances: ReadonlyArray<InstanceWrite>
  readonly schema: ReadonlyArray<SchemaWrite>
  readonly namespaces: ReadonlyArray<NamespaceWrite>
  /** Namespaces whose schema changes, with the token that it had. A new namespace is not among them. */
  readonly bumps: ReadonlyArray<readonly [namespace: string, token: number]>
  /** Drawn for this commit: the version of the instance rows that are written, and the token of the schemas that change. */
  readonly version: number
}

/** What a procedure asks of a database. */
export type Ask =
  /** Answered with what was {@link Found}. */
  | { readonly _tag: "Load"; readonly wanted: Wanted }
  /**
   * Answered with the {@link SchemaChanges} of a namespace since a version was seen, or with all its schema rows; `undefined` when
   * there is no such namespace.
   */
  | { readonly _tag: "SchemaChangesSince"; readonly namespace: string; readonly seen: SchemaVersion | undefined }
  /** Answered with whether it was written: without a transaction it is not when something that was looked at has changed. */
  | { readonly _tag: "Write"; readonly commit: Commit }

/**
 * What is done with a database, as plain code that asks and is answered. So the same steps run at once where a database answers at
 * once, and as an effect where it does not. It fails by throwing a `WbemError` or a {@link Conflict}; what else it throws is a
 * defect. An answer that fails ends it.
 */
export type Procedure<A> = Generator<Ask, A, unknown>

export function* load(wanted: Wanted): Procedure<Found> {
  return (yield { _tag: "Load", wanted }) as Found
}

export function* schemaChangesSince(
  namespace: string,
  seen: SchemaVersion | undefined
): Procedure<SchemaChanges | undefined> {
  return (yield { _tag: "SchemaChangesSince", namespace, seen }) as SchemaChanges | undefined
}

export function* write(commit: Commit): Procedure<boolean> {
  return (yield { _tag: "Write", commit }) as boolean
}

/** What a procedure threw. */
export const thrown = (error: unknown): Effect.Effect<never, WbemError | Conflict> =>
  error instanceof Conflict || isWbemError(error) ? Effect.fail(error) : Effect.die(error)

/** Runs a procedure over a database that answers in its own time. */
export const inEffect =
  (answer: (ask: Ask) => Effect.Effect<unknown, WbemError | Conflict>) =>
  <A>(begin: () => Procedure<A>): Effect.Effect<A, WbemError | Conflict> =>
    Effect.suspend(() => {
      const procedure = begin()
      const go = (answered: unknown): Effect.Effect<A, WbemError | Conflict> => {
        try {
          const step = procedure.next(answered)
          return step.done === true ? Effect.succeed(step.value) : Effect.flatMap(answer(step.value), go)
        } catch (error) {
          return thrown(error)
        }
      }
      return go(undefined)
    })

/** Everything that is stored. */
export interface Dump {
  /** Names as spelled. */
  readonly namespaces: ReadonlyArray<string>
  readonly damaged?: Damaged | undefined
  readonly schema: ReadonlyArray<RowId & Answered & { readonly body: string }>
  readonly instances: ReadonlyArray<RowId & Answered & { readonly body: string }>
}

/** The names of all namespaces. */
export interface Names {
  readonly names: ReadonlyArray<string>
  readonly damaged?: Damaged | undefined
}

/** A database. What it runs may be run again from the start. */
export interface StoreBackend {
  /** Looks only. Each `Load` is consistent in itself; several need not be, because versions tell. */
  readonly reading: <A>(look: () => Procedure<A>) => Effect.Effect<A, WbemError | Conflict>
  /**
   * A transaction alone: what comes out is as if nobody else had been there. It may fail with a {@link Conflict} and be tried again.
   * A database without {@link StoreBackend.optimistic} may be given rows that nobody looked for and that are taken to be absent: a
   * write of a row that was not seen has to fail there when it is there after all.
   */
  readonly writing: <A>(work: () => Procedure<A>) => Effect.Effect<A, WbemError | Conflict>
  /**
   * Looks without a transaction, then at most one conditional write. Only for commits without schema rows, and of at most so many
   * instance rows. A database that has nothing cheaper than a transaction leaves it out.
   */
  readonly optimistic?: {
    readonly most: number
    readonly run: <A>(work: () => Procedure<A>) => Effect.Effect<A, WbemError | Conflict>
  }
  /** Whether the database takes the rows of a commit; nothing is written. */
  readonly wouldTake: (commit: Commit) => Effect.Effect<boolean>
  /** Everything, at one moment. */
  readonly dump: Effect.Effect<Dump, WbemError | Conflict>
  /** The names of all namespaces. */
  readonly namespaces: Effect.Effect<Names, WbemError | Conflict>
  /** Puts other contents in the place of everything, in one transaction. */
  readonly replace: (contents: Contents) => Effect.Effect<void, WbemError | Conflict>
}

/** What is to be in a store, all of it. */
export interface Contents {
  /** As spelled. */
  readonly namespaces: ReadonlyArray<string>
  readonly schema: ReadonlyArray<SchemaWrite>
  readonly instances: ReadonlyArray<RowId & { readonly className: string; readonly body: string }>
  /** The version of the instance rows, and the token of all schemas. */
  readonly version: number
}

/** Somebody else was in the way: nothing was written, and trying again may help. */
export class Conflict {
  readonly _tag = "Conflict"
  readonly cause: unknown
  constructor(cause?: unknown) {
    this.cause = cause
  }
}
