/**
 * The log of the calls of a repository: what each call requested, what it answered, and which fault rule hit it. Selectors are plain
 * functions over the list; {@link assertCalls} compares it with an expectation and shows a difference line by line.
 *
 * @since 0.1.0
 * @module
 */
import type { YieldableError } from "effect/Cause"
import * as Data from "effect/Data"
import * as Either from "effect/Either"
import * as Equal from "effect/Equal"
import { dual } from "effect/Function"
import * as Inspectable from "effect/Inspectable"
import * as CimName from "../model/CimName.ts"
import { escapeControl } from "../model/escapeControl.ts"
import { format as formatPath, namespaceText, type ObjectPath } from "../model/ObjectPath.ts"
import {
  type CimValue,
  type ClassDefinition,
  type Instance,
  isWbemObject,
  type WbemObject
} from "../model/WbemObject.ts"
import type { Decision } from "../engine/Decision.ts"
import type { Snapshot } from "../engine/state/Snapshot.ts"
import * as HResult from "../protocol/HResult.ts"
import type { Disposition, PutReport } from "../protocol/PutReport.ts"
import type { PutRequest } from "../protocol/PutRequest.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import { callFrames, withFrames } from "./callFrames.ts"
import { alignment, diffText } from "./diff.ts"
import type { Fault } from "./Fault.ts"
import { hasIdentity, identityOf, kindOf, objectPathOf } from "./pathIdentity.ts"

/**
 * How a call ended. `Pending` is a call whose answer has not come yet.
 *
 * @since 0.1.0
 * @category models
 */
export type End = "Pending" | "Success" | "Failure" | "Defect" | "Interrupted"

/**
 * A call of a verb with its request and its answer.
 *
 * @since 0.1.0
 * @category models
 */
export interface CallOf<Verb extends string, Request, Answer> {
  /** The verb of the call. */
  readonly verb: Verb
  /** The position in the log, from 0. */
  readonly index: number
  /** The time of the request by the `Clock` of the program: milliseconds since 1970. */
  readonly time: number
  /** `undefined` for a list of namespaces, a snapshot and a restore. */
  readonly namespace: string | undefined
  /** The class of the object, or of the listed instances. */
  readonly className: string | undefined
  /** The relative path of the object, as far as it is known. */
  readonly path: string | undefined
  /** The request of the call. */
  readonly request: Request
  /** How the call ended; `Pending` while it runs. */
  readonly end: End
  /** The answer of a call that ended with `Success`. */
  readonly answer: Answer | undefined
  /** The error of a call that ended with `Failure`. */
  readonly error: WbemError | undefined
  /** The defect of a call that ended with `Defect`. */
  readonly defect: unknown
  /** The rules that acted on the call, in the order of the rules. */
  readonly faults: ReadonlyArray<Fault>
  /** The answer that a rule dropped, a report or an error; `undefined` if none was dropped. */
  readonly lostAnswer: Answer | WbemError | undefined
}

/**
 * A put, single or of a bulk run.
 *
 * @since 0.1.0
 * @category models
 */
export interface PutCall extends CallOf<"put", PutRequest, PutReport> {
  /** Whether the put is one of a bulk run. */
  readonly bulk: boolean
  /** The number of the bulk transaction, from 1; `undefined` for a single put. */
  readonly batch: number | undefined
  /** `false` for a put that was refused at its start: no such namespace, a missing right, a service that is not reachable. */
  readonly admitted: boolean
  /** The names of the keys that were NULL and became a GUID. */
  readonly generatedKeys: ReadonlyArray<string>
}

/**
 * The request of a list.
 *
 * @since 0.1.0
 * @category models
 */
export interface ListRequest {
  /** What is listed. */
  readonly of: "namespaces" | "classes" | "instances"
  /** Whether system classes are listed too. */
  readonly system?: boolean | undefined
  /** Whether the instances of subclasses are listed too. */
  readonly deep?: boolean | undefined
  /** The locales whose text is merged in, the preferred one first. */
  readonly locales?: ReadonlyArray<string> | undefined
}

/** A read of an object. @since 0.1.0 @category models */
export interface GetCall extends
  CallOf<
    "get",
    { readonly path: ObjectPath; readonly locales: ReadonlyArray<string> | undefined },
    WbemObject
  > {}

/** A delete. @since 0.1.0 @category models */
export interface DeleteCall
  extends CallOf<"delete", { readonly path: ObjectPath; readonly flags: number }, ObjectPath> {}

/** A list of namespaces, classes or instances. @since 0.1.0 @category models */
export interface ListCall
  extends
    CallOf<"list", ListRequest, ReadonlyArray<string> | ReadonlyArray<ClassDefinition> | ReadonlyArray<Instance>> {}

/** A dry run of a put. @since 0.1.0 @category models */
export interface PlanCall extends CallOf<"plan", PutRequest, Decision> {}

/** A read of the whole state. @since 0.1.0 @category models */
export interface SnapshotCall extends CallOf<"snapshot", Record<never, never>, Snapshot> {}

/** A replacement of the whole state. @since 0.1.0 @category models */
export interface RestoreCall extends CallOf<"restore", Record<never, never>, void> {}

/**
 * A call of the log.
 *
 * @since 0.1.0
 * @category models
 */
export type Call = PutCall | GetCall | DeleteCall | ListCall | PlanCall | SnapshotCall | RestoreCall

/**
 * The verb of a call.
 *
 * @since 0.1.0
 * @category models
 */
export type Verb = Call["verb"]

/**
 * The calls of a verb.
 *
 * @since 0.1.0
 * @category selectors
 */
export const ofVerb: {
  <V extends Verb>(verb: V): (calls: ReadonlyArray<Call>) => ReadonlyArray<Extract<Call, { readonly verb: V }>>
  <V extends Verb>(calls: ReadonlyArray<Call>, verb: V): ReadonlyArray<Extract<Call, { readonly verb: V }>>
} = /* @__PURE__ */ dual(
  2,
  (calls: ReadonlyArray<Call>, verb: Verb): ReadonlyArray<Call> => calls.filter((call) => call.verb === verb)
)

/**
 * The puts, single and bulk.
 *
 * @since 0.1.0
 * @category selectors
 */
export const puts = (calls: ReadonlyArray<Call>): ReadonlyArray<PutCall> => ofVerb(calls, "put")

/**
 * The calls that write: puts, deletes and restores, whether they succeeded or not.
 *
 * @since 0.1.0
 * @category selectors
 */
export const writes = (calls: ReadonlyArray<Call>): ReadonlyArray<PutCall | DeleteCall | RestoreCall> =>
  calls.filter((call) => call.verb === "put" || call.verb === "delete" || call.verb === "restore")

/**
 * The calls that read: gets, lists, plans and snapshots.
 *
 * @since 0.1.0
 * @category selectors
 */
export const reads = (calls: ReadonlyArray<Call>): ReadonlyArray<GetCall | ListCall | PlanCall | SnapshotCall> =>
  calls.filter((call) =>
    call.verb === "get" || call.verb === "list" || call.verb === "plan" || call.verb === "snapshot"
  )

/**
 * The calls that did not succeed.
 *
 * @since 0.1.0
 * @category selectors
 */
export const failures = (calls: ReadonlyArray<Call>): ReadonlyArray<Call> =>
  calls.filter((call) => call.end !== "Success" && call.end !== "Pending")

/**
 * The relative paths of the calls, in order. Calls without a path are left out.
 *
 * @since 0.1.0
 * @category selectors
 */
export const paths = (calls: ReadonlyArray<Call>): ReadonlyArray<string> =>
  calls.flatMap(({ path }) => path === undefined ? [] : [path])

/**
 * The objects of the puts, in order.
 *
 * @since 0.1.0
 * @category selectors
 */
export const objects = (calls: ReadonlyArray<Call>): ReadonlyArray<WbemObject> =>
  puts(calls).map(({ request }) => request.object)

const shownValue = (value: CimValue | undefined): string => {
  if (value === undefined) return "?"
  if (value === null || typeof value === "boolean") return String(value)
  if (typeof value === "string") return JSON.stringify(value)
  if (typeof value === "number" || typeof value === "bigint") return Object.is(value, -0) ? "-0" : String(value)
  if (Array.isArray(value)) return `[${(value as ReadonlyArray<CimValue>).map(shownValue).join(", ")}]`
  const object = value as WbemObject
  if (object._tag === "Class") return `class ${object.name}`
  return isWbemObject(object)
    ? `${object.className} { ${membersText(object.values)} }`
    : Inspectable.toStringUnknown(value, 0)
}

const membersText = (values: Readonly<Record<string, CimValue | undefined>>): string =>
  Object.entries(values).map(([name, value]) => `${name}: ${shownValue(value)}`).join(", ")

/** A bigint that a number can hold is that number. */
const numberOf = (value: CimValue | undefined): CimValue | undefined =>
  typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value

/** Whether two values are one in WMI: a number and a bigint of the same value are. */
const sameValue = (a: CimValue | undefined, b: CimValue | undefined): boolean => {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => sameValue(item as CimValue, b[i] as CimValue))
  }
  const [one, other] = [numberOf(a), numberOf(b)]
  return Object.is(one, other) || Equal.equals(one, other)
}

/** The longest part of a line that shows values. */
const longestValues = 96

const shortened = (text: string): string => text.length > longestValues ? `${text.slice(0, longestValues)}...` : text

const valuesText = (values: Readonly<Record<string, CimValue | undefined>>): string =>
  `{ ${shortened(membersText(values))} }`

const objectText = (call: Call): string => {
  switch (call.verb) {
    case "put":
    case "plan": {
      const { object } = call.request
      if (object._tag === "Class") return `class ${object.name}`
      return `${call.path ?? object.className} ${valuesText(object.values)}`
    }
    case "list":
      return call.request.of === "instances" ? `instances of ${call.className ?? "?"}` : call.request.of
    case "snapshot":
    case "restore":
      return ""
    default:
      return call.path ?? call.className ?? ""
  }
}

/** A forced update of a class deletes its instances, and says so. */
const dispositionText = ({ deleted, disposition }: PutReport): string =>
  deleted === undefined || deleted === 0 ? disposition : `${disposition}, ${deleted} deleted`

const endText = (call: Call): string => {
  switch (call.end) {
    case "Pending":
      return "no answer yet"
    case "Success":
      return call.verb === "put" ? dispositionText(call.answer!) : "ok"
    case "Failure":
      return call.error!.status
    case "Defect":
      return `died with ${shortened(String(call.defect).split("\n", 1)[0]!)}`
    case "Interrupted":
      return "interrupted"
  }
}

/**
 * A call as one line: verb, object, namespace, how it ended, and the fault rules that acted on it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const line = (call: Call): string => {
  const notes = [
    ...(call.verb === "put" && call.bulk ? [`bulk ${call.batch ?? ""}`.trimEnd()] : []),
    ...(call.verb === "put" && call.generatedKeys.length > 0 ? [`generated ${call.generatedKeys.join(", ")}`] : []),
    ...call.faults.map((fault) => `fault: ${String(fault)}`)
  ]
  const at = call.namespace === undefined ? "" : ` in ${call.namespace}`
  const note = notes.length === 0 ? "" : ` (${notes.join("; ")})`
  const object = objectText(call)
  return escapeControl(`${call.verb}${object === "" ? "" : ` ${object}`}${at} -> ${endText(call)}${note}`)
}

/**
 * The calls as text, a line for each.
 *
 * @since 0.1.0
 * @category combinators
 */
export const format = (calls: ReadonlyArray<Call>): string => calls.map((call) => `${line(call)}\n`).join("")

/**
 * What is expected of a call. Members that are absent accept everything, so `{ verb: "put" }` accepts each put.
 *
 * @since 0.1.0
 * @category models
 */
export interface Pattern {
  /** The verb of the call. */
  readonly verb?: Verb | undefined
  /** The object of the call: that of a put or plan, or the one that the path of a get or delete names. */
  readonly kind?: "instance" | "class" | undefined
  /** Without case. */
  readonly class?: string | undefined
  /**
   * The path, as text such as `Corp_Asset.Id="A1"` or in parts. Paths are compared as WMI compares them: without case, with keys in any
   * order, `Corp_Asset="A1"` and `Corp_Asset.Id='A1'` are the same. With a namespace, that is compared too.
   */
  readonly path?: string | ObjectPath | undefined
  /** Without case. */
  readonly namespace?: string | undefined
  /** Whether a put is one of a bulk run. */
  readonly bulk?: boolean | undefined
  /** The report of a put. */
  readonly disposition?: Disposition | undefined
  /** The status of the error; `"NoError"` accepts each call that succeeded. */
  readonly status?: WbemError["status"] | "NoError" | undefined
  /**
   * Values that the instance of a put has, besides any others. Names are compared without case; a number and a bigint of the same value
   * are equal; a text equals the same text alone, so `"42"` is not `42n`.
   */
  readonly values?: Readonly<Record<string, CimValue>> | undefined
  /** A predicate that the call meets, besides the other members. */
  readonly when?: ((call: Call) => boolean) | undefined
}

const sameText = (a: string, b: string): boolean => CimName.fold(a) === CimName.fold(b)

const hasValues = (call: Call, wanted: Readonly<Record<string, CimValue>>): boolean => {
  if ((call.verb !== "put" && call.verb !== "plan") || call.request.object._tag !== "Instance") return false
  const values = Object.entries(call.request.object.values)
  return Object.entries(wanted).every(([name, value]) => {
    const found = values.find(([property]) => CimName.equals(property, name))
    return found !== undefined && sameValue(found[1], value)
  })
}

const InvalidPatternBase: new (facts: {
  readonly index: number | undefined
  readonly member: string
  readonly detail: string
}) => YieldableError & {
  readonly _tag: "InvalidPattern"
  readonly index: number | undefined
  readonly member: string
  readonly detail: string
} = Data.TaggedError("InvalidPattern")

/**
 * The error of a pattern, or of a mode, that makes no sense, such as a misspelt member, which would accept every call. `index` is the
 * position of the pattern in its list, from 0; `member` is the member that is wrong.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidPattern extends InvalidPatternBase {
  /** The position, the member and the detail as one line of text. */
  override get message(): string {
    const which = this.index === undefined ? "" : ` number ${this.index + 1}`
    return `call pattern${which}: ${this.member === "" ? "" : `${this.member}: `}${this.detail}`
  }
}

const verbs: ReadonlyArray<Verb> = ["put", "get", "list", "delete", "plan", "snapshot", "restore"]

const dispositions: { readonly [disposition in Disposition]: true } = {
  Created: true,
  Updated: true,
  Unchanged: true,
  Stored: true
}

/** The values of the members that have a list of them. */
const memberNames: { readonly [member in "verb" | "kind" | "disposition"]: ReadonlyArray<string> } = {
  verb: verbs,
  kind: ["instance", "class"],
  disposition: Object.keys(dispositions)
}

const isFailureStatus = (name: string): boolean => {
  const row = HResult.fromName(name) // without case, which a comparison of statuses is not
  return name === "Unlisted" || (row !== undefined && row.status === name && HResult.isFailure(row.hresult))
}

/** The types of the members of a pattern. */
const memberTypes: { readonly [member in keyof Pattern]-?: "string" | "boolean" | "object" | "function" | "path" } = {
  verb: "string",
  kind: "string",
  class: "string",
  path: "path",
  namespace: "string",
  bulk: "boolean",
  disposition: "string",
  status: "string",
  values: "object",
  when: "function"
}

/** A pattern that was checked. */
interface Criteria {
  readonly pattern: Pattern
  readonly namespace: string | undefined
  readonly pathNamespace: string | undefined
  readonly identity: string | undefined
}

type Frames = ReturnType<typeof callFrames>

const refused = (frames: Frames, index: number | undefined, member: string, detail: string): InvalidPattern =>
  withFrames(new InvalidPattern({ index, member, detail }), frames())

/** Throws {@link InvalidPattern}. */
const criteriaOf = (frames: Frames, pattern: Pattern, index?: number): Criteria => {
  const refuse = (member: string, detail: string): never => {
    throw refused(frames, index, member, detail)
  }
  if (typeof pattern !== "object" || pattern === null) {
    return refuse("", `${Inspectable.toStringUnknown(pattern, 0)} is no pattern`)
  }
  for (const [member, value] of Object.entries(pattern)) {
    if (!Object.hasOwn(memberTypes, member)) {
      refuse(member, `there is no such member; the members are ${Object.keys(memberTypes).join(", ")}`)
    }
    const type = memberTypes[member as keyof Pattern]
    if (value !== undefined && type !== "path" && (typeof value !== type || value === null)) {
      refuse(
        member,
        `${Inspectable.toStringUnknown(value, 0)} given, takes ${type === "object" ? "an object" : `a ${type}`}`
      )
    }
  }
  for (const [member, names] of Object.entries(memberNames)) {
    const given = pattern[member as keyof typeof memberNames]
    if (given !== undefined && !names.includes(given)) {
      refuse(member, `${JSON.stringify(given)} is none of ${names.join(", ")}`)
    }
  }
  const { status } = pattern
  if (status !== undefined && status !== "NoError" && !isFailureStatus(status)) {
    refuse("status", `${JSON.stringify(status)} is no status of a failure; HResult.table lists them`)
  }
  const path = pattern.path === undefined
    ? undefined
    : Either.getOrElse(objectPathOf(pattern.path), (detail) => refuse("path", detail))
  return {
    pattern,
    namespace: pattern.namespace && namespaceText(pattern.namespace),
    pathNamespace: path?.namespace,
    identity: path && identityOf(path)
  }
}

/**
 * Whether a call meets a pattern. Throws {@link InvalidPattern} for one that makes no sense.
 *
 * @since 0.1.0
 * @category predicates
 */
export const matches = (call: Call, pattern: Pattern): boolean => meets(call, criteriaOf(callFrames(), pattern))

const meets = (call: Call, { identity, namespace, pathNamespace, pattern }: Criteria): boolean =>
  (pattern.verb === undefined || pattern.verb === call.verb)
  && (pattern.kind === undefined || pattern.kind === kindOf(objectOf(call), call.path))
  && (pattern.class === undefined || (call.className !== undefined && sameText(pattern.class, call.className)))
  && (identity === undefined || hasIdentity(call.path, identity))
  && [namespace, pathNamespace].every((wanted) =>
    wanted === undefined || (call.namespace !== undefined && sameText(wanted, call.namespace))
  )
  && (pattern.bulk === undefined || (call.verb === "put" && call.bulk === pattern.bulk))
  && (pattern.disposition === undefined || (call.verb === "put" && call.answer?.disposition === pattern.disposition))
  && (pattern.status === undefined
    || (pattern.status === "NoError" ? call.end === "Success" : call.error?.status === pattern.status))
  && (pattern.values === undefined || hasValues(call, pattern.values))
  && (pattern.when === undefined || pattern.when(call))

const objectOf = (call: Call): WbemObject | undefined =>
  call.verb === "put" || call.verb === "plan" ? call.request.object : undefined

const patternText = (pattern: Pattern): string => {
  const { bulk, class: className, disposition, kind, namespace, path, status, values, verb, when } = pattern
  const words = [
    verb ?? "any call",
    kind === undefined ? "" : `of ${kind === "class" ? "a class" : "an instance"}:`,
    typeof path === "object" ? formatPath(path) : path ?? className ?? "",
    values === undefined ? "" : valuesText(values),
    namespace === undefined ? "" : `in ${namespace}`,
    disposition === undefined && status === undefined
      ? ""
      : `-> ${disposition ?? (status === "NoError" ? "ok" : status)}`,
    bulk === undefined ? "" : bulk ? "(bulk)" : "(single)",
    when === undefined ? "" : "(where the predicate holds)"
  ]
  return escapeControl(words.filter((word) => word !== "").join(" "))
}

/**
 * The defect of an assertion that does not hold. `message` has the difference, because not every test runner prints one of its own;
 * `showDiff` is `false`, so that those that do print it once. `expected` and `actual` are the two texts.
 *
 * @since 0.1.0
 * @category errors
 */
export class CallAssertionError extends Error {
  /** The name that test runners know the error by. */
  override readonly name: string = "AssertionError"
  /** The code that the assertions of Node have. */
  readonly code: string = "ERR_ASSERTION"
  /** The expected calls as text, a line for each. */
  readonly expected: string
  /** The calls of the log as text, a line for each. */
  readonly actual: string
  /** `false`: the message has the difference already. */
  readonly showDiff: boolean = false

  /** Makes the defect from its message and the two texts. */
  constructor(message: string, expected: string, actual: string) {
    super(message)
    this.expected = expected
    this.actual = actual
  }
}

/**
 * How a log is compared. `Exactly`: these calls in this order, and no others. `AnyOrder`: these calls and no others, in any order.
 * `InOrder`: these calls in this order, with others between them. `Contains`: these calls in any order, with others between them.
 *
 * @since 0.1.0
 * @category models
 */
export type Mode = "Exactly" | "AnyOrder" | "InOrder" | "Contains"

const modes: ReadonlyArray<Mode> = ["Exactly", "AnyOrder", "InOrder", "Contains"]

/** For each pattern a call of its own, whatever the order: augmenting paths of a bipartite graph. */
const assignment = (
  patterns: ReadonlyArray<Criteria>,
  calls: ReadonlyArray<Call>
): ReadonlyArray<number | undefined> => {
  const patternOf: Array<number | undefined> = new Array<number | undefined>(calls.length).fill(undefined)
  const place = (p: number, tried: Set<number>): boolean => {
    for (let c = 0; c < calls.length; c++) {
      if (tried.has(c) || !meets(calls[c]!, patterns[p]!)) continue
      tried.add(c)
      const other = patternOf[c]
      if (other === undefined || place(other, tried)) {
        patternOf[c] = p
        return true
      }
    }
    return false
  }
  for (let p = 0; p < patterns.length; p++) place(p, new Set())
  return patternOf
}

/**
 * Throws {@link CallAssertionError} unless the calls are the expected ones. The message shows lines that are missing with `-` and calls
 * that are not expected with `+`. Throws {@link InvalidPattern} for a pattern or a mode that makes no sense.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Wmi } from "effect-wmi"
 * import { CallLog, WmiTest } from "effect-wmi/testing"
 *
 * const program = Effect.zipRight(Wmi.namespaces, WmiTest.calls)
 * const calls = await Effect.runPromise(Effect.provide(program, WmiTest.layer()))
 * CallLog.assertCalls(calls, [{ verb: "list" }])
 * assert.throws(() => CallLog.assertCalls(calls, [{ verb: "put" }]), /- put\n\+ list namespaces -> ok/)
 * ```
 *
 * @since 0.1.0
 * @category assertions
 */
export const assertCalls = (
  calls: ReadonlyArray<Call>,
  expected: ReadonlyArray<Pattern>,
  mode: Mode = "Exactly"
): void => {
  const frames = callFrames()
  if (!Array.isArray(expected)) throw refused(frames, undefined, "expected", "it is no list of patterns")
  if (!modes.includes(mode)) {
    throw refused(
      frames,
      undefined,
      "mode",
      `${Inspectable.toStringUnknown(mode, 0)} is none of ${modes.join(", ")}`
    )
  }
  const patterns = expected.map((pattern, index) => criteriaOf(frames, pattern, index))
  const ordered = mode === "Exactly" || mode === "InOrder"
  const others = mode === "InOrder" || mode === "Contains"
  const steps = ordered
    ? alignment(patterns, calls, (pattern, call) => meets(call, pattern))
    : unordered(patterns, calls)
  const holds = steps.every((step) => step._tag === "Both" || (others && step._tag === "Actual"))
  if (holds) return
  const shown = others ? steps.filter(({ _tag }) => _tag !== "Actual" || !holds) : steps
  const lines = shown.map((step) =>
    step._tag === "Both"
      ? { _tag: step._tag, text: line(step.actual) }
      : step._tag === "Actual"
      ? { _tag: others ? "Both" as const : step._tag, text: line(step.actual) }
      : { _tag: step._tag, text: patternText(step.expected.pattern) }
  )
  const missing = steps.filter(({ _tag }) => _tag === "Expected").length
  const extra = others ? 0 : steps.filter(({ _tag }) => _tag === "Actual").length
  const counts = [
    ...(missing > 0 ? [`${missing} expected ${missing === 1 ? "call was" : "calls were"} not made`] : []),
    ...(extra > 0 ? [`${extra} ${extra === 1 ? "call was" : "calls were"} not expected`] : [])
  ]
  const text = (without: "Expected" | "Actual"): string =>
    lines.flatMap((one) => one._tag === without ? [] : [one.text]).join("\n")
  const message = `the calls differ: ${counts.join(", ")}\n\n${diffText(lines)}`
  throw withFrames(new CallAssertionError(message, text("Actual"), text("Expected")), frames())
}

type Step =
  | { readonly _tag: "Both"; readonly expected: Criteria; readonly actual: Call }
  | { readonly _tag: "Expected"; readonly expected: Criteria }
  | { readonly _tag: "Actual"; readonly actual: Call }

const unordered = (expected: ReadonlyArray<Criteria>, calls: ReadonlyArray<Call>): ReadonlyArray<Step> => {
  const patternOf = assignment(expected, calls)
  const placed = new Set(patternOf)
  return [
    ...calls.map((actual, c): Step => {
      const p = patternOf[c]
      return p === undefined ? { _tag: "Actual", actual } : { _tag: "Both", expected: expected[p]!, actual }
    }),
    ...expected.flatMap((pattern, p): ReadonlyArray<Step> =>
      placed.has(p) ? [] : [{ _tag: "Expected", expected: pattern }]
    )
  ]
}
