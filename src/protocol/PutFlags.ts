/**
 * The flags of a put as one table: bit, name, group, who accepts it (`put-async` 2).
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import type { Kind } from "../model/WbemObject.ts"
import { InvalidParameter } from "./WbemError.ts"

/**
 * Whether a put may create, overwrite, or both.
 *
 * @since 0.1.0
 * @category models
 */
export type ChangeMode = "CreateOrUpdate" | "UpdateOnly" | "CreateOnly"

/**
 * How hard a class update may push (`class-update` 5).
 *
 * @since 0.1.0
 * @category models
 */
export type UpdateMode = "Compatible" | "Safe" | "Force"

/**
 * What a flag word says.
 *
 * @since 0.1.0
 * @category models
 */
export interface PutOptions {
  readonly mode: ChangeMode
  /** Classes only. */
  readonly update: UpdateMode
  /** Whether amended qualifiers belong to a locale. */
  readonly amended: boolean
  /** Whether the sink wants progress. */
  readonly status: boolean
}

/**
 * One row of the table.
 *
 * @since 0.1.0
 * @category models
 */
export interface Row {
  readonly bits: number
  /** The library's name. */
  readonly name: string
  /** The constant of the scripting enumerations, or of COM where scripting has none. */
  readonly com: string
  readonly group: "change kind" | "update mode" | "delivery" | "amended" | "ignored" | "rejected"
  readonly class: "accepted" | "ignored" | "rejected"
  readonly instance: "accepted" | "ignored" | "rejected"
  readonly meaning: string
}

/** Create or overwrite. @since 0.1.0 @category flags */
export const CreateOrUpdate = 0x0
/** Overwrite only; missing is `NotFound`. @since 0.1.0 @category flags */
export const UpdateOnly = 0x1
/** Create only; present is `AlreadyExists`. @since 0.1.0 @category flags */
export const CreateOnly = 0x2
/** Accepted, no effect. @since 0.1.0 @category flags */
export const ReturnImmediately = 0x10
/** Update of a class: only if nobody is in the way. @since 0.1.0 @category flags */
export const UpdateCompatible = 0x0
/** Update of a class: children may stay if nothing conflicts. Classes only. @since 0.1.0 @category flags */
export const UpdateSafe = 0x20
/** Update of a class: conflicts in children and own instances give way. Classes only. @since 0.1.0 @category flags */
export const UpdateForce = 0x40
/** Progress of providers reaches the sink. @since 0.1.0 @category flags */
export const SendStatus = 0x80
/** Amended qualifiers belong to a locale. @since 0.1.0 @category flags */
export const UseAmendedQualifiers = 0x20000

/**
 * Every bit that has a name or a rule, lowest first.
 *
 * @since 0.1.0
 * @category models
 */
export const table: ReadonlyArray<Row> = [
  {
    bits: 0x1,
    name: "UpdateOnly",
    com: "wbemChangeFlagUpdateOnly",
    group: "change kind",
    class: "accepted",
    instance: "accepted",
    meaning: "overwrite only; missing is NotFound"
  },
  {
    bits: 0x2,
    name: "CreateOnly",
    com: "wbemChangeFlagCreateOnly",
    group: "change kind",
    class: "accepted",
    instance: "accepted",
    meaning: "create only; present is AlreadyExists"
  },
  {
    bits: 0x4,
    name: "0x4",
    com: "unassigned",
    group: "rejected",
    class: "rejected",
    instance: "rejected",
    meaning: "unassigned"
  },
  {
    bits: 0x8,
    name: "0x8",
    com: "unassigned",
    group: "rejected",
    class: "rejected",
    instance: "rejected",
    meaning: "unassigned"
  },
  {
    bits: 0x10,
    name: "ReturnImmediately",
    com: "wbemFlagReturnImmediately",
    group: "delivery",
    class: "accepted",
    instance: "accepted",
    meaning: "no effect: a put is always asynchronous"
  },
  {
    bits: 0x20,
    name: "UpdateSafe",
    com: "wbemChangeFlagUpdateSafeMode",
    group: "update mode",
    class: "accepted",
    instance: "rejected",
    meaning: "children may stay if nothing conflicts"
  },
  {
    bits: 0x40,
    name: "UpdateForce",
    com: "wbemChangeFlagUpdateForceMode",
    group: "update mode",
    class: "accepted",
    instance: "rejected",
    meaning: "conflicts in children and own instances give way"
  },
  {
    bits: 0x80,
    name: "SendStatus",
    com: "wbemFlagSendStatus",
    group: "delivery",
    class: "accepted",
    instance: "accepted",
    meaning: "progress of providers reaches the sink (wbemChangeFlagStrongValidation has the same number)"
  },
  {
    bits: 0x100,
    name: "EnsureLocatable",
    com: "wbemFlagEnsureLocatable",
    group: "rejected",
    class: "rejected",
    instance: "rejected",
    meaning: "not for a put"
  },
  {
    bits: 0x200,
    name: "DirectRead",
    com: "wbemFlagDirectRead",
    group: "rejected",
    class: "rejected",
    instance: "rejected",
    meaning: "not for a put"
  },
  {
    bits: 0x400,
    name: "0x400",
    com: "unassigned",
    group: "rejected",
    class: "rejected",
    instance: "rejected",
    meaning: "unassigned"
  },
  {
    bits: 0x800,
    name: "0x800",
    com: "unassigned",
    group: "rejected",
    class: "rejected",
    instance: "rejected",
    meaning: "unassigned"
  },
  {
    bits: 0xf000,
    name: "Reserved",
    com: "WBEM_MASK_RESERVED_FLAGS",
    group: "ignored",
    class: "ignored",
    instance: "ignored",
    meaning: "reserved, ignored on receipt"
  },
  {
    bits: 0x10000,
    name: "Advisory",
    com: "wbemChangeFlagAdvisory",
    group: "ignored",
    class: "ignored",
    instance: "ignored",
    meaning: "ignored (WBEM_FLAG_OWNER_UPDATE has the same number)"
  },
  {
    bits: 0x20000,
    name: "UseAmendedQualifiers",
    com: "wbemFlagUseAmendedQualifiers",
    group: "amended",
    class: "accepted",
    instance: "accepted",
    meaning: "amended qualifiers belong to a locale"
  },
  {
    bits: 0x40000,
    name: "0x40000",
    com: "unassigned",
    group: "rejected",
    class: "rejected",
    instance: "rejected",
    meaning: "unassigned"
  },
  {
    bits: 0x80000,
    name: "0x80000",
    com: "unassigned",
    group: "rejected",
    class: "rejected",
    instance: "rejected",
    meaning: "unassigned"
  },
  {
    bits: 0x100000,
    name: "StrongValidation",
    com: "WBEM_FLAG_STRONG_VALIDATION",
    group: "ignored",
    class: "ignored",
    instance: "ignored",
    meaning: "ignored by servers"
  }
]

/** Accepted bits. The instance mask is the least certain choice of the flags (`put-async` K-2): it is this one number. */
const accepted: { readonly Class: number; readonly Instance: number } = { Class: 0x13f0f3, Instance: 0x13f093 }
const ignored = 0x11f000
const changeKind = 0x3
const updateMode = 0x60

const changeModes: ReadonlyArray<ChangeMode> = ["CreateOrUpdate", "UpdateOnly", "CreateOnly"]
const updateModes: ReadonlyArray<UpdateMode> = ["Compatible", "Safe", "Force"]

/** Names of the bits that some put refuses: the decoder needs no more, and a function that only puts does not ship the table. */
const refusedNames: Readonly<Record<number, string>> = {
  0x20: "UpdateSafe",
  0x40: "UpdateForce",
  0x100: "EnsureLocatable",
  0x200: "DirectRead"
}
const otherNames: Readonly<Record<number, string>> = {
  0x1: "UpdateOnly",
  0x2: "CreateOnly",
  0x10: "ReturnImmediately",
  0x80: "SendStatus",
  0x10000: "Advisory",
  0x20000: "UseAmendedQualifiers",
  0x100000: "StrongValidation"
}

/**
 * Whether a number is a flag word: an integer in the signed or the unsigned 32-bit range (PA-10). What is none must not meet a bit
 * operator, which would make one of it.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isWord = (flags: number): boolean => Number.isInteger(flags) && flags >= -2147483648 && flags <= 4294967295

const hex = (bits: number): string => "0x" + (bits >>> 0).toString(16).toUpperCase()

/**
 * Names the bits of a word, with the hexadecimal number where a bit has no name: `["UpdateSafe", "0x40000"]`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const names = (flags: number): ReadonlyArray<string> => named(flags, { ...refusedNames, ...otherNames })

const named = (flags: number, by: Readonly<Record<number, string>>): ReadonlyArray<string> => {
  const found: Array<string> = []
  for (let bit = 1; bit < 2 ** 32; bit *= 2) if ((flags & bit) !== 0) found.push(by[bit] ?? hex(bit))
  return found
}

const refuse = (detail: string, rule: string, bits?: number): Either.Either<never, InvalidParameter> =>
  Either.left(new InvalidParameter({ parameter: "flags", bits, detail, rule }))

/**
 * What a flag word asks of a put of that kind, or `InvalidParameter` naming the bits that cannot be accepted (PA-10 to
 * PA-15).
 *
 * @since 0.1.0
 * @category constructors
 */
export const decode = (flags: number, kind: Kind): Either.Either<PutOptions, InvalidParameter> => {
  if (!isWord(flags)) {
    const word = Number.isNaN(flags) ? "; is mode or update misspelt?" : ""
    return refuse(`${String(flags)} is no 32-bit integer${word}`, "PA-10")
  }
  const alien = (flags & ~accepted[kind]) >>> 0
  if (alien !== 0) {
    return refuse(
      `${hex(alien)} (${named(alien, refusedNames).join(", ")}) is not accepted on ${
        kind === "Class" ? "a class" : "an instance"
      }`,
      "PA-11",
      alien
    )
  }
  const bits = flags & ~ignored
  if ((bits & changeKind) === changeKind) {
    return refuse("UpdateOnly and CreateOnly exclude each other", "PA-12", changeKind)
  }
  if ((bits & updateMode) === updateMode) {
    return refuse("UpdateSafe and UpdateForce exclude each other", "PA-13", updateMode)
  }
  return Either.right({
    mode: changeModes[bits & changeKind]!,
    update: updateModes[(bits & updateMode) >> 5]!,
    amended: (bits & UseAmendedQualifiers) !== 0,
    status: (bits & SendStatus) !== 0
  })
}

/** A word that is not in the list is no number, and no flag word with it either. */
const place = (words: ReadonlyArray<string>, word: string): number => {
  const found = words.indexOf(word)
  return found < 0 ? NaN : found
}

/**
 * The flag word of some options; what is left out is 0. A `mode` or `update` that is none makes it `NaN`, which {@link decode} refuses.
 *
 * @since 0.1.0
 * @category constructors
 */
export const encode = (options: Partial<PutOptions>): number =>
  place(changeModes, options.mode ?? "CreateOrUpdate")
  + place(updateModes, options.update ?? "Compatible") * UpdateSafe
  + (options.amended === true ? UseAmendedQualifiers : 0)
  + (options.status === true ? SendStatus : 0)

/**
 * The rows of the table that a word touches, and the bits that no row knows.
 *
 * @since 0.1.0
 * @category combinators
 */
export const explain = (flags: number): { readonly rows: ReadonlyArray<Row>; readonly unknown: number } => {
  const rows = table.filter((row) => (flags & row.bits) !== 0)
  return { rows, unknown: (flags & ~rows.reduce((bits, row) => bits | row.bits, 0)) >>> 0 }
}

/**
 * The word as a provider sees it: without the return bit and the ignored ones (IR-5).
 *
 * @since 0.1.0
 * @category combinators
 */
export const forProvider = (flags: number): number => (flags & ~(ignored | ReturnImmediately)) >>> 0
