/** Worlds: the first load in a process, beside the smallest emulator, and what a test pays that starts from a world. */
import * as MemoryStore from "../src/emulator/MemoryStore.ts"
import * as Snapshot from "../src/engine/state/Snapshot.ts"
import * as Worlds from "../src/worlds/Worlds.ts"
import { type Body, type Declaration, millisecond, scaled } from "./Bench.ts"

const once = (body: Body) => ({ operations: 1, prepare: () => body })

const classes = (world: Snapshot.Snapshot): number => Snapshot.classes(world, "root\\cimv2").length

const least = "the system classes alone"
const first = "a Windows computer"
const again = "a store that starts from it"

const declare: Declaration = () => ({
  groups: [{
    title: "Worlds: first load in a process",
    clock: "cpu",
    runs: "fresh",
    cases: [
      { name: least, setup: () => once(() => void Snapshot.empty()) },
      {
        name: first,
        setup: () => once(() => void Worlds.windows())
      }
    ],
    goals: [{
      name: "milliseconds of a Windows computer",
      reached: ({ value }) => scaled(value(first), 1 / millisecond),
      atMost: 20
    }]
  }, {
    title: "Worlds: every further test",
    clock: "cpu",
    cases: [{
      name: again,
      setup: () => {
        if (classes(Worlds.windows()) < 150) throw new Error("the world lost classes")
        return {
          operations: 100,
          prepare: () => () => {
            for (let i = 0; i < 100; i++) MemoryStore.make(Worlds.windows())
          }
        }
      }
    }]
  }]
})

export default declare
