/**
 * The grammar of MOF (`mof` 3 to 7): tokens → declarations. One declaration at a time; after an error it goes on at the next one.
 *
 * Nothing recurses into the text but embedded instances, and those are bounded, so neither a hostile nor a broken file can
 * exhaust the stack.
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import { type CimType, isCimType, table as typeTable, type TypeRef } from "../model/CimType.ts"
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
  /** `undefined` where a declaration gives no type. */
  readonly isArray: boolean | undefined
  /** The default of a boolean: the DMTF declares `In` TRUE. */
  readonly value: CimValue | undefined
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

/** A name behind `as`, without its `$`. */
export interface Alias {
  readonly name: string
  readonly offset: number
}

export interface InstanceDraft {
  readonly className: string
  readonly alias: Alias | undefined
  readonly qualifiers: ReadonlyArray<Qualifier.Qualifier>
  readonly assignments: ReadonlyArray<Assignment>
}

export interface ClassDraft {
  readonly name: string
  readonly alias: Alias | undefined
  readonly superclass: string | undefined
  readonly qualifiers: ReadonlyArray<Qualifier.Qualifier>
  readonly properties: ReadonlyArray<PropertyDefinition>
  readonly methods: ReadonlyArray<MethodDefinition>
  /** Whether it has a body; one without is a forward declaration. */
  readonly hasBody: boolean
  /** Defaults of references that are aliases. */
  readonly aliases: ReadonlyArray<{ readonly property: string; readonly alias: string; readonly offset: number }>
}

/** A type and the name behind it. */
interface Typed extends TypeRef {
  readonly name: string
  /** Where the name stands. */
  readonly offset: number
  readonly size: number | undefined
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

const flavorWords: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ["toinstance", Qualifier.Flavor.ToInstance],
  ["tosubclass", Qualifier.Flavor.ToSubclass],
  ["nottoinstance", 0],
  ["nottosubclass", 0],
  ["enableoverride", 0],
  ["disableoverride", Qualifier.Flavor.DisableOverride],
  ["restricted", 0],
  ["amended", Qualifier.Flavor.Amended],
  ["translatable", Qualifier.Flavor.Amended]
])

const flavorList = "a flavour: ToInstance, ToSubclass, NotToInstance, NotToSubclass, EnableOverride, DisableOverride, "
  + "Restricted or Amended"

/** Words that do not go together (`qualifiers` 2). */
const clashes: ReadonlyArray<
  { readonly one: string; readonly others: ReadonlyArray<string>; readonly code: CodeName; readonly expected: string }
> = [
  {
    one: "enableoverride",
    others: ["disableoverride"],
    code: "IncompatibleFlavors",
    expected: "either EnableOverride or DisableOverride"
  },
  {
    one: "restricted",
    others: ["toinstance", "tosubclass"],
    code: "IncompatibleFlavors2",
    expected: "Restricted without ToInstance and ToSubclass"
  }
]

/** What a declaration may say that a qualifier stands on (`mof` 6). */
const scopes: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "any",
  "association",
  "class",
  "indication",
  "instance",
  "method",
  "parameter",
  "property",
  "reference",
  "schema"
])

/** What is a type elsewhere, and in MOF the name of a class that somebody would have to declare. */
const foreignType = /^(?:[su]?int\d*|integer|real\d*|bool|char\d*|float|double|byte|long|short|date|str)$/
const simpleTypes = (): string =>
  typeTable.flatMap(({ form, name }) => form === "reference" || form === "object" ? [] : [name]).join(", ")

const lower = (text: string): string => text.toLowerCase()

/** The instance of a draft, with the values that its assignments came to. */
export const instanceOf = (
  { assignments, className, qualifiers }: InstanceDraft,
  values: ReadonlyArray<readonly [string, CimValue]>
): Instance.Instance => {
  const qualified = assignments.filter((assignment) => assignment.qualifiers.length > 0)
  return Instance.make(className, Object.fromEntries(values), {
    qualifiers,
    ...(qualified.length === 0
      ? {}
      : { propertyQualifiers: Object.fromEntries(qualified.map((one) => [one.name, one.qualifiers])) })
  })
}

export class Parser {
  readonly lexer: Lexer
  /** Whether the last declaration failed: its end may still stand ahead. */
  astray = false
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

  private alias(): Alias | undefined {
    if (!this.word("as")) return undefined
    this.lexer.next()
    if (this.lexer.kind !== "alias") this.fail("DollarExpected", "'$' and a name")
    const alias = { name: this.lexer.value, offset: this.lexer.start }
    this.lexer.next()
    return alias
  }

  /** What stands at a place that was read already, for a person. */
  private at(offset: number): string {
    const lexer = new Lexer(this.lexer.text, () => {})
    lexer.end = offset
    lexer.next()
    return lexer.describe()
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
      if (this.is("{")) this.fail("UnexpectedArray", "an element that is no array: arrays have one dimension")
      const offset = lexer.start
      const element = this.element(depth)
      if (element._tag === "Null") this.fail("NullArrayElement", "an element that is not NULL", offset, this.at(offset))
      elements.push(element)
      offsets.push(offset)
      if (this.take("}")) return { _tag: "Array", elements, offsets }
      if (!this.take(",")) this.fail("CloseBraceExpected", "',' or '}'")
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
    if (this.is("[") && !/[A-Za-z_\u0080-\uffef]/.test(lexer.peek())) {
      this.fail("IllegalConstant", "a value; the values of an array stand in braces")
    }
    const qualifiers = this.is("[") ? this.qualifierList() : []
    if (this.word("instance")) {
      if (depth >= deepest) this.fail("QuotaViolation", `embedded instances at most ${deepest} deep`)
      return { _tag: "Object", value: this.embedded(qualifiers, depth + 1) }
    }
    const constant = this.single()
    if (constant === undefined) this.noValue("a value")
    if (qualifiers.length > 0) {
      this.fail("IllegalConstant", "a value; only 'instance of' takes qualifiers", offset, "'['")
    }
    return constant
  }

  private noValue(what: string): never {
    this.fail("IllegalConstant", this.lexer.kind === "name" ? `${what}; text stands in straight quotes` : what)
  }

  private embedded(qualifiers: ReadonlyArray<Qualifier.Qualifier>, depth: number): Instance.Instance {
    const draft = this.instanceBody(qualifiers, depth)
    if (draft.alias !== undefined) {
      this.fail(
        "AliasInEmbedded",
        "'{'; an embedded object takes no alias",
        draft.alias.offset,
        `'$${draft.alias.name}'`
      )
    }
    return instanceOf(
      draft,
      draft.assignments.flatMap(({ constant, constantOffset, name }) =>
        constant === undefined ? [] : [[name, this.typed(draft.className, name, constant, constantOffset)] as const]
      )
    )
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
    const kind = type.type === "object" && type.className !== undefined
      ? `an instance of the class ${type.className}`
      : type.type
    const what = `a value of ${property}, which is ${kind}${type.isArray ? "[]" : ""}`
    const one = (element: Constant, at: number): CimValue => {
      const kept = scalar(element, type.type)
      return "wrong" in kept ? this.fail(kept.wrong, what, at, this.at(at)) : kept.value
    }
    if (constant._tag === "Null") return null
    if (!type.isArray) return one(constant, offset)
    if (constant._tag !== "Array") this.fail("TypeMismatch", `${what}: values in braces`, offset, this.at(offset))
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
      const folded = CimName.fold(name)
      if (folded === "cimtype") {
        this.fail("CimtypeNotAllowed", "another qualifier; CIMTYPE is made by the server", offset, `'${name}'`)
      }
      if (seen.has(folded)) this.fail("DuplicateQualifier", "each qualifier once", offset, `'${name}' again`)
      seen.add(folded)
      found.push(this.qualifier(name, folded, offset))
      this.around.counts.qualifierUses++
      if (this.take("]")) return found
      if (!this.take(",")) this.fail("CloseBracketExpected", "',' or ']'")
    }
  }

  private qualifier(name: string, folded: string, offset: number): Qualifier.Qualifier {
    const declared = this.around.qualifiers.get(folded)
    let constant: Constant = { _tag: "Boolean", value: true }
    let at = offset
    if (this.take("(")) {
      at = this.lexer.start
      if (this.is("{")) constant = this.values()
      else {
        const written = this.single()
        if (written === undefined) this.noValue(`a value of ${name}`)
        constant = written
      }
      this.expect(")", "CloseParenExpected")
    } else if (this.is("{")) {
      at = this.lexer.start
      constant = this.values()
    }
    const flavor = this.take(":") ? this.flavors() : declared?.flavor
    const { type, value } = this.qualifierValue(name, constant, declared, at)
    return Qualifier.make(name, value, { type, ...(folded === "key" || flavor === undefined ? {} : { flavor }) })
  }

  /** Braces around the values of a qualifier; its type is theirs, so there must be one. */
  private values(): Constant {
    const offset = this.lexer.start
    const constant = this.value(0)
    if (constant._tag === "Array" && constant.elements.length === 0) {
      this.fail("IllegalConstant", "at least one value: an empty list of a qualifier has no type", offset, "'{}'")
    }
    return constant
  }

  /** A constant as the value of a qualifier: of the type that a declaration gives, else of the one it has. */
  private qualifierValue(
    name: string,
    constant: Constant,
    declared: Declared | undefined,
    offset: number
  ): { readonly value: Qualifier.QualifierValue; readonly type: Qualifier.QualifierType | undefined } {
    const isArray = constant._tag === "Array"
    const elements = isArray ? constant.elements : [constant]
    const places = isArray ? constant.offsets : [offset]
    if (isArray && declared?.isArray === false) {
      this.fail(
        "UnexpectedArray",
        `one ${declared.type ?? "value"} for ${name}, which is declared without []`,
        offset,
        "'{'"
      )
    }
    const values = elements.map((element, i) => this.qualifierElement(name, element, declared?.type, places[i]!))
    const odd = values.findIndex((value) => typeof value !== typeof values[0])
    if (odd >= 0) {
      this.fail("IllegalConstant", `values of one type for ${name}`, places[odd]!, this.at(places[odd]!))
    }
    const real = declared?.type === undefined
      ? elements.some((element) => element._tag === "Real")
      : declared.type.startsWith("real")
    const type = typeof values[0] === "number" && real ? "real64" : undefined
    // A value in parentheses suits a declared array (`mof` 4).
    const all = isArray || declared?.isArray === true
    return { value: (all ? values : values[0]) as Qualifier.QualifierValue, type }
  }

  private qualifierElement(
    name: string,
    element: Constant,
    type: CimType | undefined,
    offset: number
  ): boolean | number | string {
    const kept = type === undefined ? { value: natural(element) } : scalar(element, type)
    if ("wrong" in kept) this.fail(kept.wrong, `a value of ${name}, which is declared ${type}`, offset, this.at(offset))
    // Integers that a declaration makes 64 bits wide are sint32 all the same.
    const value = element._tag === "Char" && type === undefined
      ? String.fromCharCode(element.value)
      : typeof kept.value === "bigint"
      ? Number(kept.value)
      : kept.value
    const fits = typeof value === "boolean" || typeof value === "string"
      || (typeof value === "number"
        && (element._tag === "Real" || type?.startsWith("real") || (value >= -2147483648 && value <= 2147483647)))
    if (!fits) {
      this.fail("IllegalConstant", `a boolean, sint32, real64 or string for ${name}`, offset, this.at(offset))
    }
    return value
  }

  /** Flavours behind a colon, or in a declaration; at least one. */
  flavors(separator?: string): number {
    let bits = 0
    const words = new Set<string>()
    do {
      const offset = this.lexer.start
      const written = this.name("FlavorExpected", flavorList)
      const word = lower(written)
      const bit = flavorWords.get(word)
      if (bit === undefined) this.fail("FlavorExpected", flavorList, offset, `'${written}'`)
      words.add(word)
      bits |= bit
      const clash = clashes.find(({ one, others }) =>
        words.has(one) && others.some((other) => words.has(other)) && (one === word || others.includes(word))
      )
      if (clash !== undefined) this.fail(clash.code, clash.expected, offset, `'${written}'`)
    } while (separator === undefined ? this.lexer.kind === "name" : this.take(separator))
    // A word that clears a bit clears it wherever it stands.
    if (words.has("nottoinstance")) bits &= ~Qualifier.Flavor.ToInstance
    if (words.has("nottosubclass")) bits &= ~Qualifier.Flavor.ToSubclass
    else if (separator !== undefined && !words.has("restricted")) bits |= Qualifier.Flavor.ToSubclass
    return bits
  }

  /** `Qualifier X : …;`, the word already read. */
  qualifierDeclaration(): void {
    const { lexer } = this
    const name = this.name("InvalidQualifierDeclaration", "the name of a qualifier")
    const folded = CimName.fold(name)
    this.expect(":", "InvalidQualifierDeclaration")
    const type = lexer.kind === "name" ? lower(lexer.value) : ""
    if (!isCimType(type)) {
      if (!flavorWords.has(type)) this.fail("FlavorExpected", `a type or ${flavorList}`)
      this.around.qualifiers.set(folded, {
        flavor: this.flavors(),
        type: undefined,
        isArray: undefined,
        value: undefined
      })
      this.expect(";", "SemicolonExpected")
      return
    }
    if (type === "reference" || type === "object") this.fail("UnrecognizedType", "a type that a qualifier can have")
    lexer.next()
    const isArray = this.take("[")
    if (isArray) {
      this.size()
      this.expect("]", "CloseBracketExpected")
    }
    let value: CimValue | undefined
    if (this.take("=")) {
      const at = lexer.start
      const constant = this.value(0)
      // The default of a list may be written as its only value, as on a use.
      const list: Constant = isArray && constant._tag !== "Array" && constant._tag !== "Null"
        ? { _tag: "Array", elements: [constant], offsets: [at] }
        : constant
      value = this.convert(list, { type, isArray }, name, at)
    }
    let flavor: number = Qualifier.Flavor.ToSubclass
    while (this.take(",")) {
      const part = this.word("flavor") ? "flavor" : this.word("scope") ? "scope" : undefined
      if (part === undefined) this.fail("InvalidQualifierDeclaration", "Scope or Flavor")
      lexer.next()
      this.expect("(", "OpenParenExpected")
      if (part === "flavor") flavor = this.flavors(",")
      else this.scopes()
      this.expect(")", "CloseParenExpected")
    }
    this.expect(";", "SemicolonExpected")
    this.around.qualifiers.set(folded, { flavor, type, isArray, value })
  }

  private scopes(): void {
    do {
      if (this.lexer.kind !== "name" || !scopes.has(lower(this.lexer.value))) {
        this.fail("InvalidScope", `a scope: ${[...scopes].join(", ")}`)
      }
      this.lexer.next()
    } while (this.take(","))
  }

  // Types

  /** A type, and the name behind it: what names the type is told by position. */
  private typedName(what: string): Typed {
    const { lexer } = this
    const offset = lexer.start
    const written = this.name("TypeExpected", "a type")
    const word = lower(written)
    const type = isCimType(word) && word !== "reference" ? word : undefined
    if (type !== undefined && type !== "object") return this.sized(what, { type })
    const className = type === "object" ? undefined : written
    if (this.word("ref") && !/[;=[(,)]/.test(lexer.peek())) {
      lexer.next()
      return this.sized(what, { type: "reference", className })
    }
    if (lexer.kind !== "name") this.fail("UnrecognizedType", "a type and a name", offset, `'${written}'`)
    if (word === "ref" && /[A-Za-z_]/.test(lexer.peek())) {
      this.fail("UnrecognizedType", "the class of a reference before 'ref'", offset, `'${written}'`)
    }
    if (foreignType.test(word)) {
      this.around.warn(offset, `'${written}' is read as the name of a class; the simple types are ${simpleTypes()}`)
    }
    return this.sized(what, { type: "object", className })
  }

  private sized(what: string, type: Pick<TypeRef, "type" | "className">): Typed {
    const offset = this.lexer.start
    const name = this.name("NameExpected", this.is("[") ? `${what}; the brackets of an array stand behind it` : what)
    if (!this.take("[")) return { className: undefined, ...type, name, offset, isArray: false, size: undefined }
    const size = this.size()
    this.expect("]", "CloseBracketExpected")
    return { className: undefined, ...type, name, offset, isArray: true, size }
  }

  /** The size of an array, if one is written. */
  private size(): number | undefined {
    const { lexer } = this
    if (lexer.kind !== "integer") return undefined
    const size = lexer.integer
    // It is kept as a qualifier, which is sint32.
    if (size < 0n || size > 2147483647n) this.fail("OutOfRange", "a size from 0 to 2147483647")
    lexer.next()
    return Number(size)
  }

  /** Qualifiers, with the size of an array among them (`object-model` 3). */
  private withSize(qualifiers: ReadonlyArray<Qualifier.Qualifier>, size: number | undefined): Qualifier.Input {
    return size === undefined || Qualifier.has(qualifiers, "max")
      ? qualifiers
      : [...qualifiers, Qualifier.make("Max", size)]
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
      if (!this.take(";")) {
        const missing = this.lexer.kind === "end" ? "OpenBraceExpected" : "InvalidClassDeclaration"
        this.fail(missing, superclass === undefined ? "':' and a superclass, '{' or ';'" : "'{' or ';'")
      }
      return { name, alias, superclass, qualifiers, properties, methods, aliases, hasBody: false }
    }
    this.lexer.next()
    const names = { property: new Set<string>(), method: new Set<string>() }
    while (!this.take("}")) {
      if (this.lexer.kind === "end") this.fail("CloseBraceExpected", "'}'")
      this.member(properties, methods, aliases, names)
    }
    this.expect(";", "SemicolonExpected")
    return { name, alias, superclass, qualifiers, properties, methods, aliases, hasBody: true }
  }

  /** Notes a name; one that is there already is an error. */
  private once(names: Set<string>, name: string, offset: number, what: string): void {
    const folded = CimName.fold(name)
    if (names.has(folded)) this.fail("DuplicateProperty", `each ${what} once`, offset, `'${name}' again`)
    names.add(folded)
  }

  private member(
    properties: Array<PropertyDefinition>,
    methods: Array<MethodDefinition>,
    aliases: Array<ClassDraft["aliases"][number]>,
    names: { readonly property: Set<string>; readonly method: Set<string> }
  ): void {
    const bare = !this.is("[")
    const qualifiers = bare ? [] : this.qualifierList()
    if (this.word("void")) {
      this.lexer.next()
      const offset = this.lexer.start
      const name = this.name("NameExpected", "the name of a method")
      this.once(names.method, name, offset, "method")
      methods.push(this.method(name, "void", qualifiers))
      return
    }
    if (this.lexer.kind !== "name") {
      this.fail(
        this.is("{") ? "BraceOrTypeExpected" : "TypeExpected",
        bare ? "a property, a method or '}'" : "the type of a property or method behind its qualifiers"
      )
    }
    const { className, isArray, name, offset, size, type } = this.typedName("the name of a property or method")
    if (this.is("(")) {
      if (isArray) this.fail("ArrayReturn", "a method that returns no array", offset, `'${name}[]'`)
      this.once(names.method, name, offset, "method")
      methods.push(this.method(name, type, qualifiers))
      return
    }
    this.once(names.property, name, offset, "property")
    let value: CimValue | undefined
    if (this.take("=")) {
      const at = this.lexer.start
      const constant = this.value(0)
      if (constant._tag === "Alias" && type === "reference" && !isArray) {
        aliases.push({ property: name, alias: constant.name, offset: constant.offset })
      } else value = this.convert(constant, { type, isArray, className }, name, at)
    }
    if (!this.take(";")) {
      this.fail("SemicolonExpected", value !== undefined || isArray ? "';'" : "';', '=', '[' or '('")
    }
    this.around.counts.properties++
    if (type === "reference") this.around.counts.references++
    properties.push(
      Property.named(name, {
        type,
        isArray,
        className,
        value,
        qualifiers: Qualifier.list(this.withSize(qualifiers, size))
      })
    )
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
        if (!this.take(",")) this.fail("CloseParenExpected", "',' or ')'")
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
    if (this.word("void")) this.fail("UnrecognizedType", "a type; only a method returns void")
    const { className, isArray, name, size, type } = this.typedName("the name of a parameter")
    if (this.is("=")) {
      this.around.warn(this.lexer.start, "the default of a parameter is not kept")
      this.lexer.next()
      const at = this.lexer.start
      this.convert(this.value(0), { type, isArray, className }, name, at)
    }
    this.around.counts.parameters++
    const id = Qualifier.find(qualifiers, "id")?.value
    return {
      name,
      type,
      isArray,
      className,
      direction: this.direction(qualifiers, `${method}.${name}`, offset),
      id: typeof id === "number" ? id : undefined,
      qualifiers: Qualifier.list(this.withSize(qualifiers, size))
    }
  }

  /** `In` and `Out`; a declared default of `In` counts where it is not written (`mof` 6). */
  private direction(
    qualifiers: ReadonlyArray<Qualifier.Qualifier>,
    what: string,
    offset: number
  ): ParameterDefinition["direction"] {
    const declared = this.around.qualifiers.get("in")?.value
    const byDefault = declared === true
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
    if (!this.word("of")) this.fail("InvalidInstanceDeclaration", "'of'")
    this.lexer.next()
    const className = this.name("ClassNameExpected", "the name of a class")
    const alias = this.alias()
    if (!this.take("{")) this.fail("OpenBraceExpected", alias === undefined ? "'{', or 'as' and an alias" : "'{'")
    const assignments: Array<Assignment> = []
    const names = new Set<string>()
    while (!this.take("}")) {
      if (this.lexer.kind === "end") this.fail("CloseBraceExpected", "'}'")
      const assignment = this.assignment(depth)
      if (assignment === undefined) continue
      this.once(names, assignment.name, assignment.offset, "property")
      assignments.push(assignment)
    }
    return { className, alias, qualifiers: Qualifier.list(qualifiers), assignments }
  }

  private assignment(depth: number): Assignment | undefined {
    const qualifiers = this.is("[") ? this.qualifierList() : []
    const offset = this.lexer.start
    // Behind a property of this name stands `=` or `;`.
    if (this.word("instance") && !/[=;]/.test(this.lexer.peek())) {
      if (depth >= deepest) this.fail("QuotaViolation", `embedded instances at most ${deepest} deep`)
      this.around.warn(offset, "an instance that stands alone inside another one is ignored")
      this.instanceBody(qualifiers, depth + 1)
      this.take(";")
      return undefined
    }
    const name = this.name("NameExpected", "the name of a property or '}'")
    let constant: Constant | undefined
    let constantOffset = offset
    if (this.take("=")) {
      constantOffset = this.lexer.start
      constant = this.value(depth)
    }
    if (!this.take(";")) this.fail("SemicolonExpected", constant === undefined ? "'=' and a value, or ';'" : "';'")
    return { name, offset, constant, constantOffset, qualifiers }
  }
}
