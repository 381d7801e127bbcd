import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Instance, PutAsync, PutRequest } from "effect-wmi"
import { WmiTest } from "effect-wmi/testing"

const kit = WmiTest.layer({ mof: "class Demo_Disk { [key] string Id; uint64 FreeSpace; };" })

it.effect("a disk is stored", () =>
  Effect.gen(function* () {
    const report = yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "C:", FreeSpace: 42n })))
    assert.strictEqual(report.disposition, "Created")
    yield* WmiTest.assertCalls([{ verb: "put", path: 'Demo_Disk.Id="C:"', values: { FreeSpace: 42n } }])
  }).pipe(Effect.provide(kit)))
