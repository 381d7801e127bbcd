/**
 * `effect-wmi/sql`: a namespace store over a `SqlClient` of `@effect/sql` that the program provides.
 *
 * @module
 */
export * as SqlStore from "../storage/sql/SqlStore.ts"
