/** The client's half of the protocol without a process: lines, frames, CLIXML, failures, values. */
import { assert, describe, it } from "vitest"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as CimName from "../../src/model/CimName.ts"
import * as CimType from "../../src/model/CimType.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as NamedValueSet from "../../src/model/NamedValueSet.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { CimValue } from "../../src/model/WbemObject.ts"
import { isWbemError } from "../../src/protocol/WbemError.ts"
import * as clixml from "../../src/windows/process/clixml.ts"
import { resultOf } from "../../src/windows/repository/batch.ts"
import { toError } from "../../src/windows/repository/failures.ts"
import { isWellFormed, json, LastLines, LineSplitter } from "../../src/windows/conversation/lines.ts"
import { encodeClass } from "../../src/windows/encoding/objects.ts"
import { readClass } from "../../src/windows/repository/reading.ts"
import * as frames from "../../src/windows/conversation/frames.ts"
import { failureRedactor, textRedactor } from "../../src/windows/process/secret.ts"
import * as recordedPuts from "../../src/windows/encoding/recordedPuts.ts"
import {
  type ClassShapes,
  encodeContext,
  encodeInstance,
  encodeOrError,
  readInstance,
  readShape
} from "../../src/windows/encoding/values.ts"
import { hostile, wellFormed } from "./hostileText.ts"

const runs = { numRuns: 3000 }

describe("lines", () => {
  it("are ASCII, one line, and parse to the same value", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.oneof(hostile, FastCheck.jsonValue()), (value) => {
        const text = json({ op: "x", value })
        assert.match(text, /^[ -~]*$/)
        // JSON does not distinguish -0 from 0.
        assert.deepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify({ op: "x", value })))
      }),
      runs
    )
  })

  it("lone surrogates are found", () => {
    for (const text of ["\ud800", "a\udc00b", "\udc00\ud800"]) assert.isFalse(isWellFormed(text))
    for (const text of ["", "\ud83d\ude00", "\ufffd"]) assert.isTrue(isWellFormed(text))
  })
})

const nonce = "00112233445566778899aabbccddeeff"

/** What a splitter finds in a text that arrives in these pieces. */
const split = (pieces: ReadonlyArray<string>, longest = 10_000_000) => {
  const frames: Array<string> = []
  const noise: Array<string> = []
  let tooLong = 0
  const splitter = new LineSplitter(nonce, longest, {
    frame: (value) => frames.push(value),
    noise: (value) => noise.push(value),
    tooLong: () => tooLong++
  })
  for (const piece of pieces) splitter.push(piece)
  splitter.end()
  return { frames, noise, tooLong }
}

describe("frames among noise", () => {
  const noises = FastCheck.constantFrom(
    "",
    "WARNING: a banner\r\n",
    "\u001b[2J\u001b[?25h",
    'EWMI1 ffffffffffffffffffffffffffffffff {"t":"bye"}\n',
    "EWMI0 nothing\n",
    "\n\n",
    "\ufeff"
  )

  it("are found wherever the text is cut and whatever precedes them in the line", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.array(FastCheck.tuple(noises, hostile), { maxLength: 6 }),
        FastCheck.integer({ min: 1, max: 4000 }),
        (parts, size) => {
          const sent = parts.map(([, value]) => json({ t: "res", value }))
          const text = parts.map(([noise], i) => `${noise}EWMI1 ${nonce} ${sent[i]}\n`).join("")
          const pieces = text.length === 0 ? [] : text.match(new RegExp(`[^]{1,${size}}`, "g"))!
          assert.deepStrictEqual(split(pieces).frames, sent)
        }
      ),
      { numRuns: 1000 }
    )
  })

  it("an unfinished last line is not a frame; an overlong line is reported if it is a frame, and its rest is not a line", () => {
    assert.deepStrictEqual(split([`EWMI1 ${nonce} {"t":"bye"}`]), {
      frames: [],
      noise: [`EWMI1 ${nonce} {"t":"bye"}`],
      tooLong: 0
    })
    const long = split([`EWMI1 ${nonce} `, "x".repeat(80), "y", `EWMI1 ${nonce} z\n`, `EWMI1 ${nonce} {}\n`], 100)
    assert.deepStrictEqual(long, { frames: ["{}"], noise: [], tooLong: 1 })
    assert.strictEqual(split(["x".repeat(200), "\n", `EWMI1 ${nonce} {}\n`], 100).frames.length, 1)
  })

  it("LastLines keeps the last lines and characters", () => {
    const tail = new LastLines(3, 10)
    for (const line of ["one", "two", "three", "four", "x".repeat(50)]) tail.push(line)
    assert.strictEqual(tail.text(), "x".repeat(10))
    const small = new LastLines(2, 100)
    for (const line of ["one", "two", "three"]) small.push(line)
    assert.strictEqual(small.text(), "two\nthree")
  })
})

describe("the decoding of frames", () => {
  const good: ReadonlyArray<object> = [
    {
      t: "hello",
      protocol: 1,
      edition: "Core",
      version: "7",
      bits: 64,
      apartment: "MTA",
      engines: ["script"],
      more: 1
    },
    { t: "start", id: 1 },
    {
      t: "items",
      id: 1,
      from: 0,
      r: [{ ok: true, path: "A=1" }, { ok: false, error: { kind: "host", code: "NoPath", message: "" } }]
    },
    { t: "rows", id: 1, from: 0, r: [{ mof: "class A {};" }, { path: "", genus: 2, class: "A", props: [] }] },
    { t: "res", id: 1, ok: true, result: {} },
    {
      t: "res",
      id: 1,
      ok: false,
      error: { kind: "wmi", hresult: "80041002", message: "no", where: { property: "A" } }
    },
    { t: "pong", id: 1, running: 0 },
    { t: "bye" }
  ]
  const bad: ReadonlyArray<unknown> = [
    null,
    [],
    "text",
    {},
    { t: "what" },
    { t: "__proto__" },
    { t: "toString" },
    { t: "start" },
    { t: "start", id: -1 },
    { t: "start", id: 1.5 },
    { t: "start", id: "1" },
    { t: "items", id: 1, from: 0, r: [{}] },
    { t: "items", id: 1, from: 0, r: {} },
    { t: "items", id: 1, from: 0, r: new Array(2000).fill({ ok: true, path: "" }) },
    { t: "res", id: 1 },
    { t: "res", id: 1, ok: true },
    { t: "res", id: 1, ok: false, error: { kind: "wmi", message: "no number" } },
    { t: "res", id: 1, ok: false, error: { kind: "other", hresult: "80041002", message: "" } },
    { t: "hello", protocol: "1" }
  ]
  it("accepts every kind of frame", () => {
    for (const value of good) assert.isTrue(frames.decodeFrame(JSON.stringify(value)).ok, JSON.stringify(value))
  })
  it("refuses other JSON, and throws nothing", () => {
    for (const value of bad) assert.isFalse(frames.decodeFrame(JSON.stringify(value)).ok, JSON.stringify(value))
    for (const text of ["", "{", "[".repeat(100_000), "nul"]) assert.isFalse(frames.decodeFrame(text).ok)
    FastCheck.assert(
      FastCheck.property(FastCheck.jsonValue(), (u) => typeof frames.decodeFrame(JSON.stringify(u)).ok === "boolean")
    )
  })
  it("limits the depth of embedded objects", () => {
    const nest = (n: number): object => ({
      genus: 2,
      class: "A",
      props: n === 0 ? [] : [{ n: "P", t: 13, a: false, v: nest(n - 1) }]
    })
    assert.isTrue(frames.decodeObjectResult(nest(16) as never).ok)
    assert.isFalse(frames.decodeObjectResult(nest(17) as never).ok)
  })
})

describe("CLIXML", () => {
  const wrap = (inner: string): string =>
    `#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">${inner}</Objs>`
  it("is converted to its error text, unescaped", () => {
    assert.strictEqual(
      clixml.text(wrap('<S S="Error">a &lt;b&gt; &amp;amp; &#228;_x000D__x000A_</S><S S="Error">c_x005F_x000A_</S>')),
      "a <b> &amp; \u00e4\nc_x000A_"
    )
  })
  it("progress records and an empty document are not errors; other text is not changed", () => {
    assert.strictEqual(clixml.text(wrap('<Obj S="progress" RefId="0"><MS><S N="x">y</S></MS></Obj>')), "")
    assert.strictEqual(clixml.text(wrap("")), "")
    assert.strictEqual(clixml.text("ssh: no\nroute"), "ssh: no\nroute")
    assert.strictEqual(clixml.text(`before\n${wrap('<S S="Error">x</S>')}`), "before\nx")
  })
  it("any escaped text is restored", () => {
    const escape = (text: string): string =>
      text.replace(/_(?=x[0-9a-fA-F]{4}_)/g, "_x005F_").replace(
        /[\u0000-\u001f\ud800-\udfff\ufffe\uffff]/g,
        (c) => `_x${c.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase()}_`
      ).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
    FastCheck.assert(
      FastCheck.property(FastCheck.string({ unit: "binary", maxLength: 40 }), (text) => {
        const shown = clixml.text(wrap(`<S S="Error">${escape(text)}</S>`))
        assert.strictEqual(shown, text.replace(/\r\n?/g, "\n").trimEnd())
      }),
      runs
    )
  })
})

describe("failures", () => {
  const wmi = (hresult: number) =>
    ({ kind: "wmi", hresult, code: undefined, message: "m", where: {}, status: undefined }) as const
  const other = (kind: "windows" | "dispatch", hresult: number) => ({ ...wmi(hresult), kind })
  const host = (code: string) => ({ ...wmi(0), kind: "host", hresult: undefined, code }) as const
  const rows: ReadonlyArray<readonly [frames.Failure, string]> = [
    [wmi(0x80041002), "NotFound"],
    [wmi(0x80041019), "AlreadyExists"],
    [wmi(0x80041003), "AccessDenied"],
    [wmi(0x80041064), "LocalCredentials"],
    [wmi(0x80044fff), "Unlisted"],
    [other("windows", 0x80070005), "AccessDenied"],
    [other("windows", 0x800706ba), "TransportFailure true"],
    [other("windows", 0x800706be), "TransportFailure true"],
    [other("windows", 0x800706bf), "TransportFailure false"],
    [other("windows", 0x80070776), "TransportFailure true"],
    [other("windows", 0x8007000e), "OutOfMemory"],
    [other("windows", 0x80070008), "OutOfMemory"],
    [other("windows", 0x80070057), "Unlisted"],
    [other("dispatch", 0x80020005), "TypeMismatch"],
    [other("dispatch", 0x80020003), "NotSupported"],
    [other("dispatch", 0x80020006), "NotSupported"],
    [host("BadValue"), "InvalidParameter"],
    [host("InvalidFlags"), "InvalidParameter"],
    [host("UnsupportedFlags"), "NotSupported"],
    [host("UnknownOp"), "NotSupported"],
    [host("Cancelled"), "CallCancelled"],
    [host("NoPath"), "Failed"],
    [host("BadLine"), "Failed"],
    [host("Depth"), "Failed"],
    [host("Leak"), "Failed"],
    [host("Script"), "Failed"],
    [host("Whatever"), "Failed"]
  ]
  for (const [failure, status] of rows) {
    it(`${failure.kind} ${failure.code ?? failure.hresult?.toString(16)}: ${status}`, () => {
      const error = toError(failure)
      assert.strictEqual(error._tag === "WbemTransportFailure" ? `${error.status} ${error.sent}` : error.status, status)
    })
  }
  it("distinguish a missing class from a missing object", () => {
    const missing = (where: Readonly<Record<string, string>>) => toError({ ...wmi(0x80041002), where })
    const noClass = missing({ class: "Nobody" })
    assert.strictEqual(noClass._tag === "WbemInvalidClass" && noClass.className, "Nobody")
    const noSuperclass = missing({ superclass: "Nobody" })
    assert.strictEqual(noSuperclass._tag === "WbemNotFound" && noSuperclass.path.className, "Nobody")
    assert.strictEqual(missing({ property: "P" }).status, "NotFound")
  })
  it("keep where they happened and the extended status of WMI", () => {
    const error = toError({
      ...wmi(0x80041005),
      where: { property: "Outer.Inner" },
      status: { operation: "PutInstance", parameterInfo: "A=1", providerName: "WinMgmt", statusCode: "-2147217403" }
    })
    assert.strictEqual(error._tag === "WbemTypeMismatch" && error.property, "Outer.Inner")
    assert.include(error.message, "property Outer.Inner: m")
    assert.strictEqual(error.parameterInfo, "A=1")
    assert.deepStrictEqual(error.extended?.values, {
      StatusCode: 0x80041005,
      Operation: "PutInstance",
      ParameterInfo: "A=1",
      ProviderName: "WinMgmt"
    })
  })
})

describe("secrets", () => {
  it("are redacted in failures and texts, and paths are not changed", () => {
    const clean = failureRedactor("hunter2")
    const frame = {
      t: "items",
      r: [{ ok: true, path: "hunter2" }, { ok: false, error: { message: "hunter2!", status: { x: "hunter2" } } }]
    }
    assert.deepStrictEqual(clean(frame), {
      t: "items",
      r: [{ ok: true, path: "hunter2" }, { ok: false, error: { message: "<secret>!", status: { x: "<secret>" } } }]
    })
    assert.strictEqual(textRedactor("hunter2")("a hunter2 b"), "a <secret> b")
    assert.strictEqual(textRedactor("ab")("cab"), "cab")
  })
})

const types: Readonly<Record<CimType.CimType, FastCheck.Arbitrary<CimValue>>> = {
  sint8: FastCheck.integer({ min: -128, max: 127 }),
  uint8: FastCheck.integer({ min: 0, max: 255 }),
  sint16: FastCheck.integer({ min: -32768, max: 32767 }),
  uint16: FastCheck.integer({ min: 0, max: 65535 }),
  sint32: FastCheck.integer({ min: -2147483648, max: 2147483647 }),
  uint32: FastCheck.integer({ min: 0, max: 4294967295 }),
  sint64: FastCheck.bigInt({ min: -9223372036854775808n, max: 9223372036854775807n }),
  uint64: FastCheck.bigInt({ min: 0n, max: 18446744073709551615n }),
  real32: FastCheck.float({ noNaN: true, noDefaultInfinity: true }),
  real64: FastCheck.double({ noNaN: true, noDefaultInfinity: true }),
  boolean: FastCheck.boolean(),
  string: wellFormed.filter((text) => !text.includes("\0")),
  datetime: FastCheck.constantFrom(
    "20240229235959.000001-060",
    "00000001020304.000005:000",
    "99991231000000.******+***"
  ),
  reference: FastCheck.constantFrom('A.B="c"', "\\\\s\\root:A=1"),
  char16: FastCheck.integer({ min: 0, max: 65535 }),
  object: FastCheck.constant(Instance.make("Inner", { Name: "\u2019", Size: 18446744073709551615n }))
}

const shapes = (name: string, properties: ReadonlyArray<readonly [string, CimType.TypeRef]>): ClassShapes =>
  new Map([
    [CimName.fold(name), {
      className: name,
      properties: new Map(properties.map(([n, ref]) => [CimName.fold(n), { ...ref, name: n }]))
    }],
    ["inner", {
      className: "Inner",
      properties: new Map([
        ["name", { name: "Name", type: "string", isArray: false }],
        ["size", { name: "Size", type: "uint64", isArray: false }]
      ])
    }]
  ])

/** The frame of a host that returns what it was sent. */
const echo = (spec: object): unknown =>
  JSON.parse(
    json(spec),
    (_, value: unknown) =>
      typeof value === "object" && value !== null && "props" in value ? { ...value, genus: 2, path: "" } : value
  )

describe("values", () => {
  for (const row of CimType.table) {
    it(`${row.name}: encoded and decoded, as scalars and in arrays`, () => {
      const property = FastCheck.tuple(FastCheck.boolean(), FastCheck.array(types[row.name], { maxLength: 3 })).map(
        ([isArray, list]) => [isArray, isArray ? Object.freeze(list) as CimValue : list[0] ?? null] as const
      )
      FastCheck.assert(
        FastCheck.property(property, ([isArray, value]) => {
          const object = Instance.make("A", { P: value })
          const spec = encodeOrError(() => encodeInstance(object, shapes("A", [["P", { type: row.name, isArray }]])))
          assert.isFalse(isWbemError(spec), isWbemError(spec) ? spec.message : "")
          const read = frames.decodeObjectResult(echo(spec) as never)
          assert.isTrue(read.ok)
          if (!read.ok || "mof" in read.value) return
          assert.deepStrictEqual(readInstance(read.value), object)
        }),
        { numRuns: 500 }
      )
    })
  }

  const refused: ReadonlyArray<readonly [string, CimType.TypeText, unknown, string]> = [
    ["NaN", "real64", NaN, "ValueOutOfRange"],
    ["infinity", "real32", Infinity, "ValueOutOfRange"],
    ["a real32 that is too large", "real32", 1e39, "ValueOutOfRange"],
    ["one too many", "uint32", 4294967296, "ValueOutOfRange"],
    ["one too few", "sint8", -129, "ValueOutOfRange"],
    ["2^64", "uint64", 18446744073709551616n, "ValueOutOfRange"],
    ["-2^63-1", "sint64", -9223372036854775809n, "ValueOutOfRange"],
    ["a fraction", "uint8", 1.5, "TypeMismatch"],
    ["a bad datetime", "datetime", "2024-01-01T00:00:00Z", "TypeMismatch"],
    ["text for a number", "uint32", "5", "TypeMismatch"],
    ["a number for text", "string", 5, "TypeMismatch"],
    ["one for a list", "string[]", "a", "TypeMismatch"],
    ["a list for one", "string", ["a"], "TypeMismatch"],
    ["NULL in a list", "string[]", ["a", null], "TypeMismatch"],
    ["half a surrogate pair", "string", "a\ud800", "InvalidParameter"],
    ["the same in a list", "string[]", ["a", "\udc00"], "InvalidParameter"],
    ["a class in an object", "object", ClassDefinition.make("Inner"), "NotSupported"]
  ]
  for (const [what, type, value, status] of refused) {
    it(`${what} is refused before it is sent: ${status}`, () => {
      const given = encodeOrError(() =>
        encodeInstance(Instance.make("A", { P: value as never }), shapes("A", [["P", CimType.parse(type)]]))
      )
      assert.strictEqual<unknown>(isWbemError(given) && given.status, status)
    })
  }

  it("without a class shape, values are encoded without types, if they have an encoding", () => {
    const object = Instance.make("A", { Q: 5n, R: ["x"], S: null, T: true, U: -0 })
    assert.deepStrictEqual(encodeInstance(object, new Map()), {
      class: "A",
      props: [{ n: "Q", v: "5" }, { n: "R", v: ["x"] }, { n: "S", v: null }, { n: "T", v: true }, { n: "U", v: "-0" }]
    })
    for (const bad of [NaN, ["a", null], "\ud800"]) {
      assert.isTrue(
        isWbemError(encodeOrError(() => encodeInstance(Instance.make("A", { Q: bad as never }), new Map())))
      )
    }
  })

  it("qualifiers of instances, deep nesting and bad names are refused", () => {
    const deep = (n: number): Instance.Instance =>
      n === 0 ? Instance.make("Inner", {}) : Instance.make("Inner", { P: deep(n - 1) })
    const status = (object: Instance.Instance): unknown => {
      const spec = encodeOrError(() => encodeInstance(object, new Map()))
      return isWbemError(spec) && spec.status
    }
    assert.strictEqual(status(deep(16)), false)
    assert.strictEqual(status(deep(17)), "InvalidParameter")
    assert.strictEqual(status(Instance.make("A", {}, { qualifiers: { Q: true } })), "NotSupported")
    assert.strictEqual(status(Instance.make("A", { P: 1 }, { propertyQualifiers: { P: { Q: true } } })), "NotSupported")
    assert.strictEqual(status(Instance.make("A\ud800", {})), "InvalidParameter")
    assert.strictEqual(status(Instance.make("A", { "\udfff": 1 })), "InvalidParameter")
  })

  it("any names and values are data or are refused", () => {
    FastCheck.assert(
      FastCheck.property(hostile, hostile, hostile, (className, n, value) => {
        const spec = encodeOrError(() => encodeInstance(Instance.make(className, { [n]: value }), new Map()))
        if (![className, n, value].every(isWellFormed)) return assert.isTrue(isWbemError(spec))
        const line = json(spec)
        assert.match(line, /^[ -~]*$/)
        assert.deepStrictEqual(JSON.parse(line), { class: className, props: [{ n, v: value }] })
      }),
      runs
    )
  })

  it("contexts: kinds, lists, and values that have no kind", () => {
    const context = NamedValueSet.make({ s: "a", i: 1, r: 1.5, b: true, big: 2n ** 40n, l: [1, 2.5], n: null, e: [] })
    assert.deepStrictEqual(encodeContext(context), [
      { n: "s", k: "s", v: "a" },
      { n: "i", k: "i", v: "1" },
      { n: "r", k: "r", v: "1.5" },
      { n: "b", k: "b", v: true },
      { n: "big", k: "s", v: "1099511627776" },
      { n: "l", k: "r", a: true, v: ["1", "2.5"] },
      { n: "n", k: "s", v: null },
      { n: "e", k: "s", a: true, v: [] }
    ])
    for (const bad of [NaN, ["a", 1], Instance.make("A", {}), "\ud800"]) {
      const answer = encodeOrError(() => encodeContext(NamedValueSet.make({ x: bad as never })))
      assert.strictEqual(isWbemError(answer) && answer.status, "InvalidContext")
    }
  })
})

describe("classes", () => {
  it("are encoded as the scripting objects build them", () => {
    const value = ClassDefinition.make("Demo_A", {
      Id: Property.key("uint32", { value: 7 }),
      Of: Property.make("ref:Demo_B", {
        qualifiers: [Qualifier.make("CIMTYPE", "ref:Demo_B"), Qualifier.make("Q", 1.5, { flavor: 0x83 })]
      }),
      List: Property.make("string[]", { value: null })
    }, {
      superclass: "Demo_Base",
      qualifiers: { Words: ["a", "b"] },
      methods: {
        Go: Method.make("uint32", [
          { name: "How", type: "string", qualifiers: { In: true, ID: 0, Description: "x" } },
          { name: "Both", type: "uint8[]", direction: "inout" },
          { name: "Back", type: "boolean", direction: "out" }
        ]),
        Stop: Method.make("void")
      }
    })
    assert.deepStrictEqual(encodeClass(value), {
      name: "Demo_A",
      super: "Demo_Base",
      mode: "define",
      quals: [{ n: "Words", k: "s", a: true, v: ["a", "b"], f: 0 }],
      props: [
        { n: "Id", t: 19, d: "7", quals: [{ n: "key", k: "b", v: true, f: 0x13 }] },
        { n: "Of", t: 102, of: "Demo_B", quals: [{ n: "Q", k: "r", v: "1.5", f: 0x83 }] },
        { n: "List", t: 8, a: true, d: null, quals: [] }
      ],
      methods: [
        {
          n: "Go",
          quals: [],
          ins: [
            { n: "How", t: 8, at: 0, in: "In", quals: [{ n: "Description", k: "s", v: "x", f: 0 }] },
            { n: "Both", t: 17, a: true, at: 1, quals: [] }
          ],
          outs: [
            { n: "Both", t: 17, a: true, at: 1, quals: [] },
            { n: "Back", t: 11, at: 2, quals: [] },
            { n: "ReturnValue", t: 19, quals: [] }
          ]
        },
        { n: "Stop", quals: [], ins: [], outs: [] }
      ]
    })
  })

  it("type words, defaults of parameters, spelled directions, empty lists, and properties that keep the inherited default", () => {
    const value = ClassDefinition.make("Demo_A", {
      Word: Property.make("UINT16", { value: 1, qualifiers: { ValueMap: [] } }),
      Box: Property.make("Object:Demo_B"),
      Any: Property.make("OBJECT"),
      Ref: Property.make("REF:Demo_B"),
      Zero: Property.make("char16", { value: 0 }),
      Kept: Property.make("string", { inheritsDefault: true, qualifiers: { read: true } }),
      Reset: Property.make("string", { qualifiers: { read: true } }),
      Null: Property.make("string", { value: null })
    }, {
      superclass: "Demo_Base",
      methods: {
        Go: Method.make("Boolean", [
          { name: "How", type: "String", value: "x", qualifiers: { IN: true } },
          {
            name: "Both",
            type: "uint32[]",
            direction: "inout",
            value: Object.freeze([1]),
            qualifiers: { in: true, Out: true }
          },
          { name: "Big", type: "uint64", direction: "out", value: 18446744073709551615n },
          { name: "None", type: "char16", direction: "out", value: null }
        ])
      }
    })
    const read = { n: "read", k: "b" as const, v: true, f: 0 }
    const sent = encodeClass(value)
    assert.deepStrictEqual(sent.props, [
      { n: "Word", t: 18, w: "UINT16", d: "1", quals: [{ n: "ValueMap", k: "s", a: true, v: [], f: 0 }] },
      { n: "Box", t: 13, of: "Demo_B", w: "Object", quals: [] },
      { n: "Any", t: 13, w: "OBJECT", quals: [] },
      { n: "Ref", t: 102, of: "Demo_B", quals: [] },
      { n: "Zero", t: 103, d: "0", quals: [] },
      { n: "Kept", t: 8, keep: true, quals: [read] },
      { n: "Reset", t: 8, quals: [read] },
      { n: "Null", t: 8, d: null, quals: [] }
    ])
    const both = { n: "Both", t: 19, a: true, at: 1, d: ["1"], out: "Out", quals: [] }
    assert.deepStrictEqual(sent.methods, [{
      n: "Go",
      quals: [],
      ins: [{ n: "How", t: 8, w: "String", at: 0, d: "x", in: "IN", quals: [] }, both],
      outs: [
        both,
        { n: "Big", t: 21, at: 2, d: "18446744073709551615", quals: [] },
        { n: "None", t: 103, at: 3, d: null, quals: [] },
        { n: "ReturnValue", t: 11, w: "Boolean", quals: [] }
      ]
    }])
    // The recorded class is read back as it was put, except for direction qualifiers in lower case.
    const again = recordedPuts.classDefinition(JSON.parse(JSON.stringify(sent)))
    assert.deepStrictEqual(encodeClass(again), sent)
    assert.deepStrictEqual(again.properties, value.properties)
  })

  it("a default of a parameter that does not fit is refused", () => {
    const bad = ClassDefinition.make("Demo_A", {}, {
      methods: { Go: Method.make("void", [{ name: "How", type: "uint8", value: 256 }]) }
    })
    const answer = encodeOrError(() => encodeClass(bad))
    assert.strictEqual(isWbemError(answer) && answer.status, "ValueOutOfRange")
  })

  it("MOF text keeps directions that are not in lower case", () => {
    const read = readClass("class Demo_A { void Go([IN] uint8 A, [in] uint8 B, [in,out] uint8 C, [Out] uint8 D); };")!
    assert.deepStrictEqual(
      read.methods[0]!.parameters.map(({ direction, qualifiers }) => [direction, qualifiers.map(({ name }) => name)]),
      [["in", ["IN"]], ["in", []], ["inout", []], ["out", ["Out"]]]
    )
  })

  it("a default that does not fit and an unknown type are refused", () => {
    const status = (properties: Readonly<Record<string, Property.PropertySpec>>): unknown => {
      const spec = encodeOrError(() => encodeClass(ClassDefinition.make("A", properties)))
      return isWbemError(spec) && spec.status
    }
    assert.strictEqual(status({ P: Property.make("uint8", { value: 256 }) }), "ValueOutOfRange")
    assert.strictEqual(status({ P: Property.make("uint8", { value: "x" }) }), "TypeMismatch")
    assert.strictEqual(status({ P: Property.make("uint128") }), "InvalidCimType")
    assert.strictEqual(status({ A_: Property.make("string"), P: Property.make("uint128") }), "InvalidParameter")
    assert.strictEqual(status({ P: Property.make("uint128"), A_: Property.make("string") }), "InvalidParameter")
    for (const bad of [{ a: 1 }, NaN, null, ["a", 1n]]) {
      const qualifiers = [Qualifier.make("Q", bad as never, { type: "string" })]
      assert.strictEqual(status({ P: Property.make("uint8", { qualifiers }) }), "InvalidQualifierType", String(bad))
    }
    const qualified = (value: Qualifier.QualifierValue, type?: Qualifier.QualifierType): unknown =>
      status({ P: Property.make("uint8", { qualifiers: [Qualifier.make("Q", value, { type })] }) })
    assert.strictEqual(qualified(2 ** 31), "InvalidQualifierType")
    assert.strictEqual(qualified([1, -(2 ** 31) - 1]), "InvalidQualifierType")
    assert.isFalse(qualified(2 ** 31, "real64"))
  })

  it("a shape has the properties of a class that was read, case-insensitive", () => {
    const shape = readShape({
      path: "",
      genus: 1,
      className: "A",
      properties: [{ name: "Names", cimType: 8, isArray: true, value: null }]
    })
    assert.deepStrictEqual(shape.properties.get("names"), { name: "Names", type: "string", isArray: true })
  })
})

describe("results", () => {
  const put = {
    object: Instance.make("A", {}),
    namespace: "root\\cimv2",
    flags: 0,
    context: undefined,
    asyncContext: null,
    options: { mode: "CreateOrUpdate", update: "Compatible", amended: false, status: false },
    extensions: undefined,
    call: {} as never,
    position: 0
  } as const
  it("a reported path may have any character in a key", () => {
    FastCheck.assert(
      FastCheck.property(wellFormed, (key) => {
        const path = ObjectPath.format(ObjectPath.make({
          server: "S",
          namespace: "root\\cimv2",
          className: "A",
          keys: [{ name: "Id", value: key }]
        }))
        // The relative part has a length limit; with a longer one the outcome is unknown.
        if (path.slice(path.indexOf(":") + 1).length > 8192) return
        const answer = resultOf(put, { ok: true, path, existed: undefined })
        assert.isFalse(isWbemError(answer), JSON.stringify(key))
        if (!isWbemError(answer)) assert.deepStrictEqual(answer.path.keys, [{ name: "Id", value: key }])
      }),
      runs
    )
    assert.isTrue(Either.isLeft(ObjectPath.parse('A.Id="a\u0001"')), "what the law stands in for")
  })

  it("put-async 3.8: the longest relative path is accepted with any server and namespace; with a longer one the outcome is unknown", () => {
    const answer = (relative: string) =>
      resultOf(put, { ok: true, path: `\\\\S\\root\\cimv2:${relative}`, existed: undefined })
    const key = "k".repeat(8192 - 'A.Id=""'.length)
    const longest = answer(`A.Id="${key}"`)
    assert.isFalse(isWbemError(longest))
    if (isWbemError(longest)) return
    assert.deepStrictEqual([longest.path.server, longest.path.namespace], ["S", "root\\cimv2"])
    assert.deepStrictEqual(longest.path.keys, [{ name: "Id", value: key }])
    assert.isTrue(isWbemError(answer(`A.Id="${key}k"`)))
    assert.isTrue(isWbemError(answer("")))
    assert.isTrue(isWbemError(answer(`root\\cimv2:A.Id="${key}"`)))
  })
})
