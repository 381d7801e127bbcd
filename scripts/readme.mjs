// Puts the examples into the README as they stand: `npm run readme` after a change of one. A test keeps them equal.
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
