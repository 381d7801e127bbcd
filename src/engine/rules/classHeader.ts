/**
 * Name and superclass of a class definition: rows 3 to 7, 11 and 12 of `class-update` 2.
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import { make as makePath } from "../../model/ObjectPath.ts"
import * as WbemError from "../../protocol/WbemError.ts"
import type { ClassFacts } from "../Facts.ts"
import type { PutRule } from "./PutRule.ts"

type Rule = PutRule<ClassFacts>

/** Longest class name (WBEM_LIMITS, K-2). */
const longest = 4096

/** Row 3. */
export const hasName: Rule = ({ definition }) =>
  definition.name.trim() === ""
    ? new WbemError.IncompleteClass({ rule: "class-update 2.3", detail: "the class has no name" })
    : undefined

/** Row 4: names with a leading underscore are reserved for the system. */
export const notReservedName: Rule = ({ definition }) =>
  definition.name.startsWith("_")
    ? new WbemError.InvalidOperation({
      className: definition.name,
      rule: "class-update 2.4",
      detail: "names with a leading underscore belong to the system"
    })
    : undefined

/** Row 5. */
export const noTrailingUnderscore: Rule = ({ definition }) =>
  definition.name.endsWith("_")
    ? new WbemError.InvalidObject({
      rule: "class-update 2.5",
      detail: `class name ${definition.name} ends with an underscore`
    })
    : undefined

/** Row 6. */
export const legalName: Rule = ({ definition }) =>
  CimName.isUserName(definition.name) ? undefined : new WbemError.InvalidParameter({
    parameter: `class name ${definition.name.slice(0, 80)}`,
    rule: "class-update 2.6",
    detail: "a letter first, then letters, digits and underscores; letters are A-Z, a-z and U+0080 to U+FFEF"
  })

/** Row 7. */
export const nameLength: Rule = ({ definition }) =>
  definition.name.length > longest
    ? new WbemError.QuotaViolation({ limit: "class name", maximum: longest, rule: "class-update 2.7" })
    : undefined

/** Row 11. */
export const notCircular: Rule = (facts) => {
  const superclass = facts.definition.superclass
  if (superclass === undefined) return undefined
  return CimName.fold(superclass) === facts.folded
      || facts.descendants.some((child) => child.folded === CimName.fold(superclass))
    ? new WbemError.CircularReference({ className: facts.definition.name, superclass, rule: "class-update 2.11" })
    : undefined
}

/** Row 12. */
export const superclassExists: Rule = (facts) =>
  facts.definition.superclass !== undefined && facts.parent === undefined
    ? new WbemError.NotFound({
      path: makePath({ ...facts.path, className: facts.definition.superclass }),
      rule: "class-update 2.12",
      detail: `superclass of ${facts.definition.name}`
    })
    : undefined
