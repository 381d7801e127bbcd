/**
 * Layers of all four stages, and the operations of a client besides the put: get, delete, list, snapshot. Two services hold every
 * operation as a method: `Wmi` over any repository, `EmulatedWmi` over an emulated one.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { catchUnreadable } from "./engine/state/unreadableRows.ts"
import type { Decision } from "./engine/Decision.ts"
import * as Snapshot from "./engine/state/Snapshot.ts"
import * as SystemProperties from "./engine/classes/SystemProperties.ts"
import * as ObjectPath from "./model/ObjectPath.ts"
import type { ClassDefinition, Instance, WbemObject } from "./model/WbemObject.ts"
import * as BulkPut from "./pipeline/BulkPut.ts"
import * as CallContext from "./pipeline/CallContext.ts"
import * as FlagDecoder from "./pipeline/FlagDecoder.ts"
import { NamespaceEvents } from "./pipeline/NamespaceEvents.ts"
import * as NamespaceEventStream from "./pipeline/NamespaceEventStream.ts"
import { NamespaceReader } from "./pipeline/NamespaceReader.ts"
import { NamespaceState } from "./pipeline/NamespaceState.ts"
import { callSite } from "./pipeline/observation/recording.ts"
import { type Attributes, verb } from "./pipeline/observation/spans.ts"
import { Planner } from "./pipeline/Planner.ts"
import * as PutAsync from "./pipeline/PutAsync.ts"
import * as PutSink from "./pipeline/PutSink.ts"
import * as PutValidator from "./pipeline/PutValidator.ts"
import { Repository } from "./pipeline/Repository.ts"
import * as PathText from "./protocol/PathText.ts"
import { localeRefusal } from "./protocol/localeRefusal.ts"
import type { PutOutcome } from "./protocol/PutOutcome.ts"
import type { PutRequest } from "./protocol/PutRequest.ts"
import {
  type DeleteError,
  type GetError,
  type InvalidObjectPath,
  InvalidParameter,
  type ListError,
  type LocaleError,
  type PutError,
  type StoreError
} from "./protocol/WbemError.ts"
import type { WbemEvent } from "./protocol/WbemEvent.ts"
import * as EmulatedRepository from "./emulator/EmulatedRepository.ts"
import * as MemoryStore from "./emulator/MemoryStore.ts"

// The types of results and services, so that the declarations of a program can name them.
export type { ClassDefinition, Instance, WbemObject } from "./model/WbemObject.ts"
export type { NamespaceReader } from "./pipeline/NamespaceReader.ts"
export type { NamespaceState } from "./pipeline/NamespaceState.ts"

/**
 * The standard stages around a repository: the flags and rules of the specification, and a sink that ignores every event.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer } from "effect"
 * import { ClassDefinition, EmulatedRepository, MemoryStore, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const stages = Wmi.layer(Layer.provide(EmulatedRepository.layer, MemoryStore.layer))
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const report = await Effect.runPromise(Effect.provide(PutAsync.put(PutRequest.make(Disk)), stages))
 * assert.equal(report.disposition, "Created")
 * ```
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
 * An emulator in memory that starts with `root`, `root\cimv2`, `root\default` and the system classes.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Wmi } from "effect-wmi"
 *
 * const names = await Effect.runPromise(Effect.provide(Wmi.namespaces, Wmi.layerMemory))
 * assert.ok(names.includes("root\\cimv2"))
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerMemory: Layer.Layer<PutAsync.Stages | EmulatedRepository.Services> = /* @__PURE__ */ Layer.suspend(
  () => layerMemoryFrom(Snapshot.empty())
)

/**
 * An emulator in memory that starts from a snapshot. The snapshot itself does not change, so many tests can share it.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, Snapshot, Wmi } from "effect-wmi"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const start = Snapshot.withObjects(Snapshot.empty(), "root\\cimv2", [Disk])
 * const classes = await Effect.runPromise(Effect.provide(Wmi.classes(), Wmi.layerMemoryFrom(start)))
 * assert.deepEqual(classes.map(({ name }) => name), ["Demo_Disk"])
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerMemoryFrom = (
  snapshot: Snapshot.Snapshot
): Layer.Layer<PutAsync.Stages | EmulatedRepository.Services> =>
  layer(Layer.provide(EmulatedRepository.layer, MemoryStore.layerFrom(snapshot)))

/**
 * An object path, as text or in parts.
 *
 * @since 0.1.0
 * @category models
 */
export type PathInput = string | ObjectPath.Parts

/** An argument if it is a string, else `InvalidParameter`, because a JavaScript program may pass any value. */
const textOf = (parameter: string, given: unknown): Either.Either<string, InvalidParameter> =>
  typeof given === "string"
    ? Either.right(given)
    : Either.left(new InvalidParameter({ parameter, detail: "it is no text" }))

const namespaceOf = (given: string, server: string): Either.Either<string, InvalidParameter> =>
  Either.map(textOf("namespace", given), (text) => ObjectPath.namespaceText(text, server))

const parsed = (path: PathInput): Either.Either<ObjectPath.ObjectPath, InvalidParameter | InvalidObjectPath> =>
  typeof path === "object" && Array.isArray(path?.keys)
    ? Either.right(ObjectPath.isObjectPath(path) ? path : ObjectPath.make(path))
    : Either.flatMap(textOf("path", path), (text) => PathText.parse(text))

/** A path with its namespace: that of the options, else that of the path, else the default of the call. */
const located = (path: PathInput, namespace: string | undefined): Effect.Effect<
  { readonly path: ObjectPath.ObjectPath; readonly namespace: string; readonly call: CallContext.CallContext["call"] },
  InvalidParameter | InvalidObjectPath
> =>
  Effect.flatMap(
    CallContext.read,
    (ambient) =>
      Either.flatMap(parsed(path), (path) =>
        Either.map(
          namespaceOf(namespace ?? path.namespace ?? ambient.namespace, ambient.call.server),
          (namespace) => ({ path, namespace, call: ambient.call })
        ))
  )

/**
 * The options of an operation.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** The namespace of a path that names none. */
  readonly namespace?: string | undefined
}

/**
 * The options of a read.
 *
 * @since 0.1.0
 * @category models
 */
export interface ReadOptions extends Options {
  /**
   * Whether classes are read with their localised text, as with `wbemFlagUseAmendedQualifiers`; `false` by default. With `true`
   * in the locale of the call, with names of locales in the first of them that has text for a class; in US English if none has
   * (`qualifiers` 7.2). Such a class, and an instance of it, is marked `amended`, and a put without the flag refuses it
   * (PA-91).
   */
  readonly amended?: boolean | string | ReadonlyArray<string> | undefined
}

/** The attributes of a span. A path that is no text and no path has none. */
const ofPath = (path: PathInput, options: Options | undefined) => (ambient: string): Attributes => {
  const parts = Either.getOrUndefined(parsed(path))
  return {
    "wmi.namespace": options?.namespace ?? parts?.namespace ?? ambient,
    "wmi.class": parts?.className,
    "wmi.path": typeof path === "string" ? path : ObjectPath.format(path)
  }
}

/** The locales of a read, in order of preference; `undefined` reads the class as it is stored. */
const localesOf = (amended: ReadOptions["amended"], locale: string): ReadonlyArray<string> | undefined => {
  if (amended === undefined || amended === false) return undefined
  return amended === true ? [locale] : typeof amended === "string" ? [amended] : amended
}

/** The same, after a check of each name: `InvalidLocale` or `UnsupportedLocale`. */
const checkedLocales = (
  amended: ReadOptions["amended"],
  ambient: string
): Either.Either<ReadonlyArray<string> | undefined, LocaleError> => {
  const locales = localesOf(amended, ambient)
  for (const locale of locales ?? []) {
    const refusal = localeRefusal(locale)
    if (refusal !== undefined) return Either.left(refusal)
  }
  return Either.right(locales)
}

/**
 * Reads a class with its own members, or an instance with every property of its class. Fails with `NotFound` if it does not
 * exist, with `InvalidClass` if the class of an instance does not, and with `InvalidObjectPath` and a position for a text that
 * is not a path.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Instance, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 *   yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "C:" })))
 *   return yield* Wmi.get('Demo_Disk.Id="c:"')
 * })
 * const disk = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.deepEqual(disk._tag === "Instance" && disk.values, { Id: "C:" })
 * ```
 *
 * @since 0.1.0
 * @category verbs
 */
export const get = (path: PathInput, options?: ReadOptions): Effect.Effect<WbemObject, GetError, Repository> =>
  verb(
    "wmi.get",
    callSite(),
    Effect.flatMap(
      located(path, options?.namespace),
      (request) =>
        Effect.flatMap(
          checkedLocales(options?.amended, request.call.locale),
          (locales) => Effect.flatMap(Repository, (r) => r.get({ ...request, locales }))
        )
    ),
    ofPath(path, options)
  )

/**
 * The system properties that an object has in a namespace, stored or not (`object-model` 10).
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Instance, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 *   yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "C:" })))
 *   return yield* Wmi.systemProperties(Instance.make("Demo_Disk", { Id: "C:" }))
 * })
 * const system = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.equal(system.__RELPATH, 'Demo_Disk.Id="C:"')
 * ```
 *
 * @since 0.1.0
 * @category verbs
 */
export const systemProperties = (
  object: WbemObject,
  options?: Options
): Effect.Effect<SystemProperties.SystemProperties, ListError, NamespaceState> =>
  Effect.flatMap(
    CallContext.read,
    ({ call, namespace }) =>
      Effect.flatMap(snapshot, (state) =>
        Effect.flatMap(namespaceOf(options?.namespace ?? namespace, call.server), (namespace) =>
          catchUnreadable(() =>
            SystemProperties.of(state, object, { server: call.server, namespace })
          )))
  )

/**
 * Deletes a class or an instance; exported as `Wmi.delete`.
 *
 * @since 0.1.0
 * @category verbs
 */
const remove = (
  path: PathInput,
  options?: Options & { readonly flags?: number | undefined }
): Effect.Effect<ObjectPath.ObjectPath, DeleteError, Repository> =>
  verb(
    "wmi.delete",
    callSite(),
    Effect.flatMap(
      located(path, options?.namespace),
      (request) => Effect.flatMap(Repository, (r) => r.delete({ ...request, flags: options?.flags ?? 0 }))
    ),
    ofPath(path, options)
  )

export {
  /**
   * Deletes a class with its subclasses and all their instances, an instance, or a namespace with its content (`delete`).
   * Returns the path of the deleted object. Fails with `NotFound`, `InvalidClass`, `AccessDenied` and others.
   *
   * The localised text of a class is kept: it is a class of its own in the namespace of a locale, put there by another file,
   * and MOF files delete their classes to declare them again. To delete it, delete that class or that namespace.
   *
   * @example
   * ```ts
   * import * as assert from "node:assert/strict"
   * import { Effect } from "effect"
   * import { ClassDefinition, Instance, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
   *
   * const program = Effect.gen(function*() {
   *   yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
   *   yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "C:" })))
   *   yield* Wmi.delete('Demo_Disk.Id="C:"')
   *   return yield* Wmi.instancesOf("Demo_Disk")
   * })
   * assert.deepEqual(await Effect.runPromise(Effect.provide(program, Wmi.layerMemory)), [])
   * ```
   *
   * @since 0.1.0
   * @category verbs
   */
  remove as delete
}

const inNamespace = <A>(
  options: Options | undefined,
  read: (reader: NamespaceReader, namespace: string, locale: string) => Effect.Effect<A, ListError>
): Effect.Effect<A, ListError, NamespaceReader> =>
  Effect.flatMap(
    CallContext.read,
    (ambient) =>
      Effect.flatMap(NamespaceReader, (reader) =>
        Effect.flatMap(
          namespaceOf(options?.namespace ?? ambient.namespace, ambient.call.server),
          (namespace) => read(reader, namespace, ambient.call.locale)
        ))
  )

/**
 * The names of all namespaces, parents first; on a Windows computer of those that its caller may open. A put of an instance of
 * `__NAMESPACE` creates a namespace below the namespace of the call; its delete removes the namespace with its content.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Instance, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   const demo = Instance.make("__NAMESPACE", { Name: "demo" })
 *   yield* PutAsync.put(PutRequest.make(demo, { namespace: "root" }))
 *   return yield* Wmi.namespaces
 * })
 * const names = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.ok(names.includes("root\\demo"))
 * ```
 *
 * @since 0.1.0
 * @category verbs
 */
export const namespaces: Effect.Effect<ReadonlyArray<string>, ListError, NamespaceReader> = /* @__PURE__ */ Effect
  .suspend(
    () => verb("wmi.list_namespaces", undefined, Effect.flatMap(NamespaceReader, (reader) => reader.namespaces()))
  )

/**
 * A namespace and every namespace below it, parents first. Fails with `InvalidNamespace` if it does not exist.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Snapshot, Wmi } from "effect-wmi"
 *
 * const start = Snapshot.empty({ namespaces: ["root\\demo\\disks"] })
 * const names = await Effect.runPromise(Effect.provide(Wmi.namespacesIn("root\\demo"), Wmi.layerMemoryFrom(start)))
 * assert.deepEqual(names, ["root\\demo", "root\\demo\\disks"])
 * ```
 *
 * @since 0.1.0
 * @category verbs
 */
export const namespacesIn = (
  namespace: string
): Effect.Effect<ReadonlyArray<string>, ListError, NamespaceReader> =>
  verb(
    "wmi.list_namespaces",
    callSite(),
    inNamespace({ namespace }, (reader, namespace) => reader.namespaces(namespace)),
    () => ({ "wmi.namespace": namespace })
  )

/**
 * The user classes of a namespace with their own members, parents first; with `system` the system classes in front, which a Windows
 * computer refuses with `NotSupported`. Fails with `InvalidNamespace`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 *   return yield* Wmi.classes({ namespace: "root\\cimv2" })
 * })
 * const classes = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.deepEqual(classes.map(({ name }) => name), ["Demo_Disk"])
 * ```
 *
 * @since 0.1.0
 * @category verbs
 */
export const classes = (
  options?: ReadOptions & { readonly system?: boolean | undefined }
): Effect.Effect<ReadonlyArray<ClassDefinition>, ListError, NamespaceReader> =>
  verb(
    "wmi.list_classes",
    callSite(),
    inNamespace(
      options,
      (reader, namespace, locale) =>
        Effect.flatMap(checkedLocales(options?.amended, locale), (locales) =>
          reader.classes(namespace, { system: options?.system, locales }))
    ),
    (namespace) => ({ "wmi.namespace": options?.namespace ?? namespace })
  )

/**
 * The instances of a class and, unless `deep` is `false`, of its subclasses, with every property of their class. Fails with
 * `InvalidClass` if the class does not exist. Rows that the store cannot read are left out, and a warning names them.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Instance, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 *   yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "C:" })))
 *   return yield* Wmi.instancesOf("Demo_Disk")
 * })
 * const disks = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.deepEqual(disks.map(({ values }) => values["Id"]), ["C:"])
 * ```
 *
 * @since 0.1.0
 * @category verbs
 */
export const instancesOf = (
  className: string,
  options?: ReadOptions & { readonly deep?: boolean | undefined }
): Effect.Effect<ReadonlyArray<Instance>, ListError, NamespaceReader> =>
  verb(
    "wmi.list_instances",
    callSite(),
    inNamespace(
      options,
      (reader, namespace, locale) =>
        Effect.flatMap(
          Either.all([textOf("className", className), checkedLocales(options?.amended, locale)]),
          ([name, locales]) => reader.instancesOf(namespace, name, { deep: options?.deep, locales })
        )
    ),
    (namespace) => ({ "wmi.namespace": options?.namespace ?? namespace, "wmi.class": className })
  )

/**
 * The current state of every namespace, as a restore point. Over a store in memory it takes constant time. Rows that the store
 * cannot read are left out, with a warning; `Snapshot.unreadable` lists them.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   const before = yield* Wmi.snapshot
 *   yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 *   yield* Wmi.restore(before)
 *   return yield* Wmi.classes()
 * })
 * assert.deepEqual(await Effect.runPromise(Effect.provide(program, Wmi.layerMemory)), [])
 * ```
 *
 * @since 0.1.0
 * @category verbs
 */
export const snapshot: Effect.Effect<Snapshot.Snapshot, StoreError, NamespaceState> = /* @__PURE__ */ Effect.suspend(
  () => verb("wmi.snapshot", undefined, Effect.flatMap(NamespaceState, (state) => state.snapshot))
)

/**
 * Replaces the state of every namespace by a snapshot. Any other value fails with `InvalidParameter` and changes nothing.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, Snapshot, Wmi } from "effect-wmi"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const program = Effect.gen(function*() {
 *   yield* Wmi.restore(Snapshot.withObjects(Snapshot.empty(), "root\\cimv2", [Disk]))
 *   return yield* Wmi.classes()
 * })
 * const classes = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.deepEqual(classes.map(({ name }) => name), ["Demo_Disk"])
 * ```
 *
 * @since 0.1.0
 * @category verbs
 */
export const restore = (to: Snapshot.Snapshot): Effect.Effect<void, StoreError | InvalidParameter, NamespaceState> =>
  verb(
    "wmi.restore",
    callSite(),
    Effect.flatMap(
      NamespaceState,
      (state): Effect.Effect<void, StoreError | InvalidParameter> =>
        typeof to === "object" && to !== null && to[Snapshot.TypeId] === Snapshot.TypeId
          ? state.restore(to)
          : Effect.fail(
            new InvalidParameter({ parameter: "snapshot", rule: "put-async 3.2", detail: "it is no snapshot" })
          )
    )
  )

/**
 * Replaces the state of every namespace by the initial one: `root`, `root\cimv2` and `root\default` without user classes.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 *   yield* Wmi.reset
 *   return yield* Wmi.classes()
 * })
 * assert.deepEqual(await Effect.runPromise(Effect.provide(program, Wmi.layerMemory)), [])
 * ```
 *
 * @since 0.1.0
 * @category verbs
 */
export const reset: Effect.Effect<void, StoreError | InvalidParameter, NamespaceState> = /* @__PURE__ */ Effect
  .suspend(() => restore(Snapshot.empty()))

/**
 * A layer of an independent emulator in memory that starts from the current state: later puts on either side do not affect the
 * other. Over a store in memory it takes constant time.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 *   yield* Effect.provide(PutAsync.put(PutRequest.make(Disk)), yield* Wmi.fork)
 *   return yield* Wmi.classes()
 * })
 * assert.deepEqual(await Effect.runPromise(Effect.provide(program, Wmi.layerMemory)), [])
 * ```
 *
 * @since 0.1.0
 * @category verbs
 */
export const fork: Effect.Effect<
  Layer.Layer<PutAsync.Stages | EmulatedRepository.Services>,
  StoreError,
  NamespaceState
> = /* @__PURE__ */ Effect.map(snapshot, layerMemoryFrom)

/**
 * The operations over any repository, an emulated one or a Windows computer, as one service. Its methods need no other service, so a
 * program over it has `Wmi` in its requirements in place of the four stages. The ambient values of `CallContext` are those of the fiber
 * that calls a method.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer } from "effect"
 * import { ClassDefinition, Instance, Property, PutRequest, Wmi } from "effect-wmi"
 *
 * class Inventory extends Effect.Service<Inventory>()("Inventory", {
 *   effect: Effect.map(Wmi.Wmi, (wmi) => ({
 *     add: (id: string) => wmi.put(PutRequest.make(Instance.make("Demo_Disk", { Id: id })))
 *   }))
 * }) {}
 *
 * const program = Effect.gen(function*() {
 *   const wmi = yield* Wmi.Wmi
 *   yield* wmi.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 *   yield* (yield* Inventory).add("C:")
 *   return yield* wmi.get('Demo_Disk.Id="c:"')
 * })
 * const emulator = Layer.provide(Wmi.layerEmulated, Wmi.layerMemory)
 * const disk = await Effect.runPromise(Effect.provide(program, Layer.provideMerge(Inventory.Default, emulator)))
 * assert.deepEqual(disk._tag === "Instance" && disk.values, { Id: "C:" })
 * ```
 *
 * @since 0.1.0
 * @category services
 */
export interface Wmi extends PutAsync.PutAsync {
  /** `BulkPut.run`: an outcome for each request, in order. Requests are read as the outcomes are. */
  readonly bulkPut: <E, R>(
    requests: Stream.Stream<PutRequest, E, R>,
    options?: BulkPut.Options
  ) => Stream.Stream<PutOutcome, E, R>
  /** See {@link get}. */
  readonly get: (path: PathInput, options?: ReadOptions) => Effect.Effect<WbemObject, GetError>
  /** See `Wmi.delete`. */
  readonly delete: (
    path: PathInput,
    options?: Options & { readonly flags?: number | undefined }
  ) => Effect.Effect<ObjectPath.ObjectPath, DeleteError>
  /** The same service with another sink in place of the sink of the layer; `cancel` ends the calls of that sink. */
  readonly withSink: (sink: PutSink.PutSink) => Wmi
}

/**
 * The operations over any repository.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer } from "effect"
 * import { ClassDefinition, Property, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const { events, sink } = PutSink.recording()
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const program = Effect.flatMap(Wmi.Wmi, (wmi) => wmi.withSink(sink).put(PutRequest.make(Disk)))
 * await Effect.runPromise(Effect.provide(program, Layer.provide(Wmi.layerWmi, Wmi.layerMemory)))
 * assert.deepEqual(events(), ["ObjectPut Demo_Disk", "Completed"])
 * ```
 *
 * @since 0.1.0
 * @category services
 */
export const Wmi: Context.Tag<Wmi, Wmi> = /* @__PURE__ */ Context.GenericTag<Wmi>("effect-wmi/Wmi")

/**
 * The operations over an emulated repository as one service: those of `Wmi`, lists, dry runs, states and events. Windows exposes
 * nothing like the last three, so no layer makes this service over a Windows computer. Its lists are the functions of this module.
 *
 * @since 0.1.0
 * @category services
 */
export interface EmulatedWmi extends Wmi {
  /** See `PutAsync.plan`. */
  readonly plan: (request: PutRequest) => Effect.Effect<Decision, PutError>
  /** See {@link systemProperties}. */
  readonly systemProperties: (
    object: WbemObject,
    options?: Options
  ) => Effect.Effect<SystemProperties.SystemProperties, ListError>
  /** See {@link namespaces}. */
  readonly namespaces: Effect.Effect<ReadonlyArray<string>, ListError>
  /** See {@link namespacesIn}. */
  readonly namespacesIn: (namespace: string) => Effect.Effect<ReadonlyArray<string>, ListError>
  /** See {@link classes}. */
  readonly classes: (
    options?: ReadOptions & { readonly system?: boolean | undefined }
  ) => Effect.Effect<ReadonlyArray<ClassDefinition>, ListError>
  /** See {@link instancesOf}. */
  readonly instancesOf: (
    className: string,
    options?: ReadOptions & { readonly deep?: boolean | undefined }
  ) => Effect.Effect<ReadonlyArray<Instance>, ListError>
  /** See {@link snapshot}. */
  readonly snapshot: Effect.Effect<Snapshot.Snapshot, StoreError>
  /** See {@link restore}. */
  readonly restore: (to: Snapshot.Snapshot) => Effect.Effect<void, StoreError | InvalidParameter>
  /** See {@link reset}. */
  readonly reset: Effect.Effect<void, StoreError | InvalidParameter>
  /** See {@link fork}. */
  readonly fork: Effect.Effect<Layer.Layer<PutAsync.Stages | EmulatedRepository.Services>, StoreError>
  /** See `NamespaceEventStream.events`. */
  readonly events: Stream.Stream<WbemEvent>
  /** The same service with another sink in place of the sink of the layer; `cancel` ends the calls of that sink. */
  readonly withSink: (sink: PutSink.PutSink) => EmulatedWmi
}

/**
 * The operations over an emulated repository.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer } from "effect"
 * import { ClassDefinition, Property, PutRequest, Wmi } from "effect-wmi"
 *
 * const Disk = PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") }))
 * const program = Effect.gen(function*() {
 *   const wmi = yield* Wmi.EmulatedWmi
 *   const planned = yield* wmi.plan(Disk)
 *   yield* wmi.put(Disk)
 *   return [planned.report.disposition, (yield* wmi.classes()).length]
 * })
 * const emulator = Layer.provide(Wmi.layerEmulated, Wmi.layerMemory)
 * assert.deepEqual(await Effect.runPromise(Effect.provide(program, emulator)), ["Created", 1])
 * ```
 *
 * @since 0.1.0
 * @category services
 */
export const EmulatedWmi: Context.Tag<EmulatedWmi, EmulatedWmi> = /* @__PURE__ */ Context.GenericTag<EmulatedWmi>(
  "effect-wmi/EmulatedWmi"
)

type EmulatedServices = PutAsync.Stages | EmulatedRepository.Services

const wmiOf = (context: Context.Context<PutAsync.Stages>): Wmi => {
  const repository = Context.get(context, Repository)
  return {
    ...PutAsync.over(context),
    bulkPut: (requests, options) => Stream.provideSomeContext(BulkPut.run(requests, options), context),
    get: (path, options) => Effect.provideService(get(path, options), Repository, repository),
    delete: (path, options) => Effect.provideService(remove(path, options), Repository, repository),
    withSink: (sink) => wmiOf(Context.add(context, PutSink.PutSink, sink))
  }
}

const emulatedWmiOf = (context: Context.Context<EmulatedServices>): EmulatedWmi => {
  const services = Context.pick(NamespaceReader, NamespaceState)(context)
  const read = <A, E>(effect: Effect.Effect<A, E, NamespaceReader | NamespaceState>): Effect.Effect<A, E> =>
    Effect.provide(effect, services)
  return {
    ...wmiOf(context),
    plan: (request) => Effect.provide(PutAsync.plan(request), context),
    systemProperties: (object, options) => read(systemProperties(object, options)),
    namespaces: read(namespaces),
    namespacesIn: (namespace) => read(namespacesIn(namespace)),
    classes: (options) => read(classes(options)),
    instancesOf: (className, options) => read(instancesOf(className, options)),
    snapshot: read(snapshot),
    restore: (to) => read(restore(to)),
    reset: read(reset),
    fork: read(fork),
    events: Stream.provideSomeContext(NamespaceEventStream.events, context),
    withSink: (sink) => emulatedWmiOf(Context.add(context, PutSink.PutSink, sink))
  }
}

/**
 * `Wmi` over the stages of any repository.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Layer } from "effect"
 * import { Wmi } from "effect-wmi"
 * import * as PowerShellRepository from "effect-wmi/windows"
 *
 * // A program over `Wmi.Wmi` runs with either layer.
 * const emulator = Layer.provide(Wmi.layerWmi, Wmi.layerMemory)
 * const windows = Layer.provide(Wmi.layerWmi, Wmi.layer(PowerShellRepository.layer()))
 * assert.ok(Layer.isLayer(emulator) && Layer.isLayer(windows))
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerWmi: Layer.Layer<Wmi, never, PutAsync.Stages> = /* @__PURE__ */ Layer.suspend(() =>
  Layer.effect(
    Wmi,
    Effect.map(Effect.context<PutAsync.Stages>(), (context) => wmiOf(stagesOf(context)))
  )
)

/**
 * `Wmi` and `EmulatedWmi` over the services of an emulated repository, such as those of `Wmi.layerMemory`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer } from "effect"
 * import { Wmi } from "effect-wmi"
 *
 * // With `provideMerge` the stages stay available beside the services.
 * const layer = Layer.provideMerge(Wmi.layerEmulated, Wmi.layerMemory)
 * const names = Effect.flatMap(Wmi.EmulatedWmi, (wmi) => wmi.namespaces)
 * assert.deepEqual(await Effect.runPromise(Effect.provide(names, layer)), ["root", "root\\cimv2", "root\\default"])
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerEmulated: Layer.Layer<Wmi | EmulatedWmi, never, PutAsync.Stages | EmulatedRepository.Services> =
  /* @__PURE__ */ Layer.suspend(() =>
    Layer.effectContext(
      Effect.map(Effect.context<EmulatedServices>(), (context) => {
        const emulated = emulatedWmiOf(
          Context.merge(
            stagesOf(context),
            Context.pick(Planner, NamespaceReader, NamespaceState, NamespaceEvents)(context)
          )
        )
        return Context.make(EmulatedWmi, emulated).pipe(Context.add(Wmi, emulated))
      })
    )
  )

/** The stages alone: ambient values come from the fiber that calls a method, not from the one that builds the layer. */
const stagesOf = (context: Context.Context<PutAsync.Stages>): Context.Context<PutAsync.Stages> =>
  Context.pick(FlagDecoder.FlagDecoder, PutValidator.PutValidator, PutSink.PutSink, Repository)(context)
