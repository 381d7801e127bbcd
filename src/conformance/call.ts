/** One call: the fields of a case → a request, submitted the way a script does it. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Runtime from "effect/Runtime"
import type * as Scope from "effect/Scope"
import type * as NamedValueSet from "../model/NamedValueSet.ts"
import type { CimValue, WbemObject } from "../model/WbemObject.ts"
import * as PutAsync from "../pipeline/PutAsync.ts"
import type { PutSink } from "../pipeline/PutSink.ts"
import * as PutRequest from "../protocol/PutRequest.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import type { RepositoryProbe } from "./caseRepository.ts"
import { classFields, classObject, contextValues, type TypeOf, values } from "./objects.ts"
import { CaseError, fields, isObject, type Json, type JsonObject, textOr, truth } from "./vocabulary.ts"
import type { Barrier } from "./barriers.ts"
import type { RecordedEvent } from "./stages.ts"

/** What every case needs around its calls. */
export type CaseServices = PutAsync.Stages | RepositoryProbe | Scope.Scope

export const callFields: ReadonlyArray<string> = ["object", "flags", "context", "asyncContext", "sink"]

/** A call that was made. */
export interface Call {
  readonly label: string
  readonly sink: string | null
  /** The error when the call itself failed. */
  readonly raised: WbemError | undefined
  /** Set when it was accepted. */
  readonly handle: PutAsync.PutHandle | undefined
  /** What every event of it must hand back. */
  readonly asyncContext: unknown
  readonly barrier: Barrier | undefined
  /** Changes the caller's own object, and its own named value set. */
  readonly changeObject: (set: JsonObject) => void
  readonly changeContext: (set: JsonObject) => void
}

interface CallerValue {
  readonly value: unknown
  readonly change: (set: JsonObject) => void
}

const constantValue = (value: unknown, what: string): CallerValue => ({
  value,
  change: () => {
    throw new CaseError(`there is no ${what} to change`)
  }
})

const objectFields = ["kind", "generateName", "amended", "fromNamespace", ...classFields]
const instanceFields = ["kind", "class", "props", "amended", "fromNamespace"]

/** The caller's own object, which it can change after the call. */
const callerObject = (written: Json | undefined, typeOf: TypeOf): CallerValue => {
  // An object of the library does not hold the namespace that it was read from, so the put cannot depend on it (PA-2).
  if (isObject(written)) textOr(written["fromNamespace"], undefined, "object.fromNamespace")
  if (isObject(written) && written["kind"] === "class") {
    const definition = classObject(fields(written, "object", objectFields), typeOf)
    return {
      value: definition,
      change: (set) => {
        const changed = fields({ ...written, ...set }, "set", objectFields)
        Object.assign(definition, classObject(changed, typeOf))
      }
    }
  }
  if (!isObject(written) || written["kind"] !== "instance") return constantValue(written, "object")
  const instance = fields(written, "object", instanceFields)
  // An object that names no class has the empty text for its name (IX-1).
  const className = instance["class"] === null ? "" : textOr(instance["class"], "", "object.class")
  const own: Record<string, CimValue> = values(className, instance["props"], typeOf)
  const amended = truth(instance["amended"], "object.amended")
  return {
    value: { _tag: "Instance", className, values: own, qualifiers: [], ...(amended ? { amended } : {}) },
    change: (set) => void Object.assign(own, values(className, set, typeOf))
  }
}

/** The caller's own named value set; anything else is the foreign argument of the start check. */
const callerContext = (written: Json | undefined): CallerValue => {
  if (!isObject(written)) return constantValue(written, "named value set")
  const own = contextValues(written)
  return { value: own, change: (set) => void Object.assign(own, contextValues(set)) }
}

/**
 * The request. What no type lets through goes in by force: foreign objects, contexts and flag words are what such a
 * case is about, and the start of the put has to refuse them.
 */
const requestOf = (
  object: unknown,
  context: unknown,
  flags: Json | undefined,
  asyncContext: unknown
): PutRequest.PutRequest => {
  const request = PutRequest.make(object as WbemObject, {
    flags: (flags === undefined ? 0 : flags) as number,
    asyncContext: asyncContext as object | null,
    ...(isObject(context) ? { context: context as NamedValueSet.Input } : {})
  })
  // A case may hand over what no program's types allow: that is what it asks about.
  return isObject(context) || context === undefined ? request : { ...request, context: context as never }
}

/** What is known of a call before it is made. */
export interface CallPlan {
  readonly label: string
  readonly fields: JsonObject
  readonly typeOf: TypeOf
  readonly sink: { readonly name: string; readonly value: PutSink } | null
  /** Stands in for an async context that the case does not give, when several calls must be told apart. */
  readonly tag: object | null
  /** Holds the call that carries this object. */
  readonly barrier: (object: unknown) => Effect.Effect<Barrier | undefined>
  readonly recorded: ReadonlyArray<RecordedEvent>
  readonly reportViolation: (rule: string) => void
}

export const makeCall = (making: CallPlan): Effect.Effect<Call, never, CaseServices> =>
  Effect.gen(function* () {
    const { fields: written, recorded, label, sink, tag, typeOf, reportViolation } = making
    const object = callerObject(written["object"], typeOf)
    const context = callerContext(written["context"])
    const given = written["asyncContext"] ?? null
    const asyncContext: unknown = given === null ? tag : isObject(given) ? { ...given } : given
    const request = requestOf(object.value, context.value, written["flags"], asyncContext)
    const hold = yield* making.barrier(request.object)
    const runtime = yield* Effect.runtime<CaseServices>()
    const before = recorded.length
    const submit = Effect.either(PutAsync.withSink(sink?.value as PutSink)(PutAsync.submit(request)))
    // A promise, because PA-29 asks more for it than for the effect: no event before it has settled.
    const accepted = yield* Effect.promise(() =>
      Runtime.runPromise(runtime)(submit).then((answer) => {
        if (recorded.slice(before).some(({ event }) => event.asyncContext === asyncContext)) {
          reportViolation(`PA-29: an event of call ${label} was delivered before the call returned`)
        }
        return answer
      })
    )
    return {
      label,
      sink: sink?.name ?? null,
      raised: Either.isLeft(accepted) ? accepted.left : undefined,
      handle: Either.isRight(accepted) ? accepted.right : undefined,
      asyncContext,
      hold,
      changeObject: object.change,
      changeContext: context.change
    }
  })
