/**
 * `SWbemServicesEx` for ported scripts: positional arguments, numeric flags, errors with a `number`. It is a thin layer over `PutAsync`
 * and the functions of `Wmi`, and works with any repository.
 *
 * A promise settles where a script's line returns: `await services.putAsync(sink, object)` resolves when the call is accepted and
 * throws when it is refused at the start. The sink receives no event before the promise has settled (PA-29).
 *
 * Lists of instances and classes need a repository with a `NamespaceReader`. Queries, associations, methods and the other asynchronous
 * calls fail with `NotSupported`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as ResolvedClass from "../../engine/classes/ResolvedClass.ts"
import * as CimName from "../../model/CimName.ts"
import * as ClassDefinition from "../../model/ClassDefinition.ts"
import { defaultNamespace } from "../../model/limits.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { WbemObject } from "../../model/WbemObject.ts"
import * as WbemObjects from "../../model/WbemObject.ts"
import * as CallContext from "../../pipeline/CallContext.ts"
import { NamespaceReader } from "../../pipeline/NamespaceReader.ts"
import * as PutAsync from "../../pipeline/PutAsync.ts"
import type { PutSink } from "../../pipeline/PutSink.ts"
import { Repository } from "../../pipeline/Repository.ts"
import * as PathText from "../../protocol/PathText.ts"
import { UseAmendedQualifiers } from "../../protocol/PutFlags.ts"
import * as PutRequest from "../../protocol/PutRequest.ts"
import { InvalidClass, InvalidParameter, NotSupported, type WbemError } from "../../protocol/WbemError.ts"
import type { ExtendedStatus } from "../../protocol/wbemErrorBase.ts"
import { withExplicitValues } from "../objects/objectState.ts"
import type { CallContextInput, Connection, Nullish, ScriptSink } from "../objects/connection.ts"
import { type CallSubject, type ConnectionSettings, ScriptRuntime } from "./scriptRuntime.ts"
import { alternatives, type UnsupportedMembers, unsupportedMembers } from "../objects/unsupportedMembers.ts"
import type { ErrorSlot } from "../objects/SWbemLastError.ts"
import { contextOf } from "../objects/SWbemNamedValueSet.ts"
import { type Members, SWbemObject } from "../objects/SWbemObject.ts"
import { SWbemObjectPath } from "../objects/SWbemObjectPath.ts"
import { SWbemObjectSet } from "../objects/SWbemObjectSet.ts"
import { SWbemSecurity } from "../objects/SWbemSecurity.ts"
import { optionalText, pathText, requiredText } from "../objects/textArguments.ts"
import { isObject, unwrapObject } from "../objects/variant.ts"

export { SWbemError } from "../objects/SWbemError.ts"

const source = "SWbemServicesEx"

/** Flags of enumerations. The flags that say how a list is fetched (0x10, 0x20) have no effect. */
const shallow = 0x1
const fetchFlags = 0x30

type Stages = PutAsync.Stages | Scope.Scope

const checkFlags = (iFlags: number, accepted: number): Effect.Effect<void, WbemError> =>
  (iFlags & ~accepted) === 0 ? Effect.void : Effect.fail(
    new InvalidParameter({ parameter: "flags", bits: (iFlags & ~accepted) >>> 0, detail: `flags ${iFlags}` })
  )

const isAmended = (iFlags: number): boolean => (iFlags & UseAmendedQualifiers) !== 0

const namespaceReader: Effect.Effect<NamespaceReader, WbemError> = Effect.flatMap(
  Effect.serviceOption(NamespaceReader),
  Option.match({
    onSome: (reader) => Effect.succeed(reader),
    onNone: () => Effect.fail(new NotSupported({ detail: "this repository does not list what it holds" }))
  })
)

/** Whether an error says that the object does not exist. */
const isMissing = (error: WbemError): boolean => error.status === "NotFound" || error.status === "InvalidClass"

/** Turns the `NotFound` of a class name into `InvalidClass`. */
const asInvalidClass = (className: string) => (error: WbemError): WbemError =>
  error.status === "NotFound" ? new InvalidClass({ className }) : error

const queryAlternative = "get reads by path, and instancesOf lists a class for the script to choose from"

/** Queries, associations, methods and the asynchronous calls other than puts, with their alternatives. */
const unsupported: Readonly<Record<Unsupported, string>> = {
  execQuery: queryAlternative,
  execQueryAsync: queryAlternative,
  execNotificationQuery: alternatives.events,
  execNotificationQueryAsync: alternatives.events,
  execMethod: alternatives.methods,
  execMethodAsync: alternatives.methods,
  associatorsOf: alternatives.associations,
  associatorsOfAsync: alternatives.associations,
  referencesTo: alternatives.associations,
  referencesToAsync: alternatives.associations,
  getAsync: "get answers",
  deleteAsync: "delete answers",
  instancesOfAsync: "instancesOf answers",
  subclassesOfAsync: "subclassesOf answers"
}

type Unsupported =
  | "execQuery"
  | "execQueryAsync"
  | "execNotificationQuery"
  | "execNotificationQueryAsync"
  | "execMethod"
  | "execMethodAsync"
  | "associatorsOf"
  | "associatorsOfAsync"
  | "referencesTo"
  | "referencesToAsync"
  | "getAsync"
  | "deleteAsync"
  | "instancesOfAsync"
  | "subclassesOfAsync"

const Base: UnsupportedMembers<Unsupported> = /* @__PURE__ */ unsupportedMembers(source, unsupported)

/** The class names of the objects embedded in values. */
const embeddedClassNames = (value: unknown): ReadonlyArray<string> => {
  if (Array.isArray(value)) return value.flatMap(embeddedClassNames)
  if (!WbemObjects.isWbemObject(value)) return []
  const name = WbemObjects.className(value)
  return value._tag === "Class" ? [name] : [name, ...Object.values(value.values).flatMap(embeddedClassNames)]
}

const defaultValues = ({ properties }: ResolvedClass.ResolvedClass): ReadonlyArray<unknown> =>
  properties.map(({ value }) => value)

/**
 * A connection to a namespace that scripts read and write.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ClassDefinition, Property, Wmi } from "effect-wmi"
 * import { connectServer } from "effect-wmi/scripting"
 *
 * const services = connectServer(Wmi.layerMemory)
 * await services.put(ClassDefinition.make("Demo_Disk", { DeviceID: Property.key("string") }))
 * const disk = (await services.get("Demo_Disk")).spawnInstance_<{ DeviceID: string }>()
 * disk.DeviceID = "C:"
 * assert.equal((await disk.put_()).relPath, 'Demo_Disk.DeviceID="C:"')
 * await services.close()
 * ```
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemServicesEx extends Base implements Connection<SWbemObject>, ErrorSlot {
  private readonly script: ScriptRuntime
  private readonly settings: ConnectionSettings
  private readonly release: () => Promise<void>
  private effective: { readonly server: string; readonly locale: string } = { server: ".", locale: "ms_409" }
  /** The levels and privileges of the connection. */
  readonly security_: SWbemSecurity = new SWbemSecurity(6)

  /** `SWbemLocator` and {@link connectServer} construct services objects. */
  constructor(script: ScriptRuntime, settings: ConnectionSettings, release: () => Promise<void>) {
    super()
    this.script = script
    this.settings = settings
    this.release = release
  }

  /** The full name of the namespace. */
  get namespace(): string {
    return this.settings.namespace
  }

  /** The name of the server in paths. */
  get server(): string {
    return this.effective.server
  }

  /** The locale of the connection. */
  get locale(): string {
    return this.effective.locale
  }

  /** Runs an effect with the settings of the connection, and keeps the server and locale that it read. */
  private run<A>(effect: Effect.Effect<A, WbemError, Stages>, subject?: CallSubject): Promise<A> {
    const readSettings = Effect.tap(CallContext.read, ({ call: { locale, server } }) => {
      this.effective = { locale, server }
    })
    return this.script.run(Effect.zipRight(readSettings, effect), this.settings, source, subject)
  }

  /** The request of a put, and the object that its error is about. */
  private request(
    object: Nullish<WbemObject | SWbemObject>,
    iFlags: number,
    objWbemNamedValueSet: CallContextInput,
    objWbemAsyncContext: object | null = null
  ): { readonly request: PutRequest.PutRequest; readonly subject: CallSubject | undefined } {
    // A value that is no object is passed on: the start of the put refuses it (`put-async` 3, row 2).
    const request = PutRequest.make(unwrapObject(object) as WbemObject, {
      namespace: this.namespace,
      flags: iFlags,
      context: contextOf(objWbemNamedValueSet),
      asyncContext: objWbemAsyncContext
    })
    return {
      request,
      subject: isObject(request.object) ? { object: request.object } : undefined
    }
  }

  /**
   * `PutAsync`: settles when the call is accepted; the outcome is delivered to the sink. Fails with `wbemErrInvalidParameter` when the
   * sink or the object is none.
   */
  async putAsync(
    objWbemSink: Nullish<ScriptSink>,
    objWbemObject: Nullish<WbemObject | SWbemObject>,
    iFlags: number = 0,
    objWbemNamedValueSet: CallContextInput = null,
    objWbemAsyncContext: object | null = null
  ): Promise<void> {
    const { request, subject } = this.request(objWbemObject, iFlags, objWbemNamedValueSet, objWbemAsyncContext)
    // The start of the put refuses a value that is no sink (`put-async` 3, row 1).
    const sink = (objWbemSink?.sink ?? objWbemSink) as PutSink
    await this.run(PutAsync.withSink(sink)(PutAsync.submit(request)), subject)
  }

  /** `Put`: waits for the put and returns the path of the object. */
  async put(
    objWbemObject: Nullish<WbemObject | SWbemObject>,
    iFlags: number = 0,
    objWbemNamedValueSet: CallContextInput = null
  ): Promise<SWbemObjectPath> {
    const { request, subject } = this.request(objWbemObject, iFlags, objWbemNamedValueSet)
    const { path } = await this.run(PutAsync.put(request), subject)
    return new SWbemObjectPath(path)
  }

  /** Reads one object of the library, without its class. */
  private readObject(path: ObjectPath.ObjectPath, iFlags: number): Effect.Effect<WbemObject, WbemError, Repository> {
    const { namespace } = this
    return Effect.flatMap(
      CallContext.read,
      ({ call }) =>
        Effect.flatMap(
          Repository,
          (repository) =>
            repository.get({ path, namespace, call, locales: isAmended(iFlags) ? [call.locale] : undefined })
        )
    )
  }

  /** Reads a class and its superclasses. `descendants` are the folded names of the classes read on the way, so that a circle ends. */
  private resolvedClass(
    className: string,
    iFlags: number,
    classCache: Map<string, ResolvedClass.ResolvedClass>,
    descendants: ReadonlyArray<string> = []
  ): Effect.Effect<ResolvedClass.ResolvedClass, WbemError, Repository> {
    const cached = classCache.get(CimName.fold(className))
    if (cached !== undefined) return Effect.succeed(cached)
    return Effect.flatMap(
      this.readObject(ObjectPath.make({ className }), iFlags),
      (definition) =>
        definition._tag === "Class"
          ? this.withParents(definition, iFlags, classCache, descendants)
          : Effect.fail(new InvalidClass({ className }))
    )
  }

  /** Resolves a definition that was read: reads its superclasses. A missing superclass and a cycle end the chain. */
  private withParents(
    definition: ClassDefinition.ClassDefinition,
    iFlags: number,
    classCache: Map<string, ResolvedClass.ResolvedClass>,
    descendants: ReadonlyArray<string> = []
  ): Effect.Effect<ResolvedClass.ResolvedClass, WbemError, Repository> {
    const { superclass = "" } = definition
    const chain = [...descendants, CimName.fold(definition.name)]
    const superclassOrNone = superclass === "" || chain.includes(CimName.fold(superclass))
      ? Effect.succeed(undefined)
      : Effect.catchIf(
        this.resolvedClass(superclass, iFlags, classCache, chain),
        isMissing,
        () => Effect.succeed(undefined)
      )
    return Effect.map(superclassOrNone, (parent) => {
      const resolvedClass = ResolvedClass.make(definition, parent)
      classCache.set(resolvedClass.folded, resolvedClass)
      return resolvedClass
    })
  }

  /** Makes the script object of an object that was read: reads its class and the classes of embedded objects. */
  private scriptObject(
    object: WbemObject,
    iFlags: number,
    classCache: Map<string, ResolvedClass.ResolvedClass> = new Map()
  ): Effect.Effect<SWbemObject, WbemError, Repository> {
    const common = { connection: this, classes: classCache }
    if (object._tag === "Class") {
      return this.withParents(object, iFlags, classCache).pipe(
        Effect.tap((registered) => this.readEmbeddedClasses(defaultValues(registered), iFlags, classCache)),
        Effect.map((registered) =>
          new SWbemObject({ ...common, object, baseClass: registered.parent, registered, isStored: true })
        )
      )
    }
    return this.resolvedClass(object.className, iFlags, classCache).pipe(
      Effect.tap((baseClass) =>
        this.readEmbeddedClasses([Object.values(object.values), ...defaultValues(baseClass)], iFlags, classCache)
      ),
      Effect.map((baseClass) =>
        new SWbemObject({
          ...common,
          object: withExplicitValues(object, baseClass),
          baseClass,
          isStored: !baseClass.isDynamic
        })
      )
    )
  }

  /**
   * Reads the classes of the objects embedded in values, and in the defaults of those classes. An embedded object whose class cannot be
   * read has no class.
   */
  private readEmbeddedClasses(
    values: ReadonlyArray<unknown>,
    iFlags: number,
    classCache: Map<string, ResolvedClass.ResolvedClass>,
    visited: Set<string> = new Set()
  ): Effect.Effect<void, WbemError, Repository> {
    const names = embeddedClassNames(values).filter((name) => !visited.has(CimName.fold(name)))
    return Effect.forEach(new Set(names), (name) => {
      visited.add(CimName.fold(name))
      return this.resolvedClass(name, iFlags, classCache).pipe(
        Effect.flatMap((resolvedClass) =>
          this.readEmbeddedClasses(defaultValues(resolvedClass), iFlags, classCache, visited)
        ),
        Effect.ignore
      )
    }, { discard: true })
  }

  /**
   * `Get`: reads a class or an instance. An empty path returns a new class without a name. The only flag is
   * `wbemFlagUseAmendedQualifiers`.
   */
  async get<P extends object = Members>(
    strObjectPath: Nullish<string | SWbemObjectPath> = "",
    iFlags: number = 0,
    _objWbemNamedValueSet: CallContextInput = null
  ): Promise<SWbemObject & P> {
    const text = pathText(strObjectPath ?? "", source, "strObjectPath")
    const result = text === "" ? Effect.succeed(this.unnamedClass()) : PathText.parse(text).pipe(
      Effect.flatMap((path) => this.readObject(path, iFlags)),
      Effect.flatMap((object) => this.scriptObject(object, iFlags))
    )
    // The caller states the types of the properties; the compiler cannot know them.
    return await this.run(
      Effect.zipRight(checkFlags(iFlags, UseAmendedQualifiers), result),
      { operation: "GetObject", parameterInfo: text }
    ) as SWbemObject & P
  }

  /** A new class without a name: what `get` returns for an empty path. */
  private unnamedClass(): SWbemObject {
    return new SWbemObject({ object: ClassDefinition.make(""), baseClass: undefined, connection: this })
  }

  /**
   * Reads an object of the library from the namespace.
   *
   * @internal
   */
  read(strObjectPath: string): Promise<WbemObject> {
    return this.run(Effect.flatMap(PathText.parse(strObjectPath), (path) => this.readObject(path, 0)), {
      operation: "GetObject",
      parameterInfo: strObjectPath
    })
  }

  /** `Delete`: deletes a class or an instance. */
  async delete(
    strObjectPath: string | SWbemObjectPath,
    iFlags: number = 0,
    _objWbemNamedValueSet: CallContextInput = null
  ): Promise<void> {
    const { namespace } = this
    const text = pathText(strObjectPath, source, "strObjectPath")
    const parsed = PathText.parse(text)
    const operation = parsed._tag === "Right" && ObjectPath.kind(parsed.right) === "class"
      ? "DeleteClass"
      : "DeleteInstance"
    await this.run(
      Effect.flatMap(
        parsed,
        (path) =>
          Effect.flatMap(
            CallContext.read,
            ({ call }) =>
              Effect.flatMap(Repository, (repository) => repository.delete({ path, namespace, call, flags: iFlags }))
          )
      ),
      { operation, parameterInfo: text }
    )
  }

  /** `InstancesOf`: the instances of a class and of its subclasses; of the class alone with `wbemQueryFlagShallow`. */
  async instancesOf(
    strClass: string,
    iFlags: number = 0x10,
    _objWbemNamedValueSet: CallContextInput = null
  ): Promise<SWbemObjectSet<SWbemObject>> {
    requiredText(strClass, source, "strClass")
    const classCache = new Map<string, ResolvedClass.ResolvedClass>()
    const result = checkFlags(iFlags, shallow | fetchFlags | UseAmendedQualifiers).pipe(
      Effect.zipRight(Effect.mapError(this.resolvedClass(strClass, iFlags, classCache), asInvalidClass(strClass))),
      Effect.zipRight(Effect.all([namespaceReader, CallContext.read])),
      Effect.flatMap(([reader, { call }]) =>
        reader.instancesOf(this.namespace, strClass, {
          deep: (iFlags & shallow) === 0,
          locales: isAmended(iFlags) ? [call.locale] : undefined
        })
      ),
      Effect.flatMap(Effect.forEach((instance) => this.scriptObject(instance, iFlags, classCache)))
    )
    return await this.objectSet(result, "CreateInstanceEnum", strClass)
  }

  /**
   * `SubclassesOf`: all classes below a class, or all classes when no name is given. With `wbemQueryFlagShallow` only the direct
   * subclasses, or the classes without a parent.
   */
  async subclassesOf(
    strSuperclass: Nullish<string> = "",
    iFlags: number = 0x10,
    _objWbemNamedValueSet: CallContextInput = null
  ): Promise<SWbemObjectSet<SWbemObject>> {
    const superclass = optionalText(strSuperclass, source, "strSuperclass") ?? ""
    const classCache = new Map<string, ResolvedClass.ResolvedClass>()
    const isBelow = ({ parent }: ResolvedClass.ResolvedClass): boolean =>
      (iFlags & shallow) !== 0
        ? CimName.equals(parent?.name ?? "", superclass)
        : superclass === "" || (parent !== undefined && ResolvedClass.isOrDerivesFrom(parent, superclass))
    const listed = Effect.flatMap(
      namespaceReader,
      (reader) =>
        Effect.flatMap(
          CallContext.read,
          ({ call }) =>
            reader.classes(this.namespace, { system: true, locales: isAmended(iFlags) ? [call.locale] : undefined })
        )
    )
    const result = checkFlags(iFlags, shallow | fetchFlags | UseAmendedQualifiers).pipe(
      Effect.zipRight(listed),
      Effect.flatMap(Effect.forEach((definition) => this.withParents(definition, iFlags, classCache))),
      Effect.filterOrFail(
        (classes) => superclass === "" || classes.some(({ name }) => CimName.equals(name, superclass)),
        () => new InvalidClass({ className: superclass })
      ),
      Effect.map((classes) => classes.filter(isBelow)),
      Effect.flatMap(Effect.forEach((resolvedClass) => this.scriptObject(resolvedClass.definition, iFlags, classCache)))
    )
    return await this.objectSet(result, "CreateClassEnum", superclass)
  }

  /** Runs a list and makes the set of its objects. */
  private async objectSet(
    result: Effect.Effect<ReadonlyArray<SWbemObject>, WbemError, Stages>,
    operation: string,
    parameterInfo: string
  ): Promise<SWbemObjectSet<SWbemObject>> {
    return new SWbemObjectSet(await this.run(result, { operation, parameterInfo }), this.security_)
  }

  /**
   * Checks that the namespace exists and accepts the connection; throws the refusal.
   *
   * @internal
   */
  async verifyNamespace(): Promise<this> {
    const probe = Effect.catchIf(
      this.readObject(ObjectPath.make({ className: "__SystemClass" }), 0),
      isMissing,
      () => Effect.void // a repository without system classes is accepted
    )
    await this.run(probe, { operation: "ConnectServer", parameterInfo: this.namespace })
    return this
  }

  /** Returns the error object of the last refused call of this script and empties the slot; `SWbemLastError` calls it. */
  takeLastError(): ExtendedStatus | undefined {
    return this.script.takeLastError()
  }

  /**
   * Cancels the calls that have not begun and releases the repository. On a connection of a locator this does nothing: it ends with the
   * locator.
   */
  close(): Promise<void> {
    return this.release()
  }
}

/**
 * Connects to a namespace of a repository without a locator: the connection stands for the script.
 *
 * @since 0.1.0
 * @category constructors
 */
export const connectServer = (
  stages: Layer.Layer<PutAsync.Stages, unknown>,
  strNamespace: string = defaultNamespace
): SWbemServicesEx => {
  const script = new ScriptRuntime(stages)
  return new SWbemServicesEx(script, { namespace: strNamespace }, () => script.close())
}
