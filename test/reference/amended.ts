/** Amended text (`put-async` 11, `qualifiers` 7): what comes off the definition and where it goes. */
import * as CimName from "../../src/model/CimName.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { ClassDefinition, Instance, WbemObject } from "../../src/model/WbemObject.ts"
import { type Put, type Refusal, refuse } from "./outcome.ts"
import {
  classNamed,
  namespaceInstance,
  same,
  type Space,
  spaceNamed,
  withClass,
  withSpace,
  type World
} from "./world.ts"

type Qualifiers = ReadonlyArray<Qualifier.Qualifier>

const isAmended = (q: Qualifier.Qualifier): boolean => (q.flavor & Qualifier.Flavor.Amended) !== 0

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

/** Only what is localised; the rest of a member is left out. */
const amendmentOf = ({ amended: _, ...c }: ClassDefinition): ClassDefinition => ({
  ...c,
  superclass: undefined,
  qualifiers: text(c.qualifiers),
  properties: c.properties
    .map((p) => ({ ...p, value: undefined, qualifiers: text(p.qualifiers) }))
    .filter((p) => p.qualifiers.length > 0),
  methods: c.methods
    .map((m) => ({
      ...m,
      qualifiers: text(m.qualifiers),
      parameters: m.parameters.map((p) => ({ ...p, qualifiers: text(p.qualifiers) }))
    }))
    .filter((m) => m.qualifiers.length > 0 || m.parameters.some((p) => p.qualifiers.length > 0))
})

const isEmpty = (c: ClassDefinition): boolean => c.qualifiers.length + c.properties.length + c.methods.length === 0

/** New text replaces text of the same name; what else is there stays. */
const joined = (a: Qualifiers, b: Qualifiers): Qualifiers => [
  ...a.filter((q) => !Qualifier.has(b, q.name)),
  ...b
]

const members = <A extends { readonly name: string }>(
  a: ReadonlyArray<A>,
  b: ReadonlyArray<A>,
  both: (x: A, y: A) => A
): ReadonlyArray<A> => [
  ...a.map((x) => {
    const y = CimName.find(b, x.name)
    return y === undefined ? x : both(x, y)
  }),
  ...b.filter((y) => CimName.find(a, y.name) === undefined)
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
      qualifiers: joined(CimName.find(x.parameters, p.name)?.qualifiers ?? [], p.qualifiers)
    }))
  }))
})

/** `qualifiers` 7.1: what tells an amendment class; one that is there already keeps its own. */
const marks = (locale: string, there: Qualifiers): Qualifiers =>
  [
    Qualifier.make("Amendment", true),
    Qualifier.make("Locale", parseInt(locale.slice("ms_".length), 16))
  ].filter((q) => !Qualifier.has(there, q.name))

/** `qualifiers` 7.3 row 1: the text goes to the namespace of the locale, which is made if it is missing. */
export const withText = (world: World, space: Space, put: Put): World => {
  const added = amendmentOf(put.object as ClassDefinition)
  if (isEmpty(added)) return world
  const name = `${space.name}\\${put.who.locale}`
  const place = spaceNamed(world, name) ?? { name, classes: [], instances: [] }
  const known = classNamed(place, added.name)
  const marked = { ...added, qualifiers: [...marks(put.who.locale, known?.qualifiers ?? []), ...added.qualifiers] }
  const next = withClass(place, known === undefined ? marked : merged(known, marked))
  if (world.some((s) => same(s.name, name))) return withSpace(world, next)
  const parent = spaceNamed(world, space.name)!
  return [
    ...withSpace(world, { ...parent, instances: [...parent.instances, namespaceInstance(put.who.locale)] }),
    next
  ]
}
