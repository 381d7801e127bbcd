// bun examples/service.ts
import { Effect, ManagedRuntime, Schema } from "effect"
import { HResult, ObjectPath, PutAsync, Wmi } from "effect-wmi"
import * as WmiSchema from "effect-wmi/WmiSchema"

const runtime = ManagedRuntime.make(Wmi.layerMemory)
const reply = (status: number, body: object) => Effect.succeed(Response.json(body, { status }))

const put = (body: string) =>
  Schema.decode(Schema.parseJson(WmiSchema.PutRequest))(body).pipe(
    Effect.flatMap(PutAsync.put),
    Effect.flatMap((report) =>
      reply(report.disposition === "Created" ? 201 : 200, { path: ObjectPath.format(report.path) })
    ),
    Effect.catchTag("ParseError", (error) => reply(400, { error: error.message })),
    Effect.catchAll((error) => reply(HResult.toHttpStatus(error.hresult), { error: error.message }))
  )

const server = Bun.serve({
  port: Number(process.env["PORT"] ?? 3000),
  fetch: async (request: Request) => runtime.runPromise(put(await request.text()))
})
console.log(`listening on ${server.url}`)
