/**
 * Options that come from `Config`: each member is checked when the config is read, and a member that makes no sense is a
 * `ConfigError` that names the member and the key of the config provider. The value of a `Redacted` is never part of an error.
 *
 * @internal
 */
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"

/** Returns what a value must be, if it is something else. */
export type Check = (value: unknown) => string | undefined

/** A check for each member, required ones and optional ones, of the options and of a group of options. */
export type Checks<A> = { readonly [K in keyof A]-?: Check | Group }

/** The checks of a member that is an object of options. */
interface Group {
  readonly [name: string]: Check
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !Redacted.isRedacted(value)

/** A value as the text of an error. A `Redacted` is shown as `<redacted>`, and so is a list that may hold one. */
const shown = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  return typeof value === "object" && value !== null
    ? Redacted.isRedacted(value) ? "<redacted>" : Array.isArray(value) ? "a list" : "an object"
    : String(value)
}

const invalid = (message: string): Either.Either<never, ConfigError.ConfigError> =>
  Either.left(ConfigError.InvalidData([], message))

const nameIn = (group: string, name: string): string => group === "" ? name : `${group}.${name}`

/** The first fault of a value, with the name of its member. */
const faultOf = (value: unknown, check: Check | Group, member: string): string | undefined => {
  if (value === undefined) return undefined
  if (typeof check === "function") {
    const expected = check(value)
    return expected === undefined ? undefined : `${member}: ${shown(value)} given, expected ${expected}`
  }
  if (!isObject(value)) {
    return `${member === "" ? "" : `${member}: `}${shown(value)} given, expected an object of options`
  }
  for (const [name, one] of Object.entries(value)) {
    const own = Object.hasOwn(check, name) ? check[name] : undefined
    const fault = own === undefined
      ? `${nameIn(member, name)}: there is no such option`
      : faultOf(one, own, nameIn(member, name))
    if (fault !== undefined) return fault
  }
  return undefined
}

const guarded = (wrapped: unknown, check: Check | Group | undefined, member: string): Config.Config<unknown> => {
  if (check === undefined) {
    return Config.mapOrFail(Config.succeed(undefined), () => invalid(`${member}: there is no such option`))
  }
  if (Config.isConfig(wrapped)) {
    return Config.mapOrFail(wrapped, (value) => {
      const fault = faultOf(value, check, member)
      return fault === undefined ? Either.right(value) : invalid(fault)
    })
  }
  if (typeof check === "function" || !isObject(wrapped)) {
    return Config.mapOrFail(Config.succeed(undefined), () => invalid(`${member}: it is no Config`))
  }
  return Config.all(
    Object.fromEntries(
      Object.entries(wrapped).filter(([, one]) => one !== undefined).map(([name, one]) => [
        name,
        guarded(one, Object.hasOwn(check, name) ? check[name] : undefined, nameIn(member, name))
      ])
    )
  )
}

/** A config whose key is not in the error, such as a `Config.redacted`, has the name of the member in its place. */
const withPath = (error: ConfigError.ConfigError): ConfigError.ConfigError =>
  error._op === "InvalidData" && error.path.length === 0
    ? ConfigError.InvalidData([error.message.slice(0, error.message.indexOf(":"))], error.message)
    : error

/** Reads the options of a `layerConfig` and checks each. */
export const checked = <A extends object>(
  wrapped: Config.Config.Wrap<A>,
  checks: Checks<A>
): Effect.Effect<A, ConfigError.ConfigError> =>
  // The members have been checked by name; their types are those of the wrapped configs.
  Effect.mapError(guarded(wrapped, checks as unknown as Group, "") as Config.Config<A>, withPath)

export const isText: Check = (value) =>
  typeof value === "string" && value !== "" && !value.includes("\0") ? undefined : "a text that is not empty"

export const isBoolean: Check = (value) => typeof value === "boolean" ? undefined : "true or false"

export const isFunction: Check = (value) => typeof value === "function" ? undefined : "a function"

export const isTextList: Check = (value) =>
  Array.isArray(value) && value.every((one) => isText(one) === undefined)
    ? undefined
    : "a list of texts that are not empty"

/** A secret that is not empty. */
export const isSecret: Check = (value) =>
  isText(Redacted.isRedacted(value) ? Redacted.value(value) : value) === undefined
    ? undefined
    : "a secret that is not empty"

export const isOneOf = (...values: ReadonlyArray<string | number>): Check => (value) =>
  values.includes(value as string | number) ? undefined : `one of ${values.join(", ")}`

export const isWhole = (least: number, most: number = Number.MAX_SAFE_INTEGER): Check => (value) =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most
    ? undefined
    : most === Number.MAX_SAFE_INTEGER
    ? `a whole number of at least ${least}`
    : `a whole number from ${least} to ${most}`

/** A negative duration is zero after it was decoded, so zero is refused as well. */
export const isDuration: Check = (value) => {
  const decoded = Duration.decodeUnknown(value)
  return decoded._tag === "Some" && Duration.greaterThan(decoded.value, Duration.zero)
    ? undefined
    : "a duration longer than zero"
}
