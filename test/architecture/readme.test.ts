/** The README is short: its lines, those of its programs and of what the library does not do are limited. Its commands are those of CI. */
import { assert, describe, it } from "vitest"
import { blocks, codeLines, textOf } from "./pageBlocks.ts"

const readme = textOf("README.md")
const own = blocks.filter(({ page }) => page === "README.md")

/** The part below a heading. */
const section = (heading: string): string => {
  const [, found] = new RegExp(`\n## ${heading}[^\n]*\n([^]*?)(?=\n## |$)`).exec(readme) ?? []
  assert(found !== undefined, `no heading ${heading}`)
  return found
}

const filled = (text: string): number => text.split("\n").filter((line) => line.trim() !== "").length

describe("README.md", () => {
  it("has at most 200 lines", () => {
    assert.isAtMost(readme.trimEnd().split("\n").length, 200)
  })

  it("says what the library is in at most five lines", () => {
    assert.isAtMost(filled(readme.slice(readme.indexOf("\n"), readme.indexOf("\n\n", readme.indexOf("\n") + 2))), 5)
  })

  const limits: ReadonlyArray<readonly [heading: string, file: string, lines: number]> = [
    ["A test", "examples/testing/first.vitest.test.ts", 15],
    ["A script", "examples/script.ts", 20],
    ["A service", "examples/service.ts", 20],
    ["A worker", "examples/handler.ts", 20]
  ]
  for (const [heading, file, lines] of limits) {
    it(`${heading.toLowerCase()} has at most ${lines} lines of code`, () => {
      const found = own.filter(({ code, mark }) => mark === file && section(heading).includes(code))
      assert.lengthOf(found, 1)
      assert.isAtMost(codeLines(found[0]!.code), lines)
    })
  }

  it("has no other program", () => {
    assert.deepStrictEqual(
      own.filter(({ language }) => language === "ts").map(({ mark }) => mark),
      limits.map(([, file]) => file)
    )
  })

  it("says in at most 12 lines what the library does not do", () => {
    const list = section("What it does not do").split("\n").filter((line) => /^(- | {2})/.test(line))
    assert.isAbove(list.length, 3)
    assert.isAtMost(list.length, 12)
  })

  it("begins with the commands of CI", () => {
    const [first, second] = own.filter(({ language }) => language === "sh").map(({ code }) => code.trim())
    assert.match(first!, /^npm ci && /)
    assert.include(textOf(".ci/run"), first!.replace("npm ci && ", ""))
    assert.strictEqual(second, "npm ci && npm test")
  })

  it("names an import map for Deno that maps every entry point and the modules of packages", () => {
    const [json] = own.filter(({ language }) => language === "json").map(({ code }) => JSON.parse(code))
    assert.deepStrictEqual(json, { importMap: "../effect-wmi/deno.json" })
    const { exports, imports } = JSON.parse(textOf("deno.json")) as {
      readonly exports: Readonly<Record<string, string>>
      readonly imports: Readonly<Record<string, string>>
    }
    for (const [subpath, file] of Object.entries(exports)) {
      assert.strictEqual(imports[`effect-wmi${subpath.slice(1)}`], file)
    }
    const packages = Object.entries(imports).filter(([name]) => !name.startsWith("effect-wmi") && !name.endsWith("/"))
    assert.isAbove(packages.length, 5)
    for (const [name, from] of packages) {
      assert.strictEqual(imports[`${name}/`], `${from.replace("npm:", "npm:/")}/`)
    }
  })
})

describe("docs/images/picture.svg", () => {
  const svg = textOf("docs/images/picture.svg")

  it("names the four stages as text that can be selected, and has a title and a description", () => {
    const texts = [...svg.matchAll(/<text[^>]*>([^]*?)<\/text>/g)].map(([, text]) => text!.replace(/<[^>]*>/g, ""))
    for (const name of ["FlagDecoder", "PutValidator", "Repository", "PutSink", "PutRequest"]) {
      assert.include(texts, name)
    }
    assert.match(svg, /<title id="title">[^<]+<\/title>\s*<desc id="desc">[^<]+<\/desc>/)
  })

  it("has colours for light and for dark, and loads nothing", () => {
    assert.include(svg, "@media (prefers-color-scheme: dark)")
    assert.notMatch(svg, /@import|@font-face|href="(?!#)|url\((?!#)|<image|<script/)
  })
})
