/**
 * A read of one object, after its path was parsed.
 *
 * @since 0.1.0
 * @module
 */
import type { ObjectPath } from "../model/ObjectPath.ts"
import type { Call } from "./PutRequest.ts"

/**
 * Which object to read, in which namespace, for which caller.
 *
 * @since 0.1.0
 * @category models
 */
export interface GetRequest {
  /** A class, an instance or a singleton of `namespace`. */
  readonly path: ObjectPath
  /** The full name of the namespace, such as `root\cimv2`. */
  readonly namespace: string
  /** The caller, the locale, the server, the time of the call and the seed of generated keys. */
  readonly call: Call
  /** The locales whose text is merged into a class, in order of preference; `undefined` reads the class as it is stored. */
  readonly locales?: ReadonlyArray<string> | undefined
}
