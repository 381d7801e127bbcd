/** Compares values of cases with values of the library, and collects the differences. */
import * as CimName from "../model/CimName.ts"
import type { CimValue, ClassDefinition, Instance } from "../model/WbemObject.ts"
import { isObject, type Json, show } from "./vocabulary.ts"

/** Converts a value to the form of the cases: embedded objects become `{class, props}`. A 64-bit integer stays a `bigint`. */
export const caseValue = (value: CimValue | undefined): Json => {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map((element: CimValue) => caseValue(element))
  if (typeof value !== "object") return value
  const object = value as Instance | ClassDefinition
  return object._tag === "Class" ? { class: object.name } : {
    class: object.className,
    props: Object.fromEntries(Object.entries(object.values).map(([name, element]) => [name, caseValue(element)]))
  }
}

const matchesBigint = (expected: Json, got: bigint): boolean => {
  if (typeof expected === "string") return expected === String(got)
  if (typeof expected === "bigint") return expected === got
  return typeof expected === "number" && Number.isSafeInteger(expected) && BigInt(expected) === got
}

/** Whether a value matches an expected one. An object matches if the listed members do; a missing member reads as NULL. */
export const matches = (expected: Json, got: Json): boolean => {
  if (typeof got === "bigint") return matchesBigint(expected, got)
  if (typeof expected === "bigint") return Number(expected) === got
  if (Array.isArray(expected)) {
    return Array.isArray(got) && expected.length === got.length
      && expected.every((element, i) => matches(element, got[i]!))
  }
  if (isObject(expected)) {
    return isObject(got) && Object.keys(expected).every((name) => matches(expected[name]!, got[name] ?? null))
  }
  return expected === got
}

const isComposite = (value: unknown): value is object => typeof value === "object" && value !== null

/** Whether two values of plain data (arrays, records, primitives) are equal, members that are absent included. */
export const equalData = (a: unknown, b: unknown): boolean => {
  if (!isComposite(a) || !isComposite(b)) return Object.is(a, b)
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [names, others] = [Object.keys(a), new Set(Object.keys(b))]
  return names.length === others.size
    && names.every((name) => others.has(name) && equalData(Reflect.get(a, name), Reflect.get(b, name)))
}

/** The differences that a check finds. */
export class Problems {
  readonly messages: Array<string> = []

  add(problem: string): void {
    this.messages.push(problem)
  }

  expect(what: string, expected: unknown, got: unknown, ok: boolean): void {
    if (!ok) this.add(`${what}: expected ${show(expected)}, got ${show(got)}`)
  }

  equal(what: string, expected: Json, got: Json): void {
    this.expect(what, expected, got, matches(expected, got))
  }

  /** Expects the same names in any order. */
  sameNames(what: string, expected: ReadonlyArray<string>, got: ReadonlyArray<string>): void {
    this.expect(what, expected, got, equalData([...expected].sort(), [...got].sort()))
  }

  /** Expects that none of the names is in a list, compared without case. */
  noneOf(what: string, names: ReadonlyArray<string>, got: ReadonlyArray<string>): void {
    const present = new Set(got.map(CimName.fold))
    const unexpected = names.filter((name) => present.has(CimName.fold(name)))
    this.expect(what, names, unexpected, unexpected.length === 0)
  }
}
