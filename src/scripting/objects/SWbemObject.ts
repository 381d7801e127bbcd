/**
 * `SWbemObject` and `SWbemObjectEx`: a class or an instance that a script reads, changes in place and writes with `put_`.
 *
 * The script object holds an immutable object of the library and replaces it at every change. A put takes the object that is current
 * at the call (PA-4), so later changes of the script do not affect it. Members that access the namespace return promises; all others
 * return at once.
 *
 * The members of every object end in an underscore, as WMI's do; the name of a user property cannot. Every other name is a property of
 * the WMI object, compared without case: `disk.FreeSpace = 5` is `disk.properties_.item("FreeSpace").value = 5`. A type parameter
 * gives the types of these properties: `services.get<{ FreeSpace: string }>(path)`. A name that the object does not have reads as
 * `undefined` and cannot be assigned. A property called `then` is reached through `properties_` only, because `await` reads `then` of
 * every object.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import type { ResolvedClass } from "../../engine/classes/ResolvedClass.ts"
import * as SystemProperties from "../../engine/classes/SystemProperties.ts"
import * as CimName from "../../model/CimName.ts"
import * as ClassDefinition from "../../model/ClassDefinition.ts"
import * as Instance from "../../model/Instance.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { WbemObject } from "../../model/WbemObject.ts"
import * as WbemObjects from "../../model/WbemObject.ts"
import * as Mof from "../../mof/Mof.ts"
import { type ChangeListener, ClassState, InstanceState, type ObjectState, withExplicitValues } from "./objectState.ts"
import * as Comparison from "./comparison.ts"
import type { CallContextInput, Connection, Nullish, ScriptSink } from "./connection.ts"
import { alternatives, notSupported, type UnsupportedMembers, unsupportedMembers } from "./unsupportedMembers.ts"
import { refusal, requireZeroFlags } from "./refusal.ts"
import { SWbemError } from "./SWbemError.ts"
import { type MethodOwner, SWbemMethodSet } from "./SWbemMethodSet.ts"
import { SWbemObjectPath } from "./SWbemObjectPath.ts"
import type { SWbemObjectSet } from "./SWbemObjectSet.ts"
import type { PropertyOwner } from "./propertyOwner.ts"
import { readProperty, SWbemPropertySet, writeProperty } from "./SWbemPropertySet.ts"
import { SWbemQualifierSet } from "./SWbemQualifierSet.ts"
import { SWbemSecurity } from "./SWbemSecurity.ts"
import { systemOwner } from "./systemProperties.ts"
import { defaultValueOf, type ScriptObject, type VariantInput } from "./variant.ts"

export type { ScriptObject, Variant, VariantInput } from "./variant.ts"

const source = "SWbemObject"

/**
 * The properties of an object without a type parameter: they accept any {@link VariantInput} and read as a {@link Variant}.
 *
 * @since 0.1.0
 * @category models
 */
export interface Members {
  /** A property of the WMI object by its name. */
  [name: string]: VariantInput
}

/**
 * What an `SWbemObject` is constructed from; `SWbemServicesEx` constructs them.
 *
 * @since 0.1.0
 * @category models
 */
export interface ObjectInit {
  readonly object: WbemObject
  /** The class of an instance, or the parent of a class. */
  readonly baseClass: ResolvedClass | undefined
  /** A class as it was read from a namespace. Only such a class can spawn instances and derived classes. */
  readonly registered?: ResolvedClass | undefined
  readonly connection?: Connection<SWbemObject> | undefined
  /** The classes of embedded objects by folded name, as far as they were read. */
  readonly classes?: ReadonlyMap<string, ResolvedClass> | undefined
  readonly cloned?: boolean | undefined
  /** Whether the object was read from a store, whose namespace names begin with `ROOT` in capitals (`object-model` 10). */
  readonly isStored?: boolean | undefined
  /** Called after every change. The owner of an embedded object listens here. */
  readonly onChange?: ChangeListener | undefined
}

interface Internals extends ObjectInit {
  state: ObjectState
  registered: ResolvedClass | undefined
  isStored: boolean
  classes: ReadonlyMap<string, ResolvedClass>
  readonly owner: PropertyOwner
}

/**
 * The internal state of each script object. It is kept outside the object so that its names cannot collide with properties of the WMI
 * object. An object and its proxy share one entry.
 */
const internals = /* @__PURE__ */ new WeakMap<SWbemObject, Internals>()

const internalsOf = (object: SWbemObject): Internals => internals.get(object)!

const stateOf = (object: WbemObject, baseClass: ResolvedClass | undefined, onChange?: ChangeListener): ObjectState =>
  object._tag === "Class" ? new ClassState(object, baseClass, onChange) : new InstanceState(object, baseClass, onChange)

/**
 * The spelling of the namespace in the object's system properties: that of the connection, with the first element in capitals if the
 * object was read or was spawned from a class that was read (`object-model` 10). An instance of a provider keeps the spelling.
 */
const namespaceText = ({ connection, isStored }: Internals): string => {
  const { namespace = "" } = connection ?? {}
  return isStored ? SystemProperties.namespaceAsRead(namespace) : namespace
}

const systemPropertiesOf = (self: Internals): SystemProperties.SystemProperties => {
  const { baseClass, object } = self.state
  const parent = object._tag === "Class" ? baseClass : baseClass?.parent
  const { server = "" } = self.connection ?? {}
  const namespace = namespaceText(self)
  const stored = object._tag === "Class" ? undefined : baseClass
  const properties = SystemProperties.fromClasses(object, { parent, stored }, { server, namespace })
  return self.connection === undefined ? { ...properties, __PATH: null } : properties // an object without a namespace has no path
}

const isSystem = CimName.isSystemName

/** Whether the class name of an object can be set: true of a class that is not stored yet and of the clone of a class. */
const canBeNamed = (self: Internals): self is Internals & { readonly state: ClassState } =>
  self.state instanceof ClassState && (self.cloned === true || self.registered === undefined)

/** Sets the name of a class (`object-model` 10). */
const rename = (self: Internals, className: string): void => {
  if (!canBeNamed(self)) {
    const current = WbemObjects.className(self.state.object)
    throw refusal("ReadOnly", source, `the class is called ${current}`, "object-model 10")
  }
  self.state.edit({ name: className })
}

const systemOwnerOf = (self: Internals): Omit<PropertyOwner, "wrap" | "registerClass"> =>
  systemOwner(() => systemPropertiesOf(self), (className) => rename(self, className))

const makeInternals = (init: ObjectInit): Internals => {
  const owner: PropertyOwner = {
    names: () => self.state.names(),
    find: (name) => isSystem(name) ? systemOwnerOf(self).find(name) : self.state.find(name),
    add: (name, type) => self.state.add(name, type),
    remove: (name) => isSystem(name) ? systemOwnerOf(self).remove(name) : self.state.remove(name),
    wrap: (object, onChange) => embeddedObject(self, object, onChange),
    registerClass: (value) => {
      for (const element of [defaultValueOf(value)].flat()) {
        if (element instanceof SWbemObject) registerClassesOf(self, internalsOf(element))
      }
    }
  }
  const self: Internals = {
    ...init,
    registered: init.registered,
    isStored: init.isStored ?? false,
    classes: init.classes ?? new Map(),
    state: stateOf(init.object, init.baseClass, init.onChange),
    owner
  }
  return self
}

/** The script object of an embedded object, which has no namespace of its own. */
const embeddedObject = ({ classes }: Internals, object: WbemObject, onChange?: ChangeListener): SWbemObject => {
  const stored = classes.get(CimName.fold(WbemObjects.className(object)))
  return new SWbemObject({
    object,
    baseClass: object._tag === "Class" ? stored?.parent : stored,
    registered: object._tag === "Class" ? stored : undefined,
    classes,
    onChange
  })
}

/** Adds the class of an object that becomes embedded in `self`, and the classes of the objects embedded in it. */
const registerClassesOf = (self: Internals, { state, classes, registered }: Internals): void => {
  const own = state.object._tag === "Class" ? registered : state.baseClass
  self.classes = new Map([...self.classes, ...classes, ...(own === undefined ? [] : [[own.folded, own] as const])])
}

/** Whether a name is a member of every script object, and not a property of the WMI object. */
const isOwnMember = (name: string): boolean => name.endsWith("_") || name === "then"

const propertyAccess: ProxyHandler<SWbemObject> = {
  get: (target, name) => {
    if (typeof name === "symbol" || isOwnMember(name)) return Reflect.get(target, name)
    const { state, owner } = internalsOf(target)
    const value = readProperty(owner, name)
    if (value !== undefined) return value
    const method = CimName.find(state.methods(), name)
    return method === undefined
      ? Reflect.get(target, name)
      : () => Promise.reject(notSupported(source, `the method ${method.name}`, alternatives.methods))
  },
  set: (target, name, value: VariantInput) => {
    if (typeof name === "symbol" || isOwnMember(name)) return Reflect.set(target, name, value)
    writeProperty(internalsOf(target).owner, name, value)
    return true
  },
  has: (target, name) =>
    (typeof name === "string" && !isOwnMember(name) && internalsOf(target).owner.find(name) !== undefined)
    || Reflect.has(target, name)
}

/** Methods, associations and the asynchronous calls other than puts. */
const unsupported: Readonly<Record<Unsupported, string>> = {
  execMethod_: alternatives.methods,
  execMethodAsync_: alternatives.methods,
  associators_: alternatives.associations,
  associatorsAsync_: alternatives.associations,
  references_: alternatives.associations,
  referencesAsync_: alternatives.associations,
  deleteAsync_: "delete_ answers",
  instancesAsync_: "instances_ answers",
  subclassesAsync_: "subclasses_ answers"
}

type Unsupported =
  | "execMethod_"
  | "execMethodAsync_"
  | "associators_"
  | "associatorsAsync_"
  | "references_"
  | "referencesAsync_"
  | "deleteAsync_"
  | "instancesAsync_"
  | "subclassesAsync_"

const Base: UnsupportedMembers<Unsupported> = /* @__PURE__ */ unsupportedMembers(source, unsupported)

/**
 * A class or an instance of WMI.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemObject extends Base implements ScriptObject {
  /**
   * The services object and other objects construct objects. The properties of the WMI object are read and written as members of the
   * result.
   */
  constructor(init: ObjectInit) {
    super()
    const self = makeInternals(init)
    const proxy = new Proxy(this, propertyAccess)
    internals.set(this, self)
    internals.set(proxy, self)
    return proxy
  }

  /** The connection that the object was read through; fails with `NotSupported` when there is none. */
  private get connection_(): Connection<SWbemObject> {
    const { connection } = internalsOf(this)
    if (connection === undefined) throw refusal("NotSupported", source, "the object belongs to no namespace")
    return connection
  }

  /** The current object of the library. */
  toWbemObject_(): WbemObject {
    return internalsOf(this).state.object
  }

  /** The properties, without system properties. */
  get properties_(): SWbemPropertySet {
    return new SWbemPropertySet(internalsOf(this).owner)
  }

  /** The qualifiers of the class or instance. */
  get qualifiers_(): SWbemQualifierSet {
    return new SWbemQualifierSet(internalsOf(this).state.qualifierOwner)
  }

  /** The methods of the class, or of the class of the instance. */
  get methods_(): SWbemMethodSet<SWbemObject> {
    const { state } = internalsOf(this)
    const owner: MethodOwner<SWbemObject> = { methods: () => state.methods(), parametersObject: methodParametersObject }
    return new SWbemMethodSet(owner)
  }

  /** `SWbemObjectEx.SystemProperties_`: read-only, except `__CLASS` of a class that is not stored, which names the class. */
  get systemProperties_(): SWbemPropertySet {
    const self = internalsOf(this)
    return new SWbemPropertySet({
      ...systemOwnerOf(self),
      wrap: self.owner.wrap,
      registerClass: self.owner.registerClass
    })
  }

  /** The names of the superclasses, the direct parent first. */
  get derivation_(): ReadonlyArray<string> {
    return systemPropertiesOf(internalsOf(this)).__DERIVATION
  }

  /**
   * The current path. Only its `class` can be written, and only while the class is not stored: writing it names the class. Every part
   * of a clone's path can be written; writing the `class` of a cloned class makes it another class.
   */
  get path_(): SWbemObjectPath {
    const self = internalsOf(this)
    const { cloned = false, connection } = self
    const { __RELPATH: relPath, __CLASS: className } = systemPropertiesOf(self)
    const known = { server: connection?.server, namespace: connection === undefined ? undefined : namespaceText(self) }
    const parsed = relPath === null ? undefined : Either.getOrUndefined(ObjectPath.parse(relPath))
    const path = ObjectPath.make({ ...(parsed ?? { className: className ?? undefined }), ...known })
    return new SWbemObjectPath(path, {
      writable: cloned,
      locale: connection?.locale ?? "",
      hasPath: relPath !== null || self.state.object._tag === "Class",
      rename: (strClass) => {
        const isUnchanged = cloned || CimName.equals(strClass, className ?? "")
        if (canBeNamed(self) || !isUnchanged) rename(self, strClass)
      }
    })
  }

  /** The security settings of the services object. */
  get security_(): SWbemSecurity {
    return internalsOf(this).connection?.security_ ?? new SWbemSecurity()
  }

  /** `Put_`: writes the object to its namespace and returns its path. */
  async put_(iFlags: number = 0, objWbemNamedValueSet: CallContextInput = null): Promise<SWbemObjectPath> {
    return await this.connection_.put(this.toWbemObject_(), iFlags, objWbemNamedValueSet)
  }

  /** `PutAsync_`: settles when the call is accepted. The outcome is delivered to the sink. */
  async putAsync_(
    objWbemSink: Nullish<ScriptSink>,
    iFlags: number = 0,
    objWbemNamedValueSet: CallContextInput = null,
    objWbemAsyncContext: object | null = null
  ): Promise<void> {
    const object = this.toWbemObject_()
    return await this.connection_.putAsync(objWbemSink, object, iFlags, objWbemNamedValueSet, objWbemAsyncContext)
  }

  /**
   * `Delete_`. Fails with `InvalidOperation` when the object has no path: an instance whose key the put generated is deleted with
   * `SWbemServicesEx.delete` and the path that the put returned.
   */
  async delete_(iFlags: number = 0, objWbemNamedValueSet: CallContextInput = null): Promise<void> {
    const connection = this.connection_
    const { relPath } = this.path_
    if (relPath === "") throw refusal("InvalidOperation", source, "the object has no path")
    return await connection.delete(relPath, iFlags, objWbemNamedValueSet)
  }

  /** `Instances_`: the instances of this class. Fails with `IllegalOperation` on an instance. */
  async instances_(
    iFlags: number = 0x10,
    objWbemNamedValueSet: CallContextInput = null
  ): Promise<SWbemObjectSet<SWbemObject>> {
    return await this.connection_.instancesOf(this.classOnly_("Instances_"), iFlags, objWbemNamedValueSet)
  }

  /**
   * `Subclasses_`: all classes below this class. Microsoft's page says that `wbemQueryFlagShallow` is the default; the type library says
   * 0x10, which is the default here. Fails with `IllegalOperation` on an instance.
   */
  async subclasses_(
    iFlags: number = 0x10,
    objWbemNamedValueSet: CallContextInput = null
  ): Promise<SWbemObjectSet<SWbemObject>> {
    return await this.connection_.subclassesOf(this.classOnly_("Subclasses_"), iFlags, objWbemNamedValueSet)
  }

  /** The name of the class; fails with `IllegalOperation` for an instance. */
  private classOnly_(member: string): string {
    const object = this.toWbemObject_()
    if (object._tag === "Class") return object.name
    throw refusal("IllegalOperation", source, `${member} is for classes`)
  }

  /** `SWbemObjectEx.Refresh_`: reads the object again and discards changes that were not put. */
  async refresh_(iFlags: number = 0): Promise<void> {
    requireZeroFlags(iFlags, source)
    const object = await this.connection_.read(this.path_.relPath)
    const self = internalsOf(this)
    const isInstance = object._tag === "Instance" && self.baseClass !== undefined
    self.state = stateOf(isInstance ? withExplicitValues(object, self.baseClass) : object, self.baseClass)
    self.isStored = object._tag === "Class" || self.baseClass?.isDynamic !== true // otherwise a provider made it
    if (self.state instanceof ClassState) self.registered = self.state.resolvedClass
  }

  /**
   * `SpawnInstance_`: a new instance with the defaults of the class, in memory only. Fails with `IncompleteClass` if the class was not
   * read from a namespace. On an instance it makes another, empty instance of the same class.
   */
  spawnInstance_<P extends object = Members>(iFlags: number = 0): SWbemObject & P {
    requireZeroFlags(iFlags, source)
    const { state: { baseClass, object }, classes, connection, isStored } = internalsOf(this)
    const spawnedFrom = object._tag === "Class" ? this.registered_ : baseClass
    const name = spawnedFrom?.name ?? WbemObjects.className(object)
    const { amended } = object // an instance of an amended class is amended (`qualifiers` 7.3)
    const instance = Instance.make(name, {}, { amended })
    const created = new SWbemObject({ object: instance, baseClass: spawnedFrom, connection, classes, isStored })
    // The caller states the types of the properties; the compiler cannot know them.
    return created as SWbemObject & P
  }

  /** `SpawnDerivedClass_`: a subclass of this class without a name, in memory only. Fails with `IllegalOperation` on an instance. */
  spawnDerivedClass_(iFlags: number = 0): SWbemObject {
    requireZeroFlags(iFlags, source)
    const { state: { object }, classes, connection, isStored } = internalsOf(this)
    if (object._tag === "Instance") throw refusal("IllegalOperation", source, "an instance has no subclasses")
    const baseClass = this.registered_
    return new SWbemObject({
      object: ClassDefinition.make("", {}, { superclass: baseClass.name, amended: object.amended }),
      baseClass,
      connection,
      classes,
      isStored
    })
  }

  /** The current class. Fails with `IncompleteClass` if it was not read from a namespace, or was renamed since. */
  private get registered_(): ResolvedClass {
    const { state, registered } = internalsOf(this)
    if (state instanceof ClassState && registered !== undefined && CimName.equals(registered.name, state.object.name)) {
      return state.resolvedClass
    }
    throw refusal("IncompleteClass", source, "the class was not read from a namespace: put it and get it first")
  }

  /** `Clone_`: an independent copy. */
  clone_<P extends object = Members>(): SWbemObject & P {
    const { state, classes, connection, isStored, registered } = internalsOf(this)
    const { baseClass, object } = state
    const created = { object, baseClass, registered, connection, classes, isStored, cloned: true }
    return new SWbemObject(created) as SWbemObject & P
  }

  /** `CompareTo_`: whether two objects are equal. The flags are those of `WbemComparisonFlagEnum`; 0 compares everything. */
  compareTo_(objWbemObject: SWbemObject, iFlags: number = 0): boolean {
    if (!(objWbemObject instanceof SWbemObject)) throw refusal("InvalidParameter", source, "it is no object")
    if ((iFlags & ~Comparison.allFlags) !== 0) {
      throw refusal("InvalidParameter", source, `flags ${iFlags} compare nothing`)
    }
    const operand = ({ state, connection }: Internals): Comparison.Operand => ({
      state,
      server: connection?.server ?? "",
      namespace: connection?.namespace ?? ""
    })
    return Comparison.text(operand(internalsOf(this)), iFlags)
      === Comparison.text(operand(internalsOf(objWbemObject)), iFlags)
  }

  /** `GetObjectText_`: the object as MOF. Flag 1 (`wbemTextFlagNoFlavors`) omits the flavours of qualifiers (`mof` 11). */
  getObjectText_(iFlags: number = 0): string {
    if (iFlags !== 1) requireZeroFlags(iFlags, source)
    const { baseClass, object } = internalsOf(this).state
    const classOf = (name: string): ClassDefinition.ClassDefinition | undefined => {
      for (let at = baseClass; at !== undefined; at = at.parent) if (CimName.equals(at.name, name)) return at.definition
      return internalsOf(this).classes.get(CimName.fold(name))?.definition
    }
    const text = Mof.print(object, { classOf, flavors: iFlags === 0 })
    if (Either.isLeft(text)) throw new SWbemError(text.left, { source })
    return text.right
  }

  /** `SWbemObjectEx.GetText_`, which returns XML: always fails with `NotSupported`. */
  getText_(_iTextFormat: number, _iFlags: number = 0, _objWbemNamedValueSet: CallContextInput = null): string {
    throw notSupported(source, "GetText_", "GetObjectText_ answers MOF")
  }
}

/** The script object of a `__PARAMETERS` class: it can spawn instances and belongs to no namespace. */
const methodParametersObject = (definition: ClassDefinition.ClassDefinition): SWbemObject => {
  const body = new ClassState(definition, undefined)
  return new SWbemObject({ object: definition, baseClass: undefined, registered: body.resolvedClass })
}
