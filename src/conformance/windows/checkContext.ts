/**
 * The ground of `effect-wmi host-check`: a namespace of its own, the frames that were heard, the process at work.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type * as ClassDefinition from "../../model/ClassDefinition.ts"
import type * as Instance from "../../model/Instance.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { PutReport } from "../../protocol/PutReport.ts"
import * as PutAsync from "../../pipeline/PutAsync.ts"
import * as PutRequest from "../../protocol/PutRequest.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import type { Entry } from "../../windows/HostRecording.ts"
import type { Started } from "../../windows/PowerShellRepository.ts"
import * as Wmi from "../../Wmi.ts"

/** What a row of the check may look at. */
export interface CheckContext {
  /** In front of every name that the check makes. */
  readonly prefix: string
  readonly namespace: string
  /** Whether another command carries PowerShell to another computer. */
  readonly isRemote: boolean
  readonly recording: ReadonlyArray<Entry>
  readonly host: () => Started | undefined
  /** Ends the process of the host when the next request starts. */
  readonly killOnNextStart: () => void
}

export type CheckEffect<A> = Effect.Effect<A, WbemError, PutAsync.Stages>

/** The name of a class of the check. */
export const checkClassName = ({ prefix }: CheckContext, suffix: string): string => `${prefix}_${suffix}`

export const putObject = (
  { namespace }: CheckContext,
  object: ClassDefinition.ClassDefinition | Instance.Instance,
  options: PutRequest.Options = {}
): CheckEffect<PutReport> => PutAsync.put(PutRequest.make(object, { namespace, ...options }))

/** An instance by its text key `Id`. */
export const getInstance = (ground: CheckContext, className: string, id: string): CheckEffect<Instance.Instance> =>
  Effect.map(
    Wmi.get(ObjectPath.make({ className, keys: [{ name: "Id", value: id }] }), { namespace: ground.namespace }),
    // A path with keys leads to an instance.
    (object) => object as Instance.Instance
  )
