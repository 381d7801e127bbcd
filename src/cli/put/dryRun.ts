/**
 * What a dry run of `effect-wmi put` prints: one line for each object that would be created, updated or deleted, and below an update the
 * members that would change.
 *
 * @internal
 */
import type * as Snapshot from "../../engine/state/Snapshot.ts"
import * as SnapshotDiff from "../../engine/state/SnapshotDiff.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import { print, printJson } from "../terminal/output.ts"
import type { PlannedCall } from "./providers.ts"
import { memberChanges, memberLines } from "./memberChanges.ts"

const words: Readonly<Record<SnapshotDiff.ChangeKind, string>> = {
  created: "create",
  changed: "update",
  removed: "delete"
}

/** Prints the changes that lead from one state to another. */
export const printPlannedChanges = (before: Snapshot.Snapshot, after: Snapshot.Snapshot, json: boolean): void => {
  for (const [path, change] of SnapshotDiff.byPath(SnapshotDiff.changes(before, after), ObjectPath.format)) {
    const word = words[SnapshotDiff.kind(change)]
    const pair = change._tag === "Write" && change.before !== undefined
      ? [change.before, change.after] as const
      : undefined
    if (json) {
      printJson({ change: word, path, ...(pair === undefined ? {} : { members: memberChanges(...pair) }) })
      continue
    }
    print(`${word} ${path}`)
    if (pair !== undefined) { for (const line of memberLines(...pair)) print(`  ${line}`) }
  }
}

/** Prints the calls of providers, which decide them. */
export const printPlannedCalls = (calls: ReadonlyArray<PlannedCall>, json: boolean): void => {
  for (const call of calls) {
    if (json) printJson(call)
    else print(`${call.change} ${call.path} (the provider ${call.provider} decides)`)
  }
}
