/**
 * `SWbemPropertySet`: the properties of a class or an instance, inherited ones included (`object-model` 7).
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import * as CimType from "../../model/CimType.ts"
import { held } from "./linkedValues.ts"
import type { Owner, PropertyNow } from "./propertyOwner.ts"
import { refusal, unlessZero } from "./refusal.ts"
import { SWbemQualifierSet } from "./SWbemQualifierSet.ts"
import { assigned, type Variant, type VariantInput } from "./variant.ts"

export type { Owner, PropertyNow } from "./propertyOwner.ts"

const source = "SWbemPropertySet"

/** A number of a CIM type with this flag is an array of that type (`object-model` 1). */
const arrayFlag = 0x2000

const present = (owner: Owner, name: string): PropertyNow => {
  const found = typeof name === "string" ? owner.find(name) : undefined
  if (found === undefined) throw refusal("NotFound", source, `there is no property ${String(name)}`)
  return found
}

/**
 * The value of a property as a script reads it; `undefined` when the object has none of that name.
 *
 * @since 0.1.0
 * @category combinators
 */
export const read = (owner: Owner, name: string): Variant | undefined => {
  const found = owner.find(name)
  return found === undefined ? undefined : held(owner, found, source)
}

/**
 * Assigns a property, coerced as automation does it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const write = (owner: Owner, name: string, value: VariantInput): void => {
  const found = present(owner, name)
  const kept = assigned(value, found, found.name, source)
  owner.met(value)
  found.write(kept)
}

/**
 * One property of a set.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemProperty {
  readonly name: string
  private readonly owner: Owner

  constructor(owner: Owner, name: string) {
    this.owner = owner
    this.name = name
  }

  private get now(): PropertyNow {
    return present(this.owner, this.name)
  }

  /**
   * The default property. An array and an embedded object are the property's own until it is given another value: what is changed in
   * them is changed in the object. What is assigned is copied.
   */
  get value(): Variant {
    return held(this.owner, this.now, source)
  }

  set value(value: VariantInput) {
    write(this.owner, this.name, value)
  }

  /** A number of `WbemCimTypeEnum`. */
  get cimType(): number {
    return CimType.row(this.now.type)?.number ?? 0
  }

  get isArray(): boolean {
    return this.now.isArray
  }

  /** Whether a class declares it itself, and whether an instance has a value or qualifier of its own. */
  get isLocal(): boolean {
    return this.now.isLocal
  }

  get origin(): string {
    return this.now.origin
  }

  get qualifiers_(): SWbemQualifierSet {
    const { carrier } = this.now
    if (carrier === undefined) {
      throw refusal("SystemProperty", "SWbemProperty", `${this.name} has no qualifiers`, "object-model 10")
    }
    return new SWbemQualifierSet(carrier)
  }

  get defaultMember_(): Variant {
    return this.value
  }

  toString(): string {
    return String(this.value)
  }
}

/**
 * The set.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemPropertySet implements Iterable<SWbemProperty> {
  private readonly owner: Owner

  constructor(owner: Owner) {
    this.owner = owner
  }

  /**
   * `Add`, or another definition of one that is there. Its value is NULL then. Instances gain no properties. An array is said by
   * `bIsArray` or by the flag 0x2000 in the type.
   */
  add(strName: string, iCIMType: number, bIsArray: boolean = false, iFlags: number = 0): SWbemProperty {
    unlessZero(iFlags, source)
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

  /** `Item`, the default method. */
  item(strName: string, iFlags: number = 0): SWbemProperty {
    unlessZero(iFlags, source)
    return new SWbemProperty(this.owner, present(this.owner, strName).name)
  }

  /**
   * Takes a property off a class. Where it cannot go (an instance, an inherited one with a default of its own) the value goes back to
   * the default, and that is told as `wbemErrResetToDefault`.
   */
  remove(strName: string, iFlags: number = 0): void {
    unlessZero(iFlags, source)
    this.owner.remove(present(this.owner, strName).name)
  }

  get count(): number {
    return this.owner.names().length
  }

  *[Symbol.iterator](): Iterator<SWbemProperty> {
    for (const name of this.owner.names()) yield new SWbemProperty(this.owner, name)
  }
}
