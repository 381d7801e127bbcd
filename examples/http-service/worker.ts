// A worker. The namespaces are in the storage of one Durable Object.
import { Wmi } from "effect-wmi"
import * as DurableObject from "effect-wmi/durable-object"
import { webHandler } from "./service.ts"

export class Repository {
  readonly fetch: (request: Request) => Promise<Response>

  constructor(context: { readonly storage: DurableObject.Storage }) {
    const { handler } = webHandler(Wmi.layer(DurableObject.layer(context.storage)))
    this.fetch = (request) => handler(request)
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
