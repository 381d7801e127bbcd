/**
 * Requests in JSON (`WmiSchema.PutRequest`): their faults with paths, and their flags over the defaults of the command line.
 *
 * @internal
 */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as WmiSchema from "../../../codec/WmiSchema.ts"
import * as CimName from "../../../model/CimName.ts"
import * as CimType from "../../../model/CimType.ts"
import * as PutFlags from "../../../protocol/PutFlags.ts"
import * as PutRequest from "../../../protocol/PutRequest.ts"
import type { KnownClasses } from "../knownClasses.ts"
import { isJsonObject, type JsonObject, type JsonPath, type JsonValue } from "./jsonText.ts"

/** What is wrong with a value, and where in it. */
export interface JsonProblem {
  readonly path: JsonPath
  readonly message: string
  readonly hint?: string | undefined
}

/** The defaults from the command line. A file overrides them. */
export interface RequestDefaults {
  readonly namespace: string
  readonly classFlags: number
  readonly instanceFlags: number
}

const decode = Schema.decodeUnknownEither(WmiSchema.PutRequest, { errors: "all" })

const modeBits = PutFlags.UpdateOnly | PutFlags.CreateOnly
const updateBits = PutFlags.UpdateSafe | PutFlags.UpdateForce

/** The flag word of a request. `flags` takes the place of the default word, `mode` and `update` that of their bits in it. */
const flagsOf = (
  request: PutRequest.PutRequest,
  given: WmiSchema.PutRequestJson,
  defaults: RequestDefaults
): number => {
  if (given.flags !== undefined) return request.flags
  const word = request.object._tag === "Class" ? defaults.classFlags : defaults.instanceFlags
  return request.flags
    | (word & ~(given.mode === undefined ? 0 : modeBits) & ~(given.update === undefined ? 0 : updateBits))
}

/** Whether a type is `real32` or `real64`, or an array of them. */
const isReal = (type: string | undefined): boolean => type !== undefined && CimType.row(type)?.form === "real"

/** A value in which large integers are text, as the JSON form has them; the values of reals are numbers. */
const withoutWide = (value: JsonValue, real: boolean): JsonValue => {
  if (typeof value === "bigint") return real ? Number(value) : String(value)
  if (Array.isArray(value)) return (value as ReadonlyArray<JsonValue>).map((one) => withoutWide(one, real))
  if (!isJsonObject(value)) return value
  return mapped(value, (_, member) => withoutWide(member, false))
}

const mapped = (object: JsonObject, change: (name: string, value: JsonValue) => JsonValue): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(name, value)]))

/** A class: defaults of properties and parameters that are real are numbers. */
const classWithoutWide = (value: JsonValue): JsonValue => {
  if (Array.isArray(value)) return (value as ReadonlyArray<JsonValue>).map(classWithoutWide)
  if (!isJsonObject(value)) return withoutWide(value, false)
  const { type } = value
  const real = typeof type === "string" && isReal(CimType.parse(type).type)
  return mapped(value, (name, member) => name === "value" ? withoutWide(member, real) : classWithoutWide(member))
}

/** A request in which no integer is a `bigint`. The class of an instance, if it is known, says which values are real. */
const requestWithoutWide = (request: JsonObject, namespace: string, known: KnownClasses): JsonObject => {
  const { object } = request
  if (!isJsonObject(object) || typeof object["class"] !== "string") return classWithoutWide(request) as JsonObject
  const within = typeof request["namespace"] === "string" ? request["namespace"] : namespace
  const properties = known.propertiesOf(object["class"], within)?.byName
  return mapped(
    request,
    (name, member) =>
      name !== "object" || !isJsonObject(member)
        ? withoutWide(member, false)
        : mapped(member, (part, content) =>
          part !== "values" || !isJsonObject(content)
            ? withoutWide(content, false)
            : mapped(content, (of, value) =>
              withoutWide(value, isReal(properties?.get(CimName.fold(of))?.type))))
  )
}

/** Reads a request. */
export const requestOf = (
  json: JsonObject,
  isWide: boolean,
  defaults: RequestDefaults,
  known: KnownClasses
): Either.Either<PutRequest.PutRequest, ReadonlyArray<JsonProblem>> => {
  const given = isWide ? requestWithoutWide(json, defaults.namespace, known) : json
  const decoded = decode(given)
  if (Either.isLeft(decoded)) {
    return Either.left(
      ParseResult.ArrayFormatter.formatErrorSync(decoded.left).map(({ message, path }) => ({
        path: path.map((step) => typeof step === "number" ? step : String(step)),
        message
      }))
    )
  }
  const request = decoded.right
  return Either.right(PutRequest.make(request.object, {
    ...request,
    namespace: request.namespace ?? defaults.namespace,
    // `given` was decoded by the schema of this type, so it has its members.
    flags: flagsOf(request, given as unknown as WmiSchema.PutRequestJson, defaults)
  }))
}
