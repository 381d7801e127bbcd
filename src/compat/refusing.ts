/**
 * Members of the scripting library that an emulated namespace has no answer to: they are there, so that a port says what it misses
 * and not that something is no function, and each call of one is `NotSupported`.
 *
 * @internal
 */
import { refusal } from "./refusal.ts"
import type { SWbemError } from "./SWbemError.ts"

/** A class with members that refuse. */
export type Refusing<Name extends string> = new () => {
  readonly [Member in Name]: (...args: ReadonlyArray<unknown>) => Promise<never>
}

/** The refusal of one member, called as the pages call it. */
export const refused = (source: string, member: string): SWbemError =>
  refusal("NotSupported", source, `${member} asks for what an emulated namespace does not do`)

/** The class of these members. */
export const refusing = <Name extends string>(source: string, members: ReadonlyArray<Name>): Refusing<Name> => {
  class Refuser {}
  for (const member of members) {
    const value = (): Promise<never> =>
      Promise.reject(refused(source, member.charAt(0).toUpperCase() + member.slice(1)))
    Object.defineProperty(Refuser.prototype, member, { value })
  }
  // Every member of the type was defined on the prototype just now.
  return Refuser as unknown as Refusing<Name>
}
