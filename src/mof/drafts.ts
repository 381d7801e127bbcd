/**
 * The output of the parser: declarations whose values are still constants. They become values when the whole text was
 * read, because a class may be declared after its instances, and an alias after its uses.
 *
 * @internal
 */
import type { MethodDefinition, PropertyDefinition } from "../model/WbemObject.ts"
import type { Qualifier } from "../model/Qualifier.ts"

/** Deepest nesting of embedded instances, through aliases too; the outermost instance is depth 0 (`instance-put` K-8). */
export const deepest = 64

/** A constant as written. */
export type Constant =
  | { readonly _tag: "Null" }
  | { readonly _tag: "Boolean"; readonly value: boolean }
  | { readonly _tag: "Integer"; readonly value: bigint; readonly isHex: boolean }
  | { readonly _tag: "Real"; readonly value: number }
  | { readonly _tag: "String"; readonly value: string }
  | { readonly _tag: "Char"; readonly value: number }
  | { readonly _tag: "Array"; readonly elements: ReadonlyArray<Constant>; readonly offsets: ReadonlyArray<number> }
  | { readonly _tag: "Object"; readonly draft: InstanceDraft }
  | { readonly _tag: "Alias"; readonly name: string; readonly offset: number }

/** One assignment in the body of an instance. */
export interface Assignment {
  readonly name: string
  readonly offset: number
  /** `undefined` when only qualifiers were written. */
  readonly constant: Constant | undefined
  readonly constantOffset: number
  readonly qualifiers: ReadonlyArray<Qualifier>
}

/** The name after `as`, without its `$`. */
export interface Alias {
  readonly name: string
  readonly offset: number
}

/** An instance, top-level or embedded. */
export interface InstanceDraft {
  readonly className: string
  readonly alias: Alias | undefined
  readonly qualifiers: ReadonlyArray<Qualifier>
  readonly assignments: ReadonlyArray<Assignment>
}

/** A default that needs other declarations to become a value: an alias or an embedded object. */
export interface DeferredDefault {
  /** The index of its property in the class. */
  readonly index: number
  readonly constant: Constant
  readonly offset: number
}

/** A class. */
export interface ClassDraft {
  readonly name: string
  readonly alias: Alias | undefined
  readonly superclass: string | undefined
  readonly qualifiers: ReadonlyArray<Qualifier>
  readonly properties: ReadonlyArray<PropertyDefinition>
  readonly methods: ReadonlyArray<MethodDefinition>
  /** Whether it has a body. A class without one is a forward declaration. */
  readonly hasBody: boolean
  /** Whether it has a fault, so that it is not put and may lack members. */
  readonly isFaulty: boolean
  readonly deferred: ReadonlyArray<DeferredDefault>
}
