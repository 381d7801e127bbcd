// Writes src/windows/conversation/scriptText.ts: the PowerShell sources of src/windows/script as constants, because JSR and npm ship
// TypeScript and a bundle has no files beside it. The mask of the flags comes from src/protocol/PutFlags.ts. `--check` writes nothing
// and fails where the two differ.
import { readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = join(dirname(fileURLToPath(import.meta.url)), "..")
const target = join(root, "src", "windows", "conversation", "scriptText.ts")

const parts = [
  ["bootstrap", "What the command line carries, one statement a line.", ["bootstrap"]],
  ["prelude", "The only lines that make objects of WMI.", ["prelude"]],
  [
    "core",
    "The functions of the host script, which the bootstrap reads after the prelude.",
    [
      "start",
      "messages",
      "json",
      "values",
      "connections",
      "instances",
      "classes",
      "managed",
      "reading",
      "failures"
    ]
  ]
]

const source = (name) =>
  readFileSync(join(root, "src", "windows", "script", `${name}.ps1`), "utf8").replaceAll("\r\n", "\n")

/** A string literal as the formatter leaves it: in the quotes that need fewer escapes. */
const literal = (line) => {
  const json = JSON.stringify(line)
  const count = (mark) => line.split(mark).length
  return count('"') > count("'") ? `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : json
}

const putFlagMask = () => {
  const [, mask] = /\bClass: (0x[0-9a-f]+)/.exec(readFileSync(join(root, "src", "protocol", "PutFlags.ts"), "utf8"))
  return `# --- core: the flags that a host accepts ---
function Get-PutFlagMask {
  return ${mask}
}

`
}

const constant = ([name, comment, files]) => {
  const lines = `${name === "core" ? putFlagMask() : ""}${files.map(source).join("")}`.split(/(?<=\n)/).map(literal)
  return `/** ${comment} */\nexport const ${name}: string = ${lines.join("\n  + ")}\n`
}

export const generated = () =>
  `/**
 * The texts of the PowerShell host, made by \`scripts/host-script.mjs\` from \`src/windows/script/*.ps1\`: edit those.
 */

${parts.map(constant).join("\n")}`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes("--check")) writeFileSync(target, generated())
  else if (readFileSync(target, "utf8") !== generated()) {
    console.error(
      "src/windows/conversation/scriptText.ts is not what src/windows/script says: run node scripts/host-script.mjs"
    )
    process.exit(1)
  }
}
