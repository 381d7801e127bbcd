/**
 * Which rows of a commit a database does not take: those that are too large for it, or hold what it cannot store. A commit is all or
 * nothing, so one such row keeps all others from being written. The rows are written in halves, and taken back, until each refused
 * one is found. Then the failure names them, and the puts that they belong to can be refused alone.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import { Failed, type WbemError } from "../protocol/WbemError.ts"
import type { Row } from "../protocol/Change.ts"
import { wbemError } from "./sql/failures.ts"
import type { Commit, Conflict, InstanceWrite, SchemaWrite, StoreBackend } from "./rowDatabase.ts"
import * as StoredForm from "../codec/storedObject.ts"
import { StoreFailure, type StoreReason } from "../emulator/StoreFailure.ts"

const reasons: ReadonlySet<StoreReason> = new Set(["TooBig", "Input"])

/** Whether a database refused a commit for a row of it. Nothing was written then. */
export const isRefusal = (error: WbemError | Conflict): boolean =>
  error._tag !== "Conflict" && error.cause instanceof StoreFailure && reasons.has(error.cause.reason)

/** The end of a transaction that only tried something. */
export const takenBack: WbemError = /* @__PURE__ */ new Failed({ detail: "it was only tried" })

/** Whether an attempt that ends with {@link takenBack} came so far. What fails for another reason says nothing of the rows. */
export const isTaken = (attempt: Effect.Effect<unknown, WbemError | Conflict>): Effect.Effect<boolean> =>
  Effect.match(attempt, { onFailure: (error) => !isRefusal(error), onSuccess: () => true })

type Write = { readonly instance: InstanceWrite } | { readonly schema: SchemaWrite }

const rowOf = (write: Write): Row => {
  const { key, namespace, root } = "instance" in write ? write.instance : write.schema
  return { namespace, root, key: StoredForm.readKey(key) }
}

/** The refusal with the rows that it is about. */
export const naming = (error: WbemError, rows: ReadonlyArray<Row>): WbemError =>
  error.cause instanceof StoreFailure && rows.length > 0
    ? wbemError(new StoreFailure({ ...error.cause, rows }), false)
    : error

/** The refusal of a commit with the rows that it is about, as far as they can be told. */
export const named = (
  { wouldTake }: Pick<StoreBackend, "wouldTake">,
  commit: Commit,
  error: WbemError
): Effect.Effect<never, WbemError> => {
  const writes: ReadonlyArray<Write> = [
    ...commit.schema.map((schema) => ({ schema })),
    ...commit.instances.map((instance) => ({ instance }))
  ]
  const refused = (some: ReadonlyArray<Write>): Effect.Effect<ReadonlyArray<Write>> =>
    some.length === 0 ? Effect.succeed([]) : Effect.flatMap(
      wouldTake({
        ...commit,
        instances: some.flatMap((one) => "instance" in one ? [one.instance] : []),
        schema: some.flatMap((one) => "schema" in one ? [one.schema] : [])
      }),
      (takes) => {
        if (takes) return Effect.succeed([])
        if (some.length === 1) return Effect.succeed(some)
        const half = some.length >> 1
        return Effect.zipWith(refused(some.slice(0, half)), refused(some.slice(half)), (a, b) => [...a, ...b])
      }
    )
  const found = writes.length === 1 ? Effect.succeed(writes) : refused(writes)
  return Effect.flatMap(found, (rows) => Effect.fail(naming(error, rows.map(rowOf))))
}
