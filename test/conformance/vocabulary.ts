/** The vocabulary of the case files: what may be written, and a way to insist on it. Whatever else occurs fails its case. */

export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [name: string]: Json }
export type JsonObject = { readonly [name: string]: Json }

export class CaseError extends Error {}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The object, whose fields are all known to the runner. */
export const fields = (value: unknown, where: string, known: ReadonlyArray<string>): JsonObject => {
  if (!isObject(value)) throw new CaseError(`${where}: an object was expected`)
  const alien = Object.keys(value).filter((name) => !known.includes(name))
  if (alien.length > 0) throw new CaseError(`${where}: the runner does not know ${alien.join(", ")}`)
  return value
}

export const list = (value: Json | undefined, where: string): ReadonlyArray<Json> => {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new CaseError(`${where}: a list was expected`)
  return value
}

export const text = (value: Json | undefined, where: string): string => {
  if (typeof value !== "string") throw new CaseError(`${where}: text was expected`)
  return value
}

export interface Case {
  readonly id: string
  readonly area: string
  readonly title: string
  readonly given: JsonObject
  readonly when: JsonObject
  readonly then: JsonObject
}

/** What a case came to. `expected` and `got` are set when it failed. */
export interface Result {
  readonly id: string
  readonly title: string
  readonly problems: ReadonlyArray<string>
}
