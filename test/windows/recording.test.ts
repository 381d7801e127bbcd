/** Recordings: made over a fake host, played to the client, read back as puts, replayed on the emulator. */
import { assert, describe, it } from "vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutOutcome from "../../src/protocol/PutOutcome.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { encodeClass } from "../../src/windows/encoding/objects.ts"
import { json } from "../../src/windows/conversation/lines.ts"
import { encodeInstance } from "../../src/windows/encoding/values.ts"
import * as HostRecording from "../../src/windows/HostRecording.ts"
import * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"
import * as recorded from "../../src/windows/encoding/recordedPuts.ts"
import * as Wmi from "../../src/Wmi.ts"
import { withFake } from "./fakeHostFixture.ts"
import { play } from "./recordingPlayer.ts"

/** Every kind of call: class puts, single and bulk instance puts, refused puts, reads, a delete. */
const program = Effect.gen(function* () {
  const Item = ClassDefinition.make("Demo_Item", {
    Id: Property.key("uint32"),
    Label: Property.make("string", { value: "\u2019none\u2019" })
  })
  const item = (Id: number, Label: string, options?: PutRequest.Options) =>
    PutRequest.make(Instance.make("Demo_Item", { Id, Label }), options)
  yield* PutAsync.put(PutRequest.make(Item))
  yield* PutAsync.put(item(1, "a"))
  yield* Effect.either(PutAsync.put(item(1, "b", { mode: "CreateOnly" })))
  yield* Effect.either(PutAsync.put(item(2, "b", { mode: "UpdateOnly" })))
  yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: 'C:\n"', Size: 2n ** 64n - 1n, Ratio: -0.1 })))
  const list = Array.from({ length: 40 }, (_, i) => item(10 + i, `\ud83d\ude00 ${i}`))
  const tally = yield* Stream.fromIterable(list).pipe(
    BulkPut.run({ batchSize: 30 }),
    Stream.runFold(PutOutcome.emptyTally, PutOutcome.tally)
  )
  const found = yield* Wmi.get("Demo_Item.Id=12")
  const definition = yield* Wmi.get("Demo_Item")
  yield* Wmi.delete("Demo_Item.Id=12")
  return { tally, found, definition }
})

const options = {
  limits: { batchItems: 16 },
  connect: { server: "far", user: "u", password: Redacted.make("hunter2") }
}

const record = async () => {
  const entries: Array<HostRecording.Entry> = []
  const answer = await withFake(() => program, {}, { ...options, record: (entry) => entries.push(entry) })
  return { entries, answer }
}

const kept = fileURLToPath(new URL("./fake-recording.jsonl", import.meta.url))

const playing = async (recording: HostRecording.Recording) => {
  const played = play(recording)
  const layer = Wmi.layer(PowerShellRepository.layer(options)).pipe(Layer.provide(played.executor))
  const answer = await Effect.runPromise(Effect.provide(program, layer))
  return { played, answer }
}

describe("a recording", () => {
  it("is formatted and parsed, has the frames in order, and holds no secret", async () => {
    const { entries } = await record()
    const text = HostRecording.format(entries)
    assert.deepStrictEqual(Either.getOrThrow(HostRecording.parse(text)), entries)
    assert.notInclude(text, "hunter2")
    assert.include(text, '"secret":"<secret>"')
  })

  it("can be played to the client that made it", async () => {
    const { answer, entries } = await record()
    const again = await playing(entries)
    assert.deepStrictEqual(again.played.faults, [])
    assert.strictEqual(again.played.left(), 0)
    assert.deepStrictEqual(again.answer, answer)
  })

  it("of an earlier version can be played to the client", async () => {
    if (process.env["RECORD"] !== undefined) {
      writeFileSync(kept, HostRecording.format((await record()).entries))
    }
    const { answer, played } = await playing(Either.getOrThrow(HostRecording.parse(readFileSync(kept, "utf8"))))
    assert.deepStrictEqual(played.faults, [])
    assert.strictEqual(answer.tally.stored, 40)
  })

  it("the player reports a frame that differs", async () => {
    const { entries } = await record()
    const changed = entries.map((entry) =>
      entry.f["op"] === "putInstance" ? { ...entry, f: { ...entry.f, flags: 1 } } : entry
    )
    const { played } = await playing(changed)
    assert.isAbove(played.faults.length, 0)
  })

  it("seeds an emulator: the stored puts build the same namespace", async () => {
    const { answer, entries } = await record()
    const seed = HostRecording.seed(entries)
    const rebuilt = Effect.gen(function* () {
      for (const request of HostRecording.requests(entries)) yield* PutAsync.put(request)
      return { found: yield* Wmi.get("Demo_Item.Id=12"), all: yield* Wmi.instancesOf("Demo_Item") }
    })
    const { all, found } = await Effect.runPromise(Effect.provide(rebuilt, Wmi.layerMemoryFrom(seed)))
    assert.deepStrictEqual(found, answer.found)
    assert.strictEqual(all.length, 41)
  })

  it("is a regression test: the emulator has the same outcomes", async () => {
    const { entries } = await record()
    const seed = HostRecording.seed(entries)
    const run = (recording: HostRecording.Recording) =>
      Effect.runPromise(Effect.provide(HostRecording.replay(recording), Wmi.layerMemoryFrom(seed)))
    assert.strictEqual(HostRecording.puts(entries).length, 45)
    assert.deepStrictEqual(await run(entries), [])
    // A host with other outcomes is found.
    const other = entries.map((entry) =>
      entry.f["t"] === "res" && entry.f["ok"] === false
        ? { ...entry, f: { ...entry.f, error: { kind: "wmi", hresult: "80041001", message: "" } } }
        : entry
    )
    assert.deepStrictEqual((await run(other)).map(({ replayed, recorded }) => [recorded, replayed]), [
      ["Failed", "AlreadyExists"],
      ["Failed", "NotFound"]
    ])
  })

  it("has a seed without the namespaces that it creates", async () => {
    const entries: Array<HostRecording.Entry> = []
    const making = Effect.gen(function* () {
      const namespace = "root\\cimv2\\made"
      const name = Instance.make("__NAMESPACE", { Name: "made" })
      const again = PutRequest.make(name, { mode: "CreateOnly" })
      yield* PutAsync.put(again)
      yield* PutAsync.put(PutRequest.make(ClassDefinition.make("A", { Id: Property.key("uint32") }), { namespace }))
      yield* PutAsync.put(PutRequest.make(Instance.make("A", { Id: 1 }), { namespace }))
      yield* Effect.flip(PutAsync.put(again))
    })
    await withFake(() => making, {}, { ...options, record: (entry) => entries.push(entry) })
    assert.strictEqual(HostRecording.puts(entries).length, 4)
    const seed = HostRecording.seed(entries)
    assert.notInclude(Snapshot.namespaces(seed), "root\\cimv2\\made")
    assert.deepStrictEqual(Snapshot.classes(seed, "root\\cimv2"), [], "nobody's class is a system class")
    const differences = await Effect.runPromise(
      Effect.provide(HostRecording.replay(entries), Wmi.layerMemoryFrom(seed))
    )
    assert.deepStrictEqual(differences, [])
  })

  it("a generated key is not compared by its value", async () => {
    const Key = ClassDefinition.make("Keyed", { Id: Property.key("string"), N: Property.key("uint32") })
    const madeUp = "{8CB9530E-9BCC-4FBC-98B3-8DDF74E2964F}"
    const without = { class: "Keyed", props: [{ n: "N", t: 19, v: "1" }] }
    const named = {
      class: "Keyed",
      props: [{ n: "Id", t: 8, v: "{153682af-78cf-44ff-8b6d-b0d11766e44b}" }, ...without.props]
    }
    const frames = (n: string, put: object): HostRecording.Recording => [
      { d: "<", ms: 0, f: { t: "hello", protocol: 1, edition: "Fake", version: "1", bits: 64, engines: ["script"] } },
      { d: ">", ms: 1, f: { op: "connect", id: 1, ns: "root\\cimv2" } },
      { d: "<", ms: 2, f: { t: "res", id: 1, ok: true, result: { c: 1 } } },
      { d: ">", ms: 3, f: { op: "putInstance", id: 2, c: 1, flags: 0, item: put } },
      { d: "<", ms: 4, f: { t: "start", id: 2 } },
      { d: "<", ms: 5, f: { t: "res", id: 2, ok: true, result: { path: `\\\\F\\root\\cimv2:Keyed.Id="${n}",N=1` } } }
    ]
    const replayed = (recording: HostRecording.Recording) =>
      Effect.runPromise(Effect.provide(
        Effect.zipRight(PutAsync.put(PutRequest.make(Key)), HostRecording.replay(recording)),
        Wmi.layerMemory
      ))
    assert.deepStrictEqual(await replayed(frames(madeUp, without)), [])
    assert.strictEqual((await replayed(frames("not made up", without))).length, 1)
    assert.strictEqual((await replayed(frames(madeUp, named))).length, 1, "the caller's own key is compared")
  })

  it("a line that is not an entry is reported with its number", () => {
    const fault = (text: string) => Either.getOrThrow(Either.flip(HostRecording.parse(text)))
    assert.deepStrictEqual(fault("\n{"), { line: 2, reason: "it is no JSON" })
    for (const line of ["[]", "{}", '{"d":"<","ms":1,"f":[]}', '{"d":"=","ms":1,"f":{}}']) {
      assert.strictEqual(fault(line).line, 1)
    }
  })

  it("reading back arbitrary frames throws nothing", () => {
    const values = FastCheck.oneof(
      FastCheck.jsonValue(),
      FastCheck.constantFrom<unknown>(1, 2, "x", [{}], [{ n: "P", t: 21, v: "x" }], {
        class: "A",
        props: [{ n: "P", t: 21, v: "1" }]
      })
    )
    const entry = FastCheck.record({
      d: FastCheck.constantFrom<">" | "<">(">", ">", "<"),
      ms: FastCheck.nat(),
      f: FastCheck.tuple(
        FastCheck.dictionary(FastCheck.constantFrom("c", "r", "item", "items", "class", "result", "flags"), values),
        FastCheck.constantFrom<object>(
          ...["putInstance", "putMany", "putClass", "get"].map((op) => ({ op, id: 2, c: 1 })),
          { t: "res", id: 2, ok: true, result: { path: "A.P=1", genus: 1, class: "A", props: [{ n: "P", t: 8 }] } }
        )
      ).map(([more, fixed]) => ({ ...more, ...fixed }))
    })
    const before: HostRecording.Recording = [
      { d: ">", ms: 0, f: { op: "connect", id: 1, ns: "root\\cimv2" } },
      { d: "<", ms: 0, f: { t: "res", id: 1, ok: true, result: { c: 1 } } }
    ]
    let read = 0
    FastCheck.assert(
      FastCheck.property(FastCheck.array(entry, { maxLength: 8 }), (entries) => {
        read += HostRecording.puts([...before, ...entries]).length
        HostRecording.seed([...before, ...entries])
      }),
      { numRuns: 2000 }
    )
    assert.isAbove(read, 1000)
  })
})

describe("sent objects are read back", () => {
  it("a class with every feature", () => {
    const one = ClassDefinition.make("Demo_A", {
      Id: Property.key("uint32", { value: 7 }),
      Of: Property.make("ref:Demo_B", { qualifiers: [Qualifier.make("Q", 1, { type: "real64", flavor: 0x83 })] }),
      List: Property.make("uint64[]", { value: [1n, 2n ** 63n] })
    }, {
      superclass: "Demo_Base",
      qualifiers: { Words: ["a", "b"], Description: "x", N: 3 },
      methods: {
        Go: Method.make("uint32", [
          { name: "How", type: "string" },
          { name: "Both", type: "uint8[]", direction: "inout" },
          { name: "Back", type: "object:Demo_B", direction: "out" }
        ]),
        Stop: Method.make("void")
      }
    })
    const plain = (u: unknown): unknown =>
      JSON.parse(JSON.stringify(u, (_, v: unknown) => typeof v === "bigint" ? `${v}n` : v))
    assert.deepStrictEqual(plain(recorded.classDefinition(JSON.parse(json(encodeClass(one))))), plain(one))
  })

  it("an instance without its class shape, as text", () => {
    const one = Instance.make("A", { S: "x", B: true, L: ["a"], N: null, O: Instance.make("B", { P: "q" }) })
    assert.deepStrictEqual(recorded.instance(JSON.parse(json(encodeInstance(one, new Map())))), one)
  })
})
