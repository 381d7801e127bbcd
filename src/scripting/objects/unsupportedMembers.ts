/**
 * Members of the scripting library that these objects do not support. They exist so that a ported script fails with a reason and not
 * because a member is no function. Each call fails with `NotSupported` and names the alternative.
 *
 * @internal
 */
import { refusal } from "./refusal.ts"
import type { SWbemError } from "./SWbemError.ts"

/** The alternatives to calls that several objects have. */
export const alternatives = {
  methods: "no methods are run",
  associations: "no associations are followed",
  events: "NamespaceEventStream tells what happens"
}

/** A class whose members all fail with `NotSupported`. */
export type UnsupportedMembers<Name extends string> = new () => {
  readonly [Member in Name]: (...args: ReadonlyArray<unknown>) => Promise<never>
}

/** The error of one unsupported member. `member` has the spelling of Microsoft's pages. */
export const notSupported = (source: string, member: string, reason: string): SWbemError =>
  refusal("NotSupported", source, `${member} is not there: ${reason}`)

/** Makes a class with these members. The values are the alternatives that the errors name. */
export const unsupportedMembers = <Name extends string>(
  source: string,
  members: Readonly<Record<Name, string>>
): UnsupportedMembers<Name> => {
  class Unsupported {}
  for (const [member, reason] of Object.entries<string>(members)) {
    const value = (): Promise<never> =>
      Promise.reject(notSupported(source, member.charAt(0).toUpperCase() + member.slice(1), reason))
    Object.defineProperty(Unsupported.prototype, member, { value })
  }
  // The loop above defined every member of the type on the prototype.
  return Unsupported as unknown as UnsupportedMembers<Name>
}
