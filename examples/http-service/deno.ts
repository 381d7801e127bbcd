// WMI_FILE=wmi.db deno run -A examples/http-service/deno.ts
import { Effect } from "effect"
import { port, store, webHandler } from "./service.ts"

const { dispose, handler } = webHandler(store)
await handler(new Request("http://localhost/openapi.json")) // a config that makes no sense ends the program here

let isStopping = false
const inProgress = new Set<Promise<void>>()

const server = Deno.serve({
  port: Effect.runSync(port),
  onListen: ({ port }) => console.log(`listening on http://localhost:${port}/`)
}, (request, { completed }) => {
  if (isStopping) return new Response("stopping", { status: 503 })
  const ended: Promise<void> = completed.catch(() => {}).finally(() => inProgress.delete(ended))
  inProgress.add(ended)
  return handler(request)
})

Deno.addSignalListener("SIGTERM", async () => {
  isStopping = true
  await Promise.all(inProgress) // `shutdown` would end the uploads
  await server.shutdown()
  await dispose()
  console.log("stopped")
  Deno.exit()
})
