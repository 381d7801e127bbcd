/**
 * What a MOF text comes to: declarations and directives in source order, each with the state of the pragmas at its place.
 *
 * @since 0.1.0
 */
import type { ClassDefinition, Instance } from "../model/WbemObject.ts"
import type { Encoding } from "./encoding.ts"
import type { MofError, MofWarning, Position } from "./errors.ts"

/**
 * A declaration or a deletion. `Refused` stands for a declaration that uses an alias of an instance whose class is not known: it has
 * no values to put, because the path of its alias is not known. Only such declarations are refused, the rest of the text is read
 * (`mof` 5).
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
  | {
    readonly _tag: "Refused"
    readonly position: Position
    readonly namespace: string
    /** What was declared, in words: `class A`, `instance of A`. */
    readonly declares: string
    /** Always `InvalidClass` 0x80041010. */
    readonly error: MofError
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
  /** Without the declarations that have errors; a text with errors is not meant to be stored (`mof` 9.1). */
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
 * An included file.
 *
 * @since 0.1.0
 * @category models
 */
export interface Included {
  /** Its text, or its bytes in any encoding of {@link MofOptions}. */
  readonly text: string | Uint8Array
  /**
   * Where it is: the name in positions, and `from` of its own includes. Two includes are the same file when these names are equal. By
   * default the name as written, taken beside the file that includes it.
   */
  readonly file?: string | undefined
  /**
   * `false`: messages say where something is wrong in it and never what stands there. For files that the author of the text may not
   * read.
   */
  readonly quotable?: boolean | undefined
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
  /**
   * Answers an included file, or why it is refused; `undefined`, or throwing, when there is none. Without it every include is an
   * error.
   *
   * `name` is the text of the include, with its `%NAME%` as written; a single backslash in it is a separator (`mof` 7). `from` is the
   * file that includes it, `room` the number of bytes that may still be included: a larger file may be refused as `"too large"`
   * without being read.
   */
  readonly include?:
    | ((
      name: string,
      from: string,
      room: number
    ) => string | Uint8Array | Included | { readonly refused: string } | undefined)
    | undefined
  /** Files that may be included in all, 1,000 by default. */
  readonly maxIncludes?: number | undefined
  /** Bytes that the included files may have together, 64 MiB by default; a text counts as UTF-8. */
  readonly maxIncludeBytes?: number | undefined
  /**
   * `"dsc"`: documents of PowerShell DSC, where an alias may stand for an embedded object and in arrays of them, also inside another
   * one. An instance that is embedded so and whose class has no key is part of these objects only and no item of its own (`mof` 5).
   */
  readonly dialect?: "mof" | "dsc" | undefined
  /** Classes that the text does not declare itself: values of their instances get the declared types. */
  readonly classOf?: ((name: string, namespace: string) => ClassDefinition | undefined) | undefined
}
