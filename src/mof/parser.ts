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
import { type CodeName, CompileFailure, type FailureDetails, type Remark } from "./errors.ts"
import { suggest } from "./hints.ts"
import { beginsName, Lexer, unclosedString } from "./lexer.ts"
import { directiveEnd, isCDirective } from "./preprocessed.ts"
import {
  bodyAfter,
  declarationAt,
  endOfMember,
  endOfQualifiers,
  hasLineEnd,
  isAtMargin,
  isOfMember,
  isUnclosed,
  unclosedStringBefore
} from "./recover.ts"

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
  /** The offset of the type. */
  readonly typeOffset: number
  readonly size: number | undefined
}

/** How a text uses the name of a class. */
export type Use = "type" | "superclass" | "reference" | "instance"

/** The state of the compilation that the parser reads and updates. */
export interface ParserContext {
  readonly qualifiers: Map<string, QualifierDeclaration>
  /** The PowerShell DSC dialect: an embedded object may hold aliases (`mof` 5). */
  readonly isDsc: boolean
  readonly warn: (remark: Remark) => void
  /** Reports a fault; `from` is the offset of the member or declaration around it. */
  readonly report: (failure: CompileFailure, from: number) => void
  /** Notes the use of the name of a class. */
  readonly use: (use: Use, name: string, offset: number) => void
  /** Notes a directive inside a body, which is an error. */
  readonly noteDirective: (offset: number) => void
  /** Notes the head of a declaration that could not be read: names in it are declared, for all that is known. */
  readonly lose: (from: number, to: number) => void
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

const flavorSpellings = [
  "ToInstance",
  "ToSubclass",
  "NotToInstance",
  "NotToSubclass",
  "EnableOverride",
  "DisableOverride",
  "Restricted",
  "Amended"
]
const flavorList = `a flavour: ${flavorSpellings.slice(0, -1).join(", ")} or Amended`

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

const scopeList = `a scope: ${[...scopes].join(", ")}`

/** The simple types, as a text writes them. */
const typeNames: ReadonlyArray<string> = typeTable.flatMap(({ form, name }) => form === "reference" ? [] : [name])

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

/** The line of an offset, for a message. */
const lineOf = (text: string, offset: number): number => text.slice(0, offset).split(/\r\n|\r|\n/).length

const directiveHint = "directives stand between declarations; is the body before it not closed?"

/** Used where no embedded object can occur. */
const refuseObject: Embedded = () => {
  throw new Error("a constant that holds an object was taken for a plain one")
}

export class Parser {
  readonly lexer: Lexer
  /** Whether the last declaration failed, so that its end may still follow. */
  isRecovering = false
  /** Whether the declaration that is being read has a fault, so that it is not put. */
  isFaulty = false
  /** Whether a part of the declaration was skipped. What seems to be missing in the rest is no second error. */
  private isBroken = false
  /** Whether the end of the declaration was not found. */
  isLost = false
  /** The offset of the declaration or member that is being read. */
  private from = 0
  /** Whether a part of the last list of qualifiers was skipped. */
  private hasFaultyList = false
  /** The offset of the last member or declaration with a fault. */
  private faultAt = -1
  /** The offset of the declaration that is being read. */
  private declared = 0
  /** The offset of the opening brace of the body that is being read. */
  private opened = 0
  /** The depth of the embedded instance that is being read; 0 outside of embedded ones. */
  private depth = 0
  /** Qualifiers that were read inside a body without an end, and belong to the next declaration. */
  private waiting:
    | { readonly offset: number; readonly before: number; readonly list: ReadonlyArray<Qualifier.Qualifier> }
    | undefined
  private readonly context: ParserContext

  constructor(text: string, around: ParserContext) {
    this.context = around
    this.lexer = new Lexer(text, around.warn)
  }

  fail(
    code: CodeName,
    expected: string,
    offset: number = this.lexer.start,
    found: string = this.lexer.describe(),
    details?: FailureDetails
  ): never {
    throw new CompileFailure(offset, code, found, expected, details)
  }

  /**
   * The error of something that is missing before the token. When the token is on a later line, the place is the end of
   * the token before it.
   */
  absent(code: CodeName, expected: string, details?: FailureDetails): CompileFailure {
    const { lexer } = this
    if (
      (this.is("#") && isCDirective(lexer.text, lexer.start)) || !hasLineEnd(lexer.text, lexer.previousEnd, lexer.start)
    ) {
      return new CompileFailure(lexer.start, code, lexer.describe(), expected, details)
    }
    const found = lexer.kind === "end" ? lexer.describe() : "the end of the line"
    return new CompileFailure(lexer.previousEnd, code, found, expected, { ...details, end: lexer.previousEnd })
  }

  /** Fails because a separator or a closing bracket is missing before the token. */
  missing(code: CodeName, expected: string, details?: FailureDetails): never {
    throw this.absent(code, expected, details)
  }

  /**
   * Fails because there is no name, type or value. The token is the fault when it stands in its place, or at the start
   * of a member; else something is missing before it.
   */
  expected(code: CodeName, expected: string, details?: FailureDetails): never {
    const { lexer } = this
    const isAttempt = lexer.kind !== "end"
      && (lexer.kind !== "punctuation" || /[;{}]/.test(lexer.text.charAt(lexer.previousEnd - 1)))
    if (!isAttempt) throw this.absent(code, expected, details)
    this.fail(code, expected, undefined, undefined, details)
  }

  /** Reports a fault and goes on. */
  report(failure: CompileFailure): void {
    this.isFaulty = true
    this.faultAt = this.from
    this.context.report(failure, this.from)
  }

  /** Reports a fault after which the text is read on as if it were not there. */
  private fault(code: CodeName, expected: string, offset: number, found: string, details?: FailureDetails): void {
    this.report(new CompileFailure(offset, code, found, expected, details))
  }

  /** Whether the token cannot be read. */
  private get isUnreadable(): boolean {
    return this.lexer.kind === "punctuation" && this.lexer.value === ""
  }

  /** Begins a declaration. */
  begin(): void {
    this.from = this.declared = this.lexer.start
    this.isFaulty = this.isBroken = this.isLost = false
  }

  /** Moves to the next token. A token that cannot be read is reported, and fits no rule of the grammar. */
  advance(): void {
    try {
      this.lexer.next()
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      this.isBroken = true
      this.report(failure)
    }
  }

  /** Moves to the token at or after an offset. One that cannot be read is reported where the grammar meets it. */
  moveTo(offset: number): void {
    const { lexer } = this
    lexer.end = offset
    try {
      lexer.next()
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      if (lexer.end <= lexer.start) lexer.end = lexer.start + 1
    }
  }

  /**
   * Reports a failure. When a string without its closing quote is the reason, that is the error, and the text is read
   * on at the next line. Returns whether it was so.
   */
  reportUnclosed(failure: CompileFailure, from: number): boolean {
    const { lexer } = this
    this.isBroken = true
    const open = unclosedStringBefore(lexer.text, from, lexer.start)
    if (open === undefined) {
      // A token that cannot be read was reported as such.
      if (this.isUnreadable && this.faultAt === this.from) this.isFaulty = true
      else this.report(failure)
      return false
    }
    this.report(unclosedString(open.start))
    this.moveTo(open.resume)
    return true
  }

  /** Whether a declaration begins at the token, so that the body around it has no end. */
  private isDeclaration(isClass: boolean, offset: number = this.lexer.start): boolean {
    const isInstance = this.word("instance")
    if (!isInstance && !this.word("class") && !this.word("qualifier")) return false
    const { start, text } = this.lexer
    if (!declarationAt(text, start)) return false
    return isClass || !isInstance || this.endsInstance(offset)
  }

  /**
   * Whether an instance that stands alone in the body of another one is the next declaration, because the body lacks its
   * end: it stands at the margin of the text, and the body is faulty or has no end.
   */
  private endsInstance(offset: number): boolean {
    const { text } = this.lexer
    return isAtMargin(text, offset, this.declared) && (this.isBroken || isUnclosed(text, this.declared))
  }

  /** The qualifiers before a declaration, and the offset at which it begins. */
  qualifiers(): { readonly offset: number; readonly list: ReadonlyArray<Qualifier.Qualifier> } {
    const { waiting } = this
    this.waiting = undefined
    if (waiting !== undefined) return waiting
    const offset = this.lexer.start
    return { offset, list: this.is("[") ? this.qualifierList() : [] }
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
    if (!this.take(punctuation)) this.missing(code, `'${punctuation}'`)
  }

  name(code: CodeName, expected: string): string {
    if (this.lexer.kind !== "name") this.expected(code, expected)
    const name = this.lexer.value
    this.advance()
    return name
  }

  private alias(): Alias | undefined {
    if (!this.word("as")) return undefined
    this.lexer.next()
    if (this.lexer.kind !== "alias") this.expected("DollarExpected", "'$' and a name")
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
      if (element._tag === "Null") {
        this.fault("NullArrayElement", "an element that is not NULL", offset, this.at(offset))
        if (this.take("}")) return { _tag: "Array", elements, offsets }
        if (!this.take(",")) this.missing("CloseBraceExpected", "',' or '}'")
        continue
      }
      elements.push(element)
      offsets.push(offset)
      if (this.take("}")) return { _tag: "Array", elements, offsets }
      if (!this.take(",")) this.missing("CloseBraceExpected", "',' or '}'")
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
    const { kind, value } = this.lexer
    if (kind !== "name") this.expected("IllegalConstant", what)
    const word = suggest(value, ["TRUE", "FALSE", "NULL"])
    this.fail("IllegalConstant", `${what}; text stands in straight quotes`, undefined, undefined, { hint: word })
  }

  private embedded(qualifiers: ReadonlyArray<Qualifier.Qualifier>, depth: number): InstanceDraft {
    const draft = this.instanceBody(qualifiers, depth)!
    if (draft.alias !== undefined) {
      this.fault(
        "AliasInEmbedded",
        "'{'; an embedded object takes no alias",
        draft.alias.offset,
        `'$${draft.alias.name}'`
      )
    }
    return draft
  }

  /** Converts a plain constant to a value of a type. A constant that does not fit is reported. */
  private convert(constant: Constant, type: TypeRef, name: string, offset: number): CimValue {
    try {
      return convert(this.lexer.text, constant, type, name, offset, refuseObject)
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      this.report(failure)
      return null
    }
  }

  // Qualifiers

  /**
   * A qualifier list, including the brackets. After a fault it goes on behind the list, or, when the list has no end, at
   * the fault.
   */
  qualifierList(): ReadonlyArray<Qualifier.Qualifier> {
    const { lexer } = this
    const from = lexer.start
    const found: Array<Qualifier.Qualifier> = []
    const seen = new Set<string>()
    try {
      this.expect("[", "QualifierNameExpected")
      for (;;) {
        const offset = lexer.start
        const name = this.name("QualifierNameExpected", "the name of a qualifier")
        const folded = CimName.fold(name)
        if (folded === "cimtype") {
          this.fault("CimtypeNotAllowed", "another qualifier; CIMTYPE is made by the server", offset, `'${name}'`)
        }
        if (seen.has(folded)) this.fault("DuplicateQualifier", "each qualifier once", offset, `'${name}' again`)
        seen.add(folded)
        const qualifier = this.qualifier(name, folded, offset)
        if (qualifier !== undefined) found.push(qualifier)
        this.context.counts.qualifierUses++
        if (this.take("]")) return found
        if (!this.take(",")) this.missing("CloseBracketExpected", "',' or ']'")
      }
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      if (unclosedStringBefore(lexer.text, from, lexer.start) !== undefined) throw failure
      this.hasFaultyList = true
      this.report(failure)
      const end = endOfQualifiers(lexer.text, from, lexer.start)
      if (end !== undefined) this.moveTo(end)
      return found
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
      this.context.warn({
        offset,
        name: "NullQualifier",
        message: `the qualifier ${name} is left out: its value is NULL, which no qualifier can have`
      })
      return undefined
    }
    let converted: ReturnType<Parser["qualifierValue"]>
    try {
      converted = this.qualifierValue(name, constant, declared, at)
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      this.report(failure)
      return undefined
    }
    const { type, value } = converted
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
      if (bit === undefined) {
        const hint = suggest(written, flavorSpellings)
        const failure = new CompileFailure(offset, "FlavorExpected", `'${written}'`, flavorList, { hint })
        // The name of the next qualifier, without a comma before it.
        if (this.is("(") || this.is("{")) throw failure
        this.report(failure)
        continue
      }
      words.add(word)
      bits |= bit
      const clash = flavorConflicts.find(({ one, others }) =>
        words.has(one) && others.some((other) => words.has(other)) && (one === word || others.includes(word))
      )
      if (clash !== undefined) this.fault(clash.code, clash.expected, offset, `'${written}'`)
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
    if (!this.take(":")) this.missing("InvalidQualifierDeclaration", "':'")
    const type = lexer.kind === "name" ? lower(lexer.value) : ""
    if (!isCimType(type)) {
      if (!flavorWords.has(type)) {
        const hint = suggest(lexer.value, [...typeNames, ...flavorSpellings])
        if (lexer.kind !== "name") this.expected("FlavorExpected", `a type or ${flavorList}`)
        this.fail("FlavorExpected", `a type or ${flavorList}`, undefined, undefined, { hint })
      }
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
        if (this.lexer.kind !== "name") this.expected("InvalidScope", scopeList)
        if (this.lexer.peek() === "(") this.fail("InvalidScope", scopeList)
        const { describe, hint } = { describe: this.lexer.describe(), hint: suggest(this.lexer.value, scopes) }
        this.fault("InvalidScope", scopeList, this.lexer.start, describe, { hint })
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
    if (type !== undefined && type !== "object") return this.sized(what, offset, { type, ...typeSpelling(written) })
    const className = type === "object" ? undefined : written
    if (this.word("ref") && !/[;=[(,)]/.test(lexer.peek())) {
      lexer.next()
      return this.sized(what, offset, { type: "reference", className })
    }
    if (lexer.kind !== "name") {
      this.fail("UnrecognizedType", "a type and a name", offset, `'${written}'`, {
        hint: this.is("[")
          ? "the brackets of an array stand behind the name: 'type Name[];'"
          : "a property is 'type Name;', a reference 'Class ref Name;'"
      })
    }
    if (word === "ref" && beginsName(lexer.peek())) {
      this.fail("UnrecognizedType", "the class of a reference before 'ref'", offset, `'${written}'`)
    }
    return this.sized(what, offset, {
      type: "object",
      className,
      ...(type === "object" ? typeSpelling(written) : {})
    })
  }

  private sized(what: string, typeOffset: number, type: Pick<TypeRef, "type" | "className" | "word">): Typed {
    const offset = this.lexer.start
    const name = this.name("NameExpected", this.is("[") ? `${what}; the brackets of an array stand behind it` : what)
    if (!this.take("[")) {
      return { className: undefined, ...type, name, offset, typeOffset, isArray: false, size: undefined }
    }
    const size = this.size()
    this.expect("]", "CloseBracketExpected")
    return { className: undefined, ...type, name, offset, typeOffset, isArray: true, size }
  }

  /** Notes the class that a type names. */
  private useType({ className, type, typeOffset }: Typed): void {
    if (className !== undefined) this.context.use(type === "reference" ? "reference" : "type", className, typeOffset)
  }

  /** The size of an array; `undefined` when none is written. */
  private size(): number | undefined {
    const { lexer } = this
    if (lexer.kind !== "integer") return undefined
    const size = lexer.integer
    // The size is stored as a qualifier, whose type is sint32.
    if (size < 0n || size > 2147483647n) {
      this.fault("OutOfRange", "a size from 0 to 2147483647", lexer.start, lexer.describe())
      lexer.next()
      return undefined
    }
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

  /**
   * A class, after the word `class`, with the semicolon behind it. After a faulty head it reads the body nevertheless;
   * `undefined` when there is none.
   */
  classBody(qualifiers: ReadonlyArray<Qualifier.Qualifier>): ClassDraft | undefined {
    const { lexer } = this
    let name = ""
    let alias: Alias | undefined
    let superclass: string | undefined
    let superclassAt = 0
    const properties: Array<PropertyDefinition> = []
    const methods: Array<MethodDefinition> = []
    const deferred: Array<DeferredDefault> = []
    try {
      name = this.name("ClassNameExpected", "the name of a class")
      alias = this.alias()
      if (this.take(":")) {
        superclassAt = lexer.start
        superclass = this.name("ClassNameExpected", "the name of the superclass")
      }
      if (superclass !== undefined && (this.is("{") || this.is(";"))) {
        this.context.use("superclass", superclass, superclassAt)
      }
      if (!this.is("{")) {
        if (this.is(";")) {
          this.advance()
          return {
            name,
            alias,
            superclass,
            qualifiers,
            properties,
            methods,
            deferred,
            hasBody: false,
            isFaulty: this.isFaulty
          }
        }
        const code = lexer.kind === "end" ? "OpenBraceExpected" : "InvalidClassDeclaration"
        this.missing(code, superclass === undefined ? "':' and a superclass, '{' or ';'" : "'{' or ';'")
      }
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      if (!this.openFaulty(failure)) return undefined
      alias ??= this.aliasInHead()
    }
    const names = { property: new Map<string, number>(), method: new Map<string, number>() }
    this.body(true, () => this.member(properties, methods, deferred, names))
    return {
      name,
      alias,
      superclass,
      qualifiers,
      properties,
      methods,
      deferred,
      hasBody: true,
      isFaulty: this.isFaulty
    }
  }

  /** Finds the body after a faulty head. Returns whether there is one. */
  private openFaulty(failure: CompileFailure): boolean {
    const { lexer } = this
    if (this.reportUnclosed(failure, this.from)) return false
    const brace = bodyAfter(lexer.text, lexer.start)
    if (brace !== undefined) this.moveTo(brace)
    this.context.lose(this.declared, lexer.start)
    // A member where the brace should be: only the brace is missing.
    return brace !== undefined || lexer.kind === "name" || this.is("[")
  }

  /** The alias in a faulty head, so that its uses are no second error. */
  private aliasInHead(): Alias | undefined {
    const { start, text } = this.lexer
    const head = text.slice(this.declared, start)
    const found = /\bas\s+\$([^\s{}()[\];:,="'#$]+)\s*$/i.exec(head)
    return found === null ? undefined : { name: found[1]!, offset: this.declared + head.lastIndexOf("$") }
  }

  /**
   * The members of a class or an instance, from the opening brace to the semicolon behind the closing one. After a
   * faulty member it goes on with the next one.
   */
  private body(isClass: boolean, member: () => void): void {
    const { lexer } = this
    const outer = this.from
    const outerOpened = this.opened
    const open = this.opened = lexer.start
    const isOpen = this.is("{")
    if (isOpen) this.advance()
    for (;;) {
      if (this.is("}")) {
        this.advance()
        this.endDeclaration()
        break
      }
      if (lexer.kind === "end" || this.isDeclaration(isClass, this.waiting?.offset)) {
        this.noClosingBrace(isOpen ? open : undefined)
        break
      }
      // The directive after a body whose end was skipped.
      if (
        this.is("#") && this.isBroken && !isCDirective(lexer.text, lexer.start)
        && isAtMargin(lexer.text, lexer.start, this.declared)
      ) break
      const from = this.from = lexer.start
      if (this.is("#")) this.directiveInside(isClass)
      else this.guarded(from, member)
      if (lexer.start === from && !this.isDeclaration(isClass)) this.advance()
    }
    this.from = outer
    this.opened = outerOpened
  }

  /** Reads one member. After a failure it moves to the next one. */
  private guarded(from: number, member: () => void): void {
    try {
      member()
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      this.from = from
      if (!this.reportUnclosed(failure, from)) this.skipMember(from)
    }
  }

  private skipMember(from: number): void {
    const { lexer } = this
    this.moveTo(endOfMember(lexer.text, from, lexer.start, this.opened))
  }

  /** Reports that the body has no end. `open` is the offset of its opening brace. */
  private noClosingBrace(open: number | undefined): void {
    const { lexer, waiting } = this
    if (this.isBroken) return
    this.isBroken = true
    const hint = open === undefined ? undefined : `the '{' of line ${lineOf(lexer.text, open)} is not closed`
    if (waiting === undefined) return this.report(this.absent("CloseBraceExpected", "'}'", { hint }))
    const { before, offset } = waiting
    this.report(
      hasLineEnd(lexer.text, before, offset)
        ? new CompileFailure(before, "CloseBraceExpected", "the end of the line", "'}'", { hint, end: before })
        : new CompileFailure(offset, "CloseBraceExpected", this.at(offset), "'}'", { hint })
    )
  }

  /** The semicolon behind the closing brace of a declaration. */
  private endDeclaration(): void {
    if (this.depth > 0) return
    if (this.is(";")) return this.advance()
    if (!this.isBroken) this.report(this.absent("SemicolonExpected", "';'"))
    else this.isFaulty = true
    const isNext = this.lexer.kind === "end" || this.is("[") || this.is("#") || this.word("class")
      || this.word("instance") || this.word("qualifier")
    if (!isNext) this.isLost = true
  }

  /** A directive inside a body is an error; the body goes on at the next line. */
  private directiveInside(isClass: boolean): void {
    const { lexer } = this
    this.isBroken = true
    this.report(
      isClass
        ? new CompileFailure(lexer.start, "TypeExpected", "'#'", "a property, a method or '}'", { hint: directiveHint })
        : new CompileFailure(lexer.start, "NameExpected", "'#'", "the name of a property or '}'", {
          hint: directiveHint
        })
    )
    this.context.noteDirective(lexer.start)
    this.moveTo(directiveEnd(lexer.text, lexer.start))
  }

  /**
   * The semicolon of a member. A missing one is reported; when the next line looks like the next member, that is read,
   * else the rest of the member is skipped.
   */
  private endMember(from: number, expected: string): void {
    const { lexer } = this
    if (this.is(";")) return this.advance()
    if (unclosedStringBefore(lexer.text, from, lexer.start) !== undefined) this.missing("SemicolonExpected", expected)
    const failure = this.absent("SemicolonExpected", expected)
    // Behind a faulty value on the same line it is the rest of the value.
    if (failure.offset !== lexer.start || this.faultAt !== from) this.report(failure)
    const isNext = (this.is("}") && !isOfMember(lexer.text, this.opened, lexer)) || lexer.kind === "end"
      || ((lexer.kind === "name" || this.is("[")) && hasLineEnd(lexer.text, lexer.previousEnd, lexer.start))
    if (isNext) return
    this.isBroken = true
    this.skipMember(from)
  }

  /** Records a name; a repeated name is an error. */
  private declareOnce(names: Map<string, number>, name: string, offset: number, what: string): void {
    const folded = CimName.fold(name)
    const first = names.get(folded)
    if (first === undefined) names.set(folded, offset)
    else {
      this.fault("DuplicateProperty", `each ${what} once`, offset, `'${name}' again`, {
        hint: `the first one is in line ${lineOf(this.lexer.text, first)}; rename or remove one of the two`
      })
    }
  }

  private member(
    properties: Array<PropertyDefinition>,
    methods: Array<MethodDefinition>,
    deferred: Array<DeferredDefault>,
    names: { readonly property: Map<string, number>; readonly method: Map<string, number> }
  ): void {
    const { previousEnd, start: from } = this.lexer
    const bare = !this.is("[")
    const qualifiers = bare ? [] : this.qualifierList()
    if (!bare && this.isDeclaration(true)) {
      this.waiting = { offset: from, before: previousEnd, list: qualifiers }
      return
    }
    if (this.word("void")) {
      const word = this.lexer.value
      this.lexer.next()
      const offset = this.lexer.start
      const name = this.name("NameExpected", "the name of a method")
      this.declareOnce(names.method, name, offset, "method")
      methods.push(this.method(from, name, { returns: "void", ...returnsWord(typeSpelling(word)) }, qualifiers))
      return
    }
    if (this.lexer.kind !== "name") {
      this.expected(
        this.is("{") ? "BraceOrTypeExpected" : "TypeExpected",
        bare ? "a property, a method or '}'" : "the type of a property or method behind its qualifiers"
      )
    }
    const typed = this.typedName("the name of a property or method")
    const { className, isArray, name, offset, size, type } = typed
    if (this.is("(")) {
      this.refuseUnit(name)
      if (isArray) this.fault("ArrayReturn", "a method that returns no array", offset, `'${name}[]'`)
      this.declareOnce(names.method, name, offset, "method")
      methods.push(this.method(from, name, { returns: type, ...returnsWord(typed) }, qualifiers))
      this.useType(typed)
      return
    }
    this.declareOnce(names.property, name, offset, "property")
    let value: CimValue | undefined
    let later: DeferredDefault | undefined
    if (this.take("=")) {
      const at = this.lexer.start
      const constant = this.value(0)
      if (isDeferred(constant)) later = { index: properties.length, constant, offset: at }
      else value = this.convert(constant, { type, isArray, className }, name, at)
    }
    this.endMember(from, value !== undefined || isArray ? "';'" : "';', '=', '[' or '('")
    this.useType(typed)
    if (later !== undefined) deferred.push(later)
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
    from: number,
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
        if (!this.take(",")) this.missing("CloseParenExpected", "',' or ')'")
      }
    }
    this.endMember(from, "';'")
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
    this.hasFaultyList = false
    const qualifiers = this.is("[") ? this.qualifierList() : []
    if (this.word("void")) this.fail("UnrecognizedType", "a type; only a method returns void")
    if (this.lexer.kind !== "name") this.expected("TypeExpected", "a type", { hint: "a parameter is '[In] type Name'" })
    const typed = this.typedName("the name of a parameter")
    const { className, isArray, name, size, type } = typed
    let value: CimValue | undefined
    if (this.take("=")) {
      const at = this.lexer.start
      const constant = this.value(0)
      if (isDeferred(constant)) {
        this.fault("IllegalConstant", `a constant as the default of ${name}, or a list of them`, at, this.at(at))
      } else value = this.convert(constant, { type, isArray, className }, name, at)
    }
    this.useType(typed)
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
    if (!isIn && !isOut && !this.hasFaultyList) {
      this.fault("InOutRequired", "In or Out", offset, `parameter ${what} with neither`, {
        end: this.lexer.previousEnd
      })
    }
    return isIn ? (isOut ? "inout" : "in") : "out"
  }

  // Instances

  /**
   * An instance, from the word `instance` to the closing brace; at depth 0 with the semicolon behind it. After a faulty
   * head it reads the body nevertheless; `undefined` when there is none.
   */
  instanceBody(qualifiers: ReadonlyArray<Qualifier.Qualifier>, depth: number): InstanceDraft | undefined {
    const { lexer } = this
    let className = ""
    let alias: Alias | undefined
    try {
      lexer.next()
      if (!this.word("of")) {
        const hint = suggest(lexer.kind === "name" ? lexer.value : "", ["of"])
        this.expected("InvalidInstanceDeclaration", "'of'", hint === undefined ? undefined : { hint })
      }
      lexer.next()
      const offset = lexer.start
      if (this.word("as") && lexer.peek() === "$") {
        this.fail("ClassNameExpected", "the name of a class before 'as' and its alias")
      }
      className = this.name("ClassNameExpected", "the name of a class")
      alias = this.alias()
      if (!this.is("{")) this.missing("OpenBraceExpected", alias === undefined ? "'{', or 'as' and an alias" : "'{'")
      this.context.use("instance", className, offset)
    } catch (failure) {
      if (!(failure instanceof CompileFailure) || depth > 0) throw failure
      if (!this.openFaulty(failure)) return undefined
      alias ??= this.aliasInHead()
    }
    const assignments: Array<Assignment> = []
    const names = new Map<string, number>()
    const outer = this.depth
    this.depth = depth
    this.body(false, () => {
      const assignment = this.assignment(depth)
      if (assignment === undefined) return
      this.declareOnce(names, assignment.name, assignment.offset, "property")
      assignments.push(assignment)
    })
    this.depth = outer
    return { className, alias, qualifiers: frozenQualifiers(qualifiers), assignments }
  }

  private assignment(depth: number): Assignment | undefined {
    const { previousEnd, start: from } = this.lexer
    const qualifiers = this.is("[") ? this.qualifierList() : []
    const offset = this.lexer.start
    // After a property named `instance` comes `=` or `;`.
    const isNext = offset > from && this.isDeclaration(false, from)
    if (this.word("instance") && !isNext && !/[=;]/.test(this.lexer.peek())) {
      if (depth >= deepest) this.fail("QuotaViolation", `embedded instances at most ${deepest} deep`)
      this.context.warn({
        offset,
        name: "StandaloneInstance",
        message: "an instance that stands alone inside another one is ignored"
      })
      this.instanceBody(qualifiers, depth + 1)
      this.take(";")
      return undefined
    }
    if (isNext) {
      this.waiting = { offset: from, before: previousEnd, list: qualifiers }
      return undefined
    }
    const name = this.name("NameExpected", "the name of a property or '}'")
    let constant: Constant | undefined
    let constantOffset = offset
    if (this.take("=")) {
      constantOffset = this.lexer.start
      constant = this.value(depth)
    }
    this.endMember(from, constant === undefined ? "'=' and a value, or ';'" : "';'")
    return { name, offset, constant, constantOffset, qualifiers }
  }
}
