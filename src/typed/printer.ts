/**
 * Writes the TypeScript module of typed classes for class definitions, such as those of a MOF file.
 *
 * @internal
 */
import type { EffectiveProperty, ResolvedClass } from "../engine/classes/ResolvedClass.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as CimName from "../model/CimName.ts"
import { format as typeText } from "../model/CimType.ts"
import * as ClassModel from "../model/ClassDefinition.ts"
import { escapeControl, escapeControlJson } from "../model/escapeControl.ts"
import { defaultNamespace } from "../model/limits.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { CimValue, ClassDefinition, MethodDefinition } from "../model/WbemObject.ts"
import { namespaceWith, refusal } from "./definition.ts"

/**
 * Options of {@link print}.
 *
 * @since 0.1.0
 * @category models
 */
export interface PrintOptions {
  /**
   * The namespace that each class gets, or a function of the name of the class. Without it a class uses the default namespace of a call.
   */
  readonly namespace?: string | ((className: string) => string | undefined) | undefined
  /** The module of `WmiClass`. Default: `effect-wmi/WmiClass`. */
  readonly from?: string | undefined
  /**
   * The names of the classes to write, with the classes above them. Default: every class. Throws `RangeError` for a name that no
   * definition has.
   */
  readonly only?: Iterable<string> | undefined
  /** Whether qualifiers and methods are written too, so that the definitions equal those that were given. Default: `false`. */
  readonly full?: boolean | undefined
}

/**
 * A module of typed classes.
 *
 * @since 0.1.0
 * @category models
 */
export interface Printed {
  /** The text of the module, TypeScript. */
  readonly text: string
  /** The names of the exported classes, by the names of their CIM classes, superclasses first. */
  readonly names: ReadonlyMap<string, string>
  /** What the types leave out, and the classes that a put refuses: a sentence each. */
  readonly notes: ReadonlyArray<string>
}

/** Words that cannot be the name of a class of a module. */
const reservedWords = new Set(
  ("abstract any arguments as async await boolean break case catch class const constructor continue debugger declare default delete do "
    + "else enum eval export extends false finally for from function get if implements import in infer instanceof interface is keyof let "
    + "module namespace never new null number object of package private protected public readonly require return set static string super "
    + "switch symbol this throw true try type typeof undefined unique unknown var void while with yield WmiClass")
    .split(" ")
)

const identifier = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u

/** A name for each class that is an identifier, no reserved word, and unique. */
const exportNames = (classes: ReadonlyArray<ClassDefinition>): ReadonlyMap<string, string> => {
  const taken = new Set<string>()
  return new Map(classes.map(({ name }) => {
    const letters = [...name].map((letter) =>
      /[\p{ID_Continue}$]/u.test(letter) ? letter : `u${letter.codePointAt(0)!.toString(16)}`
    )
    let exported = letters.join("")
    if (!identifier.test(exported)) exported = `_${exported}`
    while (reservedWords.has(exported) || taken.has(exported)) exported += "_"
    taken.add(exported)
    return [CimName.fold(name), exported]
  }))
}

/** Superclasses before subclasses, else as given. A later definition of a name replaces an earlier one. */
const ordered = (classes: Iterable<ClassDefinition>): ReadonlyArray<ClassDefinition> => {
  const byName = new Map<string, ClassDefinition>()
  for (const one of classes) byName.set(CimName.fold(one.name), one)
  const done = new Set<string>()
  const list: Array<ClassDefinition> = []
  const visit = (folded: string, below: ReadonlyArray<string>): void => {
    const one = byName.get(folded)
    if (one === undefined || done.has(folded)) return
    if (below.includes(folded)) throw new RangeError(`the superclasses of ${one.name} lead back to ${one.name}`)
    if (one.superclass !== undefined) visit(CimName.fold(one.superclass), [...below, folded])
    done.add(folded)
    list.push(one)
  }
  for (const folded of byName.keys()) visit(folded, [])
  return list
}

/** The named classes and those above them. */
const withAncestors = (
  classes: ReadonlyArray<ClassDefinition>,
  only: Iterable<string>
): ReadonlyArray<ClassDefinition> => {
  const byName = new Map(classes.map((one) => [CimName.fold(one.name), one]))
  const kept = new Set<ClassDefinition>()
  for (const name of only) {
    let one = byName.get(CimName.fold(name))
    if (one === undefined) throw new RangeError(`no class is named ${name}`)
    for (
      ;
      one !== undefined;
      one = one.superclass === undefined ? undefined : byName.get(CimName.fold(one.superclass))
    ) {
      kept.add(one)
    }
  }
  return classes.filter((one) => kept.has(one))
}

/** A text as a literal. Characters that would end a line or steer a terminal are escaped. */
const quoted = (text: string): string => escapeControlJson(JSON.stringify(text))
const memberName = (name: string): string => identifier.test(name) && name !== "__proto__" ? name : quoted(name)

/** The longest line of a comment. */
const width = 110

/** The lines of a comment, each at most `width` long where it has spaces. */
const comment = (paragraphs: ReadonlyArray<string>, indent: string): string => {
  const lines: Array<string> = []
  for (const paragraph of paragraphs) {
    for (const written of paragraph.split(/\r?\n/)) {
      let line = ""
      for (const word of written.trim().split(/\s+/)) {
        if (line !== "" && line.length + word.length >= width - indent.length) {
          lines.push(line)
          line = ""
        }
        line += line === "" ? word : ` ${word}`
      }
      if (line !== "") lines.push(line)
    }
  }
  // The comment must not end early.
  const safe = lines.map((line) => escapeControl(line).replaceAll("*/", "*\\/"))
  if (safe.length === 0) return ""
  return safe.length === 1 && safe[0]!.length < width - indent.length
    ? `${indent}/** ${safe[0]} */\n`
    : `${indent}/**\n${safe.map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`
}

const textOf = (
  carrier: { readonly qualifiers: ReadonlyArray<Qualifier.Qualifier> },
  name: string
): string | undefined => {
  const value = Qualifier.find(carrier.qualifiers, name)?.value
  return typeof value === "string" ? value : undefined
}

const listOf = (
  carrier: { readonly qualifiers: ReadonlyArray<Qualifier.Qualifier> },
  name: string
): ReadonlyArray<string> => {
  const value = Qualifier.find(carrier.qualifiers, name)?.value
  return Array.isArray(value) ? (value as ReadonlyArray<unknown>).map(String) : []
}

/** Description, unit, the table of values, deprecation. */
const documentation = (carrier: { readonly qualifiers: ReadonlyArray<Qualifier.Qualifier> }): ReadonlyArray<string> => {
  const values = listOf(carrier, "Values")
  const map = listOf(carrier, "ValueMap")
  const units = textOf(carrier, "Units") ?? textOf(carrier, "PUnit")
  const deprecated = Qualifier.find(carrier.qualifiers, "Deprecated")
  const instead = listOf(carrier, "Deprecated").filter((name) => !/^no value$/i.test(name))
  const texts = [
    ...(textOf(carrier, "Description")?.split(/\n/) ?? []),
    ...(units === undefined ? [] : [`Unit: ${units}.`]),
    ...values.map((value, i) => `- ${map.length === 0 ? i : map[i] ?? "?"}: ${value}`)
  ].map((text) => text.replace(/(^|\s)@/g, "$1\\@")) // a word must not become a tag
  return [...texts, ...(deprecated === undefined ? [] : [`@deprecated ${instead.join(", ")}`.trimEnd()])]
}

/** A value of a qualifier or a default as source text. */
const literal = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`
  if (typeof value === "bigint") return `${value}n`
  if (typeof value === "string") return quoted(value)
  return Object.is(value, -0) ? "-0" : String(value)
}

const simple = new Set([
  "sint8",
  "uint8",
  "sint16",
  "uint16",
  "sint32",
  "uint32",
  "sint64",
  "uint64",
  "real32",
  "real64",
  "boolean",
  "string",
  "char16"
])

/** A qualifier as source text: its value alone where the builder gives the same type and flavour. */
const qualifierText = ({ flavor, name, type, value }: Qualifier.Qualifier): string => {
  const plain = Qualifier.make(name, value)
  const text = literal(value)
  if (plain.flavor === flavor && plain.type === type) return `${memberName(name)}: ${text}`
  const parts = [`value: ${text}`, ...(flavor === plain.flavor ? [] : [`flavor: ${flavor}`])]
  if (plain.type !== type) parts.push(`type: ${quoted(type)}`)
  return `${memberName(name)}: { ${parts.join(", ")} }`
}

const qualifiersText = (list: ReadonlyArray<Qualifier.Qualifier>): string => `{ ${list.map(qualifierText).join(", ")} }`

class Printer {
  readonly notes: Array<string> = []
  readonly names: ReadonlyMap<string, string>
  readonly classes: ReadonlyArray<ClassDefinition>
  readonly options: PrintOptions
  private readonly snapshot: Snapshot.Snapshot
  private readonly refused = new Map<string, string>()

  constructor(given: Iterable<ClassDefinition>, options: PrintOptions) {
    const classes = options.only === undefined ? ordered(given) : withAncestors(ordered(given), options.only)
    this.options = options
    const known = new Set(classes.map(({ name }) => CimName.fold(name)))
    const base = Snapshot.empty()
    /** System classes above: every namespace has them, so they are typed classes too. */
    const system: Array<ClassDefinition> = []
    const missing = new Map<string, ClassDefinition>()
    for (const { superclass } of classes) {
      for (let name = superclass; name !== undefined && !known.has(CimName.fold(name));) {
        const above = Snapshot.resolvedClass(base, defaultNamespace, name)
        known.add(CimName.fold(name))
        if (above === undefined) {
          missing.set(CimName.fold(name), ClassModel.make(name))
          break
        }
        system.push(above.definition)
        name = above.definition.superclass
      }
    }
    this.classes = ordered([...system, ...classes])
    this.names = exportNames(this.classes)
    let snapshot = namespaceWith(missing.values())
    for (const one of this.classes) {
      if (CimName.isSystemName(one.name)) continue
      const error = refusal(snapshot, one)
      if (error !== undefined) {
        this.refused.set(one.name, `${error.message}${error.rule === undefined ? "" : ` [${error.rule}]`}`)
      }
      snapshot = Snapshot.withObjects(snapshot, defaultNamespace, [one])
    }
    this.snapshot = snapshot
  }

  text(): string {
    const body = this.classes.map((one) => this.classText(one)).join("\n")
    const { from = "effect-wmi/WmiClass" } = this.options
    return `// Written by effect-wmi types. Changes are lost when it is written again.\n`
      + `import * as WmiClass from ${quoted(from)}\n\n${body}`
  }

  private classText(definition: ClassDefinition): string {
    const { name, superclass } = definition
    const resolved = Snapshot.resolvedClass(this.snapshot, defaultNamespace, name)!
    const exported = this.names.get(CimName.fold(name))!
    const parent = superclass === undefined ? undefined : this.names.get(CimName.fold(superclass))
    const head = parent === undefined ? "WmiClass.Class" : `${parent}.extend`
    const fields = definition.properties.map((own) => this.propertyText(own.name, definition, resolved)).join("")
    const options = this.optionsText(definition, resolved)
    return `${comment(documentation(definition), "")}export class ${exported} extends ${head}<${exported}>()(${
      quoted(name)
    }, {`
      + `${fields === "" ? "" : `\n${fields}`}}${options === "" ? "" : `, ${options}`}) {}\n`
  }

  private namespaceOf(name: string): string | undefined {
    const { namespace } = this.options
    return typeof namespace === "function" ? namespace(name) : namespace
  }

  private optionsText(definition: ClassDefinition, resolved: ResolvedClass): string {
    const { name, superclass } = definition
    const lines: Array<string> = []
    const { full } = this.options
    const namespace = this.namespaceOf(name)
    const isTyped = superclass !== undefined && this.names.has(CimName.fold(superclass))
    if (namespace !== undefined && !(isTyped && namespace === this.namespaceOf(superclass))) {
      lines.push(`namespace: ${quoted(namespace)}`)
    }
    if (superclass !== undefined && !this.names.has(CimName.fold(superclass))) {
      lines.push(`superclass: ${quoted(superclass)}`)
      this.notes.push(
        `${name}: the properties of its superclass ${superclass} are not typed, because ${superclass} is not among the classes`
      )
    }
    const inherits = (is: (of: ResolvedClass) => boolean) => resolved.parent !== undefined && is(resolved.parent)
    const isOwn = (qualifier: string): boolean => Qualifier.isTrue(definition, qualifier)
    if (isOwn("abstract")) lines.push("abstract: true")
    if (isOwn("singleton")) lines.push("singleton: true")
    const hasPath = resolved.keys.length > 0 || resolved.isSingleton || resolved.isAbstract
    const isKnown = superclass === undefined || this.names.has(CimName.fold(superclass))
    if (
      isKnown && !hasPath
      && !inherits(({ isAbstract, isSingleton, keys }) => !isAbstract && !isSingleton && keys.length > 0)
    ) {
      lines.push("keyless: true")
    }
    const refused = this.refused.get(name)
    if (refused !== undefined) {
      lines.push("checked: false")
      this.notes.push(`${name}: a put refuses the class: ${refused}`)
    }
    if (full === true && !CimName.isSystemName(name)) {
      const qualifiers = definition.qualifiers.filter((q) => !/^(?:abstract|singleton)$/i.test(q.name))
      if (qualifiers.length > 0) lines.push(`qualifiers: ${qualifiersText(qualifiers)}`)
      if (definition.methods.length > 0) {
        lines.push(`methods: {\n${definition.methods.map((m) => this.methodText(m)).join(",\n")}\n  }`)
      }
    }
    return lines.length === 0
      ? ""
      : lines.join("").length < 90
      ? `{ ${lines.join(", ")} }`
      : `{\n  ${lines.join(",\n  ")}\n}`
  }

  private propertyText(own: string, definition: ClassDefinition, resolved: ResolvedClass): string {
    const property = CimName.find(resolved.properties, own)!
    const declared = CimName.find(definition.properties, own)!
    let field = this.fieldText(property)
    const value = declared.inheritsDefault === true ? property.value : declared.value
    if (property.isKey) field = `WmiClass.key(${field})`
    else if (property.isNotNull) field = `WmiClass.notNull(${field})`
    if (value !== undefined && !(value === null && (property.isKey || property.isNotNull))) {
      field = this.withDefault(field, property, value, definition.name)
    }
    if (this.options.full === true) {
      const list = declared.qualifiers.filter((q) => !/^(?:key|not_null)$/i.test(q.name))
      if (list.length > 0) field = `WmiClass.qualifiers(${field}, ${qualifiersText(list)})`
    }
    return `${comment(documentation(declared), "  ")}  ${memberName(property.name)}: ${field},\n`
  }

  private withDefault(field: string, property: EffectiveProperty, value: CimValue, className: string): string {
    if (value !== null && (property.type === "object" || property.type === "reference")) {
      this.notes.push(`${className}.${property.name}: its default is left out, because it is an object or a path`)
      return field
    }
    return `WmiClass.withDefault(${field}, ${literal(value)})`
  }

  private fieldText({ className, isArray, type }: EffectiveProperty): string {
    let text: string
    if (simple.has(type)) text = `WmiClass.${type}`
    else if (type === "datetime") text = "WmiClass.datetimeText"
    else if (type === "reference") {
      text = className === undefined
        ? "WmiClass.anyReference"
        : `WmiClass.reference(${quoted(this.spelled(className))})`
    } else {
      const exported = className === undefined ? undefined : this.names.get(CimName.fold(className))
      text = className === undefined
        ? "WmiClass.object()"
        : exported === undefined
        ? `WmiClass.object(${quoted(className)})`
        : `WmiClass.embedded(${quoted(this.spelled(className))}, (): WmiClass.Of<${exported}> => ${exported})`
    }
    return isArray ? `WmiClass.array(${text})` : text
  }

  /** The name of a class in the spelling of its definition, which is that of the types. */
  private spelled(className: string): string {
    return Snapshot.resolvedClass(this.snapshot, defaultNamespace, className)?.name ?? className
  }

  private methodText(method: MethodDefinition): string {
    const parameters = method.parameters.map(({ direction, id, name, qualifiers, value, ...type }) => {
      const parts = [`name: ${quoted(name)}`, `type: ${quoted(typeText(type))}`]
      if (direction !== "in") parts.push(`direction: ${quoted(direction)}`)
      if (id !== undefined) parts.push(`id: ${id}`)
      if (value !== undefined) parts.push(`value: ${literal(value)}`)
      if (qualifiers.length > 0) parts.push(`qualifiers: ${qualifiersText(qualifiers)}`)
      return `{ ${parts.join(", ")} }`
    })
    const more = method.qualifiers.length > 0 ? `, { qualifiers: ${qualifiersText(method.qualifiers)} }` : ""
    return `    ${memberName(method.name)}: WmiClass.method(${quoted(method.returnsWord ?? method.returns)}, [${
      parameters.join(", ")
    }]${more})`
  }
}

/**
 * Writes the module of typed classes for class definitions, in any order. Superclasses come before subclasses; system classes above them
 * are written too. A later definition of a name replaces an earlier one.
 *
 * - A class that is not among the definitions is a name: its properties are not typed, and a note says so.
 * - Timestamps and intervals are `datetimeText`, because a stored datetime may be either, with microseconds or stars.
 * - `Description`, `Units`, `ValueMap` with `Values` and `Deprecated` become comments. A number keeps its type: WMI stores numbers that a
 *   `ValueMap` does not list.
 * - References and embedded objects name their classes, so classes may refer to each other.
 *
 * Throws `RangeError` for a class that is its own superclass, directly or through others.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Mof } from "effect-wmi"
 * import * as WmiClass from "effect-wmi/WmiClass"
 *
 * const { items } = Mof.parse("class Demo_Disk { [Key] string Id; uint64 FreeSpace; };")
 * const classes = items.flatMap((item) => item._tag === "Class" ? [item.definition] : [])
 * const { text } = WmiClass.print(classes)
 * assert.match(text, /export class Demo_Disk extends WmiClass.Class<Demo_Disk>\(\)\("Demo_Disk", \{/)
 * assert.match(text, /  Id: WmiClass.key\(WmiClass.string\),\n  FreeSpace: WmiClass.uint64,/)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const print = (classes: Iterable<ClassDefinition>, options: PrintOptions = {}): Printed => {
  if (options.from === "") throw new RangeError("the module of WmiClass has an empty name")
  const printer = new Printer(classes, options)
  return { text: printer.text(), names: printer.names, notes: printer.notes }
}
