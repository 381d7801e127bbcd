/** `npm run schema-check -- FILE… [--namespace PATH] [--expect-refused N]`. */
import { readFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { gunzipSync } from "node:zlib"
import { schemaCheck } from "./schemaCheck.ts"

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    namespace: { type: "string", default: "root\\cimv2" },
    "expect-refused": { type: "string", default: "0" }
  }
})

const print = (line: string): void => void process.stdout.write(`${line}\n`)

if (positionals.length === 0) {
  process.stderr.write("npm run schema-check -- FILE… [--namespace PATH] [--expect-refused N]\n")
  process.exitCode = 2
}

for (const file of positionals) {
  const bytes = readFileSync(file)
  const report = schemaCheck(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes, {
    file,
    namespace: values.namespace
  })
  for (const error of report.errors) print(error)
  for (const one of report.refused) print(`refused ${one}`)
  for (const one of report.changed) print(`changed ${one}`)
  for (const one of report.different) print(`different ${one}`)
  print(`${report.created} created, ${report.refused.length} refused`)
  print(`${report.unchanged} unchanged`)
  print(`${report.equal} equal`)
  const isGood = report.errors.length === 0 && report.refused.length === Number(values["expect-refused"])
    && report.unchanged === report.created && report.equal === report.created
  if (!isGood) process.exitCode = 1
}
