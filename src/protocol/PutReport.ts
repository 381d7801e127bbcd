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
}
