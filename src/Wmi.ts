/**
 * All four stages ready-made, and the verbs of a client beside the put: get, delete, list.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import { catchUnreadable } from "./engine/state/unreadableRows.ts"
import * as Snapshot from "./engine/state/Snapshot.ts"
import * as SystemProperties from "./engine/classes/SystemProperties.ts"
import * as ObjectPath from "./model/ObjectPath.ts"
import type { ClassDefinition, Instance, WbemObject } from "./model/WbemObject.ts"
import * as CallContext from "./pipeline/CallContext.ts"
import * as FlagDecoder from "./pipeline/FlagDecoder.ts"
import { NamespaceReader } from "./pipeline/NamespaceReader.ts"
import type { Stages } from "./pipeline/PutAsync.ts"
import * as PutSink from "./pipeline/PutSink.ts"
import * as PutValidator from "./pipeline/PutValidator.ts"
import { Repository } from "./pipeline/Repository.ts"
import * as PathText from "./protocol/PathText.ts"
import { localeRefusal } from "./protocol/localeRefusal.ts"
import { InvalidParameter, type WbemError } from "./protocol/WbemError.ts"
import * as EmulatedRepository from "./emulator/EmulatedRepository.ts"
import * as MemoryStore from "./emulator/MemoryStore.ts"

/**
 * The standard stages around a repository: the flag table and the rules of the specification, nobody listening.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = <ROut, E, RIn>(repository: Layer.Layer<ROut, E, RIn>): Layer.Layer<
  ROut | FlagDecoder.FlagDecoder | PutValidator.PutValidator | PutSink.PutSink,
  E,
  RIn
> => Layer.mergeAll(FlagDecoder.layer, PutValidator.layer, PutSink.layerSilent, repository)

/**
 * An emulator in memory that starts empty: `root`, `root\cimv2` and `root\default` with the system classes in them.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerMemory: Layer.Layer<Stages | EmulatedRepository.Services> = /* @__PURE__ */ Layer.suspend(() =>
  layerMemoryFrom(Snapshot.empty())
)

/**
 * An emulator in memory that starts from a snapshot. The snapshot itself stays as it is, so one can serve many tests.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerMemoryFrom = (snapshot: Snapshot.Snapshot): Layer.Layer<Stages | EmulatedRepository.Services> =>
  layer(Layer.provide(EmulatedRepository.layer, MemoryStore.layerFrom(snapshot)))

/**
 * An object path, as text or in parts.
 *
 * @since 0.1.0
 * @category models
 */
export type PathInput = string | ObjectPath.ObjectPath

/** The text of an argument, or `InvalidParameter`: JavaScript programs pass anything. */
const textOf = (parameter: string, given: unknown): Either.Either<string, WbemError> =>
  typeof given === "string"
    ? Either.right(given)
    : Either.left(new InvalidParameter({ parameter, detail: "it is no text" }))

const namespaceOf = (given: string): Either.Either<string, WbemError> =>
  Either.map(textOf("namespace", given), ObjectPath.namespaceText)

const parsed = (path: PathInput): Either.Either<ObjectPath.ObjectPath, WbemError> =>
  typeof path === "object" && Array.isArray(path?.keys)
    ? Either.right(path)
    : Either.flatMap(textOf("path", path), (text) => PathText.parse(text))

/** Which namespace a path belongs to: the one it names, else the one of the options, else the default of the call. */
const located = (path: PathInput, namespace: string | undefined): Effect.Effect<
  { readonly path: ObjectPath.ObjectPath; readonly namespace: string; readonly call: CallContext.CallContext["call"] },
  WbemError
> =>
  Effect.flatMap(
    CallContext.read,
    (ambient) =>
      Either.flatMap(parsed(path), (path) =>
        Either.map(
          namespaceOf(namespace ?? path.namespace ?? ambient.namespace),
          (namespace) => ({ path, namespace, call: ambient.call })
        ))
  )

/**
 * What a verb can be given besides its target.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** The namespace of a path that names none. */
  readonly namespace?: string | undefined
}

/**
 * What a look can be given besides its target.
 *
 * @since 0.1.0
 * @category models
 */
export interface ReadOptions extends Options {
  /**
   * Whether classes are read with their localised text, as with `wbemFlagUseAmendedQualifiers`: in the locale of the call, or in
   * the first of these locales that has text for a class, else in US English (`qualifiers` 7.2). Such a class, and an instance of it,
   * says that it was read `amended`, and a put without the flag refuses it (PA-91).
   */
  readonly amended?: boolean | string | ReadonlyArray<string> | undefined
}

/** The locales to look in; `undefined` for a look at what is stored. */
const localesOf = (amended: ReadOptions["amended"], locale: string): ReadonlyArray<string> | undefined => {
  if (amended === undefined || amended === false) return undefined
  return amended === true ? [locale] : typeof amended === "string" ? [amended] : amended
}

/** The same, and what is written is a locale: `InvalidLocale` or `UnsupportedLocale` says which is none. */
const readable = (
  amended: ReadOptions["amended"],
  ambient: string
): Either.Either<ReadonlyArray<string> | undefined, WbemError> => {
  const locales = localesOf(amended, ambient)
  for (const locale of locales ?? []) {
    const refusal = localeRefusal(locale)
    if (refusal !== undefined) return Either.left(refusal)
  }
  return Either.right(locales)
}

/**
 * A class with its own members, or an instance with every property of its class. `NotFound` if it is not there, `InvalidClass` if
 * the class of an instance is not, `InvalidObjectPath` with a position for a text that is no path.
 *
 * @since 0.1.0
 * @category verbs
 */
export const get = (path: PathInput, options?: ReadOptions): Effect.Effect<WbemObject, WbemError, Repository> =>
  Effect.flatMap(
    located(path, options?.namespace),
    (request) =>
      Effect.flatMap(
        readable(options?.amended, request.call.locale),
        (locales) => Effect.flatMap(Repository, (r) => r.get({ ...request, locales }))
      )
  )

/**
 * The system properties of an object as it reads in a namespace, stored or not (`object-model` 10).
 *
 * @since 0.1.0
 * @category verbs
 */
export const systemProperties = (
  object: WbemObject,
  options?: Options
): Effect.Effect<SystemProperties.SystemProperties, WbemError, NamespaceReader> =>
  Effect.flatMap(
    CallContext.read,
    ({ call, namespace }) =>
      Effect.flatMap(snapshot, (state) =>
        Effect.flatMap(namespaceOf(options?.namespace ?? namespace), (namespace) =>
          catchUnreadable(() =>
            SystemProperties.of(state, object, { server: call.server, namespace })
          )))
  )

const remove = (
  path: PathInput,
  options?: Options & { readonly flags?: number | undefined }
): Effect.Effect<ObjectPath.ObjectPath, WbemError, Repository> =>
  Effect.flatMap(
    located(path, options?.namespace),
    (request) => Effect.flatMap(Repository, (r) => r.delete({ ...request, flags: options?.flags ?? 0 }))
  )

export {
  /**
   * Deletes a class with all below it, an instance, or a namespace with all it holds (`delete`). Answers the path of what went.
   *
   * The localised text of a class stays: it is a class of its own in the namespace of a locale, put there by another file, and MOF
   * files delete their classes to declare them again. Delete it there, or that namespace.
   *
   * @since 0.1.0
   * @category verbs
   */
  remove as delete
}

const inNamespace = <A>(
  options: Options | undefined,
  ask: (reader: NamespaceReader, namespace: string, locale: string) => Effect.Effect<A, WbemError>
): Effect.Effect<A, WbemError, NamespaceReader> =>
  Effect.flatMap(
    CallContext.read,
    (ambient) =>
      Effect.flatMap(NamespaceReader, (reader) =>
        Effect.flatMap(
          namespaceOf(options?.namespace ?? ambient.namespace),
          (namespace) => ask(reader, namespace, ambient.call.locale)
        ))
  )

/**
 * Every namespace, parents first. One is made by putting an instance of `__NAMESPACE` into the namespace above it, and goes with all it
 * holds when that instance is deleted.
 *
 * @since 0.1.0
 * @category verbs
 */
export const namespaces: Effect.Effect<ReadonlyArray<string>, WbemError, NamespaceReader> = /* @__PURE__ */ Effect
  .flatMap(NamespaceReader, (reader) => reader.namespaces)

/**
 * The classes of a namespace, parents first; with `system` the system classes in front.
 *
 * @since 0.1.0
 * @category verbs
 */
export const classes = (
  options?: ReadOptions & { readonly system?: boolean | undefined }
): Effect.Effect<ReadonlyArray<ClassDefinition>, WbemError, NamespaceReader> =>
  inNamespace(
    options,
    (reader, namespace, locale) =>
      Effect.flatMap(readable(options?.amended, locale), (locales) =>
        reader.classes(namespace, { system: options?.system, locales }))
  )

/**
 * The instances of a class and, unless `deep` is `false`, of the classes below it, with every property of their class. A class that
 * is not there is `InvalidClass`. Rows that the store cannot read are left out, with a warning that names them.
 *
 * @since 0.1.0
 * @category verbs
 */
export const instancesOf = (
  className: string,
  options?: ReadOptions & { readonly deep?: boolean | undefined }
): Effect.Effect<ReadonlyArray<Instance>, WbemError, NamespaceReader> =>
  inNamespace(
    options,
    (reader, namespace, locale) =>
      Effect.flatMap(
        Either.all([textOf("className", className), readable(options?.amended, locale)]),
        ([name, locales]) => reader.instancesOf(namespace, name, { deep: options?.deep, locales })
      )
  )

/**
 * The state of every namespace, now: a restore point that costs nothing to keep. Rows that the store cannot read are left out, with a
 * warning; `Snapshot.unreadable` lists them.
 *
 * @since 0.1.0
 * @category verbs
 */
export const snapshot: Effect.Effect<Snapshot.Snapshot, WbemError, NamespaceReader> = /* @__PURE__ */ Effect.flatMap(
  NamespaceReader,
  (reader) => reader.snapshot
)

/**
 * Puts every namespace back to a restore point. What is no snapshot is `InvalidParameter`, and everything stays as it is.
 *
 * @since 0.1.0
 * @category verbs
 */
export const restore = (to: Snapshot.Snapshot): Effect.Effect<void, WbemError, NamespaceReader> =>
  Effect.flatMap(
    NamespaceReader,
    (reader) =>
      typeof to === "object" && to !== null && to[Snapshot.TypeId] === Snapshot.TypeId
        ? reader.restore(to)
        : Effect.fail(
          new InvalidParameter({ parameter: "snapshot", rule: "put-async 3.2", detail: "it is no snapshot" })
        )
  )

/**
 * Puts every namespace back to what a server begins with: `root`, `root\cimv2` and `root\default`, nothing of a user's in them.
 *
 * @since 0.1.0
 * @category verbs
 */
export const reset: Effect.Effect<void, WbemError, NamespaceReader> = /* @__PURE__ */ Effect.suspend(() =>
  restore(Snapshot.empty())
)

/**
 * A world of its own that begins as this one is now, in memory: what is put there is not here, and the other way round. Over a store
 * in memory it costs next to nothing.
 *
 * @since 0.1.0
 * @category verbs
 */
export const fork: Effect.Effect<Layer.Layer<Stages | EmulatedRepository.Services>, WbemError, NamespaceReader> =
  /* @__PURE__ */ Effect.map(snapshot, layerMemoryFrom)
