/** `delete`: a class with all below it, an instance, a namespace. */
import type * as ObjectPath from "../../src/model/ObjectPath.ts"
import type { CimValue, PropertyDefinition } from "../../src/model/WbemObject.ts"
import { derives, descendants, isDynamic, isSingleton, keysOf } from "./lineage.ts"
import { identity, identityOf, pathOf } from "./identity.ts"
import { find, same } from "./names.ts"
import { withoutInstances } from "./namespaces.ts"
import { type Delete, type Outcome, type Refusal, refuse } from "./outcome.ts"
import { mayCall, mayWriteClasses, mayWriteInstances } from "./start.ts"
import { refusedByProviders } from "./provided.ts"
import { type CoercionError, fitted, isCoercionError } from "./values.ts"
import { classNamed, isSystem, type Space, spaceNamed, startInstances, withSpace, type World } from "./world.ts"
import type { ClassDefinition } from "./objects.ts"

type Answer = [Outcome, World]

/** DL-3, DL-4, DL-5, DL-7. */
const removeClass = (world: World, space: Space, step: Delete): [Outcome, World] | Refusal => {
  const name = step.path.className!
  if (!mayWriteClasses(step.who)) return refuse("AccessDenied", "DL-7")
  if (isSystem(name)) return refuse("InvalidOperation", "DL-4")
  const c = classNamed(space, name)
  if (c === undefined) return refuse("NotFound", "DL-5")
  const gone = [c, ...descendants(space, name)].map((one) => one.name)
  const isGone = (one: string): boolean => gone.some((g) => same(g, one))
  const left = withoutInstances(world, space, space.instances.filter((i) => isGone(i.className)))
  const here = spaceNamed(left, space.name)!
  return [
    { _tag: "Deleted", path: `\\\\.\\${step.namespace}:${c.name}` },
    withSpace(left, { ...here, classes: here.classes.filter((one) => !isGone(one.name)) })
  ]
}

/** `object-path` 4.3: a string takes an integer as its text; datetimes and references take any text. */
const keyOf = (
  space: Space,
  value: ObjectPath.KeyValue,
  p: PropertyDefinition
): CimValue | CoercionError | undefined => {
  if (p.type === "string" && typeof value === "number") return String(value)
  if (p.type === "datetime" || p.type === "reference") return typeof value === "string" ? value : undefined
  if (p.type === "char16" && typeof value === "string" && value.length === 1) return value.charCodeAt(0)
  return fitted(space, value, p)
}

/** `object-path` 4: the names must be exactly the keys of the class, the values must fit. */
const boundKeys = (
  space: Space,
  c: ClassDefinition,
  path: ObjectPath.ObjectPath
): Readonly<Record<string, CimValue>> | undefined => {
  if (isSingleton(space, c)) return path.singleton ? {} : undefined
  const keys = keysOf(space, c)
  if (path.singleton || keys.length !== path.keys.length) return undefined
  const values: Record<string, CimValue> = {}
  for (const { name, value } of path.keys) {
    const p = find(keys, name!)
    const kept = p === undefined ? undefined : keyOf(space, value, p)
    if (kept === undefined || isCoercionError(kept)) return undefined
    values[p!.name] = kept
  }
  return Object.keys(values).length === keys.length ? values : undefined
}

/** DL-5 to DL-9. */
const removeInstance = (world: World, space: Space, step: Delete): [Outcome, World] | Refusal => {
  const c = classNamed(space, step.path.className!)
  if (c === undefined) return refuse("InvalidClass", "DL-5")
  const values = boundKeys(space, c, step.path)
  if (values === undefined) return refuse("InvalidObjectPath", "object-path 4")
  if (!mayWriteInstances(space, c, step.who)) return refuse("AccessDenied", "DL-7")
  if (isDynamic(space, c)) { // DL-8: none of the three can delete
    const asked = refusedByProviders(space, c)
    return asked !== undefined && asked !== "accepted" && asked.status === "ProviderNotFound"
      ? asked
      : refuse("ProviderNotCapable", "DL-8")
  }
  const wanted = identity(space, c, values)
  // What was put, or else what was there from the start; an instance of a user's class takes its place, and is the user's.
  const stored = space.instances.find((i) => identityOf(space, i) === wanted)
  const held = stored ?? startInstances(space).find((i) => identityOf(space, i) === wanted)
  // A path through a base class finds the instance; one through a sibling class names another object.
  if (held === undefined || !derives(space, held.className, c.name)) return refuse("NotFound", "DL-5")
  if (startInstances(space).some((i) => same(i.className, held.className))) return refuse("InvalidOperation", "DL-13")
  const path = pathOf(step.namespace, space, classNamed(space, held.className)!, held.values)
  return [{ _tag: "Deleted", path }, withoutInstances(world, space, [held])]
}

export const remove = (world: World, step: Delete): Answer => {
  const no = (refusal: Refusal): Answer => [{ _tag: "Delivered", ...refusal }, world]
  if ((step.flags & ~0x10) !== 0) return no(refuse("InvalidParameter", "DL-12"))
  const space = spaceNamed(world, step.namespace)
  if (space === undefined) return no(refuse("InvalidNamespace", "put-async 3.6"))
  const denied = mayCall(step.who)
  if (denied !== undefined) return no(denied)
  if (step.path.namespace !== undefined && !same(step.path.namespace, space.name)) {
    return no(refuse("InvalidParameter", "DL-2"))
  }
  const isClass = !step.path.singleton && step.path.keys.length === 0
  const done = isClass ? removeClass(world, space, step) : removeInstance(world, space, step)
  return "status" in done ? no(done) : done
}
