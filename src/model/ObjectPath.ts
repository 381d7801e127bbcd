/**
 * Object paths, `\\server\name\space:Class.Key="value"`: parsing, formatting, binding to a class, comparing (`object-path`).
 *
 * Names and the text of keys compare without case. A key that is a reference compares as text: its path is not resolved. Display names
 * (`winmgmts:…`) are in `Moniker`.
 *
 * @since 0.1.0
 * @module
 */
import * as Either from "effect/Either"
import type * as Equal from "effect/Equal"
import { dual } from "effect/Function"
import * as Inspectable from "effect/Inspectable"
import type * as Pipeable from "effect/Pipeable"
import { hasProperty } from "effect/Predicate"
import * as CimName from "./CimName.ts"
import type { CimType } from "./CimType.ts"
import { coerce, type CoercionError, isCoercionError } from "./CimValue.ts"
import { content, Value } from "./effectValue.ts"
import { none } from "./immutable.ts"
import { isLocalServer, longestPath } from "./limits.ts"
import { scanOrFault, SyntaxFault } from "./syntaxFault.ts"
import type { CimValue, OnPrototype } from "./WbemObject.ts"

/**
 * The value of a key in a path. An integer up to 32 bits is a number; a `bigint` is a 64-bit key and is formatted with quotes; a datetime
 * or a reference is a string; a char16 is the number of its code unit.
 *
 * @since 0.1.0
 * @category models
 */
export type KeyValue = string | number | bigint | boolean

/**
 * A key of a path. The name is `undefined` when the path leaves it out (`Class="value"`).
 *
 * @since 0.1.0
 * @category models
 */
export interface Key {
  /** The name of the key property, or `undefined`. */
  readonly name: string | undefined
  /** The value of the key property. */
  readonly value: KeyValue
}

/**
 * Marks paths that the library made.
 *
 * @since 0.1.0
 * @category symbols
 */
export const TypeId: unique symbol = /* @__PURE__ */ Symbol.for("effect-wmi/ObjectPath")

/**
 * The parts of a path. A part that the path does not have is `undefined`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Parts {
  /** The name of the computer, without backslashes; `.` is the local computer. */
  readonly server: string | undefined
  /** With backslashes between the names and none in front: `root\cimv2`. */
  readonly namespace: string | undefined
  /** The name of the class. */
  readonly className: string | undefined
  /** The keys as the path has them; empty for the path of a class or of a singleton. */
  readonly keys: ReadonlyArray<Key>
  /** Whether the path ends in `=@`. */
  readonly singleton: boolean
}

/**
 * A path. It is a value of Effect: `` `${path}` `` is its text ({@link format}), and two paths are equal if they denote the same object
 * ({@link equals} without defaults: names and key text without case, keys in any order, `.` for a missing server).
 *
 * @since 0.1.0
 * @category models
 */
export interface ObjectPath extends Parts, OnPrototype, Equal.Equal, Inspectable.Inspectable, Pipeable.Pipeable {
  /** Marks paths that the library made. */
  readonly [TypeId]: typeof TypeId
}

/**
 * Why a text is no path. `position` counts UTF-16 units from 0.
 *
 * @since 0.1.0
 * @category models
 */
export interface PathFault {
  /** The tag of the fault. */
  readonly _tag: "PathFault"
  /** The text that is no path. */
  readonly input: string
  /** Where the text stops being a path: UTF-16 units from 0. */
  readonly position: number
  /** What is wrong, as one line of text. */
  readonly reason: string
}

/**
 * The kinds of objects that a path can denote.
 *
 * @since 0.1.0
 * @category models
 */
export type Kind = "empty" | "server" | "namespace" | "class" | "instance" | "singleton"

class PathValue extends Value implements ObjectPath {
  declare readonly server: string | undefined
  declare readonly namespace: string | undefined
  declare readonly className: string | undefined
  declare readonly keys: ReadonlyArray<Key>
  declare readonly singleton: boolean

  constructor(
    server: string | undefined,
    namespace: string | undefined,
    className: string | undefined,
    keys: ReadonlyArray<Key>,
    singleton: boolean
  ) {
    super()
    this.server = server
    this.namespace = namespace
    this.className = className
    this.keys = keys
    this.singleton = singleton
  }

  get [TypeId](): typeof TypeId {
    return TypeId
  }
  override [content](): string {
    return `ObjectPath${key(this)}`
  }
  override toString(): string {
    return format(this)
  }
  override toJSON(): unknown {
    return { _id: "ObjectPath", path: format(this) }
  }
  override [Inspectable.NodeInspectSymbol](): unknown {
    return this.toJSON()
  }
}

/**
 * A path of the given parts, in the order of {@link Parts}. {@link make} takes them by name.
 *
 * @internal
 */
export const ofParts = (
  server: string | undefined,
  namespace: string | undefined,
  className: string | undefined,
  keys: ReadonlyArray<Key>,
  singleton: boolean
): ObjectPath => new PathValue(server, namespace, className, keys, singleton)

/**
 * A path from some of its parts.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ObjectPath } from "effect-wmi"
 *
 * const path = ObjectPath.make({ className: "Demo_Disk", keys: [{ name: "Id", value: "C:" }] })
 *
 * assert.equal(`${path}`, 'Demo_Disk.Id="C:"')
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  { className, keys = none, namespace, server, singleton = false }: {
    readonly [Part in keyof Parts]?: Parts[Part] | undefined
  }
): ObjectPath => new PathValue(server, namespace, className, keys, singleton)

/**
 * Whether a value is a path that the library made.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ObjectPath } from "effect-wmi"
 *
 * const path = ObjectPath.make({ className: "Demo_Disk" })
 * assert.equal(ObjectPath.isObjectPath(path), true)
 * assert.equal(ObjectPath.isObjectPath({ ...path }), false)
 * ```
 *
 * @since 0.1.0
 * @category guards
 */
export const isObjectPath = (u: unknown): u is ObjectPath => hasProperty(u, TypeId)

/**
 * The kind of the object that a path denotes.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ObjectPath } from "effect-wmi"
 *
 * assert.equal(ObjectPath.kind(ObjectPath.make({ className: "Demo_Disk" })), "class")
 * assert.equal(ObjectPath.kind(ObjectPath.make({ namespace: "root\\cimv2" })), "namespace")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const kind = (path: Parts): Kind =>
  path.className !== undefined
    ? path.singleton ? "singleton" : path.keys.length > 0 ? "instance" : "class"
    : path.namespace !== undefined
    ? "namespace"
    : path.server !== undefined
    ? "server"
    : "empty"

/**
 * The namespace of a path without its last name; `""` if it has a single name, `undefined` if the path has no namespace.
 *
 * @since 0.1.0
 * @category combinators
 */
export const parentNamespace = (path: Parts): string | undefined =>
  path.namespace === undefined ? undefined : path.namespace.slice(0, Math.max(0, path.namespace.lastIndexOf("\\")))

const quote = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`

const keyText = (value: KeyValue): string => {
  switch (typeof value) {
    case "string":
      return quote(value)
    case "number":
      return String(value)
    case "bigint":
      return `"${value}"`
    case "boolean":
      return value ? "TRUE" : "FALSE"
  }
}

/**
 * The text of the relative part of a path: class and keys, in the order of the path.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ObjectPath } from "effect-wmi"
 *
 * const path = ObjectPath.make({
 *   namespace: "root\\cimv2",
 *   className: "Demo_Disk",
 *   keys: [{ name: "Id", value: 7n }]
 * })
 * assert.equal(ObjectPath.relPath(path), 'Demo_Disk.Id="7"')
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const relPath = (path: Parts): string => {
  if (path.className === undefined) return ""
  if (path.singleton) return `${path.className}=@`
  if (path.keys.length === 0) return path.className
  const first = path.keys[0]!
  if (first.name === undefined) return `${path.className}=${keyText(first.value)}`
  return `${path.className}.${path.keys.map((key) => `${key.name}=${keyText(key.value)}`).join(",")}`
}

/**
 * The text of a path (`object-path` 3). A namespace without a server is formatted with `.` for the server.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ObjectPath } from "effect-wmi"
 *
 * const path = ObjectPath.make({ namespace: "root\\cimv2", className: "Demo_Settings", singleton: true })
 *
 * assert.equal(ObjectPath.format(path), "\\\\.\\root\\cimv2:Demo_Settings=@")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const format = (path: Parts): string => {
  const relative = relPath(path)
  if (path.namespace === undefined) return path.server === undefined ? relative : `\\\\${path.server}`
  const full = `\\\\${path.server ?? "."}\\${path.namespace}`
  return relative === "" ? full : `${full}:${relative}`
}

/**
 * How {@link parse} reads a text.
 *
 * @since 0.1.0
 * @category models
 */
export interface ParseOptions {
  /** Whether a single name is a namespace. By default it is a class. */
  readonly singleIdentAsNamespace?: boolean | undefined
  /** Whether escapes such as `%20` in key strings are decoded. By default they are kept, because keys of Windows contain `%`. */
  readonly decodeUrl?: boolean | undefined
}

const isSeparator = (c: string): boolean => c === "\\" || c === "/"
const serverEnd = /[\\/:,;="'@[\]{}\s]/
const integer = /^[+-]?\d+$/
/** Without the flag `u`, so that `ſ` does not match `s`. */
const truth = /^(?:true|false)$/i
const hexadecimal = /^0[xX][0-9a-fA-F]+$/
const shown = (text: string): string => `'${text.length > 40 ? text.slice(0, 40) + "..." : text}'`

const ident = (text: string, at: number, what: string): string => {
  if (!CimName.isIdentifier(text)) throw new SyntaxFault(at, `bad ${what} ${shown(text)}`)
  return text
}

/** A literal without quotes: an integer, a hexadecimal integer or a boolean. */
const literal = (text: string, at: number): number | boolean => {
  if (truth.test(text)) return text.length === 4
  if (hexadecimal.test(text)) {
    const digits = text.slice(2)
    if (digits.length > 8) throw new SyntaxFault(at, "hex key beyond 32 bits")
    return parseInt(digits, 16)
  }
  if (!integer.test(text)) throw new SyntaxFault(at, `bad key value ${shown(text)}`)
  const value = Number(text)
  if (value < -2147483648 || value > 4294967295) throw new SyntaxFault(at, "unquoted integer beyond 32 bits")
  return value + 0 === 0 ? 0 : value
}

const urlDecoded = (text: string): string =>
  text.replace(/(?:%[0-9a-fA-F]{2})+/g, (escaped) => {
    try {
      return decodeURIComponent(escaped)
    } catch {
      return escaped
    }
  })

class Scanner {
  readonly text: string
  readonly options: ParseOptions
  at = 0

  constructor(text: string, options: ParseOptions) {
    this.text = text
    this.options = options
  }

  /** Reads a quoted string from its first quote to behind its last quote. */
  string(): string {
    const start = this.at
    const end = this.text.charAt(this.at++)
    let value = ""
    for (;;) {
      const c = this.text.charAt(this.at)
      if (c === "") throw new SyntaxFault(start, "unterminated string")
      if (c < " ") throw new SyntaxFault(this.at, "control character in string")
      this.at++
      if (c === end) return this.options.decodeUrl === true ? urlDecoded(value) : value
      const next = this.text.charAt(this.at)
      if (c === "\\" && (next === "\\" || next === '"' || next === "'")) {
        value += next
        this.at++
      } else value += c
    }
  }

  value(): KeyValue {
    const c = this.text.charAt(this.at)
    if (c === '"' || c === "'") return this.string()
    const start = this.at
    const comma = this.text.indexOf(",", start)
    this.at = comma < 0 ? this.text.length : comma
    return literal(this.text.slice(start, this.at), start)
  }

  /** Reads `Name=value,Name=value` to the end of the text. */
  pairs(): ReadonlyArray<Key> {
    const keys: Array<Key> = []
    const names = new Set<string>()
    for (;;) {
      const start = this.at
      while (this.at < this.text.length && !"=,\"'".includes(this.text.charAt(this.at))) this.at++
      const name = ident(this.text.slice(start, this.at), start, "key name")
      if (this.text.charAt(this.at) !== "=") throw new SyntaxFault(this.at, "= expected")
      const folded = CimName.fold(name)
      if (names.has(folded)) throw new SyntaxFault(start, `duplicate key ${shown(name)}`)
      names.add(folded)
      this.at++
      keys.push({ name, value: this.value() })
      if (this.at === this.text.length) return keys
      if (this.text.charAt(this.at) !== ",") throw new SyntaxFault(this.at, "text after key value")
      this.at++
    }
  }

  /** Reads class and keys to the end of the text. */
  relative(): Pick<Parts, "className" | "keys" | "singleton"> {
    const start = this.at
    while (this.at < this.text.length && this.text.charAt(this.at) !== "." && this.text.charAt(this.at) !== "=") {
      this.at++
    }
    const className = ident(this.text.slice(start, this.at), start, "class")
    if (this.at === this.text.length) return { className, keys: [], singleton: false }
    if (this.text.charAt(this.at++) === ".") return { className, keys: this.pairs(), singleton: false }
    if (this.text.slice(this.at) === "@") return { className, keys: [], singleton: true }
    const value = this.value()
    if (this.at !== this.text.length) throw new SyntaxFault(this.at, "text after unnamed key")
    return { className, keys: [{ name: undefined, value }], singleton: false }
  }
}

const parsedNamespace = (text: string, at: number): string => {
  const names: Array<string> = []
  let start = 0
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && !isSeparator(text.charAt(i))) continue
    names.push(ident(text.slice(start, i), at + start, "namespace"))
    start = i + 1
  }
  return names.join("\\")
}

/** The position of the colon in front of the relative part, the first one before any key text; -1 without it. */
const colonOf = (text: string, from: number): number => {
  for (let i = from; i < text.length; i++) {
    const c = text.charAt(i)
    if (c === ":") return i
    if (c === "=" || c === '"' || c === "'") return -1
  }
  return -1
}

const scan = (text: string, options: ParseOptions): ObjectPath => {
  if (text.length > longestPath) throw new SyntaxFault(longestPath, `longer than ${longestPath} characters`)
  if (text === "" || text === "\\" || text === "/") return make({})
  const scanner = new Scanner(text, options)
  let server: string | undefined
  let at = 0
  if (isSeparator(text.charAt(0)) && isSeparator(text.charAt(1))) {
    // Only the two separators in front of a server must be the same; those behind it may differ.
    if (text.charAt(0) !== text.charAt(1)) throw new SyntaxFault(1, "mixed leading separators")
    at = 2
    while (at < text.length && !isSeparator(text.charAt(at))) {
      if (serverEnd.test(text.charAt(at))) throw new SyntaxFault(2, "bad server")
      at++
    }
    server = text.slice(2, at)
    if (server === "") throw new SyntaxFault(2, "bad server")
    if (at >= text.length - 1) return make({ server })
    at++
  } else if (isSeparator(text.charAt(0))) at = 1
  const colon = colonOf(text, at)
  if (colon >= 0) {
    const before = text.slice(at, colon)
    if (before === "" && (server !== undefined || at > 0)) {
      throw new SyntaxFault(colon, "namespace missing before class")
    }
    const namespace = before === "" ? undefined : parsedNamespace(before, at)
    scanner.at = colon + 1
    if (scanner.at === text.length) throw new SyntaxFault(colon, "class missing after colon")
    return make({ server, namespace, ...scanner.relative() })
  }
  const rest = text.slice(at)
  const end = rest.search(/[="']/)
  const head = end < 0 ? rest : rest.slice(0, end)
  const separated = /[\\/]/.test(head)
  if (
    server !== undefined || at > 0 || separated
    || (options.singleIdentAsNamespace === true && end < 0 && !rest.includes("."))
  ) {
    const dot = rest.indexOf(".")
    if (dot >= 0 && /[\\/]/.test(rest.slice(0, dot)) || end >= 0) {
      throw new SyntaxFault(at + (dot >= 0 ? dot : end), "key text in a namespace path")
    }
    return make({ server, namespace: parsedNamespace(rest, at) })
  }
  return make(scanner.relative())
}

/**
 * Reads a path, in one pass over the text.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as Either from "effect/Either"
 * import { ObjectPath } from "effect-wmi"
 *
 * const path = Either.getOrThrow(ObjectPath.parse('root/cimv2:Demo_Disk.Id="C:"'))
 * assert.equal(path.namespace, "root\\cimv2")
 * assert.deepEqual(path.keys, [{ name: "Id", value: "C:" }])
 *
 * const fault = Either.flip(ObjectPath.parse("Demo_Disk.Id=C:"))
 * assert.equal(Either.getOrThrow(fault).position, 13)
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: string, options: ParseOptions = {}): Either.Either<ObjectPath, PathFault> =>
  scanOrFault(text, () => scan(text, options))

/**
 * The path with its keys in the order of a `__RELPATH` (`object-path` 5).
 *
 * @since 0.1.0
 * @category combinators
 */
export const sorted = (path: Parts): ObjectPath =>
  make({ ...path, keys: [...path.keys].sort((a, b) => CimName.compare(a.name ?? "", b.name ?? "")) })

/**
 * The keys of a class, to which {@link bind} binds a path.
 *
 * @since 0.1.0
 * @category models
 */
export interface ClassKeys {
  /** The name of the class. */
  readonly className: string
  /** The key properties with their types, the inherited ones too. */
  readonly keys: ReadonlyArray<{ readonly name: string; readonly type: CimType }>
  /** Whether the class has one instance and no keys. */
  readonly singleton: boolean
}

const scalar = { isArray: false } as const

/** A key value in the form of its type, or `undefined` when the type does not accept it (`object-path` 4.3). */
const boundValue = (value: KeyValue, type: CimType): KeyValue | undefined => {
  switch (type) {
    case "boolean":
      return typeof value === "boolean" ? value : undefined
    case "string":
      return typeof value === "string" ? value : typeof value === "boolean" ? undefined : String(value)
    case "datetime":
    case "reference":
      return typeof value === "string" ? value : undefined
    case "char16":
      if (typeof value === "string" && value.length === 1) return value.charCodeAt(0)
      break
    case "real32":
    case "real64":
    case "object":
      return undefined
    default:
      if (typeof value === "boolean") return undefined
  }
  const wide = type === "sint64" || type === "uint64"
  const given = typeof value === "string" && !wide ? (integer.test(value) ? Number(value) : value) : value
  const text = typeof given === "string" ? given.replace(/^\+/, "").replace(/^(-?)0+(?=\d)/, "$1") : given
  const kept = coerce(typeof text === "bigint" && !wide ? Number(text) : text, { type, ...scalar })
  return isCoercionError(kept) || kept === null ? undefined : kept as KeyValue
}

/**
 * A namespace with backslashes, without the name of its own server: `root\cimv2` for `root/cimv2` and `\\.\root\cimv2`
 * (`object-path` 1). `.`, `localhost` and `server` are names of the own server. Any other server stays in front, and so does a server that
 * is followed by another separator. No repository has a namespace of such a name.
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaceText = (written: string, server?: string): string =>
  written.replaceAll("/", "\\").replace(
    /^\\\\([^\\]+)\\(?=[^\\])/,
    (all, named: string) => isOwnServer(named, server) ? "" : all
  )

/**
 * Whether the server of a path or a namespace is the own one: none, `.`, `localhost`, or `server`.
 *
 * @internal
 */
export const isOwnServer = (named: string | undefined, server = ""): boolean =>
  isLocalServer(named) || CimName.equals(named!, server)

/**
 * The server in front of a namespace that is written with backslashes: `win01` of `\\win01\root\cimv2`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaceServer = (namespace: string): string | undefined => /^\\\\([^\\]+)\\[^\\]/.exec(namespace)?.[1]

/**
 * Whether a text is a namespace without a server, written with backslashes: identifiers with one backslash between two (`object-path` 1).
 *
 * @internal
 */
export const isPlainNamespace = (text: string): boolean => text.split("\\").every(CimName.isIdentifier)

/**
 * The path with the spelling of a class: class name and key names as the class spells them, sorted, and values in the form of their types
 * (`object-path` 4). A path of a class itself has no keys and stays a class path.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as Either from "effect/Either"
 * import { ObjectPath } from "effect-wmi"
 *
 * const path = Either.getOrThrow(ObjectPath.parse('demo_disk="C:"'))
 * const bound = ObjectPath.bind(path, {
 *   className: "Demo_Disk",
 *   keys: [{ name: "Id", type: "string" }],
 *   singleton: false
 * })
 * assert.equal(ObjectPath.format(Either.getOrThrow(bound)), 'Demo_Disk.Id="C:"')
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const bind: {
  (target: ClassKeys): (path: Parts) => Either.Either<ObjectPath, PathFault>
  (path: Parts, target: ClassKeys): Either.Either<ObjectPath, PathFault>
} = /* @__PURE__ */ dual(2, (path: Parts, target: ClassKeys): Either.Either<ObjectPath, PathFault> => {
  const fault = (reason: string): Either.Either<never, PathFault> =>
    Either.left({ _tag: "PathFault", input: format(path), position: 0, reason })
  if (path.className === undefined || !CimName.equals(path.className, target.className)) {
    return fault(`it is no path of ${target.className}`)
  }
  const bound = make({ ...path, className: target.className })
  if (path.singleton) return target.singleton ? Either.right(bound) : fault(`${target.className} is no singleton`)
  if (path.keys.length === 0) return Either.right(bound)
  if (target.singleton) return fault(`${target.className} is a singleton`)
  const implied = path.keys[0]!.name === undefined
  if (implied && target.keys.length !== 1) {
    return fault(`${target.className} has ${target.keys.length} keys, the path names none`)
  }
  const keys: Array<Key> = []
  for (const { name, type } of target.keys) {
    const given = implied ? path.keys[0] : path.keys.find((key) => CimName.equals(key.name ?? "", name))
    if (given === undefined) return fault(`key ${name} is missing`)
    const value = boundValue(given.value, type)
    if (value === undefined) return fault(`key ${name} takes ${type}, not ${keyText(given.value)}`)
    keys.push({ name, value })
  }
  if (keys.length !== path.keys.length) {
    const alien = path.keys.find((key) => !target.keys.some(({ name }) => CimName.equals(name, key.name ?? "")))
    return fault(`${target.className} has no key ${alien?.name ?? ""}`)
  }
  return Either.right(sorted(make({ ...bound, keys })))
})

/** Stored text is kept as it is, even text that a put refuses (a starred interval, `object-model` 4). */
const shownValue = (value: CimValue | undefined, type: CimType): CimValue | CoercionError =>
  value === undefined
    ? null
    : typeof value === "string" && (type === "string" || type === "datetime" || type === "reference")
    ? value
    : coerce(value, { type, ...scalar })

/**
 * The `__RELPATH` of an object (`object-path` 5); `undefined` while a key is NULL, and for a class with neither keys nor
 * singleton.
 *
 * @since 0.1.0
 * @category combinators
 */
export const relPathOf = (
  className: string,
  keys: ReadonlyArray<{ readonly name: string; readonly type: CimType; readonly value: CimValue | undefined }>,
  singleton: boolean
): string | undefined => {
  if (singleton) return `${className}=@`
  if (keys.length === 0) return undefined
  const bound: Array<Key> = []
  for (const { name, type, value } of keys) {
    const kept = shownValue(value, type)
    if (kept === null || isCoercionError(kept) || typeof kept === "object") return undefined
    bound.push({ name, value: kept })
  }
  return relPath(sorted(make({ className, keys: bound })))
}

/**
 * The server and namespace of paths that do not have them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Defaults {
  /** The server of a path that names none; `.` by default. */
  readonly server?: string | undefined
  /** The namespace of a path that names none. */
  readonly namespace?: string | undefined
}

/** Whether a value has the parts of a path; `Defaults` have no `keys`. */
const isParts = (u: unknown): u is Parts => hasProperty(u, "keys")

const keyOf = (value: KeyValue): string => {
  switch (typeof value) {
    case "string":
      return `s${CimName.fold(value)}`
    case "boolean":
      return `b${String(value)}`
    default:
      return `i${value}`
  }
}

/**
 * The identity of a path: a text that is equal for two paths exactly when they denote the same object (`object-path` 4.5), without case and
 * with keys in any order. References in keys are not resolved.
 *
 * @since 0.1.0
 * @category combinators
 */
export const key = (path: Parts, defaults: Defaults = {}): string => {
  const server = path.server === undefined || path.server === "." ? defaults.server ?? "." : path.server
  const namespace = path.namespace ?? defaults.namespace ?? ""
  const keys = path.keys.map((at) => [CimName.fold(at.name ?? ""), keyOf(at.value)] as const)
    .sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0)
  return JSON.stringify([
    CimName.fold(server),
    CimName.fold(namespace),
    path.className === undefined ? null : CimName.fold(path.className),
    path.singleton,
    keys
  ])
}

/**
 * Whether two paths denote the same object, both with the same defaults.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as Either from "effect/Either"
 * import { ObjectPath } from "effect-wmi"
 *
 * const path = Either.getOrThrow(ObjectPath.parse('demo_disk.id="c:"'))
 * const full = Either.getOrThrow(ObjectPath.parse('\\\\.\\root\\cimv2:Demo_Disk.Id="C:"'))
 * assert.equal(ObjectPath.equals(path, full, { namespace: "root\\cimv2" }), true)
 * ```
 *
 * @since 0.1.0
 * @category predicates
 */
export const equals: {
  (a: Parts, b: Parts, defaults?: Defaults): boolean
  (b: Parts, defaults?: Defaults): (a: Parts) => boolean
} = /* @__PURE__ */ dual(
  (args) => isParts(args[1]),
  (a: Parts, b: Parts, defaults: Defaults = {}): boolean => key(a, defaults) === key(b, defaults)
)
