/** Runs commands in this process: their output and exit status. A process for each would take most of the time of a test. */
import { runCommandLine } from "../../src/cli/commandLine.ts"
import { setSettings, settingsOf } from "../../src/cli/terminal/settings.ts"

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

/** Runs a command line as `main.ts` does, without colour. */
export const run = async (words: ReadonlyArray<string>): Promise<Ended> => {
  setSettings({ ...settingsOf(words, {}), color: "never" })
  const out = collected(process.stdout)
  const err = collected(process.stderr)
  try {
    const status = await runCommandLine(words)
    return { out: out.stop(), err: err.stop(), status }
  } finally {
    out.stop()
    err.stop()
    setSettings(settingsOf([], {}))
  }
}
