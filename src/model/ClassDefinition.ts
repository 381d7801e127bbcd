/**
 * Builds class definitions, from records or lists of their own members.
 *
 * @since 0.1.0
 */
import { freezeObject } from "./immutable.ts"
import * as CimName from "./CimName.ts"
import * as Method from "./Method.ts"
import * as Property from "./Property.ts"
import * as Qualifier from "./Qualifier.ts"
import type { ClassDefinition as Model, MethodDefinition, PropertyDefinition } from "./WbemObject.ts"

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
  readonly superclass?: string | undefined
  readonly qualifiers?: Qualifier.Input | undefined
  readonly methods?: Readonly<Record<string, Method.MethodSpec>> | ReadonlyArray<MethodDefinition> | undefined
  readonly amended?: boolean | undefined
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
  freezeObject({
    _tag: "Class",
    name,
    superclass: options?.superclass,
    qualifiers: Qualifier.list(options?.qualifiers),
    properties: Object.freeze(
      Array.isArray(properties)
        ? (properties as ReadonlyArray<PropertyDefinition>).map((property) => Property.named(property.name, property))
        : Object.entries(properties as Readonly<Record<string, Property.PropertySpec>>).map(([key, spec]) =>
          Property.named(key, spec)
        )
    ),
    methods: Object.freeze(
      Array.isArray(options?.methods)
        ? (options.methods as ReadonlyArray<MethodDefinition>).map((method) => Method.named(method.name, method))
        : Object.entries(options?.methods ?? {}).map(([key, spec]) => Method.named(key, spec as Method.MethodSpec))
    ),
    ...(options?.amended === true ? { amended: true } : {})
  })

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
export const property = (self: Model, name: string): PropertyDefinition | undefined =>
  CimName.find(self.properties, name)

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
export const method = (self: Model, name: string): MethodDefinition | undefined => CimName.find(self.methods, name)
