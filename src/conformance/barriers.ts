/**
 * Barriers: points at which a case makes a call wait until a `release` step. A call that waits before its transaction keeps its place
 * in the order: a later put that could see its effect waits behind it (PA-32).
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Identity from "../engine/identity.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { valuesOf } from "../engine/values.ts"
import * as CimName from "../model/CimName.ts"
import { type Instance, isWbemObject, type WbemObject } from "../model/WbemObject.ts"
import { namespace } from "./objects.ts"

/** The barrier of one call. */
export interface Barrier {
  /** Done when the call waits at the barrier. */
  readonly reached: Deferred.Deferred<void>
  /** Ends the wait. */
  readonly release: Deferred.Deferred<void>
  /** Done when the call ended, or when later calls no longer wait for it. */
  readonly cleared: Deferred.Deferred<void>
  released: boolean
}

/** The points of a put at which a call can wait. */
export type BarrierPoint = "beforeTransaction" | "afterCommit"

/** The barriers by the object that the call carries, in the order of the calls. */
export type Barriers = Readonly<Record<BarrierPoint, Map<unknown, Barrier>>>

export const makeBarrier: Effect.Effect<Barrier> = Effect.map(
  Effect.all([Deferred.make<void>(), Deferred.make<void>(), Deferred.make<void>()]),
  ([reached, release, cleared]) => ({ reached, release, cleared, released: false })
)

/** Waits at the barrier of the call that carries this object, if it has one. */
export const waitAtBarrier = (barriers: Map<unknown, Barrier>, object: unknown): Effect.Effect<void> => {
  const barrier = barriers.get(object)
  return barrier === undefined
    ? Effect.void
    : Effect.zipRight(Deferred.succeed(barrier.reached, undefined), Deferred.await(barrier.release))
}

/** The root class and key of an instance; `undefined` when no other instance can have the same. */
const instanceIdentity = (at: Snapshot.Snapshot, instance: Instance): string | undefined => {
  const resolvedClass = Snapshot.resolvedClass(at, namespace, instance.className)
  if (resolvedClass === undefined) return CimName.fold(instance.className)
  const key = Identity.rowKey(resolvedClass, valuesOf(resolvedClass, instance).values)
  return key === undefined ? undefined : `${resolvedClass.root} ${key}`
}

/** Whether one put could see the effect of the other. For classes the answer is always yes, which may delay a call without need. */
const overlaps = (at: Snapshot.Snapshot, one: WbemObject, other: WbemObject): boolean =>
  one._tag === "Class" || other._tag === "Class"
  || (instanceIdentity(at, one) !== undefined && instanceIdentity(at, one) === instanceIdentity(at, other))

/** Waits at the put's own barrier, then for the earlier calls with barriers whose effect it could see. */
export const waitForTurn = (
  at: Snapshot.Snapshot,
  barriers: Map<unknown, Barrier>,
  object: WbemObject
): Effect.Effect<void> =>
  Effect.suspend(() => {
    const earlier: Array<Barrier> = []
    for (const [other, barrier] of barriers) {
      if (other === object) break
      // Only members that plain objects have too are read.
      if (isWbemObject(other) && overlaps(at, object, other as WbemObject)) earlier.push(barrier)
    }
    return Effect.zipRight(
      waitAtBarrier(barriers, object),
      Effect.forEach(earlier, ({ cleared }) => Deferred.await(cleared), { discard: true })
    )
  })
