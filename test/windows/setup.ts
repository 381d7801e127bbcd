/** Once per test run: finds or builds the PowerShell engine, or prints in one line which tests are skipped without it. */
import { lookForEngine } from "./engine.ts"

export default async (): Promise<void> => {
  const engine = await lookForEngine()
  if ("missing" in engine) {
    console.warn(`\nSKIPPED: the host script on PowerShell's own engine (test/windows, T4): ${engine.missing}\n`)
  } else if (!engine.cultures) {
    console.warn(
      "\nSKIPPED: the host script under other cultures (test/windows, T4): .NET has no culture data here\n"
    )
  }
}
