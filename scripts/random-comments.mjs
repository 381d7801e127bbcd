// Prints comments of src that are chosen at random: `node scripts/random-comments.mjs [--seed N] [--count 20] [--comments-only]`. Each is
// printed with its place and the ten lines below it, or with --comments-only without its place and code, for a reader who is to say what
// the code does. The same seed chooses the same comments of the same sources.
import { readFileSync } from "node:fs"
import { dirname, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { comments, filesBelow } from "./comments.mjs"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "20" },
    "comments-only": { type: "boolean", default: false }
  }
})
const seed = Number(values.seed)
const count = Number(values.count)
if (!Number.isInteger(seed) || !Number.isInteger(count) || count < 1) {
  console.error("--seed and --count take whole numbers")
  process.exit(2)
}

/** Mulberry32: numbers from 0 to 1 that depend on the seed alone. */
const random = (state) => () => {
  state = state + 0x6d2b79f5 | 0
  let t = Math.imul(state ^ state >>> 15, state | 1)
  t = t + Math.imul(t ^ t >>> 7, t | 61) ^ t
  return ((t ^ t >>> 14) >>> 0) / 2 ** 32
}

/** What is left of a comment without its marks and tags says something. */
const isProse = ({ text }) =>
  /[a-z]{2,}.*\s.*[a-z]{2,}/i.test(text.replace(/@(since|category|internal|module)\b.*/g, ""))

const all = filesBelow(`${root}/src`).filter((file) => file.endsWith(".ts")).flatMap((file) => {
  const text = readFileSync(file, "utf8")
  const lines = text.split("\n")
  return comments(text).filter(isProse).map(({ first, last, ownLine, text: comment }) => ({
    place: `${relative(root, file)}:${first}`,
    comment: comment.replace(/\n[ ]+(?=\*)/g, "\n "),
    // A comment at the end of a line is about that line.
    below: lines.slice(ownLine ? last : last - 1, last + 10)
  }))
})

const next = random(seed)
const chosen = []
while (chosen.length < count && all.length > 0) chosen.push(...all.splice(Math.floor(next() * all.length), 1))

console.log(`seed ${seed}: ${chosen.length} of ${all.length + chosen.length} comments`)
chosen.forEach(({ below, comment, place }, at) => {
  console.log(`\n${at + 1}. ${values["comments-only"] ? "" : place}`.trimEnd())
  console.log(comment)
  if (!values["comments-only"]) console.log(below.map((line) => `    ${line}`.trimEnd()).join("\n"))
})
