/**
 * Arrays and embedded objects that a script has read. They stay connected to the property they came from, as WMI's samples of array
 * and embedded properties expect: `disk.Codes[1] = 5` and `box.Disk.Label = "x"` change the object. What is assigned is a copy, and a
 * property that is given another value lets go of what was read before, which is the script's own from then on.
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"
import type { CimValue, WbemObject } from "../../model/WbemObject.ts"
import { isWbemObject } from "../../model/WbemObject.ts"
import { askingArray } from "./observedArray.ts"
import type { Owner, PropertyNow } from "./propertyOwner.ts"
import { assigned, type Scripted, toVariant, type Variant, type VariantInput } from "./variant.ts"

type Element = boolean | number | string | Scripted

/** What a script was given for a value, while the property has that value. */
interface Given {
  value: CimValue
  variant: Variant
}

const givenTo = /* @__PURE__ */ new WeakMap<Owner, Map<string, Given>>()

const given = (owner: Owner): Map<string, Given> => {
  const known = givenTo.get(owner) ?? new Map<string, Given>()
  givenTo.set(owner, known)
  return known
}

/** A value as a script reads it: the same array and the same object as long as the property has not been given another one. */
export const held = (owner: Owner, found: PropertyNow, source: string): Variant => {
  const { value } = found
  if (typeof value !== "object" || value === null) return toVariant(value, owner.wrap)
  const all = given(owner)
  const key = CimName.fold(found.name)
  const before = all.get(key)
  if (before?.value === value) return before.variant
  const mine: Given = { value, variant: null }
  const keep = (changed: CimValue): void => {
    const now = owner.find(found.name)
    if (now === undefined || all.get(key) !== mine || now.value !== mine.value) return
    now.write(changed)
    mine.value = changed
  }
  mine.variant = Array.isArray(value)
    ? heldArray(owner, found, value, source, keep)
    : owner.wrap(value as WbemObject, keep)
  all.set(key, mine)
  return mine.variant
}

const heldArray = (
  owner: Owner,
  found: PropertyNow,
  elements: ReadonlyArray<CimValue>,
  source: string,
  keep: (changed: CimValue) => void
): ReadonlyArray<Element> => {
  const own = new Set<unknown>()
  const element = (value: CimValue): Element => {
    if (!isWbemObject(value)) return toVariant(value, owner.wrap) as Element
    const scripted = owner.wrap(value, () => keep(assigned([...list], found, found.name, source)))
    own.add(scripted)
    return scripted
  }
  const accept = (wanted: ReadonlyArray<unknown>): ReadonlyArray<Element> => {
    const kept = assigned(wanted, found, found.name, source)
    owner.met(wanted as VariantInput)
    keep(kept)
    /** One that is wanted in several places stays where it was; copies go to the others. */
    const stays = (one: unknown, i: number): one is Scripted => {
      if (!own.has(one)) return false
      const at = list.indexOf(one as Scripted)
      return i === (at >= 0 && wanted[at] === one ? at : wanted.indexOf(one))
    }
    return (kept as ReadonlyArray<CimValue>).map((value, i) => {
      const one = wanted[i]
      return stays(one, i) ? one : element(value)
    })
  }
  const list = askingArray(elements.map(element), accept)
  return list
}
