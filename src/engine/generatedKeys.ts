/**
 * Generated keys: a NULL string key becomes a new GUID (IK-3, IK-5). The GUID is a function of the seed and the time of
 * the call, the position of the put in its batch and the index of the key. So the same put on the same snapshot always
 * gives the same decision.
 *
 * @internal
 */
import { mutableCopy } from "../model/immutable.ts"
import type { CimValue } from "../model/WbemObject.ts"
import type { Call, DecodedPut } from "../protocol/PutRequest.ts"
import type { ResolvedClass } from "./classes/ResolvedClass.ts"
import { effective } from "./values.ts"
import { namespaceRoot } from "./state/namespaceTables.ts"

/** One round of a 32-bit mixer with full avalanche (the finaliser of MurmurHash3). */
const mix = (hash: number): number => {
  let x = hash | 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

const guid = (call: Call, position: number, keyIndex: number): string => {
  // 53 bits of the seed and 41 of the time; each word of the result depends on all of them.
  const words = [
    call.seed,
    Math.floor(call.seed / 0x100000000),
    call.time,
    Math.floor(call.time / 0x100000000),
    position,
    keyIndex
  ]
  let hex = ""
  for (let word = 0; word < 4; word++) {
    let hash = 0x9e3779b9 * (word + 1)
    for (const input of words) hash = mix(hash ^ mix(input + Math.imul(word + 1, 0x27d4eb2f)))
    hex += hash.toString(16).padStart(8, "0")
  }
  const variant = "89AB".charAt(parseInt(hex.charAt(16), 16) & 3)
  const text = hex.slice(0, 12) + "4" + hex.slice(13, 16) + variant + hex.slice(17)
  return `{${text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-").toUpperCase()}}`
}

/** The values with a GUID for every NULL string key; the same record when no key is NULL. */
export const generatedKeys = (
  resolvedClass: ResolvedClass,
  values: Readonly<Record<string, CimValue>>,
  put: DecodedPut
): Readonly<Record<string, CimValue>> => {
  let filled: Record<string, CimValue> | undefined
  const keys = resolvedClass.keys
  for (let i = 0; i < keys.length; i++) {
    const property = keys[i]!
    if (property.type === "string" && resolvedClass.root !== namespaceRoot && effective(values, property) === null) {
      filled ??= mutableCopy(values)
      filled[property.name] = guid(put.call, put.position, i)
    }
  }
  return filled ?? values
}
