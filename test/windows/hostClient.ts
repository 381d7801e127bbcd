/**
 * A small client of the host script for its own tests: starts it on an engine, sends lines, collects frames. It knows nothing of
 * the library's client, so that the two cannot agree on a mistake.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as hostScript from "../../src/windows/conversation/script.ts"
import type { Engine } from "./engine.ts"

/** What JSON can hold. */
export type Json = string | number | boolean | null | ReadonlyArray<Json> | { readonly [key: string]: Json }

/** One line from the host, after its mark and nonce. */
export interface Frame {
  readonly t: string
  readonly id?: number
  readonly ok?: boolean
  readonly result?: Record<string, Json>
  readonly error?: Failure
  readonly r?: ReadonlyArray<Record<string, Json>>
  readonly from?: number
  readonly running?: number
  readonly [key: string]: unknown
}

/** Why a call failed, as the host says it. */
export interface Failure {
  readonly kind: string
  readonly code?: string
  readonly hresult?: string
  readonly message: string
  readonly where?: Record<string, string>
  readonly status?: Record<string, string>
}

/** How a host ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: string | null
}

/** How to start one. */
export interface StartOptions {
  readonly form?: "plain" | "encoded" | "file"
  readonly prelude?: string
  readonly core?: string
  readonly env?: Readonly<Record<string, string>>
  /** Another bootstrap. */
  readonly bootstrap?: (text: string) => string
  /** Sent instead of header and script. */
  readonly header?: string
}

/** A started host. */
export interface Host {
  readonly pid: number
  readonly nonce: string
  readonly frames: ReadonlyArray<Frame>
  readonly hello: Promise<Frame>
  readonly ended: Promise<Ended>
  /** What came on standard output without the mark, and everything of standard error. */
  readonly noise: () => string
  readonly stderr: () => string
  /** Sends one message as it stands, with no id of ours. */
  readonly line: (text: string) => void
  readonly bytes: (text: string) => void
  readonly next: () => number
  /** Sends a message under a fresh id; its last frame. */
  readonly call: (op: string, fields?: Record<string, Json>) => Promise<Frame>
  /** The same; every frame of it. */
  readonly all: (op: string, fields?: Record<string, Json>) => Promise<ReadonlyArray<Frame>>
  /** The first frame, past or to come, that fits. */
  readonly until: (fits: (frame: Frame) => boolean) => Promise<Frame>
  /** Closes standard input. */
  readonly end: () => void
  /** Orderly exit. */
  readonly stop: () => Promise<Ended>
}

const text = (name: string): string => readFileSync(fileURLToPath(new URL(name, import.meta.url)), "utf8")

/** WMI's objects over a namespace in memory, strict about every value. */
export const fakePrelude: string = text("./fake-prelude.ps1")

/** Objects of WMI that cost next to nothing: every put is stored, nothing is kept. For benches. */
export const freePrelude: string = text("./free-prelude.ps1")

/** JSON in ASCII, as the contract wants it. */
export const ascii = (value: Json): string =>
  // deno-lint-ignore no-control-regex
  JSON.stringify(value).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)

/** A host on an engine. */
export const start = async (engine: Engine, options: StartOptions = {}): Promise<Host> => {
  const form = options.form ?? "plain"
  const nonce = randomBytes(16).toString("hex")
  const prelude = options.prelude ?? fakePrelude
  const core = (of: string): string =>
    options.core === undefined ? of : of.replace(hostScript.core, () => options.core!)
  const script = core(hostScript.script(prelude))
  const folder = form === "file" ? await mkdtemp(join(tmpdir(), "ewmi-host-")) : undefined
  const file = folder === undefined ? undefined : join(folder, "host.ps1")
  if (file !== undefined) await writeFile(file, (options.bootstrap ?? String)(core(hostScript.fileOf(prelude))))
  const [command, ...args] = hostScript.commandLine({
    powershell: engine.command,
    bootstrap: file === undefined ? (form as "plain" | "encoded") : { file }
  })
  if (options.bootstrap !== undefined && form !== "file") {
    const text = options.bootstrap(hostScript.bootstrap)
    args[args.length - 1] = form === "encoded" ? hostScript.encoded(text) : text
  }
  const child: ChildProcessWithoutNullStreams = spawn(command, args, {
    stdio: "pipe",
    env: { ...process.env, NO_COLOR: "1", POWERSHELL_TELEMETRY_OPTOUT: "1", ...options.env }
  })
  const frames: Array<Frame> = []
  const waiting = new Set<(frame: Frame | undefined) => void>()
  const mark = `EWMI1 ${nonce} `
  let rest = ""
  let noise = ""
  let stderr = ""
  let closed = false
  child.stdout.setEncoding("latin1")
  child.stderr.setEncoding("utf8")
  child.stderr.on("data", (chunk: string) => void (stderr += chunk))
  child.stdout.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop()!
    for (const line of lines) {
      const at = line.indexOf(mark)
      if (at < 0) {
        noise += `${line}\n`
        continue
      }
      noise += line.slice(0, at)
      const frame = JSON.parse(line.slice(at + mark.length)) as Frame
      frames.push(frame)
      for (const tell of [...waiting]) tell(frame)
    }
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (code, signal) => {
      closed = true
      for (const tell of [...waiting]) tell(undefined)
      if (folder === undefined) resolve({ code, signal })
      else rm(folder, { recursive: true, force: true }).then(() => resolve({ code, signal }), reject)
    })
  })
  child.stdin.on("error", () => {
    // the host is gone: its end says so
  })
  const until = (fits: (frame: Frame) => boolean): Promise<Frame> => {
    const past = frames.find(fits)
    if (past !== undefined) return Promise.resolve(past)
    return new Promise((resolve, reject) => {
      const gone = (): void => reject(new Error(`the host ended first; it said:\n${noise}${stderr}`))
      if (closed) return gone()
      const tell = (frame: Frame | undefined): void => {
        if (frame !== undefined && !fits(frame)) return
        waiting.delete(tell)
        if (frame === undefined) gone()
        else resolve(frame)
      }
      waiting.add(tell)
    })
  }
  let id = 0
  const next = (): number => ++id
  const line = (message: string): void => void child.stdin.write(`${message}\n`)
  const call: Host["call"] = (op, fields = {}) => {
    const mine = next()
    line(ascii({ op, id: mine, ...fields }))
    return until((frame) => frame.t === "res" && frame.id === mine)
  }
  child.stdin.write(options.header ?? hostScript.openingText(nonce, file === undefined ? script : ""))
  const hello = until((frame) => frame.t === "hello")
  hello.catch(() => {
    // told to whoever asks
  })
  return {
    pid: child.pid ?? 0,
    nonce,
    frames,
    hello,
    ended,
    noise: () => noise + rest,
    stderr: () => stderr,
    line,
    bytes: (bytes) => void child.stdin.write(bytes),
    next,
    call,
    all: async (op, fields) => {
      const { id: mine } = await call(op, fields)
      return frames.filter((frame) => frame.id === mine && frame.t !== "pong")
    },
    until,
    end: () => void child.stdin.end(),
    stop: () => {
      line(`{"op":"exit"}`)
      return ended
    }
  }
}

/** What a call that went well gave. */
export const given = (frame: Frame): Record<string, Json> => {
  if (frame.ok !== true || frame.result === undefined) throw new Error(`refused: ${JSON.stringify(frame.error)}`)
  return frame.result
}

/** What a call that was refused says. */
export const refused = (frame: Frame): Failure => {
  if (frame.error === undefined) throw new Error(`not refused: ${JSON.stringify(frame)}`)
  return frame.error
}

/** Connects to the fake namespace; the number of the connection. */
export const connect = async (host: Host, ns = "root\\fake"): Promise<number> =>
  given(await host.call("connect", { ns }))["c"] as number
