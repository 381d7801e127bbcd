/**
 * One definition of a class. A typed class is a schema class: it gives the CIM class, the type of its instances, their paths, the codec,
 * and the functions that register, put, read, change and delete.
 *
 * It is a subpath of its own, `effect-wmi/WmiClass`, because it needs `effect/Schema`.
 *
 * @since 0.1.0
 * @module
 */
import * as Effect from "effect/Effect"
import type * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import type * as Instance from "../model/Instance.ts"
import type * as ObjectPath from "../model/ObjectPath.ts"
import type { CimValue, ClassDefinition } from "../model/WbemObject.ts"
import type { NamespaceReader } from "../pipeline/NamespaceReader.ts"
import type * as PutAsync from "../pipeline/PutAsync.ts"
import type { Repository } from "../pipeline/Repository.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type * as PutRequest from "../protocol/PutRequest.ts"
import { describeClass, type Meta, MetaId, type Options } from "./definition.ts"
import type { ClassMismatch } from "./errors.ts"
import type { Fields, JsonObject, Of, Path, Spec } from "./fields.ts"
import {
  type Constructor as TypedClass,
  type DeleteError,
  type GetError,
  type ListError,
  type PutError,
  register,
  type Verbs,
  verbsOf
} from "./verbs.ts"

export { ClassMismatch, describe, type Difference, InvalidClassDefinition } from "./errors.ts"
export type { Options } from "./definition.ts"
export { make as method } from "../model/Method.ts"
export type { DeleteError, GetError, ListError, PutError } from "./verbs.ts"
export { print, type Printed, type PrintOptions } from "./printer.ts"
export {
  anyReference,
  array,
  boolean,
  char16,
  datetime,
  datetimeText,
  embedded,
  type Field,
  type Fields,
  FieldTypeId,
  interval,
  isField,
  type Json,
  type JsonObject,
  key,
  literals,
  notNull,
  type Nullable,
  object,
  type Of,
  type Path,
  PathOf,
  qualifiers,
  real32,
  real64,
  reference,
  type Role,
  sint16,
  sint32,
  sint64,
  sint8,
  type Spec,
  string,
  uint16,
  uint32,
  uint64,
  uint8,
  withDefault
} from "./fields.ts"

/**
 * The values of an instance. A property that may be NULL has the type `A | null`.
 *
 * @since 0.1.0
 * @category models
 */
export type Type<F extends Fields> = { readonly [Name in keyof F]: F[Name]["Type"] }

/**
 * The values of an instance in the form of `CimValue`.
 *
 * @since 0.1.0
 * @category models
 */
export type Encoded<F extends Fields> = { readonly [Name in keyof F]: CimValue }

/**
 * The names of the properties that the constructor needs: those that may not be NULL and have no default.
 *
 * @since 0.1.0
 * @category models
 */
export type RequiredNames<F extends Fields> = {
  [Name in keyof F]: F[Name]["Filled"] extends true ? never : F[Name]["Role"] extends "Nullable" ? never : Name
}[keyof F]

/**
 * The argument of the constructor. A property that may be NULL, or that has a default, can be left out: it gets the default, or NULL.
 *
 * @since 0.1.0
 * @category models
 */
export type Constructor<F extends Fields> = Simplify<
  & { readonly [Name in RequiredNames<F>]: F[Name]["Type"] }
  & { readonly [Name in Exclude<keyof F, RequiredNames<F>>]?: F[Name]["Type"] | undefined }
>

/**
 * The keys of a path.
 *
 * @since 0.1.0
 * @category models
 */
export type Keys<F extends Fields> = {
  readonly [Name in keyof F as F[Name]["Role"] extends "Key" ? Name : never]: F[Name]["Type"]
}

/**
 * The values of a partial update: some of the properties that are no keys. `null` sets NULL; `undefined` changes nothing.
 *
 * @since 0.1.0
 * @category models
 */
export type Update<F extends Fields> = {
  readonly [Name in keyof F as F[Name]["Role"] extends "Key" ? never : Name]?: F[Name]["Type"] | undefined
}

/**
 * The same object type, which an editor shows as one list of members.
 *
 * @since 0.1.0
 * @category models
 */
export type Simplify<A> = { [K in keyof A]: A[K] } & unknown

/**
 * Inherited and own fields. A field that is declared again replaces the inherited one.
 *
 * @since 0.1.0
 * @category models
 */
export type Merged<F extends Fields, G extends Fields> = keyof F & keyof G extends never ? F & G : {
  readonly [Name in keyof F | keyof G]: Name extends keyof G ? G[Name] : Name extends keyof F ? F[Name] : never
}

/**
 * The type of a class without its type argument: a message that the compiler shows.
 *
 * @since 0.1.0
 * @category models
 */
export type MissingSelf = "The type argument is missing: class Name extends WmiClass.Class<Name>()(...) {}"

/**
 * Options of a function of a typed class.
 *
 * @since 0.1.0
 * @category models
 */
export interface CallOptions {
  /** The namespace, in place of that of the class. */
  readonly namespace?: string | undefined
}

/**
 * A typed class. `Self` is the type of its instances, `Names` the names of the class and of the typed classes above it, `F` its fields
 * with the inherited ones.
 *
 * The functions need the services of the verbs that they call: `Stages` for puts, `Repository` for `get`, `delete` and `check`,
 * `NamespaceReader` for `list`. They can be used without the class: `const { put } = Asset`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Class<Self, Name extends string, Names extends string, F extends Fields, Inherited>
  extends Schema.Schema<Self, Encoded<F>>, Of<Self> {
  /** Makes an instance and checks its values. Throws `ParseError`. */
  new (
    values: RequiredNames<F> extends never ? void | Constructor<F> : Constructor<F>,
    options?: Schema.MakeOptions
  ): Type<F> & Inherited

  /** The name of the CIM class. */
  readonly className: Name
  /** The CIM class, with its own members. */
  readonly definition: ClassDefinition
  /** The namespace that was given with the class, or with a class above it. */
  readonly namespace: string | undefined
  /** The fields, with the inherited ones. */
  readonly properties: F
  /**
   * The codec of instances. A property that is unset has its default, or NULL. It reads an instance of a subclass as an instance of the
   * class, and writes an instance of a typed subclass with its own class and properties.
   */
  readonly instance: Schema.Schema<Self, Instance.Instance>

  /**
   * The codec of instances as JSON objects, such as the payload of an HTTP endpoint, with its JSON schema. A 64-bit integer is decimal
   * text; a datetime and a reference are text as WMI writes them; an embedded instance is an object of its own class. A property that may
   * be NULL, or that has a default, can be left out.
   */
  readonly json: Schema.Schema<Self, JsonObject>

  /** The path of an instance, from its keys or from the instance. Throws `ParseError` for a key that does not fit its type. */
  readonly path: (keys: Keys<F>, options?: CallOptions) => Path<Names>
  /**
   * The request of a put, for `BulkPut`. An instance of a typed subclass gives the request of its own class. Throws `ParseError` for a
   * value that is no instance of the class.
   */
  readonly request: (instance: Self, options?: PutRequest.Options) => PutRequest.PutRequest

  /**
   * Puts the CIM class, without those above it (see {@link registerAll}). The same stored class is left unchanged. Another one is updated
   * as by a put: with instances or subclasses it fails with `WbemClassHasInstances` or `WbemClassHasChildren`, unless `update` admits them.
   */
  readonly register: (options?: PutRequest.Options) => Effect.Effect<PutReport, PutError, PutAsync.Stages>
  /** Puts an instance with all of its properties: a property that is NULL is set to NULL. */
  readonly put: (
    instance: Self,
    options?: PutRequest.Options
  ) => Effect.Effect<PutReport, PutError | ParseResult.ParseError, PutAsync.Stages>
  /**
   * Changes some properties of a stored instance and leaves the others as they are: a put with `UpdateOnly` and the context of a partial
   * update. `InvalidContext` if no property is given; `ParseError` for a name that is no property, and for a key that is not that of
   * `keys`.
   */
  readonly update: (
    keys: Keys<F>,
    values: Update<F>,
    options?: CallOptions
  ) => Effect.Effect<PutReport, PutError | ParseResult.ParseError, PutAsync.Stages>
  /** Reads an instance by its keys or its path. `ClassMismatch` if the stored instance lacks a property. */
  readonly get: (
    keys: Keys<F> | Path<Name>,
    options?: CallOptions
  ) => Effect.Effect<Self, GetError | ClassMismatch | ParseResult.ParseError, Repository>
  /** Reads the instances of the class and, unless `deep` is `false`, of its subclasses. */
  readonly list: (
    options?: CallOptions & { readonly deep?: boolean | undefined }
  ) => Effect.Effect<ReadonlyArray<Self>, ListError | ClassMismatch | ParseResult.ParseError, NamespaceReader>
  /** Deletes an instance by its keys or its path. `ParseError` for the path of a class. */
  readonly delete: (
    keys: Keys<F> | Path<Name>,
    options?: CallOptions
  ) => Effect.Effect<ObjectPath.ObjectPath, DeleteError | ParseResult.ParseError, Repository>
  /**
   * Compares the stored class, with what it inherits, with the definition. It fits if each of its instances can be read as the typed
   * class and each value of the typed class can be put. More properties, other qualifiers, defaults and methods fit.
   */
  readonly check: (options?: CallOptions) => Effect.Effect<void, GetError | ClassMismatch, Repository>

  /** Declares a subclass: its own fields, and everything that it inherits. */
  readonly extend: <Sub = never>() => <const SubName extends string, const G extends Fields>(
    name: SubName,
    fields: G,
    options?: Options
  ) => [Sub] extends [never] ? MissingSelf : Class<Sub, SubName, Names | SubName, Merged<F, G>, Self>
}

/**
 * A typed class of any kind.
 *
 * @since 0.1.0
 * @category models
 */
export interface Any {
  /** The name of the CIM class. */
  readonly className: string
  /** The CIM class, with its own members. */
  readonly definition: ClassDefinition
  /** Puts the CIM class, without those above it. */
  readonly register: (options?: PutRequest.Options) => Effect.Effect<PutReport, PutError, PutAsync.Stages>
}

/** The property schemas of values without a default, which many properties share. */
const nullable: WeakMap<object, Schema.PropertySignature.All> = /* @__PURE__ */ new WeakMap()

/** The schema of a property: with NULL if it may be NULL, with the default of the constructor. */
const signature = ({ fallback, role, value }: Spec): Schema.Schema.All | Schema.PropertySignature.All => {
  if (role === "Nullable" && fallback === undefined) {
    const known = nullable.get(value)
    if (known !== undefined) return known
    const made = Schema.propertySignature(Schema.NullOr(value as Schema.Schema<unknown>)).pipe(
      Schema.withConstructorDefault((): unknown => null)
    )
    nullable.set(value, made)
    return made
  }
  if (role === "Nullable") {
    return Schema.propertySignature(Schema.NullOr(value as Schema.Schema<unknown>)).pipe(
      Schema.withConstructorDefault(() => fallback!.value)
    )
  }
  return fallback === undefined ? value : Schema.propertySignature(value as Schema.Schema<unknown>).pipe(
    Schema.withConstructorDefault(() => fallback.value)
  )
}

const verbNames = [
  "instance",
  "json",
  "path",
  "request",
  "register",
  "put",
  "update",
  "get",
  "list",
  "delete",
  "check"
] as const satisfies ReadonlyArray<keyof Verbs>

/** A typed class at run time. */
interface Parent {
  readonly [MetaId]: Meta
  readonly prototype: object
}

const make = (
  name: string,
  own: Fields,
  options: Options | undefined,
  parent: Parent | undefined
): object => {
  const meta = describeClass(name, own, parent?.[MetaId], options ?? {})
  const struct = Object.fromEntries(meta.properties.map(([property, spec]) => [property, signature(spec)]))
  const base = Schema.Class<object>(name)(struct as Schema.Struct.Fields)
  // An instance of a subclass has the methods and accessors that the classes above declare.
  if (parent !== undefined) Object.setPrototypeOf(base.prototype, parent.prototype)
  const bound = new WeakMap<object, Verbs>()
  const verbs = (self: TypedClass): Verbs => {
    const known = bound.get(self)
    if (known !== undefined) return known
    const made = verbsOf(self, meta)
    bound.set(self, made)
    return made
  }
  for (const verb of verbNames) {
    Object.defineProperty(base, verb, {
      get(this: TypedClass) {
        return verbs(this)[verb]
      }
    })
  }
  Object.defineProperties(base, {
    [MetaId]: { value: meta },
    className: { value: name },
    definition: { value: meta.definition },
    namespace: { value: meta.namespace },
    properties: { value: meta.fields },
    extend: {
      value(this: Parent) {
        return (sub: string, more: Fields, given?: Options) => make(sub, more, given, this)
      }
    }
  })
  return base
}

/**
 * Declares a typed class. Throws `InvalidClassDefinition` for a definition that a put would refuse, or that makes no sense.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Wmi } from "effect-wmi"
 * import * as WmiClass from "effect-wmi/WmiClass"
 *
 * class Asset extends WmiClass.Class<Asset>()("Corp_Asset", {
 *   Id: WmiClass.key(WmiClass.string),
 *   Owner: WmiClass.string,
 *   Price: WmiClass.notNull(WmiClass.uint32),
 *   Tags: WmiClass.array(WmiClass.string)
 * }) {}
 *
 * const program = Effect.gen(function*() {
 *   yield* Asset.register()
 *   yield* Asset.put(new Asset({ Id: "A1", Price: 300, Owner: "ann" }))
 *   yield* Asset.update({ Id: "A1" }, { Owner: "eve" })
 *   return yield* Asset.get({ Id: "A1" })
 * })
 * const asset = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.deepEqual({ ...asset }, { Id: "A1", Owner: "eve", Price: 300, Tags: null })
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const Class = <Self = never>(): <const Name extends string, const F extends Fields>(
  name: Name,
  fields: F,
  options?: Options
) => [Self] extends [never] ? MissingSelf : Class<Self, Name, Name, F, object> =>
(name, fields, options) => make(name, fields, options, undefined) as never // its type is that of the declaration

/**
 * Registers several classes and the typed classes above them, those above first. The same stored class is left unchanged,
 * and another one is updated as by a put (see `register`).
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Wmi } from "effect-wmi"
 * import * as WmiClass from "effect-wmi/WmiClass"
 *
 * class Asset extends WmiClass.Class<Asset>()("Corp_Asset", { Id: WmiClass.key(WmiClass.string) }) {}
 * class Laptop extends Asset.extend<Laptop>()("Corp_Laptop", { Inches: WmiClass.real32 }) {}
 *
 * const reports = await Effect.runPromise(Effect.provide(WmiClass.registerAll([Laptop]), Wmi.layerMemory))
 * assert.deepEqual(reports.map(({ disposition }) => disposition), ["Created", "Created"])
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const registerAll = (
  classes: Iterable<Any>,
  options?: PutRequest.Options
): Effect.Effect<ReadonlyArray<PutReport>, PutError, PutAsync.Stages> => {
  const metas = new Set<Meta>()
  const add = (meta: Meta | undefined): void => {
    if (meta === undefined) return
    add(meta.parent)
    metas.add(meta)
  }
  for (const one of classes) add((one as unknown as { readonly [MetaId]: Meta })[MetaId])
  return Effect.forEach(metas, (meta) => register(meta, options))
}
