/**
 * Reads the text form of an object (`storedObject`) and checks every part while decoding it. The result is an object of
 * the model; otherwise {@link MalformedObject} is thrown. A store reports it as a damaged row, a dump as a faulty line.
 *
 * @internal
 */
import { classOf, instanceOf } from "../model/effectValue.ts"
import * as CimType from "../model/CimType.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { CimValue, Instance, PlainClass, WbemObject } from "../model/WbemObject.ts"

/** A text that is not the stored form of an object. The message names the member and quotes nothing of the text. */
export class MalformedObject extends Error {
  override readonly name = "Malformed"
}

type Fields = { [name: string]: unknown }

/** The path of a member. It is formatted only when the member is wrong. */
interface MemberPath {
  readonly above: MemberPath | undefined
  readonly name: string | number
}

/** Decodes the member `name` of the value at the path `above`. */
type Decode = (json: unknown, above: MemberPath | undefined, name: string | number) => unknown

const pathText = (above: MemberPath | undefined, name: string | number): string =>
  typeof name === "number"
    ? `${above === undefined ? "" : pathText(above.above, above.name)}[${name}]`
    : above === undefined
    ? name
    : `${pathText(above.above, above.name)}.${name}`

const wrong = (above: MemberPath | undefined, name: string | number, what: string): never => {
  throw new MalformedObject(`${pathText(above, name)} is not ${what}`)
}

const isFields = (json: unknown): json is Fields => typeof json === "object" && json !== null && !Array.isArray(json)

/** The tag of a tagged value: its only member. */
const tagOf = (json: Fields): string | undefined => {
  let tag: string | undefined
  for (const name in json) {
    if (tag !== undefined) return undefined
    tag = name
  }
  return tag
}

/** The members of a plain object in its tag `o`. */
const untagged = (json: unknown, above: MemberPath | undefined, name: string | number, what: string): Fields =>
  isFields(json) && tagOf(json) === "o" && isFields(json["o"]) ? json["o"] : wrong(above, name, what)

const integer = /^-?(?:0|[1-9]\d*)$/

const reals: ReadonlyMap<unknown, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY]
])

/** A number in its tag; `undefined` for anything else. */
const taggedNumber = (json: Fields, tag: string | undefined): number | bigint | undefined => {
  const value = tag === undefined ? undefined : json[tag]
  switch (tag) {
    case "n":
      return typeof value === "string" && integer.test(value) ? BigInt(value) : undefined
    case "z":
      return value === 0 ? -0 : undefined
    case "r":
      return reals.get(value)
    default:
      return undefined
  }
}

/** An element of an array. CIM arrays hold no NULL, so no put stores one there; a stored one is accepted. */
const elementIn: Decode = (json, above, name) => {
  if (typeof json !== "object" || json === null) return json
  if (Array.isArray(json)) return wrong(above, name, "a value")
  const fields = json as Fields
  const tag = tagOf(fields)
  return tag === "o" ? objectIn(fields, above, name) : taggedNumber(fields, tag) ?? wrong(above, name, "a value")
}

const elementsIn = (
  json: ReadonlyArray<unknown>,
  above: MemberPath | undefined,
  name: string | number,
  element: Decode
): ReadonlyArray<unknown> => {
  if (json.length === 0) return Qualifier.none
  const here = { above, name }
  return Object.freeze(json.map((one, i) => element(one, here, i)))
}

/** A value, or an array of values. Text, numbers, booleans and NULL need no decoding. */
const valueIn: Decode = (json, above, name) =>
  typeof json !== "object" || json === null
    ? json
    : Array.isArray(json)
    ? elementsIn(json, above, name, elementIn)
    : elementIn(json, above, name)

/** The record is reused: only values that need decoding are replaced in it. */
const valuesIn = (record: Fields, here: MemberPath): Fields => {
  for (const name of Object.keys(record)) {
    const value = record[name]
    if (typeof value === "object" && value !== null) record[name] = valueIn(value, here, name)
  }
  return record
}

const text: Decode = (json, above, name) => typeof json === "string" ? json : wrong(above, name, "text")
const flag: Decode = (json, above, name) => typeof json === "boolean" ? json : wrong(above, name, "a truth value")
const whole: Decode = (json, above, name) => Number.isInteger(json) ? json : wrong(above, name, "a whole number")
const type: Decode = (json, above, name) =>
  typeof json === "string" && CimType.isCimType(json) ? json : wrong(above, name, "a type")
const oneOf = (...words: ReadonlyArray<unknown>): Decode => (json, above, name) =>
  words.includes(json) ? json : wrong(above, name, `one of ${words.join(", ")}`)

/** A member that may be present without a value. */
const optional = (decode: Decode): Decode => (json, above, name) =>
  isFields(json) && tagOf(json) === "u" && json["u"] === 0 ? undefined : decode(json, above, name)

const listOf = (decode: Decode): Decode => (json, above, name) =>
  Array.isArray(json) ? elementsIn(json, above, name, decode) : wrong(above, name, "a list")

const qualifierScalar: Decode = (json, above, name) => {
  if (typeof json !== "object" && json !== undefined) return json
  const value = isFields(json) ? taggedNumber(json, tagOf(json)) : undefined
  return typeof value === "number" ? value : wrong(above, name, "a value of a qualifier")
}

/** An object with the members of two tables: the first ones are required, the others optional. */
const struct = (wanted: Readonly<Record<string, Decode>>, others: Readonly<Record<string, Decode>>) => {
  const members = new Map(Object.entries({ ...wanted, ...others }))
  const needed = Object.entries(wanted)
  return (fields: Fields, here: MemberPath): Readonly<Fields> => {
    for (const name of Object.keys(fields)) {
      const decode = members.get(name)
      if (decode === undefined) throw new MalformedObject(`${pathText(here, name)} is nothing that belongs there`)
      fields[name] = decode(fields[name], here, name)
    }
    // A missing member is decoded as `undefined`, which fails with the message of its type.
    for (const [name, decode] of needed) if (!(name in fields)) decode(undefined, here, name)
    return Object.freeze(fields)
  }
}

const structIn = (what: string, decode: ReturnType<typeof struct>): Decode => (json, above, name) =>
  decode(untagged(json, above, name, what), { above, name })

const qualifiers: Decode = listOf(structIn(
  "a qualifier",
  struct({
    name: text,
    value: (json, above, name) =>
      Array.isArray(json) ? elementsIn(json, above, name, qualifierScalar) : qualifierScalar(json, above, name),
    type: oneOf("boolean", "sint32", "real64", "string"),
    flavor: whole
  }, {})
))

const typed = { className: optional(text), word: optional(text) }

const property = structIn(
  "a property",
  struct({ name: text, type, isArray: flag, qualifiers }, {
    ...typed,
    value: optional(valueIn),
    inheritsDefault: optional(oneOf(true))
  })
)

const parameter = structIn(
  "a parameter",
  struct({ name: text, type, isArray: flag, direction: oneOf("in", "out", "inout"), qualifiers }, {
    ...typed,
    id: optional(whole),
    value: optional(valueIn)
  })
)

const method = structIn(
  "a method",
  struct({
    name: text,
    returns: (json, above, name) => json === "void" ? json : type(json, above, name),
    parameters: listOf(parameter),
    qualifiers
  }, { returnsWord: optional(text) })
)

const definition = struct({
  _tag: text,
  name: text,
  qualifiers,
  properties: listOf(property),
  methods: listOf(method)
}, { superclass: optional(text), amended: optional(flag) })

const instance = struct({
  _tag: text,
  className: text,
  values: (json, above, name) => valuesIn(untagged(json, above, name, "a record"), { above, name }),
  qualifiers
}, {
  propertyQualifiers: optional((json, above, name) => {
    const record = untagged(json, above, name, "a record")
    const here = { above, name }
    for (const one of Object.keys(record)) record[one] = qualifiers(record[one], here, one)
    return record
  }),
  amended: optional(flag)
})

const objectIn = (json: Fields, above: MemberPath | undefined, name: string | number): WbemObject => {
  const fields = untagged(json, above, name, "an object")
  // Every member is decoded as its type declares.
  switch (fields["_tag"]) {
    case "Class":
      return Object.freeze(classOf(definition(fields, { above, name }) as unknown as PlainClass))
    case "Instance": {
      const read = instance(fields, { above, name }) as unknown as Instance
      return Object.freeze(
        instanceOf(read.className, read.values, read.qualifiers, read.propertyQualifiers, read.amended)
      )
    }
    default:
      return wrong(above, name, "an object")
  }
}

const top: MemberPath = { above: undefined, name: "object" }
const valuesPlace: MemberPath = { above: top, name: "values" }

/** The short form: an instance with only a class and values. */
const plainInstanceIn = (json: Fields): Instance => {
  const { c, v } = json
  if (typeof c !== "string" || !isFields(v)) return wrong(undefined, "object", "an object")
  for (const name in json) {
    if (name !== "c" && name !== "v") throw new MalformedObject("object has a member that does not belong there")
  }
  return Object.freeze(
    instanceOf(c, valuesIn(v, valuesPlace) as Readonly<Record<string, CimValue>>, Qualifier.none)
  )
}

/** Decodes parsed JSON. The parsed value is reused. Throws {@link MalformedObject}. */
export const readJson = (json: unknown): WbemObject => {
  if (!isFields(json)) return wrong(undefined, "object", "an object")
  return "o" in json ? objectIn(json, undefined, "object") : plainInstanceIn(json)
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new MalformedObject("the text is not JSON")
  }
}

/** Parses the text of an object. Throws {@link MalformedObject}. */
export const read = (text: string): WbemObject => readJson(parsed(text))

/** Parses a JSON string. Throws {@link MalformedObject}. */
export const readText = (json: string): string => text(parsed(json), undefined, "the key") as string
