/**
 * What has properties, as a script's sets see it. `SWbemPropertySet` gives it out.
 *
 * @since 0.1.0
 */
import type * as CimType from "../../model/CimType.ts"
import type { CimValue, WbemObject } from "../../model/WbemObject.ts"
import type { Carrier } from "./SWbemQualifierSet.ts"
import type { Scripted, VariantInput } from "./variant.ts"

/**
 * A property of an object, as it is now.
 *
 * @since 0.1.0
 * @category models
 */
export interface PropertyNow extends CimType.TypeRef {
  readonly name: string
  readonly value: CimValue
  /** The class that introduced it. */
  readonly origin: string
  readonly isLocal: boolean
  /** System properties have no qualifiers (`object-model` 10). */
  readonly carrier: Carrier | undefined
  /** Takes a value in the form of the type. */
  readonly write: (value: CimValue) => void
}

/**
 * What has properties, as a set sees it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Owner {
  /** Sorted by name, as objects are listed. */
  readonly names: () => ReadonlyArray<string>
  readonly find: (name: string) => PropertyNow | undefined
  readonly add: (name: string, type: CimType.TypeRef) => void
  readonly remove: (name: string) => void
  /** A script's object for an embedded one; `changed` is told what has become of it whenever the script changes it. */
  readonly wrap: (object: WbemObject, changed?: (object: WbemObject) => void) => Scripted
  /** Remembers the classes of objects that a script assigns: they are read with those. */
  readonly met: (value: VariantInput) => void
}
