/**
 * The 25 characters of a CIM datetime: a timestamp `yyyyMMddHHmmss.uuuuuu±OOO` or an interval `ddddddddHHmmss.uuuuuu:000`
 * (`object-model` 4). Values stay text; this module checks, builds and converts them.
 *
 * @since 0.1.0
 */
import type * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

// Whole fields may be stars, the microseconds may end in stars; ranges are checked field by field, the calendar is not. Month and day
// may be 00: defaults of shipping classes hold a bare time of day, and many objects the time stamp that is all zeros.
const timestamp =
  /^(?:\d{4}|\*{4})(?:0\d|1[0-2]|\*\*)(?:[0-2]\d|3[01]|\*\*)(?:[01]\d|2[0-3]|\*\*)(?:[0-5]\d|\*\*)(?:[0-5]\d|\*\*)\.(?=[\d*]{6})\d*\**[+-](?:\d{3}|\*{3})$/
const interval = /^\d{8}(?:[01]\d|2[0-3])[0-5]\d[0-5]\d\.\d{6}:000$/
const starredInterval =
  /^(?:\d{8}|\*{8})(?:[01]\d|2[0-3]|\*\*)(?:[0-5]\d|\*\*)(?:[0-5]\d|\*\*)\.(?=[\d*]{6})\d*\**:000$/

/**
 * Whether a text is a CIM datetime, timestamp or interval.
 *
 * Intervals with stars are refused when building and kept when reading a key or a value somebody else wrote; here they are
 * refused (`object-model` 4).
 *
 * @since 0.1.0
 * @category predicates
 */
export const isCimDateTime = (text: string): boolean =>
  text.length === 25 && (text.charCodeAt(21) === 58 /* : */ ? interval : timestamp).test(text)

/**
 * Whether a text is an interval, stars allowed.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isInterval = (text: string): boolean => text.length === 25 && starredInterval.test(text)

const digits = (n: number, width: number): string => String(n).padStart(width, "0")

/** The local fields of an instant `offset` minutes east of UTC; its year has four digits. */
const format = (epochMillis: number, offset: number): string => {
  const fields = new Date(epochMillis + offset * 60_000).toISOString().replace(/\D/g, "")
  return `${fields.slice(0, 14)}.${fields.slice(14)}000${offset < 0 ? "-" : "+"}${digits(Math.abs(offset), 3)}`
}

/**
 * The timestamp of a `Date`, in UTC, milliseconds kept. A `Date` outside the years 0 to 9999 has none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromDate = (date: Date): Option.Option<string> => fromEpochMillis(date.getTime())

/**
 * The timestamp of an instant, written with an offset in minutes east of UTC (default 0). None outside the years 0 to 9999, and for
 * an offset that three digits do not hold.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromEpochMillis = (epochMillis: number, offset: number = 0): Option.Option<string> => {
  if (!Number.isFinite(epochMillis) || !Number.isInteger(offset) || Math.abs(offset) > 999) return Option.none()
  const year = new Date(epochMillis + offset * 60_000).getUTCFullYear()
  return year >= 0 && year <= 9999 ? Option.some(format(epochMillis, offset)) : Option.none()
}

/** Minutes east of UTC that a named zone has at an instant, from the platform's own zone data. */
const namedOffset = (zone: string, epochMillis: number): number => {
  const text = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).format(epochMillis)
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(text) ?? []
  return hours === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/**
 * The timestamp of an Effect `DateTime`. A zoned one keeps its offset, rounded to minutes.
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
 * The interval of a number of milliseconds, 0 to 99,999,999 days.
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
 * The instant of a timestamp, as a `Date`. None for intervals, for texts with stars, for a month or day of 00 and for texts that are
 * no datetime.
 * Microseconds below a millisecond are cut.
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
 * The length of an interval in milliseconds. None for timestamps and texts with stars.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toMillis = (text: string): Option.Option<number> => {
  if (text.length !== 25 || !interval.test(text)) return Option.none()
  const n = (from: number, to: number): number => Number(text.slice(from, to))
  return Option.some(((n(0, 8) * 24 + n(8, 10)) * 60 + n(10, 12)) * 60_000 + n(12, 14) * 1000 + n(15, 18))
}
