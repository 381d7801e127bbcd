/**
 * `effect-wmi/testing/contracts`: the promises of stores and repositories as programs, for any test framework.
 *
 * @module
 */
export * as RepositoryContract from "../testing/RepositoryContract.ts"
export * as StoreContract from "../testing/StoreContract.ts"
