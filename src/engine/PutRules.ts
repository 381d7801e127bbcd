/**
 * The rules of a put as two lists, each in the order of the specification, so that list and table can be compared row
 * by row. The first violation ends the put, because WMI reports one status per call.
 *
 * @since 0.1.0
 * @module
 */
import type { DecodedPut } from "../protocol/PutRequest.ts"
import type { ClassFacts, InstanceFacts } from "./Facts.ts"
import * as access from "./rules/access.ts"
import * as amended from "./rules/amended.ts"
import * as binding from "./rules/binding.ts"
import * as classHeader from "./rules/classHeader.ts"
import { structure } from "./rules/classShape.ts"
import { updateAllowed } from "./rules/classUpdate.ts"
import * as existence from "./rules/existence.ts"
import * as instanceShape from "./rules/instanceShape.ts"
import type { PutRule } from "./rules/PutRule.ts"

export type { PutRule } from "./rules/PutRule.ts"

/**
 * `class-update` 2, row by row.
 *
 * @since 0.1.0
 * @category rules
 */
export const forClass: ReadonlyArray<PutRule<ClassFacts>> = [
  access.classWritable, // 1. Row 2 is about classes of class providers, which the emulator does not have (K-1).
  classHeader.hasName, //  3
  classHeader.notReservedName, //  4
  classHeader.noTrailingUnderscore, //  5
  classHeader.legalName, //  6
  classHeader.nameLength, //  7
  amended.notReadAmended, //  8
  amended.localeKnown, // `qualifiers` 7.1
  access.amendmentWritable, // `qualifiers` 7.3
  existence.createOnlyClass, //  9
  existence.updateOnlyClass, // 10
  classHeader.notCircular, // 11
  classHeader.superclassExists, // 12
  ...structure, // 13
  updateAllowed // 14
]

/**
 * `instance-put` 1, row by row.
 *
 * @since 0.1.0
 * @category rules
 */
export const forInstance: ReadonlyArray<PutRule<InstanceFacts>> = [
  instanceShape.namesAClass, //  1
  instanceShape.classExists, //  2
  binding.namesFilterOrConsumer, //  2a
  access.instanceWritable, //  3
  instanceShape.classIsConcrete, //  4
  amended.noAmendmentClass, //  4, of the classes of a locale
  amended.notReadAmended, //  5
  instanceShape.knownProperties, //  6
  instanceShape.valuesFit, //  7
  instanceShape.providersNamed, //  8, IR-1
  instanceShape.unlessProvided(
    instanceShape.keyOrSingleton, //  9
    instanceShape.keyValues, // 10
    existence.partialTarget, // 11
    instanceShape.requiredValues, // 12
    binding.deliveryQoSSet, // 12, `instance-put` 5
    access.descriptorValid, // 12, of a namespace's descriptor
    existence.createOnly, // 13
    existence.updateOnly // 14
  )
]

/**
 * The rules that a put carries into the transaction: a list for class puts and one for instance puts. {@link standard}
 * holds the rules of the specification; a list with more rules extends them.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import { ClassDefinition, Instance, Property, PutAsync, PutRequest } from "effect-wmi"
 * import { PutRules, PutValidator, Snapshot, WbemError, Wmi } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const noFloppy: PutRules.PutRule<{ readonly instance: Instance.Instance }> = ({ instance }) =>
 *   instance.values["Id"] === "A:" ? new WbemError.InvalidParameter({ parameter: "Id" }) : undefined
 * const validator = PutValidator.layerWith({ rules: { forInstance: [...PutRules.standard.forInstance, noFloppy] } })
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const error = await PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "A:" }))).pipe(
 *   Effect.flip,
 *   Effect.provide(validator),
 *   Effect.provide(Wmi.layerMemoryFrom(Snapshot.of(Disk))),
 *   Effect.runPromise
 * )
 * assert.equal(error.status, "InvalidParameter")
 * ```
 *
 * @since 0.1.0
 * @category models
 */
export interface PutRules {
  /** The rules of class puts, in the order in which they are checked. */
  readonly forClass: ReadonlyArray<PutRule<ClassFacts>>
  /** The rules of instance puts, in the order in which they are checked. */
  readonly forInstance: ReadonlyArray<PutRule<InstanceFacts>>
}

/**
 * The rules of the specification.
 *
 * @since 0.1.0
 * @category rules
 */
export const standard: PutRules = { forClass, forInstance }

/**
 * A put after stage 2. Its own checks have passed; the rules are checked inside the transaction.
 *
 * @since 0.1.0
 * @category models
 */
export interface ValidatedPut {
  /** The decoded put. */
  readonly put: DecodedPut
  /** The rules to check inside the transaction. */
  readonly rules: PutRules
}
