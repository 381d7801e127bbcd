/**
 * Memory beside the mock WBEM server of pywbem (Python), the alternative for a test of a management program without this
 * library: the same instances, each in a process of its own, in turn. Where Python has no pywbem nothing is measured.
 */
import * as Either from "effect/Either"
import * as Mof from "../src/mof/Mof.ts"
import type { Bench, Declaration, Ready } from "./Bench.ts"
import { bulk, single } from "./memoryWorld.ts"
import { start, whyNot, type World } from "./pywbemMock.ts"
import { requests, Thing, things } from "./world.ts"

const python = process.env["PYTHON"] || "python3"

const share: NonNullable<Bench["share"]> = () => {
  const reason = whyNot(python)
  return reason === undefined
    ? { env: {}, stop: () => {} }
    : { skipped: `${python} cannot import pywbem's mock: ${reason}` }
}

/** A value as JSON has it; Python reads a number of any length, and those of the benches are not too long for here. */
function plain(value: unknown): string | number | boolean {
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value)
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value
  throw new Error(`no value of the benches: ${String(value)}`)
}

const worldOf = (count: number): World => ({
  mof: Either.getOrThrow(Mof.print(Thing)),
  name: Thing.name,
  types: Object.fromEntries(Thing.properties.map(({ name, type }) => [name, type])),
  rows: things(count).map(({ values }) => Thing.properties.map(({ name }) => plain(values[name])))
})

/** Python's nanoseconds, after a check that its instances are the same as here. */
const created = (count: number) => async (): Promise<Ready> => {
  const world = worldOf(count)
  const mock = await start([python, "bench/pywbem_puts.py"], world)
  const wanted = JSON.stringify(
    Object.fromEntries(Thing.properties.map(({ name }, i) => [name, world.rows.at(-1)![i]]))
  )
  return {
    operations: count,
    prepare: () => async () => {
      const { last, seconds, stored } = await mock.round()
      if (stored !== count) throw new Error(`pywbem's mock has ${stored} instances of ${count}`)
      const there = JSON.stringify(last)
      if (there !== wanted) throw new Error(`pywbem's mock has ${there} in place of ${wanted}`)
      return seconds * 1e9
    },
    close: () => mock.stop()
  }
}

const declare: Declaration = ({ count: limit = 2_000 }) => {
  const count = Math.min(limit, 2_000)
  return {
    groups: [{
      title: `Memory beside the mock of pywbem, ${count.toLocaleString("en")} instances`,
      clock: "wall",
      cases: [
        { name: "pywbem's CreateInstance", figure: "own time", foreign: true, setup: created(count) },
        {
          name: "BulkPut, batches of 256",
          setup: () => ({ operations: count, prepare: bulk(requests(count), 256) })
        },
        {
          name: "PutAsync.put, one at a time",
          setup: () => ({ operations: count, prepare: single(requests(count)) })
        }
      ]
    }],
    share
  }
}

export default declare
