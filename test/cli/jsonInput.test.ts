/** JSON as input: values with exact numbers and positions, requests in every layout and encoding, and the faults of a file. */
import * as Arbitrary from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { assert, describe, it } from "vitest"
import { KnownClasses, operations } from "../../src/cli/input/input.ts"
import { elements, JsonFault, type JsonValue, Lines, offsetOf } from "../../src/cli/input/json/jsonText.ts"
import type { Diagnostic } from "../../src/cli/terminal/output.ts"
import * as WmiSchema from "../../src/codec/WmiSchema.ts"
import * as Mof from "../../src/mof/Mof.ts"
import { encoded, encodings } from "./encodings.ts"

const defaults = { namespace: "root\\cimv2", classFlags: 0, instanceFlags: 0 }
const options = { include: false, includePath: [] }

const read = (bytes: Uint8Array, file = "in.json", known = new KnownClasses()) =>
  operations(file, bytes, defaults, known, options)

/** The operations without their positions. */
const requests = (bytes: Uint8Array, file?: string) =>
  Either.getOrThrow(read(bytes, file)).map((operation) => {
    assert(operation._tag === "Put")
    return operation.request
  })

const text = (one: Diagnostic | string): string => {
  assert(typeof one !== "string")
  return `${one.file}:${one.line}:${one.column}: ${one.message}`
}

const faults = (content: string, known?: KnownClasses): ReadonlyArray<string> => {
  const result = read(new TextEncoder().encode(content), "in.json", known)
  assert(Either.isLeft(result), "no fault was found")
  return result.left.map(text)
}

const values = (content: string): ReadonlyArray<JsonValue> =>
  [...elements(content)].map((one) => {
    assert(!(one instanceof JsonFault), one instanceof JsonFault ? one.message : "")
    return one.value
  })

describe("the values of a text", () => {
  it("are those of JSON.parse, whatever the layout", () =>
    FastCheck.assert(
      FastCheck.property(
        FastCheck.array(
          FastCheck.oneof(FastCheck.object(), FastCheck.jsonValue()).filter((one) => !Array.isArray(one))
        ),
        FastCheck.constantFrom("", " ", "  ", "\t"),
        FastCheck.constantFrom("\n", "\r\n", " ", "\n\n"),
        (list, indent, between) => {
          const written = list.map((one) => JSON.stringify(one, null, indent) ?? "null")
          const expected = written.map((one) => JSON.parse(one) as JsonValue)
          const isExact = (value: JsonValue): boolean =>
            typeof value === "number"
              ? Number.isSafeInteger(value) || !/^-?\d+$/.test(JSON.stringify(value))
              : typeof value !== "object" || value === null || Object.values(value).every(isExact)
          FastCheck.pre(expected.every(isExact))
          assert.deepStrictEqual(values(written.join(between)), expected)
          assert.deepStrictEqual(values(`[${written.join(`,${between}`)}]`), expected)
        }
      ),
      { numRuns: 50 }
    ))

  it("keep every digit of an integer", () =>
    FastCheck.assert(
      FastCheck.property(FastCheck.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (wide) => {
        const [value] = values(`{"a": [${wide}]}`)
        const safe = Number.isSafeInteger(Number(wide))
        assert.deepStrictEqual(value, { a: [safe ? Number(wide) : wide] })
      })
    ))

  it("a member of the name __proto__ is a member", () =>
    assert.deepStrictEqual(Object.keys(values('{"__proto__": 1, "constructor": 2}')[0] as object), [
      "__proto__",
      "constructor"
    ]))

  it("the position of a value is found by its path", () => {
    const content = '[\n {"a": 1},\n {"b": {"c": [1,\r\n   {"d": 5}]}}\n]'
    const lines = new Lines(content)
    const [, second] = [...elements(content)]
    assert(second !== undefined && !(second instanceof JsonFault))
    const at = (...path: ReadonlyArray<string | number>) => lines.at(offsetOf(content, second.offset, path))
    assert.deepStrictEqual(at("b", "c", 1, "d"), { line: 4, column: 10 })
    assert.deepStrictEqual(at("b"), { line: 3, column: 8 })
    assert.deepStrictEqual(at("b", "absent"), { line: 3, column: 8 })
    assert.deepStrictEqual(at(), { line: 3, column: 2 })
  })

  const wrong: ReadonlyArray<readonly [content: string, ...expected: ReadonlyArray<string>]> = [
    ["{", "1:2 found the end of the text, expected the name of a member in double quotes"],
    ['{"a": 1,}', "1:9 found }, expected the name of a member"],
    ["[1, 2", "1:6 found the end of the text, expected a comma or ]"],
    ["[1 2]", "1:4 found 2, expected a comma or ]"],
    ["{a: 1}", "1:2 found a, expected the name of a member in double quotes"],
    ['{"a" 1}', "1:6 found 1, expected a colon"],
    ['{"a": 01}', "1:8 found 1, expected a comma or }"],
    ['{"a": 1.}', "1:7 the number ends too early"],
    ['{"a": -}', "1:7 found -, expected a value"],
    ['{"a": NaN}', "1:7 found NaN, expected a value"],
    ['{"a": "x\ny"}', "1:7 the text has no closing quote on its line"],
    ['{"a": "\\x"}', "1:7 this escape does not exist in JSON"],
    ['{"a": "\\u12"}', "1:7 \\u needs four hexadecimal digits"],
    ['{"a": "\u0001"}', "1:7 control characters in a text must be escaped"],
    ["// no\n{}", "1:1 JSON has no comments"],
    ['{"a": 1, "a": 2}', "1:10 the member a is there twice"],
    [`{"a": ${"9".repeat(400)}}`, "1:7 the number is larger than every CIM type"],
    [`${"[".repeat(100_000)}`, "1:503 the value is nested more than 500 deep"],
    // Every faulty line is found, and the lines between them are read.
    [
      '{"a": }\n{"b": 1}\n{"c" 1}\n',
      "1:7 found }, expected a value",
      "3:6 found 1, expected a colon"
    ],
    ['{"a": {\n{"b": 1}\n', "1:8 the line ends in the middle of an object, and the next line begins another one"]
  ]
  for (const [content, ...expected] of wrong) {
    it(`fault: ${JSON.stringify(content.slice(0, 40))}`, () => {
      const lines = new Lines(content)
      const found = [...elements(content)].flatMap((one) => {
        if (!(one instanceof JsonFault)) return []
        const { column, line } = lines.at(one.offset)
        return [`${line}:${column} ${one.message}`]
      })
      assert.deepStrictEqual(found, expected)
    })
  }
})

const layouts: Readonly<Record<string, (list: ReadonlyArray<unknown>) => string>> = {
  "lines": (list) => list.map((one) => JSON.stringify(one)).join("\n"),
  "an array": (list) => JSON.stringify(list),
  "a pretty array": (list) => JSON.stringify(list, null, 4),
  "pretty objects": (list) => list.map((one) => JSON.stringify(one, null, 2)).join("\n"),
  "arrays on lines": (list) => list.map((one) => JSON.stringify([one])).join("\n\n")
}

describe("requests", () => {
  it("are the same in every layout and encoding", () => {
    const request = Arbitrary.make(WmiSchema.PutRequest)
    const encode = Schema.encodeSync(WmiSchema.PutRequest)
    FastCheck.assert(
      FastCheck.property(
        FastCheck.array(request, { maxLength: 4 }),
        FastCheck.constantFrom(...Object.values(layouts)),
        FastCheck.constantFrom(...encodings),
        FastCheck.constantFrom("\n", "\r\n"),
        (list, layout, encoding, lineEnd) => {
          const json = list.map((one) => encode(one))
          const plain = requests(encoded(layouts["lines"]!(json), "utf-8"))
          const written = layout(json).replaceAll("\n", lineEnd)
          assert.strictEqual(plain.length, list.length)
          assert.deepStrictEqual(requests(encoded(written, encoding)), plain)
        }
      ),
      { numRuns: 60 }
    )
  })

  it("JSON is recognised by its name, or by its first characters where they cannot be MOF", () => {
    const object = { object: { kind: "class", name: "A" } }
    const mof = '[Description("a")] class A {};'
    for (const file of ["-", "pipe", "x.txt"]) {
      assert.strictEqual(requests(encoded(`\r\n [ ${JSON.stringify(object)} ]`, "utf-16le-bom"), file).length, 1)
      assert.strictEqual(requests(encoded(mof, "utf-16le"), file).length, 1)
    }
    assert.isTrue(Either.isLeft(read(encoded(mof, "utf-8"), "x.json")))
    assert.strictEqual(requests(encoded("", "utf-8"), "none.jsonl").length, 0)
    assert.strictEqual(requests(encoded("[]", "utf-8"), "-").length, 0)
  })

  it("large integers: 64-bit values keep their digits, values and defaults of reals are numbers", () => {
    const classes = `{"object": {"kind": "class", "name": "A", "properties": [
      {"name": "Id", "type": "uint64", "value": 18446744073709551615, "qualifiers": [{"name": "key"}]},
      {"name": "R", "type": "real64", "value": 100000000000000000000}]}}`
    const instance =
      '{"object": {"kind": "instance", "class": "A", "values": {"Id": 9007199254740993, "R": 18446744073709551616}}}'
    const [definition, object] = requests(encoded(`${classes}\n${instance}`, "utf-8")).map((one) => one.object)
    assert(definition?._tag === "Class" && object?._tag === "Instance")
    assert.deepStrictEqual(definition.properties.map(({ value }) => value), ["18446744073709551615", 1e20])
    assert.deepStrictEqual({ ...object.values }, { Id: "9007199254740993", R: 2 ** 64 })
  })

  const cases: ReadonlyArray<readonly [title: string, content: string, ...expected: ReadonlyArray<string>]> = [
    [
      "an unknown member, in pretty JSON",
      '[\n  {\n    "object": {"kind": "class", "name": "A"},\n    "colour": 1\n  }\n]',
      'in.json:4:15: colour: is unexpected, expected: "object" | "namespace" | "flags" | "mode" | "update" | "context"'
    ],
    [
      "every faulty element of an array",
      '[{"object": {"kind": "instance", "class": "A", "values": {"x": {"y": 1}}}},\n {"object": {"kind": "class", "name": "A"}},\n 7, "x",\n {"kind": "class", "name": "A"}]',
      'in.json:1:64: object.values.x: an embedded object has the members "class", a string, and "values"',
      "in.json:3:2: an object is expected: a request, or an object of ConvertTo-Json",
      "in.json:3:5: an object is expected: a request, or an object of ConvertTo-Json",
      "in.json:4:2: the object is no request"
    ],
    [
      "an object without a class",
      '{"DeviceID": "C:"}',
      "in.json:1:1: the object has no class: it is no request, and has none of CimSystemProperties, CimClass and __CLASS"
    ],
    [
      "a dump",
      '{"effect-wmi":"dump","version":2}\n{"end":true}',
      "in.json:1:1: this is a dump of a store, and put reads requests"
    ],
    [
      "text after an array",
      '[{"object": {"kind": "class", "name": "A"}}] x',
      "in.json:1:46: found x, expected a value"
    ]
  ]
  for (const [title, content, ...expected] of cases) {
    it(`faults: ${title}`, () => assert.deepStrictEqual(faults(content), expected))
  }

  it("a fault in a long line has the line, so that the part around the fault is printed", () => {
    const content = JSON.stringify({ object: { kind: "instance", class: "A".repeat(600), wrong: 1 } })
    const result = read(encoded(content, "utf-8"))
    assert(Either.isLeft(result))
    assert.deepStrictEqual(result.left.map(({ sourceLine }) => sourceLine), [content])
  })
})

describe("MOF", () => {
  it("has the same operations in every encoding", () => {
    const string = FastCheck.string({ unit: "grapheme" }).filter((one) => !one.includes("\0"))
    FastCheck.assert(
      FastCheck.property(
        FastCheck.array(string, { maxLength: 5 }),
        FastCheck.constantFrom(...encodings),
        FastCheck.constantFrom("\n", "\r\n"),
        (list, encoding, lineEnd) => {
          const objects = list.map((one) => `instance of A\n{\n  Id = ${JSON.stringify(one)};\n};`)
          const mof = ["class A { [key] string Id; };", ...objects].join("\n").replaceAll("\n", lineEnd)
          FastCheck.pre(Mof.parse(mof).errors.length === 0)
          assert.deepStrictEqual(requests(encoded(mof, encoding), "in.mof"), requests(encoded(mof, "utf-8"), "in.mof"))
        }
      ),
      { numRuns: 60 }
    )
  })
})
