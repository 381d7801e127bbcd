/** The call log: what a call holds, selectors, patterns, and the text of a failed assertion. */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Inspectable from "effect/Inspectable"
import * as Stream from "effect/Stream"
import { CallLog, Fault, WmiTest } from "../../src/entry/testing.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"
import { Asset, asset, bulk, ids, namespace, single } from "./corp.ts"

const kit = WmiTest.layer({ objects: [Asset], defaultNamespace: namespace })
const pathOf = (id: string): string => `Corp_Asset.Id="${id}"`

const everyVerb = Effect.gen(function* () {
  yield* single([asset("A1")])
  yield* bulk([asset("A2"), Instance.make("Corp_Asset", { Id: "A3", Nope: 1 })])
  yield* Wmi.get(pathOf("A1"))
  yield* Effect.either(Wmi.get(pathOf("B1")))
  yield* Wmi.instancesOf("Corp_Asset")
  yield* Wmi.classes()
  yield* Wmi.namespaces
  yield* PutAsync.plan(PutRequest.make(asset("A4")))
  yield* Wmi.restore(yield* Wmi.snapshot)
  yield* Wmi.delete(pathOf("A1"))
})

it.effect("every verb is logged, in order, as a line", () =>
  Effect.gen(function* () {
    yield* everyVerb
    assert.deepStrictEqual((yield* WmiTest.calls).map(CallLog.line), [
      'put Corp_Asset.Id="A1" { Id: "A1", Owner: "bob", Price: 1 } in root\\corp -> Created',
      'put Corp_Asset.Id="A2" { Id: "A2", Owner: "bob", Price: 1 } in root\\corp -> Created (bulk 1)',
      'put Corp_Asset.Id="A3" { Id: "A3", Nope: 1 } in root\\corp -> InvalidProperty (bulk 1)',
      'get Corp_Asset.Id="A1" in root\\corp -> ok',
      'get Corp_Asset.Id="B1" in root\\corp -> NotFound',
      "list instances of Corp_Asset in root\\corp -> ok",
      "list classes in root\\corp -> ok",
      "list namespaces -> ok",
      'plan Corp_Asset.Id="A4" { Id: "A4", Owner: "bob", Price: 1 } in root\\corp -> ok',
      "snapshot -> ok",
      "restore -> ok",
      'delete Corp_Asset.Id="A1" in root\\corp -> ok'
    ])
  }).pipe(Effect.provide(kit)))

it.effect("a call holds its request, its answer or error, its time and the rules that hit it", () =>
  Effect.gen(function* () {
    const rule = Fault.make({ verb: "get", fault: "AccessDenied" })
    yield* single([asset("A1")])
    yield* Effect.either(WmiTest.withFault(rule)(Wmi.get(pathOf("A1"))))
    const [put, get] = yield* WmiTest.calls
    assert.strictEqual(
      put?.verb === "put" && put.request.object._tag === "Instance" && put.request.object.values["Owner"],
      "bob"
    )
    assert.strictEqual(put?.verb === "put" && put.answer?.disposition, "Created")
    assert.deepStrictEqual([put?.time, put?.index, get?.index], [0, 0, 1])
    assert.strictEqual(get?.error?._tag, "WbemAccessDenied")
    assert.deepStrictEqual(get?.faults, [rule])
  }).pipe(Effect.provide(kit)))

it.effect("selectors", () =>
  Effect.gen(function* () {
    yield* everyVerb
    const calls = yield* WmiTest.calls
    assert.deepStrictEqual(CallLog.paths(CallLog.puts(calls)), ["A1", "A2", "A3"].map(pathOf))
    assert.deepStrictEqual(CallLog.writes(calls).map(({ verb }) => verb), ["put", "put", "put", "restore", "delete"])
    assert.deepStrictEqual(CallLog.reads(calls).length, 7)
    assert.deepStrictEqual(CallLog.failures(calls).map(({ error }) => error?.status), ["InvalidProperty", "NotFound"])
    assert.deepStrictEqual(CallLog.ofVerb(calls, "list").map(({ request }) => request.of), [
      "instances",
      "classes",
      "namespaces"
    ])
    assert.strictEqual(CallLog.objects(calls)[0]?._tag, "Instance")
    assert.strictEqual(CallLog.format(calls).split("\n").length, calls.length + 1)
  }).pipe(Effect.provide(kit)))

it.effect("a defect is shown", () =>
  Effect.gen(function* () {
    yield* WmiTest.addFault(Fault.make({ verb: "get", name: "the crash", fault: Fault.die(new Error("boom\nlater")) }))
    yield* Effect.exit(Wmi.get("Corp_Asset"))
    assert.strictEqual(
      CallLog.format(yield* WmiTest.calls),
      "get Corp_Asset in root\\corp -> died with Error: boom (fault: the crash)\n"
    )
  }).pipe(Effect.provide(kit)))

it.effect("a forced update says how many instances it deleted", () =>
  Effect.gen(function* () {
    yield* single([asset("A1"), asset("A2")])
    const other = ClassDefinition.make("Corp_Asset", { Id: Property.key("string"), Price: Property.make("string") })
    yield* PutAsync.put(PutRequest.make(other, { update: "Force" }))
    assert.deepStrictEqual(
      (yield* WmiTest.calls).slice(-1).map(CallLog.line),
      ["put class Corp_Asset in root\\corp -> Updated, 2 deleted"]
    )
  }).pipe(Effect.provide(kit)))

it.effect("a bulk run that creates its namespace logs each put once", () =>
  Effect.gen(function* () {
    const requests = [
      PutRequest.make(Instance.make("__NAMESPACE", { Name: "child" })),
      PutRequest.make(Asset, { namespace: "root\\corp\\child" }),
      PutRequest.make(asset("A1"), { namespace: "root\\nowhere" })
    ]
    yield* Stream.runDrain(BulkPut.run(Stream.fromIterable(requests)))
    yield* WmiTest.assertCalls([
      { class: "__NAMESPACE", disposition: "Created" },
      { class: "Corp_Asset", disposition: "Created" },
      { class: "Corp_Asset", status: "InvalidNamespace" }
    ], "AnyOrder")
  }).pipe(Effect.provide(kit)))

describe("assertions", () => {
  const messageOf = (expected: ReadonlyArray<CallLog.Pattern>, mode?: CallLog.Mode) =>
    Effect.map(
      Effect.exit(WmiTest.assertCalls(expected, mode)),
      (exit) => Exit.isSuccess(exit) ? undefined : Cause.squash(exit.cause) as CallLog.CallAssertionError
    )

  it.effect("exactly these fifty, and nothing was read", () =>
    Effect.gen(function* () {
      yield* bulk(ids(50).map((id) => asset(id)))
      yield* WmiTest.assertCalls(ids(50).map((id) => ({ verb: "put", path: pathOf(id), disposition: "Created" })))
      yield* Wmi.get(pathOf("A1"))
      const error = yield* messageOf(ids(50).map((id) => ({ verb: "put", path: pathOf(id) })))
      assert.strictEqual(
        error?.message,
        [
          "the calls differ: 1 call was not expected",
          "",
          "  ... 47 equal calls",
          '  put Corp_Asset.Id="A48" { Id: "A48", Owner: "bob", Price: 1 } in root\\corp -> Created (bulk 1)',
          '  put Corp_Asset.Id="A49" { Id: "A49", Owner: "bob", Price: 1 } in root\\corp -> Created (bulk 1)',
          '  put Corp_Asset.Id="A50" { Id: "A50", Owner: "bob", Price: 1 } in root\\corp -> Created (bulk 1)',
          '+ get Corp_Asset.Id="A1" in root\\corp -> ok'
        ].join("\n")
      )
    }).pipe(Effect.provide(kit)))

  it.effect("a difference has expected and actual as text, for the runner", () =>
    Effect.gen(function* () {
      yield* single([asset("A1"), asset("A2")])
      const error = yield* messageOf([{ verb: "put", path: pathOf("A1") }, {
        verb: "delete",
        path: pathOf("A2"),
        status: "NotFound"
      }])
      const first = 'put Corp_Asset.Id="A1" { Id: "A1", Owner: "bob", Price: 1 } in root\\corp -> Created'
      assert.strictEqual(error?.name, "AssertionError")
      assert.strictEqual(error?.expected, `${first}\ndelete Corp_Asset.Id="A2" -> NotFound`)
      assert.strictEqual(error?.actual, `${first}\n${first.replaceAll("A1", "A2")}`)
      assert.match(error?.message ?? "", /1 expected call was not made, 1 call was not expected/)
    }).pipe(Effect.provide(kit)))

  it.effect("the members of a pattern", () =>
    Effect.gen(function* () {
      yield* single([asset("A1", "ann", 7)])
      const good: ReadonlyArray<CallLog.Pattern> = [
        {},
        { verb: "put" },
        { class: "CORP_asset" },
        { path: 'corp_asset.ID="a1"' },
        { path: "Corp_Asset.Id='A1'" },
        { path: 'Corp_Asset="A1"' },
        { path: '\\\\.\\root\\corp:Corp_Asset.Id="A1"' },
        { values: { Price: 7n } },
        { namespace: "root/corp" },
        { bulk: false },
        { disposition: "Created" },
        { status: "NoError" },
        { values: { owner: "ann", Price: 7 } },
        { when: ({ verb }) => verb === "put" }
      ]
      const bad: ReadonlyArray<CallLog.Pattern> = [
        { verb: "get" },
        { class: "Other" },
        { path: pathOf("A2") },
        { path: '\\\\.\\root\\cimv2:Corp_Asset.Id="A1"' },
        { path: "Corp_Asset" },
        { values: { Price: "7" } },
        { namespace: "root" },
        { bulk: true },
        { disposition: "Updated" },
        { status: "Failed" },
        { values: { Owner: "bob" } },
        { values: { Nope: 1 } },
        { when: () => false }
      ]
      for (const pattern of good) assert.isUndefined(yield* messageOf([pattern]), Inspectable.toStringUnknown(pattern))
      for (const pattern of bad) assert.isDefined(yield* messageOf([pattern]), Inspectable.toStringUnknown(pattern))
    }).pipe(Effect.provide(kit)))

  it.effect("values are compared as those of WMI", () =>
    Effect.gen(function* () {
      yield* PutAsync.plan(PutRequest.make(Instance.make("Corp_Odd", { Real: NaN, List: [42n, 2n ** 63n] }))).pipe(
        Effect.flip
      )
      const [call] = yield* WmiTest.calls
      const has = (values: CallLog.Pattern["values"]) => CallLog.matches(call!, { values })
      assert.deepStrictEqual(
        [{ Real: NaN }, { List: [42, 2n ** 63n] }, { Real: null }, { List: ["42", 2n ** 63n] }, { List: [42] }].map(
          has
        ),
        [true, true, false, false, false]
      )
      assert.include(CallLog.line(call!), "{ Real: NaN, List: [42, 9223372036854775808] }")
    }).pipe(Effect.provide(kit)))

  it.effect("a pattern that makes no sense is refused, naming its number and the member", () =>
    Effect.gen(function* () {
      yield* single([asset("A1")])
      for (
        const [expected, mode, message] of [
          [
            [{}, { vreb: "get" }],
            undefined,
            /^call pattern number 2: vreb: there is no such member; the members are verb/
          ],
          [[{ verb: "PUT" }], undefined, /number 1: verb: "PUT" is none of put, get/],
          [[null], undefined, /number 1: null is no pattern/],
          [["put"], undefined, /number 1: put is no pattern/],
          [[{ path: 'Corp_Asset.Id="A1' }], undefined, /number 1: path: .* at position \d+/],
          [[{ namespace: 5 }], undefined, /number 1: namespace: 5 given, takes a string/],
          [[{ when: true }], undefined, /number 1: when: true given, takes a function/],
          [[{ values: null }], undefined, /number 1: values: null given, takes an object/],
          [{ verb: "put" }, undefined, /^call pattern: expected: it is no list of patterns/],
          [[{}], "exactly", /^call pattern: mode: exactly is none of Exactly, AnyOrder/]
        ] as const
      ) {
        const error = yield* messageOf(expected as never, mode as never)
        assert.match(error?.message ?? "it held", message)
      }
      const [call] = yield* WmiTest.calls
      assert.throws(
        () => CallLog.matches(call!, { vreb: "put" } as never),
        /^call pattern: vreb: there is no such member/
      )
    }).pipe(Effect.provide(kit)))

  it.effect("the modes", () =>
    Effect.gen(function* () {
      yield* single(["A1", "A2", "A3"].map((id) => asset(id)))
      const of = (...of: ReadonlyArray<string>) => of.map((id) => ({ path: pathOf(id) }))
      for (
        const [mode, holds, fails] of [
          ["Exactly", of("A1", "A2", "A3"), [of("A2", "A1", "A3"), of("A1", "A2"), of("A1", "A2", "A3", "A4")]],
          ["AnyOrder", of("A3", "A1", "A2"), [of("A1", "A2"), of("A1", "A1", "A2")]],
          ["InOrder", of("A1", "A3"), [of("A3", "A1"), of("A4")]],
          ["Contains", of("A3", "A1"), [of("A4"), of("A1", "A1")]]
        ] as const
      ) {
        assert.isUndefined(yield* messageOf(holds, mode), mode)
        for (const expected of fails) assert.isDefined(yield* messageOf(expected, mode), mode)
      }
      // A pattern that accepts more calls gives way to one that accepts fewer.
      assert.isUndefined(yield* messageOf([{}, ...of("A1"), {}], "AnyOrder"))
    }).pipe(Effect.provide(kit)))
})
