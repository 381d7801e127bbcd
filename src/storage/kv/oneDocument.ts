/**
 * A compare-and-set storage in one document, for services that compare one object at a time: everything is read and written each
 * time, so it is for namespaces of some hundred objects and few writers.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import { StoreFailure } from "../../emulator/StoreFailure.ts"
import type { Versioned, VersionedStorage } from "./values.ts"

/** One document with a version: an object of a bucket with its entity tag. */
export interface VersionedDocument {
  /** The document; `undefined` while there is none. A read that begins after a write has succeeded sees the write. */
  readonly read: Effect.Effect<Versioned | undefined, StoreFailure>
  /** Writes, if the document still has the version that was read (`undefined`: there is none); otherwise succeeds with `false`. */
  readonly write: (value: string, readVersion: string | undefined) => Effect.Effect<boolean, StoreFailure>
}

interface Read {
  readonly version: string | undefined
  readonly values: ReadonlyMap<string, string>
}

/** The values by key; a value that is no text is converted to text, which decoding its row then refuses. */
const valuesOf = (json: unknown): Record<string, string> => {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Error("it is no object")
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, String(value)]))
}

const parsed = (found: Versioned | undefined): Effect.Effect<Read, StoreFailure> =>
  Effect.try({
    try: () => ({
      version: found?.version,
      values: new Map(Object.entries(found === undefined ? {} : valuesOf(JSON.parse(found.value))))
    }),
    catch: (cause) => new StoreFailure({ reason: "NotOurs", detail: "the document is not one of a store", cause })
  })

/** The storage. No value is ever written twice, so each is its own version. */
export const storageOf = (document: VersionedDocument): VersionedStorage => {
  /** The document as last read or written: a comparison with it is repeated by the conditional write. */
  let last: Read = { version: undefined, values: new Map() }
  const read = Effect.tap(Effect.flatMap(document.read, parsed), (now) =>
    Effect.sync(() => {
      last = now
    }))
  const versioned = (value: string): Versioned => ({ value, version: value })
  return {
    rows: (keys) =>
      Effect.map(read, ({ values }) =>
        keys.map((key) => {
          const value = values.get(key)
          return value === undefined ? undefined : versioned(value)
        })),
    range: (prefix) =>
      Effect.map(
        read,
        ({ values }) =>
          [...values].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key, versioned(value)] as const)
      ),
    commit: (compared, written) =>
      Effect.suspend(() => {
        const { values, version } = last
        if (!compared.every(([key, readVersion]) => values.get(key) === readVersion)) return Effect.succeed(false)
        const next = new Map(values)
        for (const [key, value] of written) {
          if (value === undefined) next.delete(key)
          else next.set(key, value)
        }
        return document.write(JSON.stringify(Object.fromEntries(next)), version)
      })
  }
}
