/** The rounds of a case, without its process: what runs, how a round is measured, and figures of the case itself. */
import { assert, describe, it } from "vitest"
import { rounds } from "../../bench/worker.ts"

const pace = { warm: 0, round: 0 }

describe("a case", () => {
  it("is set up once, warmed up, and prepared for each run; the returned function runs after the clock has stopped", async () => {
    const log: Array<string> = []
    const { close, round } = await rounds({
      name: "logged",
      setup: () => {
        log.push("setup")
        return {
          operations: 4,
          prepare: () => {
            log.push("prepare")
            return () => {
              log.push("run")
              return () => void log.push("after")
            }
          },
          close: () => void log.push("close")
        }
      }
    }, pace)
    const run = ["prepare", "run", "after"]
    assert.deepStrictEqual(log, ["setup", ...run])
    const { cpu, wall } = await round()
    assert.isTrue(Number.isFinite(wall) && Number.isFinite(cpu))
    await close()
    assert.deepStrictEqual(log, ["setup", ...run, ...run, "close"])
  })

  it("that may run only once is not warmed up", async () => {
    let runs = 0
    await rounds({ name: "cold", setup: () => ({ operations: 1, prepare: () => () => void runs++ }) }, undefined)
    assert.strictEqual(runs, 0)
  })

  it("with a figure of its own is not measured by the clock here", async () => {
    const figures = [7000, 2000, 8000] // the first one is the warm-up
    const { round } = await rounds({
      name: "elsewhere",
      figure: "own time",
      setup: () => ({ operations: 2, prepare: () => () => figures.shift() })
    }, pace)
    assert.deepStrictEqual(await round(), { wall: 1000, cpu: undefined })
    assert.deepStrictEqual(await round(), { wall: 4000, cpu: undefined })
  })

  it("that declares a figure of its own and returns none is refused", async () => {
    const silent = {
      name: "silent",
      figure: "bytes",
      setup: () => ({ operations: 1, prepare: () => () => "soon" })
    } as const
    const { round } = await rounds(silent, undefined)
    const refused = await round().then(() => "measured", (error: Error) => error.message)
    assert.strictEqual(refused, "the case returned no figure")
  })
})
