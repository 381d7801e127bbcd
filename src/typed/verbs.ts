/**
 * The functions of a typed class: its codec, its paths, and the operations of a namespace.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Equal from "effect/Equal"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import type * as AST from "effect/SchemaAST"
import * as WmiSchema from "../codec/WmiSchema.ts"
import * as CimName from "../model/CimName.ts"
import * as Instance from "../model/Instance.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { CimValue, ClassDefinition, WbemObject } from "../model/WbemObject.ts"
import type { NamespaceReader } from "../pipeline/NamespaceReader.ts"
import * as PutAsync from "../pipeline/PutAsync.ts"
import type { Repository } from "../pipeline/Repository.ts"
import * as PutContext from "../protocol/PutContext.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import * as PutRequest from "../protocol/PutRequest.ts"
import * as Wmi from "../Wmi.ts"
import { encodeValue, isBelow, type Meta, MetaId, resolve } from "./definition.ts"
import { ClassMismatch, InvalidClassDefinition } from "./errors.ts"
import type { Json, JsonObject, Path, Spec } from "./fields.ts"
import { differences, typeText } from "./fit.ts"

/**
 * What a put of a typed class can fail with, besides a value that does not fit its field.
 *
 * @since 0.1.0
 * @category errors
 */
export type PutError = Effect.Effect.Error<ReturnType<typeof PutAsync.put>>

/**
 * What a read of a typed class can fail with, besides a mismatch of the class.
 *
 * @since 0.1.0
 * @category errors
 */
export type GetError = Effect.Effect.Error<ReturnType<typeof Wmi.get>>

/**
 * What a list of a typed class can fail with, besides a mismatch of the class.
 *
 * @since 0.1.0
 * @category errors
 */
export type ListError = Effect.Effect.Error<ReturnType<typeof Wmi.instancesOf>>

/**
 * What a delete of a typed class can fail with.
 *
 * @since 0.1.0
 * @category errors
 */
export type DeleteError = Effect.Effect.Error<ReturnType<typeof Wmi.delete>>

/** The values of an object by property name. */
type Values = Readonly<Record<string, unknown>>

/** The bound functions of one typed class. */
export interface Verbs {
  readonly instance: Schema.Schema<object, Instance.Instance>
  readonly json: Schema.Schema<object, JsonObject>
  readonly path: (keys: Values | Path, options?: Wmi.Options) => Path
  readonly request: (asset: unknown, options?: PutRequest.Options) => PutRequest.PutRequest
  readonly put: (
    asset: unknown,
    options?: PutRequest.Options
  ) => Effect.Effect<PutReport, PutError | ParseResult.ParseError, PutAsync.Stages>
  readonly update: (
    keys: Values,
    values: Values,
    options?: Wmi.Options
  ) => Effect.Effect<PutReport, PutError | ParseResult.ParseError, PutAsync.Stages>
  readonly register: (options?: PutRequest.Options) => Effect.Effect<PutReport, PutError, PutAsync.Stages>
  readonly get: (
    keys: Values | Path,
    options?: Wmi.Options
  ) => Effect.Effect<object, GetError | ClassMismatch | ParseResult.ParseError, Repository>
  readonly list: (
    options?: Wmi.Options & { readonly deep?: boolean | undefined }
  ) => Effect.Effect<ReadonlyArray<object>, ListError | ClassMismatch | ParseResult.ParseError, NamespaceReader>
  readonly delete: (
    keys: Values | Path,
    options?: Wmi.Options
  ) => Effect.Effect<ObjectPath.ObjectPath, DeleteError | ParseResult.ParseError, Repository>
  readonly check: (options?: Wmi.Options) => Effect.Effect<void, GetError | ClassMismatch, Repository>
}

/** A typed class at run time: the constructor and schema of its instances, with its functions. */
export interface Constructor extends Schema.Schema<object, Values> {
  new (values: Values, options?: Schema.MakeOptions): object
  readonly [MetaId]: Meta
  readonly instance: Schema.Schema<object, Instance.Instance>
  readonly request: Verbs["request"]
}

/** The typed class of an instance, which may be below the class that it is given to. */
const classOf = (asset: unknown): Partial<Constructor> | undefined =>
  typeof asset === "object" && asset !== null
    ? (Object.getPrototypeOf(asset) as { readonly constructor?: Constructor } | null)?.constructor
    : undefined

/**
 * The values of an instance under the names of the typed class. The stored class may spell them in another way. `missing` is called for a
 * property that the instance does not have.
 */
const named = (
  { properties }: Meta,
  values: Readonly<Record<string, CimValue>>,
  missing: (name: string) => CimValue | undefined
): Record<string, CimValue | undefined> => {
  let spellings: Map<string, string> | undefined
  const read = (name: string): CimValue | undefined => {
    if (Object.hasOwn(values, name)) return values[name]
    spellings ??= new Map(Object.keys(values).map((other) => [CimName.fold(other), other]))
    const spelling = spellings.get(CimName.fold(name))
    return spelling === undefined ? missing(name) : values[spelling]
  }
  return Object.fromEntries(properties.map(([name]) => [name, read(name)] as const))
}

/** The default of a property, or NULL, in the form of `CimValue`. It was encoded before, when the class was declared. */
const unset = (meta: Meta) => (name: string): CimValue => {
  const { spec } = meta.fields[name]!
  return spec.fallback === undefined ? null : Either.getOrThrow(encodeValue(spec, spec.fallback.value))
}

/** A property of the JSON form. The constructor gives one that is left out its default, or NULL. */
const jsonField = ({ fallback, json, role }: Spec): Schema.Schema.All | Schema.PropertySignature.All =>
  role === "Nullable" ? Schema.optional(Schema.NullOr(json)) : fallback === undefined ? json : Schema.optional(json)

const issue = (ast: AST.AST, value: unknown, message: string): ParseResult.ParseError =>
  ParseResult.parseError(new ParseResult.Type(ast, value, message))

/** The value of a property in an update. NULL is a value of the properties that may be NULL. */
const encodeUpdate = (
  property: string,
  spec: Spec,
  value: unknown
): Either.Either<CimValue, ParseResult.ParseError> =>
  value === null && spec.role === "Nullable" ? Either.right(null) : at(property, spec, value)

/** A value as it is put. An error has the name of the property. */
const at = (property: string, spec: Spec, value: unknown): Either.Either<CimValue, ParseResult.ParseError> =>
  Either.mapLeft(
    ParseResult.encodeUnknownEither(spec.value)(value),
    (issue) => ParseResult.parseError(new ParseResult.Pointer(property, value, issue))
  )

/** A stored class and the classes above it, the topmost first. The system classes are in every namespace and are left out. */
const storedLineage = (
  className: string,
  options: Wmi.Options,
  below: ReadonlyArray<ClassDefinition> = []
): Effect.Effect<ReadonlyArray<ClassDefinition>, GetError, Repository> =>
  Effect.flatMap(Wmi.get(ObjectPath.make({ className }), options), (object) => {
    const lineage = [object as ClassDefinition, ...below] // a path without keys denotes a class
    const { superclass } = object as ClassDefinition
    return superclass === undefined || CimName.isSystemName(superclass)
      ? Effect.succeed(lineage)
      : storedLineage(superclass, options, lineage)
  })

/** The put of the CIM class. */
export const register = (
  { definition, namespace }: Meta,
  options: PutRequest.Options | undefined
): Effect.Effect<PutReport, PutError, PutAsync.Stages> =>
  PutAsync.put(PutRequest.make(definition, { ...options, namespace: options?.namespace ?? namespace }))

/** The functions of a typed class; `self` is its constructor and schema. */
export const verbsOf = (self: Constructor, meta: Meta): Verbs => {
  const { definition, keys, name, properties } = meta
  const namespaceOf = (options: Wmi.Options | undefined): string | undefined => options?.namespace ?? meta.namespace
  const within = <O extends Wmi.Options>(options: O | undefined): O & Wmi.Options =>
    ({ ...options, namespace: namespaceOf(options) }) as O & Wmi.Options

  /** The class of an instance of a typed subclass, which writes it with its own name and properties. */
  const below = (asset: unknown): Constructor | undefined => {
    const own = classOf(asset)
    return own !== self && own?.[MetaId] !== undefined && own[MetaId] !== meta && isBelow(own[MetaId], meta)
      ? own as Constructor
      : undefined
  }

  /** The codec of instances of this class alone. */
  const exact = WmiSchema.Instance(
    name,
    Schema.transform(Schema.Unknown as unknown as Schema.Schema<Readonly<Record<string, CimValue>>>, self, {
      strict: true,
      decode: (values): Values => named(meta, values, unset(meta)),
      encode: (values) => values as Readonly<Record<string, CimValue>> // the fields encode each value
    })
  )
  const instance = Schema.transformOrFail(Schema.encodedSchema(exact), Schema.typeSchema(exact), {
    strict: true,
    decode: (object, options) => ParseResult.decode(exact)(object, options),
    encode: (asset, options) => ParseResult.encode(below(asset)?.instance ?? exact)(asset, options)
  }).annotations({ identifier: `${name} (Instance)` })
  // A parser reads the classes of embedded objects, which may be this class, so it is made at its first use.
  const encode = (asset: unknown) => Schema.encodeUnknownEither(instance)(asset)
  const json = (): Schema.Schema<object, JsonObject> =>
    Schema.transform(
      Schema.Struct(
        Object.fromEntries(properties.map(([property, spec]) => [property, jsonField(spec)])) as Record<
          string,
          Schema.Schema<unknown, Json>
        >
      ).annotations({ identifier: name, parseOptions: { onExcessProperty: "error" } }),
      Schema.typeSchema(self),
      {
        strict: true,
        decode: (values) => new self(values, true),
        // An instance of a subclass has more properties.
        encode: (asset) => Object.fromEntries(properties.map(([property]) => [property, (asset as Values)[property]]))
      }
    )
  let madeJson: Schema.Schema<object, JsonObject> | undefined
  const decodeValues = (values: unknown) => Schema.decodeUnknown(self)(values)

  /** An instance as it was read: with every property of its class. One that lacks a property shows that the class has changed. */
  const decode = (object: WbemObject): Effect.Effect<object, ClassMismatch | ParseResult.ParseError> => {
    if (object._tag === "Class") {
      return Effect.fail(issue(self.ast, object, "a class and no instance"))
    }
    const absent: Array<string> = []
    const values = named(meta, object.values, (property) => {
      absent.push(property)
      return undefined
    })
    if (absent.length === 0) return decodeValues(values)
    return Effect.fail(
      new ClassMismatch({
        className: object.className,
        differences: absent.map((property) => ({
          _tag: "MissingProperty",
          property,
          expected: typeText(meta.fields[property]!.spec)
        }))
      })
    )
  }
  const kind = { isAbstract: meta.isAbstract, isSingleton: meta.isSingleton }

  const keyValues = (given: Values): Either.Either<ReadonlyArray<ObjectPath.Key>, ParseResult.ParseError> =>
    Either.all(
      keys.map(([key, spec]) =>
        Either.map(at(key, spec, given[key]), (value) => ({ name: key, value: value as ObjectPath.KeyValue }))
      )
    )

  /** Whether it is a path, which may be a copy without its type id, in place of keys. */
  const isPath = (u: Values | Path): u is Path =>
    ObjectPath.isObjectPath(u)
    || (Array.isArray((u as Partial<Path>).keys) && "singleton" in u && !Object.hasOwn(meta.fields, "keys"))

  const pathOf = (
    given: Values | Path,
    options: Wmi.Options | undefined
  ): Either.Either<Path, ParseResult.ParseError> => {
    if (isPath(given)) return Either.right(given)
    if (meta.isKeyless) {
      throw new InvalidClassDefinition({ className: name, detail: "it has no key, so its instances have no path" })
    }
    return Either.map(keyValues(given), (keys) =>
      ObjectPath.sorted(
        ObjectPath.make({ namespace: namespaceOf(options), className: name, keys, singleton: meta.isSingleton })
      ))
  }

  const request = (asset: unknown, options?: PutRequest.Options) =>
    Either.map(
      encode(asset),
      (object) =>
        PutRequest.make(object, {
          ...options,
          namespace: options?.namespace ?? (below(asset)?.[MetaId] ?? meta).namespace
        })
    )

  /** The keys of an update. A name that is no property, and another value of a key, are refused. */
  const updatedKeys = (
    given: Values,
    values: Values
  ): Either.Either<ReadonlyArray<ObjectPath.Key>, ParseResult.ParseError> => {
    for (const [property, value] of Object.entries(values)) {
      const spec = meta.fields[property]?.spec
      if (value === undefined || (spec !== undefined && spec.role !== "Key")) continue
      const refuse = (message: string) =>
        Either.left(ParseResult.parseError(
          new ParseResult.Pointer(property, value, new ParseResult.Type(self.ast, value, message))
        ))
      if (spec === undefined) return refuse(`${name} has no such property`)
      const isSame = Either.map(
        Either.all([pathOf(given, undefined), pathOf({ ...given, [property]: value }, undefined)]),
        ([one, other]) => Equal.equals(one, other)
      )
      if (Either.isRight(isSame) && !isSame.right) return refuse("an update does not change a key")
      if (Either.isLeft(isSame)) return Either.left(isSame.left)
    }
    return keyValues(given)
  }

  return {
    instance,
    get json() {
      return madeJson ??= json()
    },
    path: (given, options) => Either.getOrThrowWith(pathOf(given, options), (error) => error),
    request: (asset, options) => Either.getOrThrowWith(request(asset, options), (error) => error),
    put: (asset, options) => Either.match(request(asset, options), { onLeft: Effect.fail, onRight: PutAsync.put }),
    register: (options) => register(meta, options),
    update: (given, values, options) => {
      const changed = properties.filter(([property, { role }]) => role !== "Key" && values[property] !== undefined)
      const object = Either.all([
        updatedKeys(given, values),
        Either.all(
          changed.map(([property, spec]) =>
            Either.map(encodeUpdate(property, spec, values[property]), (value) => [property, value] as const)
          )
        )
      ])
      return Either.match(object, {
        onLeft: Effect.fail,
        onRight: ([keys, changes]) =>
          PutAsync.put(
            PutRequest.make(
              Instance.make(
                name,
                Object.fromEntries<CimValue>([...keys.map(({ name, value }) => [name!, value] as const), ...changes])
              ),
              {
                ...within(options),
                mode: "UpdateOnly",
                context: {
                  [PutContext.EXTENSIONS]: true,
                  [PutContext.CLIENT_REQUEST]: true,
                  [PutContext.STRICT_NULLS]: true,
                  [PutContext.PROPERTIES]: changed.map(([property]) => property)
                }
              }
            )
          )
      })
    },
    get: (given, options) =>
      Either.match(pathOf(given, options), {
        onLeft: Effect.fail,
        onRight: (path) => Effect.flatMap(Wmi.get(path, { namespace: path.namespace ?? namespaceOf(options) }), decode)
      }),
    list: (options) =>
      Effect.flatMap(Wmi.instancesOf(name, within(options)), (instances) => Effect.forEach(instances, decode)),
    delete: (given, options) =>
      Either.match(pathOf(given, options), {
        onLeft: Effect.fail,
        onRight: (path) =>
          path.keys.length === 0 && !path.singleton
            ? Effect.fail(issue(self.ast, path, `${ObjectPath.format(path)} is the path of a class and of no instance`))
            : Wmi.delete(path, { namespace: path.namespace ?? namespaceOf(options) })
      }),
    check: (options) =>
      Effect.flatMap(storedLineage(name, within(options)), (stored) => {
        const resolved = resolve(stored, name)!
        const found = differences({ superclass: definition.superclass, properties, ...kind }, resolved)
        return found.length === 0
          ? Effect.void
          : Effect.fail(new ClassMismatch({ className: resolved.name, differences: found }))
      })
  }
}
