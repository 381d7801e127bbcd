/** Telemetry: puts in memory without a tracer, beside the same sources without their look at telemetry; and with a tracer. */
import * as Layer from "effect/Layer"
import * as Tracer from "effect/Tracer"
import * as Telemetry from "../src/pipeline/Telemetry.ts"
import type { Case, Declaration, Group } from "./Bench.ts"
import { world } from "./bypassed.ts"
import { bulk, runtimeOf, single } from "./memoryWorld.ts"
import { requests } from "./world.ts"

/** A tracer whose spans keep nothing. */
const forgetful = Tracer.make({
  span: (name, parent, context, links, startTime, kind) => ({
    _tag: "Span",
    name,
    parent,
    context,
    links: [...links],
    kind,
    spanId: "",
    traceId: "",
    sampled: true,
    status: { _tag: "Started", startTime },
    attributes: new Map(),
    attribute: () => {},
    event: () => {},
    addLinks: () => {},
    end: () => {}
  }),
  context: (f) => f()
})

const declare: Declaration = ({ count: limit = 20_000 }) => {
  const count = Math.min(limit, 20_000)
  const built = (name: string, isBypassed: boolean, kind: "single" | "bulk"): Case => ({
    name,
    setup: async () => {
      const { bulk, requests, single } = await world(isBypassed)
      const list = requests(count)
      return { operations: count, prepare: kind === "single" ? single(list) : bulk(list, 256) }
    }
  })
  const traced = (name: string, layer: Layer.Layer<never>, kind: "single" | "bulk"): Case => ({
    name,
    setup: () => {
      const list = requests(count)
      return {
        operations: count,
        prepare: kind === "single" ? single(list, (sink) => runtimeOf(sink, layer)) : bulk(list, 256, 2, layer)
      }
    }
  })
  const group = (kind: "single" | "bulk", title: string): Group => {
    const bypassed = `${kind}, telemetry bypassed`
    const absent = `${kind}, no tracer`
    return {
      title: `Telemetry, ${count.toLocaleString("en")} ${title} in memory`,
      clock: "cpu",
      cases: [
        built(bypassed, true, kind),
        built(absent, false, kind),
        traced(`${kind}, a tracer`, Layer.setTracer(forgetful), kind),
        traced(`${kind}, the layer over Effect's own tracer`, Telemetry.layer, kind)
      ],
      goals: [{
        name: `${kind} puts without a tracer, of the same without telemetry`,
        reached: ({ ratio }) => ratio(absent, bypassed),
        atMost: 1.05
      }]
    }
  }
  return { groups: [group("single", "single puts"), group("bulk", "puts in batches of 256")] }
}

export default declare
