/**
 * The state of a compilation that the parser reads and updates. The compiler (`compile.ts`) makes one context for each
 * text.
 *
 * @internal
 */
import type { CimType } from "../../model/CimType.ts"
import type { CimValue } from "../../model/WbemObject.ts"
import type { CompileFailure, Remark } from "../errors.ts"

/** The content of a `Qualifier …;` declaration. */
export interface QualifierDeclaration {
  readonly flavor: number
  readonly type: CimType | undefined
  /** `undefined` when the declaration gives no type. */
  readonly isArray: boolean | undefined
  /** The declared default. The DMTF declares `In` with the default TRUE. */
  readonly value: CimValue | undefined
}

/** How a text uses the name of a class. */
export type Use = "type" | "superclass" | "reference" | "instance"

/** The state of the compilation that the parser reads and updates. */
export interface ParserContext {
  readonly qualifiers: Map<string, QualifierDeclaration>
  /** The PowerShell DSC dialect: an embedded object may hold aliases (`mof` 5). */
  readonly isDsc: boolean
  readonly warn: (remark: Remark) => void
  /** Reports a fault; `from` is the offset of the member or declaration around it. */
  readonly report: (failure: CompileFailure, from: number) => void
  /** Notes the use of the name of a class. */
  readonly use: (use: Use, name: string, offset: number) => void
  /** Notes a directive inside a body, which is an error. */
  readonly noteDirective: (offset: number) => void
  /** Notes the head of a declaration that could not be read: names in it are declared, for all that is known. */
  readonly lose: (from: number, to: number) => void
  /** Counts as written. */
  readonly counts: {
    properties: number
    references: number
    methods: number
    parameters: number
    qualifierUses: number
  }
}
