/**
 * The grammar of MOF (`mof` 3 to 7): tokens → declarations. One declaration at a time; after an error it goes on at the next one.
 *
 * Nothing recurses into the text but embedded instances, and those are bounded, so neither a hostile nor a broken file can
 * exhaust the stack.
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import { type CimType, isCimType, type TypeRef } from "../model/CimType.ts"
import * as Instance from "../model/Instance.ts"
import * as Method from "../model/Method.ts"
import * as Property from "../model/Property.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { CimValue, MethodDefinition, ParameterDefinition, PropertyDefinition } from "../model/WbemObject.ts"
import { type Constant, natural, scalar } from "./constants.ts"
import { type CodeName, Fault } from "./faults.ts"
import { Lexer } from "./lexer.ts"

/** Deepest nesting of embedded instances (`instance-put` K-8). */
const deepest = 64

/** What a `Qualifier …;` declaration put in force. */
export interface Declared {
  readonly flavor: number
  readonly type: CimType | undefined
  /** The default of a boolean: the DMTF declares `In` TRUE. */
  readonly value: Constant | undefined
}

/** Names and values of one instance, before aliases are resolved. */
export interface Assignment {
  readonly name: string
  readonly offset: number
  /** `undefined`: only qualifiers were written. */
  readonly constant: Constant | undefined
  readonly constantOffset: number
  readonly qualifiers: ReadonlyArray<Qualifier.Qualifier>
}

export interface InstanceDraft {
  readonly className: string
  readonly alias: string | undefined
  readonly qualifiers: ReadonlyArray<Qualifier.Qualifier>
  readonly assignments: ReadonlyArray<Assignment>
}

export interface ClassDraft {
  readonly name: string
  readonly alias: string | undefined
  readonly superclass: string | undefined
  readonly qualifiers: ReadonlyArray<Qualifier.Qualifier>
  readonly properties: ReadonlyArray<PropertyDefinition>
  readonly methods: ReadonlyArray<MethodDefinition>
  /** Whether it has a body; one without is a forward declaration. */
  readonly hasBody: boolean
  /** Defaults of references that are aliases. */
  readonly aliases: ReadonlyArray<{ readonly property: string; readonly alias: string; readonly offset: number }>
}

/** What the parser needs of its surroundings. */
export interface Surroundings {
  readonly qualifiers: Map<string, Declared>
  /** The declared type of a property of a class, when anybody knows it. */
  readonly typeOf: (className: string, property: string) => TypeRef | undefined
  readonly warn: (offset: number, message: string) => void
  /** Counts as written. */
  readonly counts: {
    properties: number
    references: number
    methods: number
    parameters: number
    qualifierUses: number
  }
}

const flavorWords: Readonly<Record<string, number>> = {
  toinstance: Qualifier.Flavor.ToInstance,
  tosubclass: Qualifier.Flavor.ToSubclass,
  nottoinstance: 0,
  nottosubclass: 0,
  enableoverride: 0,
  disableoverride: Qualifier.Flavor.DisableOverride,
  restricted: 0,
  amended: Qualifier.Flavor.Amended,
  translatable: Qualifier.Flavor.Amended
}

const lower = (text: string): string => text.toLowerCase()

export class Parser {
  readonly lexer: Lexer
  private readonly around: Surroundings

  constructor(text: string, around: Surroundings) {
    this.around = around
    this.lexer = new Lexer(text, around.warn)
  }

  fail(
    code: CodeName,
    expected: string,
    offset: number = this.lexer.start,
    found: string = this.lexer.describe()
  ): never {
    throw new Fault(offset, code, found, expected)
  }

  is(punctuation: string): boolean {
    return this.lexer.kind === "punctuation" && this.lexer.value === punctuation
  }

  word(name: string): boolean {
    return this.lexer.kind === "name" && this.lexer.value.length === name.length && lower(this.lexer.value) === name
  }

  take(punctuation: string): boolean {
    if (!this.is(punctuation)) return false
    this.lexer.next()
    return true
  }

  expect(punctuation: string, code: CodeName): void {
    if (!this.take(punctuation)) this.fail(code, `'${punctuation}'`)
  }

  name(code: CodeName, expected: string): string {
    if (this.lexer.kind !== "name") this.fail(code, expected)
    const name = this.lexer.value
    this.lexer.next()
    return name
  }

  private alias(): string | undefined {
    if (!this.word("as")) return undefined
    this.lexer.next()
    if (this.lexer.kind !== "alias") this.fail("DollarExpected", "$ and a name")
    const alias = this.lexer.value
    this.lexer.next()
    return alias
  }

  /** One or more strings side by side are one string. */
  private strings(): string {
    let value = this.lexer.value
    this.lexer.next()
    if (this.lexer.kind !== "string") return value
    const parts = [value]
    while (this.lexer.kind === "string") {
      parts.push(this.lexer.value)
      this.lexer.next()
    }
    value = parts.join("")
    return value
  }

  /** A constant without braces; `undefined` when none begins here. */
  private single(): Constant | undefined {
    const { lexer } = this
    switch (lexer.kind) {
      case "string":
        return { _tag: "String", value: this.strings() }
      case "integer": {
        const value = lexer.integer
        lexer.next()
        return { _tag: "Integer", value }
      }
      case "real": {
        const value = lexer.real
        lexer.next()
        return { _tag: "Real", value }
      }
      case "char": {
        const value = Number(lexer.integer)
        lexer.next()
        return { _tag: "Char", value }
      }
      case "name": {
        const word = lower(lexer.value)
        const constant: Constant | undefined = word === "true" || word === "false"
          ? { _tag: "Boolean", value: word === "true" }
          : word === "null"
          ? { _tag: "Null" }
          : undefined
        if (constant !== undefined) lexer.next()
        return constant
      }
      default:
        return undefined
    }
  }

  /** A value: a constant, an alias, an embedded instance, or one level of braces around those. */
  value(depth: number): Constant {
    const { lexer } = this
    if (!this.take("{")) return this.element(depth)
    const elements: Array<Constant> = []
    const offsets: Array<number> = []
    if (this.take("}")) return { _tag: "Array", elements, offsets }
    for (;;) {
      if (this.is("{")) this.fail("UnexpectedArray", "an element; arrays have one dimension")
      const offset = lexer.start
      const element = this.element(depth)
      if (element._tag === "Null") this.fail("NullArrayElement", "an element that is not NULL", offset, "'NULL'")
      elements.push(element)
      offsets.push(offset)
      if (this.take("}")) return { _tag: "Array", elements, offsets }
      this.expect(",", "CloseBraceExpected")
    }
  }

  private element(depth: number): Constant {
    const { lexer } = this
    if (lexer.kind === "alias") {
      if (depth > 0) this.fail("AliasInEmbedded", "a value; an embedded object takes no alias")
      const alias: Constant = { _tag: "Alias", name: lexer.value, offset: lexer.start }
      lexer.next()
      return alias
    }
    const offset = lexer.start
    const qualifiers = this.is("[") ? this.qualifierList() : []
    if (this.word("instance")) {
      if (depth >= deepest) this.fail("QuotaViolation", `embedded instances at most ${deepest} deep`)
      return { _tag: "Object", value: this.embedded(qualifiers, depth + 1) }
    }
    const constant = this.single()
    if (constant === undefined || qualifiers.length > 0) this.fail("IllegalConstant", "a value", offset)
    return constant
  }

  private embedded(qualifiers: ReadonlyArray<Qualifier.Qualifier>, depth: number): Instance.Instance {
    const draft = this.instanceBody(qualifiers, depth)
    const values: Record<string, CimValue> = {}
    for (const { constant, constantOffset, name } of draft.assignments) {
      if (constant !== undefined) values[name] = this.typed(draft.className, name, constant, constantOffset)
    }
    return Instance.make(draft.className, values, { qualifiers })
  }

  /** The value of a property of a class, in its declared type if anybody knows it. */
  typed(className: string, property: string, constant: Constant, offset: number): CimValue {
    const type = this.around.typeOf(className, property)
    if (type !== undefined) return this.convert(constant, type, property, offset)
    const value = natural(constant)
    if (value === undefined) this.fail("UnexpectedAlias", "a value", offset, "an alias")
    return value
  }

  /** A constant as a value of a type. */
  convert(constant: Constant, type: TypeRef, property: string, offset: number): CimValue {
    const what = `a value of ${property}, which is ${type.type}${type.isArray ? "[]" : ""}`
    const one = (element: Constant, at: number): CimValue => {
      const kept = scalar(element, type.type)
      return "wrong" in kept ? this.fail(kept.wrong, what, at, "this value") : kept.value
    }
    if (constant._tag === "Null") return null
    if (!type.isArray) return one(constant, offset)
    if (constant._tag !== "Array") this.fail("TypeMismatch", what, offset, "a value without braces")
    return constant.elements.map((element, i) => one(element, constant.offsets[i]!)) as CimValue
  }

  // Qualifiers

  /** `[ … ]`, the bracket included. */
  qualifierList(): ReadonlyArray<Qualifier.Qualifier> {
    const found: Array<Qualifier.Qualifier> = []
    const seen = new Set<string>()
    this.expect("[", "QualifierNameExpected")
    for (;;) {
      const offset = this.lexer.start
      const name = this.name("QualifierNameExpected", "the name of a qualifier")
      const folded = lower(name)
      if (folded === "cimtype") {
        this.fail("CimtypeNotAllowed", "another qualifier; CIMTYPE is made by the server", offset, `'${name}'`)
      }
      if (seen.has(folded)) this.fail("DuplicateQualifier", "each qualifier once", offset, `'${name}' again`)
      seen.add(folded)
      found.push(this.qualifier(name, folded, offset))
      this.around.counts.qualifierUses++
      if (this.take("]")) return found
      this.expect(",", "CloseBracketExpected")
    }
  }

  private qualifier(name: string, folded: string, offset: number): Qualifier.Qualifier {
    const declared = this.around.qualifiers.get(folded)
    let constant: Constant = { _tag: "Boolean", value: true }
    if (this.take("(")) {
      if (this.is("{")) constant = this.value(0)
      else {
        const written = this.single()
        if (written === undefined) this.fail("IllegalConstant", `a value of ${name}`)
        constant = written
      }
      this.expect(")", "CloseParenExpected")
    } else if (this.is("{")) constant = this.value(0)
    const flavor = this.take(":") ? this.flavors() : declared?.flavor
    const { type, value } = this.qualifierValue(name, constant, declared?.type, offset)
    return Qualifier.make(name, value, { type, ...(folded === "key" || flavor === undefined ? {} : { flavor }) })
  }

  private qualifierValue(
    name: string,
    constant: Constant,
    declared: CimType | undefined,
    offset: number
  ): { readonly value: Qualifier.QualifierValue; readonly type: Qualifier.QualifierType | undefined } {
    const elements = constant._tag === "Array" ? constant.elements : [constant]
    const wrong = (): never =>
      this.fail("IllegalConstant", `a boolean, sint32, real64 or string for ${name}`, offset, "this value")
    const values = elements.map((element): boolean | number | string => {
      switch (element._tag) {
        case "Boolean":
          return declared === "string" ? (element.value ? "True" : "False") : element.value
        case "Integer":
          if (declared === "string") return String(element.value)
          if (declared === "boolean") return element.value !== 0n
          return element.value >= -2147483648n && element.value <= 2147483647n ? Number(element.value) : wrong()
        case "Real":
          return declared === "string" ? String(element.value) : element.value
        case "String":
          if (declared === "boolean") {
            return lower(element.value) === "true" ? true : lower(element.value) === "false" ? false : wrong()
          }
          return element.value
        case "Char":
          return String.fromCharCode(element.value)
        default:
          return wrong()
      }
    })
    if (values.some((value) => typeof value !== typeof values[0])) return wrong()
    const real = elements.some((element) => element._tag === "Real") || declared === "real64" || declared === "real32"
    const type = typeof values[0] === "number" && real ? "real64" : undefined
    return { value: (constant._tag === "Array" ? values : values[0]) as Qualifier.QualifierValue, type }
  }

  /** Flavours behind a colon, or in a declaration; at least one. */
  flavors(separator?: string): number {
    let bits = 0
    const words = new Set<string>()
    const start = this.lexer.start
    do {
      const word = lower(this.name("FlavorExpected", "a flavour"))
      const bit = flavorWords[word]
      if (bit === undefined) this.fail("FlavorExpected", "a flavour", start, `'${word}'`)
      words.add(word)
      bits |= bit
    } while (separator === undefined ? this.lexer.kind === "name" : this.take(separator))
    if (words.has("enableoverride") && words.has("disableoverride")) {
      this.fail("IncompatibleFlavors", "either EnableOverride or DisableOverride", start, "both")
    }
    if (words.has("restricted") && (words.has("toinstance") || words.has("tosubclass"))) {
      this.fail("IncompatibleFlavors2", "Restricted without ToInstance and ToSubclass", start, "both")
    }
    if (separator !== undefined && !words.has("restricted")) bits |= Qualifier.Flavor.ToSubclass
    return bits
  }

  /** `Qualifier X : …;`, the word already read. */
  qualifierDeclaration(): void {
    const name = lower(this.name("InvalidQualifierDeclaration", "the name of a qualifier"))
    this.expect(":", "InvalidQualifierDeclaration")
    const word = this.lexer.kind === "name" ? lower(this.lexer.value) : ""
    if (!isCimType(word)) {
      this.around.qualifiers.set(name, { flavor: this.flavors(), type: undefined, value: undefined })
      this.expect(";", "SemicolonExpected")
      return
    }
    this.lexer.next()
    if (this.take("[")) {
      if (this.lexer.kind === "integer") this.lexer.next()
      this.expect("]", "CloseBracketExpected")
    }
    const value = this.take("=") ? this.value(0) : undefined
    let flavor: number = Qualifier.Flavor.ToSubclass
    while (this.take(",")) {
      const part = lower(this.name("InvalidQualifierDeclaration", "Scope or Flavor"))
      this.expect("(", "OpenParenExpected")
      if (part === "flavor") flavor = this.flavors(",")
      else if (part === "scope") {
        do this.name("InvalidQualifierDeclaration", "a scope")
        while (this.take(","))
      } else this.fail("InvalidQualifierDeclaration", "Scope or Flavor")
      this.expect(")", "CloseParenExpected")
    }
    this.expect(";", "SemicolonExpected")
    this.around.qualifiers.set(name, { flavor, type: word, value })
  }

  // Types

  /** A type, and the name behind it: what names the type is told by position. */
  private typedName(what: string): TypeRef & { readonly name: string } {
    const { lexer } = this
    const offset = lexer.start
    const written = this.name("TypeExpected", "a type")
    const word = lower(written)
    const type = isCimType(word) && word !== "reference" ? word : undefined
    if (type !== undefined && type !== "object") return { ...this.sized(what), type }
    const className = type === "object" ? undefined : written
    if (this.word("ref") && !this.nextIsEnd()) {
      lexer.next()
      return { ...this.sized(what), type: "reference", className }
    }
    if (lexer.kind !== "name") this.fail("UnrecognizedType", "a type and a name", offset, `'${written}'`)
    return { ...this.sized(what), type: "object", className }
  }

  /** Whether `ref` here is itself the name of what is declared. */
  private nextIsEnd(): boolean {
    const rest = this.lexer.text.slice(this.lexer.end, this.lexer.end + 64).trimStart()
    return /^[;=[(,)]/.test(rest)
  }

  private sized(what: string): { readonly name: string; readonly isArray: boolean; readonly size: number | undefined } {
    const name = this.name("NameExpected", what)
    if (!this.take("[")) return { name, isArray: false, size: undefined }
    let size: number | undefined
    if (this.lexer.kind === "integer") {
      size = Number(this.lexer.integer)
      this.lexer.next()
    }
    this.expect("]", "CloseBracketExpected")
    return { name, isArray: true, size }
  }

  // Classes

  /** Behind `class`. */
  classBody(qualifiers: ReadonlyArray<Qualifier.Qualifier>): ClassDraft {
    const name = this.name("ClassNameExpected", "the name of a class")
    const alias = this.alias()
    const superclass = this.take(":") ? this.name("ClassNameExpected", "the name of the superclass") : undefined
    const properties: Array<PropertyDefinition> = []
    const methods: Array<MethodDefinition> = []
    const aliases: Array<ClassDraft["aliases"][number]> = []
    if (!this.is("{")) {
      this.expect(";", this.lexer.kind === "end" ? "OpenBraceExpected" : "InvalidClassDeclaration")
      return { name, alias, superclass, qualifiers, properties, methods, aliases, hasBody: false }
    }
    this.lexer.next()
    while (!this.take("}")) {
      if (this.lexer.kind === "end") this.fail("CloseBraceExpected", "'}'")
      this.member(properties, methods, aliases)
    }
    this.expect(";", "SemicolonExpected")
    return { name, alias, superclass, qualifiers, properties, methods, aliases, hasBody: true }
  }

  private member(
    properties: Array<PropertyDefinition>,
    methods: Array<MethodDefinition>,
    aliases: Array<ClassDraft["aliases"][number]>
  ): void {
    const qualifiers = this.is("[") ? this.qualifierList() : []
    const offset = this.lexer.start
    if (this.word("void")) {
      this.lexer.next()
      methods.push(this.method(this.name("NameExpected", "the name of a method"), "void", qualifiers))
      return
    }
    if (this.lexer.kind !== "name") {
      this.fail(this.is("{") ? "BraceOrTypeExpected" : "TypeExpected", "a property, a method or '}'")
    }
    const declared = this.typedName("the name of a property or method")
    if (this.is("(")) {
      if (declared.isArray) this.fail("ArrayReturn", "a method that returns no array", offset, `'${declared.name}'`)
      methods.push(this.method(declared.name, declared.type, qualifiers))
      return
    }
    const { className, isArray, name, type } = declared
    const { size } = declared as { readonly size?: number | undefined }
    if (properties.some((p) => CimName.equals(p.name, name))) {
      this.fail("DuplicateProperty", "each property once", offset, `'${name}' again`)
    }
    let value: CimValue | undefined
    if (this.take("=")) {
      const at = this.lexer.start
      const constant = this.value(0)
      if (constant._tag === "Alias" && type === "reference" && !isArray) {
        aliases.push({ property: name, alias: constant.name, offset: constant.offset })
      } else value = this.convert(constant, { type, isArray }, name, at)
    }
    this.expect(";", "SemicolonExpected")
    this.around.counts.properties++
    if (type === "reference") this.around.counts.references++
    const sized = size === undefined || Qualifier.has(qualifiers, "max")
      ? qualifiers
      : [...qualifiers, Qualifier.make("Max", size)]
    properties.push(Property.named(name, { type, isArray, className, value, qualifiers: Qualifier.list(sized) }))
  }

  private method(
    name: string,
    returns: CimType | "void",
    qualifiers: ReadonlyArray<Qualifier.Qualifier>
  ): MethodDefinition {
    this.expect("(", "OpenParenExpected")
    const parameters: Array<ParameterDefinition> = []
    if (!this.take(")")) {
      for (;;) {
        parameters.push(this.parameter(name))
        if (this.take(")")) break
        this.expect(",", "CloseParenExpected")
      }
    }
    this.expect(";", "SemicolonExpected")
    this.around.counts.methods++
    // Without any ID written the compiler numbers them (`mof` 6).
    const numbered = parameters.some((p) => p.id !== undefined) ? parameters : parameters.map((p, id) => ({ ...p, id }))
    return Method.named(name, {
      returns,
      parameters: Object.freeze(numbered.map((p) => Object.freeze(p))),
      qualifiers: Qualifier.list(qualifiers)
    })
  }

  private parameter(method: string): ParameterDefinition {
    const offset = this.lexer.start
    const qualifiers = this.is("[") ? this.qualifierList() : []
    const { className, isArray, name, type } = this.typedName("the name of a parameter")
    if (this.take("=")) this.value(0)
    this.around.counts.parameters++
    const id = Qualifier.find(qualifiers, "id")?.value
    return {
      name,
      type,
      isArray,
      className,
      direction: this.direction(qualifiers, `${method}.${name}`, offset),
      id: typeof id === "number" ? id : undefined,
      qualifiers: Qualifier.list(qualifiers)
    }
  }

  /** `In` and `Out`; a declared default of `In` counts where it is not written (`mof` 6). */
  private direction(
    qualifiers: ReadonlyArray<Qualifier.Qualifier>,
    what: string,
    offset: number
  ): ParameterDefinition["direction"] {
    const declared = this.around.qualifiers.get("in")?.value
    const byDefault = declared !== undefined && declared._tag === "Boolean" && declared.value
    const written = Qualifier.find(qualifiers, "in")
    const isIn = written === undefined ? byDefault : written.value === true
    const isOut = Qualifier.find(qualifiers, "out")?.value === true
    if (!isIn && !isOut) this.fail("InOutRequired", "In or Out", offset, `parameter ${what} with neither`)
    return isIn ? (isOut ? "inout" : "in") : "out"
  }

  // Instances

  /** From `instance` to the closing brace. */
  instanceBody(qualifiers: ReadonlyArray<Qualifier.Qualifier>, depth: number): InstanceDraft {
    this.lexer.next()
    if (!this.word("of")) this.fail("InvalidInstanceDeclaration", "of")
    this.lexer.next()
    const className = this.name("ClassNameExpected", "the name of a class")
    const alias = this.alias()
    this.expect("{", "OpenBraceExpected")
    const assignments: Array<Assignment> = []
    while (!this.take("}")) {
      if (this.lexer.kind === "end") this.fail("CloseBraceExpected", "'}'")
      const assignment = this.assignment(depth)
      if (assignment === undefined) continue
      if (assignments.some(({ name }) => CimName.equals(name, assignment.name))) {
        this.fail("DuplicateProperty", "each property once", assignment.offset, `'${assignment.name}' again`)
      }
      assignments.push(assignment)
    }
    return { className, alias, qualifiers: Qualifier.list(qualifiers), assignments }
  }

  private assignment(depth: number): Assignment | undefined {
    const qualifiers = this.is("[") ? this.qualifierList() : []
    const offset = this.lexer.start
    if (this.word("instance")) {
      const rest = this.lexer.text.slice(this.lexer.end, this.lexer.end + 64)
      if (/^\s+of\s/i.test(rest)) {
        if (depth >= deepest) this.fail("QuotaViolation", `embedded instances at most ${deepest} deep`)
        this.around.warn(offset, "an instance that stands alone inside another one is ignored")
        this.instanceBody(qualifiers, depth + 1)
        this.take(";")
        return undefined
      }
    }
    const name = this.name("NameExpected", "the name of a property or '}'")
    let constant: Constant | undefined
    let constantOffset = offset
    if (this.take("=")) {
      constantOffset = this.lexer.start
      constant = this.value(depth)
    }
    this.expect(";", "SemicolonExpected")
    return { name, offset, constant, constantOffset, qualifiers }
  }
}
