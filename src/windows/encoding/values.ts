/**
 * Values as a host's lines carry them: integers and reals as decimal text, because no JSON reader on the way may round them.
 * Both ways.
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"
import * as CimType from "../../model/CimType.ts"
import { coerce, isCoercionError, outOfRange } from "../../model/CimValue.ts"
import { coercionErrorText } from "../../model/coercionErrorText.ts"
import * as Instance from "../../model/Instance.ts"
import type * as NamedValueSet from "../../model/NamedValueSet.ts"
import type { Qualifier } from "../../model/Qualifier.ts"
import type { CimValue, Instance as InstanceModel } from "../../model/WbemObject.ts"
import * as WbemError from "../../protocol/WbemError.ts"
import { isWellFormed } from "../conversation/lines.ts"
import { deepest, type ObjectOut, type WireValue } from "../conversation/frames.ts"

/** A value on its way out. */
export type Outgoing = string | boolean | InstanceSpec

/** A property on its way out. Without a type the host asks the class. */
export interface PropValue {
  readonly n: string
  readonly t?: number
  readonly a?: boolean
  readonly v: Outgoing | ReadonlyArray<Outgoing> | null
}

/** An instance on its way out. */
export interface InstanceSpec {
  readonly class: string
  readonly props: ReadonlyArray<PropValue>
}

/** The properties of a class as far as a put needs them: own and inherited, by folded name. */
export interface Shape {
  readonly className: string
  readonly properties: ReadonlyMap<string, CimType.TypeRef & { readonly name: string }>
}

/** The shapes that are known, by folded name of the class. */
export type Shapes = ReadonlyMap<string, Shape>

/** Thrown by the encoders and caught by {@link refusing}: what cannot be sent. */
export class Refusal extends Error {
  readonly error: WbemError.WbemError
  constructor(error: WbemError.WbemError) {
    super(error.message)
    this.error = error
  }
}

/** Ends the encoding. */
export const refuse = (error: WbemError.WbemError): never => {
  throw new Refusal(error)
}

/** Runs an encoder. */
export const refusing = <A>(encode: () => A): A | WbemError.WbemError => {
  try {
    return encode()
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.error
    throw thrown
  }
}

const invalid = (parameter: string, detail: string): never =>
  refuse(new WbemError.InvalidParameter({ parameter, detail: `not sent: ${detail}` }))

/** A name as it goes out: whatever it is, it travels as data, but half a character is none. */
export const name = (text: string, what: string): string =>
  isWellFormed(text) ? text : invalid("object", `the name of a ${what} holds half of a surrogate pair`)

const number = (n: number, place: string): string => {
  if (!Number.isFinite(n)) return invalid("object", `${place}: ${n} is no value`)
  return Object.is(n, -0) ? "-0" : String(n)
}

/** A value that was checked against its type, or that nobody can check. */
const scalar = (value: unknown, place: string, shapes: Shapes, depth: number): Outgoing => {
  switch (typeof value) {
    case "string":
      return isWellFormed(value) ? value : invalid("object", `${place} holds half of a surrogate pair`)
    case "number":
      return number(value, place)
    case "bigint":
      return String(value)
    case "boolean":
      return value
  }
  if (typeof value === "object" && value !== null && "_tag" in value) {
    if (value._tag === "Instance") return instance(value as InstanceModel, shapes, depth + 1, `${place}.`)
    return refuse(
      new WbemError.NotSupported({ detail: `not sent: ${place} holds a class, and a host embeds instances` })
    )
  }
  return invalid("object", value === null ? `${place}: an array holds no NULL` : `${place} is no value`)
}

const all = (value: CimValue, place: string, shapes: Shapes, depth: number): PropValue["v"] =>
  value === null
    ? null
    : Array.isArray(value)
    ? value.map((one) => scalar(one, place, shapes, depth))
    : scalar(value, place, shapes, depth)

/** A value of a declared type: first whether it is one. */
export const typed = (
  value: CimValue,
  ref: CimType.TypeRef,
  place: string,
  shapes: Shapes,
  depth: number
): PropValue["v"] => {
  const kept = coerce(value, ref)
  if (isCoercionError(kept)) {
    const facts = { property: place, type: CimType.format(ref), detail: `not sent: ${coercionErrorText(value, ref)}` }
    return refuse(
      kept === outOfRange ? new WbemError.ValueOutOfRange(facts) : new WbemError.TypeMismatch(facts)
    )
  }
  return all(kept, place, shapes, depth)
}

/** An instance on its way out. Of a class that is not known, values go without their types: the host asks for these. */
export const instance = (object: InstanceModel, shapes: Shapes, depth = 0, place = ""): InstanceSpec => {
  if (depth > deepest) return invalid("object", `objects are embedded more than ${deepest} deep`)
  if (object.qualifiers.length > 0 || Object.values(object.propertyQualifiers ?? {}).some((q) => q.length > 0)) {
    refuse(new WbemError.NotSupported({ detail: "not sent: a host puts no qualifiers of instances" }))
  }
  const shape = shapes.get(CimName.fold(object.className))
  const props: Array<PropValue> = []
  for (const [key, value] of Object.entries(object.values)) {
    const n = name(key, "property")
    const declared = shape?.properties.get(CimName.fold(key))
    if (shape !== undefined && declared === undefined) {
      refuse(
        new WbemError.InvalidProperty({
          property: place + n,
          className: shape.className,
          rule: "instance-put 1.6",
          detail: "not sent: the class has no such property"
        })
      )
    }
    props.push(
      declared === undefined ? { n, v: all(value, place + n, shapes, depth) } : {
        n,
        t: CimType.row(declared.type)!.number,
        a: declared.isArray,
        v: typed(value, declared, place + n, shapes, depth)
      }
    )
  }
  return { class: name(object.className, "class"), props }
}

/** The classes whose shapes the encoding of an instance asks for. */
export const classesOf = (
  object: InstanceModel,
  found: Map<string, string> = new Map()
): ReadonlyMap<string, string> => {
  found.set(CimName.fold(object.className), object.className)
  for (const value of Object.values(object.values)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === "object" && one !== null && "_tag" in one && one._tag === "Instance") classesOf(one, found)
    }
  }
  return found
}

/** A value beside its kind: string, integer of 32 bits, boolean, real. Contexts and qualifiers know no other. */
export interface Plain {
  readonly k: "s" | "i" | "b" | "r"
  readonly a?: boolean
  readonly v: Outgoing | ReadonlyArray<Outgoing> | null
}

/** A named value on its way out. */
export interface Named extends Plain {
  readonly n: string
}

const isInt32 = (n: number): boolean => Number.isInteger(n) && n >= -2147483648 && n <= 2147483647

const kindOf = (value: unknown): Plain["k"] | undefined => {
  switch (typeof value) {
    case "string":
      return "s"
    case "boolean":
      return "b"
    case "number":
      return isInt32(value) ? "i" : "r"
    case "bigint":
      return isInt32(Number(value)) ? "i" : "s"
    default:
      return undefined
  }
}

const badContext = (n: string, detail: string): never => refuse(new WbemError.InvalidContext({ name: n, detail }))

/** A context on its way out. */
export const named = (context: NamedValueSet.NamedValueSet): ReadonlyArray<Named> =>
  context.entries.map(([n, value]): Named => {
    if (!isWellFormed(n)) return badContext(n, "not sent: the name holds half of a surrogate pair")
    if (value === null) return { n, k: "s", v: null }
    const list: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
    const kinds = new Set(list.map(kindOf))
    const numeric = kinds.size === 2 && kinds.has("i") && kinds.has("r")
    const k = kinds.size === 0 ? "s" : numeric ? "r" : kinds.size === 1 ? [...kinds][0] : undefined
    if (k === undefined) {
      return badContext(n, "not sent: a context holds text, numbers, booleans and lists of one of them")
    }
    const out = list.map((one): Outgoing =>
      typeof one === "string" && !isWellFormed(one)
        ? badContext(n, "not sent: the value holds half of a surrogate pair")
        : typeof one === "number" && !Number.isFinite(one)
        ? badContext(n, `not sent: ${one} is no value`)
        : typeof one === "boolean"
        ? one
        : String(one)
    )
    return Array.isArray(value) ? { n, k, a: true, v: out } : { n, k, v: out[0]! }
  })

/** A qualifier on its way out. */
export interface QualifierSpec extends Plain {
  readonly n: string
  readonly f: number
}

const qualifierKinds = { string: "s", sint32: "i", boolean: "b", real64: "r" } as const

/** A qualifier on its way out, with every flavour: the two engines have opposite defaults. */
export const qualifier = (one: Qualifier, place: string): QualifierSpec => {
  const list: ReadonlyArray<unknown> = Array.isArray(one.value) ? one.value : [one.value]
  const fits = (value: number): boolean => one.type === "sint32" ? (value | 0) === value : Number.isFinite(value)
  const out = list.map((value): Outgoing =>
    typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && fits(value))
      ? scalar(value, `${place} ${one.name}`, new Map(), 0)
      : refuse(
        new WbemError.InvalidQualifierType({
          qualifier: one.name,
          on: place,
          rule: "CS-2",
          detail: "not sent: a qualifier holds text, 32-bit integers, real numbers, booleans or a list of one of them"
        })
      )
  )
  return {
    n: name(one.name, "qualifier"),
    k: qualifierKinds[one.type],
    ...(Array.isArray(one.value) ? { a: true, v: out } : { v: out[0]! }),
    f: one.flavor
  }
}

/** What was read is of no use: the host and its types contradict each other. */
export class Unreadable extends Error {}

const decimal = /^-?\d{1,20}$/

const readScalar = (value: WireValue, row: CimType.TypeRow): CimValue => {
  if (row.form === "object") {
    return typeof value === "object" ? readInstance(value) : unreadable(row, value)
  }
  if (row.form === "boolean") return typeof value === "boolean" ? value : unreadable(row, value)
  if (typeof value !== "string") return unreadable(row, value)
  switch (row.form) {
    case "bigint":
      return decimal.test(value) ? BigInt(value) : unreadable(row, value)
    case "integer":
    case "char16":
      return decimal.test(value) ? Number(value) : unreadable(row, value)
    case "real":
      return value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : unreadable(row, value)
    default:
      return value
  }
}

const unreadable = (row: CimType.TypeRow, value: unknown): never => {
  throw new Unreadable(`${JSON.stringify(value).slice(0, 80)} is no ${row.name}`)
}

const rowOf = (cim: number): CimType.TypeRow => {
  const type = CimType.fromNumber(cim)
  if (type === undefined) throw new Unreadable(`${cim} is no CIM type`)
  return CimType.row(type)!
}

/** An instance that was read, with every property that the host lists. */
export const readInstance = (object: ObjectOut): InstanceModel =>
  Instance.make(
    object.className,
    Object.fromEntries(object.properties.map(({ cim, name: property, value }) => {
      const row = rowOf(cim)
      return [
        property,
        value === null
          ? null
          : Array.isArray(value)
          ? value.map((one) => readScalar(one, row)) as CimValue
          : readScalar(value as WireValue, row)
      ]
    }))
  )

/** The shape of a class that was read. */
export const readShape = (object: ObjectOut): Shape => ({
  className: object.className,
  properties: new Map(
    object.properties.map(({ cim, isArray, name: property }) => [
      CimName.fold(property),
      { name: property, type: rowOf(cim).name, isArray }
    ])
  )
})
