/** Namespaces are instances of `__NAMESPACE` (`object-model` 11, `instance-put` 5, IX-7). */
import { derives, keysOf } from "./lineage.ts"
import { identityFold, isGrammatical, same } from "./names.ts"
import { type Refusal, refuse } from "./outcome.ts"
import { valueIn } from "./partial.ts"
import { classNamed, type Space, withSpace, type World } from "./world.ts"
import type { Instance } from "./objects.ts"

export const isNamespaceClass = (space: Space, className: string): boolean => derives(space, className, "__NAMESPACE")

/** IX-7: the text must be one legal name. */
export const namespaceName = (name: string): Refusal | undefined =>
  isGrammatical(name) ? undefined : refuse("InvalidParameter", "IX-7")

/** The name may be the default of a class below `__NAMESPACE` (IK-2). */
const spaceName = (parent: Space, i: Instance): string =>
  `${parent.name}\\${String(valueIn(i.values, keysOf(parent, classNamed(parent, i.className)!)[0]!))}`

/** The state with the child namespace; an existing one stays unchanged. */
export const withNamespace = (world: World, parent: Space, instance: Instance): World => {
  const name = spaceName(parent, instance)
  if (world.some((s) => same(s.name, name))) return world
  return [
    ...world.map((s) => s === parent ? { ...s, instances: [...s.instances, instance] } : s),
    { name, classes: [], instances: [] }
  ]
}

const isBelow = (name: string, above: string): boolean =>
  same(name, above) || identityFold(name).startsWith(`${identityFold(above)}\\`)

/** The world without some instances of a namespace; DL-9: a namespace goes with all it holds and all below it. */
export const withoutInstances = (world: World, space: Space, gone: ReadonlyArray<Instance>): World => {
  const spaces = gone
    .filter((i) => isNamespaceClass(space, i.className))
    .map((i) => spaceName(space, i))
  return withSpace(world, { ...space, instances: space.instances.filter((i) => !gone.includes(i)) })
    .filter((s) => !spaces.some((name) => isBelow(s.name, name)))
}
