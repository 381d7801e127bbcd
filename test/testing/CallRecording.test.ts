/** Recording and replay: the same answers and errors, and a loud failure of a call that is not recorded. */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { CallRecording, Fault, WmiTest } from "../../src/entry/testing.ts"
import * as Instance from "../../src/model/Instance.ts"
import { NamespaceState } from "../../src/pipeline/NamespaceState.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { isWbemError } from "../../src/protocol/WbemError.ts"
import * as Wmi from "../../src/Wmi.ts"
import { Asset, asset, bulk, ids, namespace, single } from "./corp.ts"

const program = Effect.gen(function* () {
  const log: Array<unknown> = []
  const note = <A, E, R>(call: Effect.Effect<A, E, R>) =>
    Effect.map(Effect.either(call), (ended) => void log.push(Either.merge(ended)))
  yield* note(PutAsync.put(PutRequest.make(Asset)))
  yield* note(single([asset("A1"), asset("A1", "ann")]))
  yield* note(bulk([asset("A1", "ann"), asset("A2"), Instance.make("Corp_Asset", { Id: "A3", Nope: 1 })]))
  yield* note(PutAsync.put(PutRequest.make(asset("A1"), { mode: "CreateOnly" })))
  yield* note(PutAsync.put(PutRequest.make(asset("A1"), { namespace: "root\\nope" })))
  yield* note(
    PutAsync.put(PutRequest.make(Instance.make("Corp_Asset", { Id: "A1", Price: 9 }), {
      mode: "UpdateOnly",
      context: { __PUT_EXTENSIONS: true, __PUT_EXT_PROPERTIES: ["Price"] }
    }))
  )
  yield* note(Wmi.get('Corp_Asset.Id="A1"'))
  yield* note(Wmi.get('Corp_Asset.Id="B1"'))
  yield* note(Wmi.get("Corp_Asset"))
  yield* note(Wmi.instancesOf("Corp_Asset"))
  yield* note(Wmi.classes())
  yield* note(Wmi.namespaces)
  yield* note(Wmi.delete('Corp_Asset.Id="A2"'))
  yield* note(Wmi.delete('Corp_Asset.Id="A2"'))
  return log
})

const kit = WmiTest.layer({ defaultNamespace: namespace })

/** Answers and errors as plain values. */
const plain = (log: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  log.map((one) =>
    isWbemError(one)
      ? {
        ...JSON.parse(JSON.stringify(one)) as object,
        tag: one._tag,
        status: one.status,
        hresult: one.hresult,
        message: one.message
      }
      : one
  )

/** The answers of the program, and its recording. */
const recorded = Effect.gen(function* () {
  const lines: Array<string> = []
  const layer = CallRecording.layerRecord(kit, (call) => lines.push(CallRecording.format([call])))
  return { log: plain(yield* Effect.provide(program, layer)), text: lines.join("") }
})

const parsed = (text: string): CallRecording.Recording => Either.getOrThrow(CallRecording.parse(text))

const replaying = (text: string, order?: CallRecording.Order) =>
  WmiTest.layerOver(CallRecording.layerReplay(parsed(text), { order }), { defaultNamespace: namespace })

const defectOf = <A, E>(exit: Exit.Exit<A, E>): Error =>
  Exit.isFailure(exit) && Cause.isDie(exit.cause)
    ? Cause.squash(exit.cause) as Error
    : new Error(`no defect: ${String(exit)}`)

describe("a replay", () => {
  it.effect("answers every verb as it was recorded: reports, objects, lists, errors with their facts", () =>
    Effect.gen(function* () {
      const { log, text } = yield* recorded
      assert.strictEqual(log.length, 14)
      const again = yield* Effect.provide(Effect.zipLeft(program, CallRecording.assertPlayed()), replaying(text))
      assert.deepStrictEqual(plain(again), log)
    }))

  it.effect("the call log of a kit is a recording, and a replay can be recorded again to the same text", () =>
    Effect.gen(function* () {
      const text = CallRecording.format(yield* Effect.provide(Effect.zipRight(program, WmiTest.calls), kit))
      const again = CallRecording.format(
        yield* Effect.provide(Effect.zipRight(program, WmiTest.calls), replaying(text))
      )
      assert.strictEqual(again, text)
      assert.strictEqual(CallRecording.format(parsed(text)), text)
    }))

  it.effect("values of every type keep their type", () =>
    Effect.gen(function* () {
      const inner = Instance.make("Corp_Inner", { Id: "i", Big: 2n ** 63n - 1n })
      const odd = Instance.make("Corp_Odd", { Id: -5n, Real: -0, Bytes: [1, 2], Inner: inner })
      const mof = `class Corp_Inner { [key] string Id; uint64 Big; };
        class Corp_Odd { [key] sint64 Id; real64 Real; uint8 Bytes[]; Corp_Inner Inner; };`
      const read = Effect.gen(function* () {
        const report = yield* PutAsync.put(PutRequest.make(odd))
        return [report, yield* Wmi.get("Corp_Odd.Id=-5")]
      })
      const [log, calls] = yield* Effect.provide(Effect.all([read, WmiTest.calls]), WmiTest.layer({ mof }))
      const text = CallRecording.format(calls)
      const again = yield* Effect.provide(read, Wmi.layer(CallRecording.layerReplay(parsed(text))))
      assert.deepStrictEqual(again, log)
    }))

  it.effect("a call that is not the next one dies, with the call, the next one, the nearest one and what differs", () =>
    Effect.gen(function* () {
      const { text } = yield* recorded
      const exit = yield* Effect.exit(PutAsync.put(PutRequest.make(asset("A1", "eve")))).pipe(
        Effect.provide(replaying(text))
      )
      const error = defectOf(exit)
      assert.strictEqual(error.name, "UnexpectedCall")
      assert.strictEqual(
        error.message,
        [
          "the call is not the next one of the recording:",
          '  put Corp_Asset { Id: "A1", Owner: "eve", Price: 1 } in root\\corp',
          "the next recorded call:",
          "  number 1: put class Corp_Asset in root\\corp -> Created",
          "the nearest recorded call:",
          '  number 2: put Corp_Asset.Id="A1" { Id: "A1", Owner: "bob", Price: 1 } in root\\corp -> Created',
          '    request.object.v.Owner: recorded "bob", called with "eve"'
        ].join("\n")
      )
    }))

  it.effect("each call is answered once; the rest is named at the end", () =>
    Effect.gen(function* () {
      const text = CallRecording.format(
        yield* Effect.provide(Effect.zipRight(Effect.all([Wmi.namespaces, Wmi.classes()]), WmiTest.calls), kit)
      )
      yield* Effect.gen(function* () {
        yield* Wmi.namespaces
        assert.match(
          defectOf(yield* Effect.exit(CallRecording.assertPlayed())).message,
          /1 recorded call was not made:\n- list classes in root\\corp -> ok/
        )
        yield* Wmi.classes()
        yield* CallRecording.assertPlayed()
        assert.match(
          defectOf(yield* Effect.exit(Wmi.namespaces)).message,
          /all 2 calls of which were made:\n {2}list namespaces/
        )
        // The program may handle a defect; the replay reports it anyway.
        assert.match(defectOf(yield* Effect.exit(CallRecording.assertPlayed())).message, /list namespaces/)
      }).pipe(Effect.provide(replaying(text)))
    }))

  it.effect("in any order a call takes the first equal one", () =>
    Effect.gen(function* () {
      const { text } = yield* recorded
      yield* Effect.gen(function* () {
        assert.strictEqual((yield* Wmi.get('Corp_Asset.Id="A1"'))._tag, "Instance")
        assert.deepStrictEqual(yield* single([asset("A1", "ann")]), ["Updated"])
        assert.deepStrictEqual(yield* single([asset("A1", "ann")]), ["Unchanged"])
        assert.match(
          defectOf(yield* Effect.exit(Wmi.get('Corp_Asset.Id="A1"'))).message,
          /is not in the recording:\n {2}get Corp_Asset\.Id="A1" in root\\corp\n/
        )
      }).pipe(Effect.provide(replaying(text, "Any")))
    }))

  it.effect("of something that is no recording, or in an order that does not exist, is refused", () =>
    Effect.gen(function* () {
      const build = (recording: unknown, order?: unknown) =>
        Effect.exit(Effect.scoped(
          Layer.build(CallRecording.layerReplay(recording as CallRecording.Recording, { order: order as "Any" }))
        ))
      assert.match(
        defectOf(yield* build("text")).message,
        /layerReplay takes a list of calls; CallRecording.parse makes/
      )
      assert.match(defectOf(yield* build([], "any")).message, /order: any is none of Recorded, Any/)
    }))

  it.effect("has no state: no snapshot, and a kit over it has no reset", () =>
    Effect.gen(function* () {
      const state = yield* Effect.serviceOption(NamespaceState)
      assert.isTrue(Option.isNone(state))
      type Given = Layer.Layer.Success<ReturnType<typeof replaying>>
      const hasState: NamespaceState extends Given ? true : false = false
      const hasReset: WmiTest.TestState extends Given ? true : false = false
      assert.isFalse(hasState || hasReset, "the types say so, too")
    }).pipe(Effect.provide(replaying(""))))

  it.effect("a storage failure of a whole bulk run, a lost answer and a defect are replayed as such", () =>
    Effect.gen(function* () {
      const objects = ids(2).map((id) => asset(id))
      for (
        const [fault, expected] of [
          [Fault.make({ verb: "batch", fault: "Timeout" }), ["NotStarted Timeout", "NotStarted Timeout"]],
          [Fault.make({ verb: "put", nth: 2, fault: Fault.loseAnswer }), ["Created", "Unknown TransportFailure"]]
        ] as const
      ) {
        const source = WmiTest.layer({ objects: [Asset], defaultNamespace: namespace, faults: [fault] })
        const [made, calls] = yield* Effect.provide(Effect.all([bulk(objects), WmiTest.calls]), source)
        assert.deepStrictEqual(made, [...expected])
        assert.deepStrictEqual(yield* Effect.provide(bulk(objects), replaying(CallRecording.format(calls))), [
          ...expected
        ])
      }
      const dying = WmiTest.layer({ faults: [Fault.make({ verb: "list", fault: Fault.die("boom") })] })
      const [, calls] = yield* Effect.provide(Effect.all([Effect.exit(Wmi.namespaces), WmiTest.calls]), dying)
      const again = yield* Effect.provide(Effect.exit(Wmi.namespaces), replaying(CallRecording.format(calls)))
      assert.match(defectOf(again).message, /the recorded call died: boom/)
    }))
})

describe("a text that is no recording is refused with its line", () => {
  const call = { verb: "list", time: 0, request: { of: "namespaces" }, answer: [] }
  for (
    const [title, text, message] of [
      ["no JSON", `${JSON.stringify(call)}\nPS C:\\>`, /line 2 of the recording: it is no JSON/],
      ["no object", "[]", /line 1 .*: it is no call/],
      ["an unknown verb", JSON.stringify({ ...call, verb: "putt" }), /verb is none of put, get, list, delete/],
      ["no time", JSON.stringify({ ...call, time: "now" }), /time is no number/],
      ["no answer", JSON.stringify({ ...call, answer: undefined }), /no answer, no error and no defect/],
      ["an error that is none", JSON.stringify({ ...call, error: "Failed" }), /error is no error/],
      ["a tag with another form", JSON.stringify({ ...call, answer: { $n: "x" } }), /\$n does not have the form/],
      ["a damaged object", JSON.stringify({ ...call, answer: [{ $object: { o: 1 } }] }), /line 1/],
      ["a namespace that is no text", JSON.stringify({ ...call, namespace: 5 }), /namespace is no text/]
    ] as const
  ) {
    it(title, () => {
      const error = Option.getOrThrow(Either.getLeft(CallRecording.parse(text)))
      assert.strictEqual(error._tag, "InvalidRecording")
      assert.match(error.message, message)
    })
  }
})
