/**
 * The type of a rule.
 *
 * @since 0.1.0
 */
import type { PutError } from "../../protocol/WbemError.ts"

/**
 * A check of the facts of a put, made inside the transaction. It returns the error of a violation, or `undefined`. The
 * first violation of a list of rules ends the put.
 *
 * @since 0.1.0
 * @category models
 */
export type PutRule<Facts> = (facts: Facts) => PutError | undefined

/**
 * The error of the first rule that the facts violate.
 *
 * @internal
 */
export const firstViolation = <Facts>(facts: Facts, rules: ReadonlyArray<PutRule<Facts>>): PutError | undefined => {
  for (let i = 0; i < rules.length; i++) {
    const violation = rules[i]!(facts)
    if (violation !== undefined) return violation
  }
  return undefined
}
