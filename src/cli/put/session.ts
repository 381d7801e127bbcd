/**
 * Programs over one target. The target is opened by the first program and closed at the end of the command.
 *
 * @internal
 */
import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import { diagnosticOf } from "../place/failures.ts"
import { runInterruptible, type SignalHandlers } from "../terminal/interrupt.ts"
import { BadInput } from "../terminal/output.ts"

/** What the programs of a session may fail with. */
export interface Failure {
  readonly message: string
  readonly hint?: string | undefined
}

/** An open target. */
export interface Session<R> {
  /** Runs a program. Throws its failure as `BadInput`, which ends the command, and `Interrupted` after a signal. */
  readonly run: <A>(program: Effect.Effect<A, Failure, R>, handlers?: SignalHandlers) => Promise<A>
  readonly close: () => Promise<void>
}

/** A session over the target of a layer. */
export const sessionOf = <R>(layer: Layer.Layer<R, Failure>): Session<R> => {
  const runtime = ManagedRuntime.make(layer)
  return {
    run: async <A>(program: Effect.Effect<A, Failure, R>, handlers?: SignalHandlers) => {
      const exit = await runInterruptible<A, Failure, R, Failure>(program, runtime.runFork, handlers)
      if (Exit.isSuccess(exit)) return exit.value
      const failure = Cause.failureOption(exit.cause)
      if (Option.isNone(failure)) throw Cause.squash(exit.cause)
      throw new BadInput(diagnosticOf(failure.value))
    },
    close: () => runtime.dispose()
  }
}
