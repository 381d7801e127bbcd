/**
 * `SWbemNamedValueSet`: names and values that go along with a call, and the keys of an `SWbemObjectPath`. A call takes the values
 * as they are then; the set can be used again (PA-5).
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import * as NamedValueSet from "../../model/NamedValueSet.ts"
import { refusal, unlessZero } from "./refusal.ts"
import { meant, untyped, type VariantInput } from "./variant.ts"

const source = "SWbemNamedValueSet"

/** A name ends at the first NUL. */
const ended = (name: string): string => name.split("\0", 1)[0]!

interface Entry {
  readonly name: string
  value: VariantInput
}

/**
 * One element of a set. It stays connected to the set: a value that is assigned is the set's value, and puts an element that was
 * removed back into the set.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemNamedValue {
  readonly name: string
  private readonly entry: () => Entry
  private readonly write: (value: VariantInput) => void

  constructor(name: string, entry: () => Entry, write: (value: VariantInput) => void) {
    this.name = name
    this.entry = entry
    this.write = write
  }

  /** An array is the set's own: an element that is assigned is assigned in the set. */
  get value(): VariantInput {
    return this.entry().value
  }

  set value(value: VariantInput) {
    this.write(value)
  }

  get defaultMember_(): VariantInput {
    return this.value
  }

  toString(): string {
    return String(this.value)
  }
}

/**
 * A set, in the order in which names were added; names compare without case (PA-60).
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemNamedValueSet implements Iterable<SWbemNamedValue> {
  private readonly entries = new Map<string, Entry>()

  /** Whether a value may be written under a name, and in which form; a set of keys says more than this. */
  protected admitted(_name: string, value: VariantInput): VariantInput {
    if (value === undefined) throw refusal("InvalidParameter", source, "a value must be given, or null")
    return meant(value) as VariantInput // an array is a copy
  }

  /** Asked before every change. */
  protected changing(): void {}

  private entry(strName: string): Entry {
    const found = typeof strName === "string" ? this.entries.get(CimName.fold(ended(strName))) : undefined
    if (found === undefined) throw refusal("NotFound", source, `there is no value ${String(strName)}`)
    return found
  }

  private handle({ name }: Entry): SWbemNamedValue {
    return new SWbemNamedValue(name, () => this.entry(name), (value) => this.write(name, value))
  }

  /** Gives a name a value. A name that is not in the set, or no longer in it, is added at the end. */
  private write(strName: string, value: VariantInput): Entry {
    this.changing()
    const folded = CimName.fold(strName)
    const entry: Entry = { name: this.entries.get(folded)?.name ?? strName, value: this.admitted(strName, value) }
    this.entries.set(folded, entry)
    return entry
  }

  /** `Add`: a known name gets the new value and keeps its place. */
  add(strName: string, varVal: VariantInput, iFlags: number = 0): SWbemNamedValue {
    unlessZero(iFlags, source)
    if (typeof strName !== "string") throw refusal("InvalidParameter", source, "a name is text")
    return this.handle(this.write(ended(strName), varVal))
  }

  /** `Item`, the default method: `set("name")` of a script is `set.item("name")`. */
  item(strName: string, iFlags: number = 0): SWbemNamedValue {
    unlessZero(iFlags, source)
    return this.handle(this.entry(strName))
  }

  remove(strName: string, iFlags: number = 0): void {
    unlessZero(iFlags, source)
    const { name } = this.entry(strName)
    this.changing()
    this.entries.delete(CimName.fold(name))
  }

  deleteAll(iFlags: number = 0): void {
    unlessZero(iFlags, source)
    this.changing()
    this.entries.clear()
  }

  clone(): SWbemNamedValueSet {
    const copy = new SWbemNamedValueSet()
    for (const { name, value } of this.entries.values()) copy.add(name, value)
    return copy
  }

  get count(): number {
    return this.entries.size
  }

  *[Symbol.iterator](): Iterator<SWbemNamedValue> {
    for (const entry of [...this.entries.values()]) yield this.handle(entry)
  }

  /** The library's set with the values as they are now. */
  toNamedValueSet(): NamedValueSet.NamedValueSet {
    return NamedValueSet.make(
      Array.from(this.entries.values(), ({ name, value }) => [name, untyped(value)] as const)
    )
  }
}

/**
 * The context of a call, whichever of the two a caller has; what is none passes through, and the start of the call refuses it.
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
