// What each endpoint does, over the service `Wmi.EmulatedWmi`.
import { HttpApiBuilder, type HttpServerRequest, HttpServerResponse } from "@effect/platform"
import { Effect, Schedule, Stream } from "effect"
import { HResult, type WbemError, Wmi } from "effect-wmi"
import { api } from "./api.ts"
import { bulk } from "./bulk.ts"

/** Puts the same object again where the status says that it helps, at most four times: after 20, 40, 80 and 160 milliseconds. */
const retrying = <A>(put: Effect.Effect<A, WbemError.PutError>): Effect.Effect<A, WbemError.PutError> =>
  Effect.retry(put, {
    schedule: Schedule.intersect(Schedule.jittered(Schedule.exponential("20 millis")), Schedule.recurs(4)),
    while: (error) =>
      HResult.retry(error.hresult) === "Unchanged" || (error._tag === "WbemTransportFailure" && !error.sent)
  })

/** The stream of an empty body is a failure on some runtimes. */
const uploadOf = (request: HttpServerRequest.HttpServerRequest) =>
  request.headers["content-length"] === "0" ? Stream.empty : request.stream

export const handlers = HttpApiBuilder.group(
  api,
  "objects",
  (endpoints) =>
    Effect.map(Wmi.EmulatedWmi, (wmi) =>
      endpoints
        .handle("put", ({ payload }) => retrying(wmi.put(payload)))
        .handle("plan", ({ payload }) =>
          Effect.map(wmi.plan(payload), ({ changes, report }) => ({
            report,
            writes: changes.filter(({ _tag }) => _tag === "Write").map(({ path }) => path),
            deletes: changes.filter(({ _tag }) => _tag === "Delete").map(({ path }) => path)
          })))
        .handle("get", ({ urlParams: { namespace, path } }) => wmi.get(path, { namespace }))
        .handle("delete", ({ urlParams: { namespace, path } }) => wmi.delete(path, { namespace }))
        .handle("list", ({ path: { className }, urlParams }) => wmi.instancesOf(className, urlParams))
        .handleRaw("bulk", ({ request }) =>
          Effect.succeed(
            HttpServerResponse.stream(bulk(wmi)(uploadOf(request)), { contentType: "application/x-ndjson" })
          )))
)
