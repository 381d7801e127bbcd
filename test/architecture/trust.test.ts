/** What the repository shows to others: workflows, forms of issues, the check before a release; and that no address is made up. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { links } from "../spec/citations.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const text = (file: string): string => readFileSync(join(root, file), "utf8")
const inFolder = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder)).map((file) => `${folder}/${file}`)
const scripts = (JSON.parse(text("package.json")) as { readonly scripts: Readonly<Record<string, string>> }).scripts

interface Release {
  readonly address: string | undefined
  readonly changelog: string
  readonly deno: object
  readonly npm: object
  readonly tag: string | undefined
}
const { releaseFaults } = await import(
  new URL("../../scripts/package-check/release-check.mjs", import.meta.url).href
) as {
  readonly releaseFaults: (release: Release) => ReadonlyArray<string>
}
const { formFaults } = await import(new URL("../../scripts/package-check/forms.mjs", import.meta.url).href) as {
  readonly formFaults: (file: string, form: unknown) => ReadonlyArray<string>
}

describe("workflows", () => {
  for (const file of inFolder(".github/workflows")) {
    it(`${file} says that it has never run, names commands and files that exist, and actions by their major version`, () => {
      const workflow = text(file)
      const header = workflow.split("\n\n")[0]!
      assert.match(header, /^(?:#.*\n)+name: /)
      assert.include(header.replaceAll(/\n# ?/g, " "), "his workflow has never run")

      const used = [...workflow.matchAll(/^ *(?:- )?uses: (.*)$/gm)].map(([, action]) => action!)
      assert.isNotEmpty(used)
      for (const action of used) {
        if (action.startsWith("./")) assert.isTrue(existsSync(join(root, action)), action)
        else assert.match(action, /^[\w-]+\/[\w-]+@v\d+$/)
      }
      const commands = [...workflow.matchAll(/npm (?:run )?([\w:-]+)/g)].map(([, command]) => command!)
        .filter((command) => !["ci", "publish"].includes(command))
      const ran = [...workflow.matchAll(/run: (.*)$/gm)].map(([, command]) => command!).join("\n")
      for (const command of commands.filter((one) => ran.includes(`npm ${one}`) || ran.includes(`npm run ${one}`))) {
        assert.property(scripts, command)
      }
      for (const [named] of ran.matchAll(/(?:scripts|\.ci)\/[\w.-]+/g)) {
        assert.isTrue(existsSync(join(root, named)), named)
      }
    })
  }

  it("the release needs the tests and publishes with provenance", () => {
    const release = text(".github/workflows/release.yml")
    assert.match(release, /^ {2}publish:\n {4}needs: tests$/m)
    assert.match(release, /^ {2}tests:\n {4}needs: version\n {4}uses: \.\/\.github\/workflows\/test\.yml$/m)
    assert.include(release, "id-token: write")
    assert.include(release, "npm publish --provenance")
  })
})

describe("the check before a release", () => {
  const address = "https://host.example/owner/effect-wmi"
  const right: Release = {
    address,
    changelog: "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2027-01-31\n",
    deno: { version: "0.2.0" },
    npm: { version: "0.2.0", repository: { type: "git", url: `git+${address}.git` } },
    tag: "v0.2.0"
  }
  const cases: ReadonlyArray<readonly [title: string, change: Partial<Release>, faults: ReadonlyArray<RegExp>]> = [
    ["everything agrees", {}, []],
    ["without an address", { address: undefined, npm: { version: "0.2.0" } }, []],
    ["no tag", { tag: undefined }, [/the tag undefined is no version/]],
    ["a tag without v", { tag: "0.2.0" }, [/the tag 0\.2\.0 is no version/]],
    ["another version in deno.json", { deno: { version: "0.1.0" } }, [/deno\.json has the version 0\.1\.0/]],
    ["a newer tag", { tag: "v0.3.0" }, [
      /package\.json has/,
      /deno\.json has/,
      /CHANGELOG\.md has no entry "## \[0\.3\.0\]/
    ]],
    ["an entry without a date", { changelog: "## [0.2.0]\n" }, [/has no date/]],
    ["no repository", { npm: { version: "0.2.0" } }, [/package\.json has no repository/]],
    ["another repository", { address: `${address}-fork` }, [/names the repository/]],
    ["a private package", { npm: { ...right.npm, private: true } }, [/is private/]]
  ]
  for (const [title, change, expected] of cases) {
    it(title, () => {
      const faults = releaseFaults({ ...right, ...change })
      assert.lengthOf(faults, expected.length, faults.join("\n"))
      expected.forEach((pattern, i) => assert.match(faults[i]!, pattern))
    })
  }
})

describe("the check of issue forms", () => {
  const input = { type: "input", id: "version", attributes: { label: "Version" } }
  const form = { name: "Bug", description: "A bug", body: [input] }
  const cases: ReadonlyArray<readonly [title: string, form: unknown, fault: RegExp | undefined]> = [
    ["a form", form, undefined],
    ["no object", [], /is no object/],
    ["an unknown key", { ...form, lables: ["bug"] }, /unknown key lables/],
    ["no description", { ...form, description: "" }, /description is missing/],
    ["no body", { ...form, body: [] }, /body is missing/],
    ["only text", { ...form, body: [{ type: "markdown", attributes: { value: "Hello" } }] }, /asks for nothing/],
    ["an unknown type", { ...form, body: [{ ...input, type: "inputs" }] }, /the type inputs is none of/],
    ["no label", { ...form, body: [{ ...input, attributes: {} }] }, /attribute label is missing/],
    ["no id", { ...form, body: [{ ...input, id: undefined }] }, /the id is missing/],
    [
      "an unknown attribute",
      { ...form, body: [{ ...input, attributes: { label: "A", render: "text" } }] },
      /attribute render/
    ],
    [
      "the same id twice",
      { ...form, body: [input, { ...input, attributes: { label: "Other" } }] },
      /the id version stands twice/
    ],
    ["the same label twice", { ...form, body: [input, { ...input, id: "other" }] }, /the label Version stands twice/],
    ["no options", { ...form, body: [{ ...input, type: "dropdown" }] }, /attribute options is missing/],
    [
      "a number as option",
      { ...form, body: [{ ...input, type: "dropdown", attributes: { label: "A", options: [20] } }] },
      /an option is no text/
    ]
  ]
  for (const [title, given, fault] of cases) {
    it(title, () => {
      const faults = formFaults("bug.yml", given)
      if (fault === undefined) assert.deepStrictEqual(faults, [])
      else assert.match(faults.join("\n"), fault)
    })
  }

  it("config.yml", () => {
    assert.deepStrictEqual(formFaults("config.yml", { blank_issues_enabled: false }), [])
    assert.lengthOf(formFaults("config.yml", { blank_issue_enabled: false }), 2)
  })
})

describe("addresses", () => {
  const pages = [
    ...[
      "README.md",
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "SECURITY.md",
      "CODE_OF_CONDUCT.md",
      "package.json",
      "deno.json"
    ],
    ...inFolder("docs").filter((file) => file.endsWith(".md")),
    ...["scripts", "scripts/api", "scripts/package-check"].flatMap(inFolder).filter((file) => file.endsWith(".mjs")),
    ...inFolder(".github").filter((file) => file.endsWith(".md")),
    ...inFolder(".github/workflows"),
    ...inFolder(".github/ISSUE_TEMPLATE")
  ]
  const { repository } = JSON.parse(text("package.json")) as { readonly repository?: { readonly url: string } }
  const address = repository?.url.replace(/^git\+/, "").replace(/\.git$/, "")

  /** Addresses of this project, and of people, that are neither the stated one nor an example. */
  const madeUp = (page: string): ReadonlyArray<string> => [
    ...[...page.matchAll(/\b(?:https?:\/\/|git@)[^\s)"'`>]*effect-wmi[^\s)"'`>]*/g)].map(([found]) => found)
      .filter((found) =>
        !/^https?:\/\/host(?:\.example)?\//.test(found) && (address === undefined || !found.startsWith(address))
      ),
    ...[...page.matchAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/g)].map(([found]) => found)
      .filter((found) => !/@(?:.*\.)?(?:example\.\w+|\w+\.example|example|test|invalid)$/.test(found))
  ]

  it("no page, workflow, form or field has one that is made up", () => {
    for (const file of pages) assert.deepStrictEqual(madeUp(text(file)), [], file)
  })

  it("the check finds one", () => {
    assert.lengthOf(madeUp("see https://github.com/someone/effect-wmi/issues"), 1)
    assert.isNotEmpty(madeUp("git@github.com:someone/effect-wmi.git"))
    assert.lengthOf(madeUp("write to security@effect-wmi.dev"), 1)
    assert.deepStrictEqual(madeUp("https://host/owner/effect-wmi, me@host.example, ops@win01"), [])
  })

  it("the pages of the root link to files that exist", () => {
    for (const page of ["SECURITY.md", "CODE_OF_CONDUCT.md"]) {
      assert.deepStrictEqual(
        links(text(page)).map(([file]) => file).filter((file) => !existsSync(join(root, file))),
        []
      )
    }
  })
})
