/**
 * Why a PowerShell host did not start: one table from evidence to reason, and for each reason whether trying again can help and
 * the sentence that a person needs next.
 *
 * @since 0.1.0
 */
import { escapeControl } from "../../model/escapeControl.ts"

/**
 * What kept a host from starting.
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
 * Whether a later start may go better: never until something is changed, once more, or after a while.
 *
 * @since 0.1.0
 * @category models
 */
export type Retry = "never" | "once" | "later"

interface Row {
  readonly retry: Retry
  readonly advice: string
}

const table: Readonly<Record<Reason, Row>> = {
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
  Exited: {
    retry: "later",
    advice: "PowerShell ended before it had read the script; what it wrote is in the detail."
  },
  Timeout: {
    retry: "later",
    advice:
      "The computer may be loaded, or the command waits for an answer that nobody gives. Raise `timeouts.start`, or run the command by hand."
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
 * A host that did not start. It is the `cause` of `ConnectionFailed`.
 *
 * @since 0.1.0
 * @category errors
 */
export class HostStart extends Error {
  readonly _tag = "HostStart" as const
  readonly reason: Reason
  /** The executable, as it was called. */
  readonly command: string
  readonly detail: string
  readonly exitCode: number | undefined

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
    this.name = "HostStart"
    this.reason = facts.reason
    this.command = facts.command
    this.detail = facts.detail
    this.exitCode = facts.exitCode
  }

  /** Whether a later start may go better. */
  get retry(): Retry {
    return table[this.reason].retry
  }

  /** What to do about it. */
  get advice(): string {
    return table[this.reason].advice
  }
}

/** What was seen of a start that failed. */
export interface Evidence {
  readonly command: string
  /** Whether a prefix carries the command to another computer. */
  readonly far: boolean
  readonly exitCode: number | undefined
  /** The last lines of both outputs. */
  readonly output: string
  readonly errors: string
}

const announced = /EWMI0 (LanguageMode|Bootstrap|Version)(?: ([^\r\n]*))?/

const reasonOf = (exitCode: number | undefined, far: boolean): Reason =>
  exitCode === 255 && far ? "Transport" : exitCode === 1 || exitCode === 9009 || exitCode === 127 ? "Shell" : "Exited"

const joined = (...parts: ReadonlyArray<string>): string => parts.filter((part) => part.trim() !== "").join("; ")

/** The error of a start that ended before the host said hello. */
export const fromEvidence = ({ command, errors, exitCode, far, output }: Evidence): HostStart => {
  const found = announced.exec(output) ?? announced.exec(errors)
  if (found !== null) {
    const [, reason, detail] = found
    return new HostStart({ reason: reason as Reason, command, detail: detail?.trim() ?? "", exitCode })
  }
  const ended = exitCode === undefined ? "it ended without an exit code" : `it ended with exit code ${exitCode}`
  return new HostStart({
    reason: reasonOf(exitCode, far),
    command,
    detail: joined(ended, errors.trim(), output.trim()),
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

/** The error of a process that could not be made: a failure of the executor, or what the runtime threw. */
export const fromSpawn = (command: string, thrown: unknown): HostStart => {
  const failure: SpawnFailure = typeof thrown === "object" && thrown !== null ? thrown : { message: String(thrown) }
  const cause = causeOf(failure)
  const missing = isMissing(failure) || isMissing(cause)
  // The message of a failure holds the whole command line: too long to be read, so its own code is told.
  const detail = missing
    ? "it is not there"
    : `it could not be started (${String(cause.code ?? failure.code ?? failure.reason ?? "refused")})`
  return new HostStart({ reason: missing ? "NotFound" : "Denied", command, detail })
}
