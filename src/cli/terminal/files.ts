/**
 * Files that the command writes.
 *
 * @internal
 */
import { writeFileSync } from "node:fs"
import { BadInput, reasonOf } from "./output.ts"

/** Writes a file. Throws `BadInput` if that is not possible. */
export const writeText = (file: string, content: string | Uint8Array): void => {
  try {
    writeFileSync(file, content)
  } catch (error) {
    throw new BadInput({ file, message: `cannot be written: ${reasonOf(error)}` })
  }
}
