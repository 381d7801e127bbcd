/**
 * Lists namespaces, classes and instances. Emulated repositories and Windows computers provide it. Over an emulated repository it checks no
 * rights: there it is for tests and for the program that owns the repository, not for the callers of that program. A Windows computer
 * checks the rights of its caller.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { ClassDefinition, Instance } from "../model/WbemObject.ts"
import type { ListError } from "../protocol/WbemError.ts"

/**
 * The service that lists namespaces, classes and instances.
 *
 * @since 0.1.0
 * @category services
 */
export interface NamespaceReader {
  /**
   * A namespace, `root` by default, and every namespace below it, parents first, then by name. Fails with `InvalidNamespace` if it does
   * not exist. A Windows computer fails with `AccessDenied` if its caller may not open it, and leaves out the namespaces below that its
   * caller may not open. The first name has the stored spelling; from a Windows computer it has the spelling that was given.
   */
  readonly namespaces: (within?: string) => Effect.Effect<ReadonlyArray<string>, ListError>
  /**
   * The user classes with their own members, parents first, then by name: with `system` the system classes in front, with `locales` merged
   * with their text. A Windows computer fails with `NotSupported` for `system`.
   */
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
}

/**
 * The service that lists namespaces, classes and instances.
 *
 * @since 0.1.0
 * @category services
 */
export const NamespaceReader: Context.Tag<NamespaceReader, NamespaceReader> = /* @__PURE__ */ Context.GenericTag<
  NamespaceReader
>("effect-wmi/NamespaceReader")
