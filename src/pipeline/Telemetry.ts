/**
 * Telemetry: spans, metrics, debug logs with annotations, and the caller's line on failures.
 *
 * It is on where the running fiber has a tracer that is not Effect's own, such as that of `@effect/opentelemetry`. {@link layer} turns it
 * on whatever the tracer is, and {@link layerOff} turns it off although there is one. Where `Effect.withTracerEnabled(false)` applies it is
 * off. Where it is off, a put makes no span, closure or array for it.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import type { Ambient } from "./CallContext.ts"
import * as recording from "./observation/recording.ts"

export * from "./observation/metrics.ts"
export { attributes, spans } from "./observation/names.ts"

const switchTo = (isOn: boolean): Layer.Layer<Ambient<"Telemetry">> =>
  Layer.suspend(() => {
    recording.useSwitch()
    if (isOn) recording.captureCallSites()
    return Layer.succeedContext(Context.make(recording.Recording, isOn))
  })

/**
 * Turns telemetry on, whatever the tracer is. With Effect's own tracer the spans go nowhere, but a failure shows the line that called the
 * verb. Building the layer calls {@link captureCallSites}.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Cause, Effect, Layer } from "effect"
 * import { Telemetry, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   yield* Wmi.get('Demo_Disk.Id="C:"')
 * })
 * const layer = Layer.merge(Wmi.layerMemory, Telemetry.layer)
 * const exit = await Effect.runPromiseExit(Effect.provide(program, layer))
 * assert.match(Cause.pretty(exit._tag === "Failure" ? exit.cause : Cause.empty), /at wmi\.get \(.+:\d+:\d+\)/)
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Ambient<"Telemetry">> = /* @__PURE__ */ switchTo(true)

/**
 * Turns telemetry off although the program has a tracer.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Cause, Effect, Layer } from "effect"
 * import { Telemetry, Wmi } from "effect-wmi"
 *
 * const program = Effect.suspend(() => Wmi.get('Demo_Disk.Id="C:"'))
 * const layer = Layer.merge(Wmi.layerMemory, Telemetry.layerOff)
 * const exit = await Effect.runPromiseExit(Effect.provide(program, layer))
 * assert.doesNotMatch(Cause.pretty(exit._tag === "Failure" ? exit.cause : Cause.empty), /wmi\.get/)
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerOff: Layer.Layer<Ambient<"Telemetry">> = /* @__PURE__ */ switchTo(false)

/**
 * From now on every call of a verb in this process captures the line from which it is called, also outside of a running fiber. Without
 * this a call captures it only inside a fiber for which telemetry is on. Needed for an effect that is made before the layer is built, such
 * as `PutAsync.put(request).pipe(Effect.provide(layer))`. A capture costs some microseconds.
 *
 * @since 0.1.0
 * @category effects
 */
export const captureCallSites: () => void = recording.captureCallSites
