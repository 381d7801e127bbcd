// Writes docs/api from the doc comments of the sources: `npm run api`. With `--check` it writes nothing and fails where a page differs.
//
// One page for each entry point, and one for each module that an entry point exports as a namespace and that has no entry point of its
// own; README.md is their index. `deno doc --json` reads the sources, the formatter of deno breaks the lines of the signatures, and the
// rules that a comment cites become links to their rows in docs/spec.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { declaration } from "./signatures.mjs"
import { bundledText } from "../bundled.mjs"
import { deno, documentedFiles } from "../package-check/doc-lint.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))
const folder = join(root, "docs/api")
const text = (file) => readFileSync(join(root, file), "utf8")

/** The parser of docs/spec and the finder of citations, which are TypeScript. */
const specModules = async () => {
  const contents = `export { citations } from ${JSON.stringify(join(root, "test/spec/citations.ts"))}
export { find, pageNames, parsePage, placeOf } from ${JSON.stringify(join(root, "src/cli/spec/specPages.ts"))}`
  const file = await bundledText(contents, { name: "api", folder: join(root, "node_modules/.cache/effect-wmi") })
  return import(pathToFileURL(file).href)
}
const { citations, find, pageNames, parsePage, placeOf } = await specModules()
const spec = pageNames.map((name) => parsePage(name, text(`docs/spec/${name}.md`)))

// The modules and their pages

const entries = JSON.parse(text("deno.json")).exports
const root_ = pathToFileURL(root).href
const fileOf = (url) => `./${url.slice(root_.length)}`
const documented = (files) =>
  Object.entries(JSON.parse(deno("doc", "--json", ...files).stdout).nodes).map(([url, node]) => [fileOf(url), node])
const modules = new Map(documented(documentedFiles()))

/** The files of declarations that a module exports from elsewhere. */
const elsewhere = new Set(
  [...modules.values()].flatMap(({ symbols }) => symbols).flatMap(({ declarations }) => declarations)
    .filter(({ kind }) => kind === "reference").map(({ def }) => fileOf(def.target.filename)).filter((file) =>
      !modules.has(file)
    )
)
const others = new Map(elsewhere.size === 0 ? [] : documented([...elsewhere]))

/** The file → how its page is called, and the ways to import it. */
const pages = new Map()
for (const [subpath, file] of Object.entries(entries)) {
  const name = subpath === "." ? "effect-wmi" : subpath.slice(2).replaceAll("/", "-")
  pages.set(file, { name, title: `effect-wmi${subpath.slice(1)}`, imports: [], isEntry: true })
}
for (const [subpath, file] of Object.entries(entries)) {
  for (const { declarations: [first], name } of modules.get(file).symbols) {
    if (first.kind !== "namespace") continue
    const target = namespaceFile(file, name)
    const from = `effect-wmi${subpath.slice(1)}`
    if (!pages.has(target)) pages.set(target, { name, title: name, imports: [], isEntry: false })
    pages.get(target).imports.push(`import { ${name} } from "${from}"`)
    pages.get(target).summary ??= first.jsDoc?.doc
  }
}
for (const [subpath, file] of Object.entries(entries)) {
  const { isEntry, name } = pages.get(file)
  const isModule = /^[A-Z]/.test(name)
  if (isEntry && subpath !== ".") {
    const line = isModule ? `import * as ${name} from "effect-wmi/${name}"` : undefined
    if (line !== undefined) pages.get(file).imports.push(line)
  }
}

/** The file that an entry point exports as a namespace. */
function namespaceFile(file, name) {
  const [, from] = new RegExp(`^export \\* as ${name} from "(.+)"$`, "m").exec(text(file))
  return `./${join(file, "..", from).replaceAll("\\", "/")}`
}

const taken = new Map()
for (const [file, { name }] of pages) {
  const folded = name.toLowerCase()
  if (taken.has(folded)) throw new Error(`${file} and ${taken.get(folded)} would have the same page ${name}.md`)
  taken.set(folded, file)
}

// The symbols

/** `@since` and `@category` of a comment, also where they stand in its one line. */
const read = (jsDoc = {}) => {
  const tags = jsDoc.tags ?? []
  const of = (kind) => tags.filter((tag) => tag.kind === kind).map(({ doc }) => doc.trim())
  let doc = (jsDoc.doc ?? "").trim()
  const inline = {}
  doc = doc.replace(/\s*@(since|category) ([\w. -]+?)(?=\s*(?:@|$))/g, (_, name, value) => {
    inline[name] = value
    return ""
  }).trim()
  return {
    doc,
    since: of("since")[0] ?? inline.since,
    category: of("category")[0] ?? inline.category ?? "other",
    examples: of("example"),
    isInternal: tags.some(({ kind }) => kind === "internal"),
    deprecated: of("deprecated")[0]
  }
}

/** Whether a declaration is exported: deno gives a private constant beside an exported type of its name too. */
const isExported = ({ kind, location }, declarations) => {
  const isWritten = (one) => text(fileOf(one.location.filename)).split("\n")[one.location.line]?.startsWith("export ")
  return kind === "reference" || isWritten({ location }) || !declarations.some(isWritten)
}

const categoryOf = (parts) =>
  parts.every(({ kind }) => kind === "reference")
    ? "of other modules"
    : parts.find(({ category }) => category !== "other")?.category ?? "other"

/** The symbols of a module that a reader may use, with the anchors that a page of Markdown gives to their headings. */
const symbolsOf = (file) => {
  const used = new Map()
  return modules.get(file).symbols.flatMap(({ declarations, name }) => {
    if (
      declarations[0].kind === "namespace" || declarations.every(({ declarationKind }) => declarationKind === "private")
    ) return []
    const parts = declarations.filter((one) => isExported(one, declarations)).map((one) => ({
      ...one,
      ...read(one.jsDoc)
    }))
    if (parts.every(({ isInternal }) => isInternal)) return []
    return [{ name, parts, category: categoryOf(parts) }]
  }).sort((a, b) => a.category === b.category ? 0 : a.category < b.category ? -1 : 1).map((symbol) => {
    const folded = symbol.name.toLowerCase()
    const count = used.get(folded) ?? 0
    used.set(folded, count + 1)
    return { ...symbol, anchor: count === 0 ? folded : `${folded}-${count}` }
  })
}
const symbols = new Map([...pages.keys()].map((file) => [file, symbolsOf(file)]))

/** `name` → where it is documented: the pages of modules before those of areas. */
const places = new Map()
for (const [file, list] of symbols) {
  for (const { anchor, name } of list) {
    places.set(name, [...(places.get(name) ?? []), { page: pages.get(file).name, anchor }])
  }
}

/** The link to what a comment names by `{@link …}`; the text alone if no page has it. */
const linked = (page, target, label) => {
  const [, module, member] = /^(\w+)\.(\w+)$/.exec(target) ?? [undefined, undefined, target]
  const own = places.get(member) ?? []
  const place = module !== undefined
    ? own.find((one) => one.page === module)
    : own.find((one) => one.page === page) ?? (own.length === 1 ? own[0] : undefined)
  const shown = `\`${label ?? target}\``
  if (place !== undefined) return `[${shown}](${place.page === page ? "" : `${place.page}.md`}#${place.anchor})`
  const whole = [...pages.values()].find(({ name }) => name === target)
  return whole === undefined ? shown : `[${shown}](${whole.name}.md)`
}

const prose = (page, doc) =>
  doc.replace(
    /\{@link ([^\s}|]+)\s*\|?\s*([^}]*)\}/g,
    (_, target, label) => linked(page, target, label.trim() || undefined)
  )

/** Links to the rules that a comment cites, each once. */
const rules = (comments) => {
  const found = new Map()
  for (const { cites } of citations(spec, comments)) {
    const targets = find(spec, cites) ?? []
    if (targets.length === 1 && targets[0]._tag !== "Page") {
      found.set(`../${placeOf(targets[0]).slice("docs/".length)}`, cites)
    }
  }
  return [...found].sort(([a], [b]) => a < b ? -1 : 1).map(([place, cites]) => `[${cites}](${place})`)
}

/** The comments of a declaration and of its members as one text. */
const commentsOf = (value) => {
  if (Array.isArray(value)) return value.map(commentsOf).join("\n")
  if (typeof value !== "object" || value === null) return ""
  return [value.jsDoc?.doc ?? "", ...Object.values(value).map(commentsOf)].filter((one) => one !== "").join("\n")
}

// Reserved words cannot be declared, and the formatter reads what it formats.
const reserved = /^(?:delete|default|null|function|class|new|in|with)$/

const signatureOf = (name, parts) =>
  parts.map((part) => {
    const written = declaration(reserved.test(name) ? `reserved_${name}` : name, part)
    return /^(?:type|interface) /.test(written) ? written : `declare ${written}`
  }).join("\n\n")

/** A declaration that a module exports from another one: its place there, or the declaration itself if it has no page. */
const resolved = (name, part) => {
  if (part.kind !== "reference") return { part }
  const { filename, line } = part.def.target
  const file = fileOf(filename)
  const isTarget = ({ location }) => location.line === line
  const place = symbols.get(file)?.find(({ parts }) => parts.some(isTarget))
  if (place !== undefined) {
    return {
      alias: `The same as [\`${pages.get(file).name}.${place.name}\`](${pages.get(file).name}.md#${place.anchor}).`
    }
  }
  const declared = others.get(file)?.symbols.flatMap(({ declarations }) => declarations).find(isTarget)
  if (declared === undefined) throw new Error(`${file} has no ${name}`)
  return { part: { ...declared, ...read(declared.jsDoc) } }
}

const symbolText = (page, { name, parts: given }, since) => {
  const targets = given.map((part) => resolved(name, part))
  const parts = targets.flatMap(({ part }) => part ?? [])
  const signature = signatureOf(name, parts)
  const docs = [...new Set(parts.map(({ doc }) => prose(page, doc)).filter((doc) => doc !== ""))]
  const cited = rules(parts.map(commentsOf).join("\n"))
  const own = [...new Set(parts.map((part) => part.since))].filter((one) => one !== undefined && one !== since)
  return [
    `### ${name}`,
    ...(signature === "" ? targets.flatMap(({ alias }) => alias ?? []) : [`\`\`\`ts\n${signature}\n\`\`\``]),
    ...docs,
    ...parts.flatMap(({ deprecated }) =>
      deprecated === undefined ? [] : [`**Deprecated.** ${prose(page, deprecated)}`]
    ),
    ...(cited.length === 0 ? [] : [`Rules: ${cited.join(", ")}`]),
    ...parts.flatMap(({ examples }) => examples.map((example) => `Example:\n\n${example}`)),
    ...(own.length === 0 ? [] : [`Since ${own.join(", ")}.`])
  ].join("\n\n")
}

const heading = (category) => category.charAt(0).toUpperCase() + category.slice(1)

/** The version that most symbols of all pages have: only others are written beside a symbol. */
const versions = [...symbols.values()].flat().flatMap(({ parts }) =>
  parts.flatMap(({ since }) => since === undefined ? [] : [since])
)
const since =
  versions.toSorted((a, b) =>
    versions.filter((one) => one === b).length - versions.filter((one) => one === a).length
  )[0]

const pageText = (file) => {
  const { imports, name, title } = pages.get(file)
  const { doc, examples } = read(modules.get(file).module_doc)
  const own = symbols.get(file)
  const categories = [...new Set(own.map(({ category }) => category))]
  const namespaces = modules.get(file).symbols.filter(({ declarations: [first] }) => first.kind === "namespace")
  return [
    `# ${title}`,
    ...(imports.length === 0 ? [] : [`\`\`\`ts\n${imports.join("\n")}\n\`\`\``]),
    ...(doc === "" ? [] : [prose(name, doc)]),
    ...examples,
    ...(namespaces.length === 0 ? [] : [
      namespaces.map((one) => {
        const target = pages.get(namespaceFile(file, one.name))
        return `- [${one.name}](${target.name}.md): ${one.declarations[0].jsDoc?.doc.trim() ?? ""}`
      }).join("\n")
    ]),
    ...(own.length < 2 ? [] : [
      categories.map((category) =>
        `- ${heading(category)}: ${
          own.filter((one) => one.category === category).map((one) => `[${one.name}](#${one.anchor})`).join(", ")
        }`
      ).join("\n")
    ]),
    ...categories.flatMap((category) => [
      `## ${heading(category)}`,
      ...own.filter((one) => one.category === category).map((symbol) => symbolText(name, symbol, since))
    ]),
    ""
  ].join("\n\n").trimEnd() + "\n"
}

/** The first sentence of a module, for the index. */
const summary = (file) => {
  const { name, summary: given } = pages.get(file)
  const doc = given ?? read(modules.get(file).module_doc).doc.replace(/^`?effect-wmi[\w/]*`?: /, "")
  const sentence = /^[^]*?\.(?=\s|$)/.exec(doc.trim())?.[0] ?? doc.trim()
  const line = sentence.replaceAll(/\s+/g, " ")
  return prose(name, line.charAt(0).toUpperCase() + line.slice(1))
}

const indexText = () => {
  const isArea = (file) => !/^[A-Z]/.test(pages.get(file).name)
  const line = (file) => `- [${pages.get(file).title}](${pages.get(file).name}.md): ${summary(file)}`
  const byName = [...pages.keys()].sort((a, b) =>
    pages.get(a).name.toLowerCase() < pages.get(b).name.toLowerCase() ? -1 : 1
  )
  return `# API reference

Written from the doc comments of the sources by \`npm run api\`: do not edit. Everything is since ${since} unless it says another version.

## Entry points

${byName.filter(isArea).map(line).join("\n")}

## Modules

Modules of \`effect-wmi\`, and of the entry point that their page names.

${byName.filter((file) => !isArea(file)).map(line).join("\n")}
`
}

/** Formats pages: the name → the text. The formatter reads files, so they stand in a folder of their own for the time. */
const formatted = (texts) => {
  const place = mkdtempSync(join(tmpdir(), "effect-wmi-api-"))
  try {
    const { lineWidth, operatorPosition, semiColons, singleQuote, trailingCommas } = JSON.parse(text("deno.json")).fmt
    const fmt = { lineWidth, operatorPosition, semiColons, singleQuote, trailingCommas, proseWrap: "preserve" }
    writeFileSync(join(place, "deno.json"), JSON.stringify({ fmt }))
    for (const [name, page] of texts) writeFileSync(join(place, name), page)
    const { status, stderr } = deno("fmt", "--quiet", "--config", join(place, "deno.json"), place)
    if (status !== 0) throw new Error(`deno fmt: ${stderr}`)
    return new Map([...texts.keys()].map((name) => [
      name,
      readFileSync(join(place, name), "utf8").replaceAll(/^declare (?=const|function|class|abstract)/gm, "")
        .replaceAll(/\breserved_(?=\w)/g, "")
    ]))
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

const wanted = formatted(
  new Map([["README.md", indexText()], ...[...pages].map(([file, { name }]) => [`${name}.md`, pageText(file)])])
)
mkdirSync(folder, { recursive: true })
const present = readdirSync(folder)
const stale = present.filter((name) => !wanted.has(name))
const changed = [...wanted].filter(([name, page]) =>
  !present.includes(name) || readFileSync(join(folder, name), "utf8") !== page
)
  .map(([name]) => name)

if (process.argv.includes("--check")) {
  for (const name of [...changed, ...stale]) console.log(`docs/api/${basename(name)} differs from the sources`)
  if (changed.length + stale.length > 0) console.log("run `npm run api`")
  process.exitCode = changed.length + stale.length === 0 ? 0 : 1
} else {
  for (const name of stale) rmSync(join(folder, name))
  for (const name of changed) writeFileSync(join(folder, name), wanted.get(name))
  const size = [...wanted.values()].reduce((sum, page) => sum + Buffer.byteLength(page), 0)
  console.log(
    `${wanted.size} pages, ${Math.round(size / 1024)} KiB, ${changed.length} written, ${stale.length} removed`
  )
}
