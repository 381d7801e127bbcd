/**
 * Signals that end a command. The first signal interrupts the program, which ends after the write that is running and closes what it
 * opened; a second signal ends the process at once. Signals have their usual effect outside of {@link runInterruptible}, so a long
 * synchronous part, such as the parser, ends at the first signal.
 *
 * @internal
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { printErrors } from "./output.ts"
import { settings } from "./settings.ts"

/** The signals with their numbers: Ctrl-C, the request to end, and the end of the terminal. */
const numbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const

/** A signal that ends a command. */
export type Signal = keyof typeof numbers

const signals = Object.keys(numbers) as ReadonlyArray<Signal>

/** A signal ended the program. The command ends with the status of a shell for that signal: 130 for Ctrl-C. */
export class Interrupted extends Error {
  readonly signal: Signal
  /** What `--json` prints beside the message: what was done until then. */
  readonly facts: Readonly<Record<string, unknown>>

  constructor(signal: Signal, message = "interrupted", facts: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.signal = signal
    this.facts = facts
  }

  get status(): number {
    return 128 + numbers[this.signal]
  }
}

/** Prints the sentence of an interruption on standard error, as a line of JSON with `--json`, and returns the exit status. */
export const reportInterruption = ({ facts, message, signal, status }: Interrupted, json: boolean): number => {
  printErrors([json ? JSON.stringify({ interrupted: signal, message, ...facts }) : `effect-wmi: ${message}`])
  return status
}

/** Starts a program; `runFork` of a `ManagedRuntime` is one. `ER` is what the layer of the runtime fails with. */
type Fork<R, ER> = <A, E>(program: Effect.Effect<A, E, R>) => Fiber.RuntimeFiber<A, E | ER>

/** What a command does when a signal arrives. */
export interface SignalHandlers {
  /** The first signal, before the program is interrupted. */
  readonly first?: () => void
  /** A second signal, before the process ends. Returns the sentence that is printed. */
  readonly second?: (signal: Signal) => Interrupted
}

/** After this time a program that a signal has not ended yet is waiting for something, in milliseconds. */
const longEnd = 500

/** Runs a program until it ends or a signal arrives. Throws `Interrupted` if a signal ended the program. */
export const runInterruptible = async <A, E, R = never, ER = never>(
  program: Effect.Effect<A, E, R>,
  fork: Fork<R, ER>,
  { first, second }: SignalHandlers = {}
): Promise<Exit.Exit<A, E | ER>> => {
  const fiber = fork(program)
  let received: Signal | undefined
  let hint: ReturnType<typeof setTimeout> | undefined
  const listeners = signals.map((signal) =>
    [signal, () => {
      if (received !== undefined) {
        if (second !== undefined) reportInterruption(second(signal), settings().json)
        process.exit(128 + numbers[signal]) // the event `exit` of the process gives the cursor back
      }
      received = signal
      first?.()
      if (!settings().json) {
        hint = setTimeout(() => printErrors(["ending after what is running; a second signal ends at once"]), longEnd)
      }
      fiber.unsafeInterruptAsFork(fiber.id())
    }] as const
  )
  for (const [signal, listener] of listeners) process.on(signal, listener)
  try {
    const exit = await Effect.runPromise(Fiber.await(fiber))
    if (received !== undefined && Exit.isInterrupted(exit)) throw new Interrupted(received)
    return exit
  } finally {
    clearTimeout(hint)
    for (const [signal, listener] of listeners) process.off(signal, listener)
  }
}

/**
 * Runs a program without requirements until it ends or a signal arrives, and returns its value or its failure. Throws a defect, and
 * `Interrupted` if a signal ended the program.
 */
export const eitherInterruptible = async <A, E>(program: Effect.Effect<A, E>): Promise<Either.Either<A, E>> => {
  const exit = await runInterruptible(Effect.either(program), Effect.runFork)
  if (Exit.isSuccess(exit)) return exit.value
  throw Cause.squash(exit.cause)
}

/** Lets the event loop handle signals and input. Without it a synchronous store blocks the event loop between two batches. */
export const yieldToEventLoop: Effect.Effect<void> = Effect.async((resume) => {
  const waiting = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(waiting))
})
