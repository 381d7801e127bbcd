/** The reference in docs/api is that of the sources, its links lead somewhere, and its signatures are those of the declarations. */
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { links } from "../spec/citations.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const folder = join(root, "docs/api")
const entryPoints = Object.keys(
  (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly exports: object }).exports
).filter((name) => name !== "./package.json")

interface Declaration {
  readonly kind: string
}
const { declaration } = await import(new URL("../../scripts/api/signatures.mjs", import.meta.url).href) as {
  readonly declaration: (name: string, declared: Declaration) => string
}

// The generator starts deno, which prints the same under every runtime, so Node alone runs this.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("npm run api", () => {
  it("has nothing to write: the pages are those of the sources", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/api/api.mjs", "--check"], {
      cwd: root,
      encoding: "utf8"
    })
    assert.strictEqual(status, 0, stdout + stderr)
  })

  /**
   * Declarations as the formatter leaves them on one line, which the printer gives back. The JSON of deno has neither `const` of a type
   * parameter nor the names of the elements of a tuple, so the pages do not show these.
   */
  const declarations = [
    "const a: unique symbol",
    "const b: { (a: string, b?: number): void; (...rest: Array<string>): boolean }",
    "function f<A, B extends A = A>({ a, b }: { readonly a: A; b: B }, [c]: [string], ...d: string[]): a is string",
    'type C<A> = A extends ReadonlyArray<infer B> ? B["c"] : never',
    "type D<A> = { readonly [K in keyof A as `get${K}`]?: A[K] | undefined }",
    "type E<A> = { -readonly [K in keyof A]-?: A[K] }",
    'type F = (a: string) => asserts a is "b"',
    "type G = new (a: typeof f) => [string, number?, ...boolean[]]",
    "type H = readonly string[] | (() => void) | 1 | -1 | 10n | true | null | undefined",
    'type I = import("./x.ts").X & this',
    'interface J<A> extends K<A>, L {\n/** A number. */\n[name: string]: A\nreadonly "a-b"?: string\nm(a: A): void\nnew (a: A): J<A>\n(a: A): A\n}',
    "abstract class M<A> extends N<A> implements O {\nconstructor(a: A)\nstatic readonly b: A\nget c(): A\nset c(value: A)\nprotected d(): void\n}"
  ]
  it("prints each kind of type and declaration", () => {
    const place = mkdtempSync(join(tmpdir(), "effect-wmi-signatures-"))
    try {
      const file = join(place, "declarations.ts")
      writeFileSync(
        file,
        declarations.map((one) => `export ${/^(?:type|interface)/.test(one) ? "" : "declare "}${one}\n`).join("")
      )
      const { status, stderr, stdout } = spawnSync(join(root, "node_modules/.bin/deno"), ["doc", "--json", file], {
        cwd: place,
        encoding: "utf8"
      })
      assert.strictEqual(status, 0, stderr)
      const { nodes } = JSON.parse(stdout) as {
        readonly nodes: Readonly<
          Record<string, { readonly symbols: ReadonlyArray<{ name: string; declarations: [Declaration] }> }>
        >
      }
      const printed = Object.values(nodes)[0]!.symbols.map(({ declarations: [first], name }) =>
        declaration(name, first)
      )
      assert.deepStrictEqual(printed, declarations)
    } finally {
      rmSync(place, { recursive: true, force: true })
    }
  })
})

describe("docs/api", () => {
  const pages = new Map(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")])
  )
  /** The anchors of a page, as a reader of Markdown makes them: a heading that stands twice gets a number. */
  const anchorsOf = (page: string): ReadonlySet<string> => {
    const seen = new Map<string, number>()
    const made = [...page.replace(/^```[^]*?^```/gm, "").matchAll(/^#+ (.+)$/gm)].map(([, heading]) => {
      const slug = heading!.toLowerCase().replace(/[^\w\s-]/g, "").replaceAll(" ", "-")
      const count = seen.get(slug) ?? 0
      seen.set(slug, count + 1)
      return count === 0 ? slug : `${slug}-${count}`
    })
    return new Set([...made, ...[...page.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!)])
  }

  it("has a page for each entry point, in its index", () => {
    const index = pages.get("README.md")!
    for (const name of entryPoints) assert.include(index, `[effect-wmi${name.slice(1)}](`)
    const linked = links(index).map(([file]) => file)
    assert.deepStrictEqual(
      index.split("\n").filter((line) => /^- .*: *$/.test(line)),
      [],
      "a module without `@module` has no summary"
    )
    assert.sameMembers(linked, [...pages.keys()].filter((name) => name !== "README.md"))
  })

  it("its links lead to pages, headings and rules", () => {
    const known = new Map<string, ReadonlySet<string>>()
    for (const [name, page] of pages) {
      const found = links(page)
      for (const [file, anchor] of found) {
        const target = file === "" ? name : file
        if (!known.has(target)) {
          assert.isTrue(existsSync(join(folder, target)), `${name} -> ${target}`)
          known.set(target, anchorsOf(readFileSync(join(folder, target), "utf8")))
        }
        if (anchor !== undefined) assert.isTrue(known.get(target)!.has(anchor), `${name} -> ${target}#${anchor}`)
      }
    }
    assert.isAbove(known.size, entryPoints.length)
  })
})
