/** Checks the events of sinks: `then.events`, `eventsByCall`, `hresult` and the like. */
import * as ObjectPath from "../model/ObjectPath.ts"
import type { Instance } from "../model/WbemObject.ts"
import * as HResult from "../protocol/HResult.ts"
import type { Completed, SinkEvent } from "../protocol/SinkEvent.ts"
import { caseValue, equalData, matches, type Problems } from "./compare.ts"
import { eventNames } from "./given.ts"
import type { CallEvent } from "./steps.ts"
import { CaseError, fields, hresult, isObject, type Json, type JsonObject, label, list, text } from "./vocabulary.ts"
import type { Observation } from "./when.ts"

const nameOf = ({ event }: CallEvent): string => `On${event._tag}`

const errorFields = ["StatusCode", "class", "Operation", "ParameterInfo", "ProviderName", "Description"]

const checkError = (problems: Problems, what: string, expected: Json, actual: Instance | null | undefined): void => {
  if (expected === null) return problems.expect(what, null, actual, actual === null)
  const { class: className, ...values } = fields(expected, what, errorFields)
  if (actual === null || actual === undefined) return problems.expect(what, expected, actual, false)
  if (className !== undefined) problems.equal(`${what}.class`, className, actual.className)
  for (const [name, value] of Object.entries(values)) {
    problems.equal(`${what}.${name}`, value, caseValue(actual.values[name]))
  }
}

/** Checks one field of an event. */
type FieldCheck = (problems: Problems, what: string, expected: Json, callEvent: CallEvent) => void

/** Checks a field by its value. An event whose value is `undefined` does not have the field and never matches. */
const value = (of: (callEvent: CallEvent) => Json | undefined): FieldCheck => (problems, what, expected, callEvent) => {
  const actual = of(callEvent)
  problems.expect(what, expected, actual, actual !== undefined && matches(expected, actual))
}

const pathOf = ({ event }: CallEvent): ObjectPath.ObjectPath | undefined =>
  event._tag === "ObjectPut" ? event.path : undefined

const ofPath = (of: (path: ObjectPath.ObjectPath) => Json | undefined): FieldCheck =>
  value((callEvent) => {
    const path = pathOf(callEvent)
    return path === undefined ? undefined : of(path)
  })

const ofProgress = (name: "upperBound" | "current" | "message"): FieldCheck =>
  value(({ event }) => event._tag === "Progress" ? event[name] : undefined)

const completed = (event: SinkEvent): Completed | undefined => event._tag === "Completed" ? event : undefined

const eventFields: Readonly<Record<string, FieldCheck>> = {
  event: value(nameOf),
  call: (problems, what, expected, { call }) => problems.equal(what, label(expected, what), call),
  path: ofPath(ObjectPath.format),
  relPath: ofPath(ObjectPath.relPath),
  relPathLength: ofPath((path) => ObjectPath.relPath(path).length),
  relPathPattern: (problems, what, expected, callEvent) => {
    const path = pathOf(callEvent)
    const actual = path === undefined ? undefined : ObjectPath.relPath(path)
    problems.expect(what, expected, actual, actual !== undefined && new RegExp(text(expected, what)).test(actual))
  },
  server: ofPath((path) => path.server),
  namespace: ofPath((path) => path.namespace),
  class: ofPath((path) => path.className),
  isClass: ofPath((path) => ObjectPath.kind(path) === "class"),
  isSingleton: ofPath((path) => path.singleton),
  keys: (problems, what, expected, callEvent) => {
    const path = pathOf(callEvent)
    const actual: JsonObject = Object.fromEntries((path?.keys ?? []).map((key) => [key.name ?? "", key.value]))
    const whole = isObject(expected) && Object.keys(expected).length === Object.keys(actual).length
    problems.expect(what, expected, actual, path !== undefined && whole && matches(expected, actual))
  },
  hresult: (problems, what, expected, { event }) => checkHResult(problems, what, expected, completed(event)?.hresult),
  error: (problems, what, expected, { event }) => checkError(problems, what, expected, completed(event)?.errorObject),
  upperBound: ofProgress("upperBound"),
  current: ofProgress("current"),
  message: ofProgress("message"),
  asyncContext: (problems, what, expected, { event }) =>
    problems.expect(what, expected, event.asyncContext, equalData(expected, event.asyncContext))
}

/** Checks a complete list of events. An element that is a text is the name of an event and checks nothing else. */
export const checkEvents = (
  problems: Problems,
  what: string,
  written: Json,
  events: ReadonlyArray<CallEvent>
): void => {
  const expected = list(written, what).map((one, i): JsonObject => {
    const read: JsonObject = isObject(one) ? fields(one, `${what}[${i}]`, Object.keys(eventFields)) : { event: one }
    const name = text(read["event"], `${what}[${i}].event`)
    if (!eventNames.includes(name)) throw new CaseError(`${what}[${i}]: the runner does not know the event ${name}`)
    return read
  })
  problems.expect(what, expected.map((one) => one["event"]), events.map(nameOf), expected.length === events.length)
  expected.forEach((one, i) => {
    const actual = events[i]
    if (actual === undefined) return
    for (const [name, expected] of Object.entries(one)) {
      eventFields[name]!(problems, `${what}[${i}].${name}`, expected, actual)
    }
  })
}

/** The HRESULT of a call, raised or delivered; `undefined` when the call did not end. */
export const finalHResult = (observed: Observation, named: string): number | undefined => {
  const call = observed.calls.find((one) => one.label === named)
  if (call?.raised !== undefined) return HResult.unsigned(call.raised.hresult)
  const last = observed.events.filter((one) => one.call === named).at(-1)
  return last === undefined ? undefined : completed(last.event)?.hresult
}

export const checkHResult = (problems: Problems, what: string, expected: Json, actual: number | undefined): void =>
  problems.expect(what, expected, actual === undefined ? null : HResult.hex(actual), hresult(expected, what) === actual)
