/**
 * `SWbemNamedValueSet`: the named values of a call's context, and the keys of an `SWbemObjectPath`. A call copies the values when it
 * is made; the set can be used again (PA-5).
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import * as NamedValueSet from "../../model/NamedValueSet.ts"
import { refusal, requireZeroFlags } from "./refusal.ts"
import { defaultValueOf, untypedValue, type VariantInput } from "./variant.ts"

const source = "SWbemNamedValueSet"

/** The name up to the first NUL, where WMI ends it. */
const untilNul = (name: string): string => name.split("\0", 1)[0]!

interface NamedValueEntry {
  readonly name: string
  value: VariantInput
}

/**
 * One element of a set. It stays connected to the set: assigning its value changes the set, and adds the element again if it was
 * removed.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemNamedValue {
  /** The name, spelled as it was added. */
  readonly name: string
  private readonly entry: () => NamedValueEntry
  private readonly write: (value: VariantInput) => void

  /** The set constructs its elements. */
  constructor(name: string, entry: () => NamedValueEntry, write: (value: VariantInput) => void) {
    this.name = name
    this.entry = entry
    this.write = write
  }

  /** The value in the set. An array is not a copy: assigning one of its elements changes the set. */
  get value(): VariantInput {
    return this.entry().value
  }

  set value(value: VariantInput) {
    this.write(value)
  }

  /** The default property, `value`. */
  get defaultMember_(): VariantInput {
    return this.value
  }

  /** The value as text. */
  toString(): string {
    return String(this.value)
  }
}

/**
 * A set of named values, in the order in which the names were added. Names compare without case (PA-60).
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemNamedValueSet implements Iterable<SWbemNamedValue> {
  private readonly entries = new Map<string, NamedValueEntry>()

  /** Returns the value in the form in which it is stored, or throws. The key set of a path overrides this. */
  protected acceptable(_name: string, value: VariantInput): VariantInput {
    if (value === undefined) throw refusal("InvalidParameter", source, "a value must be given, or null")
    return defaultValueOf(value) as VariantInput // an array is a copy
  }

  /** Runs before every change; an override throws to prevent the change. */
  protected beforeChange(): void {}

  /** The entry of a name; fails with `NotFound` when there is none. */
  private entry(strName: string): NamedValueEntry {
    const stored = typeof strName === "string" ? this.entries.get(CimName.fold(untilNul(strName))) : undefined
    if (stored === undefined) throw refusal("NotFound", source, `there is no value ${String(strName)}`)
    return stored
  }

  /** The element of an entry, which reads and writes the set. */
  private elementOf({ name }: NamedValueEntry): SWbemNamedValue {
    return new SWbemNamedValue(name, () => this.entry(name), (value) => this.write(name, value))
  }

  /** Sets the value of a name. A name that the set does not have is added at the end. */
  private write(strName: string, value: VariantInput): NamedValueEntry {
    this.beforeChange()
    const folded = CimName.fold(strName)
    const entry: NamedValueEntry = {
      name: this.entries.get(folded)?.name ?? strName,
      value: this.acceptable(strName, value)
    }
    this.entries.set(folded, entry)
    return entry
  }

  /** `Add`: a name that is in the set gets the new value and keeps its position. */
  add(strName: string, varVal: VariantInput, iFlags: number = 0): SWbemNamedValue {
    requireZeroFlags(iFlags, source)
    if (typeof strName !== "string") throw refusal("InvalidParameter", source, "a name is text")
    return this.elementOf(this.write(untilNul(strName), varVal))
  }

  /** `Item`, the default method: `set("name")` of a script is `set.item("name")`. */
  item(strName: string, iFlags: number = 0): SWbemNamedValue {
    requireZeroFlags(iFlags, source)
    return this.elementOf(this.entry(strName))
  }

  /** `Remove`: removes a name. Fails with `NotFound` when the set does not have the name. */
  remove(strName: string, iFlags: number = 0): void {
    requireZeroFlags(iFlags, source)
    const { name } = this.entry(strName)
    this.beforeChange()
    this.entries.delete(CimName.fold(name))
  }

  /** `DeleteAll`: removes every name. */
  deleteAll(iFlags: number = 0): void {
    requireZeroFlags(iFlags, source)
    this.beforeChange()
    this.entries.clear()
  }

  /** `Clone`: a set with the same names and values; a change of one does not change the other. */
  clone(): SWbemNamedValueSet {
    const copy = new SWbemNamedValueSet()
    for (const { name, value } of this.entries.values()) copy.add(name, value)
    return copy
  }

  /** The number of names. */
  get count(): number {
    return this.entries.size
  }

  /** The named values in their order. */
  *[Symbol.iterator](): Iterator<SWbemNamedValue> {
    for (const entry of [...this.entries.values()]) yield this.elementOf(entry)
  }

  /** A `NamedValueSet` of the library with the current values. */
  toNamedValueSet(): NamedValueSet.NamedValueSet {
    return NamedValueSet.make(
      Array.from(this.entries.values(), ({ name, value }) => [name, untypedValue(value)] as const)
    )
  }
}

/**
 * The context of a call: the values of a script's set, or a context of the library. Any other value is returned as it is; the start
 * of the call refuses it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const contextOf = (
  given: SWbemNamedValueSet | NamedValueSet.Input | null | undefined
): NamedValueSet.Input | undefined =>
  given === null || given === undefined
    ? undefined
    : given instanceof SWbemNamedValueSet
    ? given.toNamedValueSet()
    : given
