/**
 * What every repository can tell about a put that went well.
 *
 * @since 0.1.0
 */
import type { ObjectPath } from "../model/ObjectPath.ts"

/**
 * What became of the object. `Stored` is the answer of a host that does not tell which.
 *
 * @since 0.1.0
 * @category models
 */
export type Disposition = "Created" | "Updated" | "Unchanged" | "Stored"

/**
 * The report of a put.
 *
 * @since 0.1.0
 * @category models
 */
export interface PutReport {
  /** What `ObjectPut` carries (PA-70). */
  readonly path: ObjectPath
  readonly disposition: Disposition
  /** 0, or a provider's own success code (PA-22). Unsigned. */
  readonly hresult: number
  /**
   * How many stored objects the put deleted (PA-83): the instances that a force update took (U-4), or the instance of another class
   * that had the same identity (ID-4). `undefined` when the answer comes from a host or a provider, which does not say.
   */
  readonly deleted: number | undefined
  /** The paths of the deleted objects; absent when none was deleted. */
  readonly removed?: ReadonlyArray<ObjectPath> | undefined
}
