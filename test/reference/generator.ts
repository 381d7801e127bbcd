/**
 * Steps of a sequence. Each is made from the present state, so that most of them concern stored objects: an existing class with a small
 * change, an instance of it, sometimes with a fault, a name in another case.
 */
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Rights from "../../src/model/Rights.ts"
import type { CimValue } from "../../src/model/WbemObject.ts"
import { classFault, classNames, freshClass, variant, withText } from "./generatorOfClasses.ts"
import { goodInstance, instanceFault, otherValues } from "./generatorOfInstances.ts"
import { anyCase, badNames } from "./generatorOfNames.ts"
import { chain, children, descendants, isDynamic, isSingleton, keysOf, propertiesOf } from "./lineage.ts"
import { same } from "./names.ts"
import type { Delete, Put, Step, Who } from "./outcome.ts"
import { valueIn } from "./partial.ts"
import type { Random } from "./random.ts"
import { classNamed, type Space, spaceNamed, startInstances, type World } from "./world.ts"
import type { ClassDefinition as Class, Instance as Inst } from "./objects.ts"

const everyone: Who = { rights: Rights.all, remote: false, locale: "ms_409" }

const who = (random: Random): Who =>
  random.weighted<() => Who>([
    [150, () => everyone],
    [4, () => ({ ...everyone, locale: "ms_407" })],
    [2, () => ({ ...everyone, remote: true })],
    [1, () => ({ ...everyone, remote: true, rights: Rights.all & ~Rights.Right.RemoteEnable })],
    [1, () => ({ ...everyone, rights: Rights.all & ~Rights.Right.Enable })],
    [1, () => ({ ...everyone, rights: Rights.of("Enable") })],
    [1, () => ({ ...everyone, rights: Rights.of("Enable", "PartialWrite") })],
    [1, () => ({ ...everyone, rights: Rights.of("Enable", "FullWrite") })],
    [1, () => ({ ...everyone, rights: Rights.of("Enable", "ProviderWrite") })],
    [1, () => ({ ...everyone, rights: Rights.all & ~Rights.Right.FullWrite })]
  ])()

const namespace = (random: Random, world: World): string => {
  const there = world.map((space) => space.name)
  return random.weighted<() => string>([
    [840, () => anyCase(random, "root\\cimv2")],
    [120, () => random.pick(there)],
    [there.length > 3 ? 150 : 0, () => anyCase(random, random.pick(there.slice(3)))],
    [3, () => "root\\cimv2\\Sub"],
    [2, () => "root\\nowhere"]
  ])()
}

const rareFlags = (random: Random): number =>
  random.weighted<number>([
    [400, 0],
    [4, 0x10],
    [4, 0x80],
    [4, 0x10000],
    [2, 0x100000],
    [2, 0x1f000],
    [1, 0x3],
    [1, 0x63],
    [1, 0x60],
    [1, 0x4],
    [1, 0x100],
    [1, 0x200],
    [1, 0x400000],
    [1, -2147483648],
    [1, 0.5],
    [1, 4294967296]
  ])

const flagWord = (random: Random, ...bits: ReadonlyArray<number>): number => {
  const rare = rareFlags(random)
  const word = bits.reduce((sum, bit) => sum | bit, 0)
  return Number.isInteger(rare) && rare < 4294967296 ? word | rare : rare
}

const amendedBit = (random: Random): number => random.chance(0.13) ? 0x20000 : 0

const classFlags = (random: Random, exists: boolean): number =>
  flagWord(
    random,
    exists ? random.weighted([[75, 0], [15, 1], [8, 2]]) : random.weighted([[78, 0], [6, 1], [14, 2]]),
    exists ? random.weighted([[40, 0], [28, 0x20], [32, 0x40]]) : random.weighted([[80, 0], [10, 0x20], [10, 0x40]]),
    amendedBit(random)
  )

const instanceFlags = (random: Random, exists: boolean): number =>
  flagWord(
    random,
    exists ? random.weighted([[60, 0], [25, 1], [15, 2]]) : random.weighted([[75, 0], [10, 1], [15, 2]]),
    random.weighted([[97, 0], [1, 0x20], [1, 0x40]]),
    random.chance(0.05) ? 0x20000 : 0
  )

const classStep = (random: Random, space: Space | undefined, at: string): Put => {
  const there = space?.classes ?? []
  const parents = there.filter((c) => children(space!, c.name).length > 0)
  const make = random.weighted<() => Class>([
    [there.length < 3 ? 40 : 12, () => freshClass(random, space)],
    [there.length === 0 ? 0 : 14, () => variant(random, space!, random.pick(there))],
    [parents.length === 0 ? 0 : 18, () => variant(random, space!, random.pick(parents))],
    [5, () => classFault(random, space)]
  ])
  const made = make()
  const flags = classFlags(random, there.some((c) => same(c.name, made.name)))
  const object = (flags & 0x20000) !== 0 && random.chance(0.6) ? withText(random, made) : made
  return {
    _tag: "Put",
    object: random.chance(0.015) ? { ...object, amended: true } : object,
    namespace: at,
    flags,
    context: random.chance(0.02) ? { __PUT_EXTENSIONS: true } : undefined,
    who: who(random)
  }
}

const isBinding = (i: Inst): boolean => same(i.className, "__FilterToConsumerBinding")

const family = (random: Random, object: Inst, space: Space): Readonly<Record<string, CimValue>> => {
  const c = classNamed(space, object.className)
  const names = [
    ...Object.keys(object.values),
    ...isBinding(object) ? ["DeliveryQoS", "DeliveryQoS", "DeliveryQoS", "DeliveryQoS"] : [],
    ...c === undefined ? [] : propertiesOf(space, c).map((p) => p.name)
  ]
  const listed = Array.from(
    { length: 1 + random.below(3) },
    () => random.chance(0.03) || names.length === 0 ? "Nope" : anyCase(random, random.pick(names))
  )
  return random.weighted<() => Readonly<Record<string, CimValue>>>([
    [40, () => ({ __PUT_EXTENSIONS: true, __PUT_EXT_PROPERTIES: listed })],
    [10, () => ({ __put_extensions: true, __PUT_EXT_PROPERTIES: listed, __PUT_EXT_CLIENT_REQUEST: true })],
    [25, () => ({ __PUT_EXTENSIONS: true, __PUT_EXT_PROPERTIES: listed, __PUT_EXT_STRICT_NULLS: true })],
    [4, () => ({ __PUT_EXTENSIONS: true, __PUT_EXT_STRICT_NULLS: random.chance(0.5) })],
    [4, () => ({ __PUT_EXTENSIONS: true, __PUT_EXT_ATOMIC: true })],
    [4, () => ({ __PUT_EXTENSIONS: true, __PUT_EXT_PROPERTIES: listed, __PUT_EXT_STRICT_NULLS: false })],
    [1, () => ({ __PUT_EXTENSIONS: true })],
    [1, () => ({ __PUT_EXT_PROPERTIES: listed })],
    [1, () => ({ __PUT_EXTENSIONS: false, __PUT_EXT_ATOMIC: false })],
    [1, () => ({ __PUT_EXTENSIONS: false })],
    [1, () => ({ __PUT_EXTENSIONS: true, __PUT_EXT_PROPERTIES: [] })],
    [1, () => ({ __PUT_EXTENSIONS: true, __PUT_EXT_PROPERTIES: "Id" })],
    [1, () => ({ __PUT_EXTENSIONS: "yes" })],
    [1, () => ({ __PUT_EXT_CLIENT_REQUEST: 1 })],
    [3, () => ({ __PUT_EXT_CLIENT_REQUEST: true, Anything: 7 })]
  ])()
}

const namespaceNames = ["Sub", "Sub", "SUB", "\u017fub", "Other", "ms_409", "K\u00df", "\u212a\u00df", "a_"]

const namespacePut = (random: Random): Inst =>
  Instance.make(anyCase(random, "__NAMESPACE"), {
    [anyCase(random, "Name")]: random.weighted<CimValue | undefined>([
      [40, random.pick(namespaceNames)],
      [1, null],
      [1, undefined],
      [1, "a b"],
      [1, random.pick(badNames)],
      [1, ""],
      [1, 5]
    ])
  })

const instanceStep = (random: Random, space: Space | undefined, at: string): Put => {
  const classes = space?.classes ?? []
  const instances = space?.instances.filter((i) => i.className !== "__NAMESPACE") ?? []
  const bindings = instances.filter(isBinding)
  const crowd = classes.find((c) => c.name === "Crowd")
  const make = random.weighted<() => Inst>([
    [crowd === undefined ? 0 : 30, () => Instance.make("Crowd", { P0: 1 })],
    [classes.length === 0 ? 1 : 40, () => goodInstance(random, space, random.pick([...classes, undefined]))],
    [bindings.length === 0 ? 0 : 30, () => {
      const i = random.pick(bindings)
      return { ...i, values: { ...i.values, DeliveryQoS: random.pick([null, null, 1]) } }
    }],
    [instances.length === 0 ? 0 : 48, () => otherValues(random, space!, random.pick(instances))],
    [10, () => instanceFault(random, space)],
    [5, () => namespacePut(random)]
  ])
  const object = make()
  const exists = instances.some((i) => same(i.className, object.className))
  const partial = space !== undefined && random.chance(isBinding(object) ? 0.5 : exists ? 0.2 : 0.04)
  return {
    _tag: "Put",
    object: random.chance(0.015) ? { ...object, amended: true } : object,
    namespace: at,
    flags: partial && random.chance(0.93) ? 1 : instanceFlags(random, exists),
    context: partial ? family(random, object, space) : undefined,
    who: who(random)
  }
}

const pathTo = (space: Space, i: Inst): ObjectPath.ObjectPath => {
  const c = classNamed(space, i.className)!
  return ObjectPath.make({
    className: c.name,
    singleton: isSingleton(space, c),
    keys: keysOf(space, c).map((p) => ({ name: p.name, value: valueIn(i.values, p) as ObjectPath.KeyValue }))
  })
}

/** The same identity through another class of the tree (DL-6). */
const throughAnother = (random: Random, space: Space, path: ObjectPath.ObjectPath): ObjectPath.ObjectPath => {
  const c = classNamed(space, path.className!)
  const top = c === undefined ? undefined : chain(space, c).at(-1)!
  return top === undefined || random.chance(0.5)
    ? path
    : ObjectPath.make({ ...path, className: random.pick([top, ...descendants(space, top.name)]).name })
}

const target = (random: Random, space: Space | undefined): ObjectPath.ObjectPath => {
  const classes = space?.classes ?? []
  const instances = space?.instances ?? []
  const served = classes.filter((c) => isDynamic(space!, c))
  return random.weighted<() => ObjectPath.ObjectPath>([
    [classes.length === 0 ? 0 : 10, () => ObjectPath.make({ className: anyCase(random, random.pick(classes).name) })],
    [instances.length === 0 ? 0 : 20, () => throughAnother(random, space!, pathTo(space!, random.pick(instances)))],
    [space === undefined ? 0 : 2, () => pathTo(space!, random.pick(fromTheStart(space!)))],
    [2, () => ObjectPath.make({ className: random.pick([...classNames, "__NAMESPACE", "__Event"]) })],
    [
      2,
      () =>
        ObjectPath.make({
          className: random.pick(classNames),
          keys: [{ name: "Id", value: random.pick<ObjectPath.KeyValue>([1, 2, "a", "\u017f", "s", "\u00b5"]) }]
        })
    ],
    [1, () => ObjectPath.make({ className: random.pick(classNames), singleton: true })],
    [served.length === 0 ? 0 : 10, () =>
      ObjectPath.make({
        className: random.pick(served).name,
        keys: [{ name: "Id", value: random.pick<ObjectPath.KeyValue>([1, "a"]) }]
      })],
    [1, () => ObjectPath.make({ className: "__NAMESPACE", keys: [{ name: "Name", value: "Sub" }] })],
    [1, () => ObjectPath.make({ namespace: "root\\default", className: random.pick(classNames) })]
  ])()
}

/** `__thisNAMESPACE` holds a security descriptor, which the model does not know. */
const fromTheStart = (space: Space): ReadonlyArray<Inst> =>
  startInstances(space).filter((i) => i.className !== "__thisNAMESPACE")

const deleteStep = (random: Random, space: Space | undefined, at: string): Delete => ({
  _tag: "Delete",
  path: target(random, space),
  namespace: at,
  flags: random.weighted([[90, 0], [5, 0x10], [1, 0x1], [1, 0x20]]),
  who: who(random)
})

/** The next step of a sequence. */
export const step = (random: Random, world: World): Step => {
  const at = namespace(random, world)
  const space = spaceNamed(world, at)
  const isNew = (space?.classes.length ?? 0) < 2
  return random.weighted<() => Step>([
    [isNew ? 70 : 40, () => classStep(random, space, at)],
    [isNew ? 20 : 45, () => instanceStep(random, space, at)],
    [5, () => deleteStep(random, space, at)]
  ])()
}
