/**
 * The storage seam below an emulated repository: one method with the shape of `Ref.modify`. A store knows nothing of flags or
 * rules. `MemoryStore`, `SqlStore` and `fromVersioned` make stores; whoever writes another one promises this:
 *
 * 1. `decide` sees a consistent state that covers the footprint.
 * 2. The changes are stored all together or not at all; when the effect succeeds they are stored as firmly as the store can.
 * 3. Two `modify`s come out as if one after the other, in the order in which they were begun within one process.
 * 4. `committed` is called once, after the commit and in commit order; never for a failure.
 *
 * `decide` is synchronous and pure, so a store may call it again: after a conflict, or over more when it had seen too little.
 *
 * @since 0.1.0
 */
import * as OneDocument from "./oneDocument.ts"
import * as SlicedStore from "./slicedStore.ts"
import type { NamespaceStore } from "./storeSeam.ts"
import * as VersionedBackend from "./versionedBackend.ts"
import type * as VersionedValues from "./versionedValues.ts"

export {
  /**
   * The storage seam.
   *
   * @since 0.1.0
   * @category services
   */
  NamespaceStore,
  /**
   * What a decision hands to the store.
   *
   * @since 0.1.0
   * @category models
   */
  type Step
} from "./storeSeam.ts"

/**
 * How long a store tries, and how many writes share a commit.
 *
 * @since 0.1.0
 * @category models
 */
export type Patience = SlicedStore.Patience

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
export const fromVersioned = (storage: VersionedStorage, patience: Patience = {}): NamespaceStore =>
  SlicedStore.make(VersionedBackend.make(storage), patience)

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
export const fromDocument = (document: VersionedDocument, patience: Patience = {}): NamespaceStore =>
  fromVersioned(OneDocument.storageOf(document), patience)
