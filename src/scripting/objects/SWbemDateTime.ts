/**
 * `SWbemDateTime`: a CIM datetime taken apart and put together. A field can be left open, an asterisk in the text; an interval has
 * days instead of a year, a month and a day (`object-model` 4).
 *
 * A `VT_DATE` has fields and no zone. Here a `Date` stands for one by its local fields, the ones that `getHours` and its like show.
 *
 * @since 0.1.0
 */
import * as CimDateTime from "../../model/CimDateTime.ts"
import { refusal } from "./refusal.ts"

const source = "SWbemDateTime"

type Field = "year" | "month" | "day" | "hours" | "minutes" | "seconds" | "microseconds" | "utc"

/** Width in the text, and the numbers a field takes. */
interface Row {
  readonly width: number
  readonly min: number
  readonly max: number
}

const rows: Readonly<Record<Field, Row>> = {
  year: { width: 4, min: 0, max: 9999 },
  month: { width: 2, min: 1, max: 12 },
  day: { width: 2, min: 1, max: 31 },
  hours: { width: 2, min: 0, max: 23 },
  minutes: { width: 2, min: 0, max: 59 },
  seconds: { width: 2, min: 0, max: 59 },
  microseconds: { width: 6, min: 0, max: 999999 },
  utc: { width: 3, min: -720, max: 720 }
}
const intervalDay: Row = { width: 8, min: 0, max: 99999999 }

const inTimestamp: ReadonlyArray<readonly [Field, number, number]> = [
  ["year", 0, 4],
  ["month", 4, 6],
  ["day", 6, 8],
  ["hours", 8, 10],
  ["minutes", 10, 12],
  ["seconds", 12, 14],
  ["microseconds", 15, 21],
  ["utc", 21, 25]
]
const inInterval: typeof inTimestamp = [["day", 0, 8], ...inTimestamp.slice(3, 7)]

/** Minutes east of UTC that the host has at a moment of its own clock. */
const hostOffset = (local: Date): number => -local.getTimezoneOffset()

/** The local fields of a `Date`, as if they were UTC. */
const wall = (date: Date): number => date.getTime() + hostOffset(date) * 60_000

/** The `Date` whose local fields are those of a moment in UTC. */
const fromWall = (utc: number): Date => {
  const at = new Date(utc)
  const local = new Date(0)
  local.setFullYear(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate())
  local.setHours(at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds(), at.getUTCMilliseconds())
  return local
}

/** Milliseconds from 1601 to 1970. */
const filetimeStart = 11_644_473_600_000n

/**
 * A datetime. The first value is `00000101000000.000000+000`.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemDateTime {
  private readonly fields: Record<Field, number> = {
    year: 0,
    month: 1,
    day: 1,
    hours: 0,
    minutes: 0,
    seconds: 0,
    microseconds: 0,
    utc: 0
  }
  private readonly open = new Set<Field>()
  private interval = false
  /** The text that was assigned, as long as no field has changed since. */
  private assigned: string | undefined

  private row(field: Field): Row {
    return field === "day" && this.interval ? intervalDay : rows[field]
  }

  private write(field: Field, n: number): void {
    const { max, min } = this.row(field)
    if (!Number.isInteger(n) || n < min || n > max) {
      throw refusal("ValueOutOfRange", source, `${field} is ${min} to ${max}, not ${n}`)
    }
    this.fields[field] = n
    this.assigned = undefined
  }

  private say(field: Field, specified: boolean): void {
    if (specified) this.open.delete(field)
    else this.open.add(field)
    this.assigned = undefined
  }

  private text(field: Field): string {
    const { width } = this.row(field)
    return this.open.has(field) ? "*".repeat(width) : String(Math.abs(this.fields[field])).padStart(width, "0")
  }

  /** The 25 characters. */
  get value(): string {
    if (this.assigned !== undefined) return this.assigned
    const time = `${this.text("hours")}${this.text("minutes")}${this.text("seconds")}.${this.text("microseconds")}`
    return this.interval
      ? `${this.text("day")}${time}:000`
      : `${this.text("year")}${this.text("month")}${this.text("day")}${time}${this.fields.utc < 0 ? "-" : "+"}${
        this.text("utc")
      }`
  }

  set value(text: string) {
    if (typeof text !== "string" || !(CimDateTime.isCimDateTime(text) || CimDateTime.isInterval(text))) {
      throw refusal("InvalidSyntax", source, `${JSON.stringify(text)} is no datetime`, "object-model 4")
    }
    this.interval = text.charAt(21) === ":"
    this.open.clear()
    for (const [field, from, to] of this.interval ? inInterval : inTimestamp) {
      const part = text.slice(from, to)
      if (part.includes("*")) this.open.add(field)
      else this.fields[field] = Number(part)
    }
    this.assigned = text
  }

  get isInterval(): boolean {
    return this.interval
  }

  set isInterval(on: boolean) {
    if (!on && (this.fields.day < 1 || this.fields.day > 31)) {
      throw refusal("ValueOutOfRange", source, `a date has no day ${this.fields.day}`)
    }
    this.interval = on
    this.assigned = undefined
  }

  get year(): number {
    return this.fields.year
  }
  set year(n: number) {
    this.write("year", n)
  }
  get yearSpecified(): boolean {
    return !this.open.has("year")
  }
  set yearSpecified(on: boolean) {
    this.say("year", on)
  }

  get month(): number {
    return this.fields.month
  }
  set month(n: number) {
    this.write("month", n)
  }
  get monthSpecified(): boolean {
    return !this.open.has("month")
  }
  set monthSpecified(on: boolean) {
    this.say("month", on)
  }

  /** The days of an interval. */
  get day(): number {
    return this.fields.day
  }
  set day(n: number) {
    this.write("day", n)
  }
  get daySpecified(): boolean {
    return !this.open.has("day")
  }
  set daySpecified(on: boolean) {
    this.say("day", on)
  }

  get hours(): number {
    return this.fields.hours
  }
  set hours(n: number) {
    this.write("hours", n)
  }
  get hoursSpecified(): boolean {
    return !this.open.has("hours")
  }
  set hoursSpecified(on: boolean) {
    this.say("hours", on)
  }

  get minutes(): number {
    return this.fields.minutes
  }
  set minutes(n: number) {
    this.write("minutes", n)
  }
  get minutesSpecified(): boolean {
    return !this.open.has("minutes")
  }
  set minutesSpecified(on: boolean) {
    this.say("minutes", on)
  }

  get seconds(): number {
    return this.fields.seconds
  }
  set seconds(n: number) {
    this.write("seconds", n)
  }
  get secondsSpecified(): boolean {
    return !this.open.has("seconds")
  }
  set secondsSpecified(on: boolean) {
    this.say("seconds", on)
  }

  get microseconds(): number {
    return this.fields.microseconds
  }
  set microseconds(n: number) {
    this.write("microseconds", n)
  }
  get microsecondsSpecified(): boolean {
    return !this.open.has("microseconds")
  }
  set microsecondsSpecified(on: boolean) {
    this.say("microseconds", on)
  }

  /** Minutes east of UTC, -720 to 720. */
  get utc(): number {
    return this.fields.utc
  }
  set utc(n: number) {
    this.write("utc", n)
  }
  get utcSpecified(): boolean {
    return !this.open.has("utc")
  }
  set utcSpecified(on: boolean) {
    this.say("utc", on)
  }

  /** A moment in UTC and the offset it is written with. */
  private take(utc: number, offset: number, microseconds: number, from: string): void {
    const text = CimDateTime.fromEpochMillis(utc, offset)
    if (text._tag === "None") throw refusal("InvalidSyntax", source, `${from} is outside the years of a datetime`)
    this.value = text.value
    this.fields.microseconds = microseconds
    this.assigned = undefined
  }

  /** The moment in UTC, or `Failed` for intervals and open fields. */
  private moment(): number {
    const at = this.interval ? undefined : CimDateTime.toDate(this.value)
    if (at === undefined || at._tag === "None") throw refusal("Failed", source, `${this.value} is no single moment`)
    return at.value.getTime()
  }

  /** Takes a date, its fields as local time with the offset of the host, or as UTC. */
  setVarDate(vdate: Date, bIsLocal: boolean = true): void {
    if (!(vdate instanceof Date) || Number.isNaN(vdate.getTime())) {
      throw refusal("InvalidSyntax", source, "it is no date")
    }
    const micros = vdate.getMilliseconds() * 1000
    if (bIsLocal) this.take(vdate.getTime(), hostOffset(vdate), micros, String(vdate))
    else this.take(wall(vdate), 0, micros, String(vdate))
  }

  /** The moment as a date with the fields of local time, or with those of UTC. */
  getVarDate(bIsLocal: boolean = true): Date {
    const at = this.moment()
    return bIsLocal ? new Date(at) : fromWall(at)
  }

  /** Takes a FILETIME, decimal text of 100 nanoseconds since 1601, as local time with the offset of the host, or as UTC. */
  setFileTime(strFileTime: string, bIsLocal: boolean = true): void {
    if (typeof strFileTime !== "string" || !/^\d{1,20}$/.test(strFileTime) || BigInt(strFileTime) >= 1n << 64n) {
      throw refusal("InvalidSyntax", source, `${String(strFileTime)} is no FILETIME`)
    }
    const ticks = BigInt(strFileTime)
    const utc = Number(ticks / 10_000n - filetimeStart)
    const offset = bIsLocal ? hostOffset(fromWall(utc)) : 0
    this.take(utc - offset * 60_000, offset, Number(ticks / 10n % 1_000_000n), strFileTime)
  }

  /** The moment as a FILETIME of local time, or of UTC. */
  getFileTime(bIsLocal: boolean = true): string {
    const at = this.moment()
    const utc = BigInt(at + (bIsLocal ? hostOffset(new Date(at)) * 60_000 : 0)) + filetimeStart
    if (utc < 0n) throw refusal("Failed", source, "a FILETIME begins in 1601")
    return String(utc * 10_000n + BigInt(this.fields.microseconds % 1000) * 10n)
  }

  get defaultMember_(): string {
    return this.value
  }

  /** The default property. */
  toString(): string {
    return this.value
  }
}
