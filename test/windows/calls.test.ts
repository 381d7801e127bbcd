/** T4: every call of the host and every type of value, over the strict fake prelude. */
import { expect, it } from "vitest"
import * as script from "../../src/windows/conversation/script.ts"
import { type Frame, given, type Host, type Json, refused, start } from "./hostClient.ts"
import { sharedHost, withEngine } from "./sharedHost.ts"

type Fields = Record<string, Json>

const key = (n = "Id", t = 8): Fields => ({ n, t, quals: [{ n: "key", k: "b", v: true, f: 3 }] })

const define = (host: Host, name: string, props: ReadonlyArray<Fields>, more: Fields = {}): Promise<Frame> =>
  host.call("putClass", { c: 1, flags: 0, class: { name, mode: "define", quals: [], props, ...more } })

const put = (host: Host, name: string, props: ReadonlyArray<Fields>, more: Fields = {}): Promise<Frame> =>
  host.call("putInstance", { c: 1, flags: 0, item: { class: name, props }, ...more })

const read = async (host: Host, path: string): Promise<ReadonlyArray<Fields>> =>
  given(await host.call("get", { c: 1, flags: 0, path }))["props"] as ReadonlyArray<Fields>

const valueOf = async (host: Host, path: string, name: string): Promise<Json | undefined> =>
  (await read(host, path)).find(({ n }) => n === name)?.["v"]

const mof = async (host: Host, path: string): Promise<Json | undefined> =>
  given(await host.call("get", { c: 1, flags: 0, path, form: "mof" }))["mof"]

/** The CIM type number, values that are read back as they were put, and values that are refused. */
const scalars: ReadonlyArray<readonly [string, number, ReadonlyArray<Json>, ReadonlyArray<Json>]> = [
  ["sint8", 16, ["-128", "127", "0"], ["-129", "128", "", "1.5", "x", 5, true]],
  ["uint8", 17, ["0", "255"], ["-1", "256", "0x1"]],
  ["sint16", 2, ["-32768", "32767"], ["32768", "-32769"]],
  ["uint16", 18, ["0", "32768", "65535"], ["65536", "-1"]],
  ["sint32", 3, ["-2147483648", "2147483647"], ["2147483648", "1e3", "1,000"]],
  ["uint32", 19, ["0", "2147483647", "2147483648", "4294967295"], ["4294967296", "-1"]],
  ["sint64", 20, ["-9223372036854775808", "9223372036854775807"], ["9223372036854775808", "nine", 5]],
  ["uint64", 21, ["0", "18446744073709551615"], ["18446744073709551616", "-1"]],
  ["real32", 4, ["1.5", "-3.40282347E+38", "1.40129846E-45", "0.100000001"], ["1e39", "NaN", "Infinity", "1,5", ""]],
  ["real64", 5, ["0.10000000000000001", "-1.7976931348623157E+308", "4.9406564584124654E-324", "-0"], [
    "1e400",
    "-Infinity",
    "1,5"
  ]],
  ["boolean", 11, [true, false], ["true", "1", 1]],
  ["string", 8, ["", "a", "\u{1f600}", "\u0000x", "2026-01-01T00:00:00Z", "/Date(0)/", "null", "18"], [1, true, ["a"], {
    class: "X",
    props: []
  }]],
  ["datetime", 101, ["20260101000000.000000+000", "00000001000000.000000:000"], [20260101]],
  ["reference", 102, ['\\\\.\\root\\fake:A.Id="b"', ""], [1]],
  ["char16", 103, ["0", "65", "32768", "65535", "55296"], ["65536", "-1", "A"]]
]

withEngine("T4: values", (engine) => {
  const host = sharedHost(engine)

  it("a class with every type, as scalars and arrays, and its defaults", async () => {
    const props = scalars.flatMap(([name, t, [first]]) => [
      { n: name, t, d: first!, quals: [] },
      { n: `${name}s`, t, a: true, d: [first!], quals: [] },
      { n: `${name}0`, t, d: null, quals: [] }
    ])
    given(await define(host(), "Types", [key(), ...props]))
    given(await put(host(), "Types", [{ n: "Id", v: "defaults" }]))
    const stored = await read(host(), 'Types.Id="defaults"')
    for (const [name, t, [first]] of scalars) {
      expect(stored.find(({ n }) => n === name)).toEqual({ n: name, t, a: false, v: first })
      expect(stored.find(({ n }) => n === `${name}s`)).toEqual({ n: `${name}s`, t, a: true, v: [first] })
      expect(stored.find(({ n }) => n === `${name}0`)).toEqual({ n: `${name}0`, t, a: false, v: null })
    }
  })

  for (const [name, t, good, bad] of scalars) {
    it(`${name}: both ends of the range are put and read, as scalars, in arrays of two, one and no elements, and null`, async () => {
      given(await define(host(), `T_${name}`, [key(), { n: "v", t, quals: [] }, { n: "a", t, a: true, quals: [] }]))
      const path = `T_${name}.Id="x"`
      const arrays = [[], [good[0]!], [...good]]
      for (const [i, v] of [...good, null].entries()) {
        const a = arrays[i % arrays.length]!
        given(await put(host(), `T_${name}`, [{ n: "Id", v: "x" }, { n: "v", v }, { n: "a", v: a }]))
        expect(await valueOf(host(), path, "v")).toEqual(v)
        expect(await valueOf(host(), path, "a")).toEqual(a)
      }
      // The same with types, so that the class is not read.
      given(await put(host(), `T_${name}`, [{ n: "Id", t: 8, v: "x" }, { n: "a", t, a: true, v: [...good] }]))
      expect(await valueOf(host(), path, "a")).toEqual([...good])
    })

    it(`${name}: a value that does not fit is BadValue with the property`, async () => {
      for (const v of bad) {
        expect(refused(await put(host(), `T_${name}`, [{ n: "Id", v: "x" }, { n: "v", v }]))).toMatchObject({
          kind: "host",
          code: "BadValue",
          where: { property: "v" }
        })
      }
      for (const a of ["x", [null], [...good, bad[0]!]]) {
        expect(refused(await put(host(), `T_${name}`, [{ n: "Id", v: "x" }, { n: "a", v: a }]))).toMatchObject({
          code: "BadValue",
          where: { property: "a" }
        })
      }
    })
  }

  it("an absent property keeps the default, null becomes null", async () => {
    given(await define(host(), "Left", [key(), { n: "v", t: 3, d: "7", quals: [] }]))
    given(await put(host(), "Left", [{ n: "Id", v: "a" }]))
    given(await put(host(), "Left", [{ n: "Id", v: "b" }, { n: "v", v: null }]))
    expect(await valueOf(host(), 'Left.Id="a"', "v")).toBe("7")
    expect(await valueOf(host(), 'Left.Id="b"', "v")).toBe(null)
  })

  it("a type without a number is refused", async () => {
    for (const t of [0, 99, -1, 1.5, "8"]) {
      expect(refused(await put(host(), "Left", [{ n: "Id", t, v: "x" }]))).toMatchObject({ code: "BadValue" })
    }
  })

  it("embedded objects, as scalars and in arrays, to a depth of 16", async () => {
    given(await define(host(), "Box", [{ n: "Name", t: 8, quals: [] }, { n: "In", t: 13, of: "Box", quals: [] }]))
    given(
      await define(host(), "Shelf", [key(), { n: "Box", t: 13, of: "Box", quals: [] }, {
        n: "Boxes",
        t: 13,
        a: true,
        of: "Box",
        quals: []
      }])
    )
    const box = (depth: number): Fields => ({
      class: "Box",
      props: [{ n: "Name", v: String(depth) }, ...(depth > 1 ? [{ n: "In", v: box(depth - 1) }] : [])]
    })
    const depthOf = (v: Json | undefined): number => {
      if (v === null || v === undefined) return 0
      const inner = (v as { props: ReadonlyArray<Fields> }).props.find(({ n }) => n === "In")?.["v"]
      return 1 + depthOf(inner)
    }
    given(
      await put(host(), "Shelf", [{ n: "Id", v: "1" }, { n: "Box", v: box(16) }, {
        n: "Boxes",
        v: [box(1), box(2)]
      }])
    )
    expect(depthOf(await valueOf(host(), 'Shelf.Id="1"', "Box"))).toBe(16)
    expect((await valueOf(host(), 'Shelf.Id="1"', "Boxes") as ReadonlyArray<Json>).map(depthOf)).toEqual([1, 2])
    expect(refused(await put(host(), "Shelf", [{ n: "Id", v: "2" }, { n: "Box", v: box(17) }]))).toMatchObject({
      kind: "host",
      code: "Depth"
    })
    const wrong = { class: "Box", props: [{ n: "In", v: { class: "Box", props: [{ n: "Nme", v: "x" }] } }] }
    expect(refused(await put(host(), "Shelf", [{ n: "Id", v: "2" }, { n: "Box", v: wrong }]))).toMatchObject({
      hresult: "80041002",
      where: { property: "Box.In.Nme" }
    })
    for (
      const v of ["x", [], { props: [] }, { class: "", props: [] }, { class: "Box" }, { class: "Box", props: [1] }]
    ) {
      expect(refused(await put(host(), "Shelf", [{ n: "Id", v: "2" }, { n: "Box", v }]))).toMatchObject({
        code: "BadValue"
      })
    }
  })
})

withEngine("T4: classes and instances", (engine) => {
  const host = sharedHost(engine)

  it("flavours are passed with subclasses first, and every kind of qualifier value has its type", async () => {
    const quals = [
      { n: "key", k: "b", v: true, f: 3 },
      { n: "Description", k: "s", v: "text", f: 1 },
      { n: "Max", k: "i", v: "-5", f: 2 },
      { n: "Ratio", k: "r", v: "0.5", f: 0x10 },
      { n: "Values", k: "s", a: true, v: ["a"], f: 0 },
      { n: "None", k: "i", a: true, v: [], f: 0x13 }
    ]
    expect(refused(await define(host(), "Quals", [{ n: "Id", t: 8, quals }]))).toMatchObject({
      hresult: "80041029",
      where: { property: "Id", qualifier: "None" }
    })
    given(
      await define(host(), "Quals", [{ n: "Id", t: 8, quals: quals.slice(0, -1) }, {
        n: "Ref",
        t: 102,
        of: "Quals",
        quals: []
      }], { quals: [{ n: "Abstract", k: "b", v: true, f: 0 }] })
    )
    expect(await mof(host(), "Quals")).toBe(
      "[Abstract=True Boolean sub=False inst=False over=True] class Quals\n"
        + "[key=True Boolean sub=True inst=True over=True] [Description=text String sub=False inst=True over=True] "
        + "[Max=-5 Int32 sub=True inst=False over=True] [Ratio=0.5 Double sub=False inst=False over=False] "
        + "[Values=a Object[] sub=False inst=False over=True] 8 Id = null\n"
        + "[CIMTYPE=ref:Quals String sub=True inst=True over=True] 102 Ref = null\n"
    )
    for (const q of [{ n: "X", k: "z", v: "1", f: 0 }, { n: "X", k: "i", v: "x", f: 0 }]) {
      expect(refused(await define(host(), "Bad", [{ n: "Id", t: 8, quals: [q] }]))).toMatchObject({ code: "BadValue" })
    }
  })

  it("a derived class is made from its superclass, an amended one from the stored class", async () => {
    given(await define(host(), "Base", [key(), { n: "One", t: 3, quals: [] }]))
    given(await define(host(), "Derived", [{ n: "Two", t: 3, quals: [] }], { super: "Base" }))
    expect((await read(host(), "Derived")).map(({ n }) => n)).toEqual(["Id", "One", "Two"])
    expect(refused(await define(host(), "Lost", [], { super: "Nothing" }))).toMatchObject({ hresult: "80041002" })
    const amend = { name: "Base", mode: "amend", quals: [{ n: "Q", k: "b", v: true, f: 0 }] }
    given(
      await host().call("putClass", {
        c: 1,
        flags: 0,
        class: { ...amend, props: [{ n: "Three", t: 8, quals: [] }], drop: { props: ["One"] } }
      })
    )
    expect((await read(host(), "Base")).map(({ n }) => n)).toEqual(["Id", "Three"])
    given(
      await host().call("putClass", {
        c: 1,
        flags: 0,
        class: { ...amend, quals: [], props: [], drop: { quals: ["q"] } }
      })
    )
    expect(await mof(host(), "Base")).toMatch(/^class Base/)
    for (
      const [drop, where] of [[{ props: ["No"] }, { property: "No" }], [{ quals: ["No"] }, {
        qualifier: "No"
      }]] as const
    ) {
      expect(
        refused(await host().call("putClass", { c: 1, flags: 0, class: { ...amend, quals: [], props: [], drop } }))
      ).toMatchObject({ hresult: "80041002", where })
    }
    expect(refused(await define(host(), "X", [], { mode: "replace" }))).toMatchObject({ code: "BadValue" })
    expect(refused(await define(host(), "X", [key("a"), { n: "A", t: 8, quals: [] }]))).toMatchObject({
      code: "BadValue",
      where: { property: "A" }
    })
    const method = { n: "m", quals: [], ins: [], outs: [] }
    expect(refused(await define(host(), "X", [], { methods: [method, { ...method, n: "M" }] }))).toMatchObject({
      code: "BadValue",
      where: { method: "M" }
    })
  })

  it("engines: the one that supports the class is chosen, one that does not is refused", async () => {
    const amended = { quals: [{ n: "Description", k: "s", v: "x", f: 0x83 }] }
    given(await define(host(), "Auto", [], amended))
    expect(await mof(host(), "Auto")).toMatch(/^scope /)
    const of = (engine: string, more: Fields): Promise<Frame> =>
      host().call("putClass", {
        c: 1,
        flags: 0,
        engine,
        class: { name: "E", mode: "define", quals: [], props: [], ...more }
      })
    expect(refused(await of("script", amended))).toMatchObject({ code: "UnsupportedFlags" })
    expect(refused(await of("script", { methods: [] }))).toMatchObject({ code: "UnsupportedFlags" })
    expect(refused(await of("third", {}))).toMatchObject({ code: "BadValue" })
    given(await of("managed", {}))
    expect(await mof(host(), "E")).toMatch(/^scope /)
    given(await of("script", {}))
    expect(await mof(host(), "E")).toMatch(/^class E/)
  })

  it("create-only and update-only, and which flag bits are passed to WMI", async () => {
    given(await define(host(), "Flags", [key()]))
    const item = [{ n: "Id", v: "x" }]
    expect(refused(await put(host(), "Flags", item, { flags: 1 }))).toMatchObject({ kind: "wmi", hresult: "80041002" })
    given(await put(host(), "Flags", item, { flags: 2 }))
    expect(refused(await put(host(), "Flags", item, { flags: 2 }))).toMatchObject({ kind: "wmi", hresult: "80041019" })
    given(await put(host(), "Flags", item, { flags: 1 }))
    given(await define(host(), "EWMI_Call", []))
    given(
      await host().call("putClass", {
        c: 1,
        flags: 0,
        class: { name: "EWMI_Put", mode: "define", quals: [], props: [] }
      })
    )
    for (
      const [sent, passed] of [[0, "0x0"], [0x90, "0x0"], [0x20, "0x20"], [0x40, "0x40"], [
        0x200f1 & ~0x60,
        "0x20001"
      ]] as const
    ) {
      expect(given(await put(host(), "EWMI_Call", [], { flags: sent }))["path"]).toBe(passed)
    }
    for (const flags of [3, 0x60, 4, 8, 0x100, -1]) {
      expect(refused(await put(host(), "Flags", item, { flags }))).toMatchObject({ kind: "host", code: "InvalidFlags" })
      expect(refused(await host().call("get", { c: 1, path: "Flags", flags }))).toMatchObject({ code: "InvalidFlags" })
      expect(refused(await host().call("delete", { c: 1, path: "Flags", flags }))).toMatchObject({
        code: "InvalidFlags"
      })
    }
    for (const flags of ["0", 1.5, true, null, 4294967296]) {
      expect(refused(await put(host(), "Flags", item, { flags }))).toMatchObject({ kind: "host", code: "BadValue" })
    }
  })

  it("context and flags of every call are passed unchanged", async () => {
    const ctx = [
      { n: "__ProviderArchitecture", k: "i", v: "32" },
      { n: "s", k: "s", v: "x" },
      { n: "b", k: "b", v: true },
      { n: "r", k: "r", v: "1.5" },
      { n: "a", k: "s", a: true, v: ["p", "q"] }
    ]
    const passedContext = "__ProviderArchitecture=Int32:32 s=String:x b=Boolean:True r=Double:1.5 a=Object[]:p,q"
    given(await define(host(), "EWMI_Call", []))
    expect(given(await put(host(), "EWMI_Call", [], { ctx, flags: 2 }))["path"]).toBe(`0x2 ${passedContext}`)
    expect(given(await host().call("get", { c: 1, path: "EWMI_Call", flags: 0x20000, ctx }))["path"]).toBe(
      `0x20000 ${passedContext}`
    )
    const rows = await host().all("query", { c: 1, wql: "SELECT * FROM EWMI_Call", flags: 0, ctx })
    expect(rows[1]?.r?.[0]?.["path"]).toBe(`0x30 ${passedContext}`)
    expect(refused(await host().call("delete", { c: 1, path: "EWMI_Call", flags: 0, ctx }))["message"]).toBe(
      `0x0 ${passedContext}`
    )
    for (
      const bad of [1, "x", [1], [{ n: "", k: "s", v: "x" }], [{ n: "x", k: "q", v: "x" }], [{ n: "x", k: "s", v: 1 }]]
    ) {
      expect(refused(await put(host(), "EWMI_Call", [], { ctx: bad }))).toMatchObject({ code: "BadValue" })
    }
  })

  it("without Put on the services object, the object's own Put_ is called", async () => {
    const c = given(await host().call("connect", { ns: "root\\fake\\old" }))
    expect(c["hasPut"]).toBe(false)
    given(await define(host(), "EWMI_Call", []))
    const old = { c: c["c"]!, flags: 2, item: { class: "EWMI_Call", props: [] } }
    expect(given(await host().call("putInstance", old))["path"]).toBe("0x2")
    expect(given(await host().call("putInstance", { ...old, ctx: [{ n: "s", k: "s", v: "x" }] }))["path"]).toBe(
      "0x2 s=String:x"
    )
    given(await host().call("release", { c: c["c"]! }))
    expect(refused(await host().call("putInstance", old))).toMatchObject({
      code: "BadValue",
      message: "no such connection"
    })
  })

  it("probe: whether the object existed, if the keys determine its path", async () => {
    given(await define(host(), "Probe", [key()]))
    const item = [{ n: "Id", v: "x" }]
    expect(given(await put(host(), "Probe", item, { probe: true }))).toMatchObject({ was: false })
    expect(given(await put(host(), "Probe", item, { probe: true }))).toMatchObject({ was: true })
    expect(given(await put(host(), "Probe", item))).not.toHaveProperty("was")
    // without a key the path is not known before the put
    given(await define(host(), "Keyless", [{ n: "v", t: 3, quals: [] }]))
    expect(given(await put(host(), "Keyless", [], { probe: true }))).not.toHaveProperty("was")
    // an object that the caller may not read
    given(await define(host(), "EWMI_Hidden", [key("n")]))
    expect(given(await put(host(), "EWMI_Hidden", [{ n: "n", v: "x" }], { probe: true }))).not.toHaveProperty("was")
    const cls = { c: 1, flags: 0, probe: true, class: { name: "Probed", mode: "define", quals: [], props: [] } }
    expect(given(await host().call("putClass", cls))).toMatchObject({ was: false })
    expect(given(await host().call("putClass", cls))).toMatchObject({ was: true })
    const many = await host().all("putMany", {
      c: 1,
      flags: 0,
      probe: true,
      items: ["x", "y"].map((v) => ({ class: "Probe", props: [{ n: "Id", v }] }))
    })
    expect(many[1]?.r).toMatchObject([{ ok: true, was: true }, { ok: true, was: false }])
    const none = { class: "Probe", props: [{ n: "Id", v: null }] }
    expect(refused(await host().call("putInstance", { c: 1, flags: 0, probe: true, item: none }))).toMatchObject({
      hresult: "80041028"
    })
  })

  it("delete removes an object once", async () => {
    given(await define(host(), "Gone", [key()]))
    given(await put(host(), "Gone", [{ n: "Id", v: "x" }]))
    const path = 'Gone.Id="x"'
    expect(given(await host().call("delete", { c: 1, flags: 0, path }))).toEqual({})
    expect(refused(await host().call("delete", { c: 1, flags: 0, path }))).toMatchObject({ hresult: "80041002" })
    expect(refused(await host().call("delete", { c: 1, flags: 0, path: "" }))).toMatchObject({ code: "BadValue" })
  })

  it("query: rows in parts of at most 64 rows or about 256 KiB, each with its index, a maximum, both forms", async () => {
    // the order of the rows is the provider's: every row of one class has the same size, so any order gives the same parts
    for (const [cls, text] of [["Row", "x".repeat(6_000)], ["SmallRow", ""]] as const) {
      given(await define(host(), cls, [key(), { n: "v", t: 8, quals: [] }]))
      const items = Array.from({ length: 130 }, (_, i) => ({
        class: cls,
        props: [{ n: "Id", v: String(i) }, { n: "v", v: text }]
      }))
      given(await host().call("putMany", { c: 1, flags: 0, items }))
    }
    const partsOf = async (cls: string) => {
      const frames = await host().all("query", { c: 1, flags: 0, wql: `SELECT * FROM ${cls}` })
      expect(frames[0]).toMatchObject({ t: "start" })
      expect(frames.at(-1)).toMatchObject({ t: "res", result: { rows: 130 } })
      const parts = frames.slice(1, -1)
      let from = 0
      for (const part of parts) {
        expect(part).toMatchObject({ t: "rows", from })
        expect(JSON.stringify(part.r).length).toBeLessThan(262_144 + 61_000)
        from += part.r!.length
      }
      expect(from).toBe(130)
      return parts.map(({ r }) => r!.length)
    }
    expect(await partsOf("SmallRow")).toEqual([64, 64, 2])
    expect(Math.max(...await partsOf("Row"))).toBeLessThan(64)
    const three = await host().all("query", { c: 1, flags: 0, wql: "SELECT * FROM Row", max: 3, form: "mof" })
    expect(three[1]?.r?.map((row) => Object.keys(row))).toEqual([["mof"], ["mof"], ["mof"]])
    expect(given(three.at(-1)!)).toEqual({ rows: 3 })
    expect(await host().all("query", { c: 1, flags: 0, wql: "SELECT * FROM Row", max: 0 })).toHaveLength(2)
    expect(refused(await host().call("query", { c: 1, flags: 0, wql: "DELETE Row" }))).toMatchObject({
      hresult: "80041017"
    })
    expect(refused(await host().call("query", { c: 1, flags: 0, wql: "SELECT * FROM Nothing" }))).toMatchObject({
      hresult: "80041010"
    })
    expect(refused(await host().call("get", { c: 1, flags: 0, path: "Row", form: "xml" }))).toMatchObject({
      code: "BadValue"
    })
  })
})

withEngine("T4: many", (engine) => {
  const host = sharedHost(engine)

  const items = (ids: ReadonlyArray<Json>): ReadonlyArray<Json> =>
    ids.map((v) => ({ class: "Many", props: [{ n: "Id", v }] }))

  it("a result for each item, in order, in parts of 32; refused items stop nothing", async () => {
    given(await define(host(), "Many", [key("Id", 3)]))
    const ids = Array.from({ length: 100 }, (_, i) => i === 40 ? "x" : String(i))
    const frames = await host().all("putMany", { c: 1, flags: 0, items: items(ids) })
    expect(frames.map(({ t }) => t)).toEqual(["start", "items", "items", "items", "items", "res"])
    expect(frames.slice(1, -1).map(({ from, r }) => [from, r!.length])).toEqual([[0, 32], [32, 32], [64, 32], [96, 4]])
    const results = frames.slice(1, -1).flatMap(({ r }) => r!)
    expect(results.map(({ ok }) => ok)).toEqual(ids.map((id) => id !== "x"))
    expect(results[40]).toMatchObject({ error: { kind: "host", code: "BadValue", where: { property: "Id" } } })
    expect(results[99]).toEqual({ ok: true, path: "\\\\.\\root\\fake:Many.Id=99" })
    expect(given(frames.at(-1)!)).toEqual({ done: 100, total: 100 })
  })

  it("stopOnError stops after the first refused item", async () => {
    const frames = await host().all("putMany", { c: 1, flags: 0, stopOnError: true, items: items(["1", "x", "2"]) })
    expect(frames[1]?.r?.map(({ ok }) => ok)).toEqual([true, false])
    expect(given(frames.at(-1)!)).toEqual({ done: 2, total: 3 })
  })

  it("one item, no items, and a value that is not a list", async () => {
    expect(given(await host().call("putMany", { c: 1, flags: 0, items: items(["7"]) }))).toEqual({ done: 1, total: 1 })
    expect(await host().all("putMany", { c: 1, flags: 0, items: [] })).toMatchObject([{ t: "start" }, {
      result: { done: 0, total: 0 }
    }])
    for (const bad of [null, "x", { class: "Many", props: [] }, [1], [[]]]) {
      expect(refused(await host().call("putMany", { c: 1, flags: 0, items: bad }))).toMatchObject({ code: "BadValue" })
    }
  })

  it("a cancel between items keeps the items already done; one before the start does nothing to the namespace", async () => {
    given(await define(host(), "EWMI_Slow", [key()]))
    const slow = (n: number): Json =>
      Array.from({ length: n }, (_, i) => ({ class: "EWMI_Slow", props: [{ n: "Id", v: String(i) }] }))
    const running = host().next()
    const waiting = host().next()
    host().line(JSON.stringify({ op: "putMany", id: running, c: 1, flags: 0, items: slow(40) }))
    host().line(JSON.stringify({ op: "putMany", id: waiting, c: 1, flags: 0, items: slow(40) }))
    await host().until((frame) => frame.t === "start" && frame.id === running)
    host().line(`{"op":"cancel","target":${waiting}}`)
    host().line(`{"op":"cancel","target":${running}}`)
    const first = await host().until((frame) => frame.t === "res" && frame.id === running)
    const { done, total } = given(first)
    expect(total).toBe(40)
    expect(done).toBeLessThan(40)
    const results = host().frames.filter((frame) => frame.t === "items" && frame.id === running).flatMap(({ r }) => r!)
    expect(results).toHaveLength(done as number)
    const second = await host().until((frame) => frame.t === "res" && frame.id === waiting)
    expect(refused(second)).toMatchObject({ kind: "host", code: "Cancelled" })
    expect(host().frames.some((frame) => frame.t === "start" && frame.id === waiting)).toBe(false)
  })
})

withEngine("T4: failures", (engine) => {
  const host = sharedHost(engine)

  const failing: ReadonlyArray<readonly [string, Record<string, unknown>]> = [
    ["EWMI_Denied", { kind: "windows", hresult: "80070005" }],
    ["EWMI_Rpc", { kind: "windows", hresult: "800706BA" }],
    ["EWMI_Dispatch", { kind: "dispatch", hresult: "80020005" }],
    ["EWMI_Below", { kind: "wmi", hresult: "80041048", message: "inner " }],
    ["EWMI_Both", { kind: "wmi", hresult: "80041024", message: "WMI inside " }],
    ["EWMI_Null", { kind: "host", code: "NoPath" }],
    ["EWMI_Defect", { kind: "host", code: "Script" }],
    ["EWMI_Disconnected", { kind: "windows", hresult: "80010108" }],
    ["EWMI_Unlisted", { kind: "windows", hresult: "8004FFFF" }]
  ]
  for (const [name, expected] of failing) {
    it(`${name}: the most specific number, through any wrapping exceptions`, async () => {
      given(await define(host(), name, []))
      const failure = refused(await put(host(), name, []))
      expect(failure).toMatchObject(expected)
      if (expected["code"] === "Script") expect(failure.message).toContain("Save-Object")
    })
  }

  it("through a property setter, with the property and the extended status", async () => {
    given(await define(host(), "Setter", [key(), { n: "v", t: 3, quals: [] }]))
    expect(refused(await put(host(), "Setter", [{ n: "v", t: 8, v: "x" }]))).toMatchObject({
      kind: "wmi",
      hresult: "80041005",
      where: { property: "v" },
      status: {
        operation: "Put",
        parameter: "cim 3 got System.String",
        provider: "WinMgmt",
        statusCode: String(0x80041005 | 0)
      }
    })
    expect(Object.keys(refused(await put(host(), "Setter", [{ n: "v", t: 8, v: "x" }])).status!)).toEqual([
      "operation",
      "parameter",
      "provider",
      "statusCode"
    ])
    expect(refused(await put(host(), "Nothing", []))).toMatchObject({
      kind: "wmi",
      hresult: "80041002",
      where: { class: "Nothing" }
    })
    expect(refused(await define(host(), "Lost", [], { super: "Nothing" }))).toMatchObject({
      hresult: "80041002",
      where: { superclass: "Nothing" }
    })
    given(await define(host(), "Holder", [key(), { n: "In", t: 13, quals: [] }]))
    expect(
      refused(await put(host(), "Holder", [{ n: "Id", v: "x" }, { n: "In", v: { class: "Nothing", props: [] } }]))
    ).toMatchObject({ hresult: "80041002", where: { class: "Nothing", property: "In" } })
    expect(refused(await host().call("get", { c: 1, flags: 0, path: "Nothing" }))).not.toHaveProperty("where")
  })

  it("connections: security, namespace, privileges, shapes", async () => {
    const connecting = async (fields: Fields): Promise<unknown> =>
      refused(await host().call("connect", { ns: "root\\fake", ...fields }))
    expect(await connecting({ ns: "root\\none" })).toMatchObject({ hresult: "8004100E" })
    expect(await connecting({ auth: 2 })).toMatchObject({ hresult: "80041003" })
    expect(await connecting({ imp: 2 })).toMatchObject({ hresult: "80041003" })
    expect(await connecting({ privileges: ["SeOtherPrivilege"] })).toMatchObject({ hresult: "80041062" })
    for (
      const bad of [{ ns: "" }, { ns: 1 }, { privileges: [1] }, { privileges: "SeTestPrivilege" }, { auth: "6" }, {
        user: 1
      }]
    ) {
      expect(await connecting(bad)).toMatchObject({ code: "BadValue" })
    }
    given(
      await host().call("connect", {
        ns: "root\\fake",
        privileges: ["SeTestPrivilege", "SeTestPrivilege"],
        locale: "MS_409"
      })
    )
    for (const c of [0, -1, 99, "1", null]) {
      expect(refused(await host().call("get", { c, flags: 0, path: "X" }))).toMatchObject({ code: "BadValue" })
    }
  })

  it("lines that are not messages", async () => {
    const ends = async (line: string, id: number): Promise<unknown> => {
      host().line(line)
      return (await host().until((frame) => frame.t === "res" && frame.id === id)).error
    }
    expect(await ends(`{"op":"get","id":9001,`, 9001)).toMatchObject({ kind: "host", code: "BadLine" })
    expect(await ends(`{"op":"get","id":9002,"path":"\\ud800"}`, 9002)).toMatchObject({ code: "BadLine" })
    expect(await ends(`{"op":"get","id":9003} x`, 9003)).toMatchObject({ code: "BadLine" })
    expect(await ends(`{"op":"get","id":9004,"x":${"[".repeat(70)}${"]".repeat(70)}}`, 9004)).toMatchObject({
      code: "BadLine"
    })
    expect(await ends(`{"op":"sing","id":9005}`, 9005)).toMatchObject({ code: "UnknownOp", message: "sing" })
    expect(await ends(`{"op":"Get","id":9006,"c":1,"path":"X"}`, 9006)).toMatchObject({ code: "UnknownOp" })
    expect(await ends(`{"op":"putInstance","id":9007,"c":1,"flags":0}`, 9007)).toMatchObject({ code: "BadValue" })
    expect(await ends(`{"op":"putClass","id":9008,"c":1,"flags":0,"class":{"mode":"amend"}}`, 9008)).toMatchObject({
      code: "BadValue"
    })
    host().line(`[1]`)
    host().line(`{"id":1,"op":"get"}`)
    host().line("")
    host().line(`{"op":"ping","id":"x"}`)
    given(await host().call("connect", { ns: "root\\fake" }))
    expect(host().frames.filter((frame) => frame.t === "res" && frame.id === 0)).toHaveLength(3)
    // none of these was started
    expect(host().frames.filter((frame) => frame.t === "start" && frame.id! >= 9001 && frame.id! <= 9004)).toEqual([])
  })

  it("noise glued before a frame, echoed frames and stray output are ignored", async () => {
    given(await define(host(), "EWMI_Noise", [key()]))
    given(await put(host(), "EWMI_Noise", [{ n: "Id", v: "x" }]))
    expect(host().noise()).toContain("glued")
    expect(host().noise()).not.toContain("host noise")
    expect(host().noise()).not.toContain("console noise")
    await expect.poll(() => host().stderr()).toMatch(/host noise[\s\S]*console noise[\s\S]*error noise/)
  })

  it("the secret is nowhere in the host's output", async () => {
    const secret = "hunter2-\u2603"
    await host().call("connect", { ns: "root\\fake", user: "u", secret })
    await host().call("connect", { ns: "root\\none", user: "u", secret })
    await host().call("connect", { ns: 1, user: "u", secret })
    const output = JSON.stringify(host().frames) + host().noise() + host().stderr()
    expect(output).not.toContain("hunter2")
  })
})

withEngine("T4: output leaked to the pipeline", (engine) => {
  it("is reported as Leak", async () => {
    const core = script.core.replace("  [void]$M.Remove('secret')\n", "  $M.Remove('secret')\n")
    expect(core).not.toBe(script.core)
    const host = await start(engine, { core })
    expect(refused(await host.call("connect", { ns: "root\\fake" }))).toMatchObject({ kind: "host", code: "Leak" })
    await host.stop()
  })
})
