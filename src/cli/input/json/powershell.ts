/**
 * The objects that PowerShell prints: `Get-CimInstance … | ConvertTo-Json` and `Get-WmiObject … | ConvertTo-Json`. Their class and namespace,
 * the list of their properties, and the members that PowerShell added.
 *
 * A member is dropped only if a list of this file has its name. The name of the computer (`CimSystemProperties.ServerName`,
 * `PSComputerName`, `__SERVER`) is information and no target.
 *
 * @internal
 */
import * as CimName from "../../../model/CimName.ts"
import * as CimType from "../../../model/CimType.ts"
import { isJsonObject, type JsonObject, type JsonValue } from "./jsonText.ts"

/** Members of every object of Get-CimInstance that are no properties of its class. */
const cimMembers = ["CimClass", "CimInstanceProperties", "CimSystemProperties"]

/** Members that PowerShell adds to objects of other computers. */
const remoteMembers = ["PSComputerName", "PSShowComputerName", "PSSourceJobInstanceId", "RunspaceId"]

/** The system properties of Get-WmiObject, and the members of its .NET objects. A class may have a property of such a name. */
const systemMembers = [
  "__GENUS",
  "__CLASS",
  "__SUPERCLASS",
  "__DYNASTY",
  "__RELPATH",
  "__PROPERTY_COUNT",
  "__DERIVATION",
  "__SERVER",
  "__NAMESPACE",
  "__PATH"
]
const managementMembers = [
  "ClassPath",
  "Container",
  "Options",
  "Path",
  "Properties",
  "Qualifiers",
  "Scope",
  "Site",
  "SystemProperties"
]

/** Members that PowerShell's own type data adds, by class. */
const addedByClass: Readonly<Record<string, ReadonlyArray<string>>> = {
  win32_process: ["ProcessName", "Handles", "VM", "WS", "Path"],
  win32_pingstatus: ["IPV4Address", "IPV6Address"]
}

const folded = (names: ReadonlyArray<string>): ReadonlySet<string> => new Set(names.map(CimName.fold))
const plainAdditions = folded(remoteMembers)
const additions = folded([...cimMembers, ...remoteMembers, ...systemMembers])
const managementAdditions = folded(managementMembers)
const classAdditions = new Map(Object.entries(addedByClass).map(([name, members]) => [name, folded(members)]))

/** Whether an object is one that PowerShell made of a CIM or a WMI object, and not of a part of it. */
export const isPowerShellObject = (object: JsonObject): boolean =>
  cimMembers.some((name) => name in object) || isManagementObject(object)

/** Whether an object is one of Get-WmiObject. */
const isManagementObject = (object: JsonObject): boolean => "__CLASS" in object || "__GENUS" in object

/** Whether an object is a class: one of Get-CimClass, or of Get-WmiObject with `-List`. */
export const isClassObject = (object: JsonObject): boolean =>
  "CimClassProperties" in object && !("CimInstanceProperties" in object) || object["__GENUS"] === 1

/** Whether a member is an addition of PowerShell, if it is no property of the class. */
export const isAddition = (object: JsonObject, className: string, name: string): boolean => {
  const key = CimName.fold(name)
  if (!isPowerShellObject(object)) return plainAdditions.has(key)
  return additions.has(key)
    || isManagementObject(object) && managementAdditions.has(key)
    || classAdditions.get(CimName.fold(className))?.has(key) === true
}

/** The class and the namespace of an object, as far as the object has them. */
interface Origin {
  readonly className: string | undefined
  readonly namespace: string | undefined
}

const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined

const member = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  isJsonObject(value) ? value[name] : undefined

/** `ROOT/cimv2:Win32_BIOS`: a class that is cut by the depth of ConvertTo-Json. */
const cutClass = /^(?:([^:]*):)?(\w+)$/

/** The class and the namespace of an object. */
export const originOf = (object: JsonObject): Origin => {
  const { CimClass, CimSystemProperties } = object
  const [, cutNamespace, cutName] = typeof CimClass === "string" ? cutClass.exec(CimClass) ?? [] : []
  const classProperties = member(CimClass, "CimSystemProperties")
  const className = text(member(CimSystemProperties, "ClassName"))
    ?? text(member(CimClass, "CimClassName"))
    ?? text(member(classProperties, "ClassName"))
    ?? cutName
    ?? text(object["__CLASS"])
  const namespace = text(member(CimSystemProperties, "Namespace"))
    ?? text(member(classProperties, "Namespace"))
    ?? text(cutNamespace)
    ?? text(object["__NAMESPACE"])
  return { className, namespace: namespace?.replaceAll("/", "\\") }
}

/** A property in the list that an object has of its properties. */
export interface ListedProperty {
  readonly type?: CimType.TypeRef | undefined
  readonly isKey?: boolean | undefined
  /** The value, and its place in the list; `undefined` if the list has none. */
  readonly value?: JsonValue | undefined
  readonly index: number
}

/** The types of `Microsoft.Management.Infrastructure.CimType`, by number from 1. Arrays are 16 higher. */
const cimTypes = (
  "Boolean UInt8 SInt8 UInt16 SInt16 UInt32 SInt32 UInt64 SInt64 Real32 Real64 Char16 DateTime String Reference Instance"
).split(" ")
const arrayOffset = cimTypes.length

/** The type of a `CimType`, a number or a name such as `UInt16Array`. */
const typeOfCimType = (written: JsonValue | undefined): CimType.TypeRef | undefined => {
  const number = typeof written === "string"
    ? cimTypes.indexOf(written.replace(/Array$/, "")) + 1 + (written.endsWith("Array") ? arrayOffset : 0)
    : typeof written === "number"
    ? written
    : 0
  const isArray = number > arrayOffset
  const name = cimTypes[(isArray ? number - arrayOffset : number) - 1]
  return name === undefined
    ? undefined
    : CimType.parse(`${name === "Instance" ? "object" : name}${isArray ? "[]" : ""}`)
}

const listedName = /^([A-Za-z_]\w*)(?: = |$)/

/** The properties that the object lists, by folded name; `undefined` if there is no list or ConvertTo-Json has cut it. */
export const listedProperties = (object: JsonObject): ReadonlyMap<string, ListedProperty> | undefined => {
  const isManagement = !("CimInstanceProperties" in object)
  if (isManagement && !isManagementObject(object)) return undefined
  const list = object[isManagement ? "Properties" : "CimInstanceProperties"]
  if (!Array.isArray(list)) return undefined
  const found = new Map<string, ListedProperty>()
  for (const [index, one] of (list as ReadonlyArray<JsonValue>).entries()) {
    if (typeof one === "string" && !isManagement) {
      const [, name] = listedName.exec(one) ?? []
      if (name === undefined) return undefined
      found.set(CimName.fold(name), { index })
      continue
    }
    const name = text(member(one, "Name"))
    if (name === undefined || !isJsonObject(one)) return undefined
    const { CimType: cimType, Flags, IsArray, Type, Value } = one
    const name16 = typeof Type === "number" ? CimType.fromNumber(Type) : undefined
    const type = !isManagement
      ? typeOfCimType(cimType)
      : name16 === undefined
      ? undefined
      : CimType.parse(`${name16}${IsArray === true ? "[]" : ""}`)
    const isKey = typeof Flags === "string" ? /\bKey\b/.test(Flags) : undefined
    found.set(CimName.fold(name), { type, isKey, value: Value, index })
  }
  return found
}

/** The member that has the list of properties. */
export const listName = (object: JsonObject): string =>
  "CimInstanceProperties" in object ? "CimInstanceProperties" : "Properties"
