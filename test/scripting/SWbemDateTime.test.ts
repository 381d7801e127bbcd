/** The fields of an SWbemDateTime. The tests pass in every time zone of the host. */
import { assert, describe, it } from "vitest"
import { SWbemDateTime } from "../../src/scripting/objects/SWbemDateTime.ts"
import * as CimDateTime from "../../src/model/CimDateTime.ts"
import type * as HResult from "../../src/protocol/HResult.ts"
import { err } from "./scripts.ts"

const of = (value: string): SWbemDateTime => {
  const dateTime = new SWbemDateTime()
  dateTime.value = value
  return dateTime
}

describe("SWbemDateTime", () => {
  it("has the initial value of WMI and converts to its text", () => {
    assert.strictEqual(new SWbemDateTime().value, "00000101000000.000000+000")
    assert.strictEqual(String(of("20240229120000.123456-480")), "20240229120000.123456-480")
  })

  it("a text is parsed into fields", () => {
    const d = of("20240229123456.654321-480")
    assert.deepStrictEqual(
      [d.year, d.month, d.day, d.hours, d.minutes, d.seconds, d.microseconds, d.utc, d.isInterval],
      [2024, 2, 29, 12, 34, 56, 654321, -480, false]
    )
    const open = of("****0401******.******+***")
    assert.deepStrictEqual(
      [open.yearSpecified, open.monthSpecified, open.hoursSpecified, open.microsecondsSpecified, open.utcSpecified],
      [false, true, false, false, false]
    )
    const interval = of("00000100010003.000000:000")
    assert.deepStrictEqual([interval.isInterval, interval.day, interval.hours, interval.seconds], [true, 100, 1, 3])
  })

  it("fields are formatted, unspecified ones as asterisks", () => {
    const d = new SWbemDateTime()
    d.year = 2024
    d.month = 2
    d.day = 31 // the length of the month is not checked
    d.hours = 23
    d.minutes = 59
    d.seconds = 58
    d.microseconds = 7
    d.utc = 60
    assert.strictEqual(d.value, "20240231235958.000007+060")
    d.utc = -720
    d.minutesSpecified = false
    d.secondsSpecified = false
    d.microsecondsSpecified = false
    d.daySpecified = false
    d.monthSpecified = false
    d.yearSpecified = false
    d.hoursSpecified = false
    d.utcSpecified = false
    assert.isTrue(CimDateTime.isCimDateTime(d.value), d.value)
    d.hoursSpecified = true
    assert.strictEqual(d.value.slice(8, 10), "23")
  })

  const refused: ReadonlyArray<readonly [string, HResult.Status, (d: SWbemDateTime) => void]> = [
    ["year 10000", "ValueOutOfRange", (d) => d.year = 10000],
    ["month 0", "ValueOutOfRange", (d) => d.month = 0],
    ["day 32", "ValueOutOfRange", (d) => d.day = 32],
    ["hour 24", "ValueOutOfRange", (d) => d.hours = 24],
    ["minute -1", "ValueOutOfRange", (d) => d.minutes = -1],
    ["second 60", "ValueOutOfRange", (d) => d.seconds = 60],
    ["a fraction of a microsecond", "ValueOutOfRange", (d) => d.microseconds = 0.5],
    ["offset 721", "ValueOutOfRange", (d) => d.utc = 721],
    ["a text that is no datetime", "InvalidSyntax", (d) => d.value = "yesterday"],
    ["an invalid date", "InvalidSyntax", (d) => d.setVarDate(new Date(NaN))],
    ["a date outside the years of a datetime", "InvalidSyntax", (d) => d.setVarDate(new Date(8.64e15), false)],
    ["a text that is no FILETIME", "InvalidSyntax", (d) => d.setFileTime("-1")],
    ["a FILETIME of 65 bits", "InvalidSyntax", (d) => d.setFileTime("18446744073709551616")]
  ]
  for (const [what, status, step] of refused) {
    it(`${what}: ${status}, and nothing changes`, async () => {
      const d = of("20240229120000.123456-480")
      await err(status, () => step(d))
      assert.strictEqual(d.value, "20240229120000.123456-480")
    })
  }

  it("an interval of more than 31 days cannot become a timestamp", async () => {
    const d = of("00000100010003.000000:000")
    await err("ValueOutOfRange", () => d.isInterval = false)
    d.day = 12
    d.isInterval = false
    assert.strictEqual(d.value.slice(6, 14), "12010003")
    await err("ValueOutOfRange", () => d.day = 100)
  })

  it("intervals and unspecified fields cannot be converted to a date or a FILETIME", async () => {
    for (const text of ["00000100010003.000000:000", "2024****120000.000000+000", "20240229120000.000000+***"]) {
      await err("Failed", () => of(text).getVarDate())
      await err("Failed", () => of(text).getFileTime())
    }
  })

  it("a date is set and read back by its local fields", () => {
    const date = new Date(2024, 5, 15, 10, 20, 30, 400)
    const d = new SWbemDateTime()
    d.setVarDate(date)
    assert.strictEqual(d.value.slice(0, 21), "20240615102030.400000")
    assert.strictEqual(d.utc, -date.getTimezoneOffset())
    assert.strictEqual(d.getVarDate().getTime(), date.getTime())
    d.setVarDate(date, false)
    assert.strictEqual(d.value, "20240615102030.400000+000")
    assert.strictEqual(d.getVarDate(false).getTime(), date.getTime())
  })

  it("a FILETIME is set and read back, to the microsecond", () => {
    const d = new SWbemDateTime()
    d.setFileTime("133500000001234560", false)
    assert.strictEqual(d.value, "20240117212000.123456+000")
    assert.strictEqual(d.getFileTime(false), "133500000001234560")
    d.setFileTime("133500000001234560")
    assert.strictEqual(d.value.slice(0, 21), "20240117212000.123456")
    assert.strictEqual(d.getFileTime(), "133500000001234560")
    d.setFileTime("0", false)
    assert.strictEqual(d.value, "16010101000000.000000+000")
  })

  it("a year before 1601 cannot be converted to a FILETIME", () =>
    err("Failed", () => of("16001231235959.000000+000").getFileTime(false)))
})
