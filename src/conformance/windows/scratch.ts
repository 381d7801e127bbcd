/**
 * Temporary namespaces: made if no namespace has the name, and deleted with all their content after use, also on failure.
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

/** A temporary namespace: its parent and its name. */
export interface ScratchNamespace {
  readonly parent: string
  readonly name: string
}

/** The full name of a namespace. */
export const fullName = ({ name, parent }: ScratchNamespace): string => `${parent}\\${name}`

const pathOf = ({ name, parent }: ScratchNamespace): ObjectPath.ObjectPath =>
  ObjectPath.make({ namespace: parent, className: "__NAMESPACE", keys: [{ name: "Name", value: name }] })

/** Makes the namespace. Fails with `AlreadyExists` if it exists. */
export const make = (scratch: ScratchNamespace): Effect.Effect<void, WbemError, PutAsync.Stages> =>
  Effect.asVoid(PutAsync.put(PutRequest.make(
    Instance.make("__NAMESPACE", { Name: scratch.name }),
    { namespace: scratch.parent, mode: "CreateOnly" }
  )))

/** Deletes the namespace with its content. Succeeds if it does not exist. */
export const remove = (computer: Computer, scratch: ScratchNamespace): Effect.Effect<void, WbemError> =>
  Effect.zipRight(
    computer.closeNamespace(fullName(scratch)),
    Wmi.delete(pathOf(scratch), { namespace: scratch.parent })
  ).pipe(
    Effect.provideService(Repository, computer.repository),
    // After a lost connection the deletion is tried again; if it had happened, `NotFound` follows.
    Effect.retry({ times: 2, while: ({ status }) => status === "TransportFailure" }),
    Effect.asVoid,
    Effect.catchIf(({ status }) => status === "NotFound", () => Effect.void)
  )

/** Fails if a namespace has the name already: it belongs to someone else and stays unchanged. */
const failIfExists = (computer: Computer, scratch: ScratchNamespace): Effect.Effect<void, WbemError> =>
  Effect.flatMap(
    computer.instances(scratch.parent, "__NAMESPACE"),
    (children) =>
      children.some(({ values }) => CimName.equals(String(values["Name"]), scratch.name))
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

/** Runs an effect in a temporary namespace. `onLeftover` receives the name and the reason when it cannot be deleted. */
export const withScratchNamespace = <A, E, R>(
  computer: Computer,
  scratch: ScratchNamespace,
  use: Effect.Effect<A, E, R>,
  onLeftover: (leftover: string) => void
): Effect.Effect<A, E | WbemError, R | PutAsync.Stages> => {
  const cleanUp = Effect.catchAll(
    remove(computer, scratch),
    (error) => Effect.sync(() => onLeftover(`${fullName(scratch)}: ${error.message}`))
  )
  return Effect.zipRight(
    failIfExists(computer, scratch),
    Effect.acquireUseRelease(
      // If the connection was lost the namespace may exist; none existed before, so it can be deleted.
      Effect.tapError(make(scratch), ({ status }) => status === "TransportFailure" ? cleanUp : Effect.void),
      () => use,
      () => cleanUp
    )
  )
}
