/** The constants of the scripting library. */
import { assert, it } from "vitest"
import * as WbemConstants from "../../src/scripting/objects/WbemConstants.ts"
import * as HResult from "../../src/protocol/HResult.ts"

it("the constants have the numbers of the scripting library", () => {
  const rows: ReadonlyArray<readonly [unknown, unknown]> = [
    [WbemConstants.wbemErr.wbemNoErr, 0],
    [WbemConstants.wbemErr.wbemErrNotFound, -2147217406],
    [WbemConstants.wbemErr.wbemErrVetoPut, 0x8004107a | 0],
    [WbemConstants.wbemErr.wbemErrResetToDefault, 0x80043002 | 0],
    [WbemConstants.wbemCimType.wbemCimtypeString, 8],
    [WbemConstants.wbemCimType.wbemCimtypeUint64, 21],
    [WbemConstants.wbemCimType.wbemCimtypeDatetime, 101],
    [WbemConstants.wbemChangeFlag.wbemChangeFlagUpdateForceMode, 64],
    [WbemConstants.wbemFlag.wbemFlagUseAmendedQualifiers, 131072],
    [WbemConstants.wbemFlag.wbemFlagBidirectional, 0],
    [WbemConstants.wbemComparisonFlag.wbemComparisonFlagIgnoreFlavor, 32],
    [WbemConstants.wbemPrivilege.wbemPrivilegeRemoteShutdown, 23],
    [WbemConstants.wbemPrivilege.wbemPrivilegeManageVolume, 27],
    [WbemConstants.wbemImpersonationLevel.wbemImpersonationLevelImpersonate, 3],
    [WbemConstants.wbemAuthenticationLevel.wbemAuthenticationLevelPktPrivacy, 6]
  ]
  for (const [actual, expected] of rows) assert.strictEqual(actual, expected)
})

it("there is a constant for every status and every type", () => {
  assert.strictEqual(Object.keys(WbemConstants.wbemErr).length, HResult.table.length)
  assert.strictEqual(Object.keys(WbemConstants.wbemCimType).length, 16)
  assert.isTrue(Object.isFrozen(WbemConstants.wbemErr))
})
