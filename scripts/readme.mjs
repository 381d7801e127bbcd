// Puts the examples into the README and into pages of docs as they stand: `npm run readme` after a change of one. A test keeps them equal.
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const inOrder = ["script", "service", "worker", "durable-object", "windows", "bulk", "port"]
let next = 0
const readme = readFileSync(`${root}README.md`, "utf8").replace(
  /```ts\n[\s\S]*?```/g,
  () => `\`\`\`ts\n${readFileSync(`${root}examples/${inOrder[next++]}.ts`, "utf8")}\`\`\``
)
writeFileSync(`${root}README.md`, readme)

// A block of a page stands below a comment with the file.
for (const page of ["docs/services.md"]) {
  const text = readFileSync(root + page, "utf8").replace(
    /<!-- (examples\/\S+) -->\n```ts\n[\s\S]*?```/g,
    (_, file) => `<!-- ${file} -->\n\`\`\`ts\n${readFileSync(root + file, "utf8")}\`\`\``
  )
  writeFileSync(root + page, text)
}
