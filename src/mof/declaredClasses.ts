/**
 * The classes that a text declares or its namespaces hold, as they are at a position of the text: properties and keys,
 * inherited ones included.
 *
 * A declaration before the position takes precedence over a class of the namespace, and this over a declaration after
 * the position. So a name changes its meaning only at a declaration of that name, and a result is cached until the next
 * such declaration. The total time is linear in the text, however long the chains of classes are.
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

/** The position from which a name is resolved: a namespace, and the number of declarations before it. */
export interface LookupScope {
  readonly namespace: string
  readonly order: number
}

/** The part of a class that values and aliases need. */
type ClassShape = Pick<ClassDefinition, "name" | "superclass" | "properties" | "qualifiers"> & {
  readonly isFaulty?: boolean
  /** `false` for a class of a file that must not be quoted. */
  readonly isQuotable?: boolean
}

/** A class of a file that must not be quoted. Messages about values name no class of its properties. */
const withoutNames = (draft: ClassDraft): ClassDraft & ClassShape => ({
  ...draft,
  properties: draft.properties.map((property) => ({ ...property, className: undefined })),
  isQuotable: false
})

/**
 * The keys of a class; `"singleton"` for a class with one instance; or the name of a class that is unknown, so that the
 * keys are unknown.
 */
export type Keys = ReadonlyArray<PropertyDefinition> | "singleton" | {
  /** The name; `undefined` when a file that must not be quoted has it. */
  readonly unknown: string | undefined
  /** Whether the class is declared and has a fault, so that its keys are not known for sure. */
  readonly isFaulty: boolean
}

/** More keys than an instance can have (`object-model` 14). */
const mostKeys = 257

/** Most steps up the hierarchy. Only a text that declares the same classes again and again needs more. */
const mostSteps = 1_000_000

interface Declaration extends LookupScope {
  readonly draft: ClassDraft & ClassShape
}

/** The declarations of one name. */
interface NamedDeclarations {
  readonly all: Array<Declaration>
  /** By folded namespace, in the order of the text. */
  readonly within: Map<string, Array<Declaration>>
}

/** The class of a name for the order numbers `from` to `until`, the last one excluded. */
interface Resolution {
  readonly shape: ClassShape | undefined
  readonly from: number
  readonly until: number
}

/** A class with the classes above it, for a range of order numbers. */
interface HierarchyLevel {
  readonly shape: ClassShape
  readonly parent: HierarchyLevel | undefined
  /** The name of the unknown superclass of this class or of one above it. */
  readonly unknown: string | undefined
  readonly from: number
  readonly until: number
  own: ReadonlyMap<string, PropertyDefinition> | undefined
  found: Map<string, PropertyDefinition | undefined> | undefined
  keys: Keys | undefined
}

let system: ReadonlyMap<string, ClassShape> | undefined

/** The system classes by folded name, made on first use. */
const systemClasses = (): ReadonlyMap<string, ClassShape> =>
  system ??= new Map(systemDefinitions((one) => one).map((one) => [CimName.fold(one.name), one]))

/** The index of the first declaration that is not before an order number. */
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
  /** The names of classes by their folded form; `false` for one of a file that must not be quoted. */
  private readonly names = new Map<string, string | false>()

  constructor(classOf: DeclaredClasses["classOf"]) {
    this.classOf = classOf
  }

  /** Adds a declaration. Declarations are added in the order of the text, all of them before the first look-up. */
  add(declared: ClassDraft, { namespace, order }: LookupScope, isQuotable: boolean): void {
    const draft = isQuotable ? declared : withoutNames(declared)
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

  /** Notes the name of a class that the text declares, also one of a forward declaration. */
  note(name: string, isQuotable: boolean): void {
    const folded = CimName.fold(name)
    if (isQuotable || !this.names.has(folded)) this.names.set(folded, isQuotable && name)
  }

  /** Whether a name is that of a class: declared anywhere in the text, of the system, or of the namespace. */
  has(name: string, namespace: string): boolean {
    const folded = CimName.fold(name)
    return this.names.has(folded) || (CimName.isSystemName(name) && systemClasses().has(folded))
      || this.classOf?.(name, namespace) !== undefined
  }

  /** The names of the declared classes that messages may quote. */
  quotableNames(): ReadonlyArray<string> {
    return [...this.names.values()].flatMap((name) => name === false ? [] : [name])
  }

  /** The names of the system classes. */
  systemNames(): ReadonlyArray<string> {
    return [...systemClasses().values()].map(({ name }) => name)
  }

  /**
   * The class of a name in a namespace at a position. When there is none, a class of that name that is declared later
   * or in another namespace is used, because it most likely has the same keys.
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

  /** A class with the classes above it; `undefined` when it is unknown. */
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
      // A text may declare two classes as superclasses of each other.
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

  /** A property of a class, own or inherited. */
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

  /** The keys of a class, own and inherited. */
  keys(className: string, view: LookupScope): Keys {
    const first = this.level(className, view)
    if (first === undefined) return { unknown: className, isFaulty: false }
    const chain: Array<HierarchyLevel> = []
    let level: HierarchyLevel | undefined = first
    while (level !== undefined && level.keys === undefined) {
      chain.push(level)
      level = level.parent
    }
    let above: Keys = level?.keys ?? []
    for (let i = chain.length - 1; i >= 0; i--) {
      const one = chain[i]!
      if (one.parent === undefined && one.unknown !== undefined) {
        above = { unknown: one.shape.isQuotable === false ? undefined : one.unknown, isFaulty: false }
      }
      if (one.shape.isFaulty === true) above = { unknown: one.shape.name, isFaulty: true }
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
  // A redeclared key keeps its name and has the default of the redeclaration; without one it is NULL (CX-5).
  for (const one of own) {
    const folded = CimName.fold(one.name)
    const from = inherited.get(folded)
    const value = one.inheritsDefault === true ? from?.value : one.value
    inherited.set(folded, from === undefined ? one : { ...one, name: from.name, value })
  }
  return [...inherited.values()].slice(0, mostKeys)
}
