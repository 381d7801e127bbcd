/**
 * A class with everything it inherits (`object-model` 7, `qualifiers` 3). Rules and plans read it instead of walking up
 * the class tree. It is pure and made once per class and parent; a snapshot caches it.
 *
 * @since 0.1.0
 * @module
 */
import * as CimName from "../../model/CimName.ts"
import { coerce, coercer, type CoercionError, isCoercionError } from "../../model/CimValue.ts"
import type { TypeRef } from "../../model/CimType.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type {
  CimValue,
  ClassDefinition,
  MethodDefinition,
  ParameterDefinition,
  PropertyDefinition
} from "../../model/WbemObject.ts"
import type { ProviderCall } from "../Decision.ts"

/**
 * A property as the instances of a class have it.
 *
 * @since 0.1.0
 * @category models
 */
export interface EffectiveProperty extends TypeRef {
  /** In the spelling of the class that introduced it. */
  readonly name: string
  /** The name folded for comparison. */
  readonly folded: string
  /**
   * The default in force; `undefined` when no class declares one. A redeclaration without a default has NULL (CX-5).
   */
  readonly value: CimValue | undefined
  /** The qualifiers in force: own ones, and inherited ones that propagate. */
  readonly qualifiers: ReadonlyArray<Qualifier.Qualifier>
  /** The class that introduced the property. */
  readonly origin: string
  /** Whether the property is a key. */
  readonly isKey: boolean
  /** Whether the qualifier `indexed` is TRUE. */
  readonly isIndexed: boolean
  /** Whether the qualifier `not_null` is TRUE. */
  readonly isNotNull: boolean
  /** Whether every plain object inherits a member of this name, such as `constructor`. */
  readonly shadowed: boolean
  /** Converts a value to the stored form of the type, or returns why it does not fit. */
  readonly coerce: (value: unknown) => CimValue | CoercionError
}

/**
 * A method as the instances of a class have it. The qualifiers of the method and of its parameters are those in force;
 * inherited ones carry the origin bit 0x20. {@link redeclared} turns it back into a definition.
 *
 * @since 0.1.0
 * @category models
 */
export interface EffectiveMethod extends MethodDefinition {
  /** The class that introduced the method. */
  readonly origin: string
}

/**
 * A class with everything it inherits.
 *
 * @since 0.1.0
 * @category models
 */
export interface ResolvedClass {
  /** The definition as it is stored. */
  readonly definition: ClassDefinition
  /** The name, spelled as it is stored. */
  readonly name: string
  /** The name folded for comparison. */
  readonly folded: string
  /** The superclass; `undefined` for a root class. */
  readonly parent: ResolvedClass | undefined
  /** The number of classes above this one. */
  readonly depth: number
  /** Inherited ones first, then own ones, as declared. */
  readonly properties: ReadonlyArray<EffectiveProperty>
  /** Inherited ones first, then own ones, as declared (`object-model` 8). */
  readonly methods: ReadonlyArray<EffectiveMethod>
  /** The qualifiers in force: own ones, and inherited ones that propagate. */
  readonly qualifiers: ReadonlyArray<Qualifier.Qualifier>
  /** Sorted by name, as in a `__RELPATH`. */
  readonly keys: ReadonlyArray<EffectiveProperty>
  /** Folded name of the key root: the topmost class that declares a key, or the topmost singleton (ID-1). */
  readonly root: string | undefined
  /** Whether `singleton`, own or inherited, is TRUE (CX-3). */
  readonly isSingleton: boolean
  /** Whether `abstract`, own or inherited, is TRUE (CX-15). */
  readonly isAbstract: boolean
  /** Whether `dynamic`, own or inherited, is TRUE (CX-15). */
  readonly isDynamic: boolean
  /** Whether this class or one above it is a system class. */
  readonly isSystem: boolean
  /** Properties that hold embedded objects. */
  readonly embedded: ReadonlyArray<EffectiveProperty>
  /**
   * The longest relative path, in characters, of an instance that sets no text key: names, numbers, and defaults that
   * are text.
   */
  readonly pathRoom: number
  /** Properties that a put must not leave NULL. */
  readonly required: ReadonlyArray<EffectiveProperty>
  /** By folded name. Spellings that occurred are added, so that looking up the usual spelling folds nothing. */
  readonly index: Map<string, EffectiveProperty>
}

const isPropagated = ({ flavor }: Qualifier.Qualifier): boolean => (flavor & Qualifier.propagated) !== 0

/** Key is inherited whatever its flavour (`qualifiers` 2). */
const inherits = (qualifier: Qualifier.Qualifier): boolean =>
  (qualifier.flavor & Qualifier.Flavor.ToSubclass) !== 0 || CimName.equals(qualifier.name, "key")

/**
 * In, Out and ID of a parameter belong to the signature and stay as they are written (`qualifiers` 2). U+0131 is the same letter as `i`
 * (`object-model` 13).
 */
const ofSignature = /^(?:[i\u0131]n|out|[i\u0131]d)$/i

/**
 * The qualifiers that a carrier inherits from the same carrier of the parent class.
 *
 * @since 0.1.0
 * @category combinators
 */
export const inheritedQualifiers = (
  above: ReadonlyArray<Qualifier.Qualifier>,
  isKept: (qualifier: Qualifier.Qualifier) => boolean = isPropagated
): ReadonlyArray<Qualifier.Qualifier> => {
  if (above.every(isKept)) return above
  const kept: Array<Qualifier.Qualifier> = []
  for (const q of above) {
    if (isKept(q)) kept.push(q)
    else if (inherits(q)) kept.push({ ...q, flavor: q.flavor | Qualifier.propagated })
  }
  return kept
}

/**
 * Inherited and own qualifiers. An own qualifier replaces the inherited one unless that may not be overridden (CX-2).
 */
const merged = (
  above: ReadonlyArray<Qualifier.Qualifier>,
  own: ReadonlyArray<Qualifier.Qualifier>
): ReadonlyArray<Qualifier.Qualifier> => overlaid(inheritedQualifiers(above), own)

const overlaid = (
  inherited: ReadonlyArray<Qualifier.Qualifier>,
  own: ReadonlyArray<Qualifier.Qualifier>
): ReadonlyArray<Qualifier.Qualifier> => {
  if (own.length === 0) return inherited
  if (inherited.length === 0) return own
  const result = [...inherited]
  for (const q of own) {
    const at = result.findIndex((other) => CimName.equals(other.name, q.name))
    if (at < 0) result.push(q)
    else if ((result[at]!.flavor & Qualifier.Flavor.DisableOverride) === 0) result[at] = q
  }
  return result
}

/**
 * A default in the form of its type. A default that does not fit (only a snapshot made without rules has one) is
 * returned as it is.
 *
 * @since 0.1.0
 * @category combinators
 */
export const normalizedDefault = (declared: PropertyDefinition | ParameterDefinition): CimValue | undefined => {
  if (declared.value === undefined || declared.value === null) return declared.value
  const kept = coerce(declared.value, declared)
  return isCoercionError(kept) ? declared.value : kept
}

const property = (
  declared: PropertyDefinition,
  above: EffectiveProperty | undefined,
  className: string
): EffectiveProperty => {
  const qualifiers = above === undefined ? declared.qualifiers : merged(above.qualifiers, declared.qualifiers)
  const name = above?.name ?? declared.name
  return {
    name,
    folded: CimName.fold(name),
    type: declared.type,
    isArray: declared.isArray,
    className: declared.className,
    ...(declared.word === undefined ? {} : { word: declared.word }), // inherited with the type (`qualifiers` 4)
    value: above === undefined
      ? normalizedDefault(declared)
      : declared.value === undefined && declared.inheritsDefault === true
      ? above.value
      : normalizedDefault(declared) ?? null,
    qualifiers,
    origin: above?.origin ?? className,
    isKey: above?.isKey === true || Qualifier.has(declared.qualifiers, "key"),
    isIndexed: Qualifier.isTrue({ qualifiers }, "indexed"),
    isNotNull: Qualifier.isTrue({ qualifiers }, "not_null"),
    shadowed: name in Object.prototype,
    coerce: coercer(declared)
  }
}

const inheritedProperty = (above: EffectiveProperty): EffectiveProperty => {
  const qualifiers = inheritedQualifiers(above.qualifiers)
  if (qualifiers === above.qualifiers) return above
  return {
    ...above,
    qualifiers,
    isIndexed: Qualifier.isTrue({ qualifiers }, "indexed"),
    isNotNull: Qualifier.isTrue({ qualifiers }, "not_null")
  }
}

const inheritedParameter = (above: ParameterDefinition): ParameterDefinition => {
  return { ...above, qualifiers: inheritedQualifiers(above.qualifiers, isInherited) }
}

const parameters = (
  declared: ReadonlyArray<ParameterDefinition>,
  above: ReadonlyArray<ParameterDefinition>
): ReadonlyArray<ParameterDefinition> =>
  declared.map((own) => {
    const inherited = CimName.find(above, own.name)
    return inherited === undefined || inherited.qualifiers.length === 0
      ? own
      : { ...own, qualifiers: overlaid(inheritedParameter(inherited).qualifiers, own.qualifiers) }
  })

const method = (
  declared: MethodDefinition,
  above: EffectiveMethod | undefined,
  className: string
): EffectiveMethod => ({
  ...declared,
  name: above?.name ?? declared.name,
  parameters: above === undefined ? declared.parameters : parameters(declared.parameters, above.parameters),
  qualifiers: above === undefined ? declared.qualifiers : merged(above.qualifiers, declared.qualifiers),
  origin: above?.origin ?? className
})

const isInherited = (qualifier: Qualifier.Qualifier): boolean =>
  isPropagated(qualifier) || ofSignature.test(qualifier.name)

const inheritedMethod = (above: EffectiveMethod): EffectiveMethod => {
  const qualifiers = inheritedQualifiers(above.qualifiers)
  return qualifiers === above.qualifiers
      && above.parameters.every((parameter) => parameter.qualifiers.every(isInherited))
    ? above
    : { ...above, qualifiers, parameters: above.parameters.map(inheritedParameter) }
}

/**
 * The start of a redeclaration of an inherited method: the same signature and defaults, and only the qualifiers that
 * belong to the signature.
 *
 * @since 0.1.0
 * @category combinators
 */
export const redeclared = ({ name, parameters, returns, returnsWord }: MethodDefinition): MethodDefinition => ({
  name,
  returns,
  ...(returnsWord === undefined ? {} : { returnsWord }),
  parameters: parameters.map((parameter) => ({
    ...parameter,
    qualifiers: parameter.qualifiers.filter((q) => ofSignature.test(q.name))
  })),
  qualifiers: Qualifier.none
})

/** Own members over inherited ones: inherited members first, then new ones. Names compare without case. */
const members = <D extends { readonly name: string }, E extends { readonly name: string }>(
  inherited: ReadonlyArray<E>,
  own: ReadonlyArray<D>,
  inherit: (above: E) => E,
  declare: (declared: D, above: E | undefined) => E
): ReadonlyArray<E> => {
  if (own.length === 0) return inherited.map(inherit)
  const at = new Map<string, number>()
  const result = inherited.map((above, i) => {
    at.set(CimName.fold(above.name), i)
    return above
  })
  const redeclared = new Set<number>()
  for (const declared of own) {
    const folded = CimName.fold(declared.name)
    const i = at.get(folded)
    if (i === undefined) {
      at.set(folded, result.length)
      redeclared.add(result.length)
      result.push(declare(declared, undefined))
    } else {
      result[i] = declare(declared, result[i])
      redeclared.add(i)
    }
  }
  return result.map((member, i) => redeclared.has(i) ? member : inherit(member))
}

/**
 * The resolved class of a definition, below the resolved class of its parent.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (definition: ClassDefinition, parent: ResolvedClass | undefined): ResolvedClass => {
  const properties = members(
    parent?.properties ?? [],
    definition.properties,
    inheritedProperty,
    (declared, above) => property(declared, above, definition.name)
  )
  const folded = CimName.fold(definition.name)
  const qualifiers = merged(parent?.qualifiers ?? [], definition.qualifiers)
  const isTrue = (name: string): boolean => Qualifier.isTrue({ qualifiers }, name)
  const keys = properties.filter((p) => p.isKey).sort((a, b) => CimName.compare(a.name, b.name))
  const isSingleton = parent?.isSingleton === true || isTrue("singleton")
  return {
    definition,
    name: definition.name,
    folded,
    parent,
    depth: parent === undefined ? 0 : parent.depth + 1,
    properties,
    methods: members(
      parent?.methods ?? [],
      definition.methods,
      inheritedMethod,
      (declared, above) => method(declared, above, definition.name)
    ),
    qualifiers,
    keys,
    root: parent?.root ?? (keys.length > 0 || isSingleton ? folded : undefined),
    isSingleton,
    isAbstract: isTrue("abstract"),
    isDynamic: isTrue("dynamic"),
    isSystem: parent?.isSystem === true || CimName.isSystemName(definition.name),
    // The digits, quotes and signs of one key need less than 32 characters. Every character of text may have to be
    // escaped.
    pathRoom: keys.reduce(
      (room, { name, value }) => room + name.length + 32 + (typeof value === "string" ? 2 * value.length : 0),
      folded.length
    ),
    embedded: properties.filter((p) => p.type === "object"),
    required: properties.filter((p) => p.isNotNull || p.isIndexed),
    index: new Map(properties.map((p) => [p.folded, p]))
  }
}

/**
 * The index may grow to this many spellings per property. The limit keeps a hostile caller from growing it without end.
 */
const spellings = 4

/**
 * The property of a name, compared without case; `undefined` when the class has none.
 *
 * @since 0.1.0
 * @category combinators
 */
export const findProperty = (resolvedClass: ResolvedClass, name: string): EffectiveProperty | undefined => {
  const known = resolvedClass.index.get(name)
  if (known !== undefined) return known
  const found = resolvedClass.index.get(CimName.fold(name))
  if (found !== undefined && resolvedClass.index.size < resolvedClass.properties.length * spellings) {
    resolvedClass.index.set(name, found)
  }
  return found
}

/**
 * Whether a class is the named class or derives from it.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isOrDerivesFrom = (resolvedClass: ResolvedClass, ancestor: string): boolean => {
  const folded = CimName.fold(ancestor)
  for (let at: ResolvedClass | undefined = resolvedClass; at !== undefined; at = at.parent) {
    if (at.folded === folded) return true
  }
  return false
}

/**
 * The signature of a method: names without case, order, directions and types of the parameters, and what it returns (CX-8).
 *
 * @since 0.1.0
 * @category combinators
 */
export const signature = (method: MethodDefinition): string => {
  const parameter = (p: ParameterDefinition): string =>
    `${p.direction} ${p.type}:${CimName.fold(p.className ?? "")}${p.isArray ? "[]" : ""} ${CimName.fold(p.name)}`
  return `${method.returns}(${method.parameters.map(parameter).join(",")})`
}

/**
 * The providers that serve the instances of a class: its own and those of its dynamic ancestors, topmost class first,
 * each with its class (IR-3). The name of a provider is empty where the class names none (IR-1).
 *
 * @since 0.1.0
 * @category combinators
 */
export const providerCalls = (resolvedClass: ResolvedClass): ReadonlyArray<ProviderCall> => {
  const calls: Array<ProviderCall> = []
  for (let at: ResolvedClass | undefined = resolvedClass; at !== undefined; at = at.parent) {
    if (!at.isDynamic) continue
    const provider = Qualifier.find(at.qualifiers, "provider")?.value
    calls.unshift({ className: at.name, provider: typeof provider === "string" ? provider : "" })
  }
  return calls
}
