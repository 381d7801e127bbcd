/**
 * Recordings of the calls of a repository, as JSON lines, and repositories that answer from a recording. A recording of a real Windows
 * computer makes tests that need no Windows; any repository can be recorded.
 *
 * A recording has puts, gets, lists and deletes. Dry runs, snapshots and restores are not recorded.
 *
 * @since 0.1.0
 * @module
 */
import type { YieldableError } from "effect/Cause"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as CimName from "../model/CimName.ts"
import type { ObjectPath } from "../model/ObjectPath.ts"
import type { ClassDefinition, Instance, WbemObject } from "../model/WbemObject.ts"
import { className, isWbemObject } from "../model/WbemObject.ts"
import { NamespaceReader } from "../pipeline/NamespaceReader.ts"
import { make as makeRepository, type PutResult, Repository } from "../pipeline/Repository.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import * as PutRequest from "../protocol/PutRequest.ts"
import {
  type DeleteError,
  type GetError,
  isWbemError,
  type ListError,
  type PutError,
  type StartError
} from "../protocol/WbemError.ts"
import type { Call, ListRequest } from "./CallLog.ts"
import { callFrames, withFrames } from "./callFrames.ts"
import { CallAssertionError, line } from "./CallLog.ts"
import { canonical, fromJson, type Json, leaves, Malformed, toJson } from "./callCodec.ts"
import { endedCall } from "./kit.ts"
import { type Begun, observe, relPathOf, untouched } from "./observation.ts"

/**
 * The calls of a recording in their order. The call log of a kit is one too.
 *
 * @since 0.1.0
 * @category models
 */
export type Recording = ReadonlyArray<Call>

const InvalidRecordingBase: new (facts: { readonly line: number; readonly reason: string }) => YieldableError & {
  readonly _tag: "InvalidRecording"
  readonly line: number
  readonly reason: string
} = Data.TaggedError("InvalidRecording")

/**
 * The error of a text that is no recording. `line` counts from 1.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidRecording extends InvalidRecordingBase {
  /** The line and the reason as one line of text. */
  override get message(): string {
    return `line ${this.line} of the recording: ${this.reason}`
  }
}

/**
 * The defect of a call that a recording does not answer.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnexpectedCall extends Error {
  /** The name of the error class. */
  override readonly name: string = "UnexpectedCall"
}

const recorded = ["put", "get", "list", "delete"] as const
type RecordedVerb = (typeof recorded)[number]

const isRecorded = (call: Call): boolean =>
  (recorded as ReadonlyArray<string>).includes(call.verb) && call.end !== "Pending" && call.end !== "Interrupted"

/** The form of a call in a line; absent members have the default of the verb. */
const encode = (call: Call): Json => {
  const { answer, className: name, defect, end, error, index: _, namespace, path, request, time, verb } = call
  return toJson({
    verb,
    time,
    namespace,
    class: name,
    path,
    ...(call.verb === "put"
      ? { bulk: call.bulk || undefined, batch: call.batch, admitted: call.admitted ? undefined : false }
      : {}),
    request: requestOf(request),
    ...(end === "Success" ? { answer } : end === "Failure" ? { error } : { defect: String(defect) })
  })
}

/** The members of a request that have a meaning in another process. */
const requestOf = (request: unknown): unknown => ({
  ...request as object,
  asyncContext: undefined,
  namespace: undefined
})

/**
 * A recording as text: a line of JSON for each call.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Either } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 * import { CallRecording, WmiTest } from "effect-wmi/testing"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const program = Effect.zipRight(PutAsync.put(PutRequest.make(Disk)), Wmi.get("Demo_Disk"))
 * const record = Effect.provide(Effect.zipRight(program, WmiTest.calls), WmiTest.layer())
 * const text = CallRecording.format(await Effect.runPromise(record))
 *
 * const replayed = Wmi.layer(CallRecording.layerReplay(Either.getOrThrow(CallRecording.parse(text))))
 * const disk = await Effect.runPromise(Effect.provide(program, replayed))
 * assert.equal(disk._tag === "Class" && disk.name, "Demo_Disk")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const format = (recording: Recording): string =>
  recording.filter(isRecorded).map((call) => `${JSON.stringify(encode(call))}\n`).join("")

const putRequest = ({ context, flags, object }: PutRequest.PutRequest, namespace: string): PutRequest.PutRequest => {
  if (!isWbemObject(object)) throw new Malformed("object of the request is no class and no instance")
  return PutRequest.make(object, { namespace, flags, context })
}

const decode = (json: unknown, index: number): Call | string => {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return "it is no call"
  const { admitted, batch, bulk, class: name, defect, error, answer, namespace, path, request, time, verb } = fromJson(
    json as Json
  ) as { readonly [member: string]: unknown }
  if (!(recorded as ReadonlyArray<unknown>).includes(verb)) return `verb is none of ${recorded.join(", ")}`
  if (typeof time !== "number") return "time is no number"
  if (typeof request !== "object" || request === null) return "request is no object"
  if (error !== undefined && !isWbemError(error)) return "error is no error"
  if (error === undefined && answer === undefined && defect === undefined) {
    return "it has no answer, no error and no defect"
  }
  const texts = { namespace, class: name, path }
  for (const [member, value] of Object.entries(texts)) {
    if (value !== undefined && typeof value !== "string") return `${member} is no text`
  }
  return {
    verb,
    index,
    time,
    namespace,
    className: name,
    path,
    request: verb === "put" ? putRequest(request as PutRequest.PutRequest, namespace as string) : request,
    end: error !== undefined ? "Failure" : answer !== undefined ? "Success" : "Defect",
    answer,
    error,
    defect,
    faults: [],
    lostAnswer: undefined,
    ...(verb === "put" ? { bulk: bulk === true, batch, admitted: admitted !== false, generatedKeys: [] } : {})
  } as unknown as Call // the members of the request and the answer are those that `encode` wrote
}

/**
 * Parses the text of a recording. Empty lines are skipped. Fails with {@link InvalidRecording} for the first line that is no call.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: string): Either.Either<Recording, InvalidRecording> => {
  const calls: Array<Call> = []
  for (const [i, row] of text.split(/\r?\n/).entries()) {
    if (row.trim() === "") continue
    let call
    try {
      call = decode(JSON.parse(row), calls.length)
    } catch (error) {
      call = error instanceof SyntaxError ? "it is no JSON" : error instanceof Error ? error.message : String(error)
    }
    if (typeof call === "string") return Either.left(new InvalidRecording({ line: i + 1, reason: call }))
    calls.push(call)
  }
  return Either.right(calls)
}

/**
 * The repository of a layer, recorded: `record` is called for each call when it ends, in the order of the ends. `format([call])` is its
 * line. The other services of the layer stay; a `NamespaceReader` is recorded too.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 * import { CallRecording } from "effect-wmi/testing"
 *
 * const lines: Array<string> = []
 * const recorded = CallRecording.layerRecord(Wmi.layerMemory, (call) => lines.push(CallRecording.format([call])))
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * await Effect.runPromise(Effect.provide(PutAsync.put(PutRequest.make(Disk)), recorded))
 * assert.equal(lines.length, 1)
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerRecord = <ROut, E, R>(
  repository: Layer.Layer<ROut | Repository, E, R>,
  record: (call: Call) => void
): Layer.Layer<ROut | Repository, E, R> =>
  Layer.map(repository, (services) => {
    let index = 0
    return observe(services, {
      prepare: (put) => put,
      nextCall: () => undefined,
      beginBatch: () => ({ step: untouched(() => Effect.void), faults: [] }),
      begin: (begun) => {
        const call = pendingCall(begun, index++)
        return untouched((exit) =>
          Effect.sync(() => {
            const ended = endedCall(call, exit, undefined)
            if (isRecorded(ended)) record(ended)
          })
        )
      }
    })
  })

const pendingCall = (begun: Begun, index: number): Call =>
  ({
    ...begun,
    index,
    end: "Pending",
    answer: undefined,
    error: undefined,
    defect: undefined,
    faults: [],
    lostAnswer: undefined,
    generatedKeys: []
  }) as unknown as Call // the request of each verb is that of its `Begun`

/**
 * In which order calls are replayed. `Recorded`: each call must be the next one of the recording. `Any`: the first call of the recording
 * that is equal and was not replayed yet, for programs with concurrent calls.
 *
 * @since 0.1.0
 * @category models
 */
export type Order = "Recorded" | "Any"

const orders: ReadonlyArray<Order> = ["Recorded", "Any"]

/**
 * The service of a replay.
 *
 * @since 0.1.0
 * @category services
 */
export interface Replay {
  /** The calls of the recording that were not made. */
  readonly left: Effect.Effect<Recording>
  /** The messages of the calls that the recording did not answer, also where the program handled their defects. */
  readonly unexpected: Effect.Effect<ReadonlyArray<string>>
}

/**
 * The service of a replay.
 *
 * @since 0.1.0
 * @category services
 */
export const Replay: Context.Tag<Replay, Replay> = /* @__PURE__ */ Context.GenericTag<Replay>(
  "effect-wmi/testing/CallRecording/Replay"
)

/** A call to answer. */
interface Wanted {
  readonly verb: RecordedVerb
  readonly namespace: string | undefined
  readonly className: string | undefined
  readonly path: string | undefined
  readonly request: unknown
}

/** What two calls must have in common. */
const identityOf = ({ className: name, namespace, request, verb }: Wanted): Json =>
  toJson({
    verb,
    namespace: namespace === undefined ? undefined : CimName.fold(namespace),
    class: name === undefined ? undefined : CimName.fold(name),
    request: requestOf(request)
  })

/** The longest list of differences in a message. */
const shownDifferences = 5

const differences = (wanted: Json, entry: Json): ReadonlyArray<string> => {
  const [called, kept] = [leaves(wanted), leaves(entry)]
  return [...new Set([...kept.keys(), ...called.keys()])].flatMap((address) => {
    const [now, before] = [called.get(address), kept.get(address)]
    return now === before ? [] : [`${address}: recorded ${before ?? "nothing"}, called with ${now ?? "nothing"}`]
  })
}

class Player {
  readonly recording: Recording
  private readonly identities: ReadonlyArray<Json>
  private readonly keys: ReadonlyArray<string>
  private readonly played: Array<boolean>
  readonly unexpected: Array<string> = []
  private readonly order: Order
  private first = 0

  constructor(recording: Recording, order: Order) {
    this.recording = recording.filter(isRecorded)
    this.order = order
    this.identities = this.recording.map((call) => identityOf(call as Wanted))
    this.keys = this.identities.map(canonical)
    this.played = this.recording.map(() => false)
  }

  get left(): Recording {
    return this.recording.filter((_, i) => !this.played[i])
  }

  /** Takes the recorded call, or `undefined`. */
  take(wanted: Wanted, admitted: boolean): Call | undefined {
    const key = canonical(identityOf(wanted))
    while (this.played[this.first] === true) this.first++
    for (let i = this.first; i < this.keys.length; i++) {
      if (this.played[i]) continue
      const call = this.recording[i]!
      if (this.keys[i] === key && (call.verb !== "put" || call.admitted === admitted)) {
        this.played[i] = true
        return call
      }
      if (this.order === "Recorded") return undefined
    }
    return undefined
  }

  /** The relative path that was recorded for a put. */
  pathOf(wanted: Wanted): string | undefined {
    const key = canonical(identityOf(wanted))
    return this.recording[this.keys.indexOf(key)]?.path
  }

  refuse(wanted: Wanted): UnexpectedCall {
    const message = this.explain(wanted)
    this.unexpected.push(message)
    return new UnexpectedCall(message)
  }

  private explain(wanted: Wanted): string {
    const said = lineOf(wanted)
    const open = this.recording.flatMap((_, i) => this.played[i] ? [] : [i])
    if (open.length === 0) {
      return `the call is not in the recording, all ${this.recording.length} calls of which were made:\n  ${said}`
    }
    const identity = identityOf(wanted)
    const nearest = open.map((i) => ({ i, differs: differences(identity, this.identities[i]!) }))
      .reduce((best, one) => one.differs.length < best.differs.length ? one : best)
    const numbered = (i: number): string => `number ${i + 1}: ${line(this.recording[i]!)}`
    const more = nearest.differs.length - shownDifferences
    return [
      this.order === "Recorded"
        ? "the call is not the next one of the recording:"
        : "the call is not in the recording:",
      `  ${said}`,
      ...(this.order === "Recorded" ? ["the next recorded call:", `  ${numbered(open[0]!)}`] : []),
      "the nearest recorded call:",
      `  ${numbered(nearest.i)}`,
      ...nearest.differs.slice(0, shownDifferences).map((one) => `    ${one}`),
      ...(more > 0 ? [`    and ${more} more`] : []),
      ...(nearest.differs.length === 0 ? ["    it is the same call, at another place of the recording"] : [])
    ].join("\n")
  }
}

/** A call that has no answer, as a line. */
const lineOf = (wanted: Wanted): string =>
  line({
    ...wanted,
    index: 0,
    time: 0,
    end: "Pending",
    answer: undefined,
    error: undefined,
    defect: undefined,
    faults: [],
    lostAnswer: undefined,
    bulk: false,
    batch: undefined,
    admitted: true,
    generatedKeys: []
  } as unknown as Call).replace(/ -> no answer yet$/, "")

const putWanted = (put: DecodedPut): Wanted => ({
  verb: "put",
  namespace: put.namespace,
  className: className(put.object),
  path: undefined,
  request: { object: put.object, flags: put.flags, context: put.context }
})

/** The recorded error is one that the verb had. */
const answered = <A, E>(call: Call): Effect.Effect<A, E> =>
  call.end === "Success"
    ? Effect.succeed(call.answer as A)
    : call.end === "Failure"
    ? Effect.fail(call.error as E)
    : Effect.die(new Error(`the recorded call died: ${String(call.defect)}`))

const storageFailures: ReadonlySet<string> = new Set(["WbemTimeout", "WbemConnectionFailed"])

/** A batch that failed as a whole because its storage did, so that none of its puts was begun. */
const storageFailure = (results: ReadonlyArray<PutResult>): PutError | undefined => {
  const [first] = results
  if (first === undefined || !isWbemError(first) || !storageFailures.has(first._tag)) return undefined
  const key = canonical(toJson(first))
  return results.every((result) => isWbemError(result) && canonical(toJson(result)) === key) ? first : undefined
}

const playedBy = <A, E>(player: Player, wanted: Wanted): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const call = player.take(wanted, true)
    return call === undefined ? Effect.die(player.refuse(wanted)) : answered<A, E>(call)
  })

const repositoryOf = (player: Player): Repository => {
  const played = <A, E>(wanted: Wanted): Effect.Effect<A, E> => playedBy<A, E>(player, wanted)
  const refusal = (put: DecodedPut): StartError | undefined =>
    player.take(putWanted(put), false)?.error as StartError | undefined
  return makeRepository({
    admit: (put) =>
      Effect.suspend(() => {
        const error = refusal(put)
        return error === undefined ? Effect.void : Effect.fail(error)
      }),
    admitBatch: (puts) => Effect.sync(() => puts.map(refusal)),
    put: ({ put }) => played<PutReport, PutError>(putWanted(put)),
    putBatch: (puts) =>
      Effect.flatMap(
        Effect.forEach(puts, ({ put }) =>
          Effect.map(Effect.either(played<PutReport, PutError>(putWanted(put))), Either.merge)),
        (results): Effect.Effect<ReadonlyArray<PutResult>, PutError> => {
          const failure = storageFailure(results)
          return failure === undefined ? Effect.succeed(results) : Effect.fail(failure)
        }
      ),
    relPath: (put) => Effect.sync(() => player.pathOf(putWanted(put))),
    delete: ({ flags, namespace, path }) =>
      played<ObjectPath, DeleteError>({
        verb: "delete",
        namespace,
        className: path.className,
        path: relPathOf(path),
        request: { path, flags }
      }),
    get: ({ locales, namespace, path }) =>
      played<WbemObject, GetError>({
        verb: "get",
        namespace,
        className: path.className,
        path: relPathOf(path),
        request: { path, locales }
      })
  })
}

const readerOf = (player: Player): NamespaceReader => {
  const listed = <A>(request: ListRequest, namespace?: string, name?: string): Effect.Effect<A, ListError> =>
    playedBy(player, { verb: "list", namespace, className: name, path: undefined, request })
  return {
    namespaces: (within) => listed<ReadonlyArray<string>>({ of: "namespaces" }, within),
    classes: (namespace, options) => listed<ReadonlyArray<ClassDefinition>>({ of: "classes", ...options }, namespace),
    instancesOf: (namespace, name, options) =>
      listed<ReadonlyArray<Instance>>({ of: "instances", ...options }, namespace, name)
  }
}

/**
 * A repository that answers from a recording: each recorded call is answered once. A call that the recording does not answer dies with
 * {@link UnexpectedCall}, which shows the call, the recorded call that is nearest to it, and what differs. Callers, locales and times of
 * calls are not compared.
 *
 * `NamespaceReader` answers the recorded lists. There is no `NamespaceState`: a replay has no state.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerReplay = (
  recording: Recording,
  options: { readonly order?: Order | undefined } = {}
): Layer.Layer<Repository | NamespaceReader | Replay> =>
  Layer.effectContext(Effect.sync(() => {
    if (!Array.isArray(recording)) {
      throw new TypeError("layerReplay takes a list of calls; CallRecording.parse makes one")
    }
    const { order = "Recorded" } = options
    if (!orders.includes(order)) {
      throw new TypeError(`layerReplay: order: ${String(order)} is none of ${orders.join(", ")}`)
    }
    const player = new Player(recording, order)
    return Context.empty().pipe(
      Context.add(Repository, repositoryOf(player)),
      Context.add(NamespaceReader, readerOf(player)),
      Context.add(Replay, {
        left: Effect.sync(() => player.left),
        unexpected: Effect.sync(() => [...player.unexpected])
      })
    )
  }))

/**
 * Dies with `CallLog.CallAssertionError` unless every call of the recording was made, and no other one.
 *
 * @since 0.1.0
 * @category assertions
 */
export const assertPlayed = (): Effect.Effect<void, never, Replay> => {
  const frames = callFrames()
  return Effect.flatMap(
    Replay,
    (replay) =>
      Effect.map(Effect.all([replay.left, replay.unexpected]), ([left, unexpected]) => {
        if (left.length === 0 && unexpected.length === 0) return
        const lines = left.map((call) => `- ${line(call)}`)
        const counts = left.length === 0
          ? []
          : [`${left.length} recorded ${left.length === 1 ? "call was" : "calls were"} not made:`, ...lines]
        throw withFrames(
          new CallAssertionError(
            [...counts, ...unexpected].join("\n"),
            left.map(line).join("\n"),
            unexpected.join("\n")
          ),
          frames()
        )
      })
  )
}
