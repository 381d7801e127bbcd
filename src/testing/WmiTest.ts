/**
 * A WMI for tests: one layer with an emulator whose start state is given as MOF text, objects or a snapshot, with fault rules
 * ({@link Fault}), a call log ({@link CallLog}), reset, restore points and forks. It works with any test framework.
 *
 *     WmiTest.layer(options)  =  the four stages + the emulator's services + WmiTest + TestState
 *     WmiTest.layerOver(repository, options)  =  the same over SQLite, PostgreSQL, a Windows computer; TestState where the state can be read
 *
 * @since 0.1.0
 * @module
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Inspectable from "effect/Inspectable"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as EmulatedRepository from "../emulator/EmulatedRepository.ts"
import * as MemoryStore from "../emulator/MemoryStore.ts"
import { InstanceProviders } from "../emulator/providers/providerRegistry.ts"
import { namespaceText } from "../model/ObjectPath.ts"
import * as Rights from "../model/Rights.ts"
import * as CallContext from "../pipeline/CallContext.ts"
import * as FlagDecoder from "../pipeline/FlagDecoder.ts"
import { NamespaceState } from "../pipeline/NamespaceState.ts"
import type { Stages } from "../pipeline/PutAsync.ts"
import * as PutSink from "../pipeline/PutSink.ts"
import * as PutValidator from "../pipeline/PutValidator.ts"
import type { Repository } from "../pipeline/Repository.ts"
import * as Telemetry from "../pipeline/Telemetry.ts"
import * as PutFlags from "../protocol/PutFlags.ts"
import { localeRefusal } from "../protocol/localeRefusal.ts"
import type { Caller } from "../protocol/PutRequest.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import { callFrames, withFrames } from "./callFrames.ts"
import * as CallLog from "./CallLog.ts"
import { type Contents, type Objects, seed as seedContents, WmiTestError, wrong } from "./contents.ts"
import { type Fault, isFault } from "./Fault.ts"
import { Armed, type GeneratedKeys, Kit, type KitOptions } from "./kit.ts"
import { isObserved, observe } from "./observation.ts"

export { WmiTestError } from "./contents.ts"
export type { Objects } from "./contents.ts"
export type { GeneratedKeys } from "./kit.ts"

/**
 * A rule that is armed, with its counts.
 *
 * @since 0.1.0
 * @category models
 */
export interface ActiveFault {
  /** The rule that is armed. */
  readonly fault: Fault
  /** The calls that met the criteria of the rule. */
  readonly count: number
  /** The calls that the rule acted on. */
  readonly hits: number
}

/**
 * The handle of a rule that was added.
 *
 * @since 0.1.0
 * @category models
 */
export interface FaultHandle {
  /** The rule that was added. */
  readonly fault: Fault
  /** The calls that the rule acted on; after its removal the last number. */
  readonly hits: Effect.Effect<number>
  /** Disarms the rule. A rule that is not armed any more stays as it is. */
  readonly remove: Effect.Effect<void>
}

/**
 * The service of a test kit: its fault rules and its call log.
 *
 * @since 0.1.0
 * @category services
 */
export interface WmiTest {
  /** The calls so far, in the order in which they began. */
  readonly calls: Effect.Effect<ReadonlyArray<CallLog.Call>>
  /** Empties the log. */
  readonly clearCalls: Effect.Effect<void>
  /** The armed rules, in the order in which they act. */
  readonly faults: Effect.Effect<ReadonlyArray<ActiveFault>>
  /** Arms a rule, after the rules that are armed already. */
  readonly addFault: (fault: Fault) => Effect.Effect<FaultHandle>
  /** Disarms every rule, those of the layer too. */
  readonly clearFaults: Effect.Effect<void>
}

/**
 * The service of a test kit: its fault rules and its call log.
 *
 * @since 0.1.0
 * @category services
 */
export const WmiTest: Context.Tag<WmiTest, WmiTest> = /* @__PURE__ */ Context.GenericTag<WmiTest>(
  "effect-wmi/testing/WmiTest"
)

/**
 * A restore point: the objects of every namespace, the armed rules with their counts, the call log and the state of the seed.
 *
 * @since 0.1.0
 * @category models
 */
export interface RestorePoint {
  /** The objects of every namespace at this point. */
  readonly snapshot: Snapshot.Snapshot
  /** Back to this point, as often as needed. */
  readonly restore: Effect.Effect<void, WbemError>
}

/**
 * The service of a test kit whose repository can read and replace its state. A kit over a Windows computer does not have it.
 *
 * @since 0.1.0
 * @category services
 */
export interface TestState {
  /** Back to the start: objects, rules, call log and seed. */
  readonly reset: Effect.Effect<void, WbemError>
  /** Keeps the current state, to which the test can return. */
  readonly restorePoint: Effect.Effect<RestorePoint, WbemError>
  /** The layer of a kit in memory that starts from the current objects and with the armed rules, with an empty log. */
  readonly fork: Effect.Effect<Layer.Layer<Services>, WbemError>
}

/**
 * The service of a test kit whose repository can read and replace its state.
 *
 * @since 0.1.0
 * @category services
 */
export const TestState: Context.Tag<TestState, TestState> = /* @__PURE__ */ Context.GenericTag<TestState>(
  "effect-wmi/testing/TestState"
)

/**
 * The services of a kit over an emulated repository.
 *
 * @since 0.1.0
 * @category services
 */
export type Services = Stages | EmulatedRepository.Services | WmiTest | TestState

/**
 * The options of every kit.
 *
 * @since 0.1.0
 * @category models
 */
export interface CallOptions {
  /** The caller of every call; by default a local one with all rights. A right that is left out of `rights` gives `AccessDenied`. */
  readonly caller?: Partial<Caller> | undefined
  /** The name of the server in paths, `.` by default. */
  readonly server?: string | undefined
  /** The locale of the connection, `ms_409` by default. */
  readonly locale?: string | undefined
  /** The namespace of calls that name none, `root\cimv2` by default. It is created if it does not exist. */
  readonly defaultNamespace?: string | undefined
  /**
   * The time of the calls, from which generated keys are made: a fixed one (milliseconds since 1970, a `Date`, a `DateTime`), a `Clock`,
   * or `"program"`, the `Clock` of the program, which under `TestClock` is the time of the test. By default 2026-01-01T00:00:00Z.
   */
  readonly clock?: number | Date | DateTime.DateTime | Clock.Clock | "program" | undefined
  /** The seed of generated keys, a whole number from 0 to 4294967295; 1 by default. The same calls generate the same keys. */
  readonly seed?: number | undefined
  /** The rules that are armed at the start and after each reset. */
  readonly faults?: ReadonlyArray<Fault> | undefined
}

/**
 * The options of a kit over an emulated repository.
 *
 * @since 0.1.0
 * @category models
 */
export interface StateOptions extends CallOptions {
  /** MOF text, or the bytes of a file. Namespaces that it names are created. A declaration that is refused fails the layer. */
  readonly mof?: string | Uint8Array | undefined
  /** Classes and instances: a list for the default namespace, or a record with a list for each namespace. */
  readonly objects?: Objects | undefined
  /** Namespaces to create, with their parents. */
  readonly namespaces?: ReadonlyArray<string> | undefined
  /**
   * What happens when a put has no value for a string key, which WMI replaces by a GUID. `"warn"`, the default: a warning for each
   * class, once. `"allow"`: no warning. `"refuse"`: the put fails with `IllegalNull`. The call log marks generated keys in any case.
   */
  readonly generatedKeys?: GeneratedKeys | undefined
}

/**
 * The options of a kit in memory. `snapshot` and `world` are the state under `namespaces`, `mof` and `objects`, which are put on top in
 * this order; a kit has one of the two at most.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options<E = never, R = never> extends StateOptions {
  /** The state that the kit starts from. */
  readonly snapshot?: Snapshot.Snapshot | undefined
  /** A prepared state: a snapshot, a function or an effect that makes one. */
  readonly world?: Snapshot.Snapshot | (() => Snapshot.Snapshot) | Effect.Effect<Snapshot.Snapshot, E, R> | undefined
}

const callMembers = ["caller", "server", "locale", "defaultNamespace", "clock", "seed", "faults"] as const
const stateMembers = [...callMembers, "mof", "objects", "namespaces", "generatedKeys"] as const
const memoryMembers = [...stateMembers, "snapshot", "world"] as const

const shown = (value: unknown): string =>
  typeof value === "string" ? JSON.stringify(value) : Inspectable.toStringUnknown(value, 0)

/** The default of `clock`. */
const defaultTime = Date.UTC(2026, 0, 1)

const timeOf = (clock: CallOptions["clock"]): Either.Either<number | Clock.Clock | undefined, WmiTestError> => {
  if (clock === undefined) return Either.right(defaultTime)
  if (clock === "program") return Either.right(undefined)
  if (typeof clock === "object" && clock !== null && Clock.ClockTypeId in clock) return Either.right(clock)
  const time = typeof clock === "number"
    ? clock
    : clock instanceof Date
    ? clock.getTime()
    : DateTime.isDateTime(clock)
    ? DateTime.toEpochMillis(clock)
    : undefined
  return time !== undefined && Number.isSafeInteger(time) && time >= 0
    ? Either.right(time)
    : Either.left(wrong("clock", `${shown(clock)} is no time since 1970, no Clock and not "program"`))
}

const fullCaller: Caller = { name: "WmiTest", remote: false, rights: Rights.all }

interface Checked {
  readonly kit: KitOptions
  readonly ambient: Context.Context<never>
}

/** Checks the options of every kit. */
const checked = (
  options: StateOptions,
  known: ReadonlyArray<string>
): Either.Either<Checked, WmiTestError> => {
  if (typeof options !== "object" || options === null) return Either.left(wrong("options", "they are no object"))
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    return Either.left(wrong(unknown, `there is no such option here; the options are ${known.join(", ")}`))
  }
  const { caller, clock, defaultNamespace, faults, generatedKeys, locale, seed, server } = options
  if (caller !== undefined && (typeof caller !== "object" || caller === null)) {
    return Either.left(wrong("caller", `${shown(caller)} is no caller`))
  }
  const stranger = Object.keys(caller ?? {}).find((name) => !Object.hasOwn(fullCaller, name))
  if (stranger !== undefined) {
    const names = Object.keys(fullCaller).join(", ")
    return Either.left(wrong("caller", `there is no such member as ${stranger}; the members are ${names}`))
  }
  const identity = { ...fullCaller, ...caller }
  if (typeof identity.name !== "string") return Either.left(wrong("caller", "name is no text"))
  if (typeof identity.remote !== "boolean") return Either.left(wrong("caller", "remote is no truth value"))
  if (!Number.isInteger(identity.rights)) {
    return Either.left(wrong("caller", 'rights are no bits; Rights.of("Enable") makes some'))
  }
  if (server !== undefined && (typeof server !== "string" || server === "" || /[\\/:]/.test(server))) {
    return Either.left(wrong("server", `${shown(server)} is no name of a computer`))
  }
  const refusal = locale === undefined ? undefined : localeRefusal(String(locale))
  if (refusal !== undefined) return Either.left(wrong("locale", refusal.message, { cause: refusal }))
  if (defaultNamespace !== undefined && typeof defaultNamespace !== "string") {
    return Either.left(wrong("defaultNamespace", `${shown(defaultNamespace)} is no text`))
  }
  if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff)) {
    return Either.left(wrong("seed", `${shown(seed)} is no whole number from 0 to 4294967295`))
  }
  if (faults !== undefined && (!Array.isArray(faults) || !faults.every(isFault))) {
    return Either.left(wrong("faults", "it is no list of rules; Fault.make makes a rule"))
  }
  if (generatedKeys !== undefined && !["allow", "warn", "refuse"].includes(generatedKeys)) {
    return Either.left(wrong("generatedKeys", `${shown(generatedKeys)} is none of allow, warn, refuse`))
  }
  return Either.map(timeOf(clock), (time) => ({
    kit: {
      faults: faults ?? [],
      seed: seed ?? 1,
      time: typeof time === "number"
        ? () => time
        : time === undefined
        ? undefined
        : () => time.unsafeCurrentTimeMillis(),
      generatedKeys: generatedKeys ?? "warn",
      callsBefore: 0
    },
    ambient: Context.empty().pipe(
      Context.add(CallContext.Caller, identity),
      Context.add(CallContext.Server, server ?? "."),
      Context.add(CallContext.Locale, locale ?? "ms_409"),
      Context.add(CallContext.DefaultNamespace, namespaceText(defaultNamespace ?? "root\\cimv2"))
    ) as Context.Context<never> // references have defaults, so the type of a layer does not list them
  }))
}

const handleOf = (kit: Kit, armed: Armed): FaultHandle => {
  let last = armed
  const current = (): Armed => last = kit.withId(armed.id) ?? last
  return {
    fault: armed.fault,
    hits: Effect.sync(() => current().hits),
    remove: Effect.sync(() => {
      current()
      kit.armed = kit.armed.filter(({ id }) => id !== armed.id)
    })
  }
}

const serviceOf = (kit: Kit): WmiTest => ({
  calls: Effect.sync(() => [...kit.calls]),
  clearCalls: Effect.sync(() => {
    kit.calls = []
  }),
  faults: Effect.sync(() => kit.armed.map(({ count, fault, hits }) => ({ fault, count, hits }))),
  addFault: (fault) =>
    Effect.sync(() => {
      if (!isFault(fault)) throw new TypeError("addFault takes a rule; Fault.make makes one")
      const armed = new Armed(fault)
      kit.armed.push(armed)
      return handleOf(kit, armed)
    }),
  clearFaults: Effect.sync(() => {
    kit.armed = []
  })
})

const stateOf = (kit: Kit, state: NamespaceState, start: Snapshot.Snapshot, checked: Checked): TestState => ({
  reset: Effect.map(state.restore(start), () => kit.start()),
  restorePoint: Effect.map(state.snapshot, (snapshot) => {
    const kept = kit.keep()
    return { snapshot, restore: Effect.map(state.restore(snapshot), () => kit.back(kept)) }
  }),
  fork: Effect.map(state.snapshot, (snapshot) => {
    const faults = kit.armed.map(({ fault }) => fault)
    const options = { ...checked.kit, faults, callsBefore: kit.callNumber }
    return withTelemetry(Layer.effectContext(memory(snapshot, { ...checked, kit: options })))
  })
})

/** Telemetry is on in every kit, so that a failing call shows the line of the test. A test that is provided `Telemetry.layerOff` first has none. */
const withTelemetry = <ROut, E, R>(kit: Layer.Layer<ROut, E, R>): Layer.Layer<ROut, E, R> =>
  Layer.merge(kit, Telemetry.layer)

/** The layer of a kit. An error of its options shows the line that made the layer. */
const kitLayer = <ROut, E, R>(
  frames: () => ReadonlyArray<string>,
  kit: Layer.Layer<ROut, E, R>
): Layer.Layer<ROut, E, R> =>
  withTelemetry(
    Layer.tapError(kit, (error) =>
      Effect.sync(() => error instanceof WmiTestError ? withFrames(error, frames()) : undefined))
  )

/** The stages around the services of a repository, the ambient values and the kit. */
const kitOver = <R>(
  services: Context.Context<R | Repository>,
  { ambient, kit: options }: Checked
): { readonly kit: Kit; readonly context: Context.Context<R | Stages | WmiTest> } => {
  const kit = new Kit(options)
  const context = stagesOf(observe(services, kit)).pipe(Context.add(WmiTest, serviceOf(kit)))
  return { kit, context: Context.merge(context, ambient) }
}

const stagesOf = <R>(repository: Context.Context<R>) =>
  repository.pipe(
    Context.add(FlagDecoder.FlagDecoder, { decode: PutFlags.decode }),
    Context.add(PutValidator.PutValidator, PutValidator.make()),
    Context.add(PutSink.PutSink, PutSink.silent())
  )

/**
 * Puts the start state: by a caller with all rights, without faults, and with the same generated keys in each run. Returns the options of
 * the kit, whose calls generate other keys.
 */
const seeded = (
  services: Context.Context<EmulatedRepository.Services>,
  contents: Contents,
  { ambient, kit }: Checked
): Effect.Effect<Checked, WmiTestError> => {
  const plain = new Kit({ ...kit, faults: [], generatedKeys: "allow" })
  return seedContents(contents).pipe(
    Effect.map(() => ({ ambient, kit: { ...kit, callsBefore: plain.callNumber } })),
    Effect.provide(stagesOf(observe(services, plain))),
    Effect.provideService(CallContext.Caller, fullCaller),
    Effect.provideService(CallContext.Server, "."),
    Effect.provideService(CallContext.Locale, "ms_409"),
    Effect.locally(isObserved, true)
  )
}

/** A kit over an emulated repository that has its start state. */
const emulated = (
  services: Context.Context<EmulatedRepository.Services>,
  options: Checked
): Effect.Effect<Context.Context<Services>, WbemError> => {
  const state = Context.get(services, NamespaceState)
  return Effect.map(state.snapshot, (start) => {
    const { context, kit } = kitOver(services, options)
    return Context.add(context, TestState, stateOf(kit, state, start, options))
  })
}

const memory = (snapshot: Snapshot.Snapshot, options: Checked): Effect.Effect<Context.Context<Services>> =>
  Effect.flatMap(InstanceProviders, (providers) =>
    // The state of a store in memory can always be read.
    Effect.orDie(emulated(EmulatedRepository.make(MemoryStore.make(snapshot), providers), options)))

const isSnapshot = (u: unknown): u is Snapshot.Snapshot => typeof u === "object" && u !== null && Snapshot.TypeId in u

/** The state under the objects of the options. */
const baseOf = <E, R>({ snapshot, world }: Options<E, R>): Effect.Effect<Snapshot.Snapshot, WmiTestError | E, R> =>
  Effect.gen(function* () {
    if (snapshot !== undefined && world !== undefined) {
      return yield* wrong("world", "snapshot and world are two start states; give one of them")
    }
    if (snapshot !== undefined) return isSnapshot(snapshot) ? snapshot : yield* wrong("snapshot", "it is no snapshot")
    if (world === undefined) return Snapshot.empty()
    const made: unknown = Effect.isEffect(world) ? yield* world : typeof world === "function" ? world() : world
    return isSnapshot(made) ? made : yield* wrong("world", "it is, or makes, no snapshot")
  })

/**
 * An emulator in memory for tests. Each build of the layer is a world of its own; the tests that share one call {@link reset}.
 *
 * Fails with {@link WmiTestError}, which names the option: a fault of the MOF text with its position, an object that the rules refuse,
 * an option that does not exist, two start states.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Instance, PutAsync, PutRequest } from "effect-wmi"
 * import { Fault, WmiTest } from "effect-wmi/testing"
 *
 * const kit = WmiTest.layer({
 *   mof: "class Corp_Asset { [key] string Id; string Owner; };",
 *   defaultNamespace: "root\\corp",
 *   faults: [Fault.make({ verb: "put", path: 'Corp_Asset.Id="A2"', fault: "AccessDenied" })]
 * })
 * const save = (id: string) => Effect.either(PutAsync.put(PutRequest.make(Instance.make("Corp_Asset", { Id: id }))))
 * const program = Effect.gen(function*() {
 *   yield* Effect.forEach(["A1", "A2"], save)
 *   yield* WmiTest.assertCalls([
 *     { verb: "put", path: 'Corp_Asset.Id="A1"', disposition: "Created" },
 *     { verb: "put", path: 'Corp_Asset.Id="A2"', status: "AccessDenied" }
 *   ])
 *   yield* WmiTest.assertFaultsUsed()
 *   return (yield* WmiTest.calls).length
 * })
 * assert.equal(await Effect.runPromise(Effect.provide(program, kit)), 2)
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = <E = never, R = never>(
  options: Options<E, R> = {}
): Layer.Layer<Services, WmiTestError | E, R> =>
  kitLayer(
    callFrames(),
    Layer.effectContext(Effect.gen(function* () {
      const valid = yield* checked(options, memoryMembers)
      const base = yield* baseOf(options)
      const providers = yield* InstanceProviders
      const services = EmulatedRepository.make(MemoryStore.make(base), providers)
      const prepared = yield* seeded(services, options, valid)
      return yield* Effect.orDie(emulated(services, prepared)) // the state of a store in memory can always be read
    }))
  )

/**
 * The same kit over another repository: SQLite, PostgreSQL, a key-value store, a Windows computer.
 *
 * Over an emulated repository the objects of the options are put into what the store has, and that is the state that {@link reset}
 * goes back to. Over a repository that cannot read its state (Windows) the kit has faults and a call log; `reset`, `restorePoint` and
 * `fork` do not compile, and there are no options for a start state.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer } from "effect"
 * import { EmulatedRepository, MemoryStore, Wmi } from "effect-wmi"
 * import { WmiTest } from "effect-wmi/testing"
 *
 * // In place of this one: `Sqlite.layer({ filename: "test.db" })` of `effect-wmi/sqlite`.
 * const repository = Layer.provide(EmulatedRepository.layer, MemoryStore.layer)
 * const kit = WmiTest.layerOver(repository, { namespaces: ["root\\corp"] })
 * const names = await Effect.runPromise(Effect.provide(Wmi.namespaces, kit))
 * assert.ok(names.includes("root\\corp"))
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerOver: {
  <E, R>(
    repository: Layer.Layer<EmulatedRepository.Services, E, R>,
    options?: StateOptions
  ): Layer.Layer<Services, WmiTestError | WbemError | E, R>
  <ROut, E, R>(
    repository: Layer.Layer<ROut | Repository, E, R>,
    options?: CallOptions
  ): Layer.Layer<ROut | Stages | WmiTest, WmiTestError | E, R>
} = (<E, R>(
  repository: Layer.Layer<EmulatedRepository.Services, E, R>,
  options: StateOptions = {}
): Layer.Layer<Services, WmiTestError | WbemError | E, R> =>
  kitLayer(
    callFrames(),
    Layer.scopedContext(Effect.gen(function* () {
      const built = yield* Layer.build(repository)
      // An emulated repository has a state. A Windows computer and a replayed repository have none.
      const hasState = Option.isSome(Context.getOption(built, NamespaceState))
      const valid = yield* checked(options, hasState ? stateMembers : callMembers)
      // The second overload: a kit without `TestState`.
      if (!hasState) return kitOver(built, valid).context as Context.Context<Services>
      return yield* emulated(built, yield* seeded(built, options, valid))
    }))
  )) as never

/**
 * The calls so far, in the order in which they began.
 *
 * @since 0.1.0
 * @category call log
 */
export const calls: Effect.Effect<ReadonlyArray<CallLog.Call>, never, WmiTest> = /* @__PURE__ */ Effect.flatMap(
  WmiTest,
  (kit) => kit.calls
)

/**
 * Empties the call log, such as after the preparations of a test.
 *
 * @since 0.1.0
 * @category call log
 */
export const clearCalls: Effect.Effect<void, never, WmiTest> = /* @__PURE__ */ Effect.flatMap(
  WmiTest,
  (kit) => kit.clearCalls
)

/**
 * Runs an effect whose calls meet no fault rule and are not logged: what a test itself reads or prepares.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import { Wmi } from "effect-wmi"
 * import { WmiTest } from "effect-wmi/testing"
 *
 * const program = Effect.zipRight(WmiTest.unobserved(Wmi.namespaces), WmiTest.assertCalls([]))
 * await Effect.runPromise(Effect.provide(program, WmiTest.layer()))
 * ```
 *
 * @since 0.1.0
 * @category call log
 */
export const unobserved: <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> = /* @__PURE__ */ Effect
  .locally(isObserved, false)

/**
 * Dies with `CallLog.CallAssertionError` unless the calls so far are the expected ones; by default exactly these, in this order. The
 * message is a difference line by line.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest } from "effect-wmi"
 * import { WmiTest } from "effect-wmi/testing"
 *
 * const program = Effect.gen(function*() {
 *   yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Corp_Asset", { Id: Property.key("string") })))
 *   yield* WmiTest.assertCalls([{ verb: "put", class: "corp_asset", disposition: "Created" }])
 * })
 * await Effect.runPromise(Effect.provide(program, WmiTest.layer()))
 * ```
 *
 * @since 0.1.0
 * @category call log
 */
export const assertCalls = (
  expected: ReadonlyArray<CallLog.Pattern>,
  mode?: CallLog.Mode
): Effect.Effect<void, never, WmiTest> => {
  const frames = callFrames()
  return Effect.map(calls, (made) => {
    try {
      CallLog.assertCalls(made, expected, mode)
    } catch (error) {
      const isOwn = error instanceof CallLog.CallAssertionError || error instanceof CallLog.InvalidPattern
      throw isOwn ? withFrames(error, frames()) : error
    }
  })
}

/**
 * The armed rules with their counts.
 *
 * @since 0.1.0
 * @category faults
 */
export const faults: Effect.Effect<ReadonlyArray<ActiveFault>, never, WmiTest> = /* @__PURE__ */ Effect.flatMap(
  WmiTest,
  (kit) => kit.faults
)

/**
 * Arms a rule until its handle removes it, until {@link clearFaults} or until {@link reset}.
 *
 * @since 0.1.0
 * @category faults
 */
export const addFault = (fault: Fault): Effect.Effect<FaultHandle, never, WmiTest> =>
  Effect.flatMap(WmiTest, (kit) => kit.addFault(fault))

/**
 * Arms a rule until the scope ends.
 *
 * @since 0.1.0
 * @category faults
 */
export const addFaultScoped = (fault: Fault): Effect.Effect<FaultHandle, never, WmiTest | Scope.Scope> =>
  Effect.acquireRelease(addFault(fault), (handle) => handle.remove)

/**
 * Arms a rule while an effect runs.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Wmi } from "effect-wmi"
 * import { Fault, WmiTest } from "effect-wmi/testing"
 *
 * const offline = Fault.make({ verb: "list", fault: Fault.loseRequest })
 * const program = Effect.all([Effect.flip(WmiTest.withFault(offline)(Wmi.namespaces)), Wmi.namespaces])
 * const [error] = await Effect.runPromise(Effect.provide(program, WmiTest.layer()))
 * assert.equal(error.status, "TransportFailure")
 * ```
 *
 * @since 0.1.0
 * @category faults
 */
export const withFault = (
  fault: Fault
): <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R | WmiTest> =>
(self) => Effect.acquireUseRelease(addFault(fault), () => self, (handle) => handle.remove)

/**
 * Disarms every rule, those of the layer too.
 *
 * @since 0.1.0
 * @category faults
 */
export const clearFaults: Effect.Effect<void, never, WmiTest> = /* @__PURE__ */ Effect.flatMap(
  WmiTest,
  (kit) => kit.clearFaults
)

/**
 * Dies unless every armed rule has acted. The message lists the rules that have not, with the number of calls that met their criteria.
 *
 * @since 0.1.0
 * @category faults
 */
export const assertFaultsUsed = (): Effect.Effect<void, never, WmiTest> => {
  const frames = callFrames()
  return Effect.map(faults, (active) => {
    const unused = active.filter(({ hits }) => hits === 0)
    if (unused.length === 0) return
    const lines = unused.map(({ count, fault }) =>
      `- ${String(fault)} (${count} ${count === 1 ? "call" : "calls"} met its criteria)`
    )
    throw withFrames(
      new CallLog.CallAssertionError(
        `${unused.length} of ${active.length} fault rules did not act:\n${lines.join("\n")}`,
        active.map(({ fault }) => String(fault)).join("\n"),
        active.filter(({ hits }) => hits > 0).map(({ fault }) => String(fault)).join("\n")
      ),
      frames()
    )
  })
}

/**
 * Back to the start: the objects of the options, the rules of the options with counts of zero, an empty call log, the seed.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 * import { WmiTest } from "effect-wmi/testing"
 *
 * const program = Effect.gen(function*() {
 *   yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Corp_Asset", { Id: Property.key("string") })))
 *   yield* WmiTest.reset
 *   return yield* Wmi.classes()
 * })
 * assert.deepEqual(await Effect.runPromise(Effect.provide(program, WmiTest.layer())), [])
 * ```
 *
 * @since 0.1.0
 * @category state
 */
export const reset: Effect.Effect<void, WbemError, TestState> = /* @__PURE__ */ Effect.flatMap(
  TestState,
  (state) => state.reset
)

/**
 * A point to go back to: objects, rules with their counts, call log and seed. Over a store in memory it takes constant time.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Wmi } from "effect-wmi"
 * import { WmiTest } from "effect-wmi/testing"
 *
 * const program = Effect.gen(function*() {
 *   const point = yield* WmiTest.restorePoint
 *   yield* Wmi.delete('__NAMESPACE.Name="corp"', { namespace: "root" })
 *   yield* point.restore
 *   return yield* Wmi.namespaces
 * })
 * const names = await Effect.runPromise(Effect.provide(program, WmiTest.layer({ namespaces: ["root\\corp"] })))
 * assert.ok(names.includes("root\\corp"))
 * ```
 *
 * @since 0.1.0
 * @category state
 */
export const restorePoint: Effect.Effect<RestorePoint, WbemError, TestState> = /* @__PURE__ */ Effect.flatMap(
  TestState,
  (state) => state.restorePoint
)

/**
 * The layer of a kit in memory that starts from the current objects and rules. Later calls on either side do not affect the other.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 * import { WmiTest } from "effect-wmi/testing"
 *
 * const program = Effect.gen(function*() {
 *   const Asset = ClassDefinition.make("Corp_Asset", { Id: Property.key("string") })
 *   yield* Effect.provide(PutAsync.put(PutRequest.make(Asset)), yield* WmiTest.fork)
 *   return yield* Wmi.classes()
 * })
 * assert.deepEqual(await Effect.runPromise(Effect.provide(program, WmiTest.layer())), [])
 * ```
 *
 * @since 0.1.0
 * @category state
 */
export const fork: Effect.Effect<Layer.Layer<Services>, WbemError, TestState> = /* @__PURE__ */ Effect.flatMap(
  TestState,
  (state) => state.fork
)
