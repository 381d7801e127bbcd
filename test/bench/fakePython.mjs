// A fake of the Python process without pywbem: it answers as `pywbem_puts.py` does, or misbehaves as its argument names.
// Run by `node`, whatever runs the tests: node fakePython.mjs [misbehaviour]
import { createInterface } from "node:readline"

const wrong = process.argv[2] ?? ""
const say = (text) => process.stdout.write(`${text}\n`)
let world

const answer = () => {
  const { rows, types } = world
  const last = Object.fromEntries(Object.keys(types).map((name, i) => [name, rows.at(-1)[i]]))
  return JSON.stringify({ seconds: 0.5, stored: rows.length, last })
}

for await (const line of createInterface({ input: process.stdin })) {
  if (world === undefined) {
    world = JSON.parse(line)
    if (wrong === "no hello") {
      console.error("ImportError: no luck")
      process.exit(3)
    }
    say(JSON.stringify({ pywbem: "0.0", python: "0.1" }))
  } else if (wrong === "ends") {
    console.error("Traceback: CIM_ERR_FAILED")
    process.exit(4)
  } else if (wrong === "no JSON") {
    console.error("a warning")
    say("Warning: something is deprecated")
  } else if (wrong === "another form") {
    say(JSON.stringify({ seconds: "long", stored: 2, last: {} }))
  } else {
    say(answer())
  }
}
if (wrong === "ends badly") {
  console.error("Traceback: at the end")
  process.exitCode = 5
}
