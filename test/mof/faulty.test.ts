/**
 * Faulty MOF files and everything that is said of them, as data: `faulty/NAME.mof` and `faulty/NAME.expected`. The second
 * file has what `Mof.format` prints: the errors, the warnings, and the declarations that a put refuses. To write the
 * expected files anew after a change, and to read the difference: `npx vitest run --project core test/mof/faulty.test.ts -u`
 */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, describe, expect, it } from "vitest"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Property from "../../src/model/Property.ts"
import * as Mof from "../../src/mof/Mof.ts"

const folder = new URL("faulty/", import.meta.url)

/** Files of this folder must not be quoted: the author of a text may include files that are not the author's to read. */
const secret = /^private\//

const include: Mof.MofOptions["include"] = (name, from) => {
  const file = from.includes("/") ? `${from.slice(0, from.lastIndexOf("/") + 1)}${name}` : name
  const url = new URL(file, folder)
  return existsSync(url) ? { text: readFileSync(url), file, quotable: !secret.test(file) } : undefined
}

const Base = ClassDefinition.make("Corp_Base", { Id: Property.key("string") })

/** The options of the files that need some. */
const options: Readonly<Record<string, Mof.MofOptions>> = {
  "dsc.mof": { dialect: "dsc" },
  "known-classes.mof": {
    classOf: (name) => name.toLowerCase() === "corp_base" ? Base : undefined,
    knownClasses: ["Corp_Base", "Corp_Listed"]
  },
  "strict.mof": { strict: true }
}

const files = readdirSync(folder).filter((name) => name.endsWith(".mof")).sort()
const parse = (file: string): Mof.MofResult =>
  Mof.parse(readFileSync(new URL(file, folder)), { file, include, ...options[file] })

/** All errors of a file, with those of declarations that a put refuses. */
const errorsOf = ({ errors, items }: Mof.MofResult): ReadonlyArray<Mof.MofError> => [
  ...errors,
  ...items.flatMap((item) => item._tag === "Refused" ? [item.error] : [])
]

const said = (result: Mof.MofResult): string =>
  [...errorsOf(result), ...result.warnings].map((one) => `${Mof.format(one)}\n`).join("")

describe("faulty files", () => {
  it("are thirty or more", () => assert.isAtLeast(files.length, 30))

  for (const file of files) {
    it(file, async () => {
      const text = said(parse(file))
      assert.notStrictEqual(text, "")
      await expect(text).toMatchFileSnapshot(fileURLToPath(new URL(file.replace(/mof$/, "expected"), folder)))
    })
  }

  it("have every code of a text, and every warning", () => {
    const found = new Set(files.flatMap((file) => {
      const result = parse(file)
      return [...errorsOf(result), ...result.warnings].map(({ name }) => name)
    }))
    const missing = Object.keys(Mof.codes).filter((name) => !found.has(name))
    assert.deepStrictEqual(missing, [])
    for (const name of ["UnknownEscape", "NullQualifier", "StandaloneInstance", "Amendment", "TooManyErrors"]) {
      assert.isTrue(found.has(name), name)
    }
  })

  it("have diagnostics whose columns and lines are those of the text", () => {
    for (const file of files) {
      const result = parse(file)
      const lines = new Map<string, ReadonlyArray<string>>()
      for (const one of [...errorsOf(result), ...result.warnings]) {
        if (one.sourceLine === undefined) continue
        if (!lines.has(one.file)) {
          lines.set(one.file, Mof.decode(readFileSync(new URL(one.file, folder))).text.split(/\r\n|\r|\n/))
        }
        assert.strictEqual(one.sourceLine, lines.get(one.file)![one.line - 1], `${one.file}:${one.line}`)
        assert.isAtLeast(one.endColumn, one.column)
        assert.isAtMost(one.endColumn, one.sourceLine.length + 1)
      }
    }
  })

  it("put nothing of a declaration with a fault", () => {
    const { errors, items } = parse("several-faults.mof")
    assert.strictEqual(errors.length, 4)
    assert.deepStrictEqual(items, [])
  })
})
