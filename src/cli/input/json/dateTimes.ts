/**
 * The forms in which ConvertTo-Json prints the datetimes of CIM, as the 25 characters of a CIM datetime (`object-model` 4).
 *
 * | value | Windows PowerShell 5.1 | PowerShell 7 |
 * |---|---|---|
 * | timestamp of Get-CimInstance | `"/Date(1700000000000)/"`, in UTC | `"2023-11-14T23:13:20.5+01:00"` |
 * | interval of Get-CimInstance | `{"Ticks": 36000000000, …}` | the same |
 * | any of Get-WmiObject | the 25 characters | |
 *
 * @internal
 */
import * as Option from "effect/Option"
import * as CimDateTime from "../../../model/CimDateTime.ts"
import { isJsonObject, type JsonValue } from "./jsonText.ts"

const epoch = /^\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\/$/
const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?(?:(Z)|([+-])(\d\d):(\d\d))?$/
const timeSpan = /^(?:(\d{1,8})\.)?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?$/

/** Six digits of microseconds; CIM has no tenths of a microsecond. */
const micros = (fraction = ""): string => fraction.slice(0, 6).padEnd(6, "0")

/** Whether a text has the form in which Windows PowerShell prints a timestamp. */
export const isEpochText = (text: string): boolean => epoch.test(text)

const ticksPerMicro = 10n
const microsPerDay = 86_400_000_000n

/** The interval of ticks of 100 ns; `undefined` for a negative one, which CIM does not have. */
const ofTicks = (ticks: bigint): string | undefined => {
  if (ticks < 0n) return undefined
  const all = ticks / ticksPerMicro
  const within = all % microsPerDay
  const digits = (value: bigint, width: number): string => String(value).padStart(width, "0")
  const seconds = within / 1_000_000n
  return `${digits(all / microsPerDay, 8)}${digits(seconds / 3600n, 2)}${digits(seconds / 60n % 60n, 2)}${
    digits(seconds % 60n, 2)
  }.${digits(within % 1_000_000n, 6)}:000`
}

/** The datetime of a text; `undefined` if the text is in none of these forms. A text without an offset from UTC gets the offset `***`. */
const ofText = (text: string): string | undefined => {
  const [, millis] = epoch.exec(text) ?? []
  if (millis !== undefined) return Option.getOrUndefined(CimDateTime.fromEpochMillis(Number(millis)))
  const stamp = iso.exec(text)
  if (stamp !== null) {
    const [, year, month, day, hour, minute, second, fraction, utc, sign, hours, minutes] = stamp
    const offset = utc !== undefined
      ? "+000"
      : sign === undefined
      ? "+***"
      : `${sign}${String(Number(hours) * 60 + Number(minutes)).padStart(3, "0")}`
    return `${year}${month}${day}${hour}${minute}${second}.${micros(fraction)}${offset}`
  }
  const span = timeSpan.exec(text)
  if (span === null) return undefined
  const [, days = "0", hour, minute, second, fraction] = span
  return `${days.padStart(8, "0")}${hour}${minute}${second}.${micros(fraction)}:000`
}

/** The datetime of a value of ConvertTo-Json; `undefined` if the value is none. */
export const dateTimeOf = (value: JsonValue): string | undefined => {
  if (typeof value === "string") return CimDateTime.isCimDateTime(value) ? value : ofText(value)
  if (!isJsonObject(value)) return undefined
  const { Ticks, value: inner } = value
  if (typeof Ticks === "number" && Number.isInteger(Ticks) || typeof Ticks === "bigint") {
    return "TotalDays" in value || Object.keys(value).length === 1 ? ofTicks(BigInt(Ticks)) : undefined
  }
  // A DateTime with note properties of PowerShell: { "value": "/Date(…)/", "DisplayHint": 2, "DateTime": "…" }.
  return typeof inner === "string" && "DateTime" in value ? ofText(inner) : undefined
}
