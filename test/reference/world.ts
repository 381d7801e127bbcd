/**
 * The state of the reference model: a list of namespaces, each a list of classes and a list of instances. Nothing is indexed and
 * nothing is remembered; whatever can be computed is computed again each time.
 *
 * The model is read off the specification and not off the engine: it imports the data types and no more.
 */
import * as Instance from "../../src/model/Instance.ts"
import { find, identityFold, same } from "./names.ts"
import { allSystemClasses, startSingletonsOf, systemClassesOf } from "./systemTable.ts"
import type { ClassDefinition as Class, Instance as Inst } from "./objects.ts"

export { same } from "./names.ts"

export interface Space {
  readonly name: string
  readonly classes: ReadonlyArray<Class>
  /** What was put. The instances that exist from the start are {@link startInstances}. */
  readonly instances: ReadonlyArray<Inst>
}

export type World = ReadonlyArray<Space>

/** `object-model` 11: a namespace is an instance of `__NAMESPACE` in its parent. */
export const namespaceInstance = (name: string): Inst => Instance.make("__NAMESPACE", { Name: name })

/** What an emulator holds before anything is put. */
export const start: World = [
  { name: "root", classes: [], instances: [namespaceInstance("cimv2"), namespaceInstance("default")] },
  { name: "root\\cimv2", classes: [], instances: [] },
  { name: "root\\default", classes: [], instances: [] }
]

export const spaceNamed = (world: World, name: string): Space | undefined => world.find((s) => same(s.name, name))

export const isSystem = (name: string): boolean => find(allSystemClasses, name) !== undefined

const systemByName = new Map<string, ReadonlyMap<string, Class>>()

/** System classes never change, so they are looked up and not searched. */
const systemClass = (space: Space, name: string): Class | undefined => {
  const known = systemByName.get(space.name)
    ?? new Map(systemClassesOf(space.name).map((c) => [identityFold(c.name), c]))
  systemByName.set(space.name, known)
  return known.get(identityFold(name))
}

export const classNamed = (space: Space, name: string): Class | undefined =>
  systemClass(space, name) ?? find(space.classes, name)

/** The objects with which the emulator describes itself: their values are its own, so the model repeats them. */
const identification = {
  SetupDateTime: "20000101000000.000000+000",
  VersionCurrentlyRunning: "effect-wmi",
  VersionUsedToCreateDB: "effect-wmi",
  WorkingDirectory: "."
}

/** `object-model` 12: they count as stored while they have not been put. Their values are NULL but for four texts. */
export const startInstances = (space: Space): ReadonlyArray<Inst> =>
  startSingletonsOf(space.name).map((name) =>
    Instance.make(name, name === "__CIMOMIdentification" ? identification : {})
  )

/** The world with one namespace exchanged. */
export const withSpace = (world: World, space: Space): World => world.map((s) => same(s.name, space.name) ? space : s)

/** The namespace with a class exchanged or added. */
export const withClass = (space: Space, definition: Class): Space => ({
  ...space,
  classes: space.classes.some((c) => same(c.name, definition.name))
    ? space.classes.map((c) => same(c.name, definition.name) ? definition : c)
    : [...space.classes, definition]
})
