/**
 * Declared methods and their builders (`object-model` 8).
 *
 * @since 0.1.0
 * @module
 */
import * as CimType from "./CimType.ts"
import { freezeCopy } from "./immutable.ts"
import * as Qualifier from "./Qualifier.ts"
import type { CimValue, MethodDefinition, ParameterDefinition } from "./WbemObject.ts"

/**
 * A method without its name. The name is its key in the record of methods of a class.
 *
 * @since 0.1.0
 * @category models
 */
export type MethodSpec = Omit<MethodDefinition, "name">

/**
 * A parameter, as {@link make} accepts it. Without an `id` it gets its position in the list.
 *
 * @since 0.1.0
 * @category models
 */
export interface ParameterInput {
  /** The name; it compares without case. */
  readonly name: string
  /** The type as text, such as `"uint32"` or `"string[]"`. */
  readonly type: CimType.TypeText
  /** Default `in`. */
  readonly direction?: ParameterDefinition["direction"] | undefined
  /** The position of the parameter in a call, from 0; its position in the list by default. */
  readonly id?: number | undefined
  /** The default (`object-model` 8). A `Date` is accepted for a datetime. */
  readonly value?: CimValue | Date | undefined
  /** Qualifiers besides `in`, `out` and `id`. */
  readonly qualifiers?: Qualifier.Input | undefined
}

/** The return type, read without case; a spelling that is not lower case is kept. */
const returned = (written: string): Pick<MethodDefinition, "returns" | "returnsWord"> => {
  const lower = written.toLowerCase()
  return lower === written || !(lower === "void" || CimType.isCimType(lower))
    ? { returns: written as MethodDefinition["returns"] } // an unknown type is refused by the put (CS-20)
    : { returns: lower, returnsWord: written }
}

/**
 * A method with its return type and parameters.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ClassDefinition, Method } from "effect-wmi"
 *
 * const Format = Method.make("uint32", [
 *   { name: "Force", type: "boolean" },
 *   { name: "Message", type: "string", direction: "out" }
 * ])
 * const Disk = ClassDefinition.make("Demo_Disk", {}, { methods: { Format } })
 *
 * assert.deepEqual(ClassDefinition.method(Disk, "format")?.parameters.map(({ id }) => id), [0, 1])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  returns: CimType.CimType | "void" | (string & Record<never, never>),
  parameters: ReadonlyArray<ParameterInput> = [],
  options?: { readonly qualifiers?: Qualifier.Input | undefined }
): MethodSpec => ({
  ...returned(returns),
  parameters: Object.freeze(parameters.map((parameter, position): ParameterDefinition =>
    Object.freeze({
      name: parameter.name,
      ...CimType.parse(parameter.type),
      direction: parameter.direction ?? "in",
      id: parameter.id ?? position,
      ...(parameter.value === undefined ? {} : { value: freezeCopy(parameter.value) }),
      qualifiers: Qualifier.list(parameter.qualifiers)
    })
  )),
  qualifiers: Qualifier.list(options?.qualifiers)
})

/**
 * The method definition of a spec and a name.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ClassDefinition, Method } from "effect-wmi"
 *
 * const format = Method.named("Format", Method.make("uint32"))
 * assert.deepEqual(ClassDefinition.make("Demo_Disk", {}, { methods: [format] }).methods, [format])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const named = (name: string, spec: MethodSpec): MethodDefinition => Object.freeze({ ...spec, name })
