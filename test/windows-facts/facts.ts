/**
 * Facts about real Windows: each is the source text of a function of an environment and the plain value that Windows answers.
 *
 * The environment holds a new `SWbemLocator` for each fact, services connected to `root\default`, the helpers below, and the setups of
 * the file: texts, and functions of the environment. The source text is evaluated, so only files of this project are read here.
 */
import { readFileSync } from "node:fs"
import { isDeepStrictEqual } from "node:util"
import * as Either from "effect/Either"
import * as lib from "../../mod.ts"
import * as SWbemDateTime from "../../src/scripting/objects/SWbemDateTime.ts"
import * as SWbemError from "../../src/scripting/objects/SWbemError.ts"
import * as SWbemLastError from "../../src/scripting/objects/SWbemLastError.ts"
import * as SWbemLocator from "../../src/scripting/connection/SWbemLocator.ts"
import * as SWbemNamedValueSet from "../../src/scripting/objects/SWbemNamedValueSet.ts"
import * as SWbemObject from "../../src/scripting/objects/SWbemObject.ts"
import * as SWbemObjectPath from "../../src/scripting/objects/SWbemObjectPath.ts"
import * as SWbemObjectSet from "../../src/scripting/objects/SWbemObjectSet.ts"
import * as SWbemPropertySet from "../../src/scripting/objects/SWbemPropertySet.ts"
import * as SWbemQualifierSet from "../../src/scripting/objects/SWbemQualifierSet.ts"
import * as SWbemSecurity from "../../src/scripting/objects/SWbemSecurity.ts"
import * as SWbemServicesEx from "../../src/scripting/connection/SWbemServicesEx.ts"
import * as SWbemSink from "../../src/scripting/connection/SWbemSink.ts"
import * as K from "../../src/scripting/objects/WbemConstants.ts"

/** One fact of a file. */
export interface Fact {
  readonly id: string
  readonly area: string
  /** The confidence that Windows does so: high, medium or low. */
  readonly confidence: string
  /** What Windows does, in a sentence. */
  readonly windows: string
  /** The source text of a function of the environment. */
  readonly call: string
  /** The result of the function on Windows, as plain JSON. */
  readonly expected: unknown
}

/** A file of facts. */
export interface FactFile {
  /** Further members of the environment: texts, and source texts of asynchronous functions of it. */
  readonly setups: Readonly<Record<string, string>>
  readonly facts: ReadonlyArray<Fact>
}

/** A fact with the result of this library. */
export interface Answer {
  readonly fact: Fact
  readonly answer: unknown
  readonly agrees: boolean
}

const A = {
  ...SWbemDateTime,
  ...SWbemError,
  ...SWbemLastError,
  ...SWbemLocator,
  ...SWbemNamedValueSet,
  ...SWbemObject,
  ...SWbemObjectPath,
  ...SWbemObjectSet,
  ...SWbemPropertySet,
  ...SWbemQualifierSet,
  ...SWbemSecurity,
  ...SWbemServicesEx,
  ...SWbemSink,
  K,
  lib
}

type Environment = Record<string, unknown>

type Function = (e: Environment) => unknown

/** The function of a source text, evaluated outside this module. */
const functionOf = (source: string): Function => (0, eval)(`(${source})`) as Function

const hexadecimal = (code: number): string => `0x${(code >>> 0).toString(16)}`

/** The HRESULT of an error in hexadecimal, or the message of one that has none. */
const codeOf = (error: unknown): string =>
  error instanceof SWbemError.SWbemError
    ? hexadecimal(error.number)
    : `threw ${error instanceof Error ? error.message : String(error)}`

/** The HRESULT of a call in hexadecimal: 0x0 on success. */
const hr = async (call: () => unknown): Promise<string> => {
  try {
    await call()
    return "0x0"
  } catch (error) {
    return codeOf(error)
  }
}

/** Puts all objects of a MOF text. */
const mof = async (wmi: SWbemLocator.SWbemLocator, text: string, namespace: string): Promise<void> => {
  const read = lib.Mof.requests(text, { namespace })
  if (Either.isLeft(read)) throw new Error(`MOF: ${JSON.stringify(read.left).slice(0, 300)}`)
  for (const request of read.right) {
    const services = await wmi.connectServer(".", request.namespace ?? namespace)
    await services.put(request.object, Number(request.flags ?? 0))
  }
}

const parse = (text: string): unknown => {
  try {
    const path = new SWbemObjectPath.SWbemObjectPath(text)
    const { class: className, isClass, namespace, path: whole, relPath, server } = path
    return { ok: true, path: whole, relPath, server, namespace, class: className, isClass }
  } catch (error) {
    return { ok: false, error: codeOf(error) }
  }
}

/** The target of a moniker, or the HRESULTs of `getServices` and `getObject`. */
const bind = async (wmi: SWbemLocator.SWbemLocator, moniker: string): Promise<string> => {
  const services = await hr(() => wmi.getServices(moniker))
  if (services === "0x0") return "services"
  const object = await hr(() => wmi.getObject(moniker))
  return object === "0x0" ? "object" : `${services}/${object}`
}

const flavor = (qualifier: SWbemQualifierSet.SWbemQualifier): unknown => ({
  toInstance: qualifier.propagatesToInstance,
  toSubclass: qualifier.propagatesToSubclass,
  overridable: qualifier.isOverridable,
  local: qualifier.isLocal
})

const environment = async (
  wmi: SWbemLocator.SWbemLocator,
  setups: FactFile["setups"]
): Promise<Environment> => ({
  A,
  wmi,
  svc: await wmi.connectServer(".", "root\\default"),
  hr,
  mof: (text: string, namespace: string = "root\\default") => mof(wmi, text, namespace),
  parse,
  bind: (moniker: string) => bind(wmi, moniker),
  flavor,
  ...Object.fromEntries(
    Object.entries(setups).map(([name, text]) => [name, text.startsWith("async") ? functionOf(text) : text])
  )
})

/** A value converted to JSON and back. */
const plain = (value: unknown): unknown => value === undefined ? null : JSON.parse(JSON.stringify(value)) as unknown

/** Evaluates one fact on a new repository in memory. */
export const ask = async (fact: Fact, setups: FactFile["setups"]): Promise<Answer> => {
  const wmi = new SWbemLocator.SWbemLocator()
  const e = await environment(wmi, setups)
  let answer: unknown
  try {
    answer = plain(await functionOf(fact.call)(e))
  } catch (error) {
    answer = codeOf(error)
  }
  await wmi.close()
  return { fact, answer, agrees: isDeepStrictEqual(answer, fact.expected) }
}

/** The facts of a file. */
export const read = (file: string | URL): FactFile => JSON.parse(readFileSync(file, "utf8")) as FactFile

/** The facts of this project. */
export const own = (): FactFile => read(new URL("facts.json", import.meta.url))
