// A fetch handler, for a worker or any server: POST {"id": "C:", "freeSpace": "42"}
import { Effect, ManagedRuntime } from "effect"
import { ClassDefinition, HResult, Instance, Property, PutAsync, PutRequest, Snapshot, Wmi } from "effect-wmi"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
const runtime = ManagedRuntime.make(Wmi.layerMemoryFrom(Snapshot.of(Disk))) // once, not for each request
const reply = (status: number, body: object) => Response.json(body, { status })

const put = Effect.fnUntraced(
  function* (request: Request) {
    const { freeSpace, id } = Object(yield* Effect.tryPromise(() => request.json())) // the body may be any JSON
    if (typeof id !== "string" || typeof freeSpace !== "string") return reply(400, { error: "id and freeSpace" })
    const disk = Instance.make("Demo_Disk", { Id: id, FreeSpace: freeSpace })
    const { disposition, path } = yield* PutAsync.put(PutRequest.make(disk))
    return reply(disposition === "Created" ? 201 : 200, { path: `${path}` })
  },
  Effect.catchAll((error) => {
    const status = error._tag === "UnknownException" ? 400 : HResult.toHttpStatus(error.hresult)
    return Effect.succeed(reply(status, { error: error.message }))
  })
)

const fetch = (request: Request): Promise<Response> => runtime.runPromise(put(request))
export default { fetch }
