/**
 * What differs between two states of namespaces, object by object.
 *
 * @internal
 */
import * as Snapshot from "../../engine/state/Snapshot.ts"
import * as SnapshotDiff from "../../engine/state/SnapshotDiff.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { WbemObject } from "../../model/WbemObject.ts"
import type { Change } from "../../protocol/Change.ts"
import { classChanges, instanceChanges, type MemberChange } from "./objectChanges.ts"

/** A difference of one object. */
export interface ObjectChange {
  readonly change: SnapshotDiff.ChangeKind
  readonly path: string
  /** Empty for an object that was created or removed. */
  readonly changes: ReadonlyArray<MemberChange>
}

const membersOf = (
  change: Change,
  before: Snapshot.Snapshot,
  after: Snapshot.Snapshot
): ReadonlyArray<MemberChange> => {
  if (change._tag === "Delete" || change.before === undefined) return []
  const { namespace } = change.row
  const resolved = (object: WbemObject, state: Snapshot.Snapshot) =>
    Snapshot.resolvedClass(state, namespace, object._tag === "Class" ? object.name : object.className)
  const [classBefore, classAfter] = [resolved(change.before, before), resolved(change.after, after)]
  if (change.before._tag === "Class" && change.after._tag === "Class") {
    return classChanges(change.before, change.after, classBefore, classAfter)
  }
  if (change.before._tag === "Class" || change.after._tag === "Class") return []
  return instanceChanges(change.before, change.after, classBefore, classAfter)
}

/**
 * The objects that differ, sorted by path. Two forms of an object that read the same are no difference: a property that is NULL, and one
 * that was never set and has no default.
 */
export const stateChanges = (
  before: Snapshot.Snapshot,
  after: Snapshot.Snapshot,
  isMeant: (change: Change) => boolean = () => true
): ReadonlyArray<ObjectChange> =>
  SnapshotDiff.byPath(SnapshotDiff.changes(before, after).filter(isMeant), ObjectPath.format).flatMap(
    ([path, change]): ReadonlyArray<ObjectChange> => {
      const kind = SnapshotDiff.kind(change)
      const changes = membersOf(change, before, after)
      return kind === "changed" && changes.length === 0 ? [] : [{ change: kind, path, changes }]
    }
  )
