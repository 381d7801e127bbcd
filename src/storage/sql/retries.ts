/**
 * The retry policies of SQL stores. Each delay grows and is jittered, so that two processes do not meet again. Conflicts of optimistic
 * attempts are retried by `rowStore.ts`.
 *
 * @internal
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { StoreFailure } from "../../emulator/StoreFailure.ts"
import * as Eager from "../../internal/eager.ts"
import type { StoreError } from "../../protocol/WbemError.ts"
import type { Conflict } from "../rowDatabase.ts"

const growing = (first: Duration.DurationInput, longest: Duration.DurationInput, limit: Duration.DurationInput) =>
  Schedule.exponential(first, 1.5).pipe(
    Schedule.union(Schedule.spaced(longest)),
    Schedule.jittered,
    Schedule.upTo(limit)
  )

/** While other processes make the tables of the same store. */
export const contentionSchedule: () => Schedule.Schedule<unknown> = () =>
  growing("5 millis", "100 millis", "20 seconds")

/** While no server is the primary. */
export const failoverSchedule = (limit: Duration.DurationInput): Schedule.Schedule<unknown> =>
  growing("20 millis", "500 millis", limit)

/** While a SQLite file has another writer. SQLite itself would wait by blocking the process, so its own waiting is switched off. */
const busySchedule = (limit: Duration.DurationInput): Schedule.Schedule<unknown> =>
  growing("1 millis", "25 millis", limit)

/** Retries after the delays of a schedule, which is started only when the first attempt fails. */
export const retry = <A, E, R>(
  work: Eager.Eager<A, E, R>,
  schedule: () => Schedule.Schedule<unknown>,
  isRetried: (error: E) => boolean
): Eager.Eager<A, E, R> =>
  Eager.catchAll(
    work,
    (error) => isRetried(error) ? Effect.retry(work, { schedule: schedule(), while: isRetried }) : Eager.fail(error)
  )

const isBusy = (error: StoreError | Conflict): boolean =>
  error._tag !== "Conflict" && error.cause instanceof StoreFailure && error.cause.reason === "Busy"

/**
 * How long to wait for other writers of the same SQLite file.
 *
 * @since 0.1.0
 * @category models
 */
export interface BusyOptions {
  /** 10 seconds if not given. Then a put fails with `Timeout`, and nothing was written. */
  readonly busyTimeout?: Duration.DurationInput | undefined
}

/** Retries an attempt while the file is busy. */
export const retryBusy =
  ({ busyTimeout = "10 seconds" }: BusyOptions) =>
  <A>(work: Eager.Eager<A, StoreError | Conflict>): Eager.Eager<A, StoreError | Conflict> =>
    retry(work, () => busySchedule(busyTimeout), isBusy)
