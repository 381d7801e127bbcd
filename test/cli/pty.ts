/**
 * The command under a pseudo-terminal of a given size: `script` of util-linux starts it, so no native package is needed. Standard input,
 * standard output and standard error of the command are the terminal.
 */
import { spawn, spawnSync } from "node:child_process"
import { environment, started } from "./command.ts"

/** Input that is sent when a text has appeared. */
export interface Answer {
  readonly after: string | RegExp
  /** `"\x03"` is Ctrl-C. */
  readonly send: string
}

/** The terminal and the command. */
export interface TerminalOptions {
  /** 80 by default. */
  readonly columns?: number
  /** 24 by default. */
  readonly rows?: number
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** In order; each waits for its text behind the text of the one before. */
  readonly answers?: ReadonlyArray<Answer>
}

/** What a terminal got, and how the command ended. */
export interface TerminalEnded {
  /** 128 and the number of the signal, if one ended the command. */
  readonly status: number | null
  /** Every byte that the terminal got, escape sequences included. Lines end with `\r\n`. */
  readonly output: string
}

/** Why there is no pseudo-terminal here, in one line; `undefined` if there is one. */
export const noTerminal: string | undefined = (() => {
  if (process.platform === "win32") return "there is no pseudo-terminal on Windows"
  const { error, stdout } = spawnSync("script", ["--version"], { encoding: "utf8" })
  if (error !== undefined) return "the program script of util-linux is missing"
  return stdout.includes("util-linux") ? undefined : "the program script is not that of util-linux"
})()
if (noTerminal !== undefined) console.log(`no tests under a terminal: ${noTerminal}`)

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/** Runs a line of the shell under a pseudo-terminal, to its end. */
export const shellOnTerminal = (
  line: string,
  { answers = [], columns = 80, cwd, env, rows = 24 }: TerminalOptions
): Promise<TerminalEnded> => {
  const command = `stty cols ${columns} rows ${rows}; ${line}`
  const child = spawn("script", ["--quiet", "--return", "--flush", "--command", command, "/dev/null"], {
    cwd,
    env: environment({ TERM: "xterm-256color", SHELL: "/bin/sh", ...env }),
    stdio: ["pipe", "pipe", "inherit"]
  })
  let output = ""
  let from = 0
  let next = 0
  child.stdout.setEncoding("utf8").on("data", (data: string) => {
    output += data
    for (let answer = answers[next]; answer !== undefined; answer = answers[++next]) {
      const rest = output.slice(from)
      const at = typeof answer.after === "string" ? rest.indexOf(answer.after) : rest.search(answer.after)
      if (at < 0) return
      from += at + (typeof answer.after === "string" ? answer.after.length : answer.after.exec(rest)![0].length)
      child.stdin.write(answer.send)
    }
  })
  return new Promise((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (status) => resolve({ status, output }))
  })
}

/** Runs the command under a pseudo-terminal, to its end. */
export const onTerminal = (args: ReadonlyArray<string>, options: TerminalOptions): Promise<TerminalEnded> =>
  shellOnTerminal(`exec ${[...started, ...args].map(quoted).join(" ")}`, options)

/** A text without the escape sequences of a terminal. */
export const withoutSequences = (output: string): string =>
  // deno-lint-ignore no-control-regex
  output.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "")

/** Whether the cursor is shown at the end of an output: nothing hid it, or it was shown again. */
export const showsCursor = (output: string): boolean =>
  output.lastIndexOf("\u001b[?25l") <= output.lastIndexOf("\u001b[?25h")
