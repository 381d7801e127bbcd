/** Converts classes, instances and values of cases to those of the library, for `given` and `when` alike. */
import * as ResolvedClass from "../engine/classes/ResolvedClass.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as CimType from "../model/CimType.ts"
import * as Instance from "../model/Instance.ts"
import * as Method from "../model/Method.ts"
import * as Property from "../model/Property.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { CimValue, MethodDefinition, PlainClass, PropertyDefinition } from "../model/WbemObject.ts"
import * as Json from "./vocabulary.ts"

/** The namespace of every case. */
export const namespace = "root\\test"

const flavors: Readonly<Record<string, number>> = {
  ToInstance: Qualifier.Flavor.ToInstance,
  ToSubClass: Qualifier.Flavor.ToSubclass,
  EnableOverride: 0,
  DisableOverride: Qualifier.Flavor.DisableOverride,
  Amended: Qualifier.Flavor.Amended
}

/** The bits of a list of flavor names. */
export const flavorBits = (written: Json.Json, where: string): number =>
  Json.words(written, where, Object.keys(flavors)).reduce((bits, word) => bits | flavors[word]!, 0)

const defaultFlavor = (name: string): number => {
  const folded = name.toLowerCase()
  return folded === "key" ? 0x13 : folded === "not_null" || folded === "indexed" ? 0x03 : 0
}

const qualifiers = (written: Json.Json | undefined, where: string): ReadonlyArray<Qualifier.Qualifier> =>
  Object.entries(Json.object(written ?? {}, `${where}.qualifiers`)).map(([name, element]) => {
    const here = `${where}.qualifiers.${name}`
    const { flavors: flavorNames, value: plain } = Json.isObject(element)
      ? Json.fields(element, here, ["value", "flavors"])
      : { value: element, flavors: undefined }
    if (plain === undefined) throw new Json.CaseError(`${here}: there is no value`)
    const flavor = flavorNames === undefined ? defaultFlavor(name) : flavorBits(flavorNames, here)
    // The cast lets a value through that no qualifier can have; the case tests its refusal.
    return Qualifier.make(name, plain as Qualifier.QualifierValue, { flavor })
  })

/** The type of a text. A text that is no type becomes the name of an unknown type, brackets included. */
const typeRef = (written: string, isArray = false): CimType.TypeRef =>
  CimType.isCimType(written) || /^(reference|object):[^[\]]+$/.test(written)
    ? { ...CimType.parse(written), isArray }
    : { type: written as CimType.CimType, isArray }

const isWide = (type: string | undefined): boolean => type === "sint64" || type === "uint64"

/** Looks up the type of a property; `undefined` when the class or the property does not exist. */
export type TypeOf = (className: string, property: string) => CimType.CimType | undefined

export const typeIn = (snapshot: Snapshot.Snapshot): TypeOf => (className, property) => {
  const resolvedClass = Snapshot.resolvedClass(snapshot, namespace, className)
  return resolvedClass === undefined ? undefined : ResolvedClass.findProperty(resolvedClass, property)?.type
}

/** Converts a JSON value: `{class, props}` is an embedded instance. A `bigint` stays one for 64-bit types only. */
const value = (written: Json.Json, type: string | undefined, typeOf: TypeOf): CimValue => {
  if (typeof written === "bigint") return isWide(type) ? written : Number(written)
  if (Array.isArray(written)) return written.map((element: Json.Json) => value(element, type, typeOf)) as CimValue
  if (!Json.isObject(written)) return written as CimValue
  const { class: className, props } = Json.fields(written, "embedded object", ["class", "props"])
  const name = Json.text(className, "embedded object")
  return Instance.make(name, values(name, props, typeOf))
}

/** Converts the values of an instance. */
export const values = (
  className: string,
  props: Json.Json | undefined,
  typeOf: TypeOf
): Record<string, CimValue> =>
  Object.fromEntries(
    Object.entries(Json.object(props, `props of ${className}`))
      .map(([name, written]) => [name, value(written, typeOf(className, name), typeOf)])
  )

/**
 * Converts an expected value to the precision of its type: a `real32` has fewer digits than the number in the JSON text
 * (`object-model` 1).
 */
export const expectedValue = (written: Json.Json, type: string | undefined, typeOf: TypeOf): Json.Json => {
  if (typeof written === "number") return type === "real32" ? Math.fround(written) : written
  if (Array.isArray(written)) return written.map((element: Json.Json) => expectedValue(element, type, typeOf))
  if (!Json.isObject(written) || typeof written["class"] !== "string" || !Json.isObject(written["props"])) {
    return written
  }
  return { ...written, props: expectedValues(written["class"], written["props"], typeOf) }
}

/** Converts the expected properties of an instance as {@link expectedValue} converts one value, each by its type in the class. */
export const expectedValues = (className: string, props: Json.JsonObject, typeOf: TypeOf): Json.JsonObject =>
  Object.fromEntries(
    Object.entries(props).map(([name, wanted]) => [name, expectedValue(wanted, typeOf(className, name), typeOf)])
  )

/** Converts the values of a named value set, which have no declared types. */
export const contextValues = (written: Json.JsonObject): Record<string, CimValue> =>
  values("", written, () => undefined)

const property = (name: string, ref: CimType.TypeRef, options?: Property.Options): PropertyDefinition =>
  Property.named(name, { ...Property.make("string", options), ...ref })

const generated = (written: Json.Json | undefined, where: string): ReadonlyArray<PropertyDefinition> => {
  if (written === undefined) return []
  const { count, prefix, type } = Json.fields(written, where, ["prefix", "count", "type"])
  return Array.from(
    { length: Json.integer(count, where) },
    (_, i) => property(`${Json.text(prefix, where)}${i + 1}`, typeRef(Json.text(type, where)))
  )
}

const properties = (written: Json.JsonObject, where: string, typeOf: TypeOf): Array<PropertyDefinition> => [
  ...Json.list(written["properties"], `${where}.properties`).map((element) => {
    const p = Json.fields(element, `${where}.properties`, ["name", "type", "array", "default", "qualifiers"])
    const name = Json.text(p["name"], `${where}.properties`)
    const here = `${where}.${name}`
    const type = Json.text(p["type"], here)
    return property(name, typeRef(type, Json.truth(p["array"], here)), {
      ...(p["default"] === undefined ? {} : { value: value(p["default"], type, typeOf) }),
      qualifiers: qualifiers(p["qualifiers"], here)
    })
  }),
  ...generated(written["generateProperties"], `${where}.generateProperties`)
]

const signature = /^(\S+) \((.*)\)$/
/** A parameter; its name is any text without blanks, commas and brackets. */
const parameter = /^\[(in|out)\] (\S+) ([^\s,()[\]{}<>]+)$/

const methods = (written: Json.Json | undefined, where: string, typeOf: TypeOf): Array<MethodDefinition> =>
  Json.list(written, `${where}.methods`).map((element) => {
    const m = Json.fields(element, `${where}.methods`, ["name", "signature", "defaults"])
    const signatureText = Json.text(m["signature"], `${where}.methods`)
    const defaults = Json.object(m["defaults"] ?? {}, `${where}.methods.defaults`)
    const [, returns, inside] = signature.exec(signatureText) ?? []
    if (returns === undefined) throw new Json.CaseError(`${where}: bad signature ${signatureText}`)
    const parts = inside === "" ? [] : inside!.split(", ").map((part) => {
      const [, direction, type, name] = parameter.exec(part) ?? []
      if (name === undefined) throw new Json.CaseError(`${where}: bad parameter ${part}`)
      return { name, type: type!, direction: direction as "in" | "out" }
    })
    const strange = Object.keys(defaults).filter((name) => parts.every((part) => part.name !== name))
    if (strange.length > 0) {
      throw new Json.CaseError(`${where}: ${signatureText} has no parameter ${strange.join(", ")}`)
    }
    const made = Method.make("void", parts.map(({ direction, name }) => ({ name, type: "string", direction })))
    return Method.named(Json.text(m["name"], `${where}.methods`), {
      ...made,
      // A type that is not in the vocabulary is refused by the put (CS-20).
      returns: returns as MethodDefinition["returns"],
      parameters: Object.freeze(made.parameters.map((element, i) => {
        const { name, type } = parts[i]!
        return Object.freeze({
          ...element,
          ...typeRef(type),
          ...(defaults[name] === undefined ? {} : { value: value(defaults[name], type, typeOf) })
        })
      }))
    })
  })

const className = (written: Json.JsonObject): string => {
  if (written["generateName"] === undefined) return Json.textOr(written["name"], "", "class.name")
  const { char, length } = Json.fields(written["generateName"], "generateName", ["char", "length"])
  return Json.text(char, "generateName").repeat(Json.integer(length, "generateName"))
}

export const classFields: ReadonlyArray<string> = [
  "name",
  "superclass",
  "qualifiers",
  "properties",
  "methods",
  "generateProperties"
]

/** Converts a class. The result is not frozen, so that the caller can change it after the call. */
export const classObject = (written: Json.JsonObject, typeOf: TypeOf): PlainClass => {
  const name = className(written)
  const where = `class ${name.slice(0, 40)}`
  return {
    _tag: "Class",
    name,
    superclass: written["superclass"] === null ? undefined : Json.textOr(written["superclass"], undefined, where),
    qualifiers: qualifiers(written["qualifiers"], where),
    properties: properties(written, where, typeOf),
    methods: methods(written["methods"], where, typeOf),
    ...(Json.truth(written["amended"], where) ? { amended: true } : {})
  }
}
