// The endpoints with their payloads, answers and errors. Clients and the OpenAPI document are made of this file alone.
import { HttpApi, HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform"
import { Schema } from "effect"
import * as WmiSchema from "effect-wmi/WmiSchema"

const Plan = Schema.Struct({
  report: WmiSchema.PutReport,
  writes: Schema.Array(WmiSchema.ObjectPath),
  deletes: Schema.Array(WmiSchema.ObjectPath)
})

/** One line of the answer to an upload. `line` is the number of the line in the upload, from 1. */
export const Outcome = Schema.Union(
  Schema.Struct({ line: Schema.Int, _tag: Schema.Literal("Committed"), report: WmiSchema.PutReport }),
  Schema.Struct({
    line: Schema.Int,
    _tag: Schema.Literal("Rejected", "NotStarted", "Unknown"),
    error: WmiSchema.PutError
  }),
  Schema.Struct({ line: Schema.Int, _tag: Schema.Literal("Malformed"), message: Schema.String })
)

const namespace = Schema.optional(Schema.String)
const at = Schema.Struct({ path: Schema.String, namespace })
const ndjson = HttpApiSchema.Text({ contentType: "application/x-ndjson" })

const objects = HttpApiGroup.make("objects")
  .add(
    HttpApiEndpoint.post("put", "/objects").setPayload(WmiSchema.PutRequest)
      .addSuccess(WmiSchema.PutReport).addError(WmiSchema.PutError)
  )
  .add(
    HttpApiEndpoint.post("plan", "/plan").setPayload(WmiSchema.PutRequest)
      .addSuccess(Plan).addError(WmiSchema.PutError)
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
  .add(HttpApiEndpoint.post("bulk", "/bulk").setPayload(ndjson).addSuccess(ndjson))

export const api = HttpApi.make("wmi").add(objects).annotate(OpenApi.Title, "WMI objects").annotate(
  OpenApi.Version,
  "1.0"
)
