/**
 * The ambient values of a call: who calls, in which locale, on which server, into which namespace when none is named. They are
 * read once when a call starts, with the time and the seed of generated keys, and travel as data from there.
 *
 * @since 0.1.0
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
 * Who calls. By default a local caller with every right.
 *
 * @since 0.1.0
 * @category references
 */
export interface Caller {
  readonly _: unique symbol
}

/**
 * Who calls. By default a local caller with every right that a namespace grants: `rights` bounds what the descriptor of a namespace
 * (`SecurityDescriptor`) gives to the name and the groups of the caller, and where there is no descriptor it is all that counts.
 *
 * @since 0.1.0
 * @category references
 */
export const Caller: Context.Reference<Caller, CallerModel> = /* @__PURE__ */ Context.Reference<Caller>()(
  "effect-wmi/Caller",
  { defaultValue: (): CallerModel => ({ name: "the caller", remote: false, rights: Rights.all }) }
)

/**
 * The locale of the connection, `ms_409` by default.
 *
 * @since 0.1.0
 * @category references
 */
export interface Locale {
  readonly _: unique symbol
}

/**
 * The locale of the connection, `ms_409` by default.
 *
 * @since 0.1.0
 * @category references
 */
export const Locale: Context.Reference<Locale, string> = /* @__PURE__ */ Context.Reference<Locale>()(
  "effect-wmi/Locale",
  { defaultValue: (): string => "ms_409" }
)

/**
 * Whether the amended text of a class that is put with `UseAmendedQualifiers` is kept in the namespace of the locale. By default
 * it is; `false` only takes it off, as the COM pages say (`qualifiers` 7.3).
 *
 * @since 0.1.0
 * @category references
 */
export interface AmendmentWrites {
  readonly _: unique symbol
}

/**
 * Whether the amended text of a class that is put with `UseAmendedQualifiers` is kept in the namespace of the locale. By default
 * it is; `false` only takes it off, as the COM pages say (`qualifiers` 7.3).
 *
 * @since 0.1.0
 * @category references
 */
export const AmendmentWrites: Context.Reference<AmendmentWrites, boolean> = /* @__PURE__ */ Context.Reference<
  AmendmentWrites
>()("effect-wmi/AmendmentWrites", { defaultValue: (): boolean => true })

/**
 * The server's name in reported paths, `.` by default.
 *
 * @since 0.1.0
 * @category references
 */
export interface Server {
  readonly _: unique symbol
}

/**
 * The server's name in reported paths, `.` by default.
 *
 * @since 0.1.0
 * @category references
 */
export const Server: Context.Reference<Server, string> = /* @__PURE__ */ Context.Reference<Server>()(
  "effect-wmi/Server",
  { defaultValue: (): string => "." }
)

/**
 * Where a request goes that names no namespace, `root\cimv2` by default.
 *
 * @since 0.1.0
 * @category references
 */
export interface DefaultNamespace {
  readonly _: unique symbol
}

/**
 * Where a request goes that names no namespace, `root\cimv2` by default.
 *
 * @since 0.1.0
 * @category references
 */
export const DefaultNamespace: Context.Reference<DefaultNamespace, string> = /* @__PURE__ */ Context.Reference<
  DefaultNamespace
>()("effect-wmi/DefaultNamespace", { defaultValue: (): string => defaultNamespace })

/**
 * What one call, or one batch, reads.
 *
 * @since 0.1.0
 * @category models
 */
export interface CallContext {
  readonly call: Call
  readonly namespace: string
}

/** What a call has of its context, which never changes; calls mostly follow each other in one. */
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
 * Reads them and goes on: one look at the fiber instead of six steps of it, because this is on the path of every put.
 *
 * @internal
 */
export const readBy = <A, E, R>(
  fiber: Fiber.RuntimeFiber<unknown, unknown>,
  use: (context: CallContext) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const { amendmentWrites, caller, locale, namespace, server } = ambientOf(fiber.getFiberRef(FiberRef.currentContext))
  const services = fiber.getFiberRef(DefaultServices.currentServices)
  return Effect.flatMap(Context.get(services, Random.Random).nextIntBetween(0, Number.MAX_SAFE_INTEGER), (seed) =>
    use({
      call: {
        caller,
        locale,
        server,
        time: Context.get(services, Clock.Clock).unsafeCurrentTimeMillis(),
        seed,
        amendmentWrites
      },
      namespace
    }))
}

/**
 * Reads them.
 *
 * @since 0.1.0
 * @category combinators
 */
export const read: Effect.Effect<CallContext> = /* @__PURE__ */ Effect.withFiberRuntime<CallContext>((fiber) =>
  readBy(fiber, Effect.succeed)
)
