/**
 * `SWbemObjectSet`: the objects that a look at a namespace found. Nothing is added to it and nothing taken out.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as ObjectPath from "../../model/ObjectPath.ts"
import * as PathText from "../../protocol/PathText.ts"
import { refusal } from "./refusal.ts"
import { SWbemError } from "./SWbemError.ts"
import type { SWbemObjectPath } from "./SWbemObjectPath.ts"
import { SWbemSecurity } from "./SWbemSecurity.ts"

const source = "SWbemObjectSet"

/** A single key may be written without its name. */
const named = (path: ObjectPath.ObjectPath, like: ObjectPath.ObjectPath): ObjectPath.ObjectPath => {
  const [key] = path.keys
  return key?.name === undefined && key !== undefined && like.keys.length === 1
    ? { ...path, keys: [{ name: like.keys[0]!.name, value: key.value }] }
    : path
}

/**
 * The set, in the order of the namespace.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemObjectSet<A extends { readonly path_: SWbemObjectPath }> implements Iterable<A> {
  private readonly objects: ReadonlyArray<A>
  /** That of the services object. */
  readonly security_: SWbemSecurity

  constructor(objects: ReadonlyArray<A>, security: SWbemSecurity = new SWbemSecurity()) {
    this.objects = objects
    this.security_ = security
  }

  /** `Item`, the default method: by relative path. */
  item(strObjectPath: string): A {
    const wanted = PathText.parse(strObjectPath)
    if (Either.isLeft(wanted)) throw new SWbemError(wanted.left, { source })
    const found = this.objects.find((object) => {
      const path = object.path_.toObjectPath()
      return ObjectPath.equals(named(wanted.right, path), path, path)
    })
    if (found === undefined) throw refusal("NotFound", source, `${strObjectPath} is not in the set`)
    return found
  }

  /** By place, from 0. */
  itemIndex(lIndex: number): A {
    if (lIndex < 0) throw refusal("InvalidParameter", source, "places count from 0")
    const found = this.objects[lIndex]
    if (found === undefined) throw refusal("NotFound", source, `the set has ${this.objects.length} objects`)
    return found
  }

  get count(): number {
    return this.objects.length
  }

  [Symbol.iterator](): Iterator<A> {
    return this.objects[Symbol.iterator]()
  }
}
