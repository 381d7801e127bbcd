/**
 * `SWbemLastError`: what WMI has to say about the last refusal, an object of the class `__ExtendedStatus` (`errors` 5).
 *
 * A script creates it, and creating it empties the slot, so that a second one cannot be made until something fails again (EO-4). A
 * slot belongs to a script, that is to a locator and the connections made through it, and not to the module: two scripts in one
 * process do not read each other's errors. A failure that a sink is told does not fill it (EO-5); the sink has its own object.
 *
 * @since 0.1.0
 */
import { systemClasses } from "../../engine/state/systemClasses.ts"
import * as CimName from "../../model/CimName.ts"
import type { ExtendedStatus } from "../../protocol/wbemErrorBase.ts"
import { refusal } from "./refusal.ts"
import { SWbemObject } from "./SWbemObject.ts"

/**
 * Where a last error is kept: a locator, or a services object.
 *
 * @since 0.1.0
 * @category models
 */
export interface ErrorSlot {
  /** What is in the slot; it is empty then. */
  takeLastError(): ExtendedStatus | undefined
}

/**
 * The properties of an `__ExtendedStatus`. A provider may have a subclass with more of them (EO-2).
 *
 * @since 0.1.0
 * @category models
 */
export interface ExtendedStatusMembers {
  readonly Description: string | null
  /** `PutClass`, `PutInstance`, `GetObject`. */
  readonly Operation: string | null
  readonly ParameterInfo: string | null
  /** `WinMgmt` when no provider is involved. */
  readonly ProviderName: string | null
  /** The HRESULT, unsigned. */
  readonly StatusCode: number | null
}

/**
 * The error object. It reads like any object; what would go back to a namespace is `NotSupported`.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemLastError extends SWbemObject {
  /** Takes the error out of the slot; when there is none the creation fails. */
  constructor(slot: ErrorSlot) {
    const status = slot.takeLastError()
    if (status === undefined) {
      throw refusal("Failed", "SWbemLastError", "nothing has failed since the last error was read")
    }
    super({ object: status, above: systemClasses().get(CimName.fold(status.className)) })
  }

  /** A script's `CreateObject("WbemScripting.SWbemLastError")`, with the types of its properties. */
  static create(slot: ErrorSlot): SWbemLastError & ExtendedStatusMembers {
    // The object answers to the names of its properties.
    return new SWbemLastError(slot) as SWbemLastError & ExtendedStatusMembers
  }

  /** The error object of a status that is at hand, as a sink is given it. */
  static of(status: ExtendedStatus): SWbemLastError & ExtendedStatusMembers {
    return SWbemLastError.create({ takeLastError: () => status })
  }
}
