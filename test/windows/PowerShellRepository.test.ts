/** The repository over a fake host: puts, batches, reads and deletes that succeed, and starts that fail. */
import { assert, describe, it } from "vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import type { PutOutcome } from "../../src/protocol/PutOutcome.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"
import { Disk, diskSpec, withFake } from "./fakeHostFixture.ts"

const disk = (Id: string, more: Readonly<Record<string, Instance.Input>> = {}, options?: PutRequest.Options) =>
  PutRequest.make(Instance.make("Demo_Disk", { Id, ...more }), options)

const bulk = (requests: ReadonlyArray<PutRequest.PutRequest>, options?: BulkPut.Options) =>
  Effect.map(
    Stream.runCollect(BulkPut.run(Stream.fromIterable(requests), options)),
    (outcomes): ReadonlyArray<PutOutcome> => Chunk.toReadonlyArray(outcomes)
  )

const outcome = (one: PutOutcome): string =>
  `${one._tag} ${
    one._tag === "Committed" ? `${one.report.disposition} ${ObjectPath.format(one.report.path)}` : one.error.status
  }`

describe("a host that works", () => {
  it("puts an instance, reads it, deletes it", () =>
    withFake(() =>
      Effect.gen(function* () {
        const values = {
          N: 4294967295,
          Size: 18446744073709551615n,
          Names: ["a", '\u2019"\n'],
          At: "20240101000000.000000+000",
          Ratio: -0
        }
        const report = yield* PutAsync.put(disk("C:", values))
        assert.strictEqual(ObjectPath.format(report.path), '\\\\FAKE\\root\\cimv2:Demo_Disk.Id="C:"')
        assert.strictEqual(report.disposition, "Stored")
        const stored = yield* Wmi.get('Demo_Disk.Id="C:"')
        assert.deepStrictEqual(stored, Instance.make("Demo_Disk", { Id: "C:", ...values }))
        const refused = yield* Effect.flip(Wmi.delete('Demo_Disk.Id="C:"', { flags: 1 }))
        assert.strictEqual(refused.status, "InvalidParameter")
        const deleted = yield* Wmi.delete('Demo_Disk.Id="C:"', { flags: 0x10 })
        assert.strictEqual(ObjectPath.relPath(deleted), 'Demo_Disk.Id="C:"')
        // A status that the union of a read does not have, and a number outside the table.
        for (const [number, status] of [[0x80041019, "AlreadyExists"], [0x80044fff, "Unlisted"]] as const) {
          const said = yield* Effect.flip(Wmi.get(`Fails_${number.toString(16).toUpperCase()}`))
          assert.deepStrictEqual([said._tag, said.status, said.hresult], ["WbemOther", status, number])
          assert.include(said.message, "The host says so")
        }
        const missing = yield* Effect.either(Wmi.get('Demo_Disk.Id="C:"'))
        assert.strictEqual(Either.isLeft(missing) && missing.left.status, "NotFound")
      })
    ))

  it("puts a class and reads it back", () =>
    withFake(() =>
      Effect.gen(function* () {
        const Part = ClassDefinition.make("Demo_Part", {
          No: Property.key("uint32"),
          Label: Property.make("string", { value: "none", qualifiers: { Description: 'a "label"' } }),
          Of: Property.make("ref:Demo_Disk"),
          Sizes: Property.make("uint64[]")
        })
        yield* PutAsync.put(PutRequest.make(Part))
        const below = ClassDefinition.make("Demo_Small", { More: Property.make("boolean") }, {
          superclass: "Demo_Part"
        })
        yield* PutAsync.put(PutRequest.make(below))
        const stored = yield* Wmi.get("Demo_Part")
        assert.deepStrictEqual(JSON.parse(JSON.stringify(stored)), JSON.parse(JSON.stringify(Part)))
        const report = yield* PutAsync.put(
          PutRequest.make(Instance.make("Demo_Small", { No: 7, More: true, Sizes: [1n] }))
        )
        assert.strictEqual(ObjectPath.relPath(report.path), "Demo_Small.No=7")
      })
    ))

  it("the modes, and the disposition of their reports", () =>
    withFake(() =>
      Effect.gen(function* () {
        const outcomes = yield* bulk([
          disk("a", {}, { mode: "UpdateOnly" }),
          disk("a", {}, { mode: "CreateOnly" }),
          disk("a", {}, { mode: "CreateOnly" }),
          disk("a", {}, { mode: "UpdateOnly" }),
          disk("a"),
          PutRequest.make(Instance.make("Nobody", { Id: 1 })),
          disk("b", { Nonsense: 1 }),
          disk("b", { N: -1 }),
          disk("b", { N: "text" }),
          disk("b", { Names: ["\ud800"] }),
          disk("", {}, { namespace: "root\\nowhere" })
        ])
        assert.deepStrictEqual(outcomes.map(outcome), [
          "Rejected NotFound",
          'Committed Created \\\\FAKE\\root\\cimv2:Demo_Disk.Id="a"',
          "Rejected AlreadyExists",
          'Committed Updated \\\\FAKE\\root\\cimv2:Demo_Disk.Id="a"',
          'Committed Stored \\\\FAKE\\root\\cimv2:Demo_Disk.Id="a"',
          "Rejected InvalidClass",
          "Rejected InvalidProperty",
          "Rejected ValueOutOfRange",
          "Rejected TypeMismatch",
          "Rejected InvalidParameter",
          "Rejected InvalidNamespace"
        ])
      })
    ))

  it("with probe the disposition is Created or Updated", () =>
    withFake(
      () =>
        Effect.map(bulk([disk("a"), disk("a"), PutRequest.make(Disk)]), (outcomes) =>
          assert.deepStrictEqual(
            outcomes.map((one) => one._tag === "Committed" && one.report.disposition),
            ["Created", "Updated", "Updated"]
          )),
      {},
      { probe: true }
    ))

  it("a batch of classes and instances in its order, in few messages", () =>
    withFake((folder) =>
      Effect.gen(function* () {
        const Item = ClassDefinition.make("Demo_Item", { Id: Property.key("uint32") })
        const requests = [
          PutRequest.make(Item),
          ...Array.from({ length: 300 }, (_, i) => PutRequest.make(Instance.make("Demo_Item", { Id: i }))),
          PutRequest.make(
            ClassDefinition.make("Demo_Item", { Id: Property.key("uint32"), More: Property.make("string") })
          ),
          PutRequest.make(Instance.make("Demo_Item", { Id: 1, More: "x" }))
        ]
        const outcomes = yield* bulk(requests, { batchSize: 400 })
        assert.deepStrictEqual(outcomes.filter((one) => one._tag !== "Committed"), [])
        const ops = folder.lines("lines").map((line) => /"op":"(\w+)"/.exec(line)![1])
        assert.deepStrictEqual(ops, [
          "connect",
          "putClass",
          "get",
          "putMany",
          "putMany",
          "putMany",
          "putClass",
          "get",
          "putMany"
        ])
        assert.strictEqual(folder.lines("log").length, 303)
      })
    ))

  it("one process for many puts, single and in bulk", () =>
    withFake((folder) =>
      Effect.gen(function* () {
        yield* Effect.forEach([..."abcdefgh"], (id) => PutAsync.put(disk(id)), { concurrency: "unbounded" })
        yield* bulk([..."ijk"].map((id) => disk(id)))
        assert.strictEqual(folder.lines("pids").length, 1)
        assert.strictEqual(folder.lines("log").length, 11)
      })
    ))

  it("a class that another client changed is read again before a value is refused", () => {
    const later = {
      ...diskSpec,
      props: [diskSpec.props[0], { n: "N", t: 8, quals: [] }, { n: "More", t: 17, quals: [] }]
    }
    return withFake((folder) =>
      Effect.gen(function* () {
        yield* PutAsync.put(disk("a", { N: 1 }))
        // Here the class changes on the computer without a put of this program.
        yield* PutAsync.put(disk("a", { N: "text", More: 5 }))
        const refused = yield* Effect.flip(PutAsync.put(disk("a", { N: "text", Size: 5 })))
        assert.strictEqual(refused.status, "InvalidProperty")
        const [outcome] = yield* bulk([disk("b", { More: 256 })])
        assert.strictEqual(outcome!._tag, "Rejected")
        assert.strictEqual(folder.lines("log").length, 2)
        const looks = folder.lines("lines").filter((line) => line.includes('"op":"get"'))
        assert.strictEqual(looks.length, 4)
        yield* bulk(Array.from({ length: 20 }, (_, i) => disk(`${i}`, { More: 256 })))
        assert.strictEqual(folder.lines("lines").filter((line) => line.includes('"op":"get"')).length, 5)
      }), { later })
  })
})

describe("a host that breaks the protocol after it has started", () => {
  it("is restarted with waits: five processes for twelve puts, then the starts pause", () =>
    withFake(
      (folder) =>
        Effect.gen(function* () {
          const answers = yield* Effect.forEach(
            Array.from({ length: 12 }),
            () => Effect.either(PutAsync.put(disk("a")))
          )
          assert.isTrue(answers.every(Either.isLeft))
          assert.strictEqual(folder.lines("pids").length, 5)
          const last = answers.at(-1)!
          if (Either.isRight(last)) return
          assert.strictEqual(last.left.status, "ConnectionFailed")
          assert.strictEqual((last.left.cause as { readonly reason: string }).reason, "Broken")
          assert.include(last.left.message, "second hello")
        }),
      { mode: "helloTwice" },
      { startRetry: { first: 1, attempts: 5 } }
    ))
})

describe("starts that fail", () => {
  const start = (mode: string, powershell?: string) =>
    withFake(
      (folder) =>
        Effect.map(Effect.either(PutAsync.put(disk("a"))), (answer) => ({
          answer,
          starts: folder.lines("pids").length
        })),
      { mode },
      { timeouts: { start: 1500 }, ...(powershell === undefined ? {} : { powershell }) }
    )
  const rows: ReadonlyArray<readonly [mode: string, reason: string, detail: RegExp, starts: number]> = [
    ["constrained", "LanguageMode", /ConstrainedLanguage/, 1],
    ["constrainedOnStderr", "LanguageMode", /ConstrainedLanguage/, 1],
    ["bootstrap", "Bootstrap", /bad header/, 2],
    ["version", "Version", /4\.0/, 1],
    ["exit255", "Transport", /Connection refused/, 2],
    ["exit127", "Shell", /not found/, 1],
    ["clixml", "Shell", /ssh & friends: The term 'x' is not recognized/, 1],
    ["exit3", "Exited", /exit code 3/, 2],
    ["wrongNonce", "Timeout", /no hello in 1500 ms/, 2],
    ["silent", "Timeout", /no hello in 1500 ms/, 2],
    ["wrongProtocol", "Protocol", /protocol 2/, 1],
    ["noEngine", "Protocol", /engines managed/, 1]
  ]
  for (const [mode, reason, detail, starts] of rows) {
    it(`${mode}: ${reason}, ${starts === 1 ? "not tried again" : "tried again"}`, async () => {
      const started = await start(mode)
      assert.isTrue(Either.isLeft(started.answer))
      if (Either.isRight(started.answer)) return
      const error = started.answer.left
      assert.strictEqual(error.status, "ConnectionFailed")
      const cause = error.cause as { readonly reason: string; readonly detail: string; readonly advice: string }
      assert.strictEqual(cause.reason, reason)
      assert.match(cause.detail, detail)
      assert.isAbove(cause.advice.length, 20)
      assert.include(error.message, cause.advice)
      assert.strictEqual(started.starts, starts)
    })
  }
})
