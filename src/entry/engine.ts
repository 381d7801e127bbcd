/**
 * `effect-wmi/engine`: the decisions on puts, deletes and reads as pure functions, and the sets of rows that they read. **Unstable**: these
 * modules follow the needs of the stores of this package and may change in any release.
 *
 * @module
 */
/** The decision on a put: its report, changes and events. */
export * as Decision from "../engine/Decision.ts"
/** The decision on a delete. */
export * as DeleteEngine from "../engine/DeleteEngine.ts"
/** What the rules of a put read of a namespace. */
export * as Facts from "../engine/Facts.ts"
/** The decision on a read. */
export * as GetEngine from "../engine/GetEngine.ts"
/** A snapshot of the rows that a store has loaded. */
export * as PartialSnapshot from "../engine/state/PartialSnapshot.ts"
/** The decision on a put: facts, then rules, then plan. */
export * as PutEngine from "../engine/PutEngine.ts"
/** The rows that a decision may read. */
export * as ReadSet from "../engine/ReadSet.ts"
/** A class with everything that it inherits. */
export * as ResolvedClass from "../engine/classes/ResolvedClass.ts"
/** The changes that lead from one snapshot to another. */
export * as SnapshotDiff from "../engine/state/SnapshotDiff.ts"
/** The system properties of an object: `__PATH`, `__DERIVATION` and their like. */
export * as SystemProperties from "../engine/classes/SystemProperties.ts"
