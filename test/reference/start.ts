/** `put-async` 2 and 3: refusals before the call is accepted, and the rights to write (section 10). */
import * as Rights from "../../src/model/Rights.ts"
import type { CimValue } from "../../src/model/WbemObject.ts"
import { isBelowSystem, isDynamic } from "./lineage.ts"
import { same } from "./names.ts"
import { type Put, type Refusal, refuse, type Who } from "./outcome.ts"
import type { Space } from "./world.ts"
import type { ClassDefinition } from "./objects.ts"

export type Mode = "CreateOrUpdate" | "UpdateOnly" | "CreateOnly"

export interface Options {
  readonly mode: Mode
  readonly update: "Compatible" | "Safe" | "Force"
  readonly amended: boolean
}

const accepted = { Class: 0x13f0f3, Instance: 0x13f093 }
const ignored = 0x11f000

/** Section 2.2. */
export const options = (flags: number, kind: "Class" | "Instance"): Options | Refusal => {
  if (!Number.isInteger(flags) || flags < -(2 ** 31) || flags > 2 ** 32 - 1) return refuse("InvalidParameter", "PA-10")
  if ((flags & ~accepted[kind]) !== 0) return refuse("InvalidParameter", "PA-11")
  const bits = flags & ~ignored
  if ((bits & 0x3) === 0x3) return refuse("InvalidParameter", "PA-12")
  if ((bits & 0x60) === 0x60) return refuse("InvalidParameter", "PA-13")
  return {
    mode: (bits & 0x1) !== 0 ? "UpdateOnly" : (bits & 0x2) !== 0 ? "CreateOnly" : "CreateOrUpdate",
    update: (bits & 0x20) !== 0 ? "Safe" : (bits & 0x40) !== 0 ? "Force" : "Compatible",
    amended: (bits & 0x20000) !== 0
  }
}

/** A requested partial update (`instance-put` 6). */
export interface Partial {
  readonly properties: ReadonlyArray<string> | undefined
  readonly strictNulls: boolean
}

const valueOf = (context: Put["context"], name: string): CimValue | undefined => {
  // PA-60: names compare without case, the last one counts.
  const names = Object.keys(context ?? {}).filter((n) => same(n, name))
  return names.length === 0 ? undefined : context![names.at(-1)!]
}

/** IP-1 to IP-5, IP-15, IX-8. */
export const partialUpdate = (put: Put, mode: Mode): Partial | undefined | Refusal => {
  if (put.object._tag === "Class" || put.context === undefined) return undefined // IP-15
  const value = (name: string) => valueOf(put.context, name)
  const extensions = value("__PUT_EXTENSIONS")
  const properties = value("__PUT_EXT_PROPERTIES")
  const strict = value("__PUT_EXT_STRICT_NULLS")
  const atomic = value("__PUT_EXT_ATOMIC")
  const booleans = [extensions, value("__PUT_EXT_CLIENT_REQUEST"), strict, atomic]
  if (booleans.some((v) => v !== undefined && typeof v !== "boolean")) return refuse("InvalidContext", "IX-8")
  if (properties !== undefined) {
    const isList = Array.isArray(properties) && properties.length > 0
      && properties.every((p) => typeof p === "string")
    if (!isList) return refuse("InvalidContext", "IP-4")
  }
  const others = [properties, strict, atomic].some((v) => v !== undefined)
  if (extensions !== true) return others ? refuse("InvalidContext", "IP-3") : undefined // IP-5
  if (mode !== "UpdateOnly") return refuse("InvalidContext", "IP-1")
  if (!others) return refuse("InvalidContext", "IP-2")
  return { properties: properties as ReadonlyArray<string> | undefined, strictNulls: strict === true }
}

/** Section 3, row 7. */
export const mayCall = ({ remote, rights }: Who): Refusal | undefined =>
  (rights & Rights.Right.Enable) === 0 || (remote && (rights & Rights.Right.RemoteEnable) === 0)
    ? refuse("AccessDenied", "put-async 3.7")
    : undefined

/** Section 10, for class definitions. */
export const mayWriteClasses = ({ rights }: Who): boolean => (rights & Rights.Right.FullWrite) !== 0

/** Section 10, for instances; Full Write implies Partial Write and not Provider Write (K-7). */
export const mayWriteInstances = (space: Space, c: ClassDefinition, { rights }: Who): boolean => {
  if (isBelowSystem(space, c)) return (rights & Rights.Right.FullWrite) !== 0
  if (isDynamic(space, c)) return (rights & Rights.Right.ProviderWrite) !== 0
  return (rights & (Rights.Right.FullWrite | Rights.Right.PartialWrite)) !== 0
}
