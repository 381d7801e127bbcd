/**
 * A `NamespaceStore` over a `RowDatabase`: optimistic concurrency over rows. It caches the schema, loads the instances that a decision
 * reads, decides over that part of the state and writes the changes.
 *
 * - **Partial snapshots.** A read set names what to load first. When a decision reads more, that is loaded too and the decision is
 *   made again, so a decision never misses a row (`PartialSnapshot`).
 * - **Two kinds of attempts.** Puts of instances are optimistic: they read without a transaction and write only while the versions
 *   that they read are unchanged. A put of a class reads how many instances there are, which has no version, so it runs in a
 *   serializable transaction. After three conflicts a group runs in one too.
 * - **Group commit.** The writes of one process are committed in the order in which they were begun, as many in one commit as are
 *   pending. Each one sees the writes before it (`groupCommit`).
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import type { RowId } from "../codec/storedObject.ts"
import type { NamespaceStore } from "../emulator/NamespaceStore.ts"
import { StoreFailure } from "../emulator/StoreFailure.ts"
import * as ReadSet from "../engine/ReadSet.ts"
import * as PartialSnapshot from "../engine/state/PartialSnapshot.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { catchUnreadable as readable, isThrown } from "../engine/state/unreadableRows.ts"
import * as Eager from "../internal/eager.ts"
import * as CimName from "../model/CimName.ts"
import { recordingFiber } from "../pipeline/observation/recording.ts"
import { type Tally, type Transaction, transaction } from "../pipeline/observation/spans.ts"
import { warnUnreadable } from "../pipeline/unreadable.ts"
import type { Change, Row } from "../protocol/Change.ts"
import { Failed, type StoreError, Timeout } from "../protocol/WbemError.ts"
import * as GroupCommit from "./groupCommit.ts"
import type { PendingWrite, WriteExit } from "./groupCommit.ts"
import { ReadPlanBuilder } from "./readPlan.ts"
import * as RefusedRows from "./refusedRows.ts"
import { caught, Conflict, type Loaded, type RowDatabase, type RowReader, type WriteSet } from "./rowDatabase.ts"
import { SchemaCache, type SchemaUpdate } from "./schemaCache.ts"
import { type Broken, brokenNamespaces, instanceRow, isBroken, type LoadedRow } from "./storedRows.ts"
import { contentsOf, stateOf } from "./storedState.ts"
import { maxText, sized } from "./textLimits.ts"
import * as WriteSets from "./writeSet.ts"

/**
 * How long a store retries, and how many writes share a commit.
 *
 * @since 0.1.0
 * @category models
 */
export interface ConcurrencyOptions {
  /** Most attempts of a write that conflicts with other writers; then it fails with `Timeout`. 40 if not given. */
  readonly maxAttempts?: number | undefined
  /** Most writes that share a commit. 1,024 if not given. */
  readonly maxGroupCommit?: number | undefined
}

/** After so many conflicts a group runs in a serializable transaction. */
const optimisticAttempts = 3
/** A decision that still reads something that was not loaded after so many loads is at fault itself. */
const maxLoads = 64

type Failing<A> = Eager.Eager<A, StoreError | Conflict>

/** The result of a query over a partial snapshot, with what was loaded for it. */
interface Attempt<A> {
  readonly value: A
  readonly loaded: Loaded
  readonly plan: ReadPlanBuilder
  /** Rows that were assumed to be absent; `undefined` when the rows that the query reads were loaded. */
  readonly assumedAbsent: PartialSnapshot.MissingReads["assumedAbsent"] | undefined
}

/** The decisions of a group over one partial snapshot. */
interface Decisions {
  readonly exits: ReadonlyArray<WriteExit>
  readonly changes: ReadonlyArray<Change>
}

interface WriteAttempt extends Attempt<Decisions> {
  readonly net: WriteSets.NetChanges
}

/** What a serializable transaction has written; `set` is undefined when its decisions change nothing. */
interface Written {
  readonly attempt: WriteAttempt
  readonly set: WriteSet | undefined
}

/** Loaded rows, decoded. Rows and namespaces that cannot be read are in `damaged` only. */
interface Decoded {
  readonly loaded: Loaded
  readonly rows: ReadonlyArray<LoadedRow>
  readonly unreadable: ReadonlyArray<Broken> | undefined
}

const nothingLoaded: Decoded = {
  loaded: { namespaces: new Map(), instances: [], counts: [] },
  rows: [],
  unreadable: undefined
}

const decode = (schema: Snapshot.Snapshot, loaded: Loaded): Decoded => {
  const rows: Array<LoadedRow> = []
  const unreadable: Array<Broken> = []
  for (const row of loaded.instances) {
    const read = instanceRow(schema, row)
    if (isBroken(read)) unreadable.push(read)
    else rows.push(read)
  }
  if (unreadable.length === 0) return { loaded, rows, unreadable: loaded.damaged && brokenNamespaces(loaded) }
  const bad = new Set(unreadable.map(rowIdText))
  return {
    loaded: { ...loaded, instances: loaded.instances.filter((row) => !bad.has(rowIdText(row))) },
    rows,
    unreadable: [...unreadable, ...brokenNamespaces(loaded)]
  }
}

const partialSnapshot = (
  cache: SchemaCache,
  { classes, counts, namespaces, rows: planned }: ReadPlanBuilder["plan"],
  { loaded, rows, unreadable }: Decoded,
  assumeAbsent: boolean
): PartialSnapshot.PartialSnapshot => {
  const counted = new Map(loaded.counts.map(({ className, n, namespace }) => [`${namespace}:${className}`, n]))
  return PartialSnapshot.make(cache.snapshot, namespaces, {
    rows: [
      ...rows,
      ...planned.map(({ namespace, root, value }) => ({ namespace, root, key: value, instance: undefined }))
    ],
    classes,
    counts: counts.map((one) => ({ ...one, n: counted.get(`${one.namespace}:${one.className}`) ?? 0 })),
    unreadable
  }, { assumeAbsent })
}

/**
 * Loads until `query` has read nothing that was not loaded: the schema as it is now, and the rows. With `assumeAbsent` single rows
 * are not loaded; a query that also reads something else is then run over loaded rows.
 */
const queryOver = <A>(
  cache: SchemaCache,
  session: RowReader,
  readSet: ReadSet.ReadSet,
  query: (snapshot: Snapshot.Snapshot) => A,
  assumeAbsent = false
): Failing<Attempt<A>> => {
  const loadFor = (builder: ReadPlanBuilder, loads: number): Failing<Attempt<A>> => {
    if (loads > maxLoads) {
      return Eager.fail(new Failed({ detail: `a decision asked for more than was loaded ${maxLoads} times` }))
    }
    const { plan } = builder
    return Eager.flatMap(session.load(plan), (found) => {
      const stale = cache.stale(plan.namespaces, found.namespaces)
      if (stale.length > 0) {
        return Eager.flatMap(updateSchema(cache, session, stale), () => {
          if (!assumeAbsent) addForeseen(builder, cache, readSet)
          return loadFor(builder, loads + 1)
        })
      }
      const decoded = decode(cache.snapshot, found)
      const { missing, snapshot } = partialSnapshot(cache, plan, decoded, assumeAbsent)
      const value = query(snapshot)
      if (!missing.any) {
        const assumedAbsent = assumeAbsent ? missing.assumedAbsent : undefined
        return Exit.succeed({ value, loaded: decoded.loaded, plan: builder, assumedAbsent })
      }
      if (assumeAbsent) return queryOver(cache, session, readSet, query)
      builder.addMissing(missing)
      return loadFor(builder, loads + 1)
    })
  }
  return Eager.suspend(() => {
    const builder = new ReadPlanBuilder(readSet.namespaces.map(CimName.fold))
    if (!assumeAbsent) addForeseen(builder, cache, readSet)
    return loadFor(builder, 0)
  })
}

/**
 * Reads the changes of cached schemas. The cached schema may also be newer than the loaded rows: then there are no changes, and the
 * next load brings newer rows.
 */
const updateSchema = (
  cache: SchemaCache,
  session: RowReader,
  stale: ReturnType<SchemaCache["stale"]>
): Failing<void> =>
  Eager.gen(function* () {
    const updates: Array<SchemaUpdate> = []
    for (const { namespace, readVersion } of stale) {
      const changes = yield* session.schemaChangesSince(namespace, readVersion)
      if (changes !== undefined) updates.push({ namespace, readVersion, changes })
    }
    cache.update(updates)
  })

/** Adds the rows that a read set names in the cached schema. */
const addForeseen = (builder: ReadPlanBuilder, cache: SchemaCache, readSet: ReadSet.ReadSet): void => {
  try {
    builder.add(ReadSet.keys(cache.snapshot, readSet))
  } catch { // Nothing is foreseen then. The decision of the put that causes it fails the same way, and no other one.
  }
}

/**
 * Decides one write after another, each over the state that the ones before it leave. A decision that throws, or reads a row that
 * cannot be read, fails alone.
 */
const decideAll = (group: ReadonlyArray<PendingWrite>) => (snapshot: Snapshot.Snapshot): Decisions => {
  let state = snapshot
  const exits: Array<WriteExit> = []
  const changes: Array<Change> = []
  for (const { decide } of group) {
    try {
      const step = decide(state)
      state = step.after ?? Snapshot.apply(state, step.changes)
      for (const change of step.changes) changes.push(change)
      exits.push(Exit.succeed(step.result))
    } catch (error) {
      exits.push(isThrown(error) ? Exit.fail(error) : Exit.die(error))
    }
  }
  return { exits, changes }
}

const withChanges = (attempt: Attempt<Decisions>): WriteAttempt => ({
  ...attempt,
  net: WriteSets.netChanges(attempt.value.changes, attempt.loaded.instances)
})

/**
 * Whether every read row is also written. Then the write itself validates the reads: a row that was assumed to be absent and exists
 * fails it.
 */
const writesAllReads = ({ assumedAbsent, net: { rows }, plan }: WriteAttempt): boolean => {
  if (assumedAbsent === undefined) return rows.length === plan.size && rows.every((row) => plan.has(row))
  // A decision reads a row and then writes it, so both lists have one order.
  return rows.length === assumedAbsent.length && rows.every((row, i) => isSameRow(row, assumedAbsent[i]!))
}

const isSameRow = (one: Row, other: Row): boolean =>
  one.key === other.key && one.root === other.root && one.namespace === other.namespace

const rowIdText = ({ key, namespace, root }: Pick<Broken, keyof RowId>): string => namespace + "\0" + root + "\0" + key

/** The rows that were read and are not written, and whether others were read that do not exist. */
const unwrittenReads = (
  attempt: WriteAttempt
): { readonly validatedReads: WriteSet["validatedReads"]; readonly hasAbsent: boolean } => {
  if (writesAllReads(attempt)) return { validatedReads: [], hasAbsent: false }
  const { loaded, net, plan } = attempt
  const written = new Set(net.instances.map(rowIdText))
  const validatedReads = loaded.instances.filter((row) => !written.has(rowIdText(row)))
  const existing = new Set(validatedReads.map(rowIdText))
  return {
    validatedReads,
    hasAbsent: plan.plan.rows.some((row) => !written.has(rowIdText(row)) && !existing.has(rowIdText(row)))
  }
}

/** Whether the changes are more than one statement should hold. */
const isLarge = ({ instances }: WriteSets.NetChanges): boolean => {
  let text = 0
  for (const { body } of instances) text += body?.length ?? 0
  return text > maxText
}

/** The read set of a write. Without one the decision loads what it reads, or fails as it must. */
const readSetOf = ({ readSet }: PendingWrite): ReadSet.ReadSet => {
  try {
    return readSet()
  } catch {
    return ReadSet.none
  }
}

/** Whether a group failed for a row that belongs to some of its writes. Nothing was written then. */
const isOfSomeRow = (error: StoreError): boolean =>
  RefusedRows.isRefusal(error) || (error.cause instanceof StoreFailure && error.cause.reason === "Corrupt")

/** Whether every put creates an instance and fails when it exists: then the rows are assumed to be absent and not loaded. */
const createsOnly = ({ targets }: ReadSet.ReadSet): boolean =>
  targets.length > 0
  && targets.every((target) => target._tag === "Identity" && target.put.options.mode === "CreateOnly")

const readsPopulations = ({ targets }: ReadSet.ReadSet): boolean => targets.some(({ _tag }) => _tag === "Instances")

/**
 * A store over a database.
 */
export const make = (database: RowDatabase, concurrency: ConcurrencyOptions = {}): NamespaceStore => {
  const cache = new SchemaCache()
  /** The database in spans. */
  const of = { system: database.system, address: database.address }
  const maxAttempts = concurrency.maxAttempts ?? 40
  const maxGroup = Math.floor(concurrency.maxGroupCommit ?? 1024)
  /** The write set that the current group has tried to write. */
  let attempted: WriteSet | undefined
  /** What is counted for the span of the current group. Groups are committed one after another. */
  let tallyOfGroup: Tally | undefined

  const decideOver = (
    session: RowReader,
    group: ReadonlyArray<PendingWrite>,
    readSet: ReadSet.ReadSet,
    assumeAbsent = false
  ): Failing<WriteAttempt> =>
    Eager.flatMap(
      queryOver(cache, session, readSet, decideAll(group), assumeAbsent),
      (attempt) => caught(() => sized(() => withChanges(attempt)))
    )

  const writeSetOf = ({ loaded, net, plan }: WriteAttempt, validatedReads: WriteSet["validatedReads"]): WriteSet => {
    attempted = WriteSets.make(net, loaded.namespaces, plan.namespaces, validatedReads)
    return attempted
  }

  const serializably = (
    group: ReadonlyArray<PendingWrite>,
    readSet: ReadSet.ReadSet,
    assumeAbsent: boolean
  ): Failing<ReadonlyArray<WriteExit>> => {
    const attempt = database.attempt(
      "serializable",
      (session) => {
        const written = (attempt: WriteAttempt): Failing<Written> => {
          if (WriteSets.isEmpty(attempt.net)) return Exit.succeed({ attempt, set: undefined })
          const set = writeSetOf(attempt, [])
          return Eager.map(session.write(set), () => ({ attempt, set }))
        }
        return Eager.flatMap(
          decideOver(session, group, readSet, assumeAbsent),
          (attempt) =>
            assumeAbsent && !writesAllReads(attempt)
              ? Eager.flatMap(decideOver(session, group, readSet), written)
              : written(attempt)
        )
      }
    )
    return Eager.map(attempt, ({ attempt: { net, value }, set }) => {
      if (set !== undefined && net.schema.length > 0) {
        cache.wrote(net.schemaChanges, set.versionIncrements, set.version)
      }
      return value.exits
    })
  }

  /** `undefined` when the group needs a serializable transaction. */
  const optimistically = (
    group: ReadonlyArray<PendingWrite>,
    readSet: ReadSet.ReadSet,
    assumeAbsent: boolean
  ): Failing<ReadonlyArray<WriteExit> | undefined> =>
    database.attempt("optimistic", (session) =>
      Eager.flatMap(
        assumeAbsent ? caught(() => sized(() => decideWithoutLoading(group, readSet))) : Exit.succeed(undefined),
        (unloaded) =>
          Eager.flatMap(
            unloaded === undefined ? decideOver(session, group, readSet) : Exit.succeed(unloaded),
            (attempt): Failing<ReadonlyArray<WriteExit> | undefined> => {
              const { net, plan, value } = attempt
              if (net.schema.length > 0) return Exit.succeed(undefined)
              if (WriteSets.isEmpty(net)) return Exit.succeed(value.exits)
              const { hasAbsent, validatedReads } = unwrittenReads(attempt)
              // The absence of a row, and the instances of a class, have no version to validate.
              if (hasAbsent || plan.readsPopulations || isLarge(net)) return Exit.succeed(undefined)
              return Eager.flatMap(
                session.write(writeSetOf(attempt, validatedReads)),
                (isWritten) => isWritten ? Exit.succeed(value.exits) : Eager.fail(new Conflict())
              )
            }
          )
      ))

  /** Decisions over the cached schema with rows that are assumed to be absent; `undefined` when they read anything else. */
  const decideWithoutLoading = (
    group: ReadonlyArray<PendingWrite>,
    readSet: ReadSet.ReadSet
  ): WriteAttempt | undefined => {
    const namespaces = readSet.namespaces.map(CimName.fold)
    if (!namespaces.every((name) => cache.has(name))) return undefined
    const cached = namespaces.map((name) => [name, { name, token: cache.token(name)! }] as const)
    const plan = new ReadPlanBuilder(namespaces)
    const { missing, snapshot } = partialSnapshot(cache, plan.plan, nothingLoaded, true)
    const value = decideAll(group)(snapshot)
    if (missing.any) return undefined
    // The write validates the cached schema; a group that writes nothing must load.
    const loaded = { ...nothingLoaded.loaded, namespaces: new Map(cached) }
    const attempt = withChanges({ value, loaded, plan, assumedAbsent: missing.assumedAbsent })
    return writesAllReads(attempt) && !WriteSets.isEmpty(attempt.net) ? attempt : undefined
  }

  /** Attempts until there is no conflict; an attempt that conflicts has written nothing. */
  const retryConflicts = <A>(
    attempt: (conflicts: number) => Failing<A>,
    tally?: Tally,
    conflicts = 0
  ): Eager.Eager<A, StoreError> =>
    Eager.catchAll(attempt(conflicts), (error): Effect.Effect<A, StoreError> => {
      if (error._tag !== "Conflict") return Effect.fail(error)
      if (tally !== undefined) tally.conflicts++
      return conflicts + 1 >= maxAttempts
        ? Effect.fail(contention(maxAttempts))
        : Effect.zipRight(backOff(conflicts), Effect.suspend(() => retryConflicts(attempt, tally, conflicts + 1)))
    })

  /**
   * A write that the database refuses does not keep the other ones of its group from being written: each one is then committed alone.
   * For a single write with several rows (a batch) the failure names the rows that are refused.
   */
  const commit = (group: ReadonlyArray<PendingWrite>): Eager.Eager<ReadonlyArray<WriteExit>, StoreError> =>
    Eager.catchAll(attemptGroup(group), (error): Effect.Effect<ReadonlyArray<WriteExit>, StoreError> => {
      if (!isOfSomeRow(error)) return Effect.fail(error)
      if (group.length === 1) {
        return attempted === undefined ? Effect.fail(error) : RefusedRows.named(database, attempted, error)
      }
      return Effect.forEach(group, (write) =>
        Effect.map(
          Effect.exit(commit([write])),
          (exit): WriteExit => Exit.isSuccess(exit) ? exit.value[0]! : Exit.failCause(exit.cause)
        ))
    })

  const attemptGroup = (group: ReadonlyArray<PendingWrite>): Eager.Eager<ReadonlyArray<WriteExit>, StoreError> => {
    const readSet = ReadSet.union(group.map(readSetOf))
    attempted = undefined
    let serializable = !database.isOptimistic || readsPopulations(readSet)
    const tally = tallyOfGroup
    return retryConflicts((conflicts) => {
      if (tally !== undefined) tally.attempts++
      const assumeAbsent = conflicts === 0 && createsOnly(readSet)
      if (serializable || conflicts >= optimisticAttempts) return serializably(group, readSet, assumeAbsent)
      return Eager.flatMap(optimistically(group, readSet, assumeAbsent), (exits) => {
        if (exits !== undefined) return Exit.succeed(exits)
        serializable = true
        return serializably(group, readSet, false)
      })
    }, tally)
  }

  const commitObserved = (
    group: ReadonlyArray<PendingWrite>
  ): Eager.Eager<ReadonlyArray<WriteExit>, StoreError> => {
    const fiber = recordingFiber()
    tallyOfGroup = undefined
    if (fiber === undefined) return commit(group)
    const tally: Tally = { attempts: 0, conflicts: 0 }
    tallyOfGroup = tally
    const writes = group.map(({ span }) => span)
    return transaction(
      fiber,
      { ...of, operation: "write", tally, writes },
      Effect.suspend(() => commit(group))
    )
  }

  /** An effect that is no group commit. */
  const observed = <A>(
    operation: Transaction["operation"],
    work: (tally?: Tally) => Eager.Eager<A, StoreError>
  ): Eager.Eager<A, StoreError> => {
    const fiber = recordingFiber()
    if (fiber === undefined) return work()
    const tally: Tally = { attempts: 1, conflicts: 0 }
    return transaction(fiber, { ...of, operation, tally }, Effect.suspend(() => work(tally)))
  }

  const read = <A>(
    readSet: ReadSet.ReadSet,
    query: (snapshot: Snapshot.Snapshot) => A
  ): Eager.Eager<A, StoreError> => observed("read", (tally) => readNow(readSet, query, tally))

  const readNow = <A>(
    readSet: ReadSet.ReadSet,
    query: (snapshot: Snapshot.Snapshot) => A,
    tally: Tally | undefined
  ): Eager.Eager<A, StoreError> =>
    // A query that reads a row that cannot be read fails only when all that it read is known to be of one moment.
    Eager.flatMap(
      retryConflicts(() =>
        database.attempt("read", (session) =>
          queryOver(cache, session, readSet, (snapshot) =>
            readable(() => query(snapshot)))), tally),
      ({ value }) =>
        Eager.fromEither(value)
    )

  return {
    modify: GroupCommit.make(commitObserved, maxGroup >= 1 ? maxGroup : 1),
    read: (readSet, query) => Eager.suspend(() => read(readSet(), query)),
    readCached: (readSet, query) =>
      Eager.suspend(() => {
        const reads = readSet()
        const namespaces = reads.namespaces.map(CimName.fold)
        return namespaces.every((name) => cache.has(name))
          ? Eager.fromEither(readable(() => query(cache.snapshot)))
          : read(reads, query)
      }),
    namespaces: Effect.flatMap(
      Effect.suspend(() => observed("namespaces", (tally) => retryConflicts(() => database.namespaces, tally))),
      (found) => Effect.as(warnUnreadable(brokenNamespaces(found)), [...found.names].sort(CimName.compare))
    ),
    snapshot: Effect.flatMap(
      Effect.suspend(() => observed("snapshot", (tally) => retryConflicts(() => database.dump, tally))),
      (dump) => {
        const state = stateOf(dump)
        return Effect.as(warnUnreadable(Snapshot.unreadable(state)), state)
      }
    ),
    restore: (snapshot) =>
      Effect.suspend(() =>
        observed("restore", (tally) =>
          retryConflicts(
            () => Effect.suspend(() => database.replace(contentsOf(snapshot, WriteSets.nextVersion()))),
            tally
          ))
      )
  }
}

/** Waits longer after every conflict, with jitter. Without `Schedule`, which would add 2 KiB (gzip) to a worker. */
const backOff = (conflicts: number): Effect.Effect<void> =>
  Effect.flatMap(Random.nextRange(0.5, 1.5), (jitter) => Effect.sleep(jitter * Math.min(200, 2 ** conflicts)))

const contention = (attempts: number): Timeout =>
  new Timeout({ detail: `others were in the way ${attempts} times; nothing was written` })
