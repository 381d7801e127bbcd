/**
 * The flags of `put` on the command line: names from the table of flags, or numbers.
 *
 * @internal
 */
import * as Either from "effect/Either"
import type { ObjectKind } from "../../model/WbemObject.ts"
import * as PutFlags from "../../protocol/PutFlags.ts"
import { flagWord, unknownFlag } from "../spec/flagWord.ts"
import { BadInput } from "../terminal/output.ts"

const updateModes = PutFlags.UpdateSafe | PutFlags.UpdateForce

/** The flag word of an option. Throws `BadInput` for a part that is no flag. */
const flagsOf = (text: string, option: string): number => {
  const word = flagWord(text)
  if ("flags" in word) return word.flags
  throw new BadInput(unknownFlag(option, word.unknown))
}

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
  const common = options.flags === undefined ? 0 : flagsOf(options.flags, "--flags")
  const classFlags = common | (options.classFlags === undefined ? 0 : flagsOf(options.classFlags, "--class-flags"))
  const instanceFlags = (common & ~updateModes)
    | (options.instanceFlags === undefined ? 0 : flagsOf(options.instanceFlags, "--instance-flags"))
  return {
    classFlags: checked(classFlags, "Class", options.classFlags === undefined ? "--flags" : "--class-flags"),
    instanceFlags: checked(
      instanceFlags,
      "Instance",
      options.instanceFlags === undefined ? "--flags" : "--instance-flags"
    )
  }
}
