/**
 * `effect-wmi completions`: prints a script that completes the command in a shell. It is made from the objects of commander, so that it
 * has every command and every option.
 *
 * @internal
 */
import { Argument } from "commander"
import type { Register } from "../register.ts"
import { wordsOf } from "../help/completionWords.ts"
import { scripts, type Shell } from "../help/shells.ts"

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  program.command("completions")
    .description("print a script that completes this command in a shell; it starts no process at a TAB")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(scripts)))
    .action(withStatus((shell: Shell) => {
      process.stdout.write(scripts[shell](wordsOf(program))) // descriptions of this program, no foreign text
      return 0
    }))
}
