/**
 * One text with its includes → items: directives, state, aliases, recovery after errors (`mof` 5 and 7).
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import * as Locale from "../model/Locale.ts"
import * as ClassDefinition from "../model/ClassDefinition.ts"
import type { TypeRef } from "../model/CimType.ts"
import * as Instance from "../model/Instance.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import * as Property from "../model/Property.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { CimValue, PropertyDefinition } from "../model/WbemObject.ts"
import type { Constant } from "./constants.ts"
import type { Encoding } from "./encoding.ts"
import { flagsOf } from "./flagWords.ts"
import { Fault, type MofError, type MofWarning, Source, toError } from "./faults.ts"
import type { MofItem, MofOptions, MofResult } from "./items.ts"
import { type ClassDraft, type Declared, type InstanceDraft, Parser } from "./parser.ts"
import { recover } from "./recover.ts"

/** More errors than this are not listed. */
const mostErrors = 100
/** Deepest chain of includes. */
const mostIncludes = 64

/** Directives that are read and have no effect. */
const inert = new Set(["locale", "instancelocale", "nonlocal", "nonlocaltype", "source", "sourcetype"])

/** Thrown when no further error is listed. */
class TooMany {}

interface Pending {
  readonly source: Source
  readonly namespace: string
  readonly flags: number
  readonly offset: number
  readonly draft: { readonly _tag: "Class"; readonly draft: ClassDraft } | {
    readonly _tag: "Instance"
    readonly draft: InstanceDraft
  }
}

class Compilation {
  readonly options: MofOptions
  readonly errors: Array<MofError> = []
  readonly warnings: Array<MofWarning> = []
  readonly pragmas: Array<readonly [string, ...ReadonlyArray<string>]> = []
  readonly work: Array<Pending | MofItem> = []
  readonly qualifiers = new Map<string, Declared>()
  readonly classes = new Map<string, ClassDraft>()
  readonly aliases = new Map<string, { readonly pending: Pending; state: "new" | "open" | string }>()
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
    if (this.errors.length >= mostErrors) throw new TooMany()
    this.errors.push(toError(source, fault))
  }

  warn(source: Source, offset: number, message: string): void {
    if (this.warnings.length < mostErrors) {
      this.warnings.push({ _tag: "MofWarning", ...source.position(offset), message })
    }
  }

  // Classes that are known

  /** A property of a class or of what stands above it, from the text or from who asked. */
  property(className: string, name: string): PropertyDefinition | undefined {
    const seen = new Set<string>()
    for (let at: string | undefined = className; at !== undefined && !seen.has(CimName.fold(at));) {
      seen.add(CimName.fold(at))
      const known:
        | { readonly properties: ReadonlyArray<PropertyDefinition>; readonly superclass: string | undefined }
        | undefined = this.known(at)
      if (known === undefined) return undefined
      const found = CimName.find(known.properties, name)
      if (found !== undefined) return found
      at = known.superclass
    }
    return undefined
  }

  known(
    className: string
  ): {
    readonly properties: ReadonlyArray<PropertyDefinition>
    readonly superclass: string | undefined
    readonly qualifiers: ReadonlyArray<Qualifier.Qualifier>
    readonly name: string
  } | undefined {
    return this.classes.get(CimName.fold(className)) ?? this.options.classOf?.(className, this.namespace)
  }

  typeOf(className: string, name: string): TypeRef | undefined {
    return this.property(className, name)
  }

  // Texts

  read(source: Source, chain: ReadonlyArray<string>): void {
    const parser = new Parser(source.text, {
      qualifiers: this.qualifiers,
      typeOf: (className, name) => this.typeOf(className, name),
      warn: (offset, message) => this.warn(source, offset, message),
      counts: this.counts
    })
    this.step(source, parser, () => parser.lexer.next())
    while (parser.lexer.kind !== "end") this.step(source, parser, () => this.declaration(source, parser, chain))
  }

  /** Does one thing; after an error the parser stands at what looks like the next declaration. */
  private step(source: Source, parser: Parser, run: () => void): void {
    const from = parser.lexer.start
    try {
      run()
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      this.report(source, fault)
      recover(parser, from)
    }
  }

  private declaration(source: Source, parser: Parser, chain: ReadonlyArray<string>): void {
    if (parser.take(";")) return
    const offset = parser.lexer.start
    if (parser.is("#")) return this.directive(source, parser, chain)
    const qualifiers = parser.is("[") ? parser.qualifierList() : []
    if (parser.word("class")) {
      parser.lexer.next()
      return this.addClass(source, offset, parser.classBody(qualifiers))
    }
    if (parser.word("instance")) {
      const draft = parser.instanceBody(qualifiers, 0)
      parser.expect(";", "SemicolonExpected")
      return this.addInstance(source, offset, draft)
    }
    if (qualifiers.length === 0 && parser.word("qualifier")) {
      parser.lexer.next()
      parser.qualifierDeclaration()
      this.counts.qualifierDeclarations++
      return
    }
    if (parser.word("typedef") || parser.word("enum")) parser.fail("TypedefNotSupported", "a class or an instance")
    parser.fail("UnrecognizedToken", "class, instance of, Qualifier, #pragma or #include")
  }

  private addClass(source: Source, offset: number, draft: ClassDraft): void {
    if (!draft.hasBody && draft.superclass === undefined && draft.qualifiers.length === 0) return
    const pending: Pending = {
      source,
      offset,
      namespace: this.namespace,
      flags: this.classFlags,
      draft: { _tag: "Class", draft }
    }
    this.addAlias(draft.alias, pending)
    this.counts.classes++
    if (Qualifier.isTrue(draft, "association")) this.counts.associations++
    this.classes.set(CimName.fold(draft.name), draft)
    this.work.push(pending)
  }

  private addInstance(source: Source, offset: number, draft: InstanceDraft): void {
    const pending: Pending = {
      source,
      offset,
      namespace: this.namespace,
      flags: this.instanceFlags,
      draft: { _tag: "Instance", draft }
    }
    this.addAlias(draft.alias, pending)
    this.counts.instances++
    this.work.push(pending)
  }

  private addAlias(alias: string | undefined, pending: Pending): void {
    if (alias === undefined) return
    const folded = CimName.fold(alias)
    if (this.aliases.has(folded)) {
      throw new Fault(pending.offset, "DuplicateAlias", `'$${alias}' again`, "each alias once")
    }
    this.aliases.set(folded, { pending, state: "new" })
  }

  // Directives

  private directive(source: Source, parser: Parser, chain: ReadonlyArray<string>): void {
    const offset = parser.lexer.start
    parser.lexer.next()
    if (parser.word("include")) {
      parser.lexer.next()
      const inside = parser.take("(")
      const file = this.argument(parser, "IncludeMissing", "the name of a file")
      if (inside) parser.expect(")", "CloseParenExpected")
      this.pragmas.push(["include", file])
      return this.include(source, offset, file, chain)
    }
    if (!parser.word("pragma")) parser.fail("InvalidPragma", "#pragma or #include; there is no preprocessor", offset)
    parser.lexer.next()
    const name = parser.name("InvalidPragma", "the name of a directive")
    const found: Array<string> = []
    const offsets: Array<number> = []
    if (parser.take("(") && !parser.take(")")) {
      for (;;) {
        offsets.push(parser.lexer.start)
        found.push(
          this.argument(
            parser,
            lowerName(name).endsWith("flags") ? "InvalidFlags" : "InvalidPragma",
            `an argument of ${name}`
          )
        )
        if (parser.take(")")) break
        parser.expect(",", "CloseParenExpected")
      }
    }
    this.pragmas.push([name, ...found])
    this.apply(source, offset, lowerName(name), found, chain)
  }

  private argument(
    parser: Parser,
    code: "IncludeMissing" | "InvalidPragma" | "InvalidFlags",
    expected: string
  ): string {
    const { lexer } = parser
    if (lexer.kind === "string") {
      let text = ""
      while (lexer.kind === "string") {
        text += lexer.value
        lexer.next()
      }
      return text
    }
    if (lexer.kind !== "name" && lexer.kind !== "integer") parser.fail(code, expected)
    const text = lexer.kind === "name" ? lexer.value : String(lexer.integer)
    lexer.next()
    return text
  }

  private apply(
    source: Source,
    offset: number,
    name: string,
    found: ReadonlyArray<string>,
    chain: ReadonlyArray<string>
  ): void {
    const first = found[0]
    const needs = (
      code: "InvalidPragma" | "InvalidAmendmentSyntax" | "InvalidDeleteClass" | "InvalidDeleteInstance",
      what: string
    ): string => {
      if (first === undefined) throw new Fault(offset, code, "no argument", what)
      return first
    }
    switch (name) {
      case "namespace":
        this.namespace = this.namespaceOf(needs("InvalidPragma", "a namespace"), offset)
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
        return this.deletion(
          source,
          offset,
          needs("InvalidDeleteClass", "the name of a class"),
          found[1],
          "InvalidDeleteClass"
        )
      case "deleteinstance":
        return this.deletion(
          source,
          offset,
          needs("InvalidDeleteInstance", "the path of an instance"),
          found[1],
          "InvalidDeleteInstance"
        )
      case "amendment":
        return this.amend(source, offset, needs("InvalidAmendmentSyntax", "a locale"))
      case "include":
        return this.include(source, offset, needs("InvalidPragma", "the name of a file"), chain)
      default:
        if (!inert.has(name)) throw new Fault(offset, "InvalidPragma", `'${name}'`, "a directive of the language")
    }
  }

  /** The locale that an option names. */
  checkAmendment(source: Source, locale: string): void {
    if (typeof Locale.lcid(locale) !== "number") this.report(source, noLocale(0, locale))
  }

  /** The text is split and stores nothing (`mof` 8); the directive says for which locale, once. */
  private amend(source: Source, offset: number, locale: string): void {
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

  private namespaceOf(text: string, offset: number): string {
    const parsed = ObjectPath.parse(text, { singleIdentAsNamespace: true })
    const path = parsed._tag === "Right" ? parsed.right : undefined
    if (path === undefined || path.namespace === undefined || path.className !== undefined) {
      throw new Fault(offset, "InvalidNamespaceSyntax", `'${text}'`, "a namespace")
    }
    const here = path.server === undefined || path.server === "."
      || CimName.equals(path.server, this.options.server ?? ".")
    if (!here) {
      throw new Fault(offset, "InvalidNamespaceSpecification", `server '${path.server}'`, "'.' or this machine")
    }
    return path.namespace
  }

  private deletion(
    source: Source,
    offset: number,
    path: string,
    word: string | undefined,
    code: "InvalidDeleteClass" | "InvalidDeleteInstance"
  ): void {
    const mode = word === undefined ? "fail" : lowerName(word)
    if (mode !== "fail" && mode !== "nofail") throw new Fault(offset, code, `'${String(word)}'`, "FAIL or NOFAIL")
    this.work.push({
      _tag: "Delete",
      position: source.position(offset),
      namespace: this.namespace,
      path,
      failIfMissing: mode === "fail"
    })
  }

  private include(source: Source, offset: number, name: string, chain: ReadonlyArray<string>): void {
    if (chain.includes(name) || chain.length >= mostIncludes) {
      throw new Fault(
        offset,
        "IncludeMissing",
        `'${name}', which includes this file`,
        "a file that is not being read already"
      )
    }
    const text = this.options.include?.(name, source.file)
    if (text === undefined) throw new Fault(offset, "IncludeMissing", `'${name}', which cannot be read`, "a file")
    this.read(new Source(name, text), [...chain, name])
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
      entry.state = "open"
      try {
        entry.state = this.relPath(entry.pending, name, offset)
      } finally {
        if (entry.state === "open") entry.state = "new"
      }
    }
    const target = entry.pending.namespace
    return CimName.equals(target, namespace) ? entry.state : `\\\\.\\${target}:${entry.state}`
  }

  private relPath(pending: Pending, alias: string, offset: number): string {
    if (pending.draft._tag === "Class") return pending.draft.draft.name
    const draft = pending.draft.draft
    const keys = this.keysOf(draft.className)
    if (keys === undefined) {
      throw new Fault(
        offset,
        "InvalidClass",
        `'$${alias}', an instance of ${draft.className}, which nobody knows`,
        "an instance of a known class"
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

  private keysOf(className: string): ReadonlyArray<PropertyDefinition> | "singleton" | undefined {
    const keys = new Map<string, PropertyDefinition>()
    const seen = new Set<string>()
    for (let at: string | undefined = className; at !== undefined && !seen.has(CimName.fold(at));) {
      seen.add(CimName.fold(at))
      const known = this.known(at)
      if (known === undefined) return undefined
      if (Qualifier.isTrue(known, "singleton")) return "singleton"
      for (const property of known.properties) {
        if (Property.isKey(property)) keys.set(CimName.fold(property.name), property)
      }
      at = known.superclass
    }
    return [...keys.values()]
  }

  private valuesOf(pending: Pending, draft: InstanceDraft): ReadonlyArray<readonly [string, CimValue]> {
    const parser = new Parser("", {
      qualifiers: this.qualifiers,
      typeOf: (c, p) => this.typeOf(c, p),
      warn: () => {},
      counts: this.counts
    })
    return draft.assignments.flatMap(({ constant, constantOffset, name }) => {
      if (constant === undefined) return []
      return [
        [
          name,
          parser.typed(draft.className, name, this.unaliased(constant, pending, draft.className, name), constantOffset)
        ] as const
      ]
    })
  }

  /** A constant with its aliases as paths. Only references take them. */
  private unaliased(constant: Constant, pending: Pending, className: string, property: string): Constant {
    const one = (element: Constant): Constant => {
      if (element._tag !== "Alias") return element
      const type = this.typeOf(className, property)
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
      const properties = draft.aliases.length === 0 ? draft.properties : draft.properties.map((property) => {
        const alias = draft.aliases.find((one) => one.property === property.name)
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
    const qualified = draft.assignments.filter(({ qualifiers }) => qualifiers.length > 0)
    const instance = Instance.make(draft.className, Object.fromEntries(this.valuesOf(pending, draft)), {
      qualifiers: draft.qualifiers,
      ...(qualified.length === 0 ? {} : {
        propertyQualifiers: Object.fromEntries(qualified.map(({ name, qualifiers }) => [name, qualifiers]))
      })
    })
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

const noLocale = (offset: number, locale: string): Fault =>
  new Fault(offset, "InvalidAmendmentSyntax", `'${locale}'`, "a locale, such as MS_409")

const lowerName = (name: string): string => name.toLowerCase()

/** Reads one text with everything it includes. */
export const compile = (text: string, encoding: Encoding | undefined, options: MofOptions): MofResult => {
  const compilation = new Compilation(options)
  const file = options.file ?? "(text)"
  let items: ReadonlyArray<MofItem> = []
  try {
    const source = new Source(file, text)
    if (options.amendment !== undefined) compilation.checkAmendment(source, options.amendment)
    compilation.read(source, [file])
    items = compilation.items()
  } catch (stopped) {
    if (!(stopped instanceof TooMany)) throw stopped
    compilation.warnings.push({
      _tag: "MofWarning",
      file,
      line: 1,
      column: 1,
      message: `more than ${mostErrors} errors; the rest is not listed`
    })
  }
  const { amendment, autorecover, counts, errors, pragmas, warnings } = compilation
  return { items, errors, warnings, counts, pragmas, amendment, autorecover, encoding }
}
