/** A world as lines of text, for comparing and for reading. Order does not count; spelling does. */
import type { Qualifier } from "../../src/model/Qualifier.ts"
import * as CimType from "../../src/model/CimType.ts"
import type { ClassDefinition, Instance, MethodDefinition, PropertyDefinition } from "../../src/model/WbemObject.ts"
import { propertiesOf } from "./lineage.ts"
import { valueIn } from "./partial.ts"
import { textOf } from "./values.ts"
import { classNamed, type Space, type World } from "./world.ts"

const qualifiersText = (qualifiers: ReadonlyArray<Qualifier>): string =>
  qualifiers.length === 0 ? "" : `[${
    qualifiers
      .map((q) =>
        q.name.toLowerCase() + (q.value === true ? "" : `(${textOf(q.value)}${q.type === "real64" ? " real" : ""})`)
        + (q.flavor === 0 ? "" : `:${q.flavor.toString(16)}`)
      )
      .sort().join(", ")
  }] `

const propertyText = (p: PropertyDefinition): string =>
  `${qualifiersText(p.qualifiers)}${CimType.format(p)} ${p.name}${p.value === undefined ? "" : ` = ${textOf(p.value)}`}`

const methodText = (m: MethodDefinition): string =>
  `${qualifiersText(m.qualifiers)}${m.returns} ${m.name}(${
    m.parameters.map((p) =>
      `${qualifiersText(p.qualifiers)}${p.direction} ${CimType.format(p)} ${p.name}#${String(p.id)}`
    ).join(", ")
  })`

export const classText = (c: ClassDefinition): string =>
  `${c.amended === true ? "amended " : ""}${qualifiersText(c.qualifiers)}class ${textOf(c.name)}${
    c.superclass === undefined ? "" : ` : ${c.superclass}`
  } { ${[...c.properties.map(propertyText), ...c.methods.map(methodText)].join("; ")} }`

/** The qualifiers of its properties; an empty list is none. */
const propertyQualifiersText = (i: Instance): string =>
  Object.entries(i.propertyQualifiers ?? {})
    .filter(([, qualifiers]) => qualifiers.length > 0)
    .map(([name, qualifiers]) => ` with ${name.toLowerCase()} ${qualifiersText(qualifiers)}`)
    .sort().join("")

export const instanceText = (i: Instance): string =>
  `${i.amended === true ? "amended " : ""}${qualifiersText(i.qualifiers)}instance of ${textOf(i.className)} { ${
    Object.entries(i.values).map(([name, value]) => `${name} = ${textOf(value)}`).join("; ")
  } }${propertyQualifiersText(i)}`

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1

const sortedClass = (c: ClassDefinition): ClassDefinition => ({
  ...c,
  properties: [...c.properties].sort(byName),
  methods: [...c.methods].sort(byName)
})

/** As it reads: with every property of its class (IV-1). An instance without a class is shown as it is. */
const readInstance = (space: Space, i: Instance): Instance => {
  const c = classNamed(space, i.className)
  return c === undefined ? i : {
    ...i,
    values: Object.fromEntries([...propertiesOf(space, c)].sort(byName).map((p) => [p.name, valueIn(i.values, p)]))
  }
}

const spaceLines = (space: Space): ReadonlyArray<string> => [
  `${space.name}`,
  ...space.classes.map((c) => `${space.name}: ${classText(sortedClass(c))}`),
  ...space.instances.map((i) => `${space.name}: ${instanceText(readInstance(space, i))}`)
]

export const lines = (world: World): ReadonlyArray<string> => world.flatMap(spaceLines).sort()
