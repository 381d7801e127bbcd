/**
 * `effect-wmi get`: prints a class or an instance as MOF or JSON.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { defaultNamespace } from "../../model/limits.ts"
import type { WbemObject } from "../../model/WbemObject.ts"
import * as Wmi from "../../Wmi.ts"
import type { Register } from "../register.ts"
import { answered } from "../place/answer.ts"
import { loadSchema } from "../objects/classLoader.ts"
import { type Schema, shown } from "../objects/schema.ts"
import { type NamespaceOptions, withNamespace } from "../place/namespaceOptions.ts"
import { existingTarget, namespaceOf, pathOf } from "../place/target.ts"
import { mofOf, objectJson, printText } from "../objects/objectText.ts"
import { BadInput, printJson } from "../terminal/output.ts"

/** The options of the command. */
export interface GetOptions extends NamespaceOptions {
  readonly amended?: boolean | undefined
  readonly locale?: string | undefined
}

/** A class as it is, an instance without the NULLs that its class supplies. */
export const printable = (object: WbemObject, schema: Schema): WbemObject =>
  object._tag === "Class" ? object : shown(object, schema)

/** Prints the object of a path. Returns 1 if it does not exist. */
export const get = async (text: string, options: GetOptions): Promise<number> => {
  const target = await existingTarget(options)
  const { namespace, path } = pathOf(text, target, namespaceOf(options.namespace ?? defaultNamespace, target))
  const amended = options.locale ?? options.amended
  const program = Effect.gen(function* () {
    const object = yield* Wmi.get(path, { namespace, amended })
    return [object, yield* loadSchema(namespace, [object])] as const
  })
  return await answered(target, program, ([object, schema]) => {
    if (options.json === true) {
      const json = objectJson(object, namespace)
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
  withNamespace(program.command("get"), "one line of JSON that put reads")
    .description("print the class or instance of a path as MOF")
    .argument("<path>", 'such as Win32_LogicalDisk.DeviceID="C:" or root\\corp:Corp_Asset')
    .option("--amended", "with the text of the locale of this call, US English by default")
    .option("--locale <name>", "with the text of this locale, such as ms_407")
    .action(withStatus((path: string, options: GetOptions) => get(path, options)))
}
