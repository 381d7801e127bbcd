/** `npm run windows-facts [-- FILE]`: prints the facts that differ from real Windows, and how many agree. */
import { ask, own, read } from "./facts.ts"

const [file] = process.argv.slice(2)
const { facts, setups } = file === undefined ? own() : read(file)
let agree = 0
for (const one of facts) {
  const { agrees, answer, fact } = await ask(one, setups)
  if (agrees) agree++
  else {
    console.log(`${fact.id} [${fact.confidence}] ${fact.windows}`)
    console.log(`   Windows ${JSON.stringify(fact.expected)}\n   answer  ${JSON.stringify(answer)}`)
  }
}
console.log(`${agree} of ${facts.length} agree`)
