/**
 * Recordings of what was said between this library and a PowerShell host, as lines of JSON with secrets replaced. A recording of
 * real puts is a seed for an emulated namespace, and a test of the emulator: the same puts must get the same answers.
 *
 * `PowerShellRepository.layer({ record })` makes one.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as CimName from "../model/CimName.ts"
import * as CimType from "../model/CimType.ts"
import * as ClassDefinition from "../model/ClassDefinition.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import * as Property from "../model/Property.ts"
import { put, type Stages } from "../pipeline/PutAsync.ts"
import * as PutRequest from "../protocol/PutRequest.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import { toError } from "./repository/failures.ts"
import { type Fields, frame, type ItemResult, putResult } from "./conversation/frames.ts"
import * as recorded from "./encoding/recordedPuts.ts"

/**
 * One frame: its direction, when it was said, and its fields.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  /** `>` to the host, `<` from it. */
  readonly d: ">" | "<"
  /** Milliseconds since the host was started. */
  readonly ms: number
  readonly f: Readonly<Record<string, unknown>>
}

/**
 * What was said, in order. The frames of one host each: a recording of several at once cannot be taken apart again.
 *
 * @since 0.1.0
 * @category models
 */
export type Recording = ReadonlyArray<Entry>

/**
 * A line of a text that is no recording.
 *
 * @since 0.1.0
 * @category models
 */
export interface Fault {
  readonly line: number
  readonly reason: string
}

/**
 * A recording as text: a line of JSON for each frame.
 *
 * @since 0.1.0
 * @category combinators
 */
export const format = (recording: Recording): string =>
  recording.map(({ d, f, ms }) => JSON.stringify({ d, ms, f }) + "\n").join("")

const isEntry = (u: unknown): u is Entry => {
  if (typeof u !== "object" || u === null) return false
  const { d, f, ms } = u as Partial<Entry>
  return (d === ">" || d === "<") && typeof ms === "number" && typeof f === "object" && f !== null && !Array.isArray(f)
}

/**
 * Reads the text of a recording.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: string): Either.Either<Recording, Fault> => {
  const entries: Array<Entry> = []
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue
    const read = Either.try({ try: (): unknown => JSON.parse(line), catch: () => undefined })
    if (Either.isLeft(read)) return Either.left({ line: i + 1, reason: "it is no JSON" })
    if (!isEntry(read.right)) return Either.left({ line: i + 1, reason: "it is no frame with its direction and time" })
    entries.push(read.right)
  }
  return Either.right(entries)
}

/**
 * How a recorded put ended: stored at a path, refused, or without an answer.
 *
 * @since 0.1.0
 * @category models
 */
export type Ending =
  | { readonly _tag: "Stored"; readonly path: ObjectPath.ObjectPath }
  | { readonly _tag: "Refused"; readonly error: WbemError }
  | { readonly _tag: "Unknown" }

/**
 * A put that was sent, and how it ended.
 *
 * @since 0.1.0
 * @category models
 */
export interface RecordedPut {
  readonly request: PutRequest.PutRequest
  readonly ending: Ending
}

const unknown: Ending = { _tag: "Unknown" }

const endingOf = (item: ItemResult): Ending => {
  if (!item.ok) return { _tag: "Refused", error: toError(item.error) }
  const path = ObjectPath.parse(item.path)
  return Either.isRight(path) ? { _tag: "Stored", path: path.right } : unknown
}

/** What one host said, by request. */
class Reader {
  readonly puts: Array<{ readonly id: number; readonly at: number; readonly request: PutRequest.PutRequest }> = []
  /** Classes that were read, with the namespace they are in. */
  readonly classes: Array<{ readonly namespace: string; readonly fields: Fields }> = []
  private readonly sent = new Map<number, Fields>()
  private readonly namespaces = new Map<number, string>()
  private readonly endings = new Map<number, Array<Ending>>()

  take({ d, f }: Entry): void {
    if (d === ">") this.out(f)
    else this.back(f)
  }

  endingOf(id: number, at: number): Ending {
    return this.endings.get(id)?.[at] ?? unknown
  }

  private out(f: Fields): void {
    const id = f["id"]
    if (typeof id !== "number") return
    this.sent.set(id, f)
    const { c, flags } = f
    const namespace = typeof c === "number" ? this.namespaces.get(c) : undefined
    if (namespace === undefined) return
    const options = { namespace, flags: typeof flags === "number" ? flags : 0, context: recorded.context(f["ctx"]) }
    const add = (object: Parameters<typeof PutRequest.make>[0], at = 0): void => {
      this.puts.push({ id, at, request: PutRequest.make(object, options) })
    }
    switch (f["op"]) {
      case "putInstance":
        return add(recorded.instance(f["item"]))
      case "putMany":
        return recorded.list(f["items"]).forEach((item, at) => add(recorded.instance(item), at))
      case "putClass":
        return add(recorded.classDefinition(f["class"]))
    }
  }

  private back(f: Fields): void {
    const decoded = frame(JSON.stringify(f))
    if (!decoded.ok) return
    const one = decoded.value.frame
    if (one.t === "items") {
      const known = this.endings.get(one.id) ?? []
      this.endings.set(one.id, known)
      one.r.forEach((item, i) => {
        known[one.from + i] = endingOf(item)
      })
    }
    if (one.t !== "res") return
    const request = this.sent.get(one.id)
    if (request === undefined) return
    if (!one.ok) {
      if (request["op"] !== "putMany") this.endings.set(one.id, [endingOf({ ok: false, error: one.error })])
      return
    }
    const { result } = one
    switch (request["op"]) {
      case "connect":
        if (typeof result["c"] === "number") this.namespaces.set(result["c"], String(request["ns"]))
        return
      case "get":
        if (result["genus"] === 1) {
          this.classes.push({ namespace: this.namespaces.get(Number(request["c"])) ?? "", fields: result })
        }
        return
      case "putInstance":
      case "putClass": {
        const stored = putResult(result)
        if (stored.ok) this.endings.set(one.id, [endingOf(stored.value)])
      }
    }
  }
}

/** The hosts one after another: each begins with hello, and its numbers with it. */
const readers = (recording: Recording): ReadonlyArray<Reader> => {
  const all: Array<Reader> = []
  for (const entry of recording) {
    if (all.length === 0 || (entry.d === "<" && entry.f["t"] === "hello")) all.push(new Reader())
    all[all.length - 1]!.take(entry)
  }
  return all
}

/**
 * The puts of a recording in the order they were sent, each with its ending.
 *
 * @since 0.1.0
 * @category combinators
 */
export const puts = (recording: Recording): ReadonlyArray<RecordedPut> =>
  readers(recording).flatMap((reader) =>
    reader.puts.map(({ at, id, request }) => ({ request, ending: reader.endingOf(id, at) }))
  )

/**
 * The puts that were stored, as requests for `BulkPut` or `PutAsync`: they build the same objects elsewhere.
 *
 * @since 0.1.0
 * @category combinators
 */
export const requests = (recording: Recording): ReadonlyArray<PutRequest.PutRequest> =>
  puts(recording).filter(({ ending }) => ending._tag === "Stored").map(({ request }) => request)

/** A class as far as it was read: its properties, and as keys those that stand in the paths of its instances. */
const guessed = (fields: Fields, keys: ReadonlySet<string>): ClassDefinition.ClassDefinition =>
  ClassDefinition.make(
    String(fields["class"]),
    recorded.list(fields["props"]).map((one) => {
      const name = String(one["n"])
      const ref: CimType.TypeRef = {
        type: CimType.fromNumber(Number(one["t"])) ?? "string",
        isArray: one["a"] === true
      }
      const spec = (keys.has(CimName.fold(name)) ? Property.key : Property.make)(CimType.format(ref))
      return Property.named(name, spec)
    })
  )

/** The namespaces that puts of a recording made, folded: they were not there before. */
const madeBy = (all: ReadonlyArray<RecordedPut>): ReadonlySet<string> =>
  new Set(
    all.flatMap(({ ending, request: { namespace, object } }) =>
      ending._tag === "Stored" && object._tag === "Instance" && CimName.equals(object.className, "__NAMESPACE")
        ? [CimName.fold(`${namespace}\\${String(object.values["Name"])}`)]
        : []
    )
  )

const isSystem = (folded: string): boolean => folded.startsWith("__")

/**
 * A namespace to replay a recording in: the namespaces it spoke of, and the classes that were there before, as far as they were
 * read. Properties and their types are known of these, and the keys that paths name; what they inherit counts as their own.
 *
 * @since 0.1.0
 * @category constructors
 */
export const seed = (recording: Recording): Snapshot.Snapshot => {
  const all = puts(recording)
  const keys = new Map<string, Set<string>>()
  for (const { ending } of all) {
    if (ending._tag !== "Stored" || ending.path.className === undefined) continue
    const folded = CimName.fold(ending.path.className)
    const known = keys.get(folded) ?? new Set()
    keys.set(folded, known)
    for (const { name } of ending.path.keys) if (name !== undefined) known.add(CimName.fold(name))
  }
  const fresh = madeBy(all)
  const namespaces = new Set(
    all.map(({ request }) => request.namespace!).filter((one) => !fresh.has(CimName.fold(one)))
  )
  let snapshot = Snapshot.empty({ namespaces: [...namespaces] })
  const seen = new Set<string>()
  for (const reader of readers(recording)) {
    const made = new Set(
      reader.puts.flatMap(({ request }) => request.object._tag === "Class" ? [CimName.fold(request.object.name)] : [])
    )
    for (const { fields, namespace } of reader.classes) {
      const folded = CimName.fold(String(fields["class"]))
      const place = `${CimName.fold(namespace)}:${folded}`
      if (isSystem(folded) || made.has(folded) || seen.has(place) || !namespaces.has(namespace)) continue
      seen.add(place)
      snapshot = Snapshot.withObjects(snapshot, namespace, [guessed(fields, keys.get(folded) ?? new Set())])
    }
  }
  return snapshot
}

/**
 * A put that ended otherwise than it was recorded.
 *
 * @since 0.1.0
 * @category models
 */
export interface Difference {
  readonly request: PutRequest.PutRequest
  /** What was recorded, as one word or a path. */
  readonly recorded: string
  readonly found: string
}

const madeUp = /^\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i

/** Whether the namespace made up that key, because the put left it open (IK-3): each does so anew. */
const isMadeUp = ({ name, value }: ObjectPath.Key, { object }: PutRequest.PutRequest): boolean =>
  typeof value === "string" && madeUp.test(value) && object._tag === "Instance"
  && !Object.entries(object.values).some(([one, given]) => given !== null && CimName.equals(one, name ?? ""))

const told = (path: ObjectPath.ObjectPath, request: PutRequest.PutRequest): string =>
  CimName.fold(ObjectPath.relPath({
    ...path,
    keys: path.keys.map((key) => isMadeUp(key, request) ? { ...key, value: "{made up}" } : key)
  }))

/**
 * Puts everything again, one after another, and tells what ended otherwise. A put whose answer was lost is put and not compared,
 * and of a key that the namespace made up it is compared that it did.
 *
 * @since 0.1.0
 * @category combinators
 */
export const replay = (recording: Recording): Effect.Effect<ReadonlyArray<Difference>, never, Stages> =>
  Effect.map(
    Effect.forEach(puts(recording), ({ ending, request }) =>
      Effect.map(Effect.either(put(request)), (answer): ReadonlyArray<Difference> => {
        if (ending._tag === "Unknown") {
          return []
        }
        const before = ending._tag === "Stored" ? told(ending.path, request) : ending.error.status
        const found = Either.isRight(answer) ? told(answer.right.path, request) : answer.left.status
        return before === found ? [] : [{ request, recorded: before, found }]
      })),
    (all) =>
      all.flat()
  )
