/**
 * Objects → MOF text, laid out as `GetObjectText_` prints them (`mof` 11): local members only, no system properties. What is
 * printed reads back as the same object; what MOF has no words for is refused and never printed wrong.
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import type { CimType } from "../model/CimType.ts"
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

/** What a printer can be given. */
export interface PrintOptions {
  /**
   * The class of an instance. It says the types of values, and which NULLs must be printed because the class has a default; without
   * it numbers print as they look.
   */
  readonly classOf?: ((name: string) => ClassDefinition | undefined) | undefined
  /** Whether qualifiers print with their flavours (wbemTextFlagNoFlavors); by default they do. */
  readonly flavors?: boolean | undefined
}

/** Thrown inside this file alone; `print` catches it. */
export class Unprintable {
  readonly error: InvalidObject
  constructor(where: string, detail: string) {
    this.error = new InvalidObject({ property: where, rule: "mof 11", detail })
  }
}

const identifier = /^[A-Za-z_\u0080-\uffef][A-Za-z0-9_\u0080-\uffef]*$/

const name = (text: string, where: string): string => {
  if (!identifier.test(text)) throw new Unprintable(where, `${JSON.stringify(text.slice(0, 80))} is no name in MOF`)
  return text
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

/** A unit as `\xNNNN`; always four digits, because a reader takes as many as there are. */
const unit = (character: string): string =>
  escapes[character] ?? `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`

// Halves of surrogate pairs cannot stand in a file; U+FEFF at its front would be taken for a mark.
const awkward = /["\\\u0001-\u001f\u007f\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const quoted = (text: string, where: string): string => {
  if (text.includes("\0")) throw new Unprintable(where, "text holds U+0000")
  return `"${text.replace(awkward, unit)}"`
}

/** The shortest form that reads back, with a point. */
const real = (value: number, where: string): string => {
  if (!Number.isFinite(value)) throw new Unprintable(where, `${value} is no number of MOF`)
  const text = Object.is(value, -0) ? "-0" : String(value)
  const [digits, exponent] = text.split("e")
  const pointed = digits!.includes(".") ? digits! : `${digits}.0`
  return exponent === undefined ? pointed : `${pointed}e${exponent}`
}

const number = (value: number, type: CimType | undefined, where: string): string => {
  const isReal = type === undefined ? !Number.isInteger(value) || Object.is(value, -0) : type.startsWith("real")
  // An integer beyond 2^53 that was made as a number has no other digits than these.
  return isReal ? real(value, where) : Number.isInteger(value) ? String(BigInt(value)) : real(value, where)
}

class Printer {
  private readonly options: PrintOptions

  constructor(options: PrintOptions) {
    this.options = options
  }

  private value(value: CimValue, type: CimType | undefined, indent: string, where: string): string {
    if (value === null) return "NULL"
    switch (typeof value) {
      case "boolean":
        return value ? "TRUE" : "FALSE"
      case "bigint":
        return String(value)
      case "number":
        return number(value, type, where)
      case "string":
        return quoted(value, where)
    }
    if (Array.isArray(value)) {
      const elements = (value as ReadonlyArray<CimValue>).map((element) => this.value(element, type, indent, where))
      return `{${elements.join(", ")}}`
    }
    const object = value as WbemObject
    if (object._tag === "Class") {
      throw new Unprintable(where, `it holds the class ${object.name}, and MOF has no embedded classes`)
    }
    return this.body(object, indent)
  }

  private flavors({ flavor, name: of }: Qualifier.Qualifier): string {
    if (this.options.flavors === false || CimName.equals(of, "key")) return ""
    const words = [
      (flavor & Qualifier.Flavor.Amended) !== 0 ? " Amended" : "",
      (flavor & Qualifier.Flavor.ToInstance) !== 0 ? " ToInstance" : "",
      (flavor & Qualifier.Flavor.ToSubclass) !== 0 ? " ToSubclass" : "",
      (flavor & Qualifier.Flavor.DisableOverride) !== 0 ? " DisableOverride" : ""
    ].join("")
    return words === "" ? "" : `:${words}`
  }

  private qualifier(qualifier: Qualifier.Qualifier, where: string): string {
    const { name: of, type, value } = qualifier
    const at = `${where}, qualifier ${of}`
    const constant = (one: boolean | number | string): string =>
      this.value(one, type === "real64" ? "real64" : type === "sint32" ? "sint32" : undefined, "", at)
    if (Array.isArray(value)) {
      const elements: ReadonlyArray<boolean | number | string> = value
      if (elements.length === 0) throw new Unprintable(at, "MOF has no empty list as the value of a qualifier")
      return `${name(of, at)}{${elements.map(constant).join(", ")}}${this.flavors(qualifier)}`
    }
    const written = value === true ? "" : `(${constant(value as boolean | number | string)})`
    return `${name(of, at)}${written}${this.flavors(qualifier)}`
  }

  /** Local qualifiers in brackets; inherited ones and CIMTYPE are not printed. */
  private qualifiers(list: ReadonlyArray<Qualifier.Qualifier>, after: string, where: string): string {
    const local = list.filter((q) => (q.flavor & 0x20) === 0 && !CimName.equals(q.name, "cimtype"))
    return local.length === 0 ? "" : `[${local.map((q) => this.qualifier(q, where)).join(", ")}]${after}`
  }

  private typed({ className, type }: PropertyDefinition | ParameterDefinition, where: string): string {
    if (type === "reference") return className === undefined ? "object ref" : `${name(className, where)} ref`
    return type === "object" && className !== undefined ? name(className, where) : type
  }

  private property(property: PropertyDefinition, className: string): string {
    const where = `${className}.${property.name}`
    const value = property.value === undefined ? "" : ` = ${this.value(property.value, property.type, "\t", where)}`
    return `\t${this.qualifiers(property.qualifiers, " ", where)}${this.typed(property, where)} ${
      name(property.name, where)
    }${property.isArray ? "[]" : ""}${value};\n`
  }

  /** A parameter says its direction; its ID only where the order does not. */
  private parameter(parameter: ParameterDefinition, id: number | undefined, method: string): string {
    const where = `${method}(${parameter.name})`
    const has = (of: string): boolean => Qualifier.has(parameter.qualifiers, of)
    const own = parameter.qualifiers.filter((q) => !CimName.equals(q.name, "id"))
    const missing = [
      parameter.direction !== "out" && !has("in") ? [Qualifier.make("In")] : [],
      parameter.direction !== "in" && !has("out") ? [Qualifier.make("Out")] : [],
      id === undefined ? [] : [Qualifier.make("ID", id)]
    ].flat()
    return `${this.qualifiers([...missing, ...own], " ", where)}${this.typed(parameter, where)} ${
      name(parameter.name, where)
    }${parameter.isArray ? "[]" : ""}`
  }

  private method(method: MethodDefinition, className: string): string {
    const where = `${className}.${method.name}`
    const inOrder = method.parameters.every((parameter, i) => (parameter.id ?? i) === i)
    const parameters = method.parameters.map((parameter) =>
      this.parameter(parameter, inOrder ? undefined : parameter.id, where)
    )
    return `\t${this.qualifiers(method.qualifiers, " ", where)}${method.returns} ${name(method.name, where)}(${
      parameters.join(", ")
    });\n`
  }

  definition(of: ClassDefinition): string {
    const above = of.superclass === undefined || of.superclass === "" ? "" : ` : ${name(of.superclass, of.name)}`
    return `\n${this.qualifiers(of.qualifiers, "\n", of.name)}class ${name(of.name, "class")}${above}\n{\n${
      of.properties.map((property) => this.property(property, of.name)).join("")
    }${of.methods.map((method) => this.method(method, of.name)).join("")}};\n`
  }

  /** The declaration that a class or one above it has of a property. */
  private declared(className: string, property: string): PropertyDefinition | undefined {
    const { classOf } = this.options
    for (let at = classOf?.(className), depth = 0; at !== undefined && depth < 1000; depth++) {
      const found = CimName.find(at.properties, property)
      if (found !== undefined) return found
      at = at.superclass === undefined ? undefined : classOf?.(at.superclass)
    }
    return undefined
  }

  /** `instance of X { … }` without the semicolon; properties by name, NULL left out unless the class would say otherwise. */
  private body(of: Instance, indent: string): string {
    const annotated = of.propertyQualifiers ?? {}
    const names = new Set([...Object.keys(of.values), ...Object.keys(annotated)])
    const lines = [...names].sort(CimName.compare).map((property) => {
      const where = `${of.className}.${property}`
      const declared = this.declared(of.className, property)
      const qualifiers = this.qualifiers(annotated[property] ?? [], " ", where)
      const value = of.values[property]
      const silent = value === undefined || (value === null && (declared?.value ?? null) === null)
      if (silent && qualifiers === "") return ""
      const written = silent ? "" : ` = ${this.value(value!, declared?.type, `${indent}\t`, where)}`
      return `${indent}\t${qualifiers}${name(property, where)}${written};\n`
    })
    return `${this.qualifiers(of.qualifiers, `\n${indent}`, of.className)}instance of ${
      name(of.className, "instance")
    }\n${indent}{\n${lines.join("")}${indent}}`
  }

  instance(of: Instance): string {
    return `\n${this.body(of, "")};\n`
  }
}

/** The text of one object. Throws `Unprintable`. */
export const text = (object: WbemObject, options: PrintOptions): string => {
  const printer = new Printer(options)
  return object._tag === "Class" ? printer.definition(object) : printer.instance(object)
}
