/** Instances of existing classes, of deleted classes, and with faults. */
import * as Instance from "../../src/model/Instance.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { CimValue, PropertyDefinition } from "../../src/model/WbemObject.ts"
import { classNames, propertyNames } from "./generatorOfClasses.ts"
import { anyCase } from "./generatorOfNames.ts"
import { suited, wrongValues } from "./generatorOfValues.ts"
import { chain, classQualifiers, derives, descendants, isAbstract, propertiesOf } from "./lineage.ts"
import type { Random } from "./random.ts"
import { classNamed, type Space } from "./world.ts"
import type { ClassDefinition as Class, Instance as Inst } from "./objects.ts"

const provider = '__Win32Provider.Name="P"'

const registrations = [
  "__InstanceProviderRegistration",
  "__ClassProviderRegistration",
  "__MethodProviderRegistration",
  "__PropertyProviderRegistration",
  "__EventProviderRegistration",
  "__EventConsumerProviderRegistration"
]

const some = (random: Random, values: Readonly<Record<string, CimValue>>): Readonly<Record<string, CimValue>> =>
  Object.fromEntries(Object.entries(values).filter(() => random.chance(0.6)))

const bound = { Filter: '__EventFilter.Name="s"', Consumer: 'Aa.Name="c"' }

/** Instances of system classes. */
const systemInstance = (random: Random): Inst =>
  random.weighted<() => Inst>([
    [4, () =>
      Instance.make("__IntervalTimerInstruction", {
        TimerId: random.pick(["a", "A", "b"]),
        ...some(random, { IntervalBetweenEvents: random.pick([1, 2, null]), SkipIfPassed: random.pick([true, null]) })
      })],
    [2, () =>
      Instance.make("__AbsoluteTimerInstruction", {
        TimerId: random.pick(["a", "b"]),
        ...some(random, { EventDateTime: random.pick([null, "20240101000000.000000+000"]) })
      })],
    [1, () => Instance.make("__TimerNextFiring", { TimerId: "a", ...some(random, { NextEvent64BitTime: 1 }) })],
    [5, () =>
      Instance.make(anyCase(random, random.pick(registrations)), {
        provider: anyCase(random, provider),
        ...some(random, { SupportsGet: true })
      })],
    [2, () => Instance.make("__Win32Provider", { Name: anyCase(random, "P"), ...some(random, { Version: 1 }) })],
    [2, () => Instance.make("__EventFilter", { Name: anyCase(random, "s"), ...some(random, { Query: "q" }) })],
    [6, () =>
      Instance.make("__FilterToConsumerBinding", {
        ...random.chance(0.75) ? bound : some(random, { Filter: null, Consumer: null, ...some(random, bound) }),
        ...random.chance(0.4) ? { DeliveryQoS: random.pick([null, 1]) } : {},
        ...random.chance(0.3) ? { DeliverSynchronously: random.pick([null, true]) } : {}
      })],
    [3, () => Instance.make("__SystemSecurity", {})],
    [2, () => Instance.make("__CIMOMIdentification", { WorkingDirectory: random.pick(["x", "y"]) })],
    [2, () =>
      Instance.make(
        anyCase(random, random.pick(["__ArbitratorConfiguration", "__ProviderHostQuotaConfiguration"])),
        {}
      )],
    [2, () => Instance.make("__EventSinkCacheControl", some(random, { ClearAfter: "00000000000500.000000:000" }))],
    [1, () => Instance.make(random.pick(["__Trustee", "__ProviderRegistration", "__ExtrinsicEvent"]), {})]
  ])()

/** An instance of an existing class, with the keys mostly set. */
export const goodInstance = (random: Random, space: Space | undefined, c: Class | undefined): Inst => {
  if (c === undefined || space === undefined) return systemInstance(random)
  const values: Array<readonly [string, CimValue]> = []
  for (const p of propertiesOf(space, c)) {
    const isKey = Qualifier.has(p.qualifiers, "key")
    const isNeeded = Qualifier.isTrue(p, "not_null") || Qualifier.isTrue(p, "indexed")
    if (!random.chance(isKey ? 0.95 : isNeeded ? 0.9 : 0.5)) continue
    values.push([
      anyCase(random, p.name),
      random.chance(isKey ? 0.02 : 0.1)
        ? null
        : random.chance(0.02)
        ? random.pick(wrongValues)
        : suited(random, space, p)
    ])
  }
  return Instance.make(anyCase(random, c.name), Object.fromEntries(values))
}

/** A stored instance with some other values, or as an instance of another class of its tree. */
export const otherValues = (random: Random, space: Space, i: Inst): Inst => {
  const c = classNamed(space, i.className)!
  const family = [...chain(space, c), ...descendants(space, chain(space, c).at(-1)!.name)]
  const as = random.chance(0.35) ? random.pick(family) : c
  const known = propertiesOf(space, as)
  const values: Record<string, CimValue> = {}
  for (const [name, value] of Object.entries(i.values)) {
    if (known.some((p) => p.name === name) || random.chance(0.05)) values[name] = value
  }
  for (const p of known) {
    if (!Qualifier.has(p.qualifiers, "key") && random.chance(0.3)) {
      values[p.name] = random.chance(0.15) ? null : suited(random, space, p)
    }
  }
  return Instance.make(as.name, values, random.chance(0.06) ? withQualifiers(random) : undefined)
}

const withQualifiers = (random: Random): Instance.Options => {
  const one = Qualifier.make(random.pick(["Units", "Description"]), random.pick(["m", "km"]), {
    flavor: random.pick([0, 0x80])
  })
  return random.chance(0.5) ? { qualifiers: [one] } : { propertyQualifiers: { [random.pick(propertyNames)]: [one] } }
}

/** Qualifiers of the names that the class and its properties have, with the same value or another. */
const overriding = (random: Random, space: Space | undefined, c: Class | undefined): Instance.Options => {
  if (c === undefined || space === undefined) return withQualifiers(random)
  const again = (qualifiers: ReadonlyArray<Qualifier.Qualifier>): ReadonlyArray<Qualifier.Qualifier> =>
    qualifiers.map((q) => Qualifier.make(q.name, random.chance(0.7) ? "another" : q.value))
  const properties = propertiesOf(space, c).filter((p) => p.qualifiers.length > 0)
  return {
    qualifiers: again(classQualifiers(space, c)),
    propertyQualifiers: Object.fromEntries(
      properties.filter(() => random.chance(0.5)).map((p) => [anyCase(random, p.name), again(p.qualifiers)])
    )
  }
}

const longKey = "k".repeat(8192)

/** An object in an object in an object, `depth` times. */
const nested = (c: Class, p: PropertyDefinition, depth: number): Inst =>
  depth === 0 ? Instance.make(c.name, {}) : Instance.make(c.name, {
    [p.name]: p.isArray ? [nested(c, p, depth - 1)] : nested(c, p, depth - 1)
  })

/** Something is wrong, or nearly. */
export const instanceFault = (random: Random, space: Space | undefined): Inst => {
  const classes = space?.classes ?? []
  const c = classes.length === 0 ? undefined : random.pick(classes)
  const good = goodInstance(random, space, c)
  const nests = classes.filter((one) => !isAbstract(space!, one)).flatMap((one) =>
    propertiesOf(space!, one)
      .filter((p) => p.type === "object" && (p.className === undefined || derives(space!, one.name, p.className)))
      .map((p) => [one, p] as const)
  )
  const name = random.pick([...Object.keys(good.values), ...propertyNames])
  return random.weighted<() => Inst>([
    [1, () => Instance.make("", {})],
    [3, () => Instance.make(random.pick(classNames), { Id: 1 })],
    [3, () => Instance.make(good.className, { ...good.values, Nope: 1 })],
    [8, () => Instance.make(good.className, { ...good.values, [name]: random.pick(wrongValues) })],
    [2, () => Instance.make(good.className, { ...good.values, id: 1, ID: 1 })],
    [1, () => Instance.make(good.className, { ...good.values, Id: longKey })],
    [4, () => Instance.make(good.className, { ...good.values, Id: "x\u0001" })],
    [2, () => Instance.make("__IndicationRelated", {})],
    [nests.length === 0 ? 0 : 8, () => {
      const [one, p] = random.pick(nests)
      const inner = nested(one, p, random.pick([63, 64, 65]))
      return Instance.make(one.name, { ...goodInstance(random, space, one).values, [p.name]: inner.values[p.name]! })
    }],
    [12, () => Instance.make(good.className, good.values, overriding(random, space, c))]
  ])()
}
