/**
 * `SWbemServicesEx` for people who port scripts: positional arguments, numeric flags, errors with a `number`. A thin skin over
 * `PutAsync` and the verbs of `Wmi`; any repository will do.
 *
 * Where a script's line returns, a promise settles: `await services.putAsync(sink, object)` comes back when the call is accepted
 * and throws when it is refused at the start. Nothing is heard before it has (PA-29).
 *
 * Lists of instances and classes need a repository that can list (`NamespaceReader`). Queries, associations, methods and the other
 * asynchronous calls are `NotSupported`.
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
import type { Connection, CallContextInput, Nullish, ScriptSink } from "../objects/connection.ts"
import { type CallSubject, ScriptRuntime, type ConnectionSettings } from "./scriptRuntime.ts"
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

/** Flags of looks: how a list is fetched (0x10, 0x20) makes no difference here. */
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

/** Whether there is no such object. */
const isMissing = (error: WbemError): boolean => error.status === "NotFound" || error.status === "InvalidClass"

/** A class that is asked for by name and is not there. */
const asInvalidClass = (className: string) => (error: WbemError): WbemError =>
  error.status === "NotFound" ? new InvalidClass({ className }) : error

const queryAlternative = "get reads by path, and instancesOf lists a class for the script to choose from"

/** Queries, associations, methods, and what answers to a sink besides a put. `NamespaceEventStream` watches. */
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

/** The classes of the objects embedded in values. */
const embeddedClassNames = (value: unknown): ReadonlyArray<string> => {
  if (Array.isArray(value)) return value.flatMap(embeddedClassNames)
  if (!WbemObjects.isWbemObject(value)) return []
  const name = WbemObjects.className(value)
  return value._tag === "Class" ? [name] : [name, ...Object.values(value.values).flatMap(embeddedClassNames)]
}

const defaultValues = ({ properties }: ResolvedClass.ResolvedClass): ReadonlyArray<unknown> =>
  properties.map(({ value }) => value)

/**
 * A namespace that scripts read and write.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemServicesEx extends Base implements Connection<SWbemObject>, ErrorSlot {
  private readonly script: ScriptRuntime
  private readonly settings: ConnectionSettings
  private readonly release: () => Promise<void>
  private effective: { readonly server: string; readonly locale: string } = { server: ".", locale: "ms_409" }
  readonly security_: SWbemSecurity = new SWbemSecurity(6)

  /** `SWbemLocator` and {@link connectServer} make them. */
  constructor(host: ScriptRuntime, settings: ConnectionSettings, release: () => Promise<void>) {
    super()
    this.script = host
    this.settings = settings
    this.release = release
  }

  get namespace(): string {
    return this.settings.namespace
  }

  /** The name of the server, as paths show it. */
  get server(): string {
    return this.effective.server
  }

  /** The locale of the connection. */
  get locale(): string {
    return this.effective.locale
  }

  private run<A>(effect: Effect.Effect<A, WbemError, Stages>, about?: CallSubject): Promise<A> {
    const seen = Effect.tap(CallContext.read, ({ call: { locale, server } }) => {
      this.effective = { locale, server }
    })
    return this.script.run(Effect.zipRight(seen, effect), this.settings, source, about)
  }

  private request(
    object: Nullish<WbemObject | SWbemObject>,
    iFlags: number,
    objWbemNamedValueSet: CallContextInput,
    objWbemAsyncContext: object | null = null
  ): { readonly request: PutRequest.PutRequest; readonly about: CallSubject | undefined } {
    // What is no object goes on as it is: the start of the put refuses it (`put-async` 3, row 2).
    const request = PutRequest.make(unwrapObject(object) as WbemObject, {
      flags: iFlags,
      context: contextOf(objWbemNamedValueSet),
      asyncContext: objWbemAsyncContext
    })
    return {
      request: { ...request, namespace: this.namespace },
      about: isObject(request.object) ? { object: request.object } : undefined
    }
  }

  /**
   * `PutAsync`: settles when the call is accepted; the outcome goes to the sink. What is no sink or no object is refused with
   * `wbemErrInvalidParameter` here.
   */
  async putAsync(
    objWbemSink: Nullish<ScriptSink>,
    objWbemObject: Nullish<WbemObject | SWbemObject>,
    iFlags: number = 0,
    objWbemNamedValueSet: CallContextInput = null,
    objWbemAsyncContext: object | null = null
  ): Promise<void> {
    const { about, request } = this.request(objWbemObject, iFlags, objWbemNamedValueSet, objWbemAsyncContext)
    // The start of the put refuses what is no sink (`put-async` 3, row 1).
    const sink = (objWbemSink?.sink ?? objWbemSink) as PutSink
    await this.run(PutAsync.withSink(sink)(PutAsync.submit(request)), about)
  }

  /** `Put`: waits, and answers the path. */
  async put(
    objWbemObject: Nullish<WbemObject | SWbemObject>,
    iFlags: number = 0,
    objWbemNamedValueSet: CallContextInput = null
  ): Promise<SWbemObjectPath> {
    const { about, request } = this.request(objWbemObject, iFlags, objWbemNamedValueSet)
    const { path } = await this.run(PutAsync.put(request), about)
    return new SWbemObjectPath(path)
  }

  /** One object, and nothing around it. */
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

  /** A class with all above it. */
  private resolvedClass(
    className: string,
    iFlags: number,
    classCache: Map<string, ResolvedClass.ResolvedClass>,
    descendants: ReadonlyArray<string> = []
  ): Effect.Effect<ResolvedClass.ResolvedClass, WbemError, Repository> {
    const found = classCache.get(CimName.fold(className))
    if (found !== undefined) return Effect.succeed(found)
    return Effect.flatMap(
      this.readObject(ObjectPath.make({ className }), iFlags),
      (definition) =>
        definition._tag === "Class"
          ? this.withParents(definition, iFlags, classCache, descendants)
          : Effect.fail(new InvalidClass({ className }))
    )
  }

  /** A definition that is at hand, below its parents. A parent that is not there, or comes round again, ends it. */
  private withParents(
    definition: ClassDefinition.ClassDefinition,
    iFlags: number,
    classCache: Map<string, ResolvedClass.ResolvedClass>,
    descendants: ReadonlyArray<string> = []
  ): Effect.Effect<ResolvedClass.ResolvedClass, WbemError, Repository> {
    const { superclass = "" } = definition
    const seen = [...descendants, CimName.fold(definition.name)]
    const baseClass = superclass === "" || seen.includes(CimName.fold(superclass))
      ? Effect.succeed(undefined)
      : Effect.catchIf(this.resolvedClass(superclass, iFlags, classCache, seen), isMissing, () => Effect.succeed(undefined))
    return Effect.map(baseClass, (parent) => {
      const resolvedClass = ResolvedClass.make(definition, parent)
      classCache.set(resolvedClass.folded, resolvedClass)
      return resolvedClass
    })
  }

  /** A script's object for one that was read, with the classes it is read with. */
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
      Effect.tap((baseClass) => this.readEmbeddedClasses([Object.values(object.values), ...defaultValues(baseClass)], iFlags, classCache)),
      Effect.map((baseClass) =>
        new SWbemObject({ ...common, object: withExplicitValues(object, baseClass), baseClass, isStored: !baseClass.isDynamic })
      )
    )
  }

  /** The classes of the objects embedded in values, and in the defaults of those. One that cannot be seen is read without its class. */
  private readEmbeddedClasses(
    values: ReadonlyArray<unknown>,
    iFlags: number,
    classCache: Map<string, ResolvedClass.ResolvedClass>,
    walked: Set<string> = new Set()
  ): Effect.Effect<void, WbemError, Repository> {
    const names = embeddedClassNames(values).filter((name) => !walked.has(CimName.fold(name)))
    return Effect.forEach(new Set(names), (name) => {
      walked.add(CimName.fold(name))
      return this.resolvedClass(name, iFlags, classCache).pipe(
        Effect.flatMap((resolvedClass) => this.readEmbeddedClasses(defaultValues(resolvedClass), iFlags, classCache, walked)),
        Effect.ignore
      )
    }, { discard: true })
  }

  /**
   * `Get`: a class or an instance; with an empty path a class that nobody has made yet. The only flag is
   * `wbemFlagUseAmendedQualifiers`.
   */
  async get<P extends object = Members>(
    strObjectPath: Nullish<string | SWbemObjectPath> = "",
    iFlags: number = 0,
    _objWbemNamedValueSet: CallContextInput = null
  ): Promise<SWbemObject & P> {
    const text = pathText(strObjectPath ?? "", source, "strObjectPath")
    const found = text === "" ? Effect.succeed(this.unnamedClass()) : PathText.parse(text).pipe(
      Effect.flatMap((path) => this.readObject(path, iFlags)),
      Effect.flatMap((object) => this.scriptObject(object, iFlags))
    )
    // The type of its members is what the caller says about an object that no type can see.
    return await this.run(
      Effect.zipRight(checkFlags(iFlags, UseAmendedQualifiers), found),
      { operation: "GetObject", parameterInfo: text }
    ) as SWbemObject & P
  }

  private unnamedClass(): SWbemObject {
    return new SWbemObject({ object: ClassDefinition.make(""), baseClass: undefined, connection: this })
  }

  /**
   * The object as the namespace has it now, as the library's value.
   *
   * @internal
   */
  read(strObjectPath: string): Promise<WbemObject> {
    return this.run(Effect.flatMap(PathText.parse(strObjectPath), (path) => this.readObject(path, 0)), {
      operation: "GetObject",
      parameterInfo: strObjectPath
    })
  }

  /** `Delete`. */
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

  /** `InstancesOf`: of the class and of those below it, unless `wbemQueryFlagShallow` is set. */
  async instancesOf(
    strClass: string,
    iFlags: number = 0x10,
    _objWbemNamedValueSet: CallContextInput = null
  ): Promise<SWbemObjectSet<SWbemObject>> {
    requiredText(strClass, source, "strClass")
    const classCache = new Map<string, ResolvedClass.ResolvedClass>()
    const found = checkFlags(iFlags, shallow | fetchFlags | UseAmendedQualifiers).pipe(
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
    return await this.objectSet(found, "CreateInstanceEnum", strClass)
  }

  /**
   * `SubclassesOf`: the classes below one, or every class when none is named; with `wbemQueryFlagShallow` those directly below, or
   * those without a parent.
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
    const found = checkFlags(iFlags, shallow | fetchFlags | UseAmendedQualifiers).pipe(
      Effect.zipRight(listed),
      Effect.flatMap(Effect.forEach((definition) => this.withParents(definition, iFlags, classCache))),
      Effect.filterOrFail(
        (all) => superclass === "" || all.some(({ name }) => CimName.equals(name, superclass)),
        () => new InvalidClass({ className: superclass })
      ),
      Effect.map((all) => all.filter(isBelow)),
      Effect.flatMap(Effect.forEach((resolvedClass) => this.scriptObject(resolvedClass.definition, iFlags, classCache)))
    )
    return await this.objectSet(found, "CreateClassEnum", superclass)
  }

  private async objectSet(
    found: Effect.Effect<ReadonlyArray<SWbemObject>, WbemError, Stages>,
    operation: string,
    parameterInfo: string
  ): Promise<SWbemObjectSet<SWbemObject>> {
    return new SWbemObjectSet(await this.run(found, { operation, parameterInfo }), this.security_)
  }

  /**
   * Whether the namespace is there; throws what a connection to it is refused with.
   *
   * @internal
   */
  async verifyNamespace(): Promise<this> {
    const probe = Effect.catchIf(
      this.readObject(ObjectPath.make({ className: "__SystemClass" }), 0),
      isMissing,
      () => Effect.void // a repository without system classes is one all the same
    )
    await this.run(probe, { operation: "ConnectServer", parameterInfo: this.namespace })
    return this
  }

  /** What `SWbemLastError` takes: the error object of the last refused call of this script. */
  takeLastError(): ExtendedStatus | undefined {
    return this.script.takeLastError()
  }

  /** Ends what has not begun and releases the repository. A locator's connections end with the locator. */
  close(): Promise<void> {
    return this.release()
  }
}

/**
 * A namespace of whatever repository the layer holds, without a locator in front: the connection is the script.
 *
 * @since 0.1.0
 * @category constructors
 */
export const connectServer = (
  stages: Layer.Layer<PutAsync.Stages, unknown>,
  strNamespace: string = "root\\cimv2"
): SWbemServicesEx => {
  const host = new ScriptRuntime(stages)
  return new SWbemServicesEx(host, { namespace: strNamespace }, () => host.close())
}
