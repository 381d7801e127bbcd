/**
 * Intrinsic events: a committed put or delete publishes them to the subscribers of its namespace (PA-82). The sink of the put does not
 * receive them.
 *
 * @since 0.1.0
 * @module
 */
import type { ObjectPath } from "../model/ObjectPath.ts"
import type { ClassDefinition, Instance } from "../model/WbemObject.ts"

/**
 * An event, with the object before and after.
 *
 * @since 0.1.0
 * @category models
 */
export type WbemEvent =
  | { readonly _tag: "ClassCreation"; readonly path: ObjectPath; readonly current: ClassDefinition }
  | {
    readonly _tag: "ClassModification"
    readonly path: ObjectPath
    readonly previous: ClassDefinition
    readonly current: ClassDefinition
  }
  | { readonly _tag: "ClassDeletion"; readonly path: ObjectPath; readonly previous: ClassDefinition }
  | { readonly _tag: "InstanceCreation"; readonly path: ObjectPath; readonly current: Instance }
  | {
    readonly _tag: "InstanceModification"
    readonly path: ObjectPath
    readonly previous: Instance
    readonly current: Instance
  }
  | { readonly _tag: "InstanceDeletion"; readonly path: ObjectPath; readonly previous: Instance }

/**
 * The system class of an event: `__InstanceCreationEvent` and its siblings.
 *
 * @since 0.1.0
 * @category combinators
 */
export const systemClass = (event: WbemEvent): string => `__${event._tag}Event`
