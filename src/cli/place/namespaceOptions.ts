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

/** Adds these options. The texts describe `--json` and `--namespace`. */
export const withNamespace = (
  command: Command,
  json: string,
  namespace: string = `the namespace, ${defaultNamespace} by default; a path may have its own`
): Command =>
  withTarget(command)
    .option("--namespace <path>", namespace)
    .option("--json", json)
