/** Class definitions: new ones, small changes of existing ones, and every kind of fault. */
import * as CimType from "../../src/model/CimType.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { CimValue, MethodDefinition, PropertyDefinition } from "../../src/model/WbemObject.ts"
import { alike, anyCase, badNames } from "./generatorOfNames.ts"
import { suited, wrongValues } from "./generatorOfValues.ts"
import { classQualifiers, derives, descendants, propertiesOf } from "./lineage.ts"
import { same } from "./names.ts"
import { has, type Qualifiers } from "./qualifiers.ts"
import type { Random } from "./random.ts"
import { classNamed, type Space } from "./world.ts"
import type { ClassDefinition as Class } from "./objects.ts"

export const classNames = ["Aa", "Bb", "Cc", "Dd", "Ees", "K\u00b5", "\u212a\u00b5"]
export const propertyNames = ["Id", "Name", "Size", "Note", "Next", "Ma\u00df", "\u212aey", "Key"]
const methodNames = ["Go", "Stop", "\u00d6ffne"]
const bases = [
  "__ExtrinsicEvent",
  "__NAMESPACE",
  "__SystemClass",
  "__IntervalTimerInstruction",
  "__EventConsumer",
  "__FilterToConsumerBinding",
  "__Win32Provider",
  "__MethodProviderRegistration",
  "__ProviderRegistration",
  "__Trustee",
  "__NotifyStatus",
  "__EventFilter",
  "__CacheControl",
  "__SystemSecurity",
  "__CIMOMIdentification"
]

const keyTypes = ["uint32", "string", "uint64", "sint8", "boolean", "datetime", "ref:Aa", "char16"]

const types = [
  "string",
  "string",
  "uint32",
  "uint32",
  "uint64",
  "sint16",
  "boolean",
  "datetime",
  "char16",
  "real32",
  "real64",
  "ref",
  "ref:Aa",
  "ref:Bb",
  "string[]",
  "uint8[]",
  "object",
  "object:Aa",
  "object:Bb[]"
]

const flavors = [0, 0, 0x01, 0x02, 0x02, 0x03, 0x10, 0x12, 0x12, 0x13, 0x13]

/** Text is amended, other qualifiers are not. */
const flavorsOf = (name: string): ReadonlyArray<number> =>
  text.some((one) => same(one, name)) ? [...flavors, 0x80, 0x83] : flavors

const plainQualifier = (random: Random, names: ReadonlyArray<string>): Qualifier.Qualifier => {
  const name = anyCase(random, random.pick(names))
  return Qualifier.make(
    name,
    random.pick<Qualifier.QualifierValue>(["m", "m", "km", 1, 2, true, false, ["a"], [], [], 1.5]),
    { flavor: random.pick(flavorsOf(name)), ...random.chance(0.05) ? { type: "string" } : {} }
  )
}

const flag = (name: string, value: boolean, flavor: number): Qualifier.Qualifier =>
  Qualifier.make(name, value, { flavor })

const text = ["Description", "Units", "Units", "Display"]

const classQualifier = (random: Random): Qualifier.Qualifier =>
  random.weighted<() => Qualifier.Qualifier>([
    [40, () => plainQualifier(random, text)],
    [22, () => flag("abstract", random.chance(0.75), random.pick([0, 0, 0x01, 0x02, 0x03, 0x12, 0x13]))],
    [12, () => flag(anyCase(random, "singleton"), random.chance(0.8), random.pick([0, 0, 0x03, 0x13]))],
    [6, () => flag(anyCase(random, "association"), random.chance(0.8), random.pick([0, 0, 0x02, 0x12]))],
    [4, () => flag("indication", random.chance(0.9), random.pick([0, 0x02]))],
    [9, () => flag(anyCase(random, "dynamic"), random.chance(0.95), random.pick([0, 0, 0x01, 0x02, 0x03]))],
    [1, () => flag("Amendment", true, 0)],
    [5, () =>
      Qualifier.make(anyCase(random, "provider"), random.pick(["Good", "good", "Mute", "Angry", "Gone"]), {
        flavor: random.pick([0, 2])
      })],
    [1, () => flag(random.pick(["key", "not_null", "indexed"]), true, 0)]
  ])()

const propertyQualifier = (random: Random): Qualifier.Qualifier =>
  random.weighted<() => Qualifier.Qualifier>([
    [40, () => plainQualifier(random, [...text, "MaxLen"])],
    [12, () => Qualifier.make(anyCase(random, "key"), random.chance(0.9), { flavor: random.pick(flavors) })],
    [12, () => flag("not_null", random.chance(0.85), random.pick([0, 0x02, 0x03, 0x13]))],
    [10, () => flag(anyCase(random, "indexed"), random.chance(0.85), random.pick([0, 0x02, 0x03, 0x13]))],
    [3, () => flag(anyCase(random, random.pick(["static", "READ", "Write", "Volatile", "dynamic"]), 0.3), true, 0)],
    [1, () => flag(random.pick(["singleton", "abstract", "association"]), true, 0)]
  ])()

const unique = <A extends { readonly name: string }>(list: ReadonlyArray<A>): ReadonlyArray<A> =>
  list.filter((one, i) => list.findIndex((other) => same(other.name, one.name)) === i)

const some = <A>(random: Random, most: number, make: () => A): ReadonlyArray<A> =>
  Array.from({ length: random.below(most + 1) }, make)

/** A type word in another spelling; `ref` is always lower case. */
const typeWord = (random: Random, type: string): string => {
  const [, word, rest] = /^(\w+)(.*)$/.exec(type)!
  return word === "ref" || !random.chance(0.12)
    ? type
    : (random.chance(0.5) ? word!.toUpperCase() : word![0]!.toUpperCase() + word!.slice(1)) + rest!
}

const property = (random: Random, space: Space | undefined, name: string): PropertyDefinition => {
  const spec = Property.make(typeWord(random, random.pick(types)), {
    qualifiers: random.chance(0.35) ? unique(some(random, 2, () => propertyQualifier(random))) : []
  })
  const value: CimValue | undefined = random.chance(0.2)
    ? (random.chance(0.04) ? random.pick(wrongValues) : suited(random, space, spec))
    : undefined
  return Property.named(name, { ...spec, value: value === undefined && random.chance(0.05) ? null : value })
}

const keyProperty = (random: Random, name: string): PropertyDefinition =>
  Property.named(name, Property.key(random.weighted([[5, "uint32"], [5, "string"], [3, random.pick(keyTypes)]])))

/** A default of a parameter, mostly one that fits. */
const parameterDefault = (random: Random, space: Space | undefined, type: string): CimValue =>
  random.chance(0.06)
    ? random.pick(wrongValues)
    : random.chance(0.05)
    ? null
    : suited(random, space, CimType.parse(type))

const direction = (random: Random): Qualifier.Qualifier =>
  flag(random.pick(["In", "OUT"]), true, random.pick([0, 0x01, 0x13]))

const method = (random: Random, space?: Space): MethodDefinition => {
  const parameter = (name: string): Method.ParameterInput => {
    const type = random.pick(["uint32", "string", "string[]", "ref:Aa"])
    return {
      name: random.chance(0.01) ? random.pick(badNames) : anyCase(random, name),
      type: typeWord(random, type),
      direction: random.pick(["in", "in", "out", "inout"]),
      ...random.chance(0.3) ? { value: parameterDefault(random, space, type) } : {},
      qualifiers: random.chance(0.15) ? [plainQualifier(random, text)] : random.chance(0.1) ? [direction(random)] : []
    }
  }
  return Method.named(
    anyCase(random, random.pick(methodNames)),
    Method.make(
      typeWord(random, random.pick(["uint32", "uint32", "void"])),
      random.pick([[], [parameter("How")], [parameter("How"), parameter("Who")]]),
      {
        qualifiers: random.chance(0.2) ? [plainQualifier(random, text)] : []
      }
    )
  )
}

const superclass = (random: Random, space: Space | undefined, of: string): string | undefined => {
  const isBelow = (name: string): boolean => space !== undefined && derives(space, name, of)
  const there = (space?.classes ?? []).filter((c) => !isBelow(c.name) || random.chance(0.05))
  return random.weighted<() => string | undefined>([
    [25, () => undefined],
    [there.length === 0 ? 0 : 70, () => anyCase(random, random.pick(there).name)],
    [3, () => random.pick(bases)],
    [2, () => random.pick(classNames)]
  ])()
}

/** A default, NULL, no default, or the inherited one (CX-5). */
const redeclaredDefault = (
  random: Random,
  space: Space | undefined,
  p: PropertyDefinition
): Pick<PropertyDefinition, "value" | "inheritsDefault"> =>
  random.weighted<() => Pick<PropertyDefinition, "value" | "inheritsDefault">>([
    [30, () => ({ value: suited(random, space, p) })],
    [5, () => ({ value: null })],
    [40, () => ({ value: undefined })],
    [25, () => ({ value: undefined, inheritsDefault: true })]
  ])()

/** A redeclaration of an inherited member, mostly an allowed one. */
const redeclared = (random: Random, space: Space | undefined, p: PropertyDefinition): PropertyDefinition =>
  random.chance(0.2) ? property(random, space, p.name) : {
    ...p.type === "reference" && random.chance(0.4)
      ? { ...p, ...CimType.parse(random.pick(["ref", "ref:Bb", "ref:Nowhere", "ref:Cc"])), isArray: p.isArray }
      : p,
    name: anyCase(random, p.name),
    ...redeclaredDefault(random, space, p),
    qualifiers: random.chance(0.5) ? [] : unique([...p.qualifiers, propertyQualifier(random)])
  }

/** A class of a name that may be there or not, mostly one that is allowed. */
export const freshClass = (random: Random, space: Space | undefined): Class => {
  const there = space?.classes ?? []
  const free = classNames.filter((name) => !there.some((c) => same(c.name, name)))
  const name = free.length > 0 && random.chance(0.85) ? random.pick(free) : random.pick(classNames)
  const above = superclass(random, space, name)
  const parent = above === undefined || space === undefined ? undefined : classNamed(space, above)
  const inherited = parent === undefined ? [] : propertiesOf(space!, parent)
  const again = parent === undefined ? [] : classQualifiers(space!, parent)
    .filter((q) => text.includes(q.name) && random.chance(0.4))
    .map((q) => Qualifier.make(q.name, random.chance(0.7) ? q.value : "km", { flavor: random.pick(flavorsOf(q.name)) }))
  const qualifiers = unique([...again, ...random.chance(0.4) ? some(random, 2, () => classQualifier(random)) : []])
  const served = random.chance(0.04)
    ? [flag("dynamic", true, 0), Qualifier.make("provider", random.pick(["Good", "good", "Mute", "Angry", "Gone"]))]
    : []
  const isRoot = parent === undefined
  const wantsKey = random.chance(isRoot ? 0.75 : 0.15)
  const keyless = unique(some(random, 2, () => property(random, space, anyCase(random, random.pick(propertyNames)))))
  const keys = wantsKey
    ? unique([
      inherited.length > 0 && random.chance(0.2)
        ? { ...random.pick(inherited), qualifiers: [Qualifier.make("key")] }
        : keyProperty(random, "Id"),
      ...random.chance(0.15) ? [keyProperty(random, "Name")] : []
    ])
    : []
  const redone = inherited.length > 0 && random.chance(0.45) ? [redeclared(random, space, random.pick(inherited))] : []
  const isFreed = (p: PropertyDefinition): boolean =>
    isRoot || random.chance(0.15) || !inherited.some((i) => same(i.name, p.name))
  return ClassDefinition.make(name, unique([...keys, ...redone, ...keyless.filter(isFreed)]), {
    superclass: above,
    qualifiers: unique([...served, ...qualifiers]),
    methods: random.chance(0.25)
      ? unique([method(random, space), ...random.chance(0.4) ? [method(random, space)] : []])
      : []
  })
}

/** Localised text on the class and perhaps on a property. */
export const withText = (random: Random, c: Class): Class => {
  const marked = <A extends { readonly qualifiers: Qualifiers }>(one: A): A => ({
    ...one,
    qualifiers: unique([
      Qualifier.make(random.pick(text), random.pick(["m", "km"]), { flavor: random.pick([0x80, 0x83]) }),
      ...one.qualifiers
    ])
  })
  return marked(random.chance(0.5) ? c : { ...c, properties: changeOne(random, c.properties, marked) })
}

const changeOne = <A>(random: Random, list: ReadonlyArray<A>, change: (a: A) => A): ReadonlyArray<A> => {
  const at = random.below(list.length)
  return list.map((one, i) => i === at ? change(one) : one)
}

const dropOne = <A>(random: Random, list: ReadonlyArray<A>): ReadonlyArray<A> => {
  const at = random.below(list.length)
  return list.filter((_, i) => i !== at)
}

const changedQualifiers = (
  random: Random,
  qualifiers: Qualifiers,
  make: () => Qualifier.Qualifier
): Qualifiers =>
  random.weighted<() => Qualifiers>([
    [5, () => {
      const added = make()
      return [...qualifiers.filter((q) => !same(q.name, added.name)), added]
    }],
    [qualifiers.length === 0 ? 0 : 3, () => dropOne(random, qualifiers)],
    [qualifiers.length === 0 ? 0 : 2, () =>
      changeOne(random, qualifiers, (q) => ({ ...q, flavor: random.pick(flavorsOf(q.name)) }))],
    [qualifiers.length === 0 ? 0 : 1, () =>
      [...qualifiers].reverse()]
  ])()

type Change = (random: Random, space: Space, c: Class) => Class

const withProperties = (c: Class, properties: ReadonlyArray<PropertyDefinition>): Class => ({
  ...c,
  properties: unique(properties)
})

const ofMembers: ReadonlyArray<readonly [number, Change]> = [
  [9, (random, _, c) => ({
    ...c,
    properties: c.properties.map((p) =>
      has(p.qualifiers, "key") ? { ...p, ...CimType.parse(random.pick(keyTypes)), value: undefined } : p
    )
  })],
  [4, (random, _, c) => ({
    ...c,
    properties: changeOne(random, c.properties, (p) => ({
      ...p,
      qualifiers: unique([flag("indexed", random.chance(0.8), 0x03), ...p.qualifiers])
    }))
  })],
  [16, (random, space, c) => withProperties(c, [...c.properties, property(random, space, random.pick(propertyNames))])],
  [4, (random, space, c) => {
    const p = property(random, space, random.pick(propertyNames))
    const known = space.classes.flatMap((other) => other.properties).find((q) => same(q.name, p.name))
    return withProperties(c, [...c.properties, known === undefined ? p : { ...p, ...known, qualifiers: p.qualifiers }])
  }],
  [10, (random, space, c) => {
    const below = descendants(space, c.name).flatMap((d) => d.properties)
    if (below.length === 0) return c
    const p = random.pick(below)
    const mine = random.chance(0.5) ? p : property(random, space, p.name)
    const qualifiers = random.chance(0.5)
      ? p.qualifiers.map((q) => ({ ...q, value: random.chance(0.5) ? "other" : q.value, flavor: 0x12 }))
      : []
    return withProperties(c, [{ ...mine, qualifiers: qualifiers.filter((q) => !same(q.name, "key")) }, ...c.properties])
  }],
  [8, (random, _, c) => ({ ...c, properties: dropOne(random, c.properties) })],
  [7, (random, space, c) => ({
    ...c,
    properties: changeOne(random, c.properties, (p) => ({
      ...property(random, space, p.name),
      qualifiers: p.qualifiers
    }))
  })],
  [5, (random, space, c) => ({
    ...c,
    properties: changeOne(random, c.properties, (p) => ({
      ...p,
      inheritsDefault: undefined,
      ...redeclaredDefault(random, space, p)
    }))
  })],
  [3, (random, _, c) => ({
    ...c,
    properties: c.properties.map((p) =>
      p.type === "reference" && random.chance(0.6)
        ? { ...p, ...CimType.parse(random.pick(["ref", "ref:Bb", "ref:Nowhere"])), isArray: p.isArray }
        : p
    )
  })],
  [3, (random, _, c) => ({
    ...c,
    properties: c.properties.map((p) => ({ ...p, word: random.chance(0.4) ? p.type.toUpperCase() : undefined }))
  })],
  [14, (random, _, c) => ({
    ...c,
    properties: changeOne(random, c.properties, (p) => ({
      ...p,
      qualifiers: changedQualifiers(random, p.qualifiers, () => propertyQualifier(random))
    }))
  })],
  [
    3,
    (random, _, c) => ({
      ...c,
      properties: changeOne(random, c.properties, (p) => ({ ...p, name: anyCase(random, p.name, 1) }))
    })
  ],
  [2, (_, __, c) => ({ ...c, properties: [...c.properties].reverse() })]
]

const ofTheClass: ReadonlyArray<readonly [number, Change]> = [
  [16, (random, _, c) => ({
    ...c,
    qualifiers: changedQualifiers(random, c.qualifiers, () => classQualifier(random))
  })],
  [3, (random, _, c) => ({
    ...c,
    qualifiers: [
      ...c.qualifiers.filter((q) => !same(q.name, "Units")),
      Qualifier.make("Units", random.pick(["m", "km"]), { flavor: 0x12 })
    ]
  })],
  [12, (random, space, c) => {
    const below = descendants(space, c.name).flatMap((d) => d.qualifiers).filter((q) => text.includes(q.name))
    if (below.length === 0) return c
    const q = random.pick(below)
    const mine = { ...q, ...random.chance(0.8) ? Qualifier.make(q.name, "another") : {}, flavor: 0x12 }
    return { ...c, qualifiers: unique([mine, ...c.qualifiers]) }
  }],
  [4, (random, space, c) => {
    const below = descendants(space, c.name).flatMap((d) => d.methods)
    return below.length === 0
      ? c
      : { ...c, methods: unique([random.chance(0.4) ? random.pick(below) : method(random, space), ...c.methods]) }
  }],
  [4, (random, _, c) => ({
    ...c,
    qualifiers: unique([
      flag(random.pick(["singleton", "association", "abstract"]), random.chance(0.8), random.pick(flavors)),
      ...c.qualifiers
    ])
  })],
  [2, (_, __, c) => ({
    ...c,
    qualifiers: c.qualifiers.filter((q) => !same(q.name, "singleton") && !same(q.name, "association"))
  })],
  [1, (_, __, c) => ({ ...c, methods: [...c.methods].reverse() })],
  [3, (random, space, c) => ({
    ...c,
    methods: c.methods.map((m) => ({
      ...m,
      parameters: m.parameters.map((p) => ({
        ...p,
        value: random.chance(0.5) ? undefined : parameterDefault(random, space, CimType.format(p))
      }))
    }))
  })],
  [4, (_, __, c) => ({ ...c, qualifiers: c.qualifiers.filter((q) => !same(q.name, "abstract")) })],
  [4, (random, space, c) => ({ ...c, methods: unique([method(random, space), ...c.methods]) })],
  [1, (_, __, c) => ({ ...c, methods: [] })],
  [2, (random, _, c) => ({
    ...c,
    methods: c.methods.map((m) => ({
      ...m,
      qualifiers: changedQualifiers(random, m.qualifiers, () => plainQualifier(random, text))
    }))
  })],
  [2, (random, _, c) => ({
    ...c,
    methods: c.methods.map((m) => ({
      ...m,
      parameters: m.parameters.map((p) => ({
        ...p,
        qualifiers: changedQualifiers(random, p.qualifiers, () => plainQualifier(random, text))
      }))
    }))
  })],
  [5, (random, space, c) => ({ ...c, superclass: superclass(random, space, c.name) })],
  [3, (random, _, c) => ({ ...c, name: anyCase(random, c.name, 1) })],
  [2, (random, _, c) => c.superclass === undefined ? c : { ...c, superclass: anyCase(random, c.superclass, 1) }]
]

/** An existing class, unchanged or with a few small changes. */
export const variant = (random: Random, space: Space, c: Class): Class => {
  const changes = random.weighted([[8, 0], [70, 1], [18, 2], [4, 3]])
  let at = c
  for (let i = 0; i < changes; i++) {
    at = random.weighted(at.properties.length === 0 ? ofTheClass : [...ofMembers, ...ofTheClass])(random, space, at)
  }
  return at
}

const long = "x".repeat(256)

const headerFaults: ReadonlyArray<readonly [number, Partial<Class>]> = [
  [4, { name: "" }],
  [2, { name: "   " }],
  [4, { name: "_Aa" }],
  [4, { name: "__NAMESPACE" }],
  [4, { name: "Aa_" }],
  [2, { name: "9a" }],
  [2, { name: "A a" }],
  [2, { name: "\u00c4a" }],
  ...badNames.map((name) => [1, { name }] as const),
  [1, { name: "x".repeat(4097) }],
  [4, { name: "Aa", superclass: "aa" }],
  [4, { superclass: "Nowhere" }]
]

const named = (name: string, spec: Property.PropertySpec): PropertyDefinition => Property.named(name, spec)

const parameters = (...list: ReadonlyArray<Method.ParameterInput>): MethodDefinition =>
  Method.named("Go", Method.make("void", list))

/** Each breaks one rule of the structure, or nearly. */
const structureFaults: ReadonlyArray<(random: Random, c: Class) => Class> = [
  (random, c) => ({
    ...c,
    qualifiers: [...c.qualifiers, Qualifier.make(random.pick([long, ...badNames]))]
  }),
  (random, c) => ({
    ...c,
    qualifiers: [Qualifier.make("Units"), Qualifier.make(random.pick(["UNITS", "Unit\u017f", "Un\u0130ts"]))]
  }),
  (random, c) => ({
    ...c,
    qualifiers: [
      ...c.qualifiers,
      Qualifier.make("Odd", random.pick<never>([null as never, [1, "a"] as never, 1n as never]))
    ]
  }),
  (random, c) => ({ ...c, qualifiers: [flag(random.pick(["key", "not_null", "indexed"]), random.chance(0.5), 0)] }),
  (_, c) => ({ ...c, qualifiers: [flag("association", true, 0), flag("indication", true, 0)] }),
  (random, c) => ({
    ...c,
    properties: [...c.properties, named(random.pick([long, ...badNames, ...alike]), Property.make("string"))]
  }),
  (random, c) => ({
    ...c,
    properties: [
      named("Id", Property.key("uint32")),
      named(random.pick(["ID", "\u0131d", "\u0130d"]), Property.make("uint32"))
    ]
  }),
  (random, c) => ({ ...c, methods: [Method.named(random.pick([long, ...badNames]), Method.make("void"))] }),
  (random, c) => ({ ...c, methods: [parameters({ name: random.pick(badNames), type: "string" })] }),
  (random, c) => ({
    ...c,
    methods: [parameters({ name: "p", type: "uint8", value: random.pick<CimValue>([1, 256, "a", -1]) })]
  }),
  (random, c) => ({
    ...c,
    properties: [
      ...c.properties,
      named("Odd", Property.make("int128", { qualifiers: random.chance(0.5) ? [] : { abstract: true } }))
    ]
  }),
  (random, c) => ({
    ...c,
    properties: [
      ...c.properties,
      named("Odd", Property.make("uint8", { value: random.pick<CimValue>([256, "a", -1]) }))
    ]
  }),
  (random, c) => ({
    ...c,
    properties: [named("Id", Property.key(random.pick(["string[]", "real32", "real64", "object"])))]
  }),
  (random, c) => ({
    ...c,
    qualifiers: [flag("singleton", true, 0)],
    properties: random.chance(0.5) ? [] : c.properties
  }),
  (_, c) => ({ ...c, qualifiers: [flag("abstract", true, 0)] }),
  (_, c) => ({ ...c, methods: [parameters({ name: "s", type: "string" }, { name: "\u017f", type: "string" })] }),
  (random, c) => ({
    ...c,
    methods: [
      parameters({ name: "p", type: "string" }, {
        name: "p",
        type: random.pick(["string", "uint32"]),
        direction: "out",
        id: random.below(2)
      })
    ]
  }),
  (random, c) => ({ ...c, methods: [parameters({ name: "p", type: "string", id: random.pick([-1, 1, 0.5, 0]) })] }),
  (_, c) => ({
    ...c,
    methods: [{
      ...parameters({ name: "p", type: "string" }),
      parameters: parameters({ name: "p", type: "string" }).parameters.map((p) => ({ ...p, id: undefined }))
    }]
  }),
  (_, c) => ({ ...c, methods: [Method.named("Go", Method.make("uint32", [], { qualifiers: { ID: 0 } }))] }),
  (_, c) => ({ ...c, methods: [parameters({ name: "p", type: "int128" })] })
]

const crowd = (n: number, type: (i: number) => Property.PropertySpec): ReadonlyArray<PropertyDefinition> =>
  Array.from({ length: n }, (_, i) => named(`P${i}`, type(i)))

/** A class that most rules refuse. */
export const classFault = (random: Random, space: Space | undefined): Class => {
  const c = space !== undefined && space.classes.length > 0 && random.chance(0.5)
    ? random.pick(space.classes)
    : freshClass(random, space)
  return random.weighted<() => Class>([
    [50, () => ({ ...c, ...random.weighted(headerFaults) })],
    [120, () => random.pick(structureFaults)(random, c)],
    [1, () => ({ ...c, properties: crowd(1025, () => Property.make("uint8")) })],
    [5, () => ClassDefinition.make("Crowd", crowd(257, () => Property.key("uint8")))]
  ])()
}
