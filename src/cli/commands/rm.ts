/**
 * `effect-wmi rm`: deletes classes, instances and namespaces.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { defaultNamespace } from "../../model/limits.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import * as Wmi from "../../Wmi.ts"
import type { Register } from "../register.ts"
import { answerOf, badInputOf, type LabelledLayer, refused } from "../place/answer.ts"
import {
  type Deletion,
  listedDeletion,
  listedDeletions,
  plannedDeletions,
  single,
  takesOthers
} from "../objects/deletion.ts"
import { existingTarget, namespaceOf, pathOf, type TargetServices } from "../place/target.ts"
import { counted, listed } from "../terminal/counts.ts"
import { print, printDiagnostics, printJson } from "../terminal/output.ts"
import { type NamespaceOptions, withNamespace } from "../place/namespaceOptions.ts"

/** The options of the command. */
interface RmOptions extends NamespaceOptions {
  readonly dryRun?: boolean | undefined
  readonly ifExists?: boolean | undefined
}

type DeletionOf<R> = (path: ObjectPath.ObjectPath, namespace: string) => Effect.Effect<Deletion, WbemError, R>

/** Deletes the object of a path. What goes with it is counted first. */
const remove: DeletionOf<TargetServices> = (path, namespace) =>
  Effect.flatMap(
    takesOthers(path) ? listedDeletion(path, namespace) : Effect.succeed(single(path)),
    (deletion) => Effect.map(Wmi.delete(path, { namespace }), (deleted) => ({ ...deletion, path: deleted }))
  )

const report = ({ counts, path, taken }: Deletion, options: RmOptions): void => {
  const isDryRun = options.dryRun === true
  const name = ObjectPath.format(ObjectPath.make({ ...path, server: undefined }))
  if (options.json === true) return printJson({ [isDryRun ? "wouldRemove" : "removed"]: name, ...counts, with: taken })
  const { classes, instances, namespaces } = counts
  const others = listed([
    ...namespaces === 0 ? [] : [counted(namespaces, "namespace")],
    ...classes === 0 ? [] : [counted(classes, "class", "classes")],
    ...instances === 0 ? [] : [counted(instances, "instance")]
  ])
  print(`${isDryRun ? "would remove" : "removed"} ${name}${others === "" ? "" : `, with ${others}`}`)
  if (isDryRun) { for (const one of taken) print(`  ${one}`) }
}

type Named = ReturnType<typeof pathOf>

/** Deletes in the order of the paths. A refusal does not end the run. */
const removeAll = async <R>(
  named: ReadonlyArray<Named>,
  target: LabelledLayer<R>,
  deletionOf: DeletionOf<R>,
  options: RmOptions
): Promise<number> => {
  let status = 0
  const program = Effect.forEach(
    named,
    ({ namespace, path }) =>
      Effect.flatMap(Effect.either(deletionOf(path, namespace)), (answer) => {
        if (Either.isRight(answer)) return Effect.sync(() => report(answer.right, options))
        const error = answer.left
        if (badInputOf(error, target.label) !== undefined) return Effect.fail(error)
        return Effect.sync(() => {
          if (error.status === "NotFound" && options.ifExists === true) return
          status = refused(error)
        })
      }),
    { discard: true }
  )
  const answer = await answerOf(target, program)
  return Either.isLeft(answer) ? refused(answer.left) : status
}

/** Deletes the objects of some paths. Returns 1 if a delete was refused; the others are done. */
const rm = async (paths: ReadonlyArray<string>, options: RmOptions): Promise<number> => {
  const target = await existingTarget(options)
  const within = namespaceOf(options.namespace ?? defaultNamespace, target)
  const named = paths.map((text) => pathOf(text, target, within))
  if (options.dryRun !== true) {
    const status = await removeAll(named, target, remove, options)
    if (target.kind === "memory") {
      printDiagnostics([{ severity: "note", message: `${target.label} is in memory, so nothing of this is kept` }])
    }
    return status
  }
  return target.emulated === undefined
    ? await removeAll(named, target, listedDeletions(), options)
    : await removeAll(named, { label: target.label, layer: target.emulated }, plannedDeletions(), options)
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  withNamespace(program.command("rm"), "one line of JSON for each path")
    .description("delete classes, instances and namespaces; a class goes with its subclasses and all their instances")
    .argument("<path...>", 'such as Corp_Asset.Id="A1", root\\corp:Corp_Asset or root:__NAMESPACE.Name="corp"')
    .option("--dry-run", "list what would go and delete nothing")
    .option("--if-exists", "an object that does not exist is no failure")
    .action(withStatus((paths: ReadonlyArray<string>, options: RmOptions) => rm(paths, options)))
}
