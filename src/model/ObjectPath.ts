/**
 * Object paths: `\\server\name\space:Class.Key="value"` as data (`object-path`).
 *
 * @since 0.1.0
 */

/**
 * A key value as a path writes it. Integers up to 32 bits are numbers; a `bigint` is a 64-bit key and is printed quoted;
 * datetimes and references are strings; a char16 is its number.
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
  readonly name: string | undefined
  readonly value: KeyValue
}

/**
 * A path in parts. Whatever it does not say is `undefined`.
 *
 * @since 0.1.0
 * @category models
 */
export interface ObjectPath {
  readonly server: string | undefined
  /** Backslashes between the names, none in front: `root\cimv2`. */
  readonly namespace: string | undefined
  readonly className: string | undefined
  readonly keys: ReadonlyArray<Key>
  /** Whether it ends in `=@`. */
  readonly singleton: boolean
}

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
 * The relative part: class and keys, in the order they stand.
 *
 * @since 0.1.0
 * @category combinators
 */
export const relPath = (path: ObjectPath): string => {
  if (path.className === undefined) return ""
  if (path.singleton) return `${path.className}=@`
  if (path.keys.length === 0) return path.className
  const first = path.keys[0]!
  if (first.name === undefined) return `${path.className}=${keyText(first.value)}`
  return `${path.className}.${path.keys.map((key) => `${key.name}=${keyText(key.value)}`).join(",")}`
}

/**
 * The text of a path (`object-path` 3). A namespace without a server prints with `.` for the server.
 *
 * @since 0.1.0
 * @category combinators
 */
export const format = (path: ObjectPath): string => {
  const relative = relPath(path)
  if (path.namespace === undefined) return path.server === undefined ? relative : `\\\\${path.server}`
  const full = `\\\\${path.server ?? "."}\\${path.namespace}`
  return relative === "" ? full : `${full}:${relative}`
}
