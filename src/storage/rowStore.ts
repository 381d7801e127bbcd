/**
 * A `NamespaceStore` over a database that cannot hand over everything: it keeps the schema at hand, loads the instances that a
 * decision reads, decides over that slice and writes what came out.
 *
 * - **Slices.** A read set says what to load first. What a decision asks for beyond that is loaded and the decision made again,
 *   so it never sees too little (`PartialSnapshot`).
 * - **Two ways to write.** Instance puts look without a transaction and write under the versions that they saw. What a class put
 *   reads (how many instances there are) has no version, so it takes a transaction alone; so does whoever lost three races.
 * - **One line** (`writeLine`). The writes of one process go in the order in which they were begun, as many at a time as are
 *   waiting: they share a look, a write and a commit, and each sees the ones before it.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import { catchUnreadable } from "../engine/state/unreadableRows.ts"
import * as ReadSet from "../engine/ReadSet.ts"
import * as PartialSnapshot from "../engine/state/PartialSnapshot.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { isSchemaRow } from "../engine/state/namespaceTables.ts"
import * as CimName from "../model/CimName.ts"
import * as WbemObject from "../model/WbemObject.ts"
import type { Change, Row } from "../protocol/Change.ts"
import * as Eager from "../internal/eager.ts"
import { warnUnreadable } from "../pipeline/unreadable.ts"
import { Failed, isWbemError, Timeout, type WbemError } from "../protocol/WbemError.ts"
import type { NamespaceStore } from "../emulator/NamespaceStore.ts"
import * as Net from "./writeSet.ts"
import { type News, SchemaCache } from "./schemaCache.ts"
import type { RowId } from "../codec/storedObject.ts"
import {
  type Commit,
  Conflict,
  type Contents,
  type Found,
  load,
  type Procedure,
  schemaChangesSince,
  type StoreBackend,
  write
} from "./rowDatabase.ts"
import * as RefusedRows from "./refusedRows.ts"
import { stateOf } from "./storedState.ts"
import * as StoredForm from "../codec/storedObject.ts"
import { type Broken, broken, instanceRow, isBroken, type LoadedRow } from "./storedRows.ts"
import { StoreFailure } from "../emulator/StoreFailure.ts"
import { fitting, mostText } from "./textLimits.ts"
import { WantedRows } from "./readPlan.ts"
import { type Ended, makeLine, type Waiting } from "./groupCommit.ts"

/**
 * How long a store tries.
 *
 * @since 0.1.0
 * @category models
 */
export interface ConcurrencyOptions {
  /** Most tries of a write that loses its races; then it fails with `Timeout`. 40 if not given. */
  readonly maxAttempts?: number | undefined
  /** Most writes that share a commit. 1,024 if not given. */
  readonly maxGroupCommit?: number | undefined
}

/** Tries without a transaction; who loses so often is let in alone. */
const optimisticTries = 3
/** Decisions that keep asking for more than was loaded are not ours. */
const mostLooks = 64
/** Versions are drawn from the integers that every database and JavaScript can hold. */
const newestVersion = Number.MAX_SAFE_INTEGER

/** What a look saw, and what it took. */
interface Seen<A> {
  readonly value: A
  readonly found: Found
  readonly wanted: WantedRows
  /** Rows that were presumed to be absent; `undefined` when those that are wanted were loaded. */
  readonly assumedAbsent: PartialSnapshot.MissingReads["assumedAbsent"] | undefined
}

/** What a group of writes saw, and what they come to. */
interface Decided extends Seen<Outcome> {
  readonly net: Net.Net
}

/** What a group came to that was written in a transaction. */
interface Alone {
  readonly value: Outcome
  readonly net: Net.Net
  /** What was written; `undefined` when that is nothing. */
  readonly commit: Commit | undefined
}

/** What a group of writes comes to over one slice. */
interface Outcome {
  readonly ended: ReadonlyArray<Ended>
  readonly changes: ReadonlyArray<Change>
}

const nothingFound: Found = { namespaces: new Map(), instances: [], counts: [] }
const nothingLoaded: Decoded = { found: nothingFound, rows: [], damaged: undefined }

/** What was found, decoded; rows and namespaces that cannot be read stand apart, and belong to nothing that is written. */
interface Decoded {
  readonly found: Found
  readonly rows: ReadonlyArray<LoadedRow>
  readonly damaged: ReadonlyArray<Broken> | undefined
}

const brokenSpaces = ({ damaged }: Pick<Found, "damaged">): ReadonlyArray<Broken> =>
  Array.from(
    damaged ?? [],
    ([namespace, problem]) => broken({ namespace, root: undefined, key: undefined, text: undefined }, problem)
  )

const decode = (schema: Snapshot.Snapshot, found: Found): Decoded => {
  const rows: Array<LoadedRow> = []
  const damaged: Array<Broken> = []
  for (const row of found.instances) {
    const read = instanceRow(schema, row)
    if (isBroken(read)) damaged.push(read)
    else rows.push(read)
  }
  if (damaged.length === 0) return { found, rows, damaged: found.damaged && brokenSpaces(found) }
  const bad = new Set(damaged.map(placeOf))
  return {
    found: { ...found, instances: found.instances.filter((row) => !bad.has(placeOf(row))) },
    rows,
    damaged: [...damaged, ...brokenSpaces(found)]
  }
}

const sliceOf = (
  cache: SchemaCache,
  wanted: WantedRows["now"],
  { damaged, found, rows: loaded }: Decoded,
  presume: boolean
): PartialSnapshot.PartialSnapshot => {
  const counts = new Map(found.counts.map(({ className, n, namespace }) => [`${namespace}:${className}`, n]))
  const { classes, counts: counted, namespaces, rows } = wanted
  return PartialSnapshot.make(cache.snapshot, namespaces, {
    rows: [
      ...loaded,
      ...rows.map(({ namespace, root, value }) => ({ namespace, root, key: value, instance: undefined }))
    ],
    classes,
    counts: counted.map((one) => ({ ...one, n: counts.get(`${one.namespace}:${one.className}`) ?? 0 })),
    unreadable: damaged
  }, { assumeAbsent: presume })
}

/**
 * Loads until `see` has seen all that it asked for: the schema as it is now, and the rows. Rows may be presumed absent instead; a
 * decision that asks for others is given all of them.
 */
function* over<A>(
  cache: SchemaCache,
  readSet: ReadSet.ReadSet,
  see: (snapshot: Snapshot.Snapshot) => A,
  presume = false
): Procedure<Seen<A>> {
  const wanted = new WantedRows(readSet.namespaces.map(CimName.fold))
  if (!presume) foresee(wanted, cache, readSet)
  for (let looks = 0; looks <= mostLooks; looks++) {
    const now = wanted.now
    const found = yield* load(now)
    // What is known of the schema may also be newer than these rows: then there are no changes, and the next look brings newer rows.
    const stale = cache.stale(now.namespaces, found.namespaces)
    if (stale.length > 0) {
      const news: Array<News> = []
      for (const { namespace, seen } of stale) {
        const changes = yield* schemaChangesSince(namespace, seen)
        if (changes !== undefined) news.push({ namespace, seen, changes })
      }
      cache.learn(news)
      if (!presume) foresee(wanted, cache, readSet)
      continue
    }
    const decoded = decode(cache.snapshot, found)
    const { missing, snapshot } = sliceOf(cache, now, decoded, presume)
    const value = see(snapshot)
    if (!missing.any) {
      return { value, found: decoded.found, wanted, assumedAbsent: presume ? missing.assumedAbsent : undefined }
    }
    if (presume) return yield* over(cache, readSet, see)
    wanted.addMissed(missing)
  }
  throw new Failed({ detail: `a decision asked for more than was loaded ${mostLooks} times` })
}

/** What a read set names, with the schema as it is known. */
const foresee = (wanted: WantedRows, cache: SchemaCache, readSet: ReadSet.ReadSet): void => {
  try {
    wanted.add(ReadSet.keys(cache.snapshot, readSet))
  } catch { // Nothing is foreseen then: whose object it is finds out when it decides, and nobody else does.
  }
}

/**
 * Decides one after another, each over what the ones before it leave. A decision that dies takes nobody with it, and one that needs a
 * row that cannot be read fails alone.
 */
const decideAll = (group: ReadonlyArray<Waiting>) => (slice: Snapshot.Snapshot): Outcome => {
  let at = slice
  const ended: Array<Ended> = []
  const changes: Array<Change> = []
  for (const { decide } of group) {
    try {
      const step = decide(at)
      at = step.after ?? Snapshot.apply(at, step.changes)
      for (const change of step.changes) changes.push(change)
      ended.push(Exit.succeed(step.result))
    } catch (error) {
      ended.push(isWbemError(error) ? Exit.fail(error) : Exit.die(error))
    }
  }
  return { ended, changes }
}

/** So many rows that were all new let the next ones be presumed new. */
const streak = 64

/** Whether every put is of an instance, and each has to find its identity free. */
const createsOnly = ({ targets }: ReadSet.ReadSet): boolean =>
  targets.every((root) => root._tag === "Identity" && root.put.options.mode === "CreateOnly")

const instancesOnly = ({ targets }: ReadSet.ReadSet): boolean =>
  targets.length > 0 && targets.every((root) => root._tag === "Identity")

/** The write of a row that was presumed absent finds out; a row that is only looked at is never presumed. */
const allWritten = ({ net: { rows }, assumedAbsent, wanted }: Decided): boolean => {
  if (assumedAbsent === undefined) return rows.length === wanted.size && rows.every((row) => wanted.has(row))
  // A decision looks for a row and then writes it, so they stand in one order.
  return rows.length === assumedAbsent.length && rows.every((row, i) => isSameRow(row, assumedAbsent[i]!))
}

const isSameRow = (one: Row, other: Row): boolean =>
  one.key === other.key && one.root === other.root && one.namespace === other.namespace

const placeOf = ({ key, namespace, root }: Pick<Broken, keyof RowId>): string => namespace + "\0" + root + "\0" + key

/** Rows that were looked at and are not written: those that are there, and whether there are others that are not. */
const untouched = (one: Decided): { readonly kept: Commit["kept"]; readonly absent: boolean } => {
  if (allWritten(one)) return { kept: [], absent: false }
  const { found, net, wanted } = one
  const written = new Set(net.instances.map(placeOf))
  const kept = found.instances.filter((row) => !written.has(placeOf(row)))
  const there = new Set(kept.map(placeOf))
  return {
    kept,
    absent: wanted.now.rows.some((row) => !written.has(placeOf(row)) && !there.has(placeOf(row)))
  }
}

/** More than one statement should hold. */
const isLarge = ({ instances }: Net.Net): boolean => {
  let text = 0
  for (const { body } of instances) text += body?.length ?? 0
  return text > mostText
}

/** What a group comes to. */
const decided = ({ found, assumedAbsent, value, wanted }: Seen<Outcome>): Decided => ({
  value,
  found,
  wanted,
  assumedAbsent,
  net: fitting(() => Net.of(value.changes, found.instances))
})

/** A read set only saves a second look: without one the decision asks for what it needs, or fails as it must. */
const asked = ({ readSet }: Waiting): ReadSet.ReadSet => {
  try {
    return readSet()
  } catch {
    return ReadSet.none
  }
}

/** Whether a group failed for what one of them brought, or asked for. Nothing was written then. */
const isOfOne = (error: WbemError): boolean =>
  RefusedRows.isRefusal(error) || (error.cause instanceof StoreFailure && error.cause.reason === "Corrupt")

const needsTransaction = ({ targets }: ReadSet.ReadSet): boolean => targets.some((root) => root._tag === "Instances")

/**
 * A store over a database.
 */
export const make = (backend: StoreBackend, concurrency: ConcurrencyOptions = {}): NamespaceStore => {
  const cache = new SchemaCache()
  const attempts = concurrency.maxAttempts ?? 40
  /** What the group that is at work has tried to write. */
  let attempted: Commit | undefined

  /** How many rows were new in a row: a load goes on as it began, and need not look for what is not there. */
  let newInARow = 0
  const presumes = (readSet: ReadSet.ReadSet): boolean =>
    instancesOnly(readSet) && (newInARow >= streak || createsOnly(readSet))
  const written = ({ instances }: Net.Net): void => {
    newInARow = instances.every(({ seen }) => seen === undefined) ? newInARow + instances.length : 0
  }

  function* alone(
    group: ReadonlyArray<Waiting>,
    readSet: ReadSet.ReadSet,
    presume: boolean
  ): Procedure<Alone> {
    const decide = decideAll(group)
    let one = decided(yield* over(cache, readSet, decide, presume))
    if (presume && !allWritten(one)) one = decided(yield* over(cache, readSet, decide))
    const { found, net, value, wanted } = one
    if (Net.isEmpty(net)) return { value, net, commit: undefined }
    const commit = commitOf(net, found.namespaces, wanted.namespaces, [])
    attempted = commit
    yield* write(commit)
    return { value, net, commit }
  }

  const inTransaction = (
    group: ReadonlyArray<Waiting>,
    readSet: ReadSet.ReadSet,
    presume: boolean
  ): Effect.Effect<ReadonlyArray<Ended>, WbemError | Conflict> =>
    Effect.map(backend.writing(() => alone(group, readSet, presume)), ({ commit, net, value }) => {
      written(net)
      if (commit !== undefined && net.schema.length > 0) cache.wrote(net.schemaChanges, commit.bumps, commit.version)
      return value.ended
    })

  function* optimistically(
    group: ReadonlyArray<Waiting>,
    readSet: ReadSet.ReadSet,
    presume: boolean,
    most: number
  ): Procedure<ReadonlyArray<Ended> | "lost" | "alone"> {
    const assumedAbsent = presume ? withoutLooking(group, readSet) : undefined
    const one = assumedAbsent ?? decided(yield* over(cache, readSet, decideAll(group)))
    const { found, net, value, wanted } = one
    if (net.schema.length > 0) return "alone"
    if (Net.isEmpty(net)) return value.ended
    // That a row is not there, and who is in a class, has no version that could be held.
    const { absent, kept } = untouched(one)
    if (absent || wanted.populations || net.instances.length + kept.length > most || isLarge(net)) return "alone"
    const commit = commitOf(net, found.namespaces, wanted.namespaces, kept)
    attempted = commit
    if (!(yield* write(commit))) return "lost"
    written(net)
    return value.ended
  }

  /** A decision over the schema as it is known, with rows presumed absent; `undefined` when that does not do. */
  const withoutLooking = (
    group: ReadonlyArray<Waiting>,
    readSet: ReadSet.ReadSet
  ): Decided | undefined => {
    const namespaces = readSet.namespaces.map(CimName.fold)
    if (!namespaces.every((name) => cache.knows(name))) return undefined
    const known = namespaces.map((name) => [name, { name, token: cache.token(name)! }] as const)
    const wanted = new WantedRows(namespaces)
    const { missing, snapshot } = sliceOf(cache, wanted.now, nothingLoaded, true)
    const value = decideAll(group)(snapshot)
    if (missing.any) return undefined
    // The write finds out whether the schema is as it is known here; a group that writes nothing must look.
    const found = { ...nothingFound, namespaces: new Map(known) }
    const one = decided({ value, found, wanted, assumedAbsent: missing.assumedAbsent })
    return allWritten(one) && !Net.isEmpty(one.net) ? one : undefined
  }

  /** Tries until nobody is in the way; nothing is written by a try that fails so. */
  const persistent = <A>(
    attempt: (lost: number) => Effect.Effect<A, WbemError | Conflict>,
    lost = 0
  ): Effect.Effect<A, WbemError> =>
    Effect.catchAll(attempt(lost), (error): Effect.Effect<A, WbemError> => {
      if (error._tag !== "Conflict") return Effect.fail(error)
      return lost + 1 >= attempts
        ? Effect.fail(inTheWay(attempts))
        : Effect.zipRight(wait(lost), Effect.suspend(() => persistent(attempt, lost + 1)))
    })

  /**
   * A write that the database does not take keeps no other one from being written. Of a write with several rows (a batch) the failure
   * says which rows are refused.
   */
  const run = (group: ReadonlyArray<Waiting>): Effect.Effect<ReadonlyArray<Ended>, WbemError> =>
    Effect.catchIf(
      together(group),
      (error) => isOfOne(error) && (group.length > 1 || attempted !== undefined),
      (error) =>
        group.length === 1 ? RefusedRows.named(backend, attempted!, error) : Effect.forEach(
          group,
          (one) =>
            Effect.map(
              Effect.exit(run([one])),
              (exit): Ended => Exit.isSuccess(exit) ? exit.value[0]! : Exit.failCause(exit.cause)
            )
        )
    )

  const together = (group: ReadonlyArray<Waiting>): Effect.Effect<ReadonlyArray<Ended>, WbemError> => {
    const readSet = ReadSet.union(group.map(asked))
    attempted = undefined
    let transaction = needsTransaction(readSet)
    return persistent((lost) => {
      if (lost > 0) newInARow = 0
      const presume = lost === 0 && presumes(readSet)
      const { optimistic } = backend
      if (
        optimistic === undefined || transaction || lost >= optimisticTries || readSet.targets.length > optimistic.most
      ) return inTransaction(group, readSet, presume)
      return Effect.flatMap(
        optimistic.run(() => optimistically(group, readSet, presume, optimistic.most)),
        (answer) => {
          if (answer === "lost") return Effect.fail(new Conflict())
          if (answer !== "alone") return Effect.succeed(answer)
          transaction = true
          return inTransaction(group, readSet, false)
        }
      )
    })
  }

  const most = Math.floor(concurrency.maxGroupCommit ?? 1024)
  const line = makeLine(run, most >= 1 ? most : 1)
  const look = <A>(
    readSet: ReadSet.ReadSet,
    see: (snapshot: Snapshot.Snapshot) => A
  ): Effect.Effect<A, WbemError> =>
    // A look that needs a row that cannot be read fails when all that it saw is known to be of one moment.
    Effect.flatten(persistent(() =>
      Effect.map(
        backend.reading(() => over(cache, readSet, (snapshot) => catchUnreadable(() => see(snapshot)))),
        ({ value }) => value
      )
    ))

  return {
    modify: line,
    read: (readSet, see) => Effect.suspend(() => look(readSet(), see)),
    readCached: (readSet, see) =>
      Eager.suspend(() => {
        const asked = readSet()
        const namespaces = asked.namespaces.map(CimName.fold)
        if (namespaces.every((name) => cache.knows(name))) {
          return Eager.fromEither(catchUnreadable(() => see(cache.snapshot)))
        }
        return look(asked, see)
      }),
    namespaces: Effect.flatMap(
      persistent(() => backend.namespaces),
      (found) => Effect.as(warnUnreadable(brokenSpaces(found)), [...found.names].sort(CimName.compare))
    ),
    snapshot: Effect.flatMap(persistent(() => backend.dump), (dump) => {
      const state = stateOf(dump)
      return Effect.as(warnUnreadable(Snapshot.unreadable(state)), state)
    }),
    restore: (snapshot) => persistent(() => Effect.suspend(() => backend.replace(contentsOf(snapshot, nextVersion()))))
  }
}

/**
 * Drawn anew for every write, so that it never comes again; not from `Random`, which a program may seed, and then two processes
 * would draw the same.
 */
export const nextVersion = (): number => 1 + Math.floor(Math.random() * newestVersion)

/** Everything that a group writes, over the namespaces as they were found. */
const commitOf = (
  net: Net.Net,
  found: Found["namespaces"],
  guards: ReadonlyArray<string>,
  kept: Commit["kept"]
): Commit => {
  const tokens = (names: Iterable<string>): Commit["guards"] => {
    const known: Array<readonly [string, number]> = []
    for (const name of names) {
      const seen = found.get(name)
      if (seen !== undefined) known.push([name, seen.token])
    }
    return known
  }
  const changed = new Set<string>()
  for (const { namespace } of net.schema) changed.add(namespace)
  for (const { alive, namespace } of net.namespaces) if (!alive) changed.add(namespace)
  return {
    kept,
    instances: net.instances,
    schema: net.schema,
    namespaces: net.namespaces,
    guards: tokens(guards),
    bumps: tokens(changed),
    version: nextVersion()
  }
}

/** Longer with every lost race, and never as long as another's. */
const wait = (lost: number): Effect.Effect<void> =>
  Effect.flatMap(Random.nextRange(0.5, 1.5), (jitter) => Effect.sleep(jitter * Math.min(200, 2 ** lost)))

const inTheWay = (attempts: number): Timeout =>
  new Timeout({ detail: `others were in the way ${attempts} times; nothing was written` })

/** What is to be in a store that holds this state. */
export const contentsOf = (snapshot: Snapshot.Snapshot, version: number): Contents => {
  const schema: Array<Contents["schema"][number]> = []
  const instances: Array<Contents["instances"][number]> = []
  for (const [namespace, root, key, object] of Snapshot.entries(snapshot)) {
    const row = { namespace, root, key: StoredForm.writeKey(key), body: StoredForm.write(object) }
    if (isSchemaRow({ namespace, root, key })) schema.push(row)
    else instances.push({ ...row, className: CimName.fold(WbemObject.className(object)) })
  }
  return { namespaces: Snapshot.namespaces(snapshot), schema, instances, version }
}
