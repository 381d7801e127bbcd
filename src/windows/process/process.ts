/**
 * One PowerShell process: starts it, sends it the script, reads its output, and ends it with its scope. The protocol is in
 * `conversation/conversation.ts`; this file has the fibers around it:
 *
 *     stdout ─> LineSplitter ─> Conversation ─> outbox ─> stdin
 *     stderr ─> LastLines (for error messages)
 *     timer  ─> Conversation.tick          end of process ─> Conversation.processEnded
 *
 * @internal
 */
import * as Command from "@effect/platform/Command"
import type { CommandExecutor, Process } from "@effect/platform/CommandExecutor"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { isClixml, text as clixmlText } from "./clixml.ts"
import { Conversation, type FrameObserver, type SizeLimits, type TimeoutMillis } from "../conversation/conversation.ts"
import { LastLines, LineSplitter } from "../conversation/lines.ts"
import type { Fields, Hello } from "../conversation/frames.ts"
import { fromEvidence, fromSpawn, HostStartError, joinDetail } from "./startErrors.ts"

/** The options of one host. */
export interface HostOptions {
  readonly command: readonly [string, ...ReadonlyArray<string>]
  /** Whether a prefix runs the command on another computer. */
  readonly remote: boolean
  /** The first text on standard input: the header and the script. */
  readonly openingText: (nonce: string) => string
  readonly times: TimeoutMillis
  readonly sizes: SizeLimits
  readonly observe: FrameObserver | undefined
  /** Redact secrets in text for people, and in received frames. */
  readonly redactText: (text: string) => string
  readonly redactFields: (fields: Fields) => Fields
}

/** A host whose hello frame has arrived. */
export interface Host {
  readonly pid: number
  readonly hello: Hello
  readonly conversation: Conversation
  /** The last lines of its error output. */
  readonly errors: () => string
}

const environment = { NO_COLOR: "1", POWERSHELL_TELEMETRY_OPTOUT: "1" }

/** 128 random bits, so that output of an earlier process is never taken for a frame. */
const makeNonce = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("")

/** Starts a process. What the runtime throws is a `HostStartError` too. */
const spawn = (
  [executable, ...args]: HostOptions["command"]
): Effect.Effect<Process, HostStartError, CommandExecutor | Scope.Scope> =>
  Command.make(executable, ...args).pipe(
    Command.env(environment),
    Command.start,
    Effect.catchAllCause((cause) =>
      Cause.isInterruptedOnly(cause) ? Effect.interrupt : Effect.fail(fromSpawn(executable, Cause.squash(cause)))
    )
  )

/** The most characters that a process may write before its hello frame. A greeting is shorter; another program may write without end. */
const mostEarlyOutput = 1 << 20

/** The milliseconds in which the output of an exited process should end. */
const trailingOutputMillis = 100

/** Waits for an effect for at most that many milliseconds. It is interruptible in a finalizer too. */
const waitAtMost = <A>(wait: Effect.Effect<A>, millis: number): Effect.Effect<Option.Option<A>> =>
  Effect.timeoutOption(Effect.interruptible(wait), Duration.millis(millis))

/** Passes the text of an output stream to a splitter; completes `ended` when the stream has ended or failed. */
const readOutput = (
  output: Process["stdout"],
  splitter: LineSplitter,
  ended: Deferred.Deferred<void>
): Effect.Effect<void> => {
  const decoder = new TextDecoder()
  return Stream.runForEachChunk(output, (chunk) =>
    Effect.sync(() => {
      for (const bytes of chunk) splitter.push(decoder.decode(bytes, { stream: true }))
    })).pipe(
      Effect.exit,
      Effect.zipRight(Effect.sync(() => splitter.end())),
      Effect.ensuring(Deferred.succeed(ended, undefined))
    )
}

/** The error output for a person. CLIXML becomes its text, also when its first line is no longer among the last lines. */
const errorsOf = (tail: LastLines, errorsAreClixml: boolean): string => {
  const text = tail.text()
  return errorsAreClixml ? clixmlText(isClixml(text) ? text : `#< CLIXML\n${text}`) : text
}

const checkHello = (command: string, hello: Hello): Effect.Effect<Hello, HostStartError> => {
  const detail = hello.protocol !== 1
    ? `it speaks protocol ${hello.protocol}, not 1`
    : !hello.engines.includes("script")
    ? `it has the engines ${hello.engines.join(", ")}, not script`
    : undefined
  return detail === undefined
    ? Effect.succeed(hello)
    : Effect.fail(new HostStartError({ reason: "Protocol", command, detail }))
}

/** Starts a host and waits for its hello frame. Closing the scope sends `exit` to the process, and kills it if it does not end. */
export const make = (options: HostOptions): Effect.Effect<Host, HostStartError, CommandExecutor | Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const { command, remote, redactText, sizes, times } = options
      const clock = yield* Effect.clock
      const nonce = makeNonce()
      const outbox = yield* Queue.unbounded<string>()
      const deadlineChanged = yield* Queue.sliding<void>(1)
      const hello = yield* Deferred.make<Hello>()
      const outputEnded = yield* Deferred.make<void>()
      const errorsEnded = yield* Deferred.make<void>()
      const exited = yield* Deferred.make<number | undefined>()
      const killed = yield* Deferred.make<string>()
      const outputHandled = yield* Deferred.make<void>()

      const child = yield* spawn(command)
      const conversation = new Conversation(
        {
          write: (line) => outbox.unsafeOffer(line),
          kill: (reason) => Deferred.unsafeDone(killed, Exit.succeed(reason)),
          now: () => clock.unsafeCurrentTimeMillis(),
          wake: () => deadlineChanged.unsafeOffer(undefined),
          observe: options.observe,
          redact: options.redactFields
        },
        times,
        sizes,
        hello
      )
      const noiseLines = new LastLines(50, 8192)
      let early = 0
      let isReady = false
      const errorLines = new LastLines(50, 8192)
      let errorsAreClixml = false
      const output = new LineSplitter(nonce, sizes.frame, {
        frame: (text) => conversation.receive(text),
        noise: (line) => {
          noiseLines.push(line)
          if (isReady) return
          early += line.length + 1
          if (early > mostEarlyOutput) {
            conversation.protocolViolation(`more than ${mostEarlyOutput} characters of other output before hello`)
          }
        },
        tooLong: () => conversation.protocolViolation(`a frame of more than ${sizes.frame} characters`)
      })
      const pushErrorLine = (line: string): void => {
        errorsAreClixml ||= isClixml(line)
        errorLines.push(line)
      }
      const errorOutput = new LineSplitter(nonce, sizes.frame, {
        frame: pushErrorLine,
        noise: pushErrorLine,
        tooLong: () => pushErrorLine("(a line that was too long)")
      })
      const errors = (): string => redactText(errorsOf(errorLines, errorsAreClixml))

      const fibers: Array<Fiber.RuntimeFiber<unknown>> = []
      const forkBackground = (effect: Effect.Effect<unknown>): Effect.Effect<void> =>
        Effect.map(Effect.forkDaemon(Effect.interruptible(effect)), (fiber) => {
          fibers.push(fiber)
        })
      const kill = Effect.ignore(Effect.interruptible(child.kill("SIGKILL"))).pipe(
        Effect.timeoutOption(Duration.millis(times.kill)),
        Effect.asVoid
      )

      // Runs before the executor's own finalizer, which would wait without a limit for a process that does not exit.
      yield* Effect.addFinalizer(() =>
        Effect.gen(function* () {
          if (!(yield* Deferred.isDone(exited)) && conversation.open) {
            outbox.unsafeOffer('{"op":"exit"}\n')
            yield* waitAtMost(Deferred.await(exited), times.exit)
          }
          // Its last output arrives soon, unless a child process that it left behind keeps the output open.
          if (yield* Deferred.isDone(exited)) yield* waitAtMost(Deferred.await(outputEnded), trailingOutputMillis)
          if (!(yield* Deferred.isDone(exited)) || !(yield* Deferred.isDone(outputEnded))) yield* kill
          conversation.processEnded("the host was closed")
          yield* Queue.shutdown(outbox)
          yield* waitAtMost(Fiber.interruptAll(fibers), times.kill)
        })
      )

      yield* forkBackground(Effect.flatMap(Effect.exit(child.exitCode), (exit) =>
        Deferred.succeed(exited, Exit.isSuccess(exit) ? exit.value : undefined)))
      yield* forkBackground(readOutput(child.stdout, output, outputEnded))
      yield* forkBackground(readOutput(child.stderr, errorOutput, errorsEnded))
      yield* forkBackground(
        Stream.fromQueue(outbox).pipe(
          Stream.encodeText,
          Stream.run(child.stdin),
          Effect.exit,
          Effect.map((exit) => {
            if (Exit.isFailure(exit) && !Cause.isInterruptedOnly(exit.cause)) {
              conversation.stop("its input is closed")
            }
          })
        )
      )

      // The process counts as ended when its output has ended: it may still hold replies after the exit.
      const processEnd = Effect.raceFirst(
        Effect.raceFirst(
          Effect.zipRight(Deferred.await(outputEnded), waitAtMost(Deferred.await(exited), times.close)),
          Effect.zipRight(Deferred.await(exited), waitAtMost(Deferred.await(outputEnded), times.close))
        ),
        Effect.zipRight(
          Deferred.await(killed),
          Effect.zipRight(kill, waitAtMost(Deferred.await(outputEnded), times.close))
        )
      )
      const exitReason = Effect.map(Deferred.poll(exited), (polled) =>
        Option.isNone(polled)
          ? Effect.succeed("the host closed its output")
          : Effect.map(polled.value, (code) =>
            code === undefined ? "the host was killed" : `the host ended with exit code ${code}`))
      yield* forkBackground(
        processEnd.pipe(
          Effect.zipRight(Effect.flatten(exitReason)),
          Effect.flatMap((reason) =>
            Effect.sync(() =>
              conversation.processEnded(reason)
            )
          ),
          Effect.zipRight(Deferred.succeed(outputHandled, undefined))
        )
      )

      outbox.unsafeOffer(options.openingText(nonce))
      const startFailed = Effect.gen(function* () {
        yield* Deferred.await(outputHandled)
        yield* waitAtMost(Deferred.await(errorsEnded), times.close)
        const code = yield* waitAtMost(Deferred.await(exited), 0)
        if (conversation.reason?.startsWith("the host broke the protocol") === true) {
          return yield* Effect.fail(
            new HostStartError({ reason: "Protocol", command: command[0], detail: conversation.reason })
          )
        }
        return yield* Effect.fail(fromEvidence({
          command: command[0],
          remote,
          exitCode: Option.getOrUndefined(code),
          output: redactText(noiseLines.text()),
          errors: errors()
        }))
      })
      const helloFrame = yield* restore(
        Effect.raceFirst(Deferred.await(hello), startFailed).pipe(
          Effect.timeoutFail({
            duration: Duration.millis(times.start),
            onTimeout: () => {
              const reason = `no hello in ${times.start} ms`
              conversation.stop(reason)
              const detail = joinDetail(reason, errors(), redactText(noiseLines.text()))
              return new HostStartError({ reason: "Timeout", command: command[0], detail })
            }
          }),
          Effect.flatMap((received) =>
            checkHello(command[0], received)
          )
        )
      )
      isReady = true
      yield* forkBackground(Effect.forever(Effect.suspend(() =>
        Effect.raceFirst(Effect.sleep(Duration.millis(conversation.tick())), Queue.take(deadlineChanged))
      )))
      return { pid: Number(child.pid), hello: helloFrame, conversation, errors }
    })
  )
