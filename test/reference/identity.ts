/** Who is who: key roots, key values, paths (`instance-put` 3, `put-async` 8). */
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import type { CimValue } from "../../src/model/WbemObject.ts"
import { chain, isSingleton, keysOf } from "./lineage.ts"
import { byName, identityFold } from "./names.ts"
import { valueIn } from "./partial.ts"
import { textOf } from "./values.ts"
import { classNamed, type Space } from "./world.ts"
import type { ClassDefinition, Instance } from "./objects.ts"

/** The key root: the topmost class of the line that declares a key, or the topmost singleton (ID-1). */
export const rootOf = (space: Space, c: ClassDefinition): string =>
  chain(space, c).filter((up) => keysOf(space, up).length > 0 || isSingleton(space, up)).at(-1)!.name

/** ID-2. */
const keyText = (value: CimValue): string => typeof value === "string" ? `"${identityFold(value)}` : textOf(value)

/** ID-1: key root and key values. */
export const identity = (space: Space, c: ClassDefinition, values: Readonly<Record<string, CimValue>>): string =>
  [
    identityFold(rootOf(space, c)),
    ...keysOf(space, c).map((p) => `${identityFold(p.name)}=${keyText(valueIn(values, p))}`).sort()
  ].join("\n")

export const identityOf = (space: Space, i: Instance): string =>
  identity(space, classNamed(space, i.className)!, i.values)

/** PA-70 to PA-76; the namespace is spelled as in the call (PA-75). */
export const pathOf = (
  namespace: string,
  space: Space,
  c: ClassDefinition,
  values: Readonly<Record<string, CimValue>>
): string => {
  const keys = [...keysOf(space, c)].sort(byName)
  return ObjectPath.format(ObjectPath.make({
    server: ".",
    namespace,
    className: c.name,
    singleton: isSingleton(space, c),
    keys: keys.map((p) => ({ name: p.name, value: valueIn(values, p) as ObjectPath.KeyValue }))
  }))
}
