/**
 * Instances from the objects that PowerShell prints, and from plain objects whose class the command line gives: values by the types of the
 * class, nested objects as embedded objects or as paths, and an error for every value that ConvertTo-Json has cut.
 *
 * @internal
 */
import { set } from "../../../model/immutable.ts"
import * as CimName from "../../../model/CimName.ts"
import * as CimType from "../../../model/CimType.ts"
import * as InstanceModel from "../../../model/Instance.ts"
import * as ObjectPath from "../../../model/ObjectPath.ts"
import * as Property from "../../../model/Property.ts"
import type { CimValue, Instance } from "../../../model/WbemObject.ts"
import type { KnownClasses } from "../knownClasses.ts"
import { dateTimeOf, isEpochText } from "./dateTimes.ts"
import { isJsonObject, type JsonObject, type JsonPath, type JsonValue } from "./jsonText.ts"
import { isAddition, listedProperties, type ListedProperty, listName, originOf } from "./powershell.ts"
import type { JsonProblem } from "./requests.ts"

const deeper = "print whole objects: ConvertTo-Json -Depth 4, or more for deeper nesting"

/** What ConvertTo-Json prints in place of a value below its depth: the name of a .NET type. */
const cutValue =
  /^(?:Microsoft\.Management\.Infrastructure\.Cim\w+(?:#\S*)?|System\.(?:Collections|Management)\.\S+|System\.\w+\[\])$/

/** `Win32_Directory (Name = "C:\\")`: a reference below the depth. */
const cutReference = /^\w+(?:: .*)? \(\w+ = .*\)$/s

/** An array with note properties, as Windows PowerShell prints it: `{ "value": […], "Count": 2 }`. */
const unwrapped = (value: JsonValue): JsonValue =>
  isJsonObject(value) && Array.isArray(value["value"]) && typeof value["Count"] === "number"
    && Object.keys(value).length === 2
    ? value["value"]
    : value

/** Reads one object of a text and collects its faults. */
export class InstanceReader {
  readonly problems: Array<JsonProblem> = []
  private readonly known: KnownClasses

  constructor(known: KnownClasses) {
    this.known = known
  }

  private refuse(path: JsonPath, message: string, hint?: string): null {
    this.problems.push({ path, message, hint })
    return null
  }

  /** The instance of an object. `path` leads to the object. */
  instance(object: JsonObject, className: string, namespace: string, path: JsonPath = []): Instance {
    return InstanceModel.make(className, this.values(object, className, namespace, path))
  }

  private values(object: JsonObject, className: string, namespace: string, path: JsonPath): Record<string, CimValue> {
    const declared = this.known.propertiesOf(className, namespace)
    const listed = listedProperties(object)
    const values: Record<string, CimValue> = {}
    for (const [name, value] of Object.entries(object)) {
      const key = CimName.fold(name)
      const property = declared?.byName.get(key)
      const entry = listed?.get(key)
      if (property === undefined && entry === undefined) {
        if (isAddition(object, className, name)) continue
        if (listed !== undefined) {
          this.refuse(
            [...path, name],
            `${name} is no property of the object: ${listName(object)} does not have it, so PowerShell added it`,
            `leave it out: Select-Object * -ExcludeProperty ${name}`
          )
          continue
        }
      }
      const type = property ?? entry?.type
      const read = isExact(entry, type)
        ? this.value(entry.value, type, namespace, [...path, listName(object), entry.index, "Value"])
        : this.value(value, type, namespace, [...path, name])
      set(values, name, read)
    }
    return values
  }

  private value(given: JsonValue, type: CimType.TypeRef | undefined, namespace: string, path: JsonPath): CimValue {
    const value = unwrapped(given)
    if (Array.isArray(value)) {
      const element = type === undefined ? undefined : { ...type, isArray: false }
      return (value as ReadonlyArray<JsonValue>).map((one, i) =>
        this.scalar(one, element, namespace, [...path, i])
      ) as CimValue
    }
    if (type?.isArray === true && typeof value === "string") {
      return this.refuse(
        path,
        `the value is one text and the property is ${type.type}[]: ConvertTo-Json cut it`,
        deeper
      )
    }
    return this.scalar(value, type, namespace, path)
  }

  private scalar(value: JsonValue, type: CimType.TypeRef | undefined, namespace: string, path: JsonPath): CimValue {
    const form = type === undefined ? undefined : CimType.row(type.type)?.form
    if (typeof value === "bigint") {
      return form === "real" || form === "integer" || form === "char16" ? Number(value) : value
    }
    if (typeof value === "string") return this.text(value, form, path)
    if (!isJsonObject(value)) return value as CimValue
    if (form === undefined || form === "datetime") {
      const dateTime = dateTimeOf(value)
      if (dateTime !== undefined) return dateTime
    }
    if (form === undefined || form === "object") return this.embedded(value, type, namespace, path)
    if (form === "reference") return this.reference(value, type, namespace, path)
    return this.refuse(path, `the value is an object and the property is ${type!.type}`)
  }

  private text(value: string, form: CimType.Form | undefined, path: JsonPath): CimValue {
    if (form === "string") return value
    if (form === "datetime" || form === undefined && isEpochText(value)) return dateTimeOf(value) ?? value
    if (form === "char16" && value.length === 1) return value.charCodeAt(0)
    if (form === "object" || cutValue.test(value) || form === "reference" && cutReference.test(value)) {
      return this.refuse(path, "ConvertTo-Json cut the value and printed a text in its place", deeper)
    }
    return value
  }

  private embedded(
    value: JsonObject,
    type: CimType.TypeRef | undefined,
    namespace: string,
    path: JsonPath
  ): CimValue {
    const origin = originOf(value)
    const className = origin.className ?? type?.className
    if (className === undefined) return this.refuse(path, "the embedded object has no class", deeper)
    return this.instance(value, className, origin.namespace ?? namespace, path)
  }

  /** The path of a referenced object: its class and its keys. */
  private reference(
    value: JsonObject,
    type: CimType.TypeRef | undefined,
    namespace: string,
    path: JsonPath
  ): CimValue {
    const origin = originOf(value)
    const className = origin.className ?? type?.className
    if (className === undefined) return this.refuse(path, "the class of the referenced object is missing", deeper)
    const within = origin.namespace ?? namespace
    const properties = this.known.propertiesOf(className, within)
    const listed = listedProperties(value)
    const isMarked = listed !== undefined && [...listed.values()].some(({ isKey }) => isKey === true)
    const isKey = (name: string): boolean => {
      const key = CimName.fold(name)
      const property = properties?.byName.get(key)
      if (property !== undefined) return Property.isKey(property)
      return isMarked ? listed.get(key)?.isKey === true : true
    }
    const keys = Object.entries(this.values(value, className, within, path)).flatMap(([name, key]) =>
      key !== null && typeof key !== "object" && isKey(name) ? [{ name, value: key }] : []
    )
    if (keys.length === 0) return this.refuse(path, `the reference to ${className} has no key`, deeper)
    return ObjectPath.format(ObjectPath.make({ namespace: within, className, keys }))
  }
}

const isScalar = (value: JsonValue): boolean => typeof value !== "object"

/** Whether a list of properties has the value as it is in the object. PowerShell's type data shows some properties by other values. */
const isExact = (
  entry: ListedProperty | undefined,
  type: CimType.TypeRef | undefined
): entry is ListedProperty & { readonly value: JsonValue } => {
  const value = entry?.value
  if (value === undefined || value === null) return false
  if (Array.isArray(value)) return (value as ReadonlyArray<JsonValue>).every(isScalar)
  return isScalar(value) && type !== undefined && !type.isArray && type.type !== "object" && type.type !== "reference"
}
