/**
 * The classes that a text declares or its namespaces hold, as a place in the text sees them: properties and keys, inherited ones too.
 *
 * A class that stands above a place counts before one that the namespace holds, and this one before one that stands below. So what a
 * name means changes only where a class of that name is declared, and what was found for one place is kept until the next such place.
 * The time for all places together is linear in the text, however long the chains of classes are.
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import * as Property from "../model/Property.ts"
import * as Qualifier from "../model/Qualifier.ts"
import { systemDefinitions } from "../model/systemDefinitions.ts"
import type { ClassDefinition, PropertyDefinition } from "../model/WbemObject.ts"
import type { ClassDraft } from "./drafts.ts"
import { CompileFailure } from "./errors.ts"

/** Where a name is looked up from: what stands above in the text counts before what stands below. */
export interface LookupScope {
  readonly namespace: string
  readonly order: number
}

/** What values and aliases need of a class. */
type ClassShape = Pick<ClassDefinition, "name" | "superclass" | "properties" | "qualifiers">

/** The keys of a class: an instance has a path by them, as the only one of its class, or none that can be known here. */
export type Keys = ReadonlyArray<PropertyDefinition> | "singleton" | { readonly unknown: string }

/** More keys than an instance can have (`object-model` 14). */
const mostKeys = 257

/** More steps up the hierarchy than any text needs that does not declare the same classes over and over. */
const mostSteps = 1_000_000

interface Declaration extends LookupScope {
  readonly draft: ClassDraft
}

/** The declarations of one name. */
interface NamedDeclarations {
  readonly all: Array<Declaration>
  /** By folded namespace, in the order of the text. */
  readonly within: Map<string, Array<Declaration>>
}

/** Answers for the places `from` to `until`, the last one excluded. */
interface Resolution {
  readonly shape: ClassShape | undefined
  readonly from: number
  readonly until: number
}

/** A class with what stands above it, for some places. */
interface HierarchyLevel {
  readonly shape: ClassShape
  readonly parent: HierarchyLevel | undefined
  /** The name of the superclass that is not known, of this class or of one above it. */
  readonly unknown: string | undefined
  readonly from: number
  readonly until: number
  own: ReadonlyMap<string, PropertyDefinition> | undefined
  found: Map<string, PropertyDefinition | undefined> | undefined
  keys: Keys | undefined
}

let system: ReadonlyMap<string, ClassShape> | undefined

/** What every namespace holds, by folded name; made on first use. */
const systemClasses = (): ReadonlyMap<string, ClassShape> =>
  system ??= new Map(systemDefinitions((one) => one).map((one) => [CimName.fold(one.name), one]))

/** The first index whose declaration does not stand above a place. */
const firstNotBefore = (list: ReadonlyArray<Declaration>, order: number): number => {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]!.order < order) low = middle + 1
    else high = middle
  }
  return low
}

const ownOf = (level: HierarchyLevel): ReadonlyMap<string, PropertyDefinition> =>
  level.own ??= new Map(level.shape.properties.map((one) => [CimName.fold(one.name), one]))

export class DeclaredClasses {
  private readonly byName = new Map<string, NamedDeclarations>()
  private readonly levels = new Map<string, HierarchyLevel>()
  private readonly classOf: ((name: string, namespace: string) => ClassDefinition | undefined) | undefined
  private steps = 0

  constructor(classOf: DeclaredClasses["classOf"]) {
    this.classOf = classOf
  }

  /** Adds a declaration. They come in the order of the text, all of them before the first look-up. */
  add(draft: ClassDraft, { namespace, order }: LookupScope): void {
    const folded = CimName.fold(draft.name)
    let named = this.byName.get(folded)
    if (named === undefined) this.byName.set(folded, named = { all: [], within: new Map() })
    const declaration = { draft, namespace, order }
    named.all.push(declaration)
    const foldedNamespace = CimName.fold(namespace)
    const same = named.within.get(foldedNamespace)
    if (same === undefined) named.within.set(foldedNamespace, [declaration])
    else same.push(declaration)
  }

  /**
   * The class as the namespace has it when the text has come to a place. Where there is none, a class of the name that is declared
   * below or for another namespace: its keys are likely the right ones.
   */
  private resolve(className: string, folded: string, { namespace, order }: LookupScope): Resolution {
    const named = this.byName.get(folded)
    const same = named?.within.get(CimName.fold(namespace)) ?? []
    const below = firstNotBefore(same, order)
    const until = same[below] === undefined ? Infinity : same[below].order + 1
    if (below > 0) return { shape: same[below - 1]!.draft, from: same[below - 1]!.order + 1, until }
    const shape = this.classOf?.(className, namespace)
      ?? (CimName.isSystemName(className) ? systemClasses().get(folded) : undefined)
      ?? same[below]?.draft
      ?? named?.all.at(-1)?.draft
    return { shape, from: 0, until }
  }

  /** A class with what stands above it; `undefined` when it is not known. */
  private level(className: string, view: LookupScope): HierarchyLevel | undefined {
    const { namespace, order } = view
    const foldedNamespace = CimName.fold(namespace)
    const chain: Array<Resolution & { readonly key: string; readonly shape: ClassShape }> = []
    const seen = new Set<string>()
    let parent: HierarchyLevel | undefined
    let unknown: string | undefined
    for (let at: string | undefined = className; at !== undefined;) {
      const folded = CimName.fold(at)
      const key = `${foldedNamespace}\0${folded}`
      const cached = this.levels.get(key)
      if (cached !== undefined && cached.from <= order && order < cached.until) {
        parent = cached
        break
      }
      // A text may say that two classes stand above each other.
      if (seen.has(folded)) break
      seen.add(folded)
      if (++this.steps > mostSteps) {
        throw new CompileFailure(0, "QuotaViolation", "classes that are declared anew too often", "each class once")
      }
      const meaning = this.resolve(at, folded, view)
      if (meaning.shape === undefined) {
        unknown = at
        break
      }
      chain.push({ ...meaning, shape: meaning.shape, key })
      at = meaning.shape.superclass
    }
    if (chain.length === 0) return parent
    for (let i = chain.length - 1; i >= 0; i--) {
      const { from, key, shape, until } = chain[i]!
      const level: HierarchyLevel = {
        shape,
        parent,
        unknown: parent === undefined ? unknown : parent.unknown,
        from: Math.max(from, parent?.from ?? 0),
        until: Math.min(until, parent?.until ?? Infinity),
        own: undefined,
        found: undefined,
        keys: undefined
      }
      this.levels.set(key, level)
      parent = level
    }
    return parent
  }

  /** A property of a class or of what stands above it. */
  property(className: string, name: string, view: LookupScope): PropertyDefinition | undefined {
    const folded = CimName.fold(name)
    const withoutProperty: Array<HierarchyLevel> = []
    let result: PropertyDefinition | undefined
    for (let level = this.level(className, view); level !== undefined; level = level.parent) {
      if (level.found?.has(folded) === true) {
        result = level.found.get(folded)
        break
      }
      result = ownOf(level).get(folded)
      if (result !== undefined) break
      withoutProperty.push(level)
    }
    for (const level of withoutProperty) (level.found ??= new Map()).set(folded, result)
    return result
  }

  /** The keys of a class, inherited ones too. */
  keys(className: string, view: LookupScope): Keys {
    const first = this.level(className, view)
    if (first === undefined) return { unknown: className }
    const chain: Array<HierarchyLevel> = []
    let level: HierarchyLevel | undefined = first
    while (level !== undefined && level.keys === undefined) {
      chain.push(level)
      level = level.parent
    }
    let above: Keys = level?.keys ?? []
    for (let i = chain.length - 1; i >= 0; i--) {
      const one = chain[i]!
      if (one.parent === undefined && one.unknown !== undefined) above = { unknown: one.unknown }
      one.keys = above = withOwn(one, above)
    }
    return above
  }
}

const withOwn = (level: HierarchyLevel, above: Keys): Keys => {
  if (above === "singleton" || Qualifier.isTrue(level.shape, "singleton")) return "singleton"
  if (!Array.isArray(above)) return above
  const keys: ReadonlyArray<PropertyDefinition> = above
  const { properties } = level.shape
  if (properties.length === 0) return keys
  const inherited = new Map(keys.map((one) => [CimName.fold(one.name), one]))
  const own = properties.filter((one) => Property.isKey(one) || inherited.has(CimName.fold(one.name)))
  if (own.length === 0) return keys
  // A redeclared key goes on under its name, with the default of the redeclaration: none is NULL (CX-5).
  for (const one of own) {
    const folded = CimName.fold(one.name)
    const from = inherited.get(folded)
    const value = one.inheritsDefault === true ? from?.value : one.value
    inherited.set(folded, from === undefined ? one : { ...one, name: from.name, value })
  }
  return [...inherited.values()].slice(0, mostKeys)
}
