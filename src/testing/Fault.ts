/**
 * Faults as data: a rule says which calls of a repository fail, and how. `WmiTest` applies the rules to single puts, bulk puts, gets,
 * lists, plans and deletes alike. A rule that makes no sense is refused when it is built, with {@link InvalidFault}.
 *
 * A rule counts the calls that meet its criteria (verb, kind, class, path, namespace, predicate), in the order of the calls; a put in a
 * bulk run counts as a single put does. Of the counted calls the schedule (`nth`, `from`, `times`, `probability`) selects those that
 * the action hits.
 *
 * @since 0.1.0
 * @module
 */
import type { YieldableError } from "effect/Cause"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import { dual } from "effect/Function"
import * as Inspectable from "effect/Inspectable"
import * as CimName from "../model/CimName.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import * as HResult from "../protocol/HResult.ts"
import * as StatusError from "../protocol/StatusError.ts"
import { isWbemError, TransportFailure, type WbemError } from "../protocol/WbemError.ts"
import { callFrames, withFrames } from "./callFrames.ts"
import { hasIdentity, identityOf, isInstancePath, kindOf, objectPathOf } from "./pathIdentity.ts"

/**
 * What a call does. `put` is a single put or one put of a bulk run, `list` reads namespaces, classes or instances. `batch` is a
 * transaction of a bulk run as a whole, for a storage that fails.
 *
 * @since 0.1.0
 * @category models
 */
export type Verb = "put" | "batch" | "get" | "list" | "delete" | "plan"

const verbs: ReadonlyArray<Verb> = ["put", "batch", "get", "list", "delete", "plan"]

/**
 * The part of a call that criteria see.
 *
 * @since 0.1.0
 * @category models
 */
export interface Request {
  /** The verb of the call. */
  readonly verb: Verb
  /** Whether the call is a put of a bulk run, or its batch. */
  readonly bulk: boolean
  /** `undefined` for a list of namespaces and for a batch. */
  readonly namespace: string | undefined
  /** The name of the class, as the call spells it; `undefined` for a list of namespaces or classes, and for a batch. */
  readonly className: string | undefined
  /** The relative path of the object, if one can be formed before the call. */
  readonly path: string | undefined
  /** The object of a put or plan. */
  readonly object: WbemObject | undefined
  /** The objects of a batch. */
  readonly objects: ReadonlyArray<WbemObject>
}

/**
 * What happens to a call that is hit. `Fail` and `Die` come in place of the call: nothing is written. `LoseAnswer` makes the call and
 * drops its answer: a put may be stored and its outcome is `Unknown`. `Delay` waits, then makes the call.
 *
 * @since 0.1.0
 * @category models
 */
export type Action =
  | { readonly _tag: "Fail"; readonly error: WbemError }
  | { readonly _tag: "LoseAnswer" }
  | { readonly _tag: "Delay"; readonly duration: Duration.Duration }
  | { readonly _tag: "Die"; readonly defect: unknown }

/**
 * The members of a rule. Criteria that are absent accept every call.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** What happens: an {@link Action}, an error, the name of a failure status (`"AccessDenied"`) or its number (`0x80041003`). */
  readonly fault: Action | WbemError | HResult.Status | number
  /** One verb or several; every verb but `batch` by default. */
  readonly verb?: Verb | ReadonlyArray<Verb> | undefined
  /** Calls on instances or on classes only: by the object of a put or plan, by the path of a get or delete. */
  readonly kind?: "instance" | "class" | undefined
  /** The name of a class, without case: calls on the class and on its own instances. Subclasses have names of their own. */
  readonly class?: string | ReadonlyArray<string> | undefined
  /** The path of one object, as text or in parts. Its namespace, if it has one, is a criterion too. */
  readonly path?: string | ObjectPath.ObjectPath | undefined
  /** The namespace of the call, without case. */
  readonly namespace?: string | undefined
  /** A predicate, called once for each call that the other criteria accept. */
  readonly when?: ((request: Request) => boolean) | undefined
  /** The n-th call alone, from 1. */
  readonly nth?: number | undefined
  /** The n-th call and every later one, from 1. */
  readonly from?: number | undefined
  /** The largest number of hits; unlimited by default. */
  readonly times?: number | undefined
  /** The same as `times: 1`. */
  readonly once?: boolean | undefined
  /** The share of the selected calls that is hit, from 0 to 1. The draws depend on `seed` alone. */
  readonly probability?: number | undefined
  /** The seed of the draws, a whole number; 1 by default. */
  readonly seed?: number | undefined
  /** A name for messages, of errors, the call log and {@link describe}; by default the members in words. */
  readonly name?: string | undefined
}

const InvalidFaultBase: new (facts: { readonly member: string; readonly detail: string }) => YieldableError & {
  readonly _tag: "InvalidFault"
  readonly member: string
  readonly detail: string
} = Data.TaggedError("InvalidFault")

/**
 * The error of a rule that makes no sense. `member` is the option that is wrong.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidFault extends InvalidFaultBase {
  /** The member and the detail as one line of text. */
  override get message(): string {
    return `fault rule: ${this.member}: ${this.detail}`
  }
}

/**
 * Marks rules.
 *
 * @since 0.1.0
 * @category symbols
 */
export const TypeId: unique symbol = Symbol.for("effect-wmi/testing/Fault")

/**
 * A checked rule. It is immutable and counts nothing: the same rule can serve many tests.
 *
 * @since 0.1.0
 * @category models
 */
export interface Fault extends Inspectable.Inspectable {
  /** Marks rules. */
  readonly [TypeId]: typeof TypeId
  /** The options that the rule was made from. */
  readonly options: Options
  /** What happens to a call that the rule acts on. */
  readonly action: Action
  /** The verbs whose calls the rule may act on. */
  readonly verbs: ReadonlyArray<Verb>
  /** Whether a call meets the criteria. */
  readonly accepts: (request: Request) => boolean
  /** Whether `nth` or `from` selects the n-th call that meets the criteria, from 1. */
  readonly selects: (count: number) => boolean
  /** The largest number of hits. */
  readonly limit: number
}

/**
 * Whether a value is a rule.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isFault = (u: unknown): u is Fault => typeof u === "object" && u !== null && TypeId in u

/** The detail of an error until it is that of a rule. */
const noRule = "a fault rule"

/**
 * An action: the call fails with an error, and nothing is written. The error is given as a value, by the name of its status or by its
 * number.
 *
 * @since 0.1.0
 * @category actions
 */
export const fail = (error: WbemError | HResult.Status | number): Action => ({ _tag: "Fail", error: errorOf(error) })

/**
 * An action: the call is not sent. It fails with a `TransportFailure` whose `sent` is `false`; a put of a bulk run is `NotStarted`.
 *
 * @since 0.1.0
 * @category actions
 */
export const loseRequest: Extract<Action, { readonly _tag: "Fail" }> = {
  _tag: "Fail",
  error: /* @__PURE__ */ new TransportFailure({ sent: false, detail: noRule })
}

/**
 * An action: the call is made and its answer is lost. It fails with a `TransportFailure` whose `sent` is `true`; a put of a bulk run is
 * `Unknown`.
 *
 * @since 0.1.0
 * @category actions
 */
export const loseAnswer: Action = { _tag: "LoseAnswer" }

/**
 * An action: the call waits before it is made. The wait uses the `Clock` of the program, so `TestClock` ends it. A put that is
 * interrupted or cancelled while it waits is not written.
 *
 * @since 0.1.0
 * @category actions
 */
export const delay = (duration: Duration.DurationInput): Action => ({ _tag: "Delay", duration: durationOf(duration) })

/**
 * An action: the call dies with a defect in place of being made. A put of a bulk run is `Rejected` with `Failed`, as with any
 * repository that dies.
 *
 * @since 0.1.0
 * @category actions
 */
export const die = (defect: unknown): Action => ({ _tag: "Die", defect })

const refuse = (member: string, detail: string): never => {
  throw withFrames(new InvalidFault({ member, detail }), callFrames()())
}

const shown = (value: unknown): string => {
  try {
    return typeof value === "string" ? JSON.stringify(value) : Inspectable.toStringUnknown(value, 0)
  } catch {
    return typeof value
  }
}

function errorOf(given: unknown): WbemError {
  if (isWbemError(given)) return given
  if (typeof given === "string") {
    const row = HResult.fromName(given)
    if (row === undefined) return refuse("fault", `${shown(given)} is no status; HResult.table lists them`)
    if (!HResult.isFailure(row.hresult)) return refuse("fault", `${row.status} is a status of success`)
    return StatusError.fromHResult(row.hresult, { detail: noRule })
  }
  if (typeof given === "number" && Number.isInteger(given) && given >= -0x80000000 && given <= 0xffffffff) {
    return HResult.isFailure(given)
      ? StatusError.fromHResult(given, { detail: noRule })
      : refuse("fault", `${HResult.hex(given)} is a number of success`)
  }
  return refuse("fault", `${shown(given)} is no error, no status and no action`)
}

function durationOf(given: unknown): Duration.Duration {
  const negative = (typeof given === "number" && given < 0) || (typeof given === "bigint" && given < 0n)
    || (typeof given === "string" && given.trim().startsWith("-"))
    || (Array.isArray(given) && given.some((part) => Number(part) < 0))
  if (negative) return refuse("fault", `a delay of ${shown(given)} is below zero`)
  const decoded = Number.isNaN(given) ? undefined : Duration.decodeUnknown(given)
  return decoded === undefined || decoded._tag === "None"
    ? refuse("fault", `${shown(given)} is no duration`)
    : decoded.value
}

const actionOf = (given: unknown): Action => {
  if (given === undefined) return refuse("fault", "it is missing: an error, a status or an action")
  if (typeof given === "object" && given !== null && !isWbemError(given)) {
    const action = given as Partial<Action> & { readonly [member: string]: unknown }
    switch (action._tag) {
      case "Fail":
        return fail(action["error"] as WbemError)
      case "Delay":
        return delay(action["duration"] as Duration.DurationInput)
      case "LoseAnswer":
        return loseAnswer
      case "Die":
        return die(action["defect"])
    }
  }
  return fail(given as WbemError)
}

const members: ReadonlyArray<keyof Options> = [
  "fault",
  "verb",
  "kind",
  "class",
  "path",
  "namespace",
  "when",
  "nth",
  "from",
  "times",
  "once",
  "probability",
  "seed",
  "name"
]

const position = (member: "nth" | "from" | "times", value: unknown): number | undefined =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) >= 1)
    ? value as number | undefined
    : refuse(member, `${shown(value)} is no whole number from 1`)

const verbsOf = (given: unknown): ReadonlyArray<Verb> => {
  if (given === undefined) return verbs.filter((verb) => verb !== "batch")
  const list: ReadonlyArray<unknown> = Array.isArray(given) ? given : [given]
  if (list.length === 0) return refuse("verb", "the list is empty, so the rule would hit nothing")
  const unknown = list.find((verb) => !verbs.includes(verb as Verb))
  return unknown === undefined ? list as ReadonlyArray<Verb> : refuse(
    "verb",
    `${shown(unknown)} is none of ${verbs.join(", ")}`
  )
}

const classesOf = (given: unknown): ReadonlyArray<string> | undefined => {
  if (given === undefined) return undefined
  const list: ReadonlyArray<unknown> = Array.isArray(given) ? given : [given]
  if (list.length === 0) return refuse("class", "the list is empty, so the rule would hit nothing")
  return list.map((name) =>
    typeof name === "string" && CimName.isIdentifier(name)
      ? CimName.fold(name)
      : refuse("class", `${shown(name)} is no name of a class`)
  )
}

const pathOf = (given: unknown): (ObjectPath.ObjectPath & { readonly className: string }) | undefined =>
  given === undefined ? undefined : Either.getOrElse(objectPathOf(given), (detail) => refuse("path", detail))

const namespaceOf = (given: unknown): string | undefined => {
  if (given === undefined) return undefined
  if (typeof given !== "string") return refuse("namespace", `${shown(given)} is no text`)
  const text = CimName.fold(ObjectPath.namespaceText(given))
  const names = text.split("\\")
  if (!names.every(CimName.isNamespaceName)) return refuse("namespace", `${shown(given)} is no name of a namespace`)
  return names[0] === "root" ? text : refuse("namespace", `${shown(given)} does not begin with root`)
}

/** Whether the values of an instance have the keys of a path. It serves objects whose path is not known before the put. */
const hasKeys = (object: WbemObject | undefined, path: ObjectPath.ObjectPath): boolean =>
  object?._tag === "Instance" && path.keys.length > 0 && CimName.equals(object.className, path.className ?? "")
  && path.keys.every(({ name, value }) =>
    name !== undefined
    && Object.entries(object.values).some(([property, given]) =>
      CimName.equals(property, name) && given !== null && CimName.fold(String(given)) === CimName.fold(String(value))
    )
  )

const isAt = ({ object, path: at }: Request, path: ObjectPath.ObjectPath, identity: string): boolean =>
  hasIdentity(at, identity) || hasKeys(object, path)

const ordinal = (n: number): string => {
  const last = n % 100 > 10 && n % 100 < 14 ? 0 : n % 10
  return `${n}${last === 1 ? "st" : last === 2 ? "nd" : last === 3 ? "rd" : "th"}`
}

const actionText = (action: Action): string => {
  switch (action._tag) {
    case "Fail":
      return action.error._tag === "WbemTransportFailure" && !action.error.sent
        ? "the request is lost"
        : `fails with ${action.error.status} (${HResult.hex(action.error.hresult)})`
    case "LoseAnswer":
      return "the answer is lost"
    case "Delay":
      return `waits ${Duration.format(action.duration)}`
    case "Die":
      return `dies with ${shown(action.defect instanceof Error ? action.defect.message : action.defect)}`
  }
}

/** Which calls, in words. */
const callsText = (options: Options): string => {
  const { class: className, from, kind, namespace, nth, path, probability, seed, verb, when } = options
  const calls = verb === undefined ? "call" : [verb].flat().join(" or ")
  const words = [
    nth !== undefined
      ? `the ${ordinal(nth)} ${calls}`
      : from !== undefined
      ? `every ${calls} from the ${ordinal(from)} on`
      : `every ${calls}`,
    kind === undefined ? "" : `of ${kind === "class" ? "a class" : "an instance"}`,
    className === undefined ? "" : `of ${[className].flat().join(" or ")}`,
    path === undefined ? "" : `of ${typeof path === "string" ? path : ObjectPath.format(path)}`,
    namespace === undefined ? "" : `in ${namespace}`,
    when === undefined ? "" : `where ${when.name === "" || when.name === "when" ? "the predicate holds" : when.name}`,
    probability === undefined ? "" : `with probability ${probability} (seed ${seed ?? 1})`
  ]
  const limit = limitOf(options)
  const often = nth !== undefined || limit === Infinity ? "" : limit === 1 ? ", once" : `, ${limit} times`
  return `${words.filter((word) => word !== "").join(" ")}${often}`
}

const textOf = (options: Options, action: Action): string => `${callsText(options)}: ${actionText(action)}`

/** The action of a rule: an error that this module made says which rule it is of. */
const ofRule = (action: Action, rule: string): Action => {
  if (action._tag !== "Fail" || action.error.detail !== noRule) return action
  const detail = `fault rule: ${rule}`
  return {
    _tag: "Fail",
    error: action.error === loseRequest.error
      ? new TransportFailure({ sent: false, detail })
      : StatusError.fromHResult(action.error.hresult, { detail })
  }
}

const limitOf = ({ once, times }: Options): number => once === true ? 1 : times ?? Infinity

/**
 * A rule. Throws {@link InvalidFault} for members that make no sense; {@link either} returns it.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Fault } from "effect-wmi/testing"
 *
 * const third = Fault.make({ verb: "put", class: "Corp_Asset", nth: 3, fault: "AccessDenied" })
 * assert.equal(String(third), "the 3rd put of Corp_Asset: fails with AccessDenied (0x80041003)")
 * assert.throws(() => Fault.make({ nth: 0, fault: "AccessDenied" }), /nth: 0 is no whole number from 1/)
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Fault => {
  if (typeof options !== "object" || options === null) return refuse("options", `${shown(options)} is no rule`)
  const unknown = Object.keys(options).find((name) => !members.includes(name as keyof Options))
  if (unknown !== undefined) return refuse(unknown, `there is no such member; the members are ${members.join(", ")}`)
  const { kind, name, once, probability, seed, when } = options
  const stated = actionOf(options.fault)
  const listed = verbsOf(options.verb)
  const classes = classesOf(options.class)
  const path = pathOf(options.path)
  const identity = path === undefined ? undefined : identityOf(path)
  const namespace = namespaceOf(options.namespace)
  const pathNamespace = path?.namespace === undefined ? undefined : CimName.fold(path.namespace)
  if (kind !== undefined && kind !== "instance" && kind !== "class") refuse("kind", `${shown(kind)} is no kind`)
  if (when !== undefined && typeof when !== "function") refuse("when", `${shown(when)} is no function`)
  if (name !== undefined && (typeof name !== "string" || name.trim() === "")) {
    refuse("name", `${shown(name)} is no text for messages`)
  }
  if (once !== undefined && typeof once !== "boolean") refuse("once", `${shown(once)} is no truth value`)
  const nth = position("nth", options.nth)
  const from = position("from", options.from)
  const times = position("times", options.times)
  if (nth !== undefined && from !== undefined) refuse("from", "a rule has nth or from, not both")
  if (once === true && times !== undefined) refuse("times", "a rule has once or times, not both")
  if (nth !== undefined && times !== undefined && times > 1) {
    refuse("times", `nth is a single call, so it cannot be hit ${times} times`)
  }
  if (probability !== undefined && !(typeof probability === "number" && probability >= 0 && probability <= 1)) {
    refuse("probability", `${shown(probability)} is no number from 0 to 1`)
  }
  if (seed !== undefined && !Number.isSafeInteger(seed)) refuse("seed", `${shown(seed)} is no whole number`)
  if (seed !== undefined && probability === undefined) refuse("seed", "without a probability nothing is drawn")
  if (namespace !== undefined && pathNamespace !== undefined && namespace !== pathNamespace) {
    refuse("namespace", `the path is in ${path!.namespace}, so the rule would hit nothing`)
  }
  if (classes !== undefined && path !== undefined && !classes.includes(CimName.fold(path.className))) {
    refuse("class", `the path is of ${path.className}, so the rule would hit nothing`)
  }
  if (kind !== undefined && listed.every((verb) => verb === "list")) {
    refuse("kind", "a list is of no single object, so the rule would hit nothing")
  }
  if (path !== undefined && listed.every((verb) => verb === "list")) {
    refuse("path", "a list has no path, so the rule would hit nothing; select it by class or namespace")
  }
  if (kind !== undefined && path !== undefined && (kind === "instance") !== isInstancePath(path)) {
    refuse(
      "kind",
      `the path is one of ${kind === "instance" ? "a class" : "an instance"}, so the rule would hit nothing`
    )
  }
  const wanted = namespace ?? pathNamespace
  const batches = listed.includes("batch")
  for (const member of ["class", "path", "kind", "namespace"] as const) {
    if (batches && options[member] !== undefined) {
      refuse(member, "a batch has many objects; select it with `when`, nth or from")
    }
  }
  const text = name ?? textOf(options, stated)
  const action = ofRule(stated, name ?? callsText(options))
  return {
    [TypeId]: TypeId,
    options: Object.freeze({ ...options }),
    action,
    verbs: listed,
    accepts: (request) =>
      listed.includes(request.verb)
      && (wanted === undefined || wanted === CimName.fold(request.namespace ?? ""))
      && (classes === undefined || classes.includes(CimName.fold(request.className ?? "")))
      && (kind === undefined || kindOf(request.object, request.path) === kind)
      && (path === undefined || isAt(request, path, identity!))
      && (when === undefined || when(request)),
    selects: (count) => (nth === undefined || count === nth) && (from === undefined || count >= from),
    limit: nth === undefined ? limitOf(options) : 1,
    toString: () => text,
    toJSON: () => ({ _id: "effect-wmi/testing/Fault", rule: text }),
    [Inspectable.NodeInspectSymbol]: () => text
  }
}

/**
 * A rule, or the reason why it makes no sense.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Either } from "effect"
 * import { Fault } from "effect-wmi/testing"
 *
 * const refused = Either.flip(Fault.either({ probability: 2, fault: "Failed" }))
 * assert.equal(Either.getOrThrow(refused).member, "probability")
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const either = (options: Options): Either.Either<Fault, InvalidFault> => {
  try {
    return Either.right(make(options))
  } catch (error) {
    if (error instanceof InvalidFault) return Either.left(error)
    throw error
  }
}

/**
 * The rule with more members, or with other ones. Throws {@link InvalidFault}, as {@link make} does.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { pipe } from "effect"
 * import { Fault } from "effect-wmi/testing"
 *
 * const denied = Fault.make({ verb: "put", fault: "AccessDenied" })
 * const thirdDenied = pipe(denied, Fault.and({ class: "Corp_Asset", nth: 3 }))
 * assert.equal(String(thirdDenied), "the 3rd put of Corp_Asset: fails with AccessDenied (0x80041003)")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const and: {
  (more: Partial<Options>): (self: Fault) => Fault
  (self: Fault, more: Partial<Options>): Fault
} = /* @__PURE__ */ dual(2, (self: Fault, more: Partial<Options>): Fault => make({ ...self.options, ...more }))

/**
 * A rule in words, for logs and messages. The same as `String(fault)`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const describe = (self: Fault): string => self.toString()
