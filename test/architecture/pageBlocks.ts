/** The code blocks of the pages of the documentation: README, CONTRIBUTING and docs without the rules and the reference. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./programs.ts"

/** A block of code. */
export interface Block {
  readonly page: string
  /** The line of the first line of code, from 1. */
  readonly line: number
  /** What stands behind the opening fence, such as `ts`. */
  readonly language: string
  readonly code: string
  /** The comment in the line above the block: `<!-- not run: it needs a collector -->`. */
  readonly mark: string | undefined
}

/** The pages, `README.md` first. */
export const pages: ReadonlyArray<string> = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md")).map((file) => `docs/${file}`)
]

/** The text of a page. */
export const textOf = (page: string): string => readFileSync(join(root, page), "utf8")

/** The code blocks of a text. */
export const blocksIn = (page: string, text: string): ReadonlyArray<Block> =>
  [...text.matchAll(/(?:^<!-- ([^\n]*) -->\n)?^```(\w*)\n([^]*?)^```$/gm)].map((
    { 1: mark, 2: language = "", 3: code = "", index, 0: whole }
  ) => ({
    page,
    line: text.slice(0, index + whole.indexOf("```")).split("\n").length + 1,
    language,
    code,
    mark
  }))

/** The code blocks of every page. */
export const blocks: ReadonlyArray<Block> = pages.flatMap((page) => blocksIn(page, textOf(page)))

/** The lines of code: those that are neither empty nor a comment. */
export const codeLines = (code: string): number =>
  code.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("//")).length
