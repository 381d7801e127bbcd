/**
 * `effect-wmi explain`: explains a rule, a status, an error of MOF text or of Windows, a flag word or a path.
 *
 * @internal
 */
import type { Register } from "../register.ts"
import * as Either from "effect/Either"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { ObjectKind } from "../../model/WbemObject.ts"
import * as HResult from "../../protocol/HResult.ts"
import * as PutFlags from "../../protocol/PutFlags.ts"
import { explainRule, isRuleReference, listRules } from "../spec/explainRule.ts"
import { flagWord, unknownFlag } from "../spec/flagWord.ts"
import { lookUp, type Meaning, numbersOf, partsOf, suggestions } from "../spec/lookUp.ts"
import { BadInput, paint, print, printJson } from "../terminal/output.ts"

/** A number in its three forms. */
const forms = (hresult: number): string => `${HResult.hex(hresult)}  ${hresult}  ${HResult.signed(hresult)}`
const jsonForms = (hresult: number) => ({
  hresult: HResult.hex(hresult),
  unsigned: hresult,
  signed: HResult.signed(hresult)
})

const retryText: Readonly<Record<HResult.StatusRow["retry"], string | undefined>> = {
  Unchanged: "the same put may succeed when it is repeated",
  ReadFirst: "read the object before the put is repeated: it may have been stored",
  No: undefined
}

const printAdvice = (advice: string | undefined): void => {
  if (advice !== undefined) print("  ", paint("hint", "what to do:"), ` ${advice}`)
}

const printStatus = ({ advice, row }: Extract<Meaning, { readonly _tag: "Status" }>, json: boolean): void => {
  const { com, hresult, http, meaning, page, retry, status } = row
  if (json) {
    return printJson({
      status,
      ...jsonForms(hresult),
      com,
      meaning,
      retry,
      http,
      ...(page === undefined ? {} : { page: HResult.hex(page) }),
      ...(advice === undefined ? {} : { advice })
    })
  }
  print(paint("heading", status), `  ${forms(hresult)}`)
  print(`  ${com}: ${meaning}`)
  if (page !== undefined) print(`  the PutAsync page prints ${HResult.hex(page)} for it, which is a misprint`)
  if (retryText[retry] !== undefined) print(`  ${retryText[retry]}`)
  printAdvice(advice)
}

const printMof = ({ hresult, meaning, name }: Extract<Meaning, { readonly _tag: "Mof" }>, json: boolean): void => {
  if (json) return printJson({ mof: name, ...jsonForms(hresult), meaning })
  print(paint("heading", name), `  ${forms(hresult)}`)
  print(`  an error of MOF text: ${meaning}`)
}

const printWindows = (
  { error, hresult, win32 }: Extract<Meaning, { readonly _tag: "Windows" }>,
  json: boolean
): void => {
  const { advice, meaning, name } = error
  if (json) {
    return printJson({
      windows: name,
      ...jsonForms(hresult),
      ...(win32 === undefined ? {} : { win32 }),
      meaning,
      ...(advice === undefined ? {} : { advice })
    })
  }
  print(paint("heading", name), `  ${forms(hresult)}`)
  print(`  ${win32 === undefined ? "an error of COM" : `the Win32 error ${win32}`}, not of WMI: ${meaning}`)
  printAdvice(advice)
}

const kinds: ReadonlyArray<readonly [kind: ObjectKind, name: "class" | "instance", words: string]> = [
  ["Class", "class", "on a class"],
  ["Instance", "instance", "on an instance"]
]

const printFlags = (flags: number, json: boolean): void => {
  const { rows, unknown } = PutFlags.explain(flags)
  const hex = (bits: number): string => `0x${(bits >>> 0).toString(16).toUpperCase()}`
  if (json) {
    const decoded = kinds.map(([kind, name]) => [
      name,
      Either.merge(Either.mapBoth(PutFlags.decode(flags, kind), {
        onLeft: ({ detail, rule, status }) => ({ error: detail, status, rule }),
        onRight: (options) => options
      }))
    ])
    return printJson({ flags: hex(flags), names: PutFlags.names(flags), ...Object.fromEntries(decoded) as object })
  }
  print(paint("heading", hex(flags)), rows.length < 2 ? "" : `  ${PutFlags.names(flags).join(",")}`)
  for (const { bits, class: onClass, com, instance, meaning, name } of rows) {
    print(`  ${hex(bits)} ${name} (${com}): ${meaning}; class ${onClass}, instance ${instance}`)
  }
  if (unknown !== 0) print(`  ${hex(unknown)} unassigned; class rejected, instance rejected`)
  for (const [kind, , words] of kinds) {
    const decoded = PutFlags.decode(flags, kind)
    if (Either.isLeft(decoded)) {
      print(`  ${words}: `, paint("error", "InvalidParameter"), `, ${decoded.left.detail}`)
      continue
    }
    const { amended, mode, status, update } = decoded.right
    const facts = [
      mode,
      ...(kind === "Class" ? [update] : []),
      ...(status ? ["progress"] : []),
      ...(amended ? ["amended"] : [])
    ]
    print(`  ${words}: ${facts.join(", ")}`)
  }
}

const explainFlags = (text: string, json: boolean): void => {
  const word = flagWord(text)
  if ("flags" in word) return printFlags(word.flags, json)
  throw new BadInput(unknownFlag("--flags", word.unknown))
}

const explainPath = (text: string, json: boolean): void => {
  const parsed = ObjectPath.parse(text)
  if (Either.isLeft(parsed)) {
    const { position, reason } = parsed.left
    throw new BadInput({
      message: `--path: ${reason}`,
      name: "InvalidObjectPath",
      code: HResult.fromName("InvalidObjectPath")!.hresult,
      column: position + 1,
      sourceLine: text,
      hint: "a path is \\\\server\\root\\namespace:Class.Key=\"value\"; 'effect-wmi explain object-path' has the syntax"
    })
  }
  const path = parsed.right
  if (json) {
    const { className, keys, namespace, server } = path
    return printJson({
      path: ObjectPath.format(path),
      kind: ObjectPath.kind(path),
      ...(server === undefined ? {} : { server }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(className === undefined ? {} : { class: className }),
      keys: keys.map(({ name, value }) => ({
        ...(name === undefined ? {} : { name }),
        value: typeof value === "object" ? ObjectPath.format(value) : typeof value === "bigint" ? String(value) : value
      }))
    })
  }
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

const explainWord = (text: string, json: boolean): void => {
  const found = lookUp(text)
  switch (found?._tag) {
    case "Status":
      return printStatus(found, json)
    case "Mof":
      return printMof(found, json)
    case "Windows":
      return printWindows(found, json)
    case "Flags":
      return printFlags(found.flags, json)
    case undefined: {
      const [number] = numbersOf(text)
      const meant = suggestions(text)
      const list = meant.length === 0 ? undefined : `did you mean ${meant.join(" or ")}?`
      if (number === undefined) {
        throw new BadInput({
          message: `${text} is no number, no name of a status, no flag and no rule`,
          hint: list ?? "'effect-wmi explain --help' has examples"
        })
      }
      const { hint, is } = partsOf(number)
      throw new BadInput({
        message: list === undefined
          ? `${text} is not in the tables of this command: it is ${is}`
          : `${text} is in no table`,
        hint: list ?? hint
      })
    }
  }
}

/** The options of the command. */
interface ExplainOptions {
  readonly flags?: string | undefined
  readonly path?: string | undefined
  readonly rules?: boolean | undefined
  readonly json?: boolean | undefined
}

/** Returns the exit status. `what` is one reference to a page, such as `qualifiers 3`, as words, or any number of ids and statuses. */
const explain = (what: ReadonlyArray<string>, options: ExplainOptions): number => {
  const json = options.json === true
  if (what.length === 0 && options.flags === undefined && options.path === undefined && options.rules !== true) {
    throw new BadInput({
      name: "UsageError",
      message: "explain needs a rule, a number, a name, --flags, --path or --rules",
      hint: "see 'effect-wmi explain --help'"
    })
  }
  if (options.rules === true) listRules(json)
  const isPageReference = what[0] !== undefined && !/\d/.test(what[0]) && isRuleReference(what[0])
  for (const text of isPageReference ? [what.join(" ")] : what) {
    if (isRuleReference(text) && lookUp(text) === undefined) explainRule(text, json)
    else explainWord(text, json)
  }
  if (options.flags !== undefined) explainFlags(options.flags, json)
  if (options.path !== undefined) explainPath(options.path, json)
  return 0
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  program.command("explain")
    .description("what a number, a status, a rule, a flag word or a path means")
    .argument(
      "[what...]",
      "80041026, 0x80070005, -2147217370, 1722; NotFound, WBEM_E_NOT_FOUND; UpdateSafe,CreateOnly; CS-15, class-update 2.12, qualifiers 3"
    )
    .option("--rules", "list the ids of all rules and the sections of their pages")
    .option("--flags <word>", "a flag word: a number or names with commas")
    .option("--path <text>", "an object path")
    .option("--json", "one line of JSON for each explanation")
    .action(withStatus((what: ReadonlyArray<string>, options: ExplainOptions) => explain(what, options)))
}
