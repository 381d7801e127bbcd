/** T4: the minimal prelude of the benchmarks replies as the other preludes do. */
import { expect, it } from "vitest"
import { connect, given, minimalPrelude, start } from "./hostClient.ts"
import { withEngine } from "./sharedHost.ts"

withEngine("T4: minimal prelude", (engine) => {
  it("puts classes and instances", async () => {
    const host = await start(engine, { prelude: minimalPrelude })
    expect((await host.hello)["engines"]).toEqual(["script"])
    const c = await connect(host)
    const quals = [{ n: "key", k: "b", v: true, f: 3 }]
    const spec = { name: "Free", mode: "define", quals, props: [{ n: "Id", t: 8, quals }] }
    expect(given(await host.call("putClass", { c, flags: 0, class: spec }))).toEqual({
      path: '\\\\.\\root\\free:Free.Id="x"'
    })
    const item = { class: "Free", props: [{ n: "Id", v: "x" }, { n: "N", t: 19, v: "7" }] }
    const frames = await host.all("putMany", { c, flags: 0, items: Array(128).fill(item) })
    expect(given(frames.at(-1)!)).toEqual({ done: 128, total: 128 })
    expect(frames.flatMap(({ r }) => r ?? []).every(({ ok }) => ok === true)).toBe(true)
    expect(await host.stop()).toEqual({ code: 0, signal: null })
  })
})
