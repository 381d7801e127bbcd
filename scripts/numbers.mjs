// The size and the shape of the sources in numbers: `npm run numbers [-- FIGURE...] [--root DIR | --against DIR]`. Without a figure
// all of them are printed in short; a figure by its name is printed with what it counts. `--root` counts another checkout, such as
// `git worktree add ../before HEAD~1`; `--against` prints the figures of that checkout and of this one, `before → now`.
import { spawn } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { Session } from "node:inspector/promises"
import { tmpdir } from "node:os"
import { basename, dirname, join, relative, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import { build } from "esbuild"
import { comments, filesBelow, only } from "./comments.mjs"

const own = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "")
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { root: { type: "string" }, against: { type: "string" } }
})
const root = resolve(values.root ?? own)
for (const folder of [root, values.against ?? root]) {
  if (!existsSync(join(folder, "src"))) {
    console.error(`${folder} has no src`)
    process.exit(2)
  }
}

const read = (file) => readFileSync(join(root, file), "utf8")
const files = filesBelow(join(root, "src")).map((file) => relative(root, file))
const sources = files.filter((file) => file.endsWith(".ts"))
const text = new Map(sources.map((file) => [file, read(file)]))
/** Texts without comments. */
const code = new Map(sources.map((file) => [file, only(text.get(file), "code", "string")]))

/** The first and the last line of the generated part of a file, counted from 0. The comment before the part says so. */
const generatedPart = (file) => {
  const all = text.get(file).split("\n")
  const first = all.findIndex((line) => /\b(made|generated) by `(scripts\/|npm run)/i.test(line))
  if (first === -1) return undefined
  const last = all.findIndex((line) => /^\/\/ End of the generated part/.test(line))
  return { first, last: last === -1 ? all.length - 1 : last }
}
const generated = new Map(sources.flatMap((file) => {
  const part = generatedPart(file)
  return part === undefined ? [] : [[file, part]]
}))
const isGenerated = (file, at) => {
  const part = generated.get(file)
  return part !== undefined && at >= part.first && at <= part.last
}
const lines = (file) => read(file).split("\n").length - 1
/** Lines with code: `written` those by hand, `made` those of a generated part. */
const codeLines = (file) => {
  const numbers = code.get(file).split("\n").flatMap((line, at) => /\S/.test(line) ? [at] : [])
  const made = numbers.filter((at) => isGenerated(file, at)).length
  return { made, written: numbers.length - made }
}
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0)
const room = (file) => file.split("/")[1]
const grouped = (all, key, value) => {
  const groups = new Map()
  for (const one of all) groups.set(key(one), [...groups.get(key(one)) ?? [], value(one)])
  return groups
}
const byNumber = (entries) => [...entries].sort(([, a], [, b]) => b - a)
const shown = (entries) => byNumber(entries).map(([name, count]) => `${String(count).padStart(7)}  ${name}`)
const percent = (part, whole) => `${Math.round(100 * part / whole)} %`

/** Places of a pattern in code, as `file:line`. */
const places = (pattern, textOf = code) =>
  sources.flatMap((file) =>
    textOf.get(file).split("\n").flatMap((line, at) => pattern.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])
  )

const folders = () => {
  const counts = [...grouped(files, dirname, () => 1)].map(([name, ones]) => [name, ones.length])
  const [[name, count]] = byNumber(counts)
  return { short: `${count} files in ${name}`, more: shown(counts) }
}

const rooms = () => {
  const counts = [...grouped(sources, room, lines)].map(([name, all]) => [name, sum(all)])
  const total = sum(counts.map(([, count]) => count))
  const [[name, count]] = byNumber(counts)
  return {
    short: `${count} of ${total} lines (${percent(count, total)}) in src/${name}`,
    more: shown(counts)
  }
}

const codeSize = () => {
  const byRoom = [...grouped(sources, room, (file) => codeLines(file).written)].map(([name, all]) => [name, sum(all)])
  const made = [...generated.keys()].map((file) => [file, codeLines(file).made])
  return {
    short: `${sum(byRoom.map(([, count]) => count))} lines without comments, blanks and generated parts (${
      made.map(([file, count]) => `${basename(file)} ${count}`).join(", ") || "none"
    })`,
    more: [...shown(byRoom), "without the generated parts of these files:", ...shown(made)]
  }
}

const put = `
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as ClassDefinition from "ClassDefinition"
import * as Instance from "Instance"
import * as Property from "Property"
import * as PutAsync from "PutAsync"
import * as PutRequest from "PutRequest"
import * as Sqlite from "Sqlite"
import * as Wmi from "Wmi"
const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
const folder = mkdtempSync(join(tmpdir(), "effect-wmi-numbers-"))
const runtime = ManagedRuntime.make(Wmi.layer(Sqlite.layer({ filename: join(folder, "wmi.db") })))
const self = await runtime.runPromise(PutAsync.make)
const put = (object) => runtime.runPromise(self.put(PutRequest.make(object)))
await put(Disk)
export const putOne = (n) => put(Instance.make("Demo_Disk", { Id: \`disk \${n}\`, FreeSpace: 42n }))
export const close = async () => {
  await runtime.dispose()
  rmSync(folder, { recursive: true, force: true })
}
`

/** Bundles a program that imports public modules by their names; packages stay outside. */
const bundledModules = async (contents, outfile) => {
  const module = (name) => join(root, sources.find((file) => basename(file) === `${name}.ts`))
  await build({
    absWorkingDir: root,
    stdin: { contents, loader: "ts", resolveDir: root, sourcefile: "program.ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "error",
    plugins: [{
      name: "modules",
      setup: (plugin) => plugin.onResolve({ filter: /^[A-Z]\w+$/ }, ({ path }) => ({ path: module(path) }))
    }]
  })
}

/** The file of src that each position of a bundle comes from: esbuild writes its name before each module. */
const originOf = (bundle) => {
  const marks = [...bundle.matchAll(/^\/\/ (\S+\.ts)$/gm)].map(({ 1: file, index }) => [index, file])
  return (offset) => marks.findLast(([index]) => index < offset)?.[1]
}

const onePut = async () => {
  const cache = join(own, "node_modules/.cache/effect-wmi")
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(root === own ? cache : tmpdir(), "numbers-"))
  if (root !== own) symlinkSync(join(own, "node_modules"), join(folder, "node_modules"))
  const file = join(folder, "put.mjs")
  try {
    await bundledModules(put, file)
    const session = new Session()
    session.connect()
    await session.post("Profiler.enable")
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false })
    const { close, putOne } = await import(pathToFileURL(file).href)
    for (let n = 0; n < 50; n++) await putOne(n)
    await session.post("Profiler.takePreciseCoverage") // which sets the counts back to zero
    await putOne(50)
    const { result } = await session.post("Profiler.takePreciseCoverage")
    await session.post("Profiler.stopPreciseCoverage")
    session.disconnect()
    await close()
    const origin = originOf(readFileSync(file, "utf8"))
    const called = result.find(({ url }) => url === pathToFileURL(file).href).functions.flatMap(
      ({ functionName, ranges: [{ count, startOffset }] }) => {
        const from = origin(startOffset)
        return count > 0 && startOffset > 0 && from?.startsWith("src/") ? [{ count, from, functionName }] : []
      }
    )
    const perFile = [...grouped(called, ({ from }) => from, () => 1)].map(([name, ones]) => [name, ones.length])
    return {
      short: `${perFile.length} files, ${called.length} functions, ${sum(called.map(({ count }) => count))} calls`,
      more: [
        "The functions of src that V8's precise coverage counts during one put of a new instance into SQLite (single, durable),",
        "after 50 puts of the same class. Functions of packages are not counted. Functions by file:",
        ...shown(perFile)
      ]
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const mechanisms = () => {
  const eager = sources.filter((file) => /\b(eager|prompt)\.ts$/.test(file))
  const generators = [["Procedure", /\bProcedure\b/], ["Statements", /\bStatements\b/]].map(([name, pattern]) => [
    name,
    places(pattern)
  ])
  return {
    short: `${eager.join(", ") || "none"}; uses of ${
      generators.map(([name, found]) => `${name}: ${found.length}`).join(", ")
    }`,
    more: [
      "The mechanisms for work that is done at once if the driver can and later if it must: a file of such effects, and generators",
      "that yield statements to an interpreter, known by the names of their types.",
      ...generators.flatMap(([, found]) => found)
    ]
  }
}

const transactions = () => {
  const strings = new Map(sources.map((file) => [file, only(text.get(file), "string")]))
  const found = places(/["'`](begin|commit|rollback)\b/i, strings)
  const begins = found.filter((place) => /["'`]begin\b/i.test(place)).map((place) => place.split(":")[0])
  const commits = new Set(
    found.filter((place) => /["'`]commit\b/i.test(place)).map((place) => place.split(":")[0])
  )
  return {
    short: `${commits.size} files say COMMIT, ${new Set(begins).size} say BEGIN; ${found.length} such statements`,
    more: found
  }
}

const rowWriters = () => {
  const strings = new Map(sources.map((file) => [file, only(text.get(file), "string")]))
  const found = places(/\b(insert into|update) effect_wmi_instance\b/i, strings)
  return {
    short: `${found.length} statements in ${new Set(found.map((one) => one.split(":")[0])).size} files`,
    more: found
  }
}

const statusTables = () => {
  const isMade = (place) => isGenerated(place.split(":")[0], Number(place.split(":")[1]) - 1)
  // A status that the library never makes itself, so that each place is one of a table.
  const found = places(/\bServerTooBusy\b/)
  const byHand = found.filter((place) => !isMade(place))
  const classes = places(/^export const \w+: WbemErrorClass</)
  return {
    short: `${byHand.length} by hand for one status; ${classes.length} error classes, ${
      classes.filter(isMade).length
    } of them generated`,
    more: ["The places that name the status ServerTooBusy, which the library never makes itself:", ...found]
  }
}

const entryPoints = () => {
  const names = Object.keys(JSON.parse(read("package.json")).exports).filter((name) => name !== "./package.json")
  return { short: `${names.length} (the root included)`, more: names }
}

const citations = async () => {
  const cache = join(own, "node_modules/.cache/effect-wmi")
  mkdirSync(cache, { recursive: true })
  const outfile = join(cache, "numbers-citations.mjs")
  await build({
    absWorkingDir: own,
    stdin: {
      contents: 'export * from "./test/spec/citations.ts"\nexport * from "./src/cli/spec/specPages.ts"',
      loader: "ts",
      resolveDir: own
    },
    outfile,
    bundle: true,
    format: "esm",
    logLevel: "error"
  })
  const { citations: cited, find, pageNames, parsePage } = await import(pathToFileURL(outfile).href)
  const parsed = (folder) =>
    pageNames.map((name) => parsePage(name, readFileSync(`${folder}/docs/spec/${name}.md`, "utf8")))
  const known = parsed(own) // how ids look
  const pages = existsSync(join(root, "docs/spec")) ? parsed(root) : []
  const rules = new Set(
    sources.flatMap((file) => cited(known, text.get(file)).map(({ cites }) => cites)).flatMap((one) =>
      /\b[A-Z]{1,2}-\d+$/.exec(one)?.[0] ?? []
    )
  )
  const without = [...rules].filter((id) => (find(pages, id) ?? []).length === 0)
  return { short: `${without.length} of ${rules.size} rule ids cited in src`, more: without.sort() }
}

/** The names of types declared at the top of a file. */
const typeNames = (pattern) => {
  const found = sources.flatMap((file) =>
    [...new Set([...code.get(file).matchAll(pattern)].map(([, name]) => name))].map((name) => [name, file])
  )
  return [...grouped(found, ([name]) => name, ([, file]) => file)].filter(([, all]) => all.length > 1)
}

const ambiguousNames = () => {
  const exported = typeNames(/^export (?:declare )?(?:abstract )?(?:interface|type|class) (\w+)/gm)
  const every = typeNames(/^(?:export )?(?:declare )?(?:abstract )?(?:interface|type|class) (\w+)/gm)
  const row = ([name, all]) =>
    `${String(all.length).padStart(7)}  ${name}: ${all.map((file) => file.slice(4)).join(", ")}`
  const most = (all) => all.sort(([, a], [, b]) => b.length - a.length)
  return {
    short:
      `${exported.length} exported type names are declared in several files, ${every.length} with the unexported ones`,
    more: [
      "exported:",
      ...most(exported).map(row),
      "with the unexported ones:",
      ...most(every).map(row)
    ]
  }
}

const words = () => {
  const all = sources.flatMap((file) => comments(text.get(file)).map((comment) => comment.text)).join("\n")
    .toLowerCase()
  const counts = ["nobody", "told", "asked", "whoever"].map((word) => [
    word,
    all.match(new RegExp(`\\b${word}\\b`, "g"))?.length ?? 0
  ])
  return { short: counts.map(([word, count]) => `${word} ${count}`).join(", "), more: shown(counts) }
}

const figures = {
  folder: ["biggest folder without those below it", folders],
  room: ["biggest room", rooms],
  put: ["one put into SQLite", onePut],
  mechanisms: ["now or later", mechanisms],
  transactions: ["statements of transactions", transactions],
  rows: ["statements that write an instance row", rowWriters],
  statuses: ["where a status is written", statusTables],
  entries: ["entry points", entryPoints],
  rules: ["rule ids without a page", citations],
  names: ["names with several meanings", ambiguousNames],
  words: ["unclear words in comments", words],
  code: ["code lines of src", codeSize]
}

const unknown = positionals.filter((name) => !(name in figures))
if (unknown.length > 0) {
  console.error(`no such figure: ${unknown.join(", ")}; there are ${Object.keys(figures).join(", ")}`)
  process.exit(2)
}
const names = positionals.length > 0 ? positionals : Object.keys(figures)
const label = (name) => `${name.padEnd(13)} ${figures[name][0]}: `

/** The short figures of another checkout, counted by a process of its own. */
const shortFiguresOf = (folder) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...names, "--root", folder], {
      stdio: ["ignore", "pipe", "inherit"]
    })
    let output = ""
    child.stdout.setEncoding("utf8").on("data", (text) => output += text)
    child.on("close", (status) => {
      if (status !== 0) return reject(new Error(`${folder} could not be counted`))
      const all = output.split("\n")
      resolve(names.map((name) => all.find((line) => line.startsWith(label(name))).slice(label(name).length)))
    })
  })

const before = values.against === undefined ? undefined : shortFiguresOf(values.against) // in parallel
for (const [at, name] of names.entries()) {
  const { more, short } = await figures[name][1]()
  console.log(`${label(name)}${before === undefined ? "" : `${(await before)[at]} → `}${short}`)
  if (positionals.length > 0) { for (const line of more) console.log(`  ${line}`) }
}
