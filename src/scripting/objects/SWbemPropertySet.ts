/**
 * `SWbemPropertySet`: the properties of a class or an instance, inherited ones included (`object-model` 7).
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import * as CimType from "../../model/CimType.ts"
import { linkedValue } from "./linkedValues.ts"
import type { PropertyOwner, PropertyState } from "./propertyOwner.ts"
import { refusal, requireZeroFlags } from "./refusal.ts"
import { SWbemQualifierSet } from "./SWbemQualifierSet.ts"
import { assignableValue, type Variant, type VariantInput } from "./variant.ts"

export type { PropertyOwner, PropertyState } from "./propertyOwner.ts"

const source = "SWbemPropertySet"

/** In the number of a CIM type: an array of that type (`object-model` 1). */
const arrayFlag = 0x2000

const requireProperty = (owner: PropertyOwner, name: string): PropertyState => {
  const property = typeof name === "string" ? owner.find(name) : undefined
  if (property === undefined) throw refusal("NotFound", source, `there is no property ${String(name)}`)
  return property
}

/**
 * The value of a property as a script reads it; `undefined` when the object has no property of that name.
 *
 * @since 0.1.0
 * @category combinators
 */
export const readProperty = (owner: PropertyOwner, name: string): Variant | undefined => {
  const property = owner.find(name)
  return property === undefined ? undefined : linkedValue(owner, property, source)
}

/**
 * Assigns a property, coerced as OLE automation does it. Fails with `NotFound`, `TypeMismatch` or `ValueOutOfRange`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const writeProperty = (owner: PropertyOwner, name: string, value: VariantInput): void => {
  const property = requireProperty(owner, name)
  const stored = assignableValue(value, property, property.name, source)
  owner.registerClass(value)
  property.write(stored)
}

/**
 * One property of a set.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemProperty {
  /** The name, spelled as it was declared. */
  readonly name: string
  private readonly owner: PropertyOwner

  /** The set of properties constructs its elements. */
  constructor(owner: PropertyOwner, name: string) {
    this.owner = owner
    this.name = name
  }

  /** The property as the object has it now; fails with `NotFound` once it was removed. */
  private get current(): PropertyState {
    return requireProperty(this.owner, this.name)
  }

  /**
   * The default property. An array or embedded object stays linked until the property gets another value: changing it changes the
   * object. An assigned value is copied.
   */
  get value(): Variant {
    return linkedValue(this.owner, this.current, source)
  }

  set value(value: VariantInput) {
    writeProperty(this.owner, this.name, value)
  }

  /** The CIM type as a number of `WbemCimTypeEnum`. */
  get cimType(): number {
    return CimType.row(this.current.type)?.number ?? 0
  }

  /** Whether the value is an array. */
  get isArray(): boolean {
    return this.current.isArray
  }

  /** Whether the class itself declares the property, or the instance has its own value or qualifier for it. */
  get isLocal(): boolean {
    return this.current.isLocal
  }

  /** The name of the class that introduced the property. */
  get origin(): string {
    return this.current.origin
  }

  /** The qualifiers of the property. A system property has none (`SystemProperty`). */
  get qualifiers_(): SWbemQualifierSet {
    const { qualifierOwner } = this.current
    if (qualifierOwner === undefined) {
      throw refusal("SystemProperty", "SWbemProperty", `${this.name} has no qualifiers`, "object-model 10")
    }
    return new SWbemQualifierSet(qualifierOwner)
  }

  /** The default property, `value`. */
  get defaultMember_(): Variant {
    return this.value
  }

  /** The value as text. */
  toString(): string {
    return String(this.value)
  }
}

/**
 * The properties of an object, sorted by name.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemPropertySet implements Iterable<SWbemProperty> {
  private readonly owner: PropertyOwner

  /** The object constructs its set of properties. */
  constructor(owner: PropertyOwner) {
    this.owner = owner
  }

  /**
   * `Add`: declares a property, or redeclares one that the class has; its value is NULL afterwards. An instance cannot get new
   * properties (`NotFound`). Either `bIsArray` or the flag 0x2000 in the type makes it an array.
   */
  add(strName: string, iCIMType: number, bIsArray: boolean = false, iFlags: number = 0): SWbemProperty {
    requireZeroFlags(iFlags, source)
    if (typeof strName !== "string" || !CimName.isUserName(strName)) {
      throw refusal("InvalidParameter", source, `${String(strName)} is no name of a property`, "object-model 13")
    }
    const isFlagged = (iCIMType & arrayFlag) !== 0
    const single = isFlagged ? iCIMType - arrayFlag : iCIMType
    const type = CimType.table.find(({ number }) => number === single)?.name
    if (type === undefined) {
      throw refusal("InvalidPropertyType", source, `${iCIMType} is no CIM type`, "object-model 1")
    }
    this.owner.add(strName, { type, isArray: bIsArray || isFlagged })
    return new SWbemProperty(this.owner, strName)
  }

  /** `Item`, the default method. Fails with `NotFound`. */
  item(strName: string, iFlags: number = 0): SWbemProperty {
    requireZeroFlags(iFlags, source)
    return new SWbemProperty(this.owner, requireProperty(this.owner, strName).name)
  }

  /**
   * Removes a property from a class. On an instance, and for an inherited property that the class redeclares, the value is reset to the
   * default instead, which `wbemErrResetToDefault` reports.
   */
  remove(strName: string, iFlags: number = 0): void {
    requireZeroFlags(iFlags, source)
    this.owner.remove(requireProperty(this.owner, strName).name)
  }

  /** The number of properties. */
  get count(): number {
    return this.owner.names().length
  }

  /** The properties in their order. */
  *[Symbol.iterator](): Iterator<SWbemProperty> {
    for (const name of this.owner.names()) yield new SWbemProperty(this.owner, name)
  }
}
