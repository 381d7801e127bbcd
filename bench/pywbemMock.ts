/**
 * pywbem's mock WBEM server, for the bench beside it: whether this machine's Python has it, and the conversation with the Python
 * that puts (`pywbem_puts.py`). A Python that ends, or that gives an unexpected answer, is an error that contains what it
 * wrote to its standard error.
 */
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"

/** A program and what it is started with. */
export type Command = readonly [program: string, ...args: ReadonlyArray<string>]

/** A class as MOF text, the CIM types of its properties in their order, and a row of their values for each instance. */
export interface World {
  readonly mof: string
  readonly name: string
  readonly types: Readonly<Record<string, string>>
  readonly rows: ReadonlyArray<ReadonlyArray<string | number | boolean>>
}

/** What came of a round: by Python's own clock, and as the server has it afterwards. */
export interface Round {
  readonly seconds: number
  readonly stored: number
  /** The instance that was put last. */
  readonly last: unknown
}

export interface Mock {
  readonly pywbem: string
  readonly python: string
  /** Every instance into a new server. */
  readonly round: () => Promise<Round>
  readonly stop: () => Promise<void>
}

/** Why a Python cannot import the mock, in one line; nothing when it can. */
export const whyNot = (python: string): string | undefined => {
  const asked = ["-c", "import pywbem, pywbem_mock"]
  const { error, signal, status, stderr } = spawnSync(python, asked, { encoding: "utf8", timeout: 60_000 })
  if (error !== undefined) return error.message
  return status === 0 ? undefined : stderr.trim().split("\n").at(-1) || `it ended with ${signal ?? status}`
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const isHello = (value: unknown): value is Pick<Mock, "pywbem" | "python"> =>
  isRecord(value) && typeof value["pywbem"] === "string" && typeof value["python"] === "string"

const isRound = (value: unknown): value is Round =>
  isRecord(value) && Number.isFinite(value["seconds"]) && Number.isInteger(value["stored"]) && isRecord(value["last"])

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // no JSON is as odd as JSON of another form
  }
}

/** Starts the Python and sends it the instances. */
export const start = async ([program, ...args]: Command, world: World): Promise<Mock> => {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] })
  let complaints = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => complaints += text)
  child.stdin.on("error", () => {}) // a pipe breaks when the other side has ended, and how it ended is told
  const ended = new Promise<string | number>((resolve) => {
    child.on("close", (code, signal) => resolve(signal ?? code ?? "nothing"))
  })
  await once(child, "spawn") // rejects when there is no such program
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

  const failed = async (what: string): Promise<Error> => {
    child.kill()
    await ended
    return new Error(`${program} ${what}\n${complaints}`.trimEnd())
  }
  const ask = async <A>(message: unknown, isAnswer: (value: unknown) => value is A): Promise<A> => {
    child.stdin.write(`${JSON.stringify(message)}\n`)
    const line = await lines.next()
    if (line.done === true) throw await failed(`ended with ${await ended}`)
    const answer = parsed(line.value)
    if (!isAnswer(answer)) throw await failed(`said something odd: ${line.value.slice(0, 200)}`)
    return answer
  }

  const { python, pywbem } = await ask(world, isHello)
  return {
    pywbem,
    python,
    round: () => ask("round", isRound),
    stop: async () => {
      child.stdin.end()
      const how = await ended
      if (how !== 0) throw await failed(`ended with ${how}`)
    }
  }
}
