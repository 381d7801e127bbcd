/**
 * Memory beside the mock WBEM server of pywbem (Python), which is what a test of a management program would put into without
 * this library: the same instances, each side timed in its own process, in turn. Where Python has no pywbem nothing is measured.
 */
import * as Either from "effect/Either"
import * as Mof from "../src/mof/Mof.ts"
import { measure, print } from "./measure.ts"
import { bulk, single } from "./memoryWorld.ts"
import { type Mock, start, whyNot, type World } from "./pywbemMock.ts"
import { requests, Thing, things } from "./world.ts"

const count = Math.min(Number(process.env["BENCH_COUNT"] ?? 2000), 2000)
const rounds = Math.min(Number(process.env["BENCH_ROUNDS"] ?? 11), 11)
const python = process.env["PYTHON"] || "python3"

const instances = things(count)
const world: World = {
  mof: Either.getOrThrow(Mof.print(Thing)),
  name: Thing.name,
  types: Object.fromEntries(Thing.properties.map(({ name, type }) => [name, type])),
  rows: instances.map(({ values }) => Thing.properties.map(({ name }) => plain(values[name])))
}

/** A value as JSON has it; Python reads a number of any length, and those of the benches are not too long for here. */
function plain(value: unknown): string | number | boolean {
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value)
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value
  throw new Error(`no value of the benches: ${String(value)}`)
}

/** Python's nanoseconds, once it is sure that everything was put as it is here. */
const created = (mock: Mock) => () => async (): Promise<number> => {
  const { last, seconds, stored } = await mock.round()
  if (stored !== count) throw new Error(`pywbem's mock has ${stored} instances of ${count}`)
  const here = Object.fromEntries(Thing.properties.map(({ name }, i) => [name, world.rows.at(-1)![i]]))
  const [there, wanted] = [JSON.stringify(last), JSON.stringify(here)]
  if (there !== wanted) throw new Error(`pywbem's mock has ${there} in place of ${wanted}`)
  return seconds * 1e9
}

/** All of it ten times, each into a namespace of its own: once is over before a busy machine comes back to it. */
const tenTimes = (prepare: () => () => Promise<void>) => () => {
  const bodies = Array.from({ length: 10 }, prepare)
  return async (): Promise<void> => {
    for (const body of bodies) await body()
  }
}

const reason = whyNot(python)
if (reason !== undefined) {
  console.log(`\nSKIPPED: pywbem's mock, because ${python} cannot import it: ${reason}`)
} else {
  const mock = await start([python, "bench/pywbem_puts.py"], world)
  const list = requests(count)
  const measured = await measure([
    { name: "pywbem's CreateInstance", operations: count, prepare: created(mock), ownClock: true },
    { name: "BulkPut, batches of 256", operations: 10 * count, prepare: tenTimes(bulk(list, 256)) },
    { name: "PutAsync.put, one at a time", operations: 10 * count, prepare: tenTimes(single(list)) }
  ], rounds)
  await mock.stop()
  print(
    `Memory beside the mock of pywbem ${mock.pywbem} (Python ${mock.python}), ${count.toLocaleString("en")} instances`,
    measured
  )
}
