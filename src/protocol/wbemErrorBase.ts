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
  /** Marks the errors of this library. */
  readonly [TypeId]: typeof TypeId
  /** The tag of the error: `Wbem` and the name of its class. */
  readonly _tag: Tag
  /** The name of the status. */
  readonly status: Status
  /** The number of the status, unsigned. */
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

/** `text`, or the type of the value where it cannot be made, such as for a path whose accessors throw: a message must not fail. */
const orType = <A>(value: unknown, text: (value: unknown) => A): A | string => {
  try {
    return text(value)
  } catch {
    return typeof value
  }
}

/** A fact as text. */
const fact = (value: unknown): string => orType(value, () => isPath(value) ? format(value) : String(value))

/** The most characters of a fact, and of the detail, in a message. The members of the error have all of them. */
const longestFact = 300
const longestDetail = 2000

/** The start of a text, without half of a surrogate pair, and the length of one that is longer. */
const shortened = (text: string, longest: number): string =>
  text.length <= longest
    ? text
    : `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, "")}... (${text.length} characters)`

/**
 * A member of an error as plain JSON: a path as its text, a 64-bit integer as decimal text, an instance as `WmiSchema` writes an embedded
 * one. A function, an object that is within itself, and what is too deep become their type.
 */
const plain = (value: unknown, within: ReadonlyArray<object> = []): unknown => {
  if (typeof value === "bigint" || typeof value === "symbol") return String(value)
  if (typeof value === "function") return "function"
  if (typeof value !== "object" || value === null) return value
  if (isPath(value)) return format(value)
  if (within.length > 8 || within.includes(value)) return Array.isArray(value) ? "array" : "object"
  const around = [...within, value]
  if (Array.isArray(value)) return value.map((element) => plain(element, around))
  const { _tag, className, values } = value as Partial<Instance>
  const members = Object.fromEntries(
    Object.entries(_tag === "Instance" ? values! : value).map(([name, member]) => [name, plain(member, around)])
  )
  return _tag === "Instance" ? { class: className, values: members } : members
}

/** A cause as plain JSON: the name and message of an error, otherwise its text. Stacks and other members may hold secrets. */
const causeJson = (cause: unknown): unknown => {
  const { message, name } = typeof cause === "object" && cause !== null ? cause as Partial<Error> : {} as Partial<Error>
  return typeof message === "string"
    ? { name: typeof name === "string" ? escapeControl(name) : "Error", message: escapeControl(message) }
    : escapeControl(String(cause))
}

/** Own properties of an error that are no facts. */
const shared = new Set(["_tag", "detail", "rule", "extended", "parameterInfo", "cause", "status", "hresult"])

/** The members of an error, as its class sees them: facts are its own enumerable properties, put there by the constructor. */
type Self = WbemErrorOptions & {
  readonly _tag: string
  readonly status: string
  readonly hresult: number
  readonly message: string
} & Readonly<Record<string, unknown>>

/**
 * Makes the class of a status; the class of `WbemOther` gets status and number with its facts. Its constructor captures no stack, because
 * the error is an expected outcome. A fact that has the name of a member of every error (`name`, `message`, `stack`, `_tag`) is dropped.
 *
 * @internal
 */
export const wbemError = <E extends WbemErrorOf<string>, Facts>(
  tag: string,
  hresult?: number
): WbemErrorClass<E, Facts> => {
  const _tag = `Wbem${tag}`
  class Base extends Cause.YieldableError {
    constructor(facts: WbemErrorOptions) {
      const limit = Error.stackTraceLimit
      Error.stackTraceLimit = 0
      super()
      Error.stackTraceLimit = limit
      const self = this as unknown as Record<string, unknown>
      // An own member, so that logs, printed values and schemas see it without the prototype.
      self["_tag"] = _tag
      for (const name of Object.keys(facts)) {
        // Without a trace an error of Bun has no `stack`, but its printed forms read one.
        if (!(name in self) && name !== "stack") self[name] = facts[name as keyof WbemErrorOptions]
      }
    }
    override get message(): string {
      const self = this as unknown as Self
      let facts = ""
      for (const name of Object.keys(self)) {
        const value = shared.has(name) ? undefined : self[name]
        if (value !== undefined) facts += `${facts === "" ? ": " : ", "}${name} ${shortened(fact(value), longestFact)}`
      }
      const number = (self.hresult >>> 0).toString(16).toUpperCase().padStart(8, "0")
      const detail = self.detail ? `: ${shortened(fact(self.detail), longestDetail)}` : ""
      // Names, keys and texts of a host come from outside, and messages go to logs and terminals.
      return escapeControl(`${fact(self.status)} (0x${number})${facts}${detail}`)
    }
    override toJSON(): object {
      const self = this as unknown as Self
      const { _tag, cause, hresult, message, status } = self
      const json: Record<string, unknown> = { _tag, status, hresult, message }
      for (const name of Object.keys(self)) {
        if (name !== "cause" && !(name in json)) json[name] = orType(self[name], (member) => plain(member))
      }
      if (cause !== undefined) json["cause"] = orType(cause, causeJson)
      return json
    }
  }
  const ofStatus = hresult === undefined ? {} : { status: tag, hresult }
  const prototype: object = Base.prototype
  Object.assign(prototype, { [TypeId]: TypeId, name: _tag, ...ofStatus })
  // The members that the constructor type adds to `Base` are on the prototype or among the facts.
  return Base as unknown as WbemErrorClass<E, Facts>
}
