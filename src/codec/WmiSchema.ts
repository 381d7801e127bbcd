/**
 * Schemas of objects and requests as JSON: the one definition of the JSON form. The command line reads requests in this
 * form, one a line.
 *
 * ```json
 * {"object": {"kind": "instance", "class": "Demo_Disk", "values": {"Id": "C:", "FreeSpace": "42"}}, "flags": 2}
 * {"object": {"kind": "class", "name": "Demo_Disk", "properties": [{"name": "Id", "type": "string", "qualifiers": [{"name": "key"}]}]}}
 * ```
 *
 * A request takes `mode` and `update` in place of `flags`, or besides them; both with `flags` that contradict are an error. A member that
 * the form does not have is an error with its path, whatever the options of the parser.
 *
 * 64-bit integers are decimal text, datetimes and references are text, embedded objects are `{"class", "values"}`. A
 * value does not carry its type; the class of the put supplies it. So a `bigint` in a string property, which a put in
 * the process refuses, is text in JSON and fits.
 *
 * @since 0.1.0
 * @module
 */
import type { LazyArbitrary } from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as Equal from "effect/Equal"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import * as CimDateTime from "../model/CimDateTime.ts"
import * as Class from "../model/ClassDefinition.ts"
import * as CimType from "../model/CimType.ts"
import * as InstanceModel from "../model/Instance.ts"
import * as MethodModel from "../model/Method.ts"
import * as NamedValueSet from "../model/NamedValueSet.ts"
import * as PropertyModel from "../model/Property.ts"
import * as QualifierModel from "../model/Qualifier.ts"
import {
  type CimValue,
  type ClassDefinition as ClassModel,
  isWbemObject,
  type WbemObject as WbemObjectModel
} from "../model/WbemObject.ts"
import type * as Outcome from "../protocol/PutOutcome.ts"
import * as PutFlags from "../protocol/PutFlags.ts"
import * as Report from "../protocol/PutReport.ts"
import * as Request from "../protocol/PutRequest.ts"
import type * as Event from "../protocol/SinkEvent.ts"
import * as arbitraries from "./arbitraries.ts"
import { arbitraryPath, type ErrorJson, ObjectPath, PutError } from "./errorSchemas.ts"
import { checkedAnnotations, fieldsOf, fromJson, instanceJsonSchema } from "./fields.ts"

export {
  DeleteError,
  type ErrorJson,
  errors,
  type ErrorSchemas,
  GetError,
  ListError,
  ObjectPath,
  PutError,
  StartError,
  StoreError,
  WbemError
} from "./errorSchemas.ts"

/**
 * A value as JSON.
 *
 * @since 0.1.0
 * @category encoded
 */
export type ValueJson = null | boolean | number | string | ReadonlyArray<ValueJson> | EmbeddedJson

/**
 * An embedded instance as JSON.
 *
 * @since 0.1.0
 * @category encoded
 */
export interface EmbeddedJson {
  /** The class of the embedded instance. */
  readonly class: string
  /** Its values by property name. */
  readonly values: { readonly [name: string]: ValueJson }
}

/**
 * A qualifier as JSON; without a value it is TRUE.
 *
 * @since 0.1.0
 * @category encoded
 */
export interface QualifierJson {
  /** The name of the qualifier. */
  readonly name: string
  /** The value; absent for TRUE. */
  readonly value?:
    | boolean
    | number
    | string
    | ReadonlyArray<boolean>
    | ReadonlyArray<number>
    | ReadonlyArray<string>
    | undefined
  /** The type of the value, where JSON cannot show it: `real64` for `1.0`. */
  readonly type?: QualifierModel.QualifierType | undefined
  /** The flavour bits as one number. */
  readonly flavor?: number | undefined
}

/**
 * A property as JSON; the type as `CimType.parse` reads it.
 *
 * @since 0.1.0
 * @category encoded
 */
export interface PropertyJson {
  /** The name of the property. */
  readonly name: string
  /** The type as text, such as `uint32`, `string[]` or `ref:Demo_Disk`. */
  readonly type: string
  /** The default of instances that do not set the property; `null` for NULL. */
  readonly value?: ValueJson | undefined
  /** A redeclaration that keeps the inherited default (CX-5). */
  readonly inheritsDefault?: true | undefined
  /** The qualifiers of the property. */
  readonly qualifiers?: ReadonlyArray<QualifierJson>
}

/**
 * A parameter as JSON.
 *
 * @since 0.1.0
 * @category encoded
 */
export interface ParameterJson {
  /** The name of the parameter. */
  readonly name: string
  /** The type as text, such as `uint32` or `string[]`. */
  readonly type: string
  /** The direction; `in` by default. */
  readonly direction?: "in" | "out" | "inout" | undefined
  /** The position of the parameter in a call, from 0; its position in the list by default. */
  readonly id?: number | undefined
  /** The default (`object-model` 8). */
  readonly value?: ValueJson | undefined
  /** The qualifiers besides `in`, `out` and `id`. */
  readonly qualifiers?: ReadonlyArray<QualifierJson>
}

/**
 * A method as JSON.
 *
 * @since 0.1.0
 * @category encoded
 */
export interface MethodJson {
  /** The name of the method. */
  readonly name: string
  /** The type of the return value as text, or `void`. */
  readonly returns: string
  /** The parameters in their order. */
  readonly parameters?: ReadonlyArray<ParameterJson>
  /** The qualifiers of the method. */
  readonly qualifiers?: ReadonlyArray<QualifierJson>
}

/**
 * A class as JSON.
 *
 * @since 0.1.0
 * @category encoded
 */
export interface ClassJson {
  /** Marks a class. */
  readonly kind: "class"
  /** The name of the class. */
  readonly name: string
  /** The name of the superclass, if there is one. */
  readonly superclass?: string | undefined
  /** The qualifiers of the class itself. */
  readonly qualifiers?: ReadonlyArray<QualifierJson>
  /** The properties that the class declares, without the inherited ones. */
  readonly properties?: ReadonlyArray<PropertyJson>
  /** The methods that the class declares, without the inherited ones. */
  readonly methods?: ReadonlyArray<MethodJson>
}

/**
 * An instance as JSON.
 *
 * @since 0.1.0
 * @category encoded
 */
export interface InstanceJson {
  /** Marks an instance. */
  readonly kind: "instance"
  /** The name of the class of the instance. */
  readonly class: string
  /** The values by property name; `null` is NULL, an absent name is unset. */
  readonly values: { readonly [name: string]: ValueJson }
  /** The qualifiers of the instance itself. */
  readonly qualifiers?: ReadonlyArray<QualifierJson>
}

/**
 * A request as JSON.
 *
 * @since 0.1.0
 * @category encoded
 */
export interface PutRequestJson {
  /** The class or instance to put. */
  readonly object: ClassJson | InstanceJson
  /** The namespace to write to; the default namespace of the call if it is absent (PA-2). */
  readonly namespace?: string | undefined
  /** The flag word, unsigned; 0 by default. */
  readonly flags?: number | undefined
  /** Its bits are added to `flags`. */
  readonly mode?: PutFlags.ChangeMode | undefined
  /** Its bits are added to `flags`. For classes only. */
  readonly update?: PutFlags.UpdateMode | undefined
  /** The named values of the context, in their order. */
  readonly context?: { readonly [name: string]: ValueJson } | undefined
}

/**
 * The deepest nesting of a value that is read. A put refuses embedded objects that are nested more than 64 deep (K-8), with an error that
 * names the rule.
 */
const deepest = 128

/** What is wrong with a value, and where in it. */
interface Fault {
  readonly path: ReadonlyArray<PropertyKey>
  readonly message: string
}

type Check = (u: unknown, depth: number) => Fault | undefined

const fault = (message: string): Fault => ({ path: [], message })
const within = (name: PropertyKey, inner: Fault | undefined): Fault | undefined =>
  inner && { ...inner, path: [name, ...inner.path] }

/**
 * The first fault of a value. A union of schemas would show the whole value once for each of its members at each level, and a value that is
 * nested deep enough would exhaust the stack.
 */
const valueFault: Check = (u, depth) => {
  if (u === null || typeof u === "boolean" || typeof u === "number" || typeof u === "string") return undefined
  if (depth >= deepest) return fault(`a value is nested more than ${deepest} deep`)
  if (Array.isArray(u)) return memberFault(u, depth + 1)
  if (typeof u !== "object") return fault(`a ${typeof u} is no value of JSON`)
  if (!("class" in u) || typeof u.class !== "string" || !("values" in u)) {
    return fault('an embedded object has the members "class", a string, and "values"')
  }
  const more = Object.keys(u).find((name) => name !== "class" && name !== "values")
  return more !== undefined ? within(more, fault("is unexpected")) : within("values", recordFault(u.values, depth + 1))
}

/** The same for the members of an array or a record. */
const memberFault = (u: object, depth: number): Fault | undefined => {
  for (const [name, member] of Object.entries(u)) {
    const found = valueFault(member, depth)
    if (found !== undefined) return within(Array.isArray(u) ? Number(name) : name, found)
  }
  return undefined
}

const recordFault: Check = (u, depth) =>
  typeof u === "object" && u !== null && !Array.isArray(u)
    ? memberFault(u, depth)
    : fault("values are an object with a member for each property")

/** A schema of JSON that is checked by a function, and is the same on both sides. */
const checked = <A>(identifier: string, jsonSchema: object, faultOf: Check): Schema.Schema<A> => {
  const check =
    () => (u: unknown, _: AST.ParseOptions, ast: AST.Declaration): Either.Either<A, ParseResult.ParseIssue> => {
      const found = faultOf(u, 0)
      if (found === undefined) return Either.right(u as A)
      const issue = new ParseResult.Type(ast, undefined, found.message)
      const [first, ...rest] = found.path
      return Either.left(first === undefined ? issue : new ParseResult.Pointer([first, ...rest], undefined, issue))
    }
  return Schema.declare([], { decode: check, encode: check }, { identifier, jsonSchema })
}

const scalars = [{ type: "null" }, { type: "boolean" }, { type: "number" }, { type: "string" }]
const embedded = {
  type: "object",
  required: ["class", "values"],
  properties: { class: { type: "string" }, values: { type: "object" } },
  additionalProperties: false
}

/** A member that a form does not have is an error, whatever the options of the parser. */
const strict: AST.ParseOptions = { onExcessProperty: "error" }

/** Optional members are exact, with a check that accepts `undefined`: a union with `undefined` would show the whole value. */
const optional = <A>(schema: Schema.Schema<A>) => Schema.optionalWith(schema, { exact: true })
const orNothing = (faultOf: Check): Check => (u, depth) => u === undefined ? undefined : faultOf(u, depth)

const valueSchema = { anyOf: [...scalars, { type: "array", items: { anyOf: [...scalars, embedded] } }, embedded] }
const value = optional(checked<ValueJson | undefined>("Value", valueSchema, orNothing(valueFault)))

type ValuesJson = { readonly [name: string]: ValueJson }
const values = checked<ValuesJson>("Values", { type: "object" }, recordFault)
const context = optional(checked<ValuesJson | undefined>("Values", { type: "object" }, orNothing(recordFault)))

/** A list that may be left out. It is exact too, so that the fault of an element is the only issue. */
const list = <A>(element: Schema.Schema<A>) => optional(Schema.Array(element))

/** The schema of a qualifier in JSON. */
const QualifierJson: Schema.Schema<QualifierJson> = Schema.Struct({
  name: Schema.String,
  value: Schema.optional(Schema.Union(
    Schema.Boolean,
    Schema.Number,
    Schema.String,
    Schema.Array(Schema.Boolean),
    Schema.Array(Schema.Number),
    Schema.Array(Schema.String)
  )),
  type: Schema.optional(Schema.Literal("boolean", "sint32", "real64", "string")),
  flavor: Schema.optional(Schema.Int)
}).annotations({ identifier: "Qualifier", parseOptions: strict })

const qualifiers = list(QualifierJson)

/** The schema of a parameter in JSON. */
const ParameterJson: Schema.Schema<ParameterJson> = Schema.Struct({
  name: Schema.String,
  type: Schema.String,
  direction: Schema.optional(Schema.Literal("in", "out", "inout")),
  id: Schema.optional(Schema.Int),
  value,
  qualifiers
}).annotations({ identifier: "Parameter", parseOptions: strict })

/** The schema of a class in JSON. */
const ClassJson: Schema.Schema<ClassJson> = Schema.Struct({
  kind: Schema.Literal("class"),
  name: Schema.String,
  superclass: Schema.optional(Schema.String),
  qualifiers,
  properties: list(
    Schema.Struct({
      name: Schema.String,
      type: Schema.String,
      value,
      inheritsDefault: Schema.optional(Schema.Literal(true)),
      qualifiers
    })
  ),
  methods: list(
    Schema.Struct({
      name: Schema.String,
      returns: Schema.String,
      parameters: list(ParameterJson),
      qualifiers
    })
  )
}).annotations({ identifier: "Class", parseOptions: strict })

/** The schema of an instance in JSON. */
const InstanceJson: Schema.Schema<InstanceJson> = Schema.Struct({
  kind: Schema.Literal("instance"),
  class: Schema.String,
  values,
  qualifiers
}).annotations({ identifier: "Instance", parseOptions: strict })

/** The schema of a request in JSON, before its parts are read. */
const PutRequestJson: Schema.Schema<PutRequestJson> = Schema.Struct({
  object: Schema.Union(ClassJson, InstanceJson),
  namespace: Schema.optional(Schema.String),
  flags: Schema.optional(Schema.Number),
  mode: Schema.optional(Schema.Literal("CreateOrUpdate", "UpdateOnly", "CreateOnly")),
  update: Schema.optional(Schema.Literal("Compatible", "Safe", "Force")),
  context
}).annotations({ identifier: "PutRequest", parseOptions: strict })

const modeBits = PutFlags.UpdateOnly | PutFlags.CreateOnly
const updateBits = PutFlags.UpdateSafe | PutFlags.UpdateForce

/** The issue of a request whose `mode` or `update` is another than that of its `flags`. */
const contradiction = (
  { flags = 0, mode, update }: PutRequestJson,
  ast: AST.AST
): ParseResult.ParseIssue | undefined => {
  const issue = (name: "mode" | "update", given: string, word: number, mask: number) =>
    (flags & mask) === 0 || (flags & mask) === word ? undefined : new ParseResult.Pointer(
      name,
      given,
      new ParseResult.Type(
        ast,
        given,
        `${name} ${given} and flags ${flags} (${PutFlags.names(flags & mask).join(", ")}) contradict each other`
      )
    )
  return (mode && issue("mode", mode, PutFlags.encode({ mode }), modeBits))
    ?? (update && issue("update", update, PutFlags.encode({ update }), updateBits))
}

const valueOf = (json: ValueJson): CimValue => {
  if (Array.isArray(json)) return json.map(valueOf) as CimValue
  if (typeof json !== "object" || json === null) return json as CimValue
  const embedded = json as EmbeddedJson
  return InstanceModel.make(embedded.class, valuesOf(embedded.values))
}

const valuesOf = (json: { readonly [name: string]: ValueJson }): Readonly<Record<string, CimValue>> =>
  Object.fromEntries(Object.entries(json).map(([name, value]) => [name, valueOf(value)]))

const qualifiersOf = (json: ReadonlyArray<QualifierJson> | undefined): ReadonlyArray<QualifierModel.Qualifier> =>
  (json ?? []).map(({ flavor, name, type, value }) => QualifierModel.make(name, value ?? true, { flavor, type }))

const classOf = (json: ClassJson): ClassModel =>
  Class.make(
    json.name,
    (json.properties ?? []).map(({ inheritsDefault, name, qualifiers, type, value }) =>
      PropertyModel.named(
        name,
        PropertyModel.make(type, {
          qualifiers: qualifiersOf(qualifiers),
          inheritsDefault,
          ...(value === undefined ? {} : { value: valueOf(value) })
        })
      )
    ),
    {
      superclass: json.superclass,
      qualifiers: qualifiersOf(json.qualifiers),
      methods: (json.methods ?? []).map(({ name, parameters, qualifiers, returns }) =>
        MethodModel.named(
          name,
          MethodModel.make(
            returns,
            (parameters ?? []).map(({ value, ...parameter }) => ({
              ...parameter,
              ...(value === undefined ? {} : { value: valueOf(value) }),
              qualifiers: qualifiersOf(parameter.qualifiers)
            })),
            { qualifiers: qualifiersOf(qualifiers) }
          )
        )
      )
    }
  )

const instanceOf = (json: InstanceJson): InstanceModel.Instance =>
  InstanceModel.make(json.class, valuesOf(json.values), { qualifiers: qualifiersOf(json.qualifiers) })

const objectOf = (json: ClassJson | InstanceJson): WbemObjectModel =>
  json.kind === "class" ? classOf(json) : instanceOf(json)

/** Thrown for a value without a JSON form: a class as an embedded value. */
class Unencodable {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

const jsonValue = (value: CimValue): ValueJson => {
  if (typeof value === "bigint") return String(value)
  if (Array.isArray(value)) return value.map((element: CimValue) => jsonValue(element))
  if (typeof value !== "object" || value === null) return value as ValueJson
  const object = value as WbemObjectModel
  if (object._tag === "Class") throw new Unencodable(`an embedded class (${object.name}) has no JSON form`)
  return { class: object.className, values: jsonValues(object.values) }
}

const jsonValues = (record: Readonly<Record<string, CimValue>>): { readonly [name: string]: ValueJson } =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, jsonValue(value)]))

const jsonQualifiers = (
  list: ReadonlyArray<QualifierModel.Qualifier>
): { readonly qualifiers?: ReadonlyArray<QualifierJson> } =>
  list.length === 0 ? {} : { qualifiers: list.map(({ flavor, name, type, value }) => ({ name, value, type, flavor })) }

const jsonClass = (definition: ClassModel): ClassJson => ({
  kind: "class",
  name: definition.name,
  ...(definition.superclass === undefined ? {} : { superclass: definition.superclass }),
  ...jsonQualifiers(definition.qualifiers),
  properties: definition.properties.map((property) => ({
    name: property.name,
    type: CimType.format(property),
    ...(property.value === undefined ? {} : { value: jsonValue(property.value) }),
    ...(property.inheritsDefault === true ? { inheritsDefault: true } : {}),
    ...jsonQualifiers(property.qualifiers)
  })),
  methods: definition.methods.map((method) => ({
    name: method.name,
    returns: method.returnsWord ?? method.returns,
    parameters: method.parameters.map((parameter) => ({
      name: parameter.name,
      type: CimType.format(parameter),
      direction: parameter.direction,
      ...(parameter.id === undefined ? {} : { id: parameter.id }),
      ...(parameter.value === undefined ? {} : { value: jsonValue(parameter.value) }),
      ...jsonQualifiers(parameter.qualifiers)
    })),
    ...jsonQualifiers(method.qualifiers)
  }))
})

const jsonInstance = (instance: InstanceModel.Instance): InstanceJson => ({
  kind: "instance",
  class: instance.className,
  values: jsonValues(instance.values),
  ...jsonQualifiers(instance.qualifiers)
})

/** Encodes a value; one without a JSON form is an issue. */
const encoding = <A, I>(encode: (value: A) => I) =>
(
  value: A,
  _: AST.ParseOptions,
  ast: AST.AST
): Either.Either<I, ParseResult.ParseIssue> => {
  try {
    return Either.right(encode(value))
  } catch (problem) {
    if (!(problem instanceof Unencodable)) throw problem
    return Either.left(new ParseResult.Type(ast, value, problem.message))
  }
}

const jsonObject = (object: WbemObjectModel): ClassJson | InstanceJson =>
  object._tag === "Class" ? jsonClass(object) : jsonInstance(object)

/** The annotations of a value that has a JSON form. It prints as `Name({…})`. */
const jsonAnnotations = <A>(
  name: string,
  encode: (value: A) => unknown,
  arbitrary: LazyArbitrary<A>
): Schema.Annotations.Schema<A> => {
  const print = (value: A): string => {
    try {
      return `${name}(${JSON.stringify(encode(value))})`
    } catch (problem) {
      if (!(problem instanceof Unencodable)) throw problem
      return `${name}(${problem.message})`
    }
  }
  return {
    arbitrary: () => arbitrary,
    pretty: () => print,
    equivalence: () => Equal.equals
  }
}

const ClassFromSelf: Schema.Schema<ClassModel> = Schema.declare(
  (u): u is ClassModel => isWbemObject(u) && u._tag === "Class"
).annotations({
  identifier: "ClassDefinitionFromSelf",
  ...jsonAnnotations("ClassDefinition", jsonClass, arbitraries.classDefinition)
})

const InstanceFromSelf: Schema.Schema<InstanceModel.Instance> = Schema.declare(
  (u): u is InstanceModel.Instance => isWbemObject(u) && u._tag === "Instance"
).annotations({ identifier: "InstanceFromSelf", ...jsonAnnotations("Instance", jsonInstance, arbitraries.instance) })

/**
 * A class and its JSON form.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ClassDefinition: Schema.Schema<ClassModel, ClassJson> = Schema.transformOrFail(
  ClassJson,
  ClassFromSelf,
  { strict: true, decode: (json) => ParseResult.succeed(classOf(json)), encode: encoding(jsonClass) }
)

/**
 * An instance of any class and its JSON form. `Instance` and `InstanceFromJson` are for the instances of one class.
 *
 * @since 0.1.0
 * @category schemas
 */
export const AnyInstance: Schema.Schema<InstanceModel.Instance, InstanceJson> = Schema.transformOrFail(
  InstanceJson,
  InstanceFromSelf,
  { strict: true, decode: (json) => ParseResult.succeed(instanceOf(json)), encode: encoding(jsonInstance) }
)

/**
 * A class or an instance and its JSON form: the answers of `Wmi.get`, for example of an HTTP endpoint.
 *
 * @example
 * ```ts
 * import { Schema } from "effect"
 * import { ClassDefinition, Property } from "effect-wmi"
 * import * as WmiSchema from "effect-wmi/WmiSchema"
 * import * as assert from "node:assert/strict"
 *
 * const json = Schema.encodeSync(WmiSchema.WbemObject)(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") }))
 * assert.equal(json.kind, "class")
 * ```
 *
 * @since 0.1.0
 * @category schemas
 */
export const WbemObject: Schema.Schema<WbemObjectModel, ClassJson | InstanceJson> = Schema.Union(
  ClassDefinition,
  AnyInstance
).annotations({
  identifier: "WbemObject",
  ...jsonAnnotations(
    "WbemObject",
    jsonObject,
    (fc) => fc.oneof(arbitraries.classDefinition(fc), arbitraries.instance(fc))
  )
})

const jsonRequest = (request: Request.PutRequest): PutRequestJson => ({
  object: jsonObject(request.object),
  flags: request.flags,
  ...(request.namespace === undefined ? {} : { namespace: request.namespace }),
  ...(request.context === undefined ? {} : {
    context: Object.fromEntries(
      NamedValueSet.make(request.context).entries.map(([name, value]) => [name, jsonValue(value)])
    )
  })
})

const RequestFromSelf: Schema.Schema<Request.PutRequest> = Schema.declare(
  (u): u is Request.PutRequest => typeof u === "object" && u !== null && "object" in u && "flags" in u
).annotations({ identifier: "PutRequestFromSelf", ...jsonAnnotations("PutRequest", jsonRequest, arbitraries.request) })

/**
 * A request and its JSON form. `asyncContext` is left out, because it belongs to one process.
 *
 * @example
 * ```ts
 * import { Schema } from "effect"
 * import { Instance, PutRequest } from "effect-wmi"
 * import * as WmiSchema from "effect-wmi/WmiSchema"
 * import * as assert from "node:assert/strict"
 *
 * const request = PutRequest.make(Instance.make("Demo_Disk", { Id: "C:", FreeSpace: 42n }), { flags: 2 })
 * const json = Schema.encodeSync(WmiSchema.PutRequest)(request)
 * assert.deepEqual(json.object, { kind: "instance", class: "Demo_Disk", values: { Id: "C:", FreeSpace: "42" } })
 * assert.equal(Schema.decodeSync(WmiSchema.PutRequest)(json).flags, 2)
 * ```
 *
 * @since 0.1.0
 * @category schemas
 */
export const PutRequest: Schema.Schema<Request.PutRequest, PutRequestJson> = Schema.transformOrFail(
  PutRequestJson,
  RequestFromSelf,
  {
    strict: true,
    decode: (json, _, ast) => {
      const { context, flags, mode, namespace, object, update } = json
      const issue = contradiction(json, ast)
      return issue === undefined
        ? Either.right(Request.make(objectOf(object), {
          namespace,
          flags,
          ...(mode === undefined ? {} : { mode }),
          ...(update === undefined ? {} : { update }),
          ...(context === undefined ? {} : { context: valuesOf(context) })
        }))
        : Either.left(issue)
    },
    encode: encoding(jsonRequest)
  }
)

/**
 * Instances of a class as values of an application type. It decodes the results of `Wmi.get` and `Wmi.instancesOf` and
 * encodes the instance of a put. Field names are the property names in the spelling of the class. NULL is `null`; a
 * field that is `undefined` stays unset. Instances of subclasses decode too.
 *
 * A name that no class or property can have, two fields that are one property, and an annotation that makes no sense throw an error when
 * the schema is built.
 *
 * @example
 * ```ts
 * import { Schema } from "effect"
 * import * as WmiSchema from "effect-wmi/WmiSchema"
 * import * as assert from "node:assert/strict"
 *
 * const Disk = WmiSchema.Instance(
 *   "Demo_Disk",
 *   Schema.Struct({ Id: Schema.String, FreeSpace: Schema.NullOr(Schema.BigIntFromSelf), Seen: WmiSchema.DateTime })
 * )
 * const instance = Schema.encodeSync(Disk)({ Id: "C:", FreeSpace: 42n, Seen: new Date(0) })
 * assert.equal(instance.values["Seen"], "19700101000000.000000+000")
 * assert.equal(Schema.decodeSync(Disk)(instance).FreeSpace, 42n)
 * ```
 *
 * @since 0.1.0
 * @category schemas
 */
export const Instance = <A, I extends Readonly<Record<string, InstanceModel.Input>>, R>(
  className: string,
  fields: Schema.Schema<A, I, R>,
  annotations: Schema.Annotations.Schema<A> = {}
): Schema.Schema<A, InstanceModel.Instance, R> => {
  const jsonSchema = instanceJsonSchema(className, fieldsOf(className, fields))
  return Schema.transform(InstanceFromSelf.annotations({ identifier: className, jsonSchema }), fields, {
    strict: true,
    decode: ({ values }) => values as I, // the fields decode each value
    encode: (values) => InstanceModel.make(className, values)
  }).annotations(checkedAnnotations(className, fields, annotations))
}

/**
 * The same values as JSON: the payload or the answer of an HTTP endpoint, with its JSON schema. 64-bit integers are decimal text there.
 *
 * @example
 * ```ts
 * import { JSONSchema, Schema } from "effect"
 * import * as WmiSchema from "effect-wmi/WmiSchema"
 * import * as assert from "node:assert/strict"
 *
 * const Disk = WmiSchema.InstanceFromJson(
 *   "Demo_Disk",
 *   Schema.Struct({ Id: Schema.String, FreeSpace: Schema.NullOr(Schema.BigIntFromSelf) })
 * )
 * const json = { kind: "instance", class: "Demo_Disk", values: { Id: "C:", FreeSpace: "42" } } as const
 * assert.deepEqual(Schema.decodeSync(Disk)(json), { Id: "C:", FreeSpace: 42n })
 * assert.deepEqual(Schema.encodeSync(Disk)({ Id: "C:", FreeSpace: 42n }), json)
 * assert.match(JSON.stringify(JSONSchema.make(Disk)), /"required":\["Id","FreeSpace"\]/)
 * ```
 *
 * @since 0.1.0
 * @category schemas
 */
export const InstanceFromJson = <A, I extends Readonly<Record<string, InstanceModel.Input>>, R>(
  className: string,
  fields: Schema.Schema<A, I, R>,
  annotations: Schema.Annotations.Schema<A> = {}
): Schema.Schema<A, InstanceJson, R> => {
  const signatures = fieldsOf(className, fields)
  const types = new Map(signatures.map(({ name, type }) => [name, type]))
  const json = InstanceJson.annotations({
    identifier: className,
    jsonSchema: instanceJsonSchema(className, signatures)
  })
  return Schema.transformOrFail(json, Instance(className, fields, annotations), {
    strict: true,
    decode: (given) => {
      const { className: name, qualifiers, values } = instanceOf(given)
      const typed = Object.entries(values).map(([field, value]) => {
        const type = types.get(field)
        return [field, type === undefined ? value : fromJson(type, value) as CimValue]
      })
      return ParseResult.succeed(InstanceModel.make(name, Object.fromEntries(typed), { qualifiers }))
    },
    encode: encoding(jsonInstance)
  })
}

const TimestampText = Schema.String.annotations({
  jsonSchema: {
    type: "string",
    description: "a CIM timestamp",
    examples: ["20240229120000.000000+000"],
    pattern: "^.{14}\\..{6}[+-].{3}$"
  }
})

const TimestampDate = Schema.ValidDateFromSelf.annotations({
  arbitrary: () => arbitraries.date,
  pretty: () => (date) => `new Date(${JSON.stringify(date)})`
})

/**
 * A timestamp as a `Date`, to the millisecond, and its text, such as `20240229120000.000000+000`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DateTime: Schema.Schema<Date, string> = Schema.transformOrFail(TimestampText, TimestampDate, {
  strict: true,
  decode: (text, _, ast) =>
    Option.match(CimDateTime.toDate(text), {
      onNone: () => ParseResult.fail(new ParseResult.Type(ast, text, "no timestamp")),
      onSome: ParseResult.succeed
    }),
  encode: (date, _, ast) =>
    Option.match(CimDateTime.fromDate(date), {
      onNone: () => ParseResult.fail(new ParseResult.Type(ast, date, "only the years 0 to 9999 can be written")),
      onSome: ParseResult.succeed
    })
})

const uint32 = /* @__PURE__ */ Schema.Int.pipe(Schema.between(0, 0xffffffff))
const uint16 = /* @__PURE__ */ Schema.Int.pipe(Schema.between(0, 0xffff))
const count = /* @__PURE__ */ Schema.NonNegativeInt

/**
 * The report of a put as JSON.
 *
 * @since 0.1.0
 * @category encoded
 */
export interface PutReportJson {
  /** The path of the object that was put. */
  readonly path: string
  /** The effect of the put on the stored object. */
  readonly disposition: Report.Disposition
  /** 0, or a provider's own success code (PA-22). Unsigned. */
  readonly hresult: number
  /** The number of stored objects that the put deleted; absent when the host does not report it. */
  readonly deleted?: number
  /** The paths of the deleted objects; absent when none was deleted. */
  readonly removed?: ReadonlyArray<string> | undefined
}

const reportParts = /* @__PURE__ */ Schema.Struct({
  path: ObjectPath,
  disposition: Schema.Literal("Created", "Updated", "Unchanged", "Stored"),
  hresult: uint32,
  deleted: Schema.optionalToRequired(count, Schema.UndefinedOr(count), {
    decode: Option.getOrUndefined,
    encode: Option.fromNullable
  }),
  removed: Schema.optional(Schema.Array(ObjectPath))
})

const arbitraryReport: LazyArbitrary<Report.PutReport> = (fc) =>
  fc.record({
    path: arbitraryPath(fc),
    disposition: fc.constantFrom<Report.Disposition>("Created", "Updated", "Unchanged", "Stored"),
    hresult: fc.nat(),
    removed: fc.option(fc.array(arbitraryPath(fc), { minLength: 1, maxLength: 3 }), { nil: undefined })
  }).map(reportOf)

const reportOf = (
  { disposition, path, ...options }: Omit<typeof reportParts.Type, "deleted"> & {
    readonly deleted?: number | undefined
  }
): Report.PutReport => Report.make(path, disposition, options)

/**
 * The report of a put.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Schema } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 * import * as WmiSchema from "effect-wmi/WmiSchema"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const report = await Effect.runPromise(Effect.provide(PutAsync.put(PutRequest.make(Disk)), Wmi.layerMemory))
 * const json = Schema.encodeSync(WmiSchema.PutReport)(report)
 * assert.deepEqual(json, { path: "\\\\.\\root\\cimv2:Demo_Disk", disposition: "Created", hresult: 0, deleted: 0 })
 * ```
 *
 * @since 0.1.0
 * @category schemas
 */
export const PutReport: Schema.Schema<Report.PutReport, PutReportJson> = /* @__PURE__ */ Schema.transform(
  reportParts,
  /* @__PURE__ */ Schema.declare(Report.isPutReport, {
    identifier: "PutReportFromSelf",
    [AST.SurrogateAnnotationId]: /* @__PURE__ */ Schema.typeSchema(reportParts).ast,
    arbitrary: () => arbitraryReport,
    pretty: () => String,
    equivalence: () => Equal.equals
  }),
  { strict: true, decode: reportOf, encode: (report) => report }
).annotations({ identifier: "PutReport" })

/**
 * The outcome of one put of many as JSON.
 *
 * @since 0.1.0
 * @category encoded
 */
export type PutOutcomeJson =
  | { readonly _tag: "Committed"; readonly request: PutRequestJson; readonly report: PutReportJson }
  | { readonly _tag: "Rejected"; readonly request: PutRequestJson; readonly error: ErrorJson }
  | { readonly _tag: "NotStarted"; readonly request: PutRequestJson; readonly error: ErrorJson }
  | { readonly _tag: "Unknown"; readonly request: PutRequestJson; readonly error: ErrorJson }

/**
 * The outcome of one put of many, for the lines of a bulk answer.
 *
 * @since 0.1.0
 * @category schemas
 */
export const PutOutcome: Schema.Schema<Outcome.PutOutcome, PutOutcomeJson> = /* @__PURE__ */ Schema.Union(
  Schema.TaggedStruct("Committed", { request: PutRequest, report: PutReport }),
  Schema.TaggedStruct("Rejected", { request: PutRequest, error: PutError }),
  Schema.TaggedStruct("NotStarted", { request: PutRequest, error: PutError }),
  Schema.TaggedStruct("Unknown", { request: PutRequest, error: PutError })
).annotations({ identifier: "PutOutcome" })

/**
 * The counts over outcomes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const PutTally: Schema.Schema<Outcome.Tally> = /* @__PURE__ */ Schema.Struct({
  total: count,
  created: count,
  updated: count,
  unchanged: count,
  stored: count,
  removed: count,
  rejected: count,
  notStarted: count,
  unknown: count
}).annotations({ identifier: "PutTally" })

/** `asyncContext` belongs to one process: it is left out, and decodes as `null`. */
const asyncContext = /* @__PURE__ */ Schema.optionalToRequired(
  Schema.Null,
  Schema.declare((u): u is object | null => typeof u === "object", {
    identifier: "AsyncContext",
    arbitrary: () => (fc) => fc.constant(null),
    pretty: () => String,
    equivalence: () => (a, b) => a === b,
    jsonSchema: { type: "null" }
  }),
  { decode: () => null, encode: () => Option.none() }
)

/**
 * An event of a call as JSON.
 *
 * @since 0.1.0
 * @category encoded
 */
export type SinkEventJson =
  | { readonly _tag: "ObjectPut"; readonly path: string; readonly asyncContext?: null }
  | {
    readonly _tag: "Progress"
    readonly upperBound: number
    readonly current: number
    readonly message: string
    readonly asyncContext?: null
  }
  | {
    readonly _tag: "Completed"
    readonly hresult: number
    readonly error: ErrorJson | null
    readonly errorObject: InstanceJson | null
    readonly asyncContext?: null
  }

/**
 * An event of a call. `asyncContext` is left out, because it belongs to one process.
 *
 * @since 0.1.0
 * @category schemas
 */
export const SinkEvent: Schema.Schema<Event.SinkEvent, SinkEventJson> = /* @__PURE__ */ Schema.Union(
  Schema.TaggedStruct("ObjectPut", { path: ObjectPath, asyncContext }),
  Schema.TaggedStruct("Progress", {
    upperBound: uint16,
    current: uint16,
    message: Schema.String,
    asyncContext
  }),
  Schema.TaggedStruct("Completed", {
    hresult: uint32,
    error: Schema.NullOr(PutError),
    errorObject: Schema.NullOr(AnyInstance),
    asyncContext
  })
).annotations({ identifier: "SinkEvent" })
