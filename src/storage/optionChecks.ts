/**
 * The checks of the options that stores share, for the `layerConfig` of each.
 *
 * @internal
 */
import { type Checks, isBoolean, isDuration, isWhole } from "../internal/checkedConfig.ts"
import type { IsolationOptions } from "./postgres/isolation.ts"
import type { ConcurrencyOptions } from "./rowStore.ts"
import type { BusyOptions } from "./sql/retries.ts"
import type { AnswerOptions } from "./sql/timeouts.ts"

export const concurrencyChecks: Checks<ConcurrencyOptions> = {
  maxAttempts: /* @__PURE__ */ isWhole(1),
  maxGroupCommit: /* @__PURE__ */ isWhole(1)
}

/** The options of a SQL store. */
export const storeChecks: Checks<ConcurrencyOptions & AnswerOptions & IsolationOptions & BusyOptions> = {
  maxAttempts: /* @__PURE__ */ isWhole(1),
  maxGroupCommit: /* @__PURE__ */ isWhole(1),
  answerTimeout: isDuration,
  requireIsolationCheck: isBoolean,
  isolationTimeout: isDuration,
  busyTimeout: isDuration
}
