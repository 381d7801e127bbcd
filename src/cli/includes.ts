/**
 * Included files of the command: beside the file that includes them, then in the folders of `-I`; regular files only, and only where
 * the command may read (`mof` 7).
 *
 * @internal
 */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs"
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path"
import { gunzipSync } from "node:zlib"
import type * as Mof from "../mof/Mof.ts"

/** What the command line says about includes. */
export interface IncludeOptions {
  /** `--no-include`: no file is opened. */
  readonly include: boolean
  /** `-I`: folders that are searched, in order, for what does not stand beside the including file. */
  readonly includePath: ReadonlyArray<string>
  /** `--include-root`: only files below this folder, or below one of `-I`. */
  readonly includeRoot?: string | undefined
}

type IncludeResult = ReturnType<NonNullable<Mof.MofOptions["include"]>>

/** A real path, or the text as an absolute one where there is no such file. */
const real = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

const isBelow = (path: string, folder: string): boolean => {
  const way = relative(folder, path)
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** Variables of the environment by name, without case. */
const variable = (name: string): string | undefined => {
  const folded = name.toUpperCase()
  for (const [key, value] of Object.entries(process.env)) if (key.toUpperCase() === folded) return value
  return undefined
}

/** The text of an include as a path of this computer: `%NAME%` is a variable, a backslash separates. */
const pathOf = (name: string): string => {
  const expanded = name.replace(/%([^%]+)%/g, (written: string, of: string) => variable(of) ?? written)
  return sep === "\\" ? expanded : expanded.replaceAll("\\", "/")
}

/** The bytes of a regular file, unpacked; why it is not read; `undefined` when it is not there. */
const read = (path: string, room: number): Uint8Array | { readonly refused: string } | undefined => {
  let file: number
  try {
    // A pipe or a device is refused before it is opened, and opening never waits if it became one since.
    if (!statSync(path).isFile()) return { refused: "is no regular file" }
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch {
    return undefined
  }
  try {
    const { size, isFile } = ((stat) => ({ size: stat.size, isFile: stat.isFile() }))(fstatSync(file))
    if (!isFile) return { refused: "is no regular file" }
    if (size > room) return { refused: "too large" }
    // Some files say 0 and hold more, and a file may grow: no more than there is room for is read.
    const parts: Array<Buffer> = []
    let total = 0
    for (;;) {
      const part = Buffer.allocUnsafe(Math.max(Math.min(size - total, 1 << 20), 1 << 12))
      const count = readSync(file, part, 0, part.length, null)
      if (count === 0) break
      total += count
      if (total > room) return { refused: "too large" }
      parts.push(part.subarray(0, count))
    }
    const bytes = Buffer.concat(parts)
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
    return room === 0 ? { refused: "too large" } : gunzipSync(bytes, { maxOutputLength: room })
  } catch (error) {
    return error instanceof RangeError ? { refused: "too large" } : { refused: "cannot be read" }
  } finally {
    closeSync(file)
  }
}

/** How the includes of one file of the command line are read; `undefined` when they are not. */
export const includeReader = (
  main: string,
  { include, includePath, includeRoot }: IncludeOptions
): NonNullable<Mof.MofOptions["include"]> | undefined => {
  if (!include) return undefined
  const root = includeRoot === undefined ? undefined : real(includeRoot)
  const folders = includePath.map(real)
  const allowed = root === undefined ? undefined : [root, ...folders]
  // Messages quote what the user can see anyway: files beside the main one and in the folders that the command line names.
  const quoted = [real(main === "-" ? "." : dirname(main)), ...allowed ?? folders]
  return (name, from, room): IncludeResult => {
    const path = pathOf(name)
    const places = isAbsolute(path)
      ? [path]
      : [join(dirname(from), path), ...includePath.map((folder) => join(folder, path))]
    let refused: IncludeResult
    for (const place of places) {
      if (allowed !== undefined && !allowed.some((folder) => isBelow(real(place), folder))) {
        refused = { refused: "lies outside the folder of --include-root" }
        continue
      }
      const found = read(place, room)
      if (found === undefined) continue
      if (!(found instanceof Uint8Array)) return found
      return { text: found, file: place, quotable: quoted.some((folder) => isBelow(real(place), folder)) }
    }
    return refused
  }
}
