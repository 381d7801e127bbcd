/** Reads `given.providers`, makes instance providers of them and records their calls. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Instance from "../model/Instance.ts"
import type { CimValue } from "../model/WbemObject.ts"
import * as HResult from "../protocol/HResult.ts"
import * as StatusError from "../protocol/StatusError.ts"
import * as InstanceProvider from "../emulator/providers/InstanceProvider.ts"
import { caseValue } from "./compare.ts"
import { contextValues, type TypeOf, values } from "./objects.ts"
import * as Json from "./vocabulary.ts"
import type { Barrier } from "./barriers.ts"

/**
 * A provider of a case.
 *
 * @since 0.1.0
 * @category models
 */
export interface Provider {
  /** The name under which it is registered. */
  readonly name: string
  /** Whether it has a `put`; without one a put fails with `ProviderNotCapable` (IR-2). */
  readonly supportsPut: boolean
  /** The progress that it reports during a put, in order. */
  readonly progress: ReadonlyArray<{ readonly upperBound: number; readonly current: number; readonly message: string }>
  /** The number that its put returns; `undefined` for 0. */
  readonly returns: number | undefined
  /** Whether its put throws an exception. */
  readonly throws: boolean
  /** The error object that it supplies; `class` in the case sets its class. */
  readonly errorObject: Instance.Instance | undefined
  /** The instances that it has before the case. */
  readonly instances: ReadonlyArray<{ readonly className: string; readonly values: Readonly<Record<string, CimValue>> }>
}

const known = ["name", "supportsPut", "progress", "returns", "throws", "errorObject", "instances"]

const errorObject = (written: Json.Json, where: string): Instance.Instance => {
  const { class: className, ...set } = Json.object(written, where)
  return Instance.make(Json.textOr(className, "__ExtendedStatus", `${where}.class`), contextValues(set))
}

export const providers = (written: Json.Json | undefined, typeOf: TypeOf): ReadonlyArray<Provider> =>
  Json.list(written, "given.providers").map((one) => {
    const p = Json.fields(one, "given.providers", known)
    const name = Json.text(p["name"], "given.providers.name")
    const where = `given.providers.${name}`
    return {
      name,
      supportsPut: Json.truth(p["supportsPut"], `${where}.supportsPut`),
      progress: Json.list(p["progress"], `${where}.progress`).map((report) => {
        const r = Json.fields(report, `${where}.progress`, ["upperBound", "current", "message"])
        return {
          upperBound: Json.integer(r["upperBound"], `${where}.upperBound`),
          current: Json.integer(r["current"], `${where}.current`),
          message: Json.text(r["message"], `${where}.message`)
        }
      }),
      returns: p["returns"] === undefined ? undefined : Json.hresult(p["returns"], `${where}.returns`),
      throws: Json.truth(p["throws"], `${where}.throws`),
      errorObject: p["errorObject"] === undefined ? undefined : errorObject(p["errorObject"], `${where}.errorObject`),
      instances: Json.list(p["instances"], `${where}.instances`).map((instance) => {
        const i = Json.fields(instance, `${where}.instances`, ["class", "props"])
        const className = Json.text(i["class"], `${where}.instances`)
        return { className, values: values(className, i["props"], typeOf) }
      })
    }
  })

/** One call of a provider. `completed` is false if it was interrupted. */
export interface ObservedProviderCall {
  readonly provider: string
  readonly context: Json.JsonObject | null
  readonly flags: number
  completed: boolean
}

/** A barrier inside a provider. */
export interface ProviderBarrier {
  readonly barrier: Barrier
  /** The number of progress reports before the barrier. */
  readonly afterReports: number
}

const contextOf = (put: InstanceProvider.ProviderPut): Json.JsonObject | null =>
  put.context === undefined
    ? null
    : Object.fromEntries(put.context.entries.map(([name, value]) => [name, caseValue(value)]))

const instanceProvider = (
  provider: Provider,
  calls: Array<ObservedProviderCall>,
  barriers: ReadonlyMap<unknown, ProviderBarrier>
): InstanceProvider.InstanceProvider => {
  if (!provider.supportsPut) return {}
  return {
    put: (put, progress) =>
      Effect.gen(function* () {
        const record: ObservedProviderCall = {
          provider: provider.name,
          context: contextOf(put),
          flags: put.flags,
          completed: false
        }
        calls.push(record)
        const barrierHere = barriers.get(put.instance)
        const pause = (reports: number): Effect.Effect<void> =>
          barrierHere?.afterReports !== reports ? Effect.void : Effect.zipRight(
            Deferred.succeed(barrierHere.barrier.reached, undefined),
            Deferred.await(barrierHere.barrier.release)
          )
        yield* pause(0)
        for (const [i, report] of provider.progress.entries()) {
          yield* progress(report)
          yield* pause(i + 1)
        }
        record.completed = true
        if (provider.throws) throw new Error(`${provider.name} throws`)
        const status = provider.returns ?? 0
        if (!HResult.isFailure(status)) return { hresult: status }
        return yield* StatusError.fromHResult(status, { extended: provider.errorObject })
      })
  }
}

/** The provider registry of a case. `calls` receives every call. */
export const registry = (
  providers: ReadonlyArray<Provider>,
  calls: Array<ObservedProviderCall>,
  barriers: ReadonlyMap<unknown, ProviderBarrier>
): InstanceProvider.Registry =>
  InstanceProvider.make(
    Object.fromEntries(providers.map((provider) => [provider.name, instanceProvider(provider, calls, barriers)]))
  )
