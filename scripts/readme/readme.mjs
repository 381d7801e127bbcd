// Puts files of examples into the blocks of the README and of docs that stand below a comment with the path of the file, and the output
// of the command into the blocks `console`: `npm run readme` after a change of one. Tests keep them equal.
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { transcribe } from "./transcripts.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))
const docs = readdirSync(`${root}docs`).filter((file) => file.endsWith(".md")).map((file) => `docs/${file}`)

for (const page of ["README.md", ...docs]) {
  const text = readFileSync(root + page, "utf8")
  const copied = text.replace(
    /<!-- (examples\/\S+) -->\n```ts\n[\s\S]*?```/g,
    (_, file) => `<!-- ${file} -->\n\`\`\`ts\n${readFileSync(root + file, "utf8")}\`\`\``
  )
  writeFileSync(root + page, transcribe(copied))
}
