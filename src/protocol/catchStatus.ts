/**
 * Handling errors by their status. `WbemError` exports it.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import type { NoInfer } from "effect/Types"
import { TypeId } from "./wbemErrorBase.ts"

interface HasStatus<Status extends string> {
  readonly [TypeId]: typeof TypeId
  readonly status: Status
}

/**
 * The errors of `E` with one of these statuses: those of its class, or a `WbemOther` with that status where `E` has no such class.
 *
 * @since 0.1.0
 * @category models
 */
export type WithStatus<E, Status extends string> = Status extends unknown
  ? [Extract<E, HasStatus<Status>>] extends [never]
    ? Extract<E, { readonly _tag: "WbemOther" }> & { readonly status: Status }
  : Extract<E, HasStatus<Status>>
  : never

/**
 * The statuses that the errors of `E` may have.
 *
 * @since 0.1.0
 * @category models
 */
export type StatusOf<E> = E extends HasStatus<infer Status> ? Status : never

/**
 * `E` without the errors whose class is that of one of these statuses.
 *
 * @since 0.1.0
 * @category models
 */
export type WithoutStatus<E, Status extends string> = Exclude<E, HasStatus<Status>>

type Statuses<E> = readonly [StatusOf<E>, ...Array<StatusOf<E>>]

/**
 * Handles the errors with one of these statuses. The handler gets them with their facts, and the statuses that have a class are removed
 * from the errors of the effect. `WbemOther` stays among the errors when one of its statuses is handled, because it may have others.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Instance, PutAsync, PutRequest, WbemError, Wmi } from "effect-wmi"
 *
 * const disk = PutRequest.make(Instance.make("Demo_Disk", { Id: "C:" }))
 * const program = PutAsync.put(disk).pipe(
 *   Effect.as("stored"),
 *   WbemError.catchStatus("InvalidClass", (error) => Effect.succeed(`no ${error.className}`)),
 *   WbemError.catchStatus("VetoPut", "ServerTooBusy", (error) => Effect.succeed(error.status))
 * )
 * assert.equal(await Effect.runPromise(Effect.provide(program, Wmi.layerMemory)), "no Demo_Disk")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const catchStatus: {
  <E, const S extends Statuses<E>, A1, E1, R1>(
    ...args: [...statuses: S, onError: (error: WithStatus<NoInfer<E>, S[number]>) => Effect.Effect<A1, E1, R1>]
  ): <A, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A | A1, E1 | WithoutStatus<E, S[number]>, R | R1>
  <A, E, R, const S extends Statuses<E>, A1, E1, R1>(
    self: Effect.Effect<A, E, R>,
    ...args: [...statuses: S, onError: (error: WithStatus<NoInfer<E>, S[number]>) => Effect.Effect<A1, E1, R1>]
  ): Effect.Effect<A | A1, E1 | WithoutStatus<E, S[number]>, R | R1>
} = /* @__PURE__ */ dual(
  (args) => Effect.isEffect(args[0]),
  (
    self: Effect.Effect<unknown, unknown, unknown>,
    ...args: ReadonlyArray<unknown>
  ): Effect.Effect<unknown, unknown, unknown> => {
    const statuses = new Set(args.slice(0, -1))
    // The last argument is the handler, by the two types above.
    const onError = args[args.length - 1] as (error: unknown) => Effect.Effect<unknown, unknown, unknown>
    const isHandled = (u: unknown): u is HasStatus<string> =>
      typeof u === "object" && u !== null && TypeId in u && statuses.has((u as HasStatus<string>).status)
    return Effect.catchIf(self, isHandled, onError)
  }
)
