/**
 * The report of a put that succeeded.
 *
 * @since 0.1.0
 */
import type { ObjectPath } from "../model/ObjectPath.ts"

/**
 * The effect of a put on the stored object. `Stored` is the report of a host that does not say which of the three it was.
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
  /** The path in the event `ObjectPut` (PA-70). */
  readonly path: ObjectPath
  readonly disposition: Disposition
  /** 0, or a provider's own success code (PA-22). Unsigned. */
  readonly hresult: number
  /**
   * The number of stored objects that the put deleted (PA-83): the instances that a force update removed (U-4), or the instance of another
   * class that had the same identity (ID-4). `undefined` when a host or a provider executed the put, which does not report it.
   */
  readonly deleted: number | undefined
  /** The paths of the deleted objects; absent when none was deleted. */
  readonly removed?: ReadonlyArray<ObjectPath> | undefined
}
