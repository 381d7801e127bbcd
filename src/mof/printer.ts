/**
 * Prints objects as MOF text in the layout of `GetObjectText_` (`mof` 11): local members only, no system properties.
 * The printed text compiles to an equal object. An object that MOF cannot express is refused.
 *
 * A class is also printed without its ancestors, but three things need them ({@link PrintOptions.classOf}): the order
 * of redeclared members, `= NULL` for a redeclaration that sets no default, and the inherited default of a
 * redeclaration that changes qualifiers only.
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import * as CimDateTime from "../model/CimDateTime.ts"
import { type CimType, isCimType, type TypeRef } from "../model/CimType.ts"
import { coerce, isCoercionError } from "../model/CimValue.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type {
  CimValue,
  ClassDefinition,
  Instance,
  MethodDefinition,
  ParameterDefinition,
  PropertyDefinition,
  WbemObject
} from "../model/WbemObject.ts"
import { InvalidObject } from "../protocol/WbemError.ts"
import { deepest } from "./drafts.ts"
import { isName } from "./lexer.ts"

/**
 * Options of the printer.
 *
 * @since 0.1.0
 * @category models
 */
export interface PrintOptions {
  /**
   * Looks up a class by name: the class of an instance, of an embedded instance, or a class above them. It supplies the
   * types of values. Without it, numbers print in their natural form and a `bigint` prints as a 64-bit integer. For a
   * class it supplies the classes above: redeclared members are printed in the order of the hierarchy, with the
   * defaults that a put stores (CX-5).
   */
  readonly classOf?: ((name: string) => ClassDefinition | undefined) | undefined
  /** Whether qualifiers are printed with their flavours (the opposite of wbemTextFlagNoFlavors). Default: true. */
  readonly flavors?: boolean | undefined
}

/** Thrown within this module for an object that MOF cannot express; `print` catches it. */
export class Unprintable {
  readonly error: InvalidObject
  constructor(where: string, detail: string) {
    this.error = new InvalidObject({ property: where, rule: "mof 11", detail })
  }
}

/** Half of a surrogate pair, which no file can hold. */
const halfPair = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

const name = (text: string, where: string): string => {
  if (!isName(text) || halfPair.test(text)) {
    throw new Unprintable(where, `${JSON.stringify(text.slice(0, 80))} is no name in MOF`)
  }
  return text
}

/** A class name in the position of a type. */
const typeName = (text: string, where: string): string => {
  const word = text.toLowerCase()
  if (word === "void" || (isCimType(word) && word !== "reference")) {
    throw new Unprintable(where, `the class ${text} reads as the type of that name`)
  }
  return name(text, where)
}

/** The type word as written, when it names the type. */
const spelled = (type: CimType | "void", word: string | undefined): string =>
  word !== undefined && word.toLowerCase() === type ? word : type

/** Checks that the names of members differ, as a compiler requires. */
const assertDistinct = <A extends { readonly name: string }>(
  list: ReadonlyArray<A>,
  where: string
): ReadonlyArray<A> => {
  const seen = new Set<string>()
  for (const { name: of } of list) {
    const folded = CimName.fold(of)
    if (seen.has(folded)) throw new Unprintable(where, `it has ${of} twice`)
    seen.add(folded)
  }
  return list
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\b": "\\b",
  "\f": "\\f"
}

/** A unit as `\xNNNN`, always with four digits, because a compiler reads as many digits as follow. */
const unit = (character: string): string =>
  escapes[character] ?? `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`

// At the start of a file U+FEFF would be read as a byte order mark, and U+FFFE as one in the other byte order.
const escapedCharacters = /* @__PURE__ */ new RegExp(
  `["\\\\\\u0001-\\u001f\\u007f-\\u009f\\ufeff\\ufffe]|${halfPair.source}`,
  "g"
)

const quoted = (text: string, where: string): string => {
  if (text.includes("\0")) throw new Unprintable(where, "text holds U+0000")
  return `"${text.replace(escapedCharacters, unit)}"`
}

/** The shortest form that is read back unchanged, with a decimal point. */
const real = (value: number, isSingle: boolean, where: string): string => {
  if (!Number.isFinite(value)) throw new Unprintable(where, `${value} is no number of MOF`)
  const text = Object.is(value, -0) ? "-0" : isSingle ? shortestSingle(value) : String(value)
  const [digits, exponent] = text.split("e")
  const pointed = digits!.includes(".") ? digits! : `${digits}.0`
  return exponent === undefined ? pointed : `${pointed}e${exponent}`
}

/** Nine digits distinguish every real32; mostly fewer suffice. */
const shortestSingle = (value: number): string => {
  for (let precision = 1; precision < 9; precision++) {
    const shorter = Number(value.toPrecision(precision))
    if (Math.fround(shorter) === value) return String(shorter)
  }
  return String(value)
}

const number = (value: number, type: CimType | undefined, where: string): string => {
  // Without a declared type, a number that looks like an integer is printed as one.
  const isReal = type === undefined
    ? !Number.isSafeInteger(value) || Object.is(value, -0)
    : type.startsWith("real") || !Number.isInteger(value)
  return isReal ? real(value, type === "real32", where) : String(BigInt(value))
}

/** A value in the form of its declared type. A value that does not fit would not be read back. */
const coerced = (value: CimValue, type: TypeRef, where: string): CimValue => {
  const found = coerce(value, type)
  if (!isCoercionError(found)) return found
  // Intervals with asterisks can be read, though `CimDateTime` does not build them.
  const isInterval = type.type === "datetime"
    && (type.isArray ? Array.isArray(value) ? value : [] : [value]).every((one) =>
      typeof one === "string" && (CimDateTime.isCimDateTime(one) || CimDateTime.isInterval(one))
    )
  if (isInterval && Array.isArray(value) === type.isArray) return value
  throw new Unprintable(where, `its value is none of ${type.type}${type.isArray ? "[]" : ""}`)
}

/** The value and the qualifiers of one property of an instance. */
interface Member {
  readonly name: string
  readonly value: CimValue | undefined
  readonly qualifiers: ReadonlyArray<Qualifier.Qualifier>
}

/** Parameters in the order of their IDs, which is that of the call; without IDs as declared (`mof` 11). */
const inOrder = (parameters: ReadonlyArray<ParameterDefinition>): ReadonlyArray<ParameterDefinition> =>
  parameters.every(({ id }) => id !== undefined) ? [...parameters].sort((a, b) => a.id! - b.id!) : parameters

const isInOutPair = (one: ParameterDefinition, other: ParameterDefinition): boolean =>
  CimName.equals(one.name, other.name) && one.id === other.id && one.type === other.type
  && one.isArray === other.isArray && CimName.equals(one.className ?? "", other.className ?? "")
  && one.direction !== other.direction && one.direction !== "inout" && other.direction !== "inout"

/** A parameter that is declared once as in and once as out is printed once (`object-model` 8). */
const merged = (parameters: ReadonlyArray<ParameterDefinition>): ReadonlyArray<ParameterDefinition> => {
  const found: Array<ParameterDefinition> = []
  for (const parameter of parameters) {
    const at = found.findIndex((other) => isInOutPair(other, parameter))
    if (at < 0) found.push(parameter)
    else {
      const { qualifiers } = found[at]!
      const added = parameter.qualifiers.filter((q) => !Qualifier.has(qualifiers, q.name))
      found[at] = { ...found[at]!, direction: "inout", qualifiers: [...qualifiers, ...added] }
    }
  }
  return found
}

/** The rank of each redeclared member: its position in the order in which the classes above introduce their members. */
const ranked = (
  own: ReadonlyArray<{ readonly name: string }>,
  above: ReadonlyArray<ReadonlyArray<{ readonly name: string }>>
): ReadonlyMap<string, number> => {
  const names = new Set(own.map(({ name: of }) => CimName.fold(of)))
  const ranks = new Map<string, number>()
  for (let i = above.length - 1; i >= 0; i--) {
    for (const { name: of } of above[i]!) {
      const folded = CimName.fold(of)
      if (names.has(folded) && !ranks.has(folded)) ranks.set(folded, ranks.size)
    }
  }
  return ranks
}

/** Redeclared members in the order of the hierarchy, then new members as declared. */
const inHierarchy = <A extends { readonly name: string }>(
  own: ReadonlyArray<A>,
  above: ReadonlyArray<ReadonlyArray<{ readonly name: string }>>
): ReadonlyArray<A> => {
  const ranks = above.length === 0 ? undefined : ranked(own, above)
  if (ranks === undefined || ranks.size === 0) return own
  const rank = ({ name: of }: A): number => ranks.get(CimName.fold(of)) ?? ranks.size
  // The sort is stable.
  return [...own].sort((a, b) => rank(a) - rank(b))
}

class Printer {
  private readonly options: PrintOptions

  constructor(options: PrintOptions) {
    this.options = options
  }

  private value(value: CimValue, type: CimType | undefined, where: string, depth: number): string {
    if (value === null) return "NULL"
    switch (typeof value) {
      case "boolean":
        return value ? "TRUE" : "FALSE"
      case "bigint":
        if (value < -(2n ** 63n) || value >= 2n ** 64n) throw new Unprintable(where, `no type holds ${value}`)
        return `"${value}"`
      case "number":
        return number(value, type, where)
      case "string":
        return quoted(value, where)
    }
    if (Array.isArray(value)) return this.list(value as ReadonlyArray<CimValue>, type, where, depth)
    return `\n${this.embedded(value as WbemObject, where, depth)}`
  }

  private list(values: ReadonlyArray<CimValue>, type: CimType | undefined, where: string, depth: number): string {
    let hasObjects = false
    const elements = values.map((element) => {
      if (element === null) throw new Unprintable(where, "it holds an array with NULL, and MOF has none")
      if (Array.isArray(element)) throw new Unprintable(where, "it holds an array of arrays, and MOF has none")
      if (typeof element !== "object") return this.value(element, type, where, depth)
      hasObjects = true
      return this.embedded(element as WbemObject, where, depth)
    })
    return hasObjects ? `{\n${elements.join(", \n")}}` : `{${elements.join(", ")}}`
  }

  /** An embedded instance is not indented, whatever its depth. */
  private embedded(object: WbemObject, where: string, depth: number): string {
    if (object._tag === "Class") {
      throw new Unprintable(where, `it holds the class ${object.name}, and MOF has no embedded classes`)
    }
    if (depth >= deepest) throw new Unprintable(where, `embedded instances are more than ${deepest} deep`)
    return this.body(object, depth + 1)
  }

  private flavors({ flavor, name: of }: Qualifier.Qualifier): string {
    if (this.options.flavors === false || CimName.equals(of, "key")) return ""
    const words = [
      (flavor & Qualifier.Flavor.DisableOverride) !== 0 ? " DisableOverride" : "",
      (flavor & Qualifier.Flavor.ToInstance) !== 0 ? " ToInstance" : "",
      (flavor & Qualifier.Flavor.ToSubclass) !== 0 ? " ToSubClass" : "",
      (flavor & Qualifier.Flavor.Amended) !== 0 ? " Amended" : ""
    ].join("")
    return words === "" ? "" : `:${words}`
  }

  private qualifier(qualifier: Qualifier.Qualifier, where: string): string {
    const { type, value } = qualifier
    const of = Qualifier.spelling(qualifier.name)
    const at = `${where}, qualifier ${of}`
    const constant = (one: boolean | number | string): string => {
      if (typeof one === "number") {
        const isReal = type === "real64"
        if (!isReal && !(Number.isInteger(one) && one >= -2147483648 && one <= 2147483647)) {
          throw new Unprintable(at, `${one} is no sint32`)
        }
        return number(one, isReal ? "real64" : "sint32", at)
      }
      if (typeof one !== "boolean" && typeof one !== "string") {
        throw new Unprintable(at, "its value is no boolean, sint32, real64 or string")
      }
      return typeof one === "string" ? quoted(one, at) : one ? "TRUE" : "FALSE"
    }
    if (Array.isArray(value)) {
      const elements: ReadonlyArray<boolean | number | string> = value
      if (elements.some((one) => typeof one !== typeof elements[0])) {
        throw new Unprintable(at, "its values are of several types")
      }
      return `${name(of, at)}{${elements.map(constant).join(", ")}}${this.flavors(qualifier)}`
    }
    const written = value === true ? "" : `(${constant(value as boolean | number | string)})`
    return `${name(of, at)}${written}${this.flavors(qualifier)}`
  }

  /** Local qualifiers; inherited ones and CIMTYPE are not printed. */
  private local(list: ReadonlyArray<Qualifier.Qualifier>, where: string): ReadonlyArray<Qualifier.Qualifier> {
    // 0x60: origin bits, inherited or from the system.
    const local = list.filter((q) => (q.flavor & 0x60) === 0 && !CimName.equals(q.name, "cimtype"))
    return assertDistinct(local, where)
  }

  /** Qualifiers in brackets. */
  private qualifiers(list: ReadonlyArray<Qualifier.Qualifier>, after: string, where: string): string {
    const local = this.local(list, where)
    return local.length === 0 ? "" : `[${local.map((q) => this.qualifier(q, where)).join(", ")}]${after}`
  }

  private typed({ className, type, word }: PropertyDefinition | ParameterDefinition, where: string): string {
    if (type === "reference") return className === undefined ? "object ref" : `${typeName(className, where)} ref`
    if (type === "object" && className !== undefined) return typeName(className, where)
    return spelled(type, word)
  }

  /** The classes above a class, nearest first, as far as they are known, and whether all are known. */
  private above(of: ClassDefinition): { readonly classes: ReadonlyArray<ClassDefinition>; readonly isWhole: boolean } {
    const classes: Array<ClassDefinition> = []
    const { classOf } = this.options
    if (classOf === undefined) return { classes, isWhole: false }
    let at = of.superclass === "" ? undefined : of.superclass
    // Bounded, because two classes may name each other as superclass.
    while (at !== undefined && classes.length < 1000) {
      const found: ClassDefinition | undefined = classOf(at)
      if (found === undefined) return { classes, isWhole: false }
      classes.push(found)
      at = found.superclass
    }
    return { classes, isWhole: at === undefined }
  }

  /** The default of a property, as a put of this declaration stores it (CX-5). */
  private default(property: PropertyDefinition, above: ReturnType<Printer["above"]>, where: string): string {
    let isInherited = false
    let inherited: CimValue = null
    for (const one of above.classes) {
      const found = CimName.find(one.properties, property.name)
      if (found === undefined) continue
      isInherited = true
      if (found.inheritsDefault === true) continue
      inherited = found.value ?? null
      break
    }
    if (property.inheritsDefault === true) {
      return inherited === null ? "" : ` = ${this.value(coerced(inherited, property, where), property.type, where, 0)}`
    }
    const { value } = property
    if (value === undefined || value === null) {
      // On a new property, no default and NULL are the same, so nothing is printed when the property is known to be
      // new.
      const isNull = isInherited || (value === null && !above.isWhole)
      return isNull ? " = NULL" : ""
    }
    return ` = ${this.value(coerced(value, property, where), property.type, where, 0)}`
  }

  private property(property: PropertyDefinition, above: ReturnType<Printer["above"]>, className: string): string {
    const where = `${className}.${property.name}`
    return `\t${this.qualifiers(property.qualifiers, " ", where)}${this.typed(property, where)} ${
      name(property.name, where)
    }${property.isArray ? "[]" : ""}${this.default(property, above, where)};\n`
  }

  /** The qualifiers of a parameter. Its direction is always printed, its ID only when it differs from its position. */
  private parameterQualifiers(parameter: ParameterDefinition, isNumbered: boolean, where: string): string {
    const { direction, id } = parameter
    const local = this.local(parameter.qualifiers, where)
    for (const [word, holds] of [["In", direction !== "out"], ["Out", direction !== "in"]] as const) {
      const written = Qualifier.find(local, word)
      if (written !== undefined && (written.value === true) !== holds) {
        throw new Unprintable(where, `its qualifier ${word} contradicts its direction ${direction}`)
      }
    }
    const number = isNumbered && id !== undefined ? this.qualifier(Qualifier.make("ID", id), where) : undefined
    const texts: Array<string> = []
    let hasDirection = false
    for (const one of local) {
      const isIn = CimName.equals(one.name, "in")
      if (isIn || CimName.equals(one.name, "out")) {
        // Both directions are printed as `in,out` at the position of the first (`mof` 11). Their flavours are never
        // printed.
        if (direction === "inout") {
          if (!hasDirection) texts.push("in,out")
        } else texts.push(this.qualifier({ ...one, flavor: 0 }, where))
        hasDirection ||= one.value === true
      } else if (!CimName.equals(one.name, "id")) texts.push(this.qualifier(one, where))
      else if (number !== undefined) texts.push(number)
    }
    const missing = hasDirection ? [] : [direction === "inout" ? "in,out" : direction === "in" ? "In" : "Out"]
    if (number !== undefined && !Qualifier.has(local, "id")) missing.push(number)
    return `[${[...missing, ...texts].join(", ")}] `
  }

  private parameter(parameter: ParameterDefinition, isNumbered: boolean, method: string): string {
    const where = `${method}(${parameter.name})`
    const value = parameter.value === undefined
      ? ""
      : ` = ${this.value(coerced(parameter.value, parameter, where), parameter.type, where, 0)}`
    return `${this.parameterQualifiers(parameter, isNumbered, where)}${this.typed(parameter, where)} ${
      name(parameter.name, where)
    }${parameter.isArray ? "[]" : ""}${value}`
  }

  private method(method: MethodDefinition, className: string): string {
    const where = `${className}.${method.name}`
    const ordered = inOrder(merged(method.parameters))
    // Without any ID a compiler numbers the parameters 0, 1, 2, so these numbers are not printed.
    const isNumbered = ordered.some(({ id }, i) => id !== i) && ordered.some(({ id }) => id !== undefined)
    const parameters = ordered.map((parameter) => this.parameter(parameter, isNumbered, where))
    const returns = method.returns === "reference" ? "object ref" : spelled(method.returns, method.returnsWord)
    const qualifiers = this.qualifiers(method.qualifiers, "", where)
    return `\t${qualifiers} ${returns} ${name(method.name, where)}(${parameters.join(", ")});\n`
  }

  definition(of: ClassDefinition): string {
    assertDistinct(of.properties, of.name)
    assertDistinct(of.methods, of.name)
    const derived = of.superclass === undefined || of.superclass === "" ? "" : ` : ${name(of.superclass, of.name)}`
    const above = this.above(of)
    const properties = inHierarchy(of.properties, above.classes.map((one) => one.properties))
    const methods = inHierarchy(of.methods, above.classes.map((one) => one.methods))
    return `\n${this.qualifiers(of.qualifiers, "\n", of.name)}class ${name(of.name, "class")}${derived}\n{\n${
      properties.map((property) => this.property(property, above, of.name)).join("")
    }${methods.map((method) => this.method(method, of.name)).join("")}};\n`
  }

  /** The declaration of a property in a class or in one above it. */
  private declared(className: string, property: string): PropertyDefinition | undefined {
    const { classOf } = this.options
    for (let at = classOf?.(className), depth = 0; at !== undefined && depth < 1000; depth++) {
      const found = CimName.find(at.properties, property)
      if (found !== undefined) return found
      at = at.superclass === undefined ? undefined : classOf?.(at.superclass)
    }
    return undefined
  }

  /**
   * `instance of X { … }` without the semicolon, properties sorted by name. A property that was set to NULL is printed;
   * one that was never set is left out.
   */
  private body(of: Instance, depth: number): string {
    const members = new Map<string, Member>()
    for (const [property, value] of Object.entries(of.values)) {
      const folded = CimName.fold(property)
      if (members.has(folded)) throw new Unprintable(of.className, `it has ${property} twice`)
      members.set(folded, { name: property, value, qualifiers: [] })
    }
    for (const [property, qualifiers] of Object.entries(of.propertyQualifiers ?? {})) {
      const folded = CimName.fold(property)
      const { qualifiers: others = [], ...member } = members.get(folded) ?? { name: property, value: undefined }
      members.set(folded, { ...member, qualifiers: [...others, ...qualifiers] })
    }
    const lines = [...members.values()].sort((a, b) => CimName.compare(a.name, b.name)).map((member) => {
      const where = `${of.className}.${member.name}`
      const declared = this.declared(of.className, member.name)
      const qualifiers = this.qualifiers(member.qualifiers, " ", where)
      const { value } = member
      if (value === undefined && qualifiers === "") return ""
      const written = value === undefined
        ? ""
        : ` = ${
          this.value(declared === undefined ? value : coerced(value, declared, where), declared?.type, where, depth)
        }`
      return `\t${qualifiers}${name(member.name, where)}${written};\n`
    })
    return `${this.qualifiers(of.qualifiers, "\n", of.className)}instance of ${name(of.className, "instance")}\n{\n${
      lines.join("")
    }}`
  }

  instance(of: Instance): string {
    return `\n${this.body(of, 0)};\n`
  }
}

/** Prints one object. Throws {@link Unprintable}. */
export const text = (object: WbemObject, options: PrintOptions): string => {
  const printer = new Printer(options)
  return object._tag === "Class" ? printer.definition(object) : printer.instance(object)
}
