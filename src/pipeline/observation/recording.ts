/**
 * Whether telemetry is recorded, and where a verb was called. Every put runs this, so without telemetry it is a few loads and
 * comparisons, and allocates nothing.
 *
 * @internal
 */
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as Tracer from "effect/Tracer"
import type { Ambient } from "../CallContext.ts"

type AnyFiber = Fiber.RuntimeFiber<unknown, unknown>

/** Whether telemetry is on; `undefined` leaves it to the tracer. */
export const Recording: Context.Reference<Ambient<"Telemetry">, boolean | undefined> = /* @__PURE__ */ Context
  .Reference<Ambient<"Telemetry">>()("effect-wmi/Telemetry", { defaultValue: (): boolean | undefined => undefined })

/** Effect's own tracer, whose spans nobody reads. */
const nativeTracer: Tracer.Tracer = /* @__PURE__ */ Context.get(
  /* @__PURE__ */ (() => DefaultServices.liveServices)(),
  Tracer.Tracer
)

/** Whether a layer of `Recording` was made in this process. Before that no fiber has to be searched for it. */
let isSwitched = false
/** Whether every call of a verb captures its place, also outside of a fiber. */
let isCapturing = false

/** Makes `isOn` read `Recording`. */
export const useSwitch = (): void => {
  isSwitched = true
}

export const captureCallSites = (): void => {
  isCapturing = true
}

/** Whether telemetry is on for a fiber. */
export const isOn = (fiber: AnyFiber): boolean => {
  const switched = isSwitched ? Context.get(fiber.currentContext, Recording) : undefined
  return (switched ?? fiber.currentTracer !== nativeTracer) && fiber.getFiberRef(FiberRef.currentTracerEnabled)
}

/** `Fiber.getCurrentFiber` without its `Option`, which would be made for every put. */
const running = globalThis as { readonly "effect/FiberCurrent"?: AnyFiber | null | undefined }

/** The running fiber, if telemetry is on for it. */
export const recordingFiber = (): AnyFiber | undefined => {
  const fiber = running["effect/FiberCurrent"]
  return fiber && isOn(fiber) ? fiber : undefined
}

/** Returns the line of a call, as `at FILE:LINE:COLUMN`. The text is made when it is read. */
export type CallSite = () => string | undefined

/** The place of a frame: what is in its brackets, or all that follows `at`. */
const placeOf = (frame: string): string => {
  const text = frame.trim().replace(/^at (async )?/, "")
  return /\(([^()]*)\)$/.exec(text)?.[1] ?? text
}

/** The folder of the library's modules, from the first frame, which is in this file; `undefined` in a bundle. */
const ownFolder = (place: string): string | undefined =>
  /^(.*[\\/])pipeline[\\/]observation[\\/]recording\.[jt]s/.exec(place)?.[1]

/**
 * The caller's frames: those that are neither in the library nor in `effect`. In a bundle files do not distinguish them; there they are
 * the frames below the verb, from the third on.
 */
export const callerFrames = (stack: string): ReadonlyArray<string> => {
  const frames = stack.split("\n").filter((line) => /^\s*at /.test(line))
  const own = ownFolder(placeOf(frames[0] ?? ""))
  return own === undefined ? frames.slice(2) : frames.filter((frame) => {
    const place = placeOf(frame)
    return !place.startsWith(own) && !/[\\/]effect[\\/](?:[\d.]+[\\/])?(?:src|dist)[\\/]/.test(place)
  })
}

/** The place of the caller's first frame. */
export const callerOf = (stack: string): string | undefined => {
  const [frame] = callerFrames(stack)
  return frame === undefined ? undefined : placeOf(frame)
}

/**
 * The frames of the caller of the function that calls this, whether telemetry is on or not. The text is made when it is read. The function
 * itself must be the one that the program calls: in a bundle frames are counted.
 */
export const callFrames = (): () => ReadonlyArray<string> => {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 16
  const error = new Error()
  Error.stackTraceLimit = limit
  return () => callerFrames(error.stack ?? "")
}

const captured = (error: { readonly stack?: string | undefined }): CallSite => {
  let place: string | undefined
  let isRead = false
  return () => {
    if (!isRead) {
      isRead = true
      place = callerOf(error.stack ?? "")
    }
    return place === undefined ? undefined : `at ${place}`
  }
}

/**
 * The place from which the function was called that calls this, if telemetry is on: for the running fiber or, after
 * `captureCallSites`, for every call. The function itself must be the verb: in a bundle frames are counted.
 */
export const callSite = (): CallSite | undefined => {
  if (!isCapturing && recordingFiber() === undefined) return undefined
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 8
  const error = new Error()
  Error.stackTraceLimit = limit
  return captured(error)
}

/** The place of the call that a fiber starts next. */
const sites: WeakMap<AnyFiber, CallSite> = /* @__PURE__ */ new WeakMap()

/** Leaves the place to the call. A function of its own: the variables of a closure are allocated when its function begins. */
const placed = <A, E, R>(from: CallSite, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.withFiberRuntime((fiber) => {
    if (isOn(fiber)) sites.set(fiber, from)
    return effect
  })

/** Passes the place of a call on to {@link takeSite}. Without a place the effect itself is returned. */
export const calledAt = <A, E, R>(from: CallSite | undefined, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  from === undefined ? effect : placed(from, effect)

/** The place of the call that a fiber starts. A call inside that call is at a place of its own. */
export const takeSite = (fiber: AnyFiber): CallSite | undefined => {
  const from = sites.get(fiber)
  if (from !== undefined) sites.delete(fiber)
  return from
}
