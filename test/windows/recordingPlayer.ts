/**
 * A host that plays a recording: it compares each frame that the client sends with the recorded one, and sends the recorded replies.
 * The current client must still work with a host that was recorded earlier.
 */
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Inspectable from "effect/Inspectable"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import { isDeepStrictEqual } from "node:util"
import type * as HostRecording from "../../src/windows/HostRecording.ts"
import { json } from "../../src/windows/conversation/lines.ts"
import { withoutSecret } from "../../src/windows/process/secret.ts"

/** How the client differed from the recording. */
export interface Played {
  readonly executor: Layer.Layer<CommandExecutor.CommandExecutor>
  readonly faults: Array<string>
  /** The number of recorded frames that the client did not send. */
  readonly left: () => number
}

type Fields = Readonly<Record<string, unknown>>

const isKeeping = ({ f }: HostRecording.Entry): boolean =>
  f["op"] === "ping" || f["t"] === "pong" || f["op"] === "exit" || f["t"] === "bye"

export const play = (recording: HostRecording.Recording): Played => {
  const script = recording.filter((entry) => !isKeeping(entry))
  const faults: Array<string> = []
  let at = 0
  const start = Effect.gen(function* () {
    const out = yield* Queue.unbounded<Uint8Array>()
    const exited = yield* Deferred.make<CommandExecutor.ExitCode>()
    const encoder = new TextEncoder()
    const decoder = new TextDecoder()
    /** Recorded request number → current one; they differ by the pings in between. */
    const ids = new Map<unknown, unknown>()
    let nonce = ""
    let lines = -1
    let buffered = ""
    const say = (f: Fields): void => {
      const now = typeof f["id"] === "number" ? { ...f, id: ids.get(f["id"]) ?? f["id"] } : f
      out.unsafeOffer(encoder.encode(`EWMI1 ${nonce} ${json(now)}\n`))
    }
    const answers = (): void => {
      while (script[at]?.d === "<") say(script[at++]!.f)
    }
    const end = (): void => {
      Deferred.unsafeDone(exited, Effect.succeed(CommandExecutor.ExitCode(0)))
    }
    const hear = (line: string): void => {
      const f = JSON.parse(line) as Fields
      if (f["op"] === "exit") {
        say({ t: "bye" })
        return end()
      }
      if (f["op"] === "ping") return say({ t: "pong", id: f["id"], running: 0 })
      const expected = script[at]
      if (expected === undefined || expected.d !== ">") {
        faults.push(`not recorded: ${line}`)
        return
      }
      at++
      ids.set(expected.f["id"], f["id"])
      const { id: _, ...is } = withoutSecret(f)
      const { id: __, ...was } = expected.f
      if (!isDeepStrictEqual(is, was)) faults.push(`recorded ${JSON.stringify(was)}, now ${JSON.stringify(is)}`)
      answers()
    }
    const feed = (bytes: Uint8Array): void => {
      buffered += decoder.decode(bytes, { stream: true })
      const complete = buffered.split("\n")
      buffered = complete.pop()!
      for (const line of complete) {
        if (lines > 0) {
          if (--lines === 0) answers()
        } else if (lines < 0) {
          const [, given, n] = line.split(" ")
          nonce = given!
          lines = Number(n)
          if (lines === 0) answers()
        } else hear(line)
      }
    }
    const stopped = Effect.sync(() => {
      end()
    })
    const process: CommandExecutor.Process = {
      ...Inspectable.BaseProto,
      [CommandExecutor.ProcessTypeId]: CommandExecutor.ProcessTypeId,
      pid: CommandExecutor.ProcessId(1),
      exitCode: Deferred.await(exited),
      isRunning: Effect.map(Deferred.isDone(exited), (done) => !done),
      kill: () => stopped,
      stdin: Sink.forEach((bytes: Uint8Array) => Effect.sync(() => feed(bytes))),
      stdout: Stream.interruptWhen(Stream.fromQueue(out), Deferred.await(exited)),
      stderr: Stream.empty,
      toJSON: () => ({ _id: "player" })
    }
    return process
  })
  return {
    executor: Layer.succeed(CommandExecutor.CommandExecutor, CommandExecutor.makeExecutor(() => start)),
    faults,
    left: () => script.length - at
  }
}
