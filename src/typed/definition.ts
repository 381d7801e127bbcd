/**
 * The CIM class of a typed class: its `ClassDefinition`, made and checked when the class is declared.
 *
 * The rules of the structure are those of the engine: the definition is decided on over an empty namespace that has the classes above
 * it. This file adds what has no rule, because it is about the typed class and not about the stored one.
 *
 * @internal
 */
import * as Either from "effect/Either"
import type * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { ClassFacts } from "../engine/Facts.ts"
import * as PutRules from "../engine/PutRules.ts"
import { firstViolation } from "../engine/rules/PutRule.ts"
import type { ResolvedClass } from "../engine/classes/ResolvedClass.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as CimName from "../model/CimName.ts"
import * as CimType from "../model/CimType.ts"
import * as Class from "../model/ClassDefinition.ts"
import { defaultNamespace } from "../model/limits.ts"
import type * as Method from "../model/Method.ts"
import * as Property from "../model/Property.ts"
import * as Qualifier from "../model/Qualifier.ts"
import * as Rights from "../model/Rights.ts"
import type { CimValue, ClassDefinition, MethodDefinition } from "../model/WbemObject.ts"
import * as PutFlags from "../protocol/PutFlags.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import { describe, InvalidClassDefinition } from "./errors.ts"
import { type Fields, isField, type Spec } from "./fields.ts"
import { differences } from "./fit.ts"

/**
 * The parts of a typed class besides its name and properties.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** The namespace of the class, in which its functions read and write. The default namespace of the call without it. */
  readonly namespace?: string | undefined
  /** The name of a superclass that is no typed class. A typed class has `extend`. */
  readonly superclass?: string | undefined
  /** Whether the class has no instances of its own. `false` by default. */
  readonly abstract?: boolean | undefined
  /** Whether the class has one instance and no keys. `false` by default. */
  readonly singleton?: boolean | undefined
  /** Whether a class has neither keys nor a path, because its instances are embedded or are events. `false` by default. */
  readonly keyless?: boolean | undefined
  /**
   * Whether the rules of a put are applied to the definition. `true` by default. `false` is for a class of a published schema that WMI
   * refuses: it is a type, and a put of it fails.
   */
  readonly checked?: boolean | undefined
  /** More qualifiers, such as `Description` or `provider`. */
  readonly qualifiers?: Qualifier.Input | undefined
  /** The methods of the class: by name without their names, or as a list. */
  readonly methods?: Readonly<Record<string, Method.MethodSpec>> | ReadonlyArray<MethodDefinition> | undefined
}

/** What a typed class is made of. */
export interface Meta {
  readonly name: string
  readonly definition: ClassDefinition
  readonly namespace: string | undefined
  readonly parent: Meta | undefined
  /** Inherited and own fields. */
  readonly fields: Fields
  /** The same, as a list. */
  readonly properties: ReadonlyArray<readonly [name: string, spec: Spec]>
  readonly keys: ReadonlyArray<readonly [name: string, spec: Spec]>
  readonly isSingleton: boolean
  readonly isAbstract: boolean
  readonly isKeyless: boolean
}

/** The name under which a typed class has its {@link Meta}. */
export const MetaId: unique symbol = /* @__PURE__ */ Symbol.for("effect-wmi/WmiClass/Meta")

/** Whether a class is another one or below it. */
export const isBelow = (meta: Meta | undefined, other: Meta): boolean =>
  meta === other || (meta !== undefined && isBelow(meta.parent, other))

/** To instances and subclasses, not overridable: the flavour of `not_null` on the system classes (`qualifiers` 2). */
const notNullFlavor = Qualifier.Flavor.ToInstance | Qualifier.Flavor.ToSubclass | Qualifier.Flavor.DisableOverride

const reserved = new Set(["key", "not_null", "cimtype"])
const reservedOnClass = new Set(["abstract", "singleton"])

const options = Either.getOrThrow(PutFlags.decode(0, "Class"))

const decoded = (object: ClassDefinition): DecodedPut => ({
  object,
  namespace: defaultNamespace,
  flags: 0,
  context: undefined,
  asyncContext: null,
  options,
  extensions: undefined,
  call: { caller: { name: "", remote: false, rights: Rights.all }, locale: "ms_409", server: ".", time: 0, seed: 0 },
  position: 0
})

/** Encodes a value of a field, or `undefined` with the reason. */
export const encodeValue = (spec: Spec, value: unknown): Either.Either<CimValue, ParseResult.ParseError> =>
  value === null ? Either.right(null) : Schema.encodeUnknownEither(spec.value)(value)

/** The classes above a class, the topmost first, and the class. */
const lineage = (meta: Meta | undefined): ReadonlyArray<ClassDefinition> =>
  meta === undefined ? [] : [...lineage(meta.parent), meta.definition]

const initial = /* @__PURE__ */ (() => {
  let snapshot: Snapshot.Snapshot | undefined
  return (): Snapshot.Snapshot => snapshot ??= Snapshot.empty()
})()

/** A namespace with the system classes and some more. */
export const namespaceWith = (classes: Iterable<ClassDefinition>): Snapshot.Snapshot =>
  Snapshot.withObjects(Snapshot.fork(initial()), defaultNamespace, classes)

/** The class with everything that it inherits, in a namespace that has the given classes, those above before those below. */
export const resolve = (classes: ReadonlyArray<ClassDefinition>, name: string): ResolvedClass | undefined =>
  Snapshot.resolvedClass(namespaceWith(classes), defaultNamespace, name)

/** The definition and its parts; throws {@link InvalidClassDefinition}. */
export const describeClass = (
  name: string,
  own: Fields,
  parent: Meta | undefined,
  given: Options
): Meta => {
  const fail = (detail: string, property?: string, rule?: string, cause?: unknown): never => {
    throw new InvalidClassDefinition({ className: String(name), property, detail, rule, cause })
  }
  if (typeof name !== "string") return fail("the name is no text")
  if (parent !== undefined && given.superclass !== undefined) {
    return fail(`it extends ${parent.name}; the option superclass is for a class that is no typed class`)
  }
  const inherited = parent === undefined ? [] : Object.keys(parent.fields)
  const properties = Object.entries(own).map(([property, field]) => {
    if (!isField(field)) return fail("it is no field of WmiClass", property)
    const { spec } = field
    const above = inherited.find((other) => other !== property && CimName.equals(other, property))
    if (above !== undefined) return fail(`${parent!.name} spells it ${above}`, property)
    const named = spec.qualifiers.find((qualifier) => reserved.has(CimName.fold(qualifier.name)))
    if (named !== undefined) {
      return fail(`the qualifier ${named.name} follows from the field; use key or notNull`, property)
    }
    const { fallback } = spec
    if (fallback !== undefined && fallback.value === null && spec.role !== "Nullable") {
      return fail(`the default of a ${spec.role === "Key" ? "key" : "not_null property"} is NULL`, property)
    }
    const encoded = fallback === undefined ? undefined : encodeValue(spec, fallback.value)
    if (encoded !== undefined && Either.isLeft(encoded)) {
      return fail(`its default does not fit: ${encoded.left.message}`, property, undefined, encoded.left)
    }
    return Property.named(
      property,
      Property.make(CimType.format(spec), {
        value: encoded?.right,
        qualifiers: [
          ...(spec.role === "Key" ? [Qualifier.make("key")] : []),
          ...(spec.role === "NotNull" ? [Qualifier.make("not_null", true, { flavor: notNullFlavor })] : []),
          ...spec.qualifiers
        ]
      })
    )
  })
  const more = Qualifier.list(given.qualifiers)
  const named = more.find((qualifier) => reservedOnClass.has(CimName.fold(qualifier.name)))
  if (named !== undefined) return fail(`the qualifier ${named.name} has an option of its own`)
  const superclass = parent?.name ?? given.superclass
  const definition = Class.make(name, properties, {
    superclass,
    qualifiers: [
      ...(given.abstract === true ? [Qualifier.make("abstract")] : []),
      ...(given.singleton === true ? [Qualifier.make("singleton")] : []),
      ...more
    ],
    methods: given.methods
  })
  const above = lineage(parent)
  const system = CimName.isSystemName(name)
  const resolved = system
    ? Snapshot.resolvedClass(initial(), defaultNamespace, name) ?? fail("there is no such system class")
    : checkStructure(definition, above, given, fail)
  const fields: Fields = { ...parent?.fields, ...own }
  const all = Object.entries(fields).map(([property, { spec }]) => [property, spec] as const)
  const keys = all.filter(([property, spec]) =>
    spec.role === "Key" || (resolved?.keys.some((key) => CimName.equals(key.name, property)) === true)
  )
  const unmarked = keys.find(([, spec]) => spec.role !== "Key")
  if (unmarked !== undefined) return fail("it is a key of a class above; use key", unmarked[0])
  if (system) {
    // A system class is in every namespace and cannot be put. The typed class has to fit it.
    const { abstract: isAbstract = resolved!.isAbstract, singleton: isSingleton = resolved!.isSingleton } = given
    const misfits = differences({ superclass, properties: all, isAbstract, isSingleton }, resolved!)
    if (misfits.length > 0) return fail(`the system class is another:\n${misfits.map(describe).join("\n")}`)
  }
  const isSingleton = resolved?.isSingleton ?? given.singleton === true
  const isAbstract = resolved?.isAbstract ?? given.abstract === true
  const isKeyless = keys.length === 0 && !isSingleton
  if (given.keyless === true && !isKeyless) {
    return fail(keys.length > 0 ? `it is keyless and has the key ${keys[0]![0]}` : "a singleton has a path")
  }
  if (isKeyless && !isAbstract && given.keyless !== true && given.superclass === undefined) {
    return fail("it has no key: mark a property with key, or set abstract, singleton or keyless")
  }
  return {
    name,
    definition,
    namespace: given.namespace ?? parent?.namespace,
    parent,
    fields,
    properties: all,
    keys,
    isSingleton,
    isAbstract,
    isKeyless
  }
}

type Fail = (detail: string, property?: string, rule?: string, cause?: unknown) => never

/** The error of a put of a class over a namespace that has the classes above it. */
export const refusal = (snapshot: Snapshot.Snapshot, definition: ClassDefinition): WbemError | undefined =>
  firstViolation(new ClassFacts(snapshot, decoded(definition), definition), PutRules.standard.forClass)

const checkStructure = (
  definition: ClassDefinition,
  above: ReadonlyArray<ClassDefinition>,
  given: Options,
  fail: Fail
): ResolvedClass | undefined => {
  const { superclass } = definition
  // A superclass of which the name alone is given is an abstract class without members here: the namespace may have more.
  const unknown = superclass !== undefined && above.length === 0 && !CimName.isSystemName(superclass)
  if (unknown && !CimName.isIdentifier(superclass)) {
    fail(`the superclass ${JSON.stringify(superclass)} is no legal name`)
  }
  const snapshot = namespaceWith(
    unknown ? [Class.make(superclass, {}, { qualifiers: given.abstract === true ? { abstract: true } : {} })] : above
  )
  const violation = given.checked === false ? undefined : refusal(snapshot, definition)
  if (violation !== undefined) {
    const { property } = violation as { readonly property?: string }
    fail(violation.message, property, violation.rule, violation)
  }
  return Snapshot.resolvedClass(
    Snapshot.withObjects(snapshot, defaultNamespace, [definition]),
    defaultNamespace,
    definition.name
  )
}
