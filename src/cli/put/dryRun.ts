/**
 * What a dry run of `effect-wmi put` prints: one line for each object that would be created, updated or deleted, and below an update the
 * members that would change, as `diff` prints them.
 *
 * @internal
 */
import type * as Snapshot from "../../engine/state/Snapshot.ts"
import type { ChangeKind } from "../../engine/state/SnapshotDiff.ts"
import { changeJson, memberLine } from "../compare/changeText.ts"
import { stateChanges } from "../compare/stateChanges.ts"
import { paint, print, printJson } from "../terminal/output.ts"
import type { PlannedCall } from "./providers.ts"

const rows = {
  created: { word: "create", role: "added" },
  changed: { word: "update", role: "changed" },
  removed: { word: "delete", role: "removed" }
} as const satisfies Readonly<Record<ChangeKind, unknown>>

/** Prints the changes that lead from one state to another. */
export const printPlannedChanges = (before: Snapshot.Snapshot, after: Snapshot.Snapshot, json: boolean): void => {
  for (const { change, changes, path } of stateChanges(before, after)) {
    const { role, word } = rows[change]
    if (json) {
      printJson({ change: word, path, ...(change === "changed" ? { changes: changes.map(changeJson) } : {}) })
      continue
    }
    print(paint(role, word), ` ${path}`)
    for (const one of changes) print("  ", memberLine(one))
  }
}

/** Prints the calls of providers, which decide them. */
export const printPlannedCalls = (calls: ReadonlyArray<PlannedCall>, json: boolean): void => {
  for (const call of calls) {
    if (json) printJson(call)
    else print(`${call.change} ${call.path} (the provider ${call.provider} decides)`)
  }
}
