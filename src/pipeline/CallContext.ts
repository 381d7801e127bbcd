/**
 * The ambient values of a call: the caller, the locale, the server, and the namespace of requests that name none. Each is a
 * `Context.Reference` with a default, so a program provides only those that differ. They are read once when a call starts,
 * together with the time and the seed of generated keys, and are plain data from there on.
 *
 * @since 0.1.0
 * @module
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as Random from "effect/Random"
import { defaultNamespace } from "../model/limits.ts"
import * as Rights from "../model/Rights.ts"
import type { Call, Caller as CallerModel } from "../protocol/PutRequest.ts"

/**
 * The identifier of an ambient value.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ambient<Name extends string> {
  /** Makes the identifier a type of its own; it has no value. */
  readonly _: Name
}

const reference = <Name extends string, A>(
  name: Name,
  defaultValue: () => A
): Context.Reference<Ambient<Name>, A> => Context.Reference<Ambient<Name>>()(`effect-wmi/${name}`, { defaultValue })

/**
 * The caller. By default a local caller with every right that a namespace grants: `rights` limits the rights that the
 * descriptor of a namespace (`SecurityDescriptor`) gives to the name and the groups of the caller. In a namespace without a
 * descriptor `rights` alone decides.
 *
 * @since 0.1.0
 * @category references
 */
export const Caller: Context.Reference<Ambient<"Caller">, CallerModel> = /* @__PURE__ */ reference(
  "Caller",
  (): CallerModel => ({ name: "the caller", remote: false, rights: Rights.all })
)

/**
 * The locale of the connection, `ms_409` by default.
 *
 * @since 0.1.0
 * @category references
 */
export const Locale: Context.Reference<Ambient<"Locale">, string> = /* @__PURE__ */ reference("Locale", () => "ms_409")

/**
 * Whether a put of a class with `UseAmendedQualifiers` stores the localised text in the namespace of the locale, `true` by
 * default. With `false` the text is only removed from the class, as the COM pages say (`qualifiers` 7.3).
 *
 * @since 0.1.0
 * @category references
 */
export const AmendmentWrites: Context.Reference<Ambient<"AmendmentWrites">, boolean> = /* @__PURE__ */ reference(
  "AmendmentWrites",
  (): boolean => true
)

/**
 * The server's name in reported paths, `.` by default.
 *
 * @since 0.1.0
 * @category references
 */
export const Server: Context.Reference<Ambient<"Server">, string> = /* @__PURE__ */ reference("Server", () => ".")

/**
 * The namespace of a request that names none, `root\cimv2` by default.
 *
 * @since 0.1.0
 * @category references
 */
export const DefaultNamespace: Context.Reference<Ambient<"DefaultNamespace">, string> = /* @__PURE__ */ reference(
  "DefaultNamespace",
  () => defaultNamespace
)

/**
 * The values that one call, or one batch, reads.
 *
 * @since 0.1.0
 * @category models
 */
export interface CallContext {
  /** The caller, the locale, the server, the time and the seed of the call. */
  readonly call: Call
  /** The namespace of a request that names none. */
  readonly namespace: string
}

/** The values of each context. A context is immutable, and most calls of a program share one. */
const ambients: WeakMap<Context.Context<never>, Omit<CallContext, "call"> & Omit<Call, "time" | "seed">> =
  /* @__PURE__ */ new WeakMap()

const ambientOf = (context: Context.Context<never>) => {
  const known = ambients.get(context)
  if (known !== undefined) return known
  const ambient = {
    caller: Context.get(context, Caller),
    locale: Context.get(context, Locale),
    server: Context.get(context, Server),
    amendmentWrites: Context.get(context, AmendmentWrites),
    namespace: Context.get(context, DefaultNamespace)
  }
  ambients.set(context, ambient)
  return ambient
}

/**
 * Reads the values and continues with `use`: one access to the fiber in place of six of its steps, because every put does this.
 *
 * @internal
 */
export const readBy = <A, E, R>(
  fiber: Fiber.RuntimeFiber<unknown, unknown>,
  use: (context: CallContext) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const { amendmentWrites, caller, locale, namespace, server } = ambientOf(fiber.getFiberRef(FiberRef.currentContext))
  const services = fiber.getFiberRef(DefaultServices.currentServices)
  return Effect.flatMap(Context.get(services, Random.Random).nextIntBetween(0, Number.MAX_SAFE_INTEGER), (seed) => {
    const time = Context.get(services, Clock.Clock).unsafeCurrentTimeMillis()
    return use({ call: { caller, locale, server, time, seed, amendmentWrites }, namespace })
  })
}

/**
 * Reads the values of the running fiber.
 *
 * @since 0.1.0
 * @category combinators
 */
export const read: Effect.Effect<CallContext> = /* @__PURE__ */ Effect.withFiberRuntime<CallContext>((fiber) =>
  readBy(fiber, Effect.succeed)
)
