/** `npm run conformance -- FILE… [--area NAME] [--repository memory]`. */
import { readFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { runCase } from "./cases.ts"
import { isObject, type JsonObject } from "./vocabulary.ts"

const usage = (problem: string): never => {
  console.error(`${problem}\nusage: npm run conformance -- FILE… [--area NAME] [--repository memory]`)
  process.exit(2)
}

const read = (file: string): ReadonlyArray<JsonObject> => {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"))
    const cases = isObject(content) ? content["cases"] : content
    if (!Array.isArray(cases)) throw new Error("it holds no list of cases")
    return cases as ReadonlyArray<JsonObject>
  } catch (error) {
    return usage(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const options = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { area: { type: "string" }, repository: { type: "string", default: "memory" } }
    })
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error))
  }
}

const { positionals, values } = options()
if (positionals.length === 0) usage("no file of cases was given")
if (values.repository !== "memory") usage(`repository ${values.repository} does not exist (yet); there is memory`)

let passed = 0
let failed = 0
for (const file of positionals) {
  for (const one of read(file)) {
    if (values.area !== undefined && one["area"] !== values.area) continue
    const { id, problems, title } = await runCase(one)
    if (problems.length === 0) passed++
    else {
      failed++
      console.log(`${id}  ${title}  ${problems.join("; ")}`)
    }
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
