/**
 * Schemas of paths and errors as JSON. `WmiSchema` exports them.
 *
 * The JSON of an error is what `JSON.stringify` makes of it: `_tag`, `status`, `hresult` and `message`, the facts of its class, and `rule`,
 * `detail`, `parameterInfo`, `extended` and `cause` where it has them.
 *
 * ```json
 * {"_tag": "WbemNotFound", "status": "NotFound", "hresult": 2147749890, "path": "Demo_Disk.Id=\"C:\"", "rule": "DL-5", "message": "…"}
 * ```
 *
 * The decoded error is of the class of its `_tag`. Its message is that of the original, because it is made of the same facts. A cause
 * decodes to an `Error` with the same name and message. Facts are optional, because the error of a host that returned a number alone has
 * none.
 *
 * @internal
 */
import type { LazyArbitrary } from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import * as InstanceModel from "../model/Instance.ts"
import * as Path from "../model/ObjectPath.ts"
import type { CimValue } from "../model/WbemObject.ts"
import * as HResult from "../protocol/HResult.ts"
import { tagsOf } from "../protocol/StatusError.ts"
import * as WbemErrors from "../protocol/WbemError.ts"

/** The annotation of `@effect/platform` with the status of an HTTP answer: its symbol is of the global registry, so no import is needed. */
const httpStatus = Symbol.for("@effect/platform/HttpApiSchema/AnnotationStatus")

const isPath = (u: unknown): u is Path.ObjectPath =>
  typeof u === "object" && u !== null && "keys" in u && "singleton" in u

type Arbitrary<A> = LazyArbitrary<A>

/** Builds an arbitrary once: a union has the same parts in each of its members. */
const once = <A>(make: Arbitrary<A>): Arbitrary<A> => {
  let made: ReturnType<Arbitrary<A>> | undefined
  return (fc) => made ??= make(fc)
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/** Names of classes, properties and namespaces. */
export const arbitraryName: Arbitrary<string> = /* @__PURE__ */ once((fc) =>
  fc.tuple(
    fc.constantFrom(...letters),
    fc.string({ unit: fc.constantFrom(...letters, ..."0123456789_"), maxLength: 11 })
  ).map(([first, rest]) => first + rest)
)

/** Text of values and keys. Half of a surrogate pair has no UTF-8 form. */
export const arbitraryText: Arbitrary<string> = /* @__PURE__ */ once((fc) =>
  fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom("C:", 'a "b" \\c', "Größe", "\u{1F600}"))
)

export const arbitraryPath: Arbitrary<Path.ObjectPath> = /* @__PURE__ */ once((fc) => {
  const value = fc.oneof(arbitraryText(fc).map((text) => text.replace(/\0/g, "")), fc.integer(), fc.boolean())
  const keys = fc.uniqueArray(fc.record({ name: arbitraryName(fc), value }), {
    minLength: 1,
    maxLength: 3,
    selector: ({ name }) => name.toLowerCase()
  })
  const where = fc.oneof(
    fc.constant({}),
    fc.record({
      server: fc.oneof(fc.constant("."), arbitraryName(fc)),
      namespace: fc.array(arbitraryName(fc), { minLength: 1, maxLength: 3 }).map((names) => names.join("\\"))
    })
  )
  const what = fc.oneof(keys.map((keys) => ({ keys })), fc.constant({}), fc.constant({ singleton: true }))
  return fc.tuple(where, arbitraryName(fc), what).map(([where, className, what]) =>
    Path.make({ ...where, className, ...what })
  )
})

const PathFromSelf: Schema.Schema<Path.ObjectPath> = Schema.declare(isPath, {
  identifier: "ObjectPathFromSelf",
  arbitrary: () => arbitraryPath,
  pretty: () => Path.format,
  equivalence: () => (a, b) => Path.format(a) === Path.format(b)
})

/**
 * An object path and its text, `\\.\root\cimv2:Demo_Disk.Id="C:"`. Text that is no path fails with the position of the fault. The text
 * of a path has no types: a key of 64 bits decodes as its decimal text, which names the same object, and a namespace without a server
 * decodes with the server `.`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Schema } from "effect"
 * import * as WmiSchema from "effect-wmi/WmiSchema"
 *
 * const path = Schema.decodeSync(WmiSchema.ObjectPath)('Demo_Disk.Id="C:"')
 * assert.deepEqual(path.keys, [{ name: "Id", value: "C:" }])
 * assert.equal(Schema.encodeSync(WmiSchema.ObjectPath)(path), 'Demo_Disk.Id="C:"')
 * ```
 *
 * @since 0.1.0
 * @category schemas
 */
export const ObjectPath: Schema.Schema<Path.ObjectPath, string> = Schema.transformOrFail(Schema.String, PathFromSelf, {
  strict: true,
  decode: (text, _, ast) =>
    Either.mapLeft(
      Path.parse(text),
      ({ position, reason }) => new ParseResult.Type(ast, text, `at ${position}: ${reason}`)
    ),
  encode: (path) => ParseResult.succeed(Path.format(path))
}).annotations({ identifier: "ObjectPath", jsonSchema: { type: "string", description: "an object path" } })

/** The path of an error. An object that has no legal path is an error too, so text that is no path is kept as it is. */
const FactPath: Schema.Schema<Path.ObjectPath, string> = Schema.transform(Schema.String, PathFromSelf, {
  strict: true,
  decode: (text) => Either.getOrElse(Path.parse(text), () => Path.make({ className: text })),
  encode: Path.format
})

const fromJson = (json: unknown): CimValue => {
  if (Array.isArray(json)) return json.map(fromJson) as CimValue
  if (typeof json !== "object" || json === null) return json as CimValue
  const { class: className, values } = json as {
    readonly class: string
    readonly values: Readonly<Record<string, unknown>>
  }
  return InstanceModel.make(className, fromRecord(values))
}

const fromRecord = (json: Readonly<Record<string, unknown>>): Readonly<Record<string, CimValue>> =>
  Object.fromEntries(Object.entries(json).map(([name, value]) => [name, fromJson(value)]))

/** A cause as it decodes: with the name and message of the original, without a stack. */
const causeOf = (json: unknown): unknown => {
  if (typeof json !== "object" || json === null) return json
  const { message, name } = json as { readonly name: string; readonly message: string }
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  const error = new Error(message)
  Error.stackTraceLimit = limit
  return Object.defineProperty(error, "name", { value: name, enumerable: false })
}

/**
 * An error as JSON.
 *
 * @since 0.1.0
 * @category encoded
 */
export interface ErrorJson {
  /** The tag of the error: `Wbem` and the name of its class. */
  readonly _tag: string
  /** The name of the status, such as `NotFound`. */
  readonly status: string
  /** The number of the status, unsigned. */
  readonly hresult: number
  /** The error as one line of text. */
  readonly message: string
  /** The rule that the call breaks, such as `CS-15`. */
  readonly rule?: string | undefined
  /** One line of text that explains the failure to a person. */
  readonly detail?: string | undefined
  /** `ParameterInfo` of the error object: the relative path of the instance, if it has one. */
  readonly parameterInfo?: string | undefined
  /** The error object that a provider or host supplied with the number. */
  readonly extended?: { readonly class: string; readonly values: { readonly [name: string]: unknown } } | undefined
  /** The failure of a lower library: its text, or its name and its message. */
  readonly cause?: string | { readonly name: string; readonly message: string } | undefined
  /** The facts of the class. */
  readonly [fact: string]: unknown
}

/**
 * The JSON of the facts, by the types of the table of statuses. The table has the types as text, so the compiler cannot relate a schema to
 * its fact; `never` lets the schemas stand in one record.
 */
const factTypes: Readonly<Record<string, Schema.Schema<never, never>>> = {
  string: Schema.String as never,
  number: Schema.Number as never,
  boolean: Schema.Boolean as never,
  ObjectPath: Schema.encodedSchema(FactPath) as never
}

const factSchema = (type: string): Schema.Schema<never, never> =>
  factTypes[type] ?? Schema.Literal(...type.split(" | ").map((literal) => JSON.parse(literal) as string)) as never

const arbitraryFact = (type: string): Arbitrary<unknown> => (fc) => {
  switch (type) {
    case "string":
      return arbitraryText(fc)
    case "number":
      return fc.integer()
    case "boolean":
      return fc.boolean()
    case "ObjectPath":
      return arbitraryPath(fc)
    default:
      return fc.constantFrom(...type.split(" | ").map((literal) => JSON.parse(literal) as string))
  }
}

/** Whether JSON is a value of an error object, as {@link fromJson} reads it. */
const isValueJson = (json: unknown): boolean => {
  if (Array.isArray(json)) return json.every(isValueJson)
  if (typeof json !== "object" || json === null) return true
  const { class: className, values } = json as { readonly class?: unknown; readonly values?: unknown }
  return typeof className === "string" && typeof values === "object" && values !== null && !Array.isArray(values)
    && Object.values(values).every(isValueJson)
}

const ValueJson = Schema.Unknown.pipe(
  Schema.filter(isValueJson, { description: "a value, or an embedded instance with class and values", jsonSchema: {} })
)

const options = {
  rule: Schema.optional(Schema.String),
  detail: Schema.optional(Schema.String),
  parameterInfo: Schema.optional(Schema.String),
  extended: Schema.optional(
    Schema.Struct({ class: Schema.String, values: Schema.Record({ key: Schema.String, value: ValueJson }) })
  ),
  cause: Schema.optional(
    Schema.Union(Schema.String, Schema.Struct({ name: Schema.String, message: Schema.String }))
  )
}

const arbitraryOptions: Arbitrary<WbemErrors.WbemErrorOptions> = /* @__PURE__ */ once((fc) => {
  const text = arbitraryText(fc)
  const values = fc.record({ StatusCode: fc.nat(), Description: text }, { requiredKeys: [] })
  return fc.record({
    rule: text,
    detail: text,
    parameterInfo: text,
    extended: values.map((values) => InstanceModel.make("__ExtendedStatus", values)),
    cause: fc.oneof(text, fc.record({ name: arbitraryName(fc), message: text }).map(causeOf))
  }, { requiredKeys: [] })
})

type Facts = Readonly<Record<string, string>>

/** The schema of an error: the struct of its JSON, its class, and its facts by name. */
const schemaOf = <E extends WbemErrors.WbemError>(
  { facts, hresult, http, make, name, own, statuses, tag }: {
    readonly name: string
    readonly tag: string
    readonly statuses: ReadonlyArray<string>
    readonly hresult: Schema.Schema<number>
    readonly http: number
    readonly facts: Facts
    /** The facts that the arbitrary error has. */
    readonly own: Arbitrary<object>
    readonly make: new (facts: never) => E
  }
): Schema.Schema<E, ErrorJson> => {
  const members = Object.fromEntries(
    Object.entries(facts).map(([fact, type]) => [fact.replace("?", ""), Schema.optional(factSchema(type))])
  )
  const json = Schema.Struct({
    _tag: Schema.Literal(tag),
    status: Schema.Literal(...statuses),
    hresult,
    message: Schema.String,
    ...members,
    ...options
    // The message has the facts in the order in which the error has them.
  }).annotations({ parseOptions: { propertyOrder: "original" } })
  const paths = Object.entries(facts).flatMap(([fact, type]) => type === "ObjectPath" ? [fact] : [])
  const self = Schema.declare(
    (u): u is E => WbemErrors.isWbemError(u) && u._tag === tag && statuses.includes(u.status),
    {
      identifier: `${name}FromSelf`,
      // Its literal selects the member of a union, so that an error is not tried as each of the others.
      [AST.SurrogateAnnotationId]: Schema.TaggedStruct(tag, {}).ast,
      arbitrary: () =>
        once((fc) =>
          fc.tuple(own(fc), arbitraryOptions(fc)).map(([facts, options]) => new make({ ...facts, ...options } as never))
        ),
      pretty: () => String,
      equivalence: () => (a, b) => JSON.stringify(a) === JSON.stringify(b)
    }
  )
  // The struct is made of the table, of which the compiler has only the general form of an error's JSON.
  const schema = Schema.transform(json as unknown as Schema.Schema<ErrorJson>, self, {
    strict: true,
    decode: ({ _tag: _, hresult, message: __, status, ...rest }) => {
      const { cause, extended } = rest
      const decoded: Record<string, unknown> = tag === "WbemOther" ? { status, hresult, ...rest } : { ...rest }
      for (const path of paths) {
        if (decoded[path] !== undefined) decoded[path] = Schema.decodeSync(FactPath)(decoded[path] as string)
      }
      if (cause !== undefined) decoded["cause"] = causeOf(cause)
      if (extended !== undefined) decoded["extended"] = InstanceModel.make(extended.class, fromRecord(extended.values))
      return new make(decoded as never) // its members were decoded by the struct of this class
    },
    // Every error has the method; its type is `object`, and the struct checks what it returns.
    encode: (error) => (error as unknown as { toJSON: () => ErrorJson }).toJSON()
  })
  return schema.annotations({ identifier: name, title: name, [httpStatus]: http })
}

type MadeStatus = WbemErrors.MadeError["status"]

/**
 * The schemas of the errors that have a class of their own, by their statuses.
 *
 * @since 0.1.0
 * @category models
 */
export type ErrorSchemas = {
  readonly [Status in MadeStatus]: Schema.Schema<Extract<WbemErrors.MadeError, { readonly status: Status }>, ErrorJson>
}

const required = (facts: Facts): Arbitrary<object> => (fc) =>
  fc.record(
    Object.fromEntries(Object.entries(facts).map(([name, type]) => [name.replace("?", ""), arbitraryFact(type)(fc)])),
    { requiredKeys: Object.keys(facts).filter((name) => !name.endsWith("?")) as [] }
  )

const makeErrors = (): ErrorSchemas =>
  Object.fromEntries(
    HResult.table.flatMap(({ facts, hresult, http, status }) =>
      facts === undefined ? [] : [[
        status,
        schemaOf({
          name: `Wbem${status}`,
          tag: `Wbem${status}`,
          statuses: [status],
          hresult: Schema.Literal(hresult),
          http,
          facts,
          own: required(facts),
          make: WbemErrors[status as MadeStatus] as never // the class of this row: one of a union of constructors
        })
      ]]
    )
  ) as unknown as ErrorSchemas // one entry for each status of the table, which `Object.fromEntries` does not keep in its type

/**
 * The schema of each error that has a class of its own, by its status. `errors.NotFound` decodes a `WbemError.NotFound`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Schema } from "effect"
 * import { WbemError } from "effect-wmi"
 * import * as WmiSchema from "effect-wmi/WmiSchema"
 *
 * const error = new WbemError.InvalidClass({ className: "Demo_Disk", rule: "instance-put 1.2" })
 * const decoded = Schema.decodeUnknownSync(WmiSchema.errors.InvalidClass)(JSON.parse(JSON.stringify(error)))
 * assert.ok(decoded instanceof WbemError.InvalidClass)
 * assert.equal(decoded.message, error.message)
 * ```
 *
 * @since 0.1.0
 * @category schemas
 */
export const errors: ErrorSchemas = /* @__PURE__ */ makeErrors()

/** Every fact of any class: an error that a verb does not have keeps its facts as a `WbemOther`. */
const allFacts = (): Facts => Object.assign({}, ...HResult.table.map(({ facts }) => facts)) as Facts

/** The `WbemOther` with one of these statuses: a member for each HTTP status, so that an API answers with the status of the error. */
const others = (statuses: ReadonlySet<string>): ReadonlyArray<Schema.Schema<WbemErrors.WbemOther, ErrorJson>> => {
  const facts = allFacts()
  const byHttp = new Map<number, Array<readonly [status: string, hresult: number]>>()
  const add = (http: number, status: string, hresult: number): void => {
    if (!statuses.has(status)) return
    byHttp.set(http, [...byHttp.get(http) ?? [], [status, hresult]])
  }
  for (const { hresult, http, status } of HResult.table) add(http, status, hresult)
  add(500, "Unlisted", 0x80070057)
  return Array.from(byHttp, ([http, rows]) =>
    schemaOf<WbemErrors.WbemOther>({
      name: `WbemOther${http}`,
      tag: "WbemOther",
      statuses: rows.map(([status]) => status),
      hresult: Schema.Number,
      http,
      facts,
      own: (fc) => fc.constantFrom(...rows).map(([status, hresult]) => ({ status, hresult })),
      make: WbemErrors.WbemOther as never
    }))
}

const allStatuses: ReadonlyArray<string> = HResult.table.flatMap(({ status }) => status === "NoError" ? [] : [status])

const text = (u: unknown): string => typeof u === "string" ? u : JSON.stringify(u) ?? String(u)

/**
 * The message for a value whose `_tag`, or whose status of a `WbemOther`, is none of a union. Without it the message would have every
 * member of the union. For the faults in a member the
 * parser has its own message: one that is no override is not used where there are such faults.
 */
const unionMessage =
  (name: string, tags: ReadonlySet<string>, statuses: ReadonlySet<string>) =>
  ({ actual }: ParseResult.ParseIssue): string | { readonly message: string; readonly override: boolean } => {
    const other = `Expected ${name}, actual ${text(actual)}`
    if (typeof actual !== "object" || actual === null) return other
    const { _tag: tag, status } = actual as { readonly _tag?: unknown; readonly status?: unknown }
    if (tag === undefined) return { message: "an error has the member _tag", override: true }
    if (!tags.has(tag as string)) {
      const isError = allTags.has(tag as string)
      return { message: `_tag ${text(tag)} is no ${isError ? name : "error of this library"}`, override: true }
    }
    return tag !== "WbemOther" || statuses.has(status as string)
      ? other
      : { message: `status ${text(status)} is no status of a WbemOther of ${name}`, override: true }
  }

const allTags: ReadonlySet<string> = new Set([
  "WbemOther",
  ...HResult.table.flatMap(({ facts, status }) => facts === undefined ? [] : [`Wbem${status}`])
])

/** The schema of a union: its classes, and the `WbemOther` of the statuses that have no class in it. */
const unionOf = <Name extends keyof WbemErrors.ErrorUnions>(
  name: Name
): Schema.Schema<WbemErrors.ErrorUnions[Name], ErrorJson> => {
  const tags = tagsOf(name)
  const made = allStatuses.filter((status) => tags.has(`Wbem${status}`))
  const remaining = name === "StoreError" ? allStatuses.filter((status) => !(status in errors)) : allStatuses
  const rest = tags.has("WbemOther") ? [...remaining.filter((status) => !made.includes(status)), "Unlisted"] : []
  return Schema.Union(
    ...made.map((status) => errors[status as MadeStatus] as Schema.Schema<WbemErrors.WbemError, ErrorJson>),
    ...others(new Set(rest))
  ).annotations({ identifier: name, message: unionMessage(name, tags, new Set(rest)) }) as never
}

/**
 * Every error of this library, as a union by `_tag`.
 *
 * It is ready for `addError` of an `HttpApi`, for the errors of an `Rpc` and for workflows: the encoded side is plain JSON, and each
 * member has the HTTP status of `HResult.toHttpStatus`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const WbemError: Schema.Schema<WbemErrors.WbemError, ErrorJson> = /* @__PURE__ */ Schema.Union(
  .../* @__PURE__ */ Object.values(errors) as ReadonlyArray<Schema.Schema<WbemErrors.MadeError, ErrorJson>>,
  .../* @__PURE__ */ others(/* @__PURE__ */ new Set([...allStatuses, "Unlisted"]))
).annotations({
  identifier: "WbemError",
  message: /* @__PURE__ */ unionMessage("WbemError", allTags, /* @__PURE__ */ new Set([...allStatuses, "Unlisted"]))
})

/** What a put can fail with. @since 0.1.0 @category schemas */
export const PutError: Schema.Schema<WbemErrors.PutError, ErrorJson> = /* @__PURE__ */ unionOf("PutError")
/** What the start of a put can fail with. @since 0.1.0 @category schemas */
export const StartError: Schema.Schema<WbemErrors.StartError, ErrorJson> = /* @__PURE__ */ unionOf("StartError")
/** What a read of one object can fail with. @since 0.1.0 @category schemas */
export const GetError: Schema.Schema<WbemErrors.GetError, ErrorJson> = /* @__PURE__ */ unionOf("GetError")
/** What a list can fail with. @since 0.1.0 @category schemas */
export const ListError: Schema.Schema<WbemErrors.ListError, ErrorJson> = /* @__PURE__ */ unionOf("ListError")
/** What a delete can fail with. @since 0.1.0 @category schemas */
export const DeleteError: Schema.Schema<WbemErrors.DeleteError, ErrorJson> = /* @__PURE__ */ unionOf("DeleteError")
/** What a snapshot and its restore can fail with. @since 0.1.0 @category schemas */
export const StoreError: Schema.Schema<WbemErrors.StoreError, ErrorJson> = /* @__PURE__ */ unionOf("StoreError")
