/**
 * The error of a number that a host or a provider returned.
 *
 * It is a module of its own because it needs every error class: the bundle of a program that only puts does not contain them all.
 *
 * @since 0.1.0
 */
import * as HResult from "./HResult.ts"
import * as WbemError from "./WbemError.ts"

type Constructor = new (options: WbemError.WbemErrorOptions) => WbemError.WbemError

// The classes by the names of their statuses. A constructor requires facts (a path, a property) that a number does not have.
const classes = WbemError as unknown as Readonly<Record<HResult.Status, Constructor | undefined>>

/**
 * The error of a failure number, signed or unsigned. A number outside the table, or of a success, becomes `Unlisted`.
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
    return new WbemError.Unlisted({ ...options, hresult: HResult.unsigned(hresult) })
  }
  const Made = classes[row.status]
  return Made === undefined ? WbemError.of(row.status as WbemError.OtherStatus, options) : new Made(options)
}
