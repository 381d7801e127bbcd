/** `effect-wmi types` as a process. */
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const bin = join(root, "dist/bin/effect-wmi.js")
const folder = mkdtempSync(join(tmpdir(), "effect-wmi-types-"))

const run = (...args: ReadonlyArray<string>) => {
  const deno = "Deno" in globalThis ? ["run", "-A"] : []
  const { status, stderr, stdout } = spawnSync(process.execPath, [...deno, bin, "types", ...args], {
    cwd: folder,
    encoding: "utf8"
  })
  return { status, out: stdout, err: stderr }
}

const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content)
  return name
}

const small = file("small.mof", 'class A { [key] string Id; };\n[Description("b")] class B : A { uint8 N = 1; };\n')
const two = file(
  "two.mof",
  '#pragma namespace("root/a")\nclass A { [key] string Id; };\n#pragma namespace("root/b")\nclass A { [key] uint8 N; };\n'
)

describe("types", () => {
  it("writes the module to a file and prints the number of types", () => {
    assert.deepStrictEqual(run(small, "-o", "small.ts"), { status: 0, out: "small.ts: 2 types\n", err: "" })
    assert.strictEqual(
      readFileSync(join(folder, "small.ts"), "utf8"),
      `// Written by effect-wmi types. Changes are lost when it is written again.
import * as WmiClass from "effect-wmi/WmiClass"

export class A extends WmiClass.Class<A>()("A", {
  Id: WmiClass.key(WmiClass.string),
}) {}

/** b */
export class B extends A.extend<B>()("B", {
  N: WmiClass.withDefault(WmiClass.uint8, 1),
}) {}
`
    )
  })

  it("writes the module to standard output, and notes to standard error", () => {
    const { err, out, status } = run(file("far.mof", "class C : D { string X; };\n"))
    assert.match(
      out,
      /export class C extends WmiClass\.Class<C>\(\)\("C", \{\n {2}X: WmiClass\.string,\n\}, \{ superclass: "D" \}\) \{\}/
    )
    assert.strictEqual(
      err,
      "effect-wmi: note: C: the properties of its superclass D are not typed, because D is not among the classes\n"
    )
    assert.strictEqual(status, 0)
  })

  it("--class, --from, --full", () => {
    const { out } = run(small, "--class", "a", "--from", "npm:effect-wmi/WmiClass")
    assert.match(out, /from "npm:effect-wmi\/WmiClass"/)
    assert.notMatch(out, /class B/)
    assert.match(run(small, "--full").out, /\}, \{ qualifiers: \{ Description: "b" \} \}\) \{\}/)
  })

  it("a #pragma namespace is the namespace of the classes after it, also if it is the default one", () => {
    const some = file(
      "some.mof",
      'class N { [key] string Id; };\n#pragma namespace("\\\\\\\\.\\\\root\\\\cimv2")\nclass A { [key] string Id; };\nclass B : A { };\n'
        + '#pragma namespace("root/b")\nclass C { [key] string Id; };\nclass E : __ExtrinsicEvent { };\nclass F : Nobody { };\n'
    )
    const { out, status } = run(some)
    assert.strictEqual(status, 0)
    const given = out.split("export class ").slice(1).map((text) => [
      /^\w+/.exec(text)?.[0],
      /namespace: "([^"]+)"/.exec(text)?.[1]
    ])
    assert.deepStrictEqual(given.filter(([, namespace]) => namespace !== undefined), [
      ["A", "root\\\\cimv2"],
      ["C", "root\\\\b"],
      ["E", "root\\\\b"],
      ["F", "root\\\\b"]
    ])
    assert.includeMembers(given.map(([name]) => name), ["N", "B"])
  })

  it("--namespace: the namespace before a #pragma namespace, and the classes of it alone", () => {
    assert.match(run(small, "--namespace", "root/c").out, /string\),\n\}, \{ namespace: "root\\\\c" \}\)/)
    const { out, status } = run(two, "--namespace", "root/b")
    assert.match(out, /N: WmiClass\.key\(WmiClass\.uint8\),\n\}, \{ namespace: "root\\\\b" \}\)/)
    assert.strictEqual(status, 0)
  })

  for (
    const [title, args, message] of [
      [
        "a class in two namespaces",
        [two],
        /^effect-wmi: error: class A is declared in root\\a and in root\\b\nhint: --namespace selects one\n$/
      ],
      [
        "a namespace without classes",
        [two, "--namespace", "root/x"],
        /^two\.mof: error: no class is declared in namespace root\\x\n$/
      ],
      [
        "a class whose superclass is in another namespace",
        [file("apart.mof", 'class A { [key] string Id; };\n#pragma namespace("root/b")\nclass B : A { };\n')],
        /^effect-wmi: error: class B is declared in root\\b, its superclass A in root\\cimv2\nhint: --namespace selects one\n$/
      ],
      ["a file without classes", [file("none.mof", "")], /^none\.mof: error: no class is declared\n$/],
      [
        "a class that the file does not have",
        [small, "--class", "Z"],
        /^small\.mof: error: no class is named Z\n$/
      ],
      [
        "classes that are their own superclasses",
        [file("circle.mof", "class A : B { };\nclass B : A { };\n")],
        /^circle\.mof: error: the superclasses of A lead back to A\n$/
      ],
      ["a file with errors", [file("bad.mof", "class A {")], /^bad\.mof:1:10: error: /],
      ["a file that is not there", ["no.mof"], /no\.mof: (?:error: )?cannot be read: /],
      ["a folder that is not there", [small, "-o", "no/small.ts"], /^no\/small\.ts: error: cannot be written: /]
    ] as const
  ) {
    it(`${title} is one error, and status 2`, () => {
      const { err, out, status } = run(...args)
      assert.match(err, message)
      assert.deepStrictEqual([out, status], ["", 2])
    })
  }

  it("nothing is written for a file with errors", () => {
    run("bad.mof", "-o", "bad.ts")
    assert.isFalse(existsSync(join(folder, "bad.ts")))
  })
})
