/** One call of a case: builds the request from the fields of the case and submits it as a script does. */
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

/** The services of a running case. */
export type CaseServices = PutAsync.Stages | RepositoryProbe | Scope.Scope

export const callFields: ReadonlyArray<string> = ["object", "flags", "context", "asyncContext", "sink"]

/** A call that was submitted. */
export interface CaseCall {
  readonly label: string
  readonly sink: string | null
  /** The error of a call that was refused at the start. */
  readonly raised: WbemError | undefined
  /** The handle of an accepted call. */
  readonly handle: PutAsync.PutHandle | undefined
  /** The async context that every event of the call must carry. */
  readonly asyncContext: unknown
  readonly barrier: Barrier | undefined
  /** Changes the caller's object or named value set after the call. */
  readonly changeObject: (set: JsonObject) => void
  readonly changeContext: (set: JsonObject) => void
}

/** An argument of the caller, which a later step may change. */
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

/** The caller's object. */
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
  const ownValues: Record<string, CimValue> = values(className, instance["props"], typeOf)
  const amended = truth(instance["amended"], "object.amended")
  return {
    value: { _tag: "Instance", className, values: ownValues, qualifiers: [], ...(amended ? { amended } : {}) },
    change: (set) => void Object.assign(ownValues, values(className, set, typeOf))
  }
}

/** The caller's named value set; any other value is an invalid argument for the start check. */
const callerContext = (written: Json | undefined): CallerValue => {
  if (!isObject(written)) return constantValue(written, "named value set")
  const ownValues = contextValues(written)
  return { value: ownValues, change: (set) => void Object.assign(ownValues, contextValues(set)) }
}

/**
 * The request. Casts let invalid objects, contexts and flags through: cases test that the start of the put refuses them.
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
  // A case may pass a value that the types forbid, to test its refusal. Such a request is no value of `PutRequest`.
  return isObject(context) || context === undefined
    ? request
    : { ...request, context } as unknown as PutRequest.PutRequest
}

/** A call before it is made. */
export interface CallPlan {
  readonly label: string
  readonly fields: JsonObject
  readonly typeOf: TypeOf
  readonly sink: { readonly name: string; readonly value: PutSink } | null
  /** The async context of a call that has none in the case; distinguishes the events of several calls. */
  readonly tag: object | null
  /** Registers the barrier of the call that carries this object. */
  readonly barrier: (object: unknown) => Effect.Effect<Barrier | undefined>
  readonly recorded: ReadonlyArray<RecordedEvent>
  readonly reportViolation: (rule: string) => void
}

export const makeCall = (plan: CallPlan): Effect.Effect<CaseCall, never, CaseServices> =>
  Effect.gen(function* () {
    const { fields: written, recorded, label, sink, tag, typeOf, reportViolation } = plan
    const object = callerObject(written["object"], typeOf)
    const context = callerContext(written["context"])
    const writtenContext = written["asyncContext"] ?? null
    const asyncContext: unknown = writtenContext === null
      ? tag
      : isObject(writtenContext)
      ? { ...writtenContext }
      : writtenContext
    const request = requestOf(object.value, context.value, written["flags"], asyncContext)
    const barrier = yield* plan.barrier(request.object)
    const runtime = yield* Effect.runtime<CaseServices>()
    const recordedBefore = recorded.length
    const submit = Effect.either(PutAsync.withSink(sink?.value as PutSink)(PutAsync.submit(request)))
    // A promise, for which PA-29 demands more than for the effect: no event before it has settled.
    const accepted = yield* Effect.promise(() =>
      Runtime.runPromise(runtime)(submit).then((answer) => {
        if (recorded.slice(recordedBefore).some(({ event }) => event.asyncContext === asyncContext)) {
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
      barrier,
      changeObject: object.change,
      changeContext: context.change
    }
  })
