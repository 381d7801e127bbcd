/**
 * Builds class definitions, from records or lists of their own members.
 *
 * @since 0.1.0
 * @module
 */
import { dual } from "effect/Function"
import { hasProperty } from "effect/Predicate"
import { freezeObject } from "./immutable.ts"
import * as CimName from "./CimName.ts"
import type * as Method from "./Method.ts"
import type * as Property from "./Property.ts"
import * as Qualifier from "./Qualifier.ts"
import {
  type ClassDefinition as Model,
  ClassDefinitionTypeId,
  type MethodDefinition,
  type PlainClass,
  type PropertyDefinition
} from "./WbemObject.ts"

/**
 * Marks class definitions that the library made.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ClassDefinition } from "effect-wmi"
 *
 * assert.ok(ClassDefinition.TypeId in ClassDefinition.make("Demo_Disk"))
 * ```
 *
 * @since 0.1.0
 * @category symbols
 */
export const TypeId: typeof ClassDefinitionTypeId = ClassDefinitionTypeId

/**
 * A class; see `WbemObject`.
 *
 * @since 0.1.0
 * @category models
 */
export type ClassDefinition = Model

/**
 * The parts of a class besides its name and properties.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** The name of the superclass; none by default. */
  readonly superclass?: string | undefined
  /** The qualifiers of the class itself. */
  readonly qualifiers?: Qualifier.Input | undefined
  /** The methods: by name without their names, or as a list. */
  readonly methods?: Readonly<Record<string, Method.MethodSpec>> | ReadonlyArray<MethodDefinition> | undefined
  /** Whether the definition was read with amended qualifiers merged in (PA-91). */
  readonly amended?: boolean | undefined
}

/** The members of a definition: a list, or specifications by name. */
const members = <Spec extends object, Member extends Spec & { readonly name: string }>(
  input: Readonly<Record<string, Spec>> | ReadonlyArray<Member>
): ReadonlyArray<Member> => {
  const named = Array.isArray(input)
    ? (input as ReadonlyArray<Member>).map((member) => [member.name, member] as const)
    : Object.entries(input as Readonly<Record<string, Spec>>)
  return named.map(([name, spec]) => ({ ...spec, name }) as Member)
}

/**
 * A class definition. Its members are copied and frozen.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ClassDefinition, Property } from "effect-wmi"
 *
 * const Disk = ClassDefinition.make(
 *   "Demo_Disk",
 *   { Id: Property.key("string"), FreeSpace: Property.make("uint64") },
 *   { superclass: "CIM_LogicalDisk" }
 * )
 *
 * assert.deepEqual(Disk.properties.map(({ name }) => name), ["Id", "FreeSpace"])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  name: string,
  properties: Readonly<Record<string, Property.PropertySpec>> | ReadonlyArray<PropertyDefinition> = {},
  options?: Options
): Model =>
  freezeObject<PlainClass>({
    _tag: "Class",
    name,
    superclass: options?.superclass,
    qualifiers: Qualifier.list(options?.qualifiers),
    properties: members<Property.PropertySpec, PropertyDefinition>(properties),
    methods: members<Method.MethodSpec, MethodDefinition>(options?.methods ?? {}),
    ...(options?.amended === true ? { amended: true } : {})
  })

/**
 * Whether a value is a class definition that the library made. A plain object of the same shape is none, although a put accepts it: see
 * `WbemObject.isWbemObject`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ClassDefinition } from "effect-wmi"
 *
 * assert.equal(ClassDefinition.isClassDefinition(ClassDefinition.make("Demo_Disk")), true)
 * ```
 *
 * @since 0.1.0
 * @category guards
 */
export const isClassDefinition = (u: unknown): u is Model => hasProperty(u, TypeId)

/**
 * The property that the class itself declares, its name compared without case.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ClassDefinition, Property } from "effect-wmi"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { FreeSpace: Property.make("uint64") })
 * assert.equal(ClassDefinition.property(Disk, "freespace")?.type, "uint64")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const property: {
  (name: string): (self: Model) => PropertyDefinition | undefined
  (self: Model, name: string): PropertyDefinition | undefined
} = /* @__PURE__ */ dual(
  2,
  (self: Model, name: string): PropertyDefinition | undefined => CimName.find(self.properties, name)
)

/**
 * The method that the class itself declares, its name compared without case.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ClassDefinition, Method } from "effect-wmi"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", {}, { methods: { Format: Method.make("uint32") } })
 * assert.equal(ClassDefinition.method(Disk, "format")?.returns, "uint32")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const method: {
  (name: string): (self: Model) => MethodDefinition | undefined
  (self: Model, name: string): MethodDefinition | undefined
} = /* @__PURE__ */ dual(
  2,
  (self: Model, name: string): MethodDefinition | undefined => CimName.find(self.methods, name)
)
