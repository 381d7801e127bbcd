/**
 * What a host reads, as objects of the library: instances by their values, classes by the MOF that Windows gives of them.
 *
 * @internal
 */
import * as Either from "effect/Either"
import type { ClassDefinition, WbemObject } from "../../model/WbemObject.ts"
import * as Mof from "../../mof/Mof.ts"
import { Failed, type WbemError } from "../../protocol/WbemError.ts"
import type { MofOut, ObjectOut } from "../conversation/frames.ts"
import { readInstance, Unreadable } from "../encoding/values.ts"

/**
 * Windows writes the direction of a parameter as a qualifier; here it is a field of its own. The qualifier stays where its spelling says
 * more: where it is not in lower case.
 */
const withoutDirections = (definition: ClassDefinition): ClassDefinition => ({
  ...definition,
  methods: definition.methods.map((method) => ({
    ...method,
    parameters: method.parameters.map((parameter) => ({
      ...parameter,
      qualifiers: parameter.qualifiers.filter(({ name }) => name !== "in" && name !== "out")
    }))
  }))
})

/** The class that a text of MOF holds, or why it holds none. */
const classIn = (mof: string): ClassDefinition | string => {
  const { errors, items } = Mof.parse(mof)
  const item = items.find(({ _tag }) => _tag === "Class")
  return errors.length === 0 && item?._tag === "Class"
    ? withoutDirections(item.definition)
    : errors[0]?.message ?? "no class"
}

/** The class that a text of MOF holds, if it holds one. */
export const readClass = (mof: string): ClassDefinition | undefined => {
  const found = classIn(mof)
  return typeof found === "string" ? undefined : found
}

/** An object that was read; `request` is what was asked for, for the error. */
export const readObject = (one: ObjectOut | MofOut, request: string): Either.Either<WbemObject, WbemError> => {
  if (!("mof" in one)) {
    try {
      return Either.right(readInstance(one))
    } catch (thrown) {
      if (thrown instanceof Unreadable) return Either.left(new Failed({ detail: `${request}: ${thrown.message}` }))
      throw thrown
    }
  }
  const found = classIn(one.mof)
  return typeof found === "string"
    ? Either.left(new Failed({ detail: `${request}: the host's MOF cannot be read: ${found}` }))
    : Either.right(found)
}
