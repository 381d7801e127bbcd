/** MOF: reading the DMTF schema and putting it, in seconds with the split, beside the same text merely scanned for its braces. */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Mof from "../src/mof/Mof.ts"
import * as BulkPut from "../src/pipeline/BulkPut.ts"
import * as PutOutcome from "../src/protocol/PutOutcome.ts"
import * as Wmi from "../src/Wmi.ts"
import { measure, print } from "./measure.ts"

const packed = readFileSync("bench/data/cim_schema_2.49.0.mof.gz")
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 7)
const bytes = gunzipSync(packed)
const { text } = Mof.decode(bytes)
const parsed = Mof.parse(text, { namespace: "root\\cimv2" })
const requests = [...Mof.operations(parsed)].flatMap((operation) => operation._tag === "Put" ? [operation.request] : [])

const put = async (): Promise<void> => {
  const tally = await Effect.runPromise(
    Stream.fromIterable(requests).pipe(
      BulkPut.run({ batchSize: 256 }),
      Stream.runFold(PutOutcome.emptyTally, PutOutcome.tally),
      Effect.provide(Wmi.layerMemory)
    )
  )
  if (tally.created !== 1624 || tally.rejected !== 7) throw new Error(JSON.stringify(tally))
}

const measured = await measure([
  {
    name: "one look at every character",
    operations: 1,
    prepare: () => () => {
      let braces = 0
      for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === 123) braces++
      if (braces === 0) throw new Error("no braces")
    }
  },
  { name: "unpack and decode", operations: 1, prepare: () => () => void Mof.decode(gunzipSync(packed)) },
  { name: "parse (5.5 MB, 1,631 classes)", operations: 1, prepare: () => () => void Mof.parse(text) },
  { name: "put 1,631 classes, 7 refused", operations: 1, prepare: () => put }
], rounds)
print("MOF: the DMTF CIM schema 2.49.0", measured)
const total = measured.slice(1).reduce((sum, one) => sum + one.median, 0) / 1e9
console.log(`  unpack + parse + put: ${total.toFixed(3)} s`)
