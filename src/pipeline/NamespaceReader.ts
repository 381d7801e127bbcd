/**
 * Reads whole namespaces and their states. Emulated repositories provide it. It checks no rights: it is for tests and for the
 * program that owns the repository, not for the callers of that program.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Snapshot } from "../engine/state/Snapshot.ts"
import type { ClassDefinition, Instance } from "../model/WbemObject.ts"
import type { ListError, StoreError } from "../protocol/WbemError.ts"

/**
 * The service that reads namespaces.
 *
 * @since 0.1.0
 * @category services
 */
export interface NamespaceReader {
  /** Every namespace, parents first. */
  readonly namespaces: Effect.Effect<ReadonlyArray<string>, StoreError>
  /** The user classes, parents first: with `system` the system classes in front, with `locales` merged with their text. */
  readonly classes: (
    namespace: string,
    options?: { readonly system?: boolean | undefined; readonly locales?: ReadonlyArray<string> | undefined }
  ) => Effect.Effect<ReadonlyArray<ClassDefinition>, ListError>
  /**
   * The instances of a class and, unless `deep` is `false`, of its subclasses, with every property of their class;
   * `InvalidClass` without the class. With `locales` an instance whose class has text is marked `amended`.
   */
  readonly instancesOf: (
    namespace: string,
    className: string,
    options?: { readonly deep?: boolean | undefined; readonly locales?: ReadonlyArray<string> | undefined }
  ) => Effect.Effect<ReadonlyArray<Instance>, ListError>
  /** The current state of every namespace. A snapshot that is kept costs memory only as the namespaces change. */
  readonly snapshot: Effect.Effect<Snapshot, StoreError>
  /** Replaces the state of every namespace by a snapshot. No event is published. */
  readonly restore: (snapshot: Snapshot) => Effect.Effect<void, StoreError>
}

/**
 * The service that reads namespaces.
 *
 * @since 0.1.0
 * @category services
 */
export const NamespaceReader: Context.Tag<NamespaceReader, NamespaceReader> = /* @__PURE__ */ Context.GenericTag<
  NamespaceReader
>("effect-wmi/NamespaceReader")
