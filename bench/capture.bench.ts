/** Capturing a request: what `PutRequest.make` costs for values of different shapes, beside a shallow copy. */
import * as Instance from "../src/model/Instance.ts"
import * as PutRequest from "../src/protocol/PutRequest.ts"
import type { Case, Declaration } from "./Bench.ts"
import { thing } from "./world.ts"

/** An object as a caller may write it: nothing of it is frozen. */
const instance = (className: string, values: Instance.Instance["values"]): Instance.Instance =>
  ({
    _tag: "Instance",
    className,
    values,
    qualifiers: []
  }) as unknown as Instance.Instance

const plain = (i: number) => instance("Demo_Thing", { ...thing(i).values })

const arrays = (i: number) =>
  instance("Demo_Lists", {
    Id: i,
    Numbers: Array.from({ length: 8 }, (_, n) => i + n),
    Names: Array.from({ length: 8 }, (_, n) => `name ${n}`)
  })

const embedded = (i: number) => instance("Demo_Outer", { Id: i, One: plain(i), Many: [plain(i), plain(i + 1)] })

const made = (i: number) => Instance.make("Demo_Outer", embedded(i).values)

const each =
  (count: number, of: (i: number) => Instance.Instance, capture: (object: Instance.Instance) => unknown) => () => {
    const list = Array.from({ length: count }, (_, i) => of(i))
    const kept: Array<unknown> = new Array(1024).fill(undefined)
    return {
      operations: count,
      prepare: () => () => {
        for (let i = 0; i < count; i++) kept[i & 1023] = capture(list[i]!)
      }
    }
  }

const declare: Declaration = ({ count: limit = 20_000 }) => {
  const count = Math.min(limit, 20_000)
  const row = (name: string, of: (i: number) => Instance.Instance): Case => ({
    name,
    setup: each(count, of, (object) => PutRequest.make(object))
  })
  return {
    groups: [{
      title: `PutRequest.make, ${count.toLocaleString("en")} instances`,
      clock: "cpu",
      cases: [
        {
          name: "shallow copy of six plain values",
          foreign: true,
          setup: each(count, plain, (object) => ({ ...object, values: { ...object.values } }))
        },
        row("six plain values", plain),
        row("two arrays of eight", arrays),
        row("an embedded object and an array of two", embedded),
        row("the same, from Instance.make", made)
      ]
    }]
  }
}

export default declare
