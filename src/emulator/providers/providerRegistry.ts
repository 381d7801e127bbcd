/**
 * What a provider of dynamic classes is, and where an emulated repository finds the registered ones. Without any it refuses; what
 * asking them takes comes with `InstanceProvider`, so that a program without providers does not carry it.
 *
 * @internal
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Decision, DeleteDecision, ProviderCall } from "../../engine/Decision.ts"
import type { ValidatedPut } from "../../engine/PutRules.ts"
import type { NamedValueSet } from "../../model/NamedValueSet.ts"
import type { ObjectPath } from "../../model/ObjectPath.ts"
import type { Instance } from "../../model/WbemObject.ts"
import type { CallHandle, OnProgress } from "../../pipeline/Repository.ts"
import type { DeleteRequest } from "../../protocol/DeleteRequest.ts"
import type { GetRequest } from "../../protocol/GetRequest.ts"
import type { Call } from "../../protocol/PutRequest.ts"
import type { PutReport } from "../../protocol/PutReport.ts"
import { ProviderNotFound, type WbemError } from "../../protocol/WbemError.ts"

/**
 * What a provider is asked to store.
 *
 * @since 0.1.0
 * @category models
 */
export interface ProviderPut {
  /** The class it is asked for: that of the instance, or one above it. */
  readonly className: string
  /** The object as it was given, NULL keys included. */
  readonly instance: Instance
  readonly namespace: string
  /** The flag word without 0x10 and the ignored bits. */
  readonly flags: number
  /** The caller's named values without `__PUT_EXT_CLIENT_REQUEST` (IP-14). */
  readonly context: NamedValueSet | undefined
  readonly call: Call
}

/**
 * How a provider answers a put that went well.
 *
 * @since 0.1.0
 * @category models
 */
export interface ProviderAnswer {
  /** The path of what was stored, if the provider says it; otherwise it is computed from the object (IR-7). */
  readonly path?: string | ObjectPath | undefined
  /** A success code, 0 by default. A number with the severity bit is a refusal. */
  readonly hresult?: number | undefined
}

/**
 * A look at one instance, or its removal. The path is whole and in the spelling of the class.
 *
 * @since 0.1.0
 * @category models
 */
export interface ProviderRequest {
  readonly className: string
  readonly path: ObjectPath
  readonly namespace: string
  readonly call: Call
}

/**
 * A provider. It supports what it has: a put sent to one without `put` is refused with `ProviderNotCapable` (IR-2).
 *
 * It refuses with any `WbemError` (`VetoPut` is meant for that); what it throws becomes `ProviderFailure` (IR-6). Once asked it
 * runs to its end, whoever stopped listening meanwhile (PA-44).
 *
 * @since 0.1.0
 * @category models
 */
export interface InstanceProvider {
  readonly put?:
    | ((put: ProviderPut, progress: OnProgress) => Effect.Effect<ProviderAnswer | void, WbemError>)
    | undefined
  readonly get?: ((request: ProviderRequest) => Effect.Effect<Instance, WbemError>) | undefined
  readonly delete?: ((request: ProviderRequest) => Effect.Effect<void, WbemError>) | undefined
}

/**
 * Asks providers for what the engine leaves to them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Registry {
  readonly put: (decision: Decision, valid: ValidatedPut, call: CallHandle) => Effect.Effect<PutReport, WbemError>
  readonly delete: (decision: DeleteDecision, request: DeleteRequest) => Effect.Effect<ObjectPath, WbemError>
  readonly get: (served: ProviderCall, request: GetRequest) => Effect.Effect<Instance, WbemError>
}

/** IR-1. */
export const notRegistered = ({ className, provider }: ProviderCall): ProviderNotFound =>
  new ProviderNotFound({ className, provider, rule: "IR-1", detail: "no such provider is registered" })

const nobody: Registry = {
  put: ({ delegate }) => Either.left(notRegistered(delegate[0]!)),
  delete: ({ delegate }) => Either.left(notRegistered(delegate[0]!)),
  get: (served) => Either.left(notRegistered(served))
}

/**
 * The providers that are registered; none by default. An emulated repository reads it when its layer is built.
 *
 * @since 0.1.0
 * @category references
 */
export interface InstanceProviders {
  readonly _: unique symbol
}

/**
 * The providers that are registered; none by default. An emulated repository reads it when its layer is built.
 *
 * @since 0.1.0
 * @category references
 */
export const InstanceProviders: Context.Reference<InstanceProviders, Registry> = /* @__PURE__ */ Context.Reference<
  InstanceProviders
>()("effect-wmi/InstanceProviders", { defaultValue: (): Registry => nobody })
