/**
 * A small client for the tests of the host script: starts it on an engine, sends lines, collects frames. It shares no code with the
 * library's client, so that a mistake in one of them is found.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as script from "../../src/windows/conversation/script.ts"
import type { Engine } from "./engine.ts"

/** A JSON value. */
export type Json = string | number | boolean | null | ReadonlyArray<Json> | { readonly [key: string]: Json }

/** One frame from the host, without its mark and nonce. */
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

/** Why a call failed, as the host reports it. */
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

/** The options of a start. */
export interface StartOptions {
  readonly form?: "plain" | "encoded" | "file"
  readonly prelude?: string
  readonly core?: string
  readonly env?: Readonly<Record<string, string>>
  /** Another bootstrap. */
  readonly bootstrap?: (text: string) => string
  /** The text that is sent in place of header and script. */
  readonly header?: string
}

/** A started host. */
export interface Host {
  readonly pid: number
  readonly nonce: string
  readonly frames: ReadonlyArray<Frame>
  readonly hello: Promise<Frame>
  readonly ended: Promise<Ended>
  /** The lines of standard output without the mark, and all of standard error. */
  readonly noise: () => string
  readonly stderr: () => string
  /** Sends a line as it is, without adding an id. */
  readonly line: (text: string) => void
  readonly bytes: (text: string) => void
  readonly next: () => number
  /** Sends a message with a new id; returns its last frame. */
  readonly call: (op: string, fields?: Record<string, Json>) => Promise<Frame>
  /** Sends a message with a new id; returns all its frames. */
  readonly all: (op: string, fields?: Record<string, Json>) => Promise<ReadonlyArray<Frame>>
  /** The first matching frame, received or still to come. */
  readonly until: (fits: (frame: Frame) => boolean) => Promise<Frame>
  /** Closes standard input. */
  readonly end: () => void
  /** Orderly exit. */
  readonly stop: () => Promise<Ended>
}

const text = (name: string): string => readFileSync(fileURLToPath(new URL(name, import.meta.url)), "utf8")

/** WMI's objects over a namespace in memory, strict about every value. */
export const fakePrelude: string = text("./fake-prelude.ps1")

/** WMI's objects with almost no cost, for benchmarks: every put succeeds, and nothing is kept. */
export const minimalPrelude: string = text("./minimal-prelude.ps1")

/** JSON in ASCII, as the contract requires. */
export const ascii = (value: Json): string =>
  // deno-lint-ignore no-control-regex
  JSON.stringify(value).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)

/** A host on an engine. */
export const start = async (engine: Engine, options: StartOptions = {}): Promise<Host> => {
  const form = options.form ?? "plain"
  const nonce = randomBytes(16).toString("hex")
  const prelude = options.prelude ?? fakePrelude
  const core = (of: string): string => options.core === undefined ? of : of.replace(script.core, () => options.core!)
  const scriptText = core(script.script(prelude))
  const folder = form === "file" ? await mkdtemp(join(tmpdir(), "ewmi-host-")) : undefined
  const file = folder === undefined ? undefined : join(folder, "host.ps1")
  if (file !== undefined) await writeFile(file, (options.bootstrap ?? String)(core(script.fileOf(prelude))))
  const [command, ...args] = script.commandLine({
    powershell: engine.command,
    bootstrap: file === undefined ? (form as "plain" | "encoded") : { file }
  })
  if (options.bootstrap !== undefined && form !== "file") {
    const text = options.bootstrap(script.bootstrap)
    args[args.length - 1] = form === "encoded" ? script.encoded(text) : text
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
    // the host has ended, which `ended` reports
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
  child.stdin.write(options.header ?? script.openingText(nonce, file === undefined ? scriptText : ""))
  const hello = until((frame) => frame.t === "hello")
  hello.catch(() => {
    // reported to every caller
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

/** The result of a successful call. */
export const given = (frame: Frame): Record<string, Json> => {
  if (frame.ok !== true || frame.result === undefined) throw new Error(`refused: ${JSON.stringify(frame.error)}`)
  return frame.result
}

/** The failure of a refused call. */
export const refused = (frame: Frame): Failure => {
  if (frame.error === undefined) throw new Error(`not refused: ${JSON.stringify(frame)}`)
  return frame.error
}

/** Connects to the fake namespace; returns the number of the connection. */
export const connect = async (host: Host, ns = "root\\fake"): Promise<number> =>
  given(await host.call("connect", { ns }))["c"] as number
