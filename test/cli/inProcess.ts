/** Runs commands in this process: their output and exit status. A process for each would take most of the time of a test. */
import { Command } from "commander"
import type { Register } from "../../src/cli/register.ts"
import { setSettings, settingsOf } from "../../src/cli/terminal/settings.ts"
import { BadInput, printDiagnostics } from "../../src/cli/terminal/output.ts"

export interface Ended {
  readonly status: number
  readonly out: string
  readonly err: string
}

type Write = typeof process.stdout.write

/** Collects what is written to a stream until `stop`. */
const collected = (stream: NodeJS.WriteStream): { readonly stop: () => string } => {
  let text = ""
  const write = stream.write
  stream.write = ((part: string | Uint8Array) => {
    text += String(part)
    return true
  }) as Write
  return {
    stop: () => {
      stream.write = write
      return text
    }
  }
}

/** Runs the command line of one of the commands, as `main.ts` does. */
export const run = async (
  commands: ReadonlyArray<{ readonly register: Register }>,
  args: ReadonlyArray<string>
): Promise<Ended> => {
  let status = 0
  setSettings({ ...settingsOf(args, {}), color: "never" })
  const program = new Command("effect-wmi").exitOverride()
  for (const { register } of commands) {
    register(program, (action) => async (...given) => {
      status = await action(...given)
    })
  }
  const out = collected(process.stdout)
  const err = collected(process.stderr)
  try {
    await program.parseAsync([...args], { from: "user" })
  } catch (error) {
    status = 2
    if (error instanceof BadInput) printDiagnostics(error.diagnostics)
    else process.stderr.write(String(error))
  }
  setSettings(settingsOf([], {}))
  return { out: out.stop(), err: err.stop(), status }
}
