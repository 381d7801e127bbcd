/**
 * The system properties of a script object, computed when read. Only `__CLASS` can be written, and only on a class that is not stored
 * (`object-model` 10).
 *
 * @internal
 */
import type { SystemProperties } from "../../engine/classes/SystemProperties.ts"
import * as CimName from "../../model/CimName.ts"
import type { TypeRef } from "../../model/CimType.ts"
import type { CimValue } from "../../model/WbemObject.ts"
import { refusal } from "./refusal.ts"
import type { PropertyOwner, PropertyState } from "./propertyOwner.ts"

const text: TypeRef = { type: "string", isArray: false }
const number: TypeRef = { type: "sint32", isArray: false }

/** In the order of Microsoft's samples. */
const types: Readonly<Record<keyof SystemProperties, TypeRef>> = {
  __GENUS: number,
  __CLASS: text,
  __SUPERCLASS: text,
  __DYNASTY: text,
  __RELPATH: text,
  __PROPERTY_COUNT: number,
  __DERIVATION: { type: "string", isArray: true },
  __SERVER: text,
  __NAMESPACE: text,
  __PATH: text
}

const names = Object.keys(types) as ReadonlyArray<keyof SystemProperties>

const readOnly = (name: string): Error =>
  refusal("ReadOnly", "SWbemPropertySet", `${name} is a system property`, "object-model 10")

/** Returns the class name that is written to `__CLASS`, or throws `InvalidParameter`. */
const classNameOf = (value: CimValue): string => {
  if (typeof value === "string" && value !== "") return value
  throw refusal("InvalidParameter", "SWbemPropertySet", "__CLASS needs a name", "object-model 10")
}

/** The property owner for the system properties. `rename` names the class or throws. */
export const systemOwner = (
  read: () => SystemProperties,
  rename: (className: string) => void
): Omit<PropertyOwner, "wrap" | "registerClass"> => ({
  names: () => names,
  find: (name): PropertyState | undefined => {
    const property = names.find((candidate) => CimName.equals(candidate, name))
    if (property === undefined) return undefined
    const value: CimValue = read()[property]
    return {
      name: property,
      ...types[property],
      value: value === "" ? null : value, // an object without a namespace has no server
      origin: "___SYSTEM",
      isLocal: false,
      qualifierOwner: undefined,
      write: (written) => {
        if (property !== "__CLASS") throw readOnly(property)
        rename(classNameOf(written))
      }
    }
  },
  add: (name) => {
    throw readOnly(name)
  },
  remove: (name) => {
    throw refusal("InvalidOperation", "SWbemPropertySet", `${name} is a system property`, "object-model 7")
  }
})
