/**
 * Objects as text: MOF, a line of JSON that `put` reads, and single values for tables and differences.
 *
 * @internal
 */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as WmiSchema from "../../codec/WmiSchema.ts"
import type { PrintOptions } from "../../mof/Mof.ts"
import * as Mof from "../../mof/Mof.ts"
import { escapeControl } from "../../model/escapeControl.ts"
import type { CimValue, WbemObject } from "../../model/WbemObject.ts"

const encodeObject = Schema.encodeEither(WmiSchema.WbemObject)

/** An object without a form in MOF or JSON: the reason in one line. */
type Inexpressible = string

/** An object as MOF, without the blank line in front of it. */
export const mofOf = (object: WbemObject, options: PrintOptions): Either.Either<string, Inexpressible> =>
  Either.mapBoth(Mof.print(object, options), {
    onLeft: ({ message }) => message,
    onRight: (text) => text.replace(/^\n/, "")
  })

/** A line of JSON as `put` reads it. `amended` objects are read with the text of a locale, and a put needs the flag for them. */
export const objectJson = (
  object: WbemObject,
  namespace: string
): Either.Either<{ readonly namespace: string; readonly object: unknown }, Inexpressible> => {
  if (object._tag === "Instance") {
    const named = Object.entries(object.propertyQualifiers ?? {}).find(([, qualifiers]) => qualifiers.length > 0)
    if (named !== undefined) return Either.left(`the JSON form has no place for the qualifiers of property ${named[0]}`)
  }
  return Either.mapBoth(encodeObject(object), {
    onLeft: (error) => ParseResult.ArrayFormatter.formatErrorSync(error).map(({ message }) => message).join("; "),
    onRight: (json) => ({ namespace, object: json })
  })
}

/** Text of several lines on standard output. On a terminal control characters other than tabs and line ends are escaped. */
export const printText = (text: string): void => {
  const safe = process.stdout.isTTY
    ? text.split("\n").map((line) => line.split("\t").map(escapeControl).join("\t")).join("\n")
    : text
  process.stdout.write(safe)
}

const memberText = (values: Readonly<Record<string, CimValue>>): string =>
  Object.entries(values).map(([name, value]) => `${name} = ${valueText(value)}; `).join("")

/** A value as MOF writes it, on one line; text in the form of JSON. */
export const valueText = (value: CimValue): string => {
  if (value === null) return "NULL"
  if (Array.isArray(value)) return `{${value.map((element: CimValue) => valueText(element)).join(", ")}}`
  switch (typeof value) {
    case "boolean":
      return value ? "TRUE" : "FALSE"
    case "string":
      return JSON.stringify(value)
    case "object": {
      const object = value as WbemObject
      return object._tag === "Class"
        ? `class ${object.name}`
        : `instance of ${object.className} { ${memberText(object.values)}}`
    }
    default:
      return String(value)
  }
}

/** A value in a cell of a table: text without quotes, nothing for NULL. */
export const cellText = (value: CimValue): string =>
  value === null ? "" : typeof value === "string" ? value : valueText(value)
