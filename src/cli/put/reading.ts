/**
 * Reads the files of `effect-wmi put` as operations, with the classes that the target has.
 *
 * @internal
 */
import * as Either from "effect/Either"
import type { ClassDefinition } from "../../model/WbemObject.ts"
import type * as Mof from "../../mof/Mof.ts"
import type { Repository } from "../../pipeline/Repository.ts"
import {
  bytesOf,
  filesOf,
  KnownClasses,
  operations,
  type OperationsOptions,
  type RequestDefaults,
  type StoredClasses
} from "../input/input.ts"
import { type ReadClasses, readClasses } from "../objects/classLoader.ts"
import { BadInput, type Diagnostic } from "../terminal/output.ts"
import { type ProgressOptions, showStep } from "../terminal/progress.ts"
import type { Session } from "./session.ts"

/** The options of the reading. */
export type ReadingOptions = OperationsOptions & ProgressOptions

type Files = ReadonlyArray<readonly [file: string, bytes: Uint8Array]>

const readAll = async (files: ReadonlyArray<string>, options: ReadingOptions): Promise<Files> => {
  const read: Array<readonly [file: string, bytes: Uint8Array]> = []
  for (const file of filesOf(files)) {
    const stepEnds = showStep(`reading ${file === "-" ? "standard input" : file}`, options)
    try {
      read.push([file, await bytesOf(file)])
    } finally {
      stepEnds()
    }
  }
  return read
}

interface Parsed {
  readonly work: ReadonlyArray<Mof.MofOperation>
  readonly problems: ReadonlyArray<Diagnostic>
}

const parseAll = (files: Files, defaults: RequestDefaults, known: KnownClasses, options: ReadingOptions): Parsed => {
  const work: Array<Mof.MofOperation> = []
  const problems: Array<Diagnostic> = []
  for (const [file, bytes] of files) {
    const stepEnds = showStep(`parsing ${file === "-" ? "standard input" : file}`, options)
    try {
      const result = operations(file, bytes, defaults, known, options)
      if (Either.isLeft(result)) problems.push(...result.left)
      else {
        known.add(result.right)
        for (const operation of result.right) work.push(operation)
      }
    } finally {
      stepEnds()
    }
  }
  return { work, problems }
}

/** The classes by namespace and name, for the parser. */
const storedClasses = (read: ReadClasses): StoredClasses => {
  const result = new Map<string, Map<string, ClassDefinition>>()
  for (const [key, definition] of read) {
    if (definition === undefined) continue
    const [namespace, name] = key.split("\0") as [string, string]
    const classes = result.get(namespace) ?? new Map<string, ClassDefinition>()
    result.set(namespace, classes.set(name, definition))
  }
  return result
}

/**
 * The operations of all files in order. Classes that no file declares are read from the target, and the files are parsed again with them.
 * Throws `BadInput` with every error of the files.
 */
export const readWork = async (
  files: ReadonlyArray<string>,
  defaults: RequestDefaults,
  options: ReadingOptions,
  session: () => Session<Repository> | undefined
): Promise<ReadonlyArray<Mof.MofOperation>> => {
  const contents = await readAll(files, options)
  const read: ReadClasses = new Map()
  for (;;) {
    const known = new KnownClasses(storedClasses(read))
    const { problems, work } = parseAll(contents, defaults, known, options)
    const before = [...read.values()].filter((one) => one !== undefined).length
    const target = known.missingClasses.length === 0 ? undefined : session()
    if (target !== undefined) await target.run(readClasses(known.missingClasses, read))
    if ([...read.values()].filter((one) => one !== undefined).length > before) continue
    if (problems.length > 0) throw new BadInput([...problems, { severity: "note", message: "nothing was put" }])
    return work
  }
}
