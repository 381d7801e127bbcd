/**
 * Puts as a host's lines carry them: classes in the shape that the scripting objects build them from, instances as lists of
 * values, refused here if no line can say them.
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
import { name, type PropValue, qualifier, type QualifierSpec, refuse, typed } from "./values.ts"

/** A type on its way out: `w` is the type word where it is not lower case, `of` the class of a reference or embedded object. */
interface TypeSpec {
  readonly t: number
  readonly a?: boolean
  readonly of?: string
  readonly w?: string
}

/**
 * A declared property on its way out. `d` is its default. `keep` is the redeclaration of an inherited property that changes qualifiers
 * only: the host does not declare the property again, which would set its default to NULL (CX-5).
 */
export interface PropertySpec extends TypeSpec {
  readonly n: string
  readonly d?: PropValue["v"]
  readonly keep?: true
  readonly quals: ReadonlyArray<QualifierSpec>
}

/**
 * A parameter on its way out. `at` is its `ID`; the return value has none. `in` and `out` are the spellings of its directions where they
 * are not lower case.
 */
export interface ParameterSpec extends TypeSpec {
  readonly n: string
  readonly at?: number
  readonly d?: PropValue["v"]
  readonly in?: string
  readonly out?: string
  readonly quals: ReadonlyArray<QualifierSpec>
}

/** A method on its way out. */
export interface MethodSpec {
  readonly n: string
  readonly quals: ReadonlyArray<QualifierSpec>
  readonly ins: ReadonlyArray<ParameterSpec>
  readonly outs: ReadonlyArray<ParameterSpec>
}

/** A class on its way out. */
export interface ClassSpec {
  readonly name: string
  readonly super?: string
  readonly mode: "define"
  readonly quals: ReadonlyArray<QualifierSpec>
  readonly props: ReadonlyArray<PropertySpec>
  readonly methods?: ReadonlyArray<MethodSpec>
}

const typeOf = (ref: CimType.TypeRef, place: string): TypeSpec => {
  const row = CimType.row(ref.type)
  if (row === undefined) {
    return refuse(new WbemError.InvalidCimType({ property: place, type: ref.type, detail: "not sent: no CIM type" }))
  }
  return {
    t: row.number,
    ...(ref.isArray ? { a: true } : {}),
    ...(ref.className === undefined ? {} : { of: name(ref.className, "class") }),
    ...(ref.word === undefined ? {} : { w: name(ref.word, "type") })
  }
}

/** The host writes these itself, from the type and from where a parameter stands. */
const written = (place: "property" | "parameter") => (one: Qualifier): boolean =>
  !(CimName.equals(one.name, "cimtype")
    || (place === "parameter" && ["id", "in", "out"].some((reserved) => CimName.equals(one.name, reserved))))

/** Names go before types (CS-6, CS-7), so an illegal one is refused before a type that cannot be sent. */
const legal = (kind: string, text: string): void => {
  if (!CimName.isUserName(text)) {
    refuse(
      new WbemError.InvalidParameter({
        parameter: `${kind} ${text}`,
        rule: "CS-6",
        detail: "not sent: no legal name, and a type further on is none"
      })
    )
  }
}

/** What is refused first of a class one of whose properties has no type. */
const inOrder = ({ methods, properties }: ClassDefinition): void => {
  for (const one of properties) legal("property", name(one.name, "property"))
  for (const one of methods) {
    legal("method", name(one.name, "method"))
    for (const { name: of } of one.parameters) legal("parameter", name(of, "parameter"))
  }
  for (const one of properties) typeOf(one, one.name)
}

const property = (one: PropertyDefinition): PropertySpec => ({
  n: name(one.name, "property"),
  ...typeOf(one, one.name),
  ...(one.value === undefined ? {} : { d: typed(one.value, one, one.name, new Map(), 0) }),
  ...(one.value === undefined && one.inheritsDefault === true ? { keep: true } : {}),
  quals: one.qualifiers.filter(written("property")).map((q) => qualifier(q, one.name))
})

/** The spelling of a direction, if it was written and not in lower case. */
const spelled = (one: ParameterDefinition, direction: "in" | "out"): string | undefined => {
  const found = CimName.find(one.qualifiers, direction)?.name
  return found === direction ? undefined : found
}

const parameter = (one: ParameterDefinition): ParameterSpec => ({
  n: name(one.name, "parameter"),
  ...typeOf(one, one.name),
  ...(one.id === undefined ? {} : { at: one.id }),
  ...(one.value === undefined ? {} : { d: typed(one.value, one, one.name, new Map(), 0) }),
  ...(spelled(one, "in") === undefined ? {} : { in: spelled(one, "in")! }),
  ...(spelled(one, "out") === undefined ? {} : { out: spelled(one, "out")! }),
  quals: one.qualifiers.filter(written("parameter")).map((q) => qualifier(q, one.name))
})

const method = (one: MethodDefinition): MethodSpec => ({
  n: name(one.name, "method"),
  quals: one.qualifiers.map((q) => qualifier(q, one.name)),
  ins: one.parameters.filter(({ direction }) => direction !== "out").map(parameter),
  outs: [
    ...one.parameters.filter(({ direction }) => direction !== "in").map(parameter),
    ...(one.returns === "void" ? [] : [{
      n: "ReturnValue",
      ...typeOf({ type: one.returns, isArray: false, word: one.returnsWord }, one.name),
      quals: []
    }])
  ]
})

/** A class on its way out. The whole class replaces the one that is stored, so it is defined and never amended. */
export const classSpec = (one: ClassDefinition): ClassSpec => {
  if (one.properties.some(({ type }) => CimType.row(type) === undefined)) inOrder(one)
  return spec(one)
}

const spec = (one: ClassDefinition): ClassSpec => ({
  name: name(one.name, "class"),
  ...(one.superclass === undefined ? {} : { super: name(one.superclass, "class") }),
  mode: "define",
  quals: one.qualifiers.map((q) => qualifier(q, one.name)),
  props: one.properties.map(property),
  ...(one.methods.length === 0 ? {} : { methods: one.methods.map(method) })
})

/** The flag word that is sent to the host. WMI ignores the other bits, or the decoder has refused them. */
export const flagsOf = ({ flags }: DecodedPut): number => flags & PutFlags.accepted.Class

/** What was read with amended qualifiers must be put with them (PA-91); the host makes a new object and cannot tell. */
export const amendedOnly = ({ object, options }: DecodedPut): WbemError.WbemError | undefined =>
  object.amended === true && !options.amended
    ? new WbemError.AmendedObject({
      className: object._tag === "Class" ? object.name : object.className,
      rule: "PA-91",
      detail: "it was read with amended qualifiers; put it with UseAmendedQualifiers"
    })
    : undefined

/** Whether a put may be sent again although it may have happened: the same instance twice is the instance once. */
export const isIdempotent = ({ flags, object }: DecodedPut): boolean =>
  object._tag === "Instance" && (flags & PutFlags.CreateOnly) === 0
