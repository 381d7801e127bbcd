/**
 * The request of a delete, with a parsed path (`delete`).
 *
 * @since 0.1.0
 */
import type { ObjectPath } from "../model/ObjectPath.ts"
import type { Call } from "./PutRequest.ts"

/**
 * The object to delete, its namespace, and the caller.
 *
 * @since 0.1.0
 * @category models
 */
export interface DeleteRequest {
  /** A class, an instance or a singleton of `namespace` (DL-1). */
  readonly path: ObjectPath
  readonly namespace: string
  /** 0, or 0x10, which has no effect (DL-12). */
  readonly flags: number
  readonly call: Call
}
