/**
 * `effect-wmi diff`: compares two states of namespaces, or a state with a store, a world or a Windows computer.
 *
 * @internal
 */
import * as Either from "effect/Either"
import type * as SnapshotDiff from "../../engine/state/SnapshotDiff.ts"
import { changeJson, memberLine } from "../compare/changeText.ts"
import { stateOf } from "../compare/operand.ts"
import { type ObjectChange, stateChanges } from "../compare/stateChanges.ts"
import { isMeant, targetState } from "../compare/targetState.ts"
import type { Register } from "../register.ts"
import { answerOf, refused } from "../place/answer.ts"
import { existingTarget, isHost, type TargetOptions, withTarget } from "../place/target.ts"
import { BadInput, paint, print, printJson } from "../terminal/output.ts"

/** The options of the command. */
interface DiffOptions extends TargetOptions {
  readonly json?: boolean | undefined
  readonly summary?: boolean | undefined
  readonly all?: boolean | undefined
}

const show = (list: ReadonlyArray<ObjectChange>, { json, summary }: DiffOptions): number => {
  const counts: Record<SnapshotDiff.ChangeKind, number> = { created: 0, changed: 0, removed: 0 }
  for (const { change, changes, path } of list) {
    counts[change]++
    if (summary === true) continue
    if (json === true) {
      printJson({ change, path, ...(change === "changed" ? { changes: changes.map(changeJson) } : {}) })
    } else {
      print(paint(change === "created" ? "added" : change, change), ` ${path}`)
      for (const one of changes) print("  ", memberLine(one))
    }
  }
  if (json === true) printJson(counts)
  else print(`${counts.created} created, ${counts.changed} changed, ${counts.removed} removed`)
  return list.length === 0 ? 0 : 1
}

/** Prints the objects that differ. Returns 1 if there are any, otherwise 0. */
const diff = async (first: string, second: string | undefined, options: DiffOptions): Promise<number> => {
  const hasTarget = options.store !== undefined || options.world !== undefined || isHost(options)
  if (second !== undefined && hasTarget) {
    throw new BadInput({
      name: "UsageError",
      message: `diff compares ${first} with one other state, and two are given`,
      hint: `leave ${second} or the option out`
    })
  }
  if (second === undefined && !hasTarget) {
    throw new BadInput({
      name: "UsageError",
      message: `diff needs a second state to compare ${first} with`,
      hint: "give a file, or --store FILE, --world NAME, --host NAME or --prefix WORDS"
    })
  }
  if (second !== undefined) return show(stateChanges(await stateOf(first), await stateOf(second)), options)
  const target = await existingTarget(options)
  const before = await stateOf(first)
  const after = await answerOf(target, targetState(before))
  if (Either.isLeft(after)) return refused(after.left)
  const status = show(stateChanges(before, after.right.value, isMeant(before, options.all === true)), options)
  return after.right.warnings === 0 ? status : 1
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  withTarget(program.command("diff"))
    .description("what was created, changed and removed from one state to another; status 1 if anything was")
    .argument("<before>", "a store, a dump, a .mof or .json file, or world:windows")
    .argument(
      "[after]",
      "the same; without it the place that an option names, in the namespaces and classes of <before>"
    )
    .option("--all", "with an option: also the classes that only that place has")
    .option("--summary", "only the counts")
    .option("--json", "one line of JSON for each object and one for the summary")
    .action(
      withStatus((before: string, after: string | undefined, options: DiffOptions) => diff(before, after, options))
    )
}
