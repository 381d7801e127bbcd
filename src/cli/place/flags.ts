/**
 * Flags on the command line: names from the table of flags, or a number.
 *
 * @internal
 */
import * as Either from "effect/Either"
import type { ObjectKind } from "../../model/WbemObject.ts"
import { nearest } from "../../model/text/nearestName.ts"
import * as PutFlags from "../../protocol/PutFlags.ts"
import { BadInput } from "../terminal/output.ts"

const number = /^(?:0[xX][0-9a-fA-F]+|\d+)$/
const updateModes = PutFlags.UpdateSafe | PutFlags.UpdateForce

const flagBits = (name: string, option: string): number => {
  if (number.test(name)) return Number(name)
  const row = PutFlags.table.find((candidate) =>
    candidate.name.toLowerCase() === name.toLowerCase() || candidate.com.toLowerCase() === name.toLowerCase()
  )
  if (row !== undefined && row.group !== "rejected") return row.bits
  if (/^(?:CreateOrUpdate|UpdateCompatible)$/i.test(name)) return 0
  const known = PutFlags.table.filter(({ group }) => group !== "rejected" && group !== "ignored").map((one) => one.name)
  const meant = nearest(PutFlags.table, name)
  throw new BadInput({
    name: "UsageError",
    message: `${option}: unknown flag ${name}`,
    hint: `${meant === undefined ? "" : `did you mean ${meant}? `}there are ${known.join(", ")}`
  })
}

/** Parses a flag word: names separated by commas, or a number. */
export const parse = (text: string, option: string): number =>
  text.split(",").map((name) => name.trim()).filter((name) => name !== "").reduce(
    (bits, name) => bits | flagBits(name, option),
    0
  )

const checked = (flags: number, kind: ObjectKind, option: string): number => {
  const decoded = PutFlags.decode(flags, kind)
  if (Either.isLeft(decoded)) {
    throw new BadInput({ name: "UsageError", message: `${option}: ${decoded.left.detail ?? decoded.left.message}` })
  }
  return flags
}

/** The flag words for classes and for instances. The update modes in `--flags` apply to classes only. */
export const flagsByKind = (options: {
  readonly flags?: string | undefined
  readonly classFlags?: string | undefined
  readonly instanceFlags?: string | undefined
}): { readonly classFlags: number; readonly instanceFlags: number } => {
  const common = options.flags === undefined ? 0 : parse(options.flags, "--flags")
  const classFlags = common | (options.classFlags === undefined ? 0 : parse(options.classFlags, "--class-flags"))
  const instanceFlags = (common & ~updateModes)
    | (options.instanceFlags === undefined ? 0 : parse(options.instanceFlags, "--instance-flags"))
  return {
    classFlags: checked(classFlags, "Class", options.classFlags === undefined ? "--flags" : "--class-flags"),
    instanceFlags: checked(
      instanceFlags,
      "Instance",
      options.instanceFlags === undefined ? "--flags" : "--instance-flags"
    )
  }
}
