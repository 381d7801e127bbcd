/**
 * `effect-wmi/testing/contracts`: the promises of stores and repositories as programs, for any test framework.
 *
 * @module
 */
/** The promises of a `Repository`. */
export * as RepositoryContract from "../testing/RepositoryContract.ts"
/** The promises of a `NamespaceStore`, alone, shared between two programs, and over a database that is set back. */
export * as StoreContract from "../testing/StoreContract.ts"
