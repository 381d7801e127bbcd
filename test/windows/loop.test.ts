/** T4: the loop. The script calls imitated objects, which call this project's emulator over a socket. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Scope from "effect/Scope"
import { afterAll, beforeAll, expect, it } from "vitest"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import type * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as Wmi from "../../src/Wmi.ts"
import { type Frame, given, type Host, type Json, refused, start } from "./hostClient.ts"
import { type LoopServer, type Needs, serve } from "./loopServer.ts"
import { withEngine } from "./sharedHost.ts"

type Fields = Record<string, Json>

withEngine("T4: the loop", (engine) => {
  const scope = Effect.runSync(Scope.make())
  const world = (): ManagedRuntime.ManagedRuntime<Needs, never> =>
    ManagedRuntime.make(Layer.merge(Wmi.layerMemory, Layer.succeed(CallContext.Server, "FAR")))
  const runtime = world()
  let server: LoopServer
  let host: Host
  let c = 0
  beforeAll(async () => {
    server = await Effect.runPromise(Scope.extend(serve(runtime), scope))
    host = await start(engine, { prelude: server.prelude })
    await host.hello
    c = given(await host.call("connect", { ns: "root\\cimv2" }))["c"] as number
  })
  afterAll(async () => {
    await host.stop()
    await Effect.runPromise(Scope.close(scope, Exit.void))
    await runtime.dispose()
  })

  const readBack = (path: string, options?: Wmi.ReadOptions): Promise<WbemObject> =>
    runtime.runPromise(Wmi.get(path, options))

  const key: Json = { n: "key", k: "b", v: true, f: Qualifier.keyFlavor }

  const putClass = (spec: Fields, more: Fields = {}): Promise<Frame> =>
    host.call("putClass", { c, flags: 0, class: { mode: "define", quals: [], props: [], ...spec }, ...more })

  const put = (name: string, props: ReadonlyArray<Fields>, more: Fields = {}): Promise<Frame> =>
    host.call("putInstance", { c, flags: 0, item: { class: name, props }, ...more })

  it("a class with every type, defaults, qualifiers, methods: the stored class is the one sent, through either engine", async () => {
    const defaults: ReadonlyArray<readonly [string, number, Json, Instance.Input]> = [
      ["sint8", 16, "-128", -128],
      ["uint8", 17, "255", 255],
      ["sint16", 2, "-32768", -32768],
      ["uint16", 18, "65535", 65535],
      ["sint32", 3, "-2147483648", -2147483648],
      ["uint32", 19, "4294967295", 4294967295],
      ["sint64", 20, "-9223372036854775808", -9223372036854775808n],
      ["uint64", 21, "18446744073709551615", 18446744073709551615n],
      ["real32", 4, "1.5", 1.5],
      ["real64", 5, "0.1", 0.1],
      ["boolean", 11, true, true],
      ["string", 8, "\u2018$(x)\u2019", "\u2018$(x)\u2019"],
      ["datetime", 101, "20260101000000.000000+000", "20260101000000.000000+000"],
      ["char16", 103, "65535", 65535]
    ]
    const props: ReadonlyArray<Fields> = [
      { n: "Id", t: 8, quals: [key] },
      ...defaults.flatMap(([name, t, d]): ReadonlyArray<Fields> => [
        { n: `p_${name}`, t, d, quals: [] },
        { n: `a_${name}`, t, a: true, d: [d, d], quals: [] }
      ]),
      { n: "Other", t: 102, of: "Every", quals: [{ n: "Max", k: "i", v: "-1", f: 2 }] },
      { n: "None", t: 8, d: null, quals: [] },
      { n: "Unset", t: 8, quals: [] }
    ]
    const quals: ReadonlyArray<Fields> = [
      { n: "Description", k: "s", v: "text", f: 1 },
      { n: "Ratio", k: "r", v: "2", f: 0 },
      { n: "Values", k: "s", a: true, v: ["a", "b"], f: 0x12 },
      { n: "Empty", k: "i", a: true, v: ["0"], f: 0 }
    ]
    const methods: ReadonlyArray<Fields> = [{
      n: "Run",
      quals: [{ n: "Static", k: "b", v: true, f: 0 }],
      ins: [{ n: "a", t: 8, at: 0, quals: [{ n: "d", k: "s", v: "x", f: 0 }] }, {
        n: "b",
        t: 18,
        a: true,
        at: 1,
        quals: []
      }],
      outs: [{ n: "b", t: 18, a: true, at: 1, quals: [] }, { n: "c", t: 102, of: "Every", at: 2, quals: [] }, {
        n: "ReturnValue",
        t: 19,
        quals: []
      }]
    }, { n: "Stop", quals: [], ins: [], outs: [] }]
    const expected = (name: string, withMethods: boolean): ClassDefinition.ClassDefinition =>
      ClassDefinition.make(name, {
        Id: Property.key("string"),
        ...Object.fromEntries(defaults.flatMap(([type, , , value]) => [
          [`p_${type}`, Property.make(type, { value: value as string })],
          [`a_${type}`, Property.make(`${type}[]`, { value: [value, value] as unknown as ReadonlyArray<string> })]
        ])),
        Other: Property.make("ref:Every", { qualifiers: [Qualifier.make("Max", -1, { flavor: 2 })] }),
        None: Property.make("string"), // on a new property NULL and no default are the same (CX-5)
        Unset: Property.make("string")
      }, {
        qualifiers: [
          Qualifier.make("Description", "text", { flavor: 1 }),
          Qualifier.make("Ratio", 2, { type: "real64" }),
          Qualifier.make("Values", ["a", "b"], { flavor: 0x12 }),
          Qualifier.make("Empty", [0])
        ],
        ...(withMethods
          ? {
            methods: {
              Run: Method.make("uint32", [
                { name: "a", type: "string", qualifiers: [Qualifier.make("d", "x")] },
                { name: "b", type: "uint16[]", direction: "inout" },
                { name: "c", type: "ref:Every", direction: "out" }
              ], { qualifiers: [Qualifier.make("Static")] }),
              Stop: Method.make("void")
            }
          }
          : {})
      })
    expect(given(await putClass({ name: "Every", quals, props }, { probe: true }))).toEqual({
      path: "\\\\FAR\\root\\cimv2:Every",
      was: false
    })
    expect(await readBack("Every")).toEqual(expected("Every", false))
    given(await putClass({ name: "Every2", quals, props, methods }))
    expect(await readBack("Every2")).toEqual(expected("Every2", true))
    given(await putClass({ name: "Every2", mode: "amend", methods: [] }))
    expect(await readBack("Every2")).toEqual(expected("Every2", true))
    const mof = given(await host.call("get", { c, flags: 0, path: "Every2", form: "mof" }))["mof"]
    expect(mof).toContain("class Every2")
    // An instance of it with its key only: the emulator adds the defaults.
    expect(given(await put("Every", [{ n: "Id", v: 'a"b' }], { probe: true }))).toEqual({
      path: '\\\\FAR\\root\\cimv2:Every.Id="a\\"b"',
      was: false
    })
    expect(given(await put("every", [{ n: "id", v: 'a"b' }, { n: "p_uint32", v: "7" }], { probe: true })))
      .toMatchObject({ was: true })
    const read = given(await host.call("get", { c, flags: 0, path: 'Every.Id="a\\"b"' }))
    expect(read).toMatchObject({ genus: 2, class: "Every", path: '\\\\FAR\\ROOT\\cimv2:Every.Id="a\\"b"' })
    const values = new Map((read["props"] as ReadonlyArray<Fields>).map(({ n, v }) => [n as string, v]))
    for (const [name, t, d] of defaults) {
      const shown = t === 5 ? "0.10000000000000001" : d
      expect(values.get(`p_${name}`)).toEqual(name === "uint32" ? "7" : shown)
      expect(values.get(`a_${name}`)).toEqual([shown, shown])
    }
    const stored = await readBack('Every.Id="a\\"b"') as Instance.Instance
    for (const [name, , , value] of defaults) if (name !== "uint32") expect(stored.values[`p_${name}`]).toEqual(value)
  })

  for (const engine of ["script", "managed"] as const) {
    it(`type words, empty lists, defaults that are NULL or inherited, char16 zero: ${engine} engine`, async () => {
      const name = `Shape_${engine}`
      given(
        await putClass({
          name,
          quals: [{ n: "Empty", k: "s", a: true, v: [], f: 1 }, { n: "Numbers", k: "i", a: true, v: [], f: 0 }],
          props: [
            { n: "Id", t: 8, w: "String", quals: [key] },
            { n: "Size", t: 19, w: "UINT32", d: "5", quals: [] },
            { n: "Label", t: 8, d: "x", quals: [] },
            { n: "Zero", t: 103, d: "0", quals: [] },
            { n: "Box", t: 13, of: name, w: "Object", quals: [] }
          ]
        }, { engine })
      )
      const base = await readBack(name) as ClassDefinition.ClassDefinition
      expect(base).toEqual(ClassDefinition.make(name, {
        Id: Property.key("String"),
        Size: Property.make("UINT32", { value: 5 }),
        Label: Property.make("string", { value: "x" }),
        Zero: Property.make("char16", { value: 0 }),
        Box: Property.make(`Object:${name}`)
      }, { qualifiers: { Empty: { value: [], flavor: 1 }, Numbers: [] } }))
      given(
        await putClass({
          name: `${name}_Child`,
          super: name,
          props: [
            { n: "Size", t: 19, keep: true, quals: [{ n: "Units", k: "s", v: "bytes", f: 0 }] },
            { n: "Label", t: 8, quals: [] }
          ]
        }, { engine })
      )
      const child = await readBack(`${name}_Child`) as ClassDefinition.ClassDefinition
      expect(child.properties.map(({ inheritsDefault, name, value }) => [name, value, inheritsDefault])).toEqual([
        ["Size", undefined, true],
        ["Label", null, undefined]
      ])
    })
  }

  it("defaults and type words of parameters, spelled directions, the word of the return value", async () => {
    const both = { n: "Both", t: 8, a: true, at: 1, d: ["a"], quals: [] }
    given(
      await putClass({
        name: "Shape_Methods",
        props: [{ n: "Id", t: 8, quals: [key] }],
        methods: [{
          n: "Go",
          quals: [],
          ins: [{ n: "How", t: 19, w: "UInt32", at: 0, d: "2147483650", in: "IN", quals: [] }, both],
          outs: [both, { n: "Unit", t: 103, at: 2, d: "0", quals: [] }, {
            n: "ReturnValue",
            t: 11,
            w: "BOOLEAN",
            quals: []
          }]
        }]
      })
    )
    const { methods } = await readBack("Shape_Methods") as ClassDefinition.ClassDefinition
    expect(methods).toEqual([Method.named(
      "Go",
      Method.make("BOOLEAN", [
        { name: "How", type: "UInt32", value: 2147483650, qualifiers: { IN: true } },
        { name: "Both", type: "string[]", direction: "inout", value: ["a"] },
        { name: "Unit", type: "char16", direction: "out", value: 0 }
      ])
    )])
  })

  it("derived, amended in place, dropped", async () => {
    given(await putClass({ name: "Base", props: [{ n: "Id", t: 3, quals: [key] }, { n: "X", t: 8, quals: [] }] }))
    given(await putClass({ name: "Derived", super: "Base", props: [{ n: "Y", t: 8, quals: [] }] }))
    expect(await readBack("Derived")).toEqual(
      ClassDefinition.make("Derived", { Y: Property.make("string") }, { superclass: "Base" })
    )
    given(
      await putClass({ name: "Derived", mode: "amend", props: [{ n: "Z", t: 8, quals: [] }], drop: { props: ["y"] } })
    )
    expect(await readBack("Derived")).toEqual(
      ClassDefinition.make("Derived", { Z: Property.make("string") }, { superclass: "Base" })
    )
    given(
      await putClass({
        name: "Derived",
        mode: "amend",
        methods: [{ n: "M", quals: [], ins: [], outs: [] }],
        drop: { props: ["Z"] }
      })
    )
    expect(await readBack("Derived")).toEqual(
      ClassDefinition.make("Derived", {}, { superclass: "Base", methods: { M: Method.make("void") } })
    )
  })

  it("statuses have their numbers, and name what is missing", async () => {
    given(await putClass({ name: "Strict", props: [{ n: "Id", t: 3, quals: [key] }, { n: "v", t: 17, quals: [] }] }))
    expect(refused(await put("Strict", [{ n: "Id", v: null }]))).toMatchObject({ kind: "wmi", hresult: "80041028" })
    expect(refused(await put("Strict", [{ n: "Id", v: "1" }], { flags: 1 }))).toMatchObject({ hresult: "80041002" })
    given(await put("Strict", [{ n: "Id", v: "1" }], { flags: 2 }))
    expect(refused(await put("Strict", [{ n: "Id", v: "1" }], { flags: 2 }))).toMatchObject({ hresult: "80041019" })
    expect(refused(await put("Strict", [{ n: "Id", v: "1" }], { flags: 0x20 }))).toMatchObject({ hresult: "80041008" })
    expect(refused(await put("Strict", [{ n: "Id", v: "1" }, { n: "No", t: 8, v: "x" }]))).toMatchObject({
      hresult: "80041031"
    })
    expect(refused(await put("Strict", [{ n: "Id", v: "1" }, { n: "v", t: 8, v: "x" }]))).toMatchObject({
      hresult: "80041005"
    })
    expect(refused(await put("Strict", [{ n: "Id", v: "1" }, { n: "v", t: 3, v: "256" }]))).toMatchObject({
      hresult: "8004102B"
    })
    expect(refused(await put("Missing", []))).toMatchObject({ hresult: "80041002", where: { class: "Missing" } })
    expect(refused(await putClass({ name: "D", super: "Missing" }))).toMatchObject({
      hresult: "80041002",
      where: { superclass: "Missing" }
    })
    expect(refused(await putClass({ name: "Bad name!" }))).toMatchObject({ kind: "wmi" })
    for (const methods of [undefined, []]) {
      expect(refused(await putClass({ name: "", ...(methods === undefined ? {} : { methods }) }))).toMatchObject({
        hresult: "80041020"
      })
    }
    const managed = {
      name: "Strict",
      props: [{ n: "Id", t: 8, quals: [key] }],
      methods: [{ n: "M", quals: [], ins: [], outs: [] }]
    }
    const failure = refused(await putClass(managed))
    expect(failure).toMatchObject({ kind: "wmi" })
    expect(failure.hresult).toMatch(/^800410/)
    expect(refused(await host.call("connect", { ns: "root\\nowhere" }))).toMatchObject({ hresult: "8004100E" })
    expect(refused(await host.call("get", { c, flags: 0, path: "Strict.Id=9" }))).toMatchObject({ hresult: "80041002" })
    given(await host.call("delete", { c, flags: 0, path: "Strict.Id=1" }))
    expect(refused(await host.call("delete", { c, flags: 0, path: "Strict.Id=1" }))).toMatchObject({
      hresult: "80041002"
    })
  })

  it("flags and context are passed: safe and force mode, a partial update", async () => {
    given(
      await putClass({
        name: "Top",
        props: [{ n: "Id", t: 3, quals: [key] }, { n: "a", t: 8, quals: [] }, { n: "b", t: 8, quals: [] }]
      })
    )
    given(await putClass({ name: "Below", super: "Top" }))
    const more = { name: "Top", mode: "amend", props: [{ n: "c", t: 8, quals: [] }] }
    expect(refused(await putClass(more))).toMatchObject({ hresult: "80041025" })
    given(await putClass(more, { flags: 0x20 }))
    given(await putClass({ ...more, props: [{ n: "d", t: 8, quals: [] }], methods: [] }, { flags: 0x40 }))
    expect((await readBack("Top") as ClassDefinition.ClassDefinition).properties.map(({ name }) => name)).toEqual([
      "Id",
      "a",
      "b",
      "c",
      "d"
    ])
    given(await put("Top", [{ n: "Id", v: "1" }, { n: "a", v: "x" }, { n: "b", v: "y" }]))
    const ctx = [
      { n: "__PUT_EXTENSIONS", k: "b", v: true },
      { n: "__PUT_EXT_PROPERTIES", k: "s", a: true, v: ["a"] }
    ]
    given(await put("Top", [{ n: "Id", v: "1" }, { n: "a", v: "z" }, { n: "b", v: "lost" }], { flags: 1, ctx }))
    expect((await readBack("Top.Id=1") as Instance.Instance).values).toMatchObject({ a: "z", b: "y" })
    expect(refused(await put("Top", [{ n: "Id", v: "1" }], { ctx }))).toMatchObject({ kind: "wmi" })
    const last = server.calls.at(-1)!
    expect(last).toMatchObject({
      op: "put",
      flags: 0,
      ctx: [["__PUT_EXTENSIONS", ["b", true]], ["__PUT_EXT_PROPERTIES", ["a", [["s", "a"]]]]]
    })
  })

  it("localised text is put in its locale and read from it", async () => {
    const german = given(await host.call("connect", { ns: "root\\cimv2", locale: "ms_407" }))["c"]!
    const spec = (text: string): Fields => ({
      name: "Words",
      quals: [{ n: "Description", k: "s", v: text, f: 0x83 }],
      props: [{ n: "Id", t: 3, quals: [key] }]
    })
    given(await putClass(spec("words"), { flags: 0x20000 }))
    given(await putClass(spec("Worte"), { flags: 0x20000, c: german }))
    const description = async (on: Json, flags: number): Promise<string> =>
      given(await host.call("get", { c: on, flags, path: "Words", form: "mof" }))["mof"] as string
    expect(await description(c, 0)).not.toContain("Description")
    expect(await description(c, 0x20000)).toContain('"words"')
    expect(await description(german, 0x20000)).toContain('"Worte"')
    given(await putClass({ name: "Words", mode: "amend", methods: [] }, { flags: 0x20000 }))
    expect(await description(c, 0x20000)).toContain('"words"')
  })

  it("embedded objects, rows, and another world behind the same server", async () => {
    given(await putClass({ name: "Box", props: [{ n: "Name", t: 8, quals: [] }, { n: "N", t: 19, quals: [] }] }))
    given(
      await putClass({
        name: "Shelf",
        props: [{ n: "Id", t: 3, quals: [key] }, { n: "In", t: 13, of: "Box", quals: [] }]
      })
    )
    const inner = { class: "Box", props: [{ n: "Name", v: "x" }, { n: "N", v: "4294967295" }] }
    given(await put("Shelf", [{ n: "Id", v: "1" }, { n: "In", v: inner }]))
    expect((await readBack("Shelf.Id=1") as Instance.Instance).values["In"]).toMatchObject({
      _tag: "Instance",
      className: "Box",
      values: { Name: "x", N: 4294967295 }
    })
    const rows = await host.all("query", { c, flags: 0, wql: "SELECT * FROM Shelf" })
    expect(rows[1]?.r).toMatchObject([{
      class: "Shelf",
      props: [{ n: "Id", v: "1" }, { n: "In", v: { class: "Box" } }]
    }])
    const other = world()
    server.use(other)
    expect(refused(await host.call("get", { c, flags: 0, path: "Shelf" }))).toMatchObject({ hresult: "80041002" })
    server.use(runtime)
    given(await host.call("get", { c, flags: 0, path: "Shelf" }))
    await other.dispose()
  })
})
