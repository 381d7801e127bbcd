/**
 * Requests read back out of what was sent to a host: the other direction of `hostObjects` and `hostValues`. What does not look
 * like one of this library's own messages is left out.
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

const isFields = (u: unknown): u is Fields => typeof u === "object" && u !== null && !Array.isArray(u)

/** The objects of a list; nothing of what is none. */
export const list = (u: unknown): Items => Array.isArray(u) ? u.filter(isFields) : []

const whole = /^-?\d+$/

const scalar = (u: unknown, form: CimType.Form | undefined): CimValue => {
  if (isFields(u)) return instance(u)
  if (typeof u !== "string") return u === true
  switch (form) {
    case "integer":
    case "char16":
    case "real":
      return Number(u)
    case "bigint":
      return whole.test(u) ? BigInt(u) : u
    default:
      return u
  }
}

const value = (u: unknown, form: CimType.Form | undefined): CimValue =>
  u === null || u === undefined
    ? null
    : Array.isArray(u)
    ? u.map((one) => scalar(one, form)) as CimValue
    : scalar(u, form)

const rowOf = (t: unknown): CimType.TypeRow | undefined => {
  const type = typeof t === "number" ? CimType.fromNumber(t) : undefined
  return type === undefined ? undefined : CimType.row(type)
}

const text = (u: unknown, key: string): string => isFields(u) && typeof u[key] === "string" ? u[key] : ""

/** An instance as it was sent. */
export const instance = (spec: unknown): Instance.Instance =>
  Instance.make(
    text(spec, "class"),
    Object.fromEntries(
      list(isFields(spec) ? spec["props"] : []).map((one) => [String(one["n"]), value(one["v"], rowOf(one["t"])?.form)])
    )
  )

const plainForms: Readonly<Record<string, CimType.Form>> = { s: "string", i: "integer", b: "boolean", r: "real" }
const qualifierTypes: Readonly<Record<string, Qualifier.QualifierType>> = {
  s: "string",
  i: "sint32",
  b: "boolean",
  r: "real64"
}

const plain = (one: Fields): CimValue => value(one["v"], plainForms[String(one["k"])])

const qualifiers = (u: unknown): ReadonlyArray<Qualifier.Qualifier> =>
  list(u).map((one) =>
    // A plain value of these four kinds is what a qualifier holds.
    Qualifier.make(String(one["n"]), plain(one) as Qualifier.QualifierValue, {
      flavor: Number(one["f"]),
      type: qualifierTypes[String(one["k"])]
    })
  )

const typeRef = (one: Fields): CimType.TypeRef => ({
  type: rowOf(one["t"])?.name ?? "string",
  isArray: one["a"] === true,
  ...(typeof one["of"] === "string" ? { className: one["of"] } : {}),
  ...(typeof one["w"] === "string" ? { word: one["w"] } : {})
})

/** The default of a property or parameter; `undefined` when none was sent. */
const defaultOf = (one: Fields, { type }: CimType.TypeRef): CimValue | undefined =>
  "d" in one ? value(one["d"], CimType.row(type)!.form) : undefined

const property = (one: Fields): PropertyDefinition => {
  const ref = typeRef(one)
  return Property.named(String(one["n"]), {
    ...ref,
    value: defaultOf(one, ref),
    ...(one["keep"] === true ? { inheritsDefault: true } : {}),
    qualifiers: qualifiers(one["quals"])
  })
}

/** The directions whose spelling was sent. */
const directions = (one: Fields): ReadonlyArray<Qualifier.Qualifier> =>
  [one["in"], one["out"]].flatMap((name) => typeof name === "string" ? [Qualifier.make(name)] : [])

const parameter = (one: Fields, direction: ParameterDefinition["direction"]): ParameterDefinition => {
  const ref = typeRef(one)
  const value = defaultOf(one, ref)
  return {
    name: String(one["n"]),
    ...ref,
    direction,
    id: typeof one["at"] === "number" ? one["at"] : undefined,
    ...(value === undefined ? {} : { value }),
    qualifiers: [...directions(one), ...qualifiers(one["quals"])]
  }
}

const method = (one: Fields): MethodDefinition => {
  const ins = list(one["ins"])
  const outs = list(one["outs"])
  const isIn = (name: unknown): boolean => ins.some((other) => other["n"] === name)
  const isOut = (name: unknown): boolean => outs.some((other) => other["n"] === name)
  const returned = outs.find((other) => other["n"] === "ReturnValue" && other["at"] === undefined)
  const parameters = [
    ...ins.map((p) => parameter(p, isOut(p["n"]) ? "inout" : "in")),
    ...outs.filter((p) => p !== returned && !isIn(p["n"])).map((p) => parameter(p, "out"))
  ]
  const { type, word } = returned === undefined ? { type: "void" as const, word: undefined } : typeRef(returned)
  return Method.named(String(one["n"]), {
    returns: type,
    ...(word === undefined ? {} : { returnsWord: word }),
    parameters: parameters.sort((a, b) => (a.id ?? 0) - (b.id ?? 0)),
    qualifiers: qualifiers(one["quals"])
  })
}

/** A class as it was sent. */
export const classDefinition = (given: unknown): ClassDefinition.ClassDefinition => {
  const spec = isFields(given) ? given : {}
  return ClassDefinition.make(text(spec, "name"), list(spec["props"]).map(property), {
    superclass: typeof spec["super"] === "string" ? spec["super"] : undefined,
    qualifiers: qualifiers(spec["quals"]),
    methods: list(spec["methods"]).map(method)
  })
}

/** A context as it was sent. */
export const context = (u: unknown): NamedValueSet.NamedValueSet | undefined =>
  Array.isArray(u) ? NamedValueSet.make(list(u).map((one) => [String(one["n"]), plain(one)] as const)) : undefined
