/**
 * `SWbemQualifierSet`: the qualifiers of a class, an instance, a property or a method, inherited ones included (`qualifiers` 1 to 3).
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import { observedArray } from "./observedArray.ts"
import { refusal, requireZeroFlags } from "./refusal.ts"
import { type HasDefaultMember, qualifierValue } from "./variant.ts"

const source = "SWbemQualifierSet"

/**
 * The source of a qualifier set: a class, an instance, a property or a method.
 *
 * @since 0.1.0
 * @category models
 */
export interface QualifierOwner {
  /** The effective qualifiers; inherited ones have the origin bit 0x20. */
  readonly effective: () => ReadonlyArray<Qualifier.Qualifier>
  /** The qualifiers that the element itself declares. */
  readonly local: () => ReadonlyArray<Qualifier.Qualifier>
  /** Replaces the local qualifiers. */
  readonly write: (local: ReadonlyArray<Qualifier.Qualifier>) => void
  /** Handles a qualifier that is not stored in the list (`CIMTYPE`), or throws. Returns whether it handled the qualifier. */
  readonly intercept?: ((name: string, value: Qualifier.QualifierValue) => boolean) | undefined
}

/** The flavour bits of the three booleans of `Add`; `Key` always has its own flavour. */
const flavorOf = (name: string, toSubclasses: boolean, toInstances: boolean, overridable: boolean): number =>
  CimName.equals(name, "key") ? Qualifier.keyFlavor : (toInstances ? Qualifier.Flavor.ToInstance : 0)
    | (toSubclasses ? Qualifier.Flavor.ToSubclass : 0)
    | (overridable ? 0 : Qualifier.Flavor.DisableOverride)

/**
 * Adds or replaces a local qualifier. Fails with `OverrideNotAllowed` when an inherited qualifier fixes another value. A qualifier that
 * the owner intercepts (`CIMTYPE`) has no flavours of its own.
 */
const put = (owner: QualifierOwner, qualifier: Qualifier.Qualifier): void => {
  if (owner.intercept?.(qualifier.name, qualifier.value) === true) return
  const inherited = Qualifier.find(owner.effective(), qualifier.name)
  if (
    inherited !== undefined && (inherited.flavor & Qualifier.propagated) !== 0
    && (inherited.flavor & Qualifier.Flavor.DisableOverride) !== 0
  ) {
    if (Qualifier.sameValue(inherited, qualifier)) return // an identical value is no override
    throw refusal("OverrideNotAllowed", source, `${inherited.name} is inherited and fixed`, "qualifiers 3.2")
  }
  const local = owner.local()
  const at = local.findIndex((other) => CimName.equals(other.name, qualifier.name))
  owner.write(Object.freeze(at < 0 ? [...local, qualifier] : local.map((other, i) => i === at ? qualifier : other)))
}

/**
 * One qualifier of a set. Assigning an inherited qualifier adds a local one.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemQualifier {
  /** The name, spelled as it was declared. */
  readonly name: string
  private readonly owner: QualifierOwner

  /** The set of qualifiers constructs its elements. */
  constructor(owner: QualifierOwner, name: string) {
    this.owner = owner
    this.name = name
  }

  /** The qualifier as the owner has it now; fails with `NotFound` once it was removed. */
  private get current(): Qualifier.Qualifier {
    const qualifier = Qualifier.find(this.owner.effective(), this.name)
    if (qualifier === undefined) throw refusal("NotFound", "SWbemQualifier", `there is no qualifier ${this.name}`)
    return qualifier
  }

  /** Sets or clears one bit of the flavour and stores the qualifier. */
  private flavor(bit: number, on: boolean): void {
    const { flavor, name, type, value } = this.current
    const localFlavor = flavor & ~Qualifier.propagated
    const changed = CimName.equals(name, "key") ? Qualifier.keyFlavor : on ? localFlavor | bit : localFlavor & ~bit
    put(this.owner, Qualifier.make(name, value, { type, flavor: changed }))
  }

  /** The default property. Assigning an element of an array changes the qualifier. */
  get value(): Qualifier.QualifierValue {
    const { value } = this.current
    if (!Array.isArray(value)) return value
    return observedArray<unknown>(value, (elements) => {
      this.value = elements as Qualifier.QualifierValue
      return elements
    }) as Qualifier.QualifierValue
  }

  set value(value: Qualifier.QualifierValue | HasDefaultMember) {
    const { flavor, name } = this.current
    const accepted = qualifierValue(value, name, "SWbemQualifier")
    put(this.owner, Qualifier.make(name, accepted, { flavor: flavor & ~Qualifier.propagated }))
  }

  /** Whether the element itself declares it. */
  get isLocal(): boolean {
    return (this.current.flavor & Qualifier.propagated) === 0
  }

  /** Whether its text is localised. */
  get isAmended(): boolean {
    return (this.current.flavor & Qualifier.Flavor.Amended) !== 0
  }

  /** Whether a subclass or instance may give the qualifier another value. */
  get isOverridable(): boolean {
    return (this.current.flavor & Qualifier.Flavor.DisableOverride) === 0
  }

  set isOverridable(on: boolean) {
    this.flavor(Qualifier.Flavor.DisableOverride, !on)
  }

  /** Whether instances of the class have the qualifier. */
  get propagatesToInstance(): boolean {
    return (this.current.flavor & Qualifier.Flavor.ToInstance) !== 0
  }

  set propagatesToInstance(on: boolean) {
    this.flavor(Qualifier.Flavor.ToInstance, on)
  }

  /** Whether subclasses have the qualifier. */
  get propagatesToSubclass(): boolean {
    return (this.current.flavor & Qualifier.Flavor.ToSubclass) !== 0
  }

  set propagatesToSubclass(on: boolean) {
    this.flavor(Qualifier.Flavor.ToSubclass, on)
  }

  /** The default property, `value`. */
  get defaultMember_(): Qualifier.QualifierValue {
    return this.value
  }

  /** The default property. */
  toString(): string {
    return String(this.value)
  }
}

/**
 * The local and inherited qualifiers of an element, sorted by name without case (`qualifiers` 3).
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemQualifierSet implements Iterable<SWbemQualifier> {
  private readonly owner: QualifierOwner

  /** The class, instance, property or method constructs its set of qualifiers. */
  constructor(owner: QualifierOwner) {
    this.owner = owner
  }

  /**
   * `Add`: adds a qualifier or gives an existing one a new value. By default it propagates to subclasses and instances and can be
   * overridden. These are the defaults of the scripting library; those of MOF are different (`qualifiers` 2).
   */
  add(
    strName: string,
    varVal: Qualifier.QualifierValue | HasDefaultMember,
    bPropagatesToSubclasses: boolean = true,
    bPropagatesToInstances: boolean = true,
    bOverridable: boolean = true,
    iFlags: number = 0
  ): SWbemQualifier {
    requireZeroFlags(iFlags, source)
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
    put(this.owner, qualifier)
    return new SWbemQualifier(this.owner, qualifier.name)
  }

  /** `Item`, the default method. Fails with `NotFound`. */
  item(strName: string, iFlags: number = 0): SWbemQualifier {
    requireZeroFlags(iFlags, source)
    const qualifier = Qualifier.find(this.owner.effective(), strName)
    if (qualifier === undefined) throw refusal("NotFound", source, `there is no qualifier ${strName}`)
    return new SWbemQualifier(this.owner, qualifier.name)
  }

  /** Removes a local qualifier, which makes an inherited one effective again. Fails with `PropagatedQualifier` for an inherited one. */
  remove(strName: string, iFlags: number = 0): void {
    requireZeroFlags(iFlags, source)
    const local = this.owner.local()
    const remaining = local.filter(({ name }) => !CimName.equals(name, strName))
    if (remaining.length < local.length) return this.owner.write(Object.freeze(remaining))
    const { isLocal, name } = this.item(strName)
    throw isLocal
      ? refusal("ReadOnly", source, `the server makes ${name}`, "qualifiers 4")
      : refusal("PropagatedQualifier", source, `${name} is inherited`, "qualifiers 3")
  }

  /** The number of qualifiers. */
  get count(): number {
    return this.owner.effective().length
  }

  /** The qualifiers in their order. */
  *[Symbol.iterator](): Iterator<SWbemQualifier> {
    const sorted = [...this.owner.effective()].sort((a, b) => CimName.compare(a.name, b.name))
    for (const { name } of sorted) yield new SWbemQualifier(this.owner, name)
  }
}
