/**
 * Requests, and the same put after stage 1.
 *
 * @since 0.1.0
 */
import { tryFreezeObject } from "../model/immutable.ts"
import * as NamedValueSet from "../model/NamedValueSet.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import * as PutFlags from "./PutFlags.ts"
import type { PutOptions } from "./PutFlags.ts"

export type { ChangeMode, PutOptions, UpdateMode } from "./PutFlags.ts"

/**
 * One call of PutAsync, as the caller makes it.
 *
 * @since 0.1.0
 * @category models
 */
export interface PutRequest {
  readonly object: WbemObject
  /** The namespace to write to, `root\\cimv2` or `root/cimv2`; `undefined` means the default namespace of the call (PA-2). */
  readonly namespace: string | undefined
  /** The 32-bit flag word, signed or unsigned. */
  readonly flags: number
  readonly context: NamedValueSet.NamedValueSet | undefined
  /** Handed back untouched in every event of this call; `null` when there is none (PA-6). */
  readonly asyncContext: object | null
}

/**
 * What a request can be given besides its object. `flags` as a number, or the options that encode to one; not both.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends Partial<PutOptions> {
  readonly namespace?: string | undefined
  readonly flags?: number | undefined
  readonly context?: NamedValueSet.Input | undefined
  /** A named value set, or any object of yours but a list: it is not looked into. */
  readonly asyncContext?: object | null | undefined
}

/**
 * A request that holds the object and the context as they are now (PA-4, PA-5).
 *
 * Options and `flags` are added up, so that a contradiction is refused by the decoder and not decided here.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (object: WbemObject, options?: Options): PutRequest =>
  options === undefined
    ? { object: captureObject(object), namespace: undefined, flags: 0, context: undefined, asyncContext: null }
    : {
      object: captureObject(object),
      namespace: options.namespace,
      flags: options.flags === undefined ? PutFlags.encode(options) : withOptions(options.flags, options),
      context: contextOf(options.context),
      asyncContext: options.asyncContext ?? null
    }

/** What cannot be copied stands in the request as it is described by `capture`: the start of the put refuses it (`put-async` 3.2). */
const captureObject = (object: WbemObject): WbemObject => tryFreezeObject(object) as WbemObject

/** What is no named value set, or cannot be copied, is kept as it is: the start of the put refuses it (`put-async` 3, row 4). */
const contextOf = (input: NamedValueSet.Input | undefined): NamedValueSet.NamedValueSet | undefined => {
  if (typeof input !== "object" || input === null) return input
  try {
    return NamedValueSet.make(input)
  } catch {
    return input as NamedValueSet.NamedValueSet
  }
}

/** What is no flag word stays as it is: the decoder refuses it (PA-10). */
const withOptions = (flags: number, options: Partial<PutOptions>): number => {
  const more = PutFlags.encode(options)
  return more === 0 || !PutFlags.isWord(flags) ? flags : PutFlags.isWord(more) ? flags | more : more
}

/**
 * What is read once when a call is accepted and then travels as data: who calls, in which locale, on which server, when, and
 * the seed of generated keys.
 *
 * @since 0.1.0
 * @category models
 */
export interface Call {
  readonly caller: Caller
  readonly locale: string
  readonly server: string
  /** Milliseconds since 1970. */
  readonly time: number
  /** Generated keys are a function of this number. */
  readonly seed: number
  /** Whether amended text that is put goes to the namespace of the locale; by default it does (`qualifiers` 7.3 row 5). */
  readonly amendmentWrites?: boolean | undefined
}

/**
 * Who puts. What a caller may do in a namespace is what the descriptor of that namespace grants to the name or to one of the
 * groups, and of that no more than `rights`; a namespace that no descriptor governs grants everything.
 *
 * @since 0.1.0
 * @category models
 */
export interface Caller {
  readonly name: string
  /** The groups that the caller belongs to, as the descriptors name them. */
  readonly groups?: ReadonlyArray<string> | undefined
  /** Whether the call comes over a network: then Remote Enable is needed too. */
  readonly remote: boolean
  /** Bits of `Rights`: the most that the caller may do anywhere. */
  readonly rights: number
}

/**
 * A partial update, asked for through the context (`instance-put` 6).
 *
 * @since 0.1.0
 * @category models
 */
export interface Extensions {
  /** The properties to write; `undefined` means a full update (IP-7). */
  readonly properties: ReadonlyArray<string> | undefined
  /** Whether NULLs of listed properties are meant and written; those of a full update always are. */
  readonly strictNulls: boolean
  readonly atomic: boolean
}

/**
 * A put after stage 1: flags and context understood, target and call known.
 *
 * @since 0.1.0
 * @category models
 */
export interface DecodedPut {
  readonly object: WbemObject
  readonly namespace: string
  readonly flags: number
  readonly context: NamedValueSet.NamedValueSet | undefined
  readonly asyncContext: object | null
  readonly options: PutOptions
  /** `undefined` for a full put. */
  readonly extensions: Extensions | undefined
  readonly call: Call
  /** The place in its batch, 0 for a single put: generated keys are a function of the call's seed and this. */
  readonly position: number
}
