/**
 * Create only, update only and partial updates: whether the object must exist or must not exist (`put-async` 2.2,
 * `instance-put` 3).
 *
 * @since 0.1.0
 */
import { AlreadyExists, NotFound } from "../../protocol/WbemError.ts"
import type { ClassFacts, InstanceFacts } from "../Facts.ts"
import type { PutRule } from "./PutRule.ts"

/** Row 9 of `class-update` 2. */
export const createOnlyClass: PutRule<ClassFacts> = (facts) =>
  facts.put.options.mode === "CreateOnly" && facts.stored !== undefined
    ? new AlreadyExists({ path: facts.path, rule: "class-update 2.9" })
    : undefined

/** Row 10 of `class-update` 2. */
export const updateOnlyClass: PutRule<ClassFacts> = (facts) =>
  facts.put.options.mode === "UpdateOnly" && facts.stored === undefined
    ? new NotFound({ path: facts.path, rule: "class-update 2.10" })
    : undefined

/** Row 11 of `instance-put` 1: the target of a partial update exists and is of exactly this class (IP-9). */
export const partialTarget: PutRule<InstanceFacts> = (facts) =>
  facts.listed !== undefined && facts.stored === undefined
    ? new NotFound({ path: facts.path, rule: "instance-put 1.11" })
    : undefined

/** Row 13 of `instance-put` 1: no instance of the class tree has the identity (ID-5). */
export const createOnly: PutRule<InstanceFacts> = (facts) =>
  facts.put.options.mode === "CreateOnly" && facts.occupant !== undefined
    ? new AlreadyExists({ path: facts.path, rule: "instance-put 1.13" })
    : undefined

/** Row 14 of `instance-put` 1: an instance of exactly this class has the identity (ID-5). */
export const updateOnly: PutRule<InstanceFacts> = (facts) =>
  facts.put.options.mode === "UpdateOnly" && facts.stored === undefined
    ? new NotFound({ path: facts.path, rule: "instance-put 1.14" })
    : undefined
