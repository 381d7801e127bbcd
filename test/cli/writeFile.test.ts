/** The files that a command writes. */
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, sep } from "node:path"
import { gunzipSync } from "node:zlib"
import { afterAll, assert, describe, it } from "vitest"
import { Interrupted } from "../../src/cli/terminal/interrupt.ts"
import { BadInput } from "../../src/cli/terminal/output.ts"
import { writeFile } from "../../src/cli/terminal/writeFile.ts"

const folder = mkdtempSync(join(tmpdir(), "effect-wmi-write-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("writeFile", () => {
  it("writes a new file, replaces an existing one, and leaves no temporary file", async () => {
    const file = join(folder, "a.ts")
    await writeFile(file, ["long text", " in pieces"])
    assert.strictEqual(readFileSync(file, "utf8"), "long text in pieces")
    await writeFile(file, ["short"])
    assert.strictEqual(readFileSync(file, "utf8"), "short")
    assert.deepStrictEqual(readdirSync(folder).filter((name) => name.endsWith(".part")), [])
  })

  it("packs a file whose name ends in .gz", async () => {
    const file = join(folder, "a.mof.gz")
    await writeFile(file, ["class A {};"])
    assert.strictEqual(gunzipSync(readFileSync(file)).toString(), "class A {};")
  })

  it("keeps the old file if the text fails midway", async () => {
    const file = join(folder, "kept.mof")
    await writeFile(file, ["old"])
    const failing = function* (): Generator<string> {
      yield "new"
      throw new Error("no more text")
    }
    const failure = await writeFile(file, failing()).then(() => undefined, (error: unknown) => error)
    assert.instanceOf(failure, BadInput)
    assert.strictEqual(readFileSync(file, "utf8"), "old")
    assert.deepStrictEqual(readdirSync(folder).filter((name) => name.endsWith(".part")), [])
  })

  it.skipIf(sep === "\\")("writes the file behind a link and keeps the link", async () => {
    const [file, link] = [join(folder, "real.mof"), join(folder, "link.mof")]
    writeFileSync(file, "old")
    symlinkSync(file, link)
    await writeFile(link, ["new"])
    assert.isTrue(lstatSync(link).isSymbolicLink())
    assert.strictEqual(readFileSync(file, "utf8"), "new")
  })

  it("reports a folder that does not exist with the name of the file", async () => {
    const file = join(folder, "absent", "a.mof")
    const failure = await writeFile(file, [""]).then(() => undefined, (error: unknown) => error)
    assert.instanceOf(failure, BadInput)
    assert.strictEqual(failure.diagnostics[0]?.file, file)
    assert.match(failure.message, /^cannot be written: there is no such file or folder/)
  })
})

it("a signal while a file is written leaves the file as it was, and no other file", async () => {
  const target = join(folder, "interrupted.txt")
  writeFileSync(target, "old")
  const endless = (function* () {
    for (let i = 0;; i++) {
      if (i === 0) process.listeners("SIGINT").at(-1)?.("SIGINT")
      assert.isBelow(i, 100, "the signal did not end the write")
      yield "x".repeat(65_536)
    }
  })()
  const error = await writeFile(target, endless).then(() => undefined, (thrown: unknown) => thrown)
  assert.instanceOf(error, Interrupted)
  for (let turns = 0; turns < 1000 && readdirSync(folder).some((name) => name.endsWith(".part")); turns++) {
    await new Promise((done) => setImmediate(done))
  }
  assert.deepStrictEqual(readdirSync(folder).filter((name) => name.endsWith(".part")), [])
  assert.strictEqual(readFileSync(target, "utf8"), "old")
})
