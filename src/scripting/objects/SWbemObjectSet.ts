/**
 * `SWbemObjectSet`: the objects that an enumeration of a namespace returned. The set cannot be changed.
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

/** Adds the key's name to a path whose single key is written without one. */
const withKeyName = (path: ObjectPath.ObjectPath, like: ObjectPath.ObjectPath): ObjectPath.ObjectPath => {
  const [key] = path.keys
  return key?.name === undefined && key !== undefined && like.keys.length === 1
    ? ObjectPath.make({ ...path, keys: [{ name: like.keys[0]!.name, value: key.value }] })
    : path
}

/**
 * A set of script objects, in the order in which the namespace returned them.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemObjectSet<A extends { readonly path_: SWbemObjectPath }> implements Iterable<A> {
  private readonly objects: ReadonlyArray<A>
  /** The security settings of the services object. */
  readonly security_: SWbemSecurity

  /** The services object constructs the sets that it returns. */
  constructor(objects: ReadonlyArray<A>, security: SWbemSecurity = new SWbemSecurity()) {
    this.objects = objects
    this.security_ = security
  }

  /** `Item`, the default method: the object with a relative path. Fails with `NotFound`. */
  item(strObjectPath: string): A {
    const target = PathText.parse(strObjectPath)
    if (Either.isLeft(target)) throw new SWbemError(target.left, { source })
    const match = this.objects.find((object) => {
      const path = object.path_.toObjectPath()
      return ObjectPath.equals(withKeyName(target.right, path), path, path)
    })
    if (match === undefined) throw refusal("NotFound", source, `${strObjectPath} is not in the set`)
    return match
  }

  /** `ItemIndex`: the object at a position, counted from 0. Fails with `NotFound` behind the last one. */
  itemIndex(lIndex: number): A {
    if (lIndex < 0) throw refusal("InvalidParameter", source, "places count from 0")
    const match = this.objects[lIndex]
    if (match === undefined) throw refusal("NotFound", source, `the set has ${this.objects.length} objects`)
    return match
  }

  /** The number of objects. */
  get count(): number {
    return this.objects.length
  }

  /** The objects in their order. */
  [Symbol.iterator](): Iterator<A> {
    return this.objects[Symbol.iterator]()
  }
}
