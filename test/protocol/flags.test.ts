/** The tables of flags and statuses: decode, encode, lookups, the errors of statuses. */
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as HResult from "../../src/protocol/HResult.ts"
import * as PutFlags from "../../src/protocol/PutFlags.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as StatusError from "../../src/protocol/StatusError.ts"
import * as WbemError from "../../src/protocol/WbemError.ts"

const options: FastCheck.Arbitrary<PutFlags.PutOptions> = FastCheck.record({
  mode: FastCheck.constantFrom<PutFlags.ChangeMode>("CreateOrUpdate", "UpdateOnly", "CreateOnly"),
  update: FastCheck.constantFrom<PutFlags.UpdateMode>("Compatible", "Safe", "Force"),
  amended: FastCheck.boolean(),
  status: FastCheck.boolean()
})

describe("HResult.retry", () => {
  it("says of every status whether putting again helps (errors 5.3)", () => {
    const of = (wanted: HResult.Retry): ReadonlyArray<HResult.Status> =>
      HResult.table.filter(({ hresult }) => HResult.retry(hresult) === wanted).map(({ status }) => status)
    assert.sameMembers([...of("Unchanged")], [
      "ServerTooBusy",
      "TransactionConflict",
      "RerunCommand",
      "ConnectionFailed"
    ])
    assert.sameMembers([...of("ReadFirst")], [
      "CallCancelled",
      "TransportFailure",
      "FatalTransportError",
      "Timeout",
      "ProviderTimedOut"
    ])
    assert.strictEqual(HResult.retry(-2147217339), "Unchanged", "signed")
    assert.strictEqual(HResult.retry(0x80070005), "No", "a number outside the table")
  })
})

describe("PutFlags", () => {
  it("decode after encode is the identity, with ignored bits or without", () => {
    FastCheck.assert(
      FastCheck.property(
        options,
        FastCheck.constantFrom(0, 0x10, 0x1000, 0x10000, 0x11f010, 0x100000),
        (wanted, extra) => {
          const decoded = PutFlags.decode(PutFlags.encode(wanted) | extra, "Class")
          assert.deepStrictEqual(Either.getOrThrow(decoded), wanted)
        }
      ),
      { numRuns: 2000 }
    )
  })

  it("decode accepts exactly the words without rejected bits and contradictions", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.integer(),
        FastCheck.constantFrom<"Class" | "Instance">("Class", "Instance"),
        (word, kind) => {
          const mask = kind === "Class" ? 0x13f0f3 : 0x13f093
          const legal = (word & ~mask) === 0 && (word & 3) !== 3 && (word & 0x60) !== 0x60
          assert.strictEqual(Either.isRight(PutFlags.decode(word, kind)), legal)
        }
      ),
      { numRuns: 5000 }
    )
  })

  const refused: ReadonlyArray<readonly [number, "Class" | "Instance", number | undefined, string]> = [
    [0x4, "Class", 0x4, "0x4"],
    [0x101, "Class", 0x100, "EnsureLocatable"],
    [0x20, "Instance", 0x20, "UpdateSafe"],
    [3, "Class", 3, "exclude each other"],
    [0x60, "Class", 0x60, "exclude each other"],
    [-1, "Class", 0xffec0f0c, "0x80000000"],
    [1.5, "Class", undefined, "32-bit integer"],
    [NaN, "Class", undefined, "32-bit integer"],
    [2 ** 32, "Class", undefined, "32-bit integer"],
    [-(2 ** 31) - 1, "Instance", undefined, "32-bit integer"]
  ]
  for (const [word, kind, bits, named] of refused) {
    it(`${word} on ${kind} is refused, and the message has ${named}`, () => {
      const error = Either.getOrThrow(Either.flip(PutFlags.decode(word, kind)))
      assert.strictEqual(error._tag, "WbemInvalidParameter")
      assert.strictEqual(error.bits, bits)
      assert.include(error.message, named)
    })
  }

  for (const word of [1.5, NaN, 2 ** 32, 2 ** 32 + 1, -(2 ** 31) - 1]) {
    it(`PA-10: ${word} is refused with other options, too`, () => {
      const { flags } = PutRequest.make(ClassDefinition.make("Demo_Disk"), { flags: word, update: "Force" })
      assert.isTrue(Either.isLeft(PutFlags.decode(flags, "Class")))
    })
  }
})

describe("statuses", () => {
  it("numbers, names and constants are unique, and the misprints are in one column only", () => {
    for (const column of ["status", "hresult", "com"] as const) {
      assert.strictEqual(new Set(HResult.table.map((row) => row[column])).size, HResult.table.length, column)
    }
    assert.strictEqual(HResult.table.length, 132)
    assert.strictEqual(HResult.documented("IllegalNull"), 0x8004100a)
    assert.strictEqual(HResult.documented("InvalidObject"), 0x80041014)
    assert.strictEqual(HResult.documented("NotFound"), 0x80041002)
    assert.strictEqual(HResult.fromNumber(0x8004100a)?.status, "CriticalError")
    assert.strictEqual(HResult.fromNumber(0x80041014)?.status, "InitializationFailure")
  })

  it("every failure number gives an error with its status and number: of its own class if it has facts, else WbemOther", () => {
    for (const { facts, hresult, status } of HResult.table.filter((row) => row.status !== "NoError")) {
      const error = StatusError.fromHResult(HResult.signed(hresult), { detail: "why" })
      assert.strictEqual(error.status, status)
      assert.strictEqual(error.hresult, hresult)
      assert.strictEqual(error._tag as string, facts === undefined ? "WbemOther" : `Wbem${status}`)
      assert.strictEqual(error.message, `${status} (${HResult.hex(hresult)}): why`)
      assert.isTrue(WbemError.isWbemError(error))
    }
    const alien = StatusError.fromHResult(0x80070005, { detail: "from Windows" })
    assert.deepStrictEqual([alien._tag, alien.status], ["WbemOther", "Unlisted"])
    assert.strictEqual(alien.hresult, 0x80070005)
  })

  it("WbemError.of makes the error of a status without a class", () => {
    const error = WbemError.of("ServerTooBusy", { detail: "later", rule: "IR-6" })
    assert.instanceOf(error, WbemError.WbemOther)
    assert.deepStrictEqual([error._tag, error.status, error.hresult, error.rule], [
      "WbemOther",
      "ServerTooBusy",
      0x80041045,
      "IR-6"
    ])
    assert.strictEqual(error.message, "ServerTooBusy (0x80041045): later")
  })

  // esbuild starts a process of its own, which vitest under Deno and Bun does not need to try again.
  it.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))(
    "WbemError.ts and PutFlags.ts are what scripts/statuses.mjs makes of the tables",
    async () => {
      const { outdated } = await import(new URL("../../scripts/statuses.mjs", import.meta.url).href) as {
        outdated: () => ReadonlyArray<readonly [file: string, text: string]>
      }
      assert.deepStrictEqual(outdated(), [])
    }
  )

  it("the vetoes have the names of their numbers, not of the scripting enumeration", () => {
    assert.strictEqual(HResult.fromName("wbemErrVetoPut")?.hresult, 0x8004107a)
    assert.strictEqual(HResult.fromNumber(0x80041079)?.status, "VetoDelete")
  })
})
