/** `class-update` 3: the structure of a definition. One function per rule; each lists every breach, the first one counts. */
import * as CimType from "../../src/model/CimType.ts"
import type { MethodDefinition, ParameterDefinition, PropertyDefinition } from "../../src/model/WbemObject.ts"
import {
  classQualifiers,
  derives,
  inheritedMethods,
  inheritedProperties,
  inheritedQualifiers,
  isAbstract,
  isDynamic,
  isSingleton,
  keysOf,
  propertiesOf,
  superclassOf
} from "./lineage.ts"
import { find, identityFold, isLegal, same } from "./names.ts"
import type { Refusal } from "./outcome.ts"
import { equals, has, isFixed, isTrue, type Qualifiers, sameValue } from "./qualifiers.ts"
import { mark, marked } from "./tally.ts"
import { fitted, isCoercionError } from "./values.ts"
import type { Space } from "./world.ts"
import type { ClassDefinition } from "./objects.ts"

/** A definition as it would stand in its namespace. */
export interface View {
  readonly space: Space
  readonly c: ClassDefinition
}

/** The kind of element that has a qualifier. */
export interface Carrier {
  readonly kind: "class" | "property" | "method" | "parameter"
  readonly property?: string
  readonly method?: string
  readonly parameter?: string
}

export interface Breach extends Refusal {
  readonly carrier?: Carrier | undefined
}

type Rule = (view: View) => ReadonlyArray<Breach>

type Carried = readonly [carrier: Carrier, qualifiers: Qualifiers]

/** CX-1: every carrier of qualifiers, in the order of the definition. */
const carriers = (c: ClassDefinition): ReadonlyArray<Carried> => [
  [{ kind: "class" }, c.qualifiers],
  ...c.properties.map((p): Carried => [{ kind: "property", property: p.name }, p.qualifiers]),
  ...c.methods.flatMap((m): ReadonlyArray<Carried> => [
    [{ kind: "method", method: m.name }, m.qualifiers],
    ...m.parameters.map((p): Carried => [{ kind: "parameter", method: m.name, parameter: p.name }, p.qualifiers])
  ])
]

const breach = (status: string, rule: string, subject?: string, carrier?: Carrier): Breach => ({
  status,
  rule,
  subject,
  carrier
})

/** Whether an earlier name of the list, which is folded, is the same. */
const isRepeated = (folded: ReadonlyArray<string>, at: number): boolean => folded.indexOf(folded[at]!) < at

const foldedNames = (list: ReadonlyArray<{ readonly name: string }>): ReadonlyArray<string> =>
  list.map(({ name }) => identityFold(name))

/** CS-1, CX-7. */
const cs1: Rule = ({ c }) =>
  carriers(c).flatMap(([carrier, qualifiers]) => {
    const names = foldedNames(qualifiers)
    return qualifiers.flatMap((q, i): ReadonlyArray<Breach> =>
      !isLegal(q.name) || isRepeated(names, i)
        ? [breach("InvalidParameter", "CS-1", q.name, carrier)]
        : q.name.length > 255
        ? [breach("QualifierNameTooWide", "CS-1", q.name, carrier)]
        : []
    )
  })

const isOfType = (type: string, value: unknown): boolean => {
  const kind: string = typeof value
  return type === "sint32"
    ? Number.isInteger(value) && Math.abs(Number(value) + 0.5) < 2 ** 31
    : kind === (type === "real64" ? "number" : type)
}

/** CS-2. */
const cs2: Rule = ({ c }) =>
  carriers(c).flatMap(([carrier, qualifiers]) =>
    qualifiers
      .filter(({ type, value }: { type: string; value: unknown }) =>
        !["boolean", "sint32", "real64", "string"].includes(type) || ![value].flat().every((v) => isOfType(type, v))
      )
      .map((q) => breach("InvalidQualifierType", "CS-2", q.name, carrier))
  )

const misplaced: Readonly<Record<Carrier["kind"], ReadonlyArray<string>>> = {
  class: ["key", "not_null", "indexed"],
  property: ["singleton", "abstract", "association"],
  method: [],
  parameter: []
}

/** CS-3, by presence (CX-1). */
const cs3: Rule = ({ c }) =>
  carriers(c).flatMap(([carrier, qualifiers]) =>
    qualifiers
      .filter((q) => misplaced[carrier.kind].some((name) => same(name, q.name)))
      .map((q) => breach("InvalidQualifier", "CS-3", q.name, carrier))
  )

/** CS-4, inherited ones counted (CX-1). */
const cs4: Rule = ({ c, space }) => {
  const qualifiers = classQualifiers(space, c)
  return isTrue({ qualifiers }, "association") && isTrue({ qualifiers }, "indication")
    ? [breach("InvalidQualifier", "CS-4")]
    : []
}

/** CS-6, CX-7. */
const cs6: Rule = ({ c }) => {
  const properties = foldedNames(c.properties), methods = foldedNames(c.methods)
  return [
    ...c.properties.flatMap((p, i): ReadonlyArray<Breach> =>
      !isLegal(p.name) || isRepeated(properties, i)
        ? [breach("InvalidParameter", "CS-6", p.name)]
        : p.name.length > 255
        ? [breach("PropertyNameTooWide", "CS-6", p.name)]
        : []
    ),
    ...c.methods.flatMap((m, i): ReadonlyArray<Breach> =>
      !isLegal(m.name) || isRepeated(methods, i)
        ? [breach("InvalidParameter", "CS-6", m.name)]
        : m.name.length > 255
        ? [breach("MethodNameTooWide", "CS-6", m.name)]
        : m.parameters
          .filter((p, j) =>
            !isLegal(p.name) || m.parameters.some((q, k) => k < j && same(q.name, p.name) && !areTwins(q, p))
          )
          .map(() => breach("InvalidParameter", "CS-6", m.name))
    )
  ]
}

/** One in and one out: the two halves of an in-out parameter. */
const areTwins = (a: ParameterDefinition, b: ParameterDefinition): boolean =>
  (a.direction === "in" && b.direction === "out") || (a.direction === "out" && b.direction === "in")

/** CS-7. */
const cs7: Rule = ({ c }) =>
  c.properties.filter((p) => !CimType.isCimType(p.type)).map((p) => breach("InvalidCimType", "CS-7", p.name))

/** CS-8: the properties, then the parameters; that a type is known is looked at elsewhere (CS-7, CS-20). */
const cs8: Rule = ({ c, space }) => {
  const coercionErrors = (one: PropertyDefinition | ParameterDefinition, subject: string): ReadonlyArray<Breach> => {
    if (one.value === undefined || !CimType.isCimType(one.type)) return []
    const kept = fitted(space, one.value, one)
    return isCoercionError(kept) ? [breach(kept.status, "CS-8", one.type === "object" ? undefined : subject)] : []
  }
  const ofParameters = c.methods.flatMap((m) => m.parameters.flatMap((p) => coercionErrors(p, m.name)))
  if (ofParameters.length > 0) mark("CS-8: a default of a parameter")
  return [...c.properties.flatMap((p) => coercionErrors(p, p.name)), ...ofParameters]
}

/** CS-9. */
const cs9: Rule = ({ c, space }) => propertiesOf(space, c).length > 1024 ? [breach("TooManyProperties", "CS-9")] : []

/** CS-10. */
const cs10: Rule = ({ c, space }) => {
  const keys = keysOf(space, c)
  return c.properties
    .filter((p) => find(keys, p.name) !== undefined)
    .filter((p) => p.isArray || ["real32", "real64", "object"].includes(p.type))
    .map((p) => breach("CannotBeKey", "CS-10", p.name))
}

/** The keys that a class declares and does not inherit. */
const introducedKeys = ({ c, space }: View): ReadonlyArray<PropertyDefinition> => {
  const above = superclassOf(space, c)
  const inherited = above === undefined ? [] : keysOf(space, above)
  return c.properties.filter((p) => has(p.qualifiers, "key") && find(inherited, p.name) === undefined)
}

/** CS-11. CS-12 is withdrawn: any keyless class that is no singleton may have a key introduced below it. */
const cs11: Rule = (view) => {
  const above = superclassOf(view.space, view.c)
  if (above === undefined) return []
  const isKeyed = keysOf(view.space, above).length > 0
  marked(
    "CS-12 withdrawn: a first key below a concrete class",
    !isKeyed && !isAbstract(view.space, above) && introducedKeys(view).length > 0
  )
  return isKeyed ? introducedKeys(view).map((p) => breach("CannotBeKey", "CS-11", p.name)) : []
}

/** CS-13, CX-3. CS-14 is withdrawn: a singleton may stand below any class without keys. */
const cs13: Rule = ({ c, space }) => {
  if (!isSingleton(space, c)) return []
  const above = superclassOf(space, c)
  marked(
    "CS-14 withdrawn: a singleton below a concrete class",
    above !== undefined && !isSingleton(space, above) && !isAbstract(space, above)
  )
  marked("CX-3: a singleton that does not say it", !isTrue(c, "singleton"))
  return keysOf(space, c).length > 0 ? [breach("CannotBeSingleton", "CS-13")] : []
}

/** CS-15, CX-15: effective on both sides. */
const cs15: Rule = ({ c, space }) => {
  const above = superclassOf(space, c)
  if (above === undefined) return []
  const abstract = isAbstract(space, c)
  marked("CX-15: abstract by inheritance", abstract && !isTrue(c, "abstract"))
  marked("CX-15: FALSE makes concrete", !abstract && isAbstract(space, above) && has(c.qualifiers, "abstract"))
  return abstract && !isAbstract(space, above) ? [breach("CannotBeAbstract", "CS-15")] : []
}

/** CS-16. */
const cs16: Rule = ({ c, space }) => {
  const above = superclassOf(space, c)
  return above !== undefined && isDynamic(space, above) && !isDynamic(space, c)
    ? [breach("InvalidSuperclass", "CS-16")]
    : []
}

/** Same type and array-ness; a reference may name any class, an embedded object may be narrowed. */
const narrows = (space: Space, from: CimType.TypeRef, to: CimType.TypeRef): boolean => {
  if (from.type !== to.type || from.isArray !== to.isArray) return false
  if (from.type === "reference") {
    marked("CS-17: a reference names another class", !same(from.className ?? "", to.className ?? ""))
    return true
  }
  return from.className === undefined || (to.className !== undefined && derives(space, to.className, from.className))
}

/** CS-17. */
const cs17: Rule = ({ c, space }) => {
  const inherited = inheritedProperties(space, c)
  return c.properties
    .filter((p) => {
      const above = find(inherited, p.name)
      return above !== undefined && !narrows(space, above, p)
    })
    .map((p) => breach("UpdateTypeMismatch", "CS-17", p.name))
}

/** CS-18, CX-2, CX-3. */
const cs18: Rule = ({ c, space }) => {
  const properties = inheritedProperties(space, c)
  const methods = inheritedMethods(space, c)
  const above = ({ kind, method, parameter, property }: Carrier): Qualifiers => {
    switch (kind) {
      case "class":
        return inheritedQualifiers(space, c)
      case "property":
        return find(properties, property!)?.qualifiers ?? []
      case "method":
        return find(methods, method!)?.qualifiers ?? []
      case "parameter":
        return find(find(methods, method!)?.parameters ?? [], parameter!)?.qualifiers ?? []
    }
  }
  return carriers(c).flatMap(([carrier, qualifiers]) =>
    qualifiers
      .filter((q) => {
        const one = find(above(carrier), q.name)
        return one !== undefined && isFixed(one) && !same(q.name, "key") && !sameValue(one, q)
      })
      .map((q) => breach("UpdateOverrideNotAllowed", "CS-18", q.name, carrier))
  )
}

/** CX-8: names without case, order, direction and types; and the return type. Defaults are no part of it (CX-17). */
export const sameSignature = (a: MethodDefinition, b: MethodDefinition): boolean =>
  a.returns === b.returns && a.parameters.length === b.parameters.length
  && a.parameters.every((p, i) => {
    const q = b.parameters[i]!
    return same(p.name, q.name) && p.direction === q.direction && sameType(p, q)
  })

export const sameType = (a: CimType.TypeRef, b: CimType.TypeRef): boolean =>
  a.type === b.type && a.isArray === b.isArray // the spelling of the type word does not count
  && same(a.className ?? "", b.className ?? "") && (a.className === undefined) === (b.className === undefined)

/** CS-19. */
const cs19: Rule = ({ c, space }) => {
  const inherited = inheritedMethods(space, c)
  return c.methods
    .filter((m) => {
      const above = find(inherited, m.name)
      return above !== undefined && !sameSignature(above, m)
    })
    .map((m) => breach("UpdatePropagatedMethod", "CS-19", m.name))
}

/** The in half and the out half of one parameter: same ID and otherwise identical (`object-model` 8). */
const areAlike = (a: ParameterDefinition, b: ParameterDefinition): boolean =>
  a.id === b.id && sameType(a, b) && a.qualifiers.length === b.qualifiers.length
  && a.qualifiers.every((q) => b.qualifiers.some((other) => equals(q, other)))

/** CS-20, with the codes of `object-model` 8 in the order of that table. */
const cs20: Rule = ({ c }) =>
  c.methods.flatMap((m): ReadonlyArray<Breach> => {
    const ids = [...new Set(m.parameters.map((p) => p.id))]
    return [
      ...[m.returns, ...m.parameters.map((p) => p.type)]
        .filter((type) => type !== "void" && !CimType.isCimType(type))
        .map(() => breach("InvalidCimType", "CS-20", m.name)),
      ...m.parameters.filter((p) => p.id === undefined).map(() => breach("MissingParameter", "CS-20", m.name)),
      ...m.parameters
        .filter((p) => p.id !== undefined && (!Number.isInteger(p.id) || p.id < 0))
        .map(() => breach("InvalidParameterId", "CS-20", m.name)),
      ...(has(m.qualifiers, "id")
          || m.parameters.some((p) => same(p.name, "ReturnValue") && p.direction !== "in" && p.id !== undefined)
        ? [breach("ParameterIdOnRetval", "CS-20", m.name)]
        : []),
      ...m.parameters
        .filter((p, i) => m.parameters.some((q, j) => j < i && same(p.name, q.name) && !areAlike(p, q)))
        .map(() => breach("InvalidDuplicateParameter", "CS-20", m.name)),
      ...(ids.length !== new Set(m.parameters.map((p) => identityFold(p.name))).size
          || ids.some((id) => id !== undefined && id >= ids.length)
        ? [breach("NonConsecutiveParameterIds", "CS-20", m.name)]
        : [])
    ]
  })

/** In the order of section 3. */
const rules: ReadonlyArray<Rule> = [
  cs1,
  cs2,
  cs3,
  cs4,
  cs6,
  cs7,
  cs8,
  cs9,
  cs10,
  cs11,
  cs13,
  cs15,
  cs16,
  cs17,
  cs18,
  cs19,
  cs20
]

/** The first breach of a definition. */
export const structure = (view: View): Breach | undefined => {
  for (const rule of rules) {
    const [one] = rule(view)
    if (one !== undefined) return one
  }
  return undefined
}

/** In the order of section 6; what has no row there comes after, in the order of section 3 (CX-11). */
const rows: ReadonlyArray<Rule> = [cs17, cs18, cs19, cs15, cs13, cs16, cs9]
const rest: ReadonlyArray<Rule> = rules.filter((rule) => !rows.includes(rule))

/** Every violation by a descendant, in the order in which conflicts are reported. */
export const breaches = (view: View): ReadonlyArray<Breach> => [...rows, ...rest].flatMap((rule) => rule(view))
