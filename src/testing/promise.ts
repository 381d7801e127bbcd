/**
 * The parts of contracts: cases as data, and the assertions. No test framework is needed: a case is a program that dies when a
 * promise is broken.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as PutRules from "../engine/PutRules.ts"
import * as Rights from "../model/Rights.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import { decode } from "../pipeline/stages.ts"
import * as PutFlags from "../protocol/PutFlags.ts"
import * as PutRequest from "../protocol/PutRequest.ts"
import { isWbemError, type WbemError } from "../protocol/WbemError.ts"

/**
 * One promise, as a program that dies if the promise is broken.
 *
 * @since 0.1.0
 * @category models
 */
export interface Case<R> {
  /** The promise as one line of text, for the title of a test. */
  readonly name: string
  /** Dies if the promise is broken. */
  readonly program: Effect.Effect<void, WbemError, R>
}

/** The defect of a case whose promise is broken. */
class BrokenPromise extends Error {
  override readonly name = "BrokenPromise"
}

/** A value as text, to compare and to print it. */
export const text = (value: unknown): string =>
  JSON.stringify(
    value,
    (_, at: unknown) =>
      typeof at === "bigint" ? `${at}n` : at === undefined ? "undefined" : Object.is(at, -0) ? "-0" : at
  ) ?? "undefined"

/** Dies when two values differ. */
export const same = (what: string, found: unknown, expected: unknown): Effect.Effect<void> =>
  Effect.sync(() => {
    const [is, be] = [text(found), text(expected)]
    if (is !== be) throw new BrokenPromise(`${what}: found ${is} where ${be} was promised`)
  })

/** Dies when a condition does not hold. */
export const holds = (what: string, condition: boolean): Effect.Effect<void> => same(what, condition, true)

/** The status of a call, `ok` for success. */
export const statusOf = <A, R>(call: Effect.Effect<A, WbemError, R>): Effect.Effect<string, never, R> =>
  Effect.match(call, { onSuccess: () => "ok", onFailure: (error) => error.status })

/** The call of every case. */
export const call: PutRequest.Call = {
  caller: { name: "a contract", remote: false, rights: Rights.all },
  locale: "ms_409",
  server: ".",
  time: 1_700_000_000_000,
  seed: 7
}

/** A put as stage 3 gets it, with the rules of the specification. */
export const valid = (object: WbemObject, options?: PutRequest.Options, position = 0): PutRules.ValidatedPut => {
  const put = decode(
    { decode: PutFlags.decode },
    { emit: () => Effect.void },
    PutRequest.make(object, options),
    "root\\cimv2",
    call,
    position
  )
  if (isWbemError(put)) throw put
  return { put, rules: PutRules.standard }
}
