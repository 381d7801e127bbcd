/**
 * `effect-wmi/kv`: a namespace store over a storage with compare-and-set and without transactions.
 *
 * @module
 */
export * as VersionedStore from "../storage/kv/VersionedStore.ts"
