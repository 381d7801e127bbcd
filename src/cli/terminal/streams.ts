/**
 * The process around a command: standard streams whose reader may go away, warnings of the runtime, and how the process ends.
 *
 * The process is never ended while output is pending: the command sets `process.exitCode` and the process ends when its streams have been
 * written. The one exception is a closed standard output, where nothing can be written any more.
 *
 * @internal
 */
import { exitStatus } from "./exitStatus.ts"
import { settings } from "./settings.ts"
import { BadInput, type Diagnostic } from "./diagnostics.ts"
import { Interrupted, reportInterruption } from "./interrupt.ts"
import { printDiagnostics, printErrors, reasonOf } from "./output.ts"

/**
 * Handles a closed pipe, as in `effect-wmi ls | head -1`. A command that only reads ends at once. A command that changes something runs to
 * its end, and the rest of its output is dropped.
 */
export const handleClosedPipes = (changesSomething: () => boolean): void => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // Windows reports EOF or ECANCELED for some pipes. A terminal that was closed reports EIO.
      if (!["EPIPE", "EIO", "EOF", "ECANCELED", "ERR_STREAM_DESTROYED"].includes(error.code ?? "")) throw error
      if (stream === process.stdout && !changesSomething()) process.exit(exitStatus.closedPipe)
    })
  }
}

/** Removes the warning of Node that its SQLite is experimental. Every other warning is printed. */
export const dropSqliteWarning = (): void => {
  const emit = process.emitWarning.bind(process) as (warning: string | Error, ...more: ReadonlyArray<unknown>) => void
  const filtered = (warning: string | Error, ...more: ReadonlyArray<unknown>): void => {
    const [type] = more
    const kind = warning instanceof Error
      ? warning.name
      : typeof type === "object" && type !== null
      ? (type as { readonly type?: unknown }).type
      : type
    if (kind === "ExperimentalWarning" && reasonOf(warning).startsWith("SQLite is an experimental feature")) return
    emit(warning, ...more)
  }
  process.emitWarning = filtered as typeof process.emitWarning
}

/** Whether an error is a failure of the operating system, such as a file that cannot be written. */
const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && typeof (error as NodeJS.ErrnoException).code === "string"

/** What an error that ended a command prints, and the exit status. */
export const endOf = (error: unknown): {
  readonly status: number
  readonly diagnostics: ReadonlyArray<Diagnostic>
  /** The stack of a defect. */
  readonly stack?: ReadonlyArray<string>
} => {
  if (error instanceof BadInput) return { status: exitStatus.badInput, diagnostics: error.diagnostics }
  if (isSystemError(error)) {
    return { status: exitStatus.badInput, diagnostics: [{ message: error.message, name: error.code }] }
  }
  return {
    status: exitStatus.defect,
    diagnostics: [{
      message: `this is a bug of effect-wmi: ${reasonOf(error)}`,
      name: "Bug",
      hint: settings().debug
        ? "please report it with the lines below"
        : "run it again with --debug for the stack, and please report it"
    }],
    stack: String(error instanceof Error ? error.stack : error).split("\n")
  }
}

/** Prints an error that ended a command, and returns the exit status. */
export const reportError = (error: unknown): number => {
  if (error instanceof Interrupted) return reportInterruption(error, settings().json)
  const { diagnostics, stack, status } = endOf(error)
  printDiagnostics(diagnostics)
  if (stack !== undefined && settings().debug) printErrors(stack)
  return status
}
