/**
 * Converts objects that a host reads to objects of the library: instances from their values, classes from the MOF text of Windows.
 *
 * @internal
 */
import * as Either from "effect/Either"
import { classWith } from "../../model/effectValue.ts"
import type { ClassDefinition, WbemObject } from "../../model/WbemObject.ts"
import * as Mof from "../../mof/Mof.ts"
import { Failed, type WbemError } from "../../protocol/WbemError.ts"
import type { Received } from "../conversation/frames.ts"
import { DecodingError, readInstance } from "../encoding/values.ts"

/**
 * Removes the direction qualifiers of parameters. Windows writes the direction as a qualifier; here `direction` is a field. A
 * qualifier that is not in lower case is kept, because it holds the spelling.
 */
const withoutDirections = (definition: ClassDefinition): ClassDefinition =>
  classWith(definition, {
    methods: definition.methods.map((method) => ({
      ...method,
      parameters: method.parameters.map((parameter) => ({
        ...parameter,
        qualifiers: parameter.qualifiers.filter(({ name }) => name !== "in" && name !== "out")
      }))
    }))
  })

/** The class in a MOF text, or the reason why there is none. */
const classIn = (mof: string): ClassDefinition | string => {
  const { errors, items } = Mof.parse(mof)
  const item = items.find(({ _tag }) => _tag === "Class")
  return errors.length === 0 && item?._tag === "Class"
    ? withoutDirections(item.definition)
    : errors[0]?.message ?? "no class"
}

/** The class in a MOF text; `undefined` if it cannot be parsed. */
export const readClass = (mof: string): ClassDefinition | undefined => {
  const parsed = classIn(mof)
  return typeof parsed === "string" ? undefined : parsed
}

/** Converts an object that was read. `request` is the path or query, for the error message. */
export const readObject = (
  received: Received,
  request: string
): Either.Either<WbemObject, WbemError> => {
  if (!("mof" in received)) {
    try {
      return Either.right(readInstance(received))
    } catch (thrown) {
      if (thrown instanceof DecodingError) return Either.left(new Failed({ detail: `${request}: ${thrown.message}` }))
      throw thrown
    }
  }
  const parsed = classIn(received.mof)
  return typeof parsed === "string"
    ? Either.left(new Failed({ detail: `${request}: the host's MOF cannot be read: ${parsed}` }))
    : Either.right(parsed)
}
