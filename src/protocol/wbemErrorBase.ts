/**
 * What the error classes share.
 *
 * @internal
 */
import * as Cause from "effect/Cause"
import { escapeControl } from "../model/escapeControl.ts"
import type { Instance } from "../model/WbemObject.ts"
import type { ObjectPath } from "../model/ObjectPath.ts"
import { format } from "../model/ObjectPath.ts"

/**
 * Marks the errors of this library.
 *
 * @since 0.1.0
 * @category symbols
 */
export const TypeId: unique symbol = /* @__PURE__ */ Symbol.for("effect-wmi/WbemError")

/**
 * An `__ExtendedStatus`, or an instance of a provider's subclass of it (`errors` 5).
 *
 * @since 0.1.0
 * @category models
 */
export type ExtendedStatus = Instance

/**
 * What every error takes besides its own facts.
 *
 * @since 0.1.0
 * @category models
 */
export interface WbemErrorOptions {
  /** One line for a person. */
  readonly detail?: string | undefined
  /** The specification row that refused, such as `CS-15` or `instance-put 1.7`. */
  readonly rule?: string | undefined
  /** What a provider or host supplied besides the number. */
  readonly extended?: ExtendedStatus | undefined
  /** What the error object names as `ParameterInfo`: the relative path of the instance, where one could be formed. */
  readonly parameterInfo?: string | undefined
  /** The failure of a lower library. */
  readonly cause?: unknown
}

/**
 * What the error of a status is, before its own facts.
 *
 * @since 0.1.0
 * @category models
 */
export interface WbemErrorOf<Status extends string> extends Cause.YieldableError, Omit<WbemErrorOptions, "cause"> {
  readonly [TypeId]: typeof TypeId
  readonly _tag: `Wbem${Status}`
  readonly status: Status
  readonly hresult: number
}

/**
 * The class of an error: it takes the facts that the error has besides what every error has.
 *
 * @since 0.1.0
 * @category models
 */
export type WbemErrorClass<E extends WbemErrorOf<string>, Facts = Omit<E, keyof WbemErrorOf<string>>> = new (
  facts: Facts & WbemErrorOptions
) => E

const isPath = (u: unknown): u is ObjectPath => typeof u === "object" && u !== null && "keys" in u && "singleton" in u

/** What somebody gives as a fact may be nothing that can be written; that must not keep the error from being told. */
const fact = (value: unknown): string => {
  try {
    return isPath(value) ? format(value) : String(value)
  } catch {
    return typeof value
  }
}

const shared = new Set(["detail", "rule", "extended", "parameterInfo", "cause", "hresult", "name"])

/**
 * The class of a status. Constructing one captures no stack: it is an outcome that callers expect.
 *
 * @internal
 */
export const wbemError = <E extends WbemErrorOf<string>, Facts>(
  status: E["status"],
  hresult: number
): WbemErrorClass<E, Facts> => {
  class Base extends Cause.YieldableError {
    constructor(facts: WbemErrorOptions) {
      const limit = Error.stackTraceLimit
      Error.stackTraceLimit = 0
      super()
      Error.stackTraceLimit = limit
      Object.assign(this as object, facts)
    }
    override get message(): string {
      // The facts of a class are its own enumerable properties, put there by the constructor.
      const self = this as unknown as
        & WbemErrorOptions
        & { readonly hresult: number }
        & Readonly<Record<string, unknown>>
      let facts = ""
      for (const name of Object.keys(self)) {
        const value = shared.has(name) ? undefined : self[name]
        if (value !== undefined) facts += `${facts === "" ? ": " : ", "}${name} ${fact(value)}`
      }
      const number = self.hresult.toString(16).toUpperCase().padStart(8, "0")
      // Names, keys and what a host says are text of others, and messages go to logs and terminals.
      return escapeControl(`${status} (0x${number})${facts}${self.detail ? `: ${self.detail}` : ""}`)
    }
  }
  Object.assign(Base.prototype, { [TypeId]: TypeId, _tag: `Wbem${status}`, status, hresult, name: `Wbem${status}` })
  // What the constructor type adds to `Base` is on the prototype now, or among the facts it is given.
  return Base as unknown as WbemErrorClass<E, Facts>
}
