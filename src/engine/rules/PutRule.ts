/**
 * What a rule is.
 *
 * @since 0.1.0
 */
import type { WbemError } from "../../protocol/WbemError.ts"

/**
 * A question about the facts of a put, asked inside the transaction; `undefined` means no objection. The first objection of a
 * list ends the put.
 *
 * @since 0.1.0
 * @category models
 */
export type PutRule<Facts> = (facts: Facts) => WbemError | undefined
