/** The spans of requests to a host: their parents, names and ends. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Stream from "effect/Stream"
import { assert, describe, it } from "vitest"
import * as Instance from "../../src/model/Instance.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"
import { recordedSpans, type Recording } from "../recordedSpans.ts"
import { withFake } from "./fakeHostFixture.ts"

const disk = (id: string) => PutRequest.make(Instance.make("Demo_Disk", { Id: id, N: 1 }))

const calls = (recording: Recording): ReadonlyArray<string> =>
  recording.spans.map(({ ending, facts, path }) => `${path} ${facts["db.operation.name"] ?? ""}: ${ending}`)

/** The number of requests to hosts in this process. */
const roundTrips = (): number =>
  Metric.unsafeSnapshot().reduce(
    (n, { metricKey, metricState }) =>
      metricKey.name === "wmi.host.calls" ? n + Number((metricState as unknown as { count: number }).count) : n,
    0
  )

describe("requests to a host", () => {
  it("are children of the put", async () => {
    const recording = recordedSpans()
    const before = roundTrips()
    await withFake(() => Effect.provide(PutAsync.put(disk("C:")), recording.layer))
    const tree = calls(recording)
    assert.strictEqual(tree[0], "wmi.put : ok")
    assert.includeMembers([...tree], ["wmi.put > wmi.host_call connect: ok", "wmi.put > wmi.host_call putInstance: ok"])
    assert.strictEqual(roundTrips() - before, tree.length - 1)
    assert.isTrue(recording.spans.slice(1).every(({ kind }) => kind === "client"))
  })

  it("have the attributes of `Effect.annotateSpans`", async () => {
    const recording = recordedSpans()
    await withFake(() =>
      PutAsync.put(disk("C:")).pipe(Effect.annotateSpans("agent", "inventory"), Effect.provide(recording.layer))
    )
    assert.isAbove(recording.spans.length, 2)
    assert.isTrue(recording.spans.every(({ facts }) => facts["agent"] === "inventory"))
  })

  it("of a batch have the number of puts", async () => {
    const recording = recordedSpans()
    await withFake(() =>
      Effect.provide(Stream.runDrain(BulkPut.run(Stream.make(disk("C:"), disk("D:"), disk("E:")))), recording.layer)
    )
    assert.include(calls(recording), "wmi.put_bulk > wmi.host_call putMany: ok")
    const many = recording.spans.find(({ facts }) => facts["db.operation.name"] === "putMany")
    assert.strictEqual(many?.facts["db.operation.batch.size"], 3)
  })

  it("that fail have the number of the status, and the verb its type", async () => {
    const recording = recordedSpans()
    await withFake(() => Effect.provide(Effect.flip(Wmi.get('Demo_Disk.Id="Z:"')), recording.layer))
    const [get] = recording.spans
    assert.deepStrictEqual([get?.name, get?.ending, get?.facts["error.type"]], ["wmi.get", "failed", "WbemNotFound"])
    const call = recording.spans.find(({ facts }) => facts["db.operation.name"] === "get")
    assert.strictEqual(call?.ending, "failed")
    assert.strictEqual(call?.facts["wmi.hresult"], "0x80041002")
  })

  it("whose answer is lost end", async () => {
    const recording = recordedSpans()
    await withFake(
      () => Effect.provide(Effect.exit(PutAsync.put(disk("C:"))), recording.layer),
      { fault: { kind: "crash", at: 4 } }
    )
    assert.isTrue(recording.spans.every(({ ending }) => ending !== "open"), calls(recording).join("\n"))
    assert.isTrue(recording.spans.some(({ facts }) => facts["error.type"] === "Lost"), calls(recording).join("\n"))
  })

  it("have no span without a tracer", async () => {
    const before = roundTrips()
    await withFake(() => PutAsync.put(disk("C:")))
    assert.strictEqual(roundTrips(), before)
  })
})
