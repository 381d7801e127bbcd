/**
 * Places where a case makes a call wait. One that is held before its transaction keeps its turn: a later put that could see what it
 * does waits behind it (PA-32).
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Identity from "../engine/identity.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { valuesOf } from "../engine/values.ts"
import * as CimName from "../model/CimName.ts"
import { type Instance, isWbemObject, type WbemObject } from "../model/WbemObject.ts"
import { namespace } from "./objects.ts"

/** A place where one call waits. */
export interface Barrier {
  readonly reached: Deferred.Deferred<void>
  readonly release: Deferred.Deferred<void>
  /** Done when its call ended, or when it stays held and the others may go on. */
  readonly cleared: Deferred.Deferred<void>
  released: boolean
}

export type BarrierPoint = "beforeTransaction" | "afterCommit"

/** Where calls are held, by the object they carry, in the order of the calls. */
export type Barriers = Readonly<Record<BarrierPoint, Map<unknown, Barrier>>>

export const makeBarrier: Effect.Effect<Barrier> = Effect.map(
  Effect.all([Deferred.make<void>(), Deferred.make<void>(), Deferred.make<void>()]),
  ([reached, release, passed]) => ({ reached, release, passed, released: false })
)

/** Waits there, if the call that carries this object is held. */
export const waitAtBarrier = (holds: Map<unknown, Barrier>, object: unknown): Effect.Effect<void> => {
  const hold = holds.get(object)
  return hold === undefined
    ? Effect.void
    : Effect.zipRight(Deferred.succeed(hold.reached, undefined), Deferred.await(hold.release))
}

/** Root and key of an instance; `undefined` when nobody can have the same. */
const instanceIdentity = (at: Snapshot.Snapshot, instance: Instance): string | undefined => {
  const resolvedClass = Snapshot.resolvedClass(at, namespace, instance.className)
  if (resolvedClass === undefined) return CimName.fold(instance.className)
  const key = Identity.rowKey(resolvedClass, valuesOf(resolvedClass, instance).values)
  return key === undefined ? undefined : `${resolvedClass.root} ${key}`
}

/** Whether one put could see the effect of the other; of classes that is said too often rather than too seldom. */
const overlaps = (at: Snapshot.Snapshot, one: WbemObject, other: WbemObject): boolean =>
  one._tag === "Class" || other._tag === "Class"
  || (instanceIdentity(at, one) !== undefined && instanceIdentity(at, one) === instanceIdentity(at, other))

/** The turn of a put: its own hold, and those of the calls before it that it could see. */
export const waitForTurn = (
  at: Snapshot.Snapshot,
  holds: Map<unknown, Barrier>,
  object: WbemObject
): Effect.Effect<void> =>
  Effect.suspend(() => {
    const before: Array<Barrier> = []
    for (const [other, hold] of holds) {
      if (other === object) break
      if (isWbemObject(other) && overlaps(at, object, other)) before.push(hold)
    }
    return Effect.zipRight(
      waitAtBarrier(holds, object),
      Effect.forEach(before, ({ cleared }) => Deferred.await(cleared), { discard: true })
    )
  })
