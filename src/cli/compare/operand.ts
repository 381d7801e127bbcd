/**
 * The states that `diff` compares: a store, a dump, the objects of a MOF or JSON file, or a world.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Snapshot from "../../engine/state/Snapshot.ts"
import * as NamespaceDump from "../../emulator/NamespaceDump.ts"
import { defaultNamespace } from "../../model/limits.ts"
import * as Mof from "../../mof/Mof.ts"
import * as PutAsync from "../../pipeline/PutAsync.ts"
import * as Wmi from "../../Wmi.ts"
import { readState } from "../input/dump.ts"
import { isNamedAs, objectFiles } from "../input/files.ts"
import { bytesOf, KnownClasses, operations } from "../input/input.ts"
import { diagnosticOf } from "../place/failures.ts"
import { worldOf } from "../place/target.ts"
import { BadInput, type Diagnostic } from "../terminal/output.ts"

/** The word in front of the name of a world. */
const worldPrefix = "world:"

/**
 * The state that a put of every object of a file leaves in an empty emulator, in which the namespaces of the file are made. Throws
 * `BadInput` with every refusal.
 */
export const putState = async (file: string, bytes: Uint8Array): Promise<Snapshot.Snapshot> => {
  const defaults = { namespace: defaultNamespace, classFlags: 0, instanceFlags: 0 }
  const read = operations(file, bytes, defaults, new KnownClasses(), {
    createNamespaces: true,
    include: true,
    includePath: []
  })
  if (Either.isLeft(read)) throw new BadInput(read.left)
  const refusals: Array<Diagnostic> = []
  const program = Effect.forEach(read.right, (operation): Effect.Effect<void, never, PutAsync.Stages> => {
    const { position } = operation
    if (operation._tag === "Refused") {
      return Effect.sync(() => void refusals.push({ ...position, message: operation.error.message }))
    }
    const run: Effect.Effect<unknown, { readonly message: string }, PutAsync.Stages> = operation._tag === "Delete"
      ? operation.failIfMissing ? Wmi.delete(operation.path, { namespace: operation.namespace }) : Effect.catchTag(
        Wmi.delete(operation.path, { namespace: operation.namespace }),
        "WbemNotFound",
        () => Effect.void
      )
      : PutAsync.put(operation.request)
    return Effect.catchAll(
      Effect.asVoid(run),
      (error) => Effect.sync(() => void refusals.push({ ...diagnosticOf(error), ...position }))
    )
  }, { discard: true })
  const state = await Effect.runPromise(Effect.provide(Effect.zipRight(program, Wmi.snapshot), Wmi.layerMemory))
  if (refusals.length > 0) throw new BadInput(refusals)
  return state
}

/** Whether the bytes of a file are a dump, whatever its name. */
const isDump = (bytes: Uint8Array): boolean => NamespaceDump.isDump(Mof.decode(bytes.subarray(0, 64)).text)

/** The state of an operand: `world:windows`, a `.mof` or `.json` file, a store, or a dump. */
export const stateOf = async (operand: string): Promise<Snapshot.Snapshot> => {
  if (operand.startsWith(worldPrefix)) return await worldOf(operand.slice(worldPrefix.length))
  if (!isNamedAs(operand, objectFiles)) return await readState(operand)
  const bytes = await bytesOf(operand)
  return isDump(bytes) ? await readState(operand) : await putState(operand, bytes)
}
