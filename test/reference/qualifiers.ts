/** Qualifiers as `qualifiers` 1 to 3 say: values, spellings, the flavours that the server adds, inheritance. */
import type { Qualifier } from "../../src/model/Qualifier.ts"
import { find, same } from "./names.ts"
import { mark } from "./tally.ts"
import type { ClassDefinition } from "./objects.ts"

export type Qualifiers = ReadonlyArray<Qualifier>

export interface Carrying {
  readonly qualifiers: Qualifiers
}

export const toInstance = 0x01
export const toSubclass = 0x02
export const disableOverride = 0x10
export const inheritedBit = 0x20
export const amendedBit = 0x80

export const has = (qualifiers: Qualifiers, name: string): boolean => find(qualifiers, name) !== undefined

export const isTrue = ({ qualifiers }: Carrying, name: string): boolean => find(qualifiers, name)?.value === true

/** Section 1: two empty arrays are equal whatever their type. */
export const sameValue = (a: Qualifier, b: Qualifier): boolean => {
  const isEmpty = ({ value }: Qualifier): boolean => Array.isArray(value) && value.length === 0
  if (isEmpty(a) && isEmpty(b)) {
    mark("qualifiers 1: two empty arrays")
    return true
  }
  return a.type === b.type && JSON.stringify(a.value) === JSON.stringify(b.value)
}

export const equals = (a: Qualifier, b: Qualifier): boolean =>
  same(a.name, b.name) && a.flavor === b.flavor && sameValue(a, b)

/** Section 1: the names that the wire dictionary holds come back in its spelling. */
const dictionary = ["key", "read", "write", "volatile", "provider", "dynamic", "CIMTYPE"]

export const spelling = (name: string): string => dictionary.find((word) => same(word, name)) ?? name

/** Section 2, the flavours that the server adds to a qualifier of a class, a property or a parameter. */
const addedTo = {
  class: (q: Qualifier): number =>
    same(q.name, "singleton") || same(q.name, "association")
      ? toInstance | toSubclass | disableOverride
      : same(q.name, "dynamic")
      ? q.flavor | toInstance
      : q.flavor,
  property: (q: Qualifier): number => same(q.name, "key") ? toInstance | toSubclass | disableOverride : q.flavor,
  parameter: (q: Qualifier): number => same(q.name, "in") || same(q.name, "out") ? 0 : q.flavor,
  method: (q: Qualifier): number => q.flavor
}

const added = (kind: keyof typeof addedTo, qualifiers: Qualifiers): Qualifiers =>
  qualifiers.map((q) => {
    const flavor = addedTo[kind](q)
    if (flavor !== q.flavor) mark(`qualifiers 2: flavours added to a ${kind}`)
    return { ...q, name: spelling(q.name), flavor }
  })

/** A definition as the server takes it, before any rule is looked at. */
export const taken = (c: ClassDefinition): ClassDefinition => ({
  ...c,
  qualifiers: added("class", c.qualifiers),
  properties: c.properties.map((p) => ({ ...p, qualifiers: added("property", p.qualifiers) })),
  methods: c.methods.map((m) => ({
    ...m,
    qualifiers: added("method", m.qualifiers),
    parameters: m.parameters.map((p) => ({ ...p, qualifiers: added("parameter", p.qualifiers) }))
  }))
})

/** Section 3 step 1. */
export const passedDown = (qualifiers: Qualifiers): Qualifiers =>
  qualifiers
    .filter((q) => (q.flavor & toSubclass) !== 0 || same(q.name, "key"))
    .map((q) => ({ ...q, flavor: q.flavor | inheritedBit }))

export const isFixed = (q: Qualifier): boolean => (q.flavor & disableOverride) !== 0 || same(q.name, "key")

/** Section 3 step 2; CX-2: a fixed one stays in force. */
export const overridden = (above: Qualifiers, own: Qualifiers): Qualifiers => [
  ...above.filter((a) => isFixed(a) || !has(own, a.name)),
  ...own.filter((o) => !above.some((a) => same(a.name, o.name) && isFixed(a)))
]
