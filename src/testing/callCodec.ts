/**
 * The JSON form of calls. Values that JSON does not distinguish stand in a tag: `$n` a 64-bit integer, `$r` a real without a JSON number,
 * `$object` a class or an instance, `$path` an object path, `$report` a report, `$error` an error. Errors keep their status, number and facts; the failure of
 * a lower library (`cause`) is left out.
 *
 * @internal
 */
import * as StoredObject from "../codec/storedObject.ts"
import * as NamedValueSet from "../model/NamedValueSet.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import { isWbemObject, type WbemObject } from "../model/WbemObject.ts"
import * as PutReport from "../protocol/PutReport.ts"
import * as StatusError from "../protocol/StatusError.ts"
import { isWbemError, type WbemError } from "../protocol/WbemError.ts"

export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [name: string]: Json }

/** A JSON value that is not the form of a call. */
export class Malformed extends Error {
  override readonly name = "Malformed"
}

/** Members of an error that follow from its status, or that belong to one process. */
const derived = new Set(["cause", "status", "hresult", "_tag", "name", "message", "stack"])

const record = (entries: Iterable<readonly [string, unknown]>): Json => {
  const members: Record<string, Json> = {}
  for (const [name, value] of entries) {
    if (value !== undefined) Object.defineProperty(members, name, { value: toJson(value), enumerable: true })
  }
  return members
}

export const toJson = (value: unknown): Json => {
  switch (typeof value) {
    case "bigint":
      return { $n: String(value) }
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $r: Object.is(value, -0) ? "-0" : String(value) }
    case "string":
    case "boolean":
      return value
    case "object":
      break
    default:
      return null
  }
  if (value === null) return null
  if (Array.isArray(value)) return value.map(toJson)
  if (isWbemError(value)) {
    const facts = Object.entries(value).filter(([name]) => !derived.has(name))
    return { $error: { status: value.status, hresult: value.hresult, facts: record(facts) } }
  }
  if (isWbemObject(value)) return { $object: JSON.parse(StoredObject.write(value as WbemObject)) as Json }
  if (NamedValueSet.isNamedValueSet(value)) return { $values: toJson(NamedValueSet.make(value).entries) }
  if (PutReport.isPutReport(value)) {
    const { deleted, disposition, hresult, path, removed } = value
    return { $report: record(Object.entries({ path, disposition, hresult, deleted, removed })) }
  }
  if (ObjectPath.isObjectPath(value)) {
    const { className, keys, namespace, server, singleton } = value
    return { $path: record(Object.entries({ className, keys, namespace, server, singleton })) }
  }
  const entries = Object.entries(value)
  return entries.some(([name]) => name.startsWith("$")) ? { $entries: toJson(entries) } : record(entries)
}

type Fields = { readonly [name: string]: Json }

const isFields = (json: Json | undefined): json is Fields =>
  typeof json === "object" && json !== null && !Array.isArray(json)

const fields = (json: Json | undefined, what: string): Fields => {
  if (isFields(json)) return json
  throw new Malformed(`${what} is no object`)
}

const tagged = (tag: string, json: Json): unknown => {
  switch (tag) {
    case "$n":
      if (typeof json === "string" && /^-?\d+$/.test(json)) return BigInt(json)
      break
    case "$r":
      if (typeof json === "string") return Number(json)
      break
    case "$object":
      return StoredObject.readJson(json)
    case "$values":
      if (Array.isArray(json)) return NamedValueSet.make(fromJson(json) as NamedValueSet.Input)
      break
    case "$path":
      return ObjectPath.make(untagged(fields(json, "$path")) as Partial<ObjectPath.ObjectPath>)
    case "$report": {
      const { disposition, path, ...more } = untagged(fields(json, "$report")) as Partial<PutReport.PutReport>
      if (!ObjectPath.isObjectPath(path) || typeof disposition !== "string") break
      return PutReport.make(path, disposition, more)
    }
    case "$error":
      return error(json)
    case "$entries":
      if (Array.isArray(json)) return Object.fromEntries(fromJson(json) as ReadonlyArray<readonly [string, unknown]>)
  }
  throw new Malformed(`${tag} does not have the form of its tag`)
}

const error = (json: Json): WbemError => {
  const { facts, hresult } = fields(json, "$error")
  if (typeof hresult !== "number") throw new Malformed("hresult of $error is no number")
  return StatusError.fromHResult(hresult, untagged(fields(facts ?? {}, "facts of $error")))
}

const untagged = (json: Fields): { readonly [name: string]: unknown } =>
  Object.fromEntries(Object.entries(json).map(([name, value]) => [name, fromJson(value)]))

/** Throws {@link Malformed}, or what the reader of stored objects throws. */
export const fromJson = (json: Json): unknown => {
  if (typeof json !== "object" || json === null) return json
  if (Array.isArray(json)) return json.map(fromJson)
  const names = Object.keys(json)
  const [name] = names
  return name !== undefined && names.length === 1 && name.startsWith("$")
    ? tagged(name, (json as Fields)[name]!)
    : untagged(json as Fields)
}

/** The same value with the members of every object in the order of their names, as text. */
export const canonical = (json: Json): string =>
  JSON.stringify(
    json,
    (_, value: Json) =>
      isFields(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)) : value
  )

/** The leaves of a value by their addresses, such as `request.object.values.Id`. */
export const leaves = (
  json: Json,
  address = "",
  found: Map<string, string> = new Map()
): ReadonlyMap<string, string> => {
  if (typeof json === "object" && json !== null) {
    for (const [name, value] of Object.entries(json)) {
      const own = name.startsWith("$") ? "" : Array.isArray(json) ? `[${name}]` : name
      leaves(
        value,
        address === "" || own === "" || own.startsWith("[") ? `${address}${own}` : `${address}.${own}`,
        found
      )
    }
  } else found.set(address, JSON.stringify(json))
  return found
}
