/**
 * The grammar of MOF (`mof` 3 to 7): parses tokens into declarations, one at a time.
 *
 * Only embedded instances are parsed by recursion, and their depth is bounded. So neither a hostile nor a broken file
 * can exhaust the stack.
 *
 * @internal
 */
import { freezeCopy, markFrozen } from "../model/immutable.ts"
import * as CimName from "../model/CimName.ts"
import { type CimType, isCimType, table as typeTable, type TypeRef } from "../model/CimType.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { CimValue, MethodDefinition, ParameterDefinition, PropertyDefinition } from "../model/WbemObject.ts"
import { type Embedded, natural, scalar } from "./constants.ts"
import { convert, isDeferred, tokenAt } from "./convert.ts"
import {
  type Alias,
  type Assignment,
  type ClassDraft,
  type Constant,
  deepest,
  type DeferredDefault,
  type InstanceDraft
} from "./drafts.ts"
import { type CodeName, CompileFailure } from "./errors.ts"
import { beginsName, Lexer } from "./lexer.ts"

/** The content of a `Qualifier …;` declaration. */
export interface QualifierDeclaration {
  readonly flavor: number
  readonly type: CimType | undefined
  /** `undefined` when the declaration gives no type. */
  readonly isArray: boolean | undefined
  /** The declared default. The DMTF declares `In` with the default TRUE. */
  readonly value: CimValue | undefined
}

/** A type and the name after it. */
interface Typed extends TypeRef {
  readonly name: string
  /** The offset of the name. */
  readonly offset: number
  readonly size: number | undefined
}

/** The state of the compilation that the parser reads and updates. */
export interface ParserContext {
  readonly qualifiers: Map<string, QualifierDeclaration>
  /** The PowerShell DSC dialect: an embedded object may hold aliases (`mof` 5). */
  readonly isDsc: boolean
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

/** Flavours that exclude each other (`qualifiers` 2). */
const flavorConflicts: ReadonlyArray<
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

/** The scopes of a qualifier declaration (`mof` 6). */
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

/** Type words of other languages. In MOF they are class names, which the text would have to declare. */
const foreignType = /^(?:[su]?int\d*|integer|real\d*|bool|char\d*|float|double|byte|long|short|date|str)$/
const simpleTypes = (): string =>
  typeTable.flatMap(({ form, name }) => form === "reference" || form === "object" ? [] : [name]).join(", ")

const lower = (text: string): string => text.toLowerCase()

const isInteger = (constant: Constant): boolean => constant._tag === "Integer"

const integerTypes: ReadonlySet<CimType> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ typeTable.flatMap(({ form, name }) => form === "integer" || form === "bigint" ? [name] : [])
)

const isSint32 = (value: bigint): boolean => value >= -2147483648n && value <= 2147483647n

/** Whether an integer type of CIM can hold the value. */
const isWide = (value: bigint): boolean => value >= -(2n ** 63n) && value < 2n ** 64n

/** The element type of an empty list: that of the declaration, otherwise string (`qualifiers` 1). */
const emptyType = (declared: CimType | undefined): Qualifier.QualifierType =>
  declared === undefined
    ? "string"
    : declared === "boolean"
    ? "boolean"
    : declared.startsWith("real")
    ? "real64"
    : integerTypes.has(declared)
    ? "sint32"
    : "string"

/** The spelling of the type of a return value. */
const returnsWord = ({ word }: { readonly word?: string | undefined }): Pick<MethodDefinition, "returnsWord"> =>
  word === undefined ? {} : { returnsWord: word }

/** The spelling of a type word, kept when it is not lower case (`qualifiers` 4). */
const typeSpelling = (word: string): { readonly word?: string } => word === lower(word) ? {} : { word }

/**
 * Freezes a list of qualifiers made here. The objects of the parser are frozen and marked as such, so that no caller
 * copies them.
 */
const frozenQualifiers = (qualifiers: ReadonlyArray<Qualifier.Qualifier>): ReadonlyArray<Qualifier.Qualifier> =>
  qualifiers.length === 0 ? Qualifier.none : Object.freeze(qualifiers)

/** Used where no embedded object can occur. */
const refuseObject: Embedded = () => {
  throw new Error("a constant that holds an object was taken for a plain one")
}

export class Parser {
  readonly lexer: Lexer
  /** Whether the last declaration failed, so that its end may still follow. */
  isRecovering = false
  private readonly context: ParserContext

  constructor(text: string, around: ParserContext) {
    this.context = around
    this.lexer = new Lexer(text, around.warn)
  }

  fail(
    code: CodeName,
    expected: string,
    offset: number = this.lexer.start,
    found: string = this.lexer.describe()
  ): never {
    throw new CompileFailure(offset, code, found, expected)
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

  /** The token at an offset, for a message. */
  private at(offset: number): string {
    return tokenAt(this.lexer.text, offset)
  }

  /** Adjacent strings, joined to one string. */
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

  /** A constant without braces; `undefined` when the token begins none. */
  private single(): Constant | undefined {
    const { lexer } = this
    switch (lexer.kind) {
      case "string":
        return { _tag: "String", value: this.strings() }
      case "integer": {
        const { integer: value, isHex } = lexer
        lexer.next()
        return { _tag: "Integer", value, isHex }
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

  /** A value: a constant, an alias, an embedded instance, or a list of these in one level of braces. */
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
      if (depth > 0 && !this.context.isDsc) {
        this.fail("AliasInEmbedded", "a value; an embedded object takes no alias")
      }
      const alias: Constant = { _tag: "Alias", name: lexer.value, offset: lexer.start }
      lexer.next()
      return alias
    }
    const offset = lexer.start
    if (this.is("[") && !beginsName(lexer.peek())) {
      this.fail("IllegalConstant", "a value; the values of an array stand in braces")
    }
    const qualifiers = this.is("[") ? this.qualifierList() : []
    if (this.word("instance")) {
      if (depth >= deepest) this.fail("QuotaViolation", `embedded instances at most ${deepest} deep`)
      return { _tag: "Object", draft: this.embedded(qualifiers, depth + 1) }
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

  private embedded(qualifiers: ReadonlyArray<Qualifier.Qualifier>, depth: number): InstanceDraft {
    const draft = this.instanceBody(qualifiers, depth)
    if (draft.alias !== undefined) {
      this.fail(
        "AliasInEmbedded",
        "'{'; an embedded object takes no alias",
        draft.alias.offset,
        `'$${draft.alias.name}'`
      )
    }
    return draft
  }

  /** Converts a plain constant to a value of a type. */
  private convert(constant: Constant, type: TypeRef, name: string, offset: number): CimValue {
    return convert(this.lexer.text, constant, type, name, offset, refuseObject)
  }

  // Qualifiers

  /** A qualifier list, including the brackets. */
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
      const qualifier = this.qualifier(name, folded, offset)
      if (qualifier !== undefined) found.push(qualifier)
      this.context.counts.qualifierUses++
      if (this.take("]")) return found
      if (!this.take(",")) this.fail("CloseBracketExpected", "',' or ']'")
    }
  }

  /**
   * One use of a qualifier; `undefined`, with a warning, when its value is NULL, which WMI does not store. The DMTF
   * schema writes `Max(NULL)` in classes that are otherwise valid (`mof` 6).
   */
  private qualifier(name: string, folded: string, offset: number): Qualifier.Qualifier | undefined {
    const declared = this.context.qualifiers.get(folded)
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
    if (constant._tag === "Null") {
      this.context.warn(offset, `the qualifier ${name} is left out: its value is NULL, which no qualifier can have`)
      return undefined
    }
    const { type, value } = this.qualifierValue(name, constant, declared, at)
    return markFrozen(Qualifier.make(name, value, { type, flavor: folded === "key" ? undefined : flavor }))
  }

  /** The values of a qualifier in braces. */
  private values(): Constant {
    return this.value(0)
  }

  /** Converts a constant to the value of a qualifier: of the declared type, otherwise of the type of the constant. */
  private qualifierValue(
    name: string,
    constant: Constant,
    declared: QualifierDeclaration | undefined,
    offset: number
  ): { readonly value: Qualifier.QualifierValue; readonly type: Qualifier.QualifierType | undefined } {
    const isArray = constant._tag === "Array"
    const elements = isArray ? constant.elements : [constant]
    const offsets = isArray ? constant.offsets : [offset]
    if (isArray && declared?.isArray === false) {
      this.fail(
        "UnexpectedArray",
        `one ${declared.type ?? "value"} for ${name}, which is declared without []`,
        offset,
        "'{'"
      )
    }
    if (elements.length === 0) return { value: [], type: emptyType(declared?.type) }
    const type = declared?.type
    const values = (type === undefined ? elements.some(isInteger) : integerTypes.has(type))
      ? this.withIntegers(name, elements, type, offsets)
      : elements.map((element, i) => this.qualifierElement(name, element, type, offsets[i]!))
    const odd = values.findIndex((value) => typeof value !== typeof values[0])
    if (odd >= 0) {
      this.fail("IllegalConstant", `values of one type for ${name}`, offsets[odd]!, this.at(offsets[odd]!))
    }
    const real = type === undefined ? elements.some((element) => element._tag === "Real") : type.startsWith("real")
    // A value in parentheses is valid for a declared array (`mof` 4).
    const isList = isArray || declared?.isArray === true
    return {
      value: (isList ? values : values[0]) as Qualifier.QualifierValue,
      type: typeof values[0] === "number" && real ? "real64" : undefined
    }
  }

  /**
   * A list with integers. All elements have one type: if one integer exceeds sint32, all become strings
   * (`qualifiers` 1).
   */
  private withIntegers(
    name: string,
    elements: ReadonlyArray<Constant>,
    type: CimType | undefined,
    offsets: ReadonlyArray<number>
  ): ReadonlyArray<boolean | number | string> {
    const whole = elements.map((element, i) => this.qualifierInteger(name, element, type, offsets[i]!))
    const isText = whole.some((value) => value !== undefined && !isSint32(value))
    return elements.map((element, i) => {
      const integer = whole[i]
      return integer === undefined
        ? this.qualifierElement(name, element, type, offsets[i]!)
        : isText
        ? String(integer)
        : Number(integer)
    })
  }

  /**
   * The value of an element that is an integer by its text or by the declaration, of at most 64 bits; otherwise
   * `undefined`.
   */
  private qualifierInteger(
    name: string,
    element: Constant,
    type: CimType | undefined,
    offset: number
  ): bigint | undefined {
    if (type === undefined && !isInteger(element)) return undefined
    if (element._tag === "Integer" && !isWide(element.value)) {
      this.fail("IllegalConstant", `an integer of at most 64 bits for ${name}`, offset, this.at(offset))
    }
    if (type === undefined) return element._tag === "Integer" ? element.value : undefined
    const value = this.declaredValue(name, element, type, offset)
    return typeof value === "number" || typeof value === "bigint" ? BigInt(value) : undefined
  }

  private declaredValue(name: string, element: Constant, type: CimType, offset: number): CimValue {
    const converted = scalar(element, type, refuseObject)
    if ("wrong" in converted) {
      this.fail(converted.wrong, `a value of ${name}, which is declared ${type}`, offset, this.at(offset))
    }
    return converted.value
  }

  /** The value of an element that is not an integer. */
  private qualifierElement(
    name: string,
    element: Constant,
    type: CimType | undefined,
    offset: number
  ): boolean | number | string {
    if (isDeferred(element)) {
      this.fail("IllegalConstant", `a boolean, sint32, real64 or string for ${name}`, offset, this.at(offset))
    }
    const converted = type === undefined
      ? natural(element, refuseObject)
      : this.declaredValue(name, element, type, offset)
    const value = element._tag === "Char" && type === undefined ? String.fromCharCode(element.value) : converted
    if (typeof value === "boolean" || typeof value === "string" || typeof value === "number") return value
    this.fail("IllegalConstant", `a boolean, sint32, real64 or string for ${name}`, offset, this.at(offset))
  }

  /** Flavours after a colon, or in a declaration; at least one. */
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
      const clash = flavorConflicts.find(({ one, others }) =>
        words.has(one) && others.some((other) => words.has(other)) && (one === word || others.includes(word))
      )
      if (clash !== undefined) this.fail(clash.code, clash.expected, offset, `'${written}'`)
    } while (separator === undefined ? this.lexer.kind === "name" : this.take(separator))
    // A word that clears a bit does so at any position.
    if (words.has("nottoinstance")) bits &= ~Qualifier.Flavor.ToInstance
    if (words.has("nottosubclass")) bits &= ~Qualifier.Flavor.ToSubclass
    else if (separator !== undefined && !words.has("restricted")) bits |= Qualifier.Flavor.ToSubclass
    return bits
  }

  /** `Qualifier X : …;`, after the first word. */
  qualifierDeclaration(): void {
    const { lexer } = this
    const name = this.name("InvalidQualifierDeclaration", "the name of a qualifier")
    const folded = CimName.fold(name)
    this.expect(":", "InvalidQualifierDeclaration")
    const type = lexer.kind === "name" ? lower(lexer.value) : ""
    if (!isCimType(type)) {
      if (!flavorWords.has(type)) this.fail("FlavorExpected", `a type or ${flavorList}`)
      this.context.qualifiers.set(folded, {
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
      // The default of a list may be written as a single value, as in a use.
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
    this.context.qualifiers.set(folded, { flavor, type, isArray, value })
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

  /** A type and the name after it. A word is a type by its position. */
  private typedName(what: string): Typed {
    const { lexer } = this
    const offset = lexer.start
    const written = this.name("TypeExpected", "a type")
    const word = lower(written)
    const type = isCimType(word) && word !== "reference" ? word : undefined
    if (type !== undefined && type !== "object") return this.sized(what, { type, ...typeSpelling(written) })
    const className = type === "object" ? undefined : written
    if (this.word("ref") && !/[;=[(,)]/.test(lexer.peek())) {
      lexer.next()
      return this.sized(what, { type: "reference", className })
    }
    if (lexer.kind !== "name") this.fail("UnrecognizedType", "a type and a name", offset, `'${written}'`)
    if (word === "ref" && beginsName(lexer.peek())) {
      this.fail("UnrecognizedType", "the class of a reference before 'ref'", offset, `'${written}'`)
    }
    if (foreignType.test(word)) {
      this.context.warn(offset, `'${written}' is read as the name of a class; the simple types are ${simpleTypes()}`)
    }
    return this.sized(what, { type: "object", className, ...(type === "object" ? typeSpelling(written) : {}) })
  }

  private sized(what: string, type: Pick<TypeRef, "type" | "className" | "word">): Typed {
    const offset = this.lexer.start
    const name = this.name("NameExpected", this.is("[") ? `${what}; the brackets of an array stand behind it` : what)
    if (!this.take("[")) return { className: undefined, ...type, name, offset, isArray: false, size: undefined }
    const size = this.size()
    this.expect("]", "CloseBracketExpected")
    return { className: undefined, ...type, name, offset, isArray: true, size }
  }

  /** The size of an array; `undefined` when none is written. */
  private size(): number | undefined {
    const { lexer } = this
    if (lexer.kind !== "integer") return undefined
    const size = lexer.integer
    // The size is stored as a qualifier, whose type is sint32.
    if (size < 0n || size > 2147483647n) this.fail("OutOfRange", "a size from 0 to 2147483647")
    lexer.next()
    return Number(size)
  }

  /** The qualifiers, with the size of an array added to them (`object-model` 3). */
  private withSize(
    qualifiers: ReadonlyArray<Qualifier.Qualifier>,
    size: number | undefined
  ): ReadonlyArray<Qualifier.Qualifier> {
    return size === undefined || Qualifier.has(qualifiers, "max")
      ? qualifiers
      : [...qualifiers, markFrozen(Qualifier.make("Max", size))]
  }

  // Classes

  /** A class, after the word `class`. */
  classBody(qualifiers: ReadonlyArray<Qualifier.Qualifier>): ClassDraft {
    const name = this.name("ClassNameExpected", "the name of a class")
    const alias = this.alias()
    const superclass = this.take(":") ? this.name("ClassNameExpected", "the name of the superclass") : undefined
    const properties: Array<PropertyDefinition> = []
    const methods: Array<MethodDefinition> = []
    const deferred: Array<DeferredDefault> = []
    if (!this.is("{")) {
      if (!this.take(";")) {
        const code = this.lexer.kind === "end" ? "OpenBraceExpected" : "InvalidClassDeclaration"
        this.fail(code, superclass === undefined ? "':' and a superclass, '{' or ';'" : "'{' or ';'")
      }
      return { name, alias, superclass, qualifiers, properties, methods, deferred, hasBody: false }
    }
    this.lexer.next()
    const names = { property: new Set<string>(), method: new Set<string>() }
    while (!this.take("}")) {
      if (this.lexer.kind === "end") this.fail("CloseBraceExpected", "'}'")
      this.member(properties, methods, deferred, names)
    }
    this.expect(";", "SemicolonExpected")
    return { name, alias, superclass, qualifiers, properties, methods, deferred, hasBody: true }
  }

  /** Records a name; a repeated name is an error. */
  private declareOnce(names: Set<string>, name: string, offset: number, what: string): void {
    const folded = CimName.fold(name)
    if (names.has(folded)) this.fail("DuplicateProperty", `each ${what} once`, offset, `'${name}' again`)
    names.add(folded)
  }

  private member(
    properties: Array<PropertyDefinition>,
    methods: Array<MethodDefinition>,
    deferred: Array<DeferredDefault>,
    names: { readonly property: Set<string>; readonly method: Set<string> }
  ): void {
    const bare = !this.is("[")
    const qualifiers = bare ? [] : this.qualifierList()
    if (this.word("void")) {
      const word = this.lexer.value
      this.lexer.next()
      const offset = this.lexer.start
      const name = this.name("NameExpected", "the name of a method")
      this.declareOnce(names.method, name, offset, "method")
      methods.push(this.method(name, { returns: "void", ...returnsWord(typeSpelling(word)) }, qualifiers))
      return
    }
    if (this.lexer.kind !== "name") {
      this.fail(
        this.is("{") ? "BraceOrTypeExpected" : "TypeExpected",
        bare ? "a property, a method or '}'" : "the type of a property or method behind its qualifiers"
      )
    }
    const typed = this.typedName("the name of a property or method")
    const { className, isArray, name, offset, size, type } = typed
    if (this.is("(")) {
      this.refuseUnit(name)
      if (isArray) this.fail("ArrayReturn", "a method that returns no array", offset, `'${name}[]'`)
      this.declareOnce(names.method, name, offset, "method")
      methods.push(this.method(name, { returns: type, ...returnsWord(typed) }, qualifiers))
      return
    }
    this.declareOnce(names.property, name, offset, "property")
    let value: CimValue | undefined
    if (this.take("=")) {
      const at = this.lexer.start
      const constant = this.value(0)
      if (isDeferred(constant)) deferred.push({ index: properties.length, constant, offset: at })
      else value = this.convert(constant, { type, isArray, className }, name, at)
    }
    if (!this.take(";")) {
      this.fail("SemicolonExpected", value !== undefined || isArray ? "';'" : "';', '=', '[' or '('")
    }
    this.context.counts.properties++
    if (type === "reference") this.context.counts.references++
    properties.push(
      markFrozen<PropertyDefinition>({
        name,
        type,
        isArray,
        className,
        ...typeSpelling(typed.word ?? ""),
        value: value === undefined ? undefined : freezeCopy(value),
        qualifiers: frozenQualifiers(this.withSize(qualifiers, size))
      })
    )
  }

  /**
   * Refuses parentheses after the name of a property, as in `uint32 Delay(Hour);`. Their content is not a parameter, so
   * the declaration is not a method (`mof` 10).
   */
  private refuseUnit(name: string): void {
    const { lexer } = this
    const start = lexer.start
    const first = lexer.peek()
    if (first === ")" || first === "[" || first === "") return
    lexer.next()
    const isParameter = lexer.kind === "name" && beginsName(lexer.peek())
    if (!isParameter) {
      this.fail(
        "NameExpected",
        `the name of a property without '(', or the parameters of a method ${name}`,
        start,
        "'('"
      )
    }
    lexer.end = start
    lexer.next()
  }

  private method(
    name: string,
    returned: Pick<MethodDefinition, "returns" | "returnsWord">,
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
    this.context.counts.methods++
    // When no ID is written, the compiler numbers the parameters (`mof` 6).
    const numbered = parameters.some((p) => p.id !== undefined) ? parameters : parameters.map((p, id) => ({ ...p, id }))
    return markFrozen({
      name,
      ...returned,
      parameters: Object.freeze(numbered.map(markFrozen)),
      qualifiers: frozenQualifiers(qualifiers)
    })
  }

  private parameter(method: string): ParameterDefinition {
    const offset = this.lexer.start
    const qualifiers = this.is("[") ? this.qualifierList() : []
    if (this.word("void")) this.fail("UnrecognizedType", "a type; only a method returns void")
    const typed = this.typedName("the name of a parameter")
    const { className, isArray, name, size, type } = typed
    let value: CimValue | undefined
    if (this.take("=")) {
      const at = this.lexer.start
      const constant = this.value(0)
      if (isDeferred(constant)) {
        this.fail("IllegalConstant", `a constant as the default of ${name}, or a list of them`, at, this.at(at))
      }
      value = this.convert(constant, { type, isArray, className }, name, at)
    }
    this.context.counts.parameters++
    const id = Qualifier.find(qualifiers, "id")?.value
    return {
      name,
      type,
      isArray,
      className,
      ...typeSpelling(typed.word ?? ""),
      direction: this.direction(qualifiers, `${method}.${name}`, offset),
      id: typeof id === "number" ? id : undefined,
      ...(value === undefined ? {} : { value: freezeCopy(value) }),
      qualifiers: frozenQualifiers(this.withSize(qualifiers, size))
    }
  }

  /** The direction from `In` and `Out`. The declared default of `In` applies where it is not written (`mof` 6). */
  private direction(
    qualifiers: ReadonlyArray<Qualifier.Qualifier>,
    what: string,
    offset: number
  ): ParameterDefinition["direction"] {
    const declared = this.context.qualifiers.get("in")?.value
    const byDefault = declared === true
    const written = Qualifier.find(qualifiers, "in")
    const isIn = written === undefined ? byDefault : written.value === true
    const isOut = Qualifier.find(qualifiers, "out")?.value === true
    if (!isIn && !isOut) this.fail("InOutRequired", "In or Out", offset, `parameter ${what} with neither`)
    return isIn ? (isOut ? "inout" : "in") : "out"
  }

  // Instances

  /** An instance, from the word `instance` to the closing brace. */
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
      this.declareOnce(names, assignment.name, assignment.offset, "property")
      assignments.push(assignment)
    }
    return { className, alias, qualifiers: frozenQualifiers(qualifiers), assignments }
  }

  private assignment(depth: number): Assignment | undefined {
    const qualifiers = this.is("[") ? this.qualifierList() : []
    const offset = this.lexer.start
    // After a property named `instance` comes `=` or `;`.
    if (this.word("instance") && !/[=;]/.test(this.lexer.peek())) {
      if (depth >= deepest) this.fail("QuotaViolation", `embedded instances at most ${deepest} deep`)
      this.context.warn(offset, "an instance that stands alone inside another one is ignored")
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
