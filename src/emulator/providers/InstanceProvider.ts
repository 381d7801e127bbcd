/**
 * Providers of dynamic classes: they keep the instances that an emulated repository does not keep itself (`instance-put` 7).
 * The engine decides which providers are called, in which order. The types are in `providerRegistry`, the calls in
 * `providerCalls`; this module registers providers.
 *
 * Before a provider is called, the repository checks the class, the rights of the caller, the names of the properties and the
 * types of their values. The provider checks keys, NULLs, existence and the mode of the put (IR-5).
 *
 * @since 0.1.0
 * @module
 */
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as CimName from "../../model/CimName.ts"
import { providerCalls } from "./providerCalls.ts"
import { type InstanceProvider, InstanceProviders, type Registry } from "./providerRegistry.ts"

export {
  type InstanceProvider,
  InstanceProviders,
  type ProviderAnswer,
  type ProviderPut,
  type ProviderRequest,
  type Registry
} from "./providerRegistry.ts"

/**
 * Providers by name: the value of the `provider` qualifier of a class, compared without case. An Effect loads a provider; it
 * runs for each call, and if it fails the call ends with `ProviderLoadFailure`.
 *
 * @since 0.1.0
 * @category models
 */
export type Providers = Readonly<Record<string, InstanceProvider | Effect.Effect<InstanceProvider, unknown>>>

/**
 * A registry of providers.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer } from "effect"
 * import { ClassDefinition, Instance, InstanceProvider, Property, PutAsync, PutRequest, Qualifier, Wmi } from "effect-wmi"
 *
 * const ids: Array<unknown> = []
 * const registry = InstanceProvider.make({
 *   DemoProvider: { put: ({ instance }) => Effect.sync(() => void ids.push(instance.values["Id"])) }
 * })
 * const providers = Layer.succeed(InstanceProvider.InstanceProviders, registry)
 * const Sensor = ClassDefinition.make("Demo_Sensor", { Id: Property.key("string") }, {
 *   qualifiers: [Qualifier.make("dynamic", true), Qualifier.make("provider", "DemoProvider")]
 * })
 * const program = Effect.gen(function*() {
 *   yield* PutAsync.put(PutRequest.make(Sensor))
 *   yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Sensor", { Id: "T1" })))
 * })
 * await Effect.runPromise(Effect.provide(program, Layer.provide(Wmi.layerMemory, providers)))
 * assert.deepEqual(ids, ["T1"])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (providers: Providers): Registry => {
  const byName = new Map(Object.entries(providers).map(([name, provider]) => [CimName.fold(name), provider]))
  return providerCalls((name) => byName.get(CimName.fold(name)))
}

/**
 * A layer that registers providers for an emulated repository.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer } from "effect"
 * import { ClassDefinition, Instance, InstanceProvider, Property, PutAsync, PutRequest, Qualifier, Wmi } from "effect-wmi"
 *
 * const ids: Array<unknown> = []
 * const providers = InstanceProvider.layer({
 *   DemoProvider: { put: ({ instance }) => Effect.sync(() => void ids.push(instance.values["Id"])) }
 * })
 * const Sensor = ClassDefinition.make("Demo_Sensor", { Id: Property.key("string") }, {
 *   qualifiers: [Qualifier.make("dynamic", true), Qualifier.make("provider", "DemoProvider")]
 * })
 * const program = Effect.gen(function*() {
 *   yield* PutAsync.put(PutRequest.make(Sensor))
 *   yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Sensor", { Id: "T1" })))
 * })
 * await Effect.runPromise(Effect.provide(program, Layer.provide(Wmi.layerMemory, providers)))
 * assert.deepEqual(ids, ["T1"])
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (providers: Providers): Layer.Layer<InstanceProviders> =>
  Layer.sync(InstanceProviders, () => make(providers))
