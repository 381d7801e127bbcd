/** A world as lines of text, for comparing and for reading. Spelling counts, and the order of what a class declares. */
import type { Qualifier } from "../../src/model/Qualifier.ts"
import type { TypeRef } from "../../src/model/CimType.ts"
import * as CimType from "../../src/model/CimType.ts"
import type { MethodDefinition, PropertyDefinition } from "../../src/model/WbemObject.ts"
import { isLocaleSpace } from "./amended.ts"
import {
  chain,
  classQualifiers,
  isAbstract,
  isDynamic,
  isSingleton,
  keysOf,
  methodsOf,
  propertiesOf
} from "./lineage.ts"
import { byName } from "./names.ts"
import { valueIn } from "./partial.ts"
import { textOf } from "./values.ts"
import { classNamed, type Space, type World } from "./world.ts"
import type { ClassDefinition, Instance } from "./objects.ts"

const qualifierText = (q: Qualifier): string =>
  q.name + (q.value === true ? "" : `(${textOf(q.value)}${q.type === "real64" ? " real" : ""})`)
  + (q.flavor === 0 ? "" : `:${q.flavor.toString(16)}`)

const qualifiersText = (qualifiers: ReadonlyArray<Qualifier>): string =>
  qualifiers.length === 0 ? "" : `[${qualifiers.map(qualifierText).join(", ")}] `

/** The type with the spelling of its word. */
const typeText = (ref: TypeRef): string => CimType.format(ref) + (ref.word === undefined ? "" : ` (${ref.word})`)

/** NULL and no default are one thing. */
const defaultText = (value: unknown): string => value === undefined || value === null ? "" : ` = ${textOf(value)}`

const propertyText = (p: PropertyDefinition): string =>
  `${qualifiersText(p.qualifiers)}${typeText(p)} ${p.name}${
    p.inheritsDefault === true ? " = inherited" : defaultText(p.value)
  }`

const methodText = (m: MethodDefinition): string =>
  `${qualifiersText(m.qualifiers)}${m.returns}${m.returnsWord === undefined ? "" : ` (${m.returnsWord})`} ${m.name}(${
    m.parameters.map((p) =>
      `${qualifiersText(p.qualifiers)}${p.direction} ${typeText(p)} ${p.name}#${String(p.id)}${defaultText(p.value)}`
    ).join(", ")
  })`

export const classText = (c: ClassDefinition): string =>
  `${c.amended === true ? "amended " : ""}${qualifiersText(c.qualifiers)}class ${textOf(c.name)}${
    c.superclass === undefined ? "" : ` : ${c.superclass}`
  } { ${[...c.properties.map(propertyText), ...c.methods.map(methodText)].join("; ")} }`

/** The qualifiers of its properties; an empty list counts as absent. */
const propertyQualifiersText = (i: Instance): string =>
  Object.entries(i.propertyQualifiers ?? {})
    .filter(([, qualifiers]) => qualifiers.length > 0)
    .map(([name, qualifiers]) => ` with ${name.toLowerCase()} ${qualifiersText(qualifiers)}`)
    .sort().join("")

export const instanceText = (i: Instance): string =>
  `${i.amended === true ? "amended " : ""}${qualifiersText(i.qualifiers)}instance of ${textOf(i.className)} { ${
    Object.entries(i.values).map(([name, value]) => `${name} = ${textOf(value)}`).join("; ")
  } }${propertyQualifiersText(i)}`

const sorted = <A extends { readonly name: string }>(list: ReadonlyArray<A>): ReadonlyArray<A> => [...list].sort(byName)

const sortedQualifiers = <A extends { readonly qualifiers: ReadonlyArray<Qualifier> }>(one: A): A => ({
  ...one,
  qualifiers: sorted(one.qualifiers)
})

/** No rule gives the order in which text is added to an amendment class. */
const sortedClass = (c: ClassDefinition): ClassDefinition => ({
  ...sortedQualifiers(c),
  properties: sorted(c.properties).map(sortedQualifiers),
  methods: sorted(c.methods).map((m) => ({ ...sortedQualifiers(m), parameters: m.parameters.map(sortedQualifiers) }))
})

/** As it reads: with every property of its class (IV-1). An instance without a class is shown as it is. */
const readInstance = (space: Space, i: Instance): Instance => {
  const c = classNamed(space, i.className)
  const one = sortedQualifiers(i)
  return c === undefined ? one : {
    ...one,
    values: Object.fromEntries(sorted(propertiesOf(space, c)).map((p) => [p.name, valueIn(i.values, p)]))
  }
}

/** A class with what it inherits, as a reader gets it. */
export interface Effective {
  readonly name: string
  readonly derivation: ReadonlyArray<string>
  readonly qualifiers: ReadonlyArray<Qualifier>
  readonly properties: ReadonlyArray<PropertyDefinition>
  readonly methods: ReadonlyArray<MethodDefinition>
  readonly keys: ReadonlyArray<string>
  readonly isAbstract: boolean
  readonly isDynamic: boolean
  readonly isSingleton: boolean
}

export const effectiveText = (c: Effective): string =>
  [
    `${c.derivation.join(" < ")} reads`,
    ...[c.isAbstract ? "abstract" : "", c.isDynamic ? "dynamic" : "", c.isSingleton ? "singleton" : ""],
    qualifiersText(c.qualifiers),
    `keys ${c.keys.join(", ")};`,
    `${c.properties.map((p) => propertyText({ ...p, inheritsDefault: undefined })).join("; ")};`,
    // What a parameter inherits is part of no listing.
    c.methods.map((m) => methodText({ ...m, parameters: m.parameters.map((p) => ({ ...p, qualifiers: [] })) })).join(
      "; "
    )
  ].filter((part) => part !== "").join(" ")

/** Qualifiers and properties are listed by name, methods as they are declared. */
export const effective = (space: Space, c: ClassDefinition): Effective => ({
  name: c.name,
  derivation: chain(space, c).map(({ name }) => name),
  qualifiers: sorted(classQualifiers(space, c)),
  properties: sorted(propertiesOf(space, c)).map(sortedQualifiers),
  methods: methodsOf(space, c).map(sortedQualifiers),
  keys: sorted(keysOf(space, c)).map(({ name }) => name),
  isAbstract: isAbstract(space, c),
  isDynamic: isDynamic(space, c),
  isSingleton: isSingleton(space, c)
})

/** The classes as they read come from the model, or from the repository. */
type Reading = (space: Space) => ReadonlyArray<Effective>

const spaceLines = (space: Space, reading: Reading): ReadonlyArray<string> => [
  `${space.name}`,
  ...space.classes.map((c) => `${space.name}: ${classText(isLocaleSpace(space.name) ? sortedClass(c) : c)}`),
  ...(isLocaleSpace(space.name) ? [] : reading(space)).map((c) => `${space.name}: ${effectiveText(c)}`),
  ...space.instances.map((i) => `${space.name}: ${instanceText(readInstance(space, i))}`)
]

/** A namespace never changes, so its lines are written once; the world around it is compared after every step. */
const written = new WeakMap<Space, ReadonlyArray<string>>()

const ofModel: Reading = (space) => space.classes.map((c) => effective(space, c))

const linesOf = (space: Space, reading: Reading): ReadonlyArray<string> => {
  const known = written.get(space) ?? spaceLines(space, reading)
  written.set(space, known)
  return known
}

export const lines = (world: World, reading: Reading = ofModel): ReadonlyArray<string> =>
  world.flatMap((space) => linesOf(space, reading)).sort()
