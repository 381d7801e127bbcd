/**
 * The decision on a put: facts, then rules, then plan. A pure function of a snapshot; it uses no clock, no connection
 * and no fiber.
 *
 * @since 0.1.0
 * @module
 */
import * as Either from "effect/Either"
import { constUndefined, identity } from "effect/Function"
import { longestPath } from "../model/limits.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { Instance } from "../model/WbemObject.ts"
import type { Change } from "../protocol/Change.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import { isWbemError, type PutError, QuotaViolation, type StartError } from "../protocol/WbemError.ts"
import type { Decision } from "./Decision.ts"
import { ClassFacts, InstanceFacts } from "./Facts.ts"
import * as Identity from "./identity.ts"
import type { EffectiveProperty, ResolvedClass } from "./classes/ResolvedClass.ts"
import { planClass } from "./planClass.ts"
import { planInstance } from "./planInstance.ts"
import type { ValidatedPut } from "./PutRules.ts"
import { admissionError, namespaceNotFound } from "./rules/access.ts"
import { firstViolation } from "./rules/PutRule.ts"
import * as Snapshot from "./state/Snapshot.ts"
import { readOr } from "./state/unreadableRows.ts"
import { effective, valuesOf } from "./values.ts"

/**
 * Adds `ParameterInfo` to the error object of a refusal (`errors` 5.1). Only this module holds the error, so it may be
 * changed.
 */
const withParameterInfo = <E extends PutError>(error: E, info: string | undefined): E =>
  info === undefined ? error : Object.assign(error, { parameterInfo: info })

/**
 * A decision, or the error that refuses the put; `isRefusal` tells them apart. It has no wrapper because every put
 * makes one.
 */
type DecisionOrError = Decision | PutError

const isRefusal = (decided: DecisionOrError): decided is PutError => isWbemError(decided)

/** A put that needs an unreadable row fails with the status of that row. The other puts of its batch go on. */
const decideCatching = (snapshot: Snapshot.Snapshot, valid: ValidatedPut): DecisionOrError =>
  readOr(() => decideOrThrow(snapshot, valid), identity)

const decideOrThrow = (snapshot: Snapshot.Snapshot, { put, rules }: ValidatedPut): DecisionOrError => {
  const { namespace } = put
  // The namespace existed when the call was accepted. It may have been deleted since.
  if (Snapshot.namespaceName(snapshot, namespace) === undefined) return namespaceNotFound(namespace)
  if (put.object._tag === "Instance") {
    const facts = new InstanceFacts(snapshot, put, put.object)
    const violation = firstViolation(facts, rules.forInstance)
    return violation === undefined ? planInstance(facts) : withParameterInfo(violation, parameterInfo(snapshot, put))
  }
  const facts = new ClassFacts(snapshot, put, put.object)
  const violation = firstViolation(facts, rules.forClass)
  return violation === undefined ? planClass(facts) : withParameterInfo(violation, put.object.name)
}

/**
 * The decision on one put, or the error that refuses it. It reads nothing beyond the read set of the put.
 *
 * @since 0.1.0
 * @category combinators
 */
export const decide = (snapshot: Snapshot.Snapshot, valid: ValidatedPut): Either.Either<Decision, PutError> => {
  const decided = decideCatching(snapshot, valid)
  return isRefusal(decided) ? Either.left(decided) : Either.right(decided)
}

/**
 * Decisions on several puts: a decision or an error for each.
 *
 * @since 0.1.0
 * @category models
 */
export interface Decisions {
  /**
   * One for each put, in order. When a decision delegates to providers it is the last one, because the puts after it
   * wait for the providers.
   */
  readonly decisions: ReadonlyArray<Decision | PutError>
  /** The changes of all decisions, in order. */
  readonly changes: ReadonlyArray<Change>
  /** The state after all decisions. */
  readonly snapshot: Snapshot.Snapshot
}

/**
 * Decides several puts; each sees the changes of those before it. The result is the same as deciding and applying one
 * put after another.
 *
 * @since 0.1.0
 * @category combinators
 */
export const decideAll = (snapshot: Snapshot.Snapshot, puts: ReadonlyArray<ValidatedPut>): Decisions => {
  const decisions: Array<Decision | PutError> = []
  const edit = Snapshot.edit(snapshot)
  for (let i = 0; i < puts.length; i++) {
    const decided = decideCatching(edit.snapshot, puts[i]!)
    decisions.push(decided)
    if (isRefusal(decided)) continue
    if (decided.delegate.length > 0) break
    edit.apply(decided.changes)
  }
  return { decisions, changes: edit.changes, snapshot: edit.snapshot }
}

const isKey = (property: EffectiveProperty): boolean => property.isKey

/**
 * The relative path of an instance. `undefined` for a class, and while a key is NULL or does not fit its type.
 *
 * @since 0.1.0
 * @category combinators
 */
export const relPath = (snapshot: Snapshot.Snapshot, put: DecodedPut): string | undefined => {
  if (put.object._tag !== "Instance" || put.object.className === "") return undefined
  const resolvedClass = Snapshot.resolvedClass(snapshot, put.namespace, put.object.className)
  if (resolvedClass === undefined || resolvedClass.root === undefined) return undefined
  const { coercionError, values } = valuesOf(resolvedClass, put.object, isKey)
  const isComplete = resolvedClass.isSingleton
    || (coercionError === undefined && resolvedClass.keys.every((key) => effective(values, key) !== null))
  if (!isComplete) return undefined
  return ObjectPath.relPath(Identity.pathOf(undefined, undefined, resolvedClass, values))
}

/**
 * The `ParameterInfo` of a refused instance put (`errors` 5.1): its relative path, or its class when it has no path,
 * both in the stored spelling. `undefined` for a class put and for an unknown class; these are reported by the name
 * that was given.
 *
 * @since 0.1.0
 * @category combinators
 */
export const parameterInfo = (snapshot: Snapshot.Snapshot, put: DecodedPut): string | undefined =>
  put.object._tag === "Instance"
    ? relPath(snapshot, put) ?? Snapshot.resolvedClass(snapshot, put.namespace, put.object.className)?.name
    : undefined

/**
 * Whether a relative path could exceed the limit if all text of the instance were key text and every character were
 * escaped.
 */
const mayExceedLongestPath = ({ pathRoom }: ResolvedClass, { values }: Instance): boolean => {
  let length = pathRoom
  for (const name in values) {
    const value = values[name]
    if (typeof value === "string") length += 2 * value.length
  }
  return length > longestPath
}

/** A class; `undefined` also when its row is unreadable. The operation itself reports the unreadable row. */
const readableClass = (
  snapshot: Snapshot.Snapshot,
  namespace: string,
  className: string
): ResolvedClass | undefined => readOr(() => Snapshot.resolvedClass(snapshot, namespace, className), constUndefined)

/**
 * Rows 6 to 8 of the start phase (`put-async` 3), as far as the namespace decides them: the namespace exists, the
 * caller has access, the path is not too long. `undefined` admits the call.
 *
 * @since 0.1.0
 * @category combinators
 */
export const admit = (snapshot: Snapshot.Snapshot, put: DecodedPut): StartError | undefined => {
  const refusal = admissionError(snapshot, put.call, put.namespace)
  if (refusal !== undefined) return withParameterInfo(refusal, parameterInfo(snapshot, put))
  const { object } = put
  if (object._tag === "Class" || object.className === "") return undefined
  const resolvedClass = readableClass(snapshot, put.namespace, object.className)
  if (resolvedClass === undefined || !mayExceedLongestPath(resolvedClass, object)) return undefined
  const path = relPath(snapshot, put)
  return path !== undefined && path.length > longestPath
    ? new QuotaViolation({ limit: "relative path", maximum: longestPath, rule: "put-async 3.8", parameterInfo: path })
    : undefined
}
