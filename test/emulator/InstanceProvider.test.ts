/** Providers of dynamic classes (`instance-put` 7, `delete` DL-8), and providers that behave badly. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as NamedValueSet from "../../src/model/NamedValueSet.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import type { OnProgress } from "../../src/pipeline/Repository.ts"
import type { PutOutcome } from "../../src/protocol/PutOutcome.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { SinkEvent } from "../../src/protocol/SinkEvent.ts"
import * as StatusError from "../../src/protocol/StatusError.ts"
import * as WbemError from "../../src/protocol/WbemError.ts"
import * as InstanceProvider from "../../src/emulator/providers/InstanceProvider.ts"
import * as Wmi from "../../src/Wmi.ts"

const dynamic = (provider: string): { readonly qualifiers: Readonly<Record<string, boolean | string>> } => ({
  qualifiers: { dynamic: true, provider }
})
const Top = ClassDefinition.make("Demo_Live", { Id: Property.key("string"), V: Property.make("uint32") }, dynamic("P1"))
const Sub = ClassDefinition.make("Demo_LiveSub", {}, { superclass: "Demo_Live", ...dynamic("p2") })
const Plain = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
const start = Snapshot.of(Top, Sub, Plain)

const live = (className = "Demo_Live", options?: PutRequest.Options): PutRequest.PutRequest =>
  PutRequest.make(Instance.make(className, { Id: "a", V: 1 }), options)

const world = (providers: InstanceProvider.Providers) =>
  Layer.provide(Wmi.layerMemoryFrom(start), InstanceProvider.layer(providers))

const veto = StatusError.fromHResult(0x8004107a, { detail: "not today" })
const stores: InstanceProvider.InstanceProvider = { put: () => Effect.void }

interface Row {
  readonly name: string
  readonly providers: InstanceProvider.Providers
  readonly className?: string
  /** The status, or the reported relative path. */
  readonly ends: string
}

const rows: ReadonlyArray<Row> = [
  { name: "IR-1: no provider is registered", providers: {}, ends: "ProviderNotFound" },
  {
    name: "IR-1: a provider that cannot be loaded",
    providers: { P1: Effect.fail("no such file") },
    ends: "ProviderLoadFailure"
  },
  {
    name: "IR-1: a provider that dies while it is loaded",
    providers: { P1: Effect.die("bang") },
    ends: "ProviderLoadFailure"
  },
  {
    name: "IR-1: a provider that is loaded by an Effect",
    providers: { P1: Effect.succeed(stores) },
    ends: 'Demo_Live.Id="a"'
  },
  { name: "IR-2: a provider without put", providers: { P1: {} }, ends: "ProviderNotCapable" },
  { name: "IR-6: a provider that refuses", providers: { P1: { put: () => Effect.fail(veto) } }, ends: "VetoPut" },
  {
    name: "IR-6: a provider that dies",
    providers: { P1: { put: () => Effect.die(new Error("x")) } },
    ends: "ProviderFailure"
  },
  {
    name: "IR-6: a provider that throws before it returns an Effect",
    providers: {
      P1: {
        put: () => {
          throw new Error("x")
        }
      }
    },
    ends: "ProviderFailure"
  },
  {
    name: "IR-6: a provider that fails with a value that is not a WbemError",
    providers: { P1: { put: () => Effect.fail("no" as unknown as WbemError.WbemError) } },
    ends: "ProviderFailure"
  },
  {
    name: "a failure number in place of a success code",
    providers: { P1: { put: () => Effect.succeed({ hresult: 0x80041001 }) } },
    ends: "Failed"
  },
  {
    name: "an unlisted number",
    providers: { P1: { put: () => Effect.succeed({ hresult: 0x80071234 }) } },
    ends: "Unlisted"
  },
  {
    name: "two answers: the first one counts",
    providers: {
      P1: {
        put: () =>
          Effect.async<InstanceProvider.ProviderAnswer>((resume) => {
            resume(Effect.succeed({ path: 'Demo_Live.Id="first"' }))
            resume(Effect.succeed({ path: 'Demo_Live.Id="second"' }))
          })
      }
    },
    ends: 'Demo_Live.Id="first"'
  },
  {
    name: "IR-7: a path from the provider",
    providers: { P1: { put: () => Effect.succeed({ path: '\\\\elsewhere\\root\\x:Demo_Live.Id="b"' }) } },
    ends: 'Demo_Live.Id="b"'
  },
  {
    name: "IR-7: a text that is not a path",
    providers: { P1: { put: () => Effect.succeed({ path: "Demo_Live.Id=" }) } },
    ends: "ProviderFailure"
  },
  {
    name: "IR-7: an empty path counts as no path",
    providers: { P1: { put: () => Effect.succeed({ path: "" }) } },
    ends: 'Demo_Live.Id="a"'
  },
  {
    name: "IR-7: a path that names no object",
    providers: { P1: { put: () => Effect.succeed({ path: "\\\\.\\root\\cimv2" }) } },
    ends: "ProviderFailure"
  },
  {
    name: "IR-7: a path in parts that names no object",
    providers: { P1: { put: () => Effect.succeed({ path: ObjectPath.make({ namespace: "root\\cimv2" }) }) } },
    ends: "ProviderFailure"
  },
  {
    name: "IR-3: a provider of a subclass that is not capable is found before the first is called",
    providers: { P1: { put: () => Effect.die("called") }, P2: {} },
    className: "Demo_LiveSub",
    ends: "ProviderNotCapable"
  },
  {
    name: "IR-3: the first failure ends the put",
    providers: { P1: { put: () => Effect.fail(veto) }, P2: { put: () => Effect.die("called") } },
    className: "Demo_LiveSub",
    ends: "VetoPut"
  },
  { name: "IR-4: providers below are not called", providers: { P1: stores, P2: {} }, ends: 'Demo_Live.Id="a"' }
]

describe("a put ends", () => {
  for (const { className, ends, name, providers } of rows) {
    it.effect(name, () =>
      Effect.gen(function* () {
        const outcome = yield* Effect.either(PutAsync.put(live(className)))
        const got = outcome._tag === "Left" ? outcome.left.status : ObjectPath.relPath(outcome.right.path)
        assert.strictEqual(got, ends)
        assert.deepStrictEqual(Snapshot.entries(yield* Wmi.snapshot), Snapshot.entries(start))
      }).pipe(Effect.provide(world(providers))))
  }

  it.effect("IR-5: a NULL key reaches the provider, and if it returns no path only the class is named", () => {
    const seen: Array<unknown> = []
    const put: InstanceProvider.InstanceProvider["put"] = ({ instance }) =>
      Effect.sync(() => void seen.push(instance.values["Id"]))
    return Effect.gen(function* () {
      const { path } = yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Live", { Id: null })))
      assert.strictEqual(ObjectPath.relPath(path), "Demo_Live")
      assert.deepStrictEqual(seen, [null])
    }).pipe(Effect.provide(world({ P1: { put } })))
  })
})

describe("the error object", () => {
  it.effect("IR-8, EO-2: names WMI, keeps the values of the provider, and does not change the error of the provider", () => {
    const extended = Instance.make("Demo_Status", { Description: "disk full", StatusCode: 7, ProviderName: "P1" })
    const error = new WbemError.Failed({ extended })
    const events: Array<SinkEvent> = []
    return Effect.gen(function* () {
      const sink = PutSink.callback({ onCompleted: (event) => events.push(event) })
      yield* Effect.exit(PutAsync.withSink(sink)(PutAsync.put(live())))
      const [completed] = events
      assert.strictEqual(completed?._tag, "Completed")
      const object = completed?._tag === "Completed" ? completed.errorObject : null
      assert.strictEqual(object?.className, "Demo_Status")
      assert.deepStrictEqual(object?.values, {
        Description: "disk full",
        StatusCode: 7,
        Operation: "PutInstance",
        ParameterInfo: 'Demo_Live.Id="a"',
        ProviderName: "WinMgmt"
      })
      assert.strictEqual(error.extended, extended)
    }).pipe(Effect.provide(world({ P1: { put: () => Effect.fail(error) } })))
  })
})

describe("a bulk run", () => {
  it.effect("errors 5.1: the error object names the path of the put, as for a single put", () => {
    const named: Array<unknown> = []
    const sink = PutSink.callback({
      onCompleted: ({ errorObject }) => named.push(errorObject?.values["ParameterInfo"] ?? null)
    })
    const disk = PutRequest.make(Instance.make("Demo_Disk", { Id: "d" }))
    return Effect.gen(function* () {
      yield* Stream.runDrain(BulkPut.run(Stream.make(live(), disk, live("demo_livesub"))))
        .pipe(PutAsync.withSink(sink))
      assert.deepStrictEqual(named, ['Demo_Live.Id="a"', null, 'Demo_LiveSub.Id="a"'])
    }).pipe(Effect.provide(world({ P1: { put: () => Effect.fail(veto) }, P2: stores })))
  })
})

/** A provider that waits until it is released, and records its state. */
const slow = Effect.map(
  Effect.all([Deferred.make<void>(), Deferred.make<void>(), Deferred.make<void>()]),
  ([called, go, done]) => ({
    called,
    go,
    done,
    put: () =>
      Deferred.succeed(called, undefined).pipe(
        Effect.zipRight(Deferred.await(go)),
        Effect.zipRight(Deferred.succeed(done, undefined)),
        Effect.asVoid
      )
  })
)

describe("a provider that does not answer", () => {
  it.effect("a timeout of the caller ends the call with CallCancelled, and the provider runs on (PA-44)", () =>
    Effect.gen(function* () {
      const { called, done, go, put } = yield* slow
      const statuses: Array<number> = []
      const sink = PutSink.callback({ onCompleted: ({ hresult }) => statuses.push(hresult) })
      yield* Effect.gen(function* () {
        const fiber = yield* Effect.fork(PutAsync.withSink(sink)(PutAsync.put(live())))
        yield* Deferred.await(called)
        assert.isTrue(Exit.isFailure(yield* Fiber.interrupt(fiber)))
        assert.deepStrictEqual(statuses, [0x80041032])
        yield* Deferred.succeed(go, undefined)
        yield* Deferred.await(done)
        assert.deepStrictEqual(statuses, [0x80041032])
      }).pipe(Effect.provide(world({ P1: { put } })))
    }))

  it.effect("a cancel of the sink ends the call for its caller too", () =>
    Effect.gen(function* () {
      const { called, put } = yield* slow
      const sink = PutSink.callback({})
      yield* Effect.gen(function* () {
        const fiber = yield* Effect.fork(Effect.flip(PutAsync.withSink(sink)(PutAsync.put(live()))))
        yield* Deferred.await(called)
        yield* PutAsync.cancel(sink)
        assert.strictEqual((yield* Fiber.join(fiber)).status, "CallCancelled")
      }).pipe(Effect.provide(world({ P1: { put } })))
    }))
})

describe("providers and time", () => {
  it.effect("PA-33: there is no timeout for a provider", () =>
    Effect.gen(function* () {
      const { called, go, put } = yield* slow
      yield* Effect.gen(function* () {
        const fiber = yield* Effect.fork(PutAsync.put(live()))
        yield* Deferred.await(called)
        yield* TestClock.adjust("3650 days")
        assert.isTrue(Option.isNone(yield* Fiber.poll(fiber)))
        yield* Deferred.succeed(go, undefined)
        assert.strictEqual((yield* Fiber.join(fiber)).disposition, "Stored")
      }).pipe(Effect.provide(world({ P1: { put } })))
    }))
})

describe("several providers", () => {
  for (const atomic of [false, true]) {
    it.effect(`IR-9: the changes of the first provider stay when the second refuses; ATOMIC ${atomic} is passed on to both`, () => {
      const log: Array<string> = []
      const provider = (
        name: string,
        answer: Effect.Effect<void, WbemError.WbemError>
      ): InstanceProvider.InstanceProvider => ({
        put: ({ context }) =>
          Effect.suspend(() => {
            const isAtomic = context === undefined
              ? false
              : Option.getOrUndefined(NamedValueSet.get(context, "__PUT_EXT_ATOMIC"))
            log.push(`${name} puts, atomic ${String(isAtomic)}`)
            return answer
          }),
        delete: () => Effect.sync(() => void log.push(`${name} deletes`))
      })
      const options: PutRequest.Options = atomic
        ? { mode: "UpdateOnly", context: { __PUT_EXTENSIONS: true, __PUT_EXT_ATOMIC: true } }
        : {}
      return Effect.gen(function* () {
        assert.strictEqual((yield* Effect.flip(PutAsync.put(live("Demo_LiveSub", options)))).status, "VetoPut")
        assert.deepStrictEqual(log, [`P1 puts, atomic ${atomic}`, `P2 puts, atomic ${atomic}`])
      }).pipe(Effect.provide(world({ P1: provider("P1", Effect.void), P2: provider("P2", Effect.fail(veto)) })))
    })
  }
})

describe("progress", () => {
  /** Reports once, and keeps the report function for later. */
  const reporting = (kept: Array<OnProgress>): InstanceProvider.InstanceProvider => ({
    put: (_, progress) => {
      kept.push(progress)
      return progress({ upperBound: 65537, current: 1, message: "one" })
    }
  })
  const eventsOf = (status: boolean) =>
    Effect.gen(function* () {
      const kept: Array<OnProgress> = []
      const tags: Array<string> = []
      const sink = PutSink.make((event) => Effect.sync(() => void tags.push(event._tag)))
      yield* PutAsync.withSink(sink)(PutAsync.put(live("Demo_Live", { status }))).pipe(
        Effect.provide(world({ P1: reporting(kept) }))
      )
      yield* kept[0]!({ upperBound: 2, current: 2, message: "late" })
      return tags
    })
  it.effect("PA-25: reaches the sink of a put that requests it, and not after the end (PA-28)", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* eventsOf(true), ["Progress", "ObjectPut", "Completed"])
      assert.deepStrictEqual(yield* eventsOf(false), ["ObjectPut", "Completed"])
    }))
})

describe("in bulk", () => {
  const bulk = (...requests: ReadonlyArray<PutRequest.PutRequest>) =>
    Effect.map(
      Stream.runCollect(BulkPut.run(Stream.fromIterable(requests))),
      (outcomes) => Array.from(outcomes, (one) => one._tag === "Committed" ? one._tag : one.error.status)
    )
  const disk = (id: string): PutRequest.PutRequest => PutRequest.make(Instance.make("Demo_Disk", { Id: id }))

  it.effect("the puts before a put of a provider are stored when the provider is called, the puts after it are not", () => {
    const seen: Array<number> = []
    const put: InstanceProvider.InstanceProvider["put"] = () =>
      Effect.orDie(Effect.map(count, (n) => void seen.push(n)))
    let ask: Effect.Effect<number, WbemError.WbemError> = Effect.succeed(-1)
    const count = Effect.suspend(() => ask)
    return Effect.gen(function* () {
      const context = yield* Effect.context<Layer.Layer.Success<ReturnType<typeof world>>>()
      ask = Effect.provide(Effect.map(Wmi.instancesOf("Demo_Disk"), (all) => all.length), context)
      const outcomes = yield* bulk(disk("a"), live(), disk("b"), live(), disk("c"))
      assert.deepStrictEqual(outcomes, ["Committed", "Committed", "Committed", "Committed", "Committed"])
      assert.deepStrictEqual(seen, [1, 2])
      assert.strictEqual(yield* ask, 3)
    }).pipe(Effect.provide(world({ P1: { put } })))
  })

  it.effect("a refusal of a provider does not affect other puts", () =>
    Effect.gen(function* () {
      const outcomes = yield* bulk(disk("a"), live(), disk("b"), live("Demo_LiveSub"))
      assert.deepStrictEqual(outcomes, ["Committed", "VetoPut", "Committed", "ProviderNotFound"])
    }).pipe(Effect.provide(world({ P1: { put: () => Effect.fail(veto) } }))))
})

describe("in bulk, when the wait for a provider ends early", () => {
  const disk = (id: string): PutRequest.PutRequest => PutRequest.make(Instance.make("Demo_Disk", { Id: id }))
  const status = (one: PutOutcome): string => one._tag === "Committed" ? one._tag : `${one._tag} ${one.error.status}`
  const stored = Effect.map(Wmi.instancesOf("Demo_Disk"), (all) => all.map(({ values }) => values["Id"]))

  it.effect("a provider that fails with CallCancelled does not affect other puts", () =>
    Effect.gen(function* () {
      const outcomes = yield* Stream.runCollect(BulkPut.run(Stream.make(disk("a"), live(), disk("b"))))
      assert.deepStrictEqual(Array.from(outcomes, status), ["Committed", "Rejected CallCancelled", "Committed"])
      assert.deepStrictEqual(yield* stored, ["a", "b"])
    }).pipe(Effect.provide(world({ P1: { put: () => Effect.fail(new WbemError.CallCancelled({})) } }))))

  for (const way of ["interruption", "cancel"] as const) {
    it.effect(`${way}: stored puts keep their results, the puts after it do not begin`, () =>
      Effect.gen(function* () {
        const { called, put } = yield* slow
        const hresults: Array<number> = []
        const sink = PutSink.callback({ onCompleted: ({ hresult }) => hresults.push(hresult) })
        yield* Effect.gen(function* () {
          const run = Stream.runCollect(BulkPut.run(Stream.make(disk("a"), live(), disk("b"))))
          const fiber = yield* Effect.fork(PutAsync.withSink(sink)(run))
          yield* Deferred.await(called)
          if (way === "interruption") yield* Fiber.interrupt(fiber)
          else {
            yield* PutAsync.cancel(sink)
            yield* Fiber.join(fiber)
          }
          assert.deepStrictEqual(hresults, [way === "interruption" ? 0 : 0x80041032, 0x80041032, 0x80041032])
          assert.deepStrictEqual(yield* stored, ["a"])
        }).pipe(Effect.provide(world({ P1: { put } })))
      }))
  }
})

describe("get and delete", () => {
  it.effect("DL-8: a delete calls every provider, topmost first; a get calls that of the class", () => {
    const log: Array<string> = []
    const provider = (name: string): InstanceProvider.InstanceProvider => ({
      delete: ({ className, path }) =>
        Effect.sync(() => void log.push(`${name} deletes ${ObjectPath.relPath(path)} for ${className}`)),
      get: ({ className }) => Effect.succeed(Instance.make(className, { Id: name }))
    })
    return Effect.gen(function* () {
      yield* Wmi.delete('Demo_LiveSub.Id="a"')
      assert.deepStrictEqual(log, [
        'P1 deletes Demo_LiveSub.Id="a" for Demo_Live',
        'P2 deletes Demo_LiveSub.Id="a" for Demo_LiveSub'
      ])
      const got = yield* Wmi.get('Demo_LiveSub.Id="a"')
      assert.strictEqual(got._tag === "Instance" ? got.values["Id"] : "", "P2")
    }).pipe(Effect.provide(world({ P1: provider("P1"), P2: provider("P2") })))
  })

  it.effect("providers get the path in the spelling of the class, and a delete returns the complete path", () => {
    const seen: Array<ObjectPath.ObjectPath> = []
    const one: InstanceProvider.InstanceProvider = {
      delete: ({ path }) => Effect.sync(() => void seen.push(path)),
      get: ({ className, path }) =>
        Effect.sync(() => {
          seen.push(path)
          return Instance.make(className, { Id: "b" })
        })
    }
    return Effect.gen(function* () {
      const gone = yield* Wmi.delete("demo_live='b'")
      assert.strictEqual(ObjectPath.format(gone), '\\\\.\\root\\cimv2:Demo_Live.Id="b"')
      yield* Wmi.get('DEMO_LIVE.ID="b"')
      assert.deepStrictEqual(seen.map(ObjectPath.format), [ObjectPath.format(gone), ObjectPath.format(gone)])
    }).pipe(Effect.provide(world({ P1: one })))
  })

  it.effect("an instance that was read with the text of its class needs the flag to be put back (PA-91)", () =>
    Effect.gen(function* () {
      const flavor = Qualifier.Flavor.Amended
      yield* PutAsync.put(PutRequest.make({
        ...Top,
        qualifiers: [...Top.qualifiers, Qualifier.make("Description", "text", { flavor })]
      }, { amended: true }))
      const read = (amended: boolean) => Wmi.get("Demo_Live='a'", { amended })
      yield* PutAsync.put(PutRequest.make(yield* read(false)))
      const refused = yield* Effect.flip(PutAsync.put(PutRequest.make(yield* read(true))))
      assert.strictEqual(refused.status, "AmendedObject")
      yield* PutAsync.put(PutRequest.make(yield* read(true), { amended: true }))
    }).pipe(
      Effect.provide(world({ P1: { ...stores, get: () => Effect.succeed(Instance.make("Demo_Live", { Id: "a" })) } }))
    ))

  it.effect("keys that are not those of the class are refused before a provider is called (object-path 4)", () =>
    Effect.gen(function* () {
      for (const path of ['Demo_Live.No="a"', 'Demo_Live.Id="a",V=1', "Demo_Live=@", "Demo_Live.Id=TRUE"]) {
        assert.strictEqual((yield* Effect.flip(Wmi.get(path))).status, "InvalidObjectPath", path)
        assert.strictEqual((yield* Effect.flip(Wmi.delete(path))).status, "InvalidObjectPath", path)
      }
    }).pipe(Effect.provide(world({ P1: { get: () => Effect.die("called"), delete: () => Effect.die("called") } }))))

  it.effect("a provider without get and delete: ProviderNotCapable", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(Wmi.delete('Demo_Live.Id="a"'))).status, "ProviderNotCapable")
      assert.strictEqual((yield* Effect.flip(Wmi.get('Demo_Live.Id="a"'))).status, "ProviderNotCapable")
    }).pipe(Effect.provide(world({ P1: stores }))))

  it.effect("an error that the verb does not have keeps its status, number, facts and detail as a WbemOther", () => {
    const path = ObjectPath.make({ className: "Demo_Live" })
    const exists = new WbemError.AlreadyExists({ path, detail: "busy" })
    const locale = new WbemError.InvalidLocale({ detail: "no such locale" })
    const refuses = () => Effect.fail(exists)
    return Effect.gen(function* () {
      const ofGet = yield* Effect.flip(Wmi.get('Demo_Live.Id="a"'))
      const ofDelete = yield* Effect.flip(Wmi.delete('Demo_Live.Id="a"'))
      for (const error of [ofGet, ofDelete]) {
        assert.deepStrictEqual([error._tag, error.status, error.hresult], ["WbemOther", "AlreadyExists", 0x80041019])
        assert.strictEqual(error.message, exists.message)
        assert.strictEqual((error as unknown as WbemError.AlreadyExists).path, path)
      }
      assert.strictEqual((yield* Effect.flip(PutAsync.put(live())))._tag, "WbemInvalidLocale")
    }).pipe(Effect.provide(world({ P1: { put: () => Effect.fail(locale), get: refuses, delete: refuses } })))
  })

  it.effect("a WbemOther of a provider whose status has a class in the verb's union is that class", () => {
    const said = new WbemError.WbemOther({ status: "AlreadyExists", hresult: 0x80041019, detail: "busy" })
    return Effect.gen(function* () {
      const error = yield* Effect.flip(PutAsync.put(live()))
      assert.deepStrictEqual([error._tag, error.hresult, error.detail], ["WbemAlreadyExists", 0x80041019, "busy"])
    }).pipe(Effect.provide(world({ P1: { put: () => Effect.fail(said) } })))
  })
})

describe("answers of providers in JavaScript", () => {
  const answering = (answer: unknown) =>
    world({ P1: { get: () => Effect.succeed(answer as never), put: () => Effect.succeed(answer as never) } })

  it.effect("a read of a plain object is an instance", () =>
    Effect.gen(function* () {
      const read = yield* Wmi.get('Demo_Live.Id="a"')
      assert.isTrue(Instance.isInstance(read))
      assert.deepStrictEqual(read, Instance.make("Demo_Live", { Id: "a", V: 7 }))
    }).pipe(
      Effect.provide(
        answering({ _tag: "Instance", className: "Demo_Live", values: { Id: "a", V: 7 }, qualifiers: [] })
      )
    ))

  for (const answer of [undefined, null, 5, {}, { _tag: "Instance" }, { _tag: "Class", name: "A" }]) {
    it.effect(`a read of ${JSON.stringify(answer)} fails with ProviderFailure`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(Wmi.get('Demo_Live.Id="a"'))
        assert.strictEqual(error.message, "ProviderFailure (0x80041004): provider P1: its answer to get is no instance")
      }).pipe(Effect.provide(answering(answer))))
  }

  it.effect("a put whose answer is null has the decided path", () =>
    Effect.gen(function* () {
      const report = yield* PutAsync.put(live())
      assert.strictEqual(ObjectPath.relPath(report.path), 'Demo_Live.Id="a"')
    }).pipe(Effect.provide(answering(null))))
})
