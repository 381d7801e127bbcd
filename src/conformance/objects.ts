/** Classes, instances and values as the cases write them → those of the library. The same for setup and call. */
import * as ResolvedClass from "../engine/classes/ResolvedClass.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as CimType from "../model/CimType.ts"
import * as Instance from "../model/Instance.ts"
import * as Method from "../model/Method.ts"
import * as Property from "../model/Property.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { CimValue, ClassDefinition, MethodDefinition, PropertyDefinition } from "../model/WbemObject.ts"
import {
  CaseError,
  fields,
  integer,
  isObject,
  type Json,
  type JsonObject,
  list,
  object,
  text,
  textOr,
  truth,
  words
} from "./vocabulary.ts"

export const namespace = "root\\test"

const flavors: Readonly<Record<string, number>> = {
  ToInstance: Qualifier.Flavor.ToInstance,
  ToSubClass: Qualifier.Flavor.ToSubclass,
  EnableOverride: 0,
  DisableOverride: Qualifier.Flavor.DisableOverride,
  Amended: Qualifier.Flavor.Amended
}

/** The bits of a list of flavors. */
export const flavorBits = (written: Json, where: string): number =>
  words(written, where, Object.keys(flavors)).reduce((bits, word) => bits | flavors[word]!, 0)

const defaultFlavor = (name: string): number => {
  const folded = name.toLowerCase()
  return folded === "key" ? 0x13 : folded === "not_null" || folded === "indexed" ? 0x03 : 0
}

const qualifiers = (written: Json | undefined, where: string): ReadonlyArray<Qualifier.Qualifier> =>
  Object.entries(object(written ?? {}, `${where}.qualifiers`)).map(([name, one]) => {
    const here = `${where}.qualifiers.${name}`
    const { flavors: given, value: plain } = isObject(one)
      ? fields(one, here, ["value", "flavors"])
      : { value: one, flavors: undefined }
    if (plain === undefined) throw new CaseError(`${here}: there is no value`)
    const flavor = given === undefined ? defaultFlavor(name) : flavorBits(given, here)
    // A value that no qualifier can have goes in by force: that it is refused is what such a case is about.
    return Qualifier.make(name, plain as Qualifier.QualifierValue, { flavor })
  })

/** A type of the vocabulary; any other text is the name of a type that nobody knows, brackets included. */
const typeRef = (written: string, isArray = false): CimType.TypeRef =>
  CimType.isCimType(written) || /^(reference|object):[^[\]]+$/.test(written)
    ? { ...CimType.parse(written), isArray }
    : { type: written as CimType.CimType, isArray }

const isWide = (type: string | undefined): boolean => type === "sint64" || type === "uint64"

/** The type of a property of a class that an instance is of; `undefined` when there is none. */
export type TypeOf = (className: string, property: string) => CimType.CimType | undefined

export const typeIn = (snapshot: Snapshot.Snapshot): TypeOf => (className, property) => {
  const resolvedClass = Snapshot.resolvedClass(snapshot, namespace, className)
  return resolvedClass === undefined ? undefined : ResolvedClass.findProperty(resolvedClass, property)?.type
}

/** A JSON value: `{class, props}` is an embedded instance, an integer beyond a double is one for 64-bit types alone. */
const value = (written: Json, type: string | undefined, typeOf: TypeOf): CimValue => {
  if (typeof written === "bigint") return isWide(type) ? written : Number(written)
  if (Array.isArray(written)) return written.map((element: Json) => value(element, type, typeOf)) as CimValue
  if (!isObject(written)) return written as CimValue
  const { class: className, props } = fields(written, "embedded object", ["class", "props"])
  const name = text(className, "embedded object")
  return Instance.make(name, values(name, props, typeOf))
}

/** The values of an instance of a class. */
export const values = (
  className: string,
  props: Json | undefined,
  typeOf: TypeOf
): Record<string, CimValue> =>
  Object.fromEntries(
    Object.entries(object(props, `props of ${className}`))
      .map(([name, written]) => [name, value(written, typeOf(className, name), typeOf)])
  )

/**
 * A value that is expected, in the form of its type: a single-precision number has fewer digits than one that JSON writes
 * (`object-model` 1).
 */
export const expectedValue = (written: Json, type: string | undefined, typeOf: TypeOf): Json => {
  if (typeof written === "number") return type === "real32" ? Math.fround(written) : written
  if (Array.isArray(written)) return written.map((element: Json) => expectedValue(element, type, typeOf))
  if (!isObject(written) || typeof written["class"] !== "string" || !isObject(written["props"])) return written
  return { ...written, props: expectedValues(written["class"], written["props"], typeOf) }
}

/** The same of the properties of an instance. */
export const expectedValues = (className: string, props: JsonObject, typeOf: TypeOf): JsonObject =>
  Object.fromEntries(
    Object.entries(props).map(([name, wanted]) => [name, expectedValue(wanted, typeOf(className, name), typeOf)])
  )

/** The values of a named value set: of no class, so a number is a number. */
export const contextValues = (written: JsonObject): Record<string, CimValue> => values("", written, () => undefined)

const property = (name: string, ref: CimType.TypeRef, options?: Property.Options): PropertyDefinition =>
  Property.named(name, { ...Property.make("string", options), ...ref })

const generated = (written: Json | undefined, where: string): ReadonlyArray<PropertyDefinition> => {
  if (written === undefined) return []
  const { count, prefix, type } = fields(written, where, ["prefix", "count", "type"])
  return Array.from(
    { length: integer(count, where) },
    (_, i) => property(`${text(prefix, where)}${i + 1}`, typeRef(text(type, where)))
  )
}

const properties = (written: JsonObject, where: string, typeOf: TypeOf): Array<PropertyDefinition> => [
  ...list(written["properties"], `${where}.properties`).map((one) => {
    const p = fields(one, `${where}.properties`, ["name", "type", "array", "default", "qualifiers"])
    const name = text(p["name"], `${where}.properties`)
    const here = `${where}.${name}`
    const type = text(p["type"], here)
    return property(name, typeRef(type, truth(p["array"], here)), {
      ...(p["default"] === undefined ? {} : { value: value(p["default"], type, typeOf) }),
      qualifiers: qualifiers(p["qualifiers"], here)
    })
  }),
  ...generated(written["generateProperties"], `${where}.generateProperties`)
]

const signature = /^(\S+) \((.*)\)$/
/** A name is any text without blanks, commas and brackets. */
const parameter = /^\[(in|out)\] (\S+) ([^\s,()[\]{}<>]+)$/

const methods = (written: Json | undefined, where: string, typeOf: TypeOf): Array<MethodDefinition> =>
  list(written, `${where}.methods`).map((one) => {
    const m = fields(one, `${where}.methods`, ["name", "signature", "defaults"])
    const given = text(m["signature"], `${where}.methods`)
    const defaults = object(m["defaults"] ?? {}, `${where}.methods.defaults`)
    const [, returns, inside] = signature.exec(given) ?? []
    if (returns === undefined) throw new CaseError(`${where}: bad signature ${given}`)
    const parts = inside === "" ? [] : inside!.split(", ").map((part) => {
      const [, direction, type, name] = parameter.exec(part) ?? []
      if (name === undefined) throw new CaseError(`${where}: bad parameter ${part}`)
      return { name, type: type!, direction: direction as "in" | "out" }
    })
    const strange = Object.keys(defaults).filter((name) => parts.every((part) => part.name !== name))
    if (strange.length > 0) throw new CaseError(`${where}: ${given} has no parameter ${strange.join(", ")}`)
    const made = Method.make("void", parts.map(({ direction, name }) => ({ name, type: "string", direction })))
    return Method.named(text(m["name"], `${where}.methods`), {
      ...made,
      // A type that is not in the vocabulary is refused by the put (CS-20).
      returns: returns as MethodDefinition["returns"],
      parameters: Object.freeze(made.parameters.map((one, i) => {
        const { name, type } = parts[i]!
        return Object.freeze({
          ...one,
          ...typeRef(type),
          ...(defaults[name] === undefined ? {} : { value: value(defaults[name], type, typeOf) })
        })
      }))
    })
  })

const className = (written: JsonObject): string => {
  if (written["generateName"] === undefined) return textOr(written["name"], "", "class.name")
  const { char, length } = fields(written["generateName"], "generateName", ["char", "length"])
  return text(char, "generateName").repeat(integer(length, "generateName"))
}

export const classFields: ReadonlyArray<string> = [
  "name",
  "superclass",
  "qualifiers",
  "properties",
  "methods",
  "generateProperties"
]

/** A class. The caller's own copy: its lists can still be changed. */
export const classObject = (written: JsonObject, typeOf: TypeOf): ClassDefinition => {
  const name = className(written)
  const where = `class ${name.slice(0, 40)}`
  return {
    _tag: "Class",
    name,
    superclass: written["superclass"] === null ? undefined : textOr(written["superclass"], undefined, where),
    qualifiers: qualifiers(written["qualifiers"], where),
    properties: properties(written, where, typeOf),
    methods: methods(written["methods"], where, typeOf),
    ...(truth(written["amended"], where) ? { amended: true } : {})
  }
}
