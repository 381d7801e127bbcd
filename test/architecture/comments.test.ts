/** The scripts that count comments and code divide a text correctly. */
import { readdirSync, readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"

interface Script {
  readonly only: (text: string, ...kinds: ReadonlyArray<"code" | "string" | "comment">) => string
  readonly comments: (
    text: string
  ) => ReadonlyArray<{ readonly text: string; readonly first: number; readonly last: number }>
}

const { comments, only } = await import(new URL("../../scripts/comments.mjs", import.meta.url).href) as Script

describe("scripts/comments.mjs", () => {
  const texts: ReadonlyArray<readonly [text: string, comments: ReadonlyArray<string>]> = [
    ["const a = 1 // one", ["// one"]],
    ["const a = \"// none\" + '/* none */'", []],
    ["const a = `// none ${b /* one */ + `// none ${c}`} // none`", ["/* one */"]],
    ['const a = b.match(/\\/\\*[/"]/) // one', ["// one"]],
    ["const a = b / c / d // one", ["// one"]],
    ["/** one\n * line */\nconst a = { b: 1 } // two", ["/** one\n * line */", "// two"]],
    ["// one\n// more\n\n// two", ["// one\n// more", "// two"]]
  ]
  for (const [text, expected] of texts) {
    it(JSON.stringify(text), () => {
      assert.deepStrictEqual(comments(text).map((comment) => comment.text), [...expected])
      const blank = only(text, "code", "string")
      assert.lengthOf(blank.split("\n"), text.split("\n").length)
      assert.notMatch(blank, /\bone\b/)
    })
  }

  it("each line of a documentation comment begins with a star", () => {
    const folder = new URL("../../src/", import.meta.url)
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts")) continue
      const documented = comments(readFileSync(new URL(file, folder), "utf8")).filter(({ text }) =>
        text.startsWith("/**")
      )
      for (const { first, text } of documented) {
        const wrong = text.split("\n").slice(1).filter((line) => !/^ *\*/.test(line))
        assert.deepStrictEqual(wrong, [], `${file}:${first}`)
      }
    }
  })

  it("gives the lines of a comment", () => {
    const [comment] = comments("const a = 1\n/* one\n   two */\nconst b = 2")
    assert.deepStrictEqual([comment?.first, comment?.last], [2, 3])
  })
})
