/**
 * `effect-wmi check`: reads MOF and says what stands in it, without putting anything.
 *
 * @internal
 */
import * as Mof from "../mof/Mof.ts"
import { bytesOf, KnownClasses, mof } from "./input.ts"

const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** Answers the exit status: 0 when every file is free of errors, 2 otherwise. */
export const check = (files: ReadonlyArray<string>, options: { readonly json?: boolean | undefined }): number => {
  let bad = 0
  const known = new KnownClasses()
  for (const file of files) {
    const result = mof(file, bytesOf(file), undefined, known)
    known.add([...Mof.operations(result)])
    const { counts, encoding, pragmas } = result
    // A check looks at no namespace, and the class may be there (`mof` 9.4).
    const errors = result.errors.filter(({ name }) => name !== "InvalidClass")
    const unknown = result.errors.filter(({ name }) => name === "InvalidClass").map((error) => ({
      ...error,
      message: `${error.found}; a put needs a namespace that has it`
    }))
    const warnings = [...result.warnings, ...unknown]
    if (errors.length > 0) bad++
    if (options.json === true) {
      const faults = errors.map(({ code, column, line, message }) => ({
        line,
        column,
        code: `0x${code.toString(16).toUpperCase()}`,
        message
      }))
      print(
        JSON.stringify({
          file,
          encoding,
          ...counts,
          pragmas,
          errors: faults,
          warnings: warnings.map(({ column, line, message }) => ({ line, column, message }))
        })
      )
      continue
    }
    for (const error of errors) print(error.message)
    for (const { column, file: at, line, message } of warnings) print(`${at}:${line}:${column}: warning: ${message}`)
    print(
      `${file}: ${counts.classes} classes (${counts.associations} associations, ${counts.properties} properties, `
        + `${counts.references} references, ${counts.methods} methods), ${counts.instances} instances, `
        + `${counts.qualifierUses} qualifiers, ${errors.length} errors, ${warnings.length} warnings (${encoding})`
    )
  }
  return bad === 0 ? 0 : 2
}
