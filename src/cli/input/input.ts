/**
 * The operations of a file: MOF or JSON, in any encoding of MOF, plain or gzip. This module also exports what the commands that read files
 * need: the names of files, their bytes, the known classes and the MOF reader.
 *
 * @internal
 */
import * as Either from "effect/Either"
import * as Mof from "../../mof/Mof.ts"
import { BadInput, type Diagnostic, fromMof } from "../terminal/diagnostics.ts"
import { bytesOf, nameOf } from "./bytes.ts"
import { isNamedAs, jsonFiles } from "./files.ts"
import { jsonOperations, type JsonOptions } from "./json/jsonFile.ts"
import type { RequestDefaults } from "./json/requests.ts"
import type { KnownClasses } from "./knownClasses.ts"
import { mof, type MofReadOptions } from "./mofFile.ts"

export { bytesOf, nameOf } from "./bytes.ts"
export { fileOf, filesOf, mofFiles } from "./files.ts"
export type { RequestDefaults } from "./json/requests.ts"
export { type ClassName, KnownClasses, type StoredClasses } from "./knownClasses.ts"
export { mof, type MofReadOptions, reader } from "./mofFile.ts"

/** The options for reading the files of a put. */
export interface OperationsOptions extends MofReadOptions, JsonOptions {}

/** `{` begins JSON. `[` does too, unless it begins a list of qualifiers, which are names. */
const jsonStart = /^\s*(?:\{|\[\s*(?:[{["\]\d-]|(?:null|true|false)\b))/

/** Enough bytes to see the first characters. */
const headLength = 4096

/** Whether a file is JSON: by its name, and for other files and standard input by the first characters. */
const isJson = (file: string, bytes: Uint8Array): boolean =>
  isNamedAs(file, jsonFiles) || jsonStart.test(Mof.decode(bytes.subarray(0, headLength)).text)

/** The text of bytes in any encoding of MOF. Throws `BadInput` if it is too long. */
const decoded = (file: string, bytes: Uint8Array): string => {
  try {
    return Mof.decode(bytes).text
  } catch (error) {
    throw error instanceof RangeError ? new BadInput({ file: nameOf(file), message: error.message }) : error
  }
}

/** Reads and decodes a file. */
export const textOf = async (file: string): Promise<string> => decoded(file, await bytesOf(file))

/** Reads all operations of a file before anything is put; returns the errors of an invalid file. */
export const operations = (
  file: string,
  bytes: Uint8Array,
  defaults: RequestDefaults,
  known: KnownClasses,
  options: OperationsOptions
): Either.Either<ReadonlyArray<Mof.MofOperation>, ReadonlyArray<Diagnostic>> => {
  if (isJson(file, bytes)) {
    return jsonOperations(nameOf(file), decoded(file, bytes), defaults, known, options)
  }
  const result = mof(file, bytes, options, known, defaults)
  if (result.errors.length === 0 && result.amendment !== undefined) {
    return Either.left([{
      file: nameOf(file),
      message: "its #pragma amendment asks for two files and stores nothing; 'effect-wmi amend' makes them"
    }])
  }
  return result.errors.length > 0
    ? Either.left(result.errors.map(fromMof))
    : Either.right([...Mof.operations(result, { createNamespaces: options.createNamespaces })])
}
