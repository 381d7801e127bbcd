/**
 * `effect-wmi amend`: splits MOF into a neutral and a localised file, as mofcomp does under `-AMENDMENT` (`mof` 8).
 *
 * @internal
 */
import { writeFileSync } from "node:fs"
import * as Either from "effect/Either"
import * as Mof from "../mof/Mof.ts"
import { BadInput, bytesOf, reader } from "./input.ts"

/** What the command line gives. */
export interface AmendOptions {
  readonly mof: string
  readonly mfl: string
  readonly amendment?: string | undefined
  readonly namespace: string
}

/** Answers the exit status; nothing is written unless both halves are there. */
export const amend = (file: string, options: AmendOptions): number => {
  const { amendment, namespace } = options
  const halves = Mof.split(bytesOf(file), { ...reader(file), namespace, amendment })
  if (Either.isLeft(halves)) throw new BadInput(halves.left.map(({ message }) => message).join("\n"))
  writeFileSync(options.mof, halves.right.neutral)
  writeFileSync(options.mfl, halves.right.localized)
  process.stdout.write(`${options.mof}, ${options.mfl} (${halves.right.locale})\n`)
  return 0
}
