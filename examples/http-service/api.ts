// The endpoints with their payloads, answers and errors. Clients and the OpenAPI document are made of this file alone.
import { HttpApi, HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform"
import { Schema } from "effect"
import * as WmiSchema from "effect-wmi/WmiSchema"

const Plan = Schema.Struct({
  report: WmiSchema.PutReport,
  writes: Schema.Array(WmiSchema.ObjectPath),
  deletes: Schema.Array(WmiSchema.ObjectPath)
})

/** The answers to a body that is not read, or is no JSON. */
const Malformed = Schema.Union(
  ...([400, 411, 413, 415] as const).map((status) =>
    Schema.Struct({ _tag: Schema.Literal("Malformed"), message: Schema.String })
      .annotations(HttpApiSchema.annotations({ status, identifier: "Malformed" }))
  )
)

/** One line of the answer to an upload. `line` is the number of the line in the upload, from 1. */
export const Outcome = Schema.Union(
  Schema.Struct({ line: Schema.Int, _tag: Schema.Literal("Committed"), report: WmiSchema.PutReport }),
  Schema.Struct({
    line: Schema.Int,
    _tag: Schema.Literal("Rejected", "NotStarted", "Unknown"),
    error: WmiSchema.PutError
  }),
  Schema.Struct({ line: Schema.Int, _tag: Schema.Literal("Malformed"), message: Schema.String })
).annotations({ identifier: "Outcome" })

const namespace = Schema.optional(Schema.String)
const at = Schema.Struct({ path: Schema.String, namespace })
const ndjson = (description: string) =>
  HttpApiSchema.Text({ contentType: "application/x-ndjson" }).annotations({ description })

const objects = HttpApiGroup.make("objects")
  .add(
    HttpApiEndpoint.post("put", "/objects").setPayload(WmiSchema.PutRequest)
      .addSuccess(WmiSchema.PutReport).addError(WmiSchema.PutError).addError(Malformed)
  )
  .add(
    HttpApiEndpoint.post("plan", "/plan").setPayload(WmiSchema.PutRequest)
      .addSuccess(Plan).addError(WmiSchema.PutError).addError(Malformed)
  )
  .add(
    HttpApiEndpoint.get("get", "/objects").setUrlParams(at)
      .addSuccess(WmiSchema.WbemObject).addError(WmiSchema.GetError)
  )
  .add(
    HttpApiEndpoint.del("delete", "/objects").setUrlParams(at)
      .addSuccess(WmiSchema.ObjectPath).addError(WmiSchema.DeleteError)
  )
  .add(
    HttpApiEndpoint.get("list", "/classes/:className/instances")
      .setPath(Schema.Struct({ className: Schema.String })).setUrlParams(Schema.Struct({ namespace }))
      .addSuccess(Schema.Array(WmiSchema.AnyInstance)).addError(WmiSchema.ListError)
  )
  .add(
    HttpApiEndpoint.post("bulk", "/bulk")
      .setPayload(ndjson("a `PutRequest` a line")).addSuccess(ndjson("an `Outcome` a line, in the order of the lines"))
  )

export const api = HttpApi.make("wmi").add(objects)
  .annotate(OpenApi.Title, "WMI objects")
  .annotate(OpenApi.Version, "1.0")
  .annotate(HttpApi.AdditionalSchemas, [Outcome]) // no endpoint has it: its lines are a text
