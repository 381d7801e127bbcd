// WMI_FILE=wmi.db deno run -A examples/http-service/deno.ts
import { Effect } from "effect"
import { port, store, webHandler } from "./service.ts"

const { dispose, handler } = webHandler(store)
await handler(new Request("http://localhost/openapi.json")) // a config that makes no sense ends the program here

const server = Deno.serve({
  port: Effect.runSync(port),
  onListen: ({ port }) => console.log(`listening on http://localhost:${port}/`)
}, (request) => handler(request))

Deno.addSignalListener("SIGTERM", async () => {
  await server.shutdown() // accepts no more and waits for the requests in progress
  await dispose()
  console.log("stopped")
  Deno.exit()
})
