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
import { Fault } from "./faults.ts"

/** Where a name is looked up from: what stands above in the text counts before what stands below. */
export interface Viewpoint {
  readonly namespace: string
  readonly place: number
}

/** What values and aliases need of a class. */
type Known = Pick<ClassDefinition, "name" | "superclass" | "properties" | "qualifiers">

/** The keys of a class: an instance has a path by them, as the only one of its class, or none that can be known here. */
export type Keys = ReadonlyArray<PropertyDefinition> | "singleton" | { readonly unknown: string }

/** More keys than an instance can have (`object-model` 14). */
const mostKeys = 257

/** More steps up the hierarchy than any text needs that does not declare the same classes over and over. */
const mostSteps = 1_000_000

interface Declaration extends Viewpoint {
  readonly draft: ClassDraft
}

/** The declarations of one name. */
interface Named {
  readonly all: Array<Declaration>
  /** By folded namespace, in the order of the text. */
  readonly within: Map<string, Array<Declaration>>
}

/** Answers for the places `from` to `until`, the last one excluded. */
interface Meaning {
  readonly known: Known | undefined
  readonly from: number
  readonly until: number
}

/** A class with what stands above it, for some places. */
interface Level {
  readonly known: Known
  readonly parent: Level | undefined
  /** The name of the superclass that is not known, of this class or of one above it. */
  readonly unknown: string | undefined
  readonly from: number
  readonly until: number
  own: ReadonlyMap<string, PropertyDefinition> | undefined
  found: Map<string, PropertyDefinition | undefined> | undefined
  keys: Keys | undefined
}

let system: ReadonlyMap<string, Known> | undefined

/** What every namespace holds, by folded name; made on first use. */
const systemClasses = (): ReadonlyMap<string, Known> =>
  system ??= new Map(systemDefinitions((one) => one).map((one) => [CimName.fold(one.name), one]))

/** The first index whose declaration does not stand above a place. */
const firstBelow = (list: ReadonlyArray<Declaration>, place: number): number => {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]!.place < place) low = middle + 1
    else high = middle
  }
  return low
}

const ownOf = (level: Level): ReadonlyMap<string, PropertyDefinition> =>
  level.own ??= new Map(level.known.properties.map((one) => [CimName.fold(one.name), one]))

export class DeclaredClasses {
  private readonly byName = new Map<string, Named>()
  private readonly levels = new Map<string, Level>()
  private readonly classOf: ((name: string, namespace: string) => ClassDefinition | undefined) | undefined
  private steps = 0

  constructor(classOf: DeclaredClasses["classOf"]) {
    this.classOf = classOf
  }

  /** Adds a declaration. They come in the order of the text, all of them before the first look-up. */
  add(draft: ClassDraft, { namespace, place }: Viewpoint): void {
    const folded = CimName.fold(draft.name)
    let named = this.byName.get(folded)
    if (named === undefined) this.byName.set(folded, named = { all: [], within: new Map() })
    const declaration = { draft, namespace, place }
    named.all.push(declaration)
    const space = CimName.fold(namespace)
    const same = named.within.get(space)
    if (same === undefined) named.within.set(space, [declaration])
    else same.push(declaration)
  }

  /**
   * The class as the namespace has it when the text has come to a place. Where there is none, a class of the name that is declared
   * below or for another namespace: its keys are likely the right ones.
   */
  private meaning(className: string, folded: string, { namespace, place }: Viewpoint): Meaning {
    const named = this.byName.get(folded)
    const same = named?.within.get(CimName.fold(namespace)) ?? []
    const below = firstBelow(same, place)
    const until = same[below] === undefined ? Infinity : same[below].place + 1
    if (below > 0) return { known: same[below - 1]!.draft, from: same[below - 1]!.place + 1, until }
    const known = this.classOf?.(className, namespace)
      ?? (CimName.isSystemName(className) ? systemClasses().get(folded) : undefined)
      ?? same[below]?.draft
      ?? named?.all.at(-1)?.draft
    return { known, from: 0, until }
  }

  /** A class with what stands above it; `undefined` when it is not known. */
  private level(className: string, view: Viewpoint): Level | undefined {
    const { namespace, place } = view
    const space = CimName.fold(namespace)
    const chain: Array<Meaning & { readonly key: string; readonly known: Known }> = []
    const seen = new Set<string>()
    let parent: Level | undefined
    let unknown: string | undefined
    for (let at: string | undefined = className; at !== undefined;) {
      const folded = CimName.fold(at)
      const key = `${space}\0${folded}`
      const kept = this.levels.get(key)
      if (kept !== undefined && kept.from <= place && place < kept.until) {
        parent = kept
        break
      }
      // A text may say that two classes stand above each other.
      if (seen.has(folded)) break
      seen.add(folded)
      if (++this.steps > mostSteps) {
        throw new Fault(0, "QuotaViolation", "classes that are declared anew too often", "each class once")
      }
      const meaning = this.meaning(at, folded, view)
      if (meaning.known === undefined) {
        unknown = at
        break
      }
      chain.push({ ...meaning, known: meaning.known, key })
      at = meaning.known.superclass
    }
    if (chain.length === 0) return parent
    for (let i = chain.length - 1; i >= 0; i--) {
      const { from, key, known, until } = chain[i]!
      const level: Level = {
        known,
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
  property(className: string, name: string, view: Viewpoint): PropertyDefinition | undefined {
    const folded = CimName.fold(name)
    const passed: Array<Level> = []
    let result: PropertyDefinition | undefined
    for (let level = this.level(className, view); level !== undefined; level = level.parent) {
      if (level.found?.has(folded) === true) {
        result = level.found.get(folded)
        break
      }
      result = ownOf(level).get(folded)
      if (result !== undefined) break
      passed.push(level)
    }
    for (const level of passed) (level.found ??= new Map()).set(folded, result)
    return result
  }

  /** The keys of a class, inherited ones too. */
  keys(className: string, view: Viewpoint): Keys {
    const first = this.level(className, view)
    if (first === undefined) return { unknown: className }
    const chain: Array<Level> = []
    let level: Level | undefined = first
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

const withOwn = (level: Level, above: Keys): Keys => {
  if (above === "singleton" || Qualifier.isTrue(level.known, "singleton")) return "singleton"
  if (!Array.isArray(above)) return above
  const keys: ReadonlyArray<PropertyDefinition> = above
  const { properties } = level.known
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
