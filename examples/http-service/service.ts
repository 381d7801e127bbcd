// The service as a layer, and as a handler of web requests. Configuration comes from the environment.
import * as Otlp from "@effect/opentelemetry/Otlp"
import {
  FetchHttpClient,
  HttpApiBuilder,
  HttpApiSwagger,
  HttpServer,
  HttpServerError,
  HttpServerRequest,
  HttpServerResponse
} from "@effect/platform"
import { Config, Effect, Layer, Option } from "effect"
import { type EmulatedRepository, type PutAsync, Wmi } from "effect-wmi"
import * as Sqlite from "effect-wmi/sqlite"
import { api } from "./api.ts"
import { handlers } from "./handlers.ts"

const refusal = (status: number, message: string) =>
  HttpServerResponse.unsafeJson({ _tag: "Malformed", message }, { status })

/** A body that is no JSON, or that exhausts the stack, is a defect of `HttpApi` with an empty answer: this says what is wrong. */
const malformed = HttpApiBuilder.middleware((app) =>
  Effect.catchSomeDefect(
    app,
    (defect) =>
      HttpServerError.isServerError(defect) && defect._tag === "RequestError"
        ? Option.some(refusal(400, "the body is no JSON"))
        : defect instanceof RangeError
        ? Option.some(refusal(400, "the body is nested too deep"))
        : Option.none()
  )
)

/** Most bytes of a body. An upload has no limit, because it is read line by line. */
const maxBody = 1024 * 1024

/** A body is read as a whole, so one that is too long, of a length that is not given, or of another type, is not read. */
const limited = HttpApiBuilder.middleware((app) =>
  Effect.flatMap(
    HttpServerRequest.HttpServerRequest,
    ({ headers, method, url }) =>
      method !== "POST" || new URL(url, "http://localhost").pathname === "/bulk"
        ? app
        : !/^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "")
        ? Effect.succeed(refusal(415, "the Content-Type must be application/json"))
        : Number(headers["content-length"] ?? 0) > maxBody
        ? Effect.succeed(refusal(413, `the body has more than ${maxBody} bytes`))
        : headers["transfer-encoding"] !== undefined
        ? Effect.succeed(refusal(411, "the body has no Content-Length"))
        : app
  )
)

/** Sends spans, metrics and logs to a collector, if there is one. */
const telemetry = Layer.unwrapEffect(Effect.map(
  Config.option(Config.string("OTEL_EXPORTER_OTLP_ENDPOINT")),
  Option.match({
    onNone: () => Layer.empty,
    onSome: (baseUrl) =>
      Otlp.layerJson({ baseUrl, resource: { serviceName: "wmi" } }).pipe(Layer.provide(FetchHttpClient.layer))
  })
))

/** The repository that the environment names. */
export const store = Wmi.layer(Sqlite.layerConfig({
  filename: Config.string("WMI_FILE"),
  busyTimeout: Config.duration("WMI_BUSY_TIMEOUT").pipe(Config.withDefault("10 seconds"))
}))

export const port = Config.port("PORT").pipe(Config.withDefault(3000))

/** The API with `/openapi.json` and `/docs` over a repository. */
export const service = <E>(repository: Layer.Layer<PutAsync.Stages | EmulatedRepository.Services, E>) =>
  Layer.mergeAll(
    malformed,
    limited,
    HttpApiBuilder.middlewareOpenApi({ path: "/openapi.json" }),
    HttpApiSwagger.layer()
  ).pipe(
    Layer.provideMerge(HttpApiBuilder.api(api)),
    Layer.provide(handlers),
    Layer.provide(Layer.provide(Wmi.layerEmulated, repository)),
    Layer.provideMerge(telemetry)
  )

/** For `Bun.serve`, `Deno.serve` and workers. The first request builds the layers; `dispose` closes them. */
export const webHandler = <E>(repository: Layer.Layer<PutAsync.Stages | EmulatedRepository.Services, E>) =>
  HttpApiBuilder.toWebHandler(Layer.merge(service(repository), HttpServer.layerContext))
