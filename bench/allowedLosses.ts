/**
 * Losses that were accepted with the code that was deleted for them. Each holds beside a checkout that still has the deleted file, and
 * beside no other: a later comparison allows nothing.
 */

/** How much slower cases may be, and why. */
export interface AllowedLoss {
  readonly bench: string
  /** How the title of the group starts; what follows is a number of instances. */
  readonly group: string
  readonly cases: ReadonlyArray<string>
  /** The largest accepted ratio of this build's cost to the other's. */
  readonly atMost: number
  /** The file of the other checkout that contains what was deleted. */
  readonly deleted: string
  readonly reason: string
}

const unannounced =
  "rows are no longer assumed absent after 64 new ones: a load that does not say that its rows are new "
  + "reads them first, one query a batch"

export const allowedLosses: ReadonlyArray<AllowedLoss> = [
  {
    bench: "sqlite",
    group: "SQLite at FULL, single durable puts",
    cases: ["single puts, one after another", "single puts of new rows (CreateOnly), one after another"],
    atMost: 1.18,
    deleted: "src/repository/sqliteTransactions.ts",
    reason: "the conditional write without a transaction is deleted: about 75 lines that a bulk load did not use"
  },
  {
    bench: "sqlite",
    group: "SQLite at FULL (",
    cases: ["BulkPut, 1,000 a transaction", "BulkPut, 256 a transaction (the default)"],
    atMost: 1.34,
    deleted: "src/repository/slicedStore.ts",
    reason: unannounced
  },
  {
    bench: "postgres",
    group: "PostgreSQL, bulk of ",
    cases: ["BulkPut, 1,000 a batch", "BulkPut, 256 a batch (the default)"],
    atMost: 1.34,
    deleted: "src/repository/slicedStore.ts",
    reason: unannounced
  },
  {
    bench: "postgres",
    group: "PostgreSQL, bulk of ",
    cases: ["BulkPut of updates, 1,000 a batch"],
    atMost: 1.12,
    deleted: "src/repository/postgresConditional.ts",
    reason: "the statement for updates of one class is deleted: the statement for rows of any class writes them"
  }
]

/** The loss that is allowed to a case beside a checkout; `exists` looks for a file of that checkout. */
export const allowedLoss = (
  bench: string,
  group: string,
  name: string,
  exists: (file: string) => boolean,
  losses: ReadonlyArray<AllowedLoss> = allowedLosses
): AllowedLoss | undefined =>
  losses.find((loss) =>
    loss.bench === bench && group.startsWith(loss.group) && loss.cases.includes(name) && exists(loss.deleted)
  )
