/**
 * Stores over a storage that has nothing but compare-and-set: key-value services, object stores with conditional writes. `make`
 * takes a storage of many keys; `fromDocument` one document that holds everything.
 *
 * @since 0.1.0
 */
import type { NamespaceStore } from "../../emulator/NamespaceStore.ts"
import * as OneDocument from "./oneDocument.ts"
import * as SlicedStore from "../rowStore.ts"
import * as VersionedBackend from "./versionedDatabase.ts"
import type * as VersionedValues from "./values.ts"

/**
 * How long a store tries, and how many writes share a commit.
 *
 * @since 0.1.0
 * @category models
 */
export type ConcurrencyOptions = SlicedStore.ConcurrencyOptions

/**
 * What a storage answers for a key.
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
 * A store over a storage that has nothing but compare-and-set. What a decision has read is compared when its changes are set;
 * if somebody was faster it is made again, over what is there now: after a wait that grows and is never as long as another's, and at
 * most `attempts` times. Then a put fails with `Timeout`, and nothing was written.
 *
 * A put of an instance is three calls: `rows`, the decision, `commit`; one that changes nothing compares with a second `rows`
 * instead of the `commit`.
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
