/**
 * One PowerShell process: started, told the script, listened to, watched, ended. What is said is in `hostConversation`; here is
 * what runs beside it. Nothing of it outlives its scope.
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
import { Conversation, type Sizes, type Times, type Watcher } from "../conversation/conversation.ts"
import { LineSplitter, Tail } from "../conversation/lines.ts"
import type { Fields, Hello } from "../conversation/frames.ts"
import { fromEvidence, fromSpawn, HostStart } from "./startErrors.ts"

/** What a host is made from. */
export interface HostOptions {
  readonly command: readonly [string, ...ReadonlyArray<string>]
  /** Whether a prefix carries the command to another computer. */
  readonly far: boolean
  /** Header and script as they go out first. */
  readonly opening: (nonce: string) => string
  readonly times: Times
  readonly sizes: Sizes
  readonly watch: Watcher | undefined
  /** Takes secrets out of text for people, and of frames. */
  readonly scrub: (text: string) => string
  readonly clean: (fields: Fields) => Fields
}

/** A host that has said hello. */
export interface Host {
  readonly pid: number
  readonly hello: Hello
  readonly conversation: Conversation
  /** The last lines of its error output. */
  readonly errors: () => string
}

const environment = { NO_COLOR: "1", POWERSHELL_TELEMETRY_OPTOUT: "1" }

/** 128 random bits that nothing which repeats old output can know. */
const makeNonce = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("")

/** Starts a process; what the runtime throws on the way is a failure like any other. */
const spawn = (
  [executable, ...args]: HostOptions["command"]
): Effect.Effect<Process, HostStart, CommandExecutor | Scope.Scope> =>
  Command.make(executable, ...args).pipe(
    Command.env(environment),
    Command.start,
    Effect.catchAllCause((cause) =>
      Cause.isInterruptedOnly(cause) ? Effect.interrupt : Effect.fail(fromSpawn(executable, Cause.squash(cause)))
    )
  )

/** Milliseconds in which the output of a process that has gone should have ended. */
const lastWords = 100

/** Waits for something, but only so long. It can be used in finalizers. */
const within = <A>(wait: Effect.Effect<A>, millis: number): Effect.Effect<Option.Option<A>> =>
  Effect.timeoutOption(Effect.interruptible(wait), Duration.millis(millis))

/** Text of a stream, handed on as it comes; `ended` when it has ended or failed. */
const listen = (
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

/** The error output for a person: CLIXML as the text in it, even if its first line has fallen off the end of what is kept. */
const errorsOf = (tail: Tail, xml: boolean): string => {
  const text = tail.text()
  return xml ? clixmlText(isClixml(text) ? text : `#< CLIXML\n${text}`) : text
}

const checked = (command: string, hello: Hello): Effect.Effect<Hello, HostStart> =>
  hello.protocol !== 1
    ? Effect.fail(new HostStart({ reason: "Protocol", command, detail: `it speaks protocol ${hello.protocol}, not 1` }))
    : !hello.engines.includes("script")
    ? Effect.fail(
      new HostStart({
        reason: "Protocol",
        command,
        detail: `it has the engines ${hello.engines.join(", ")}, not script`
      })
    )
    : Effect.succeed(hello)

/** Starts a host and waits until it has said hello. Closing the scope ends the process, in good order if it can be had. */
export const make = (options: HostOptions): Effect.Effect<Host, HostStart, CommandExecutor | Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const { command, far, scrub, sizes, times } = options
      const clock = yield* Effect.clock
      const nonce = makeNonce()
      const outbox = yield* Queue.unbounded<string>()
      const nearer = yield* Queue.sliding<void>(1)
      const hello = yield* Deferred.make<Hello>()
      const outputEnded = yield* Deferred.make<void>()
      const errorsEnded = yield* Deferred.make<void>()
      const exited = yield* Deferred.make<number | undefined>()
      const killed = yield* Deferred.make<string>()
      const over = yield* Deferred.make<void>()

      const child = yield* spawn(command)
      const conversation = new Conversation(
        {
          write: (line) => outbox.unsafeOffer(line),
          kill: (reason) => Deferred.unsafeDone(killed, Exit.succeed(reason)),
          now: () => clock.unsafeCurrentTimeMillis(),
          wake: () => nearer.unsafeOffer(undefined),
          watch: options.watch,
          clean: options.clean
        },
        times,
        sizes,
        hello
      )
      const noise = new Tail(50, 8192)
      const errorLines = new Tail(50, 8192)
      let xml = false
      const output = new LineSplitter(nonce, sizes.frame, {
        frame: (text) => conversation.take(text),
        noise: (line) => noise.push(line),
        tooLong: () => conversation.lie(`a frame of more than ${sizes.frame} characters`)
      })
      const errorLine = (line: string): void => {
        xml ||= isClixml(line)
        errorLines.push(line)
      }
      const errorOutput = new LineSplitter(nonce, sizes.frame, {
        frame: errorLine,
        noise: errorLine,
        tooLong: () => errorLine("(a line that was too long)")
      })
      const errors = (): string => scrub(errorsOf(errorLines, xml))

      const fibers: Array<Fiber.RuntimeFiber<unknown>> = []
      const beside = (effect: Effect.Effect<unknown>): Effect.Effect<void> =>
        Effect.map(Effect.forkDaemon(Effect.interruptible(effect)), (fiber) => {
          fibers.push(fiber)
        })
      const kill = Effect.ignore(Effect.interruptible(child.kill("SIGKILL"))).pipe(
        Effect.timeoutOption(Duration.millis(times.kill)),
        Effect.asVoid
      )

      // Runs before the executor's own finalizer, which would wait without limit for a process that does not go.
      yield* Effect.addFinalizer(() =>
        Effect.gen(function* () {
          if (!(yield* Deferred.isDone(exited)) && conversation.open) {
            outbox.unsafeOffer('{"op":"exit"}\n')
            yield* within(Deferred.await(exited), times.exit)
          }
          // What it wrote last arrives in a moment; but it may also have left another process behind that holds its output.
          if (yield* Deferred.isDone(exited)) yield* within(Deferred.await(outputEnded), lastWords)
          if (!(yield* Deferred.isDone(exited)) || !(yield* Deferred.isDone(outputEnded))) yield* kill
          conversation.ended("the host was closed")
          yield* Queue.shutdown(outbox)
          yield* within(Fiber.interruptAll(fibers), times.kill)
        })
      )

      yield* beside(Effect.flatMap(Effect.exit(child.exitCode), (exit) =>
        Deferred.succeed(exited, Exit.isSuccess(exit) ? exit.value : undefined)))
      yield* beside(listen(child.stdout, output, outputEnded))
      yield* beside(listen(child.stderr, errorOutput, errorsEnded))
      yield* beside(
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

      // Death is judged by the end of the output: answers may still be in it when the process has gone.
      const death = Effect.raceFirst(
        Effect.raceFirst(
          Effect.zipRight(Deferred.await(outputEnded), within(Deferred.await(exited), times.close)),
          Effect.zipRight(Deferred.await(exited), within(Deferred.await(outputEnded), times.close))
        ),
        Effect.zipRight(Deferred.await(killed), Effect.zipRight(kill, within(Deferred.await(outputEnded), times.close)))
      )
      const why = Effect.map(Deferred.poll(exited), (found) =>
        Option.isNone(found)
          ? Effect.succeed("the host closed its output")
          : Effect.map(found.value, (code) =>
            code === undefined ? "the host was killed" : `the host ended with exit code ${code}`))
      yield* beside(
        death.pipe(
          Effect.zipRight(Effect.flatten(why)),
          Effect.flatMap((reason) =>
            Effect.sync(() =>
              conversation.ended(reason)
            )
          ),
          Effect.zipRight(Deferred.succeed(over, undefined))
        )
      )

      outbox.unsafeOffer(options.opening(nonce))
      const failed = Effect.gen(function* () {
        yield* Deferred.await(over)
        yield* within(Deferred.await(errorsEnded), times.close)
        const code = yield* within(Deferred.await(exited), 0)
        if (conversation.reason?.startsWith("the host broke the protocol") === true) {
          return yield* Effect.fail(
            new HostStart({ reason: "Protocol", command: command[0], detail: conversation.reason })
          )
        }
        return yield* Effect.fail(fromEvidence({
          command: command[0],
          far,
          exitCode: Option.getOrUndefined(code),
          output: scrub(noise.text()),
          errors: errors()
        }))
      })
      const greeting = yield* restore(
        Effect.raceFirst(Deferred.await(hello), failed).pipe(
          Effect.timeoutFail({
            duration: Duration.millis(times.start),
            onTimeout: () => {
              conversation.stop(`no hello in ${times.start} ms`)
              const detail = [`no hello in ${times.start} ms`, errors().trim(), scrub(noise.text()).trim()]
              return new HostStart({
                reason: "Timeout",
                command: command[0],
                detail: detail.filter((part) =>
                  part !== ""
                ).join("; ")
              })
            }
          }),
          Effect.flatMap((one) => checked(command[0], one))
        )
      )
      yield* beside(Effect.forever(Effect.suspend(() =>
        Effect.raceFirst(Effect.sleep(Duration.millis(conversation.tick())), Queue.take(nearer))
      )))
      return { pid: Number(child.pid), hello: greeting, conversation, errors }
    })
  )
