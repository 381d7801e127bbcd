/**
 * `effect-wmi/sqlite`: a namespace store in a SQLite file, on Node, Bun and Deno.
 *
 * @module
 */
export * as Sqlite from "../storage/sqlite/Sqlite.ts"
