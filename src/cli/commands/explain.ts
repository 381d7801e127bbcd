/**
 * `effect-wmi explain`: explains a rule, a status, a flag word or a path.
 *
 * @internal
 */
import type { Register } from "../register.ts"
import * as Either from "effect/Either"
import * as ObjectPath from "../../model/ObjectPath.ts"
import * as HResult from "../../protocol/HResult.ts"
import * as PutFlags from "../../protocol/PutFlags.ts"
import * as Mof from "../../mof/Mof.ts"
import { escapeControl } from "../../model/escapeControl.ts"
import { explainRule, isRuleReference, listRules } from "../spec/explainRule.ts"
import { BadInput, print } from "../terminal/output.ts"
import { meanings } from "../spec/mofCodes.ts"

const number = /^-?(?:0[xX][0-9a-fA-F]{1,8}|\d{1,10})$/

/** Explains an error code of MOF text and returns whether the text is one. The other errors of MOF are in the table of statuses. */
const explainMofCode = (text: string): boolean => {
  const hresult = number.test(text) ? HResult.unsigned(Number(text)) : undefined
  const names = Object.keys(Mof.codes) as ReadonlyArray<Mof.CodeName>
  const name = names.find((candidate) =>
    hresult === undefined ? candidate.toLowerCase() === text.toLowerCase() : Mof.codes[candidate] === hresult
  )
  if (name === undefined) return false
  const code = Mof.codes[name]
  print(`${name}  ${HResult.hex(code)}  ${code}  ${HResult.signed(code)}`)
  print(`  an error of MOF text: ${meanings[name]}`)
  return true
}

const explainStatus = (text: string): void => {
  const row: HResult.StatusRow | undefined = number.test(text)
    ? HResult.fromNumber(Number(text))
    : HResult.fromName(text)
  if (row === undefined) {
    if (explainMofCode(text)) return
    if (!number.test(text)) throw new BadInput(`${text} is no number, no name of a status and no rule`)
    const hresult = HResult.unsigned(Number(text))
    print(
      `${HResult.hex(hresult)}  not in the table; it passes through as it is (${
        HResult.isFailure(hresult) ? "failure" : "success"
      })`
    )
    return
  }
  print(`${row.status}  ${HResult.hex(row.hresult)}  ${row.hresult}  ${HResult.signed(row.hresult)}`)
  print(`  ${row.com}: ${row.meaning}`)
  if (row.page !== undefined) print(`  the PutAsync page prints ${HResult.hex(row.page)} for it, which is a misprint`)
}

const explainFlags = (text: string): void => {
  if (!number.test(text)) throw new BadInput(`--flags: ${text} is no number`)
  const flags = Number(text)
  const { rows, unknown } = PutFlags.explain(flags)
  print(`0x${(flags >>> 0).toString(16).toUpperCase()}`)
  for (const row of rows) {
    print(
      `  0x${
        row.bits.toString(16).toUpperCase()
      } ${row.name} (${row.com}): ${row.meaning}; class ${row.class}, instance ${row.instance}`
    )
  }
  if (unknown !== 0) print(`  0x${unknown.toString(16).toUpperCase()} unassigned; class rejected, instance rejected`)
  for (const kind of ["Class", "Instance"] as const) {
    const decoded = PutFlags.decode(flags, kind)
    print(
      `  on ${kind === "Class" ? "a class" : "an instance"}: ${
        Either.isLeft(decoded)
          ? `InvalidParameter, ${decoded.left.detail}`
          : `${decoded.right.mode}${kind === "Class" ? `, ${decoded.right.update}` : ""}${
            decoded.right.status ? ", progress" : ""
          }${decoded.right.amended ? ", amended" : ""}`
      }`
    )
  }
}

const explainPath = (text: string): void => {
  const parsed = ObjectPath.parse(text)
  if (Either.isLeft(parsed)) {
    const before = escapeControl(text.slice(0, parsed.left.position))
    throw new BadInput([
      `InvalidObjectPath at position ${parsed.left.position}: ${parsed.left.reason}`,
      `  ${text}`,
      `  ${" ".repeat(before.length)}^`
    ])
  }
  const path = parsed.right
  print(`${ObjectPath.kind(path)}  ${ObjectPath.format(path)}`)
  if (path.server !== undefined) print(`  server     ${path.server}`)
  if (path.namespace !== undefined) print(`  namespace  ${path.namespace}`)
  if (path.className !== undefined) print(`  class      ${path.className}`)
  for (const { name, value } of path.keys) {
    print(
      `  key        ${name ?? "(the only one)"} = ${typeof value === "string" ? JSON.stringify(value) : String(value)}`
    )
  }
}

/** The options of the command. */
export interface ExplainOptions {
  readonly flags?: string | undefined
  readonly path?: string | undefined
  readonly rules?: boolean | undefined
}

/** Returns the exit status. `what` is one reference to a page, such as `qualifiers 3`, as words, or any number of ids and statuses. */
export const explain = (what: ReadonlyArray<string>, options: ExplainOptions): number => {
  if (what.length === 0 && options.flags === undefined && options.path === undefined && options.rules !== true) {
    throw new BadInput("explain what? Give a rule, a number, --flags, --path or --rules")
  }
  if (options.rules === true) listRules()
  const isPageReference = what[0] !== undefined && !/\d/.test(what[0]) && isRuleReference(what[0])
  for (const text of isPageReference ? [what.join(" ")] : what) {
    if (isRuleReference(text)) explainRule(text)
    else explainStatus(text)
  }
  if (options.flags !== undefined) explainFlags(options.flags)
  if (options.path !== undefined) explainPath(options.path)
  return 0
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  program.command("explain")
    .description("what a rule, a status, a flag word or a path means")
    .argument("[what...]", "CS-15, class-update 2.12 or qualifiers 3; 0x80041026, -2147217370 or ClassHasInstances")
    .option("--rules", "list the ids of all rules and the sections of their pages")
    .option("--flags <word>", "a flag word")
    .option("--path <text>", "an object path")
    .action(withStatus((what: ReadonlyArray<string>, options: ExplainOptions) => explain(what, options)))
}
