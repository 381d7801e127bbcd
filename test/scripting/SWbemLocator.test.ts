/** Connections of scripts, the last error, and sinks. */
import { assert, describe, it } from "vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import { SWbemLastError } from "../../src/scripting/objects/SWbemLastError.ts"
import { SWbemLocator } from "../../src/scripting/connection/SWbemLocator.ts"
import { SWbemObject } from "../../src/scripting/objects/SWbemObject.ts"
import { SWbemSink } from "../../src/scripting/connection/SWbemSink.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as Rights from "../../src/model/Rights.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import * as InstanceProvider from "../../src/emulator/providers/InstanceProvider.ts"
import * as MemoryStore from "../../src/emulator/MemoryStore.ts"
import type * as PutAsync from "../../src/pipeline/PutAsync.ts"
import { LocalCredentials, ProviderFailure, type WbemError } from "../../src/protocol/WbemError.ts"
import { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import type * as HResult from "../../src/protocol/HResult.ts"
import * as Wmi from "../../src/Wmi.ts"
import { err, script, sinkOf } from "./scripts.ts"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), N: Property.make("uint32") })
const disk = (id: string): Instance.Instance => Instance.make("Demo_Disk", { Id: id })
const world = Snapshot.of(Disk, disk("a"))

/** A namespace with one class and its provider. */
const servedBy = (provider: InstanceProvider.InstanceProvider): Layer.Layer<PutAsync.Stages> => {
  const Served = ClassDefinition.make("Demo_Served", { Id: Property.key("string") }, {
    qualifiers: { dynamic: true, provider: "Demo" }
  })
  return Wmi.layer(EmulatedRepository.layer.pipe(
    Layer.provide(MemoryStore.layerFrom(Snapshot.of(Served))),
    Layer.provide(InstanceProvider.layer({ Demo: provider }))
  ))
}

/** The same namespace with a provider that answers every put as given. */
const served = (answer: Effect.Effect<never, WbemError>): Layer.Layer<PutAsync.Stages> =>
  servedBy({ put: () => answer })

describe("SWbemLocator", () => {
  it(
    "the connections of a locator share one repository",
    script(async (wmi) => {
      const one = await wmi.connectServer()
      const two = await wmi.connectServer("", "root/cimv2")
      await one.put(disk("b"))
      assert.strictEqual((await two.instancesOf("Demo_Disk")).count, 2)
      assert.deepStrictEqual([two.namespace, two.server, two.locale], ["root\\cimv2", ".", "ms_409"])
      await one.close() // has no effect: the locator releases the repository
      assert.strictEqual((await one.instancesOf("Demo_Disk")).count, 2)
    }, world)
  )

  it(
    "the server is named in paths, the user is the caller, and each connection has its own locale",
    script(async (wmi) => {
      const far = await wmi.connectServer("far", "root\\cimv2", "somebody", "secret", "ms_407")
      assert.strictEqual((await far.put(disk("b"))).path, '\\\\far\\root\\cimv2:Demo_Disk.Id="b"')
      const object = await far.get('Demo_Disk="b"')
      assert.strictEqual(object.systemProperties_.item("__SERVER").value, "far")
      assert.strictEqual(object.path_.locale, "ms_407")
      const moniker = await wmi.getObject(
        "winmgmts:{impersonate,(Debug)}[locale=ms_407]!//far/root/cimv2:Demo_Disk='b'"
      )
      assert.strictEqual(moniker.path_.path, '\\\\far\\ROOT\\cimv2:Demo_Disk.Id="b"')
      assert.strictEqual(moniker.security_.impersonationLevel, 3)
      assert.strictEqual(moniker.security_.privileges.item(19).name, "SeDebugPrivilege")
    }, world)
  )

  it("the caller of the layer is kept, and is a remote caller on a named server", async () => {
    const enable = Layer.succeed(CallContext.Caller, {
      name: "guest",
      remote: false,
      rights: Rights.of("Enable", "PartialWrite")
    })
    const wmi = new SWbemLocator(Layer.merge(Wmi.layerMemoryFrom(world), enable))
    const near = await wmi.connectServer()
    await near.put(disk("b"))
    await err("AccessDenied", () => near.put(ClassDefinition.make("Demo_New", { Id: Property.key("string") })))
    await err("AccessDenied", () => wmi.connectServer("far"))
    await wmi.close()
  })

  it(
    "a set of objects has the security settings of its services object",
    script(async (wmi) => {
      const services = await wmi.connectServer()
      services.security_.privileges.addAsString("SeDebugPrivilege")
      assert.strictEqual((await services.instancesOf("Demo_Disk")).security_.privileges.count, 1)
      assert.strictEqual((await services.subclassesOf()).security_, services.security_)
    }, world)
  )

  it(
    "the security settings of a locator are copied to its connections",
    script(async (wmi) => {
      wmi.security_.privileges.addAsString("SeDebugPrivilege", false)
      const { privileges } = (await wmi.connectServer()).security_
      assert.isFalse(privileges.item(19).isEnabled)
      privileges.deleteAll()
      assert.strictEqual(wmi.security_.privileges.count, 1)
    })
  )

  const refused: ReadonlyArray<readonly [string, HResult.Status, (wmi: SWbemLocator) => Promise<unknown>]> = [
    ["a missing namespace", "InvalidNamespace", (wmi) => wmi.connectServer(".", "root\\nothing")],
    ["an invalid namespace", "InvalidNamespace", (wmi) => wmi.connectServer(".", "root\\a b")],
    ["a class for a namespace", "InvalidParameter", (wmi) => wmi.connectServer(".", "root\\cimv2:Demo_Disk")],
    ["a user on a local connection", "LocalCredentials", (wmi) => wmi.connectServer(".", "root", "me", "secret")],
    ["a password on a local connection", "LocalCredentials", (wmi) => wmi.connectServer(".", "root", "", "secret")],
    [
      "an authority on a local connection",
      "LocalCredentials",
      (wmi) => wmi.connectServer("", "root", "", "", "", "Kerberos:D")
    ],
    [
      "a domain given twice",
      "InvalidParameter",
      (wmi) => wmi.connectServer("far", "root", "D\\me", "secret", "", "NTLMDomain:D")
    ],
    ["an invalid locale", "InvalidLocale", (wmi) => wmi.connectServer(".", "root", "", "", "english!")],
    ["an invalid moniker", "InvalidObjectPath", (wmi) => wmi.getServices("ldap:")],
    ["an object where a namespace is meant", "InvalidParameter", (wmi) => wmi.getServices("winmgmts:Demo_Disk")],
    ["a namespace where an object is meant", "InvalidParameter", (wmi) => wmi.getObject("winmgmts:root\\cimv2")],
    ["a moniker of a missing namespace", "InvalidNamespace", (wmi) => wmi.getServices("winmgmts:root\\nothing")],
    ["a moniker of a missing class", "NotFound", (wmi) => wmi.getObject("winmgmts:Demo_Nothing")]
  ]
  for (const [what, status, call] of refused) {
    it(`${what}: ${status}`, script(async (wmi) => void await err(status, () => call(wmi)), world))
  }

  it("a locator accepts any layer; if it cannot be built, connecting fails with the reason", async () => {
    const failure = new StoreFailure({ reason: "CannotOpen", detail: "x.db" })
    const broken = new SWbemLocator(Layer.fail(failure))
    const e = await err("Failed", () => broken.connectServer())
    assert.strictEqual(e.source, "SWbemServicesEx")
    assert.include(e.description, "x.db")
    assert.strictEqual(e.cause.cause, failure)
    assert.strictEqual(SWbemLastError.create(broken).Operation, "ConnectServer")
    await broken.close()
    const refusing = new SWbemLocator(Layer.fail(new LocalCredentials({ detail: "here" })))
    await err("LocalCredentials", () => refusing.getServices("winmgmts:"))
    await refusing.close()
  })

  it("a call after close fails", async () => {
    const wmi = new SWbemLocator()
    const services = await wmi.connectServer()
    await wmi.close()
    await err("ShuttingDown", () => services.get("Demo_Disk"))
    await err("ShuttingDown", () => wmi.connectServer())
    await wmi.close()
  })

  it("the default layer is an empty emulator in memory", async () => {
    const wmi = new SWbemLocator()
    const services = await wmi.connectServer()
    await err("NotFound", () => services.get("Demo_Disk"))
    await wmi.close()
  })
})

describe("SWbemLastError", () => {
  const values = (object: SWbemLastError): Record<string, unknown> =>
    Object.fromEntries(Array.from(object.properties_, ({ name, value }) => [name, value]))

  const calls: ReadonlyArray<
    readonly [operation: string, parameterInfo: string, status: number, (wmi: SWbemLocator) => Promise<unknown>]
  > = [
    ["PutInstance", 'Demo_Disk.Id="a"', 0x80041019, async (wmi) => (await wmi.connectServer()).put(disk("a"), 2)],
    ["PutClass", "Demo_Disk", 0x80041019, async (wmi) => (await wmi.connectServer()).put(Disk, 2)],
    ["GetObject", "Demo_Nothing", 0x80041002, async (wmi) => (await wmi.connectServer()).get("Demo_Nothing")],
    ["DeleteClass", "Demo_Nothing", 0x80041002, async (wmi) => (await wmi.connectServer()).delete("Demo_Nothing")],
    ["DeleteInstance", "Demo_Disk='x'", 0x80041002, async (wmi) => (await wmi.connectServer()).delete("Demo_Disk='x'")],
    ["CreateInstanceEnum", "Demo_X", 0x80041010, async (wmi) => (await wmi.connectServer()).instancesOf("Demo_X")],
    ["CreateClassEnum", "Demo_X", 0x80041010, async (wmi) => (await wmi.connectServer()).subclassesOf("Demo_X")],
    ["ConnectServer", "root\\x", 0x8004100e, (wmi) => wmi.connectServer(".", "root\\x")]
  ]
  for (const [operation, parameterInfo, status, call] of calls) {
    it(
      `${operation} of ${parameterInfo} leaves one behind`,
      script(async (wmi) => {
        const thrown = await call(wmi).then(() => assert.fail("nothing was raised"), (error) => error)
        const error = SWbemLastError.create(wmi)
        assert.deepStrictEqual(values(error), {
          Description: thrown.description,
          Operation: operation,
          ParameterInfo: parameterInfo,
          ProviderName: "WinMgmt",
          StatusCode: status
        })
        assert.deepStrictEqual(thrown.lastError.values["Operation"], operation)
      }, world)
    )
  }

  it(
    "an asynchronous put that is refused at the start sets the last error",
    script(async (wmi) => {
      const services = await wmi.connectServer()
      await err("InvalidParameter", () => services.putAsync(new SWbemSink(), disk("a"), 3))
      const { Operation, ParameterInfo, StatusCode } = SWbemLastError.create(services)
      assert.deepStrictEqual([Operation, StatusCode], ["PutInstance", 0x80041008])
      assert.match(String(ParameterInfo), /^Demo_Disk/)
    }, world)
  )

  it(
    "a failure can be read once, by any connection of the locator and by no other locator",
    script(async (wmi) => {
      const one = await wmi.connectServer()
      const two = await wmi.connectServer()
      const other = new SWbemLocator(Wmi.layerMemoryFrom(world))
      await err("Failed", () => new SWbemLastError(wmi))
      await err("NotFound", () => one.get("Demo_Nothing"))
      await err("Failed", () => new SWbemLastError(other))
      assert.strictEqual(SWbemLastError.create(two).ParameterInfo, "Demo_Nothing")
      await err("Failed", () => new SWbemLastError(one))
      await other.close()
    }, world)
  )

  it(
    "neither a failure delivered to a sink nor a local refusal sets the last error (EO-5)",
    script(async (wmi) => {
      const services = await wmi.connectServer()
      const { done, sink, told } = sinkOf()
      await services.putAsync(sink, disk("a"), 2)
      await done
      assert.deepStrictEqual(told, ["completed AlreadyExists PutInstance"])
      const object = await services.get("Demo_Disk")
      await err("NotFound", () => object.properties_.item("Nothing"))
      await err("Failed", () => new SWbemLastError(wmi))
    }, world)
  )

  it(
    "the error object can be read and not written (EO-1)",
    script(async (wmi) => {
      const services = await wmi.connectServer()
      await err("NotFound", () => services.get("Demo_Nothing"))
      const error = SWbemLastError.create(wmi)
      assert.instanceOf(error, SWbemObject)
      assert.strictEqual(error.path_.class, "__ExtendedStatus")
      assert.deepStrictEqual(error.derivation_, ["__NotifyStatus"])
      assert.match(error.getObjectText_(), /instance of __ExtendedStatus\n\{[^}]*Operation = "GetObject"/)
      const copy = error.clone_()
      assert.isTrue(error.compareTo_(copy))
      await err("NotSupported", () => error.put_())
      await err("NotSupported", () => error.delete_())
    }, world)
  )

  it("the error object of a provider is kept, also of a class of its own (EO-2)", async () => {
    const extended = Instance.make("Demo_Status", { Description: "out of paper", ProviderName: "WinMgmt", Pages: 3 })
    const wmi = new SWbemLocator(served(Effect.fail(new ProviderFailure({ provider: "Demo", extended }))))
    const services = await wmi.connectServer()
    await err("ProviderFailure", () => services.put(Instance.make("Demo_Served", { Id: "x" })))
    const error = new SWbemLastError(wmi)
    assert.strictEqual(error.path_.class, "Demo_Status")
    assert.deepStrictEqual(values(error), {
      Description: "out of paper",
      Operation: "PutInstance",
      Pages: 3,
      ParameterInfo: error.properties_.item("ParameterInfo").value,
      ProviderName: "WinMgmt",
      StatusCode: 0x80041004
    })
    assert.match(String(error.properties_.item("ParameterInfo").value), /^Demo_Served/)
    await wmi.close()
  })

  it("values of an unknown class have types inferred from the values", () => {
    const status = Instance.make("Demo_Status", {
      Big: 2n ** 63n,
      Empty: [],
      Flag: true,
      Less: -1n,
      List: ["a"],
      Nothing: null,
      Ratio: 0.5,
      Whole: 3,
      Within: Instance.make("Demo_Other", { Id: 1 })
    })
    const error = SWbemLastError.of(status)
    assert.deepStrictEqual(
      Array.from(error.properties_, ({ cimType, isArray, name }) => [name, cimType, isArray]),
      [
        ["Big", 21, false],
        ["Empty", 8, true],
        ["Flag", 11, false],
        ["Less", 20, false],
        ["List", 8, true],
        ["Nothing", 8, false],
        ["Ratio", 5, false],
        ["Whole", 3, false],
        ["Within", 13, false]
      ]
    )
    assert.strictEqual((error as object as { Within: { Id: number } }).Within.Id, 1)
  })
})

describe("SWbemSink", () => {
  it("every outstanding call of a cancelled sink completes with an error object (PA-41)", async () => {
    const wmi = new SWbemLocator(served(Effect.never))
    const services = await wmi.connectServer()
    const told: Array<unknown> = []
    const sink = new SWbemSink({
      onCompleted: (iHResult, error, asyncContext) =>
        told.push([iHResult, error?.StatusCode, error?.Operation, (asyncContext as { id: number }).id])
    })
    for (const id of [1, 2]) {
      await services.putAsync(sink, Instance.make("Demo_Served", { Id: String(id) }), 0, null, { id })
    }
    await sink.cancel()
    const cancelled = 0x80041032
    assert.sameDeepMembers(told, [
      [cancelled | 0, cancelled, "PutInstance", 1],
      [cancelled | 0, cancelled, "PutInstance", 2]
    ])
    await wmi.close()
  })

  it("progress reports of a provider are delivered in the documented order, when requested (PA-25)", async () => {
    const put: InstanceProvider.InstanceProvider["put"] = (_, progress) =>
      Effect.as(progress({ upperBound: 10, current: 3, message: "a third" }), undefined)
    const wmi = new SWbemLocator(servedBy({ put }))
    const services = await wmi.connectServer()
    for (const [flags, reports] of [[0x80, [[10, 3, "a third", null]]], [0, []]] as const) {
      const told: Array<unknown> = []
      let done = (): void => undefined
      const completed = new Promise<void>((resolve) => {
        done = resolve
      })
      const sink = new SWbemSink({ onProgress: (...report) => told.push(report), onCompleted: () => done() })
      await services.putAsync(sink, Instance.make("Demo_Served", { Id: "x" }), flags)
      await completed
      assert.deepStrictEqual(told, reports as never)
    }
    await wmi.close()
  })
})
