/**
 * The state of a test kit: the armed fault rules with their counts, the call log, the seed. It is the observer of the kit's repository.
 *
 * @internal
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { InstanceFacts } from "../engine/Facts.ts"
import type { PutRule, ValidatedPut } from "../engine/PutRules.ts"
import * as CimName from "../model/CimName.ts"
import { className, type WbemObject } from "../model/WbemObject.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type { DecodedPut, PutRequest } from "../protocol/PutRequest.ts"
import { IllegalNull, type WbemError } from "../protocol/WbemError.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { Call } from "./CallLog.ts"
import type { Fault, Request, Verb } from "./Fault.ts"
import type { BatchStep, Begun, Observer, Step } from "./observation.ts"

/**
 * What is done about a NULL string key, which WMI replaces by a GUID (IK-3).
 *
 * @since 0.1.0
 * @category models
 */
export type GeneratedKeys = "allow" | "warn" | "refuse"

/** A rule of a kit with its counts. */
export class Armed {
  readonly fault: Fault
  /** The same in every copy of the rule, and another one when the rule is armed again. */
  readonly id: symbol
  /** Calls that met the criteria. */
  count = 0
  hits = 0
  private state: number

  constructor(fault: Fault, id: symbol = Symbol(fault.toString())) {
    this.fault = fault
    this.id = id
    this.state = fault.options.seed ?? 1
  }

  copy(): Armed {
    const copy = new Armed(this.fault, this.id)
    copy.count = this.count
    copy.hits = this.hits
    copy.state = this.state
    return copy
  }

  /** A number from 0 to 1, without 1: SplitMix32. */
  private draw(): number {
    this.state = (this.state + 0x9e3779b9) | 0
    let x = this.state ^ (this.state >>> 16)
    x = Math.imul(x, 0x21f0aaad)
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
    return ((x ^ (x >>> 15)) >>> 0) / 0x100000000
  }

  /** Counts a call that may meet the criteria. Returns whether the schedule selects it. */
  meets(request: Request): boolean {
    let accepted
    try {
      accepted = this.fault.accepts(request)
    } catch (cause) {
      throw new Error(`the predicate of the fault rule (${String(this.fault)}) threw`, { cause })
    }
    if (!accepted) return false
    this.count++
    if (!this.fault.selects(this.count) || this.hits >= this.fault.limit) return false
    const { probability } = this.fault.options
    return probability === undefined || this.draw() < probability
  }
}

/** The parts of a kit that a restore point keeps. */
export interface Kept {
  readonly armed: ReadonlyArray<Armed>
  readonly calls: ReadonlyArray<Call>
  readonly callNumber: number
}

export interface KitOptions {
  readonly faults: ReadonlyArray<Fault>
  readonly seed: number
  /** Milliseconds since 1970; `undefined` leaves the time of the program's clock. */
  readonly time: (() => number) | undefined
  readonly generatedKeys: GeneratedKeys
  /** The number of calls before the first one: those that made the start state have generated keys too. */
  readonly callsBefore: number
}

const faultVerbs: { readonly [verb in Call["verb"]]: Verb | undefined } = {
  put: "put",
  get: "get",
  list: "list",
  delete: "delete",
  plan: "plan",
  snapshot: undefined,
  restore: undefined
}

const guid = /^\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i

/** The names of the keys that the repository generated: NULL in the object, a GUID in the path. */
const generatedIn = (object: WbemObject, report: PutReport): ReadonlyArray<string> => {
  if (object._tag === "Class") return []
  const given = Object.entries(object.values)
  return report.path.keys.flatMap(({ name, value }) => {
    if (name === undefined || typeof value !== "string" || !guid.test(value)) return []
    const own = given.find(([property]) => CimName.equals(property, name))?.[1]
    return own === undefined || own === null ? [name] : []
  })
}

/** The rule of `generatedKeys: "refuse"`, after the rules of the specification. */
const noGeneratedKey: PutRule<InstanceFacts> = (facts) => {
  const { resolvedClass } = facts
  if (resolvedClass === undefined || resolvedClass.isDynamic || resolvedClass.isSingleton) return undefined
  const given = facts.values.values
  if (facts.keyed === given) return undefined
  const generated = resolvedClass.keys.find(({ name }) => facts.keyed[name] !== given[name])
  return generated && new IllegalNull({
    property: generated.name,
    because: "Key",
    detail: 'WMI would generate this key; the test kit has generatedKeys: "refuse"'
  })
}

const isEnded = ({ instead, losesAnswer }: Pick<Step, "instead" | "losesAnswer">): boolean =>
  instead !== undefined || losesAnswer !== undefined

export class Kit implements Observer {
  readonly options: KitOptions
  armed: Array<Armed>
  /** Replaced as a whole when it is cleared, so that a call that began before ends in the old log. */
  calls: Array<Call> = []
  callNumber: number
  private warned = new Set<string>()

  constructor(options: KitOptions) {
    this.options = options
    this.callNumber = options.callsBefore
    this.armed = options.faults.map((fault) => new Armed(fault))
  }

  keep(): Kept {
    return { armed: this.armed.map((one) => one.copy()), calls: [...this.calls], callNumber: this.callNumber }
  }

  /** Back to what was kept. */
  back({ armed, callNumber, calls }: Kept): void {
    this.armed = armed.map((one) => one.copy())
    this.calls = [...calls]
    this.callNumber = callNumber
    this.warned = new Set()
  }

  start(): void {
    const { callsBefore, faults } = this.options
    this.back({ armed: faults.map((fault) => new Armed(fault)), calls: [], callNumber: callsBefore })
  }

  /** The rule with its counts; `undefined` when it is armed no more. */
  withId(id: symbol): Armed | undefined {
    return this.armed.find((one) => one.id === id)
  }

  nextCall(): void {
    this.callNumber++
  }

  prepare(valid: ValidatedPut): ValidatedPut {
    const { put, rules } = valid
    const { generatedKeys, seed, time } = this.options
    // The words of a GUID depend on every bit of the seed, so neighbouring numbers serve.
    const call = { ...put.call, seed: seed * 0x100000 + this.callNumber, time: time?.() ?? put.call.time }
    return {
      put: { ...put, call },
      rules: generatedKeys === "refuse" ? { ...rules, forInstance: [...rules.forInstance, noGeneratedKey] } : rules
    }
  }

  beginBatch(puts: ReadonlyArray<DecodedPut>): BatchStep {
    return this.act({
      verb: "batch",
      bulk: true,
      namespace: undefined,
      className: undefined,
      path: undefined,
      object: undefined,
      objects: puts.map(({ object }) => object)
    })
  }

  begin(call: Begun, batch: BatchStep = nothing): Step {
    const object = call.verb === "put" || call.verb === "plan" ? (call.request as PutRequest).object : undefined
    const verb = call.admitted ? faultVerbs[call.verb] : undefined
    const own = verb === undefined ? nothing : this.act({
      verb,
      bulk: call.bulk,
      namespace: call.namespace,
      className: call.className,
      path: call.path,
      object,
      objects: object === undefined ? [] : [object]
    }, isEnded(batch.step))
    const { step } = own
    const faults = [...batch.faults, ...own.faults]
    const { calls } = this
    const index = calls.length
    const pending = {
      verb: call.verb,
      index,
      time: call.time,
      namespace: call.namespace,
      className: call.className,
      path: call.path,
      request: call.request,
      end: "Pending",
      answer: undefined,
      error: undefined,
      defect: undefined,
      faults,
      lostAnswer: undefined,
      ...(call.verb === "put" ? { bulk: call.bulk, batch: call.batch, admitted: call.admitted, generatedKeys: [] } : {})
    } as unknown as Call // the members of the request and answer of each verb are those of its `Begun`
    calls.push(pending)
    return {
      ...step,
      end: (exit, hidden) =>
        Effect.suspend(() => {
          const ended = endedCall(pending, exit, hidden)
          calls[index] = ended
          return this.warn(ended)
        })
    }
  }

  /**
   * What the rules do to a call: delays add up, and the first rule that ends the call is the last to act. None acts on a put whose batch a
   * rule has ended.
   */
  private act(request: Request, isOver = false): BatchStep {
    if (this.armed.length === 0) return nothing
    const faults: Array<Fault> = []
    const step: { -readonly [member in keyof Omit<Step, "end">]: Step[member] } = { ...nothing.step }
    for (const armed of this.armed) {
      // Each rule counts each call, whatever the rules before it did.
      if (!armed.meets(request) || isOver || isEnded(step)) continue
      armed.hits++
      faults.push(armed.fault)
      const { action } = armed.fault
      switch (action._tag) {
        case "Delay":
          step.delay = Duration.sum(step.delay, action.duration)
          break
        case "LoseAnswer":
          step.losesAnswer = armed.fault
          break
        default:
          step.instead = action
      }
    }
    return { step, faults }
  }

  /** One warning for each class whose keys were generated. */
  private warn(call: Call): Effect.Effect<void> {
    if (call.verb !== "put" || call.generatedKeys.length === 0 || this.options.generatedKeys !== "warn") {
      return Effect.void
    }
    const name = CimName.fold(className(call.request.object))
    if (this.warned.has(name)) return Effect.void
    this.warned.add(name)
    return Effect.logWarning(
      `WmiTest: a put of ${className(call.request.object)} had no value for the key ${
        call.generatedKeys.join(", ")
      }, so it`
        + ` was stored as ${call.path}. generatedKeys: "refuse" makes such a put fail, "allow" ends this warning.`
    )
  }
}

const nothing: BatchStep = {
  step: { delay: Duration.zero, instead: undefined, losesAnswer: undefined },
  faults: []
}

type Ended = Pick<Call, "end" | "error" | "defect"> & { readonly answer: unknown }

const ending = (exit: Exit.Exit<unknown, WbemError>): Ended => {
  if (Exit.isSuccess(exit)) return { end: "Success", answer: exit.value, error: undefined, defect: undefined }
  const failure = Cause.failureOption(exit.cause)
  const none = { answer: undefined, error: undefined, defect: undefined }
  if (failure._tag === "Some") return { ...none, end: "Failure", error: failure.value }
  return Cause.isInterruptedOnly(exit.cause)
    ? { ...none, end: "Interrupted" }
    : { ...none, end: "Defect", defect: Cause.squash(exit.cause) }
}

/** A call of the log with its end. The path of a put that was stored is that of its report. */
export const endedCall = (
  call: Call,
  exit: Exit.Exit<unknown, WbemError>,
  hidden: Exit.Exit<unknown, WbemError> | undefined
): Call => {
  const { answer, ...end } = ending(exit)
  const dropped = hidden === undefined ? undefined : ending(hidden)
  const stored = call.verb !== "put" ? undefined : (answer ?? dropped?.answer) as PutReport | undefined
  return {
    ...call,
    ...end,
    answer,
    lostAnswer: dropped?.answer ?? dropped?.error,
    ...(stored === undefined || call.verb !== "put" ? {} : {
      path: ObjectPath.relPath(stored.path),
      generatedKeys: generatedIn(call.request.object, stored)
    })
  } as Call // the answer has the type of its verb
}
