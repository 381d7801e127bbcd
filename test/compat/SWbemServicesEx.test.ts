/** The COM shape of a put, as a ported script uses it. */
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/Snapshot.ts"
import { connectServer, SWbemError, type SWbemServicesEx } from "../../src/compat/SWbemServicesEx.ts"
import { SWbemSink } from "../../src/compat/SWbemSink.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as Wmi from "../../src/Wmi.ts"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), N: Property.make("uint32") })
const disk = (id: string): Instance.Instance => Instance.make("Demo_Disk", { Id: id, N: 1 })

/** A sink that writes down its events; `ended` settles with the n-th OnCompleted. */
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

  it("a refused operation is told with a signed number and an error object; the script sees nothing raised", () =>
    within(async (services) => {
      const { ended, log, sink } = recorder(1)
      await services.putAsync(sink, disk("a"), 1)
      await ended
      assert.deepStrictEqual(log, ["- completed -2147217406 PutInstance"])
    }))

  const foreign: ReadonlyArray<readonly [string, (services: SWbemServicesEx) => Promise<unknown>]> = [
    ["no sink", (services) => services.putAsync(null, disk("a"))],
    ["what is no sink", (services) => services.putAsync({} as SWbemSink, disk("a"))],
    ["no object", (services) => services.putAsync(new SWbemSink(), null)],
    ["what is no object", (services) => services.putAsync(new SWbemSink(), {} as WbemObject)],
    ["flags that exclude each other", (services) => services.putAsync(new SWbemSink(), disk("a"), 3)],
    ["a flag that instances do not take", (services) => services.put(disk("a"), 0x20)]
  ]
  for (const [name, call] of foreign) {
    it(`${name} is raised as wbemErrInvalidParameter`, () =>
      within(async (services) => {
        assert.strictEqual((await raised(call(services))).number, 0x80041008 | 0)
      }))
  }

  it("put waits and answers the path; what it raises carries the error object", () =>
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

  it("a handler that throws disturbs neither the put nor the events after it (PA-50)", () =>
    within(async (services) => {
      const { ended, log, sink } = recorder(1, (line) => {
        if (line.includes(" put ")) throw new Error("a script's mistake")
      })
      await services.putAsync(sink, disk("a"))
      await ended
      assert.strictEqual(log.at(-1), "- completed 0 null")
    }))

  it("cancel ends every call of its sink that is outstanding, and the sink can be used again", () =>
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
})
