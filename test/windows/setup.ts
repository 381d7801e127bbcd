/** Once per test run: finds or builds the PowerShell engine, and says in one line what is left out where there is none. */
import { lookForEngine } from "./engine.ts"

export default async (): Promise<void> => {
  const found = await lookForEngine()
  if ("missing" in found) {
    console.warn(`\nSKIPPED: the host script on PowerShell's own engine (test/windows, T4): ${found.missing}\n`)
  } else if (!found.cultures) {
    console.warn(
      "\nSKIPPED: the host script under other cultures (test/windows, T4): .NET has no culture data here\n"
    )
  }
}
