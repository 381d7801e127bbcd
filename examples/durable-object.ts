/**
 * A namespace in a Durable Object: what is put there is there tomorrow.
 *
 * `POST /` with `{"id": "C:", "freeSpace": "42"}` puts a disk, `GET /` lists them.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as ClassDefinition from "effect-wmi/ClassDefinition"
import * as DurableObject from "effect-wmi/DurableObject"
import * as Instance from "effect-wmi/Instance"
import * as ObjectPath from "effect-wmi/ObjectPath"
import * as Property from "effect-wmi/Property"
import * as PutAsync from "effect-wmi/PutAsync"
import * as PutRequest from "effect-wmi/PutRequest"
import * as Wmi from "effect-wmi/Wmi"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
const repository = (storage: DurableObject.Storage) => ManagedRuntime.make(Wmi.layer(DurableObject.layer(storage)))
const reply = (status: number, body: unknown): Response => Response.json(body, { status })

export class Repository {
  private readonly runtime: ReturnType<typeof repository>

  constructor(context: { readonly storage: DurableObject.Storage }) {
    this.runtime = repository(context.storage)
  }

  async fetch(request: Request): Promise<Response> {
    const { freeSpace, id } = request.method === "POST" ? await request.json() as Record<string, string> : {}
    const disk = PutRequest.make(Instance.make("Demo_Disk", { Id: id ?? null, FreeSpace: freeSpace ?? null }))
    const put = Effect.map(
      PutAsync.put(disk),
      ({ disposition, path }) => reply(disposition === "Created" ? 201 : 200, { path: ObjectPath.format(path) })
    )
    const list = Effect.map(
      Wmi.instancesOf("Demo_Disk"),
      (disks) => reply(200, disks.map(({ values }) => values["Id"]))
    )
    return this.runtime.runPromise(
      Effect.zipRight(PutAsync.put(PutRequest.make(Disk)), request.method === "POST" ? put : list).pipe(
        Effect.catchAll((error) => Effect.succeed(reply(409, { error: error.message })))
      )
    )
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
