/**
 * Declared methods and their builders (`object-model` 8).
 *
 * @since 0.1.0
 */
import * as CimType from "./CimType.ts"
import { freezeCopy } from "./immutable.ts"
import * as Qualifier from "./Qualifier.ts"
import type { CimValue, MethodDefinition, ParameterDefinition } from "./WbemObject.ts"

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
  /** The default (`object-model` 8). A `Date` is taken for a datetime. */
  readonly value?: CimValue | Date | undefined
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
 * A method: `Method.make("uint32", [{ name: "Force", type: "boolean" }])`.
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
 * A spec with its name.
 *
 * @since 0.1.0
 * @category constructors
 */
export const named = (name: string, spec: MethodSpec): MethodDefinition => Object.freeze({ ...spec, name })
