/**
 * `given.providers`, read whole. The library has no registry of providers yet, so they go to nobody: whoever adds one
 * hands `Setup.providers` to it in `repositories.ts`. Until then a case that gets as far as asking a provider fails.
 */
import type { CimValue } from "../../src/model/WbemObject.ts"
import { ProviderNotFound, type WbemError } from "../../src/protocol/WbemError.ts"
import { contextValues, type TypeOf, values } from "./objects.ts"
import { fields, hresult, integer, type Json, list, object, text, truth } from "./vocabulary.ts"

export interface Provider {
  readonly name: string
  readonly supportsPut: boolean
  readonly progress: ReadonlyArray<{ readonly upperBound: number; readonly current: number; readonly message: string }>
  readonly returns: number | undefined
  readonly throws: boolean
  /** What it sets in the error object. */
  readonly errorObject: Readonly<Record<string, CimValue>> | undefined
  readonly instances: ReadonlyArray<{ readonly className: string; readonly values: Readonly<Record<string, CimValue>> }>
}

const known = ["name", "supportsPut", "progress", "returns", "throws", "errorObject", "instances"]

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
      errorObject: p["errorObject"] === undefined
        ? undefined
        : contextValues(object(p["errorObject"], `${where}.errorObject`)),
      instances: list(p["instances"], `${where}.instances`).map((instance) => {
        const i = fields(instance, `${where}.instances`, ["class", "props"])
        const className = text(i["class"], `${where}.instances`)
        return { className, values: values(className, i["props"], typeOf) }
      })
    }
  })

export const noRegistry = "the library has no registry of providers, so none can be asked"

/**
 * Why the endings of a case with providers prove nothing: one was looked for and not found, as nothing registers it. A
 * case that ends before any provider is asked is judged as it is.
 */
export const unregistered = (
  given: ReadonlyArray<Provider>,
  endings: ReadonlyArray<WbemError | null>
): string | undefined =>
  given.length > 0 && endings.some((error) => error instanceof ProviderNotFound) ? noRegistry : undefined
