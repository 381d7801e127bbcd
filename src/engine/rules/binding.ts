/**
 * Bindings of a filter to a consumer: instances of `__FilterToConsumerBinding` and its subclasses. They have two
 * additional rules. No other rule checks event subscriptions (`instance-put` 5).
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import type { CimValue } from "../../model/WbemObject.ts"
import { InvalidObject, InvalidProperty } from "../../protocol/WbemError.ts"
import type { InstanceFacts } from "../Facts.ts"
import { own } from "../values.ts"
import { findProperty } from "../classes/ResolvedClass.ts"
import type { PutRule } from "./PutRule.ts"

/** The folded name of the class, which is the key root of every binding. */
const bindingRoot = "__filtertoconsumerbinding"

/** The value that the object gives to a property, whether or not it fits the type; `undefined` when it is unset. */
const given = (values: Readonly<Record<string, CimValue>>, name: string): CimValue | undefined => {
  for (const other in values) if (CimName.equals(other, name)) return values[other]
  return undefined
}

/**
 * Row 2a of `instance-put` 1: the binding names a filter or a consumer. Row 10 refuses a binding in which only one of
 * them is NULL.
 */
export const namesFilterOrConsumer: PutRule<InstanceFacts> = ({ instance, resolvedClass }) => {
  if (resolvedClass!.root !== bindingRoot) return undefined
  for (const key of resolvedClass!.keys) {
    const value = given(instance.values, key.name)
    if ((value === undefined ? key.value ?? null : value) !== null) return undefined
  }
  return new InvalidProperty({
    property: "Filter",
    className: resolvedClass!.name,
    rule: "instance-put 1.2a",
    detail: "Filter and Consumer are both NULL"
  })
}

/**
 * Row 12 of `instance-put` 1: `DeliveryQoS` is not set to NULL, but may be unset. A partial update may leave a NULL out
 * (IP-11).
 */
export const deliveryQoSSet: PutRule<InstanceFacts> = (facts) => {
  if (facts.resolvedClass!.root !== bindingRoot) return undefined
  const property = findProperty(facts.resolvedClass!, "DeliveryQoS")
  if (property === undefined) return undefined
  const { listed } = facts
  const isWritten = listed === undefined
    || (facts.put.extensions!.strictNulls && listed.some((name) => CimName.equals(name, property.name)))
  return isWritten && own(listed === undefined ? facts.values.values : facts.result, property) === null
    ? new InvalidObject({
      property: property.name,
      rule: "instance-put 5",
      detail: "DeliveryQoS is set to NULL; leave it out or set a number"
    })
    : undefined
}
