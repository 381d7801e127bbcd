/**
 * The options of the commands that work on objects of one namespace of a target: `get`, `ls`, `classes`, `rm` and `export`.
 *
 * @internal
 */
import type { Command } from "commander"
import { defaultNamespace } from "../../model/limits.ts"
import { type TargetOptions, withTarget } from "./target.ts"

/** The target, its namespace and the form of the output. */
export interface NamespaceOptions extends TargetOptions {
  readonly namespace?: string | undefined
  readonly json?: boolean | undefined
}

/** Adds these options. `json` describes `--json`. */
export const withNamespace = (command: Command, json: string): Command =>
  withTarget(command)
    .option("--namespace <path>", `where to look; ${defaultNamespace} by default`)
    .option("--json", json)
