/**
 * Numbers from a host or provider, as the error class of their status.
 *
 * It stands apart from `WbemError` because it needs every class: a program that only puts does not carry them all.
 *
 * @since 0.1.0
 */
import * as HResult from "./HResult.ts"
import * as WbemError from "./WbemError.ts"

type Constructor = new (options: WbemError.WbemErrorOptions) => WbemError.WbemError

// Every status has a class of its name; a test holds that. The facts a class asks for (a path, a property) are not in a
// number, so what is made here lacks them: see below.
const classes = WbemError as unknown as Readonly<Record<HResult.Status, Constructor>>

/**
 * The error of a failure number, signed or unsigned; one outside the table becomes `Unlisted`, and so does one that is no failure.
 *
 * The facts of the class (a path, a property) are not in a number: they are absent here, and `detail` says what is known.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromHResult = (
  hresult: number,
  options: WbemError.WbemErrorOptions = {}
): WbemError.WbemError => {
  const row = HResult.fromNumber(hresult)
  return row === undefined || row.status === "NoError"
    ? new WbemError.Unlisted({ ...options, hresult: HResult.unsigned(hresult) })
    : new classes[row.status](options)
}
