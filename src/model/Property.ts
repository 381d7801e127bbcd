/**
 * Declared properties and their builders.
 *
 * @since 0.1.0
 * @module
 */
import * as CimType from "./CimType.ts"
import { freezeCopy } from "./immutable.ts"
import * as Qualifier from "./Qualifier.ts"
import type { CimValue, PropertyDefinition } from "./WbemObject.ts"

/**
 * A property without its name. The name is its key in the record of properties of a class.
 *
 * @since 0.1.0
 * @category models
 */
export type PropertySpec = Omit<PropertyDefinition, "name">

/**
 * The parts of a property besides its type.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** The default of instances that do not set the property: a value, or `null` for NULL. A `Date` is accepted for a datetime. */
  readonly value?: CimValue | Date | undefined
  /** For the redeclaration of an inherited property: keep the inherited default instead of setting NULL (CX-5). */
  readonly inheritsDefault?: true | undefined
  /** The qualifiers of the property. */
  readonly qualifiers?: Qualifier.Input | undefined
}

/**
 * A property of a type.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { CimType, Property } from "effect-wmi"
 *
 * const tags = Property.make("string[]", { value: ["a"], qualifiers: { write: true } })
 * const disk = Property.make("ref:Demo_Disk")
 *
 * assert.equal(CimType.format(tags), "string[]")
 * assert.equal(disk.className, "Demo_Disk")
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (type: CimType.TypeText, options?: Options): PropertySpec => ({
  ...CimType.parse(type),
  value: options?.value === undefined ? undefined : freezeCopy(options.value),
  ...(options?.inheritsDefault === true && options.value === undefined ? { inheritsDefault: true } : {}),
  qualifiers: Qualifier.list(options?.qualifiers)
})

/**
 * A key property: {@link make} with the `key` qualifier.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Property } from "effect-wmi"
 *
 * assert.equal(Property.isKey(Property.key("string")), true)
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const key = (type: CimType.TypeText, options?: Options): PropertySpec => {
  const spec = make(type, options)
  return { ...spec, qualifiers: Object.freeze([Qualifier.make("key"), ...spec.qualifiers]) }
}

/**
 * The property definition of a spec and a name.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ClassDefinition, Property } from "effect-wmi"
 *
 * const id = Property.named("Id", Property.key("string"))
 * assert.deepEqual(ClassDefinition.make("Demo_Disk", [id]).properties, [id])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const named = (name: string, spec: PropertySpec): PropertyDefinition => Object.freeze({ ...spec, name })

/**
 * Whether a property declares `key`, with any value (CS-5).
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Property } from "effect-wmi"
 *
 * assert.equal(Property.isKey(Property.make("string")), false)
 * assert.equal(Property.isKey(Property.make("string", { qualifiers: { Key: true } })), true)
 * ```
 *
 * @since 0.1.0
 * @category predicates
 */
export const isKey = (property: { readonly qualifiers: ReadonlyArray<Qualifier.Qualifier> }): boolean =>
  Qualifier.has(property.qualifiers, "key")
