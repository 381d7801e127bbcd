/**
 * `effect-wmi/engine`: the decisions on puts, deletes and reads as pure functions, and the sets of rows that they read. **Unstable**: these
 * modules follow the needs of the stores of this package and may change in any release.
 *
 * @module
 */
export * as Decision from "../engine/Decision.ts"
export * as DeleteEngine from "../engine/DeleteEngine.ts"
export * as Facts from "../engine/Facts.ts"
export * as GetEngine from "../engine/GetEngine.ts"
export * as PartialSnapshot from "../engine/state/PartialSnapshot.ts"
export * as PutEngine from "../engine/PutEngine.ts"
export * as ReadSet from "../engine/ReadSet.ts"
export * as ResolvedClass from "../engine/classes/ResolvedClass.ts"
export * as SnapshotDiff from "../engine/state/SnapshotDiff.ts"
export * as SystemProperties from "../engine/classes/SystemProperties.ts"
