/**
 * The types of providers of dynamic classes, and the reference to the registered ones. Without providers a put of a dynamic
 * class fails. The code that calls providers is in `InstanceProvider`, so that a program without providers does not ship it.
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
import {
  type DeleteError,
  type GetError,
  ProviderNotFound,
  type PutError,
  type WbemError
} from "../../protocol/WbemError.ts"

/**
 * A put for a provider.
 *
 * @since 0.1.0
 * @category models
 */
export interface ProviderPut {
  /** The class that the provider is called for: the class of the instance, or a class above it. */
  readonly className: string
  /** The instance of the request, NULL keys included. */
  readonly instance: Instance
  /** The full name of the namespace, such as `root\cimv2`. */
  readonly namespace: string
  /** The flag word without 0x10 and the ignored bits. */
  readonly flags: number
  /** The caller's named values without `__PUT_EXT_CLIENT_REQUEST` (IP-14). */
  readonly context: NamedValueSet | undefined
  /** The caller, the locale, the server, the time of the call and the seed of generated keys. */
  readonly call: Call
}

/**
 * The answer of a provider to a successful put.
 *
 * @since 0.1.0
 * @category models
 */
export interface ProviderAnswer {
  /** The path of the stored instance. By default it is computed from the instance (IR-7). */
  readonly path?: string | ObjectPath | undefined
  /** A success code, 0 by default. A number with the severity bit is the error of the put. */
  readonly hresult?: number | undefined
}

/**
 * A read or a delete of one instance. The path has every key and the spelling of the class.
 *
 * @since 0.1.0
 * @category models
 */
export interface ProviderRequest {
  /** The class that the provider is called for. */
  readonly className: string
  /** The path of the instance. */
  readonly path: ObjectPath
  /** The full name of the namespace, such as `root\cimv2`. */
  readonly namespace: string
  /** The caller, the locale, the server, the time of the call and the seed of generated keys. */
  readonly call: Call
}

/**
 * A provider. Each function is optional: a put to a provider without `put` fails with `ProviderNotCapable` (IR-2).
 *
 * A provider refuses a call with any `WbemError`, such as `VetoPut`: one that the union of the verb does not have is a `WbemOther` for the
 * caller (`StatusError.narrow`). An exception or a defect becomes `ProviderFailure` (IR-6).
 * A provider that was called runs to its end, also if the call is cancelled or interrupted meanwhile (PA-44).
 *
 * @since 0.1.0
 * @category models
 */
export interface InstanceProvider {
  /** Stores an instance and may report its progress; returns a path, a success code, or nothing. */
  readonly put?:
    | ((put: ProviderPut, progress: OnProgress) => Effect.Effect<ProviderAnswer | void, WbemError>)
    | undefined
  /** Reads an instance. Fails with `NotFound` when there is none. */
  readonly get?: ((request: ProviderRequest) => Effect.Effect<Instance, WbemError>) | undefined
  /** Deletes an instance. Fails with `NotFound` when there is none. */
  readonly delete?: ((request: ProviderRequest) => Effect.Effect<void, WbemError>) | undefined
}

/**
 * Calls the providers of a decision.
 *
 * @since 0.1.0
 * @category models
 */
export interface Registry {
  /** Calls the provider of the class of a put. */
  readonly put: (decision: Decision, valid: ValidatedPut, call: CallHandle) => Effect.Effect<PutReport, PutError>
  /** Calls the provider of the class of a delete. */
  readonly delete: (decision: DeleteDecision, request: DeleteRequest) => Effect.Effect<ObjectPath, DeleteError>
  /** Calls the provider of the class of a read. */
  readonly get: (provided: ProviderCall, request: GetRequest) => Effect.Effect<Instance, GetError>
}

/** The error of a provider that is not registered (IR-1). */
export const notRegistered = ({ className, provider }: ProviderCall): ProviderNotFound =>
  new ProviderNotFound({ className, provider, rule: "IR-1", detail: "no such provider is registered" })

const empty: Registry = {
  put: ({ delegate }) => Either.left(notRegistered(delegate[0]!)),
  delete: ({ delegate }) => Either.left(notRegistered(delegate[0]!)),
  get: (provided) => Either.left(notRegistered(provided))
}

/**
 * The identifier of the registered providers.
 *
 * @since 0.1.0
 * @category references
 */
export interface InstanceProviders {
  /** Makes the identifier a type of its own; it has no value. */
  readonly _: unique symbol
}

/**
 * The registered providers; none by default. An emulated repository reads them when its layer is built.
 *
 * @since 0.1.0
 * @category references
 */
export const InstanceProviders: Context.Reference<InstanceProviders, Registry> = /* @__PURE__ */ Context.Reference<
  InstanceProviders
>()("effect-wmi/InstanceProviders", { defaultValue: (): Registry => empty })
