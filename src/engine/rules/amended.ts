/**
 * Objects that were read with amended qualifiers merged in (PA-91).
 *
 * @since 0.1.0
 */
import * as WbemObject from "../../model/WbemObject.ts"
import { AmendedObject } from "../../protocol/WbemError.ts"
import type { Facts } from "../Facts.ts"
import type { PutRule } from "./PutRule.ts"

/** Row 8 of `class-update` 2 and row 5 of `instance-put` 1. */
export const notReadAmended: PutRule<Facts> = ({ put }) =>
  put.object.amended === true && !put.options.amended
    ? new AmendedObject({
      className: WbemObject.className(put.object),
      rule: "PA-91",
      detail: "it was read with amended qualifiers; put it with UseAmendedQualifiers"
    })
    : undefined
