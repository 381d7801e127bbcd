/**
 * The PowerShell side of the Windows repository as text: the script, the bootstrap that reads it from standard input, and the
 * command line that starts it. Pure code for every runtime; `process/process.ts` starts the process. The sources are
 * `script/*.ps1`.
 *
 * Data never becomes code: the texts are constants, and everything else is sent as JSON on standard input.
 *
 * @since 0.1.0
 */
import * as scriptText from "./scriptText.ts"

/**
 * The part of the script that creates COM and .NET objects. Tests replace it.
 *
 * @since 0.1.0
 * @category scripts
 */
export const prelude: string = scriptText.prelude

/**
 * The rest of the script. It defines functions and runs nothing.
 *
 * @since 0.1.0
 * @category scripts
 */
export const core: string = scriptText.core

/** The statements of the bootstrap, one a line. */
const statements: ReadonlyArray<string> = scriptText.bootstrap.trimEnd().split("\n")

/** Joins statements to one line with `;`, except after `{` and before `}`. */
const oneLine = (lines: ReadonlyArray<string>): string =>
  lines.reduce((line, next) => line + (line === "" || line.endsWith("{") || next.startsWith("}") ? "" : ";") + next, "")

/**
 * The command of the command line: one line of ASCII without double quotes that reads the script from standard input.
 *
 * @since 0.1.0
 * @category scripts
 */
export const bootstrap: string = /* @__PURE__ */ oneLine(statements)

/**
 * The script as it follows the header: a prelude, the core, and the call that starts the host.
 *
 * @since 0.1.0
 * @category scripts
 */
export const script = (lines: string = prelude): string => `${lines}\n${core}\nStart-EwmiHost $args[0] $args[1]\n`

/** Whether a bootstrap line reads the script; {@link fileOf} puts the script in its place. */
const readsScript = (line: string): boolean => line.startsWith("$b=") || line.startsWith("for(")

/**
 * The host script as a file to review, sign and install, for `-File`: the bootstrap with the script in the place of the loop
 * that reads it. The header sent to such a host announces 0 lines.
 *
 * @since 0.1.0
 * @category scripts
 */
export const fileOf = (lines: string = prelude): string =>
  statements.filter((line) => !readsScript(line))
    .map((line) => line.startsWith("&(") ? `${lines}\n${core}\nStart-EwmiHost $r $h[1]|Out-Null` : line)
    .join("\n") + "\n"

/**
 * The file with the product's own prelude.
 *
 * @since 0.1.0
 * @category scripts
 */
export const file: string = /* @__PURE__ */ fileOf()

/**
 * Encodes a command for `-EncodedCommand`: UTF-16, little-endian, in base64.
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
 * The first bytes on standard input: the header with the nonce and the number of script lines, then these lines. With an empty
 * script it is the header alone, for a host that runs the installed file.
 *
 * @since 0.1.0
 * @category encoding
 */
export const openingText = (nonce: string, script: string): string => {
  const body = script === "" || script.endsWith("\n") ? script : `${script}\n`
  return `EWMI1 ${nonce} ${body.split("\n").length - 1}\n${body}`
}

/**
 * The computer on which the command is started.
 *
 * @since 0.1.0
 * @category models
 */
export interface Platform {
  readonly windows: boolean
  /** The folder of Windows; `C:\Windows` by default. */
  readonly systemRoot?: string | undefined
}

/**
 * The options of the command line.
 *
 * @since 0.1.0
 * @category models
 */
export interface CommandLine {
  /** The PowerShell executable. By default Windows PowerShell: by its absolute path on Windows, `powershell.exe` otherwise. */
  readonly powershell?: string | undefined
  /** The command that runs another one on a remote computer, such as `["ssh", "-T", "-o", "BatchMode=yes", "ops@win01"]`. */
  readonly prefix?: ReadonlyArray<string> | undefined
  /** `auto` (the default) is `plain` without a prefix and `encoded` with one, where two shells may interpret the command line. */
  readonly bootstrap?: "auto" | "plain" | "encoded" | { readonly file: string } | undefined
  readonly platform?: Platform | undefined
}

/** The part of Node's `process` that a runtime may have. */
interface Runtime {
  readonly process?: {
    readonly platform?: string
    readonly env?: Readonly<Record<string, string | undefined>>
  }
}

/**
 * The computer that this program runs on, as far as the runtime exposes it.
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

/**
 * On Windows an absolute path, because another `powershell.exe` may come first on `PATH`. With a prefix the bare name, because a
 * remote shell may interpret backslashes.
 */
const defaultPowershell = (remote: boolean, platform: Platform): string =>
  remote || !platform.windows
    ? "powershell.exe"
    : `${platform.systemRoot ?? "C:\\Windows"}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`

const commandOf = (form: NonNullable<CommandLine["bootstrap"]>, remote: boolean): ReadonlyArray<string> => {
  if (typeof form === "object") return ["-File", form.file]
  return form === "plain" || (form === "auto" && !remote)
    ? ["-Command", bootstrap]
    : ["-EncodedCommand", encoded(bootstrap)]
}

/**
 * The whole command line, the executable first.
 *
 * @since 0.1.0
 * @category constructors
 */
export const commandLine = (options: CommandLine = {}): readonly [string, ...ReadonlyArray<string>] => {
  const prefix = options.prefix ?? []
  const remote = prefix.length > 0
  const powershell = options.powershell ?? defaultPowershell(remote, options.platform ?? thisPlatform())
  const [first, ...rest] = [...prefix, powershell]
  return [first!, ...rest, ...switches, ...commandOf(options.bootstrap ?? "auto", remote)]
}
