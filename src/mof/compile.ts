/**
 * Compiles one text with its includes into items: directives and their state, aliases, recovery after errors (`mof` 5
 * and 7).
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import { freezeObject } from "../model/immutable.ts"
import { longestPath } from "../model/limits.ts"
import * as Locale from "../model/Locale.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { PlainClass } from "../model/WbemObject.ts"
import { Aliases, type PendingDeclaration } from "./aliases.ts"
import { DeclaredClasses } from "./declaredClasses.ts"
import type { Alias, ClassDraft, InstanceDraft } from "./drafts.ts"
import { type Encoding, longestText } from "./encoding.ts"
import { type DirectiveArgument as Argument, flagsOf } from "./flagWords.ts"
import { AbortCompilation, Diagnostics, toError } from "./diagnostics.ts"
import {
  type CodeName,
  CompileFailure,
  excerpt,
  type MofError,
  type MofWarning,
  type Remark,
  Source
} from "./errors.ts"
import { NameSearch, suggest } from "./hints.ts"
import { type IncludeChain, Includes } from "./includes.ts"
import type { MofItem, MofOptions, MofResult } from "./result.ts"
import { beginsName } from "./lexer.ts"
import { readClass } from "./parser/classes.ts"
import type { QualifierDeclaration } from "./parser/context.ts"
import { Parser } from "./parser/parser.ts"
import { readQualifierDeclaration } from "./parser/qualifierDeclarations.ts"
import { readInstance, readLeadingQualifiers } from "./parser/values.ts"
import { endOfDirective, nextDeclaration } from "./recover.ts"
import { isCDirective } from "./preprocessed.ts"
import { UnknownNames } from "./unknownNames.ts"

/** Directives that are read and have no effect. */
const ignoredDirectives: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "locale",
  "instancelocale",
  "nonlocal",
  "nonlocaltype",
  "source",
  "sourcetype"
])
const directives = [
  "namespace",
  "autorecover",
  "classflags",
  "instanceflags",
  "deleteclass",
  "deleteinstance",
  "amendment",
  "include",
  "locale"
]

/** The words that begin a declaration. */
const declarationWords = ["class", "instance", "qualifier"]

/** A text that is being read. */
interface OpenText {
  readonly source: Source
  readonly parser: Parser
  readonly chain: IncludeChain
}

class Compilation {
  readonly options: MofOptions
  readonly diagnostics = new Diagnostics()
  private readonly search = new NameSearch()
  private readonly unknownNames = new UnknownNames(this.search)
  readonly pragmas: Array<readonly [string, ...ReadonlyArray<string>]> = []
  readonly declarations: Array<PendingDeclaration | MofItem> = []
  readonly qualifiers = new Map<string, QualifierDeclaration>()
  readonly classes: DeclaredClasses
  readonly aliases: Aliases
  private readonly includes: Includes
  /** The texts that are being read, the innermost one last. */
  private readonly open: Array<OpenText> = []
  readonly counts = {
    classes: 0,
    instances: 0,
    associations: 0,
    properties: 0,
    references: 0,
    methods: 0,
    parameters: 0,
    qualifierDeclarations: 0,
    qualifierUses: 0
  }
  /** The names that the declaration that is being read uses; none unless unknown ones are errors. */
  private names: ReadonlySet<string> = new Set()
  namespace: string
  classFlags: number
  instanceFlags: number
  autorecover = false
  amendment: string | undefined

  constructor(options: MofOptions) {
    this.options = options
    this.classes = new DeclaredClasses(options.classOf)
    this.aliases = new Aliases(this.classes, this.search, options.dialect === "dsc")
    this.includes = new Includes(options)
    this.namespace = ObjectPath.namespaceText(options.namespace ?? "root\\default")
    this.amendment = options.amendment
    this.classFlags = options.classFlags ?? 0
    this.instanceFlags = options.instanceFlags ?? 0
  }

  report(source: Source, failure: CompileFailure, from?: number): void {
    this.diagnostics.report(source, failure, from)
  }

  get errors(): ReadonlyArray<MofError> {
    return this.diagnostics.errors
  }

  get warnings(): ReadonlyArray<MofWarning> {
    return this.diagnostics.warnings
  }

  warn(source: Source, remark: Remark): void {
    this.diagnostics.warn(source, remark)
  }

  /** The namespace and the order number of the next declaration. */
  private scope(): { readonly namespace: string; readonly order: number } {
    return { namespace: this.namespace, order: this.declarations.length }
  }

  // Reading texts

  /** Reads a text with everything it includes. An included text is read at the position of its include. */
  read(source: Source): void {
    this.enter(source, { file: source.file, includedBy: undefined })
    for (;;) {
      const reading = this.open.at(-1)
      if (reading === undefined) return
      if (reading.parser.lexer.kind === "end") this.open.pop()
      else this.step(reading, () => this.declaration(reading))
    }
  }

  private enter(source: Source, chain: IncludeChain): void {
    const parser = new Parser(source.text, {
      qualifiers: this.qualifiers,
      isDsc: this.options.dialect === "dsc",
      warn: (remark) => this.warn(source, remark),
      report: (failure, from) => this.report(source, failure, from),
      use: (use, name, offset) => this.unknownNames.use(use, name, this.namespace, source, offset),
      lose: (from, to) => this.diagnostics.lose(source, from, to),
      noteDirective: (offset) => this.diagnostics.preprocessed.note(source.text, offset),
      counts: this.counts
    })
    const reading = { source, parser, chain }
    this.open.push(reading)
    this.step(reading, () => parser.lexer.next())
  }

  /** Runs one step. After an error it moves the parser to what looks like the next declaration. */
  private step({ parser, source }: OpenText, run: () => boolean | void): void {
    const { lexer } = parser
    const from = lexer.start
    parser.begin()
    if (this.options.strict === true) this.names = this.unknownNames.begin()
    try {
      if (run() === true) parser.isRecovering = parser.isFaulty
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      if (parser.reportUnclosed(failure, from)) return
      parser.isLost = true
    }
    if (!parser.isLost) return
    parser.isRecovering = true
    parser.moveTo(nextDeclaration(lexer.text, from, lexer.start))
    this.diagnostics.lose(source, from, lexer.start)
  }

  /** Reads one declaration or directive. Returns whether it was a declaration. */
  private declaration(reading: OpenText): boolean {
    const { source } = reading
    const parser: Parser = reading.parser // the explicit type tells the compiler that `fail` never returns
    if (parser.take(";")) return false
    // The closing brace of a declaration that failed is not a second error.
    if (parser.isRecovering && parser.take("}")) return false
    if (parser.is("#")) {
      this.directiveLine(reading)
      return false
    }
    const { list: qualifiers, offset } = readLeadingQualifiers(parser)
    const word = this.declarationWord(parser, qualifiers.length > 0)
    if (word === "class") {
      parser.advance()
      const draft = readClass(parser, qualifiers)
      if (draft === undefined) parser.isLost = true
      else this.addClass(source, offset, draft)
      // The name of a class is not known, so that its uses would be unknown names.
      if (draft === undefined || draft.name === "") this.diagnostics.isIncomplete = true
      return true
    }
    if (word === "instance") {
      const draft = readInstance(parser, qualifiers, 0)
      if (draft === undefined) parser.isLost = true
      else this.addInstance(source, offset, draft, parser.isFaulty)
      return true
    }
    if (word === "qualifier") {
      parser.lexer.next()
      readQualifierDeclaration(parser)
      this.counts.qualifierDeclarations++
      return true
    }
    if (parser.word("typedef") || parser.word("enum")) parser.fail("TypedefNotSupported", "a class or an instance")
    parser.fail(
      "UnrecognizedToken",
      qualifiers.length > 0
        ? "'class' or 'instance of' behind the qualifiers"
        : "a class, an instance, Qualifier, #pragma or #include",
      undefined,
      undefined,
      { hint: tokenHint(parser) }
    )
  }

  /** The word that begins the declaration at the parser. A misspelt one is reported and taken for what it may mean. */
  private declarationWord(parser: Parser, hasQualifiers: boolean): string | undefined {
    for (const word of declarationWords) {
      if (parser.word(word) && (word !== "qualifier" || !hasQualifiers)) return word
    }
    const { lexer } = parser
    if (lexer.kind !== "name") return undefined
    const near = declarationWords.find((word) => suggest(lexer.value, [word]) !== undefined)
    if (near === undefined || !beginsName(lexer.peek())) return undefined
    parser.report(
      new CompileFailure(lexer.start, "UnrecognizedToken", lexer.describe(), "a class, an instance or Qualifier", {
        hint: suggest(lexer.value, [near === "qualifier" ? "Qualifier" : near])
      })
    )
    return near
  }

  private addClass(source: Source, offset: number, draft: ClassDraft): void {
    if (draft.name !== "") this.classes.note(draft.name, source.isQuotable)
    if (!draft.hasBody && draft.superclass === undefined && draft.qualifiers.length === 0) return
    const { isFaulty } = draft
    const pending: PendingDeclaration = {
      source,
      offset,
      ...this.scope(),
      flags: this.classFlags,
      isFaulty,
      names: this.names,
      draft: { _tag: "Class", draft }
    }
    this.addAlias(draft.alias, pending)
    if (!isFaulty) this.counts.classes++
    if (!isFaulty && Qualifier.isTrue(draft, "association")) this.counts.associations++
    if (draft.name !== "") this.classes.add(draft, pending, source.isQuotable)
    this.declarations.push(pending)
  }

  private addAlias(alias: Alias | undefined, pending: PendingDeclaration): void {
    try {
      this.aliases.add(alias, pending)
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      this.report(pending.source, failure, pending.offset)
    }
  }

  private addInstance(source: Source, offset: number, draft: InstanceDraft, isFaulty: boolean): void {
    const pending: PendingDeclaration = {
      source,
      offset,
      ...this.scope(),
      flags: this.instanceFlags,
      isFaulty,
      names: this.names,
      draft: { _tag: "Instance", draft }
    }
    this.addAlias(draft.alias, pending)
    if (!isFaulty) this.counts.instances++
    this.declarations.push(pending)
  }

  // Directives

  /** Reads a directive. After an error it goes on behind its line. */
  private directiveLine(reading: OpenText): void {
    const { parser, source } = reading
    const { lexer } = parser
    const { start: from, text } = lexer
    try {
      if (isCDirective(text, from)) {
        this.diagnostics.preprocessed.note(text, from)
        const end = endOfDirective(text, from, from)
        const found = excerpt(/^#\s*\w+/.exec(text.slice(from, from + 80))?.[0] ?? "#")
        parser.report(new CompileFailure(from, "InvalidPragma", found, "", { end: from + found.length - 2 }))
        return parser.moveTo(end)
      }
      this.directive(reading)
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      const header = /^<([^>\r\n]*)>/.exec(text.slice(failure.offset, failure.offset + 200))?.[1]
      const hinted = header === undefined
        ? failure
        : new CompileFailure(failure.offset, failure.name, failure.found, failure.expected, {
          hint: `the name stands in quotes: #include "${header}"`
        })
      if (parser.reportUnclosed(hinted, from)) return
      const end = endOfDirective(text, from, from)
      if (this.open.at(-1)?.source === source && lexer.start < end) parser.moveTo(end)
    }
  }

  private directive(reading: OpenText): void {
    const parser: Parser = reading.parser
    const { lexer } = parser
    const offset = lexer.start
    lexer.next()
    if (parser.word("include")) {
      const file = fileName(parser, () => {
        lexer.next()
        const inside = parser.take("(")
        if (lexer.kind !== "string") parser.fail("IncludeMissing", "the name of a file in quotes")
        const named = this.argument(parser, "IncludeMissing", "")
        if (inside) parser.expect(")", "CloseParenExpected")
        return named
      })
      this.pragmas.push(["include", file.text])
      return this.include(reading, file)
    }
    if (!parser.word("pragma")) {
      const hint = lexer.kind === "name" ? suggest(lexer.value, ["pragma", "include"]) : undefined
      parser.fail("InvalidPragma", "#pragma or #include: there is no preprocessor", offset, undefined, {
        end: lexer.end,
        hint
      })
    }
    lexer.next()
    const at = lexer.start
    const name = parser.name("InvalidPragma", "the name of a directive")
    const isInclude = lowerName(name) === "include"
    const args = isInclude ? fileName(parser, () => this.arguments(parser, name)) : this.arguments(parser, name)
    this.pragmas.push([name, ...args.map(({ text }) => text)])
    this.apply(reading, offset, at, name, args)
  }

  private arguments(parser: Parser, name: string): ReadonlyArray<Argument> {
    const args: Array<Argument> = []
    if (!parser.take("(") || parser.take(")")) return args
    const code = lowerName(name).endsWith("flags") ? "InvalidFlags" : "InvalidPragma"
    for (;;) {
      args.push(this.argument(parser, code, `an argument of ${name}`))
      if (parser.take(")")) return args
      if (!parser.take(",")) parser.missing("CloseParenExpected", "',' or ')'")
    }
  }

  private argument(parser: Parser, code: CodeName, expected: string): Argument {
    const { lexer } = parser
    const { kind, start: offset } = lexer
    let text = ""
    if (kind === "string") {
      while (lexer.kind === "string") {
        text += lexer.value
        lexer.next()
      }
      return { kind, text, offset }
    }
    if (kind !== "name" && kind !== "integer") parser.expected(code, expected)
    text = kind === "name" ? lexer.value : String(lexer.integer)
    lexer.next()
    return { kind, text, offset }
  }

  private apply(
    reading: OpenText,
    start: number,
    offset: number,
    name: string,
    args: ReadonlyArray<Argument>
  ): void {
    const { source } = reading
    const [first, second] = args
    /** The first argument, which must be in quotes. */
    const quoted = (code: CodeName, what: string): Argument => {
      if (first === undefined) {
        throw new CompileFailure(offset, code, `${name} without an argument`, `${what} in quotes`)
      }
      if (first.kind !== "string") {
        throw new CompileFailure(first.offset, code, excerpt(first.text), `${what} in quotes`)
      }
      return first
    }
    const directive = lowerName(name)
    switch (directive) {
      case "namespace":
        this.namespace = this.namespaceOf(quoted("InvalidNamespaceSyntax", "a namespace"))
        return
      case "autorecover":
        this.autorecover = true
        return
      case "classflags":
        this.classFlags = flagsOf(args, offset, "class")
        return
      case "instanceflags":
        this.instanceFlags = flagsOf(args, offset, "instance")
        return
      case "deleteclass":
        return this.deletion(source, start, quoted("InvalidDeleteClass", "the name of a class"), second, "class")
      case "deleteinstance":
        return this.deletion(
          source,
          start,
          quoted("InvalidDeleteInstance", "the path of an instance"),
          second,
          "instance"
        )
      case "amendment":
        return this.amend(source, quoted("InvalidAmendmentSyntax", "a locale"))
      case "include":
        return this.include(reading, quoted("IncludeMissing", "the name of a file"))
      default:
        if (!ignoredDirectives.has(directive)) {
          throw new CompileFailure(offset, "InvalidPragma", `'${name}'`, `one of ${directives.join(", ")}`, {
            hint: suggest(name, [...directives, ...ignoredDirectives])
          })
        }
    }
  }

  /** Checks the locale of the option. */
  checkAmendment(source: Source, locale: string): void {
    if (typeof Locale.lcid(locale) !== "number") this.report(source, noLocale(0, locale))
  }

  /**
   * The text is to be split and stores nothing (`mof` 8). The directive names the locale; a second one must name the
   * same.
   */
  private amend(source: Source, { offset, text: locale }: Argument): void {
    if (typeof Locale.lcid(locale) !== "number") throw noLocale(offset, locale)
    if (this.amendment !== undefined && !CimName.equals(this.amendment, locale)) {
      throw new CompileFailure(
        offset,
        "InvalidDuplicateAmendment",
        `'${locale}'`,
        `no other locale than ${this.amendment}`
      )
    }
    this.amendment = locale
    this.warn(source, {
      offset,
      name: "Amendment",
      message: "a text with an amendment is split into a neutral and a localised one, and stores nothing"
    })
  }

  private namespaceOf({ offset, text }: Argument): string {
    const parsed = ObjectPath.parse(text, { singleIdentAsNamespace: true })
    const path = parsed._tag === "Right" ? parsed.right : undefined
    if (path === undefined || path.namespace === undefined || path.className !== undefined) {
      throw new CompileFailure(offset, "InvalidNamespaceSyntax", excerpt(text), namespaceForm)
    }
    const isThisMachine = path.server === undefined || path.server === "."
      || CimName.equals(path.server, this.options.server ?? ".")
    if (!isThisMachine) {
      throw new CompileFailure(
        offset,
        "InvalidNamespaceSpecification",
        `server ${excerpt(path.server!)}`,
        "'.' or this machine"
      )
    }
    if (!isRelative(text)) return path.namespace
    const joined = `${this.namespace}\\${path.namespace}`
    // A text may join relative names without end. A namespace is part of a path and limited as such.
    if (joined.length > longestPath) {
      throw new CompileFailure(
        offset,
        "InvalidNamespaceSyntax",
        `${excerpt(text)}, with which the namespace is too long`,
        `a namespace of at most ${longestPath} characters`
      )
    }
    return joined
  }

  private deletion(
    source: Source,
    offset: number,
    { offset: at, text: path }: Argument,
    word: Argument | undefined,
    kind: "class" | "instance"
  ): void {
    const code = kind === "class" ? "InvalidDeleteClass" : "InvalidDeleteInstance"
    const parsed = ObjectPath.parse(path)
    const denotes = parsed._tag === "Right" ? ObjectPath.kind(parsed.right) : undefined
    if (kind === "class" ? denotes !== "class" : denotes !== "instance" && denotes !== "singleton") {
      const what = kind === "class" ? "the name of a class" : 'the path of an instance, such as Class.Key="value"'
      throw new CompileFailure(at, code, excerpt(path), what)
    }
    const mode = word === undefined ? "fail" : lowerName(word.text)
    if (mode !== "fail" && mode !== "nofail") {
      throw new CompileFailure(word!.offset, code, `'${word!.text}'`, "FAIL or NOFAIL")
    }
    this.declarations.push({
      _tag: "Delete",
      position: source.position(offset),
      namespace: this.namespace,
      path,
      failIfMissing: mode === "fail"
    })
  }

  private include({ chain, source }: OpenText, { offset, text: name }: Argument): void {
    this.enter(...this.includes.open(name, offset, source, chain))
  }

  // Results

  private objectOf(pending: PendingDeclaration): MofItem | ReadonlyArray<CompileFailure> {
    const { flags, namespace, offset, source } = pending
    const position = source.position(offset)
    if (pending.draft._tag === "Class") {
      const draft = pending.draft.draft
      const defaults = draft.deferred.length === 0 ? undefined : this.aliases.defaults(pending, draft)
      if (isFaults(defaults)) return defaults
      const properties = defaults === undefined
        ? draft.properties
        : draft.properties.map((property, i) => defaults.has(i) ? { ...property, value: defaults.get(i) } : property)
      const { methods, name, qualifiers, superclass } = draft
      const definition = freezeObject<PlainClass>({
        _tag: "Class",
        name,
        superclass,
        qualifiers,
        properties,
        methods
      })
      return { _tag: "Class", position, namespace, flags, definition }
    }
    const instance = this.aliases.instance(pending, pending.draft.draft)
    return isFaults(instance) ? instance : { _tag: "Instance", position, namespace, flags, instance }
  }

  /** The item for a declaration that uses an alias without a path. Only this declaration is refused (`mof` 5). */
  private refusedItem({ draft, namespace, offset, source }: PendingDeclaration, failure: CompileFailure): MofItem {
    const declares = draft._tag === "Class" ? `class ${draft.draft.name}` : `instance of ${draft.draft.className}`
    return { _tag: "Refused", position: source.position(offset), namespace, declares, error: toError(source, failure) }
  }

  /** The items of the declarations without an error. Reports the errors of values, and the names that are not known. */
  items(): ReadonlyArray<MofItem> {
    const items = this.declarations.map((pending) => "_tag" in pending ? pending : this.itemOf(pending))
    const parts = this.options.dialect === "dsc" ? this.aliases.embeddedOnly() : undefined
    try {
      this.unknownNames.report(this.diagnostics, this.classes, this.options)
    } catch (thrown) {
      if (!(thrown instanceof AbortCompilation)) throw thrown
    }
    return items.flatMap((item, i) => {
      const pending = this.declarations[i]!
      if (item === undefined) return []
      if ("_tag" in pending) return [item]
      const { names, namespace } = pending
      return parts?.has(pending) === true || this.unknownNames.isFaulty(names, namespace) ? [] : [item]
    })
  }

  result(items: ReadonlyArray<MofItem>, encoding: Encoding | undefined): MofResult {
    const { amendment, autorecover, counts, errors, pragmas, warnings } = this
    return { items, errors, warnings, counts, pragmas, amendment, autorecover, encoding }
  }

  private itemOf(pending: PendingDeclaration): MofItem | undefined {
    let item: MofItem | ReadonlyArray<CompileFailure>
    try {
      item = this.objectOf(pending)
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      item = [failure]
    }
    if (!isFaults(item)) return pending.isFaulty ? undefined : item
    let isFaulty = pending.isFaulty
    for (const failure of item) {
      if (failure.name === "InvalidClass" && failure.details.isConsequence !== true) continue
      isFaulty = true
      const alias = failure.name === "NotFound" ? /^'\$(.*)', which/.exec(failure.found)?.[1] : undefined
      if (alias !== undefined && this.diagnostics.hasLost(`$${alias}`)) continue
      this.report(pending.source, failure, pending.offset)
    }
    return isFaulty ? undefined : this.refusedItem(pending, item[0]!)
  }
}

const isFaults = (value: unknown): value is ReadonlyArray<CompileFailure> => Array.isArray(value)

/** What a token that begins no declaration may mean. */
const tokenHint = (parser: Parser): string | undefined =>
  parser.is("}")
    ? "there is no '{' for it"
    : /\/\*[^]*\/\*/.test(parser.lexer.text.slice(parser.lexer.previousEnd, parser.lexer.start))
    ? "comments do not nest: the comment ended with the first '*/'"
    : parser.lexer.kind === "name"
    ? suggest(parser.lexer.value, declarationWords)
    : undefined

/** Reads a file name, in which a backslash is a separator. */
const fileName = <A>(parser: Parser, read: () => A): A => {
  parser.lexer.isFileName = true
  try {
    return read()
  } finally {
    parser.lexer.isFileName = false
  }
}

/**
 * Whether a namespace is relative to the current one: it has no leading separator and does not start with `root`
 * (`mof` 7).
 */
const isRelative = (text: string): boolean => !/^(?:[\\/]|root(?:[\\/]|$))/i.test(text)

const namespaceForm = 'a namespace, such as "\\\\\\\\.\\\\root\\\\cimv2" with every backslash twice'

const noLocale = (offset: number, locale: string): CompileFailure =>
  new CompileFailure(offset, "InvalidAmendmentSyntax", excerpt(locale), "a locale, such as MS_409")

const lowerName = (name: string): string => name.toLowerCase()

/** Compiles one text with everything it includes. */
export const compile = (text: string, encoding: Encoding | undefined, options: MofOptions): MofResult => {
  const compilation = new Compilation(options)
  const file = options.file ?? "(text)"
  const source = new Source(file, text)
  let items: ReadonlyArray<MofItem> = []
  try {
    if (text.startsWith("FOMB")) {
      compilation.report(
        source,
        new CompileFailure(0, "InvalidFile", "a binary MOF, as Windows compiles one", "the text of it")
      )
      throw new AbortCompilation()
    }
    if (options.amendment !== undefined) compilation.checkAmendment(source, options.amendment)
    compilation.read(source)
    items = compilation.items()
  } catch (thrown) {
    if (thrown instanceof RangeError) compilation.report(source, tooLarge(0, thrown.message))
    else if (!(thrown instanceof AbortCompilation)) throw thrown
  }
  return compilation.result(items, encoding)
}

/** The runtime's limit on the length of a string, a list or a map was reached. */
const tooLarge = (offset: number, limit: string): CompileFailure =>
  new CompileFailure(offset, "QuotaViolation", `more than this reader can hold (${limit})`, "a smaller text")

/** The result for bytes whose text would exceed the longest JavaScript string. */
export const tooLong = (options: MofOptions): MofResult => {
  const compilation = new Compilation(options)
  compilation.report(
    new Source(options.file ?? "(text)", ""),
    new CompileFailure(0, "QuotaViolation", "a longer text", `a text of at most ${longestText} UTF-16 units`)
  )
  return compilation.result([], undefined)
}
