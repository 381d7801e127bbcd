/**
 * The flags of `#pragma classflags` and `#pragma instanceflags` (`mof` 7).
 *
 * @internal
 */
import * as PutFlags from "../protocol/PutFlags.ts"
import { Fault } from "./faults.ts"

const flagWords: Readonly<Record<string, number>> = {
  createonly: PutFlags.CreateOnly,
  updateonly: PutFlags.UpdateOnly,
  safeupdate: PutFlags.UpdateSafe,
  updatesafe: PutFlags.UpdateSafe,
  forceupdate: PutFlags.UpdateForce,
  updateforce: PutFlags.UpdateForce
}

/** Flags as words, as one string of several words, or as a number (`mof` 7). */
export const flagsOf = (found: ReadonlyArray<string>, offset: number, kind: "class" | "instance"): number => {
  const words = found.flatMap((argument) => argument.split(/[\s,]+/)).filter((word) => word !== "")
  let flags = 0
  for (const word of words) {
    const bits = /^\d+$/.test(word) ? Number(word) : flagWords[word.toLowerCase()]
    if (bits === undefined) {
      throw new Fault(
        offset,
        "InvalidFlags",
        `'${word}'`,
        "createonly, updateonly, safeupdate, forceupdate or a number"
      )
    }
    flags |= bits
  }
  const decoded = PutFlags.decode(flags, kind === "class" ? "Class" : "Instance")
  if (decoded._tag === "Left") {
    throw new Fault(offset, "InvalidFlags", `'${words.join(" ")}'`, decoded.left.detail ?? "flags that go together")
  }
  return flags
}
