/**
 * `effect-wmi ls`: lists the instances of a class, or the namespaces.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { ResolvedClass } from "../../engine/classes/ResolvedClass.ts"
import * as CimName from "../../model/CimName.ts"
import { defaultNamespace } from "../../model/limits.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { CimValue, Instance } from "../../model/WbemObject.ts"
import * as Wmi from "../../Wmi.ts"
import type { Register } from "../register.ts"
import { answered } from "../place/answer.ts"
import { namespacesBelow } from "../objects/lists.ts"
import { loadSchema } from "../objects/classLoader.ts"
import { comparePaths, pathIn } from "../objects/schema.ts"
import { existingTarget, namespaceOf, pathOf, type Target } from "../place/target.ts"
import { cellText, objectJson, printText } from "../objects/objectText.ts"
import { BadInput, print, printDiagnostics, printJson } from "../terminal/output.ts"
import { table } from "../objects/table.ts"
import { type NamespaceOptions, withNamespace } from "../place/namespaceOptions.ts"

/** The options of the command. */
export interface LsOptions extends NamespaceOptions {
  readonly long?: boolean | undefined
  readonly properties?: string | undefined
  readonly shallow?: boolean | undefined
}

/** The value of a property by its name in any case. */
const valueOf = ({ values }: Instance, name: string): CimValue => {
  const spelled = Object.keys(values).find((one) => CimName.equals(one, name))
  return spelled === undefined ? null : values[spelled]!
}

/** The columns of a table: the keys, then the properties that an instance has a value for. */
const columnsOf = (resolved: ResolvedClass, instances: ReadonlyArray<Instance>): ReadonlyArray<string> => {
  const used = resolved.properties.filter(({ isKey, name }) =>
    !isKey && instances.some((instance) => valueOf(instance, name) !== null)
  )
  return [...resolved.keys, ...used].map(({ name }) => name)
}

/** The names of `--properties` in the spelling of the class. A subclass may have more properties than the class. */
const namedColumns = (text: string, classes: ReadonlyArray<ResolvedClass>): ReadonlyArray<string> =>
  text.split(",").map((name) => name.trim()).filter((name) => name !== "").map((name) => {
    const found = classes.map(({ properties }) => CimName.find(properties, name)).find((one) => one !== undefined)
    if (found === undefined) {
      throw new BadInput({
        message: `--properties: class ${classes[0]!.name} has no property ${name}`,
        hint: `its properties are ${classes[0]!.properties.map((property) => property.name).join(", ")}`
      })
    }
    return found.name
  })

const printTable = (
  columns: ReadonlyArray<string>,
  instances: ReadonlyArray<Instance>
): void => {
  const rows = instances.map((instance) => columns.map((name) => cellText(valueOf(instance, name))))
  const { leftOut, lines } = table(columns, rows, process.stdout.isTTY ? process.stdout.columns || 80 : undefined)
  printText(lines.map((line) => `${line}\n`).join(""))
  if (leftOut.length > 0) {
    const message = `the terminal has no room for ${leftOut.join(", ")}`
    printDiagnostics([{ severity: "note", message, hint: "--properties chooses the columns" }])
  }
}

const namespaces = (options: LsOptions, target: Target): Promise<number> => {
  const within = options.namespace === undefined ? undefined : namespaceOf(options.namespace, target)
  return answered(target, namespacesBelow(within), (names) => {
    for (const name of names) options.json === true ? printJson({ namespace: name }) : print(name)
  })
}

/** Prints the instances of a class, or the namespaces. Returns 1 if the class or the namespace does not exist. */
export const ls = async (className: string | undefined, options: LsOptions): Promise<number> => {
  const target = await existingTarget(options)
  if (className === undefined) return await namespaces(options, target)
  const { namespace, path } = pathOf(className, target, namespaceOf(options.namespace ?? defaultNamespace, target))
  if (path.keys.length > 0 || path.singleton) {
    throw new BadInput({
      message: `${className} is the path of an instance, and ls takes a class`,
      hint: "'effect-wmi get' prints an instance"
    })
  }
  const program = Effect.gen(function* () {
    const instances = yield* Wmi.instancesOf(path.className!, { namespace, deep: options.shallow !== true })
    const listed = yield* Wmi.get(ObjectPath.make({ ...path }), { namespace })
    return [instances, yield* loadSchema(namespace, [listed, ...instances]), listed] as const
  })
  return await answered(target, program, ([unsorted, schema, listed]) => {
    const sorted = unsorted.map((instance) => [pathIn(schema, instance), instance] as const)
      .sort(([a], [b]) => comparePaths(a, b))
    const instances = sorted.map(([, instance]) => instance)
    if (options.json === true) {
      for (const [at, instance] of sorted) {
        const json = objectJson(instance, namespace)
        if (Either.isLeft(json)) throw new BadInput({ message: `${ObjectPath.format(at)}: ${json.left}` })
        printJson(json.right)
      }
    } else if (options.long === true || options.properties !== undefined) {
      const name = listed._tag === "Class" ? listed.name : listed.className
      const resolved = schema.resolved(name)!
      const below = [...new Set(instances.map((instance) => instance.className))]
        .flatMap((one) => schema.resolved(one) ?? [])
      printTable(
        options.properties === undefined
          ? columnsOf(resolved, instances)
          : namedColumns(options.properties, [resolved, ...below]),
        instances
      )
    } else for (const [at] of sorted) print(ObjectPath.relPath(at))
  })
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  withNamespace(program.command("ls"), "one line of JSON for each instance, which put reads, or for each namespace")
    .description("list the instances of a class by their paths; without a class the namespaces")
    .argument("[class]", "with its subclasses, such as Win32_Service or root\\corp:Corp_Asset")
    .option("-l, --long", "a table of keys and values; fitted to a terminal, with tabs elsewhere")
    .option("--properties <names>", "a table of these properties, such as Name,State")
    .option("--shallow", "without the instances of subclasses")
    .action(withStatus((className: string | undefined, options: LsOptions) => ls(className, options)))
}
