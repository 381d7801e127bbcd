/**
 * Declared methods and their builders (`object-model` 8).
 *
 * @since 0.1.0
 */
import * as CimType from "./CimType.ts"
import * as Qualifier from "./Qualifier.ts"
import type { MethodDefinition, ParameterDefinition } from "./WbemObject.ts"

/**
 * A method without its name: the name is the key under which it stands in a class.
 *
 * @since 0.1.0
 * @category models
 */
export type MethodSpec = Omit<MethodDefinition, "name">

/**
 * A parameter as people write it. Without an `id` it gets the next position.
 *
 * @since 0.1.0
 * @category models
 */
export interface ParameterInput {
  readonly name: string
  readonly type: CimType.TypeText
  /** Default `in`. */
  readonly direction?: ParameterDefinition["direction"] | undefined
  readonly id?: number | undefined
  readonly qualifiers?: Qualifier.Input | undefined
}

/**
 * A method: `Method.make("uint32", [{ name: "Force", type: "boolean" }])`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  returns: CimType.CimType | "void",
  parameters: ReadonlyArray<ParameterInput> = [],
  options?: { readonly qualifiers?: Qualifier.Input | undefined }
): MethodSpec => ({
  returns,
  parameters: Object.freeze(parameters.map((parameter, position): ParameterDefinition =>
    Object.freeze({
      name: parameter.name,
      ...CimType.parse(parameter.type),
      direction: parameter.direction ?? "in",
      id: parameter.id ?? position,
      qualifiers: Qualifier.list(parameter.qualifiers)
    })
  )),
  qualifiers: Qualifier.list(options?.qualifiers)
})

/**
 * A spec with its name.
 *
 * @since 0.1.0
 * @category constructors
 */
export const named = (name: string, spec: MethodSpec): MethodDefinition => Object.freeze({ ...spec, name })
