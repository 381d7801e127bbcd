// WMI_FILE=wmi.db node examples/http-service/node.ts
import { HttpApiBuilder, HttpMiddleware, HttpServer } from "@effect/platform"
import { NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { createServer } from "node:http"
import { port, service, store } from "./service.ts"

const server = Layer.unwrapEffect(Effect.map(port, (port) => NodeHttpServer.layer(createServer, { port })))

const main = HttpApiBuilder.serve(HttpMiddleware.logger).pipe(
  HttpServer.withLogAddress,
  Layer.provide(server), // closed before the store: it waits for the requests in progress
  Layer.provide(service(store)),
  Layer.merge(Layer.scopedDiscard(Effect.addFinalizer(() => Console.log("stopped"))))
)

NodeRuntime.runMain(Layer.launch(main)) // SIGTERM and SIGINT close the layers
