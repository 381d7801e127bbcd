/**
 * The shell commands of the README and of the pages of docs: the command `effect-wmi` takes their arguments, the scripts and files that
 * they name exist, and the packages that they install have the versions that package.json requires. `npm run test:readme` runs the
 * blocks `console`.
 */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { ordered, programOf } from "../../src/cli/program.ts"
import { blocks, pages, textOf } from "./pageBlocks.ts"
import { root } from "./programs.ts"

/** A shell command of a page, as words. */
interface Line {
  readonly place: string
  readonly text: string
  readonly words: ReadonlyArray<string>
}

/** The words of a line of a shell. Quotes group; a comment, a redirection and further commands of the line end the command. */
const wordsOf = (text: string): ReadonlyArray<ReadonlyArray<string>> => {
  const commands: Array<Array<string>> = [[]]
  for (
    const [token] of text.matchAll(/\s#.*$|"[^"]*"|'[^']*'|\|\||&&|[|;]|\d?>>?\s*\S+|[^\s"'|;>]+(?:"[^"]*"|'[^']*')?/gm)
  ) {
    if (/^\s#/.test(token)) break
    if (/^(\|\|?|&&|;)$/.test(token)) commands.push([])
    else if (!/^\d?>/.test(token)) commands.at(-1)!.push(token.replace(/^"([^]*)"$|^'([^]*)'$/, "$1$2"))
  }
  return commands
}

const lines: ReadonlyArray<Line> = blocks.filter(({ language }) => language === "sh" || language === "console").flatMap(
  ({ code, language, line, page }) =>
    code.replace(/\\\n/g, " ").split("\n").flatMap((text, i, all) => {
      // A command that fails on purpose is run with the page.
      const fails = all[i + 1]?.startsWith("effect-wmi: ") === true
      const typed = language === "sh" ? text : text.startsWith("$ ") && !fails ? text.slice(2) : ""
      return wordsOf(typed).filter((words) => words.length > 0)
        .map((words) => ({ place: `${page}:${line + i}`, text: typed, words }))
    })
)

/** The arguments of `effect-wmi`, however it is started. */
const argumentsOf = ({ words }: Line): ReadonlyArray<string> | undefined => {
  const [first, second] = words
  if (first === "effect-wmi") return words.slice(1)
  if (first === "npx" && second === "effect-wmi") return words.slice(2)
  const wmi = words.indexOf("wmi")
  return first === "npm" && wmi > 0 ? words.slice(wmi + 2) : undefined
}

const calls = lines.flatMap((line) => {
  const given = argumentsOf(line)
  return given === undefined ? [] : [{ ...line, given }]
})

describe("the commands of the pages", () => {
  /** What the parser of the command says about arguments; nothing is done. */
  const faultOf = async (given: ReadonlyArray<string>): Promise<string> => {
    let said = ""
    const program = programOf(() => async () => {})
    for (const command of [program, ...program.commands]) {
      command.exitOverride().configureOutput({ writeErr: (text) => said += text, writeOut: () => {} })
    }
    try {
      await program.parseAsync([...ordered(given)], { from: "user" })
      return ""
    } catch (error) {
      const { code, message } = error as { readonly code?: string; readonly message: string }
      return code === "commander.version" || code === "commander.helpDisplayed" ? "" : said + message
    }
  }

  for (const { given, place } of calls) {
    it(`${place}: the command takes effect-wmi ${given.join(" ")}`, async () => {
      assert.strictEqual(await faultOf(given), "")
    })
  }

  it("are parsed as the command does", async () => {
    assert.isAbove(calls.length, 5)
    assert.include(await faultOf(["putt", "a.mof"]), "unknown command")
    assert.include(await faultOf(["put", "a.mof", "--stor", "b"]), "unknown option")
    assert.deepStrictEqual(wordsOf(`effect-wmi explain 'qualifiers 3' --path "A" > x 2>&1 | head -1 # why`), [
      ["effect-wmi", "explain", "qualifiers 3", "--path", "A"],
      ["head", "-1"]
    ])
  })

  describe("docs/verbs.md", () => {
    const page = textOf("docs/verbs.md")
    const { commands, options } = programOf(() => async () => {})
    const anchorOf = (heading: string): string => heading.toLowerCase().replaceAll(" ", "-")
    const sections: ReadonlyMap<string, string> = new Map(
      [...page.replace(/^```[^]*?^```$/gm, "").matchAll(/^## (.+)\n([^]*?)(?=^## |(?![^]))/gm)].map((
        [, heading, text]
      ) => [anchorOf(heading!), text!])
    )
    /** The long options in the first column of the tables of a text. */
    const optionsIn = (text: string): ReadonlyArray<string> =>
      [...text.matchAll(/^\| (`-[^|]*) \|/gm)].flatMap(([, cell]) => cell!.match(/(?<![\w-])--[a-z-]+/g) ?? [])
    const shared = [...sections.keys()].filter((name) => !commands.some((command) => command.name() === name))

    for (const command of commands) {
      const text = sections.get(command.name()) ?? ""
      const long = command.options.map((option) => option.long!)

      it(`${command.name()}: its section has every option, by its own table or by a link to a shared one`, () => {
        const linked = shared.filter((name) => text.includes(`](#${name})`)).map((name) => sections.get(name)!)
        const has = [text, ...linked].flatMap(optionsIn)
        assert.deepStrictEqual(long.filter((option) => !has.includes(option)), [])
      })

      it(`${command.name()}: its table has no option of another verb`, () => {
        assert.deepStrictEqual(optionsIn(text).filter((option) => !long.includes(option)), [])
      })
    }

    it("the shared sections have the options of the whole command", () => {
      const has = optionsIn(sections.get("output")!)
      assert.deepStrictEqual(
        options.flatMap(({ long }) => long === "--version" || has.includes(long!) ? [] : [long]),
        []
      )
    })

    it("docs/command.md has every verb, in its table and as a section", () => {
      const command = textOf("docs/command.md")
      const [table] = /^\| verb \|[^]*?\n\n/m.exec(command)!
      const missing = commands.map((one) => one.name()).filter((name) =>
        !new RegExp(`\`${name}\\b`).test(table) || !new RegExp(`^## [^\n]*\\b${name}\\b`, "m").test(command)
      )
      assert.deepStrictEqual(missing, [])
    })
  })

  it("name scripts of package.json", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>
    }
    const unknown = pages.flatMap((page) =>
      [...textOf(page).matchAll(/npm run (?:-s )?([\w:-]+)/g)].filter(([, name]) => scripts[name!] === undefined)
        .map(([text]) => `${page}: ${text}`)
    )
    assert.deepStrictEqual(unknown, [])
  })

  it("name files of examples, scripts and bench that exist", () => {
    const lost = lines.flatMap(({ place, words }) =>
      words.filter((word) => /^(?:\.\.\/effect-wmi\/)?(examples|scripts|bench|test)\/.*\.\w+$/.test(word))
        .map((word) => word.replace(/^\.\.\/effect-wmi\//, "")).filter((file) => !existsSync(join(root, file)))
        .map((file) => `${place}: ${file}`)
    )
    assert.deepStrictEqual(lost, [])
  })

  it("install the versions that package.json requires", () => {
    const { devDependencies, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly devDependencies: Readonly<Record<string, string>>
      readonly peerDependencies: Readonly<Record<string, string>>
    }
    const required: Readonly<Record<string, string>> = { ...devDependencies, ...peerDependencies }
    const installed = lines.filter(({ words: [npm, install] }) => npm === "npm" && install === "install").flatMap((
      { place, words }
    ) =>
      words.slice(2).filter((word) => /^@?[\w-]+(\/[\w-]+)?@/.test(word)).map((word) => ({
        place,
        word,
        name: word.replace(/(?<=.)@.*$/, ""),
        version: word.replace(/^.+@/, "")
      }))
    )
    assert.includeMembers(installed.map(({ name }) => name), ["effect", ...Object.keys(peerDependencies)])
    const unlike = installed.filter(({ name, version }) =>
      name !== "vitest" && name !== "@effect/vitest"
      && !new RegExp(`^\\^?${version.replaceAll(".", "\\.")}\\.`).test(required[name] ?? "")
    )
    assert.deepStrictEqual(unlike, [])
  })
})
