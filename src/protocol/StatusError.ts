/**
 * The error of a number that a host or a provider returned, and the error of a verb for any error that one of them returned.
 *
 * It is a module of its own because it needs every error class: the bundle of a program that only puts does not contain them all.
 *
 * @since 0.1.0
 * @module
 */
import { unions } from "./errorUnions.ts"
import * as HResult from "./HResult.ts"
import * as WbemError from "./WbemError.ts"

type Constructor = new (options: WbemError.WbemErrorOptions) => WbemError.WbemError

// The classes by the names of their statuses. A constructor requires facts (a path, a property) that a number does not have.
const classes = WbemError as unknown as Readonly<Record<HResult.Status, Constructor | undefined>>

/**
 * The error of a failure number, signed or unsigned. A number outside the table, or of a success, becomes a
 * `WbemOther` with the status `"Unlisted"`.
 *
 * The facts of the class (a path, a property) are absent, because the number does not have them; `detail` may say them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromHResult = (
  hresult: number,
  options: WbemError.WbemErrorOptions = {}
): WbemError.WbemError => {
  const row = HResult.fromNumber(hresult)
  if (row === undefined || row.status === "NoError") {
    return new WbemError.WbemOther({ ...options, status: "Unlisted", hresult: HResult.unsigned(hresult) })
  }
  const Made = classes[row.status]
  return Made === undefined ? WbemError.of(row.status as WbemError.OtherStatus, options) : new Made(options)
}

/** The tags of each union. */
const tags = new Map<string, ReadonlySet<string>>()

/**
 * The `_tag`s of the errors of a union, such as `"PutError"`: its types and this set are of one table.
 *
 * @since 0.1.0
 * @category combinators
 */
export const tagsOf = (union: keyof WbemError.ErrorUnions): ReadonlySet<string> => {
  if (tags.size === 0) {
    for (const { members, name } of unions) {
      tags.set(
        name,
        new Set(members.flatMap((member: string): ReadonlyArray<string> => {
          const inner = tags.get(member)
          return inner !== undefined ? [...inner] : [member.endsWith("Other") ? "WbemOther" : `Wbem${member}`]
        }))
      )
    }
  }
  return tags.get(union)!
}

/**
 * An error of a host or a provider as an error of the verb. An error whose class the union does not have becomes a `WbemOther` with the
 * same status, number, facts, detail and cause; a `WbemOther` whose status has a class in the union becomes that class.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { StatusError, WbemError } from "effect-wmi"
 *
 * const said = new WbemError.InvalidContext({ contextName: "__PUT_EXTENSIONS" })
 * const error = StatusError.narrow("GetError", said)
 * assert.deepEqual([error._tag, error.status], ["WbemOther", "InvalidContext"])
 * assert.equal(error.message, said.message)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const narrow = <Union extends WbemError.VerbUnion>(
  union: Union,
  error: WbemError.WbemError
): WbemError.ErrorUnions[Union] => {
  const { _tag, cause, hresult, status } = error
  const isOfUnion = _tag === "WbemOther" ? !tagsOf(union).has(`Wbem${status}`) : tagsOf(union).has(_tag)
  const narrowed = isOfUnion
    ? error
    : _tag === "WbemOther"
    ? new classes[status as HResult.Status]!({ ...error, ...(cause === undefined ? {} : { cause }) })
    : new WbemError.WbemOther({ ...error, ...(cause === undefined ? {} : { cause }), status, hresult })
  // The sets have the tags of the types: a class of the union, or a `WbemOther` whose status no class of the union has.
  return narrowed as WbemError.ErrorUnions[Union]
}
