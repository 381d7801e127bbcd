/**
 * `effect-wmi export`: writes namespaces as MOF, or as lines of JSON. A `put` of the text makes the same objects.
 *
 * @internal
 */
import * as Either from "effect/Either"
import { defaultNamespace } from "../../model/limits.ts"
import type { Register } from "../register.ts"
import { answerOf, refused } from "../place/answer.ts"
import { type Exported, exported, type ExportSelection } from "../objects/contents.ts"
import { existingTarget, namespaceOf } from "../place/target.ts"
import { checkOutputs } from "../terminal/checkOutput.ts"
import { counted, listed } from "../terminal/counts.ts"
import { printDiagnostics, printResult } from "../terminal/output.ts"
import { printText } from "../objects/objectText.ts"
import { isStandardOutput, writeFile } from "../terminal/writeFile.ts"
import { globOf } from "../objects/globOf.ts"
import { type NamespaceOptions, withNamespace } from "../place/namespaceOptions.ts"
import { jsonText, mofText, type Written } from "../objects/exportText.ts"

/** The options of the command. */
interface ExportOptions extends NamespaceOptions {
  readonly out?: string | undefined
  readonly recurse?: boolean | undefined
  readonly classesOnly?: boolean | undefined
}

interface Counts {
  readonly classes: number
  readonly instances: number
  readonly namespaces: number
}

/** What was written: everything but the objects without a form in the text. */
const countsOf = ({ namespaces }: Exported, { faults }: Written): Counts => {
  const sum = (of: (one: Exported["namespaces"][number]) => number): number =>
    namespaces.reduce((total, one) => total + of(one), 0)
  const leftOut = (wanted: "Class" | "Instance"): number => faults.filter(({ kind }) => kind === wanted).length
  return {
    classes: sum(({ classes }) => classes.length) - leftOut("Class"),
    instances: sum(({ instances }) => instances.length) - leftOut("Instance"),
    namespaces: namespaces.length
  }
}

const summary = ({ classes, instances, namespaces }: Counts): string =>
  `${listed([counted(classes, "class", "classes"), counted(instances, "instance")])} of ${
    counted(namespaces, "namespace")
  }`

/** Reports what has no form in the text and what is left out. */
const reportOthers = ({ provided }: Exported, { faults }: Written): void => {
  printDiagnostics(faults.map(({ path, reason }) => ({ message: `left out ${path}: ${reason}` })))
  if (provided.length > 0) {
    const classes = counted(provided.length, "class", "classes")
    printDiagnostics([{
      severity: "note",
      message: `the instances of ${classes} come from providers and are not exported`,
      hint: "'effect-wmi ls CLASS --json' lists them"
    }])
  }
}

/**
 * Writes the objects of a namespace. Returns 1 if an object has no form in MOF or cannot be read; the others are written. Returns 1 and
 * writes nothing if no class matches a pattern.
 */
const run = async (patterns: ReadonlyArray<string>, options: ExportOptions): Promise<number> => {
  const file = options.out === undefined || isStandardOutput(options.out) ? undefined : options.out
  if (file !== undefined) checkOutputs([file], { store: options.store })
  const target = await existingTarget(options)
  const isSelected = patterns.length === 0 ? undefined : patterns.map(globOf)
  const selection: ExportSelection = {
    namespace: namespaceOf(options.namespace ?? defaultNamespace, target),
    recurse: options.recurse === true,
    classesOnly: options.classesOnly === true,
    isSelected: isSelected && ((name) => isSelected.some((test) => test(name)))
  }
  const answer = await answerOf(target, exported(selection))
  if (Either.isLeft(answer)) return refused(answer.left)
  const { value, warnings } = answer.right
  const unmatched = patterns.filter((_, i) => !value.names.some((name) => isSelected![i]!(name)))
  if (unmatched.length > 0) {
    printDiagnostics(
      unmatched.map((pattern) => ({ message: `${pattern}: no class of ${selection.namespace} matches` }))
    )
    return 1
  }
  const written = (options.json === true ? jsonText : mofText)(value)
  if (file === undefined) printText(written.chunks.join(""))
  else {
    await writeFile(file, written.chunks)
    const counts = countsOf(value, written)
    printResult(`${file}: ${summary(counts)}`, { file, ...counts })
  }
  reportOthers(value, written)
  return written.faults.length + warnings === 0 ? 0 : 1
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  withNamespace(
    program.command("export"),
    "lines of JSON that put reads, in place of MOF",
    `the namespace, ${defaultNamespace} by default`
  )
    .description("write the classes and instances of a namespace as MOF, which put reads back")
    .argument("[class...]", "only these with their instances and the classes above them, such as 'Corp_*'")
    .option("-o, --out <file>", "where the text goes, packed if the name ends in .gz; - or without it standard output")
    .option("--recurse", "also the namespaces below")
    .option("--classes-only", "without instances")
    .action(withStatus((patterns: ReadonlyArray<string>, options: ExportOptions) => run(patterns, options)))
}
