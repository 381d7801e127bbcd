/**
 * The request of a put, and the decoded put that stage 1 makes of it.
 *
 * @since 0.1.0
 * @module
 */
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import * as Inspectable from "effect/Inspectable"
import type * as Pipeable from "effect/Pipeable"
import { hasProperty } from "effect/Predicate"
import * as CimName from "../model/CimName.ts"
import { content, jsonOf, Value } from "../model/effectValue.ts"
import { tryFreezeObject } from "../model/immutable.ts"
import * as NamedValueSet from "../model/NamedValueSet.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { OnPrototype, PlainObject, WbemObject } from "../model/WbemObject.ts"
import * as PutFlags from "./PutFlags.ts"
import type { PutOptions } from "./PutFlags.ts"

export type { ChangeMode, PutOptions, UpdateMode } from "./PutFlags.ts"

/**
 * Marks requests that {@link make} made.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Instance, PutRequest } from "effect-wmi"
 *
 * assert.ok(PutRequest.TypeId in PutRequest.make(Instance.make("Demo_Disk", { Id: "C:" })))
 * ```
 *
 * @since 0.1.0
 * @category symbols
 */
export const TypeId: unique symbol = /* @__PURE__ */ Symbol.for("effect-wmi/PutRequest")

/**
 * The arguments of one call of PutAsync.
 *
 * It is a value of Effect. Two requests are equal if they put equal objects, to one namespace, with the same flags, equal contexts, and the
 * identical `asyncContext`.
 *
 * @since 0.1.0
 * @category models
 */
export interface PutRequest extends OnPrototype, Equal.Equal, Inspectable.Inspectable, Pipeable.Pipeable {
  /** Marks requests. */
  readonly [TypeId]: typeof TypeId
  /** The class or instance to put. */
  readonly object: WbemObject
  /** The namespace to write to, `root\\cimv2` or `root/cimv2`; `undefined` means the default namespace of the call (PA-2). */
  readonly namespace: string | undefined
  /** The 32-bit flag word, signed or unsigned. */
  readonly flags: number
  /** The named values of the call; `undefined` for none. */
  readonly context: NamedValueSet.NamedValueSet | undefined
  /** Passed unchanged to every event of this call; `null` when there is none (PA-6). */
  readonly asyncContext: object | null
}

/**
 * The parts of a request besides its object. The flag word is a number in `flags`, or it is encoded from the other options, or both.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends Partial<PutOptions> {
  /** The namespace to write to, `root\cimv2` or `root/cimv2`; by default that of the call (PA-2). */
  readonly namespace?: string | undefined
  /** The flag word, signed or unsigned; 0 by default. */
  readonly flags?: number | undefined
  /** The named values of the call; none by default. */
  readonly context?: NamedValueSet.Input | undefined
  /** A named value set, or any other object but a list. It is not read. */
  readonly asyncContext?: object | null | undefined
}

/**
 * A request. The object and the context are copied and frozen (PA-4, PA-5).
 *
 * The bits of the options are added to `flags`; the decoder refuses contradictions.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Instance, PutFlags, PutRequest } from "effect-wmi"
 *
 * const request = PutRequest.make(Instance.make("Demo_Disk", { Id: "C:" }), {
 *   mode: "CreateOnly",
 *   namespace: "root/default",
 *   context: { Hint: 1 }
 * })
 *
 * assert.equal(request.flags, PutFlags.CreateOnly)
 * assert.deepEqual(request.context?.entries, [["Hint", 1]])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (object: PlainObject, options?: Options): PutRequest =>
  new RequestValue(
    // An object that cannot be copied becomes an `UncopyableObject`: the put refuses it at its start (`put-async` 3.2).
    tryFreezeObject(object) as WbemObject,
    options?.namespace,
    options === undefined ? 0 : withOptions(options),
    contextOf(options?.context),
    options?.asyncContext ?? null
  )

/**
 * Whether a value is a request that {@link make} made.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Instance, PutRequest } from "effect-wmi"
 *
 * const request = PutRequest.make(Instance.make("Demo_Disk", { Id: "C:" }))
 * assert.equal(PutRequest.isPutRequest(request), true)
 * ```
 *
 * @since 0.1.0
 * @category guards
 */
export const isPutRequest = (u: unknown): u is PutRequest => hasProperty(u, TypeId)

class RequestValue extends Value implements PutRequest {
  declare readonly object: WbemObject
  declare readonly namespace: string | undefined
  declare readonly flags: number
  declare readonly context: NamedValueSet.NamedValueSet | undefined
  declare readonly asyncContext: object | null

  constructor(
    object: WbemObject,
    namespace: string | undefined,
    flags: number,
    context: NamedValueSet.NamedValueSet | undefined,
    asyncContext: object | null
  ) {
    super()
    this.object = object
    this.namespace = namespace
    this.flags = flags
    this.context = context
    this.asyncContext = asyncContext
  }

  get [TypeId](): typeof TypeId {
    return TypeId
  }
  /** What the request has besides its objects. A number that is no flag word is refused by the put. */
  override [content](): string {
    const { flags, namespace } = this
    return JSON.stringify([
      "PutRequest",
      namespace === undefined ? null : CimName.fold(ObjectPath.namespaceText(namespace)),
      PutFlags.isWord(flags) ? flags >>> 0 : String(flags)
    ])
  }
  override [Equal.symbol](that: Equal.Equal): boolean {
    return super[Equal.symbol](that) && that instanceof RequestValue && this.asyncContext === that.asyncContext
      && Equal.equals(this.object, that.object) && Equal.equals(this.context, that.context)
  }
  override [Hash.symbol](): number {
    return Hash.combine(super[Hash.symbol]())(Hash.hash(this.object))
  }
  override toJSON(): unknown {
    const { context, flags, namespace, object } = this
    return {
      _id: "PutRequest",
      object: jsonOf(object),
      namespace,
      flags,
      context: NamedValueSet.isNamedValueSet(context) ? jsonOf(context) : undefined
    }
  }
  override [Inspectable.NodeInspectSymbol](): unknown {
    return { _id: "PutRequest", ...this }
  }
}

/** A context that is no named value set, or that cannot be copied, is kept as it is: the put refuses it at its start (`put-async` 3, row 4). */
const contextOf = (input: NamedValueSet.Input | undefined): NamedValueSet.NamedValueSet | undefined => {
  if (typeof input !== "object" || input === null) return input
  try {
    return NamedValueSet.make(input)
  } catch {
    return input as NamedValueSet.NamedValueSet
  }
}

/** A number that is no flag word is kept as it is: the decoder refuses it (PA-10). */
const withOptions = (options: Options): number => {
  const { flags = 0 } = options
  const more = PutFlags.encode(options)
  return more === 0 || !PutFlags.isWord(flags) ? flags : PutFlags.isWord(more) ? flags | more : more
}

/**
 * The circumstances of a call, read once when the call is accepted: the caller, the locale, the server, the time, and the seed of
 * generated keys.
 *
 * @since 0.1.0
 * @category models
 */
export interface Call {
  /** The account of the call and its rights. */
  readonly caller: Caller
  /** The locale of the connection, such as `ms_409`. */
  readonly locale: string
  /** The name of the server in reported paths, such as `.`. */
  readonly server: string
  /** Milliseconds since 1970. */
  readonly time: number
  /** Generated keys are a function of this number and of the position of the put in its batch. */
  readonly seed: number
  /** Whether amended text that is put goes to the namespace of the locale; by default it does (`qualifiers` 7.3 row 5). */
  readonly amendmentWrites?: boolean | undefined
}

/**
 * The caller of a put. Its rights in a namespace are those that the descriptors of the namespace grant to its name or its groups, limited by
 * `rights`. A namespace to which no descriptor applies grants all rights.
 *
 * @since 0.1.0
 * @category models
 */
export interface Caller {
  /** The name of the account, as descriptors of namespaces name it. */
  readonly name: string
  /** The names of the groups that the caller belongs to. */
  readonly groups?: ReadonlyArray<string> | undefined
  /** Whether the call comes over a network: then Remote Enable is needed too. */
  readonly remote: boolean
  /** Bits of `Rights`: the upper limit of the rights in every namespace. */
  readonly rights: number
}

/**
 * A partial update, requested through the context (`instance-put` 6).
 *
 * @since 0.1.0
 * @category models
 */
export interface Extensions {
  /** The properties to write; `undefined` means a full update (IP-7). */
  readonly properties: ReadonlyArray<string> | undefined
  /** Whether NULLs of the listed properties are written; those of a full update always are. */
  readonly strictNulls: boolean
  /** Whether the context asks for an atomic update. A put to a stored instance is atomic in any case (IP-12). */
  readonly atomic: boolean
}

/**
 * A put after stage 1, with decoded flags and context, the namespace and the call.
 *
 * @since 0.1.0
 * @category models
 */
export interface DecodedPut {
  /** The class or instance to put. */
  readonly object: WbemObject
  /** The namespace to write to, with backslashes: `root\cimv2`. */
  readonly namespace: string
  /** The flag word, unsigned. */
  readonly flags: number
  /** The named values of the call; `undefined` for none. */
  readonly context: NamedValueSet.NamedValueSet | undefined
  /** Passed unchanged to every event of the call; `null` when there is none (PA-6). */
  readonly asyncContext: object | null
  /** The meaning of the flag word. */
  readonly options: PutOptions
  /** `undefined` for a full put. */
  readonly extensions: Extensions | undefined
  /** The circumstances of the call. */
  readonly call: Call
  /** The position in its batch, 0 for a single put. */
  readonly position: number
}
