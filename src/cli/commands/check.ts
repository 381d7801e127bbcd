/**
 * `effect-wmi check`: reads MOF files and reports their content and errors, without putting anything.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as CimName from "../../model/CimName.ts"
import { defaultNamespace } from "../../model/limits.ts"
import type { ClassDefinition } from "../../model/WbemObject.ts"
import * as Mof from "../../mof/Mof.ts"
import * as Wmi from "../../Wmi.ts"
import {
  bytesOf,
  filesOf,
  KnownClasses,
  mof,
  mofFiles,
  type MofReadOptions,
  type StoredClasses
} from "../input/input.ts"
import { reading, type Register } from "../register.ts"
import { run } from "../place/storeFile.ts"
import { existingTarget, filesOnly, namespaceOf } from "../place/target.ts"
import { counted } from "../terminal/counts.ts"
import { fromMof, jsonOf, linesOf } from "../terminal/diagnostics.ts"
import { print, printJson } from "../terminal/output.ts"

/** The options of the command. */
interface CheckCommandOptions extends MofReadOptions {
  readonly namespace: string
  readonly json?: boolean | undefined
  /** Whether the names of types and classes that are not known are errors. */
  readonly strict?: boolean | undefined
  /** A store whose classes are known. */
  readonly store?: string | undefined
  /** A world whose classes are known. */
  readonly world?: string | undefined
}

/** The classes of every namespace of a store or a world. */
const classesOf = async (options: CheckCommandOptions): Promise<StoredClasses> => {
  const found = new Map<string, ReadonlyMap<string, ClassDefinition>>()
  if (options.store === undefined && options.world === undefined) return found
  const { layer } = await existingTarget(options)
  const program = Effect.gen(function* () {
    for (const namespace of yield* Wmi.namespaces) {
      const classes = yield* Wmi.classes({ namespace })
      found.set(CimName.fold(namespace), new Map(classes.map((one) => [CimName.fold(one.name), one])))
    }
  })
  await run(Effect.provide(program, layer))
  return found
}

/**
 * The declarations that a put refuses unless its namespace has a class (`mof` 9.4). With `--strict` the class itself is
 * an error.
 */
const refusals = ({ items }: Mof.MofResult): ReadonlyArray<Mof.MofWarning> =>
  items.flatMap((item) => {
    if (item._tag !== "Refused") return []
    const { column, endColumn, file, found, line, sourceLine } = item.error
    const message = `${found}; a put needs a namespace that has it`
    return [{ _tag: "MofWarning", file, line, column, endColumn, sourceLine, name: "UnknownClass", message } as const]
  })

/** A fault as JSON: the facts of its diagnostic, with `message` for the text. */
const faultJson = (fault: Mof.MofError | Mof.MofWarning): object => {
  const { error, warning, ...facts } = jsonOf(fromMof(fault))
  return { message: error ?? warning, ...facts }
}

/** Returns the exit status: 0 if no file has errors, otherwise 2. */
const check = async (
  files: ReadonlyArray<string>,
  options: CheckCommandOptions
): Promise<number> => {
  let bad = 0
  const { strict = false } = options
  const namespace = namespaceOf(options.namespace, filesOnly)
  const known = new KnownClasses(await classesOf(options))
  for (const file of filesOf(files, mofFiles)) {
    const result = mof(file, await bytesOf(file), options, known, {
      namespace,
      classFlags: 0,
      instanceFlags: 0,
      knownClasses: known.names,
      strict
    })
    known.add([...Mof.operations(result)])
    const { counts, encoding, errors, pragmas } = result
    const warnings = strict ? result.warnings : [...result.warnings, ...refusals(result)]
    if (errors.length > 0) bad++
    if (options.json === true) {
      printJson({
        file,
        encoding,
        ...counts,
        pragmas,
        errors: errors.map(faultJson),
        warnings: warnings.map(faultJson)
      })
      continue
    }
    for (const fault of [...errors, ...warnings]) for (const line of linesOf(fromMof(fault))) print(...line)
    print(
      `${file}: ${counted(counts.classes, "class", "classes")} (${counted(counts.associations, "association")}, `
        + `${counted(counts.properties, "property", "properties")}, ${counted(counts.references, "reference")}, `
        + `${counted(counts.methods, "method")}), ${counted(counts.instances, "instance")}, `
        + `${counted(counts.qualifierUses, "qualifier")}, ${counted(errors.length, "error")}, `
        + `${counted(warnings.length, "warning")} (${encoding})`
    )
  }
  return bad === 0 ? 0 : 2
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  reading(program.command("check"))
    .description("read MOF, print its content and its errors, put nothing")
    .argument("<file...>")
    .option("--strict", "types, superclasses and classes that are not known are errors, and not warnings")
    .option("--store <file>", "the classes of this SQLite file are known")
    .option("--world <name>", "the classes of this emulated computer are known, such as windows")
    .option("--namespace <path>", "where objects go before a #pragma namespace", defaultNamespace)
    .option("--json", "one line of JSON for each file")
    .action(withStatus((files: ReadonlyArray<string>, options: CheckCommandOptions) => check(files, options)))
}
