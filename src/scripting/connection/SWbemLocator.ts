/**
 * `SWbemLocator` and `GetObject`: connections to namespaces. A locator stands for one script: its connections share one repository,
 * which is in memory unless another layer is given, and one last error.
 *
 * A script is ported line by line:
 *
 * | VBScript | here |
 * |---|---|
 * | `CreateObject("WbemScripting.SWbemLocator")` | `new SWbemLocator()`; the other objects likewise |
 * | `GetObject("winmgmts:root\default")` | `await wmi.getServices("winmgmts:root\\default")` |
 * | `GetObject("winmgmts:Demo_Disk=""C:""")` | `await wmi.getObject('winmgmts:Demo_Disk="C:"')` |
 * | `Set obj = svc.Get(path)`, `obj.Put_` and the other calls to the namespace | the same with `await` |
 * | `obj.FreeSpace = 5` | the same; `svc.get<{ FreeSpace: string }>(path)` gives its type |
 * | `obj.Properties_("FreeSpace")`, a default method | `obj.properties_.item("FreeSpace")` |
 * | `prop = 5`, a default property | `prop.value = 5` |
 * | `binding.Filter = path`, `obj.When = dateTime`, `svc.Get(obj.Path_)` | the same: an object is replaced by its default property |
 * | `obj.Codes(1) = 5`, `obj.Disk.Label = "x"` | `obj.Codes[1] = 5`, `obj.Disk.Label = "x"`: both change `obj` |
 * | `For Each p In obj.Properties_` | `for (const p of obj.properties_)` |
 * | `On Error Resume Next` and `Err.Number` | `catch` an `SWbemError` and read its `number`, which is signed |
 * | `If Err.Number = &H80041002` | `if (error.number === wbemErr.wbemErrNotFound)`, or `(0x80041002 \| 0)` |
 * | `CreateObject("WbemScripting.SWbemLastError")` | `SWbemLastError.create(wmi)` |
 * | `Sub SINK_OnCompleted(...)` | `new SWbemSink({ onCompleted: (...) => ... })` |
 * | `wbemChangeFlagUpdateOnly` | `WbemConstants.wbemChangeFlag.wbemChangeFlagUpdateOnly` |
 *
 * The repository in memory has `root`, `root\cimv2` and `root\default` with the system classes, and no classes of Windows: no `Win32_`
 * classes, no `root\subscription` and no `CommandLineEventConsumer`. Other classes and instances that a script needs are put first, or
 * come from the snapshot of `Wmi.layerMemoryFrom`.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import type * as Layer from "effect/Layer"
import { isLocalServer } from "../../model/limits.ts"
import * as Moniker from "../../model/Moniker.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type * as PutAsync from "../../pipeline/PutAsync.ts"
import { localeRefusal } from "../../protocol/localeRefusal.ts"
import * as PathText from "../../protocol/PathText.ts"
import type { ExtendedStatus } from "../../protocol/wbemErrorBase.ts"
import * as Wmi from "../../Wmi.ts"
import type { CallContextInput, Nullish } from "../objects/connection.ts"
import { type ConnectionSettings, ScriptRuntime } from "./scriptRuntime.ts"
import { refusal } from "../objects/refusal.ts"
import { SWbemError } from "../objects/SWbemError.ts"
import type { ErrorSlot } from "../objects/SWbemLastError.ts"
import type { Members, SWbemObject } from "../objects/SWbemObject.ts"
import { SWbemSecurity } from "../objects/SWbemSecurity.ts"
import { SWbemServicesEx } from "./SWbemServicesEx.ts"
import { optionalText, requiredText } from "../objects/textArguments.ts"

const source = "SWbemLocator"

const nonEmpty = (text: string | undefined): string | undefined => text === "" ? undefined : text

/**
 * Parses the namespace of a connection. The syntax is stricter than that of a path: no separator in front unless a server is named, one
 * separator between two names, none at the end (`object-path` 1). Any other text fails with `InvalidNamespace`.
 */
const parseNamespace = (text: string): { readonly server: string | undefined; readonly namespace: string } => {
  if (/^[\\/]{3}/.test(text)) throw refusal("InvalidParameter", source, `${text} names no server`, "object-path 1")
  const strict = /^(?:[\\/]{2}[^\\/]+[\\/])?[^\\/]+(?:[\\/][^\\/]+)*$/.test(text)
  const path = strict ? PathText.parse(text, { singleIdentAsNamespace: true }) : undefined
  if (path === undefined || Either.isLeft(path)) {
    throw refusal("InvalidNamespace", source, `${text} is no namespace`, "object-path 1")
  }
  const { namespace, server } = path.right
  if (ObjectPath.kind(path.right) !== "namespace" || namespace === undefined) {
    throw refusal("InvalidParameter", source, `${text} is no namespace`)
  }
  return { namespace, server: isLocalServer(server) ? undefined : server }
}

const checkedLocale = (text: string | undefined): string | undefined => {
  const locale = nonEmpty(text)
  const refused = locale === undefined ? undefined : localeRefusal(locale)
  if (refused !== undefined) throw new SWbemError(refused, { source })
  return locale
}

/**
 * Connects to namespaces. One locator stands for one script.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { SWbemLocator, wbemCimType } from "effect-wmi/scripting"
 *
 * const wmi = new SWbemLocator()
 * const services = await wmi.connectServer(".", "root\\default")
 * const disk = await services.get()
 * disk.path_.class = "Demo_Disk"
 * disk.properties_.add("DeviceID", wbemCimType.wbemCimtypeString).qualifiers_.add("key", true)
 * const path = await disk.put_()
 * assert.equal(path.relPath, "Demo_Disk")
 * await wmi.close()
 * ```
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemLocator implements ErrorSlot {
  /** The security settings of new connections. Reading the authentication level fails until it was set. */
  readonly security_: SWbemSecurity = new SWbemSecurity(null)
  private readonly script: ScriptRuntime

  /** `stages` is any layer of the pipeline's stages. If it cannot be built, every call fails with the reason as the error's cause. */
  constructor(stages: Layer.Layer<PutAsync.Stages, unknown> = Wmi.layerMemory) {
    this.script = new ScriptRuntime(stages)
  }

  /** Makes the services object of a namespace; throws the refusal of the namespace. */
  private async connect(
    settings: ConnectionSettings,
    security: Parameters<SWbemSecurity["fromMoniker"]>[0]
  ): Promise<SWbemServicesEx> {
    const services = new SWbemServicesEx(this.script, settings, () => Promise.resolve())
    services.security_.fromMoniker(security)
    return await services.verifyNamespace()
  }

  /**
   * `ConnectServer`. Every server name leads to the same repository; the name appears in paths and makes the caller a remote one. User,
   * password and authority are for remote connections only: a local one fails with `LocalCredentials`. The user is the name of the
   * caller; the password is not checked.
   */
  async connectServer(
    strServer: Nullish<string> = ".",
    strNamespace: Nullish<string> = Moniker.defaultNamespace,
    strUser: Nullish<string> = "",
    strPassword: Nullish<string> = "",
    strLocale: Nullish<string> = "",
    strAuthority: Nullish<string> = "",
    _iSecurityFlags: Nullish<number> = 0,
    _objWbemNamedValueSet: CallContextInput = null
  ): Promise<SWbemServicesEx> {
    const server = nonEmpty(optionalText(strServer, source, "strServer"))
    const user = nonEmpty(optionalText(strUser, source, "strUser"))
    const local = isLocalServer(server)
    const password = nonEmpty(optionalText(strPassword, source, "strPassword"))
    const authority = nonEmpty(optionalText(strAuthority, source, "strAuthority"))
    if (local && [user, password, authority].some((value) => value !== undefined)) {
      throw refusal("LocalCredentials", source, "a local connection takes no user, password or authority")
    }
    if (user?.includes("\\") === true && authority !== undefined) {
      throw refusal("InvalidParameter", source, "the domain is in strUser and in strAuthority")
    }
    const resource = parseNamespace(
      nonEmpty(optionalText(strNamespace, source, "strNamespace")) ?? Moniker.defaultNamespace
    )
    return await this.connect({
      namespace: resource.namespace,
      server: local ? resource.server : server,
      user,
      locale: checkedLocale(optionalText(strLocale, source, "strLocale"))
    }, this.security_.toMoniker())
  }

  /** Parses the display name of an object; throws `SWbemError` for another text. */
  private parseMoniker(strMoniker: string): Moniker.Moniker {
    const moniker = Moniker.parse(requiredText(strMoniker, source, "strMoniker"))
    if (Either.isLeft(moniker)) throw new SWbemError(PathText.fromFault(moniker.left), { source })
    return moniker.right
  }

  /** Connects to the namespace that a display name names. */
  private connectTo(moniker: Moniker.Moniker): Promise<SWbemServicesEx> {
    const { namespace, server } = Moniker.target(moniker)
    return this.connect({
      namespace: namespace!,
      server: isLocalServer(server) ? undefined : server,
      locale: checkedLocale(moniker.locale)
    }, moniker)
  }

  /** A script's `GetObject` for the moniker of a namespace, such as `winmgmts:root\default`. */
  async getServices(strMoniker: string): Promise<SWbemServicesEx> {
    const moniker = this.parseMoniker(strMoniker)
    if (moniker.path.className !== undefined) {
      throw refusal("InvalidParameter", source, `${strMoniker} leads to an object: getObject`)
    }
    return await this.connectTo(moniker)
  }

  /** A script's `GetObject` for the moniker of a class or an instance, such as `winmgmts:root\default:Demo_Disk`. */
  async getObject<P extends object = Members>(strMoniker: string): Promise<SWbemObject & P> {
    const moniker = this.parseMoniker(strMoniker)
    if (moniker.path.className === undefined) {
      throw refusal("InvalidParameter", source, `${strMoniker} leads to a namespace: getServices`)
    }
    return (await this.connectTo(moniker)).get<P>(ObjectPath.relPath(moniker.path))
  }

  /** Returns the error object of the last refused call of this script and empties the slot; `SWbemLastError` calls it. */
  takeLastError(): ExtendedStatus | undefined {
    return this.script.takeLastError()
  }

  /** Cancels the calls of every connection that have not begun, and releases the repository. */
  close(): Promise<void> {
    return this.script.close()
  }
}
