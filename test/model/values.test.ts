/** Names, datetimes, values, builders, named value sets: tables of examples and laws. */
import * as DateTime from "effect/DateTime"
import * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import { assert, describe, it } from "vitest"
import * as CimDateTime from "../../src/model/CimDateTime.ts"
import * as CimName from "../../src/model/CimName.ts"
import * as CimType from "../../src/model/CimType.ts"
import * as CimValue from "../../src/model/CimValue.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as NamedValueSet from "../../src/model/NamedValueSet.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { scaled } from "../scale.ts"

describe("names", () => {
  const folds: ReadonlyArray<readonly [string, string]> = [
    ["Win32_Disk", "win32_disk"],
    ["ÄÖÜ", "äöü"],
    ["ΣΑΣ", "σασ"],
    ["İ", "İ"],
    ["ẞ", "ẞ"],
    ["Ǆ", "ǆ"],
    ["𐐀", "𐐀"]
  ]
  for (const [name, folded] of folds) {
    it(`${name} folds to ${folded}`, () => assert.strictEqual(CimName.fold(name), folded))
  }

  it("the fold keeps the length, and folding twice is folding once", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.string({ unit: "binary" }), (text) => {
        const folded = CimName.fold(text)
        assert.strictEqual(folded.length, text.length)
        assert.strictEqual(CimName.fold(folded), folded)
      }),
      { numRuns: scaled(5000) }
    )
  })

  it("underscore sorts before letters", () => assert.strictEqual(CimName.compare("_z", "A"), -1))
})

describe("datetimes", () => {
  const good = [
    "20240229120000.000000+060",
    "00000101000000.000000+000",
    "99991231235959.999999-999",
    "20240231000000.000000+000",
    "****0401******.000000+***",
    "********000000.000000+000",
    "20240229120000.000***+060",
    "20240229120000.******+000",
    "00000000115900.000000+***",
    "00000000000000.000000+000",
    "20240031000000.000000+000",
    "00000001020304.000005:000",
    "99999999235959.999999:000"
  ]
  const bad = [
    "",
    "2024",
    "20240229120000.000000+06",
    "20241329120000.000000+060",
    "00001300000000.000000+000",
    "20240232120000.000000+060",
    "20240229240000.000000+060",
    "20240229126000.000000+060",
    "20240229120060.000000+060",
    "199*0416000000.000000+000",
    "20240229120000.00*000+060",
    "20240229120000,000000+060",
    "2024022912000x.000000+060",
    "********020304.000005:000",
    "00000001020304.000005:001",
    "20240229120000.000000 060"
  ]
  for (const text of good) it(`${text} is a datetime`, () => assert.isTrue(CimDateTime.isCimDateTime(text)))
  for (const text of bad) it(`'${text}' is no datetime`, () => assert.isFalse(CimDateTime.isCimDateTime(text)))

  it("toDate is None for a month or day of 00", () => {
    for (const text of ["00000000115900.000000+000", "20240031000000.000000+000", "20241200000000.000000+000"]) {
      assert.deepStrictEqual(CimDateTime.toDate(text), Option.none(), text)
    }
  })

  it("toDate after fromDate is the identity, to the millisecond", () => {
    const dates = FastCheck.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T00:00:00Z"),
      noInvalidDate: true
    })
    FastCheck.assert(
      FastCheck.property(dates, FastCheck.integer({ min: -720, max: 840 }), (date, offset) => {
        const text = Option.getOrThrow(CimDateTime.fromEpochMillis(date.getTime(), offset))
        assert.isTrue(CimDateTime.isCimDateTime(text), text)
        assert.strictEqual(Option.getOrThrow(CimDateTime.toDate(text)).getTime(), date.getTime())
      }),
      { numRuns: scaled(3000) }
    )
  })

  it("toMillis after fromMillis is the identity", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.integer({ min: 0, max: 8_639_999_999_999 }), (millis) => {
        assert.strictEqual(
          Option.getOrThrow(CimDateTime.toMillis(Option.getOrThrow(CimDateTime.fromMillis(millis)))),
          millis
        )
      }),
      { numRuns: scaled(2000) }
    )
  })

  it("an offset of more than three digits has no timestamp", () => {
    for (const offset of [1000, -1000, 0.5, NaN]) {
      assert.deepStrictEqual(CimDateTime.fromEpochMillis(0, offset), Option.none())
    }
    assert.deepStrictEqual(CimDateTime.fromEpochMillis(0, -999), Option.some("19691231072100.000000-999"))
  })

  it("builders accept a Date and an Effect DateTime with an offset", () => {
    const utc = DateTime.unsafeMake("2024-02-29T12:00:00.123Z")
    const { values } = Instance.make("A", {
      a: new Date("2024-02-29T12:00:00.123Z"),
      b: utc,
      c: DateTime.setZoneOffset(utc, 90 * 60_000),
      d: DateTime.unsafeSetZoneNamed(utc, "Asia/Kolkata")
    })
    assert.deepStrictEqual({ ...values }, {
      a: "20240229120000.123000+000",
      b: "20240229120000.123000+000",
      c: "20240229133000.123000+090",
      d: "20240229173000.123000+330"
    })
  })
})

describe("values", () => {
  const rows: ReadonlyArray<readonly [string, unknown, unknown]> = [
    ["uint8", 255, 255],
    ["uint8", 256, "ValueOutOfRange"],
    ["sint8", -129, "ValueOutOfRange"],
    ["uint32", 1.5, "TypeMismatch"],
    ["uint32", "1", "TypeMismatch"],
    ["uint32", 1n, "TypeMismatch"],
    ["uint64", 1, 1n],
    ["uint64", "18446744073709551615", 18446744073709551615n],
    ["uint64", "18446744073709551616", "ValueOutOfRange"],
    ["uint64", 18446744073709551616n, "ValueOutOfRange"],
    ["uint64", -1n, "ValueOutOfRange"],
    ["sint64", "-9223372036854775808", -9223372036854775808n],
    ["sint64", -9223372036854775809n, "ValueOutOfRange"],
    ["uint64", "0x1F", "TypeMismatch"],
    ["uint64", "007", "TypeMismatch"],
    ["uint64", 2 ** 53, "TypeMismatch"],
    ["uint64", "9".repeat(100_000), "ValueOutOfRange"],
    ["real32", 0.1, Math.fround(0.1)],
    ["real32", 1e39, "ValueOutOfRange"],
    ["real64", NaN, "ValueOutOfRange"],
    ["real64", "NaN", "TypeMismatch"],
    ["boolean", true, true],
    ["boolean", 1, "TypeMismatch"],
    ["string", "a", "a"],
    ["string", "a\0b", "TypeMismatch"],
    ["string", 5, "TypeMismatch"],
    ["char16", 65, 65],
    ["char16", 65536, "ValueOutOfRange"],
    ["char16", "A", "TypeMismatch"],
    ["datetime", "now", "TypeMismatch"],
    ["reference", 'A.B="c"', 'A.B="c"'],
    ["uint32", null, null],
    ["string[]", null, null],
    ["string[]", ["a"], ["a"]],
    ["string[]", [null], "TypeMismatch"],
    ["string[]", "a", "TypeMismatch"],
    ["uint64[]", ["1", 2, 3n], [1n, 2n, 3n]],
    ["uint32[]", [], []],
    ["string", ["a"], "TypeMismatch"],
    ["object", "a", "TypeMismatch"]
  ]
  for (const [type, given, wanted] of rows) {
    it(`${type} accepts ${typeof given} ${String(given).slice(0, 30)} as ${String(wanted).slice(0, 30)}`, () => {
      const ref = CimType.parse(type)
      const plain = (kept: unknown): unknown =>
        kept === CimValue.mismatch ? "TypeMismatch" : kept === CimValue.outOfRange ? "ValueOutOfRange" : kept
      assert.deepStrictEqual(plain(CimValue.coerce(given, ref)), wanted)
      assert.deepStrictEqual(plain(CimValue.coercer(ref)(given)), wanted)
    })
  }

  it("coercer returns the same results as coerce", () => {
    const anything = FastCheck.oneof(
      FastCheck.integer(),
      FastCheck.double(),
      FastCheck.bigInt(),
      FastCheck.string(),
      FastCheck.boolean(),
      FastCheck.constant(null),
      FastCheck.constantFrom(
        18446744073709551615n,
        18446744073709551616n,
        9223372036854775807n,
        -9223372036854775809n,
        "-0",
        "+1",
        4294967295,
        -0
      ),
      FastCheck.array(FastCheck.oneof(FastCheck.integer(), FastCheck.string(), FastCheck.constant(null)))
    )
    FastCheck.assert(
      FastCheck.property(
        FastCheck.constantFrom(...CimType.table.map((row) => row.name)),
        FastCheck.boolean(),
        anything,
        (type, isArray, given) => {
          assert.deepStrictEqual(
            CimValue.coercer({ type, isArray })(given),
            CimValue.coerce(given, { type, isArray })
          )
        }
      ),
      { numRuns: scaled(10_000) }
    )
  })
})

describe("requests hold values, not handles (PA-4, PA-5)", () => {
  it("a later change of an instance, its arrays or a context does not change the request", () => {
    const list = ["a"]
    const object = { _tag: "Instance" as const, className: "A", values: { Id: 1, List: list }, qualifiers: [] }
    const context = { Hint: "old" }
    const request = PutRequest.make(object, { context })
    object.values.Id = 2
    list.push("b")
    context.Hint = "new"
    assert.deepStrictEqual<unknown>(request.object, {
      _tag: "Instance",
      className: "A",
      values: { Id: 1, List: ["a"] },
      qualifiers: []
    })
    assert.deepStrictEqual(NamedValueSet.get(request.context!, "hint"), Option.some("old"))
  })

  it("a later change of qualifiers does not change the request", () => {
    const note = (value: string | Array<string>) => ({ name: "Note", value, type: "string" as const, flavor: 0 })
    const words = ["a"]
    const object = {
      _tag: "Instance" as const,
      className: "A",
      values: {},
      qualifiers: [note(words)],
      propertyQualifiers: { Id: [note("old")] }
    }
    const { object: held } = PutRequest.make(object)
    words.push("b")
    object.propertyQualifiers.Id[0]!.value = "new"
    object.propertyQualifiers.Id.push(note("more"))
    Object.assign(object.propertyQualifiers, { Other: [] })
    assert.deepStrictEqual<unknown>(held, {
      ...object,
      qualifiers: [note(["a"])],
      propertyQualifiers: { Id: [note("old")] }
    })
  })

  it("__proto__ and constructor are ordinary names", () => {
    const made = Instance.make("A", JSON.parse('{"__proto__": 1, "constructor": 2}') as Record<string, number>)
    assert.deepStrictEqual(Instance.get(made, "__PROTO__"), Option.some(1))
    assert.deepStrictEqual(Instance.get(made, "Constructor"), Option.some(2))
    assert.deepStrictEqual(Instance.get(made, "toString"), Option.none())
    const set = Instance.set(made, JSON.parse('{"__PROTO__": 3, "toString": 4}') as Record<string, number>)
    assert.deepStrictEqual(Object.entries(set.values), [["__proto__", 3], ["constructor", 2], ["toString", 4]])
    const added = Instance.set(
      Instance.make("A", {}),
      JSON.parse('{"__proto__": [1]}') as Record<string, Array<number>>
    )
    assert.deepStrictEqual(Object.entries(added.values), [["__proto__", [1]]])
  })
})

describe("named value sets", () => {
  it("PA-60: names compare without case, the the last value is kept at the first position", () => {
    const set = NamedValueSet.set(NamedValueSet.make([["A", 1], ["b", 2], ["a", 3]]), "B", 4)
    assert.deepStrictEqual(set.entries, [["A", 3], ["b", 4]])
    assert.deepStrictEqual(NamedValueSet.remove(set, "a").entries, [["b", 4]])
  })
})

it("-0 in a sint32 qualifier becomes 0, in lists too", () => {
  assert.isTrue(Object.is(Qualifier.make("N", -0).value, 0))
  assert.deepStrictEqual(Qualifier.make("N", [-0, 1]).value, [0, 1])
  assert.isTrue(Object.is(Qualifier.make("N", -0, { type: "real64" }).value, -0))
})
