/**
 * The warning that a list, a dump or a snapshot left out rows of a store that could not be read.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type { Unreadable } from "../engine/state/unreadableRows.ts"

/** Most rows that one warning names. */
const most = 10

/** Logs a warning that names the rows; nothing when there are none. */
export const warnUnreadable = (rows: ReadonlyArray<Unreadable>): Effect.Effect<void> => {
  if (rows.length === 0) return Effect.void
  const named = rows.slice(0, most).map(({ error }) => error.message)
  const more = rows.length > most ? [`and ${rows.length - most} more`] : []
  return Effect.logWarning(`${rows.length} stored rows cannot be read and are left out`, ...named, ...more)
}
