/**
 * `SWbemLastError`: the extended status of the last refused call, an object of the class `__ExtendedStatus` (`errors` 5).
 *
 * Creating the object empties the slot, so a second creation fails until another call fails (EO-4). A slot belongs to one script,
 * that is to a locator and the connections made through it, and not to the module: two scripts in one process do not read each
 * other's errors. A failure that is delivered to a sink does not fill the slot (EO-5); the sink receives its own error object.
 *
 * @since 0.1.0
 */
import { systemClasses } from "../../engine/state/systemClasses.ts"
import * as CimName from "../../model/CimName.ts"
import type { ExtendedStatus } from "../../protocol/wbemErrorBase.ts"
import { refusal } from "./refusal.ts"
import { SWbemObject } from "./SWbemObject.ts"

/**
 * An object that keeps the last error: a locator or a services object.
 *
 * @since 0.1.0
 * @category models
 */
export interface ErrorSlot {
  /** Returns the last error and empties the slot; `undefined` when the slot is empty. */
  takeLastError(): ExtendedStatus | undefined
}

/**
 * The properties of an `__ExtendedStatus`. A provider may supply an object of a subclass with more properties (EO-2).
 *
 * @since 0.1.0
 * @category models
 */
export interface ExtendedStatusMembers {
  /** What went wrong, as text. */
  readonly Description: string | null
  /** `PutClass`, `PutInstance`, `GetObject`. */
  readonly Operation: string | null
  /** The argument of the call: the path or the text that it was given. */
  readonly ParameterInfo: string | null
  /** `WinMgmt` when no provider is involved. */
  readonly ProviderName: string | null
  /** The HRESULT, unsigned. */
  readonly StatusCode: number | null
}

/**
 * The error object. It reads like any object; members that write to a namespace fail with `NotSupported`.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemLastError extends SWbemObject {
  /** Takes the error out of the slot. Fails with `Failed` when the slot is empty. */
  constructor(slot: ErrorSlot) {
    const status = slot.takeLastError()
    if (status === undefined) {
      throw refusal("Failed", "SWbemLastError", "nothing has failed since the last error was read")
    }
    super({ object: status, baseClass: systemClasses().get(CimName.fold(status.className)) })
  }

  /** A script's `CreateObject("WbemScripting.SWbemLastError")`, with the types of its properties. */
  static create(slot: ErrorSlot): SWbemLastError & ExtendedStatusMembers {
    // The properties of the object are its members.
    return new SWbemLastError(slot) as SWbemLastError & ExtendedStatusMembers
  }

  /** The error object of a given status, as `onCompleted` receives it. */
  static of(status: ExtendedStatus): SWbemLastError & ExtendedStatusMembers {
    return SWbemLastError.create({ takeLastError: () => status })
  }
}
