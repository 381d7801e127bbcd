/**
 * The keys and values of a store over a compare-and-set storage. There are six kinds of keys:
 *
 * - `form`: the form of the store (`versionedMigration`).
 * - `space/root`: a text that versions of this library before form 2 cannot read, so that they fail before they write anything.
 * - `namespace/<namespace>`: its name, and the version of its schema. Every commit in a namespace compares it, so none is decided by a
 *   class that has changed since.
 * - `schema/<namespace>/…`: a class or an instance of a system class. What was deleted stays without a body, so that processes that
 *   know it learn that it is gone.
 * - `row/<namespace>/<key root>/<key>`: any other instance.
 * - `tally/<namespace>/<0 to f>`: of a sixteenth of the rows, how many belong to which class. A put that makes or removes an
 *   instance, or moves it to another class, sets one of them; a put of a class, which may depend on whether there are instances,
 *   reads and compares all sixteen. So one of the two sees the other, and puts of instances seldom meet.
 *
 * Values begin with a number that is drawn for each write: a storage whose versions are hashes of contents does as well as one that
 * counts.
 *
 * @internal
 */
import type * as Effect from "effect/Effect"
import type { RowId } from "../../codec/storedForm.ts"
import { fnv1a } from "../digest.ts"
import { wbemError } from "../sql/failures.ts"
import { StoreFailure } from "../../emulator/StoreFailure.ts"

/** What a storage answers for a key. */
export interface Versioned {
  readonly value: string
  /** Another one after each write: a count, a stamp, an entity tag. */
  readonly version: string
}

/**
 * A storage that has compare-and-set and no transactions. It promises:
 *
 * 1. `commit` compares every key and writes all or nothing, at one moment. Nobody's writes come between.
 * 2. A read that begins after a `commit` was answered sees it. Reads that may lag behind would let a decision rest on what is no
 *    longer so; for several keys at once nothing is asked: what was read is compared before it counts.
 * 3. A failure of `commit` may leave open whether it happened: then it is `Unreachable` or `Canceled`, and the put ends with
 *    `TransportFailure { sent: true }`. Any other reason says that nothing was written.
 *
 * Keys are printable ASCII; how long keys and values may be is the storage's business, and `TooBig` says that one is too long.
 */
export interface VersionedStorage {
  /** What the keys hold, in their order; `undefined` where there is nothing. */
  readonly rows: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Versioned | undefined>, StoreFailure>
  /** Everything whose key begins so, in any order. */
  readonly range: (
    prefix: string
  ) => Effect.Effect<ReadonlyArray<readonly [key: string, held: Versioned]>, StoreFailure>
  /**
   * Writes, if every compared key still has the version that was read (`undefined`: there is nothing); otherwise writes nothing and
   * answers `false`. Each key stands once in `compared`, and every written one is among them; without a value it goes.
   */
  readonly commit: (
    compared: ReadonlyArray<readonly [key: string, version: string | undefined]>,
    written: ReadonlyArray<readonly [key: string, value: string | undefined]>
  ) => Effect.Effect<boolean, StoreFailure>
}

/** Printable, and never a `/`; a lone surrogate is an escape by then. */
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
export const tallyKeys = (namespace: string): ReadonlyArray<string> =>
  Array.from(digits, (digit) => `tally/${part(namespace)}/${digit}`)

/** The sixteenth that a row belongs to. */
export const tallyKey = (namespace: string, key: string): string => {
  const hash = fnv1a(key)
  return `tally/${part(namespace)}/${digits[(hash ^ hash >>> 16) & 15]}`
}

export interface SpaceValue {
  readonly token: number
  readonly counter: number
  readonly name: string
  readonly alive: boolean
  /** What is wrong with it, when something is; the rest says nothing then. */
  readonly damage?: string | undefined
}

export const spaceText = ({ alive, counter, name, token }: SpaceValue): string =>
  JSON.stringify([token, counter, name, alive])

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined // what is missing is found out by what is read from it
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

/** A number, then lines: nothing in them has an end of line, because JSON writes it as an escape. */
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

/** Key root and number by class. */
export type Tally = Map<string, { readonly root: string; readonly n: number }>

export const tallyText = (version: number, tally: Tally): string =>
  `${version}\n${JSON.stringify(Array.from(tally, ([className, { n, root }]) => [className, root, n]))}`

const isCounted = (one: unknown): one is readonly [className: string, root: string, n: number] =>
  Array.isArray(one) && typeof one[0] === "string" && typeof one[1] === "string" && Number.isSafeInteger(one[2])

/** The tally of a key. Throws a status when it cannot be read, because then it is not known how many instances a class has. */
export const tallyOf = (key: string, text: string | undefined): Tally => {
  if (text === undefined) return new Map()
  const { damage, rest } = split(text)
  const value = damage === undefined ? parsed(rest) : undefined
  if (!Array.isArray(value) || !value.every(isCounted)) {
    throw wbemError(new StoreFailure({ reason: "Corrupt", detail: `${key} cannot be read` }), false)
  }
  return new Map(value.map(([className, root, n]) => [className, { root, n }] as const))
}

export const add = (tally: Tally, className: string, root: string, by: number): void => {
  const n = (tally.get(className)?.n ?? 0) + by
  if (n === 0) tally.delete(className)
  else tally.set(className, { root, n })
}

/** The text of a part of a key; one that cannot be decoded stays as it is, and is then no name and no key of any object. */
const keyText = (key: string): string => {
  try {
    return JSON.parse(`"${decodeURIComponent(key)}"`) as string
  } catch {
    return key
  }
}

/** The namespace that a key leads to. */
export const namespaceOf = (key: string): string => keyText(key.slice(spacePrefix.length))

/** The row that a key leads to. */
export const idOf = (key: string): RowId => {
  const [, namespace = "", root = "", last = ""] = key.split("/").map(keyText)
  return { namespace, root: key.startsWith("schema/") && root === "class" ? "" : root, key: last }
}
