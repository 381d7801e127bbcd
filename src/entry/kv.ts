/**
 * `effect-wmi/kv`: a namespace store over a storage that has compare-and-set and no transactions.
 *
 * @module
 */
export * as VersionedStore from "../storage/kv/VersionedStore.ts"
