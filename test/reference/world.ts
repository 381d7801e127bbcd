/**
 * What the reference model knows: a list of namespaces, each a list of classes and a list of instances. Nothing is indexed and
 * nothing is remembered; whatever can be computed is computed again each time.
 *
 * The model is read off the specification and not off the engine: it imports the data types and no more.
 */
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as CimName from "../../src/model/CimName.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import type { ClassDefinition as Class, Instance as Inst } from "../../src/model/WbemObject.ts"

export interface Space {
  readonly name: string
  readonly classes: ReadonlyArray<Class>
  readonly instances: ReadonlyArray<Inst>
}

export type World = ReadonlyArray<Space>

/** `object-model` 13: case never matters for names. */
export const same = CimName.equals

const abstract = { qualifiers: { abstract: true } }

/** `object-model` 12, the ones that the sequences speak of. */
export const systemClasses: ReadonlyArray<Class> = [
  ClassDefinition.make("__SystemClass", {}, abstract),
  ClassDefinition.make("__NAMESPACE", { Name: Property.key("string") }, { superclass: "__SystemClass" }),
  ClassDefinition.make("__IndicationRelated", {}, { ...abstract, superclass: "__SystemClass" }),
  ClassDefinition.make("__Event", {
    SECURITY_DESCRIPTOR: Property.make("uint8[]"),
    TIME_CREATED: Property.make("uint64")
  }, { ...abstract, superclass: "__IndicationRelated" }),
  ClassDefinition.make("__ExtrinsicEvent", {}, { superclass: "__Event" }),
  ClassDefinition.make("__EventGenerator", {}, { ...abstract, superclass: "__IndicationRelated" }),
  ClassDefinition.make("__TimerInstruction", {
    SkipIfPassed: Property.make("boolean", { value: false }),
    TimerId: Property.key("string")
  }, { ...abstract, superclass: "__EventGenerator" }),
  ClassDefinition.make("__IntervalTimerInstruction", { IntervalBetweenEvents: Property.make("uint32") }, {
    superclass: "__TimerInstruction"
  })
]

/** `object-model` 11: a namespace is an instance of `__NAMESPACE` in its parent. */
export const namespaceInstance = (name: string): Inst => Instance.make("__NAMESPACE", { Name: name })

/** What an emulator holds before anything is put. */
export const start: World = [
  { name: "root", classes: [], instances: [namespaceInstance("cimv2"), namespaceInstance("default")] },
  { name: "root\\cimv2", classes: [], instances: [] },
  { name: "root\\default", classes: [], instances: [] }
]

export const spaceNamed = (world: World, name: string): Space | undefined => world.find((s) => same(s.name, name))

export const isSystem = (name: string): boolean => systemClasses.some((c) => same(c.name, name))

export const classNamed = (space: Space, name: string): Class | undefined =>
  [...systemClasses, ...space.classes].find((c) => same(c.name, name))

/** The world with one namespace exchanged. */
export const withSpace = (world: World, space: Space): World => world.map((s) => same(s.name, space.name) ? space : s)

/** The namespace with a class exchanged or added. */
export const withClass = (space: Space, definition: Class): Space => ({
  ...space,
  classes: space.classes.some((c) => same(c.name, definition.name))
    ? space.classes.map((c) => same(c.name, definition.name) ? definition : c)
    : [...space.classes, definition]
})
