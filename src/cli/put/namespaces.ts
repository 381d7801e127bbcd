/**
 * The namespace of `--namespace`: whether it exists, and how it is made.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Instance from "../../model/Instance.ts"
import * as PutAsync from "../../pipeline/PutAsync.ts"
import type { Stages } from "../../pipeline/PutAsync.ts"
import type { Repository } from "../../pipeline/Repository.ts"
import * as PutRequest from "../../protocol/PutRequest.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import * as Wmi from "../../Wmi.ts"
import type { Failure } from "./session.ts"

/** Makes a namespace and its parents where they are missing, except the first name, which cannot be made by a put. */
export const makeNamespaces = (namespace: string): Effect.Effect<void, WbemError, Stages> => {
  const names = namespace.split("\\")
  return Effect.forEach(
    names.slice(1),
    (name, i) =>
      PutAsync.put(PutRequest.make(Instance.make("__NAMESPACE", { Name: name }), {
        namespace: names.slice(0, i + 1).join("\\"),
        mode: "CreateOnly"
      })).pipe(Effect.catchTag("WbemAlreadyExists", () => Effect.void)),
    { discard: true }
  )
}

/** Fails if a namespace of a computer does not exist or cannot be opened. */
export const checkNamespace = (namespace: string, computer: string): Effect.Effect<void, Failure, Repository> =>
  Wmi.get("__NAMESPACE", { namespace }).pipe(
    Effect.asVoid,
    Effect.mapError((error) =>
      error.status === "InvalidNamespace"
        ? { message: `${computer} has no namespace ${namespace}`, hint: "--create-namespaces makes it" }
        : error
    )
  )
