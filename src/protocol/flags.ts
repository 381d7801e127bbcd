/**
 * The one table of the flags of a put (`put-async` 2). The constants, masks and modes of `PutFlags` are generated from it, and so is the
 * mask of the PowerShell host.
 *
 * To add a flag, add its row and run `npm run statuses` and `npm run host-script`.
 *
 * @internal
 */

/**
 * The group of a flag. It decides whether a put of a class and a put of an instance accept the flag.
 *
 * @since 0.1.0
 * @category models
 */
export type Group = "change kind" | "update mode" | "delivery" | "amended" | "ignored" | "rejected"

/**
 * One row of the table.
 *
 * @since 0.1.0
 * @category models
 */
export interface FlagRow {
  /** The bits of the flag in the 32-bit word. */
  readonly bits: number
  /** The library's name. */
  readonly name: string
  /** The constant of the scripting enumerations, or of COM where scripting has none. */
  readonly com: string
  /** The group: flags of one group exclude each other or share their treatment. */
  readonly group: Group
  /** How a put of a class treats the flag. */
  readonly class: "accepted" | "ignored" | "rejected"
  /** How a put of an instance treats the flag. */
  readonly instance: "accepted" | "ignored" | "rejected"
  /** The meaning, as one line of text. */
  readonly meaning: string
}

const rows: ReadonlyArray<readonly [bits: number, name: string, com: string, group: Group, meaning: string]> = [
  [0x1, "UpdateOnly", "wbemChangeFlagUpdateOnly", "change kind", "overwrite only; missing is NotFound"],
  [0x2, "CreateOnly", "wbemChangeFlagCreateOnly", "change kind", "create only; present is AlreadyExists"],
  [0x4, "0x4", "unassigned", "rejected", "unassigned"],
  [0x8, "0x8", "unassigned", "rejected", "unassigned"],
  [0x10, "ReturnImmediately", "wbemFlagReturnImmediately", "delivery", "no effect: a put is always asynchronous"],
  [0x20, "UpdateSafe", "wbemChangeFlagUpdateSafeMode", "update mode", "children may stay if nothing conflicts"],
  [
    0x40,
    "UpdateForce",
    "wbemChangeFlagUpdateForceMode",
    "update mode",
    "conflicts in children and own instances give way"
  ],
  [
    0x80,
    "SendStatus",
    "wbemFlagSendStatus",
    "delivery",
    "progress of providers reaches the sink (wbemChangeFlagStrongValidation has the same number)"
  ],
  [0x100, "EnsureLocatable", "wbemFlagEnsureLocatable", "rejected", "not for a put"],
  [0x200, "DirectRead", "wbemFlagDirectRead", "rejected", "not for a put"],
  [0x400, "0x400", "unassigned", "rejected", "unassigned"],
  [0x800, "0x800", "unassigned", "rejected", "unassigned"],
  [0xf000, "Reserved", "WBEM_MASK_RESERVED_FLAGS", "ignored", "reserved, ignored on receipt"],
  [0x10000, "Advisory", "wbemChangeFlagAdvisory", "ignored", "ignored (WBEM_FLAG_OWNER_UPDATE has the same number)"],
  [0x20000, "UseAmendedQualifiers", "wbemFlagUseAmendedQualifiers", "amended", "amended qualifiers belong to a locale"],
  [0x40000, "0x40000", "unassigned", "rejected", "unassigned"],
  [0x80000, "0x80000", "unassigned", "rejected", "unassigned"],
  [0x100000, "StrongValidation", "WBEM_FLAG_STRONG_VALIDATION", "ignored", "ignored by servers"]
]

/**
 * Every bit that has a name or a rule, lowest first. The refusal of the update modes on instances is the least certain choice of the
 * flags (`put-async` K-2).
 *
 * @since 0.1.0
 * @category models
 */
export const table: ReadonlyArray<FlagRow> = /* @__PURE__ */ rows.map(([bits, name, com, group, meaning]) => {
  const answer = group === "ignored" || group === "rejected" ? group : "accepted"
  return { bits, name, com, group, class: answer, instance: group === "update mode" ? "rejected" : answer, meaning }
})
