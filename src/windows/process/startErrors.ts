/**
 * Why a PowerShell host did not start. One table has a row for each reason: whether a retry can help, and advice for the user. The
 * functions below it find the reason from the output and the exit code.
 *
 * @since 0.1.0
 */
import { escapeControl } from "../../model/escapeControl.ts"

/**
 * The reason why a host did not start.
 *
 * @since 0.1.0
 * @category models
 */
export type Reason =
  | "NotFound"
  | "Denied"
  | "LanguageMode"
  | "Bootstrap"
  | "Version"
  | "Transport"
  | "Shell"
  | "Exited"
  | "Timeout"
  | "Protocol"
  | "Broken"

/**
 * Whether a retry can help: `never` before something is changed, `once`, or `later`, after a wait.
 *
 * @since 0.1.0
 * @category models
 */
export type RetryPolicy = "never" | "once" | "later"

interface ReasonRow {
  readonly retry: RetryPolicy
  readonly advice: string
}

const table: Readonly<Record<Reason, ReasonRow>> = {
  NotFound: {
    retry: "never",
    advice:
      "Install PowerShell, or say where it is with the option `powershell`; with a prefix, its first word was not found."
  },
  Denied: {
    retry: "never",
    advice:
      "Allow this program to start it: `--allow-run` under Deno, `--allow-child-process` under Node's permission model, else the rights of the file."
  },
  LanguageMode: {
    retry: "never",
    advice:
      "A policy keeps PowerShell there from full language. Print the script with `effect-wmi host-script --file`, have it signed and installed, and use `bootstrap: { file }`."
  },
  Bootstrap: {
    retry: "once",
    advice:
      "The first lines of the script failed there; the detail says how. A proxy or a profile that reads standard input does this."
  },
  Version: {
    retry: "never",
    advice: "Windows PowerShell 5.1 or PowerShell 7 is needed; install one, or name it with the option `powershell`."
  },
  Transport: {
    retry: "later",
    advice:
      "The prefix could not connect or log in. Run it by hand once: it must reach the computer, know its key, and log in without asking."
  },
  Shell: {
    retry: "never",
    advice:
      'The shell at the other end did not find or understand the command. Check `powershell` and `prefix`; `bootstrap: "encoded"` keeps quoting out of the way.'
  },
  Exited: { retry: "later", advice: "PowerShell ended before it had read the script; what it wrote is in the detail." },
  Timeout: {
    retry: "later",
    advice:
      "The computer may be loaded, or the command waits for input. Raise `timeouts.start`, or run the command by hand."
  },
  Protocol: {
    retry: "never",
    advice:
      "The script there is of another version. Install the file that `effect-wmi host-script --file` of this version prints."
  },
  Broken: {
    retry: "later",
    advice:
      "The host started and then broke the protocol, several times in a row. Something between this program and PowerShell changes or repeats lines: a proxy, a profile, or a script of another version."
  }
}

/**
 * A host did not start. It is the `cause` of `ConnectionFailed`.
 *
 * @since 0.1.0
 * @category errors
 */
export class HostStartError extends Error {
  /** The tag of the error. */
  readonly _tag = "HostStartError" as const
  /** The kind of failure. */
  readonly reason: Reason
  /** The executable, as it was given to the executor. */
  readonly command: string
  /** What the executor or the host reported. */
  readonly detail: string
  /** The exit code of the process; `undefined` when it did not start or has not ended. */
  readonly exitCode: number | undefined

  /** Makes the error; its message has the reason, the command, the detail and what to do. */
  constructor(facts: {
    readonly reason: Reason
    readonly command: string
    readonly detail: string
    readonly exitCode?: number | undefined
  }) {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(escapeControl(`${facts.reason}: ${facts.command}: ${facts.detail}. ${table[facts.reason].advice}`))
    Error.stackTraceLimit = limit
    this.name = "HostStartError"
    this.reason = facts.reason
    this.command = facts.command
    this.detail = facts.detail
    this.exitCode = facts.exitCode
  }

  /** Whether a retry can help. */
  get retry(): RetryPolicy {
    return table[this.reason].retry
  }

  /** What the user can do. */
  get advice(): string {
    return table[this.reason].advice
  }
}

/** What was observed of a failed start. */
export interface StartEvidence {
  readonly command: string
  /** Whether a prefix runs the command on another computer. */
  readonly remote: boolean
  readonly exitCode: number | undefined
  /** The last lines of both outputs. */
  readonly output: string
  readonly errors: string
}

const announced = /EWMI0 (LanguageMode|Bootstrap|Version)(?: ([^\r\n]*))?/

const reasonOf = (exitCode: number | undefined, remote: boolean): Reason =>
  exitCode === 255 && remote
    ? "Transport"
    : exitCode === 1 || exitCode === 9009 || exitCode === 127
    ? "Shell"
    : "Exited"

/** The non-empty parts of a detail as one text. */
export const joinDetail = (...parts: ReadonlyArray<string>): string =>
  parts.map((part) => part.trim()).filter((part) => part !== "").join("; ")

/** The most characters of each output in an error. A prefix may print back everything it was given, the script included. */
const mostOutput = 400

const shortened = (text: string): string => {
  const whole = text.trim()
  return whole.length <= mostOutput ? whole : `${whole.slice(0, mostOutput)}… (${whole.length} characters)`
}

/** The error of a process that ended before its hello frame. */
export const fromEvidence = ({ command, errors, exitCode, remote, output }: StartEvidence): HostStartError => {
  const announcement = announced.exec(output) ?? announced.exec(errors)
  if (announcement !== null) {
    const [, reason, detail] = announcement
    return new HostStartError({ reason: reason as Reason, command, detail: detail?.trim() ?? "", exitCode })
  }
  const ended = exitCode === undefined ? "it ended without an exit code" : `it ended with exit code ${exitCode}`
  return new HostStartError({
    reason: reasonOf(exitCode, remote),
    command,
    detail: joinDetail(ended, shortened(errors), shortened(output)),
    exitCode
  })
}

interface SpawnFailure {
  readonly reason?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly cause?: unknown
}

const isMissing = (failure: SpawnFailure): boolean => failure.reason === "NotFound" || failure.code === "ENOENT"

const causeOf = (failure: SpawnFailure): SpawnFailure =>
  typeof failure.cause === "object" && failure.cause !== null ? failure.cause : {}

/** The error of a process that could not be started, from a failure of the executor or what the runtime threw. */
export const fromSpawn = (command: string, thrown: unknown): HostStartError => {
  const failure: SpawnFailure = typeof thrown === "object" && thrown !== null ? thrown : { message: String(thrown) }
  const cause = causeOf(failure)
  const missing = isMissing(failure) || isMissing(cause)
  // The message of the failure holds the whole command line, which is too long to read; its code is shown instead.
  const detail = missing
    ? "it is not there"
    : `it could not be started (${String(cause.code ?? failure.code ?? failure.reason ?? "refused")})`
  return new HostStartError({ reason: missing ? "NotFound" : "Denied", command, detail })
}
