/**
 * A file of MOF: the options of the compiler for it, and its result.
 *
 * @internal
 */
import * as Mof from "../../mof/Mof.ts"
import { nameOf } from "./bytes.ts"
import { type IncludeOptions, includeReader } from "./includes.ts"
import type { RequestDefaults } from "./json/requests.ts"
import type { KnownClasses } from "./knownClasses.ts"

/** The options for reading MOF. */
export interface MofReadOptions extends IncludeOptions {
  readonly maxIncludes?: number | undefined
  readonly maxIncludeBytes?: number | undefined
  readonly dialect?: "mof" | "dsc" | undefined
}

/** The options of the MOF parser for a file: its name in messages, its dialect and its includes. */
export const reader = (
  file: string,
  options: MofReadOptions
): Pick<Mof.MofOptions, "file" | "include" | "maxIncludes" | "maxIncludeBytes" | "dialect"> => ({
  file: nameOf(file),
  include: includeReader(file, options),
  maxIncludes: options.maxIncludes,
  maxIncludeBytes: options.maxIncludeBytes,
  dialect: options.dialect
})

/** Parses a MOF file. */
export const mof = (
  file: string,
  bytes: Uint8Array,
  options: MofReadOptions,
  known: KnownClasses,
  defaults?: RequestDefaults & Pick<Mof.MofOptions, "knownClasses" | "strict">
): Mof.MofResult => Mof.parse(bytes, { ...reader(file, options), classOf: known.of, ...defaults })
