/**
 * What a MOF text comes to: declarations and directives in source order, each with the state of the pragmas at its place.
 *
 * @since 0.1.0
 */
import type { ClassDefinition, Instance } from "../model/WbemObject.ts"
import type { Encoding } from "./encoding.ts"
import type { MofError, MofWarning, Position } from "./faults.ts"

/**
 * A declaration or a deletion.
 *
 * @since 0.1.0
 * @category models
 */
export type MofItem =
  | {
    readonly _tag: "Class"
    readonly position: Position
    readonly namespace: string
    /** The flag word of the put. */
    readonly flags: number
    readonly definition: ClassDefinition
  }
  | {
    readonly _tag: "Instance"
    readonly position: Position
    readonly namespace: string
    /** The flag word of the put. */
    readonly flags: number
    readonly instance: Instance
  }
  | {
    readonly _tag: "Delete"
    readonly position: Position
    readonly namespace: string
    /** The path of a class or an instance. */
    readonly path: string
    /** `FAIL`: a missing target stops the compilation. */
    readonly failIfMissing: boolean
  }

/**
 * What stands in a text, counted as written.
 *
 * @since 0.1.0
 * @category models
 */
export interface Counts {
  readonly classes: number
  /** Instances at top level. */
  readonly instances: number
  readonly associations: number
  /** Declared properties, references included. */
  readonly properties: number
  readonly references: number
  readonly methods: number
  readonly parameters: number
  readonly qualifierDeclarations: number
  /** Uses of qualifiers as written, on every carrier. */
  readonly qualifierUses: number
}

/**
 * What reading a text came to.
 *
 * @since 0.1.0
 * @category models
 */
export interface MofResult {
  /** Empty of what an error spoiled; a text with errors is not meant to be stored (`mof` 9.1). */
  readonly items: ReadonlyArray<MofItem>
  /** The first of each declaration, in the order of the text, at most 100. */
  readonly errors: ReadonlyArray<MofError>
  readonly warnings: ReadonlyArray<MofWarning>
  readonly counts: Counts
  /** Every directive, name first, then its arguments. */
  readonly pragmas: ReadonlyArray<readonly [name: string, ...arguments: ReadonlyArray<string>]>
  /**
   * The locale of an `#pragma amendment`, or of the option: the text is meant for `Mof.split` then, and stores nothing (`mof` 8).
   */
  readonly amendment: string | undefined
  /** Whether an `#pragma autorecover` stood there; without one mofcomp warns. */
  readonly autorecover: boolean
  readonly encoding: Encoding | undefined
}

/**
 * How a text is read.
 *
 * @since 0.1.0
 * @category models
 */
export interface MofOptions {
  /** The name in positions; `(text)` by default. */
  readonly file?: string | undefined
  /** Where declarations go before a `#pragma namespace`; mofcomp's `root\default` by default. */
  readonly namespace?: string | undefined
  /** The flag word of classes before a `#pragma classflags`. */
  readonly classFlags?: number | undefined
  /** The flag word of instances before a `#pragma instanceflags`. */
  readonly instanceFlags?: number | undefined
  /** The name of this machine in `#pragma namespace`, besides `.`. */
  readonly server?: string | undefined
  /** The locale that the text is split for, `MS_409`, as the `-AMENDMENT` switch of mofcomp says it. */
  readonly amendment?: string | undefined
  /** Answers an included file, `undefined` when there is none. Without it every include is an error. */
  readonly include?: ((name: string, from: string) => string | undefined) | undefined
  /** Classes that the text does not declare itself: values of their instances get the declared types. */
  readonly classOf?: ((name: string, namespace: string) => ClassDefinition | undefined) | undefined
}
