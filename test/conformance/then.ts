/** `then` against what was observed. Every field is understood or the case fails. */
import { isDeepStrictEqual } from "node:util"
import * as Option from "effect/Option"
import * as CimType from "../../src/model/CimType.ts"
import * as HResult from "../../src/protocol/HResult.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { CimValue, ClassDefinition, Instance } from "../../src/model/WbemObject.ts"
import type { SinkEvent } from "../../src/protocol/SinkEvent.ts"
import * as WbemEvent from "../../src/protocol/WbemEvent.ts"
import * as Lineage from "../../src/engine/Lineage.ts"
import * as Snapshot from "../../src/engine/Snapshot.ts"
import { namespace, type Setup } from "./given.ts"
import { CaseError, fields, isObject, type Json, type JsonObject, list, text } from "./vocabulary.ts"
import type { Observed } from "./when.ts"

/** A value as the case files write it: 64-bit integers as decimal text, embedded objects as `{class, props}`. */
const plain = (value: CimValue | undefined): Json => {
  if (value === undefined || value === null) return null
  if (typeof value === "bigint") return String(value)
  if (Array.isArray(value)) return value.map((element: CimValue) => plain(element))
  if (typeof value !== "object") return value as Json
  const object = value as Instance | ClassDefinition
  return object._tag === "Instance"
    ? {
      class: object.className,
      props: Object.fromEntries(Object.entries(object.values).map(([k, v]) => [k, plain(v)]))
    }
    : { class: object.name }
}

const same = (expected: Json, got: Json): boolean => {
  if (typeof expected === "number" && typeof got === "string") return String(expected) === got
  if (Array.isArray(expected)) {
    return Array.isArray(got) && expected.length === got.length && expected.every((e, i) => same(e, got[i]!))
  }
  if (isObject(expected)) {
    return isObject(got) && Object.keys(expected).every((name) => same(expected[name]!, got[name] ?? null))
  }
  return isDeepStrictEqual(expected, got)
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => typeof v === "bigint" ? String(v) : v) ?? "undefined"

export class Problems {
  readonly found: Array<string> = []
  expect(what: string, expected: unknown, got: unknown, ok: boolean): void {
    if (!ok) this.found.push(`${what}: expected ${show(expected)}, got ${show(got)}`)
  }
  equal(what: string, expected: Json, got: Json): void {
    this.expect(what, expected, got, same(expected, got) && !(expected === null && got !== null))
  }
}

const hresultOf = (event: SinkEvent): string | undefined =>
  event._tag === "Completed" ? HResult.hex(event.hresult) : undefined

const checkEvent = (problems: Problems, at: string, expected: JsonObject, event: SinkEvent, call: string): void => {
  const path = event._tag === "ObjectPut" ? event.path : undefined
  for (const [name, wanted] of Object.entries(expected)) {
    const what = `${at}.${name}`
    const equal = (got: Json | undefined): void => problems.equal(what, wanted, got ?? null)
    switch (name) {
      case "event":
        equal(`On${event._tag}`)
        break
      case "call":
        equal(Number(call))
        break
      case "path":
        equal(path === undefined ? null : ObjectPath.format(path))
        break
      case "relPath":
        equal(path === undefined ? null : ObjectPath.relPath(path))
        break
      case "relPathLength":
        equal(path === undefined ? null : ObjectPath.relPath(path).length)
        break
      case "relPathPattern":
        problems.expect(
          what,
          wanted,
          path && ObjectPath.relPath(path),
          path !== undefined && new RegExp(String(wanted)).test(ObjectPath.relPath(path))
        )
        break
      case "server":
      case "namespace":
        equal(path?.[name])
        break
      case "class":
        equal(path?.className)
        break
      case "isClass":
        equal(path !== undefined && ObjectPath.kind(path) === "class")
        break
      case "isSingleton":
        equal(path?.singleton)
        break
      case "keys": {
        const keys = Object.fromEntries((path?.keys ?? []).map((key) => [key.name ?? "", plain(key.value)]))
        problems.expect(
          what,
          wanted,
          keys,
          isObject(wanted) && Object.keys(keys).length === Object.keys(wanted).length && same(wanted, keys)
        )
        break
      }
      case "hresult":
        problems.expect(
          what,
          wanted,
          hresultOf(event),
          String(wanted).toLowerCase() === hresultOf(event)?.toLowerCase()
        )
        break
      case "error":
        checkError(problems, what, wanted, event._tag === "Completed" ? event.errorObject : undefined)
        break
      case "upperBound":
      case "current":
      case "message":
        equal(event._tag === "Progress" ? event[name] : null)
        break
      case "asyncContext":
        problems.expect(what, wanted, event.asyncContext, isDeepStrictEqual(wanted, event.asyncContext))
        break
      default:
        throw new CaseError(`${at}: the runner does not know ${name}`)
    }
  }
}

const checkError = (problems: Problems, what: string, wanted: Json, got: Instance | null | undefined): void => {
  if (wanted === null) return problems.expect(what, null, got, got === null)
  const { class: className, ...values } = fields(wanted, what, [
    "StatusCode",
    "class",
    "Operation",
    "ParameterInfo",
    "ProviderName",
    "Description"
  ])
  if (got === null || got === undefined) return problems.expect(what, wanted, got, false)
  if (className !== undefined) problems.equal(`${what}.class`, className, got.className)
  for (const [name, value] of Object.entries(values)) problems.equal(`${what}.${name}`, value, plain(got.values[name]))
}

const checkEvents = (problems: Problems, expected: ReadonlyArray<Json>, observed: Observed): void => {
  problems.expect(
    "events",
    expected.map((e) => (e as JsonObject)["event"]),
    observed.events.map(({ event }) => `On${event._tag}`),
    expected.length === observed.events.length
  )
  expected.forEach((one, i) => {
    const got = observed.events[i]
    if (got !== undefined) checkEvent(problems, `events[${i}]`, one as JsonObject, got.event, got.call)
  })
}

const finalHResult = (observed: Observed, label: string): string => {
  const call = observed.calls.find((one) => one.label === label)
  if (call?.raised !== undefined) return HResult.hex(call.raised.hresult)
  const last = observed.events.filter((one) => one.call === label).at(-1)
  return last === undefined ? "none" : hresultOf(last.event) ?? "none"
}

const ofLocal = (definition: ClassDefinition | undefined): ReadonlyArray<string> =>
  definition?.properties.map((p) => p.name) ?? []

const namesEqual = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

const checkClass = (
  problems: Problems,
  at: string,
  expected: JsonObject,
  lineage: Lineage.Lineage | undefined
): void => {
  const definition = lineage?.definition
  const strings = (value: Json): ReadonlyArray<string> => list(value, at).map((one) => text(one, at))
  const absent = (what: string, names: ReadonlyArray<string>, present: ReadonlyArray<string>): void =>
    problems.expect(
      `${at}.${what}`,
      names,
      present,
      !names.some((name) => present.some((one) => namesEqual(one, name)))
    )
  const qualifierValues = (what: string, wanted: Json, list: ReadonlyArray<Qualifier.Qualifier>): void => {
    for (const [name, value] of Object.entries(wanted as JsonObject)) {
      problems.equal(`${at}.${what}.${name}`, value, (Qualifier.find(list, name)?.value ?? null) as Json)
    }
  }
  for (const [name, wanted] of Object.entries(expected)) {
    switch (name) {
      case "superclass":
        problems.equal(`${at}.superclass`, wanted, definition?.superclass ?? null)
        break
      case "qualifiers":
        qualifierValues(name, wanted, definition?.qualifiers ?? [])
        break
      case "effectiveQualifiers":
        qualifierValues(name, wanted, lineage?.qualifiers ?? [])
        break
      case "qualifiersAbsent":
        absent(name, strings(wanted), (lineage?.qualifiers ?? []).map((q) => q.name))
        break
      case "localQualifiersAbsent":
        absent(name, strings(wanted), (definition?.qualifiers ?? []).map((q) => q.name))
        break
      case "localProperties":
        problems.expect(
          `${at}.${name}`,
          wanted,
          ofLocal(definition),
          isDeepStrictEqual([...strings(wanted)].sort(), [...ofLocal(definition)].sort())
        )
        break
      case "localPropertiesAbsent":
        absent(name, strings(wanted), ofLocal(definition))
        break
      case "effectiveProperties": {
        const got = (lineage?.properties ?? []).map((p) => p.name)
        problems.expect(`${at}.${name}`, wanted, got, isDeepStrictEqual([...strings(wanted)].sort(), [...got].sort()))
        break
      }
      case "effectiveType":
        for (const [property, type] of Object.entries(wanted as JsonObject)) {
          const found = lineage === undefined ? undefined : Lineage.findProperty(lineage, property)
          problems.equal(`${at}.${name}.${property}`, type, found === undefined ? null : CimType.format(found))
        }
        break
      case "effectiveDefault":
        for (const [property, value] of Object.entries(wanted as JsonObject)) {
          const found = lineage === undefined ? undefined : Lineage.findProperty(lineage, property)
          problems.equal(`${at}.${name}.${property}`, value, plain(found?.value))
        }
        break
      case "keys":
        problems.expect(
          `${at}.keys`,
          wanted,
          lineage?.keys.map((p) => p.name),
          isDeepStrictEqual(wanted, lineage?.keys.map((p) => p.name))
        )
        break
      case "localMethodsAbsent":
        absent(name, strings(wanted), (definition?.methods ?? []).map((m) => m.name))
        break
      default:
        throw new CaseError(`${at}: the runner does not know ${name}`)
    }
  }
}

const checkRepository = (problems: Problems, expected: JsonObject, setup: Setup, after: Snapshot.Snapshot): void => {
  const has = (name: string): boolean => Option.isSome(Snapshot.getClass(after, namespace, name))
  for (const [name, wanted] of Object.entries(expected)) {
    switch (name) {
      case "unchanged": {
        const [before, now] = [Snapshot.entries(setup.snapshot), Snapshot.entries(after)]
        problems.expect("repository", "unchanged", now.length, wanted !== true || isDeepStrictEqual(before, now))
        break
      }
      case "classExists":
        for (const one of list(wanted, name)) problems.expect(name, one, "absent", has(text(one, name)))
        break
      case "classAbsent":
        for (const one of list(wanted, name)) problems.expect(name, one, "present", !has(text(one, name)))
        break
      case "namespaceExists":
        for (const one of Array.isArray(wanted) ? wanted : [wanted]) {
          const written = text(one, name)
          const full = written.includes("\\") ? written : `${namespace}\\${written}`
          problems.expect(name, one, Snapshot.namespaces(after), Snapshot.namespaceName(after, full) !== undefined)
        }
        break
      case "instanceCount":
        for (const [className, count] of Object.entries(wanted as JsonObject)) {
          problems.equal(`instanceCount.${className}`, count, Snapshot.count(after, namespace, className))
        }
        break
      case "instances":
        for (const one of list(wanted, name)) {
          const { class: className, props } = fields(one, name, ["class", "props"])
          const candidates = Snapshot.instances(after, namespace, text(className, name)).map(plain)
          const found = candidates.some((candidate) => same(props!, (candidate as JsonObject)["props"]!))
          problems.expect(`instances of ${String(className)}`, props, candidates, found)
        }
        break
      case "providerInstancesUntouched":
        // The library has no providers yet, so none was called; a case that needs one fails by its outcome.
        problems.expect(name, true, wanted, wanted === true)
        break
      case "class":
        for (const [className, facts] of Object.entries(wanted as JsonObject)) {
          checkClass(problems, `class ${className}`, facts as JsonObject, Snapshot.lineage(after, namespace, className))
        }
        break
      default:
        throw new CaseError(`repository: the runner does not know ${name}`)
    }
  }
}

const checkPublished = (
  problems: Problems,
  expected: ReadonlyArray<Json>,
  got: ReadonlyArray<WbemEvent.WbemEvent>
): void => {
  problems.expect(
    "published",
    expected.map((e) => (e as JsonObject)["class"]),
    got.map(WbemEvent.systemClass),
    expected.length === got.length
  )
  expected.forEach((one, i) => {
    const event = got[i]
    if (event === undefined) return
    const { class: className, current, previous, target } = fields(one, `published[${i}]`, [
      "class",
      "target",
      "previous",
      "current"
    ])
    problems.equal(`published[${i}].class`, className!, WbemEvent.systemClass(event))
    problems.equal(`published[${i}].target`, target!, ObjectPath.relPath(event.path))
    const values = (object: unknown): Json => (plain(object as CimValue) as JsonObject | null)?.["props"] ?? null
    if (previous !== undefined) {
      problems.equal(`published[${i}].previous`, previous, values("previous" in event ? event.previous : null))
    }
    if (current !== undefined) {
      problems.equal(`published[${i}].current`, current, values("current" in event ? event.current : null))
    }
  })
}

const sortedEvents = (events: ReadonlyArray<WbemEvent.WbemEvent>): ReadonlyArray<WbemEvent.WbemEvent> =>
  [...events].sort((a, b) =>
    key(WbemEvent.systemClass(a), ObjectPath.relPath(a.path))
        < key(WbemEvent.systemClass(b), ObjectPath.relPath(b.path))
      ? -1
      : 1
  )
const key = (className: Json | undefined, target: Json | undefined): string => `${String(className)} ${String(target)}`

export const check = (then: JsonObject, setup: Setup, observed: Observed): ReadonlyArray<string> => {
  const problems = new Problems()
  problems.found.push(...observed.violations)
  const byCall = then["hresultByCall"] as JsonObject | undefined
  for (const [name, wanted] of Object.entries(then)) {
    switch (name) {
      case "returns":
        for (const call of observed.calls) {
          if (byCall?.[call.label] !== undefined) continue
          problems.equal(`call ${call.label} returns`, wanted, call.raised === undefined ? "accepted" : "raised")
        }
        break
      case "events":
        checkEvents(problems, list(wanted, "events"), observed)
        break
      case "eventsByCall":
        for (const [label, names] of Object.entries(wanted as JsonObject)) {
          const got = observed.events.filter((one) => one.call === label).map(({ event }) => `On${event._tag}`)
          problems.expect(`events of call ${label}`, names, got, isDeepStrictEqual(names, got))
        }
        break
      case "hresultByCall":
        for (const [label, number] of Object.entries(wanted as JsonObject)) {
          problems.equal(
            `hresult of call ${label}`,
            String(number).toLowerCase(),
            finalHResult(observed, label).toLowerCase()
          )
        }
        break
      case "hresult": {
        const label = observed.calls.at(-1)?.label ?? "1"
        problems.equal("hresult", String(wanted).toLowerCase(), finalHResult(observed, label).toLowerCase())
        break
      }
      case "errorName": {
        const number = finalHResult(observed, observed.calls.at(-1)?.label ?? "1")
        const row = HResult.fromName(String(wanted))
        problems.equal(
          "errorName",
          String(wanted),
          row === undefined || HResult.hex(row.hresult) !== number ? number : String(wanted)
        )
        break
      }
      case "cancelRaises":
        problems.expect("cancelRaises", wanted, null, wanted === null)
        break
      case "crossCallOrder":
        break
      case "published":
        checkPublished(problems, list(wanted, name), observed.published)
        break
      case "publishedUnordered":
        checkPublished(
          problems,
          [...list(wanted, name)].sort((a, b) =>
            key((a as JsonObject)["class"], (a as JsonObject)["target"])
                < key((b as JsonObject)["class"], (b as JsonObject)["target"])
              ? -1
              : 1
          ),
          sortedEvents(observed.published)
        )
        break
      case "repository":
        checkRepository(problems, wanted as JsonObject, setup, observed.after)
        break
      default:
        throw new CaseError(`then: the runner does not know ${name}`)
    }
  }
  return problems.found
}
