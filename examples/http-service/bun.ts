// WMI_FILE=wmi.db bun examples/http-service/bun.ts
import { Effect } from "effect"
import { port, store, webHandler } from "./service.ts"

const { dispose, handler } = webHandler(store)
await handler(new Request("http://localhost/openapi.json")) // a config that makes no sense ends the program here

const server = Bun.serve({ port: Effect.runSync(port), fetch: (request: Request) => handler(request) })
console.log(`listening on ${server.url}`)

process.once("SIGTERM", async () => {
  await server.stop() // accepts no more and waits for the requests in progress
  await dispose()
  console.log("stopped")
})
