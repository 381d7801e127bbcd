/**
 * Files as administrators, drivers and agents have them go in with the world, and do not go in without it. They have the forms of
 * Microsoft's pages and samples: permanent subscriptions, blocks of drivers, traces, a resource of Desired State Configuration.
 */
import { readdirSync, readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as Mof from "../../src/mof/Mof.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import type { PutReport } from "../../src/protocol/PutReport.ts"
import type { WbemError } from "../../src/protocol/WbemError.ts"
import * as Wmi from "../../src/Wmi.ts"
import { namespaces } from "../../src/worlds/windows/namespaces.ts"
import * as Worlds from "../../src/worlds/Worlds.ts"

const folder = new URL("files/", import.meta.url)

/** How many objects of each file are created, and the class of the world that the file is refused without. */
const files: Readonly<Record<string, readonly [created: number, needs: string]>> = {
  "driver-acpi.mof": [3, "WMIEvent"],
  "driver-bus.mof": [1, "WmiEvent"],
  "driver-counters.mof": [1, "Win32_PerfRawData"],
  "driver-trace.mof": [3, "EventTrace"],
  "inventory.mof": [5, "CIM_LogicalElement"],
  "resource-schema.mof": [1, "OMI_BaseResource"],
  "subscription-script.mof": [3, "ActiveScriptEventConsumer"],
  "subscription-standard.mof": [9, "NTEventLogEventConsumer"]
}

/** Puts a file. The classes that it does not declare are looked up in the state. */
const put = (
  name: string,
  world: Snapshot.Snapshot
): Effect.Effect<ReadonlyArray<PutReport>, WbemError | Mof.MofError> => {
  const requests = Mof.requests(readFileSync(new URL(name, folder)), {
    file: name,
    classOf: (className, namespace) => Option.getOrUndefined(Snapshot.getClass(world, namespace, className))
  })
  if (Either.isLeft(requests)) return Effect.fail(requests.left[0]!)
  return Effect.provide(
    Effect.forEach(requests.right, (request) => PutAsync.put(request)),
    Wmi.layerMemoryFrom(world)
  )
}

describe("files of drivers, administrators and agents", () => {
  it("each is tested", () => {
    assert.deepEqual(readdirSync(folder).sort(), Object.keys(files))
  })

  for (const [name, [count, needs]] of Object.entries(files)) {
    it(`${name} goes in with the world`, async () => {
      const reports = await Effect.runPromise(put(name, Worlds.windows()))
      assert.deepEqual(reports.map(({ disposition }) => disposition), Array.from({ length: count }, () => "Created"))
    })

    it(`${name} is refused without the world, because ${needs} is missing`, async () => {
      const exit = await Effect.runPromise(Effect.either(put(name, Snapshot.empty({ namespaces }))))
      assert(Either.isLeft(exit))
      assert.include(exit.left.message, needs)
    })
  }

  it("the classes of a driver derive from those of the world", async () => {
    const world = Worlds.windows()
    const after = await Effect.runPromise(
      Effect.provide(
        Effect.gen(function* () {
          const text = readFileSync(new URL("driver-bus.mof", folder))
          for (const request of Either.getOrThrow(Mof.requests(text))) yield* PutAsync.put(request)
          return yield* Wmi.snapshot
        }),
        Wmi.layerMemoryFrom(world)
      )
    )
    const names = Snapshot.descendants(after, "root\\wmi", "WMIEvent").map(({ name }) => name)
    assert.deepEqual(names, ["Demo_DeviceArrived"])
  })
})
