/** A storage in memory that has only compare-and-set, with delays, conflicts and lost answers put in. */
import * as Effect from "effect/Effect"
import type * as VersionedStore from "../../src/storage/kv/VersionedStore.ts"
import { StoreFailure } from "../../src/emulator/StoreFailure.ts"

export interface Trouble {
  /** How long a call takes: turns of the scheduler, before and after it does what it does. */
  readonly turns?: (() => number) | undefined
  /** Whether a commit is answered `false` although nobody was in the way. */
  readonly refuse?: (() => boolean) | undefined
  /** What a commit fails with: before it is done, or after. */
  readonly lose?: (() => "Before" | "After" | undefined) | undefined
  /** The most keys that a commit writes. */
  readonly most?: (() => number) | undefined
  /** The most characters of a value. */
  readonly longest?: number | undefined
}

export interface Calls {
  rows: number
  range: number
  commit: number
  /** Commits that somebody else was faster than. */
  beaten: number
}

export interface Cas {
  readonly storage: VersionedStore.VersionedStorage
  readonly calls: Calls
  readonly held: ReadonlyMap<string, VersionedStore.Versioned>
  /** Keeps the state; what comes back sets the storage back to it, with the versions of then. */
  readonly keep: () => () => void
}

/** Some turns of the scheduler. */
export const wait = (turns: number): Effect.Effect<void> => Effect.repeatN(Effect.yieldNow(), turns)

const unreachable = new StoreFailure({ reason: "Unreachable", detail: "the line is down" })

const tooBig = new StoreFailure({ reason: "TooBig", detail: "too many operations" })

export const make = (
  { longest = Number.POSITIVE_INFINITY, lose, most = () => Number.POSITIVE_INFINITY, refuse, turns = () => 0 }:
    Trouble = {},
  given: Iterable<readonly [key: string, value: string]> = []
): Cas => {
  let written = 0
  const held = new Map<string, VersionedStore.Versioned>(
    Array.from(given, ([key, value]) => [key, { value, version: String(++written) }])
  )
  const calls: Calls = { rows: 0, range: 0, commit: 0, beaten: 0 }

  /** Keys are read one after another, so that what is read of several need not be of one moment. */
  const rows: VersionedStore.VersionedStorage["rows"] = (keys) =>
    Effect.suspend(() => {
      calls.rows++
      return Effect.forEach(keys, (key) => Effect.as(wait(turns()), key).pipe(Effect.map((one) => held.get(one))))
    })
  const range: VersionedStore.VersionedStorage["range"] = (prefix) =>
    Effect.suspend(() => {
      calls.range++
      const keys = [...held.keys()].filter((key) => key.startsWith(prefix))
      return Effect.map(
        Effect.forEach(keys, (key) => Effect.map(wait(turns()), () => [key, held.get(key)] as const)),
        (found) => found.flatMap(([key, value]) => value === undefined ? [] : [[key, value] as const])
      )
    })
  const set: VersionedStore.VersionedStorage["commit"] = (compared, values) =>
    Effect.suspend(() => {
      const keys = new Set(compared.map(([key]) => key))
      if (keys.size !== compared.length || new Set(values.map(([key]) => key)).size !== values.length) {
        return Effect.dieMessage("a key stands twice")
      }
      if (!values.every(([key]) => keys.has(key))) return Effect.dieMessage("a key is written that was not compared")
      if (values.length > most() || values.some(([, value]) => (value?.length ?? 0) > longest)) return tooBig
      if (refuse?.() === true) return Effect.succeed(false)
      const lost = lose?.()
      if (lost === "Before") return unreachable
      if (!compared.every(([key, version]) => held.get(key)?.version === version)) {
        calls.beaten++
        return Effect.succeed(false)
      }
      for (const [key, value] of values) {
        if (value === undefined) held.delete(key)
        else held.set(key, { value, version: String(++written) })
      }
      return lost === "After" ? unreachable : Effect.succeed(true)
    })
  const commit: VersionedStore.VersionedStorage["commit"] = (compared, values) =>
    Effect.suspend(() => {
      calls.commit++
      return Effect.zipLeft(Effect.zipRight(wait(turns()), set(compared, values)), wait(turns()))
    })
  const keep = (): () => void => {
    const [kept, at] = [[...held], written]
    return () => {
      held.clear()
      for (const [key, value] of kept) held.set(key, value)
      written = at
    }
  }
  return { storage: { rows, range, commit }, calls, held, keep }
}

/** Numbers that look like chance and are the same each time. */
export const chance = (seed: number): () => number => {
  let state = seed | 0
  return () => {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d)
    state = Math.imul(state ^ state >>> 12, 0x297a2d39) + 0x6d2b79f5 | 0
    return (state >>> 8) / 0x1000000
  }
}

/** An object of a bucket: one document, compared by a tag, with delays put in. */
export const makeDocument = (turns: () => number = () => 0): VersionedStore.VersionedDocument =>
  makeKeptDocument(turns).document

/** The same, with a way to set the document back to an earlier state. */
export const makeKeptDocument = (
  turns: () => number = () => 0
): { readonly document: VersionedStore.VersionedDocument; readonly keep: () => () => void } => {
  let held: VersionedStore.Versioned | undefined = undefined
  let tag = 0
  const read = (): VersionedStore.Versioned | undefined => held
  const document: VersionedStore.VersionedDocument = {
    read: Effect.suspend(() => Effect.zipLeft(Effect.map(wait(turns()), read), wait(turns()))),
    write: (value, seen) =>
      Effect.suspend(() =>
        Effect.map(wait(turns()), () => {
          if (read()?.version !== seen) return false
          held = { value, version: `"${++tag}"` }
          return true
        })
      )
  }
  const keep = (): () => void => {
    const [kept, at] = [held, tag]
    return () => {
      held = kept
      tag = at
    }
  }
  return { document, keep }
}
