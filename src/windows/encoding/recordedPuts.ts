/**
 * Decodes the objects of recorded requests: the inverse of `objects.ts` and `values.ts`. Parts that do not have the structure of
 * this library's own messages are left out.
 *
 * @internal
 */
import * as CimType from "../../model/CimType.ts"
import * as ClassDefinition from "../../model/ClassDefinition.ts"
import * as Instance from "../../model/Instance.ts"
import * as Method from "../../model/Method.ts"
import * as NamedValueSet from "../../model/NamedValueSet.ts"
import * as Property from "../../model/Property.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type { CimValue, MethodDefinition, ParameterDefinition, PropertyDefinition } from "../../model/WbemObject.ts"
import type { Fields } from "../conversation/frames.ts"

type Items = ReadonlyArray<Fields>

const isFields = (input: unknown): input is Fields =>
  typeof input === "object" && input !== null && !Array.isArray(input)

/** The objects in a list; empty if the value is not a list. */
export const list = (input: unknown): Items => Array.isArray(input) ? input.filter(isFields) : []

const whole = /^-?\d+$/

const scalar = (input: unknown, form: CimType.Form | undefined): CimValue => {
  if (isFields(input)) return instance(input)
  if (typeof input !== "string") return input === true
  switch (form) {
    case "integer":
    case "char16":
    case "real":
      return Number(input)
    case "bigint":
      return whole.test(input) ? BigInt(input) : input
    default:
      return input
  }
}

const value = (input: unknown, form: CimType.Form | undefined): CimValue =>
  input === null || input === undefined
    ? null
    : Array.isArray(input)
    ? input.map((element) => scalar(element, form)) as CimValue
    : scalar(input, form)

const rowOf = (t: unknown): CimType.TypeRow | undefined => {
  const type = typeof t === "number" ? CimType.fromNumber(t) : undefined
  return type === undefined ? undefined : CimType.row(type)
}

const text = (input: unknown, key: string): string =>
  isFields(input) && typeof input[key] === "string" ? input[key] : ""

/** Decodes an instance. */
export const instance = (spec: unknown): Instance.Instance =>
  Instance.make(
    text(spec, "class"),
    Object.fromEntries(
      list(isFields(spec) ? spec["props"] : []).map((
        fields
      ) => [String(fields["n"]), value(fields["v"], rowOf(fields["t"])?.form)])
    )
  )

const plainForms: Readonly<Record<string, CimType.Form>> = { s: "string", i: "integer", b: "boolean", r: "real" }
const qualifierTypes: Readonly<Record<string, Qualifier.QualifierType>> = {
  s: "string",
  i: "sint32",
  b: "boolean",
  r: "real64"
}

const plain = (fields: Fields): CimValue => value(fields["v"], plainForms[String(fields["k"])])

const qualifiers = (input: unknown): ReadonlyArray<Qualifier.Qualifier> =>
  list(input).map((fields) =>
    // A plain value of these four kinds is what a qualifier holds.
    Qualifier.make(String(fields["n"]), plain(fields) as Qualifier.QualifierValue, {
      flavor: Number(fields["f"]),
      type: qualifierTypes[String(fields["k"])]
    })
  )

const typeRef = (fields: Fields): CimType.TypeRef => ({
  type: rowOf(fields["t"])?.name ?? "string",
  isArray: fields["a"] === true,
  ...(typeof fields["of"] === "string" ? { className: fields["of"] } : {}),
  ...(typeof fields["w"] === "string" ? { word: fields["w"] } : {})
})

/** The default value of a property or parameter; `undefined` if none was sent. */
const defaultOf = (fields: Fields, { type }: CimType.TypeRef): CimValue | undefined =>
  "d" in fields ? value(fields["d"], CimType.row(type)!.form) : undefined

const property = (fields: Fields): PropertyDefinition => {
  const ref = typeRef(fields)
  return Property.named(String(fields["n"]), {
    ...ref,
    value: defaultOf(fields, ref),
    ...(fields["keep"] === true ? { inheritsDefault: true } : {}),
    qualifiers: qualifiers(fields["quals"])
  })
}

/** The direction qualifiers whose spelling was sent. */
const directions = (fields: Fields): ReadonlyArray<Qualifier.Qualifier> =>
  [fields["in"], fields["out"]].flatMap((name) => typeof name === "string" ? [Qualifier.make(name)] : [])

const parameter = (fields: Fields, direction: ParameterDefinition["direction"]): ParameterDefinition => {
  const ref = typeRef(fields)
  const value = defaultOf(fields, ref)
  return {
    name: String(fields["n"]),
    ...ref,
    direction,
    id: typeof fields["at"] === "number" ? fields["at"] : undefined,
    ...(value === undefined ? {} : { value }),
    qualifiers: [...directions(fields), ...qualifiers(fields["quals"])]
  }
}

const method = (fields: Fields): MethodDefinition => {
  const ins = list(fields["ins"])
  const outs = list(fields["outs"])
  const isIn = (name: unknown): boolean => ins.some((other) => other["n"] === name)
  const isOut = (name: unknown): boolean => outs.some((other) => other["n"] === name)
  const returned = outs.find((other) => other["n"] === "ReturnValue" && other["at"] === undefined)
  const parameters = [
    ...ins.map((p) => parameter(p, isOut(p["n"]) ? "inout" : "in")),
    ...outs.filter((p) => p !== returned && !isIn(p["n"])).map((p) => parameter(p, "out"))
  ]
  const { type, word } = returned === undefined ? { type: "void" as const, word: undefined } : typeRef(returned)
  return Method.named(String(fields["n"]), {
    returns: type,
    ...(word === undefined ? {} : { returnsWord: word }),
    parameters: parameters.sort((a, b) => (a.id ?? 0) - (b.id ?? 0)),
    qualifiers: qualifiers(fields["quals"])
  })
}

/** Decodes a class. */
export const classDefinition = (given: unknown): ClassDefinition.ClassDefinition => {
  const spec = isFields(given) ? given : {}
  return ClassDefinition.make(text(spec, "name"), list(spec["props"]).map(property), {
    superclass: typeof spec["super"] === "string" ? spec["super"] : undefined,
    qualifiers: qualifiers(spec["quals"]),
    methods: list(spec["methods"]).map(method)
  })
}

/** Decodes a context; `undefined` if none was sent. */
export const context = (input: unknown): NamedValueSet.NamedValueSet | undefined =>
  Array.isArray(input)
    ? NamedValueSet.make(list(input).map((fields) => [String(fields["n"]), plain(fields)] as const))
    : undefined
