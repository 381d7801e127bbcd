/** One case of either format, run and judged. */
import * as HResult from "../../src/protocol/HResult.ts"
import { setup } from "./given.ts"
import { runPath } from "./paths.ts"
import { check } from "./then.ts"
import { CaseError, fields, isObject, type JsonObject, type Result, text } from "./vocabulary.ts"
import { run } from "./when.ts"

const lookup = (when: JsonObject, then: JsonObject): ReadonlyArray<string> => {
  const row = HResult.fromName(text(fields(when, "when", ["lookup"])["lookup"], "lookup"))
  const got: JsonObject = row === undefined
    ? { unsigned: null, hex: null, signed: null }
    : { unsigned: row.hresult, hex: HResult.hex(row.hresult), signed: HResult.signed(row.hresult) }
  return Object.entries(fields(then, "then", ["unsigned", "hex", "signed"]))
    .filter(([name, wanted]) => String(got[name]).toLowerCase() !== String(wanted).toLowerCase())
    .map(([name, wanted]) => `${name}: expected ${String(wanted)}, got ${String(got[name])}`)
}

const runPut = async (c: JsonObject): Promise<ReadonlyArray<string>> => {
  const whole = fields(c, "case", [
    "id",
    "area",
    "title",
    "difficulty",
    "given",
    "when",
    "then",
    "source",
    "certainty",
    "note"
  ])
  const [given, when, then] = [whole["given"] ?? {}, whole["when"], whole["then"]].map((part) => part as JsonObject)
  if (!isObject(when) || !isObject(then)) throw new CaseError("when and then are missing")
  if ("lookup" in when) return lookup(when, then)
  const world = setup(given!)
  return check(then, world, await run(world, when))
}

export const runCase = async (c: JsonObject): Promise<Result> => {
  const id = String(c["id"])
  const title = String(c["title"] ?? c["input"] ?? c["op"] ?? "")
  try {
    return { id, title, problems: "op" in c ? runPath(c) : await runPut(c) }
  } catch (error) {
    return { id, title, problems: [error instanceof Error ? error.message : String(error)] }
  }
}
