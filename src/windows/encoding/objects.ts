/**
 * Encodes classes for a host, in the structure from which the scripting objects build them, and the flags of a put. Fails with a
 * WMI error when an object has no encoding.
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"
import * as CimType from "../../model/CimType.ts"
import type { Qualifier } from "../../model/Qualifier.ts"
import type {
  ClassDefinition,
  MethodDefinition,
  ParameterDefinition,
  PropertyDefinition
} from "../../model/WbemObject.ts"
import * as PutFlags from "../../protocol/PutFlags.ts"
import type { DecodedPut } from "../../protocol/PutRequest.ts"
import * as WbemError from "../../protocol/WbemError.ts"
import {
  type EncodedPropertyValue,
  type EncodedQualifier,
  encodeName,
  encodeQualifier,
  encodeTyped,
  failEncoding
} from "./values.ts"

/**
 * An encoded type: the CIM type number `t`, whether it is an array `a`, the class `of` a reference or embedded object, and the type
 * word `w` where it is not lower case.
 */
interface EncodedType {
  readonly t: number
  readonly a?: boolean
  readonly of?: string
  readonly w?: string
}

/**
 * An encoded property declaration. `d` is its default. `keep` marks the redeclaration of an inherited property that changes
 * qualifiers only: the host does not declare the property again, which would set its default to NULL (CX-5).
 */
export interface EncodedProperty extends EncodedType {
  readonly n: string
  readonly d?: EncodedPropertyValue["v"]
  readonly keep?: true
  readonly quals: ReadonlyArray<EncodedQualifier>
}

/**
 * A parameter of a method as the host reads it. `at` is the value of its qualifier `ID`, which a return value lacks. `in` and `out` hold
 * the names of its direction qualifiers where these are not written in lower case.
 */
export interface EncodedParameter extends EncodedType {
  readonly n: string
  readonly at?: number
  readonly d?: EncodedPropertyValue["v"]
  readonly in?: string
  readonly out?: string
  readonly quals: ReadonlyArray<EncodedQualifier>
}

/** An encoded method. An `inout` parameter is in both lists. */
export interface EncodedMethod {
  readonly n: string
  readonly quals: ReadonlyArray<EncodedQualifier>
  readonly ins: ReadonlyArray<EncodedParameter>
  readonly outs: ReadonlyArray<EncodedParameter>
}

/** An encoded class. */
export interface EncodedClass {
  readonly name: string
  readonly super?: string
  readonly mode: "define"
  readonly quals: ReadonlyArray<EncodedQualifier>
  readonly props: ReadonlyArray<EncodedProperty>
  readonly methods?: ReadonlyArray<EncodedMethod>
}

const encodeType = (ref: CimType.TypeRef, owner: string): EncodedType => {
  const row = CimType.row(ref.type)
  if (row === undefined) {
    return failEncoding(
      new WbemError.InvalidCimType({ property: owner, type: ref.type, detail: "not sent: no CIM type" })
    )
  }
  return {
    t: row.number,
    ...(ref.isArray ? { a: true } : {}),
    ...(ref.className === undefined ? {} : { of: encodeName(ref.className, "class") }),
    ...(ref.word === undefined ? {} : { w: encodeName(ref.word, "type") })
  }
}

/** Whether a qualifier is sent. The host writes CIMTYPE, and for parameters ID, In and Out, itself. */
const isSentQualifier = (owner: "property" | "parameter") => (qualifier: Qualifier): boolean =>
  !(CimName.equals(qualifier.name, "cimtype")
    || (owner === "parameter" && ["id", "in", "out"].some((reserved) => CimName.equals(qualifier.name, reserved))))

/** Fails for an illegal name. Names are checked before types (CS-6, CS-7). */
const requireUserName = (kind: string, text: string): void => {
  if (!CimName.isUserName(text)) {
    failEncoding(
      new WbemError.InvalidParameter({
        parameter: `${kind} ${text}`,
        rule: "CS-6",
        detail: "not sent: no legal name, and a type further on is none"
      })
    )
  }
}

/** Fails for the first error of a class that has a property without a CIM type: its names in order, then its types. */
const checkNamesThenTypes = ({ methods, properties }: ClassDefinition): void => {
  for (const declared of properties) requireUserName("property", encodeName(declared.name, "property"))
  for (const declared of methods) {
    requireUserName("method", encodeName(declared.name, "method"))
    for (const { name: of } of declared.parameters) requireUserName("parameter", encodeName(of, "parameter"))
  }
  for (const declared of properties) encodeType(declared, declared.name)
}

const encodeProperty = (declared: PropertyDefinition): EncodedProperty => ({
  n: encodeName(declared.name, "property"),
  ...encodeType(declared, declared.name),
  ...(declared.value === undefined ? {} : { d: encodeTyped(declared.value, declared, declared.name, new Map(), 0) }),
  ...(declared.value === undefined && declared.inheritsDefault === true ? { keep: true } : {}),
  quals: declared.qualifiers.filter(isSentQualifier("property")).map((q) => encodeQualifier(q, declared.name))
})

/** The spelling of a direction qualifier; `undefined` if it is absent or in lower case. */
const directionSpelling = (declared: ParameterDefinition, direction: "in" | "out"): string | undefined => {
  const spelling = CimName.find(declared.qualifiers, direction)?.name
  return spelling === direction ? undefined : spelling
}

const encodeParameter = (declared: ParameterDefinition): EncodedParameter => ({
  n: encodeName(declared.name, "parameter"),
  ...encodeType(declared, declared.name),
  ...(declared.id === undefined ? {} : { at: declared.id }),
  ...(declared.value === undefined ? {} : { d: encodeTyped(declared.value, declared, declared.name, new Map(), 0) }),
  ...(directionSpelling(declared, "in") === undefined ? {} : { in: directionSpelling(declared, "in")! }),
  ...(directionSpelling(declared, "out") === undefined ? {} : { out: directionSpelling(declared, "out")! }),
  quals: declared.qualifiers.filter(isSentQualifier("parameter")).map((q) => encodeQualifier(q, declared.name))
})

const encodeMethod = (declared: MethodDefinition): EncodedMethod => ({
  n: encodeName(declared.name, "method"),
  quals: declared.qualifiers.map((q) => encodeQualifier(q, declared.name)),
  ins: declared.parameters.filter(({ direction }) => direction !== "out").map(encodeParameter),
  outs: [
    ...declared.parameters.filter(({ direction }) => direction !== "in").map(encodeParameter),
    ...(declared.returns === "void" ? [] : [{
      n: "ReturnValue",
      ...encodeType({ type: declared.returns, isArray: false, word: declared.returnsWord }, declared.name),
      quals: []
    }])
  ]
})

/** Encodes a class. A put replaces the whole stored class, so the mode is always `define`. */
export const encodeClass = (declared: ClassDefinition): EncodedClass => {
  if (declared.properties.some(({ type }) => CimType.row(type) === undefined)) checkNamesThenTypes(declared)
  return spec(declared)
}

const spec = (declared: ClassDefinition): EncodedClass => ({
  name: encodeName(declared.name, "class"),
  ...(declared.superclass === undefined ? {} : { super: encodeName(declared.superclass, "class") }),
  mode: "define",
  quals: declared.qualifiers.map((q) => encodeQualifier(q, declared.name)),
  props: declared.properties.map(encodeProperty),
  ...(declared.methods.length === 0 ? {} : { methods: declared.methods.map(encodeMethod) })
})

/** The flag word that is sent to the host. WMI ignores the other bits, or the decoder has refused them. */
export const flagsOf = ({ flags }: DecodedPut): number => flags & PutFlags.accepted.Class

/**
 * The error of an object that was read with amended qualifiers and is put without them (PA-91). The host makes a new object, so WMI
 * cannot detect it.
 */
export const amendedObjectError = ({ object, options }: DecodedPut): WbemError.WbemError | undefined =>
  object.amended === true && !options.amended
    ? new WbemError.AmendedObject({
      className: object._tag === "Class" ? object.name : object.className,
      rule: "PA-91",
      detail: "it was read with amended qualifiers; put it with UseAmendedQualifiers"
    })
    : undefined

/** Whether a put with an unknown outcome may be sent again: an instance put is idempotent unless it is `CreateOnly`. */
export const isIdempotent = ({ flags, object }: DecodedPut): boolean =>
  object._tag === "Instance" && (flags & PutFlags.CreateOnly) === 0
