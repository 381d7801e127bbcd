/** `given.providers` → providers that the library can be given, and what they were asked. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { CimValue, Instance } from "../model/WbemObject.ts"
import * as HResult from "../protocol/HResult.ts"
import * as StatusError from "../protocol/StatusError.ts"
import * as InstanceProvider from "../emulator/providers/InstanceProvider.ts"
import { caseValue } from "./compare.ts"
import { contextValues, type TypeOf, values } from "./objects.ts"
import {
  fields,
  hresult,
  integer,
  type Json,
  type JsonObject,
  list,
  object,
  text,
  textOr,
  truth
} from "./vocabulary.ts"
import type { Barrier } from "./barriers.ts"

export interface Provider {
  readonly name: string
  readonly supportsPut: boolean
  readonly progress: ReadonlyArray<{ readonly upperBound: number; readonly current: number; readonly message: string }>
  readonly returns: number | undefined
  readonly throws: boolean
  /** The error object that it supplies, of a class of its own when `class` is written. */
  readonly errorObject: Instance | undefined
  readonly instances: ReadonlyArray<{ readonly className: string; readonly values: Readonly<Record<string, CimValue>> }>
}

const known = ["name", "supportsPut", "progress", "returns", "throws", "errorObject", "instances"]

const errorObject = (written: Json, where: string): Instance => {
  const { class: className, ...set } = object(written, where)
  return {
    _tag: "Instance",
    className: textOr(className, "__ExtendedStatus", `${where}.class`),
    values: contextValues(set),
    qualifiers: []
  }
}

export const providers = (written: Json | undefined, typeOf: TypeOf): ReadonlyArray<Provider> =>
  list(written, "given.providers").map((one) => {
    const p = fields(one, "given.providers", known)
    const name = text(p["name"], "given.providers.name")
    const where = `given.providers.${name}`
    return {
      name,
      supportsPut: truth(p["supportsPut"], `${where}.supportsPut`),
      progress: list(p["progress"], `${where}.progress`).map((report) => {
        const r = fields(report, `${where}.progress`, ["upperBound", "current", "message"])
        return {
          upperBound: integer(r["upperBound"], `${where}.upperBound`),
          current: integer(r["current"], `${where}.current`),
          message: text(r["message"], `${where}.message`)
        }
      }),
      returns: p["returns"] === undefined ? undefined : hresult(p["returns"], `${where}.returns`),
      throws: truth(p["throws"], `${where}.throws`),
      errorObject: p["errorObject"] === undefined ? undefined : errorObject(p["errorObject"], `${where}.errorObject`),
      instances: list(p["instances"], `${where}.instances`).map((instance) => {
        const i = fields(instance, `${where}.instances`, ["class", "props"])
        const className = text(i["class"], `${where}.instances`)
        return { className, values: values(className, i["props"], typeOf) }
      })
    }
  })

/** What a provider was asked, and whether it ran to its end. */
export interface ProviderCall {
  readonly provider: string
  readonly context: JsonObject | null
  readonly flags: number
  completed: boolean
}

/** Where calls wait inside a provider, by the object they carry. */
export interface ProviderBarrier {
  readonly barrier: Barrier
  /** After so many reports of progress. */
  readonly afterReports: number
}

const contextOf = (put: InstanceProvider.ProviderPut): JsonObject | null =>
  put.context === undefined
    ? null
    : Object.fromEntries(put.context.entries.map(([name, value]) => [name, caseValue(value)]))

const instanceProvider = (
  given: Provider,
  asked: Array<ProviderCall>,
  holds: ReadonlyMap<unknown, ProviderBarrier>
): InstanceProvider.InstanceProvider => {
  if (!given.supportsPut) return {}
  return {
    put: (put, progress) =>
      Effect.gen(function* () {
        const record: ProviderCall = { provider: given.name, context: contextOf(put), flags: put.flags, completed: false }
        asked.push(record)
        const held = holds.get(put.instance)
        const pause = (reports: number): Effect.Effect<void> =>
          held?.afterReports !== reports
            ? Effect.void
            : Effect.zipRight(Deferred.succeed(held.barrier.reached, undefined), Deferred.await(held.barrier.release))
        yield* pause(0)
        for (const [i, report] of given.progress.entries()) {
          yield* progress(report)
          yield* pause(i + 1)
        }
        record.completed = true
        if (given.throws) throw new Error(`${given.name} throws`)
        const status = given.returns ?? 0
        if (!HResult.isFailure(status)) return { hresult: status }
        return yield* StatusError.fromHResult(status, { extended: given.errorObject })
      })
  }
}

export const registry = (
  given: ReadonlyArray<Provider>,
  asked: Array<ProviderCall>,
  holds: ReadonlyMap<unknown, ProviderBarrier>
): InstanceProvider.Registry =>
  InstanceProvider.make(Object.fromEntries(given.map((provider) => [provider.name, instanceProvider(provider, asked, holds)])))
