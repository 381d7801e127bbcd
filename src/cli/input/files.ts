/**
 * The files of a command line: names, folders and globs. Command interpreters of Windows expand no globs, so the command does.
 *
 * A name that exists is that file, whatever characters it has. The order is that of the command line; the files of a folder or of a glob
 * are sorted by their path, code unit by code unit, so that every computer reads them in the same order.
 *
 * @internal
 */
import { readdirSync, realpathSync, statSync } from "node:fs"
import { isAbsolute, resolve, sep } from "node:path"
import { globSync, isDynamicPattern } from "tinyglobby"
import { BadInput, type Diagnostic, reasonOf } from "../terminal/output.ts"

/** The kinds of files that a command reads from a folder, by the ends of their names. Each may be packed (`.gz`). */
export type FileKinds = ReadonlyArray<string>

/** Files of MOF. */
export const mofFiles: FileKinds = ["mof", "mfl"]

/** Files of JSON. */
export const jsonFiles: FileKinds = ["json", "jsonl", "ndjson"]

/** Files of MOF and of JSON. */
export const objectFiles: FileKinds = [...mofFiles, ...jsonFiles]

/** Whether the name of a file has an end of one of these kinds, packed or not. */
export const isNamedAs = (file: string, kinds: FileKinds): boolean => {
  const name = file.toLowerCase().replace(/\.gz$/, "")
  return kinds.some((kind) => name.endsWith(`.${kind}`))
}

/** The names of the file system of Windows have no case. */
const isWindows = sep === "\\"

/** What a search meets where there is no folder. */
const absent: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR"])

/** The real path of a file; that of a link to nothing is its own, and the read of the file reports it. */
const realPathOf = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** The files without those that links give again, such as a link to a folder above: each file by its shortest name. */
const once = (files: ReadonlyArray<string>, cwd: string): Array<string> => {
  const names = new Map<string, string>()
  for (const file of files) {
    const real = realPathOf(resolve(cwd, file))
    const other = names.get(real)
    if (other === undefined || file.length < other.length) names.set(real, file)
  }
  return [...names.values()]
}

/** Searches files. The result is sorted. A folder that cannot be read is an error, because its files would be missing. */
const search = (argument: string, pattern: string, cwd: string, withCase: boolean): Array<string> => {
  const failures: Array<Diagnostic> = []
  // The search drops the errors of folders.
  const readFolder = ((folder: string, options: { readonly withFileTypes: true }) => {
    try {
      return readdirSync(folder, options)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (!absent.has(code)) failures.push({ file: folder, message: `cannot be read: ${reasonOf(error)}` })
      throw error
    }
  }) as typeof readdirSync
  const found = globSync(pattern, {
    cwd,
    expandDirectories: false,
    caseSensitiveMatch: withCase,
    absolute: isAbsolute(argument) && cwd === ".",
    fs: { readdirSync: readFolder }
  })
  if (failures.length > 0) throw new BadInput(failures)
  return once(found, cwd).sort((a, b) => a < b ? -1 : a > b ? 1 : 0)
}

const inFolder = (folder: string, kinds: FileKinds): ReadonlyArray<string> => {
  const found = search(folder, `**/*.{${kinds.join(",")}}{,.gz}`, folder, false)
  if (found.length === 0) {
    const names = kinds.map((kind) => `.${kind}`).join(", ")
    throw new BadInput({ file: folder, message: `the folder and those below have no file of ${names} or .gz of these` })
  }
  const prefix = folder.endsWith("/") || folder.endsWith(sep) ? folder : `${folder}/`
  return found.map((file) => `${prefix}${file}`)
}

const matching = (pattern: string): ReadonlyArray<string> => {
  // On Windows a backslash separates folders; elsewhere it takes the meaning of the next character away.
  const found = search(pattern, isWindows ? pattern.replaceAll("\\", "/") : pattern, ".", !isWindows)
  if (found.length === 0) throw new BadInput({ file: pattern, message: "no file matches" })
  return found
}

const stat = (file: string) => {
  try {
    return statSync(file, { throwIfNoEntry: false })
  } catch {
    return undefined // the read of the file reports the reason
  }
}

/**
 * The files of the arguments of a command, in order. `-` is standard input. Throws `BadInput` for a glob that matches nothing and for a
 * folder without files of the given kinds. A file that an earlier argument gave is read again.
 */
export const filesOf = (files: ReadonlyArray<string>, kinds: FileKinds = objectFiles): ReadonlyArray<string> =>
  files.flatMap((file) => {
    if (file === "-") return [file]
    const found = stat(file)
    if (found?.isDirectory() === true) return inFolder(file, kinds)
    return found === undefined && isDynamicPattern(isWindows ? file.replaceAll("\\", "/") : file)
      ? matching(file)
      : [file]
  })

/** The one file of an argument. Throws `BadInput` if a folder or a glob has several. */
export const fileOf = (argument: string, kinds: FileKinds): string => {
  const files = filesOf([argument], kinds)
  if (files.length === 1) return files[0]!
  throw new BadInput({ file: argument, message: `these are ${files.length} files, and the command takes one` })
}
