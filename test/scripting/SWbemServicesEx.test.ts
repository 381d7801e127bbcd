/** SWbemServicesEx as ported scripts use it. */
import { assert, describe, it } from "vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import { SWbemNamedValueSet } from "../../src/scripting/objects/SWbemNamedValueSet.ts"
import type { SWbemObject } from "../../src/scripting/objects/SWbemObject.ts"
import { wbemFlag } from "../../src/scripting/objects/WbemConstants.ts"
import { connectServer, SWbemError, type SWbemServicesEx } from "../../src/scripting/connection/SWbemServicesEx.ts"
import { SWbemSink } from "../../src/scripting/connection/SWbemSink.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as Repository from "../../src/pipeline/Repository.ts"
import type * as HResult from "../../src/protocol/HResult.ts"
import * as Wmi from "../../src/Wmi.ts"
import { err, script } from "./scripts.ts"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), N: Property.make("uint32") })
const disk = (id: string): Instance.Instance => Instance.make("Demo_Disk", { Id: id, N: 1 })

/** A sink that records its events; `ended` settles with the n-th OnCompleted. */
const recorder = (calls: number, also: (line: string) => void = () => undefined) => {
  const log: Array<string> = []
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  let left = calls
  const say = (line: string): void => {
    log.push(line)
    also(line)
  }
  const name = (context: object | null): string => context === null ? "-" : String((context as { id: string }).id)
  const sink = new SWbemSink({
    onObjectPut: ({ path }, context) => say(`${name(context)} put ${path}`),
    onCompleted: (hresult, error, context) => {
      if (--left === 0) end()
      say(`${name(context)} completed ${hresult} ${String(error?.Operation ?? null)}`)
    },
    onObjectReady: () => say("ready")
  })
  return { ended, log, sink }
}

const within = async (body: (services: SWbemServicesEx) => Promise<void>): Promise<void> => {
  const services = connectServer(Wmi.layerMemoryFrom(Snapshot.of(Disk)))
  try {
    await body(services)
  } finally {
    await services.close()
  }
}

const raised = (call: Promise<unknown>): Promise<SWbemError> =>
  call.then(() => assert.fail("nothing was raised"), (error) => {
    assert.instanceOf(error, SWbemError)
    return error as SWbemError
  })

describe("SWbemServicesEx", () => {
  it("putAsync returns, then OnObjectPut, then OnCompleted, with the context of the call", () =>
    within(async (services) => {
      const { ended, log, sink } = recorder(1)
      await services.putAsync(sink, disk("a"), 0, null, { id: "one" })
      assert.deepStrictEqual(log, [])
      await ended
      assert.deepStrictEqual(log, ['one put \\\\.\\root\\cimv2:Demo_Disk.Id="a"', "one completed 0 null"])
      const got = await services.get<{ N: number }>('Demo_Disk.Id="a"')
      assert.strictEqual(got.N, 1)
    }))

  it("a refused operation completes with a signed number and an error object; nothing is thrown", () =>
    within(async (services) => {
      const { ended, log, sink } = recorder(1)
      await services.putAsync(sink, disk("a"), 1)
      await ended
      assert.deepStrictEqual(log, ["- completed -2147217406 PutInstance"])
    }))

  const foreign: ReadonlyArray<readonly [string, (services: SWbemServicesEx) => Promise<unknown>]> = [
    ["no sink", (services) => services.putAsync(null, disk("a"))],
    ["a value that is no sink", (services) => services.putAsync({} as SWbemSink, disk("a"))],
    ["null as the object", (services) => services.putAsync(new SWbemSink(), null)],
    ["a value that is no object", (services) => services.putAsync(new SWbemSink(), {} as WbemObject)],
    ["flags that exclude each other", (services) => services.putAsync(new SWbemSink(), disk("a"), 3)],
    ["a flag that instances do not take", (services) => services.put(disk("a"), 0x20)]
  ]
  for (const [name, call] of foreign) {
    it(`${name} throws wbemErrInvalidParameter`, () =>
      within(async (services) => {
        assert.strictEqual((await raised(call(services))).number, 0x80041008 | 0)
      }))
  }

  it("put waits and returns the path; its failure carries the error object", () =>
    within(async (services) => {
      const path = await services.put(disk("a"))
      assert.strictEqual(path.relPath, 'Demo_Disk.Id="a"')
      assert.isFalse(path.isClass)
      const error = await raised(services.put(disk("a"), 2))
      assert.strictEqual(error.number, 0x80041019 | 0)
      assert.strictEqual(error.lastError?.values["ParameterInfo"], 'Demo_Disk.Id="a"')
      await services.delete('Demo_Disk.Id="a"')
      assert.strictEqual((await raised(services.get('Demo_Disk.Id="a"'))).number, 0x80041002 | 0)
    }))

  it("a handler that throws affects neither the put nor later events (PA-50)", () =>
    within(async (services) => {
      const { ended, log, sink } = recorder(1, (line) => {
        if (line.includes(" put ")) throw new Error("a script's mistake")
      })
      await services.putAsync(sink, disk("a"))
      await ended
      assert.strictEqual(log.at(-1), "- completed 0 null")
    }))

  it("cancel ends every outstanding call of the sink, and the sink can be used again", () =>
    within(async (services) => {
      const { ended, log, sink } = recorder(3)
      await services.putAsync(sink, disk("a"))
      await sink.cancel()
      await services.putAsync(sink, disk("b"))
      await services.putAsync(sink, disk("c"))
      await ended
      assert.strictEqual(log.filter((line) => line.includes("completed")).length, 3)
      await sink.cancel()
      assert.strictEqual(log.filter((line) => line.includes("completed")).length, 3)
    }))

  it("objects and contexts may be of the library or of a script", () =>
    within(async (services) => {
      const made = (await services.get("Demo_Disk")).spawnInstance_<{ Id: string; N: number }>()
      made.Id = "a"
      made.N = 7
      await services.put(made)
      const context = new SWbemNamedValueSet()
      context.add("__PUT_EXTENSIONS", true)
      context.add("__PUT_EXT_PROPERTIES", ["N"])
      await services.put(disk("a"), 1, context)
      assert.strictEqual((await services.get<{ N: number }>('Demo_Disk="a"')).N, 1)
    }))

  it("a call that is refused at the start writes nothing", () =>
    within(async (services) => {
      const { log, sink } = recorder(1)
      const context = new SWbemNamedValueSet()
      context.add("__PUT_EXTENSIONS", true)
      assert.strictEqual((await raised(services.putAsync(sink, disk("a"), 1, context))).number, 0x80041007 | 0)
      assert.strictEqual((await services.instancesOf("Demo_Disk")).count, 0)
      assert.deepStrictEqual(log, [])
    }))
})

describe("reading", () => {
  const Volume = ClassDefinition.make("Demo_Volume", {}, { superclass: "Demo_Disk" })
  const world = Snapshot.of(Disk, Volume, disk("a"), Instance.make("Demo_Volume", { Id: "b", N: 2 }))
  const relPaths = (set: Iterable<SWbemObject>): ReadonlyArray<string> => Array.from(set, ({ path_ }) => path_.relPath)
  const connected = (body: (services: SWbemServicesEx) => Promise<void>): () => Promise<void> =>
    script(async (wmi) => body(await wmi.connectServer()), world)
  const { wbemFlagForwardOnly, wbemFlagReturnImmediately, wbemQueryFlagShallow } = wbemFlag

  it(
    "InstancesOf includes subclasses, unless the flag is shallow",
    connected(async (services) => {
      const deep = await services.instancesOf("demo_disk", wbemFlagForwardOnly | wbemFlagReturnImmediately)
      assert.deepStrictEqual([...relPaths(deep)].sort(), ['Demo_Disk.Id="a"', 'Demo_Volume.Id="b"'])
      assert.deepStrictEqual(relPaths(await services.instancesOf("Demo_Disk", wbemQueryFlagShallow)), [
        'Demo_Disk.Id="a"'
      ])
      assert.strictEqual((await services.instancesOf("__Win32Provider")).count, 0)
    })
  )

  it(
    "SubclassesOf returns all classes below a class or all classes; shallow returns direct subclasses",
    connected(async (services) => {
      assert.deepStrictEqual(relPaths(await services.subclassesOf("Demo_Disk")), ["Demo_Volume"])
      const all = relPaths(await services.subclassesOf())
      assert.includeMembers([...all], ["Demo_Disk", "Demo_Volume", "__EventFilter"])
      const top = relPaths(await services.subclassesOf("", wbemQueryFlagShallow))
      assert.include(top, "Demo_Disk")
      assert.notInclude(top, "Demo_Volume")
      assert.include(relPaths(await services.subclassesOf("__SystemClass")), "__Win32Provider")
      assert.notInclude(relPaths(await services.subclassesOf("__SystemClass", wbemQueryFlagShallow)), "__Win32Provider")
    })
  )

  it(
    "an object of a set is found by path, with or without the name of the key, and by position",
    connected(async (services) => {
      const set = await services.instancesOf("Demo_Disk")
      assert.strictEqual(set.item('\\\\.\\root\\cimv2:demo_volume="B"').path_.class, "Demo_Volume")
      assert.strictEqual(set.item('Demo_Disk.id="a"').path_.class, "Demo_Disk")
      assert.strictEqual(set.itemIndex(1).path_.path, [...set][1]!.path_.path)
      await err("NotFound", () => set.item('Demo_Disk="c"'))
      await err("NotFound", () => set.itemIndex(2))
      await err("InvalidParameter", () => set.itemIndex(-1))
      await err("InvalidObjectPath", () => set.item("a.b"))
    })
  )

  const refused: ReadonlyArray<readonly [string, HResult.Status, (services: SWbemServicesEx) => Promise<unknown>]> = [
    ["instances of a missing class", "InvalidClass", (services) => services.instancesOf("Demo_Nothing")],
    ["subclasses of a missing class", "InvalidClass", (services) => services.subclassesOf("Demo_Nothing")],
    ["flags of InstancesOf", "InvalidParameter", (services) => services.instancesOf("Demo_Disk", 0x40)],
    ["flags of SubclassesOf", "InvalidParameter", (services) => services.subclassesOf("Demo_Disk", 0x40)],
    ["flags of Get", "InvalidParameter", (services) => services.get("Demo_Disk", 1)],
    ["an invalid path", "InvalidObjectPath", (services) => services.get("a.b")],
    ["a path into another namespace", "InvalidParameter", (services) => services.get("root\\default:Demo_Disk")],
    ["an instance of a missing class", "InvalidClass", (services) => services.get('Demo_Nothing="a"')],
    ["a missing instance", "NotFound", (services) => services.get('Demo_Disk="c"')],
    ["flags of Delete", "InvalidParameter", (services) => services.delete('Demo_Disk="a"', 1)],
    ["a system class to delete", "InvalidOperation", (services) => services.delete("__EventFilter")],
    ["a query", "NotSupported", (services) => services.execQuery("SELECT * FROM Demo_Disk")]
  ]
  for (const [what, status, call] of refused) {
    it(
      `${what}: ${status}`,
      connected(async (services) => {
        await err(status, () => call(services))
        assert.strictEqual((await services.instancesOf("Demo_Disk")).count, 2)
      })
    )
  }

  it(
    "an unsupported member fails with its name",
    connected(async (services) => {
      for (
        const member of [
          "execQuery",
          "execQueryAsync",
          "execNotificationQuery",
          "execNotificationQueryAsync",
          "execMethod",
          "execMethodAsync",
          "associatorsOf",
          "associatorsOfAsync",
          "referencesTo",
          "referencesToAsync",
          "getAsync",
          "deleteAsync",
          "instancesOfAsync",
          "subclassesOfAsync"
        ] as const
      ) {
        const { description } = await err("NotSupported", () => services[member]())
        assert.include(description.toLowerCase(), member.toLowerCase())
      }
      const instead = async (line: () => Promise<never>): Promise<string> =>
        (await err("NotSupported", line)).description.split(": ").at(-1)!
      assert.include(await instead(() => services.execQuery("SELECT * FROM Demo_Disk")), "instancesOf")
      assert.include(await instead(() => services.deleteAsync()), "delete answers")
      assert.include(await instead(() => services.execNotificationQuery("x")), "NamespaceEventStream")
    })
  )

  it(
    "a class with a missing superclass or a cycle is read as far as possible",
    script(
      async (wmi) => {
        const services = await wmi.connectServer()
        assert.deepStrictEqual((await services.get("Demo_Orphan")).derivation_, ["Demo_Gone"])
        assert.deepStrictEqual((await services.get("Demo_A")).derivation_, ["Demo_B"])
        assert.strictEqual((await services.subclassesOf("Demo_B")).count, 1)
      },
      Snapshot.of(
        ClassDefinition.make("Demo_Orphan", {}, { superclass: "Demo_Gone" }),
        ClassDefinition.make("Demo_A", {}, { superclass: "Demo_B" }),
        ClassDefinition.make("Demo_B", {}, { superclass: "Demo_A" })
      )
    )
  )

  it("a repository without a NamespaceReader refuses lists and supports the other calls", async () => {
    const answer = {
      ...Repository.make({
        putBatch: () => Effect.succeed([]),
        delete: () => Effect.die("not asked"),
        get: () => Effect.succeed(Disk)
      })
    }
    const services = connectServer(Wmi.layer(Layer.succeed(Repository.Repository, answer)))
    await err("NotSupported", () => services.instancesOf("Demo_Disk"))
    assert.strictEqual((await services.get("Demo_Disk")).path_.path, "\\\\.\\ROOT\\cimv2:Demo_Disk")
    await services.close()
  })

  it(
    "wbemFlagUseAmendedQualifiers reads a class with its localised text, which a put without the flag refuses",
    connected(async (services) => {
      const made = ClassDefinition.make("Demo_Text", { Id: Property.key("string") }, {
        qualifiers: { Description: { value: "text", flavor: 0x80 } }
      })
      await services.put(made, wbemFlag.wbemFlagUseAmendedQualifiers)
      await err("NotFound", () => services.get("Demo_Text").then((plain) => plain.qualifiers_.item("Description")))
      const amended = await services.get("Demo_Text", wbemFlag.wbemFlagUseAmendedQualifiers)
      const description = amended.qualifiers_.item("description")
      assert.deepStrictEqual([description.value, description.isAmended], ["text", true])
      await err("AmendedObject", () => amended.put_())
      await amended.put_(wbemFlag.wbemFlagUseAmendedQualifiers)
      // A spawned instance is amended too (qualifiers 7.3 row 3).
      const spawned = amended.spawnInstance_<{ Id: string }>()
      spawned.Id = "a"
      const derived = amended.spawnDerivedClass_()
      derived.path_.class = "Demo_Derived"
      for (const one of [spawned, derived]) {
        await err("AmendedObject", () => one.put_())
        await one.put_(wbemFlag.wbemFlagUseAmendedQualifiers)
      }
      const [listed] = [...await services.instancesOf("Demo_Text", wbemFlag.wbemFlagUseAmendedQualifiers)]
      for (const one of [await services.get("Demo_Text='a'", wbemFlag.wbemFlagUseAmendedQualifiers), listed!]) {
        await err("AmendedObject", () => one.put_())
      }
      await (await services.get("Demo_Text='a'")).put_()
    })
  )
})
