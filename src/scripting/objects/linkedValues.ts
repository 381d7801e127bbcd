/**
 * Arrays and embedded objects that a script has read. They stay linked to the property from which they were read, as WMI's samples of
 * array and embedded properties expect: `disk.Codes[1] = 5` and `box.Disk.Label = "x"` change the object. An assigned value is copied.
 * When a property gets another value, the values that were read before are no longer linked.
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"
import type { CimValue, WbemObject } from "../../model/WbemObject.ts"
import { isWbemObject } from "../../model/WbemObject.ts"
import { observedArray } from "./observedArray.ts"
import type { PropertyOwner, PropertyState } from "./propertyOwner.ts"
import { assignableValue, type ScriptObject, toVariant, type Variant, type VariantInput } from "./variant.ts"

type Element = boolean | number | string | ScriptObject

/** A value of a property and the array or object that a script read for it. The link holds while the property has this value. */
interface LinkedValue {
  value: CimValue
  variant: Variant
}

const linksByOwner = /* @__PURE__ */ new WeakMap<PropertyOwner, Map<string, LinkedValue>>()

const linksOf = (owner: PropertyOwner): Map<string, LinkedValue> => {
  const links = linksByOwner.get(owner) ?? new Map<string, LinkedValue>()
  linksByOwner.set(owner, links)
  return links
}

/** The value of a property as a script reads it: the same array or object until the property gets another value. */
export const linkedValue = (owner: PropertyOwner, property: PropertyState, source: string): Variant => {
  const { value } = property
  if (typeof value !== "object" || value === null) return toVariant(value, owner.wrap)
  const links = linksOf(owner)
  const key = CimName.fold(property.name)
  const existing = links.get(key)
  if (existing?.value === value) return existing.variant
  const link: LinkedValue = { value, variant: null }
  const writeBack = (changed: CimValue): void => {
    const current = owner.find(property.name)
    if (current === undefined || links.get(key) !== link || current.value !== link.value) return
    current.write(changed)
    link.value = changed
  }
  link.variant = Array.isArray(value)
    ? linkedArray(owner, property, value, source, writeBack)
    : owner.wrap(value as WbemObject, writeBack)
  links.set(key, link)
  return link.variant
}

const linkedArray = (
  owner: PropertyOwner,
  property: PropertyState,
  elements: ReadonlyArray<CimValue>,
  source: string,
  writeBack: (changed: CimValue) => void
): ReadonlyArray<Element> => {
  /** The script objects that this array made for its elements. */
  const linked = new Set<unknown>()
  const element = (value: CimValue): Element => {
    if (!isWbemObject(value)) return toVariant(value, owner.wrap) as Element
    const object = owner.wrap(value, () => writeBack(assignableValue([...list], property, property.name, source)))
    linked.add(object)
    return object
  }
  const accept = (requested: ReadonlyArray<unknown>): ReadonlyArray<Element> => {
    const stored = assignableValue(requested, property, property.name, source)
    owner.registerClass(requested as VariantInput)
    writeBack(stored)
    /** Whether an object remains linked at index `i`. An object that is requested at several indexes is copied to all but one. */
    const remains = (object: unknown, i: number): object is ScriptObject => {
      if (!linked.has(object)) return false
      const before = list.indexOf(object as ScriptObject)
      return i === (before >= 0 && requested[before] === object ? before : requested.indexOf(object))
    }
    return (stored as ReadonlyArray<CimValue>).map((value, i) => {
      const object = requested[i]
      return remains(object, i) ? object : element(value)
    })
  }
  const list = observedArray(elements.map(element), accept)
  return list
}
