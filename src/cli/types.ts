/**
 * `effect-wmi types`: writes the TypeScript module of the classes of MOF files.
 *
 * @internal
 */
import { writeFileSync } from "node:fs"
import type { ClassDefinition } from "../model/WbemObject.ts"
import * as CimName from "../model/CimName.ts"
import { defaultNamespace } from "../model/limits.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import * as WmiClass from "../typed/WmiClass.ts"
import { bytesOf, KnownClasses, mof, type MofReadOptions } from "./input.ts"
import { BadInput, print, printErrors, reasonOf } from "./output.ts"
import * as Mof from "../mof/Mof.ts"

/** The options of the command. */
export interface TypesOptions extends MofReadOptions {
  readonly out?: string | undefined
  readonly namespace?: string | undefined
  readonly class: ReadonlyArray<string>
  readonly full?: boolean | undefined
  readonly from?: string | undefined
}

/** The classes of the files, each in the namespace in which the files declare it. Throws the errors of the files. */
const declared = async (
  files: ReadonlyArray<string>,
  options: TypesOptions,
  namespace: string
): Promise<ReadonlyArray<{ readonly namespace: string; readonly definition: ClassDefinition }>> => {
  const known = new KnownClasses()
  const classes: Array<{ readonly namespace: string; readonly definition: ClassDefinition }> = []
  for (const file of files) {
    const defaults = { namespace, classFlags: 0, instanceFlags: 0 }
    const result = mof(file, await bytesOf(file), options, known, defaults)
    if (result.errors.length > 0) throw new BadInput(result.errors.map(({ message }) => message))
    known.add([...Mof.operations(result)])
    for (const item of result.items) {
      if (item._tag === "Class") classes.push({ namespace: item.namespace, definition: item.definition })
    }
  }
  return classes
}

/** Throws if a class is declared in two namespaces: a module has one class of a name. */
const refuseTwoNamespaces = (
  classes: ReadonlyArray<{ readonly namespace: string; readonly definition: ClassDefinition }>
): void => {
  const namespaces = new Map<string, string>()
  for (const { definition, namespace } of classes) {
    const folded = CimName.fold(definition.name)
    const other = namespaces.get(folded)
    if (other !== undefined && !CimName.equals(other, namespace)) {
      throw new BadInput(
        `class ${definition.name} is declared in ${other} and in ${namespace}; --namespace selects one`
      )
    }
    namespaces.set(folded, namespace)
  }
}

/** Returns the exit status. Writes nothing if a file has errors. */
export const types = async (files: ReadonlyArray<string>, options: TypesOptions): Promise<number> => {
  const within = options.namespace === undefined ? undefined : ObjectPath.namespaceText(options.namespace)
  const all = await declared(files, options, within ?? defaultNamespace)
  const classes = within === undefined ? all : all.filter(({ namespace }) => CimName.equals(namespace, within))
  if (classes.length === 0) {
    throw new BadInput(
      `${files.join(", ")}: no class is declared${within === undefined ? "" : ` in namespace ${within}`}`
    )
  }
  refuseTwoNamespaces(classes)
  let printed: WmiClass.Printed
  try {
    printed = WmiClass.print(classes.map(({ definition }) => definition), {
      namespace: within,
      from: options.from,
      full: options.full,
      only: options.class.length === 0 ? undefined : options.class
    })
  } catch (error) {
    if (error instanceof RangeError) throw new BadInput(`${files.join(", ")}: ${error.message}`)
    throw error
  }
  printErrors(printed.notes.map((note) => `note: ${note}`))
  if (options.out === undefined) {
    process.stdout.write(printed.text) // source text: the printer escapes what is foreign in it
    return 0
  }
  try {
    writeFileSync(options.out, printed.text)
  } catch (error) {
    throw new BadInput(`${options.out}: cannot be written: ${reasonOf(error)}`)
  }
  print(`${options.out}: ${printed.names.size} types`)
  return 0
}
