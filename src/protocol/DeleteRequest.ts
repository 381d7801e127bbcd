/**
 * The request of a delete, with a parsed path (`delete`).
 *
 * @since 0.1.0
 * @module
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
  /** The full name of the namespace, such as `root\cimv2`. */
  readonly namespace: string
  /** 0, or 0x10, which has no effect (DL-12). */
  readonly flags: number
  /** The caller, the locale, the server, the time of the call and the seed of generated keys. */
  readonly call: Call
}
