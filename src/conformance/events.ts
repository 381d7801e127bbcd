/** What sinks heard against `then.events`, `eventsByCall`, `hresult` and their like. */
import * as ObjectPath from "../model/ObjectPath.ts"
import type { Instance } from "../model/WbemObject.ts"
import * as HResult from "../protocol/HResult.ts"
import type { Completed, SinkEvent } from "../protocol/SinkEvent.ts"
import { equalData, caseValue, type Problems, matches } from "./compare.ts"
import { eventNames } from "./given.ts"
import type { CallEvent } from "./steps.ts"
import { CaseError, fields, hresult, isObject, type Json, type JsonObject, label, list, text } from "./vocabulary.ts"
import type { Observation } from "./when.ts"

const nameOf = ({ event }: CallEvent): string => `On${event._tag}`

const errorFields = ["StatusCode", "class", "Operation", "ParameterInfo", "ProviderName", "Description"]

const checkError = (problems: Problems, what: string, wanted: Json, got: Instance | null | undefined): void => {
  if (wanted === null) return problems.expect(what, null, got, got === null)
  const { class: className, ...values } = fields(wanted, what, errorFields)
  if (got === null || got === undefined) return problems.expect(what, wanted, got, false)
  if (className !== undefined) problems.equal(`${what}.class`, className, got.className)
  for (const [name, value] of Object.entries(values)) problems.equal(`${what}.${name}`, value, caseValue(got.values[name]))
}

/** Compares one field of an event. */
type FieldCheck = (problems: Problems, what: string, wanted: Json, told: CallEvent) => void

/** A field by its value; `undefined` is what this event does not have, and no case can want. */
const value = (of: (told: CallEvent) => Json | undefined): FieldCheck => (problems, what, wanted, told) => {
  const got = of(told)
  problems.expect(what, wanted, got, got !== undefined && matches(wanted, got))
}

const pathOf = ({ event }: CallEvent): ObjectPath.ObjectPath | undefined =>
  event._tag === "ObjectPut" ? event.path : undefined

const ofPath = (of: (path: ObjectPath.ObjectPath) => Json | undefined): FieldCheck =>
  value((told) => {
    const path = pathOf(told)
    return path === undefined ? undefined : of(path)
  })

const ofProgress = (name: "upperBound" | "current" | "message"): FieldCheck =>
  value(({ event }) => event._tag === "Progress" ? event[name] : undefined)

const completed = (event: SinkEvent): Completed | undefined => event._tag === "Completed" ? event : undefined

const eventFields: Readonly<Record<string, FieldCheck>> = {
  event: value(nameOf),
  call: (problems, what, wanted, { call }) => problems.equal(what, label(wanted, what), call),
  path: ofPath(ObjectPath.format),
  relPath: ofPath(ObjectPath.relPath),
  relPathLength: ofPath((path) => ObjectPath.relPath(path).length),
  relPathPattern: (problems, what, wanted, told) => {
    const path = pathOf(told)
    const got = path === undefined ? undefined : ObjectPath.relPath(path)
    problems.expect(what, wanted, got, got !== undefined && new RegExp(text(wanted, what)).test(got))
  },
  server: ofPath((path) => path.server),
  namespace: ofPath((path) => path.namespace),
  class: ofPath((path) => path.className),
  isClass: ofPath((path) => ObjectPath.kind(path) === "class"),
  isSingleton: ofPath((path) => path.singleton),
  keys: (problems, what, wanted, told) => {
    const path = pathOf(told)
    const got: JsonObject = Object.fromEntries((path?.keys ?? []).map((key) => [key.name ?? "", key.value]))
    const whole = isObject(wanted) && Object.keys(wanted).length === Object.keys(got).length
    problems.expect(what, wanted, got, path !== undefined && whole && matches(wanted, got))
  },
  hresult: (problems, what, wanted, { event }) => checkHResult(problems, what, wanted, completed(event)?.hresult),
  error: (problems, what, wanted, { event }) => checkError(problems, what, wanted, completed(event)?.errorObject),
  upperBound: ofProgress("upperBound"),
  current: ofProgress("current"),
  message: ofProgress("message"),
  asyncContext: (problems, what, wanted, { event }) =>
    problems.expect(what, wanted, event.asyncContext, equalData(wanted, event.asyncContext))
}

/** A whole list of events; one that is a name alone says nothing more of the event. */
export const checkEvents = (problems: Problems, what: string, written: Json, told: ReadonlyArray<CallEvent>): void => {
  const expected = list(written, what).map((one, i): JsonObject => {
    const read: JsonObject = isObject(one) ? fields(one, `${what}[${i}]`, Object.keys(eventFields)) : { event: one }
    const name = text(read["event"], `${what}[${i}].event`)
    if (!eventNames.includes(name)) throw new CaseError(`${what}[${i}]: the runner does not know the event ${name}`)
    return read
  })
  problems.expect(what, expected.map((one) => one["event"]), told.map(nameOf), expected.length === told.length)
  expected.forEach((one, i) => {
    const got = told[i]
    if (got === undefined) return
    for (const [name, wanted] of Object.entries(one)) eventFields[name]!(problems, `${what}[${i}].${name}`, wanted, got)
  })
}

/** The number a call ended with, raised or delivered; `undefined` when it did not end. */
export const finalHResult = (observed: Observation, named: string): number | undefined => {
  const call = observed.calls.find((one) => one.label === named)
  if (call?.raised !== undefined) return HResult.unsigned(call.raised.hresult)
  const last = observed.events.filter((one) => one.call === named).at(-1)
  return last === undefined ? undefined : completed(last.event)?.hresult
}

export const checkHResult = (problems: Problems, what: string, wanted: Json, got: number | undefined): void =>
  problems.expect(what, wanted, got === undefined ? null : HResult.hex(got), hresult(wanted, what) === got)
