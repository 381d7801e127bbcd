/** Object paths and display names: every worked example of the specification, binding, laws. */
import { readFileSync } from "node:fs"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import type { CimType } from "../../src/model/CimType.ts"
import * as Moniker from "../../src/model/Moniker.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as PathText from "../../src/protocol/PathText.ts"
import { scaled } from "../scale.ts"

interface Table {
  readonly good: ReadonlyArray<{ readonly n: number; readonly input: string; readonly path: string }>
  readonly bad: ReadonlyArray<{ readonly n: number; readonly input: string; readonly reason: string }>
}
const table = JSON.parse(readFileSync(new URL("paths.json", import.meta.url), "utf8")) as Table

describe("the text of a namespace", () => {
  const same = [
    "root",
    "root\\cimv2",
    "ROOT\\x",
    "",
    "\\root",
    "\\\\",
    "\\\\.",
    "\\\\.\\",
    "\\\\\\.\\root",
    "\\\\FAR\\\\\\OTHER\\root",
    "\\\\.\\\\root"
  ]
  for (const text of same) {
    it(`${JSON.stringify(text)} stays as it is`, () => assert.strictEqual(ObjectPath.namespaceText(text, "FAR"), text))
  }
  for (
    const text of [
      "root/cimv2",
      "\\\\.\\root\\cimv2",
      "//./root/cimv2",
      "\\\\LocalHost\\root/cimv2",
      "\\\\far\\root\\cimv2"
    ]
  ) {
    it(`${JSON.stringify(text)} is root\\cimv2 of the own server`, () => {
      assert.strictEqual(ObjectPath.namespaceText(text, "FAR"), "root\\cimv2")
      assert.deepStrictEqual(PathText.parseNamespace(text, "FAR"), Either.right("root\\cimv2"))
    })
  }

  const refused: ReadonlyArray<readonly [text: string, detail: RegExp]> = [
    ["\\\\win01\\root\\corp", /it is on another computer; leave the server out, or connect to it$/],
    ["//far.corp/root", /it is on another computer/],
    ["root\\cimv2:Demo_Disk", /it names no namespace/],
    ["\\\\win01", /it names no namespace/],
    ["", /it names no namespace/],
    ["root\\a b", / at position \d$/],
    ["root\\\\cimv2", / at position 5$/]
  ]
  for (const [text, detail] of refused) {
    it(`${JSON.stringify(text)} is refused: ${detail.source}`, () => {
      const error = Either.getOrThrow(Either.flip(PathText.parseNamespace(text, "FAR")))
      assert.strictEqual(error._tag, "WbemInvalidNamespace")
      assert.strictEqual(error.namespace, text)
      assert.match(error.message, detail)
    })
  }

  it("is a fixed point: the server is removed once, and the rest does not begin with a separator", () => {
    const text = FastCheck.array(FastCheck.constantFrom("\\", "/", "\\\\", "FAR", "other", ".", "root", ":", ""))
    FastCheck.assert(FastCheck.property(text, (parts) => {
      const once = ObjectPath.namespaceText(parts.join(""), "FAR")
      assert.strictEqual(ObjectPath.namespaceText(once, "FAR"), once)
      const server = ObjectPath.namespaceServer(once)
      if (server !== undefined) assert.notMatch(once.slice(server.length + 3), /^(?:\\|$)/)
    }))
  })

  it("of any server: the rest for the own one, in any letter case, and the whole text for another", () => {
    const server = FastCheck.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/)
    FastCheck.assert(FastCheck.property(server, server, (own, other) => {
      const text = `\\\\${own.toUpperCase()}\\root\\x`
      assert.strictEqual(ObjectPath.namespaceText(text, own), "root\\x")
      assert.strictEqual(ObjectPath.namespaceServer(text), own.toUpperCase())
      const isOwn = own === other || own === "localhost"
      assert.strictEqual(ObjectPath.namespaceText(text, other), isOwn ? "root\\x" : text)
      assert.strictEqual(Either.isRight(PathText.parseNamespace(text, other)), isOwn)
    }))
  })
})

describe("worked examples of the specification", () => {
  for (const { input, n, path } of table.good) {
    it(`${n} ${input}`, () => {
      const parsed = Either.getOrThrow(ObjectPath.parse(input))
      assert.strictEqual(ObjectPath.format(parsed), path)
      const server = parsed.server ?? (parsed.namespace === undefined ? undefined : ".")
      assert.deepStrictEqual(Either.getOrThrow(ObjectPath.parse(path)), ObjectPath.make({ ...parsed, server }))
    })
  }
  for (const { input, n, reason } of table.bad) {
    it(`${n} ${input} is refused: ${reason}`, () => {
      const error = Either.getOrThrow(Either.flip(PathText.parse(input)))
      assert.strictEqual(error._tag, "WbemInvalidObjectPath")
      assert.isTrue(error.position >= 0 && error.position <= input.length)
      assert.include(error.message, `position ${error.position}`)
    })
  }

  it("sorted orders the keys of a __RELPATH by name", () => {
    for (
      const [input, wanted] of [
        ["ho.fred2=-34,fred1=10", "ho.fred1=10,fred2=-34"],
        ['MyClass.StrVal="AAA",IntVal=33', 'MyClass.IntVal=33,StrVal="AAA"'],
        ["A.b=1,_a=2,A=3", "A._a=2,A=3,b=1"]
      ] as const
    ) {
      assert.strictEqual(ObjectPath.relPath(ObjectPath.sorted(Either.getOrThrow(ObjectPath.parse(input)))), wanted)
    }
  })

  it("a key value with the letter U+017F in place of s is not FALSE", () => {
    assert.isTrue(Either.isRight(ObjectPath.parse("C.K=fAlSe")))
    assert.isTrue(Either.isLeft(ObjectPath.parse("C.K=fal\u017fe")))
  })

  it("a hexadecimal key has at most eight digits (section 1)", () => {
    assert.isTrue(Either.isRight(ObjectPath.parse("C.K=0x00000001")))
    assert.isTrue(Either.isLeft(ObjectPath.parse("C.K=0x000000001")))
  })

  it("relPathOf keeps stored text that its type does not accept in a put (section 5)", () => {
    const shown = (type: CimType, value: string) => ObjectPath.relPathOf("C", [{ name: "K", type, value }], false)
    assert.strictEqual(shown("datetime", "********000000.000000:000"), 'C.K="********000000.000000:000"')
    assert.strictEqual(shown("reference", 'D.K="1"'), 'C.K="D.K=\\"1\\""')
    assert.isUndefined(shown("uint8", "300"))
  })

  it("a path has at most 8,192 characters", () => {
    const key = (length: number) => `C.K="${"x".repeat(length - 6)}"`
    assert.isTrue(Either.isRight(ObjectPath.parse(key(8192))))
    assert.isTrue(Either.isLeft(ObjectPath.parse(key(8193))))
  })
})

describe("ObjectPath.bind", () => {
  const bind = (keys: ReadonlyArray<readonly [string, CimType]>, input: string, singleton = false) =>
    Either.flatMap(
      ObjectPath.parse(input),
      (path) => ObjectPath.bind(path, { className: "T", keys: keys.map(([name, type]) => ({ name, type })), singleton })
    )

  const good: ReadonlyArray<readonly [string, ReadonlyArray<readonly [string, CimType]>, string, string]> = [
    ["B1", [["Name", "string"]], 'T="x"', 'T.Name="x"'],
    ["B2", [["Name", "string"]], 't.NAME="X"', 'T.Name="X"'],
    ["B3", [["Name", "string"]], "T=5", 'T.Name="5"'],
    ["B4", [["Id", "uint32"]], 'T="5"', "T.Id=5"],
    ["B5", [["Id", "uint64"]], "T=5", 'T.Id="5"'],
    ["B8", [["B", "sint32"], ["A", "string"]], 'T.B=1,A="x"', 'T.A="x",B=1'],
    ["char16", [["C", "char16"]], 'T="A"', "T.C=65"],
    ["boolean", [["On", "boolean"]], "T=true", "T.On=TRUE"],
    ["padded", [["Id", "uint32"]], 'T="007"', "T.Id=7"]
  ]
  for (const [name, keys, input, wanted] of good) {
    it(`${name} ${input}`, () => assert.strictEqual(ObjectPath.relPath(Either.getOrThrow(bind(keys, input))), wanted))
  }

  const bad: ReadonlyArray<readonly [string, ReadonlyArray<readonly [string, CimType]>, string]> = [
    ["B6", [["Id", "sint8"]], "T=200"],
    ["B7", [["On", "boolean"]], "T=1"],
    ["B9", [["B", "sint32"], ["A", "string"]], "T=1"],
    ["B10", [["B", "sint32"], ["A", "string"]], "T.B=1"],
    ["B12", [["Name", "string"]], "T=@"],
    ["a key too many", [["A", "string"]], 'T.A="x",B=1'],
    ["another class", [["A", "string"]], 'U.A="x"'],
    ["64-bit too large", [["Id", "uint64"]], 'T="18446744073709551616"']
  ]
  for (const [name, keys, input] of bad) {
    it(`${name} ${input} is refused`, () => assert.isTrue(Either.isLeft(bind(keys, input))))
  }

  it("B11: T=@ is the singleton, T alone is the class", () => {
    assert.strictEqual(ObjectPath.kind(Either.getOrThrow(bind([], "T=@", true))), "singleton")
    assert.strictEqual(ObjectPath.kind(Either.getOrThrow(bind([], "T", true))), "class")
  })
})

describe("Moniker", () => {
  const good: ReadonlyArray<readonly [string, string]> = [
    ["WinMgmts:", "winmgmts:"],
    ["WinMgmts://myServer", "winmgmts:\\\\myServer"],
    ["WinMgmts:root/cimv2", "winmgmts:\\\\.\\root\\cimv2"],
    [
      'WinMgmts:{impersonationLevel=impersonate}!//myServer/root/cimv2:Win32_LogicalDisk="C:"',
      'winmgmts:{impersonationLevel=impersonate}!\\\\myServer\\root\\cimv2:Win32_LogicalDisk="C:"'
    ],
    ["WinMgmts::Win32_LogicalDisk='C:'", 'winmgmts:Win32_LogicalDisk="C:"'],
    ["WinMgmts:{impersonate,(Debug,!Shutdown)}", "winmgmts:{impersonationLevel=impersonate,(!Shutdown,Debug)}"],
    ["WinMgmts:[locale=ms_409]!root/wmi:myclass", "winmgmts:[locale=ms_409]!\\\\.\\root\\wmi:myclass"],
    [
      "winmgmts:{impersonationLevel=impersonate,authenticationLevel=pktprivacy,(Debug,!IncreaseQuota, CreatePagefile ) }!//fred/root/blah",
      "winmgmts:{impersonationLevel=impersonate,authenticationLevel=pktPrivacy,(!IncreaseQuota,CreatePagefile,Debug)}!\\\\fred\\root\\blah"
    ]
  ]
  for (const [input, wanted] of good) {
    it(input, () => {
      const parsed = Either.getOrThrow(Moniker.parse(input))
      assert.strictEqual(Moniker.format(parsed), wanted)
      assert.strictEqual(Moniker.format(Either.getOrThrow(Moniker.parse(wanted))), wanted)
    })
  }
  for (
    const input of [
      "WinMgmts:{impersonationLevel=impersonate}root/cimv2",
      "winmgmt:root",
      "winmgmts:{bogus}",
      "winmgmts:{impersonate",
      "winmgmts:!root",
      "winmgmts:{authority=}",
      "winmgmts:[locale=]!root",
      "winmgmts:{(Fly)}",
      "winmgmts:{impersonate,impersonate}"
    ]
  ) {
    it(`${input} is refused`, () => assert.isTrue(Either.isLeft(Moniker.parse(input))))
  }
  it("target adds the default namespace", () => {
    assert.strictEqual(Moniker.target(Either.getOrThrow(Moniker.parse("winmgmts:"))).namespace, "root\\cimv2")
  })
})

const identifier = FastCheck.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/)
const keyText = FastCheck.string({ unit: "binary", maxLength: 12 }).map((text) => text.replace(/[\x00-\x1f]/g, " "))
const keyValue: FastCheck.Arbitrary<ObjectPath.KeyValue> = FastCheck.oneof(
  keyText,
  FastCheck.integer({ min: -2147483648, max: 4294967295 }),
  FastCheck.boolean()
)
const keys = FastCheck.uniqueArray(FastCheck.record({ name: identifier, value: keyValue }), {
  maxLength: 3,
  selector: ({ name }) => name.toLowerCase()
})
const namespaceText = FastCheck.array(identifier, { minLength: 1, maxLength: 3 }).map((names) => names.join("\\"))
const path: FastCheck.Arbitrary<ObjectPath.ObjectPath> = FastCheck.record({
  server: FastCheck.stringMatching(/^[A-Za-z0-9.-]{1,8}$/),
  namespace: namespaceText,
  className: identifier,
  keys,
  singleton: FastCheck.boolean()
}).map((one) => ObjectPath.make(one.singleton ? { ...one, keys: [] } : one))

describe("laws", () => {
  it("parse after format is the identity", () => {
    FastCheck.assert(
      FastCheck.property(
        path,
        (one) => assert.deepStrictEqual(Either.getOrThrow(ObjectPath.parse(ObjectPath.format(one))), one)
      ),
      { numRuns: scaled(3000) }
    )
  })

  it("paths that differ only in the case of letters have the same key", () => {
    FastCheck.assert(
      FastCheck.property(path, FastCheck.boolean(), (one, up) => {
        const turn = (text: string): string => text.replace(/[a-z]/gi, (c) => up ? c.toUpperCase() : c.toLowerCase())
        const other: ObjectPath.Parts = {
          server: turn(one.server!),
          namespace: turn(one.namespace!),
          className: turn(one.className!),
          keys: [...one.keys].reverse().map(({ name, value }) => ({
            name: turn(name!),
            value: typeof value === "string" ? turn(value) : value
          })),
          singleton: one.singleton
        }
        assert.strictEqual(ObjectPath.key(other), ObjectPath.key(one))
      }),
      { numRuns: scaled(3000) }
    )
  })

  it("parse never throws, and the position of a fault is inside the text", () => {
    const text = FastCheck.oneof(
      FastCheck.string({ unit: "binary", maxLength: 40 }),
      FastCheck.array(FastCheck.constantFrom("\\", "/", ":", ".", "=", '"', "'", ",", "@", "a", "1", "0x", "-", " "), {
        maxLength: 24
      }).map((parts) => parts.join(""))
    )
    FastCheck.assert(
      FastCheck.property(text, (one) => {
        const plain = ObjectPath.parse(one)
        if (Either.isLeft(plain)) assert.isTrue(plain.left.position >= 0 && plain.left.position <= one.length)
        const named = Moniker.parse(`winmgmts:${one}`)
        if (Either.isLeft(named)) assert.isTrue(named.left.position >= 0 && named.left.position <= one.length + 9)
      }),
      { numRuns: scaled(10_000) }
    )
  })
})
