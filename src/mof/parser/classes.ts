/**
 * Classes: the head, and the properties and methods of the body (`mof` 6). A default that holds an alias or an object
 * becomes a value when the whole text was read.
 *
 * @internal
 */
import { freezeCopy, markFrozen } from "../../model/immutable.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type { CimValue, MethodDefinition, ParameterDefinition, PropertyDefinition } from "../../model/WbemObject.ts"
import { isDeferred } from "../convert.ts"
import type { Alias, ClassDraft, DeferredDefault } from "../drafts.ts"
import { CompileFailure } from "../errors.ts"
import { beginsName } from "../lexer.ts"
import {
  aliasInHead,
  declareOnce,
  isNextDeclaration,
  moveToBody,
  readAlias,
  readBody,
  readEndOfMember
} from "./bodies.ts"
import { convertLiteral } from "./literals.ts"
import type { Parser } from "./parser.ts"
import { noteType, readTypedName, typeSpelling, withSize } from "./types.ts"
import { frozenQualifiers, readQualifiers, readValue } from "./values.ts"

/** The spelling of the type of a return value. */
const returnsWord = ({ word }: { readonly word?: string | undefined }): Pick<MethodDefinition, "returnsWord"> =>
  word === undefined ? {} : { returnsWord: word }

/** The direction from `In` and `Out`. The declared default of `In` applies where it is not written (`mof` 6). */
const directionOf = (
  parser: Parser,
  qualifiers: ReadonlyArray<Qualifier.Qualifier>,
  what: string,
  offset: number
): ParameterDefinition["direction"] => {
  const declared = parser.context.qualifiers.get("in")?.value
  const byDefault = declared === true
  const written = Qualifier.find(qualifiers, "in")
  const isIn = written === undefined ? byDefault : written.value === true
  const isOut = Qualifier.find(qualifiers, "out")?.value === true
  if (!isIn && !isOut && !parser.hasFaultyList) {
    parser.fault("InOutRequired", "In or Out", offset, `parameter ${what} with neither`, {
      end: parser.lexer.previousEnd
    })
  }
  return isIn ? (isOut ? "inout" : "in") : "out"
}

/** A parameter of a method. `method` is the name of the method, for a message. */
const readParameter = (parser: Parser, method: string): ParameterDefinition => {
  const offset = parser.lexer.start
  parser.hasFaultyList = false
  const qualifiers = parser.is("[") ? readQualifiers(parser) : []
  if (parser.word("void")) parser.fail("UnrecognizedType", "a type; only a method returns void")
  if (parser.lexer.kind !== "name") {
    parser.expected("TypeExpected", "a type", { hint: "a parameter is '[In] type Name'" })
  }
  const typed = readTypedName(parser, "the name of a parameter")
  const { className, isArray, name, size, type } = typed
  let value: CimValue | undefined
  if (parser.take("=")) {
    const at = parser.lexer.start
    const constant = readValue(parser, 0)
    if (isDeferred(constant)) {
      parser.fault(
        "IllegalConstant",
        `a constant as the default of ${name}, or a list of them`,
        at,
        parser.describeAt(at)
      )
    } else value = convertLiteral(parser, constant, { type, isArray, className }, name, at)
  }
  noteType(parser, typed)
  parser.context.counts.parameters++
  const id = Qualifier.find(qualifiers, "id")?.value
  return {
    name,
    type,
    isArray,
    className,
    ...typeSpelling(typed.word ?? ""),
    direction: directionOf(parser, qualifiers, `${method}.${name}`, offset),
    id: typeof id === "number" ? id : undefined,
    ...(value === undefined ? {} : { value: freezeCopy(value) }),
    qualifiers: frozenQualifiers(withSize(qualifiers, size))
  }
}

/** The parameters of a method, with the semicolon behind them. `from` is the offset of the member. */
const readMethod = (
  parser: Parser,
  from: number,
  name: string,
  returned: Pick<MethodDefinition, "returns" | "returnsWord">,
  qualifiers: ReadonlyArray<Qualifier.Qualifier>
): MethodDefinition => {
  parser.expect("(", "OpenParenExpected")
  const parameters: Array<ParameterDefinition> = []
  if (!parser.take(")")) {
    for (;;) {
      parameters.push(readParameter(parser, name))
      if (parser.take(")")) break
      if (!parser.take(",")) parser.missing("CloseParenExpected", "',' or ')'")
    }
  }
  readEndOfMember(parser, from, "';'")
  parser.context.counts.methods++
  // When no ID is written, the compiler numbers the parameters (`mof` 6).
  const numbered = parameters.some((p) => p.id !== undefined) ? parameters : parameters.map((p, id) => ({ ...p, id }))
  return markFrozen({
    name,
    ...returned,
    parameters: Object.freeze(numbered.map(markFrozen)),
    qualifiers: frozenQualifiers(qualifiers)
  })
}

/**
 * Refuses parentheses after the name of a property, as in `uint32 Delay(Hour);`. Their content is not a parameter, so
 * the declaration is not a method (`mof` 10).
 */
const refuseUnit = (parser: Parser, name: string): void => {
  const { lexer } = parser
  const start = lexer.start
  const first = lexer.peek()
  if (first === ")" || first === "[" || first === "") return
  lexer.next()
  const isParameter = lexer.kind === "name" && beginsName(lexer.peek())
  if (!isParameter) {
    parser.fail(
      "NameExpected",
      `the name of a property without '(', or the parameters of a method ${name}`,
      start,
      "'('"
    )
  }
  lexer.end = start
  lexer.next()
}

/** A property or a method. */
const readClassMember = (
  parser: Parser,
  properties: Array<PropertyDefinition>,
  methods: Array<MethodDefinition>,
  deferred: Array<DeferredDefault>,
  names: { readonly property: Map<string, number>; readonly method: Map<string, number> }
): void => {
  const { previousEnd, start: from } = parser.lexer
  const bare = !parser.is("[")
  const qualifiers = bare ? [] : readQualifiers(parser)
  if (!bare && isNextDeclaration(parser, true)) {
    parser.waiting = { offset: from, before: previousEnd, list: qualifiers }
    return
  }
  if (parser.word("void")) {
    const word = parser.lexer.value
    parser.lexer.next()
    const offset = parser.lexer.start
    const name = parser.name("NameExpected", "the name of a method")
    declareOnce(parser, names.method, name, offset, "method")
    methods.push(readMethod(parser, from, name, { returns: "void", ...returnsWord(typeSpelling(word)) }, qualifiers))
    return
  }
  if (parser.lexer.kind !== "name") {
    parser.expected(
      parser.is("{") ? "BraceOrTypeExpected" : "TypeExpected",
      bare ? "a property, a method or '}'" : "the type of a property or method behind its qualifiers"
    )
  }
  const typed = readTypedName(parser, "the name of a property or method")
  const { className, isArray, name, offset, size, type } = typed
  if (parser.is("(")) {
    refuseUnit(parser, name)
    if (isArray) parser.fault("ArrayReturn", "a method that returns no array", offset, `'${name}[]'`)
    declareOnce(parser, names.method, name, offset, "method")
    methods.push(readMethod(parser, from, name, { returns: type, ...returnsWord(typed) }, qualifiers))
    noteType(parser, typed)
    return
  }
  declareOnce(parser, names.property, name, offset, "property")
  let value: CimValue | undefined
  let later: DeferredDefault | undefined
  if (parser.take("=")) {
    const at = parser.lexer.start
    const constant = readValue(parser, 0)
    if (isDeferred(constant)) later = { index: properties.length, constant, offset: at }
    else value = convertLiteral(parser, constant, { type, isArray, className }, name, at)
  }
  readEndOfMember(parser, from, value !== undefined || isArray ? "';'" : "';', '=', '[' or '('")
  noteType(parser, typed)
  if (later !== undefined) deferred.push(later)
  parser.context.counts.properties++
  if (type === "reference") parser.context.counts.references++
  properties.push(
    markFrozen<PropertyDefinition>({
      name,
      type,
      isArray,
      className,
      ...typeSpelling(typed.word ?? ""),
      value: value === undefined ? undefined : freezeCopy(value),
      qualifiers: frozenQualifiers(withSize(qualifiers, size))
    })
  )
}

/**
 * A class, after the word `class`, with the semicolon behind it. After a faulty head it reads the body nevertheless;
 * `undefined` when there is none.
 */
export const readClass = (parser: Parser, qualifiers: ReadonlyArray<Qualifier.Qualifier>): ClassDraft | undefined => {
  const { lexer } = parser
  let name = ""
  let alias: Alias | undefined
  let superclass: string | undefined
  let superclassAt = 0
  const properties: Array<PropertyDefinition> = []
  const methods: Array<MethodDefinition> = []
  const deferred: Array<DeferredDefault> = []
  try {
    name = parser.name("ClassNameExpected", "the name of a class")
    alias = readAlias(parser)
    if (parser.take(":")) {
      superclassAt = lexer.start
      superclass = parser.name("ClassNameExpected", "the name of the superclass")
    }
    if (superclass !== undefined && (parser.is("{") || parser.is(";"))) {
      parser.context.use("superclass", superclass, superclassAt)
    }
    if (!parser.is("{")) {
      if (parser.is(";")) {
        parser.advance()
        return {
          name,
          alias,
          superclass,
          qualifiers,
          properties,
          methods,
          deferred,
          hasBody: false,
          isFaulty: parser.isFaulty
        }
      }
      const code = lexer.kind === "end" ? "OpenBraceExpected" : "InvalidClassDeclaration"
      parser.missing(code, superclass === undefined ? "':' and a superclass, '{' or ';'" : "'{' or ';'")
    }
  } catch (failure) {
    if (!(failure instanceof CompileFailure)) throw failure
    if (!moveToBody(parser, failure)) return undefined
    alias ??= aliasInHead(parser)
  }
  const names = { property: new Map<string, number>(), method: new Map<string, number>() }
  readBody(parser, true, () => readClassMember(parser, properties, methods, deferred, names))
  return {
    name,
    alias,
    superclass,
    qualifiers,
    properties,
    methods,
    deferred,
    hasBody: true,
    isFaulty: parser.isFaulty
  }
}
