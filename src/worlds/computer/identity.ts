/** The names that the instances of the computer share, and builders for instances and references. */
import { instanceOf } from "../../model/effectValue.ts"
import { markFrozen, none } from "../../model/immutable.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { CimValue, Instance } from "../../model/WbemObject.ts"

/** Values by property. */
export type Values = Readonly<Record<string, CimValue>>

/** The name of the computer. */
export const computerName = "DESKTOP-4F7Q2KB"

/** The user of the computer, the SID that those of its accounts begin with, and the SID of the user. */
export const userName = "alex"
export const accountSid = "S-1-5-21-1004336348-1177238915-682003330"
export const userSid: string = `${accountSid}-1001`

/** When Windows was installed, when the computer was started, and the time at which the state was taken. */
export const installDate = "20240109101512.000000-480"
export const bootTime = "20240115075834.500000-480"
export const localTime = "20240115093000.123000-480"

/** The path of a volume by its GUID: `data` is `C:`, the others have no letter. */
export const volumePath = (name: "system" | "recovery" | "data"): string =>
  `\\\\?\\Volume{${{ system: "5c1f0b6e", recovery: "7d3a9e42", data: "b81c44d0" }[name]}-3d5a-4b0e-9f7c-2a6f1e8d5b33}\\`

/** An instance of a record that nothing else holds: the record is frozen, not copied, which is a third of the time that a world loads. */
export const instance = (className: string, values: Values): Instance => {
  for (const name in values) if (Array.isArray(values[name])) Object.freeze(values[name])
  return markFrozen(instanceOf(className, Object.freeze(values), none))
}

/** A part of the system: an instance with the names of its class and of the computer. */
export const part = (className: string, values: Values): Instance =>
  instance(className, {
    CreationClassName: className,
    SystemCreationClassName: "Win32_ComputerSystem",
    SystemName: computerName,
    Status: "OK",
    ...values
  })

/**
 * A device: a part whose Caption and Description are its name unless they are given. One with a PNPDeviceID is a `Win32_PnPEntity`, too:
 * see `plugAndPlay`.
 */
export const device = (className: string, values: Values & { readonly Name: string }): Instance =>
  instance(className, {
    CreationClassName: className,
    SystemCreationClassName: "Win32_ComputerSystem",
    SystemName: computerName,
    Status: "OK",
    Caption: values.Name,
    Description: values.Name,
    ...values
  })

/** The path of an instance, as an association holds it. */
export const reference = (className: string, keys: Readonly<Record<string, string | number>>): string =>
  ObjectPath.format(ObjectPath.make({
    server: computerName,
    namespace: "root\\cimv2",
    className,
    keys: Object.entries(keys).map(([name, value]) => ({ name, value }))
  }))

/** The path of a singleton. */
export const singleton = (className: string): string =>
  ObjectPath.format(ObjectPath.make({ server: computerName, namespace: "root\\cimv2", className, singleton: true }))

/** The path of the computer itself. */
export const computer: string = /* @__PURE__ */ reference("Win32_ComputerSystem", { Name: computerName })
