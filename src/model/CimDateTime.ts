/**
 * The 25 characters of a CIM datetime: a timestamp `yyyyMMddHHmmss.uuuuuu±OOO` or an interval `ddddddddHHmmss.uuuuuu:000`
 * (`object-model` 4). Values stay text; this module checks, builds and converts them.
 *
 * @since 0.1.0
 * @module
 */
import type * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

// Whole fields may be stars, the microseconds may end in stars. Ranges are checked field by field; the calendar is not checked. Month and
// day may be 00: defaults of classes of Windows hold a bare time of day, and many objects hold the timestamp of zeros.
const timestamp =
  /^(?:\d{4}|\*{4})(?:0\d|1[0-2]|\*\*)(?:[0-2]\d|3[01]|\*\*)(?:[01]\d|2[0-3]|\*\*)(?:[0-5]\d|\*\*)(?:[0-5]\d|\*\*)\.(?=[\d*]{6})\d*\**[+-](?:\d{3}|\*{3})$/
const interval = /^\d{8}(?:[01]\d|2[0-3])[0-5]\d[0-5]\d\.\d{6}:000$/
const starredInterval =
  /^(?:\d{8}|\*{8})(?:[01]\d|2[0-3]|\*\*)(?:[0-5]\d|\*\*)(?:[0-5]\d|\*\*)\.(?=[\d*]{6})\d*\**:000$/

/**
 * Whether a text is a CIM datetime, timestamp or interval.
 *
 * An interval with stars is refused here, because a put refuses it. It is kept where a stored value or a key is read
 * (`object-model` 4).
 *
 * @since 0.1.0
 * @category predicates
 */
export const isCimDateTime = (text: string): boolean =>
  text.length === 25 && (text.charCodeAt(21) === 58 /* : */ ? interval : timestamp).test(text)

/**
 * Whether a text is an interval. Fields may be stars.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isInterval = (text: string): boolean => text.length === 25 && starredInterval.test(text)

const digits = (n: number, width: number): string => String(n).padStart(width, "0")

/** The timestamp of an instant with the offset in minutes east of UTC. The year must have four digits. */
const format = (epochMillis: number, offset: number): string => {
  const fields = new Date(epochMillis + offset * 60_000).toISOString().replace(/\D/g, "")
  return `${fields.slice(0, 14)}.${fields.slice(14)}000${offset < 0 ? "-" : "+"}${digits(Math.abs(offset), 3)}`
}

/**
 * The timestamp of a `Date`, in UTC, with its milliseconds. It is `None` outside the years 0 to 9999.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as Option from "effect/Option"
 * import { CimDateTime } from "effect-wmi"
 *
 * const text = Option.getOrThrow(CimDateTime.fromDate(new Date("2024-02-29T12:30:00.5Z")))
 *
 * assert.equal(text, "20240229123000.500000+000")
 * assert.equal(Option.getOrThrow(CimDateTime.toDate(text)).toISOString(), "2024-02-29T12:30:00.500Z")
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromDate = (date: Date): Option.Option<string> => fromEpochMillis(date.getTime())

/**
 * The timestamp of an instant in milliseconds since 1970, written with an offset in minutes east of UTC (default 0). It is `None` outside
 * the years 0 to 9999, and for an offset of more than three digits.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromEpochMillis = (epochMillis: number, offset: number = 0): Option.Option<string> => {
  if (!Number.isFinite(epochMillis) || !Number.isInteger(offset) || Math.abs(offset) > 999) return Option.none()
  const year = new Date(epochMillis + offset * 60_000).getUTCFullYear()
  return year >= 0 && year <= 9999 ? Option.some(format(epochMillis, offset)) : Option.none()
}

/** The offset of a named zone at an instant, in minutes east of UTC, from the zone data of the platform. */
const namedOffset = (zone: string, epochMillis: number): number => {
  const text = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).format(epochMillis)
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(text) ?? []
  return hours === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/**
 * The timestamp of an Effect `DateTime`. A zoned `DateTime` keeps its offset, rounded to minutes.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromDateTime = (dateTime: DateTime.DateTime): Option.Option<string> => {
  if (dateTime._tag === "Utc") return fromEpochMillis(dateTime.epochMillis)
  const zone = dateTime.zone
  return fromEpochMillis(
    dateTime.epochMillis,
    zone._tag === "Offset" ? Math.round(zone.offset / 60_000) : namedOffset(zone.id, dateTime.epochMillis)
  )
}

/**
 * The interval of a number of milliseconds. It is `None` for a negative number and for more than 99,999,999 days.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as Option from "effect/Option"
 * import { CimDateTime } from "effect-wmi"
 *
 * assert.deepEqual(CimDateTime.fromMillis(90_000), Option.some("00000000000130.000000:000"))
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromMillis = (millis: number): Option.Option<string> => {
  const days = Math.floor(millis / 86_400_000)
  if (!Number.isFinite(millis) || millis < 0 || days > 99_999_999) return Option.none()
  const rest = Math.floor(millis % 86_400_000)
  return Option.some(
    digits(days, 8) + digits(Math.floor(rest / 3_600_000), 2) + digits(Math.floor(rest / 60_000) % 60, 2)
      + digits(Math.floor(rest / 1000) % 60, 2) + "." + digits(rest % 1000, 3) + "000:000"
  )
}

/**
 * The instant of a timestamp, as a `Date`. Microseconds below a millisecond are cut. It is `None` for an interval, for a text with stars,
 * for a month or day of 00, and for a text that is no datetime.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toDate = (text: string): Option.Option<Date> => {
  if (!isCimDateTime(text) || text.includes("*") || text.charCodeAt(21) === 58) return Option.none()
  const n = (from: number, to: number): number => Number(text.slice(from, to))
  if (n(4, 6) === 0 || n(6, 8) === 0) return Option.none()
  const date = new Date(0)
  date.setUTCFullYear(n(0, 4), n(4, 6) - 1, n(6, 8))
  date.setUTCHours(n(8, 10), n(10, 12), n(12, 14), n(15, 18))
  const offset = n(22, 25) * (text.charAt(21) === "-" ? -1 : 1)
  return Option.some(new Date(date.getTime() - offset * 60_000))
}

/**
 * The length of an interval in milliseconds. It is `None` for a timestamp and for a text with stars.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toMillis = (text: string): Option.Option<number> => {
  if (text.length !== 25 || !interval.test(text)) return Option.none()
  const n = (from: number, to: number): number => Number(text.slice(from, to))
  return Option.some(((n(0, 8) * 24 + n(8, 10)) * 60 + n(10, 12)) * 60_000 + n(12, 14) * 1000 + n(15, 18))
}
