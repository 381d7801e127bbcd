// bun service.ts: POST the JSON of a class or an instance
import { Effect, ManagedRuntime, Schema } from "effect"
import { HResult, PutAsync, Wmi } from "effect-wmi"
import * as WmiSchema from "effect-wmi/WmiSchema"

const runtime = ManagedRuntime.make(Wmi.layerMemory)
const reply = (status: number, body: object) => Effect.succeed(Response.json(body, { status }))

const put = (body: string) =>
  Schema.decode(Schema.parseJson(WmiSchema.PutRequest))(body).pipe(
    Effect.flatMap(PutAsync.put),
    Effect.flatMap(({ disposition, path }) => reply(disposition === "Created" ? 201 : 200, { path: `${path}` })),
    Effect.catchTag("ParseError", (error) => reply(400, { error: error.message })),
    Effect.catchAll((error) => reply(HResult.toHttpStatus(error.hresult), { error: error.message }))
  )

const port = Number(process.env["PORT"] ?? 3000)
const fetch = async (request: Request) => runtime.runPromise(put(await request.text()))
console.log(`listening on ${Bun.serve({ port, fetch }).url}`)
