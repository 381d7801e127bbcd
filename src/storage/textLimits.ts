/**
 * How much text one statement holds: portions of rows, and text that is longer than a JavaScript string can be.
 *
 * @internal
 */
import * as Exit from "effect/Exit"
import * as Eager from "../internal/eager.ts"
import type { StoreError } from "../protocol/WbemError.ts"
import { failureOf, wbemError } from "./sql/failures.ts"

/** Makes text for a statement; fails with `TooBig` for text that is longer than a JavaScript string can be. */
export const sized = <A>(make: () => A): Eager.Eager<A, StoreError> => {
  try {
    return Exit.succeed(make())
  } catch (error) {
    if (error instanceof RangeError) return Eager.fail(wbemError(failureOf(error), false))
    throw error
  }
}

/** Most rows of one statement. */
const maxRows = 5_000
/** About the most characters of one statement. */
export const maxText: number = 8 << 20

/** Portions of rows that one parameter can hold. */
export const inChunks = function* <A extends { readonly key: string; readonly body?: string | undefined }>(
  rows: ReadonlyArray<A>,
  limit: number = maxText
): Generator<ReadonlyArray<A>> {
  let from = 0
  let text = 0
  for (let i = 0; i < rows.length; i++) {
    const length = rows[i]!.key.length + (rows[i]!.body?.length ?? 0)
    if (i > from && (i - from >= maxRows || text + length > limit)) {
      yield rows.slice(from, i)
      from = i
      text = 0
    }
    text += length
  }
  if (from < rows.length) yield rows.slice(from)
}
