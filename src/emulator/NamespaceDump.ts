/**
 * A dump: the content of every namespace as text that any store can load. The first line identifies the format, then each
 * object has a line, and the last line has the number of objects, so that an incomplete dump can be recognised.
 *
 * ```json
 * {"effect-wmi":"dump","version":2}
 * {"namespace":"root\\cimv2","object":{"o":{"_tag":"Class","name":"Demo_Disk", …}}}
 * {"namespace":"root\\cimv2","object":{"c":"Demo_Disk","v":{"Id":"C:","FreeSpace":{"n":"42"}}}}
 * {"end":true,"objects":2}
 * ```
 *
 * Objects have the lossless form in which stores keep them: a tag marks a value that JSON cannot express (`n` is a 64-bit
 * integer). A line with a number under `twin` is an object with the same identity as another one. A store that was filled
 * before the identity of names changed may hold two such objects. Remove the line, or give its object another key, to keep one
 * of them.
 *
 * Classes come before their instances and namespaces before their content, so a dump is read in one pass and need not be in
 * memory as one text. Equal states give equal texts.
 *
 * Rows that a store could not read are left out, and the last line lists them under `unreadable`: `namespace`, key `root`
 * (empty for a class), `key`, the `problem` and the stored `text`. Loading the dump ignores them.
 *
 * @since 0.1.0
 * @module
 */
import type { YieldableError } from "effect/Cause"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import * as ObjectPath from "../model/ObjectPath.ts"
import * as Identity from "../engine/identity.ts"
import { valuesOf } from "../engine/values.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { namespaceRoot } from "../engine/state/namespaceTables.ts"
import { NamespaceState } from "../pipeline/NamespaceState.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import type { Change } from "../protocol/Change.ts"
import { isWbemError, type WbemError } from "../protocol/WbemError.ts"
import { FormOneDump } from "../codec/migration/formOneDump.ts"
import * as StoredObject from "../codec/storedObject.ts"
import { duplicateKey, duplicateNumber } from "../codec/migration/duplicateKeys.ts"

/**
 * The version of the dump format that this library writes. It reads this version and version 1.
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
 * An error in a dump: the reason and the line, from 1.
 *
 * @since 0.1.0
 * @category errors
 */
export class DumpError extends Base {
  /** Makes the error; its message has the line and the reason. */
  constructor({ line, reason }: { readonly line: number; readonly reason: string }) {
    super({ line, reason, message: `line ${line} of the dump: ${reason}` })
  }
}

const head = JSON.stringify({ "effect-wmi": "dump", version })

/** The beginning of the first line, in every version. */
const prefix = '{"effect-wmi":"dump"'

/**
 * Whether a text begins with the first line of a dump.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isDump = (text: string): boolean => text.startsWith(prefix)

/** The rows that the store could not read, for the last line: as they are stored, and not counted as objects. */
const unreadableRows = (snapshot: Snapshot.Snapshot) => {
  const unreadable = Snapshot.unreadable(snapshot)
  return unreadable.length === 0 ? {} : {
    unreadable: unreadable.map(({ key, namespace, problem, root, text }) => ({ namespace, root, key, problem, text }))
  }
}

/**
 * The lines of a dump, without line ends.
 *
 * @since 0.1.0
 * @category combinators
 */
export const lines = function* (snapshot: Snapshot.Snapshot): Generator<string, void> {
  yield head
  const entries = Snapshot.entries(snapshot)
  // Entries have the folded names of namespaces; a dump has their spelling.
  const names = new Map<string, string>()
  for (const [namespace] of entries) {
    if (!names.has(namespace)) names.set(namespace, Snapshot.namespaceName(snapshot, namespace)!)
  }
  for (const [namespace, , key, object] of entries) {
    const twin = duplicateNumber(key)
    const twinField = twin === 1 ? "" : `"twin":${twin},`
    yield `{"namespace":${JSON.stringify(names.get(namespace))},${twinField}"object":${StoredObject.write(object)}}`
  }
  yield JSON.stringify({ end: true, objects: entries.length, ...unreadableRows(snapshot) })
}

/** A state with `root` alone. */
const rootOnly = (): Snapshot.Snapshot => {
  const empty = Snapshot.empty()
  const children = Snapshot.entries(empty).filter(([, root]) => root === namespaceRoot)
  return Snapshot.apply(
    empty,
    children.map(([namespace, root, key, before]): Change => ({
      _tag: "Delete",
      path: ObjectPath.make({ namespace }),
      row: { namespace, root, key },
      before
    }))
  )
}

/** Adds an object. If its identity is taken, both objects are kept. */
const withTwin = (state: Snapshot.Snapshot, namespace: string, object: WbemObject): Snapshot.Snapshot => {
  const tables = Snapshot.getNamespace(state, namespace)
  const resolvedClass = Snapshot.resolvedClass(
    state,
    namespace,
    object._tag === "Class" ? object.name : object.className
  )
  const key = resolvedClass === undefined || object._tag === "Class"
    ? undefined
    : Identity.rowKey(resolvedClass, object.values)
  if (tables === undefined || object._tag === "Class" || resolvedClass?.root === undefined || key === undefined) {
    return Snapshot.withObjects(state, namespace, [object])
  }
  const { root } = resolvedClass
  let n = 1
  while (Snapshot.row(state, namespace, root, duplicateKey(key, n)) !== undefined) n++
  const path = ObjectPath.make({ namespace: tables.name, className: resolvedClass.name })
  const row = { namespace: tables.folded, root, key: duplicateKey(key, n) }
  return Snapshot.apply(state, [{ _tag: "Write", path, row, before: undefined, after: object }])
}

type Fields = { readonly [name: string]: unknown }

const parsed = (line: string): Fields | undefined => {
  try {
    const json: unknown = JSON.parse(line)
    return typeof json === "object" && json !== null && !Array.isArray(json) ? json as Fields : undefined
  } catch {
    return undefined // the caller reports the line
  }
}

/** The first value of an instance that the type of its property does not take, as a sentence. No store holds such a value. */
const misfitOf = (snapshot: Snapshot.Snapshot, namespace: string, object: WbemObject): string | undefined => {
  if (object._tag === "Class") return undefined
  const resolved = Snapshot.resolvedClass(snapshot, namespace, object.className)
  if (resolved === undefined) return undefined
  const { coercionError, unknown } = valuesOf(resolved, object)
  if (unknown !== undefined) return `class ${object.className} has no property ${unknown}`
  if (coercionError === undefined) return undefined
  const { given, property } = coercionError
  const value = typeof given === "object" ? "a value of another type" : String(given)
  return `property ${property.name}: ${value} is no ${property.type}${property.isArray ? " array" : ""}`
}

/** Reads line by line. The methods return `undefined` for a correct line. */
class Reader {
  private snapshot: Snapshot.Snapshot = rootOnly()
  private line = 0
  private objects = 0
  private state: "Head" | "Objects" | "Ended" = "Head"
  /** The objects of a dump of version 1, which are converted at its end. */
  private formOne: FormOneDump | undefined = undefined

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
    if (written === 1) this.formOne = new FormOneDump()
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
      const read = StoredObject.readJson(object)
      if (this.formOne !== undefined) this.formOne.add(namespace, read)
      else {
        this.snapshot = twin === undefined
          ? Snapshot.withObjects(this.snapshot, namespace, [read])
          : withTwin(this.snapshot, namespace, read)
        const misfit = misfitOf(this.snapshot, namespace, read)
        if (misfit !== undefined) return this.wrong(misfit)
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
    if (this.state === "Ended") {
      return Either.right(this.formOne === undefined ? this.snapshot : this.formOne.end(this.snapshot))
    }
    this.line++
    return Either.left(this.wrong(this.state === "Head" ? "it is empty" : "it ends too early"))
  }
}

/**
 * The state of a dump, given as lines. Objects are added as they are, without the rules of a put.
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
 * A dump of the current state: a stream of lines with line ends, for a file or a socket.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, NamespaceDump, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 *   yield* NamespaceDump.load(NamespaceDump.save) // usually into another store
 *   return yield* Wmi.classes()
 * })
 * const classes = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.deepEqual(classes.map(({ name }) => name), ["Demo_Disk"])
 * ```
 *
 * @since 0.1.0
 * @category verbs
 */
export const save: Stream.Stream<string, WbemError, NamespaceState> = /* @__PURE__ */ Stream.unwrap(
  /* @__PURE__ */ Effect.map(
    /* @__PURE__ */ Effect.flatMap(NamespaceState, (state) => state.snapshot),
    (snapshot) => Stream.map(Stream.fromIterable(lines(snapshot)), (line) => `${line}\n`)
  )
)

/**
 * The state of a dump, given as text in pieces of any size.
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
 * Replaces the state of every namespace by that of a dump. Nothing changes before the whole dump has been read.
 *
 * @since 0.1.0
 * @category verbs
 */
export const load = <E, R>(
  text: Stream.Stream<string, E, R>
): Effect.Effect<void, E | DumpError | WbemError, R | NamespaceState> =>
  Effect.flatMap(read(text), (snapshot) => Effect.flatMap(NamespaceState, (state) => state.restore(snapshot)))
