/**
 * `effect-wmi get`: prints a class or an instance as MOF or JSON.
 *
 * @internal
 */
import type { Command } from "commander"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { defaultNamespace } from "../../model/limits.ts"
import type { WbemObject } from "../../model/WbemObject.ts"
import * as Wmi from "../../Wmi.ts"
import type { Register } from "../register.ts"
import { answered } from "../target/answer.ts"
import { loadSchema, type Schema, shown } from "../target/schema.ts"
import { existingTarget, namespaceOf, pathOf, type TargetOptions, withTarget } from "../target/target.ts"
import { jsonOf, mofOf, printText } from "../terminal/objectText.ts"
import { BadInput, printJson } from "../terminal/output.ts"

/** The options of the reading commands. */
export interface ReadingOptions extends TargetOptions {
  readonly namespace?: string | undefined
  readonly json?: boolean | undefined
}

/** The options of the command. */
interface GetOptions extends ReadingOptions {
  readonly amended?: boolean | undefined
  readonly locale?: string | undefined
}

/** Adds the options of the reading commands. */
export const withReading = (
  command: Command,
  json: string,
  namespace: string = `the namespace, ${defaultNamespace} by default; a path may have its own`
): Command =>
  withTarget(command)
    .option("--namespace <path>", namespace)
    .option("--json", json)

/** A class as it is, an instance without the NULLs that its class supplies. */
const printable = (object: WbemObject, schema: Schema): WbemObject =>
  object._tag === "Class" ? object : shown(object, schema)

/** Prints the object of a path. Returns 1 if it does not exist. */
const get = async (text: string, options: GetOptions): Promise<number> => {
  const target = await existingTarget(options)
  const { namespace, path } = pathOf(text, target, namespaceOf(options.namespace ?? defaultNamespace, target))
  const amended = options.locale ?? options.amended
  const program = Effect.gen(function* () {
    const object = yield* Wmi.get(path, { namespace, amended })
    return [object, yield* loadSchema(namespace, [object])] as const
  })
  return await answered(target, program, ([object, schema]) => {
    if (options.json === true) {
      const json = jsonOf(object, namespace)
      if (Either.isLeft(json)) throw new BadInput(`${text}: ${json.left}`)
      return printJson(json.right)
    }
    const mof = mofOf(printable(object, schema), { classOf: schema.classOf })
    if (Either.isLeft(mof)) throw new BadInput(`${text}: ${mof.left}`)
    printText(mof.right)
  })
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  withReading(program.command("get"), "one line of JSON that put reads")
    .description("print the class or instance of a path as MOF")
    .argument("<path>", 'such as Win32_LogicalDisk.DeviceID="C:" or root\\corp:Corp_Asset')
    .option("--amended", "with the text of the locale of this call, US English by default")
    .option("--locale <name>", "with the text of this locale, such as ms_407")
    .action(withStatus((path: string, options: GetOptions) => get(path, options)))
}
