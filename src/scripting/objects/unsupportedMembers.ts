/**
 * Members of the scripting library that these objects have no answer to: they are there, so that a port says what it misses and not
 * that something is no function. Each call of one is `NotSupported`, and says what there is instead.
 *
 * @internal
 */
import { refusal } from "./refusal.ts"
import type { SWbemError } from "./SWbemError.ts"

/** What there is instead of calls that several objects have. */
export const instead = {
  methods: "no methods are run",
  associations: "no associations are followed",
  events: "NamespaceEventStream tells what happens"
}

/** A class with members that refuse. */
export type Refusing<Name extends string> = new () => {
  readonly [Member in Name]: (...args: ReadonlyArray<unknown>) => Promise<never>
}

/** The refusal of one member, called as the pages call it. */
export const refused = (source: string, member: string, reason: string): SWbemError =>
  refusal("NotSupported", source, `${member} is not there: ${reason}`)

/** The class of these members, each with what there is instead. */
export const refusing = <Name extends string>(
  source: string,
  members: Readonly<Record<Name, string>>
): Refusing<Name> => {
  class Refuser {}
  for (const [member, reason] of Object.entries<string>(members)) {
    const value = (): Promise<never> =>
      Promise.reject(refused(source, member.charAt(0).toUpperCase() + member.slice(1), reason))
    Object.defineProperty(Refuser.prototype, member, { value })
  }
  // Every member of the type was defined on the prototype just now.
  return Refuser as unknown as Refusing<Name>
}
