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
import * as HResult from "effect-wmi/HResult"
import * as Instance from "effect-wmi/Instance"
import * as ObjectPath from "effect-wmi/ObjectPath"
import * as Property from "effect-wmi/Property"
import * as PutAsync from "effect-wmi/PutAsync"
import * as PutRequest from "effect-wmi/PutRequest"
import * as Snapshot from "effect-wmi/Snapshot"
import * as Wmi from "effect-wmi/Wmi"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
const runtime = ManagedRuntime.make(Wmi.layerMemoryFrom(Snapshot.of(Disk))) // once per isolate, not per request

const handle = Effect.fnUntraced(
  function* (request: Request) {
    const { freeSpace, id } = Object(yield* Effect.tryPromise(() => request.json())) // the body may be any JSON
    if (typeof id !== "string" || typeof freeSpace !== "string") {
      return new Response("id and freeSpace", { status: 400 })
    }
    const disk = PutRequest.make(Instance.make("Demo_Disk", { Id: id, FreeSpace: freeSpace }))
    const { disposition, path } = yield* PutAsync.put(disk)
    return Response.json({ path: ObjectPath.format(path) }, { status: disposition === "Created" ? 201 : 200 })
  },
  Effect.catchAll((error) => {
    const status = error._tag === "UnknownException" ? 400 : HResult.toHttpStatus(error.hresult)
    return Effect.succeed(Response.json({ error: error.message }, { status }))
  })
)

const worker: { readonly fetch: (request: Request) => Promise<Response> } = {
  fetch: (request) => runtime.runPromise(handle(request))
}

export default worker
