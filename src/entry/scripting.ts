/**
 * `effect-wmi/scripting`: the objects of the WMI scripting library (`SWbemLocator`, `SWbemServicesEx` and the others), for
 * porting scripts.
 *
 * @module
 */
export { type Handlers, SWbemSink } from "../scripting/connection/SWbemSink.ts"
export { SWbemLocator } from "../scripting/connection/SWbemLocator.ts"
export { connectServer, SWbemServicesEx } from "../scripting/connection/SWbemServicesEx.ts"
export { SWbemDateTime } from "../scripting/objects/SWbemDateTime.ts"
export { SWbemError } from "../scripting/objects/SWbemError.ts"
export { type ErrorSlot, type ExtendedStatusMembers, SWbemLastError } from "../scripting/objects/SWbemLastError.ts"
export { SWbemMethod, SWbemMethodSet } from "../scripting/objects/SWbemMethodSet.ts"
export { SWbemNamedValue, SWbemNamedValueSet } from "../scripting/objects/SWbemNamedValueSet.ts"
export {
  type Members,
  type ScriptObject,
  SWbemObject,
  type Variant,
  type VariantInput
} from "../scripting/objects/SWbemObject.ts"
export { SWbemObjectPath } from "../scripting/objects/SWbemObjectPath.ts"
export { SWbemObjectSet } from "../scripting/objects/SWbemObjectSet.ts"
export { SWbemProperty, SWbemPropertySet } from "../scripting/objects/SWbemPropertySet.ts"
export { SWbemQualifier, SWbemQualifierSet } from "../scripting/objects/SWbemQualifierSet.ts"
export {
  type SecuritySettings,
  SWbemPrivilege,
  SWbemPrivilegeSet,
  SWbemSecurity
} from "../scripting/objects/SWbemSecurity.ts"
export * from "../scripting/objects/WbemConstants.ts"
