/** T4: how the host starts and ends, on PowerShell's own engine. */
import { describe, expect, it } from "vitest"
import * as script from "../../src/windows/conversation/script.ts"
import { connect, fakePrelude, given, type Host, refused, start } from "./hostClient.ts"
import { isRunning } from "./processes.ts"
import { engine, withEngine } from "./sharedHost.ts"

const hang = (host: Host, c: number): void =>
  host.line(`{"op":"putInstance","id":${host.next()},"c":${c},"flags":0,"item":{"class":"EWMI_Hang","props":[]}}`)

const defineHang = async (host: Host): Promise<number> => {
  const c = await connect(host)
  given(
    await host.call("putClass", {
      c,
      flags: 0,
      class: { name: "EWMI_Hang", mode: "define", quals: [], props: [] }
    })
  )
  return c
}

/** A prelude with other limits. */
const limits = (lease: string, grace: string): string =>
  fakePrelude.replace("LeaseSeconds = 300; EofGraceMs = 1500", `LeaseSeconds = ${lease}; EofGraceMs = ${grace}`)

withEngine("T4: start", (engine) => {
  it("prints the engine of the tests", () => {
    console.info(`T4 on ${engine.version}`)
    expect(engine.version).toMatch(/7\.\d/)
  })

  for (const form of ["plain", "encoded", "file"] as const) {
    it(`${form}: sends hello, replies, sends bye, exits 0 and writes no noise`, async () => {
      const host = await start(engine, { form })
      expect(await host.hello).toMatchObject({ protocol: 1, edition: "Core", bits: 64, engines: ["script", "managed"] })
      const c = await connect(host)
      expect(refused(await host.call("get", { c, flags: 0, path: "None" }))).toMatchObject({ hresult: "80041002" })
      expect(await host.stop()).toEqual({ code: 0, signal: null })
      expect(host.frames.at(-1)).toEqual({ t: "bye" })
      expect(host.noise()).toBe("")
      expect(host.stderr()).toBe("")
    })

    it(`${form}: constrained language is reported by its line and exit 77, before anything is read`, async () => {
      const host = await start(engine, {
        form,
        prelude: script.prelude, // the fake prelude declares classes, which this mode refuses when it parses
        ...(engine.kind === "launcher"
          ? { env: { PWSH_STAND_IN_LANGUAGE: "ConstrainedLanguage" } }
          : { bootstrap: (text) => `$ExecutionContext.SessionState.LanguageMode='ConstrainedLanguage';${text}` })
      })
      expect(await host.ended).toEqual({ code: 77, signal: null })
      expect(host.noise()).toContain("EWMI0 LanguageMode ConstrainedLanguage")
    })
  }

  it("an invalid header ends with exit 78 and a message", async () => {
    const host = await start(engine, { header: "hello there\n" })
    expect(await host.ended).toEqual({ code: 78, signal: null })
    expect(host.noise()).toContain("EWMI0 Bootstrap bad header")
  })

  it("a script that does not parse ends with exit 78", async () => {
    const host = await start(engine, { header: "EWMI1 00 1\nfunction {\n" })
    expect(await host.ended).toEqual({ code: 78, signal: null })
    expect(host.noise()).toContain("EWMI0 Bootstrap ")
  })

  it("a failure after the host has redirected standard output is written to standard error", async () => {
    const host = await start(engine, { core: script.core.replace("  Initialize-JsonReader\n", "  throw 'late'\n") })
    expect(await host.ended).toEqual({ code: 78, signal: null })
    expect(host.stderr()).toContain("EWMI0 Bootstrap late")
    expect(host.noise()).toBe("")
  })

  it("an older PowerShell is reported by its line and exit 79, in the bootstrap and in the core", async () => {
    const [first, core] = await Promise.all([
      start(engine, { bootstrap: (text) => text.replace("Major -lt 5", "Major -lt 99") }),
      start(engine, { core: script.core.replace("[version]'5.1'", "[version]'99.1'") })
    ])
    expect([await first.ended, await core.ended]).toEqual(Array(2).fill({ code: 79, signal: null }))
    expect([first.noise(), core.noise()]).toEqual(Array(2).fill(expect.stringMatching(/EWMI0 Version 7/)))
  })

  it("a noisy prelude and stray output do not corrupt frames", async () => {
    const host = await start(engine, { prelude: `${fakePrelude}\n'stray'\n[Console]::Out.WriteLine('early')\n` })
    await host.hello
    expect(await host.stop()).toEqual({ code: 0, signal: null })
    expect(host.noise()).toBe("early\n")
  })
})

withEngine("T4: end", (engine) => {
  it("end of input: the host exits", async () => {
    const host = await start(engine)
    await host.hello
    host.end()
    expect(await host.ended).toEqual({ code: 0, signal: null })
    expect(isRunning(host.pid)).toBe(false)
  })

  it("end of input while a call hangs: killed after the grace, no orphan", async () => {
    const host = await start(engine, { prelude: limits("300", "300") })
    await host.hello
    const c = await defineHang(host)
    hang(host, c)
    await host.until((frame) => frame.t === "start" && frame.id === 3)
    host.end()
    const end = await host.ended
    expect(end.code).not.toBe(0)
    expect(isRunning(host.pid)).toBe(false)
    expect(host.frames.some((frame) => frame.t === "res" && frame.id === 3)).toBe(false)
  })

  it("end of input before the script is complete: exit 78 or an error, never a hang", async () => {
    const host = await start(engine, { header: "EWMI1 00 500\nfunction Start-EwmiHost {\n" })
    host.end()
    expect(await host.ended).toEqual({ code: 78, signal: null })
  })

  it("the lease ends a host that receives nothing", async () => {
    const host = await start(engine, { prelude: limits("1", "1500") })
    await host.hello
    expect(await host.ended).toEqual({ code: 0, signal: null })
  })

  it("pings keep an idle host from ending", async () => {
    const host = await start(engine, { prelude: limits("1", "1500") })
    await host.hello
    const began = Date.now()
    let pings = 0
    // Longer than two checks of the lease, which the loop makes once a second.
    while (Date.now() - began < 3200) {
      const id = ++pings
      host.line(`{"op":"ping","id":${id}}`)
      await host.until((frame) => frame.t === "pong" && frame.id === id)
    }
    expect(await host.stop()).toEqual({ code: 0, signal: null })
    expect(host.frames.at(-1)).toEqual({ t: "bye" })
  })

  it("a ping is answered while a put runs", async () => {
    const host = await start(engine)
    await host.hello
    const c = await defineHang(host)
    hang(host, c)
    await host.until((frame) => frame.t === "start" && frame.id === 3)
    host.line(`{"op":"ping","id":900}`)
    expect(await host.until((frame) => frame.t === "pong")).toEqual({ t: "pong", id: 900, running: 3 })
    expect(host.frames.some((frame) => frame.t === "res" && frame.id === 3)).toBe(false)
    process.kill(host.pid, "SIGKILL")
    expect(await host.ended).toEqual({ code: null, signal: "SIGKILL" })
  })

  it("exit takes effect after the queued requests", async () => {
    const host = await start(engine)
    await host.hello
    host.line(`{"op":"connect","id":1,"ns":"root\\\\fake"}`)
    host.line(`{"op":"exit"}`)
    expect(await host.ended).toEqual({ code: 0, signal: null })
    expect(host.frames.map(({ t }) => t)).toEqual(["hello", "start", "res", "bye"])
  })
})

/** Text and numbers that other cultures parse and format differently. */
const cultured = async (env: Record<string, string>): Promise<unknown> => {
  const host = await start(engine!, { env })
  await host.hello
  const c = await connect(host)
  const quals = [{ n: "title", k: "r", v: "1.5", f: 3 }]
  given(
    await host.call("putClass", {
      c,
      flags: 0,
      class: {
        name: "I_Title",
        mode: "define",
        quals,
        props: [
          { n: "Id", t: 8, quals: [{ n: "KEY", k: "b", v: true, f: 3 }] },
          { n: "R4", t: 4, quals: [] },
          { n: "R8", t: 5, a: true, quals: [] },
          { n: "I8", t: 20, quals: [] }
        ]
      }
    })
  )
  const props = [
    { n: "ID", v: "I\u0131\u0130i" },
    { n: "r4", v: "1.5" },
    { n: "r8", v: ["-1234.5", "1E+22", "0.1"] },
    { n: "i8", v: "-9223372036854775808" }
  ]
  given(await host.call("putInstance", { c, flags: 0, item: { class: "i_title", props } }))
  const frames = await host.all("query", { c, flags: 0, wql: "SELECT * FROM I_Title" })
  await host.stop()
  return frames.find(({ t }) => t === "rows")?.r?.[0]?.["props"]
}

describe.skipIf(engine === undefined)("T4: cultures", () => {
  const expected = [
    { n: "Id", t: 8, a: false, v: "I\u0131\u0130i" },
    { n: "R4", t: 4, a: false, v: "1.5" },
    { n: "R8", t: 5, a: true, v: ["-1234.5", "1E+22", "0.10000000000000001"] },
    { n: "I8", t: 20, a: false, v: "-9223372036854775808" }
  ]
  for (const culture of ["de_DE.UTF-8", "tr_TR.UTF-8"]) {
    it.skipIf(engine?.cultures === false)(`${culture}: same numbers, same names`, async () => {
      expect(await cultured({ LANG: culture, LC_ALL: culture })).toEqual(expected)
    })
  }
  it("no culture data at all", async () => {
    expect(await cultured({ DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" })).toEqual(expected)
  })
  it.skipIf(engine?.cultures === false)(
    "the engine really uses these cultures",
    async () => {
      const host = await start(engine!, {
        env: { LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8" },
        header: "EWMI1 00 1\n[Console]::Out.WriteLine('culture ' + (1.5).ToString())\n"
      })
      host.end()
      await host.ended
      expect(host.noise()).toContain("culture 1,5")
    }
  )
})
