/**
 * The metrics of telemetry. `docs/telemetry.md` has their table.
 *
 * @since 0.1.0
 */
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"

/**
 * Puts that have ended, with the labels `wmi.status` and `wmi.disposition`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const puts: Metric.Metric.Counter<number> = /* @__PURE__ */ Metric.counter("wmi.puts", {
  description: "Puts that have ended.",
  incremental: true
})

/**
 * The number of puts of each batch of a bulk put.
 *
 * @since 0.1.0
 * @category metrics
 */
export const batchSize: Metric.Metric.Histogram<number> = /* @__PURE__ */ Metric.histogram(
  "wmi.put.batch.size",
  /* @__PURE__ */ MetricBoundaries.fromIterable([1, 4, 16, 64, 256, 1024, 4096]),
  "The number of puts of each batch of a bulk put."
)

/**
 * Transactions of stores that have ended, with the labels `db.system.name`, `db.operation.name` and, of a failure, `error.type`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const transactions: Metric.Metric.Counter<number> = /* @__PURE__ */ Metric.counter("wmi.transactions", {
  description: "Transactions of stores that have ended.",
  incremental: true
})

/**
 * Attempts of transactions that ended in a conflict with another writer, with the label `db.system.name`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const conflicts: Metric.Metric.Counter<number> = /* @__PURE__ */ Metric.counter("wmi.transaction.conflicts", {
  description: "Attempts of transactions that ended in a conflict with another writer.",
  incremental: true
})

/**
 * Requests to PowerShell hosts that have got a reply, with the labels `db.operation.name` and, of a failure, `error.type`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const hostCalls: Metric.Metric.Counter<number> = /* @__PURE__ */ Metric.counter("wmi.host.calls", {
  description: "Requests to PowerShell hosts that have got a reply.",
  incremental: true
})

/**
 * The duration of verbs and batches in seconds, with the labels `wmi.operation`, `unit` (`s`, from which `@effect/opentelemetry` makes
 * the unit) and, of a failure, `error.type`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const duration: Metric.Metric.Histogram<number> = /* @__PURE__ */ Metric.histogram(
  "wmi.operation.duration",
  /* @__PURE__ */ MetricBoundaries.fromIterable([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]),
  "The duration of verbs and batches in seconds."
)
