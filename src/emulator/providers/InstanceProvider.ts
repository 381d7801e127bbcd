/**
 * Providers of dynamic classes: who keeps the instances that an emulated repository does not (`instance-put` 7). The engine
 * says whom to ask and in which order; what a provider is stands in `providerRegistry`, the asking in `providerCalls`, and here
 * how they are registered.
 *
 * Before a provider is asked the class, the caller's right, the names of the properties and the types of their values have been
 * checked. Keys, NULLs, existence and the change kind are the provider's to judge (IR-5).
 *
 * @since 0.1.0
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
 * Providers by the name that the `provider` qualifier of a class gives; names compare without case. One may still have to be
 * loaded: if that fails the put ends with `ProviderLoadFailure`.
 *
 * @since 0.1.0
 * @category models
 */
export type Providers = Readonly<Record<string, InstanceProvider | Effect.Effect<InstanceProvider, unknown>>>

/**
 * A registry of these providers.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (providers: Providers): Registry => {
  const byName = new Map(Object.entries(providers).map(([name, provider]) => [CimName.fold(name), provider]))
  return providerCalls((name) => byName.get(CimName.fold(name)))
}

/**
 * Registers providers: `Layer.provide(Wmi.layerMemory, InstanceProvider.layer({ DemoProvider: { put } }))`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (providers: Providers): Layer.Layer<InstanceProviders> =>
  Layer.sync(InstanceProviders, () => make(providers))
