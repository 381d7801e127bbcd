/**
 * `effect-wmi/postgres`: a namespace store in PostgreSQL, shared by several services.
 *
 * @module
 */
export * as Postgres from "../storage/postgres/Postgres.ts"
