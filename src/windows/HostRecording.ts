/**
 * Recordings of the frames between this library and a PowerShell host, as JSON lines with secrets replaced. From a recording of real
 * puts {@link seed} builds an emulated namespace, and {@link replay} tests the emulator: the same puts must have the same outcomes.
 *
 * `PowerShellRepository.layer({ record })` makes a recording.
 *
 * @since 0.1.0
 * @module
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
import { decodeFrame, decodePutResult, type Fields, type ItemResult } from "./conversation/frames.ts"
import * as recorded from "./encoding/recordedPuts.ts"

/**
 * One frame: its direction, its time and its fields.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  /** `>` for a frame to the host, `<` for a frame from it. */
  readonly d: ">" | "<"
  /** Milliseconds since the host was started. */
  readonly ms: number
  /** The frame, without secrets. */
  readonly f: Readonly<Record<string, unknown>>
}

/**
 * The frames in order. Hosts must be recorded one after another: the frames of two hosts at the same time cannot be separated.
 *
 * @since 0.1.0
 * @category models
 */
export type Recording = ReadonlyArray<Entry>

/**
 * The first line of a text that is not an entry. `line` counts from 1.
 *
 * @since 0.1.0
 * @category models
 */
export interface ParseError {
  /** From 1. */
  readonly line: number
  /** Why the line is no entry. */
  readonly reason: string
}

/**
 * A recording as text: one line of JSON for each frame.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as HostRecording from "effect-wmi/HostRecording"
 *
 * const recording: HostRecording.Recording = [{ d: ">", ms: 12, f: { op: "ping", id: 1 } }]
 * assert.equal(HostRecording.format(recording), '{"d":">","ms":12,"f":{"op":"ping","id":1}}\n')
 * ```
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
 * Parses the text of a recording. Empty lines are skipped. Fails with the number of the first line that is not an entry.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Either } from "effect"
 * import * as HostRecording from "effect-wmi/HostRecording"
 *
 * const recording = HostRecording.parse('{"d":"<","ms":40,"f":{"t":"pong","id":1}}\n')
 * assert.deepEqual(recording, Either.right([{ d: "<", ms: 40, f: { t: "pong", id: 1 } }]))
 *
 * const error = Either.flip(HostRecording.parse("\nPS C:\\>"))
 * assert.deepEqual(error, Either.right({ line: 2, reason: "it is no JSON" }))
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: string): Either.Either<Recording, ParseError> => {
  const entries: Array<Entry> = []
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue
    const json = Either.try({ try: (): unknown => JSON.parse(line), catch: () => undefined })
    if (Either.isLeft(json)) return Either.left({ line: i + 1, reason: "it is no JSON" })
    if (!isEntry(json.right)) return Either.left({ line: i + 1, reason: "it is no frame with its direction and time" })
    entries.push(json.right)
  }
  return Either.right(entries)
}

/**
 * The outcome of a recorded put: stored at a path, failed with an error, or unknown because no reply came.
 *
 * @since 0.1.0
 * @category models
 */
export type RecordedOutcome =
  | { readonly _tag: "Stored"; readonly path: ObjectPath.ObjectPath }
  | { readonly _tag: "Refused"; readonly error: WbemError }
  | { readonly _tag: "Unknown" }

/**
 * A put that was sent, and its outcome.
 *
 * @since 0.1.0
 * @category models
 */
export interface RecordedPut {
  /** The put as it was sent. */
  readonly request: PutRequest.PutRequest
  /** How it ended in the recording. */
  readonly outcome: RecordedOutcome
}

const unknown: RecordedOutcome = { _tag: "Unknown" }

const itemOutcome = (item: ItemResult): RecordedOutcome => {
  if (!item.ok) return { _tag: "Refused", error: toError(item.error) }
  const path = ObjectPath.parse(item.path)
  return Either.isRight(path) ? { _tag: "Stored", path: path.right } : unknown
}

/** Collects the puts, their outcomes and the classes from the frames of one host. */
class HostReader {
  readonly puts: Array<{ readonly id: number; readonly position: number; readonly request: PutRequest.PutRequest }> = []
  /** The classes that were read, with their namespaces. */
  readonly classes: Array<{ readonly namespace: string; readonly fields: Fields }> = []
  private readonly requests = new Map<number, Fields>()
  private readonly namespaces = new Map<number, string>()
  private readonly outcomes = new Map<number, Array<RecordedOutcome>>()

  read({ d, f }: Entry): void {
    if (d === ">") this.readRequest(f)
    else this.readReply(f)
  }

  outcomeOf(id: number, position: number): RecordedOutcome {
    return this.outcomes.get(id)?.[position] ?? unknown
  }

  private readRequest(f: Fields): void {
    const id = f["id"]
    if (typeof id !== "number") return
    this.requests.set(id, f)
    const { c, flags } = f
    const namespace = typeof c === "number" ? this.namespaces.get(c) : undefined
    if (namespace === undefined) return
    const options = { namespace, flags: typeof flags === "number" ? flags : 0, context: recorded.context(f["ctx"]) }
    const add = (object: Parameters<typeof PutRequest.make>[0], position = 0): void => {
      this.puts.push({ id, position, request: PutRequest.make(object, options) })
    }
    switch (f["op"]) {
      case "putInstance":
        return add(recorded.instance(f["item"]))
      case "putMany":
        return recorded.list(f["items"]).forEach((item, position) => add(recorded.instance(item), position))
      case "putClass":
        return add(recorded.classDefinition(f["class"]))
    }
  }

  private readReply(f: Fields): void {
    const decoded = decodeFrame(JSON.stringify(f))
    if (!decoded.ok) return
    const received = decoded.value.frame
    if (received.t === "items") {
      const outcomes = this.outcomes.get(received.id) ?? []
      this.outcomes.set(received.id, outcomes)
      received.r.forEach((item, i) => {
        outcomes[received.from + i] = itemOutcome(item)
      })
    }
    if (received.t !== "res") return
    const request = this.requests.get(received.id)
    if (request === undefined) return
    if (!received.ok) {
      if (request["op"] !== "putMany") {
        this.outcomes.set(received.id, [itemOutcome({ ok: false, error: received.error })])
      }
      return
    }
    const { result } = received
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
        const stored = decodePutResult(result)
        if (stored.ok) this.outcomes.set(received.id, [itemOutcome(stored.value)])
      }
    }
  }
}

/** One reader for each host of a recording. Each host begins with a hello frame, and its request numbers start again there. */
const readers = (recording: Recording): ReadonlyArray<HostReader> => {
  const hosts: Array<HostReader> = []
  for (const entry of recording) {
    if (hosts.length === 0 || (entry.d === "<" && entry.f["t"] === "hello")) hosts.push(new HostReader())
    hosts[hosts.length - 1]!.read(entry)
  }
  return hosts
}

/**
 * The puts of a recording in the order in which they were sent, each with its outcome.
 *
 * @since 0.1.0
 * @category combinators
 */
export const puts = (recording: Recording): ReadonlyArray<RecordedPut> =>
  readers(recording).flatMap((reader) =>
    reader.puts.map(({ id, position, request }) => ({ request, outcome: reader.outcomeOf(id, position) }))
  )

/**
 * The puts that were stored, as requests for `BulkPut` or `PutAsync`, which build the same objects in another repository.
 *
 * @since 0.1.0
 * @category combinators
 */
export const requests = (recording: Recording): ReadonlyArray<PutRequest.PutRequest> =>
  puts(recording).filter(({ outcome }) => outcome._tag === "Stored").map(({ request }) => request)

/** A class from what was read of it: its properties. Those that occur as keys in paths of its instances are keys. */
const partialClass = (fields: Fields, keys: ReadonlySet<string>): ClassDefinition.ClassDefinition =>
  ClassDefinition.make(
    String(fields["class"]),
    recorded.list(fields["props"]).map((property) => {
      const name = String(property["n"])
      const ref: CimType.TypeRef = {
        type: CimType.fromNumber(Number(property["t"])) ?? "string",
        isArray: property["a"] === true
      }
      const spec = (keys.has(CimName.fold(name)) ? Property.key : Property.make)(CimType.format(ref))
      return Property.named(name, spec)
    })
  )

/** The folded names of the namespaces that puts of a recording created. They did not exist before. */
const namespacesMadeBy = (recordedPuts: ReadonlyArray<RecordedPut>): ReadonlySet<string> =>
  new Set(
    recordedPuts.flatMap(({ outcome, request: { namespace, object } }) =>
      outcome._tag === "Stored" && object._tag === "Instance" && CimName.equals(object.className, "__NAMESPACE")
        ? [CimName.fold(`${namespace}\\${String(object.values["Name"])}`)]
        : []
    )
  )

const isSystem = (folded: string): boolean => folded.startsWith("__")

/**
 * The state to replay a recording in: its namespaces, and the classes that were read but not put. Such a class has its properties
 * and their types, and the keys that occur in recorded paths; inherited properties count as its own.
 *
 * @since 0.1.0
 * @category constructors
 */
export const seed = (recording: Recording): Snapshot.Snapshot => {
  const recordedPuts = puts(recording)
  const keys = new Map<string, Set<string>>()
  for (const { outcome } of recordedPuts) {
    if (outcome._tag !== "Stored" || outcome.path.className === undefined) continue
    const folded = CimName.fold(outcome.path.className)
    const classKeys = keys.get(folded) ?? new Set()
    keys.set(folded, classKeys)
    for (const { name } of outcome.path.keys) if (name !== undefined) classKeys.add(CimName.fold(name))
  }
  const createdNamespaces = namespacesMadeBy(recordedPuts)
  const namespaces = new Set(
    recordedPuts.map(({ request }) => request.namespace!).filter((namespace) =>
      !createdNamespaces.has(CimName.fold(namespace))
    )
  )
  let snapshot = Snapshot.empty({ namespaces: [...namespaces] })
  const seeded = new Set<string>()
  for (const reader of readers(recording)) {
    const made = new Set(
      reader.puts.flatMap(({ request }) => request.object._tag === "Class" ? [CimName.fold(request.object.name)] : [])
    )
    for (const { fields, namespace } of reader.classes) {
      const folded = CimName.fold(String(fields["class"]))
      const classKey = `${CimName.fold(namespace)}:${folded}`
      if (isSystem(folded) || made.has(folded) || seeded.has(classKey) || !namespaces.has(namespace)) continue
      seeded.add(classKey)
      snapshot = Snapshot.withObjects(snapshot, namespace, [partialClass(fields, keys.get(folded) ?? new Set())])
    }
  }
  return snapshot
}

/**
 * A put whose outcome differs from the recorded one.
 *
 * @since 0.1.0
 * @category models
 */
export interface Difference {
  /** The put that was replayed. */
  readonly request: PutRequest.PutRequest
  /** The recorded outcome and the replayed one: a status, or a relative path in lower case. */
  readonly recorded: string
  /** The outcome of the replay, in the form of `recorded`. */
  readonly replayed: string
}

const generatedGuid = /^\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i

/** Whether the namespace generated that key because the put left it NULL (IK-3). Each namespace generates another GUID. */
const isGeneratedKey = ({ name, value }: ObjectPath.Key, { object }: PutRequest.PutRequest): boolean =>
  typeof value === "string" && generatedGuid.test(value) && object._tag === "Instance"
  && !Object.entries(object.values).some(([property, given]) => given !== null && CimName.equals(property, name ?? ""))

const comparedPath = (path: ObjectPath.ObjectPath, request: PutRequest.PutRequest): string =>
  CimName.fold(ObjectPath.relPath({
    ...path,
    keys: path.keys.map((key) => isGeneratedKey(key, request) ? { ...key, value: "{made up}" } : key)
  }))

/**
 * Puts all puts of a recording again, one after another, and returns those with another outcome. A put with an unknown outcome is
 * put but not compared. A generated key is compared as "generated", not by its value.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Wmi } from "effect-wmi"
 * import * as HostRecording from "effect-wmi/HostRecording"
 *
 * const disk = { name: "Demo_Disk", quals: [], props: [{ n: "Id", t: 8, quals: [{ n: "key", k: "b", v: true, f: 3 }] }] }
 * const recording: HostRecording.Recording = [
 *   { d: ">", ms: 1, f: { op: "connect", id: 1, ns: "root\\cimv2" } },
 *   { d: "<", ms: 2, f: { t: "res", id: 1, ok: true, result: { c: 1 } } },
 *   { d: ">", ms: 3, f: { op: "putClass", id: 2, c: 1, flags: 0, class: disk } },
 *   { d: "<", ms: 4, f: { t: "res", id: 2, ok: true, result: { path: "\\\\WIN01\\root\\cimv2:Demo_Disk" } } }
 * ]
 * const emulator = Wmi.layerMemoryFrom(HostRecording.seed(recording))
 * const differences = await Effect.runPromise(Effect.provide(HostRecording.replay(recording), emulator))
 * assert.deepEqual(differences, [])
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const replay = (recording: Recording): Effect.Effect<ReadonlyArray<Difference>, never, Stages> =>
  Effect.map(
    Effect.forEach(puts(recording), ({ outcome, request }) =>
      Effect.map(Effect.either(put(request)), (answer): ReadonlyArray<Difference> => {
        if (outcome._tag === "Unknown") {
          return []
        }
        const recordedOutcome = outcome._tag === "Stored" ? comparedPath(outcome.path, request) : outcome.error.status
        const replayedOutcome = Either.isRight(answer) ? comparedPath(answer.right.path, request) : answer.left.status
        return recordedOutcome === replayedOutcome
          ? []
          : [{ request, recorded: recordedOutcome, replayed: replayedOutcome }]
      })),
    (differences) =>
      differences.flat()
  )
