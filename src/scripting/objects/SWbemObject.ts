/**
 * `SWbemObject` and `SWbemObjectEx`: a class or an instance in the hands of a script, changed in place and written with `put_`.
 *
 * It holds an immutable object of the library; a put takes the one that is there then (PA-4), so what the script does later stays
 * with the script. Whatever asks the namespace is a promise, everything else answers at once.
 *
 * The generic members end in an underscore, as WMI's do, and no name of a user's property may. So every other name is a property
 * of the object itself, in any case: `disk.FreeSpace = 5` is `disk.properties_.item("FreeSpace").value = 5`. Their types can be
 * said: `services.get<{ FreeSpace: string }>(path)`. A name that the object lacks reads as `undefined` and cannot be assigned. The one
 * exception is a property called `then`, which `await` asks every object for: it is reached through `properties_` only.
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
import { asSet, type Body, type Changed, ClassBody, InstanceBody } from "./objectState.ts"
import * as Comparison from "./comparison.ts"
import type { Connection, Context, Given, ScriptSink } from "./connection.ts"
import { instead, refused, type Refusing, refusing } from "./unsupportedMembers.ts"
import { refusal, unlessZero } from "./refusal.ts"
import { SWbemError } from "./SWbemError.ts"
import { type MethodOwner, SWbemMethodSet } from "./SWbemMethodSet.ts"
import { SWbemObjectPath } from "./SWbemObjectPath.ts"
import type { SWbemObjectSet } from "./SWbemObjectSet.ts"
import type { Owner } from "./propertyOwner.ts"
import { read, SWbemPropertySet, write } from "./SWbemPropertySet.ts"
import { SWbemQualifierSet } from "./SWbemQualifierSet.ts"
import { SWbemSecurity } from "./SWbemSecurity.ts"
import { systemOwner } from "./systemProperties.ts"
import { meant, type Scripted, type VariantInput } from "./variant.ts"

export type { Scripted, Variant, VariantInput } from "./variant.ts"

const source = "SWbemObject"

/**
 * The properties of an object whose types nobody said: they take whatever can be assigned, and read as a {@link Variant}.
 *
 * @since 0.1.0
 * @category models
 */
export interface Members {
  [name: string]: VariantInput
}

/**
 * What an object is made of; `SWbemServicesEx` makes them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Making {
  readonly object: WbemObject
  /** The class of an instance, or the class above a class. */
  readonly above: ResolvedClass | undefined
  /** The class as a namespace had it: only from such a one is anything spawned. */
  readonly registered?: ResolvedClass | undefined
  readonly connection?: Connection<SWbemObject> | undefined
  /** The classes of embedded objects by their folded names, as far as they are known. */
  readonly classes?: ReadonlyMap<string, ResolvedClass> | undefined
  readonly cloned?: boolean | undefined
  /** Whether the namespace is named as of a stored object: with `ROOT` in capitals (`object-model` 10). */
  readonly isStored?: boolean | undefined
  /** Told of every change: an embedded object is part of another one. */
  readonly changed?: Changed | undefined
}

interface Inside extends Making {
  body: Body
  registered: ResolvedClass | undefined
  isStored: boolean
  classes: ReadonlyMap<string, ResolvedClass>
  readonly owner: Owner
}

/** Beside the objects and not in them, so that no property can be called like it. An object and its proxy have the same. */
const insides = /* @__PURE__ */ new WeakMap<SWbemObject, Inside>()

const insideOf = (object: SWbemObject): Inside => insides.get(object)!

const bodyOf = (object: WbemObject, above: ResolvedClass | undefined, changed?: Changed): Body =>
  object._tag === "Class" ? new ClassBody(object, above, changed) : new InstanceBody(object, above, changed)

/**
 * The namespace as the object names it: the spelling of the connection, with the first element in capitals if the object was read, or
 * spawned from one that was (`object-model` 10). An instance that a provider made keeps the spelling.
 */
const namespaceOf = ({ connection, isStored }: Inside): string => {
  const { namespace = "" } = connection ?? {}
  return isStored ? SystemProperties.namespaceAsRead(namespace) : namespace
}

const system = (self: Inside): SystemProperties.SystemProperties => {
  const { above, object } = self.body
  const parent = object._tag === "Class" ? above : above?.parent
  const { server = "" } = self.connection ?? {}
  const namespace = namespaceOf(self)
  const stored = object._tag === "Class" ? undefined : above
  const found = SystemProperties.fromClasses(object, { parent, stored }, { server, namespace })
  return self.connection === undefined ? { ...found, __PATH: null } : found // what is in no namespace has no path there
}

const isSystem = CimName.isSystemName

/** Whether an object can be given a class name: a class that is not stored yet, and the clone of a class. */
const isNameable = (self: Inside): self is Inside & { readonly body: ClassBody } =>
  self.body instanceof ClassBody && (self.cloned === true || self.registered === undefined)

/** Names a class (`object-model` 10). */
const rename = (self: Inside, className: string): void => {
  if (!isNameable(self)) {
    const now = WbemObjects.className(self.body.object)
    throw refusal("ReadOnly", source, `the class is called ${now}`, "object-model 10")
  }
  self.body.edit({ name: className })
}

const systemOf = (self: Inside): Omit<Owner, "wrap" | "met"> =>
  systemOwner(() => system(self), (className) => rename(self, className))

const make = (making: Making): Inside => {
  const owner: Owner = {
    names: () => self.body.names(),
    find: (name) => isSystem(name) ? systemOf(self).find(name) : self.body.find(name),
    add: (name, type) => self.body.add(name, type),
    remove: (name) => isSystem(name) ? systemOf(self).remove(name) : self.body.remove(name),
    wrap: (object, changed) => embedded(self, object, changed),
    met: (value) => {
      for (const one of [meant(value)].flat()) if (one instanceof SWbemObject) meet(self, insideOf(one))
    }
  }
  const self: Inside = {
    ...making,
    registered: making.registered,
    isStored: making.isStored ?? false,
    classes: making.classes ?? new Map(),
    body: bodyOf(making.object, making.above, making.changed),
    owner
  }
  return self
}

/** An embedded object has no namespace of its own. */
const embedded = ({ classes }: Inside, object: WbemObject, changed?: Changed): SWbemObject => {
  const stored = classes.get(CimName.fold(WbemObjects.className(object)))
  return new SWbemObject({
    object,
    above: object._tag === "Class" ? stored?.parent : stored,
    registered: object._tag === "Class" ? stored : undefined,
    classes,
    changed
  })
}

/** Another object becomes part of one: its class comes along, and those of the objects in it. */
const meet = (self: Inside, { body, classes, registered }: Inside): void => {
  const own = body.object._tag === "Class" ? registered : body.above
  self.classes = new Map([...self.classes, ...classes, ...(own === undefined ? [] : [[own.folded, own] as const])])
}

/** Whether a name is a member of script objects and no property of the one at hand. */
const isMember = (name: string): boolean => name.endsWith("_") || name === "then"

const properties: ProxyHandler<SWbemObject> = {
  get: (target, name) => {
    if (typeof name === "symbol" || isMember(name)) return Reflect.get(target, name)
    const { body, owner } = insideOf(target)
    const value = read(owner, name)
    if (value !== undefined) return value
    const method = CimName.find(body.methods(), name)
    return method === undefined
      ? Reflect.get(target, name)
      : () => Promise.reject(refused(source, `the method ${method.name}`, instead.methods))
  },
  set: (target, name, value: VariantInput) => {
    if (typeof name === "symbol" || isMember(name)) return Reflect.set(target, name, value)
    write(insideOf(target).owner, name, value)
    return true
  },
  has: (target, name) =>
    (typeof name === "string" && !isMember(name) && insideOf(target).owner.find(name) !== undefined)
    || Reflect.has(target, name)
}

/** Methods, associations, and what answers to a sink besides a put. */
const missing: Readonly<Record<Missing, string>> = {
  execMethod_: instead.methods,
  execMethodAsync_: instead.methods,
  associators_: instead.associations,
  associatorsAsync_: instead.associations,
  references_: instead.associations,
  referencesAsync_: instead.associations,
  deleteAsync_: "delete_ answers",
  instancesAsync_: "instances_ answers",
  subclassesAsync_: "subclasses_ answers"
}

type Missing =
  | "execMethod_"
  | "execMethodAsync_"
  | "associators_"
  | "associatorsAsync_"
  | "references_"
  | "referencesAsync_"
  | "deleteAsync_"
  | "instancesAsync_"
  | "subclassesAsync_"

const Base: Refusing<Missing> = /* @__PURE__ */ refusing(source, missing)

/**
 * A class or an instance.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemObject extends Base implements Scripted {
  constructor(making: Making) {
    super()
    const inside = make(making)
    const proxy = new Proxy(this, properties)
    insides.set(this, inside)
    insides.set(proxy, inside)
    return proxy
  }

  private get connection_(): Connection<SWbemObject> {
    const { connection } = insideOf(this)
    if (connection === undefined) throw refusal("NotSupported", source, "the object belongs to no namespace")
    return connection
  }

  /** The library's object, as it is now. */
  toWbemObject_(): WbemObject {
    return insideOf(this).body.object
  }

  get properties_(): SWbemPropertySet {
    return new SWbemPropertySet(insideOf(this).owner)
  }

  get qualifiers_(): SWbemQualifierSet {
    return new SWbemQualifierSet(insideOf(this).body.carrier)
  }

  get methods_(): SWbemMethodSet<SWbemObject> {
    const { body } = insideOf(this)
    const owner: MethodOwner<SWbemObject> = {
      methods: () => body.methods(),
      parameters: (definition) => parametersObject(definition)
    }
    return new SWbemMethodSet(owner)
  }

  /** `SWbemObjectEx.SystemProperties_`: read-only, but for `__CLASS` of a class that is not stored: writing it names the class. */
  get systemProperties_(): SWbemPropertySet {
    const self = insideOf(this)
    return new SWbemPropertySet({ ...systemOf(self), wrap: self.owner.wrap, met: self.owner.met })
  }

  /** The classes above, the nearest first. */
  get derivation_(): ReadonlyArray<string> {
    return system(insideOf(this)).__DERIVATION
  }

  /**
   * The path, as it is now. Only `class` can be written, and only while the class is not registered: that names it. The path of a
   * clone can be written, and naming a cloned class makes another one of it.
   */
  get path_(): SWbemObjectPath {
    const self = insideOf(this)
    const { cloned = false, connection } = self
    const { __RELPATH: relPath, __CLASS: className } = system(self)
    const known = { server: connection?.server, namespace: connection === undefined ? undefined : namespaceOf(self) }
    const parsed = relPath === null ? undefined : Either.getOrUndefined(ObjectPath.parse(relPath))
    const path = ObjectPath.make({ ...(parsed ?? { className: className ?? undefined }), ...known })
    return new SWbemObjectPath(path, {
      writable: cloned,
      locale: connection?.locale ?? "",
      found: relPath !== null || self.body.object._tag === "Class",
      rename: (strClass) => {
        const isUnchanged = cloned || CimName.equals(strClass, className ?? "")
        if (isNameable(self) || !isUnchanged) rename(self, strClass)
      }
    })
  }

  /** That of the services object. */
  get security_(): SWbemSecurity {
    return insideOf(this).connection?.security_ ?? new SWbemSecurity()
  }

  /** `Put_`: writes the object to the namespace it came from, and answers the path. */
  async put_(iFlags: number = 0, objWbemNamedValueSet: Context = null): Promise<SWbemObjectPath> {
    return await this.connection_.put(this.toWbemObject_(), iFlags, objWbemNamedValueSet)
  }

  /** `PutAsync_`: settles when the call is accepted; the outcome goes to the sink. */
  async putAsync_(
    objWbemSink: Given<ScriptSink>,
    iFlags: number = 0,
    objWbemNamedValueSet: Context = null,
    objWbemAsyncContext: object | null = null
  ): Promise<void> {
    const object = this.toWbemObject_()
    return await this.connection_.putAsync(objWbemSink, object, iFlags, objWbemNamedValueSet, objWbemAsyncContext)
  }

  /** `Delete_`. An instance whose key was generated does not know its path; `SWbemServicesEx.delete` does it by the path of the put. */
  async delete_(iFlags: number = 0, objWbemNamedValueSet: Context = null): Promise<void> {
    const connection = this.connection_
    const { relPath } = this.path_
    if (relPath === "") throw refusal("InvalidOperation", source, "the object has no path")
    return await connection.delete(relPath, iFlags, objWbemNamedValueSet)
  }

  /** `Instances_` of a class. */
  async instances_(iFlags: number = 0x10, objWbemNamedValueSet: Context = null): Promise<SWbemObjectSet<SWbemObject>> {
    return await this.connection_.instancesOf(this.classOnly_("Instances_"), iFlags, objWbemNamedValueSet)
  }

  /** `Subclasses_` of a class: all below it. The page calls `wbemQueryFlagShallow` the default, the type library 0x10 as here. */
  async subclasses_(iFlags: number = 0x10, objWbemNamedValueSet: Context = null): Promise<SWbemObjectSet<SWbemObject>> {
    return await this.connection_.subclassesOf(this.classOnly_("Subclasses_"), iFlags, objWbemNamedValueSet)
  }

  private classOnly_(member: string): string {
    const object = this.toWbemObject_()
    if (object._tag === "Class") return object.name
    throw refusal("IllegalOperation", source, `${member} is for classes`)
  }

  /** `SWbemObjectEx.Refresh_`: reads the object again; what was changed and not put is gone. */
  async refresh_(iFlags: number = 0): Promise<void> {
    unlessZero(iFlags, source)
    const object = await this.connection_.read(this.path_.relPath)
    const self = insideOf(this)
    const isInstance = object._tag === "Instance" && self.above !== undefined
    self.body = bodyOf(isInstance ? asSet(object, self.above) : object, self.above)
    self.isStored = object._tag === "Class" || self.above?.isDynamic !== true // otherwise a provider made it
    if (self.body instanceof ClassBody) self.registered = self.body.resolvedClass
  }

  /**
   * `SpawnInstance_`: an instance with the defaults of the class, in memory only. The class must have been read from a namespace. Of an
   * instance it makes another, empty one of the same class.
   */
  spawnInstance_<P extends object = Members>(iFlags: number = 0): SWbemObject & P {
    unlessZero(iFlags, source)
    const { body: { above, object }, classes, connection, isStored } = insideOf(this)
    const of = object._tag === "Class" ? this.registered_ : above
    const name = of?.name ?? WbemObjects.className(object)
    const { amended } = object // what is spawned carries the text that was merged in (`qualifiers` 7.3)
    const instance = Instance.make(name, {}, { amended })
    const made = new SWbemObject({ object: instance, above: of, connection, classes, isStored })
    // The type of its members is what the caller says about a class that no type can see.
    return made as SWbemObject & P
  }

  /** `SpawnDerivedClass_`: a class below this one, not named yet, in memory only. */
  spawnDerivedClass_(iFlags: number = 0): SWbemObject {
    unlessZero(iFlags, source)
    const { body: { object }, classes, connection, isStored } = insideOf(this)
    if (object._tag === "Instance") throw refusal("IllegalOperation", source, "an instance has no subclasses")
    const above = this.registered_
    return new SWbemObject({
      object: ClassDefinition.make("", {}, { superclass: above.name, amended: object.amended }),
      above,
      connection,
      classes,
      isStored
    })
  }

  /** The class as it is now; one that only this script knows has to be put and read first. */
  private get registered_(): ResolvedClass {
    const { body, registered } = insideOf(this)
    if (body instanceof ClassBody && registered !== undefined && CimName.equals(registered.name, body.object.name)) {
      return body.resolvedClass
    }
    throw refusal("IncompleteClass", source, "the class was not read from a namespace: put it and get it first")
  }

  /** `Clone_`: a copy that changes on its own. */
  clone_<P extends object = Members>(): SWbemObject & P {
    const { body, classes, connection, isStored, registered } = insideOf(this)
    const { above, object } = body
    const made = { object, above, registered, connection, classes, isStored, cloned: true }
    return new SWbemObject(made) as SWbemObject & P
  }

  /** `CompareTo_`: flags are those of `WbemComparisonFlagEnum`, 0 compares everything. */
  compareTo_(objWbemObject: SWbemObject, iFlags: number = 0): boolean {
    if (!(objWbemObject instanceof SWbemObject)) throw refusal("InvalidParameter", source, "it is no object")
    if ((iFlags & ~Comparison.known) !== 0) throw refusal("InvalidParameter", source, `flags ${iFlags} compare nothing`)
    const side = ({ body, connection }: Inside): Comparison.Side => ({
      body,
      server: connection?.server ?? "",
      namespace: connection?.namespace ?? ""
    })
    return Comparison.text(side(insideOf(this)), iFlags) === Comparison.text(side(insideOf(objWbemObject)), iFlags)
  }

  /** `GetObjectText_`: MOF; 1 (`wbemTextFlagNoFlavors`) leaves out the flavours of qualifiers (`mof` 11). */
  getObjectText_(iFlags: number = 0): string {
    if (iFlags !== 1) unlessZero(iFlags, source)
    const { above, object } = insideOf(this).body
    const classOf = (name: string): ClassDefinition.ClassDefinition | undefined => {
      for (let at = above; at !== undefined; at = at.parent) if (CimName.equals(at.name, name)) return at.definition
      return insideOf(this).classes.get(CimName.fold(name))?.definition
    }
    const text = Mof.print(object, { classOf, flavors: iFlags === 0 })
    if (Either.isLeft(text)) throw new SWbemError(text.left, { source })
    return text.right
  }

  /** `SWbemObjectEx.GetText_`, which is XML: not there. */
  getText_(_iTextFormat: number, _iFlags: number = 0, _objWbemNamedValueSet: Context = null): string {
    throw refused(source, "GetText_", "GetObjectText_ answers MOF")
  }
}

/** The parameters of a method: a class that can be spawned from and is of no namespace. */
const parametersObject = (definition: ClassDefinition.ClassDefinition): SWbemObject => {
  const body = new ClassBody(definition, undefined)
  return new SWbemObject({ object: definition, above: undefined, registered: body.resolvedClass })
}
