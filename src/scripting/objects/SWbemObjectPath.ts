/**
 * `SWbemObjectPath`: parses, edits and formats object paths (`object-path` 6). `new SWbemObjectPath()` stands for a script's
 * `CreateObject`; calls and objects return paths of their own.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Moniker from "../../model/Moniker.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import * as PathText from "../../protocol/PathText.ts"
import { refusal } from "./refusal.ts"
import { SWbemError } from "./SWbemError.ts"
import { SWbemNamedValueSet } from "./SWbemNamedValueSet.ts"
import { SWbemSecurity } from "./SWbemSecurity.ts"
import { defaultValueOf, type VariantInput } from "./variant.ts"

const source = "SWbemObjectPath"

/**
 * The object whose `path_` a path is. Unless the path is writable, only its class can be written, which names the object.
 *
 * @since 0.1.0
 * @category models
 */
export interface PathOwner {
  /** Whether every part can be written: true of a clone. */
  readonly writable: boolean
  readonly rename: (strClass: string) => void
  readonly locale: string
  /** Whether the object has a path: an instance whose key is NULL has none. */
  readonly hasPath: boolean
}

/** The value of a key in the form of the path parser. Fails with `InvalidParameter` for other types and for numbers outside 64 bits. */
const keyValue = (name: string, given: VariantInput): ObjectPath.KeyValue => {
  const value = defaultValueOf(given)
  if (typeof value === "number" && (!Number.isInteger(value) || value < -2147483648 || value > 4294967295)) {
    if (Number.isSafeInteger(value)) return BigInt(value)
    throw refusal("InvalidParameter", source, `key ${name} is no integer that a path can hold`)
  }
  switch (typeof value) {
    case "string":
    case "number":
    case "bigint":
    case "boolean":
      return value
    default:
      throw refusal("InvalidParameter", source, `key ${name} takes text, an integer or a boolean`)
  }
}

class KeySet extends SWbemNamedValueSet {
  private readonly beforeWrite: () => void

  constructor(beforeWrite: () => void) {
    super()
    this.beforeWrite = beforeWrite
  }

  protected override beforeChange(): void {
    this.beforeWrite()
  }

  protected override acceptable(name: string, value: VariantInput): VariantInput {
    return keyValue(name, value)
  }
}

const parsed = (text: string, options?: ObjectPath.ParseOptions): ObjectPath.ObjectPath => {
  const path = PathText.parse(text, options)
  if (Either.isLeft(path)) throw new SWbemError(path.left, { source })
  return path.right
}

const malformed = (what: string, text: string): SWbemError =>
  refusal("InvalidObjectPath", source, `${JSON.stringify(text)} is no ${what}`, "object-path 6")

/**
 * An object path. A part that the path does not have reads as `""`.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemObjectPath {
  /** The levels and privileges of the display name. */
  readonly security_: SWbemSecurity = new SWbemSecurity()
  private readonly owner: PathOwner | undefined
  private readonly keySet: SWbemNamedValueSet
  private parts: Pick<ObjectPath.ObjectPath, "server" | "namespace" | "className" | "singleton">
  private isInitializing = true
  private localeText = ""
  private authorityText = ""

  /** Makes a path from text or from a path of the library. The path of an object has that object as its owner. */
  constructor(path: ObjectPath.ObjectPath | string = "", owner?: PathOwner) {
    this.owner = owner
    this.keySet = new KeySet(() => {
      this.assertWritable("the keys")
      if (this.parts.singleton) this.parts = { ...this.parts, singleton: false }
    })
    this.parts = { server: undefined, namespace: undefined, className: undefined, singleton: false }
    this.assignParts(typeof path === "string" ? parsed(path) : path)
    this.localeText = owner?.locale ?? ""
    this.isInitializing = false
  }

  /** Fails with `ReadOnly` for the path of an object that was read. */
  private assertWritable(what: string): void {
    if (this.isInitializing || this.owner === undefined || this.owner.writable) return
    throw refusal("ReadOnly", source, `${what} of an object's path cannot be written, only its class`, "object-path 6")
  }

  /** Replaces all parts of the path. */
  private assignParts({ className, keys, namespace, server, singleton }: ObjectPath.ObjectPath): void {
    this.keySet.deleteAll()
    for (const { name, value } of keys) this.keySet.add(name ?? "", value)
    this.parts = { server, namespace, className, singleton }
  }

  /** The path as the library's `ObjectPath`. */
  toObjectPath(): ObjectPath.ObjectPath {
    const keys = Array.from(this.keySet, ({ name, value }) => ({
      name: name === "" ? undefined : name,
      value: value as ObjectPath.KeyValue
    }))
    return ObjectPath.make({ ...this.parts, keys })
  }

  /** Whether the object of the path has no path yet. */
  private get isIncomplete(): boolean {
    return this.owner?.hasPath === false
  }

  /** The whole path, the default property. Writing it keeps security, authority and locale. */
  get path(): string {
    return this.isIncomplete ? "" : ObjectPath.format(this.toObjectPath())
  }

  set path(text: string) {
    this.assertWritable("the path")
    this.assignParts(parsed(text))
  }

  /** The class and the keys, without server and namespace. */
  get relPath(): string {
    return this.isIncomplete ? "" : ObjectPath.relPath(this.toObjectPath())
  }

  set relPath(text: string) {
    this.assertWritable("the relative path")
    const { className, keys, namespace, server, singleton } = parsed(text)
    if (server !== undefined || namespace !== undefined || className === undefined) {
      throw malformed("relative path", text)
    }
    this.assignParts(ObjectPath.make({ ...this.parts, className, keys, singleton }))
  }

  /** The name of the server; `""` when the path names none. */
  get server(): string {
    return this.parts.server ?? ""
  }

  set server(name: string) {
    this.assertWritable("the server")
    const read = name === "" ? undefined : parsed(`\\\\${name}`)
    if (read !== undefined && ObjectPath.kind(read) !== "server") throw malformed("server", name)
    this.parts = { ...this.parts, server: read?.server }
  }

  /** Accepts both kinds of slash; reads with backslashes. */
  get namespace(): string {
    return this.parts.namespace ?? ""
  }

  set namespace(text: string) {
    this.assertWritable("the namespace")
    const read = text === "" ? undefined : parsed(text, { singleIdentAsNamespace: true })
    if (read !== undefined && (ObjectPath.kind(read) !== "namespace" || read.server !== undefined)) {
      throw malformed("namespace", text)
    }
    this.parts = { ...this.parts, namespace: read?.namespace }
  }

  /** The namespace without its last name. */
  get parentNamespace(): string {
    return ObjectPath.parentNamespace(this.toObjectPath()) ?? ""
  }

  /** The name of the class; `""` when the path names none. */
  get class(): string {
    return this.parts.className ?? ""
  }

  /** Writing the class keeps the keys. On the path of an object it names the object's class. */
  set class(strClass: string) {
    this.owner?.rename(strClass)
    this.parts = { ...this.parts, className: strClass === "" ? undefined : strClass }
  }

  /** Whether the path names a class. */
  get isClass(): boolean {
    return !this.isIncomplete && ObjectPath.kind(this.toObjectPath()) === "class"
  }

  /** Whether the path names the instance of a singleton class, `Class=@`. */
  get isSingleton(): boolean {
    return this.parts.singleton
  }

  /** The keys; changing this set changes the path. A key without a name has the name `""`. */
  get keys(): SWbemNamedValueSet {
    return this.keySet
  }

  set keys(_: never) {
    throw refusal("NotSupported", source, "the keys are written one by one", "object-path 6")
  }

  /** The locale, such as `ms_409`. It is part of the display name only. */
  get locale(): string {
    return this.localeText
  }

  set locale(text: string) {
    this.assertWritable("the locale")
    this.localeText = text
  }

  /** The authority. It is part of the display name only. */
  get authority(): string {
    return this.authorityText
  }

  set authority(text: string) {
    this.assertWritable("the authority")
    this.authorityText = text
  }

  /** The path as a moniker. */
  get displayName(): string {
    return Moniker.format({
      ...this.security_.toMoniker(),
      authority: this.authorityText === "" ? undefined : this.authorityText,
      locale: this.localeText === "" ? undefined : this.localeText,
      path: this.toObjectPath()
    })
  }

  set displayName(text: string) {
    this.assertWritable("the display name")
    const moniker = Moniker.parse(text)
    if (Either.isLeft(moniker)) throw new SWbemError(PathText.fromFault(moniker.left), { source })
    this.assignParts(moniker.right.path)
    this.security_.fromMoniker(moniker.right)
    this.authorityText = moniker.right.authority ?? ""
    this.localeText = moniker.right.locale ?? ""
  }

  /** Makes the path that of a class or of a singleton; fails with `Failed` when it names no class. */
  private makeKind(singleton: boolean): void {
    this.assertWritable("the kind")
    if (this.parts.className === undefined) throw refusal("Failed", source, "the path names no class", "object-path 6")
    this.keySet.deleteAll()
    this.parts = { ...this.parts, singleton }
  }

  /** Makes this the path of the class. */
  setAsClass(): void {
    this.makeKind(false)
  }

  /** Makes this the path of the singleton instance of the class. */
  setAsSingleton(): void {
    this.makeKind(true)
  }

  /** The default property, `path`. */
  get defaultMember_(): string {
    return this.path
  }

  /** The default property. */
  toString(): string {
    return this.path
  }
}
