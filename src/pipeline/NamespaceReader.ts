/**
 * Reading whole namespaces, and moments of them. Comes with repositories that hold their namespaces themselves. It asks for nobody's
 * rights: it is for tests and for whoever runs the repository, and no service for callers.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Snapshot } from "../engine/state/Snapshot.ts"
import type { ClassDefinition, Instance } from "../model/WbemObject.ts"
import type { WbemError } from "../protocol/WbemError.ts"

/**
 * The service of readers.
 *
 * @since 0.1.0
 * @category services
 */
export interface NamespaceReader {
  /** Every namespace, parents first. */
  readonly namespaces: Effect.Effect<ReadonlyArray<string>, WbemError>
  /** The user classes, parents first; with `system` the system classes in front, with `locales` the text of these merged in. */
  readonly classes: (
    namespace: string,
    options?: { readonly system?: boolean | undefined; readonly locales?: ReadonlyArray<string> | undefined }
  ) => Effect.Effect<ReadonlyArray<ClassDefinition>, WbemError>
  /**
   * The instances of a class and, unless `deep` is `false`, of the classes below it, with every property; or `InvalidClass`. With
   * `locales` those whose class has text are said to be read `amended`.
   */
  readonly instancesOf: (
    namespace: string,
    className: string,
    options?: { readonly deep?: boolean | undefined; readonly locales?: ReadonlyArray<string> | undefined }
  ) => Effect.Effect<ReadonlyArray<Instance>, WbemError>
  /** The state of everything, now. Keeping it costs nothing until something changes. */
  readonly snapshot: Effect.Effect<Snapshot, WbemError>
  /** Puts everything back to a moment. No event is published. */
  readonly restore: (snapshot: Snapshot) => Effect.Effect<void, WbemError>
}

/**
 * The service of readers.
 *
 * @since 0.1.0
 * @category services
 */
export const NamespaceReader: Context.Tag<NamespaceReader, NamespaceReader> = /* @__PURE__ */ Context.GenericTag<
  NamespaceReader
>("effect-wmi/NamespaceReader")
