/**
 * Runs the words of one command line in this process. `main.ts` adds the process around it; tests call it too.
 *
 * @internal
 */
import { ordered, programOf } from "./program.ts"
import type { WithStatus } from "./register.ts"
import { exitStatus } from "./terminal/exitStatus.ts"
import { reportError } from "./terminal/streams.ts"
import { isEndOfHelp } from "./help/usage.ts"

/** The exit status of an error that ended a command, after its message is printed. */
export const statusOfError = (error: unknown): number => isEndOfHelp(error) ? exitStatus.done : reportError(error)

/** Runs a command line and returns its exit status. `started` gets the name of the command before its action runs. */
export const runCommandLine = async (
  words: ReadonlyArray<string>,
  started: (name: string) => void = () => {}
): Promise<number> => {
  let status: number = exitStatus.done
  const withStatus: WithStatus = (action) => async (...values) => {
    status = await action(...values)
  }
  try {
    const program = programOf(withStatus).hook("preAction", (_, command) => started(command.name()))
    await program.parseAsync(ordered(words), { from: "user" })
    return status
  } catch (error) {
    return statusOfError(error)
  }
}
