/**
 * The keys and values of a store over a compare-and-set storage. There are six kinds of keys:
 *
 * - `form`: the form of the store (`kv/migration.ts`).
 * - `space/root`: a text that versions of this library before form 2 cannot read, so that they fail before they write anything.
 * - `namespace/<namespace>`: its name, and the version of its schema. Every commit in a namespace compares it, so no
 *   decision relies on a class that has changed since.
 * - `schema/<namespace>/…`: a class or an instance of a system class. A deleted one stays without a body, so that processes
 *   that cached it see the deletion.
 * - `row/<namespace>/<key root>/<key>`: any other instance.
 * - `tally/<namespace>/<0 to f>`: the number of instances by class, for a sixteenth of the rows each. A put that creates or deletes an
 *   instance, or moves it to another class, writes one of them; a put of a class, which may depend on whether instances exist, reads
 *   and compares all sixteen. So one of the two conflicts with the other, and puts of instances seldom conflict.
 *
 * Values begin with a number that is drawn for each write, so a storage whose versions are hashes of contents serves as well as one
 * that counts.
 *
 * @internal
 */
import type * as Effect from "effect/Effect"
import type { RowId } from "../../codec/storedObject.ts"
import { fnv1a } from "../digest.ts"
import { wbemError } from "../sql/failures.ts"
import { StoreFailure } from "../../emulator/StoreFailure.ts"

/** A stored value with its version. */
export interface Versioned {
  readonly value: string
  /** Another one after each write: a count, a stamp, an entity tag. */
  readonly version: string
}

/**
 * A storage that has compare-and-set and no transactions. It promises:
 *
 * 1. `commit` compares every key and writes all or nothing, atomically.
 * 2. A read that begins after a `commit` has succeeded sees it. With reads that lag behind, a decision would rely on an old state. A
 *    read of several keys need not be atomic: everything that was read is compared before it is relied on.
 * 3. A failure of `commit` may leave open whether it happened: then it is `Unreachable` or `Canceled`, and the put ends with
 *    `TransportFailure { sent: true }`. Any other reason says that nothing was written.
 *
 * Keys are printable ASCII; the storage limits how long keys and values may be, and `TooBig` says that one is too long.
 */
export interface VersionedStorage {
  /** The values of the keys, in their order; `undefined` where there is none. */
  readonly rows: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Versioned | undefined>, StoreFailure>
  /** All keys with this prefix and their values, in any order. */
  readonly range: (
    prefix: string
  ) => Effect.Effect<ReadonlyArray<readonly [key: string, held: Versioned]>, StoreFailure>
  /**
   * Writes, if every compared key still has the version that was read (`undefined`: there is none); otherwise writes nothing and
   * succeeds with `false`. Each key is once in `compared`, and every written key is in it; a key without a value is deleted.
   */
  readonly commit: (
    compared: ReadonlyArray<readonly [key: string, version: string | undefined]>,
    written: ReadonlyArray<readonly [key: string, value: string | undefined]>
  ) => Effect.Effect<boolean, StoreFailure>
}

/** A part of a key: printable, without `/`; JSON has escaped a lone surrogate. */
export const part = (text: string): string => encodeURIComponent(JSON.stringify(text).slice(1, -1))

export const formKey = "form"
/** Where form 1 keeps the namespace `root`. */
export const markKey = "space/root"
export const spacePrefix = "namespace/"
export const spaceKey = (namespace: string): string => spacePrefix + part(namespace)
export const schemaKey = ({ key, namespace, root }: RowId): string =>
  `schema/${part(namespace)}/${root || "class"}/${part(key)}`
export const rowsOf = (namespace: string, root: string): string => `row/${part(namespace)}/${part(root)}/`
export const rowKey = ({ key, namespace, root }: RowId): string => rowsOf(namespace, root) + part(key)

const digits = "0123456789abcdef"
export const countsKeys = (namespace: string): ReadonlyArray<string> =>
  Array.from(digits, (digit) => `tally/${part(namespace)}/${digit}`)

/** The key of the counts that include a row. */
export const countsKey = (namespace: string, key: string): string => {
  const hash = fnv1a(key)
  return `tally/${part(namespace)}/${digits[(hash ^ hash >>> 16) & 15]}`
}

export interface SpaceValue {
  readonly token: number
  readonly counter: number
  readonly name: string
  readonly alive: boolean
  /** The damage of the value, if there is any; the other fields mean nothing then. */
  readonly damage?: string | undefined
}

export const spaceText = ({ alive, counter, name, token }: SpaceValue): string =>
  JSON.stringify([token, counter, name, alive])

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined // the caller checks what it reads from it
  }
}

export const spaceOf = (text: string): SpaceValue => {
  const value = parsed(text)
  const [token, counter, name, alive] = Array.isArray(value) ? value as ReadonlyArray<unknown> : []
  return Number.isSafeInteger(token) && Number.isSafeInteger(counter) && typeof name === "string"
      && typeof alive === "boolean"
    ? { token: token as number, counter: counter as number, name, alive }
    : { token: 0, counter: 0, name: "", alive: true, damage: "its value is not that of a namespace" }
}

const count = /^\d+$/

/** A value is a number, then lines. JSON escapes line ends, so no line contains one. */
export const split = (text: string): { readonly version: number; readonly rest: string; readonly damage?: string } => {
  const end = text.indexOf("\n")
  const version = text.slice(0, Math.max(0, end))
  return count.test(version)
    ? { version: Number(version), rest: text.slice(end + 1) }
    : { version: 0, rest: text, damage: "its version is no number" }
}

export const schemaText = (version: number, body: string | undefined): string => `${version}\n${body ?? ""}`
export const rowText = (version: number, className: string, body: string): string => `${version}\n${className}\n${body}`

export interface RowValue {
  readonly version: number
  readonly className: string
  readonly body: string
  readonly damage?: string | undefined
}

export const rowOf = (text: string): RowValue => {
  const { damage, rest, version } = split(text)
  const end = rest.indexOf("\n")
  return {
    version,
    className: rest.slice(0, Math.max(0, end)),
    body: rest.slice(end + 1),
    damage: damage ?? (end < 0 ? "its value is not that of an instance" : undefined)
  }
}

/** The key root and the number of instances, by class. */
export type InstanceCounts = Map<string, { readonly root: string; readonly n: number }>

export const countsText = (version: number, counts: InstanceCounts): string =>
  `${version}\n${JSON.stringify(Array.from(counts, ([className, { n, root }]) => [className, root, n]))}`

const isCounted = (one: unknown): one is readonly [className: string, root: string, n: number] =>
  Array.isArray(one) && typeof one[0] === "string" && typeof one[1] === "string" && Number.isSafeInteger(one[2])

/** The counts of a key. Throws a status when they cannot be read: then the number of instances of a class is unknown. */
export const countsOf = (key: string, text: string | undefined): InstanceCounts => {
  if (text === undefined) return new Map()
  const { damage, rest } = split(text)
  const value = damage === undefined ? parsed(rest) : undefined
  if (!Array.isArray(value) || !value.every(isCounted)) {
    throw wbemError(new StoreFailure({ reason: "Corrupt", detail: `${key} cannot be read` }), false)
  }
  return new Map(value.map(([className, root, n]) => [className, { root, n }] as const))
}

export const add = (counts: InstanceCounts, className: string, root: string, by: number): void => {
  const n = (counts.get(className)?.n ?? 0) + by
  if (n === 0) counts.delete(className)
  else counts.set(className, { root, n })
}

/** The text of a part of a key; a part that cannot be decoded stays unchanged, and is then no name or key of any object. */
const keyText = (key: string): string => {
  try {
    return JSON.parse(`"${decodeURIComponent(key)}"`) as string
  } catch {
    return key
  }
}

/** The namespace of a `namespace/` key. */
export const namespaceOf = (key: string): string => keyText(key.slice(spacePrefix.length))

/** The row of a `schema/` or `row/` key. */
export const idOf = (key: string): RowId => {
  const [, namespace = "", root = "", last = ""] = key.split("/").map(keyText)
  return { namespace, root: key.startsWith("schema/") && root === "class" ? "" : root, key: last }
}
