/**
 * The warning about stored rows that a list, a dump or a snapshot leaves out because they cannot be read.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type { Unreadable } from "../engine/state/unreadableRows.ts"

/** The largest number of rows that one warning names. */
const maxNamed = 10

/** Logs a warning that names the rows. Does nothing without rows. */
export const warnUnreadable = (rows: ReadonlyArray<Unreadable>): Effect.Effect<void> => {
  if (rows.length === 0) return Effect.void
  const named = rows.slice(0, maxNamed).map(({ error }) => error.message)
  const more = rows.length > maxNamed ? [`and ${rows.length - maxNamed} more`] : []
  return Effect.logWarning(`${rows.length} stored rows cannot be read and are left out`, ...named, ...more)
}
