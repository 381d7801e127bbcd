/**
 * `effect-wmi amend`: splits MOF into a neutral and a localised file, as mofcomp does under `-AMENDMENT` (`mof` 8).
 *
 * @internal
 */
import { writeFileSync } from "node:fs"
import * as Either from "effect/Either"
import * as Mof from "../mof/Mof.ts"
import { bytesOf, type MofReadOptions, reader } from "./input.ts"
import { BadInput, print } from "./output.ts"

/** The options of the command. */
export interface AmendOptions extends MofReadOptions {
  readonly mof: string
  readonly mfl: string
  readonly amendment?: string | undefined
  readonly namespace: string
}

/** Returns the exit status. Writes nothing if the file has errors. */
export const amend = async (file: string, options: AmendOptions): Promise<number> => {
  const { amendment, namespace } = options
  const halves = Mof.split(await bytesOf(file), { ...reader(file, options), namespace, amendment })
  if (Either.isLeft(halves)) throw new BadInput(halves.left.map(({ message }) => message))
  writeFileSync(options.mof, halves.right.neutral)
  writeFileSync(options.mfl, halves.right.localized)
  print(`${options.mof}, ${options.mfl} (${halves.right.locale})`)
  return 0
}
