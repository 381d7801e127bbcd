/**
 * One text with its includes → items: directives, state, aliases, recovery after errors (`mof` 5 and 7).
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import * as Locale from "../model/Locale.ts"
import * as ClassDefinition from "../model/ClassDefinition.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import * as Property from "../model/Property.ts"
import * as Qualifier from "../model/Qualifier.ts"
import { systemDefinitions } from "../model/systemDefinitions.ts"
import type { CimValue, PropertyDefinition } from "../model/WbemObject.ts"
import type { Constant } from "./constants.ts"
import type { Encoding } from "./encoding.ts"
import { flagsOf, type Written as Argument } from "./flagWords.ts"
import { type CodeName, Fault, type MofError, type MofWarning, shown, Source, toError } from "./faults.ts"
import type { MofItem, MofOptions, MofResult } from "./items.ts"
import { type Alias, type ClassDraft, type Declared, type InstanceDraft, instanceOf, Parser } from "./parser.ts"
import { recover } from "./recover.ts"

/** More errors than this are not listed. */
const mostErrors = 100
/** Deepest chain of includes. */
const mostIncludes = 64
/** Most classes above one another that are looked at for a property. */
const mostLevels = 1000
/** Longest path (`object-model` 14). */
const longestPath = 8192
/** Most aliases that lead to one another: each one more at least doubles the path, so a longer chain has none. */
const mostAliases = 16

/** Directives that do something, then those that are read and have no effect. */
const inert: ReadonlySet<string> = /* @__PURE__ */ new Set([
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

/** Thrown when no further error is listed. */
class Enough {
  readonly warning: string | undefined
  constructor(warning?: string) {
    this.warning = warning
  }
}

/** Where a name is looked up from: what stands above in the text counts before what stands below. */
interface Viewpoint {
  readonly namespace: string
  readonly place: number
}

interface Pending extends Viewpoint {
  readonly source: Source
  readonly flags: number
  readonly offset: number
  readonly draft: { readonly _tag: "Class"; readonly draft: ClassDraft } | {
    readonly _tag: "Instance"
    readonly draft: InstanceDraft
  }
}

let system: ReadonlyMap<string, Known> | undefined

/** What every namespace holds, by folded name, made when first asked for. */
const systemClasses = (): ReadonlyMap<string, Known> =>
  system ??= new Map(systemDefinitions((one) => one).map((one) => [CimName.fold(one.name), one]))

/** What values and aliases need of a class. */
type Known = Pick<ClassDefinition.ClassDefinition, "name" | "superclass" | "properties" | "qualifiers">

class Compilation {
  readonly options: MofOptions
  private readonly reported: Array<{ readonly at: ReadonlyArray<number>; readonly error: MofError }> = []
  readonly warnings: Array<MofWarning> = []
  readonly pragmas: Array<readonly [string, ...ReadonlyArray<string>]> = []
  readonly work: Array<Pending | MofItem> = []
  readonly qualifiers = new Map<string, Declared>()
  /** By name, in the order of the text: a class may stand there more than once, and in several namespaces. */
  readonly classes = new Map<string, Array<Viewpoint & { readonly draft: ClassDraft }>>()
  readonly aliases = new Map<string, { readonly pending: Pending; state: "new" | "open" | string }>()
  private openAliases = 0
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
  namespace: string
  classFlags: number
  instanceFlags: number
  autorecover = false
  amendment: string | undefined

  constructor(options: MofOptions) {
    this.options = options
    this.namespace = options.namespace ?? "root\\default"
    this.amendment = options.amendment
    this.classFlags = options.classFlags ?? 0
    this.instanceFlags = options.instanceFlags ?? 0
  }

  report(source: Source, fault: Fault): void {
    if (this.reported.length >= mostErrors) throw new Enough(`more than ${mostErrors} errors; the rest is not listed`)
    this.reported.push({ at: [...source.within, fault.offset], error: toError(source, fault) })
  }

  /** In the order of the text, as it would stand with its includes in place: values are looked at when all of it is read. */
  get errors(): ReadonlyArray<MofError> {
    return [...this.reported].sort((a, b) => earlier(a.at, b.at)).map(({ error }) => error)
  }

  warn(source: Source, offset: number, message: string): void {
    if (this.warnings.length < mostErrors) {
      this.warnings.push({ _tag: "MofWarning", ...source.position(offset), message })
    }
  }

  // Classes that are known

  /** A property of a class or of what stands above it, from the text or from who asked. */
  property(className: string, name: string, from: Viewpoint): PropertyDefinition | undefined {
    let at: string | undefined = className
    // Bounded, because a text may say that two classes stand above each other.
    for (let level = 0; at !== undefined && level < mostLevels; level++) {
      const known: Known | undefined = this.known(at, from)
      if (known === undefined) return undefined
      const found = CimName.find(known.properties, name)
      if (found !== undefined) return found
      at = known.superclass
    }
    return undefined
  }

  /**
   * The class as the namespace has it when the text has come to this place. For want of that one, a class of the name that is
   * declared below or for another namespace: it is likelier to say the right keys than nobody.
   */
  private known(className: string, { namespace, place }: Viewpoint): Known | undefined {
    const folded = CimName.fold(className)
    const named = this.classes.get(folded)
    let below: Known | undefined = named?.at(-1)?.draft
    for (let i = (named?.length ?? 0) - 1; i >= 0; i--) {
      const one = named![i]!
      if (!CimName.equals(one.namespace, namespace)) continue
      if (one.place < place) return one.draft
      below = one.draft
    }
    return this.options.classOf?.(className, namespace)
      ?? (CimName.isSystemName(className) ? systemClasses().get(folded) : undefined)
      ?? below
  }

  /** Where the text has come to. */
  private here(): Viewpoint {
    return { namespace: this.namespace, place: this.work.length }
  }

  // Texts

  read(source: Source, chain: ReadonlyArray<string>): void {
    const parser = new Parser(source.text, {
      qualifiers: this.qualifiers,
      typeOf: (className, name) => this.property(className, name, this.here()),
      warn: (offset, message) => this.warn(source, offset, message),
      counts: this.counts
    })
    this.step(source, parser, () => parser.lexer.next())
    while (parser.lexer.kind !== "end") this.step(source, parser, () => this.declaration(source, parser, chain))
  }

  /** Does one thing; after an error the parser stands at what looks like the next declaration. */
  private step(source: Source, parser: Parser, run: () => boolean | void): void {
    const from = parser.lexer.start
    try {
      if (run() === true) parser.astray = false
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      this.report(source, fault)
      parser.astray = true
      recover(parser, from)
    }
  }

  /** Answers whether what stood there was a declaration. */
  private declaration(source: Source, parser: Parser, chain: ReadonlyArray<string>): boolean {
    if (parser.take(";")) return false
    // The end of something that was wrong further up is not a second error.
    if (parser.astray && parser.take("}")) return false
    const offset = parser.lexer.start
    if (parser.is("#")) {
      this.directive(source, parser, chain)
      return false
    }
    const qualifiers = parser.is("[") ? parser.qualifierList() : []
    if (parser.word("class")) {
      parser.lexer.next()
      this.addClass(source, offset, parser.classBody(qualifiers))
      return true
    }
    if (parser.word("instance")) {
      const draft = parser.instanceBody(qualifiers, 0)
      parser.expect(";", "SemicolonExpected")
      this.addInstance(source, offset, draft)
      return true
    }
    if (qualifiers.length === 0 && parser.word("qualifier")) {
      parser.lexer.next()
      parser.qualifierDeclaration()
      this.counts.qualifierDeclarations++
      return true
    }
    if (parser.word("typedef") || parser.word("enum")) parser.fail("TypedefNotSupported", "a class or an instance")
    parser.fail(
      "UnrecognizedToken",
      qualifiers.length > 0
        ? "'class' or 'instance of' behind the qualifiers"
        : "a class, an instance, Qualifier, #pragma or #include"
    )
  }

  private addClass(source: Source, offset: number, draft: ClassDraft): void {
    if (!draft.hasBody && draft.superclass === undefined && draft.qualifiers.length === 0) return
    const pending: Pending = { source, offset, ...this.here(), flags: this.classFlags, draft: { _tag: "Class", draft } }
    this.addAlias(draft.alias, pending)
    this.counts.classes++
    if (Qualifier.isTrue(draft, "association")) this.counts.associations++
    const folded = CimName.fold(draft.name)
    const declared = { ...this.here(), draft }
    const same = this.classes.get(folded)
    if (same === undefined) this.classes.set(folded, [declared])
    else same.push(declared)
    this.work.push(pending)
  }

  private addInstance(source: Source, offset: number, draft: InstanceDraft): void {
    const pending: Pending = {
      source,
      offset,
      ...this.here(),
      flags: this.instanceFlags,
      draft: { _tag: "Instance", draft }
    }
    this.addAlias(draft.alias, pending)
    this.counts.instances++
    this.work.push(pending)
  }

  private addAlias(alias: Alias | undefined, pending: Pending): void {
    if (alias === undefined) return
    const folded = CimName.fold(alias.name)
    if (this.aliases.has(folded)) {
      throw new Fault(alias.offset, "DuplicateAlias", `'$${alias.name}' again`, "each alias once")
    }
    this.aliases.set(folded, { pending, state: "new" })
  }

  // Directives

  private directive(source: Source, parser: Parser, chain: ReadonlyArray<string>): void {
    const { lexer } = parser
    const offset = lexer.start
    lexer.next()
    if (parser.word("include")) {
      lexer.next()
      const inside = parser.take("(")
      if (lexer.kind !== "string") parser.fail("IncludeMissing", "the name of a file in quotes")
      const file = this.argument(parser, "IncludeMissing", "")
      if (inside) parser.expect(")", "CloseParenExpected")
      this.pragmas.push(["include", file.text])
      return this.include(source, file, chain)
    }
    if (!parser.word("pragma")) parser.fail("InvalidPragma", "#pragma or #include: there is no preprocessor", offset)
    lexer.next()
    const at = lexer.start
    const name = parser.name("InvalidPragma", "the name of a directive")
    const found: Array<Argument> = []
    if (parser.take("(") && !parser.take(")")) {
      for (;;) {
        const code = lowerName(name).endsWith("flags") ? "InvalidFlags" : "InvalidPragma"
        found.push(this.argument(parser, code, `an argument of ${name}`))
        if (parser.take(")")) break
        if (!parser.take(",")) parser.fail("CloseParenExpected", "',' or ')'")
      }
    }
    this.pragmas.push([name, ...found.map(({ text }) => text)])
    this.apply(source, offset, at, name, found, chain)
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
    if (kind !== "name" && kind !== "integer") parser.fail(code, expected)
    text = kind === "name" ? lexer.value : String(lexer.integer)
    lexer.next()
    return { kind, text, offset }
  }

  private apply(
    source: Source,
    start: number,
    offset: number,
    name: string,
    found: ReadonlyArray<Argument>,
    chain: ReadonlyArray<string>
  ): void {
    const [first, second] = found
    /** The first argument, which must be in quotes. */
    const quoted = (code: CodeName, what: string): Argument => {
      if (first === undefined) throw new Fault(offset, code, `${name} without an argument`, `${what} in quotes`)
      if (first.kind !== "string") throw new Fault(first.offset, code, shown(first.text), `${what} in quotes`)
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
        this.classFlags = flagsOf(found, offset, "class")
        return
      case "instanceflags":
        this.instanceFlags = flagsOf(found, offset, "instance")
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
        return this.include(source, quoted("IncludeMissing", "the name of a file"), chain)
      default:
        if (!inert.has(directive)) {
          throw new Fault(offset, "InvalidPragma", `'${name}'`, `one of ${directives.join(", ")}`)
        }
    }
  }

  /** The locale that an option names. */
  checkAmendment(source: Source, locale: string): void {
    if (typeof Locale.lcid(locale) !== "number") this.report(source, noLocale(0, locale))
  }

  /** The text is split and stores nothing (`mof` 8); the directive says for which locale, once. */
  private amend(source: Source, { offset, text: locale }: Argument): void {
    if (typeof Locale.lcid(locale) !== "number") throw noLocale(offset, locale)
    if (this.amendment !== undefined && !CimName.equals(this.amendment, locale)) {
      throw new Fault(offset, "InvalidDuplicateAmendment", `'${locale}'`, `no other locale than ${this.amendment}`)
    }
    this.amendment = locale
    this.warn(
      source,
      offset,
      "a text with an amendment is split into a neutral and a localised one, and stores nothing"
    )
  }

  private namespaceOf({ offset, text }: Argument): string {
    const parsed = ObjectPath.parse(text, { singleIdentAsNamespace: true })
    const path = parsed._tag === "Right" ? parsed.right : undefined
    if (path === undefined || path.namespace === undefined || path.className !== undefined) {
      throw new Fault(offset, "InvalidNamespaceSyntax", shown(text), namespaceForm)
    }
    const here = path.server === undefined || path.server === "."
      || CimName.equals(path.server, this.options.server ?? ".")
    if (!here) {
      throw new Fault(offset, "InvalidNamespaceSpecification", `server ${shown(path.server!)}`, "'.' or this machine")
    }
    return path.namespace
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
      throw new Fault(at, code, shown(path), what)
    }
    const mode = word === undefined ? "fail" : lowerName(word.text)
    if (mode !== "fail" && mode !== "nofail") throw new Fault(word!.offset, code, `'${word!.text}'`, "FAIL or NOFAIL")
    this.work.push({
      _tag: "Delete",
      position: source.position(offset),
      namespace: this.namespace,
      path,
      failIfMissing: mode === "fail"
    })
  }

  private include(source: Source, { offset, text: name }: Argument, chain: ReadonlyArray<string>): void {
    if (chain.includes(name)) {
      throw new Fault(
        offset,
        "IncludeMissing",
        `'${name}', which includes this file`,
        "a file that is not being read already"
      )
    }
    if (chain.length >= mostIncludes) {
      throw new Fault(
        offset,
        "IncludeMissing",
        `'${name}'`,
        `files that include one another at most ${mostIncludes} deep`
      )
    }
    const text = this.options.include?.(name, source.file)
    if (text === undefined) {
      const found = this.options.include === undefined
        ? `${shown(name)}, and this reader opens no files`
        : `${shown(name)}, which cannot be read`
      throw new Fault(offset, "IncludeMissing", found, "a file")
    }
    this.read(new Source(name, text, [...source.within, offset]), [...chain, name])
  }

  // Aliases and the end

  /** The path that an alias stands for, as seen from a namespace. */
  private aliasPath(name: string, offset: number, namespace: string): string {
    const entry = this.aliases.get(CimName.fold(name))
    if (entry === undefined) {
      throw new Fault(offset, "NotFound", `'$${name}', which is never defined`, "an alias that is")
    }
    if (entry.state === "open") {
      throw new Fault(offset, "UnexpectedAlias", `'$${name}', which leads back to itself`, "aliases without a circle")
    }
    if (entry.state === "new") {
      if (this.openAliases >= mostAliases) throw tooLong(offset, name)
      entry.state = "open"
      this.openAliases++
      try {
        entry.state = this.relPath(entry.pending, name, offset)
      } finally {
        this.openAliases--
        if (entry.state === "open") entry.state = "new"
      }
    }
    const target = entry.pending.namespace
    const path = CimName.equals(target, namespace) ? entry.state : `\\\\.\\${target}:${entry.state}`
    if (path.length > longestPath) throw tooLong(offset, name)
    return path
  }

  private relPath(pending: Pending, alias: string, offset: number): string {
    if (pending.draft._tag === "Class") return pending.draft.draft.name
    const draft = pending.draft.draft
    const keys = this.keysOf(draft.className, pending)
    if (typeof keys === "object" && "unknown" in keys) {
      throw new Fault(
        offset,
        "InvalidClass",
        `'$${alias}', an instance of ${draft.className}: the class ${keys.unknown} is not known`,
        "an instance whose class is declared here or in the namespace, because its keys make the path"
      )
    }
    const values = this.valuesOf(pending, draft)
    const path = keys === "singleton" ? `${draft.className}=@` : ObjectPath.relPathOf(
      draft.className,
      keys.map(({ name, type, value }) => ({
        name,
        type,
        value: values.find(([at]) => CimName.equals(at, name))?.[1] ?? value ?? null
      })),
      false
    )
    if (path === undefined) {
      throw new Fault(offset, "TypeMismatch", `'$${alias}', an instance without its keys`, "an instance with every key")
    }
    return path
  }

  private keysOf(
    className: string,
    from: Viewpoint
  ): ReadonlyArray<PropertyDefinition> | "singleton" | { readonly unknown: string } {
    const keys = new Map<string, PropertyDefinition>()
    let at: string | undefined = className
    for (let level = 0; at !== undefined && level < mostLevels; level++) {
      const known: Known | undefined = this.known(at, from)
      if (known === undefined) return { unknown: at }
      if (Qualifier.isTrue(known, "singleton")) return "singleton"
      for (const property of known.properties) {
        if (Property.isKey(property)) keys.set(CimName.fold(property.name), property)
      }
      at = known.superclass
    }
    return [...keys.values()]
  }

  private valuesOf(pending: Pending, draft: InstanceDraft): ReadonlyArray<readonly [string, CimValue]> {
    const parser = new Parser(pending.source.text, {
      qualifiers: this.qualifiers,
      typeOf: (className, name) => this.property(className, name, pending),
      warn: () => {},
      counts: this.counts
    })
    return draft.assignments.flatMap(({ constant, constantOffset, name }) => {
      if (constant === undefined) return []
      const plain = this.unaliased(constant, pending, draft.className, name)
      return [[name, parser.typed(draft.className, name, plain, constantOffset)] as const]
    })
  }

  /** A constant with its aliases as paths. Only references take them. */
  private unaliased(constant: Constant, pending: Pending, className: string, property: string): Constant {
    const one = (element: Constant): Constant => {
      if (element._tag !== "Alias") return element
      const type = this.property(className, property, pending)
      if (type !== undefined && type.type !== "reference") {
        throw new Fault(
          element.offset,
          "UnexpectedAlias",
          `'$${element.name}'`,
          `a value of ${property}, which is no reference`
        )
      }
      return { _tag: "String", value: this.aliasPath(element.name, element.offset, pending.namespace) }
    }
    return constant._tag === "Array" ? { ...constant, elements: constant.elements.map(one) } : one(constant)
  }

  private finished(pending: Pending): MofItem {
    const { flags, namespace, offset, source } = pending
    const position = source.position(offset)
    if (pending.draft._tag === "Class") {
      const draft = pending.draft.draft
      const aliases = new Map(draft.aliases.map((alias) => [alias.property, alias]))
      const properties = aliases.size === 0 ? draft.properties : draft.properties.map((property) => {
        const alias = aliases.get(property.name)
        return alias === undefined
          ? property
          : { ...property, value: this.aliasPath(alias.alias, alias.offset, namespace) }
      })
      const definition = ClassDefinition.make(draft.name, properties, {
        superclass: draft.superclass,
        qualifiers: draft.qualifiers,
        methods: draft.methods
      })
      return { _tag: "Class", position, namespace, flags, definition }
    }
    const draft = pending.draft.draft
    const instance = instanceOf(draft, this.valuesOf(pending, draft))
    return { _tag: "Instance", position, namespace, flags, instance }
  }

  items(): ReadonlyArray<MofItem> {
    const items: Array<MofItem> = []
    for (const pending of this.work) {
      if ("_tag" in pending) {
        items.push(pending)
        continue
      }
      try {
        items.push(this.finished(pending))
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault
        this.report(pending.source, fault)
      }
    }
    return items
  }
}

const namespaceForm = 'a namespace, such as "\\\\\\\\.\\\\root\\\\cimv2" with every backslash twice'

/** Which of two places comes first; each is an offset, behind those of the includes around it. */
const earlier = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number => {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

const tooLong = (offset: number, alias: string): Fault =>
  new Fault(
    offset,
    "QuotaViolation",
    `'$${alias}', whose path is longer`,
    `a path of at most ${longestPath} characters`
  )

const noLocale = (offset: number, locale: string): Fault =>
  new Fault(offset, "InvalidAmendmentSyntax", shown(locale), "a locale, such as MS_409")

const lowerName = (name: string): string => name.toLowerCase()

/** Reads one text with everything it includes. */
export const compile = (text: string, encoding: Encoding | undefined, options: MofOptions): MofResult => {
  const compilation = new Compilation(options)
  const file = options.file ?? "(text)"
  let items: ReadonlyArray<MofItem> = []
  try {
    const source = new Source(file, text)
    if (text.startsWith("FOMB")) {
      compilation.report(source, new Fault(0, "InvalidFile", "a binary MOF, as Windows compiles one", "the text of it"))
      throw new Enough()
    }
    if (options.amendment !== undefined) compilation.checkAmendment(source, options.amendment)
    compilation.read(source, [file])
    items = compilation.items()
  } catch (stopped) {
    if (!(stopped instanceof Enough)) throw stopped
    if (stopped.warning !== undefined) {
      compilation.warnings.push({ _tag: "MofWarning", file, line: 1, column: 1, message: stopped.warning })
    }
  }
  const { amendment, autorecover, counts, errors, pragmas, warnings } = compilation
  return { items, errors, warnings, counts, pragmas, amendment, autorecover, encoding }
}
