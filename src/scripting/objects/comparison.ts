/**
 * `CompareTo_`: writes both objects as text in one normal form, without the parts that the flags ignore, and compares the texts.
 *
 * @internal
 */
import { signature } from "../../engine/classes/ResolvedClass.ts"
import * as CimName from "../../model/CimName.ts"
import * as CimType from "../../model/CimType.ts"
import type { Qualifier } from "../../model/Qualifier.ts"
import type { CimValue } from "../../model/WbemObject.ts"
import * as WbemObjects from "../../model/WbemObject.ts"
import type { ObjectState } from "./objectState.ts"

/** The bits of `WbemComparisonFlagEnum`; 0 compares everything. */
export const flags: {
  readonly IgnoreQualifiers: 0x1
  readonly IgnoreObjectSource: 0x2
  readonly IgnoreDefaultValues: 0x4
  readonly IgnoreClass: 0x8
  readonly IgnoreCase: 0x10
  readonly IgnoreFlavor: 0x20
} = {
  IgnoreQualifiers: 0x1,
  IgnoreObjectSource: 0x2,
  IgnoreDefaultValues: 0x4,
  IgnoreClass: 0x8,
  IgnoreCase: 0x10,
  IgnoreFlavor: 0x20
}

/** The union of all flags. */
export const allFlags: number = Object.values(flags).reduce((bits, bit) => bits | bit, 0)

/** One of the two objects, with its server and namespace. */
export interface Operand {
  readonly state: ObjectState
  readonly server: string
  readonly namespace: string
}

/** The normal form of one operand. */
export const text = ({ state, namespace, server }: Operand, iFlags: number): string => {
  const has = (flag: number): boolean => (iFlags & flag) !== 0
  const { object } = state
  const isClass = WbemObjects.isClass(object)
  const cased = (_: string, value: unknown): unknown =>
    typeof value === "bigint"
      ? `${value}n`
      : typeof value === "string" && has(flags.IgnoreCase)
      ? CimName.fold(value)
      : value
  const valueText = (value: CimValue): string => JSON.stringify(value, cased)
  const qualifiers = (effective: ReadonlyArray<Qualifier>): ReadonlyArray<string> =>
    has(flags.IgnoreQualifiers)
      ? []
      : effective.map(({ flavor, name, type, value }) =>
        `${CimName.fold(name)} ${type} ${valueText(value)} ${has(flags.IgnoreFlavor) ? "" : flavor}`
      ).sort()
  const properties = state.names().map((name) => {
    const property = state.find(name)!
    const value = isClass && has(flags.IgnoreDefaultValues) ? "" : valueText(property.value)
    return [
      CimName.fold(name),
      CimName.fold(CimType.format(property)),
      value,
      qualifiers(property.qualifierOwner?.effective() ?? [])
    ]
  })
  return JSON.stringify([
    object._tag,
    has(flags.IgnoreObjectSource) ? [] : [CimName.fold(server), CimName.fold(namespace)],
    !isClass && has(flags.IgnoreClass) ? [] : [
      CimName.fold(WbemObjects.className(object)),
      CimName.fold(isClass ? object.superclass ?? "" : ""),
      qualifiers(state.qualifierOwner.effective())
    ],
    properties,
    isClass
      ? state.methods().map((
        method
      ) => [CimName.fold(method.name), signature(method), qualifiers(method.qualifierOwner.effective())])
      : []
  ])
}
