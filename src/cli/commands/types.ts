/**
 * `effect-wmi types`: writes the TypeScript module of the classes of MOF files.
 *
 * @internal
 */
import { Option } from "commander"
import { added, reading, type Register } from "../register.ts"
import type { ClassDefinition } from "../../model/WbemObject.ts"
import * as CimName from "../../model/CimName.ts"
import { defaultNamespace } from "../../model/limits.ts"
import * as WmiClass from "../../typed/WmiClass.ts"
import { bytesOf, filesOf, KnownClasses, mof, mofFiles, type MofReadOptions } from "../input/input.ts"
import { filesOnly, namespaceOf } from "../place/target.ts"
import { checkOutputs } from "../terminal/checkOutput.ts"
import { counted } from "../terminal/counts.ts"
import { fromMof } from "../terminal/diagnostics.ts"
import { BadInput, printDiagnostics, printResult } from "../terminal/output.ts"
import { isStandardOutput, writeFile } from "../terminal/writeFile.ts"
import * as Mof from "../../mof/Mof.ts"

/** The options of the command. */
interface TypesOptions extends MofReadOptions {
  readonly out?: string | undefined
  readonly namespace?: string | undefined
  readonly class: ReadonlyArray<string>
  readonly full?: boolean | undefined
  readonly from?: string | undefined
}

/** A class of a file. */
interface Declared {
  readonly definition: ClassDefinition
  readonly namespace: string
  /** Whether a `#pragma namespace` stands before it. */
  readonly isGiven: boolean
}

/** The classes of the files, each in the namespace in which the files declare it. Throws the errors of the files. */
const declared = async (
  files: ReadonlyArray<string>,
  options: TypesOptions,
  namespace: string
): Promise<ReadonlyArray<Declared>> => {
  const known = new KnownClasses()
  const classes: Array<Declared> = []
  for (const file of files) {
    const bytes = await bytesOf(file)
    const parsed = (namespace: string) =>
      mof(file, bytes, options, known, { namespace, classFlags: 0, instanceFlags: 0 })
    const result = parsed(namespace)
    if (result.errors.length > 0) throw new BadInput(result.errors.map(fromMof))
    // A class that another default does not move has its namespace from the file.
    const moved = result.items.some((item) => item.namespace === namespace) ? parsed(`${namespace}\\other`).items : []
    known.add([...Mof.operations(result)])
    for (const [i, item] of result.items.entries()) {
      if (item._tag !== "Class") continue
      const { definition, namespace: within } = item
      classes.push({ definition, namespace: within, isGiven: within !== namespace || moved[i]?.namespace === within })
    }
  }
  return classes
}

/** Throws if a class is declared in two namespaces, because a module has one class of a name, or not in that of its superclass. */
const refuseTwoNamespaces = (classes: ReadonlyArray<Declared>): void => {
  const namespaces = new Map<string, string>()
  for (const { definition, namespace } of classes) {
    const folded = CimName.fold(definition.name)
    const other = namespaces.get(folded)
    if (other !== undefined && !CimName.equals(other, namespace)) {
      throw new BadInput({
        message: `class ${definition.name} is declared in ${other} and in ${namespace}`,
        hint: "--namespace selects one"
      })
    }
    namespaces.set(folded, namespace)
  }
  for (const { definition: { name, superclass }, namespace } of classes) {
    const above = superclass === undefined ? undefined : namespaces.get(CimName.fold(superclass))
    if (above !== undefined && !CimName.equals(above, namespace)) {
      throw new BadInput({
        message: `class ${name} is declared in ${namespace}, its superclass ${superclass} in ${above}`,
        hint: "--namespace selects one"
      })
    }
  }
}

/** Returns the exit status. Writes nothing if a file has errors. */
const types = async (files: ReadonlyArray<string>, options: TypesOptions): Promise<number> => {
  const within = options.namespace === undefined ? undefined : namespaceOf(options.namespace, filesOnly)
  const file = options.out === undefined || isStandardOutput(options.out) ? undefined : options.out
  const inputs = filesOf(files, mofFiles)
  const included: Array<string> = []
  const all = await declared(
    inputs,
    { ...options, included: (name) => included.push(name) },
    within ?? defaultNamespace
  )
  if (file !== undefined) checkOutputs([file], { inputs: new Set([...inputs, ...included]) })
  const classes = within === undefined ? all : all.filter(({ namespace }) => CimName.equals(namespace, within))
  if (classes.length === 0) {
    throw new BadInput({
      file: files.join(", "),
      message: `no class is declared${within === undefined ? "" : ` in namespace ${within}`}`
    })
  }
  refuseTwoNamespaces(classes)
  const given = new Map(
    classes.flatMap(({ definition: { name }, isGiven, namespace }) => isGiven ? [[CimName.fold(name), namespace]] : [])
  )
  let printed: WmiClass.Printed
  try {
    printed = WmiClass.print(classes.map(({ definition }) => definition), {
      namespace: within ?? ((name) => given.get(CimName.fold(name))),
      from: options.from,
      full: options.full,
      only: options.class.length === 0 ? undefined : options.class
    })
  } catch (error) {
    if (error instanceof RangeError) throw new BadInput({ file: files.join(", "), message: error.message })
    throw error
  }
  printDiagnostics(printed.notes.map((note) => ({ severity: "note", message: note })))
  if (file === undefined) {
    process.stdout.write(printed.text) // source text: the printer escapes what is foreign in it
    return 0
  }
  await writeFile(file, [printed.text])
  const { size } = printed.names
  printResult(`${file}: ${counted(size, "type")}`, { file, types: size })
  return 0
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  reading(program.command("types"))
    .description("write the TypeScript module of the classes of some files, for effect-wmi/WmiClass")
    .argument("<file...>")
    .option("-o, --out <file>", "where the module goes; - or without it standard output")
    .option(
      "--namespace <path>",
      "where classes are before a #pragma namespace; only its classes are written, with this namespace in them"
    )
    .addOption(
      new Option("--class <name>", "only this class and those above it; may be given again").argParser(added).default(
        [],
        "all"
      )
    )
    .option("--full", "with qualifiers and methods, so that the classes can be registered as they are in the files")
    .option("--from <module>", "the module of WmiClass", "effect-wmi/WmiClass")
    .option("--json", "errors and notes as lines of JSON, and with --out the result")
    .action(withStatus((files: ReadonlyArray<string>, options: TypesOptions) => types(files, options)))
}
