/**
 * Namespaces of a check's own: made where there is none of that name, and taken away with all they hold, whatever happens between.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as CimName from "../../model/CimName.ts"
import * as Instance from "../../model/Instance.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import * as PutAsync from "../../pipeline/PutAsync.ts"
import { Repository } from "../../pipeline/Repository.ts"
import * as PutRequest from "../../protocol/PutRequest.ts"
import { AlreadyExists, type WbemError } from "../../protocol/WbemError.ts"
import * as Wmi from "../../Wmi.ts"
import type { Computer } from "./computer.ts"

/** Where a namespace is, or will be. */
export interface ScratchNamespace {
  readonly parent: string
  readonly name: string
}

/** Its name in full. */
export const fullName = ({ name, parent }: ScratchNamespace): string => `${parent}\\${name}`

const pathOf = ({ name, parent }: ScratchNamespace): ObjectPath.ObjectPath =>
  ObjectPath.make({ namespace: parent, className: "__NAMESPACE", keys: [{ name: "Name", value: name }] })

/** Makes it; one that is there already is not touched. */
export const make = (scratch: ScratchNamespace): Effect.Effect<void, WbemError, PutAsync.Stages> =>
  Effect.asVoid(PutAsync.put(PutRequest.make(
    Instance.make("__NAMESPACE", { Name: scratch.name }),
    { namespace: scratch.parent, mode: "CreateOnly" }
  )))

/** Takes it away with all it holds. One that is gone already is gone. */
export const remove = (computer: Computer, scratch: ScratchNamespace): Effect.Effect<void, WbemError> =>
  Effect.zipRight(
    computer.closeNamespace(fullName(scratch)),
    Wmi.delete(pathOf(scratch), { namespace: scratch.parent })
  ).pipe(
    Effect.provideService(Repository, computer.repository),
    // The host may have gone away in the middle of it: looked at again, it is there or gone.
    Effect.retry({ times: 2, while: ({ status }) => status === "TransportFailure" }),
    Effect.asVoid,
    Effect.catchIf(({ status }) => status === "NotFound", () => Effect.void)
  )

/** A namespace of that name which is not of this check stays as it is, and the check does not begin. */
const failIfExists = (computer: Computer, scratch: ScratchNamespace): Effect.Effect<void, WbemError> =>
  Effect.flatMap(
    computer.instances(scratch.parent, "__NAMESPACE"),
    (all) =>
      all.some(({ values }) => CimName.equals(String(values["Name"]), scratch.name))
        ? Effect.fail(
          new AlreadyExists({
            path: pathOf(scratch),
            detail: `${
              fullName(scratch)
            } is there already and not of this check: it is left alone, and nothing was asked`
          })
        )
        : Effect.void
  )

/** Runs in a namespace of its own. `stays` is told what could not be taken away, and why. */
export const withScratchNamespace = <A, E, R>(
  computer: Computer,
  scratch: ScratchNamespace,
  use: Effect.Effect<A, E, R>,
  stays: (left: string) => void
): Effect.Effect<A, E | WbemError, R | PutAsync.Stages> => {
  const cleared = Effect.catchAll(
    remove(computer, scratch),
    (error) => Effect.sync(() => stays(`${fullName(scratch)}: ${error.message}`))
  )
  return Effect.zipRight(
    failIfExists(computer, scratch),
    Effect.acquireUseRelease(
      // Lost in the middle of it, it may have been made: there was none before, so it is this check's.
      Effect.tapError(make(scratch), ({ status }) => status === "TransportFailure" ? cleared : Effect.void),
      () => use,
      () => cleared
    )
  )
}
