/** `class-update` 4 to 6: what a put changes, which classes it conflicts with, and the result. */
import type { MethodDefinition, ParameterDefinition, PropertyDefinition } from "../../src/model/WbemObject.ts"
import {
  children,
  descendants,
  indexedOf,
  inheritedProperties,
  isAbstract,
  isSingleton,
  keysOf,
  ownInstances,
  subInstances
} from "./lineage.ts"
import { find, identityFold, same } from "./names.ts"
import { type Refusal, refuse } from "./outcome.ts"
import { equals, has, type Qualifiers } from "./qualifiers.ts"
import { type Breach, breaches, sameSignature, sameType } from "./structure.ts"
import { textOf } from "./values.ts"
import { mark, marked } from "./tally.ts"
import { classNamed, type Space, withClass } from "./world.ts"
import type { ClassDefinition, Instance } from "./objects.ts"

export type Difference = "none" | "unimportant" | "important"

/** `class-update` 4. */
const important = [
  "key",
  "indexed",
  "not_null",
  "singleton",
  "abstract",
  "dynamic",
  "provider",
  "association",
  "indication",
  "cimtype",
  "id",
  "in",
  "out",
  "dynprops",
  "classcontext",
  "propertycontext",
  "instancecontext",
  "hasclassrefs",
  "classref"
]

const worst = (found: ReadonlyArray<Difference>): Difference =>
  found.includes("important") ? "important" : found.includes("unimportant") ? "unimportant" : "none"

const names = (a: ReadonlyArray<{ readonly name: string }>, b: ReadonlyArray<{ readonly name: string }>) =>
  [...a, ...b].map((one) => one.name)

/** A change of value, presence or flavour. */
const qualifierDifference = (a: Qualifiers, b: Qualifiers): Difference =>
  worst(
    names(a, b).map((name): Difference => {
      const x = find(a, name), y = find(b, name)
      if (x !== undefined && y !== undefined && equals(x, y)) return "none"
      return important.some((one) => same(one, name)) ? "important" : "unimportant"
    })
  )

const propertyDifference = (
  a: PropertyDefinition | undefined,
  b: PropertyDefinition | undefined,
  inherited: PropertyDefinition | undefined
): Difference => {
  if (a === undefined || b === undefined || !sameType(a, b)) return "important"
  if (a.word !== b.word) mark("CX-6: a type word in another spelling")
  // No default is NULL; to take the inherited default is another state (CX-5).
  const said = ({ inheritsDefault, value }: PropertyDefinition) =>
    inherited !== undefined && inheritsDefault === true ? "inherited" : textOf(value ?? null)
  if (said(a) === said(b)) return qualifierDifference(a.qualifiers, b.qualifiers)
  marked("CX-5: from one state of the default to the other", said(a) === "inherited" || said(b) === "inherited")
  return "important"
}

/** CX-17: a default counts, NULL counts as no default. */
const parameterDifference = (a: ParameterDefinition, b: ParameterDefinition): Difference => {
  if (textOf(a.value ?? null) !== textOf(b.value ?? null)) {
    mark("CX-17: another default of a parameter")
    return "important"
  }
  return a.id === b.id ? qualifierDifference(a.qualifiers, b.qualifiers) : "important"
}

const methodDifference = (a: MethodDefinition | undefined, b: MethodDefinition | undefined): Difference =>
  a === undefined || b === undefined || !sameSignature(a, b) ? "important" : worst([
    qualifierDifference(a.qualifiers, b.qualifiers),
    ...a.parameters.map((p, i) => parameterDifference(p, b.parameters[i]!))
  ])

/** Spelling and order are no difference (CX-6). */
export const difference = (space: Space, a: ClassDefinition, b: ClassDefinition): Difference =>
  worst([
    same(a.superclass ?? "", b.superclass ?? "") ? "none" : "important",
    qualifierDifference(a.qualifiers, b.qualifiers),
    ...names(a.properties, b.properties).map((name) =>
      propertyDifference(
        find(a.properties, name),
        find(b.properties, name),
        find(inheritedProperties(space, b), name)
      )
    ),
    ...names(a.methods, b.methods).map((name) => methodDifference(find(a.methods, name), find(b.methods, name)))
  ])

const memberOf = ({ carrier, rule, subject }: Breach): string =>
  identityFold([rule, carrier?.kind, carrier?.property, carrier?.method, carrier?.parameter, subject].join(" "))

/** Section 6 for one descendant. CX-13: what was broken before is no conflict. */
const conflictsOf = (before: Space, after: Space, name: string): ReadonlyArray<Breach> => {
  const old = classNamed(before, name)
  const known = old === undefined ? [] : breaches({ space: before, c: old }).map(memberOf)
  return breaches({ space: after, c: classNamed(after, name)! }).filter((b) => !known.includes(memberOf(b)))
}

const firstConflict = (before: Space, after: Space, name: string): Breach | undefined => {
  for (const below of descendants(after, name)) {
    const [one] = conflictsOf(before, after, below.name)
    if (one !== undefined) return one
  }
  return undefined
}

const without = <A extends { readonly name: string }>(list: ReadonlyArray<A>, name: string): ReadonlyArray<A> =>
  list.filter((one) => !same(one.name, name))

const changed = <A extends { readonly name: string }>(
  list: ReadonlyArray<A>,
  name: string,
  change: (a: A) => A
): ReadonlyArray<A> => list.map((one) => same(one.name, name) ? change(one) : one)

const withoutQualifier = (c: ClassDefinition, { carrier, subject }: Breach): ClassDefinition => {
  const less = <A extends { readonly qualifiers: Qualifiers }>(one: A): A => ({
    ...one,
    qualifiers: without(one.qualifiers, subject!)
  })
  switch (carrier!.kind) {
    case "class":
      return less(c)
    case "property":
      return { ...c, properties: changed(c.properties, carrier!.property!, less) }
    case "method":
      return { ...c, methods: changed(c.methods, carrier!.method!, less) }
    case "parameter":
      return {
        ...c,
        methods: changed(c.methods, carrier!.method!, (m) => ({
          ...m,
          parameters: changed(m.parameters, carrier!.parameter!, less)
        }))
      }
  }
}

/** The third column of section 6: the child's side goes. */
const resolved = (c: ClassDefinition, conflict: Breach): ClassDefinition | Refusal => {
  switch (conflict.rule) {
    case "CS-17":
      return has(find(c.properties, conflict.subject!)!.qualifiers, "key")
        ? refuse("CannotBeKey", "CX-12", conflict.subject) // force never deletes a property that carries `key`
        : { ...c, properties: without(c.properties, conflict.subject!) }
    case "CS-18":
      return withoutQualifier(c, conflict)
    case "CS-19":
      return { ...c, methods: without(c.methods, conflict.subject!) }
    case "CS-15":
      return { ...c, qualifiers: without(c.qualifiers, "abstract") }
    default:
      return conflict
  }
}

/** CX-11: down the tree, each with its parent as it is after its own conflicts. */
const resolveAll = (before: Space, after: Space, name: string): Space | Refusal => {
  let space = after
  for (const below of descendants(after, name)) {
    for (;;) {
      const [conflict] = conflictsOf(before, space, below.name)
      if (conflict === undefined) break
      const less = resolved(classNamed(space, below.name)!, conflict)
      if ("status" in less) return less
      space = withClass(space, less)
    }
  }
  return space
}

const nameSet = (list: ReadonlyArray<PropertyDefinition>): string => list.map((p) => identityFold(p.name)).sort().join()

export interface Update {
  readonly space: Space
  readonly before: ClassDefinition
  readonly after: ClassDefinition
  readonly mode: "Compatible" | "Safe" | "Force"
}

/** What an update leaves: the namespace with its new classes, and the instances that go with them (U-4). */
export interface Updated {
  readonly space: Space
  readonly gone: ReadonlyArray<Instance>
}

const kept = (space: Space): Updated => ({ space, gone: [] })

/** Section 5: the namespace afterwards, or the refusal. */
export const update = ({ after, before, mode, space }: Update): Updated | Refusal => {
  const name = before.name
  const next = withClass(space, after)
  const change = difference(space, before, after)
  if (change === "none") return kept(space) // U-0
  const conflict = firstConflict(space, next, name)
  if (change === "unimportant" && conflict === undefined) return kept(next) // U-1
  const hasChildren = children(space, name).length > 0
  const own = ownInstances(space, name).length > 0
  const sub = subInstances(space, name).length > 0
  const keysChanged = nameSet(keysOf(space, before)) !== nameSet(keysOf(next, after))
  marked(
    "CX-16: a keyless class gains a first key above children",
    hasChildren && keysChanged && keysOf(space, before).length === 0
  )
  marked(
    "CX-15: the children become abstract or cease to be it",
    hasChildren && isAbstract(space, before) !== isAbstract(next, after)
  )
  marked(
    "CX-19: the children become singletons or cease to be it",
    hasChildren && isSingleton(space, before) !== isSingleton(next, after)
  )
  const indexedChanged = nameSet(indexedOf(space, before)) !== nameSet(indexedOf(next, after))
  switch (mode) {
    case "Compatible": // U-2
      if (hasChildren) return refuse("ClassHasChildren", "U-2")
      if (own) return refuse("ClassHasInstances", "U-2")
      return kept(next)
    case "Safe": // U-3
      if (own || sub) return refuse("ClassHasInstances", "U-3")
      if (hasChildren) {
        if (keysChanged) return refuse("CannotChangeKeyInheritance", "U-3")
        if (indexedChanged) return refuse("CannotChangeIndexInheritance", "U-3")
        if (!same(before.superclass ?? "", after.superclass ?? "")) return refuse("ClassHasChildren", "U-3")
        if (conflict !== undefined) return conflict
      }
      return kept(next)
    case "Force": { // U-4
      if (sub) return refuse("ClassHasInstances", "U-4")
      if (hasChildren) {
        if (keysChanged) return refuse("CannotChangeKeyInheritance", "U-4")
        if (indexedChanged) return refuse("CannotChangeIndexInheritance", "U-4")
      }
      const done = resolveAll(space, next, name)
      if ("status" in done) return done
      const gone = ownInstances(space, name)
      marked("PA-83: own instances that a force update took", gone.length > 0)
      return { space: done, gone }
    }
  }
}
