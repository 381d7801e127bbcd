/**
 * The object of a put, a class definition or an instance, and the parts of both. Builders and accessors
 * are in `ClassDefinition`, `Instance`, `Property`, `Method` and `CimValue`.
 *
 * All objects are immutable: builders copy and freeze their arguments, so a later change of an argument does not change a request
 * (PA-4).
 *
 * @since 0.1.0
 * @module
 */
import type { Equal } from "effect/Equal"
import type { Inspectable } from "effect/Inspectable"
import type { Pipeable } from "effect/Pipeable"
import type { CimType, TypeRef } from "./CimType.ts"
import type { Qualifier } from "./Qualifier.ts"

/**
 * A value of a property. A 64-bit integer is a `bigint`, a char16 is the number of its code unit, datetimes and references are text,
 * embedded objects are instances or classes, `null` is NULL. A property that is *unset* has no value: its name is missing (IV-1).
 *
 * @since 0.1.0
 * @category models
 */
export type CimValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | WbemObject
  | ReadonlyArray<boolean | number | bigint | string | WbemObject>

/**
 * Marks instances that the library made; also `Instance.TypeId`.
 *
 * @since 0.1.0
 * @category symbols
 */
export const InstanceTypeId: unique symbol = /* @__PURE__ */ Symbol.for("effect-wmi/Instance")

/**
 * Marks class definitions that the library made; also `ClassDefinition.TypeId`.
 *
 * @since 0.1.0
 * @category symbols
 */
export const ClassDefinitionTypeId: unique symbol = /* @__PURE__ */ Symbol.for("effect-wmi/ClassDefinition")

/**
 * The members that a value has through its prototype. They are those of a class, so the compiler drops them from a spread copy: such a copy
 * has no prototype, and is no value.
 *
 * @internal
 */
export declare abstract class OnPrototype {
  /** The value as JSON. */
  toJSON(): unknown
}

/**
 * A plain object of the shape of an instance. A put accepts it and stores a copy, which is an {@link Instance}.
 *
 * @since 0.1.0
 * @category models
 */
export interface PlainInstance {
  /** Marks an instance. */
  readonly _tag: "Instance"
  /** The name of the class of the instance. */
  readonly className: string
  /** By property name as written. A missing name is unset, `null` is NULL. */
  readonly values: Readonly<Record<string, PlainValue>>
  /** Qualifiers of the instance itself. */
  readonly qualifiers: ReadonlyArray<Qualifier>
  /** Qualifiers set on single properties of this instance. */
  readonly propertyQualifiers?: Readonly<Record<string, ReadonlyArray<Qualifier>>> | undefined
  /** Whether it was read with amended qualifiers merged in (PA-91). */
  readonly amended?: boolean | undefined
}

/**
 * An instance of a class: the values and qualifiers that are set on it.
 *
 * It is a value of Effect. Two instances are equal if their class, values and qualifiers are. Names compare without case, and the order of
 * names and qualifiers does not count. Values compare as `CimValue.equals` compares them: an unset property is not NULL, and `1` is not `1n`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Instance extends PlainInstance, OnPrototype, Equal, Inspectable, Pipeable {
  /** Marks instances that the library made. */
  readonly [InstanceTypeId]: typeof InstanceTypeId
  /** By property name as written. A missing name is unset, `null` is NULL. */
  readonly values: Readonly<Record<string, CimValue>>
}

/**
 * A property as a class declares it.
 *
 * @since 0.1.0
 * @category models
 */
export interface PropertyDefinition extends TypeRef {
  /** The name; it compares without case. */
  readonly name: string
  /** The default: `undefined` when none is written, `null` for NULL. A put stores a redeclaration without a default as NULL (CX-5). */
  readonly value: CimValue | undefined
  /**
   * Marks a redeclaration of an inherited property that changes qualifiers only and keeps the inherited default (CX-5). It has no
   * `value`. A redeclaration without this member sets the default.
   */
  readonly inheritsDefault?: true | undefined
  /** The qualifiers that the declaration has, without the inherited ones. */
  readonly qualifiers: ReadonlyArray<Qualifier>
}

/**
 * A parameter of a method.
 *
 * @since 0.1.0
 * @category models
 */
export interface ParameterDefinition extends TypeRef {
  /** The name; it compares without case. */
  readonly name: string
  /** Whether a caller passes the parameter, receives it, or both. */
  readonly direction: "in" | "out" | "inout"
  /** Position among all parameters, from 0; `undefined` when it has none, which a put refuses (CS-20). */
  readonly id: number | undefined
  /** The default (`object-model` 8); absent when there is none. It is not part of the signature (CX-17). */
  readonly value?: CimValue | undefined
  /** The written qualifiers: `In`, `Out` and `ID` are in the list only if they were written. */
  readonly qualifiers: ReadonlyArray<Qualifier>
}

/**
 * A method as a class declares it. `ReturnValue` shares the qualifiers of the method.
 *
 * @since 0.1.0
 * @category models
 */
export interface MethodDefinition {
  /** The name; it compares without case. */
  readonly name: string
  /** The type of the return value; `void` if there is none. */
  readonly returns: CimType | "void"
  /** The type word of the return value as it was written, if that is not lower case (`qualifiers` 4). */
  readonly returnsWord?: string | undefined
  /** The parameters in their order. */
  readonly parameters: ReadonlyArray<ParameterDefinition>
  /** The qualifiers of the method, which are those of `ReturnValue` too. */
  readonly qualifiers: ReadonlyArray<Qualifier>
}

/**
 * A plain object of the shape of a class definition. A put accepts it and stores a copy, which is a {@link ClassDefinition}.
 *
 * @since 0.1.0
 * @category models
 */
export interface PlainClass {
  /** Marks a class definition. */
  readonly _tag: "Class"
  /** Empty when the class has no name yet; its put fails with `IncompleteClass`. */
  readonly name: string
  /** The name of the superclass; `undefined` for a class at the top. */
  readonly superclass: string | undefined
  /** The qualifiers of the class itself, without the inherited ones. */
  readonly qualifiers: ReadonlyArray<Qualifier>
  /** The properties that the class declares, without the inherited ones. */
  readonly properties: ReadonlyArray<PropertyDefinition>
  /** The methods that the class declares, without the inherited ones. */
  readonly methods: ReadonlyArray<MethodDefinition>
  /** Whether it was read with amended qualifiers merged in (PA-91). */
  readonly amended?: boolean | undefined
}

/**
 * A class with its own members. The engine computes the inherited members.
 *
 * It is a value of Effect. Spelling, also of type words, and the order of members and qualifiers are no difference of two definitions; no
 * default and a default of NULL are the same (CX-5, CX-6). Parameters are compared in their order.
 *
 * @since 0.1.0
 * @category models
 */
export interface ClassDefinition extends PlainClass, OnPrototype, Equal, Inspectable, Pipeable {
  /** Marks class definitions that the library made. */
  readonly [ClassDefinitionTypeId]: typeof ClassDefinitionTypeId
}

/**
 * A plain object of the shape of a class definition or of an instance, for example one that was parsed from JSON.
 *
 * @since 0.1.0
 * @category models
 */
export type PlainObject = PlainClass | PlainInstance

/**
 * A value of a plain object: embedded objects may be plain objects too.
 *
 * @since 0.1.0
 * @category models
 */
export type PlainValue = CimValue | PlainObject | ReadonlyArray<boolean | number | bigint | string | PlainObject>

/**
 * A class definition or an instance.
 *
 * @since 0.1.0
 * @category models
 */
export type WbemObject = ClassDefinition | Instance

/**
 * Whether an object is a class or an instance. The two follow different rules and accept different flags (PA-3).
 *
 * @since 0.1.0
 * @category models
 */
export type ObjectKind = "Class" | "Instance"

/**
 * The kind of an object.
 *
 * @since 0.1.0
 * @category combinators
 */
export const kind = (object: PlainObject): ObjectKind => object._tag

/**
 * Whether an object is a class definition.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isClass = (object: WbemObject): object is ClassDefinition => object._tag === "Class"

/**
 * Whether an object is an instance.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isInstance = (object: WbemObject): object is Instance => object._tag === "Instance"

/**
 * The name of a class definition, or of the class of an instance.
 *
 * @since 0.1.0
 * @category combinators
 */
export const className = (object: PlainObject): string => object._tag === "Class" ? object.name : object.className

/**
 * Whether a value has the shape of a WMI object; a plain object may have it. A put of another value is refused at the start (`put-async` 3, row 2).
 *
 * @since 0.1.0
 * @category predicates
 */
export const isWbemObject = (u: unknown): u is PlainObject => {
  if (typeof u !== "object" || u === null) return false
  const o = u as Partial<ClassDefinition> & Partial<Instance>
  if (!Array.isArray(o.qualifiers)) return false
  const tag: unknown = (u as { readonly _tag?: unknown })._tag
  return tag === "Instance"
    ? typeof o.className === "string" && typeof o.values === "object" && o.values !== null
    : tag === "Class" && typeof o.name === "string" && Array.isArray(o.properties) && Array.isArray(o.methods)
}
