/**
 * Positions and errors of MOF text, with the numbers 0x80044001 to 0x80044031 of mofcomp (`mof` 10).
 *
 * @since 0.1.0
 */
import { escapeControl } from "../model/escapeControl.ts"

/**
 * A position in a file. Lines and columns count from 1, columns in UTF-16 units.
 *
 * @since 0.1.0
 * @category models
 */
export interface Position {
  /** The name of the file; that of an included file where the text came from one. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
}

/**
 * An error in MOF text.
 *
 * @since 0.1.0
 * @category models
 */
export interface MofError extends Position {
  /** The tag of the error. */
  readonly _tag: "MofError"
  /**
   * The column after the last character of the faulty text on this line. Equal to `column` when something is missing at
   * this place.
   */
  readonly endColumn: number
  /**
   * The line of the text, tabs included; absent when the file must not be quoted ({@link Included}), and when the line has
   * more than 10,000 UTF-16 units.
   */
  readonly sourceLine?: string | undefined
  /** What to do: `did you mean "string"?`. */
  readonly hint?: string | undefined
  /** The number of mofcomp, or the WMI status where mofcomp reports one. */
  readonly code: number
  /** The name of the error, such as `SemicolonExpected`. */
  readonly name: string
  /** The text that was found. */
  readonly found: string
  /** What was expected in its place. */
  readonly expected: string
  /** The error as one line of text that begins with the position: `a.mof:3:1: found …`. */
  readonly message: string
}

/**
 * A warning: the text is accepted, but it is probably not what its author meant.
 *
 * @since 0.1.0
 * @category models
 */
export interface MofWarning extends Position {
  /** The tag of the warning. */
  readonly _tag: "MofWarning"
  /**
   * The column after the last character of the text that the warning is about, on this line. Equal to `column` when it
   * is about a place.
   */
  readonly endColumn: number
  /**
   * The line of the text, tabs included; absent when the file must not be quoted ({@link Included}), and when the line has
   * more than 10,000 UTF-16 units.
   */
  readonly sourceLine?: string | undefined
  /** What to do: `did you mean "string"?`. */
  readonly hint?: string | undefined
  /** The name of the warning. It does not change between versions. */
  readonly name: WarningName
  /** The warning as one line of text, without the position and the hint. */
  readonly message: string
}

/**
 * The names of warnings.
 *
 * - `UnknownType`: the word before a property, a parameter or a method is no type and no known class.
 * - `UnknownSuperclass`: the superclass is no known class.
 * - `UnknownClass`: the class of an instance or of a reference is no known class.
 * - `UnknownEscape`: a backslash before a character that makes no escape sequence.
 * - `NullQualifier`: a qualifier with the value NULL, which is left out.
 * - `StandaloneInstance`: an instance that stands alone in the body of another one, which is ignored.
 * - `Amendment`: a text for `Mof.split`, which stores nothing.
 * - `TooManyErrors`, `TooManyWarnings`: the rest is not listed.
 *
 * @since 0.1.0
 * @category models
 */
export type WarningName =
  | "UnknownType"
  | "UnknownSuperclass"
  | "UnknownClass"
  | "UnknownEscape"
  | "NullQualifier"
  | "StandaloneInstance"
  | "Amendment"
  | "TooManyErrors"
  | "TooManyWarnings"

/**
 * The error codes by name.
 *
 * @since 0.1.0
 * @category models
 */
export const codes = {
  QualifierNameExpected: 0x80044001,
  SemicolonExpected: 0x80044002,
  OpenBraceExpected: 0x80044003,
  CloseBraceExpected: 0x80044004,
  CloseBracketExpected: 0x80044005,
  CloseParenExpected: 0x80044006,
  IllegalConstant: 0x80044007,
  TypeExpected: 0x80044008,
  OpenParenExpected: 0x80044009,
  UnrecognizedToken: 0x8004400a,
  UnrecognizedType: 0x8004400b,
  NameExpected: 0x8004400c,
  TypedefNotSupported: 0x8004400d,
  UnexpectedAlias: 0x8004400e,
  UnexpectedArray: 0x8004400f,
  InvalidAmendmentSyntax: 0x80044010,
  InvalidDuplicateAmendment: 0x80044011,
  InvalidPragma: 0x80044012,
  InvalidNamespaceSyntax: 0x80044013,
  ClassNameExpected: 0x80044014,
  TypeMismatch: 0x80044015,
  AliasNameExpected: 0x80044016,
  InvalidClassDeclaration: 0x80044017,
  InvalidInstanceDeclaration: 0x80044018,
  DollarExpected: 0x80044019,
  CimtypeNotAllowed: 0x8004401a,
  DuplicateProperty: 0x8004401b,
  InvalidNamespaceSpecification: 0x8004401c,
  OutOfRange: 0x8004401d,
  InvalidFile: 0x8004401e,
  AliasInEmbedded: 0x8004401f,
  NullArrayElement: 0x80044020,
  DuplicateQualifier: 0x80044021,
  FlavorExpected: 0x80044022,
  IncompatibleFlavors: 0x80044023,
  DuplicateAlias: 0x80044024,
  IncompatibleFlavors2: 0x80044025,
  ArrayReturn: 0x80044026,
  InOutRequired: 0x80044027,
  InvalidFlags: 0x80044028,
  BraceOrTypeExpected: 0x80044029,
  InvalidDeleteInstance: 0x8004402c,
  InvalidQualifierDeclaration: 0x8004402d,
  InvalidScope: 0x8004402e,
  IncludeMissing: 0x80044030,
  InvalidDeleteClass: 0x80044031,
  NotFound: 0x80041002,
  InvalidClass: 0x80041010,
  QuotaViolation: 0x8004106c,
  // With the option `strict` only; else these are warnings.
  UnknownType: 0x8004400b,
  UnknownSuperclass: 0x80041002,
  UnknownClass: 0x80041010
} as const

/**
 * The name of a code.
 *
 * @since 0.1.0
 * @category models
 */
export type CodeName = keyof typeof codes

/** A quotation of the text in a message: short and on one line, whatever characters it holds. */
export const excerpt = (text: string): string =>
  `'${escapeControl(text.length > 32 ? text.slice(0, 32) + "..." : text)}'`

/** A text with its file name, which converts offsets to positions. */
export class Source {
  readonly file: string
  readonly text: string
  /** The offsets of the enclosing includes, outermost first. */
  readonly within: ReadonlyArray<number>
  /**
   * Whether messages may quote the text. A text may include files that its author cannot read; errors must not reveal
   * them to the author.
   */
  readonly isQuotable: boolean
  private lineStarts: Array<number> | undefined

  constructor(file: string, text: string, within: ReadonlyArray<number> = [], isQuotable: boolean = true) {
    this.file = file
    this.text = text
    this.within = within
    this.isQuotable = isQuotable
  }

  /** The offset after the last character of the line that holds an offset, without its line end. */
  lineEnd(offset: number): number {
    let end = this.starts[this.lineIndex(offset) + 1] ?? this.text.length
    while (end > offset && (this.text.charCodeAt(end - 1) === 10 || this.text.charCodeAt(end - 1) === 13)) end--
    return end
  }

  position(offset: number): Position {
    const line = this.lineIndex(offset)
    return { file: this.file, line: line + 1, column: offset - this.starts[line]! + 1 }
  }

  private get starts(): ReadonlyArray<number> {
    return this.lineStarts ??= this.findLineStarts()
  }

  /** The number of lines before the one that holds an offset. */
  private lineIndex(offset: number): number {
    const { starts } = this
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  private findLineStarts(): Array<number> {
    const { text } = this
    const starts = [0]
    let lineFeed = text.indexOf("\n")
    let carriageReturn = text.indexOf("\r")
    while (lineFeed >= 0 || carriageReturn >= 0) {
      if (carriageReturn >= 0 && (lineFeed < 0 || carriageReturn < lineFeed)) {
        if (carriageReturn + 1 !== lineFeed) starts.push(carriageReturn + 1)
        carriageReturn = text.indexOf("\r", carriageReturn + 1)
      } else {
        starts.push(lineFeed + 1)
        lineFeed = text.indexOf("\n", lineFeed + 1)
      }
    }
    return starts
  }
}

/** What a failure may say besides. */
export interface FailureDetails {
  /** The offset after the faulty text. Default: the end of the token at the offset. */
  readonly end?: number | undefined
  /** What to do. A function is called when the error is listed. */
  readonly hint?: string | (() => string) | undefined
  /** Whether another error of the text is the cause of the failure, so that it is not reported. */
  readonly isConsequence?: boolean | undefined
}

/** A fault of the text. The parser reports it and goes on, or throws it; it is caught where the text can be read again. */
export class CompileFailure {
  readonly offset: number
  readonly name: CodeName
  readonly found: string
  readonly expected: string
  readonly details: FailureDetails
  constructor(offset: number, name: CodeName, found: string, expected: string, details: FailureDetails = {}) {
    this.offset = offset
    this.name = name
    this.found = found
    this.expected = expected
    this.details = details
  }
}

/** A warning before it is listed. */
export interface Remark {
  readonly offset: number
  /** The offset after the text that the warning is about. Default: the end of the token at the offset. */
  readonly end?: number | undefined
  readonly name: WarningName
  /** The warning as one line, without the hint. */
  readonly message: string
  readonly hint?: string | undefined
}
