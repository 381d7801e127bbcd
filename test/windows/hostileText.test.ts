/** T4: text that could be taken for code, for a line, or for the end of a string. It is stored as data or refused, never run. */
import * as FastCheck from "effect/FastCheck"
import { expect, it } from "vitest"
import { ascii, given, type Json, refused } from "./hostClient.ts"
import { sharedHost, withEngine } from "./sharedHost.ts"

const pieces = [
  "'",
  '"',
  "`",
  "$",
  "$(",
  ")",
  "$($host.Exit(9))",
  "${x}",
  "@'\n",
  "\n'@",
  '@"\n',
  '\n"@',
  "\u2018",
  "\u2019",
  "\u201c",
  "\u201d",
  ";",
  "|",
  "&",
  "exit 3",
  "#>",
  "<#",
  "\r\n",
  "\n",
  "\u0000",
  "\u001b[?1h",
  "\u0085",
  "\u2028",
  "%PATH%",
  "\\",
  "\\u0041",
  "EWMI1 ",
  '{"op":"exit"}',
  "EWMI0 Bootstrap x",
  "\u{1f600}",
  "\ufeff",
  "\u00ad",
  "\u200d",
  "\ufffe",
  "\u0130",
  "i\u0307",
  "`$",
  "``",
  "`n",
  "''",
  '""',
  "--%",
  "::",
  "[Environment]::Exit(4)",
  "Values",
  "Keys",
  "Count",
  "psobject"
]

const hostile: FastCheck.Arbitrary<string> = FastCheck.oneof(
  {
    weight: 4,
    arbitrary: FastCheck.array(FastCheck.constantFrom(...pieces), { minLength: 1, maxLength: 8 }).map((all) =>
      all.join("")
    )
  },
  { weight: 2, arbitrary: FastCheck.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: FastCheck.string({ unit: "grapheme", maxLength: 40 }) }
)

withEngine("T4: hostile text", (engine) => {
  const host = sharedHost(engine)
  const instance = (name: string, v: Json): Json => ({ class: name, props: [{ n: "Id", v: "k" }, { n: "v", v }] })

  const defined = async (name: string): Promise<void> => {
    const quals = [{ n: "key", k: "b", v: true, f: 3 }]
    const props = [{ n: "Id", t: 8, quals }, { n: "v", t: 8, quals: [] }, { n: "a", t: 8, a: true, quals: [] }]
    given(await host().call("putClass", { c: 1, flags: 0, class: { name, mode: "define", quals: [], props } }))
  }

  it("values: 3,000 are read back as they were put, in arrays and as scalars", async () => {
    await defined("Text")
    const values = FastCheck.sample(hostile, { numRuns: 3000, seed: 7 })
    const rows = Array.from({ length: 100 }, (_, i) => values.slice(i * 30, i * 30 + 30))
    const items = rows.map((row, i) => ({
      class: "Text",
      props: [{ n: "Id", v: `${i}` }, { n: "v", v: row[0]! }, { n: "a", v: row }]
    }))
    expect(given(await host().call("putMany", { c: 1, flags: 0, items }))).toEqual({ done: 100, total: 100 })
    const frames = await host().all("query", { c: 1, flags: 0, wql: "SELECT * FROM Text" })
    const rowsById = new Map(
      frames.flatMap(({ r }) => r ?? []).map((row) => {
        const props = row["props"] as ReadonlyArray<{ readonly n: string; readonly v: Json }>
        const of = (name: string): Json => props.find(({ n }) => n === name)!.v
        return [of("Id"), [of("v"), of("a")]]
      })
    )
    expect(rowsById.size).toBe(100)
    for (const [i, row] of rows.entries()) expect(rowsById.get(`${i}`)).toEqual([row[0], row])
  }, 60_000)

  it(
    "names of classes, properties, qualifiers, contexts, paths: 700 are stored as data or refused, and the host goes on",
    async () => {
      const names = FastCheck.sample(hostile, { numRuns: 140, seed: 11 })
      for (const name of names) {
        const spec = {
          name: name || "x",
          mode: "define",
          quals: [{ n: name || "x", k: "s", v: name, f: 0 }],
          props: [{ n: name || "x", t: 8, d: name, quals: [] }]
        }
        const made = await host().call("putClass", { c: 1, flags: 0, class: spec })
        if (made.ok !== true) expect(made.error).toMatchObject({ kind: expect.stringMatching(/wmi|host/) })
        else expect(given(made)["path"]).toBe(`\\\\.\\root\\fake:${name || "x"}`)
        const reply = await host().call("get", {
          c: 1,
          flags: 0,
          path: name,
          ctx: [{ n: name || "x", k: "s", v: name }]
        })
        if (reply.ok === true && name.length > 0 && !name.startsWith("\\\\")) {
          expect(given(reply)["props"]).toMatchObject([{ n: name, v: name }])
        }
        const put = await host().call("putInstance", {
          c: 1,
          flags: 0,
          item: { class: name || "x", props: [{ n: name || "x", v: name }] }
        })
        expect(put.t).toBe("res")
        expect(refused(await host().call("query", { c: 1, flags: 0, wql: `x${name}` })).hresult).toBe("80041017")
        expect(refused(await host().call("delete", { c: 1, flags: 0, path: `no ${name}` })).hresult).toBe("80041002")
      }
      await defined("After")
    },
    60_000
  )

  it("64 KiB of any character, in one line", async () => {
    await defined("Long")
    for (const text of ["x", "\u0001", '"', "\u{1f600}", "$(", "\n"]) {
      const v = text.repeat(65_536 / text.length)
      given(await host().call("putInstance", { c: 1, flags: 0, item: instance("Long", v) }))
      const read = given(await host().call("get", { c: 1, flags: 0, path: 'Long.Id="k"' }))["props"] as ReadonlyArray<
        Record<string, Json>
      >
      expect(read[1]!["v"]).toBe(v)
    }
  })

  it("a line with a lone surrogate is refused", async () => {
    await defined("Alone")
    for (const v of ["\ud800", "x\udc00", "\udc00\ud800"]) {
      expect(refused(await host().call("putInstance", { c: 1, flags: 0, item: instance("Alone", v) }))).toMatchObject({
        kind: "host",
        code: "BadLine"
      })
    }
  })

  it("every line is ASCII", () => {
    for (const v of FastCheck.sample(hostile, { numRuns: 1000, seed: 3 })) {
      const line = ascii({ v })
      expect(line).toMatch(/^[\x20-\x7e]*$/)
      expect(JSON.parse(line)).toEqual({ v })
    }
  })

  it("bytes that are not UTF-8, and a line of noise, are not messages", async () => {
    host().bytes("\u00ff\u00fe{\n")
    host().line("x".repeat(100_000))
    await defined("Alive")
    expect(host().noise()).toBe("")
  })
})
