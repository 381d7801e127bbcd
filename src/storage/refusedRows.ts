/**
 * Finds the rows of a write set that a database refuses: rows that are too large for it, or hold a value that it cannot store. A
 * commit is all or nothing, so one such row keeps all others from being written. The rows are written in halves, and rolled back,
 * until each refused row is found. The failure names them, so that only the puts that they belong to fail.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import { namespaceRoot } from "../engine/state/namespaceTables.ts"
import { Failed, type StoreError } from "../protocol/WbemError.ts"
import type { Row } from "../protocol/Change.ts"
import { wbemError } from "./sql/failures.ts"
import type { Conflict, InstanceWrite, RowDatabase, SchemaWrite, WriteSet } from "./rowDatabase.ts"
import * as StoredObject from "../codec/storedObject.ts"
import { StoreFailure, type StoreReason } from "../emulator/StoreFailure.ts"

const reasons: ReadonlySet<StoreReason> = new Set(["TooBig", "Input"])

/** Whether a database refused a write set for one of its rows. Nothing was written then. */
export const isRefusal = (error: StoreError | Conflict): boolean =>
  error._tag !== "Conflict" && error.cause instanceof StoreFailure && reasons.has(error.cause.reason)

/** Ends a transaction that only tries a write: the transaction is rolled back. */
export const rolledBack: StoreError = /* @__PURE__ */ new Failed({ detail: "it was only tried" })

/** Whether an attempt to write did not fail for a row. A failure for another reason says nothing about the rows. */
export const isAccepted = (attempt: Effect.Effect<unknown, StoreError | Conflict>): Effect.Effect<boolean> =>
  Effect.match(attempt, { onFailure: (error) => !isRefusal(error), onSuccess: () => true })

type Write = { readonly instance: InstanceWrite } | { readonly schema: SchemaWrite }

const rowOf = (write: Write): Row => {
  const { key, namespace, root } = "instance" in write ? write.instance : write.schema
  return { namespace, root, key: StoredObject.readKey(key) }
}

/**
 * The part of a write set with only these writes. A new namespace belongs to its own row and to the schema rows in it: written with
 * other rows, a namespace that the database refuses would make them look refused.
 */
const partOf = (set: WriteSet, some: ReadonlyArray<Write>): WriteSet => {
  const schema = some.flatMap((one) => "schema" in one ? [one.schema] : [])
  const needed = new Set(
    schema.flatMap(({ key, namespace, root }) =>
      root === namespaceRoot ? [namespace, `${namespace}\\${StoredObject.readKey(key)}`] : [namespace]
    )
  )
  return {
    ...set,
    schema,
    instances: some.flatMap((one) => "instance" in one ? [one.instance] : []),
    namespaces: set.namespaces.filter(({ namespace }) => needed.has(namespace))
  }
}

/** The refusal, naming the refused rows. */
export const naming = (error: StoreError, rows: ReadonlyArray<Row>): StoreError =>
  error.cause instanceof StoreFailure && rows.length > 0
    ? wbemError(new StoreFailure({ ...error.cause, rows }), false)
    : error

/** The refusal of a write set, naming the refused rows as far as they can be found. */
export const named = (
  { accepts }: Pick<RowDatabase, "accepts">,
  set: WriteSet,
  error: StoreError
): Effect.Effect<never, StoreError> => {
  const writes: ReadonlyArray<Write> = [
    ...set.schema.map((schema) => ({ schema })),
    ...set.instances.map((instance) => ({ instance }))
  ]
  const refused = (some: ReadonlyArray<Write>): Effect.Effect<ReadonlyArray<Write>> =>
    some.length === 0 ? Effect.succeed([]) : Effect.flatMap(
      accepts(partOf(set, some)),
      (isAccepted) => {
        if (isAccepted) return Effect.succeed([])
        if (some.length === 1) return Effect.succeed(some)
        const half = some.length >> 1
        return Effect.zipWith(refused(some.slice(0, half)), refused(some.slice(half)), (a, b) => [...a, ...b])
      }
    )
  const refusedWrites = writes.length === 1 ? Effect.succeed(writes) : refused(writes)
  return Effect.flatMap(refusedWrites, (rows) => Effect.fail(naming(error, rows.map(rowOf))))
}
