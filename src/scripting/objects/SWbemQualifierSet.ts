/**
 * `SWbemQualifierSet`: the qualifiers of a class, an instance, a property or a method, inherited ones included (`qualifiers` 1 to 3).
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import { askingArray } from "./observedArray.ts"
import { refusal, unlessZero } from "./refusal.ts"
import { type Defaulting, qualifierValue } from "./variant.ts"

const source = "SWbemQualifierSet"

/**
 * What carries qualifiers, as a set sees it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Carrier {
  /** The qualifiers in force; inherited ones have the origin bit 0x20. */
  readonly inForce: () => ReadonlyArray<Qualifier.Qualifier>
  /** Those that stand on the carrier itself. */
  readonly own: () => ReadonlyArray<Qualifier.Qualifier>
  /** Replaces its own ones. */
  readonly write: (own: ReadonlyArray<Qualifier.Qualifier>) => void
  /** Takes a qualifier that is no list entry (`CIMTYPE`), or refuses one; answers whether it took it. */
  readonly takes?: ((name: string, value: Qualifier.QualifierValue) => boolean) | undefined
}

/** Three booleans of a script are the bits of a flavour; `Key` has its own. */
const flavorOf = (name: string, toSubclasses: boolean, toInstances: boolean, overridable: boolean): number =>
  CimName.equals(name, "key") ? Qualifier.keyFlavor : (toInstances ? Qualifier.Flavor.ToInstance : 0)
    | (toSubclasses ? Qualifier.Flavor.ToSubclass : 0)
    | (overridable ? 0 : Qualifier.Flavor.DisableOverride)

/**
 * Puts a qualifier among a carrier's own ones; an inherited one that may not be overridden refuses another value. What the carrier takes
 * itself (`CIMTYPE`) has no flavours of its own.
 */
const put = (carrier: Carrier, qualifier: Qualifier.Qualifier): void => {
  if (carrier.takes?.(qualifier.name, qualifier.value) === true) return
  const inherited = Qualifier.find(carrier.inForce(), qualifier.name)
  if (
    inherited !== undefined && (inherited.flavor & Qualifier.propagated) !== 0
    && (inherited.flavor & Qualifier.Flavor.DisableOverride) !== 0
  ) {
    if (Qualifier.sameValue(inherited, qualifier)) return // an identical value is no override
    throw refusal("OverrideNotAllowed", source, `${inherited.name} is inherited and fixed`, "qualifiers 3.2")
  }
  const own = carrier.own()
  const at = own.findIndex((other) => CimName.equals(other.name, qualifier.name))
  carrier.write(Object.freeze(at < 0 ? [...own, qualifier] : own.map((other, i) => i === at ? qualifier : other)))
}

/**
 * One qualifier of a set. What is assigned to an inherited one becomes the carrier's own.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemQualifier {
  readonly name: string
  private readonly carrier: Carrier

  constructor(carrier: Carrier, name: string) {
    this.carrier = carrier
    this.name = name
  }

  private get now(): Qualifier.Qualifier {
    const found = Qualifier.find(this.carrier.inForce(), this.name)
    if (found === undefined) throw refusal("NotFound", "SWbemQualifier", `there is no qualifier ${this.name}`)
    return found
  }

  private flavor(bit: number, on: boolean): void {
    const { flavor, name, type, value } = this.now
    const kept = flavor & ~Qualifier.propagated
    const changed = CimName.equals(name, "key") ? Qualifier.keyFlavor : on ? kept | bit : kept & ~bit
    put(this.carrier, Qualifier.make(name, value, { type, flavor: changed }))
  }

  /** The default property. An element that is assigned in an array is assigned in the qualifier. */
  get value(): Qualifier.QualifierValue {
    const { value } = this.now
    if (!Array.isArray(value)) return value
    return askingArray<unknown>(value, (wanted) => {
      this.value = wanted as Qualifier.QualifierValue
      return wanted
    }) as Qualifier.QualifierValue
  }

  set value(value: Qualifier.QualifierValue | Defaulting) {
    const { flavor, name } = this.now
    const taken = qualifierValue(value, name, "SWbemQualifier")
    put(this.carrier, Qualifier.make(name, taken, { flavor: flavor & ~Qualifier.propagated }))
  }

  /** Whether it stands on the carrier itself. */
  get isLocal(): boolean {
    return (this.now.flavor & Qualifier.propagated) === 0
  }

  /** Whether it is localised text. */
  get isAmended(): boolean {
    return (this.now.flavor & Qualifier.Flavor.Amended) !== 0
  }

  get isOverridable(): boolean {
    return (this.now.flavor & Qualifier.Flavor.DisableOverride) === 0
  }

  set isOverridable(on: boolean) {
    this.flavor(Qualifier.Flavor.DisableOverride, !on)
  }

  get propagatesToInstance(): boolean {
    return (this.now.flavor & Qualifier.Flavor.ToInstance) !== 0
  }

  set propagatesToInstance(on: boolean) {
    this.flavor(Qualifier.Flavor.ToInstance, on)
  }

  get propagatesToSubclass(): boolean {
    return (this.now.flavor & Qualifier.Flavor.ToSubclass) !== 0
  }

  set propagatesToSubclass(on: boolean) {
    this.flavor(Qualifier.Flavor.ToSubclass, on)
  }

  get defaultMember_(): Qualifier.QualifierValue {
    return this.value
  }

  /** The default property. */
  toString(): string {
    return String(this.value)
  }
}

/**
 * The set, listed by name without case, own and inherited ones together (`qualifiers` 3).
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemQualifierSet implements Iterable<SWbemQualifier> {
  private readonly carrier: Carrier

  constructor(carrier: Carrier) {
    this.carrier = carrier
  }

  /**
   * `Add`, or a new value for one that is there. Left out, a qualifier goes to subclasses and instances and may be overridden: the
   * defaults of a script, which are not those of MOF (`qualifiers` 2).
   */
  add(
    strName: string,
    varVal: Qualifier.QualifierValue | Defaulting,
    bPropagatesToSubclasses: boolean = true,
    bPropagatesToInstances: boolean = true,
    bOverridable: boolean = true,
    iFlags: number = 0
  ): SWbemQualifier {
    unlessZero(iFlags, source)
    const value = qualifierValue(varVal, String(strName), source)
    if (typeof strName !== "string" || !CimName.isUserName(strName)) {
      throw refusal(
        "InvalidParameter",
        source,
        `${JSON.stringify(strName)} is no name of a qualifier`,
        "qualifiers 1"
      )
    }
    const flavor = flavorOf(strName, bPropagatesToSubclasses, bPropagatesToInstances, bOverridable)
    const qualifier = Object.freeze(Qualifier.make(strName, value, { flavor }))
    put(this.carrier, qualifier)
    return new SWbemQualifier(this.carrier, qualifier.name)
  }

  /** `Item`, the default method. */
  item(strName: string, iFlags: number = 0): SWbemQualifier {
    unlessZero(iFlags, source)
    const found = Qualifier.find(this.carrier.inForce(), strName)
    if (found === undefined) throw refusal("NotFound", source, `there is no qualifier ${strName}`)
    return new SWbemQualifier(this.carrier, found.name)
  }

  /** Its own one goes and an inherited one shows again; an inherited one cannot go. */
  remove(strName: string, iFlags: number = 0): void {
    unlessZero(iFlags, source)
    const own = this.carrier.own()
    const kept = own.filter(({ name }) => !CimName.equals(name, strName))
    if (kept.length < own.length) return this.carrier.write(Object.freeze(kept))
    const { isLocal, name } = this.item(strName)
    throw isLocal
      ? refusal("ReadOnly", source, `the server makes ${name}`, "qualifiers 4")
      : refusal("PropagatedQualifier", source, `${name} is inherited`, "qualifiers 3")
  }

  get count(): number {
    return this.carrier.inForce().length
  }

  *[Symbol.iterator](): Iterator<SWbemQualifier> {
    const listed = [...this.carrier.inForce()].sort((a, b) => CimName.compare(a.name, b.name))
    for (const { name } of listed) yield new SWbemQualifier(this.carrier, name)
  }
}
