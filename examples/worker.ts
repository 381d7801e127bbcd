/**
 * A fetch handler with a namespace in memory: for Workers, `Deno.serve`, `Bun.serve` and adapters of them.
 *
 * `POST /` with `{"id": "C:", "freeSpace": "42"}` puts a disk.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as ClassDefinition from "effect-wmi/ClassDefinition"
import * as Instance from "effect-wmi/Instance"
import * as ObjectPath from "effect-wmi/ObjectPath"
import * as Property from "effect-wmi/Property"
import * as PutAsync from "effect-wmi/PutAsync"
import * as PutRequest from "effect-wmi/PutRequest"
import * as Snapshot from "effect-wmi/Snapshot"
import * as Wmi from "effect-wmi/Wmi"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
const runtime = ManagedRuntime.make(Wmi.layerMemoryFrom(Snapshot.of(Disk))) // once per isolate, not per request

const worker: { readonly fetch: (request: Request) => Promise<Response> } = {
  fetch: async (request) => {
    const { freeSpace, id } = await request.json() as { readonly id: string; readonly freeSpace: string }
    const disk = PutRequest.make(Instance.make("Demo_Disk", { Id: id, FreeSpace: freeSpace }))
    return runtime.runPromise(Effect.match(PutAsync.put(disk), {
      onSuccess: ({ disposition, path }) =>
        Response.json({ path: ObjectPath.format(path) }, { status: disposition === "Created" ? 201 : 200 }),
      onFailure: (error) => Response.json({ error: error.message, hresult: error.hresult }, { status: 409 })
    }))
  }
}

export default worker
