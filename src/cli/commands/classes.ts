/**
 * `effect-wmi classes`: lists the classes of a namespace.
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"
import { defaultNamespace } from "../../model/limits.ts"
import type { ClassDefinition } from "../../model/WbemObject.ts"
import * as Wmi from "../../Wmi.ts"
import type { Register } from "../register.ts"
import { answered } from "../place/answer.ts"
import { globOf } from "../objects/globOf.ts"
import { type NamespaceOptions, withNamespace } from "../place/namespaceOptions.ts"
import { existingTarget, namespaceOf } from "../place/target.ts"
import { print, printJson } from "../terminal/output.ts"

/** The options of the command. */
interface ClassesOptions extends NamespaceOptions {
  readonly system?: boolean | undefined
  readonly tree?: boolean | undefined
}

const byName = (a: ClassDefinition, b: ClassDefinition): number => CimName.compare(a.name, b.name)

/** The classes as a tree: each below its superclass, siblings by name. Classes above a selected one are part of it. */
const treeLines = (
  all: ReadonlyArray<ClassDefinition>,
  isSelected: (name: string) => boolean
): ReadonlyArray<string> => {
  const known = new Map(all.map((definition) => [CimName.fold(definition.name), definition]))
  const below = new Map<string, Array<ClassDefinition>>()
  for (const definition of all) {
    const above = definition.superclass === undefined ? undefined : known.get(CimName.fold(definition.superclass))
    const key = above === undefined ? "" : CimName.fold(above.name)
    below.set(key, [...below.get(key) ?? [], definition])
  }
  const lines = (key: string, depth: number): ReadonlyArray<string> =>
    [...below.get(key) ?? []].sort(byName).flatMap((definition) => {
      const inner = lines(CimName.fold(definition.name), depth + 1)
      return inner.length === 0 && !isSelected(definition.name) ? [] : ["  ".repeat(depth) + definition.name, ...inner]
    })
  return lines("", 0)
}

/** Prints the classes of a namespace whose names match. Returns 0, also if there is none. */
const classes = async (pattern: string | undefined, options: ClassesOptions): Promise<number> => {
  const target = await existingTarget(options)
  const namespace = namespaceOf(options.namespace ?? defaultNamespace, target)
  const isSelected = globOf(pattern ?? "*")
  return await answered(target, Wmi.classes({ namespace, system: options.system }), (all) => {
    const selected = all.filter(({ name }) => isSelected(name)).sort(byName)
    if (options.json === true) {
      for (const { name, superclass } of selected) printJson({ name, superclass: superclass ?? null, namespace })
    } else if (options.tree === true) {
      for (const line of treeLines(all, isSelected)) print(line)
    } else {
      for (const { name, superclass } of selected) print(superclass === undefined ? name : `${name} : ${superclass}`)
    }
  })
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  withNamespace(
    program.command("classes"),
    "one line of JSON for each class",
    `the namespace, ${defaultNamespace} by default`
  )
    .description("list the classes of a namespace with their superclasses")
    .argument("[pattern]", "only these, such as 'Win32_*'; upper and lower case are the same")
    .option("--tree", "each class below its superclass")
    .option("--system", "also the system classes")
    .action(withStatus((pattern: string | undefined, options: ClassesOptions) => classes(pattern, options)))
}
