/**
 * What the parser hands over: declarations whose values are still constants as they are written. They become values when the whole
 * text is read, because a class may stand below its instances, and an alias below its uses.
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

/** One line of the body of an instance. */
export interface Assignment {
  readonly name: string
  readonly offset: number
  /** `undefined`: only qualifiers were written. */
  readonly constant: Constant | undefined
  readonly constantOffset: number
  readonly qualifiers: ReadonlyArray<Qualifier>
}

/** A name behind `as`, without its `$`. */
export interface Alias {
  readonly name: string
  readonly offset: number
}

/** An instance, at the top of a text or embedded. */
export interface InstanceDraft {
  readonly className: string
  readonly alias: Alias | undefined
  readonly qualifiers: ReadonlyArray<Qualifier>
  readonly assignments: ReadonlyArray<Assignment>
}

/** A default that needs other declarations to become a value: an alias, or an embedded object. */
export interface DeferredDefault {
  /** The place of its property in the list of the class. */
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
  /** Whether it has a body; one without is a forward declaration. */
  readonly hasBody: boolean
  readonly deferred: ReadonlyArray<DeferredDefault>
}
