/**
 * Resolves aliases (`mof` 5) and computes the values of the declarations that use them.
 *
 * An alias is the full path of its target, `\\.\namespace:Class.Key="value"`, in every namespace that uses it. The path
 * needs the class of the target. When the class is unknown, the declarations that use the alias are refused with
 * `InvalidClass`, and nothing else is: the target itself is put like any other instance.
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import * as Instance from "../model/Instance.ts"
import { longestPath } from "../model/limits.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { CimValue } from "../model/WbemObject.ts"
import { natural } from "./constants.ts"
import { convert } from "./convert.ts"
import type { DeclaredClasses, LookupScope } from "./declaredClasses.ts"
import { type Alias, type ClassDraft, type Constant, deepest, type InstanceDraft } from "./drafts.ts"
import { CompileFailure, type Source } from "./errors.ts"
import { didYouMean, type NameSearch } from "./hints.ts"

/** Longest chain of aliases. Each alias at least doubles the path, so a longer chain exceeds the longest path. */
const mostAliases = 16
/** Most embedded instances of one declaration. Aliases that embed one another multiply the number. */
const mostEmbedded = 100_000

/** A parsed declaration, which becomes an object when the whole text was read. */
export interface PendingDeclaration extends LookupScope {
  readonly source: Source
  readonly flags: number
  readonly offset: number
  /** Whether it has a fault, so that it is not put. Its values are checked nevertheless. */
  readonly isFaulty: boolean
  /** The names of types and classes that it uses; none unless unknown ones are errors. */
  readonly names: ReadonlySet<string>
  readonly draft: { readonly _tag: "Class"; readonly draft: ClassDraft } | {
    readonly _tag: "Instance"
    readonly draft: InstanceDraft
  }
}

interface AliasEntry {
  /** The alias as its definition spells it. */
  readonly alias: string
  readonly offset: number
  readonly pending: PendingDeclaration
  path: string | undefined
  /** The object that the alias embeds in the DSC dialect, its number of instances and the depth of their nesting. */
  object: { readonly instance: Instance.Instance; readonly size: number; readonly height: number } | undefined
  /** Whether the target is being resolved. Reaching it again is a cycle. */
  isOpen: boolean
  /** Whether references of instances lead from the target back to it. */
  isCircular: boolean
  isEmbedded: boolean
}

/** The state of building the values of one declaration. */
interface InstanceBuild {
  readonly pending: PendingDeclaration
  /** The number of embedded instances so far. */
  size: number
  /** The faults of the values. Without this list the first fault is thrown. */
  readonly faults?: Array<CompileFailure>
  /** The depth of the instance that is being built, and the largest depth so far. */
  depth: number
  height: number
}

const buildOf = (pending: PendingDeclaration): InstanceBuild => ({ pending, size: 0, depth: 0, height: 0 })

/** What to do about an alias that is defined twice. The position of the first definition has a file when the second is in another. */
const duplicateHint = ({ offset, pending }: AliasEntry, source: Source): string | undefined => {
  const first = pending.source
  if (first !== source && !first.isQuotable) return undefined
  const { file, line } = first.position(offset)
  return `the first one is in ${first === source ? `line ${line}` : `${file}:${line}`}; rename one of the two`
}

/** A failure whose cause is another fault of the text, which is reported. */
const consequence = (offset: number): CompileFailure =>
  new CompileFailure(offset, "InvalidClass", "", "", { isConsequence: true })

/** Faults of a value that do not depend on the chain of aliases by which the value is reached. */
const ownFaults: ReadonlySet<string> = new Set(["TypeMismatch", "OutOfRange", "UnexpectedArray", "NotFound"])

/** Reads the values of the target of an alias. A fault of a value is reported in the target, not where the alias is used. */
const inTarget = <A>(read: () => A): A => {
  try {
    return read()
  } catch (failure) {
    if (!(failure instanceof CompileFailure)) throw failure
    if (!ownFaults.has(failure.name)) throw failure
    throw consequence(failure.offset)
  }
}

/** The error of an instance with an alias whose path is longer than the longest path (`object-model` 14). */
const tooLong = (offset: number, alias: string): CompileFailure =>
  new CompileFailure(
    offset,
    "QuotaViolation",
    `'$${alias}', whose path is longer`,
    `a path of at most ${longestPath} characters`
  )

export class Aliases {
  private readonly entries = new Map<string, AliasEntry>()
  private readonly classes: DeclaredClasses
  private readonly search: NameSearch
  private readonly isDsc: boolean
  /** The number of open targets: the length of the current chain of aliases. */
  private open = 0
  private embeddedDepth = 0
  private isSearched = false

  constructor(classes: DeclaredClasses, search: NameSearch, isDsc: boolean) {
    this.classes = classes
    this.search = search
    this.isDsc = isDsc
  }

  add(alias: Alias | undefined, pending: PendingDeclaration): void {
    if (alias === undefined) return
    const folded = CimName.fold(alias.name)
    const first = this.entries.get(folded)
    if (first !== undefined) {
      throw new CompileFailure(alias.offset, "DuplicateAlias", `'$${alias.name}' again`, "each alias once", {
        hint: duplicateHint(first, pending.source)
      })
    }
    this.entries.set(folded, {
      alias: alias.name,
      offset: alias.offset,
      pending,
      path: undefined,
      object: undefined,
      isOpen: false,
      isCircular: false,
      isEmbedded: false
    })
  }

  /** What to do about an alias that is not defined. */
  private hintFor(name: string): string {
    const near = this.search.nearest(name, this.quotableNames())
    return near === undefined ? `define it: 'instance of Class as $${name} { ... };'` : didYouMean(`$${near}`)
  }

  /** The aliases that messages may quote. */
  private quotableNames(): ReadonlyArray<string> {
    return [...this.entries.values()].flatMap(({ alias, pending }) => pending.source.isQuotable ? [alias] : [])
  }

  private entry(name: string, offset: number): AliasEntry {
    const entry = this.entries.get(CimName.fold(name))
    if (entry === undefined) {
      throw new CompileFailure(offset, "NotFound", `'$${name}', which is never defined`, "an alias that is", {
        hint: () => this.hintFor(name)
      })
    }
    this.findCircles()
    if (entry.isOpen || entry.isCircular) {
      throw new CompileFailure(
        offset,
        "UnexpectedAlias",
        `'$${name}', which leads back to itself`,
        "aliases without a circle"
      )
    }
    return entry
  }

  /**
   * Marks the aliases that lead back to themselves, which no text may have (`mof` 5). Runs once, before the first use.
   * Aliases that embed objects are checked when they are resolved.
   */
  private findCircles(): void {
    if (this.isSearched) return
    this.isSearched = true
    if (this.isDsc) return
    const uses = (entry: AliasEntry): ReadonlyArray<AliasEntry> => {
      if (entry.pending.draft._tag === "Class") return []
      return entry.pending.draft.draft.assignments.flatMap(({ constant }) =>
        constant === undefined ? [] : aliasesIn(constant).flatMap((name) => this.entries.get(CimName.fold(name)) ?? [])
      )
    }
    // Tarjan's algorithm for strongly connected components, with an explicit stack, because a text may chain any number
    // of aliases.
    const numbers = new Map<AliasEntry, number>()
    const lows = new Map<AliasEntry, number>()
    const component: Array<AliasEntry> = []
    const waiting = new Set<AliasEntry>()
    for (const root of this.entries.values()) {
      if (numbers.has(root)) continue
      const path: Array<{ readonly entry: AliasEntry; readonly uses: ReadonlyArray<AliasEntry>; at: number }> = []
      const enter = (entry: AliasEntry): void => {
        numbers.set(entry, numbers.size)
        lows.set(entry, numbers.get(entry)!)
        component.push(entry)
        waiting.add(entry)
        path.push({ entry, uses: uses(entry), at: 0 })
      }
      enter(root)
      for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
        const { entry } = top
        const next = top.uses[top.at++]
        if (next === entry) entry.isCircular = true
        if (next !== undefined) {
          if (!numbers.has(next)) enter(next)
          else if (waiting.has(next)) lows.set(entry, Math.min(lows.get(entry)!, numbers.get(next)!))
          continue
        }
        path.pop()
        const above = path.at(-1)?.entry
        if (above !== undefined) lows.set(above, Math.min(lows.get(above)!, lows.get(entry)!))
        if (lows.get(entry) !== numbers.get(entry)) continue
        const members = component.splice(component.lastIndexOf(entry))
        for (const member of members) {
          waiting.delete(member)
          if (members.length > 1) member.isCircular = true
        }
      }
    }
  }

  /** Resolves the target of an alias. Errors in the target are reported at the position of the use. */
  private resolveTarget<A>(entry: AliasEntry, offset: number, look: () => A): A {
    entry.isOpen = true
    this.open++
    try {
      return look()
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      throw new CompileFailure(offset, failure.name, failure.found, failure.expected, {
        isConsequence: failure.details.isConsequence
      })
    } finally {
      this.open--
      entry.isOpen = false
    }
  }

  /** The path that an alias stands for. */
  private path(name: string, offset: number): string {
    const entry = this.entry(name, offset)
    if (entry.path === undefined) {
      if (this.open >= mostAliases) throw tooLong(offset, name)
      const relative = this.resolveTarget(entry, offset, () => this.relPath(entry.pending, name, offset))
      entry.path = `\\\\.\\${entry.pending.namespace}:${relative}`
    }
    if (entry.path.length > longestPath) throw tooLong(offset, name)
    return entry.path
  }

  private relPath(pending: PendingDeclaration, alias: string, offset: number): string {
    if (pending.draft._tag === "Class") return pending.draft.draft.name
    const { className } = pending.draft.draft
    const keys = this.classes.keys(className, pending)
    if (typeof keys === "object" && "unknown" in keys) {
      if (keys.isFaulty) throw consequence(offset)
      throw new CompileFailure(
        offset,
        "InvalidClass",
        // The names of a file that must not be quoted are left out.
        !pending.source.isQuotable
          ? `'$${alias}', an instance of a class that is not known`
          : keys.unknown === undefined
          ? `'$${alias}', an instance of ${className}: a class above it is not known`
          : `'$${alias}', an instance of ${className}: the class ${keys.unknown} is not known`,
        "an instance whose class is declared here or in the namespace, because its keys make the path"
      )
    }
    if (keys === "singleton") return `${className}=@`
    // Only the keys are part of the path. Errors in other values are reported at their own positions.
    const names = new Set(keys.map(({ name }) => CimName.fold(name)))
    const { assignments, ...draft } = pending.draft.draft
    const own = assignments.filter(({ name }) => names.has(CimName.fold(name)))
    const values = inTarget(() => this.valuesOf({ ...draft, assignments: own }, buildOf(pending)))
    const path = ObjectPath.relPathOf(
      className,
      keys.map(({ name, type, value }) => ({
        name,
        type,
        value: values.find(([at]) => CimName.equals(at, name))?.[1] ?? value ?? null
      })),
      false
    )
    if (path === undefined) {
      if (pending.isFaulty) throw consequence(offset)
      throw new CompileFailure(
        offset,
        "TypeMismatch",
        `'$${alias}', an instance without its keys`,
        "an instance with every key"
      )
    }
    return path
  }

  /** The object that an alias embeds in the DSC dialect. */
  private object(name: string, offset: number, build: InstanceBuild): Instance.Instance {
    const entry = this.entry(name, offset)
    entry.isEmbedded = true
    const { draft } = entry.pending.draft
    if (!("assignments" in draft)) {
      throw new CompileFailure(offset, "UnexpectedAlias", `'$${name}', a class`, "the alias of an instance")
    }
    if (entry.object === undefined) {
      if (this.embeddedDepth >= deepest) throw tooDeep(offset, `'$${name}'`)
      this.embeddedDepth++
      try {
        entry.object = this.resolveTarget(entry, offset, () => {
          const own = buildOf(entry.pending)
          return { instance: inTarget(() => this.instanceOf(draft, own)), size: own.size + 1, height: own.height + 1 }
        })
      } finally {
        this.embeddedDepth--
      }
    }
    build.size += entry.object.size
    build.height = Math.max(build.height, build.depth + entry.object.height)
    if (build.height > deepest) throw tooDeep(offset, `'$${name}'`)
    if (build.size > mostEmbedded) {
      throw new CompileFailure(
        offset,
        "QuotaViolation",
        `'$${name}'`,
        `at most ${mostEmbedded} embedded instances in one declaration`
      )
    }
    return entry.object.instance
  }

  /**
   * A constant with its aliases resolved. An embedded instance becomes a draft; `objects` maps the draft to the
   * instance.
   */
  private withoutAliases(
    constant: Constant,
    type: string | undefined,
    property: string,
    build: InstanceBuild,
    objects: Map<InstanceDraft, Instance.Instance>
  ): Constant {
    if (constant._tag === "Array") {
      return {
        ...constant,
        elements: constant.elements.map((element) => this.withoutAliases(element, type, property, build, objects))
      }
    }
    if (constant._tag !== "Alias") return constant
    const { name, offset } = constant
    if (type === "reference" || (type === undefined && !this.isDsc)) {
      return { _tag: "String", value: this.path(name, offset) }
    }
    if (!this.isDsc || (type !== undefined && type !== "object")) {
      throw new CompileFailure(offset, "UnexpectedAlias", `'$${name}'`, `a value of ${property}, which is no reference`)
    }
    const instance = this.object(name, offset, build)
    const draft = { className: instance.className, alias: undefined, qualifiers: [], assignments: [] }
    objects.set(draft, instance)
    return { _tag: "Object", draft }
  }

  /** The value of a property, of its declared type when the class is known. */
  private value(
    className: string,
    property: string,
    constant: Constant,
    offset: number,
    build: InstanceBuild
  ): CimValue {
    const { pending } = build
    const declared = this.classes.property(className, property, pending)
    const objects = new Map<InstanceDraft, Instance.Instance>()
    const plain = this.withoutAliases(constant, declared?.type, property, build, objects)
    const embedded = (draft: InstanceDraft): Instance.Instance =>
      objects.get(draft) ?? this.embedded(draft, offset, build)
    if (declared !== undefined) return convert(pending.source.text, plain, declared, property, offset, embedded)
    // Without a declared type only a list with NULL has no value, and the parser refuses such a list.
    return natural(plain, embedded) ?? null
  }

  private embedded(draft: InstanceDraft, offset: number, build: InstanceBuild): Instance.Instance {
    if (build.depth >= deepest) throw tooDeep(offset, "'instance'")
    build.depth++
    build.size++
    build.height = Math.max(build.height, build.depth)
    try {
      return this.instanceOf(draft, build)
    } finally {
      build.depth--
    }
  }

  private valuesOf(draft: InstanceDraft, build: InstanceBuild): ReadonlyArray<readonly [string, CimValue]> {
    const values: Array<readonly [string, CimValue]> = []
    for (const { constant, constantOffset, name } of draft.assignments) {
      if (constant === undefined) continue
      try {
        values.push([name, this.value(draft.className, name, constant, constantOffset, build)])
      } catch (failure) {
        if (!(failure instanceof CompileFailure) || build.faults === undefined) throw failure
        build.faults.push(failure)
      }
    }
    return values
  }

  private instanceOf(draft: InstanceDraft, build: InstanceBuild): Instance.Instance {
    const values = this.valuesOf(draft, build)
    const qualified = draft.assignments.filter((assignment) => assignment.qualifiers.length > 0)
    return Instance.make(draft.className, Object.fromEntries(values), {
      qualifiers: draft.qualifiers,
      ...(qualified.length === 0
        ? {}
        : { propertyQualifiers: Object.fromEntries(qualified.map((one) => [one.name, one.qualifiers])) })
    })
  }

  /** The instance of a declaration, or the faults of its values. */
  instance(
    pending: PendingDeclaration,
    draft: InstanceDraft
  ): Instance.Instance | ReadonlyArray<CompileFailure> {
    const faults: Array<CompileFailure> = []
    const instance = this.instanceOf(draft, { ...buildOf(pending), faults })
    return faults.length === 0 ? instance : faults
  }

  /** The deferred defaults of a class by the index of their property, or their faults. */
  defaults(
    pending: PendingDeclaration,
    draft: ClassDraft
  ): ReadonlyMap<number, CimValue> | ReadonlyArray<CompileFailure> {
    const faults: Array<CompileFailure> = []
    const build = { ...buildOf(pending), faults }
    const defaults = new Map<number, CimValue>()
    for (const { constant, index, offset } of draft.deferred) {
      const property = draft.properties[index]
      // The property itself is faulty.
      if (property === undefined) continue
      const objects = new Map<InstanceDraft, Instance.Instance>()
      const embedded = (one: InstanceDraft): Instance.Instance => objects.get(one) ?? this.embedded(one, offset, build)
      try {
        const plain = this.withoutAliases(constant, property.type, property.name, build, objects)
        defaults.set(index, convert(pending.source.text, plain, property, property.name, offset, embedded))
      } catch (failure) {
        if (!(failure instanceof CompileFailure)) throw failure
        faults.push(failure)
      }
    }
    return faults.length === 0 ? defaults : faults
  }

  /** The declarations that are only parts of other objects: embedded by an alias, of a class without keys. */
  embeddedOnly(): ReadonlySet<PendingDeclaration> {
    const found = new Set<PendingDeclaration>()
    for (const { isEmbedded, pending } of this.entries.values()) {
      if (!isEmbedded || pending.draft._tag === "Class") continue
      const keys = this.classes.keys(pending.draft.draft.className, pending)
      if (Array.isArray(keys) && keys.length === 0) found.add(pending)
    }
    return found
  }
}

const aliasesIn = (constant: Constant): ReadonlyArray<string> =>
  constant._tag === "Alias" ? [constant.name] : constant._tag === "Array" ? constant.elements.flatMap(aliasesIn) : []

/** Embedded instances may not be nested deeper (`instance-put` K-8). */
const tooDeep = (offset: number, found: string): CompileFailure =>
  new CompileFailure(offset, "QuotaViolation", found, `embedded instances at most ${deepest} deep`)
