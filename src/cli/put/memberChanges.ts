/**
 * The members in which two states of an object differ, with their values.
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"
import type { WbemObject } from "../../model/WbemObject.ts"

/** A member that differs. Without `before` the member is new, without `after` it is gone. */
export interface MemberChange {
  readonly member: string
  readonly before?: string | undefined
  readonly after?: string | undefined
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => typeof one === "bigint" ? Number(one) : one)

const membersOf = (object: WbemObject): ReadonlyMap<string, readonly [name: string, text: string]> => {
  const members: Array<readonly [string, string]> = object._tag === "Instance"
    ? Object.entries(object.values).map(([name, value]) => [name, textOf(value)])
    : [
      ...(object.superclass === undefined ? [] : [["superclass", object.superclass] as const]),
      ...object.properties.map(({ name, ...rest }) => [`property ${name}`, textOf(rest)] as const),
      ...object.methods.map(({ name, ...rest }) => [`method ${name}`, textOf(rest)] as const)
    ]
  for (const { name, ...rest } of object.qualifiers) members.push([`qualifier ${name}`, textOf(rest)])
  return new Map(members.map((one) => [CimName.fold(one[0]), one]))
}

/** The members that differ. */
export const memberChanges = (before: WbemObject, after: WbemObject): ReadonlyArray<MemberChange> => {
  const [left, right] = [membersOf(before), membersOf(after)]
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => {
    const [was, is] = [left.get(key), right.get(key)]
    return was?.[1] === is?.[1] ? [] : [{ member: (is ?? was)![0], before: was?.[1], after: is?.[1] }]
  })
}

/** One line for each member that differs. */
export const memberLines = (before: WbemObject, after: WbemObject): ReadonlyArray<string> =>
  memberChanges(before, after).map(({ after, before, member }) =>
    `${member}: ${before ?? "(unset)"} -> ${after ?? "(unset)"}`
  )
