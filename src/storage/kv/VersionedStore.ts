/**
 * Stores over a storage that has only compare-and-set: key-value services, object stores with conditional writes. `make` takes a
 * storage of many keys; `fromDocument` one document that holds everything.
 *
 * @since 0.1.0
 * @module
 */
import type * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as EmulatedRepository from "../../emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../emulator/NamespaceStore.ts"
import { checked } from "../../internal/checkedConfig.ts"
import { concurrencyChecks } from "../optionChecks.ts"
import * as OneDocument from "./oneDocument.ts"
import * as SlicedStore from "../rowStore.ts"
import * as VersionedBackend from "./versionedDatabase.ts"
import type * as VersionedValues from "./values.ts"

/**
 * How long a store retries, and how many writes share a commit.
 *
 * @since 0.1.0
 * @category models
 */
export type ConcurrencyOptions = SlicedStore.ConcurrencyOptions

/**
 * A stored value with its version.
 *
 * @since 0.1.0
 * @category models
 */
export type Versioned = VersionedValues.Versioned

/**
 * A storage that has compare-and-set and no transactions: key-value services, object stores with conditional writes.
 *
 * @since 0.1.0
 * @category models
 */
export type VersionedStorage = VersionedValues.VersionedStorage

/**
 * A store over a storage that has only compare-and-set. A commit compares everything that the decision has read. On a conflict the
 * decision is made again over the current state: after a growing, jittered wait, and at most `maxAttempts` times. Then a put fails with
 * `Timeout`, and nothing was written.
 *
 * A put of an instance is one call of `rows` and one of `commit`; a put that changes nothing compares with a second `rows` instead.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (storage: VersionedStorage, concurrency: ConcurrencyOptions = {}): NamespaceStore =>
  SlicedStore.make(VersionedBackend.make(storage), concurrency)

/**
 * One document with a version: an object of a bucket with its entity tag.
 *
 * @since 0.1.0
 * @category models
 */
export type VersionedDocument = OneDocument.VersionedDocument

/**
 * A store in one document, for services that compare one object at a time (buckets with conditional writes). Every put reads and
 * writes all of it, so it is for small namespaces with few writers.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromDocument = (document: VersionedDocument, concurrency: ConcurrencyOptions = {}): NamespaceStore =>
  make(OneDocument.storageOf(document), concurrency)

/**
 * A store over a storage.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerStore = (
  storage: VersionedStorage,
  concurrency?: ConcurrencyOptions
): Layer.Layer<NamespaceStore> => Layer.sync(NamespaceStore, () => make(storage, concurrency))

/**
 * An emulated repository over a storage: `Wmi.layer(VersionedStore.layer(storage))` in place of `Wmi.layerMemory`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  storage: VersionedStorage,
  concurrency?: ConcurrencyOptions
): Layer.Layer<EmulatedRepository.Services> => Layer.provide(EmulatedRepository.layer, layerStore(storage, concurrency))

/**
 * The layer of {@link layer} with options that come from `Config`. An option that makes no sense, such as a negative number of
 * attempts, is a `ConfigError` that names the option.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  storage: VersionedStorage,
  config: Config.Config.Wrap<ConcurrencyOptions>
): Layer.Layer<EmulatedRepository.Services, ConfigError> =>
  Layer.unwrapEffect(Effect.map(checked(config, concurrencyChecks), (concurrency) => layer(storage, concurrency)))
