/** Amended text (`put-async` 11, `qualifiers` 7): what is removed from the definition and where it is stored. */
import { classOf } from "../../src/model/effectValue.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import { chain } from "./lineage.ts"
import { find, same } from "./names.ts"
import { type Put, type Refusal, refuse } from "./outcome.ts"
import { amendedBit, has, type Qualifiers, taken } from "./qualifiers.ts"
import { mark } from "./tally.ts"
import {
  classNamed,
  isSystem,
  namespaceInstance,
  type Space,
  spaceNamed,
  withClass,
  withSpace,
  type World
} from "./world.ts"
import type { ClassDefinition, Instance, WbemObject } from "./objects.ts"

const isAmended = (q: Qualifier.Qualifier): boolean => (q.flavor & amendedBit) !== 0

const plain = (qualifiers: Qualifiers): Qualifiers => qualifiers.filter((q) => !isAmended(q))

/** PA-91. */
export const readAmended = (object: WbemObject, useAmended: boolean): Refusal | undefined =>
  object.amended === true && !useAmended ? refuse("AmendedObject", "PA-91") : undefined

/** `qualifiers` 7.1 and 7.3 row 6: `N\MS_xxx` holds the text of `N` and no instances. */
export const isLocaleSpace = (name: string): boolean => /\\ms_[0-9a-f]+$/i.test(name)

/** PA-90. */
export const plainClass = (c: ClassDefinition): ClassDefinition => ({
  ...c,
  qualifiers: plain(c.qualifiers),
  properties: c.properties.map((p) => ({ ...p, qualifiers: plain(p.qualifiers) })),
  methods: c.methods.map((m) => ({
    ...m,
    qualifiers: plain(m.qualifiers),
    parameters: m.parameters.map((p) => ({ ...p, qualifiers: plain(p.qualifiers) }))
  }))
})

/** `qualifiers` 7.3 row 2. */
export const plainInstance = (i: Instance): Instance => ({
  ...i,
  qualifiers: plain(i.qualifiers),
  ...(i.propertyQualifiers === undefined ? {} : {
    propertyQualifiers: Object.fromEntries(
      Object.entries(i.propertyQualifiers).map(([name, list]) => [name, plain(list)])
    )
  })
})

const text = (qualifiers: Qualifiers): Qualifiers => qualifiers.filter(isAmended)

/** Only what is localised; the rest of a member is left out, but for `key` on a property that declares one (7.1). */
const amendmentOf = ({ amended: _, ...c }: ClassDefinition): ClassDefinition => ({
  ...c,
  qualifiers: text(c.qualifiers),
  properties: c.properties
    .filter((p) => p.qualifiers.some(isAmended))
    .map(({ inheritsDefault: _, ...p }) => ({
      ...p,
      value: undefined,
      qualifiers: p.qualifiers.filter((q) => isAmended(q) || same(q.name, "key"))
    })),
  methods: c.methods
    .map((m) => ({
      ...m,
      qualifiers: text(m.qualifiers),
      parameters: m.parameters.map((p) => ({ ...p, value: undefined, qualifiers: text(p.qualifiers) }))
    }))
    .filter((m) => m.qualifiers.length > 0 || m.parameters.some((p) => p.qualifiers.length > 0))
})

const isEmpty = (c: ClassDefinition): boolean => c.qualifiers.length + c.properties.length + c.methods.length === 0

/** New text replaces text of the same name; other text stays. */
const joined = (a: Qualifiers, b: Qualifiers): Qualifiers => [
  ...a.filter((q) => !has(b, q.name)),
  ...b
]

const members = <A extends { readonly name: string }>(
  a: ReadonlyArray<A>,
  b: ReadonlyArray<A>,
  both: (x: A, y: A) => A
): ReadonlyArray<A> => [
  ...a.map((x) => {
    const y = find(b, x.name)
    return y === undefined ? x : both(x, y)
  }),
  ...b.filter((y) => find(a, y.name) === undefined)
]

const merged = (a: ClassDefinition, b: ClassDefinition): ClassDefinition => ({
  ...a,
  qualifiers: joined(a.qualifiers, b.qualifiers),
  properties: members(a.properties, b.properties, (x, y) => ({
    ...y,
    name: x.name,
    qualifiers: joined(x.qualifiers, y.qualifiers)
  })),
  methods: members(a.methods, b.methods, (x, y) => ({
    ...y,
    name: x.name,
    qualifiers: joined(x.qualifiers, y.qualifiers),
    parameters: y.parameters.map((p) => ({
      ...p,
      qualifiers: joined(find(x.parameters, p.name)?.qualifiers ?? [], p.qualifiers)
    }))
  }))
})

/** `qualifiers` 7.1: the qualifiers that mark an amendment class; an existing one keeps its own. */
const marks = (locale: string, there: Qualifiers): Qualifiers =>
  [
    Qualifier.make("Amendment", true),
    Qualifier.make("Locale", parseInt(locale.slice("ms_".length), 16))
  ].filter((q) => !has(there, q.name))

/** `qualifiers` 7.3 row 1: ancestors that the namespace of the locale lacks are written with the class, the topmost first. */
const withAncestors = (place: Space, space: Space, c: ClassDefinition, locale: string): Space => {
  const missing = chain(space, c).slice(1).filter((up) =>
    !isSystem(up.name) && classNamed(place, up.name) === undefined
  )
  if (missing.length > 0) mark("qualifiers 7.3: ancestors in the namespace of a locale")
  return missing.reverse().reduce(
    (at, { name, superclass }) =>
      withClass(at, classOf({ name, superclass, qualifiers: marks(locale, []), properties: [], methods: [] })),
    place
  )
}

/** `qualifiers` 7.3 row 1: the text goes to the namespace of the locale, which is made if it is missing. */
export const withText = (world: World, space: Space, put: Put): World => {
  const sent = taken(put.object as ClassDefinition)
  const stored = classNamed(space, sent.name)!
  // The superclass and the class in the spelling of the neutral ones.
  const added = { ...amendmentOf(sent), superclass: stored.superclass }
  if (isEmpty(added)) return world
  const name = `${space.name}\\${put.who.locale}`
  const there = spaceNamed(world, name) ?? { name, classes: [], instances: [] }
  const known = classNamed(there, added.name)
  const place = known === undefined ? withAncestors(there, space, stored, put.who.locale) : there
  const marked = { ...added, qualifiers: [...marks(put.who.locale, known?.qualifiers ?? []), ...added.qualifiers] }
  const next = withClass(place, known === undefined ? marked : merged(known, marked))
  if (world.some((s) => same(s.name, name))) return withSpace(world, next)
  const parent = spaceNamed(world, space.name)!
  return [
    ...withSpace(world, { ...parent, instances: [...parent.instances, namespaceInstance(put.who.locale)] }),
    next
  ]
}
