/**
 * The properties of a typed class: a field for each CIM type, and the functions that change a field.
 *
 * @internal
 */
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import { dual } from "effect/Function"
import { type Pipeable, pipeArguments } from "effect/Pipeable"
import * as Schema from "effect/Schema"
import * as WmiSchema from "../codec/WmiSchema.ts"
import type { CimType } from "../model/CimType.ts"
import type * as Instance from "../model/Instance.ts"
import type { ObjectPath } from "../model/ObjectPath.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { CimValue, WbemObject } from "../model/WbemObject.ts"
import * as schemas from "./valueSchemas.ts"

/**
 * The type id of a field.
 *
 * @since 0.1.0
 * @category symbols
 */
export const FieldTypeId: unique symbol = /* @__PURE__ */ Symbol.for("effect-wmi/WmiClass/Field")

/**
 * Whether a property is a key, is marked not_null, or may be NULL.
 *
 * @since 0.1.0
 * @category models
 */
export type Role = "Key" | "NotNull" | "Nullable"

/**
 * A value of the JSON form of an instance.
 *
 * @since 0.1.0
 * @category encoded
 */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | JsonObject

/**
 * The JSON form of an instance: its values by property name.
 *
 * @since 0.1.0
 * @category encoded
 */
export interface JsonObject {
  /** A value by the name of its property. */
  readonly [name: string]: Json
}

/**
 * The parts of a field that the class definition and the codec are made of.
 *
 * @since 0.1.0
 * @category models
 */
export interface Spec {
  /** The CIM type of the values. */
  readonly type: CimType
  /** Whether the values are arrays. */
  readonly isArray: boolean
  /** The class of a reference or of an embedded object; `undefined` when every class is accepted. */
  readonly className: string | undefined
  /** Whether the property is a key, may be NULL, or may not. */
  readonly role: Role
  /** The values without NULL; the encoded side is the form of `CimValue`. */
  readonly value: Schema.Schema<unknown, CimValue>
  /** The same values as JSON. */
  readonly json: Schema.Schema<unknown, Json>
  /** The default of an instance that does not set the property; `undefined` without one. */
  readonly fallback: { readonly value: unknown } | undefined
  /** The qualifiers besides those that the type and the role need. */
  readonly qualifiers: ReadonlyArray<Qualifier.Qualifier>
}

/**
 * A property of a typed class. `Type` is the type of its values, with `null` if it may be NULL. `Filled` tells whether it has a default.
 *
 * @since 0.1.0
 * @category models
 */
export interface Field<out Type, out R extends Role = Role, out Filled extends boolean = boolean> extends Pipeable {
  /** Marks fields. */
  readonly [FieldTypeId]: typeof FieldTypeId
  /** The parts that the class definition and the codec are made of. */
  readonly spec: Spec
  /** The type of the values. It has no value at run time. */
  readonly Type: Type
  /** The role. It has no value at run time. */
  readonly Role: R
  /** Whether there is a default. It has no value at run time. */
  readonly Filled: Filled
}

/**
 * The properties of a class by name.
 *
 * @since 0.1.0
 * @category models
 */
export type Fields = Readonly<Record<string, Field<unknown>>>

/**
 * A field of any kind whose values have the type `A`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Nullable<out A> extends Field<A | null, "Nullable", false> {}

const prototype = {
  [FieldTypeId]: FieldTypeId,
  pipe() {
    return pipeArguments(this, arguments)
  }
}

/** A field of any type, because a field is covariant and its types have no value at run time. */
const make = (spec: Spec): Field<never, never, never> =>
  Object.freeze(Object.assign(Object.create(prototype), { spec: Object.freeze(spec) }))

const encodable = <A, I>(value: Schema.Schema<A, I>): Spec["value"] => value as unknown as Spec["value"]
const asJson = <A, I>(json: Schema.Schema<A, I>): Spec["json"] => json as unknown as Spec["json"]

/** A field. Values that are no `bigint` and no object are JSON as they are. */
const simple = <A, I, J = I>(
  type: CimType,
  value: Schema.Schema<A, I>,
  className?: string,
  json?: Schema.Schema<A, J>
): Nullable<A> =>
  make({
    type,
    isArray: false,
    className,
    role: "Nullable",
    value: encodable(value),
    json: json === undefined ? asJson(value) : asJson(json),
    fallback: undefined,
    qualifiers: Qualifier.none
  })

const integer = (type: CimType): Nullable<number> => simple(type, schemas.integer(type))
const wideInteger = (type: CimType): Nullable<bigint> => {
  const value = schemas.wideInteger(type)
  return simple(type, value, undefined, schemas.decimalOf(value))
}

/** Integers from -128 to 127. @since 0.1.0 @category fields */
export const sint8: Nullable<number> = /* @__PURE__ */ integer("sint8")
/** Integers from 0 to 255. @since 0.1.0 @category fields */
export const uint8: Nullable<number> = /* @__PURE__ */ integer("uint8")
/** Integers from -32768 to 32767. @since 0.1.0 @category fields */
export const sint16: Nullable<number> = /* @__PURE__ */ integer("sint16")
/** Integers from 0 to 65535. @since 0.1.0 @category fields */
export const uint16: Nullable<number> = /* @__PURE__ */ integer("uint16")
/** Integers from -2147483648 to 2147483647. @since 0.1.0 @category fields */
export const sint32: Nullable<number> = /* @__PURE__ */ integer("sint32")
/** Integers from 0 to 4294967295. @since 0.1.0 @category fields */
export const uint32: Nullable<number> = /* @__PURE__ */ integer("uint32")
/** Signed 64-bit integers, as `bigint`. @since 0.1.0 @category fields */
export const sint64: Nullable<bigint> = /* @__PURE__ */ wideInteger("sint64")
/** Unsigned 64-bit integers, as `bigint`. @since 0.1.0 @category fields */
export const uint64: Nullable<bigint> = /* @__PURE__ */ wideInteger("uint64")
/** Finite numbers that a put rounds to 32 bits. @since 0.1.0 @category fields */
export const real32: Nullable<number> = /* @__PURE__ */ simple("real32", schemas.real32)
/** Finite numbers. @since 0.1.0 @category fields */
export const real64: Nullable<number> = /* @__PURE__ */ simple("real64", schemas.real64)
/** Booleans. @since 0.1.0 @category fields */
export const boolean: Nullable<boolean> = /* @__PURE__ */ simple("boolean", Schema.Boolean)
/** Text without U+0000. @since 0.1.0 @category fields */
export const string: Nullable<string> = /* @__PURE__ */ simple("string", schemas.string)
/** The number of a UTF-16 code unit. @since 0.1.0 @category fields */
export const char16: Nullable<number> = /* @__PURE__ */ integer("char16")

/**
 * Timestamps as `DateTime.Utc`, to the millisecond. Microseconds and the offset of a stored timestamp are lost; an interval or a
 * timestamp with stars does not decode. {@link datetimeText} keeps every text.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { DateTime, Schema } from "effect"
 * import * as WmiClass from "effect-wmi/WmiClass"
 *
 * class Job extends WmiClass.Class<Job>()("Demo_Job", { Start: WmiClass.key(WmiClass.datetime) }) {}
 *
 * const job = new Job({ Start: DateTime.unsafeMake("2024-02-29T12:00:00Z") })
 * assert.equal(Schema.encodeSync(Job.instance)(job).values["Start"], "20240229120000.000000+000")
 * ```
 *
 * @since 0.1.0
 * @category fields
 */
export const datetime: Nullable<DateTime.Utc> = /* @__PURE__ */ simple("datetime", schemas.datetime)

/**
 * Timestamps and intervals as text, such as `20240229120000.000000+000`.
 *
 * @since 0.1.0
 * @category fields
 */
export const datetimeText: Nullable<string> = /* @__PURE__ */ simple("datetime", schemas.datetimeText)

/**
 * Intervals as `Duration`, to the millisecond. The property gets the qualifier `SUBTYPE("interval")`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Duration, Schema } from "effect"
 * import * as WmiClass from "effect-wmi/WmiClass"
 *
 * class Job extends WmiClass.Class<Job>()("Demo_Job", { Every: WmiClass.key(WmiClass.interval) }) {}
 *
 * const job = new Job({ Every: Duration.hours(25) })
 * assert.equal(Schema.encodeSync(Job.instance)(job).values["Every"], "00000001010000.000000:000")
 * ```
 *
 * @since 0.1.0
 * @category fields
 */
export const interval: Nullable<Duration.Duration> = /* @__PURE__ */ make({
  .../* @__PURE__ */ simple("datetime", schemas.interval).spec,
  qualifiers: /* @__PURE__ */ Qualifier.list({ SUBTYPE: "interval" })
})

/**
 * The name of the type-level member of a {@link Path}.
 *
 * @since 0.1.0
 * @category symbols
 */
export const PathOf: unique symbol = /* @__PURE__ */ Symbol.for("effect-wmi/WmiClass/PathOf")

/**
 * A path of an instance. `Names` are the names of its class and of the typed classes above it: a path of a subclass is accepted where a
 * path of the class is. An `ObjectPath` of unknown class, such as the path of a report, is accepted everywhere.
 *
 * @since 0.1.0
 * @category models
 */
export interface Path<Names extends string = string> extends ObjectPath {
  /** The names of the classes. It has no value at run time. */
  readonly [PathOf]?: { readonly [Name in Names]: true }
}

/**
 * References to instances of a class, as {@link Path}s. The class is given by its name, so classes may refer to each other.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ObjectPath } from "effect-wmi"
 * import * as WmiClass from "effect-wmi/WmiClass"
 *
 * class Host extends WmiClass.Class<Host>()("Demo_Host", { Name: WmiClass.key(WmiClass.string) }) {}
 * class Disk extends WmiClass.Class<Disk>()("Demo_Disk", {
 *   Id: WmiClass.key(WmiClass.string),
 *   Host: WmiClass.reference("Demo_Host")
 * }) {}
 *
 * const disk = new Disk({ Id: "C:", Host: Host.path({ Name: "h1" }) })
 * assert.equal(ObjectPath.format(disk.Host!), 'Demo_Host.Name="h1"')
 * ```
 *
 * @since 0.1.0
 * @category fields
 */
export const reference = <const Name extends string>(
  to: Name | { readonly className: Name }
): Nullable<Path<Name>> => {
  const name = typeof to === "string" ? to : to.className
  return simple("reference", schemas.reference(name) as Schema.Schema<Path<Name>, string>, name)
}

/**
 * References to instances of any class.
 *
 * @since 0.1.0
 * @category fields
 */
export const anyReference: Nullable<ObjectPath> = /* @__PURE__ */ simple(
  "reference",
  /* @__PURE__ */ schemas.reference("__NAMESPACE")
)

/**
 * A typed class of which only the name and the codecs are used. It is the return type of the function that {@link embedded} takes.
 *
 * @since 0.1.0
 * @category models
 */
export interface Of<A> {
  /** The name of the CIM class. */
  readonly className: string
  /** The codec of instances. */
  readonly instance: Schema.Schema<A, Instance.Instance>
  /** The codec of instances as JSON objects. */
  readonly json: Schema.Schema<A, JsonObject>
}

/**
 * Embedded instances of a typed class. A class that is declared later in its file, or the class itself, is given by its name and a
 * function with a written return type: `embedded("Corp_Host", (): WmiClass.Of<Host> => Host)`. An instance of a subclass is read as an
 * instance of the class.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as WmiClass from "effect-wmi/WmiClass"
 *
 * class Node extends WmiClass.Class<Node>()("Demo_Node", {
 *   Name: WmiClass.key(WmiClass.string),
 *   Next: WmiClass.embedded("Demo_Node", (): WmiClass.Of<Node> => Node)
 * }) {}
 *
 * assert.equal(new Node({ Name: "a", Next: new Node({ Name: "b" }) }).Next?.Name, "b")
 * ```
 *
 * @since 0.1.0
 * @category fields
 */
export const embedded: {
  <A>(of: Of<A>): Nullable<A>
  <A>(name: string, of: () => Of<A>): Nullable<A>
} = <A>(of: Of<A> | string, later?: () => Of<A>): Nullable<A> =>
  typeof of === "string"
    ? simple("object", Schema.suspend(() => later!().instance), of, Schema.suspend(() => later!().json))
    : simple("object", of.instance, of.className, Schema.suspend(() => of.json))

/**
 * Embedded objects as `Instance` or `ClassDefinition`: of any class, or of the named one.
 *
 * @since 0.1.0
 * @category fields
 */
export const object = (className?: string): Nullable<WbemObject> =>
  simple("object", schemas.object, className, WmiSchema.WbemObject)

/**
 * Arrays of a type. An array holds no NULL; the array itself may be NULL.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as WmiClass from "effect-wmi/WmiClass"
 *
 * class Disk extends WmiClass.Class<Disk>()("Demo_Disk", {
 *   Id: WmiClass.key(WmiClass.string),
 *   Tags: WmiClass.array(WmiClass.string)
 * }) {}
 *
 * assert.deepEqual(new Disk({ Id: "C:", Tags: ["a"] }).Tags, ["a"])
 * assert.equal(new Disk({ Id: "C:" }).Tags, null)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const array = <A>(of: Field<A, "Nullable", false>): Nullable<ReadonlyArray<NonNullable<A>>> => {
  if (of.spec.isArray) throw new TypeError("an array of arrays is no CIM type")
  return make({
    ...of.spec,
    isArray: true,
    value: encodable(Schema.Array(of.spec.value)),
    json: asJson(Schema.Array(of.spec.json))
  })
}

/**
 * A field that accepts the listed values only. A stored value that is not listed does not decode.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as WmiClass from "effect-wmi/WmiClass"
 *
 * class Disk extends WmiClass.Class<Disk>()("Demo_Disk", {
 *   Id: WmiClass.key(WmiClass.string),
 *   State: WmiClass.literals(WmiClass.uint16, 0, 1)
 * }) {}
 *
 * const state: 0 | 1 | null = new Disk({ Id: "C:", State: 1 }).State
 * assert.equal(state, 1)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const literals: {
  <const L extends string | number | bigint>(
    ...values: ReadonlyArray<L>
  ): <A extends string | number | bigint>(self: Field<A | null, "Nullable", false>) => Nullable<L>
  <A extends string | number | bigint, const L extends A>(
    self: Field<A | null, "Nullable", false>,
    ...values: ReadonlyArray<L>
  ): Nullable<L>
} = ((...args: ReadonlyArray<unknown>) => {
  const narrow = (self: Field<unknown>, values: ReadonlyArray<string | number | bigint>) => {
    if (values.length === 0) throw new TypeError("no value is listed")
    const accepts = Schema.is(self.spec.value)
    const misfit = values.find((value) => !accepts(value))
    if (misfit !== undefined) throw new TypeError(`${String(misfit)} is no ${self.spec.type}`)
    const listed = Schema.Literal(...values)
    return make({ ...self.spec, value: encodable(listed), json: asJson(schemas.listedJson(values, listed)) })
  }
  return isField(args[0])
    ? narrow(args[0], args.slice(1) as ReadonlyArray<string>)
    : (self: Field<unknown>) => narrow(self, args as ReadonlyArray<string>)
}) as never

/**
 * Whether a value is a field.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isField = (u: unknown): u is Field<unknown> => typeof u === "object" && u !== null && FieldTypeId in u

/**
 * A key: it is part of the path, it is never NULL, and an update cannot change it.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as WmiClass from "effect-wmi/WmiClass"
 *
 * class Disk extends WmiClass.Class<Disk>()("Demo_Disk", { Id: WmiClass.key(WmiClass.string) }) {}
 *
 * assert.deepEqual(Disk.path({ Id: "C:" }).keys, [{ name: "Id", value: "C:" }])
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const key = <A, Filled extends boolean>(
  self: Field<A, "Nullable", Filled>
): Field<NonNullable<A>, "Key", Filled> => make({ ...self.spec, role: "Key" })

/**
 * A property with the qualifier `not_null`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as WmiClass from "effect-wmi/WmiClass"
 *
 * class Disk extends WmiClass.Class<Disk>()("Demo_Disk", {
 *   Id: WmiClass.key(WmiClass.string),
 *   Size: WmiClass.notNull(WmiClass.uint64)
 * }) {}
 *
 * const size: bigint = new Disk({ Id: "C:", Size: 42n }).Size
 * assert.equal(size, 42n)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const notNull = <A, Filled extends boolean>(
  self: Field<A, "Nullable", Filled>
): Field<NonNullable<A>, "NotNull", Filled> => make({ ...self.spec, role: "NotNull" })

/**
 * A property with a default: the default of the CIM class, and of the constructor.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as WmiClass from "effect-wmi/WmiClass"
 *
 * class Disk extends WmiClass.Class<Disk>()("Demo_Disk", {
 *   Id: WmiClass.key(WmiClass.string),
 *   Copies: WmiClass.notNull(WmiClass.uint8).pipe(WmiClass.withDefault(1))
 * }) {}
 *
 * assert.equal(new Disk({ Id: "C:" }).Copies, 1)
 * assert.equal(Disk.definition.properties[1]?.value, 1)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const withDefault: {
  <A, const D extends A>(value: D): <R extends Role>(self: Field<A, R, boolean>) => Field<A, R, true>
  <A, R extends Role>(self: Field<A, R, boolean>, value: NoInfer<A>): Field<A, R, true>
} = dual(2, (self: Field<unknown>, value: unknown) => make({ ...self.spec, fallback: { value } }))

/**
 * A field with more qualifiers, such as `Description`, `units` or `write`. `key` and `not_null` have functions of their own.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as WmiClass from "effect-wmi/WmiClass"
 *
 * class Disk extends WmiClass.Class<Disk>()("Demo_Disk", {
 *   Id: WmiClass.key(WmiClass.string),
 *   Size: WmiClass.qualifiers(WmiClass.uint64, { units: "bytes" })
 * }) {}
 *
 * assert.equal(Disk.definition.properties[1]?.qualifiers[0]?.value, "bytes")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const qualifiers: {
  (
    input: Qualifier.Input
  ): <A, R extends Role, Filled extends boolean>(self: Field<A, R, Filled>) => Field<A, R, Filled>
  <A, R extends Role, Filled extends boolean>(self: Field<A, R, Filled>, input: Qualifier.Input): Field<A, R, Filled>
} = dual(
  2,
  (self: Field<unknown>, input: Qualifier.Input) =>
    make({ ...self.spec, qualifiers: [...self.spec.qualifiers, ...Qualifier.list(input)] })
)
