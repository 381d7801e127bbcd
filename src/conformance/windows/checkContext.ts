/**
 * The context of a run of `effect-wmi host-check`: its namespace, the recorded frames, the process of the host.
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

/** What the programs of the assumptions can use. */
export interface CheckContext {
  /** The prefix of every class name of the check. */
  readonly prefix: string
  readonly namespace: string
  /** Whether the host runs on another computer, through a prefix command. */
  readonly isRemote: boolean
  readonly recording: ReadonlyArray<Entry>
  readonly host: () => Started | undefined
  /** Kills the process of the host when the next request starts. */
  readonly killOnNextStart: () => void
}

export type CheckEffect<A> = Effect.Effect<A, WbemError, PutAsync.Stages>

/** The name of a class of the check. */
export const checkClassName = ({ prefix }: CheckContext, suffix: string): string => `${prefix}_${suffix}`

/** Puts an object into the namespace of the check. */
export const putObject = (
  { namespace }: CheckContext,
  object: ClassDefinition.ClassDefinition | Instance.Instance,
  options: PutRequest.Options = {}
): CheckEffect<PutReport> => PutAsync.put(PutRequest.make(object, { namespace, ...options }))

/** Reads an instance by its text key `Id`. */
export const getInstance = (context: CheckContext, className: string, id: string): CheckEffect<Instance.Instance> =>
  Effect.map(
    Wmi.get(ObjectPath.make({ className, keys: [{ name: "Id", value: id }] }), { namespace: context.namespace }),
    // A path with keys leads to an instance.
    (object) => object as Instance.Instance
  )
