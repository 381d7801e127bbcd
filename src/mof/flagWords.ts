/**
 * The flags of `#pragma classflags` and `#pragma instanceflags` (`mof` 7).
 *
 * @internal
 */
import * as PutFlags from "../protocol/PutFlags.ts"
import { CompileFailure, excerpt } from "./errors.ts"

const flagWords: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ["createonly", PutFlags.CreateOnly],
  ["updateonly", PutFlags.UpdateOnly],
  ["safeupdate", PutFlags.UpdateSafe],
  ["updatesafe", PutFlags.UpdateSafe],
  ["forceupdate", PutFlags.UpdateForce],
  ["updateforce", PutFlags.UpdateForce]
])

/** An argument of a directive, and its offset. */
export interface DirectiveArgument {
  readonly kind: "string" | "name" | "integer"
  readonly text: string
  readonly offset: number
}

const expected = {
  class: '"createonly", "updateonly", "safeupdate", "forceupdate" or a number',
  instance: '"createonly", "updateonly" or a number'
}

/** Parses flags that are given as quoted words, as one string of several words, or as a number (`mof` 7). */
export const flagsOf = (args: ReadonlyArray<DirectiveArgument>, offset: number, kind: "class" | "instance"): number => {
  if (args.length === 0) {
    throw new CompileFailure(offset, "InvalidFlags", `${kind}flags without an argument`, expected[kind])
  }
  let flags = 0
  for (const { kind: token, offset: at, text } of args) {
    if (token === "name") throw new CompileFailure(at, "InvalidFlags", `'${text}' without quotes`, expected[kind])
    for (const word of text.split(/[\s,]+/).filter((one) => one !== "")) {
      const bits = /^\d+$/.test(word) ? Number(word) : flagWords.get(word.toLowerCase())
      if (bits === undefined || bits > 0x7fffffff) {
        throw new CompileFailure(at, "InvalidFlags", excerpt(word), expected[kind])
      }
      flags |= bits
    }
  }
  const decoded = PutFlags.decode(flags, kind === "class" ? "Class" : "Instance")
  if (decoded._tag === "Left") {
    const words = args.map(({ text }) => text).join(" ")
    const why = decoded.left.detail === undefined ? "" : `: ${decoded.left.detail}`
    throw new CompileFailure(args[0]!.offset, "InvalidFlags", excerpt(words), `flags that fit${why}`)
  }
  return flags
}
