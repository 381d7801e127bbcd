/** `instance-put` 1: an instance is put. */
import { instanceOf } from "../../src/model/effectValue.ts"
import type { CimValue, PropertyDefinition } from "../../src/model/WbemObject.ts"
import { isLocaleSpace, plainInstance, readAmended } from "./amended.ts"
import { instanceText } from "./dump.ts"
import { classQualifiers, derives, isAbstract, isSingleton, keysOf, propertiesOf } from "./lineage.ts"
import { identity, identityOf, pathOf } from "./identity.ts"
import { isNamespaceClass, namespaceName, withNamespace } from "./namespaces.ts"
import { find, same } from "./names.ts"
import { first, type Outcome, type Put, type Refusal, refuse } from "./outcome.ts"
import { partialResult, valueIn } from "./partial.ts"
import { provided, refusedByProviders } from "./provided.ts"
import { has, isFixed, isTrue, type Qualifiers, sameValue, toInstance } from "./qualifiers.ts"
import { mayWriteInstances, type Options, type Partial } from "./start.ts"
import { marked } from "./tally.ts"
import { fitted, isCoercionError, textOf } from "./values.ts"
import { classNamed, type Space, startInstances, withSpace, type World } from "./world.ts"
import type { ClassDefinition, Instance } from "./objects.ts"

/** Where a generated key comes from: the test reads it off the path that the engine reports (IK-3). */
export type Generate = (property: string) => string

interface Facts {
  readonly put: Put
  readonly options: Options
  readonly partial: Partial | undefined
  readonly space: Space
  readonly object: Instance
  readonly c: ClassDefinition
  readonly properties: ReadonlyArray<PropertyDefinition>
}

/** In a partial update only listed names and keys are looked at (row 6, IX-8). */
const isLooked = ({ partial, properties }: Facts, name: string): boolean =>
  partial?.properties === undefined
  || partial.properties.some((listed) => same(listed, name))
  || has(find(properties, name)?.qualifiers ?? [], "key")

/** Row 6, IP-8, IX-1. */
const propertiesKnown = (facts: Facts): Refusal | undefined => {
  const { object, partial, properties } = facts
  const isKnown = (name: string): boolean => find(properties, name) !== undefined
  const names = Object.keys(object.values)
  const listed = partial?.properties ?? []
  for (const name of listed) {
    if (!isKnown(name)) return refuse("InvalidProperty", "instance-put 1.6", name)
  }
  for (const [i, name] of names.entries()) {
    if (!isLooked(facts, name)) continue
    if (!isKnown(name)) return refuse("InvalidProperty", "instance-put 1.6", name)
    if (names.findIndex((n) => same(n, name)) < i) return refuse("InvalidParameter", "IX-1")
  }
  return undefined
}

/** Row 7: the values, then the qualifiers of the instance (IV-13). */
const valuesFit = (facts: Facts): Refusal | undefined => {
  const { c, object, properties, space } = facts
  for (const [name, value] of Object.entries(object.values)) {
    if (!isLooked(facts, name)) continue
    const p = find(properties, name)!
    const kept = fitted(space, value, p)
    if (isCoercionError(kept)) {
      return refuse(kept.status, "instance-put 1.7", p.type === "object" ? undefined : name)
    }
  }
  const overrides = (above: Qualifiers, own: Qualifiers) =>
    own.find((q) => {
      const one = find(above, q.name)
      return one !== undefined && isFixed(one)
        && ((one.flavor & toInstance) !== 0 || same(one.name, "key")) // `qualifiers` 2
        && !sameValue(one, q)
    })
  const onInstance = overrides(classQualifiers(space, c), object.qualifiers)
  if (onInstance !== undefined) return refuse("OverrideNotAllowed", "IV-13", onInstance.name)
  for (const [name, own] of Object.entries(object.propertyQualifiers ?? {})) {
    const one = overrides(find(properties, name)?.qualifiers ?? [], own)
    if (one !== undefined) return refuse("OverrideNotAllowed", "IV-13", one.name)
  }
  return undefined
}

const isBinding = (space: Space, c: ClassDefinition): boolean => derives(space, c.name, "__FilterToConsumerBinding")

/** Row 2a: full and partial updates alike. */
const boundToNothing = ({ c, object, properties, space }: Facts): Refusal | undefined => {
  if (!isBinding(space, c)) return undefined
  const isNull = (name: string): boolean => {
    const given = Object.entries(object.values).find(([one]) => same(one, name))
    return (given === undefined ? valueIn({}, find(properties, name)!) : given[1]) === null
  }
  return isNull("Filter") && isNull("Consumer") ? refuse("InvalidProperty", "instance-put 1.2a") : undefined
}

/** Section 5: DeliveryQoS set to NULL; in a partial update where it is listed and its NULL would be written. */
const qualityNull = (
  { c, partial, space }: Facts,
  given: Readonly<Record<string, CimValue>>
): Refusal | undefined => {
  if (!isBinding(space, c) || given["DeliveryQoS"] !== null) return undefined
  const isWritten = partial?.properties === undefined
    || (partial.properties.some((one) => same(one, "DeliveryQoS")) && partial.strictNulls)
  marked("instance-put 5: a NULL DeliveryQoS that is not written", !isWritten)
  return isWritten ? refuse("InvalidObject", "instance-put 5") : undefined
}

/** The rows up to the provider's. */
const shape: ReadonlyArray<(facts: Facts) => Refusal | undefined> = [
  boundToNothing,
  ({ c, put, space }) => mayWriteInstances(space, c, put.who) ? undefined : refuse("AccessDenied", "instance-put 1.3"),
  ({ c, space }) => isAbstract(space, c) ? refuse("InvalidClass", "instance-put 1.4") : undefined,
  ({ c, space }) =>
    isLocaleSpace(space.name) && isTrue(c, "Amendment") ? refuse("InvalidOperation", "qualifiers 7.1") : undefined,
  ({ object, options }) => readAmended(object, options.amended),
  propertiesKnown,
  valuesFit
]

/** The values as they are kept, under the names of the class. */
const keptValues = (facts: Facts): Readonly<Record<string, CimValue>> =>
  Object.fromEntries(
    Object.entries(facts.object.values)
      .filter(([name]) => isLooked(facts, name) && find(facts.properties, name) !== undefined)
      .map(([name, value]) => {
        const p = find(facts.properties, name)!
        return [p.name, fitted(facts.space, value, p) as CimValue]
      })
  )

/** Row 10. */
const keyFault = (
  { c, space }: Facts,
  values: Readonly<Record<string, CimValue>>
): Refusal | undefined => {
  const keys = keysOf(space, c)
  const isNamespace = isNamespaceClass(space, c.name)
  if (keys.length > 256) return refuse("InvalidObject", "IK-9")
  for (const p of keys) {
    // IX-7: the name of a namespace is not generated.
    if (valueIn(values, p) === null && (p.type !== "string" || isNamespace)) {
      return refuse("IllegalNull", "IK-4", p.name)
    }
  }
  for (const p of keys) {
    const value = valueIn(values, p)
    // deno-lint-ignore no-control-regex
    if (p.type === "string" && value !== null && /[\u0000-\u001f]/.test(value as string)) {
      return refuse("InvalidObject", "IK-7", p.name)
    }
  }
  return isNamespace ? namespaceName(valueIn(values, keys[0]!) as string) : undefined
}

/** Row 12, IV-4. */
const nullFault = (
  { properties }: Facts,
  values: Readonly<Record<string, CimValue>>
): Refusal | undefined => {
  for (const p of properties) {
    const isNeeded = isTrue(p, "not_null") || isTrue(p, "indexed")
    if (isNeeded && valueIn(values, p) === null) return refuse("IllegalNull", "instance-put 1.12", p.name)
  }
  return undefined
}

export const instancePut = (
  world: World,
  space: Space,
  put: Put,
  options: Options,
  partial: Partial | undefined,
  generate: Generate
): [Outcome, World] => {
  const no = (refusal: Refusal): [Outcome, World] => [{ _tag: "Delivered", ...refusal }, world]
  const sent = put.object as Instance
  if (sent.className === "") return no(refuse("InvalidObject", "instance-put 1.1"))
  const c = classNamed(space, sent.className)
  if (c === undefined) return no(refuse("InvalidClass", "instance-put 1.2"))
  const object = options.amended ? plainInstance(sent) : sent
  const facts: Facts = { put, options, partial, space, object, c, properties: propertiesOf(space, c) }
  const refusal = first(facts, shape)
  if (refusal !== undefined) return no(refusal)

  const asked = refusedByProviders(space, c) // row 8
  if (asked !== undefined) {
    return asked === "accepted" ? provided(world, put.namespace, space, c, keptValues(facts)) : no(asked)
  }

  const keys = keysOf(space, c)
  if (keys.length === 0 && !isSingleton(space, c)) return no(refuse("NoKey", "instance-put 1.9"))

  const given = keptValues(facts)
  const bad = keyFault(facts, given)
  if (bad !== undefined) return no(bad)
  const generated = keys.filter((p) => valueIn(given, p) === null)
  const values = {
    ...given,
    ...Object.fromEntries(generated.map((p) => [p.name, generate(p.name)]))
  }

  // Objects that were put come before those that exist from the start.
  const initial = isSingleton(space, c) ? startInstances(space) : []
  const held = [...space.instances, ...initial].find((i) => identityOf(space, i) === identity(space, c, values))
  const target = generated.length === 0 && held !== undefined && same(held.className, c.name) ? held : undefined
  const isPartial = partial?.properties !== undefined // IP-7: a full update without a list
  if (isPartial && target === undefined) return no(refuse("NotFound", "instance-put 1.11"))

  const result = instanceOf(
    c.name,
    !isPartial ? values : partialResult(partial, facts.properties, given, target!),
    object.qualifiers,
    object.propertyQualifiers
  )
  const missing = nullFault(facts, result.values) ?? qualityNull(facts, given)
  if (missing !== undefined) return no(missing)
  if (options.mode === "CreateOnly" && held !== undefined) return no(refuse("AlreadyExists", "instance-put 1.13"))
  if (options.mode === "UpdateOnly" && target === undefined) return no(refuse("NotFound", "instance-put 1.14"))

  if (isNamespaceClass(space, c.name)) {
    const path = held === undefined
      ? pathOf(put.namespace, space, c, result.values)
      : pathOf(put.namespace, space, classNamed(space, held.className)!, held.values)
    const disposition = held === undefined ? "Created" : "Unchanged"
    return [{ _tag: "Stored", disposition, path, deleted: 0 }, withNamespace(world, space, result)]
  }
  const disposition = target === undefined
    ? "Created"
    : readText(facts, target) === readText(facts, result)
    ? "Unchanged"
    : "Updated"
  // The count of a report leaves out what exists from the start and was not put.
  const replaced = held !== undefined && target === undefined && !initial.includes(held)
  marked("PA-83: an instance of another class that was replaced", replaced)
  marked("object-model 12: an instance from the start is put", held !== undefined && initial.includes(held))
  return [
    { _tag: "Stored", disposition, path: pathOf(put.namespace, space, c, result.values), deleted: replaced ? 1 : 0 },
    disposition === "Unchanged"
      ? world
      : withSpace(world, { ...space, instances: [...space.instances.filter((i) => i !== held), result] })
  ]
}

/** An instance as it reads, as text: for comparing. */
const readText = ({ properties }: Facts, i: Instance): string =>
  textOf([properties.map((p) => valueIn(i.values, p)), instanceText({ ...i, values: {} })])
