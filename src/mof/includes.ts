/**
 * Included files: their paths, cycles, and the limits on their number and size (`mof` 7).
 *
 * @internal
 */
import { decode, longestText } from "./encoding.ts"
import { CompileFailure, excerpt, Source } from "./errors.ts"
import type { Included, MofOptions } from "./result.ts"

/** Most files that one text may include, itself not counted. */
const mostFiles = 1000
/** Most bytes of all included files together. */
const mostBytes = 64 * 1024 * 1024

/** A file that is being read, and the file that includes it. */
export interface IncludeChain {
  readonly file: string
  readonly includedBy: IncludeChain | undefined
}

/** The number of bytes of a text in UTF-8. */
const bytesOf = (text: string): number => {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    // A surrogate pair is two units and four bytes.
    if (c > 0x7f) bytes += c > 0x7ff && (c < 0xd800 || c > 0xdfff) ? 2 : 1
  }
  return bytes
}

/** Whether a name is not relative to another file: `/a`, `\\a`, `C:\\a`, `%X%\\a`. */
const isAbsolute = (name: string): boolean => /^(?:[\\/]|[A-Za-z]:|%)/.test(name)

/** A file name resolved against the file that includes it. Only the two texts are compared; no file system is read. */
export const beside = (from: string, name: string): string => {
  if (isAbsolute(name)) return name
  const end = Math.max(from.lastIndexOf("/"), from.lastIndexOf("\\"))
  if (end < 0 && !/(?:^|[\\/])\.\.?[\\/]/.test(name)) return name
  const joined = from.slice(0, end + 1) + name
  const separator = from.charAt(end) === "\\" ? "\\" : "/"
  const parts: Array<string> = []
  for (const [i, part] of joined.split(/[\\/]/).entries()) {
    const last = parts.at(-1)
    if (part === "." || (part === "" && i > 0 && last !== "")) continue
    if (part === ".." && last !== undefined && last !== ".." && last !== "") parts.pop()
    else parts.push(part)
  }
  return parts.join(separator)
}

const isIncluded = (included: unknown): included is Included =>
  typeof included === "object" && included !== null && "text" in included

/** The includes of one compilation, with its limits. */
export class Includes {
  private readonly options: MofOptions
  private files = 0
  private bytes = 0

  constructor(options: MofOptions) {
    this.options = options
  }

  private failure(offset: number, name: string, why: string, expected: string): CompileFailure {
    return new CompileFailure(offset, "IncludeMissing", `${excerpt(name)}${why}`, expected)
  }

  /** Loads the file that an include names. Throws a {@link CompileFailure} at the name. */
  open(name: string, offset: number, from: Source, chain: IncludeChain): readonly [Source, IncludeChain] {
    const { include, maxIncludeBytes: maxBytes = mostBytes, maxIncludes = mostFiles } = this.options
    if (include === undefined) throw this.failure(offset, name, ", and this reader opens no files", "a file")
    if (this.files >= maxIncludes) {
      throw this.failure(
        offset,
        name,
        `, which is one file more than ${maxIncludes}`,
        `at most ${maxIncludes} files in all (maxIncludes)`
      )
    }
    const { file, text, ...rest } = this.load(name, offset, from, maxBytes - this.bytes)
    for (let at: IncludeChain | undefined = chain; at !== undefined; at = at.includedBy) {
      if (at.file === file) {
        throw this.failure(offset, name, ", which includes this file", "a file that is not being read already")
      }
    }
    const isText = typeof text === "string"
    const size = isText ? bytesOf(text) : text.length
    if (this.bytes + size > maxBytes) throw this.tooLarge(name, offset, maxBytes)
    this.files++
    this.bytes += size
    const read = isText ? text : decode(text)?.text
    if (read === undefined) {
      throw this.failure(offset, name, ", which is too long", `a text of at most ${longestText} units`)
    }
    const within = [...from.within, offset]
    return [new Source(file, read, within, rest.quotable !== false && from.isQuotable), { file, includedBy: chain }]
  }

  private tooLarge(name: string, offset: number, maxBytes: number): CompileFailure {
    return this.failure(
      offset,
      name,
      `, with which the included files have more than ${maxBytes} bytes`,
      `at most ${maxBytes} bytes in all (maxIncludeBytes)`
    )
  }

  private load(name: string, offset: number, from: Source, bytesLeft: number): Included & { readonly file: string } {
    const { include, maxIncludeBytes: maxBytes = mostBytes } = this.options
    let included: ReturnType<NonNullable<MofOptions["include"]>>
    try {
      included = include!(name, from.file, bytesLeft)
    } catch {
      // A function that reads files throws when the file is missing.
      included = undefined
    }
    const file = beside(from.file, name)
    if (typeof included === "string" || included instanceof Uint8Array) return { text: included, file }
    if (isIncluded(included)) return { ...included, file: included.file ?? file }
    if (included === undefined) throw this.failure(offset, name, ", which cannot be read", "a file")
    if (included.refused === "too large") throw this.tooLarge(name, offset, maxBytes)
    throw this.failure(offset, name, `, which ${included.refused}`, "a file that may be read")
  }
}
