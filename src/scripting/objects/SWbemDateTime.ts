/**
 * `SWbemDateTime`: parses, edits and formats a CIM datetime. A field can be unspecified, an asterisk in the text. An interval has
 * days instead of a year, a month and a day (`object-model` 4).
 *
 * A `VT_DATE` has fields and no time zone. A `Date` stands for one by its local fields, those that `getHours` and the like return.
 *
 * @since 0.1.0
 */
import * as CimDateTime from "../../model/CimDateTime.ts"
import { refusal } from "./refusal.ts"

const source = "SWbemDateTime"

type Field = "year" | "month" | "day" | "hours" | "minutes" | "seconds" | "microseconds" | "utc"

/** A field: its columns in the text, the number of digits and the range. */
interface FieldLayout {
  readonly field: Field
  readonly from: number
  readonly to: number
  readonly digits: number
  readonly min: number
  readonly max: number
}

const row = (field: Field, from: number, digits: number, min: number, max: number): FieldLayout => ({
  field,
  from,
  to: from + digits + (field === "utc" ? 1 : 0), // the offset has a sign
  digits,
  min,
  max
})

/** The fields of a timestamp, `yyyymmddHHMMSS.mmmmmm+UUU`, in the order of the text. */
const timestampRows: ReadonlyArray<FieldLayout> = [
  row("year", 0, 4, 0, 9999),
  row("month", 4, 2, 1, 12),
  row("day", 6, 2, 1, 31),
  row("hours", 8, 2, 0, 23),
  row("minutes", 10, 2, 0, 59),
  row("seconds", 12, 2, 0, 59),
  row("microseconds", 15, 6, 0, 999999),
  row("utc", 21, 3, -720, 720)
]
/** The fields of an interval, `ddddddddHHMMSS.mmmmmm:000`. */
const intervalRows: ReadonlyArray<FieldLayout> = [row("day", 0, 8, 0, 99999999), ...timestampRows.slice(3, 7)]

/** The offset of the host's time zone at a time, in minutes east of UTC. */
const hostOffset = (local: Date): number => -local.getTimezoneOffset()

/** The local fields of a `Date`, read as UTC, in milliseconds since 1970. */
const localAsUtc = (date: Date): number => date.getTime() + hostOffset(date) * 60_000

/** The `Date` whose local fields are the UTC fields of a time. */
const utcAsLocal = (utc: number): Date => {
  const at = new Date(utc)
  const local = new Date(0)
  local.setFullYear(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate())
  local.setHours(at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds(), at.getUTCMilliseconds())
  return local
}

/** Milliseconds from 1601 to 1970. */
const filetimeStart = 11_644_473_600_000n

/** The members for the fields. Setting a `...Specified` member to `false` writes asterisks in place of the field. */
type FieldMembers = Record<Field, number> & Record<`${Field}Specified`, boolean>

class Fields {
  protected readonly fields = Object.fromEntries(
    timestampRows.map(({ field, min }) => [field, Math.max(min, 0)])
  ) as Record<Field, number>
  protected readonly unspecified: Set<Field> = new Set()
  protected interval = false
  /** The text that was assigned, until a field changes. */
  protected assigned: string | undefined

  /** Defines the accessors of {@link FieldMembers} from the table of fields. */
  static withMembers(): new () => Fields & FieldMembers {
    for (const { field } of timestampRows) {
      Object.defineProperty(Fields.prototype, field, {
        get(this: Fields) {
          return this.fields[field]
        },
        set(this: Fields, value: number) {
          const rows = this.interval && field === "day" ? intervalRows : timestampRows
          const { max, min } = rows.find((one) => one.field === field)!
          if (!Number.isInteger(value) || value < min || value > max) {
            throw refusal("ValueOutOfRange", source, `${field} is ${min} to ${max}, not ${value}`)
          }
          this.fields[field] = value
          this.assigned = undefined
        }
      })
      Object.defineProperty(Fields.prototype, `${field}Specified`, {
        get(this: Fields) {
          return !this.unspecified.has(field)
        },
        set(this: Fields, specified: boolean) {
          if (specified) this.unspecified.delete(field)
          else this.unspecified.add(field)
          this.assigned = undefined
        }
      })
    }
    // The loop defined every member of the interface on the prototype.
    return Fields as unknown as new () => Fields & FieldMembers
  }
}

const Base: new () => Fields & FieldMembers = /* @__PURE__ */ Fields.withMembers()

/**
 * A datetime with the fields `year` to `utc`; `day` is the number of days of an interval, `utc` the offset in minutes east of UTC. The
 * initial value is `00000101000000.000000+000`. Setting a field outside its range fails with `ValueOutOfRange`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { SWbemDateTime } from "effect-wmi/scripting"
 *
 * const time = new SWbemDateTime()
 * time.value = "20240229120000.000000+060"
 * assert.equal(time.hours, 12)
 * time.hoursSpecified = false
 * assert.equal(time.value, "20240229**0000.000000+060")
 * ```
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemDateTime extends Base {
  /** A field as the characters of a datetime; stars for a field that is not specified. */
  private text({ digits, field }: FieldLayout): string {
    const before = field === "microseconds" ? "." : field !== "utc" ? "" : this.fields.utc < 0 ? "-" : "+"
    return before
      + (this.unspecified.has(field) ? "*".repeat(digits) : String(Math.abs(this.fields[field])).padStart(digits, "0"))
  }

  /** The 25 characters of the datetime. Fails with `InvalidSyntax` when another text is assigned. */
  get value(): string {
    const rows = this.interval ? intervalRows : timestampRows
    return this.assigned ?? rows.map((one) => this.text(one)).join("") + (this.interval ? ":000" : "")
  }

  set value(text: string) {
    if (typeof text !== "string" || !(CimDateTime.isCimDateTime(text) || CimDateTime.isInterval(text))) {
      throw refusal("InvalidSyntax", source, `${JSON.stringify(text)} is no datetime`, "object-model 4")
    }
    this.interval = text.charAt(21) === ":"
    this.unspecified.clear()
    for (const { field, from, to } of this.interval ? intervalRows : timestampRows) {
      const part = text.slice(from, to)
      if (part.includes("*")) this.unspecified.add(field)
      else this.fields[field] = Number(part)
    }
    this.assigned = text
  }

  /** Whether this is an interval. Fails with `ValueOutOfRange` when a timestamp cannot have the current number of days. */
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

  /** Sets the fields from a time in UTC (milliseconds since 1970) and the offset with which it is written (minutes). */
  private setTime(utc: number, offset: number, microseconds: number, from: string): void {
    const text = CimDateTime.fromEpochMillis(utc, offset)
    if (text._tag === "None") throw refusal("InvalidSyntax", source, `${from} is outside the years of a datetime`)
    this.value = text.value
    this.fields.microseconds = microseconds
    this.assigned = undefined
  }

  /** The time in UTC, in milliseconds since 1970. Fails with `Failed` for an interval and for unspecified fields. */
  private toEpochMillis(): number {
    const at = this.interval ? undefined : CimDateTime.toDate(this.value)
    if (at === undefined || at._tag === "None") throw refusal("Failed", source, `${this.value} is no single moment`)
    return at.value.getTime()
  }

  /** Sets the value from the fields of a date, as local time with the host's offset, or as UTC. */
  setVarDate(vdate: Date, bIsLocal: boolean = true): void {
    if (!(vdate instanceof Date) || Number.isNaN(vdate.getTime())) {
      throw refusal("InvalidSyntax", source, "it is no date")
    }
    const micros = vdate.getMilliseconds() * 1000
    if (bIsLocal) this.setTime(vdate.getTime(), hostOffset(vdate), micros, String(vdate))
    else this.setTime(localAsUtc(vdate), 0, micros, String(vdate))
  }

  /** The value as a date whose local fields are the local time, or those of UTC. Fails like `getFileTime`. */
  getVarDate(bIsLocal: boolean = true): Date {
    const at = this.toEpochMillis()
    return bIsLocal ? new Date(at) : utcAsLocal(at)
  }

  /** Sets the value from a FILETIME (decimal text, units of 100 ns since 1601), as local time with the host's offset, or as UTC. */
  setFileTime(strFileTime: string, bIsLocal: boolean = true): void {
    if (typeof strFileTime !== "string" || !/^\d{1,20}$/.test(strFileTime) || BigInt(strFileTime) >= 1n << 64n) {
      throw refusal("InvalidSyntax", source, `${String(strFileTime)} is no FILETIME`)
    }
    const ticks = BigInt(strFileTime)
    const utc = Number(ticks / 10_000n - filetimeStart)
    const offset = bIsLocal ? hostOffset(utcAsLocal(utc)) : 0
    this.setTime(utc - offset * 60_000, offset, Number(ticks / 10n % 1_000_000n), strFileTime)
  }

  /** The value as a FILETIME of local time, or of UTC. Fails with `Failed` for an interval, unspecified fields and years before 1601. */
  getFileTime(bIsLocal: boolean = true): string {
    const at = this.toEpochMillis()
    const utc = BigInt(at + (bIsLocal ? hostOffset(new Date(at)) * 60_000 : 0)) + filetimeStart
    if (utc < 0n) throw refusal("Failed", source, "a FILETIME begins in 1601")
    return String(utc * 10_000n + BigInt(this.fields.microseconds % 1000) * 10n)
  }

  /** The default property, `value`. */
  get defaultMember_(): string {
    return this.value
  }

  /** The default property. */
  override toString(): string {
    return this.value
  }
}
