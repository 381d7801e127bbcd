/**
 * The one empty list of qualifiers that objects without any share.
 *
 * @internal
 */
import type { Qualifier } from "./Qualifier.ts"

export const emptyQualifiers: ReadonlyArray<Qualifier> = /* @__PURE__ */ Object.freeze([])
