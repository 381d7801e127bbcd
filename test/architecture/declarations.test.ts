/**
 * What a program emits as declarations: one `catchTag` of a verb's error keeps the names of the groups that it does not touch. The
 * package is laid out as npm installs it, and a program with one catch for each error of each verb is compiled against it.
 */
import { spawnSync } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import * as StatusError from "../../src/protocol/StatusError.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const compiler = join(root, "node_modules/typescript/bin/tsc")

const verbs = {
  PutError: "PutAsync.put(request)",
  GetError: 'Wmi.get("Demo_Disk")',
  DeleteError: 'Wmi.delete("Demo_Disk")',
  ListError: 'Wmi.instancesOf("Demo_Disk")'
} as const

/** The errors that programs handle. */
const handled = [
  "AlreadyExists",
  "NotFound",
  "AccessDenied",
  "InvalidNamespace",
  "InvalidClass",
  "ClassHasInstances",
  "InvalidProperty",
  "TypeMismatch",
  "Timeout",
  "TransportFailure",
  "CallCancelled"
].map((status) => `Wbem${status}`)

/** Errors of a verb whose catch is longer than 500 bytes: they are deep in the tree of groups. None is longer than 700. */
const long = { PutError: 30, GetError: 4, DeleteError: 9, ListError: 0 }

interface Line {
  readonly verb: keyof typeof verbs
  readonly tag: string
  readonly text: string
}

// The compiler is a process of its own and says the same under every runtime, so Node alone starts it.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("declarations of a program", () => {
  const folder = mkdtempSync(join(tmpdir(), "effect-wmi-declarations-"))
  const lines: Array<Line> = []

  const compile = (args: ReadonlyArray<string>, cwd: string): void => {
    const { status, stdout } = spawnSync(process.execPath, [compiler, ...args, "--pretty", "false"], {
      cwd,
      encoding: "utf8"
    })
    assert.strictEqual(status, 0, stdout)
  }

  beforeAll(() => {
    const installed = join(folder, "node_modules", "effect-wmi")
    mkdirSync(installed, { recursive: true })
    copyFileSync(join(root, "package.json"), join(installed, "package.json"))
    symlinkSync(join(root, "node_modules", "effect"), join(folder, "node_modules", "effect"))
    const emit = ["--emitDeclarationOnly", "--declarationMap", "false", "--sourceMap", "false"]
    compile(["-p", "tsconfig.build.json", ...emit, "--outDir", join(installed, "dist")], root)

    const catches = Object.keys(verbs).flatMap((verb) =>
      [...StatusError.tagsOf(verb as keyof typeof verbs)].map((tag) => ({ verb: verb as keyof typeof verbs, tag }))
    )
    writeFileSync(
      join(folder, "program.ts"),
      [
        'import { Effect } from "effect"',
        'import { PutAsync, type PutRequest, Wmi } from "effect-wmi"',
        "declare const request: PutRequest.PutRequest",
        ...catches.map(({ tag, verb }, i) =>
          `export const caught${i} = ${
            verbs[verb]
          }.pipe(Effect.catchTag("${tag}", () => Effect.succeed("handled" as const)))`
        )
      ].join("\n")
    )
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }))
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          target: "ES2022",
          module: "NodeNext",
          strict: true,
          exactOptionalPropertyTypes: true,
          declaration: true,
          emitDeclarationOnly: true,
          outDir: "out",
          types: []
        },
        files: ["program.ts"]
      })
    )
    compile(["-p", "."], folder)
    const declarations = readFileSync(join(folder, "out", "program.d.ts"), "utf8")
    catches.forEach((one, i) => {
      const text = declarations.split("\n").find((line) => line.startsWith(`export declare const caught${i}:`))
      assert.isDefined(text, one.tag)
      lines.push({ ...one, text })
    })
  }, 180_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it("of an error that programs handle have at most 500 bytes", () => {
    for (const { tag, text, verb } of lines.filter(({ tag }) => handled.includes(tag))) {
      assert.isAtMost(Buffer.byteLength(text), 500, `${verb} ${tag}: ${text}`)
    }
    // Every error of the list is one of a put.
    assert.sameMembers(handled.filter((tag) => StatusError.tagsOf("PutError").has(tag)), handled)
  })

  it("of the others have at most 700 bytes, and few have more than 500", () => {
    for (const { tag, text, verb } of lines) assert.isAtMost(Buffer.byteLength(text), 700, `${verb} ${tag}`)
    for (const verb of Object.keys(verbs) as ReadonlyArray<keyof typeof verbs>) {
      const over = lines.filter((line) => line.verb === verb && Buffer.byteLength(line.text) > 500)
      assert.isAtMost(over.length, long[verb], `${verb}: ${over.map(({ tag }) => tag).join()}`)
    }
  })

  it("do not name the error that was caught", () => {
    for (const { tag, text } of lines) assert.notMatch(text, new RegExp(`\\.${tag.replace("Wbem", "")}\\b`), tag)
  })
})
