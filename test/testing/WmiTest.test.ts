/** The test kit in memory: its start state, its bad input, reset, restore points, forks, clock, seed and generated keys. */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/TestClock"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import * as MemoryStore from "../../src/emulator/MemoryStore.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import * as Rights from "../../src/model/Rights.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import { Repository } from "../../src/pipeline/Repository.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { CallLog, Fault, WmiTest } from "../../src/entry/testing.ts"
import * as Wmi from "../../src/Wmi.ts"
import { Asset, asset, bulk, namespace, single } from "./corp.ts"

const put = (object: Parameters<typeof PutRequest.make>[0], options?: PutRequest.Options) =>
  PutAsync.put(PutRequest.make(object, options))

const corp = { objects: [Asset, asset("A0")], defaultNamespace: namespace }

describe("the start state", () => {
  it.effect("mof, objects and namespaces are put on a snapshot, in the default namespace or their own", () =>
    Effect.gen(function* () {
      assert.includeMembers([...yield* Wmi.namespaces], [
        "root\\base",
        "root\\corp",
        "root\\a\\b",
        "root\\other",
        "root\\mof"
      ])
      assert.deepStrictEqual((yield* Wmi.classes()).map(({ name }) => name), ["Corp_Note"])
      assert.deepStrictEqual((yield* Wmi.instancesOf("Corp_Note")).map(({ values }) => values["Id"]), ["x"])
      assert.strictEqual((yield* Wmi.instancesOf("Corp_Asset", { namespace: "root\\other" })).length, 1)
      assert.deepStrictEqual((yield* Wmi.classes({ namespace: "root\\mof" })).map(({ name }) => name), ["In_Mof"])
      assert.deepStrictEqual(yield* WmiTest.clearCalls.pipe(Effect.zipRight(WmiTest.calls)), [])
    }).pipe(Effect.provide(WmiTest.layer({
      snapshot: Snapshot.empty({ namespaces: ["root\\base"] }),
      namespaces: ["root\\a\\b"],
      defaultNamespace: namespace,
      mof: `class Corp_Note { [key] string Id; };
        #pragma namespace("\\\\\\\\.\\\\root\\\\mof")
        class In_Mof { [key] string Id; };`,
      objects: { [namespace]: [Instance.make("Corp_Note", { Id: "x" })], "root/other": [Asset, asset("A1")] }
    }))))

  it.effect("a world is a snapshot, a function or an effect", () =>
    Effect.gen(function* () {
      const snapshot = Snapshot.withObjects(Snapshot.empty(), "root\\cimv2", [Asset])
      for (const world of [snapshot, () => snapshot, Effect.succeed(snapshot)]) {
        const names = yield* Effect.provide(Wmi.classes(), WmiTest.layer({ world }))
        assert.deepStrictEqual(names.map(({ name }) => name), ["Corp_Asset"])
      }
    }))

  it.effect("an aliased delete of the text runs before what follows it", () =>
    Effect.gen(function* () {
      const text = `class A { [key] string Id; }; instance of A { Id = "1"; };
        #pragma deleteclass("A", FAIL)
        #pragma deleteclass("Never", NOFAIL)
        class A { [key] string Name; };`
      const [first] = yield* Effect.provide(Wmi.classes(), WmiTest.layer({ mof: text }))
      assert.deepStrictEqual(first?.properties.map(({ name }) => name), ["Name"])
    }))

  it.effect("caller, server, locale and default namespace are those of every call", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(put(asset("A1")))
      assert.strictEqual(error._tag, "WbemAccessDenied")
      const read = yield* Effect.provide(
        Effect.zipRight(put(asset("A2")), Wmi.systemProperties(asset("A2"))),
        WmiTest.layer({ ...corp, server: "WIN01" })
      )
      assert.strictEqual(read.__PATH, '\\\\WIN01\\ROOT\\corp:Corp_Asset.Id="A2"')
    }).pipe(Effect.provide(WmiTest.layer({ ...corp, caller: { name: "CORP\\bob", rights: Rights.of("Enable") } }))))
})

describe("bad input is refused when the layer is built, naming the option", () => {
  const refused = (options: object): Effect.Effect<WmiTest.WmiTestError> =>
    Effect.scoped(Effect.orDie(Effect.flip(Layer.build(WmiTest.layer(options as WmiTest.Options)))))

  for (
    const [title, options, message] of [
      ["an option that does not exist", { namspaces: [] }, /^WmiTest: namspaces: there is no such option/],
      [
        "two start states",
        { snapshot: Snapshot.empty(), world: Snapshot.empty() },
        /world: snapshot and world are two/
      ],
      ["a snapshot that is none", { snapshot: {} }, /snapshot: it is no snapshot/],
      ["a world that makes none", { world: () => 1 }, /world: it is, or makes, no snapshot/],
      [
        "a fault of the MOF text",
        { mof: "class A {\n  [key] string Id\n};" },
        /mof: mof:2:18: found the end of the line, expected/
      ],
      [
        "an object of the MOF text that is refused",
        { mof: "class A { };\nclass B : C { };" },
        /mof: mof:2:1: class B: NotFound/
      ],
      ["MOF that is no text", { mof: 7 }, /mof: it is no text and no bytes/],
      [
        "an amendment",
        { mof: '#pragma amendment("MS_409")\nclass A { };' },
        /mof: a text with #pragma amendment stores nothing/
      ],
      [
        "an object that is refused",
        { objects: [asset("A1")] },
        /objects: number 1 of root\\cimv2, instance of Corp_Asset: InvalidClass/
      ],
      ["objects that are none", { objects: [{}] }, /objects: root\\cimv2: number 1 is no class and no instance/],
      ["objects of a namespace that are no list", { objects: { "root\\a": Asset } }, /objects: root\\a: it is no list/],
      [
        "a namespace outside root",
        { namespaces: ["corp"] },
        /namespaces: "corp": the name of a namespace begins with root/
      ],
      [
        "an illegal name of a namespace",
        { namespaces: ["root\\a b"] },
        /namespaces: .*"a b" is no name of a namespace/
      ],
      ["an illegal default namespace", { defaultNamespace: "nope" }, /defaultNamespace: "nope"/],
      ["a locale that is none", { locale: "english" }, /locale: InvalidLocale/],
      ["a clock that is none", { clock: "noon" }, /clock: "noon" is no time/],
      ["a time before 1970", { clock: -1 }, /clock: -1 is no time/],
      ["an invalid date", { clock: new Date("never") }, /clock: /],
      ["a seed that is none", { seed: 1.5 }, /seed: 1.5 is no whole number/],
      [
        "a member of the caller that does not exist",
        { caller: { right: 1 } },
        /caller: there is no such member as right; the members are name, remote, rights/
      ],
      ["rights that are no bits", { caller: { rights: "all" } }, /caller: rights are no bits/],
      ["a server that is a path", { server: "\\\\a" }, /server: /],
      ["a rule that was not built", { faults: [{ fault: "Failed" }] }, /faults: it is no list of rules/],
      ["an unknown mode of generated keys", { generatedKeys: "never" }, /generatedKeys: "never" is none of/]
    ] as const
  ) {
    it.effect(title, () =>
      Effect.map(refused(options), (error) => {
        assert.strictEqual(error._tag, "WmiTestError")
        assert.match(error.message, message)
      }))
  }

  it.effect("the position of a fault of the MOF text is data, too", () =>
    Effect.map(
      refused({ mof: "class A {\n  [key] string Id\n};" }),
      ({ position }) => assert.deepStrictEqual(position, { file: "mof", line: 2, column: 18 })
    ))
})

describe("reset, restore points and forks", () => {
  const third = Fault.make({ verb: "put", nth: 3, fault: "Failed" })

  it.effect("reset brings back objects, rules with counts of zero, an empty log and the seed", () =>
    Effect.gen(function* () {
      const round = Effect.gen(function* () {
        const made = yield* single([asset("A1"), asset("A2"), asset("A3")])
        const note = yield* put(Instance.make("Corp_Asset", { Owner: "generated" }))
        const handle = yield* WmiTest.addFault(Fault.make({ verb: "get", fault: "Failed" }))
        return { made, note: ObjectPath.relPath(note.path), calls: yield* WmiTest.calls, hits: yield* handle.hits }
      })
      const first = yield* round
      assert.deepStrictEqual(first.made, ["Created", "Created", "Failed"])
      yield* WmiTest.reset
      assert.deepStrictEqual(yield* WmiTest.calls, [])
      assert.deepStrictEqual((yield* Wmi.instancesOf("Corp_Asset")).map(({ values }) => values["Id"]), ["A0"])
      assert.deepStrictEqual((yield* WmiTest.faults).map(({ count, fault }) => [fault, count]), [[third, 0]])
      yield* WmiTest.clearCalls
      const second = yield* round
      assert.deepStrictEqual(second.made, first.made)
      assert.strictEqual(second.note, first.note)
      assert.match(first.note, /^Corp_Asset\.Id="\{[0-9A-F-]{36}\}"$/)
    }).pipe(Effect.provide(WmiTest.layer({ ...corp, faults: [third] }))))

  it.effect("a restore point can be used again and again, and keeps counts and log", () =>
    Effect.gen(function* () {
      yield* single([asset("A1")])
      const point = yield* WmiTest.restorePoint
      for (let i = 0; i < 3; i++) {
        assert.deepStrictEqual(yield* single([asset("A2"), asset("A3")]), ["Created", "Failed"])
        yield* WmiTest.clearFaults
        yield* point.restore
        assert.strictEqual((yield* WmiTest.calls).length, 1)
        assert.strictEqual(Snapshot.count(yield* WmiTest.unobserved(Wmi.snapshot), namespace, "Corp_Asset"), 2)
      }
    }).pipe(Effect.provide(WmiTest.layer({ ...corp, faults: [third] }))))

  it.effect("a fork runs apart, with the armed rules and a log of its own", () =>
    Effect.gen(function* () {
      yield* single([asset("A1")])
      const fork = yield* WmiTest.fork
      const there = yield* Effect.provide(
        Effect.gen(function* () {
          const made = yield* single([asset("A2"), asset("A3"), asset("A4")])
          return { made, calls: (yield* WmiTest.calls).length, home: yield* Wmi.instancesOf("Corp_Asset") }
        }),
        fork
      )
      assert.deepStrictEqual(there.made, ["Created", "Created", "Failed"])
      assert.strictEqual(there.calls, 3)
      assert.strictEqual(there.home.length, 4)
      assert.strictEqual((yield* WmiTest.calls).length, 1)
      assert.strictEqual((yield* Wmi.instancesOf("Corp_Asset")).length, 2)
    }).pipe(Effect.provide(WmiTest.layer({ ...corp, faults: [third] }))))
})

describe("generated keys", () => {
  const unnamed = Instance.make("Corp_Asset", { Owner: "nobody" })
  const keyOf = (options: WmiTest.Options) =>
    Effect.map(
      Effect.provide(put(unnamed), WmiTest.layer({ ...corp, generatedKeys: "allow", ...options })),
      (report) => ObjectPath.relPath(report.path)
    )

  it.effect("are the same in each run, and depend on the seed and on the clock", () =>
    Effect.gen(function* () {
      const key = yield* keyOf({})
      assert.strictEqual(yield* keyOf({}), key)
      assert.strictEqual(yield* keyOf({ clock: new Date("2026-01-01T00:00:00Z") }), key)
      assert.strictEqual(
        new Set([key, yield* keyOf({ seed: 2 }), yield* keyOf({ clock: 5 }), yield* keyOf({ seed: 0 })]).size,
        4
      )
      const atZero = yield* keyOf({ clock: "program" })
      yield* TestClock.adjust("1 hour")
      assert.notStrictEqual(yield* keyOf({ clock: "program" }), atZero)
    }))

  it.effect("of a fork and of the start state differ from those of the test", () =>
    Effect.gen(function* () {
      const first = yield* put(unnamed)
      const inFork = yield* Effect.provide(put(unnamed), yield* WmiTest.fork)
      assert.deepStrictEqual([first.disposition, inFork.disposition], ["Created", "Created"])
      assert.strictEqual((yield* put(unnamed)).disposition, "Created")
      yield* WmiTest.reset
      assert.strictEqual(ObjectPath.relPath((yield* put(unnamed)).path), ObjectPath.relPath(first.path))
      assert.strictEqual((yield* Wmi.instancesOf("Corp_Asset")).length, 2)
    }).pipe(Effect.provide(WmiTest.layer({ objects: [Asset, unnamed], generatedKeys: "allow" }))))

  it.effect("of a bulk run differ from those of the start state", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* bulk([asset("A1"), unnamed, unnamed]), ["Created", "Created", "Created"])
    }).pipe(Effect.provide(WmiTest.layer({ objects: [Asset, unnamed, unnamed], generatedKeys: "allow" }))))

  it.live("differ between the puts of a run, single and bulk, whatever the time is", () =>
    Effect.gen(function* () {
      yield* Effect.replicateEffect(put(unnamed), 5)
      assert.strictEqual((yield* Wmi.instancesOf("Corp_Asset")).length, 6)
    }).pipe(Effect.provide(WmiTest.layer({ ...corp, generatedKeys: "allow" }))))

  it.effect("are marked in the log, and warned of once for a class", () => {
    const warnings: Array<string> = []
    const logger = Logger.make(({ message }) => void warnings.push(String(message)))
    return Effect.gen(function* () {
      yield* put(unnamed)
      yield* put(unnamed)
      const calls = CallLog.puts(yield* WmiTest.calls)
      assert.deepStrictEqual(calls.map(({ generatedKeys }) => generatedKeys), [["Id"], ["Id"]])
      assert.match(CallLog.line(calls[0]!), /^put Corp_Asset\.Id="\{.*-> Created \(generated Id\)$/)
      assert.strictEqual(warnings.length, 1)
      assert.match(warnings[0]!, /a put of Corp_Asset had no value for the key Id/)
    }).pipe(Effect.provide(WmiTest.layer(corp)), Effect.provide(Logger.replace(Logger.defaultLogger, logger)))
  })

  it.effect("are refused in the strict mode, and a put with its key is not", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(put(unnamed))
      assert.strictEqual(error._tag, "WbemIllegalNull")
      assert.match(error.message, /property Id.*WMI would generate this key/)
      assert.strictEqual((yield* put(asset("A1"))).disposition, "Created")
      assert.strictEqual((yield* Wmi.instancesOf("Corp_Asset")).length, 2)
    }).pipe(Effect.provide(WmiTest.layer({ ...corp, generatedKeys: "refuse" }))))
})

it.effect("an unknown namespace fails loudly, and the log says so", () =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(put(asset("A1"), { namespace: "root\\nope" }))
    assert.strictEqual(error._tag, "WbemInvalidNamespace")
    yield* WmiTest.assertCalls([{ verb: "put", namespace: "root\\nope", status: "InvalidNamespace" }])
  }).pipe(Effect.provide(WmiTest.layer(corp))))

it.live("a put does not overtake an earlier one whose path takes a read of the store", () =>
  Effect.gen(function* () {
    const wider = ClassDefinition.make("Corp_Asset", {
      Id: Property.key("string"),
      Owner: Property.make("string"),
      Price: Property.make("uint32"),
      Site: Property.make("string")
    })
    yield* Effect.scoped(Effect.gen(function* () {
      const first = yield* PutAsync.submit(PutRequest.make(asset("A1")))
      const second = yield* PutAsync.submit(PutRequest.make(wider))
      assert.strictEqual((yield* first.await).disposition, "Created")
      assert.strictEqual((yield* Effect.flip(second.await)).status, "ClassHasInstances")
    }))
    const kinds = CallLog.puts(yield* WmiTest.calls).map(({ request }) => request.object._tag)
    assert.deepStrictEqual(kinds, ["Instance", "Class"])
  }).pipe(Effect.provide(WmiTest.layerOver(
    Layer.map(EmulatedRepository.layer.pipe(Layer.provide(MemoryStore.layer)), (services) => {
      const repository = Context.get(services, Repository)
      const relPath: Repository["relPath"] = (put) => Effect.zipRight(Effect.yieldNow(), repository.relPath(put))
      return Context.add(services, Repository, { ...repository, relPath })
    }),
    { objects: [Asset] }
  ))))

it.effect("a put that waits for a delay is in the log as pending", () =>
  Effect.gen(function* () {
    yield* WmiTest.addFault(Fault.make({ verb: "put", fault: Fault.delay("1 minute") }))
    const fiber = yield* Effect.fork(put(asset("A1")))
    yield* Effect.yieldNow()
    assert.strictEqual((yield* WmiTest.calls)[0]?.end, "Pending")
    yield* TestClock.adjust("1 minute")
    yield* Fiber.join(fiber)
    assert.strictEqual((yield* WmiTest.calls)[0]?.end, "Success")
  }).pipe(Effect.provide(WmiTest.layer(corp))))

it.effect("a call that fails shows the line of the test", () =>
  Effect.gen(function* () {
    const failures: ReadonlyArray<Effect.Effect<unknown, unknown, WmiTest.Services>> = [
      put(asset("A1"), { namespace: "root\\nope" }),
      Wmi.get("Corp_None")
    ]
    for (const failing of failures) {
      const exit = yield* Effect.exit(failing)
      assert.match(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", /WmiTest\.test\.ts:\d+:\d+/)
    }
  }).pipe(Effect.provide(WmiTest.layer(corp))))
