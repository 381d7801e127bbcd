/**
 * The PowerShell side of the Windows repository as text: the script, the bootstrap that reads it from standard input, and the
 * command line that starts it. Pure and on every runtime; `hostProcess` starts it. The sources stand in `host/*.ps1`.
 *
 * Data never becomes code: the texts are constants, everything else travels as JSON on standard input.
 *
 * @since 0.1.0
 */
import * as text from "./scriptText.ts"

/**
 * The lines that touch COM: tests put others in their place.
 *
 * @since 0.1.0
 * @category scripts
 */
export const prelude: string = text.prelude

/**
 * Everything else: functions only, nothing runs.
 *
 * @since 0.1.0
 * @category scripts
 */
export const core: string = text.core

/** The statements of the bootstrap, one a line. */
const statements: ReadonlyArray<string> = text.bootstrap.trimEnd().split("\n")

/** One line: statements end at `;`, but a block begins and ends without. */
const oneLine = (lines: ReadonlyArray<string>): string =>
  lines.reduce((line, next) => line + (line === "" || line.endsWith("{") || next.startsWith("}") ? "" : ";") + next, "")

/**
 * What the command line carries: one line of ASCII without double quotes that reads the script from standard input.
 *
 * @since 0.1.0
 * @category scripts
 */
export const bootstrap: string = /* @__PURE__ */ oneLine(statements)

/**
 * The script as it travels behind the header: a prelude, the core, and the call that starts the host.
 *
 * @since 0.1.0
 * @category scripts
 */
export const script = (lines: string = prelude): string => `${lines}\n${core}\nStart-EwmiHost $args[0] $args[1]\n`

/** The line that reads the script; a file holds the script in its place. */
const reads = (line: string): boolean => line.startsWith("$b=") || line.startsWith("for(")

/**
 * The same as a file to review, sign and install, for `-File`: the bootstrap with the script in the place of the loop that
 * reads it. Its header says 0 lines.
 *
 * @since 0.1.0
 * @category scripts
 */
export const fileOf = (lines: string = prelude): string =>
  statements
    .filter((line) => !reads(line))
    .map((line) => line.startsWith("&(") ? `${lines}\n${core}\nStart-EwmiHost $r $h[1]|Out-Null` : line)
    .join("\n") + "\n"

/**
 * The file with the shipped prelude.
 *
 * @since 0.1.0
 * @category scripts
 */
export const file: string = /* @__PURE__ */ fileOf()

/**
 * UTF-16, little end first, in base64: what `-EncodedCommand` takes.
 *
 * @since 0.1.0
 * @category encoding
 */
export const encoded = (command: string): string => {
  let bytes = ""
  for (let i = 0; i < command.length; i++) {
    const unit = command.charCodeAt(i)
    bytes += String.fromCharCode(unit & 0xff, unit >> 8)
  }
  return btoa(bytes)
}

/**
 * The first bytes on standard input: who speaks, how many lines of script follow, and these lines. An empty script is the
 * header alone, as the file wants it.
 *
 * @since 0.1.0
 * @category encoding
 */
export const header = (nonce: string, script: string): string => {
  const body = script === "" || script.endsWith("\n") ? script : `${script}\n`
  return `EWMI1 ${nonce} ${body.split("\n").length - 1}\n${body}`
}

/**
 * The computer that starts the command.
 *
 * @since 0.1.0
 * @category models
 */
export interface Platform {
  readonly windows: boolean
  /** Where Windows is, `C:\Windows` if nothing says. */
  readonly systemRoot?: string | undefined
}

/**
 * What may be said about the command line.
 *
 * @since 0.1.0
 * @category models
 */
export interface CommandLine {
  /** Which PowerShell; by default Windows' own, by its absolute path where the command starts on Windows itself. */
  readonly powershell?: string | undefined
  /** What carries the command to another computer: `["ssh", "-T", "-o", "BatchMode=yes", "ops@win01"]`. */
  readonly prefix?: ReadonlyArray<string> | undefined
  /** `auto` is `plain` without a prefix and `encoded` behind one, where two shells may read it. */
  readonly bootstrap?: "auto" | "plain" | "encoded" | { readonly file: string } | undefined
  readonly platform?: Platform | undefined
}

/** What a runtime may have of Node's `process`. */
interface Runtime {
  readonly process?: {
    readonly platform?: string
    readonly env?: Readonly<Record<string, string | undefined>>
  }
}

/**
 * The computer this program runs on, as far as the runtime tells.
 *
 * @since 0.1.0
 * @category models
 */
export const thisPlatform = (): Platform => {
  const here = (globalThis as Runtime).process
  const windows = here?.platform === "win32"
  return { windows, systemRoot: windows ? here?.env?.["SystemRoot"] : undefined }
}

const switches = ["-NoLogo", "-NoProfile", "-NonInteractive", "-OutputFormat", "Text"] as const

/** Never by `PATH` on Windows itself: somebody may have put another `powershell.exe` there. No backslash for a remote shell. */
const defaultPowershell = (far: boolean, platform: Platform): string =>
  far || !platform.windows
    ? "powershell.exe"
    : `${platform.systemRoot ?? "C:\\Windows"}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`

const commandOf = (form: NonNullable<CommandLine["bootstrap"]>, far: boolean): ReadonlyArray<string> => {
  if (typeof form === "object") return ["-File", form.file]
  return form === "plain" || (form === "auto" && !far)
    ? ["-Command", bootstrap]
    : ["-EncodedCommand", encoded(bootstrap)]
}

/**
 * The whole command, the executable first.
 *
 * @since 0.1.0
 * @category constructors
 */
export const commandLine = (options: CommandLine = {}): readonly [string, ...ReadonlyArray<string>] => {
  const prefix = options.prefix ?? []
  const far = prefix.length > 0
  const powershell = options.powershell ?? defaultPowershell(far, options.platform ?? thisPlatform())
  const [first, ...rest] = [...prefix, powershell]
  return [first!, ...rest, ...switches, ...commandOf(options.bootstrap ?? "auto", far)]
}
