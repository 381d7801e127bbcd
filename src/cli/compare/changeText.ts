/**
 * The differences of an object as text and as JSON, for `diff` and for the dry run of `put`.
 *
 * @internal
 */
import { paint, type Part } from "../terminal/output.ts"
import type { MemberChange } from "./objectChanges.ts"

/** The words in front of a part; a value, a property and a qualifier need none. */
const parts: Partial<Record<MemberChange["what"], string>> = {
  superclass: "superclass",
  class: "class",
  type: "type",
  default: "default",
  flavor: "flavor",
  method: "method",
  signature: "method",
  order: "order of"
}

/** The line of a difference: a value that is new is `+`, one that is gone is `-`. */
export const memberLine = ({ after, before, name, what }: MemberChange): Part => {
  const part = parts[what]
  const subject = part === undefined
    ? name
    : name === ""
    ? part
    : what === "order" || what === "method" || what === "signature"
    ? `${part} ${name}`
    : `${name} ${part}`
  if (before === undefined) return paint("added", `+ ${subject}: ${after}`)
  return after === undefined ? paint("removed", `- ${subject}: ${before}`) : `  ${subject}: ${before} -> ${after}`
}

/** A difference as JSON; `null` is absence. */
export const changeJson = (
  { after, before, name, what }: MemberChange
): Readonly<Record<"what" | "name" | "before" | "after", string | null>> => ({
  what,
  name,
  before: before ?? null,
  after: after ?? null
})
