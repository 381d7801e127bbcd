/**
 * Worlds: states to begin with. {@link windows} is a Windows computer: its namespaces, about two hundred classes that scripts, drivers and
 * agents use, and their instances. A namespace of the emulator has the system classes only; with a world a test begins where code for
 * Windows begins. No layer starts with a world unless a program passes one.
 *
 * The classes follow Microsoft's published reference: names, keys, types, superclasses, and which properties are written. They have no
 * descriptions and no methods. The page `docs/worlds.md` lists them.
 *
 * @example
 * ```ts
 * import { Effect, Either, Option, Stream } from "effect"
 * import { BulkPut, Mof, Snapshot, Wmi } from "effect-wmi"
 * import * as Worlds from "effect-wmi/worlds"
 * import * as assert from "node:assert/strict"
 *
 * const subscription = `
 *   #pragma namespace("\\\\\\\\.\\\\root\\\\subscription")
 *   instance of LogFileEventConsumer as $Consumer { Name = "Demo"; Filename = "C:/logs/demo.log"; Text = "%Name%"; };
 *   instance of __EventFilter as $Filter { Name = "Demo"; QueryLanguage = "WQL"; Query = "select * from WMIEvent"; };
 *   instance of __FilterToConsumerBinding { Filter = $Filter; Consumer = $Consumer; };
 * `
 * const world = Worlds.windows()
 * const requests = Either.getOrThrow(Mof.requests(subscription, {
 *   classOf: (name, namespace) => Option.getOrUndefined(Snapshot.getClass(world, namespace, name))
 * }))
 * const outcomes = Stream.runCollect(BulkPut.run(Stream.fromIterable(requests)))
 * const committed = await Effect.runPromise(Effect.provide(outcomes, Wmi.layerMemoryFrom(world)))
 * assert.deepEqual([...committed].map(({ _tag }) => _tag), ["Committed", "Committed", "Committed"])
 * ```
 *
 * @since 0.1.0
 * @module
 */
import * as Cause from "effect/Cause"
import * as Either from "effect/Either"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as CimName from "../model/CimName.ts"
import * as Instance from "../model/Instance.ts"
import { load } from "./load.ts"

/**
 * Options of {@link windows}.
 *
 * @since 0.1.0
 * @category models
 */
export interface WindowsOptions {
  /**
   * How the classes hold their instances that a provider of Windows serves:
   *
   * - `"static"` (the default): the namespace stores them. The classes lack the qualifiers `dynamic` and `provider`, so a test reads,
   *   writes and deletes every instance.
   * - `"dynamic"`: as on Windows. The classes have the qualifiers `dynamic` and `provider`, and no instance is stored. A put calls the
   *   provider of that name in `InstanceProvider.layer`; without one it fails with `ProviderNotFound` (IR-1).
   */
  readonly instances?: "static" | "dynamic" | undefined
  /** More namespaces, for instance `root\\virtualization\\v2`. Missing parents are created. */
  readonly namespaces?: ReadonlyArray<string> | undefined
}

const loaded: { static?: Snapshot.Snapshot; dynamic?: Snapshot.Snapshot } = {}

/** The state with one more namespace, and with the namespaces above it. */
const withNamespace = (world: Snapshot.Snapshot, namespace: string): Snapshot.Snapshot => {
  const [root, ...below] = typeof namespace === "string" ? namespace.split("\\") : []
  if (root === undefined || !CimName.equals(root, "root") || !below.every(CimName.isNamespaceName)) {
    throw new RangeError(`Worlds.windows: ${JSON.stringify(namespace)} is not the name of a namespace below root`)
  }
  let current = world
  let parent = root
  for (const name of below) {
    const path = `${parent}\\${name}`
    if (Snapshot.namespaceName(current, path) === undefined) {
      current = Snapshot.withObjects(current, parent, [Instance.make("__NAMESPACE", { Name: name })])
    }
    parent = path
  }
  return current
}

/**
 * A Windows computer named `DESKTOP-4F7Q2KB`: Windows 11 Pro, one disk, one network adapter, one user `alex`. The first call loads the
 * world, later ones return the same snapshot. A snapshot never changes, so any number of emulators start from it.
 *
 * Throws `RangeError` that names the value if an option does not take it.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import { Wmi } from "effect-wmi"
 * import * as Worlds from "effect-wmi/worlds"
 * import * as assert from "node:assert/strict"
 *
 * const program = Wmi.get("Win32_LogicalDisk.DeviceID=\"C:\"")
 * const disk = await Effect.runPromise(Effect.provide(program, Wmi.layerMemoryFrom(Worlds.windows())))
 * assert.equal(disk._tag === "Instance" && disk.values["FileSystem"], "NTFS")
 * ```
 *
 * @example
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { Instance, InstanceProvider, PutAsync, PutRequest, Wmi } from "effect-wmi"
 * import * as Worlds from "effect-wmi/worlds"
 * import * as assert from "node:assert/strict"
 *
 * const names: Array<unknown> = []
 * const providers = InstanceProvider.layer({
 *   CIMWin32: { put: ({ instance }) => Effect.sync(() => void names.push(instance.values["VolumeName"])) }
 * })
 * const windows = Layer.provide(Wmi.layerMemoryFrom(Worlds.windows({ instances: "dynamic" })), providers)
 * const disk = Instance.make("Win32_LogicalDisk", { DeviceID: "C:", VolumeName: "System" })
 * await Effect.runPromise(Effect.provide(PutAsync.put(PutRequest.make(disk)), windows))
 * assert.deepEqual(names, ["System"])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const windows = (options: WindowsOptions = {}): Snapshot.Snapshot => {
  const { instances = "static", namespaces: more = [] } = options
  if (instances !== "static" && instances !== "dynamic") {
    throw new RangeError(`Worlds.windows: instances is "static" or "dynamic", not ${JSON.stringify(instances)}`)
  }
  return more.reduce(withNamespace, loaded[instances] ??= load(instances === "dynamic"))
}

/**
 * A world that does not exist was named. `known` are the names of those that do.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import * as Worlds from "effect-wmi/worlds"
 * import * as assert from "node:assert/strict"
 *
 * const program = Effect.catchTag(Worlds.named("linux"), "UnknownWorld", ({ known }) => Effect.succeed(known))
 * assert.deepEqual(await Effect.runPromise(program), ["windows"])
 * ```
 *
 * @since 0.1.0
 * @category errors
 */
export class UnknownWorld extends Cause.YieldableError {
  /** The tag of the error. */
  readonly _tag: "UnknownWorld" = "UnknownWorld"
  /** The name of the error class. */
  override readonly name: string = "UnknownWorld"
  /** The name that was given. */
  readonly world: string
  /** The names of the worlds that exist. */
  readonly known: ReadonlyArray<string>

  /** Makes the error; its message lists the worlds that exist. */
  constructor({ known, world }: { readonly world: string; readonly known: ReadonlyArray<string> }) {
    super(`there is no world ${JSON.stringify(world)}; the worlds are ${known.join(", ")}`)
    this.world = world
    this.known = known
  }
}

const byName: ReadonlyMap<string, () => Snapshot.Snapshot> = /* @__PURE__ */ new Map([["windows", windows]])

/**
 * The names of the worlds.
 *
 * @example
 * ```ts
 * import * as Worlds from "effect-wmi/worlds"
 * import * as assert from "node:assert/strict"
 *
 * assert.deepEqual(Worlds.names, ["windows"])
 * ```
 *
 * @since 0.1.0
 * @category constants
 */
export const names: ReadonlyArray<string> = /* @__PURE__ */ Object.freeze(["windows"])

/**
 * The world of a name, with default options. Fails with {@link UnknownWorld}.
 *
 * @example
 * ```ts
 * import { Either } from "effect"
 * import * as Worlds from "effect-wmi/worlds"
 * import * as assert from "node:assert/strict"
 *
 * assert.ok(Either.isRight(Worlds.named("windows")))
 * const error = Either.getOrThrow(Either.flip(Worlds.named("linux")))
 * assert.equal(error.message, "there is no world \"linux\"; the worlds are windows")
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const named = (name: string): Either.Either<Snapshot.Snapshot, UnknownWorld> => {
  const world = byName.get(name)
  return world === undefined ? Either.left(new UnknownWorld({ world: name, known: names })) : Either.right(world())
}
