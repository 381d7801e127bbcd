/**
 * `effect-wmi/durable-object`: a namespace store in the SQLite storage of a Cloudflare Durable Object.
 *
 * @module
 */
export * as DurableObject from "../storage/sqlite/DurableObject.ts"
