/**
 * A dump: everything that the namespaces of a server hold, as text that any store can load. A head line says what it is, then each
 * object has a line, and the last line says how many there were, so a dump that was cut short is told from a whole one.
 *
 * ```json
 * {"effect-wmi":"dump","version":2}
 * {"namespace":"root\\cimv2","object":{"o":{"_tag":"Class","name":"Demo_Disk", …}}}
 * {"namespace":"root\\cimv2","object":{"c":"Demo_Disk","v":{"Id":"C:","FreeSpace":{"n":"42"}}}}
 * {"end":true,"objects":2}
 * ```
 *
 * Objects stand in the form that stores keep them in, which loses nothing: a tag says what JSON cannot (`n` is a 64-bit integer).
 * A line with a number under `twin` is an object whose identity is that of another one (a store that was filled before the identity
 * of names changed may hold two of them): take the line out, or give its object another key, to have one of them.
 *
 * Classes come before their instances and namespaces before what is in them, so a dump is read in one go and is never held as one
 * text. The same state gives the same text.
 *
 * Rows that a store could not read are left out, and the last line lists them under `unreadable`: `namespace`, key `root` (empty for a
 * class), `key`, the `problem` and the stored `text`. Who loads the dump does without them.
 *
 * @since 0.1.0
 */
import type { YieldableError } from "effect/Cause"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import * as Identity from "../engine/identity.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { namespaceRoot } from "../engine/state/namespaceTables.ts"
import { NamespaceReader } from "../pipeline/NamespaceReader.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import type { Change } from "../protocol/Change.ts"
import { isWbemError, type WbemError } from "../protocol/WbemError.ts"
import { FormOneDump } from "../codec/migration/formOneDump.ts"
import * as StoredForm from "../codec/storedObject.ts"
import { duplicateKey, duplicateNumber } from "../codec/migration/duplicateKeys.ts"

/**
 * The form of dumps that this library writes, and the newest that it reads. It reads form 1 too.
 *
 * @since 0.1.0
 * @category models
 */
export const version: number = 2

const Base: new (
  fields: { readonly line: number; readonly reason: string; readonly message: string }
) => YieldableError & {
  readonly _tag: "DumpError"
  readonly line: number
  readonly reason: string
} = /* @__PURE__ */ Data.TaggedError("DumpError")<
  { readonly line: number; readonly reason: string; readonly message: string }
>

/**
 * What is wrong with a dump, and in which line; the first line is 1.
 *
 * @since 0.1.0
 * @category errors
 */
export class DumpError extends Base {
  constructor({ line, reason }: { readonly line: number; readonly reason: string }) {
    super({ line, reason, message: `line ${line} of the dump: ${reason}` })
  }
}

const head = JSON.stringify({ "effect-wmi": "dump", version })

/** What every head begins with, whichever version it is of. */
const mark = '{"effect-wmi":"dump"'

/**
 * Whether a text begins like a dump.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isDump = (text: string): boolean => text.startsWith(mark)

/** What the end of a dump tells of rows that the store could not read: they are in it as they are stored, and no object of it. */
const leftOut = (snapshot: Snapshot.Snapshot) => {
  const unreadable = Snapshot.unreadable(snapshot)
  return unreadable.length === 0 ? {} : {
    unreadable: unreadable.map(({ key, namespace, problem, root, text }) => ({ namespace, root, key, problem, text }))
  }
}

/**
 * The lines of a dump, without their ends.
 *
 * @since 0.1.0
 * @category combinators
 */
export const lines = function* (snapshot: Snapshot.Snapshot): Generator<string, void> {
  yield head
  const entries = Snapshot.entries(snapshot)
  // Entries name namespaces folded; a dump spells them.
  const names = new Map<string, string>()
  for (const [namespace] of entries) {
    if (!names.has(namespace)) names.set(namespace, Snapshot.namespaceName(snapshot, namespace)!)
  }
  for (const [namespace, , key, object] of entries) {
    const twin = duplicateNumber(key)
    const mark = twin === 1 ? "" : `"twin":${twin},`
    yield `{"namespace":${JSON.stringify(names.get(namespace))},${mark}"object":${StoredForm.write(object)}}`
  }
  yield JSON.stringify({ end: true, objects: entries.length, ...leftOut(snapshot) })
}

/** Nothing but the namespace that every server has. */
const bare = (): Snapshot.Snapshot => {
  const empty = Snapshot.empty()
  const children = Snapshot.entries(empty).filter(([, root]) => root === namespaceRoot)
  return Snapshot.apply(
    empty,
    children.map(([namespace, root, key, before]): Change => ({
      _tag: "Delete",
      path: { server: undefined, namespace, className: undefined, keys: [], singleton: false },
      row: { namespace, root, key },
      before
    }))
  )
}

/** An object whose identity may be taken: then it stands beside the one that has it. */
const withTwin = (at: Snapshot.Snapshot, namespace: string, object: WbemObject): Snapshot.Snapshot => {
  const space = Snapshot.getNamespace(at, namespace)
  const resolvedClass = Snapshot.resolvedClass(at, namespace, object._tag === "Class" ? object.name : object.className)
  const key = resolvedClass === undefined || object._tag === "Class"
    ? undefined
    : Identity.rowKey(resolvedClass, object.values)
  if (space === undefined || object._tag === "Class" || resolvedClass?.root === undefined || key === undefined) {
    return Snapshot.withObjects(at, namespace, [object])
  }
  const { root } = resolvedClass
  let n = 1
  while (Snapshot.row(at, namespace, root, duplicateKey(key, n)) !== undefined) n++
  const path = { server: undefined, namespace: space.name, className: resolvedClass.name, keys: [], singleton: false }
  const row = { namespace: space.folded, root, key: duplicateKey(key, n) }
  return Snapshot.apply(at, [{ _tag: "Write", path, row, before: undefined, after: object }])
}

type Fields = { readonly [name: string]: unknown }

const parsed = (line: string): Fields | undefined => {
  try {
    const json: unknown = JSON.parse(line)
    return typeof json === "object" && json !== null && !Array.isArray(json) ? json as Fields : undefined
  } catch {
    return undefined // whoever asks says in which line
  }
}

/** Reads line by line; `undefined` means all is well so far. */
class Reader {
  private at: Snapshot.Snapshot = bare()
  private line = 0
  private objects = 0
  private state: "Head" | "Objects" | "Ended" = "Head"
  /** A dump of form 1 is kept until it ends. */
  private old: FormOneDump | undefined = undefined

  private wrong(reason: string): DumpError {
    return new DumpError({ line: this.line, reason })
  }

  private readHead(line: string): DumpError | undefined {
    const fields = parsed(line)
    if (fields?.["effect-wmi"] !== "dump") return this.wrong("this is no dump of effect-wmi")
    const written = fields["version"]
    if (typeof written !== "number") return this.wrong("the head says no version")
    if (written !== version && written !== 1) {
      return this.wrong(`it is of version ${written}, this library reads ${version}; update effect-wmi to read it`)
    }
    if (written === 1) this.old = new FormOneDump()
    this.state = "Objects"
    return undefined
  }

  private readEnd({ objects }: Fields): DumpError | undefined {
    if (objects !== this.objects) {
      return this.wrong(`the end speaks of ${String(objects)} objects, and ${this.objects} were there`)
    }
    this.state = "Ended"
    return undefined
  }

  private readObject({ namespace, object, twin }: Fields): DumpError | undefined {
    if (typeof namespace !== "string") return this.wrong("the namespace is missing")
    if (typeof object !== "object" || object === null) return this.wrong("the object is missing")
    try {
      const read = StoredForm.readJson(object)
      if (this.old !== undefined) this.old.add(namespace, read)
      else {
        this.at = twin === undefined
          ? Snapshot.withObjects(this.at, namespace, [read])
          : withTwin(this.at, namespace, read)
      }
      this.objects++
      return undefined
    } catch (error) {
      return this.wrong(isWbemError(error) || error instanceof Error ? error.message : String(error))
    }
  }

  read(line: string): DumpError | undefined {
    this.line++
    if (this.state === "Head") return this.readHead(line)
    if (line === "") return undefined
    if (this.state === "Ended") return this.wrong("something follows the end")
    const fields = parsed(line)
    if (fields === undefined) return this.wrong("this is no JSON object")
    return "end" in fields ? this.readEnd(fields) : this.readObject(fields)
  }

  end(): Either.Either<Snapshot.Snapshot, DumpError> {
    if (this.state === "Ended") return Either.right(this.old === undefined ? this.at : this.old.end(this.at))
    this.line++
    return Either.left(this.wrong(this.state === "Head" ? "it is empty" : "it ends too early"))
  }
}

/**
 * The state that the lines of a dump hold. Objects are stored as they are, without the rules of a put.
 *
 * @since 0.1.0
 * @category combinators
 */
export const parse = (dump: Iterable<string>): Either.Either<Snapshot.Snapshot, DumpError> => {
  const reader = new Reader()
  for (const line of dump) {
    const problem = reader.read(line)
    if (problem !== undefined) return Either.left(problem)
  }
  return reader.end()
}

/**
 * A dump of everything, now: text in pieces, one line each, for a file or a socket.
 *
 * @since 0.1.0
 * @category verbs
 */
export const save: Stream.Stream<string, WbemError, NamespaceReader> = /* @__PURE__ */ Stream.unwrap(
  /* @__PURE__ */ Effect.map(
    /* @__PURE__ */ Effect.flatMap(NamespaceReader, (reader) => reader.snapshot),
    (snapshot) => Stream.map(Stream.fromIterable(lines(snapshot)), (line) => `${line}\n`)
  )
)

/**
 * The state that a dump holds; its text may come in pieces of any size.
 *
 * @since 0.1.0
 * @category verbs
 */
export const read = <E, R>(
  text: Stream.Stream<string, E, R>
): Effect.Effect<Snapshot.Snapshot, E | DumpError, R> =>
  Effect.suspend(() => {
    const reader = new Reader()
    return Effect.zipRight(
      Stream.runForEachChunk(Stream.splitLines(text), (chunk) => {
        for (const line of chunk) {
          const problem = reader.read(line)
          if (problem !== undefined) return Effect.fail(problem)
        }
        return Effect.void
      }),
      Effect.suspend(() => reader.end())
    )
  })

/**
 * Puts everything back to what a dump holds. Nothing changes before the whole dump was read.
 *
 * @since 0.1.0
 * @category verbs
 */
export const load = <E, R>(
  text: Stream.Stream<string, E, R>
): Effect.Effect<void, E | DumpError | WbemError, R | NamespaceReader> =>
  Effect.flatMap(read(text), (snapshot) => Effect.flatMap(NamespaceReader, (reader) => reader.restore(snapshot)))
