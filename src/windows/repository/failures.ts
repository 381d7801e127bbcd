/**
 * Converts the failures that a host reports to WMI errors: one table from kinds, numbers and codes to errors.
 *
 * @internal
 */
import * as HResult from "../../protocol/HResult.ts"
import * as Instance from "../../model/Instance.ts"
import { make, type ObjectPath } from "../../model/ObjectPath.ts"
import { fromHResult } from "../../protocol/StatusError.ts"
import * as WbemError from "../../protocol/WbemError.ts"
import type { Failure } from "../conversation/frames.ts"

/** The facts of the call that an HRESULT does not carry. */
export interface CallFacts {
  readonly className?: string | undefined
  readonly namespace?: string | undefined
  readonly path?: ObjectPath | undefined
}

/** The facts of error classes that a failure or its request may supply; of one class, the first that it has. */
const suppliedFacts = ["path", "namespace", "property", "className"] as const

const memberOf = (where: Failure["where"]): string =>
  ["method", "property", "qualifier"].filter((key) => where[key] !== undefined).map((key) => `${key} ${where[key]}`)
    .join(", ")

const detailOf = ({ message, where }: Failure): string => {
  const member = memberOf(where)
  return member === "" ? message : `${member}: ${message}`
}

/** The properties of `__ExtendedStatus`, and the names that a frame may use for each. */
const statusFields = {
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

/** The `__ExtendedStatus` of a failure; `undefined` when the host read none. */
const extendedOf = (failure: Failure): Instance.Instance | undefined => {
  const { status } = failure
  if (status === undefined) return undefined
  const values: Record<string, string | number> = {}
  const code = statusCode(status["statusCode"])
  if (code !== undefined) values["StatusCode"] = code
  for (const [name, keys] of Object.entries(statusFields)) {
    const statusText = keys.map((key) => status[key]).find((text) => text !== undefined)
    if (statusText !== undefined) values[name] = statusText
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

type Make = (failure: Failure, options: WbemError.WbemErrorOptions, facts: CallFacts) => WbemError.WbemError

/** A `TransportFailure`. `sent` is false for a number that says the service did not receive the call. */
const transportError = (sent: boolean): Make => (_, options) => new WbemError.TransportFailure({ ...options, sent })

const typeMismatch: Make = ({ where }, options) =>
  new WbemError.TypeMismatch({ ...options, property: where["property"] ?? "", type: "" })

const notSupported: Make = (_, options) => new WbemError.NotSupported(options)
const outOfMemory: Make = (_, options) => new WbemError.OutOfMemory(options)

const errorByHresult: Readonly<Record<"windows" | "dispatch", Readonly<Record<number, Make>>>> = {
  windows: {
    0x80070005: (_, options, { namespace }) =>
      new WbemError.AccessDenied({ ...options, right: "", namespace: namespace ?? "" }),
    0x800706ba: transportError(true),
    0x800706be: transportError(true),
    0x800706bf: transportError(false), // by its name: "did not execute"
    0x80070776: transportError(true),
    0x8007000e: outOfMemory,
    0x80070008: outOfMemory
  },
  dispatch: { 0x80020005: typeMismatch, 0x80020003: notSupported, 0x80020006: notSupported }
}

const invalidParameter: Make = ({ code }, options) =>
  new WbemError.InvalidParameter({ ...options, parameter: code === "InvalidFlags" ? "iFlags" : "object" })

const errorByHostCode: Readonly<Record<string, Make>> = {
  BadValue: invalidParameter,
  InvalidFlags: invalidParameter,
  UnsupportedFlags: notSupported,
  UnknownOp: notSupported,
  Cancelled: (_, options) => new WbemError.CallCancelled(options)
}

/** A defect of the client or the host script, or an HRESULT without a row. */
const unlistedError: Make = (failure, options) =>
  failure.hresult === undefined
    ? new WbemError.Failed({ ...options, detail: `${failure.code ?? "Script"}: ${options.detail}`, cause: failure })
    : new WbemError.WbemOther({ ...options, status: "Unlisted", hresult: HResult.unsigned(failure.hresult) })

/** The error of a missing class or superclass. The host names it, because the status alone also means a missing object. */
const missingClassError = ({ where }: Failure, options: WbemError.WbemErrorOptions): WbemError.WbemError | undefined =>
  where["class"] !== undefined
    ? new WbemError.InvalidClass({ ...options, className: where["class"], rule: "instance-put 1.2" })
    : where["superclass"] !== undefined
    ? new WbemError.NotFound({ ...options, path: make({ className: where["superclass"] }), rule: "class-update 2.12" })
    : undefined

const wmiError: Make = (failure, options, facts) => {
  const { hresult, where } = failure
  const row = HResult.fromNumber(hresult!)
  const status = row?.status
  const missing = status === "NotFound" ? missingClassError(failure, options) : undefined
  if (missing !== undefined) return missing
  if (status === "TransportFailure") return new WbemError.TransportFailure({ ...options, sent: true })
  const fact = suppliedFacts.find((name) => row?.facts?.[name] !== undefined)
  const factValue = fact === "property" ? where["property"] : fact === undefined ? undefined : facts[fact]
  const more: object = fact === undefined || factValue === undefined ? {} : { [fact]: factValue }
  return fromHResult(hresult!, { ...options, ...more })
}

/** The WMI error of a failure. */
export const toError = (failure: Failure, facts: CallFacts = {}): WbemError.WbemError => {
  const options = optionsOf(failure)
  const toErrorOf = failure.kind === "wmi"
    ? wmiError
    : failure.kind === "host"
    ? errorByHostCode[failure.code ?? ""] ?? unlistedError
    : errorByHresult[failure.kind][failure.hresult!] ?? unlistedError
  return toErrorOf(failure, options, facts)
}
