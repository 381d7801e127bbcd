/**
 * How much text goes to a database at once: portions of rows that one statement can hold, and what is longer than JavaScript's longest
 * text.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import { isWbemError, type WbemError } from "../protocol/WbemError.ts"
import { failureOf, wbemError } from "./sql/failures.ts"

/** Makes text for a statement; throws a status for what is longer than JavaScript's longest text, which is no defect. */
export const fitting = <A>(make: () => A): A => {
  try {
    return make()
  } catch (error) {
    throw error instanceof RangeError ? wbemError(failureOf(error), false) : error
  }
}

/** {@link fitting}, as an effect. */
export const sized = <A>(make: () => A): Effect.Effect<A, WbemError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(fitting(make))
    } catch (error) {
      if (isWbemError(error)) return Effect.fail(error)
      throw error
    }
  })

/** Most rows of one statement. */
const mostRows = 5_000
/** About the most characters of one statement. */
export const mostText: number = 8 << 20

/** Rows in portions that one parameter can hold. */
export const inChunks = function* <A extends { readonly key: string; readonly body?: string | undefined }>(
  rows: ReadonlyArray<A>,
  most: number = mostText
): Generator<ReadonlyArray<A>> {
  let from = 0
  let text = 0
  for (let i = 0; i < rows.length; i++) {
    const length = rows[i]!.key.length + (rows[i]!.body?.length ?? 0)
    if (i > from && (i - from >= mostRows || text + length > most)) {
      yield rows.slice(from, i)
      from = i
      text = 0
    }
    text += length
  }
  if (from < rows.length) yield rows.slice(from)
}
