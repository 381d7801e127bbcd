/**
 * `SWbemObjectPath`: a path taken apart and put together (`object-path` 6). `new SWbemObjectPath()` is a script's `CreateObject`;
 * calls and objects hand out others.
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
import { meant, type VariantInput } from "./variant.ts"

const source = "SWbemObjectPath"

/**
 * What ties the `path_` of an object to it: nothing can be written but the class, and that names the object.
 *
 * @since 0.1.0
 * @category models
 */
export interface Tie {
  /** Whether all may be written: the path of a clone. */
  readonly writable: boolean
  readonly rename: (strClass: string) => void
  readonly locale: string
  /** Whether the object has a path at all: an instance whose key is NULL has none. */
  readonly found: boolean
}

/** The value of a key, in the form a path writes it. */
const keyValue = (name: string, given: VariantInput): ObjectPath.KeyValue => {
  const value = meant(given)
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

class Keys extends SWbemNamedValueSet {
  private readonly guard: () => void

  constructor(guard: () => void) {
    super()
    this.guard = guard
  }

  protected override changing(): void {
    this.guard()
  }

  protected override admitted(name: string, value: VariantInput): VariantInput {
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
 * A path. What it does not say reads as `""`.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemObjectPath {
  readonly security_: SWbemSecurity = new SWbemSecurity()
  private readonly tie: Tie | undefined
  private readonly bindings: SWbemNamedValueSet
  private at: Pick<ObjectPath.ObjectPath, "server" | "namespace" | "className" | "singleton">
  private filling = true
  private localeText = ""
  private authorityText = ""

  constructor(path: ObjectPath.ObjectPath | string = "", tie?: Tie) {
    this.tie = tie
    this.bindings = new Keys(() => {
      this.writing("the keys")
      if (this.at.singleton) this.at = { ...this.at, singleton: false }
    })
    this.at = { server: undefined, namespace: undefined, className: undefined, singleton: false }
    this.fill(typeof path === "string" ? parsed(path) : path)
    this.localeText = tie?.locale ?? ""
    this.filling = false
  }

  private writing(what: string): void {
    if (this.filling || this.tie === undefined || this.tie.writable) return
    throw refusal("ReadOnly", source, `${what} of an object's path cannot be written, only its class`, "object-path 6")
  }

  private fill({ className, keys, namespace, server, singleton }: ObjectPath.ObjectPath): void {
    this.bindings.deleteAll()
    for (const { name, value } of keys) this.bindings.add(name ?? "", value)
    this.at = { server, namespace, className, singleton }
  }

  /** The path in parts. */
  toObjectPath(): ObjectPath.ObjectPath {
    const keys = Array.from(this.bindings, ({ name, value }) => ({
      name: name === "" ? undefined : name,
      value: value as ObjectPath.KeyValue
    }))
    return { ...this.at, keys }
  }

  private get unfinished(): boolean {
    return this.tie?.found === false
  }

  /** The whole path, the default property. Writing it leaves security, authority and locale as they are. */
  get path(): string {
    return this.unfinished ? "" : ObjectPath.format(this.toObjectPath())
  }

  set path(text: string) {
    this.writing("the path")
    this.fill(parsed(text))
  }

  /** Class and keys. */
  get relPath(): string {
    return this.unfinished ? "" : ObjectPath.relPath(this.toObjectPath())
  }

  set relPath(text: string) {
    this.writing("the relative path")
    const { className, keys, namespace, server, singleton } = parsed(text)
    if (server !== undefined || namespace !== undefined || className === undefined) {
      throw malformed("relative path", text)
    }
    this.fill({ ...this.at, className, keys, singleton })
  }

  get server(): string {
    return this.at.server ?? ""
  }

  set server(name: string) {
    this.writing("the server")
    const read = name === "" ? undefined : parsed(`\\\\${name}`)
    if (read !== undefined && ObjectPath.kind(read) !== "server") throw malformed("server", name)
    this.at = { ...this.at, server: read?.server }
  }

  /** Written with either slash, read with backslashes. */
  get namespace(): string {
    return this.at.namespace ?? ""
  }

  set namespace(text: string) {
    this.writing("the namespace")
    const read = text === "" ? undefined : parsed(text, { singleIdentAsNamespace: true })
    if (read !== undefined && (ObjectPath.kind(read) !== "namespace" || read.server !== undefined)) {
      throw malformed("namespace", text)
    }
    this.at = { ...this.at, namespace: read?.namespace }
  }

  /** All of the namespace but its last name. */
  get parentNamespace(): string {
    return ObjectPath.parentNamespace(this.toObjectPath()) ?? ""
  }

  get class(): string {
    return this.at.className ?? ""
  }

  /** Keys stay. On the path of an object this names the class that the object is. */
  set class(strClass: string) {
    this.tie?.rename(strClass)
    this.at = { ...this.at, className: strClass === "" ? undefined : strClass }
  }

  get isClass(): boolean {
    return !this.unfinished && ObjectPath.kind(this.toObjectPath()) === "class"
  }

  get isSingleton(): boolean {
    return this.at.singleton
  }

  /** The keys, live. A key without a name stands under `""`. */
  get keys(): SWbemNamedValueSet {
    return this.bindings
  }

  set keys(_: never) {
    throw refusal("NotSupported", source, "the keys are written one by one", "object-path 6")
  }

  /** `ms_409`; part of the display name only. */
  get locale(): string {
    return this.localeText
  }

  set locale(text: string) {
    this.writing("the locale")
    this.localeText = text
  }

  /** Part of the display name only. */
  get authority(): string {
    return this.authorityText
  }

  set authority(text: string) {
    this.writing("the authority")
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
    this.writing("the display name")
    const moniker = Moniker.parse(text)
    if (Either.isLeft(moniker)) throw new SWbemError(PathText.fromFault(moniker.left), { source })
    this.fill(moniker.right.path)
    this.security_.fromMoniker(moniker.right)
    this.authorityText = moniker.right.authority ?? ""
    this.localeText = moniker.right.locale ?? ""
  }

  private readdress(singleton: boolean): void {
    this.writing("the kind")
    if (this.at.className === undefined) throw refusal("Failed", source, "the path names no class", "object-path 6")
    this.bindings.deleteAll()
    this.at = { ...this.at, singleton }
  }

  /** Makes it the path of the class. */
  setAsClass(): void {
    this.readdress(false)
  }

  /** Makes it the path of the one instance of the class. */
  setAsSingleton(): void {
    this.readdress(true)
  }

  get defaultMember_(): string {
    return this.path
  }

  /** The default property. */
  toString(): string {
    return this.path
  }
}
