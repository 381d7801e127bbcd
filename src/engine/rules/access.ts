/**
 * Which right a write needs (`put-async` 10).
 *
 * @since 0.1.0
 */
import * as Rights from "../../model/Rights.ts"
import type { DecodedPut } from "../../protocol/PutRequest.ts"
import { AccessDenied } from "../../protocol/WbemError.ts"
import type { ClassFacts, InstanceFacts } from "../Facts.ts"
import type { Lineage } from "../Lineage.ts"
import type { PutRule } from "./PutRule.ts"

/** The right that writing or deleting an instance of a class needs. Full Write does not imply Provider Write (K-7). */
export const rightFor = (lineage: Lineage): Rights.RightName =>
  lineage.isSystem ? "FullWrite" : lineage.isDynamic ? "ProviderWrite" : "PartialWrite"

const denied = (put: DecodedPut, right: Rights.RightName, rule: string): AccessDenied | undefined =>
  Rights.allows(put.call.caller.rights, right)
    ? undefined
    : new AccessDenied({ right, namespace: put.namespace, rule, detail: `${put.call.caller.name} lacks the right` })

/** Row 1 of `class-update` 2. */
export const mayWriteClass: PutRule<ClassFacts> = ({ put }) => denied(put, "FullWrite", "class-update 2.1")

/** Row 3 of `instance-put` 1. */
export const mayWriteInstance: PutRule<InstanceFacts> = ({ lineage, put }) =>
  denied(put, rightFor(lineage!), "instance-put 1.3")
