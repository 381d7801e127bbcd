/** The steps of a sequence and their outcomes. */
import type * as ObjectPath from "../../src/model/ObjectPath.ts"
import type { CimValue } from "../../src/model/WbemObject.ts"
import type { WbemObject } from "./objects.ts"

/** Who calls. */
export interface Who {
  readonly rights: number
  readonly remote: boolean
  readonly locale: string
}

export interface Put {
  readonly _tag: "Put"
  readonly object: WbemObject
  readonly namespace: string
  readonly flags: number
  readonly context: Readonly<Record<string, CimValue>> | undefined
  readonly who: Who
}

export interface Delete {
  readonly _tag: "Delete"
  readonly path: ObjectPath.ObjectPath
  readonly namespace: string
  readonly flags: number
  readonly who: Who
}

export type Step = Put | Delete

/** A refusal: the status, the rule that gave it, the member that it names. */
export interface Refusal {
  readonly status: string
  readonly rule: string
  readonly subject?: string | undefined
}

export const refuse = (status: string, rule: string, subject?: string): Refusal => ({ status, rule, subject })

/** `put-async` 3: raised by the call itself, or delivered to the sink. */
export type Outcome =
  | ({ readonly _tag: "Raised" | "Delivered" } & Refusal)
  | {
    readonly _tag: "Stored"
    readonly disposition: string
    readonly path: string
    /** PA-83; a provider does not say. */
    readonly deleted: number | undefined
  }
  | { readonly _tag: "Deleted"; readonly path: string }

export const isRefusal = (u: object): u is Refusal => "status" in u

/** The rules of one table, evaluated in its order: the first refusal wins. */
export const first = <A>(facts: A, rules: ReadonlyArray<(facts: A) => Refusal | undefined>): Refusal | undefined => {
  for (const rule of rules) {
    const refusal = rule(facts)
    if (refusal !== undefined) return refusal
  }
  return undefined
}
