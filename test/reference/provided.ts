/** `instance-put` 7: classes whose instances a provider has. The sequences know three providers. */
import type { CimValue } from "../../src/model/WbemObject.ts"
import { chain, classQualifiers, isDynamic, keysOf } from "./lineage.ts"
import { pathOf } from "./identity.ts"
import { find, same } from "./names.ts"
import { type Outcome, type Refusal, refuse } from "./outcome.ts"
import { valueIn } from "./partial.ts"
import type { Space, World } from "./world.ts"
import type { ClassDefinition } from "./objects.ts"

/** By name in lower case: what a put is answered. */
const providers: Readonly<Record<string, "accepted" | Refusal>> = {
  good: "accepted",
  mute: refuse("ProviderNotCapable", "IR-2"),
  angry: refuse("VetoPut", "IR-6")
}

/** IR-1 to IR-4; `undefined` for a class that no provider serves. */
export const refusedByProviders = (space: Space, c: ClassDefinition): "accepted" | Refusal | undefined => {
  if (!isDynamic(space, c)) return undefined
  const names = chain(space, c).filter((up) => isDynamic(space, up)).reverse().map((up) =>
    find(classQualifiers(space, up), "provider")?.value
  )
  const answers = names.map((name) =>
    Object.entries(providers).find(([one]) => typeof name === "string" && same(one, name))?.[1]
      ?? refuse("ProviderNotFound", "IR-1")
  )
  // All are registered, then all are capable, then they are called, topmost first (IR-3).
  for (const rule of ["IR-1", "IR-2", "IR-6"]) {
    const refusal = answers.find((a) => a !== "accepted" && a.rule === rule)
    if (refusal !== undefined) return refusal
  }
  return "accepted"
}

/** IR-7: the provider gives no path, so it is computed from the object; while a key is NULL that is the path of the class. */
export const provided = (
  world: World,
  namespace: string,
  space: Space,
  c: ClassDefinition,
  values: Readonly<Record<string, CimValue>>
): [Outcome, World] => {
  const isWhole = keysOf(space, c).every((p) => valueIn(values, p) !== null)
  const path = isWhole ? pathOf(namespace, space, c, values) : `\\\\.\\${namespace}:${c.name}`
  return [{ _tag: "Stored", disposition: "Stored", path, deleted: undefined }, world]
}
