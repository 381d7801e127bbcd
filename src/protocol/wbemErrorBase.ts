/**
 * The base of the error classes: their options, their type, their message.
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
 * The options of every error class, besides the facts of the class.
 *
 * @since 0.1.0
 * @category models
 */
export interface WbemErrorOptions {
  /** One line of text that explains the failure to a person. */
  readonly detail?: string | undefined
  /** The rule that the put breaks, such as `CS-15` or `instance-put 1.7`. */
  readonly rule?: string | undefined
  /** The error object that a provider or host supplied with the number. */
  readonly extended?: ExtendedStatus | undefined
  /** `ParameterInfo` of the error object: the relative path of the instance, if it has one. */
  readonly parameterInfo?: string | undefined
  /** The failure of a lower library. */
  readonly cause?: unknown
}

/**
 * The members of the error of a status, without its facts.
 *
 * @since 0.1.0
 * @category models
 */
export interface WbemErrorOf<Status extends string, Tag extends string = `Wbem${Status}`>
  extends Cause.YieldableError, Omit<WbemErrorOptions, "cause"> {
  readonly [TypeId]: typeof TypeId
  readonly _tag: Tag
  readonly status: Status
  readonly hresult: number
}

/**
 * The class of an error: its constructor takes the facts of the error and the options of every error.
 *
 * @since 0.1.0
 * @category models
 */
export type WbemErrorClass<E extends WbemErrorOf<string>, Facts = Omit<E, keyof WbemErrorOf<string>>> = new (
  facts: Facts & WbemErrorOptions
) => E

const isPath = (u: unknown): u is ObjectPath => typeof u === "object" && u !== null && "keys" in u && "singleton" in u

/** A fact as text. A fact that cannot be written, such as a path whose accessors throw, is shown by its type: the message must not fail. */
const fact = (value: unknown): string => {
  try {
    return isPath(value) ? format(value) : String(value)
  } catch {
    return typeof value
  }
}

/** Own properties of an error that are no facts. */
const shared = new Set(["detail", "rule", "extended", "parameterInfo", "cause", "status", "hresult", "name"])

/**
 * Makes the class of a status. Its constructor captures no stack, because the error is an expected outcome.
 *
 * @internal
 */
export const wbemError = <E extends WbemErrorOf<string>, Facts>(
  status: string,
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
        & { readonly status: string; readonly hresult: number }
        & Readonly<Record<string, unknown>>
      let facts = ""
      for (const name of Object.keys(self)) {
        const value = shared.has(name) ? undefined : self[name]
        if (value !== undefined) facts += `${facts === "" ? ": " : ", "}${name} ${fact(value)}`
      }
      const number = self.hresult.toString(16).toUpperCase().padStart(8, "0")
      // Names, keys and texts of a host come from outside, and messages go to logs and terminals.
      return escapeControl(`${self.status} (0x${number})${facts}${self.detail ? `: ${self.detail}` : ""}`)
    }
  }
  Object.assign(Base.prototype, { [TypeId]: TypeId, _tag: `Wbem${status}`, status, hresult, name: `Wbem${status}` })
  // The members that the constructor type adds to `Base` are on the prototype or among the facts.
  return Base as unknown as WbemErrorClass<E, Facts>
}
