/**
 * The constants of the scripting library by their names, for ported scripts. The numbers come from the tables of this library;
 * statuses are signed, as `Err.Number` is.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { wbemChangeFlag, wbemCimType } from "effect-wmi/scripting"
 *
 * assert.equal(wbemCimType.wbemCimtypeString, 8)
 * assert.equal(wbemChangeFlag.wbemChangeFlagUpdateOnly, 1)
 * ```
 *
 * @since 0.1.0
 */
import * as CimType from "../../model/CimType.ts"
import * as Moniker from "../../model/Moniker.ts"
import * as HResult from "../../protocol/HResult.ts"
import * as PutFlags from "../../protocol/PutFlags.ts"
import { flags as comparison } from "./comparison.ts"

const named = <Name extends string>(rows: ReadonlyArray<readonly [string, number]>): Readonly<Record<Name, number>> =>
  // The type and the names come from the same rows.
  Object.freeze(Object.fromEntries(rows)) as Readonly<Record<Name, number>>

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/**
 * `WbemErrorEnum`: `wbemErrNotFound` and the other statuses, signed; `wbemNoErr` is 0. A put that its provider refused is
 * `wbemErrVetoPut` and a delete `wbemErrVetoDelete`, by the numbers of the protocol (`errors` K-2). Statuses without a constant in the
 * scripting library are included.
 *
 * @since 0.1.0
 * @category constants
 */
export const wbemErr: Readonly<Record<"wbemNoErr" | `wbemErr${Exclude<HResult.Status, "NoError">}`, number>> =
  /* @__PURE__ */ named(
    /* @__PURE__ */ HResult.table.map(({ hresult, status }) => [
      status === "NoError" ? "wbemNoErr" : `wbemErr${status}`,
      HResult.signed(hresult)
    ])
  )

/**
 * `WbemCimtypeEnum`: `wbemCimtypeUint32` and the other CIM types.
 *
 * @since 0.1.0
 * @category constants
 */
export const wbemCimType: Readonly<Record<`wbemCimtype${Capitalize<CimType.CimType>}`, number>> = /* @__PURE__ */ named(
  /* @__PURE__ */ CimType.table.map(({ name, number }) => [`wbemCimtype${capital(name)}`, number])
)

/**
 * `WbemChangeFlagEnum`: the modes of a put.
 *
 * @since 0.1.0
 * @category constants
 */
export const wbemChangeFlag: {
  readonly wbemChangeFlagCreateOrUpdate: number
  readonly wbemChangeFlagUpdateOnly: number
  readonly wbemChangeFlagCreateOnly: number
  readonly wbemChangeFlagUpdateCompatible: number
  readonly wbemChangeFlagUpdateSafeMode: number
  readonly wbemChangeFlagUpdateForceMode: number
} = {
  wbemChangeFlagCreateOrUpdate: PutFlags.CreateOrUpdate,
  wbemChangeFlagUpdateOnly: PutFlags.UpdateOnly,
  wbemChangeFlagCreateOnly: PutFlags.CreateOnly,
  wbemChangeFlagUpdateCompatible: PutFlags.UpdateCompatible,
  wbemChangeFlagUpdateSafeMode: PutFlags.UpdateSafe,
  wbemChangeFlagUpdateForceMode: PutFlags.UpdateForce
}

/**
 * The flags of `WbemFlagEnum` and `WbemQueryFlagEnum` that these objects accept.
 *
 * @since 0.1.0
 * @category constants
 */
export const wbemFlag: {
  readonly wbemFlagReturnWhenComplete: 0
  readonly wbemFlagReturnImmediately: number
  readonly wbemFlagDontSendStatus: 0
  readonly wbemFlagSendStatus: number
  readonly wbemFlagBidirectional: 0
  readonly wbemFlagForwardOnly: 0x20
  readonly wbemFlagUseAmendedQualifiers: number
  readonly wbemQueryFlagDeep: 0
  readonly wbemQueryFlagShallow: 1
} = {
  wbemFlagReturnWhenComplete: 0,
  wbemFlagReturnImmediately: PutFlags.ReturnImmediately,
  wbemFlagDontSendStatus: 0,
  wbemFlagSendStatus: PutFlags.SendStatus,
  wbemFlagBidirectional: 0,
  wbemFlagForwardOnly: 0x20,
  wbemFlagUseAmendedQualifiers: PutFlags.UseAmendedQualifiers,
  wbemQueryFlagDeep: 0,
  wbemQueryFlagShallow: 1
}

/**
 * `WbemComparisonFlagEnum`: what `compareTo_` ignores.
 *
 * @since 0.1.0
 * @category constants
 */
export const wbemComparisonFlag: Readonly<
  Record<"wbemComparisonFlagIncludeAll" | `wbemComparisonFlag${keyof typeof comparison}`, number>
> = /* @__PURE__ */ named([
  ["wbemComparisonFlagIncludeAll", 0],
  .../* @__PURE__ */ Object.entries(comparison).map(([name, bit]) => [`wbemComparisonFlag${name}`, bit] as const)
])

/**
 * `WbemPrivilegeEnum`: `wbemPrivilegeDebug` and the other privileges, 1 to 27.
 *
 * @since 0.1.0
 * @category constants
 */
export const wbemPrivilege: Readonly<Record<`wbemPrivilege${(typeof Moniker.privilegeNames)[number]}`, number>> =
  /* @__PURE__ */ named(
    /* @__PURE__ */ Moniker.privilegeNames.map((name, i) => [`wbemPrivilege${name}`, i + 1])
  )

/**
 * `WbemImpersonationLevelEnum`: `wbemImpersonationLevelImpersonate` and the other levels, 1 to 4.
 *
 * @since 0.1.0
 * @category constants
 */
export const wbemImpersonationLevel: Readonly<
  Record<`wbemImpersonationLevel${Capitalize<(typeof Moniker.impersonationLevels)[number]>}`, number>
> = /* @__PURE__ */ named(
  /* @__PURE__ */ Moniker.impersonationLevels.map((name, i) => [`wbemImpersonationLevel${capital(name)}`, i + 1])
)

/**
 * `WbemAuthenticationLevelEnum`: `wbemAuthenticationLevelPkt` and the other levels, 0 to 6.
 *
 * @since 0.1.0
 * @category constants
 */
export const wbemAuthenticationLevel: Readonly<
  Record<`wbemAuthenticationLevel${Capitalize<(typeof Moniker.authenticationLevels)[number]>}`, number>
> = /* @__PURE__ */ named(
  /* @__PURE__ */ Moniker.authenticationLevels.map((name, i) => [`wbemAuthenticationLevel${capital(name)}`, i])
)
