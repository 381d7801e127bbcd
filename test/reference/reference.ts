/** The reference model: one step of a sequence, from world to world. */
import type { CimValue } from "../../src/model/WbemObject.ts"
import { classPut } from "./classPut.ts"
import { pathOf } from "./identity.ts"
import { type Generate, instancePut } from "./instancePut.ts"
import { keysOf } from "./lineage.ts"
import { same } from "./names.ts"
import { type Outcome, type Put, type Refusal, refuse, type Step } from "./outcome.ts"
import { valueIn } from "./partial.ts"
import { remove } from "./remove.ts"
import { mayCall, options, partialUpdate } from "./start.ts"
import { fitted, isCoercionError } from "./values.ts"
import { classNamed, type Space, spaceNamed, type World } from "./world.ts"
import type { Instance } from "./objects.ts"

/** `put-async` 3 row 8, IX-9. */
const pathTooLong = (space: Space, object: Instance): Refusal | undefined => {
  const c = classNamed(space, object.className)
  if (c === undefined) return undefined
  const keys = keysOf(space, c)
  if (keys.length === 0) return undefined
  const values: Record<string, CimValue> = {}
  for (const p of keys) {
    const name = Object.keys(object.values).filter((n) => same(n, p.name)).at(-1)
    const kept = fitted(space, name === undefined ? valueIn({}, p) : object.values[name], p)
    if (kept === null || isCoercionError(kept)) return undefined
    values[p.name] = kept
  }
  const path = pathOf(space.name, space, c, values)
  const relative = path.slice(path.indexOf(":") + 1)
  return relative.length > 8192 ? refuse("QuotaViolation", "put-async 3.8") : undefined
}

const put = (world: World, step: Put, generate: Generate): [Outcome, World] => {
  const raised = (refusal: Refusal): [Outcome, World] => [{ _tag: "Raised", ...refusal }, world]
  const asked = options(step.flags, step.object._tag)
  if ("status" in asked) return raised(asked)
  const partial = partialUpdate(step, asked.mode)
  if (partial !== undefined && "status" in partial) return raised(partial)
  const space = spaceNamed(world, step.namespace)
  if (space === undefined) return raised(refuse("InvalidNamespace", "put-async 3.6"))
  const denied = mayCall(step.who)
  if (denied !== undefined) return raised(denied)
  if (step.object._tag === "Class") return classPut(world, space, step, asked)
  const long = pathTooLong(space, step.object)
  if (long !== undefined) return raised(long)
  return instancePut(world, space, step, asked, partial, generate)
}

/** What a step comes to, and the world after it. */
export const reference = (world: World, step: Step, generate: Generate): [Outcome, World] => {
  if (step._tag !== "Put") return remove(world, step)
  const [outcome, after] = put(world, step, generate)
  return [outcome._tag === "Stored" ? { ...outcome, path: spelled(outcome.path, step.namespace) } : outcome, after]
}

/** PA-75: server and namespace of the call, in its spelling. */
const spelled = (path: string, namespace: string): string => `\\\\.\\${namespace}${path.slice(path.indexOf(":"))}`
