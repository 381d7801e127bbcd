/** Fault rules: what is refused when a rule is built, its text, which calls a rule hits, and how the program sees it. */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { pipe } from "effect/Function"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import { Fault, WmiTest } from "../../src/entry/testing.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { AccessDenied, of } from "../../src/protocol/WbemError.ts"
import * as Wmi from "../../src/Wmi.ts"
import { Asset, asset, bulk, ids, namespace, single } from "./corp.ts"

const kit = WmiTest.layer({ objects: [Asset], defaultNamespace: namespace })
const put = (object: Parameters<typeof PutRequest.make>[0]) => PutAsync.put(PutRequest.make(object))
const assets = (count: number) => ids(count).map((id) => asset(id))

describe("a rule that makes no sense is refused when it is built, naming the member", () => {
  const refused = (options: object) => Option.getOrThrow(Either.getLeft(Fault.either(options as Fault.Options)))

  for (
    const [member, options, message] of [
      ["fault", {}, /fault: it is missing/],
      ["fault", { fault: "Denied" }, /"Denied" is no status/],
      ["fault", { fault: "NoError" }, /NoError is a status of success/],
      ["fault", { fault: 0x40001 }, /0x00040001 is a number of success/],
      ["fault", { fault: { _tag: "Fail", error: "Nope" } }, /"Nope" is no status/],
      ["fault", { fault: { _tag: "Delay", duration: -1 } }, /a delay of -1 is below zero/],
      ["fault", { fault: { _tag: "Delay", duration: "-5 seconds" } }, /below zero/],
      ["fault", { fault: { _tag: "Delay", duration: "soon" } }, /"soon" is no duration/],
      ["fault", { fault: { _tag: "Delay", duration: Number.NaN } }, /is no duration/],
      ["verb", { fault: "Failed", verb: [] }, /verb: the list is empty/],
      ["verb", { fault: "Failed", verb: "putt" }, /"putt" is none of put, batch, get/],
      ["kind", { fault: "Failed", kind: "object" }, /"object" is no kind/],
      ["class", { fault: "Failed", class: [] }, /class: the list is empty/],
      ["class", { fault: "Failed", class: "Corp Asset" }, /"Corp Asset" is no name of a class/],
      ["class", { fault: "Failed", class: "A", path: 'B.Id="1"' }, /the path is of B, so the rule would hit nothing/],
      ["path", { fault: "Failed", path: 'A.Id="1' }, /path: .* at position \d+/],
      ["path", { fault: "Failed", path: 7 }, /7 is no path/],
      ["path", { fault: "Failed", path: "root\\cimv2" }, /names no class and no instance|at position/],
      ["namespace", { fault: "Failed", namespace: "root\\a b" }, /is no name of a namespace/],
      [
        "namespace",
        { fault: "Failed", namespace: "root\\a", path: 'root\\b:A.Id="1"' },
        /so the rule would hit nothing/
      ],
      ["when", { fault: "Failed", when: true }, /true is no function/],
      ["nth", { fault: "Failed", nth: 0 }, /0 is no whole number from 1/],
      ["nth", { fault: "Failed", nth: 1.5 }, /1.5 is no whole number/],
      ["from", { fault: "Failed", from: -1 }, /-1 is no whole number/],
      ["from", { fault: "Failed", nth: 1, from: 2 }, /nth or from, not both/],
      ["times", { fault: "Failed", times: 0 }, /0 is no whole number/],
      ["times", { fault: "Failed", once: true, times: 2 }, /once or times, not both/],
      ["times", { fault: "Failed", nth: 3, times: 2 }, /cannot be hit 2 times/],
      ["once", { fault: "Failed", once: 1 }, /1 is no truth value/],
      ["probability", { fault: "Failed", probability: 2 }, /2 is no number from 0 to 1/],
      ["probability", { fault: "Failed", probability: Number.NaN }, /is no number from 0 to 1/],
      ["seed", { fault: "Failed", probability: 1, seed: 0.5 }, /0.5 is no whole number/],
      ["seed", { fault: "Failed", seed: 1 }, /without a probability nothing is drawn/],
      ["class", { fault: "Failed", verb: "batch", class: "A" }, /a batch has many objects/],
      ["name", { fault: "Failed", name: 5 }, /5 is no text/],
      ["name", { fault: "Failed", name: " " }, /" " is no text for messages/],
      ["nth", { fault: "Failed", nth: Infinity }, /Infinity is no whole number/],
      ["namespace", { fault: "Failed", namespace: "corp" }, /"corp" does not begin with root/],
      ["namespace", { fault: "Failed", namespace: "" }, /"" is no name of a namespace/],
      ["path", { fault: "Failed", path: { keys: [] } }, /the path names no class and no instance/],
      ["path", { fault: "Failed", path: { className: "A B", keys: [] } }, /"A B" names no class/],
      [
        "path",
        { fault: "Failed", verb: "list", path: 'A.Id="1"' },
        /a list has no path, so the rule would hit nothing/
      ],
      ["kind", { fault: "Failed", verb: ["get", "list"], kind: "class" }, /a get or list has no object/],
      ["kind", { fault: "Failed", kind: "class", path: 'A.Id="1"' }, /the path is one of an instance/],
      ["kind", { fault: "Failed", kind: "instance", path: "A" }, /the path is one of a class/],
      ["nht", { fault: "Failed", nht: 3 }, /nht: there is no such member; the members are fault, verb/]
    ] as const
  ) {
    it(`${member}: ${message.source}`, () => {
      const error = refused(options)
      assert.strictEqual(error._tag, "InvalidFault")
      assert.strictEqual(error.member, member)
      assert.match(error.message, message)
      assert.throws(() => Fault.make(options as unknown as Fault.Options), message)
    })
  }

  it("a builder refuses what make refuses", () => {
    const rule = Fault.make({ fault: "Failed" })
    assert.throws(() => pipe(rule, Fault.and({ nth: 0 })), /nth: 0/)
    assert.throws(() => Fault.and(rule, { fault: "Denied" as never }), /no status/)
    assert.throws(() => Fault.delay(-1), /below zero/)
    assert.throws(() => Fault.fail(0), /success/)
  })
})

describe("a rule in words", () => {
  for (
    const [options, text] of [
      [{ fault: "Failed" }, "every call: fails with Failed (0x80041001)"],
      [
        { verb: "put", class: "Corp_Asset", nth: 3, fault: "AccessDenied" },
        "the 3rd put of Corp_Asset: fails with AccessDenied (0x80041003)"
      ],
      [
        { verb: ["get", "list"], from: 2, fault: Fault.loseRequest },
        "every get or list from the 2nd on: the request is lost"
      ],
      [
        { verb: "put", kind: "instance", namespace: "root\\corp", times: 2, fault: Fault.loseAnswer },
        "every put of an instance in root\\corp, 2 times: the answer is lost"
      ],
      [{ path: 'A.Id="1"', once: true, fault: Fault.delay("5 seconds") }, 'every call of A.Id="1", once: waits 5s'],
      [
        { probability: 0.5, seed: 7, fault: Fault.die("boom") },
        'every call with probability 0.5 (seed 7): dies with "boom"'
      ],
      [
        { nth: 11, when: () => true, fault: 0x8004107a },
        "the 11th call where the predicate holds: fails with VetoPut (0x8004107A)"
      ],
      [{ fault: of("VetoPut"), name: "the veto" }, "the veto"]
    ] as const
  ) {
    it(text, () => assert.strictEqual(Fault.describe(Fault.make(options as Fault.Options)), text))
  }
})

describe("which calls a rule hits", () => {
  const hitsOf = (options: Omit<Fault.Options, "fault">, count = 6) =>
    Effect.gen(function* () {
      const rule = Fault.make({ verb: "put", fault: "Failed", ...options })
      const oneByOne = yield* WmiTest.withFault(rule)(single(assets(count)))
      yield* WmiTest.reset
      const inBulk = yield* WmiTest.withFault(rule)(bulk(assets(count), 4))
      const failed = (made: ReadonlyArray<string>) => made.flatMap((one, i) => one.includes("Failed") ? [i + 1] : [])
      assert.deepStrictEqual(failed(inBulk), failed(oneByOne), "single and bulk puts count the same")
      return failed(oneByOne)
    }).pipe(Effect.provide(kit))

  for (
    const [title, options, hits] of [
      ["nth", { nth: 3 }, [3]],
      ["from", { from: 5 }, [5, 6]],
      ["from with a limit", { from: 2, times: 2 }, [2, 3]],
      ["once", { once: true }, [1]],
      ["times", { times: 2 }, [1, 2]],
      ["a class, without case", { class: "corp_asset", nth: 2 }, [2]],
      ["several classes", { class: ["Other", "Corp_Asset"], nth: 2 }, [2]],
      ["another class", { class: "Other" }, []],
      ["a path, without case", { path: 'corp_asset.id="a4"' }, [4]],
      ["a path with a key that has no name", { path: 'Corp_Asset="A4"' }, [4]],
      ["a full path", { path: '\\\\.\\root\\corp:Corp_Asset.Id="A4"' }, [4]],
      ["a path of another namespace", { path: '\\\\.\\root\\cimv2:Corp_Asset.Id="A4"' }, []],
      ["a namespace, without case, with slashes", { namespace: "ROOT/Corp", nth: 1 }, [1]],
      ["another namespace", { namespace: "root" }, []],
      ["classes only", { kind: "class" }, []],
      ["a predicate", { when: ({ path }: Fault.Request) => path?.includes("A5") === true }, [5]],
      ["another verb", { verb: "get" }, []],
      ["probability 0", { probability: 0 }, []],
      ["probability 1", { probability: 1 }, [1, 2, 3, 4, 5, 6]]
    ] as const
  ) {
    it.effect(title, () => Effect.map(hitsOf(options), (found) => assert.deepStrictEqual(found, [...hits])))
  }

  it.effect("the draws of a probability depend on the seed alone", () =>
    Effect.gen(function* () {
      const seven = yield* hitsOf({ probability: 0.5, seed: 7 }, 40)
      assert.deepStrictEqual(yield* hitsOf({ probability: 0.5, seed: 7 }, 40), seven)
      assert.notDeepEqual(yield* hitsOf({ probability: 0.5, seed: 8 }, 40), seven)
      assert.isAbove(seven.length, 8)
      assert.isBelow(seven.length, 32)
    }))

  it.effect("delays add up, the first rule that ends the call is the last to act, and every rule counts", () =>
    Effect.gen(function* () {
      const rules = [
        Fault.make({ verb: "put", fault: Fault.delay("1 minute") }),
        Fault.make({ verb: "put", fault: Fault.delay("2 minutes") }),
        Fault.make({ verb: "put", nth: 1, fault: "AccessDenied" }),
        Fault.make({ verb: "put", nth: 2, fault: "Failed" })
      ]
      yield* Effect.forEach(rules, WmiTest.addFault)
      const fiber = yield* Effect.fork(single(assets(2)))
      yield* TestClock.adjust("179 seconds")
      assert.isTrue(Option.isNone(yield* Fiber.poll(fiber)))
      yield* TestClock.adjust("181 seconds")
      assert.deepStrictEqual(yield* Fiber.join(fiber), ["AccessDenied", "Failed"])
      assert.deepStrictEqual((yield* WmiTest.faults).map(({ count, hits }) => [count, hits]), [[2, 2], [2, 2], [2, 1], [
        2,
        1
      ]])
    }).pipe(Effect.provide(kit)))

  it.effect("a rule for the batch comes before those for its puts, and the log of each put has it", () =>
    Effect.gen(function* () {
      const batch = Fault.make({ verb: "batch", nth: 1, fault: "Timeout" })
      const first = Fault.make({ verb: "put", nth: 1, fault: "AccessDenied" })
      const slow = Fault.make({ verb: "put", nth: 3, fault: "Failed" })
      yield* Effect.forEach([batch, first, slow], WmiTest.addFault)
      assert.deepStrictEqual(yield* bulk(assets(3), 2), ["NotStarted Timeout", "NotStarted Timeout", "Rejected Failed"])
      assert.deepStrictEqual((yield* WmiTest.calls).map(({ faults }) => faults), [[batch], [batch], [slow]])
      assert.deepStrictEqual((yield* WmiTest.faults).map(({ count, hits }) => [count, hits]), [[2, 1], [3, 0], [3, 1]])
    }).pipe(Effect.provide(kit)))

  it.effect("the n-th put of a bulk run is the same whatever the batches are", () =>
    Effect.gen(function* () {
      for (const nth of [1, 128, 129, 256, 257, 300]) {
        yield* WmiTest.reset
        const rule = Fault.make({ verb: "put", nth, fault: Fault.loseAnswer })
        const made = yield* WmiTest.withFault(rule)(bulk(assets(300), 128))
        const failed = made.flatMap((one, i) => one === "Created" ? [] : [`${i + 1} ${one}`])
        assert.deepStrictEqual(failed, [`${nth} Unknown TransportFailure`])
        assert.deepStrictEqual(new Set(yield* bulk(assets(300))), new Set(["Unchanged"]))
      }
    }).pipe(Effect.provide(kit)))

  it.effect("parallel puts are counted once each", () =>
    Effect.gen(function* () {
      yield* WmiTest.addFault(Fault.make({ verb: "put", nth: 3, fault: "Failed" }))
      const made = yield* Effect.forEach(assets(20), (one) => single([one]), { concurrency: "unbounded" })
      assert.lengthOf(made.flat().filter((one) => one === "Failed"), 1)
      const [rule] = yield* WmiTest.faults
      assert.deepStrictEqual([rule?.count, rule?.hits], [20, 1])
    }).pipe(Effect.provide(kit)))

  it.effect("the put of a namespace", () =>
    Effect.gen(function* () {
      yield* WmiTest.addFault(Fault.make({ class: "__namespace", nth: 1, fault: "AccessDenied" }))
      yield* WmiTest.addFault(Fault.make({ path: '__NAMESPACE.Name="B"', fault: "Failed" }))
      const made = yield* single(["a", "b", "c"].map((Name) => Instance.make("__NAMESPACE", { Name })))
      assert.deepStrictEqual(made, ["AccessDenied", "Failed", "Created"])
    }).pipe(Effect.provide(kit)))

  it.effect("an instance with two keys, in any order", () =>
    Effect.gen(function* () {
      yield* put(ClassDefinition.make("Corp_Seat", { Row: Property.key("uint32"), Hall: Property.key("string") }))
      const handle = yield* WmiTest.addFault(Fault.make({ path: 'Corp_Seat.Row=1,hall="A"', fault: "Failed" }))
      yield* Effect.flip(put(Instance.make("Corp_Seat", { Row: 1, Hall: "a" })))
      yield* Effect.flip(Wmi.get('Corp_Seat.Hall="A",Row=1'))
      assert.strictEqual(yield* handle.hits, 2)
      yield* WmiTest.assertCalls([{}, { path: 'Corp_Seat.Row=1,Hall="a"' }, { path: 'Corp_Seat.Hall="A",Row=1' }])
    }).pipe(Effect.provide(kit)))

  it.effect("a predicate that throws is a defect that names the rule", () =>
    Effect.gen(function* () {
      const rule = Fault.make({
        verb: "get",
        name: "odd",
        fault: "Failed",
        when: () => {
          throw new Error("no")
        }
      })
      const exit = yield* Effect.exit(WmiTest.withFault(rule)(Wmi.get("Corp_Asset")))
      assert.isTrue(Exit.isFailure(exit) && Cause.isDie(exit.cause))
      assert.match(
        String(Exit.isFailure(exit) && Cause.squash(exit.cause)),
        /predicate of the fault rule \(odd\) threw/
      )
    }).pipe(Effect.provide(kit)))
})

describe("rules at run time", () => {
  const denied = Fault.make({ verb: "put", fault: new AccessDenied({ right: "PartialWrite", namespace }) })

  it.effect("a handle removes its rule and has its hits, after a reset too", () =>
    Effect.gen(function* () {
      const handle = yield* WmiTest.addFault(denied)
      assert.deepStrictEqual(yield* single(assets(2)), ["AccessDenied", "AccessDenied"])
      yield* handle.remove
      assert.deepStrictEqual(yield* single(assets(1)), ["Created"])
      assert.strictEqual(yield* handle.hits, 2)
      yield* handle.remove
      yield* WmiTest.reset
      assert.deepStrictEqual(yield* WmiTest.faults, [])
    }).pipe(Effect.provide(kit)))

  it.effect("the same rule can be armed twice, and each handle removes its own", () =>
    Effect.gen(function* () {
      const first = yield* WmiTest.addFault(Fault.and(denied, { nth: 1 }))
      yield* WmiTest.addFault(first.fault)
      assert.deepStrictEqual(yield* single(assets(1)), ["AccessDenied"])
      yield* first.remove
      assert.deepStrictEqual((yield* WmiTest.faults).map(({ count, hits }) => [count, hits]), [[1, 0]])
    }).pipe(Effect.provide(kit)))

  it.effect("withFault and a scope disarm the rule, also after a failure", () =>
    Effect.gen(function* () {
      yield* Effect.flip(WmiTest.withFault(denied)(put(asset("A1"))))
      assert.deepStrictEqual(yield* WmiTest.faults, [])
      yield* Effect.scoped(Effect.zipRight(WmiTest.addFaultScoped(denied), Effect.flip(put(asset("A1")))))
      assert.deepStrictEqual(yield* WmiTest.faults, [])
    }).pipe(Effect.provide(kit)))

  it.effect("rules that did not act are named", () =>
    Effect.gen(function* () {
      yield* WmiTest.addFault(denied)
      yield* WmiTest.addFault(Fault.make({ verb: "put", nth: 9, fault: "Failed" }))
      yield* single(assets(2))
      const exit = yield* Effect.exit(WmiTest.assertFaultsUsed)
      const message = Exit.isFailure(exit) ? String(Cause.squash(exit.cause)) : ""
      assert.match(
        message,
        /1 of 2 fault rules did not act:\n- the 9th put: fails with Failed \(0x80041001\) \(2 calls met its criteria\)/
      )
      yield* WmiTest.clearFaults
      yield* WmiTest.assertFaultsUsed
    }).pipe(Effect.provide(kit)))

  it.effect("unobserved calls meet no rule and are not logged", () =>
    Effect.gen(function* () {
      yield* WmiTest.addFault(denied)
      assert.deepStrictEqual(yield* WmiTest.unobserved(single(assets(1))), ["Created"])
      assert.deepStrictEqual(yield* WmiTest.unobserved(bulk(assets(2))), ["Unchanged", "Created"])
      yield* WmiTest.assertCalls([])
    }).pipe(Effect.provide(kit)))
})

describe("how the program sees a fault", () => {
  it.effect("the sink gets the ending of a put that a rule failed", () =>
    Effect.gen(function* () {
      const { events, sink } = PutSink.recording()
      yield* WmiTest.addFault(Fault.make({ verb: "put", nth: 1, fault: "AccessDenied" }))
      yield* PutAsync.withSink(sink)(Effect.flip(put(asset("A1"))))
      assert.deepStrictEqual(events(), ["Completed AccessDenied"])
    }).pipe(Effect.provide(kit)))

  it.effect("a put that is interrupted or times out while it waits is not written", () =>
    Effect.gen(function* () {
      yield* WmiTest.addFault(Fault.make({ verb: "put", fault: Fault.delay("1 hour") }))
      for (
        const run of [put(asset("A1")), bulk([asset("A1")])] as ReadonlyArray<
          Effect.Effect<unknown, unknown, PutAsync.Stages>
        >
      ) {
        const fiber = yield* Effect.fork(Effect.exit(Effect.timeout(run, "1 second")))
        yield* TestClock.adjust("1 second")
        const exit = yield* Fiber.join(fiber)
        assert.match(String(exit), /TimeoutException/)
      }
      yield* WmiTest.clearFaults
      assert.deepStrictEqual(yield* Wmi.instancesOf("Corp_Asset"), [])
    }).pipe(Effect.provide(kit)))

  it.effect("a read that is interrupted while it waits ends as interrupted in the log", () =>
    Effect.gen(function* () {
      yield* WmiTest.addFault(Fault.make({ verb: "get", fault: Fault.delay("1 hour") }))
      const fiber = yield* Effect.fork(Wmi.get("Corp_Asset"))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(fiber)
      assert.strictEqual((yield* WmiTest.calls)[0]?.end, "Interrupted")
    }).pipe(Effect.provide(kit)))
})
