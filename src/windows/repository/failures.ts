/**
 * What the client makes of a host's failures: one table from kinds and numbers to the errors of WMI.
 *
 * @internal
 */
import * as HResult from "../../protocol/HResult.ts"
import * as Instance from "../../model/Instance.ts"
import { make, type ObjectPath } from "../../model/ObjectPath.ts"
import { fromHResult } from "../../protocol/StatusError.ts"
import * as WbemError from "../../protocol/WbemError.ts"
import type { Failure } from "../conversation/frames.ts"

/** What the caller knows and a number does not say. */
export interface Facts {
  readonly className?: string | undefined
  readonly namespace?: string | undefined
  readonly path?: ObjectPath | undefined
}

/** The facts of error classes that a failure or its request may supply; of one class, the first that it has. */
const suppliedFacts = ["path", "namespace", "property", "className"] as const

const placeOf = (where: Failure["where"]): string =>
  ["method", "property", "qualifier"].filter((key) => where[key] !== undefined).map((key) => `${key} ${where[key]}`)
    .join(", ")

const detailOf = ({ message, where }: Failure): string => {
  const place = placeOf(where)
  return place === "" ? message : `${place}: ${message}`
}

/** `SWbemLastError` writes some names otherwise than the frame may. */
const spellings = {
  Operation: ["operation"],
  ParameterInfo: ["parameter", "parameterInfo"],
  ProviderName: ["provider", "providerName"],
  Description: ["description"]
} as const

const statusCode = (text: string | undefined): number | undefined =>
  text === undefined
    ? undefined
    : /^-?\d+$/.test(text)
    ? HResult.unsigned(Number(text))
    : /^(?:0x)?[0-9a-fA-F]{8}$/i.test(text)
    ? parseInt(text.replace(/^0x/i, ""), 16)
    : undefined

/** The `__ExtendedStatus` of a failure, as far as the host read one. */
const extendedOf = (failure: Failure): Instance.Instance | undefined => {
  const { status } = failure
  if (status === undefined) return undefined
  const values: Record<string, string | number> = {}
  const code = statusCode(status["statusCode"])
  if (code !== undefined) values["StatusCode"] = code
  for (const [name, keys] of Object.entries(spellings)) {
    const found = keys.map((key) => status[key]).find((text) => text !== undefined)
    if (found !== undefined) values[name] = found
  }
  return Instance.make("__ExtendedStatus", values)
}

const optionsOf = (failure: Failure): WbemError.WbemErrorOptions => {
  const extended = extendedOf(failure)
  const parameter = failure.status?.["parameter"] ?? failure.status?.["parameterInfo"]
  return {
    detail: detailOf(failure),
    ...(extended === undefined ? {} : { extended }),
    ...(parameter === undefined ? {} : { parameterInfo: parameter })
  }
}

type Make = (failure: Failure, options: WbemError.WbemErrorOptions, facts: Facts) => WbemError.WbemError

/** Whether a call that failed like this can have been made: of these the service never saw it. */
const transport = (sent: boolean): Make => (_, options) => new WbemError.TransportFailure({ ...options, sent })

const typeMismatch: Make = ({ where }, options) =>
  new WbemError.TypeMismatch({ ...options, property: where["property"] ?? "", type: "" })

const notSupported: Make = (_, options) => new WbemError.NotSupported(options)
const outOfMemory: Make = (_, options) => new WbemError.OutOfMemory(options)

const numbers: Readonly<Record<"windows" | "dispatch", Readonly<Record<number, Make>>>> = {
  windows: {
    0x80070005: (_, options, { namespace }) =>
      new WbemError.AccessDenied({ ...options, right: "", namespace: namespace ?? "" }),
    0x800706ba: transport(true),
    0x800706be: transport(true),
    0x800706bf: transport(false), // by its name: "did not execute"
    0x80070776: transport(true),
    0x8007000e: outOfMemory,
    0x80070008: outOfMemory
  },
  dispatch: {
    0x80020005: typeMismatch,
    0x80020003: notSupported,
    0x80020006: notSupported
  }
}

const invalid: Make = ({ code }, options) =>
  new WbemError.InvalidParameter({ ...options, parameter: code === "InvalidFlags" ? "iFlags" : "object" })

const codes: Readonly<Record<string, Make>> = {
  BadValue: invalid,
  InvalidFlags: invalid,
  UnsupportedFlags: notSupported,
  UnknownOp: notSupported,
  Cancelled: (_, options) => new WbemError.CallCancelled(options)
}

/** A defect of one of the two halves, or a number that nobody knows. */
const otherwise: Make = (failure, options) =>
  failure.hresult === undefined
    ? new WbemError.Failed({ ...options, detail: `${failure.code ?? "Script"}: ${options.detail}`, cause: failure })
    : new WbemError.Unlisted({ ...options, hresult: failure.hresult })

/** The host says which class was not to be had; without that a missing class could not be told from a missing object. */
const missingClass = ({ where }: Failure, options: WbemError.WbemErrorOptions): WbemError.WbemError | undefined =>
  where["class"] !== undefined
    ? new WbemError.InvalidClass({ ...options, className: where["class"], rule: "instance-put 1.2" })
    : where["superclass"] !== undefined
    ? new WbemError.NotFound({
      ...options,
      path: make({ className: where["superclass"] }),
      rule: "class-update 2.12"
    })
    : undefined

const ofStatus: Make = (failure, options, facts) => {
  const { hresult, where } = failure
  const row = HResult.fromNumber(hresult!)
  const status = row?.status
  const missing = status === "NotFound" ? missingClass(failure, options) : undefined
  if (missing !== undefined) return missing
  if (status === "TransportFailure") return new WbemError.TransportFailure({ ...options, sent: true })
  const fact = suppliedFacts.find((name) => row?.facts?.[name] !== undefined)
  const known = fact === "property" ? where["property"] : fact === undefined ? undefined : facts[fact]
  const more: object = fact === undefined || known === undefined ? {} : { [fact]: known }
  return fromHResult(hresult!, { ...options, ...more })
}

/** The error of a failure. */
export const toError = (failure: Failure, facts: Facts = {}): WbemError.WbemError => {
  const options = optionsOf(failure)
  const answer = failure.kind === "wmi"
    ? ofStatus
    : failure.kind === "host"
    ? codes[failure.code ?? ""] ?? otherwise
    : numbers[failure.kind][failure.hresult!] ?? otherwise
  return answer(failure, options, facts)
}
