/**
 * Compares the classes of the world with those of a real computer: superclass, keys and types of properties, with what is inherited. A
 * difference needs a reason in `differences`.
 */
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as CimName from "../../src/model/CimName.ts"
import * as CimType from "../../src/model/CimType.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { ClassDefinition } from "../../src/model/WbemObject.ts"
import { differences } from "./differences.ts"

/** What a class itself declares. Names are compared without case. */
export interface ClassFacts {
  readonly superclass: string | undefined
  /** The names of its own keys; `["@"]` for a singleton. */
  readonly keys: ReadonlyArray<string>
  /** The type of each own property, as the `CIMTYPE` qualifier says it, with `[]` for an array. */
  readonly properties: ReadonlyMap<string, string>
}

/** Classes by name. */
type Classes = ReadonlyMap<string, ClassFacts>

/** Facts by namespace and class. Namespaces are in lower case. */
export type Facts = ReadonlyMap<string, Classes>

/**
 * Facts as a file holds them: by namespace and class a line `superclass | keys | type names; type names`, with `-` for nothing.
 */
export type FactsFile = Readonly<Record<string, Readonly<Record<string, string>>>>

const nothing = "-"

/** The facts of a file. */
export const fromFile = (file: FactsFile): Facts =>
  new Map(
    Object.entries(file).map(([namespace, classes]) => [
      namespace,
      new Map(
        Object.entries(classes).map(([name, line]) => {
          const [superclass, keys, properties] = line.split(" | ") as [string, string, string]
          return [name, {
            superclass: superclass === nothing ? undefined : superclass,
            keys: keys === nothing ? [] : keys.split(" "),
            properties: new Map(
              properties === nothing ? [] : properties.split("; ").flatMap((group) => {
                const [type, ...names] = group.split(" ")
                return names.map((property) => [property, type!] as const)
              })
            )
          }]
        })
      )
    ])
  )

/** The form of {@link fromFile}. */
export const toFile = (facts: Facts): FactsFile =>
  Object.fromEntries(
    Array.from(facts, ([namespace, classes]) => [
      namespace,
      Object.fromEntries(
        Array.from(classes, ([name, { keys, properties, superclass }]) => {
          const groups = new Map<string, Array<string>>()
          for (const [property, type] of properties) groups.set(type, [...groups.get(type) ?? [], property])
          const types = Array.from(groups, ([type, names]) => [type, ...names].join(" "))
          return [name, [superclass ?? nothing, keys.join(" ") || nothing, types.join("; ") || nothing].join(" | ")]
        })
      )
    ])
  )

const ownFacts = ({ properties, qualifiers, superclass }: ClassDefinition): ClassFacts => ({
  superclass,
  keys: Qualifier.has(qualifiers, "singleton") ? ["@"] : properties.filter(Property.isKey).map(({ name }) => name),
  properties: new Map(
    properties.map((property) => [property.name, CimType.cimtype(property) + (property.isArray ? "[]" : "")])
  )
})

/** The facts of the user classes of a snapshot. */
export const factsOf = (snapshot: Snapshot.Snapshot): Facts =>
  new Map(
    Snapshot.namespaces(snapshot).map((namespace) => [
      namespace.toLowerCase(),
      new Map(Snapshot.classes(snapshot, namespace).map((definition) => [definition.name, ownFacts(definition)]))
    ])
  )

/** A difference of one class. `member` is `superclass`, `keys` or the name of a property; `undefined` stands for an absent property. */
export interface Difference {
  readonly namespace: string
  readonly className: string
  readonly member: string
  readonly world: string | undefined
  readonly computer: string | undefined
  /** `undefined` when the table of differences has none. */
  readonly reason: string | undefined
}

/** The result of a comparison. */
export interface Agreement {
  /** Classes that both have. */
  readonly compared: number
  /** Classes of the world that the computer does not have. */
  readonly absent: ReadonlyArray<string>
  readonly differences: ReadonlyArray<Difference>
  /** The rows of the table of differences that explain nothing. */
  readonly unused: ReadonlyArray<string>
}

const byName = <A>(entries: ReadonlyMap<string, A>): ReadonlyMap<string, readonly [name: string, value: A]> =>
  new Map(Array.from(entries, ([name, value]) => [CimName.fold(name), [name, value]]))

type Folded = ReadonlyMap<string, readonly [name: string, value: ClassFacts]>

/** The class and those above it, the topmost first. */
const lineage = (classes: Folded, name: string): ReadonlyArray<readonly [name: string, value: ClassFacts]> => {
  const above: Array<readonly [string, ClassFacts]> = []
  let at = classes.get(CimName.fold(name))
  while (at !== undefined && !above.includes(at)) {
    above.unshift(at)
    at = at[1].superclass === undefined ? undefined : classes.get(CimName.fold(at[1].superclass))
  }
  return above
}

/** The keys of a class with the inherited ones, in alphabetic order, and the types of its properties. */
const inherited = (classes: Folded, name: string) => {
  const all = lineage(classes, name).map(([, facts]) => facts)
  const keys = new Set(all.flatMap((facts) => facts.keys.map(CimName.fold)))
  return {
    keys: keys.has("@") ? "@" : [...keys].sort().join(" "),
    properties: byName(new Map(all.flatMap(({ properties }) => [...properties])))
  }
}

const compareClass = (name: string, world: Folded, computer: Folded) => {
  const here = inherited(world, name)
  const there = inherited(computer, name)
  const superclass = (classes: Folded) => classes.get(CimName.fold(name))![1].superclass ?? "none"
  const rows: Array<Pick<Difference, "computer" | "member" | "world">> = [
    { member: "superclass", world: superclass(world), computer: superclass(computer) },
    { member: "keys", world: here.keys || "none", computer: there.keys || "none" }
  ]
  for (const folded of new Set([...here.properties.keys(), ...there.properties.keys()])) {
    const own = here.properties.get(folded)
    const other = there.properties.get(folded)
    rows.push({ member: (own ?? other)![0], world: own?.[1], computer: other?.[1] })
  }
  return rows.filter((row) =>
    row.world === undefined || row.computer === undefined || !CimName.equals(row.world, row.computer)
  )
}

/** Compares the classes of the world that the computer has, too. */
export const agreement = (world: Facts, computer: Facts): Agreement => {
  const absent: Array<string> = []
  const found: Array<Difference> = []
  const used = new Set<object>()
  let compared = 0
  for (const [namespace, classes] of world) {
    const own = byName(classes)
    const others = byName(computer.get(namespace) ?? new Map<string, ClassFacts>())
    for (const className of classes.keys()) {
      if (!others.has(CimName.fold(className))) {
        absent.push(`${namespace}:${className}`)
        continue
      }
      compared++
      const names = lineage(own, className).map(([name]) => name)
      for (const row of compareClass(className, own, others)) {
        const explanation = differences.find((one) => names.includes(one.className) && one.members.includes(row.member))
        if (explanation !== undefined) used.add(explanation)
        found.push({ namespace, className, ...row, reason: explanation?.reason })
      }
    }
  }
  const unused = differences.filter((one) => !used.has(one)).map(({ className, reason }) => `${className}: ${reason}`)
  return { compared, absent, differences: found, unused }
}
