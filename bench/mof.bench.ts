/** MOF: reading the DMTF schema and putting it, with the split, beside the same text merely scanned for its braces. */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Mof from "../src/mof/Mof.ts"
import * as BulkPut from "../src/pipeline/BulkPut.ts"
import * as PutOutcome from "../src/protocol/PutOutcome.ts"
import * as Wmi from "../src/Wmi.ts"
import type { Body, Declaration } from "./Bench.ts"

const packed = () => readFileSync("bench/data/cim_schema_2.49.0.mof.gz")
const text = (): string => Mof.decode(gunzipSync(packed())).text

const once = (body: Body) => ({ operations: 1, prepare: () => body })

const puts = () => {
  const parsed = Mof.parse(text(), { namespace: "root\\cimv2" })
  const requests = [...Mof.operations(parsed)].flatMap((operation) =>
    operation._tag === "Put" ? [operation.request] : []
  )
  return once(async () => {
    const tally = await Effect.runPromise(
      Stream.fromIterable(requests).pipe(
        BulkPut.run({ batchSize: 256 }),
        Stream.runFold(PutOutcome.emptyTally, PutOutcome.tally),
        Effect.provide(Wmi.layerMemory)
      )
    )
    if (tally.created !== 1624 || tally.rejected !== 7) throw new Error(JSON.stringify(tally))
  })
}

const scan = "one look at every character"
const unpack = "unpack and decode"
const parse = "parse (5.5 MB, 1,631 classes)"
const put = "put 1,631 classes, 7 refused"

const declare: Declaration = () => ({
  groups: [{
    title: "MOF: the DMTF CIM schema 2.49.0",
    clock: "cpu",
    cases: [
      {
        name: scan,
        foreign: true,
        setup: () => {
          const whole = text()
          return once(() => {
            let braces = 0
            for (let i = 0; i < whole.length; i++) if (whole.charCodeAt(i) === 123) braces++
            if (braces === 0) throw new Error("no braces")
          })
        }
      },
      {
        name: unpack,
        setup: () => {
          const bytes = packed()
          return once(() => void Mof.decode(gunzipSync(bytes)))
        }
      },
      {
        name: parse,
        setup: () => {
          const whole = text()
          return once(() => void Mof.parse(whole))
        }
      },
      { name: put, setup: puts }
    ],
    notes: ({ value }) => {
      const seconds = [unpack, parse, put].reduce((sum, name) => sum + value(name).median, 0) / 1e9
      return [`unpack + parse + put: ${seconds.toFixed(3)} s of CPU time`]
    }
  }]
})

export default declare
