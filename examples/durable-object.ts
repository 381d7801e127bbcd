/**
 * A namespace in the storage of a Durable Object, which survives restarts.
 *
 * `POST /` with `{"id": "C:", "freeSpace": "42"}` puts a disk, `GET /` lists them.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as ClassDefinition from "effect-wmi/ClassDefinition"
import * as DurableObject from "effect-wmi/durable-object"
import * as HResult from "effect-wmi/HResult"
import * as Instance from "effect-wmi/Instance"
import * as ObjectPath from "effect-wmi/ObjectPath"
import * as Property from "effect-wmi/Property"
import * as PutAsync from "effect-wmi/PutAsync"
import * as PutRequest from "effect-wmi/PutRequest"
import * as Wmi from "effect-wmi/Wmi"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })

const put = (id: string, freeSpace: string) =>
  PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: id, FreeSpace: freeSpace }))).pipe(
    Effect.map(({ disposition, path }) =>
      Response.json({ path: ObjectPath.format(path) }, { status: disposition === "Created" ? 201 : 200 })
    )
  )

const list = Effect.map(
  Wmi.instancesOf("Demo_Disk"),
  (disks) => Response.json(disks.map(({ values }) => values["Id"]))
)

const handle = Effect.fnUntraced(
  function* (request: Request) {
    yield* PutAsync.put(PutRequest.make(Disk)) // Unchanged but for the first time
    if (request.method !== "POST") return yield* list
    const { freeSpace, id } = Object(yield* Effect.tryPromise(() => request.json())) // the body may be any JSON
    if (typeof id !== "string" || typeof freeSpace !== "string") {
      return new Response("id and freeSpace", { status: 400 })
    }
    return yield* put(id, freeSpace)
  },
  Effect.catchAll((error) => {
    const status = error._tag === "UnknownException" ? 400 : HResult.toHttpStatus(error.hresult)
    return Effect.succeed(Response.json({ error: error.message }, { status }))
  })
)

export class Repository {
  readonly fetch: (request: Request) => Promise<Response>

  constructor(context: { readonly storage: DurableObject.Storage }) {
    const runtime = ManagedRuntime.make(Wmi.layer(DurableObject.layer(context.storage)))
    this.fetch = (request) => runtime.runPromise(handle(request))
  }
}

interface Env {
  readonly REPOSITORY: {
    readonly getByName: (name: string) => { readonly fetch: (request: Request) => Promise<Response> }
  }
}

const worker: { readonly fetch: (request: Request, env: Env) => Promise<Response> } = {
  fetch: (request, env) => env.REPOSITORY.getByName("root").fetch(request)
}

export default worker
