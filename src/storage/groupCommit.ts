/**
 * Group commit (PA-32): the writes of one process are committed first in, first out, as many in one group as are pending.
 *
 * A write that finds no leader becomes the leader. It yields once to the scheduler so that other fibers can join, commits the group,
 * completes the followers and makes the next pending write the leader.
 *
 * There is no background fiber: the leader is the fiber of a caller, so nothing has to be started or stopped.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { AnySpan } from "effect/Tracer"
import type { NamespaceStore, Step } from "../emulator/NamespaceStore.ts"
import type { ReadSet } from "../engine/ReadSet.ts"
import type { Snapshot } from "../engine/state/Snapshot.ts"
import * as Eager from "../internal/eager.ts"
import { recordingFiber } from "../pipeline/observation/recording.ts"
import type { StoreError } from "../protocol/WbemError.ts"

/** The exit of one write: its result, or its failure or defect. */
export type WriteExit = Exit.Exit<unknown, StoreError>

/** How a pending write continues: with its exit, or as the leader. */
type Continuation = Effect.Effect<unknown, StoreError>

export class PendingWrite {
  readonly readSet: () => ReadSet
  readonly decide: (snapshot: Snapshot) => Step<unknown>
  /** The span of the put, if telemetry is on. */
  readonly span: AnySpan | undefined = recordingFiber()?.currentSpan
  private readonly committed: (result: unknown) => void
  /** How to resume the fiber of this write, and with what. The leader of a group does not wait, so it has neither. */
  private resume: ((continuation: Continuation) => void) | undefined = undefined
  private continuation: Continuation | undefined = undefined

  constructor(
    readSet: PendingWrite["readSet"],
    decide: PendingWrite["decide"],
    committed: (result: unknown) => void
  ) {
    this.readSet = readSet
    this.decide = decide
    this.committed = committed
  }

  continueWith(continuation: Continuation): void {
    if (this.resume === undefined) this.continuation = continuation // the fiber does not wait yet
    else this.resume(continuation)
  }

  get wait(): Continuation {
    return Effect.async((resume) => {
      if (this.continuation === undefined) this.resume = resume
      else resume(this.continuation)
    })
  }

  /** Calls the listener of the commit; a listener that throws fails its own write and no other. */
  complete(exit: WriteExit): WriteExit {
    if (Exit.isFailure(exit)) return exit
    try {
      this.committed(exit.value)
      return exit
    } catch (defect) {
      return Exit.die(defect)
    }
  }
}

/**
 * The `modify` of a store. `commit` commits a group of at most `maxGroup` writes: with an exit for each, or one failure for all.
 */
export const make = (
  commit: (group: ReadonlyArray<PendingWrite>) => Eager.Eager<ReadonlyArray<WriteExit>, StoreError>,
  maxGroup: number
): NamespaceStore["modify"] => {
  const queue: Array<PendingWrite> = []
  let hasLeader = false

  const lead = (self: PendingWrite): Continuation =>
    Effect.flatMap(Effect.yieldNow(), () => {
      const group = queue.splice(0, maxGroup)
      return Eager.flatMap(Eager.exit(Eager.suspend(() => commit(group))), (exit) => {
        let own: WriteExit | undefined
        for (let i = 0; i < group.length; i++) {
          const write = group[i]!
          const its = Exit.isSuccess(exit) ? write.complete(exit.value[i]!) : exit
          if (write === self) own = its
          else write.continueWith(its)
        }
        const next = queue[0]
        if (next === undefined) hasLeader = false
        else next.continueWith(lead(next))
        return own! // the leader is the first of its group
      })
    })

  // The result of a decision is passed only to the listener and the caller that belong to it.
  return <A>(readSet: () => ReadSet, decide: (snapshot: Snapshot) => Step<A>, committed: (result: A) => void) =>
    Effect.uninterruptible(Effect.suspend(() => {
      const write = new PendingWrite(readSet, decide, committed as (result: unknown) => void)
      queue.push(write)
      if (hasLeader) return write.wait
      hasLeader = true
      return lead(write)
    })) as Effect.Effect<A, StoreError>
}
