/**
 * Encodes and decodes values for the frames of a host. Integers and reals are decimal text, so that no JSON reader rounds them.
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
import { maxEmbeddingDepth, type ReceivedObject, type ReceivedValue } from "../conversation/frames.ts"

/** An encoded value that is not an array. */
export type EncodedScalar = string | boolean | EncodedInstance

/** An encoded property: name `n`, CIM type number `t`, whether it is an array `a`, value `v`. Without `t` the host reads the class. */
export interface EncodedPropertyValue {
  readonly n: string
  readonly t?: number
  readonly a?: boolean
  readonly v: EncodedScalar | ReadonlyArray<EncodedScalar> | null
}

/** An encoded instance. */
export interface EncodedInstance {
  readonly class: string
  readonly props: ReadonlyArray<EncodedPropertyValue>
}

/** The property types of a class, own and inherited, by folded name. */
export interface ClassShape {
  readonly className: string
  readonly properties: ReadonlyMap<string, CimType.TypeRef & { readonly name: string }>
}

/** Class shapes by folded class name. */
export type ClassShapes = ReadonlyMap<string, ClassShape>

/** Thrown by the encoders and caught by {@link encodeOrError}: the object cannot be sent. */
export class EncodingError extends Error {
  readonly error: WbemError.WbemError
  constructor(error: WbemError.WbemError) {
    super(error.message)
    this.error = error
  }
}

/** Ends the encoding with an error. */
export const failEncoding = (error: WbemError.WbemError): never => {
  throw new EncodingError(error)
}

/** Runs an encoder and returns its value or its error. */
export const encodeOrError = <A>(encode: () => A): A | WbemError.WbemError => {
  try {
    return encode()
  } catch (thrown) {
    if (thrown instanceof EncodingError) return thrown.error
    throw thrown
  }
}

const invalidParameter = (parameter: string, detail: string): never =>
  failEncoding(new WbemError.InvalidParameter({ parameter, detail: `not sent: ${detail}` }))

/** A name as data. Every text is allowed except one with a lone surrogate, which JSON readers refuse. */
export const encodeName = (text: string, what: string): string =>
  isWellFormed(text) ? text : invalidParameter("object", `the name of a ${what} holds half of a surrogate pair`)

const encodeNumber = (n: number, label: string): string => {
  if (!Number.isFinite(n)) return invalidParameter("object", `${label}: ${n} is no value`)
  return Object.is(n, -0) ? "-0" : String(n)
}

/** Encodes a value that was checked against its type, or whose type is not known. */
const encodeScalar = (value: unknown, label: string, shapes: ClassShapes, depth: number): EncodedScalar => {
  switch (typeof value) {
    case "string":
      return isWellFormed(value) ? value : invalidParameter("object", `${label} holds half of a surrogate pair`)
    case "number":
      return encodeNumber(value, label)
    case "bigint":
      return String(value)
    case "boolean":
      return value
  }
  if (typeof value === "object" && value !== null && "_tag" in value) {
    if (value._tag === "Instance") return encodeInstance(value as InstanceModel, shapes, depth + 1, `${label}.`)
    return failEncoding(
      new WbemError.NotSupported({ detail: `not sent: ${label} holds a class, and a host embeds instances` })
    )
  }
  return invalidParameter("object", value === null ? `${label}: an array holds no NULL` : `${label} is no value`)
}

const encodeValue = (value: CimValue, label: string, shapes: ClassShapes, depth: number): EncodedPropertyValue["v"] =>
  value === null
    ? null
    : Array.isArray(value)
    ? value.map((element) => encodeScalar(element, label, shapes, depth))
    : encodeScalar(value, label, shapes, depth)

/** Encodes a value of a declared type. Fails with `TypeMismatch` or `ValueOutOfRange` when it does not fit. */
export const encodeTyped = (
  value: CimValue,
  ref: CimType.TypeRef,
  label: string,
  shapes: ClassShapes,
  depth: number
): EncodedPropertyValue["v"] => {
  const coerced = coerce(value, ref)
  if (isCoercionError(coerced)) {
    const facts = { property: label, type: CimType.format(ref), detail: `not sent: ${coercionErrorText(value, ref)}` }
    return failEncoding(
      coerced === outOfRange ? new WbemError.ValueOutOfRange(facts) : new WbemError.TypeMismatch(facts)
    )
  }
  return encodeValue(coerced, label, shapes, depth)
}

/** Encodes an instance. Values of a class without a shape are sent without types, and the host reads the types from the class. */
export const encodeInstance = (object: InstanceModel, shapes: ClassShapes, depth = 0, label = ""): EncodedInstance => {
  if (depth > maxEmbeddingDepth) {
    return invalidParameter("object", `objects are embedded more than ${maxEmbeddingDepth} deep`)
  }
  if (object.qualifiers.length > 0 || Object.values(object.propertyQualifiers ?? {}).some((q) => q.length > 0)) {
    failEncoding(new WbemError.NotSupported({ detail: "not sent: a host puts no qualifiers of instances" }))
  }
  const shape = shapes.get(CimName.fold(object.className))
  const props: Array<EncodedPropertyValue> = []
  for (const [key, value] of Object.entries(object.values)) {
    const n = encodeName(key, "property")
    const declared = shape?.properties.get(CimName.fold(key))
    if (shape !== undefined && declared === undefined) {
      failEncoding(
        new WbemError.InvalidProperty({
          property: label + n,
          className: shape.className,
          rule: "instance-put 1.6",
          detail: "not sent: the class has no such property"
        })
      )
    }
    props.push(
      declared === undefined ? { n, v: encodeValue(value, label + n, shapes, depth) } : {
        n,
        t: CimType.row(declared.type)!.number,
        a: declared.isArray,
        v: encodeTyped(value, declared, label + n, shapes, depth)
      }
    )
  }
  return { class: encodeName(object.className, "class"), props }
}

/** The classes whose shapes the encoding of an instance needs, its own and those of embedded instances: folded name to name. */
export const classNamesIn = (
  object: InstanceModel,
  names: Map<string, string> = new Map()
): ReadonlyMap<string, string> => {
  names.set(CimName.fold(object.className), object.className)
  for (const value of Object.values(object.values)) {
    for (const element of Array.isArray(value) ? value : [value]) {
      if (typeof element === "object" && element !== null && "_tag" in element && element._tag === "Instance") {
        classNamesIn(element, names)
      }
    }
  }
  return names
}

/** A value with its kind: string, 32-bit integer, boolean or real. Contexts and qualifiers have no others. */
export interface KindedValue {
  readonly k: "s" | "i" | "b" | "r"
  readonly a?: boolean
  readonly v: EncodedScalar | ReadonlyArray<EncodedScalar> | null
}

/** An encoded value of a context. */
export interface NamedValueSpec extends KindedValue {
  readonly n: string
}

const isInt32 = (n: number): boolean => Number.isInteger(n) && n >= -2147483648 && n <= 2147483647

const kindOf = (value: unknown): KindedValue["k"] | undefined => {
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

const invalidContext = (n: string, detail: string): never =>
  failEncoding(new WbemError.InvalidContext({ contextName: n, detail }))

/** Encodes a context. Fails with `InvalidContext` for a value that has no kind. */
export const encodeContext = (context: NamedValueSet.NamedValueSet): ReadonlyArray<NamedValueSpec> =>
  context.entries.map(([n, value]): NamedValueSpec => {
    if (!isWellFormed(n)) return invalidContext(n, "not sent: the name holds half of a surrogate pair")
    if (value === null) return { n, k: "s", v: null }
    const list: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
    const kinds = new Set(list.map(kindOf))
    const numeric = kinds.size === 2 && kinds.has("i") && kinds.has("r")
    const k = kinds.size === 0 ? "s" : numeric ? "r" : kinds.size === 1 ? [...kinds][0] : undefined
    if (k === undefined) {
      return invalidContext(n, "not sent: a context holds text, numbers, booleans and lists of one of them")
    }
    const encoded = list.map((element): EncodedScalar =>
      typeof element === "string" && !isWellFormed(element)
        ? invalidContext(n, "not sent: the value holds half of a surrogate pair")
        : typeof element === "number" && !Number.isFinite(element)
        ? invalidContext(n, `not sent: ${element} is no value`)
        : typeof element === "boolean"
        ? element
        : String(element)
    )
    return Array.isArray(value) ? { n, k, a: true, v: encoded } : { n, k, v: encoded[0]! }
  })

/** An encoded qualifier: `f` is its flavor word. */
export interface EncodedQualifier extends KindedValue {
  readonly n: string
  readonly f: number
}

const qualifierKinds = { string: "s", sint32: "i", boolean: "b", real64: "r" } as const

/** Encodes a qualifier with its whole flavor word, because the two engines of the host have opposite defaults. */
export const encodeQualifier = (qualifier: Qualifier, label: string): EncodedQualifier => {
  const list: ReadonlyArray<unknown> = Array.isArray(qualifier.value) ? qualifier.value : [qualifier.value]
  const fits = (value: number): boolean => qualifier.type === "sint32" ? (value | 0) === value : Number.isFinite(value)
  const encoded = list.map((value): EncodedScalar =>
    typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && fits(value))
      ? encodeScalar(value, `${label} ${qualifier.name}`, new Map(), 0)
      : failEncoding(
        new WbemError.InvalidQualifierType({
          qualifier: qualifier.name,
          on: label,
          rule: "CS-2",
          detail: "not sent: a qualifier holds text, 32-bit integers, real numbers, booleans or a list of one of them"
        })
      )
  )
  return {
    n: encodeName(qualifier.name, "qualifier"),
    k: qualifierKinds[qualifier.type],
    ...(Array.isArray(qualifier.value) ? { a: true, v: encoded } : { v: encoded[0]! }),
    f: qualifier.flavor
  }
}

/** Thrown when a value that was read does not fit the CIM type that the host reported for it. */
export class DecodingError extends Error {}

const decimal = /^-?\d{1,20}$/

const readScalar = (value: ReceivedValue, row: CimType.TypeRow): CimValue => {
  if (row.form === "object") {
    return typeof value === "object" ? readInstance(value) : failDecoding(row, value)
  }
  if (row.form === "boolean") return typeof value === "boolean" ? value : failDecoding(row, value)
  if (typeof value !== "string") return failDecoding(row, value)
  switch (row.form) {
    case "bigint":
      return decimal.test(value) ? BigInt(value) : failDecoding(row, value)
    case "integer":
    case "char16":
      return decimal.test(value) ? Number(value) : failDecoding(row, value)
    case "real":
      return value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : failDecoding(row, value)
    default:
      return value
  }
}

const failDecoding = (row: CimType.TypeRow, value: unknown): never => {
  throw new DecodingError(`${JSON.stringify(value).slice(0, 80)} is no ${row.name}`)
}

const rowOf = (cim: number): CimType.TypeRow => {
  const type = CimType.fromNumber(cim)
  if (type === undefined) throw new DecodingError(`${cim} is no CIM type`)
  return CimType.row(type)!
}

/** Decodes an instance, with every property that the host lists. */
export const readInstance = (object: ReceivedObject): InstanceModel =>
  Instance.make(
    object.className,
    Object.fromEntries(object.properties.map(({ cimType, name: property, value }) => {
      const row = rowOf(cimType)
      return [
        property,
        value === null
          ? null
          : Array.isArray(value)
          ? value.map((element) => readScalar(element, row)) as CimValue
          : readScalar(value as ReceivedValue, row)
      ]
    }))
  )

/** The shape of a class from the object that was read. */
export const readShape = (object: ReceivedObject): ClassShape => ({
  className: object.className,
  properties: new Map(
    object.properties.map(({ cimType, isArray, name: property }) => [
      CimName.fold(property),
      { name: property, type: rowOf(cimType).name, isArray }
    ])
  )
})
