/**
 * Reads included MOF files: from the folder of the including file, then from the folders of `-I`. Only regular files are read, and with
 * `--include-root` only files below the allowed folders (`mof` 7).
 *
 * @internal
 */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs"
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path"
import { gunzipSync } from "node:zlib"
import type * as Mof from "../../mof/Mof.ts"
import { isGzip } from "./gzip.ts"

/** The options for includes. */
export interface IncludeOptions {
  /** `--no-include`: no file is opened. */
  readonly include: boolean
  /** `-I`: folders that are searched in order after the folder of the including file. */
  readonly includePath: ReadonlyArray<string>
  /** `--include-root`: only files below this folder, or below one of `-I`. */
  readonly includeRoot?: string | undefined
  /** Gets the name of each included file that was read. */
  readonly included?: ((file: string) => void) | undefined
}

type IncludeResult = ReturnType<NonNullable<Mof.MofOptions["include"]>>

/** The real path of a file; if it does not exist, the absolute path. */
const realPathOf = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

const isBelow = (path: string, folder: string): boolean => {
  const relativePath = relative(folder, path)
  return relativePath !== "" && relativePath !== ".." && !relativePath.startsWith(`..${sep}`)
    && !isAbsolute(relativePath)
}

/** An environment variable by name, compared without case. */
const variable = (name: string): string | undefined => {
  const folded = name.toUpperCase()
  for (const [key, value] of Object.entries(process.env)) if (key.toUpperCase() === folded) return value
  return undefined
}

/** Converts the text of an include to a local path: expands `%NAME%` and converts backslashes. */
const localPath = (name: string): string => {
  const expanded = name.replace(/%([^%]+)%/g, (written: string, of: string) => variable(of) ?? written)
  return sep === "\\" ? expanded : expanded.replaceAll("\\", "/")
}

/** Reads and unpacks a regular file of at most `maxBytes`. Returns the reason of a refusal, or `undefined` if it does not exist. */
const read = (path: string, maxBytes: number): Uint8Array | { readonly refused: string } | undefined => {
  let file: number
  try {
    // A pipe or a device is refused before it is opened. If the file becomes one meanwhile, O_NONBLOCK keeps the open from waiting.
    if (!statSync(path).isFile()) return { refused: "is no regular file" }
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch {
    return undefined
  }
  try {
    const { size, isFile } = ((stat) => ({ size: stat.size, isFile: stat.isFile() }))(fstatSync(file))
    if (!isFile) return { refused: "is no regular file" }
    if (size > maxBytes) return { refused: "too large" }
    // The size of some files reads as 0, and a file may grow: at most `maxBytes` are read.
    const parts: Array<Buffer> = []
    let total = 0
    for (;;) {
      const part = Buffer.allocUnsafe(Math.max(Math.min(size - total, 1 << 20), 1 << 12))
      const count = readSync(file, part, 0, part.length, null)
      if (count === 0) break
      total += count
      if (total > maxBytes) return { refused: "too large" }
      parts.push(part.subarray(0, count))
    }
    const bytes = Buffer.concat(parts)
    if (!isGzip(bytes)) return bytes
    return maxBytes === 0 ? { refused: "too large" } : gunzipSync(bytes, { maxOutputLength: maxBytes })
  } catch (error) {
    return error instanceof RangeError ? { refused: "too large" } : { refused: "cannot be read" }
  } finally {
    closeSync(file)
  }
}

/** The include function for one file of the command line; `undefined` with `--no-include`. */
export const includeReader = (
  main: string,
  { include, included, includePath, includeRoot }: IncludeOptions
): NonNullable<Mof.MofOptions["include"]> | undefined => {
  if (!include) return undefined
  const root = includeRoot === undefined ? undefined : realPathOf(includeRoot)
  const folders = includePath.map(realPathOf)
  const allowed = root === undefined ? undefined : [root, ...folders]
  // Error messages quote only files below the folders of the main file, of `-I` and of `--include-root`.
  const quoted = [realPathOf(main === "-" ? "." : dirname(main)), ...allowed ?? folders]
  return (name, from, maxBytes): IncludeResult => {
    const path = localPath(name)
    const candidates = isAbsolute(path)
      ? [path]
      : [join(dirname(from), path), ...includePath.map((folder) => join(folder, path))]
    let refused: IncludeResult
    for (const candidate of candidates) {
      if (allowed !== undefined && !allowed.some((folder) => isBelow(realPathOf(candidate), folder))) {
        refused = { refused: "lies outside the folder of --include-root" }
        continue
      }
      const content = read(candidate, maxBytes)
      if (content === undefined) continue
      if (!(content instanceof Uint8Array)) return content
      included?.(candidate)
      return {
        text: content,
        file: candidate,
        quotable: quoted.some((folder) => isBelow(realPathOf(candidate), folder))
      }
    }
    return refused
  }
}
