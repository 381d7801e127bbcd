/**
 * The source of a property set. `SWbemPropertySet` re-exports these types.
 *
 * @since 0.1.0
 */
import type * as CimType from "../../model/CimType.ts"
import type { CimValue, WbemObject } from "../../model/WbemObject.ts"
import type { QualifierOwner } from "./SWbemQualifierSet.ts"
import type { ScriptObject, VariantInput } from "./variant.ts"

/**
 * A property of an object at the time of reading.
 *
 * @since 0.1.0
 * @category models
 */
export interface PropertyState extends CimType.TypeRef {
  readonly name: string
  readonly value: CimValue
  /** The class that introduced the property. */
  readonly origin: string
  readonly isLocal: boolean
  /** The owner of its qualifiers; undefined for a system property (`object-model` 10). */
  readonly qualifierOwner: QualifierOwner | undefined
  /** Sets a value, which must have the form of the type. */
  readonly write: (value: CimValue) => void
}

/**
 * An object with properties.
 *
 * @since 0.1.0
 * @category models
 */
export interface PropertyOwner {
  /** The names of the properties, sorted as objects list them. */
  readonly names: () => ReadonlyArray<string>
  readonly find: (name: string) => PropertyState | undefined
  readonly add: (name: string, type: CimType.TypeRef) => void
  readonly remove: (name: string) => void
  /** Makes the script object of an embedded object. `onChange` receives the new object after each change by the script. */
  readonly wrap: (object: WbemObject, onChange?: (object: WbemObject) => void) => ScriptObject
  /** Stores the classes of assigned objects, with which they are read later. */
  readonly registerClass: (value: VariantInput) => void
}
