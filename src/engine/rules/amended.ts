/**
 * Objects that were read with amended qualifiers merged in (PA-91).
 *
 * @since 0.1.0
 */
import * as Locale from "../../model/Locale.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import * as WbemObject from "../../model/WbemObject.ts"
import { localeRefusal } from "../../protocol/localeRefusal.ts"
import { AmendedObject, InvalidOperation } from "../../protocol/WbemError.ts"
import type { ClassFacts, Facts, InstanceFacts } from "../Facts.ts"
import { isAmended } from "../../model/withoutAmended.ts"
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

/** Text that is split off needs a valid locale (`qualifiers` 7.1). Checked after row 8 of `class-update` 2. */
export const localeKnown: PutRule<ClassFacts> = ({ given, put }) => {
  const { call, namespace, options } = put
  if (!options.amended || call.amendmentWrites === false || Locale.isLocaleNamespace(namespace)) return undefined
  const refusal = localeRefusal(call.locale)
  return refusal !== undefined && hasText(given) ? refusal : undefined
}

const hasText = (given: WbemObject.ClassDefinition): boolean =>
  [given, ...given.properties, ...given.methods, ...given.methods.flatMap((method) => method.parameters)]
    .some(({ qualifiers }) => qualifiers.some(isAmended))

/**
 * A class with its own Amendment qualifier in the namespace of a locale has no instances (`qualifiers` 7.1); row 4 of
 * `instance-put` 1.
 */
export const noAmendmentClass: PutRule<InstanceFacts> = ({ resolvedClass, put }) =>
  Locale.isLocaleNamespace(put.namespace) && Qualifier.isTrue(resolvedClass!.definition, "Amendment")
    ? new InvalidOperation({
      className: resolvedClass!.name,
      rule: "qualifiers 7.1",
      detail: `in ${put.namespace} the class holds localized text only`
    })
    : undefined
