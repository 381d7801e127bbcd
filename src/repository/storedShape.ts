/**
 * Whether a piece of plain data is an object at all. Stored forms come from this library and are trusted; those of a file that
 * somebody brings are not.
 *
 * @internal
 */
import * as CimType from "../model/CimType.ts"
import type { WbemObject } from "../model/WbemObject.ts"

type Fields = Readonly<Record<string, unknown>>

/** What is wrong with a value, `undefined` when nothing is. */
type Shape = (value: unknown, where: string) => string | undefined

const fields = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value as Fields : undefined

const either = (what: string, fits: (value: unknown) => boolean): Shape => (value, where) =>
  fits(value) ? undefined : `${where} is not ${what}`

const text: Shape = either("text", (value) => typeof value === "string")
const flag: Shape = either("a truth value", (value) => typeof value === "boolean")
const whole: Shape = either("a whole number", Number.isInteger)
const optional = (shape: Shape): Shape => (value, where) => value === undefined ? undefined : shape(value, where)
const oneOf = (...words: ReadonlyArray<unknown>): Shape =>
  either(`one of ${words.join(", ")}`, (value) => words.includes(value))

const listOf = (shape: Shape): Shape => (value, where) => {
  if (!Array.isArray(value)) return `${where} is not a list`
  for (const [i, one] of value.entries()) {
    const problem = shape(one, `${where}[${i}]`)
    if (problem !== undefined) return problem
  }
  return undefined
}

const recordOf = (shape: Shape): Shape => (value, where) => {
  const record = fields(value)
  if (record === undefined) return `${where} is not a record`
  for (const [name, one] of Object.entries(record)) {
    const problem = shape(one, `${where}.${name}`)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** The members that stand in the table and no others. */
const struct = (members: Readonly<Record<string, Shape>>): Shape => (value, where) => {
  const record = fields(value)
  if (record === undefined) return `${where} is not an object`
  for (const [name, shape] of Object.entries(members)) {
    const problem = shape(record[name], `${where}.${name}`)
    if (problem !== undefined) return problem
  }
  const stranger = Object.keys(record).find((name) => !Object.hasOwn(members, name))
  return stranger === undefined ? undefined : `${where}.${stranger} is nothing that belongs there`
}

const scalar = (value: unknown): boolean => ["boolean", "number", "bigint", "string"].includes(typeof value)

const value: Shape = (one, where) => {
  if (one === null || scalar(one)) return undefined
  if (Array.isArray(one)) return listOf((element, at) => scalar(element) ? undefined : object(element, at))(one, where)
  return object(one, where)
}

const qualifier = struct({
  name: text,
  value: (one, where) =>
    Array.isArray(one)
      ? listOf(either("a value", (element) => scalar(element) && typeof element !== "bigint"))(one, where)
      : either("a value", (element) => scalar(element) && typeof element !== "bigint")(one, where),
  type: oneOf("boolean", "sint32", "real64", "string"),
  flavor: whole
})

const qualifiers = listOf(qualifier)
const type: Shape = either("a type", (one) => typeof one === "string" && CimType.isCimType(one))
const typed = { type, isArray: flag, className: optional(text), word: optional(text) }

const property = struct({
  name: text,
  ...typed,
  value: optional(value),
  inheritsDefault: optional(oneOf(true)),
  qualifiers
})

const parameter = struct({
  name: text,
  ...typed,
  direction: oneOf("in", "out", "inout"),
  id: optional(whole),
  value: optional(value),
  qualifiers
})

const method = struct({
  name: text,
  returns: (one, where) => one === "void" ? undefined : type(one, where),
  returnsWord: optional(text),
  parameters: listOf(parameter),
  qualifiers
})

const definition = struct({
  _tag: oneOf("Class"),
  name: text,
  superclass: optional(text),
  qualifiers,
  properties: listOf(property),
  methods: listOf(method),
  amended: optional(flag)
})

const instance = struct({
  _tag: oneOf("Instance"),
  className: text,
  values: recordOf(value),
  qualifiers,
  propertyQualifiers: optional(recordOf(qualifiers)),
  amended: optional(flag)
})

const object: Shape = (one, where) => {
  const tag = fields(one)?.["_tag"]
  return tag === "Class"
    ? definition(one, where)
    : tag === "Instance"
    ? instance(one, where)
    : `${where} is not an object`
}

/** What is wrong with something that should be an object; `undefined` when nothing is. */
export const problemOf = (read: WbemObject): string | undefined => object(read, "object")
