/** The test kit and recordings over a Windows repository: faults and call log without a state, and a replay without a host. */
import { assert, describe, it } from "vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { CallLog, CallRecording, Fault, WmiTest } from "../../src/entry/testing.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import { make as makeRepository, Repository } from "../../src/pipeline/Repository.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { isWbemError } from "../../src/protocol/WbemError.ts"
import * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"
import * as Wmi from "../../src/Wmi.ts"
import { allGone, executor, Folder, options } from "./fakeHostFixture.ts"

/** Runs a program over a layer that is made of the repository over a fake host. */
const over = async <A, E, R, E2>(
  layer: (repository: Layer.Layer<Repository, unknown>) => Layer.Layer<R, E2>,
  program: Effect.Effect<A, E, R>
): Promise<A> => {
  const folder = new Folder()
  try {
    const repository = Layer.provide(PowerShellRepository.layer(options(folder)), executor)
    const answer = await Effect.runPromise(Effect.provide(program, layer(repository)))
    await Effect.runPromise(allGone(folder))
    return answer
  } finally {
    folder.remove()
  }
}

const disk = (Id: string) => PutRequest.make(Instance.make("Demo_Disk", { Id, Size: 2n ** 63n }))
const bulk = Effect.map(
  Stream.runCollect(BulkPut.run(Stream.make(disk("A:"), disk("B:"), disk("C:")))),
  (outcomes) => Chunk.toReadonlyArray(outcomes).map(({ _tag }) => _tag)
)
const single = Effect.forEach(
  ["A:", "B:", "C:"],
  (id) =>
    Effect.match(PutAsync.put(disk(id)), { onFailure: ({ status }) => status as string, onSuccess: () => "Stored" })
)

describe("a kit over a Windows repository", () => {
  const kit = (repository: Layer.Layer<Repository, unknown>) => WmiTest.layerOver(repository, { server: "FAKE" })

  it("has faults, single and bulk, and a call log", () =>
    over(
      kit,
      Effect.gen(function* () {
        const lost = Fault.make({ verb: "put", path: 'Demo_Disk.Id="B:"', fault: Fault.loseAnswer })
        assert.deepStrictEqual(yield* WmiTest.withFault(lost)(bulk), ["Committed", "Unknown", "Committed"])
        const denied = Fault.make({ verb: "put", nth: 2, fault: "AccessDenied" })
        assert.deepStrictEqual(yield* WmiTest.withFault(denied)(single), ["Stored", "AccessDenied", "Stored"])
        yield* Wmi.get('Demo_Disk.Id="B:"') // it was stored when the answer was lost
        const calls = yield* WmiTest.calls
        assert.deepStrictEqual(calls.map(({ end }) => end === "Success"), [true, false, true, true, false, true, true])
        assert.strictEqual(CallLog.paths(calls)[0], 'Demo_Disk.Id="A:"')
      })
    ))

  it("has no state, and no options of a start state", async () => {
    const repository = undefined as never as Layer.Layer<Repository>
    const hasState: WmiTest.TestState extends Layer.Layer.Success<ReturnType<typeof kit>> ? true : false = false
    assert.isFalse(hasState)
    // @ts-expect-error a start state needs a repository that can be read
    const refused = () => WmiTest.layerOver(repository, { mof: "class A { };" })
    assert.isFunction(refused)
    const fails = Layer.succeed(
      Repository,
      makeRepository({
        putBatch: () => Effect.succeed([]),
        delete: () => Effect.die("unused"),
        get: () => Effect.die("unused")
      })
    )
    const given = { mof: "class A { };" } as WmiTest.CallOptions
    const error = await Effect.runPromise(Effect.scoped(Effect.flip(Layer.build(WmiTest.layerOver(fails, given)))))
    assert.match(error.message, /mof: there is no such option here/)
  })
})

it("a recording of a Windows repository is replayed without a host, with the same answers and errors", async () => {
  const program = Effect.gen(function* () {
    const answers: Array<unknown> = [yield* bulk, yield* single, yield* Wmi.get('Demo_Disk.Id="A:"')]
    answers.push(yield* Wmi.delete('Demo_Disk.Id="A:"'))
    const missing = yield* Effect.flip(Wmi.get('Demo_Disk.Id="A:"'))
    const nowhere = yield* Effect.flip(PutAsync.put(PutRequest.make(Instance.make("No_Class", { Id: "1" }))))
    return [...answers, ...[missing, nowhere].map((error) => isWbemError(error) && [error._tag, error.message])]
  })
  const lines: Array<string> = []
  const recorded = await over(
    (repository) =>
      Wmi.layer(CallRecording.layerRecord(repository, (call) => lines.push(CallRecording.format([call])))),
    program
  )
  const recording = Either.getOrThrow(CallRecording.parse(lines.join("")))
  const replayed = await Effect.runPromise(
    Effect.provide(
      Effect.zipLeft(program, CallRecording.assertPlayed()),
      Wmi.layer(CallRecording.layerReplay(recording))
    )
  )
  assert.deepStrictEqual(replayed, recorded)
  assert.strictEqual(recording.length, 10)
})
