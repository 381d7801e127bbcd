/** The world of a Windows computer: it obeys the rules of a put, and its instances agree with one another. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as SnapshotDiff from "../../src/engine/state/SnapshotDiff.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as Mof from "../../src/mof/Mof.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as NamespaceDump from "../../src/emulator/NamespaceDump.ts"
import * as InstanceProvider from "../../src/emulator/providers/InstanceProvider.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"
import { computerName } from "../../src/worlds/computer/identity.ts"
import { namespaces } from "../../src/worlds/windows/namespaces.ts"
import { objects } from "../../src/worlds/windows/objects.ts"
import * as Worlds from "../../src/worlds/Worlds.ts"

/** Every object of the world with its namespace, classes first. */
const contents = (dynamic: boolean): ReadonlyArray<readonly [namespace: string, object: WbemObject]> =>
  objects(dynamic).flatMap(({ classes, instances, namespace }) => [
    ...Array.from(classes.values(), ({ definition }) => [namespace, definition] as const),
    ...instances.map((instance) => [namespace, instance] as const)
  ])

/** Puts every object. Returns the refused ones with their errors, and the state afterwards. */
const putAll = (dynamic: boolean) =>
  Effect.gen(function* () {
    const refused: Array<string> = []
    for (const [namespace, object] of contents(dynamic)) {
      const put = yield* Effect.either(PutAsync.put(PutRequest.make(object, { namespace })))
      if (Either.isRight(put)) continue
      const name = object._tag === "Class" ? object.name : `an instance of ${object.className}`
      refused.push(`${namespace} ${name}: ${put.left.message}`)
    }
    return { refused, after: yield* Wmi.snapshot }
  }).pipe(Effect.provide(Wmi.layerMemoryFrom(Snapshot.empty({ namespaces }))), Effect.runPromise)

const run = <A, E>(
  program: Effect.Effect<A, E, Layer.Layer.Success<ReturnType<typeof Wmi.layerMemoryFrom>>>,
  world: Snapshot.Snapshot = Worlds.windows()
): Promise<A> => Effect.runPromise(Effect.provide(program, Wmi.layerMemoryFrom(world)))

const values = async (path: string, world?: Snapshot.Snapshot): Promise<Instance.Instance["values"]> => {
  const object = await run(Wmi.get(path), world)
  assert(object._tag === "Instance")
  return object.values
}

describe("the world of a Windows computer", () => {
  it.each([["static", false], ["dynamic", true]] as const)(
    "with %s instances: puts of all its objects succeed and make the same state",
    async (instances, dynamic) => {
      const { after, refused } = await putAll(dynamic)
      assert.deepEqual(refused, [])
      assert.deepEqual(SnapshotDiff.changes(Worlds.windows({ instances }), after), [])
      assert.isAbove(SnapshotDiff.changes(Snapshot.empty({ namespaces }), after).length, 200)
    }
  )

  it("a second put of an object leaves it unchanged", async () => {
    const dispositions = await run(
      Effect.forEach(
        contents(false),
        ([namespace, object]) =>
          Effect.map(PutAsync.put(PutRequest.make(object, { namespace })), ({ disposition }) => disposition)
      )
    )
    assert.deepEqual([...new Set(dispositions)], ["Unchanged"])
  })

  it("every reference of an instance leads to an instance of the world", async () => {
    const world = Worlds.windows()
    const references = contents(false).flatMap(([namespace, object]) =>
      object._tag === "Class" ? [] : Snapshot.resolvedClass(world, namespace, object.className)!.properties
        .flatMap(({ name, type }) => {
          const text = object.values[name]
          if (type !== "reference" || typeof text !== "string") return []
          const path = Either.getOrThrow(ObjectPath.parse(text))
          return [{ text, path: { ...path, namespace: path.namespace ?? namespace } }]
        })
    )
    const found = await run(
      Effect.forEach(
        references,
        ({ path }) => Effect.isSuccess(Wmi.get(ObjectPath.make({ ...path, server: undefined })))
      ),
      world
    )
    assert.deepEqual(references.filter((_, index) => found[index] !== true).map(({ text }) => text), [])
    assert.deepEqual([...new Set(references.map(({ path }) => path.server))], [computerName, undefined])
    assert.isAbove(references.length, 100)
  })

  it("the parts of the system name the same computer", () => {
    const names = contents(false).flatMap(([, object]) =>
      object._tag === "Class"
        ? []
        : ["SystemName", "CSName", "DNSHostName", "ComputerName"].flatMap((name) => object.values[name] ?? [])
    )
    assert.deepEqual([...new Set(names)], [computerName])
  })

  it("partitions, memory and processes add up to what the computer says of itself", async () => {
    const world = Worlds.windows()
    const of = (className: string) => Snapshot.instances(world, "root\\cimv2", className)
    const total = (className: string, property: string) =>
      of(className).reduce((sum, instance) => sum + (instance.values[property] as bigint), 0n)
    const [disk] = of("Win32_DiskDrive")
    const [system] = of("Win32_OperatingSystem")
    assert.equal(disk!.values["Partitions"], of("Win32_DiskPartition").length)
    assert.isTrue(total("Win32_DiskPartition", "Size") <= (disk!.values["Size"] as bigint))
    const memory = (await values('Win32_ComputerSystem.Name="DESKTOP-4F7Q2KB"'))["TotalPhysicalMemory"] as bigint
    assert.isTrue(memory <= total("Win32_PhysicalMemory", "Capacity"))
    assert.equal(system!.values["NumberOfProcesses"], of("Win32_Process").length)
    const processes = new Set(of("Win32_Process").map((one) => one.values["ProcessId"]))
    for (const { values } of of("Win32_Service")) {
      if (values["State"] === "Running") assert.include([...processes], values["ProcessId"])
    }
  })

  it("its objects are frozen, with all that they hold", () => {
    const open: Array<string> = []
    const visit = (value: unknown, where: string): void => {
      if (typeof value !== "object" || value === null) return
      if (!Object.isFrozen(value)) open.push(where)
      for (const [name, member] of Object.entries(value)) visit(member, `${where}.${name}`)
    }
    for (const [, object] of contents(false)) visit(object, object._tag === "Class" ? object.name : object.className)
    assert.deepEqual(open, [])
  })

  it("a dump of it reads back as the same state", () => {
    const world = Worlds.windows()
    const back = Either.getOrThrow(NamespaceDump.parse(NamespaceDump.lines(world)))
    assert.deepEqual(SnapshotDiff.changes(world, back), [])
    assert.deepEqual(Snapshot.namespaces(back), Snapshot.namespaces(world))
  })

  it("printed as MOF and put again, every object stays as it is", async () => {
    const world = Worlds.windows()
    const requests = objects(false).flatMap(({ classes, instances, namespace }) => {
      const classOf = (name: string) => Option.getOrUndefined(Snapshot.getClass(world, namespace, name))
      const definitions = Array.from(classes.values(), ({ definition }) => definition)
      const text = Either.getOrThrow(Mof.print([...definitions, ...instances], { classOf }))
      return [...Either.getOrThrow(Mof.requests(text, { namespace, classOf }))]
    })
    const reports = await run(Effect.forEach(requests, (request) => PutAsync.put(request)), world)
    assert.lengthOf(reports, contents(false).length)
    assert.deepEqual(reports.filter(({ disposition }) => disposition !== "Unchanged").map(({ path }) => path), [])
  })

  it("what is put into an emulator is not in the world", async () => {
    await run(PutAsync.put(PutRequest.make(Instance.make("Win32_Environment", { Name: "A", UserName: "<SYSTEM>" }))))
    const exit = await Effect.runPromiseExit(
      Effect.provide(
        Wmi.get('Win32_Environment.Name="A",UserName="<SYSTEM>"'),
        Wmi.layerMemoryFrom(Worlds.windows())
      )
    )
    assert.equal(exit._tag, "Failure")
    assert.strictEqual(Worlds.windows(), Worlds.windows())
  })
})

describe("Worlds.windows", () => {
  const disk = Instance.make("Win32_LogicalDisk", { DeviceID: "E:", FileSystem: "NTFS" })

  it("static instances: an instance of a class of Windows is stored", async () => {
    const { disposition } = await run(PutAsync.put(PutRequest.make(disk)))
    assert.equal(disposition, "Created")
  })

  it("dynamic instances: a put fails without the provider", async () => {
    const error = await run(Effect.flip(PutAsync.put(PutRequest.make(disk))), Worlds.windows({ instances: "dynamic" }))
    assert.equal(error._tag, "WbemProviderNotFound")
    assert.include(error.message, "CIMWin32")
  })

  it("dynamic instances: a put calls the registered provider, and nothing is stored", async () => {
    const put: Array<unknown> = []
    const providers = InstanceProvider.layer({
      CIMWin32: { put: ({ instance }) => Effect.sync(() => void put.push(instance.values["DeviceID"])) }
    })
    const world = Worlds.windows({ instances: "dynamic" })
    const after = await Effect.runPromise(
      Effect.provide(
        Effect.zipRight(PutAsync.put(PutRequest.make(disk)), Wmi.snapshot),
        Layer.provide(Wmi.layerMemoryFrom(world), providers)
      )
    )
    assert.deepEqual(put, ["E:"])
    assert.deepEqual(SnapshotDiff.changes(world, after), [])
  })

  it("dynamic instances: those of static classes are there", () => {
    const world = Worlds.windows({ instances: "dynamic" })
    assert.equal(Snapshot.count(world, "root\\cimv2", "Win32_Service"), 0)
    assert.equal(Snapshot.count(world, "root\\subscription", "NTEventLogEventConsumer"), 1)
  })

  it("more namespaces: they and missing parents are created", () => {
    const world = Worlds.windows({ namespaces: ["root\\virtualization\\v2", "ROOT\\cimv2\\SMS"] })
    assert.equal(Snapshot.namespaceName(world, "root\\virtualization\\v2"), "root\\virtualization\\v2")
    assert.equal(Snapshot.namespaceName(world, "root\\cimv2\\sms"), "root\\cimv2\\SMS")
    assert.isUndefined(Snapshot.namespaceName(Worlds.windows(), "root\\cimv2\\sms"))
  })

  it("an option with a wrong value is refused, naming it", () => {
    assert.throws(() => Worlds.windows({ instances: "none" as "static" }), RangeError, 'not "none"')
    for (const namespace of ["cimv2", "", "root\\", "root\\1a", "\\\\pc\\root"]) {
      assert.throws(() => Worlds.windows({ namespaces: [namespace] }), RangeError, JSON.stringify(namespace))
    }
  })

  it("a world of another name is an error that lists the names", () => {
    assert.strictEqual(Either.getOrThrow(Worlds.named("windows")), Worlds.windows())
    const error = Either.getOrThrow(Either.flip(Worlds.named("Windows")))
    assert.equal(error._tag, "UnknownWorld")
    assert.deepEqual(error.known, Worlds.names)
    assert.equal(error.message, 'there is no world "Windows"; the worlds are windows')
    for (const name of Worlds.names) assert.isTrue(Either.isRight(Worlds.named(name)))
  })
})
