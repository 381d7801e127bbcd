/** Places where a case makes a call wait. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"

/** A place where one call waits. */
export interface Hold {
  readonly reached: Deferred.Deferred<void>
  readonly release: Deferred.Deferred<void>
  released: boolean
}

export type Place = "beforeTransaction" | "afterCommit"

/** Where calls are held, by the object they carry. */
export type Holds = Readonly<Record<Place, Map<unknown, Hold>>>

export const newHold: Effect.Effect<Hold> = Effect.zipWith(
  Deferred.make<void>(),
  Deferred.make<void>(),
  (reached, release) => ({ reached, release, released: false })
)

/** Waits there, if the call that carries this object is held. */
export const held = (holds: Map<unknown, Hold>, object: unknown): Effect.Effect<void> => {
  const hold = holds.get(object)
  return hold === undefined
    ? Effect.void
    : Effect.zipRight(Deferred.succeed(hold.reached, undefined), Deferred.await(hold.release))
}
