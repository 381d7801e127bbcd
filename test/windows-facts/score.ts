/**
 * `npm run faithful`: the score over the facts about real Windows and over the cases of the rules, by memory. `docs/faithful.md` says what
 * it means.
 */
import { readFileSync } from "node:fs"
import { runCasePromise } from "../../src/conformance/cases.ts"
import { casesOf } from "../../src/conformance/windows/hostCases.ts"
import { ask, own } from "./facts.ts"

const { facts, setups } = own()
const differing: Array<string> = []
for (const fact of facts) if (!(await ask(fact, setups)).agrees) differing.push(fact.id)
console.log(`facts about real Windows: ${facts.length - differing.length} of ${facts.length} agree`)
if (differing.length > 0) console.log(`  differ, for the reasons in docs/faithful.md: ${differing.join(", ")}`)

let failed = 0
for (const name of ["put-cases", "path-cases", "rule-cases", "emulated-cases"]) {
  const file = new URL(`../conformance/${name}.json`, import.meta.url)
  const cases = casesOf(readFileSync(file, "utf8"), name)
  let passed = 0
  for (const one of cases) if ((await runCasePromise(one)).problems.length === 0) passed++
  failed += cases.length - passed
  console.log(`${name}: ${passed} of ${cases.length} pass`)
}
process.exitCode = failed === 0 ? 0 : 1
