/**
 * The options and the result of a compilation. The result lists declarations and directives in source order, each with
 * the namespace and the flags of the pragmas before it.
 *
 * @since 0.1.0
 */
import type { ClassDefinition, Instance } from "../model/WbemObject.ts"
import type { Encoding } from "./encoding.ts"
import type { MofError, MofWarning, Position } from "./errors.ts"

/**
 * A declaration or a deletion. `Refused` is a declaration that uses an alias of an instance whose class is unknown: the
 * path of the alias is unknown, so the declaration has no values to put. Only such declarations are refused; the rest
 * of the text is compiled (`mof` 5).
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
    /** `FAIL`: a missing target ends the compilation. */
    readonly failIfMissing: boolean
  }
  | {
    readonly _tag: "Refused"
    readonly position: Position
    readonly namespace: string
    /** The declaration in words: `class A`, `instance of A`. */
    readonly declares: string
    /** Always `InvalidClass` 0x80041010. */
    readonly error: MofError
  }

/**
 * The number of declarations and qualifiers in a text, as written.
 *
 * @since 0.1.0
 * @category models
 */
export interface Counts {
  /** Declared classes, associations included. */
  readonly classes: number
  /** Instances at top level. */
  readonly instances: number
  /** Classes with the qualifier `association`. */
  readonly associations: number
  /** Declared properties, references included. */
  readonly properties: number
  /** Declared properties that are references. */
  readonly references: number
  /** Declared methods. */
  readonly methods: number
  /** Declared parameters of methods. */
  readonly parameters: number
  /** Declarations of qualifier types (`Qualifier …`). */
  readonly qualifierDeclarations: number
  /** Uses of qualifiers as written, on every carrier. */
  readonly qualifierUses: number
}

/**
 * The result of compiling a text.
 *
 * @since 0.1.0
 * @category models
 */
export interface MofResult {
  /** The items, without declarations that have errors. A text with errors is not meant to be stored (`mof` 9.1). */
  readonly items: ReadonlyArray<MofItem>
  /** The errors, one for each fault, in the order of the text, at most 100. */
  readonly errors: ReadonlyArray<MofError>
  /** The warnings, in the order of the text. */
  readonly warnings: ReadonlyArray<MofWarning>
  /** What the text declares, as written. */
  readonly counts: Counts
  /** Every directive, name first, then its arguments. */
  readonly pragmas: ReadonlyArray<readonly [name: string, ...arguments: ReadonlyArray<string>]>
  /**
   * The locale of an `#pragma amendment`, or of the option. A text with a locale is meant for `Mof.split` and stores
   * nothing (`mof` 8).
   */
  readonly amendment: string | undefined
  /** Whether the text has an `#pragma autorecover`; without one mofcomp warns. */
  readonly autorecover: boolean
  /** The encoding of bytes; `undefined` when the input was text. */
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
   * The file name in positions, and `from` of its own includes. Two includes are the same file when these names are
   * equal. Default: the name as written, resolved against the file that includes it.
   */
  readonly file?: string | undefined
  /**
   * `false`: messages give positions in the file and quote nothing of it. For files that the author of the text may not
   * read.
   */
  readonly quotable?: boolean | undefined
}

/**
 * Options of a compilation.
 *
 * @since 0.1.0
 * @category models
 */
export interface MofOptions {
  /** The file name in positions. Default: `(text)`. */
  readonly file?: string | undefined
  /** The namespace before a `#pragma namespace`. Default: mofcomp's `root\default`. */
  readonly namespace?: string | undefined
  /** The flag word of classes before a `#pragma classflags`. Default: 0. */
  readonly classFlags?: number | undefined
  /** The flag word of instances before a `#pragma instanceflags`. Default: 0. */
  readonly instanceFlags?: number | undefined
  /** The name of the local computer, which `#pragma namespace` may use besides `.`. */
  readonly server?: string | undefined
  /** The locale to split the text for, `MS_409`, as with mofcomp's `-AMENDMENT`. */
  readonly amendment?: string | undefined
  /**
   * Returns an included file, or the reason for refusing it; returns `undefined` or throws when the file does not
   * exist. Without this function every include is an error.
   *
   * `name` is the text of the include, with its `%NAME%` as written; a single backslash in it is a separator (`mof` 7).
   * `from` is the file that includes it. `room` is the number of bytes that may still be included: a larger file may be
   * refused as `"too large"` without being read.
   */
  readonly include?:
    | ((
      name: string,
      from: string,
      room: number
    ) => string | Uint8Array | Included | { readonly refused: string } | undefined)
    | undefined
  /** Most files that may be included. Default: 1,000. */
  readonly maxIncludes?: number | undefined
  /** Most bytes of all included files together; text counts as UTF-8. Default: 64 MiB. */
  readonly maxIncludeBytes?: number | undefined
  /**
   * `"dsc"`: documents of PowerShell DSC. An alias may stand for an embedded object, also in arrays and inside other
   * embedded objects. An instance that is embedded in this way and whose class has no key is only a part of these
   * objects and not an item of its own (`mof` 5).
   */
  readonly dialect?: "mof" | "dsc" | undefined
  /** Looks up classes that the text does not declare. The values of their instances get the declared types. */
  readonly classOf?: ((name: string, namespace: string) => ClassDefinition | undefined) | undefined
  /**
   * The names of classes that are known besides, such as all those of a namespace. They are no unknown names, and are
   * suggested for misspelt ones.
   */
  readonly knownClasses?: Iterable<string> | undefined
  /**
   * Whether the names of types, superclasses and classes that are not known are errors. By default they are warnings,
   * because the namespace of a put may have the class (`mof` 9.6).
   */
  readonly strict?: boolean | undefined
}
