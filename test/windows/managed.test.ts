/** T4: classes with methods and amended qualifiers. System.Management works on Windows only, so fakes replace its objects. */
import { expect, it } from "vitest"
import { connect, given, type Host, type Json, refused } from "./hostClient.ts"
import { sharedHost, withEngine } from "./sharedHost.ts"

type Fields = Record<string, Json>

withEngine("T4: managed engine", (engine) => {
  const host = sharedHost(engine)

  const put = (spec: Fields, more: Fields = {}): ReturnType<Host["call"]> =>
    host().call("putClass", {
      c: 1,
      flags: 0,
      engine: "managed",
      class: { mode: "define", quals: [], props: [], ...spec },
      ...more
    })

  /** The recorded calls of the engine: options, flags, class, methods. */
  const recordedCalls = async (name: string): Promise<ReadonlyArray<string>> =>
    (given(await host().call("get", { c: 1, flags: 0, path: name, form: "mof" }))["mof"] as string).split("/")

  it("a class with a method: parameters, IDs, directions, return value", async () => {
    const answer = await put({
      name: "Worker",
      super: "Base",
      quals: [{ n: "Description", k: "s", v: "text", f: 0x81 }],
      props: [{ n: "Ref", t: 102, of: "Worker", quals: [] }],
      methods: [{
        n: "Run",
        quals: [{ n: "Static", k: "b", v: true, f: 1 }],
        ins: [
          {
            n: "Names",
            t: 8,
            a: true,
            at: 0,
            quals: [{ n: "In", k: "b", v: true, f: 0 }, { n: "Text", k: "s", v: "n", f: 2 }]
          },
          { n: "Box", t: 13, of: "Box", at: 1, quals: [{ n: "id", k: "i", v: "7", f: 0 }] }
        ],
        outs: [{ n: "Left", t: 19, at: 2, quals: [] }, { n: "ReturnValue", t: 19, quals: [] }]
      }, { n: "Stop", quals: [], ins: [], outs: [] }]
    })
    expect(given(answer)).toEqual({ path: "\\\\.\\root\\fake:Worker" })
    const cimtype = (of: string): string => `[CIMTYPE=${of} String am=False inst=True sub=True over=True] `
    const way = (n: string): string => `[${n}=True Boolean am=False inst=False sub=False over=True] `
    const place = (n: number): string => `[ID=${n} Int32 am=False inst=True sub=False over=False] `
    expect(await recordedCalls("Worker")).toEqual([
      "scope \\\\.\\root\\fake imp=3 auth=6 user= pass=0",
      "type= amended=False flags=0",
      "[Description=text String am=True inst=True sub=False over=True] class Worker : Base {"
      + `${cimtype("ref:Worker")}102 Ref;}`,
      "[Static=True Boolean am=False inst=True sub=False over=True] Run(__PARAMETERS{"
      + `[Text=n String am=False inst=False sub=True over=True] ${way("in")}${place(0)}8[] Names;`
      + `${cimtype("object:Box")}${way("in")}${place(1)}13 Box;})(__PARAMETERS{`
      + `${way("out")}${place(2)}19 Left;${way("out")}19 ReturnValue;})`,
      "Stop()()",
      ""
    ])
  })

  it("defaults have the exact .NET types, in embedded objects too", async () => {
    given(
      await host().call("putClass", {
        c: 1,
        flags: 0,
        class: {
          name: "Box",
          mode: "define",
          quals: [],
          props: [{ n: "Name", t: 8, quals: [] }, { n: "N", t: 19, quals: [] }]
        }
      })
    )
    const d: ReadonlyArray<readonly [number, Json, string]> = [
      [16, "-128", "SByte:-128"],
      [17, "255", "Byte:255"],
      [2, "-5", "Int16:-5"],
      [18, "65535", "UInt16:65535"],
      [3, "-5", "Int32:-5"],
      [19, "4294967295", "UInt32:4294967295"],
      [20, "-9223372036854775808", "Int64:-9223372036854775808"],
      [21, "18446744073709551615", "UInt64:18446744073709551615"],
      [4, "1.5", "Single:1.5"],
      [5, "1.5", "Double:1.5"],
      [11, true, "Boolean:True"],
      [8, "x", "String:x"],
      [101, "20260101000000.000000+000", "String:20260101000000.000000+000"],
      [102, "Box", "String:Box"],
      [103, "65", "Char:A"],
      [
        13,
        { class: "Box", props: [{ n: "Name", v: "x" }, { n: "N", v: "4000000000" }] },
        "FakeManagedClass:instance of Box{8 Name = String:x;19 N = UInt32:4000000000;}"
      ]
    ]
    given(
      await put({
        name: "Defaults",
        props: [
          ...d.map(([t, v]) => ({ n: `P${t}`, t, d: v, quals: [] })),
          ...d.map(([t, v]) => ({ n: `A${t}`, t, a: true, d: [v, v], quals: [] })),
          { n: "Null", t: 8, d: null, quals: [] }
        ]
      })
    )
    const text = (await recordedCalls("Defaults")).join("/")
    for (const [t, , seen] of d) {
      expect(text).toContain(`${t} P${t} = ${seen}`)
      expect(text).toContain(`${t}[] A${t} = ${seen},${seen.slice(seen.indexOf(":") + 1)}`)
    }
    expect(text).toContain("8 Null = null;}")
    for (
      const [t, bad] of [[16, "128"], [18, "-1"], [19, "4294967296"], [11, "true"], [13, "x"], [5, "1e400"], [
        99,
        "1"
      ]] as const
    ) {
      expect(refused(await put({ name: "Bad", props: [{ n: "v", t, d: bad, quals: [] }] }))).toMatchObject({
        kind: "host",
        code: "BadValue",
        where: { property: "v" }
      })
    }
    expect(
      refused(
        await put({
          name: "Bad",
          props: [{ n: "v", t: 13, d: { class: "Box", props: [{ n: "No", v: "1" }] }, quals: [] }]
        })
      )
    ).toMatchObject({ hresult: "80041002", where: { property: "v.No" } })
  })

  it("flags: three by members, the whole word for safe and force mode, and the context", async () => {
    const flagged = async (flags: number): Promise<string | undefined> => {
      given(await put({ name: "Flagged" }, { flags, ctx: [{ n: "k", k: "i", v: "1" }] }))
      return (await recordedCalls("Flagged"))[1]
    }
    expect(await flagged(0)).toBe("type= amended=False flags=0 k=Int32:1")
    expect(await flagged(1)).toBe("type=UpdateOnly amended=False flags=0 k=Int32:1")
    expect(await flagged(2)).toBe("type=CreateOnly amended=False flags=0 k=Int32:1")
    expect(await flagged(0x20091)).toBe("type=UpdateOnly amended=True flags=0 k=Int32:1")
    expect(await flagged(0x41)).toBe(`type= amended=False flags=${0x41} k=Int32:1`)
    expect(await flagged(0x200a0)).toBe(`type= amended=False flags=${0x20020} k=Int32:1`)
    expect(refused(await put({ name: "Flagged" }, { flags: 0x60 }))).toMatchObject({ code: "InvalidFlags" })
  })

  it("amend reads the class, drops and adds members", async () => {
    given(await put({ name: "Old" }))
    given(
      await put({
        name: "Old",
        mode: "amend",
        drop: { props: ["a", "b"], quals: ["q"] },
        props: [{ n: "c", t: 8, quals: [] }]
      })
    )
    expect((await recordedCalls("Old"))[2]).toBe("[-q] amend Old :  {-a;-b;8 c;}")
    expect(refused(await put({ name: "Never", mode: "amend" }))).toMatchObject({ kind: "wmi", hresult: "80041002" })
  })

  it("user and secret of a connection are passed to the scope, the secret to nothing else", async () => {
    const c = given(
      await host().call("connect", { ns: "root\\fake", server: "far", user: "u", secret: "abcde", imp: 3, auth: 6 })
    )
    given(await put({ name: "Far" }, { c: c["c"]! }))
    expect((await recordedCalls("Far"))[0]).toBe("scope \\\\far\\root\\fake imp=3 auth=6 user=u pass=5")
    await connect(host())
  })

  it("the number and information of its exception are reported", async () => {
    const failure = refused(await put({ name: "EWMI_Refused" }))
    expect(failure).toMatchObject({ kind: "wmi", hresult: "80041024", message: "Provider not capable " })
    if (engine.kind === "launcher") expect(failure.status).toEqual({ provider: "Managed" })
    expect(refused(await put({ name: "EWMI_Lost" }))).toMatchObject({ kind: "host", code: "NoPath" })
    expect(
      refused(
        await put({ name: "M", methods: [{ n: "Do", quals: [{ n: "q", k: "i", v: "x", f: 0 }], ins: [], outs: [] }] })
      )
    ).toMatchObject({ code: "BadValue", where: { method: "Do", qualifier: "q" } })
    expect(
      refused(
        await put({
          name: "M",
          methods: [{ n: "Do", quals: [], ins: [{ n: "p", t: 8, at: "0", quals: [] }], outs: [] }]
        })
      )
    ).toMatchObject({ code: "BadValue", where: { method: "Do" } })
  })
})
