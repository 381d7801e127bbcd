/**
 * Class updates in memory: what one costs in a namespace with 100,000 instances of unrelated classes, beside the same update in an
 * empty one, and what it costs to delete the class's own instances. An update reads its resolved class, its descendants and its own
 * instances, and nothing else (`class-update` 4 to 6).
 */
import * as Effect from "effect/Effect"
import * as Snapshot from "../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../src/model/ClassDefinition.ts"
import * as Property from "../src/model/Property.ts"
import * as PutAsync from "../src/pipeline/PutAsync.ts"
import * as PutRequest from "../src/protocol/PutRequest.ts"
import * as Wmi from "../src/Wmi.ts"
import { type Declaration, millisecond, scaled } from "./Bench.ts"
import { Thing, things } from "./world.ts"

const updates = 100
const crowd = 100_000
const own = 1_000

const parent = (n: number): ClassDefinition.ClassDefinition =>
  ClassDefinition.make("Demo_Parent", { Id: Property.key("string") }, { qualifiers: { Description: `version ${n}` } })
const child = () => ClassDefinition.make("Demo_Child", { N: Property.make("uint32") }, { superclass: "Demo_Parent" })

const withThings = (count: number): Snapshot.Snapshot =>
  Snapshot.withObjects(Snapshot.of(Thing, parent(0), child()), Snapshot.defaultNamespace, things(count))

/** Puts over a namespace that starts as `start`; the layer is built outside the clock. */
const puts = (start: Snapshot.Snapshot, requests: ReadonlyArray<PutRequest.PutRequest>) => {
  const program = Effect.forEach(
    requests,
    (request) =>
      Effect.filterOrDieMessage(
        PutAsync.put(request),
        ({ disposition }) => disposition === "Updated",
        "nothing was updated"
      ),
    { discard: true }
  )
  return {
    operations: requests.length,
    prepare: () =>
      Effect.runSync(
        Effect.map(
          Effect.context<PutAsync.Stages>(),
          (context) => () => Effect.runSync(Effect.provide(program, context))
        )
          .pipe(Effect.provide(Wmi.layerMemoryFrom(start)))
      )
  }
}

/** Each update changes the class, in the mode that checks its descendants and instances most. */
const versions = () => Array.from({ length: updates }, (_, n) => PutRequest.make(parent(n + 1), { update: "Force" }))

/** The class of the instances, with one property more. */
const wider = () =>
  PutRequest.make(
    ClassDefinition.make("Demo_Thing", {
      Id: Property.key("uint32"),
      Short: Property.make("string"),
      Long: Property.make("string"),
      Size: Property.make("uint64"),
      Enabled: Property.make("boolean"),
      Changed: Property.make("datetime"),
      More: Property.make("string")
    }),
    { update: "Force" }
  )

const empty = "in an empty namespace"
const beside = `beside ${crowd.toLocaleString("en")} unrelated instances`

const declare: Declaration = () => ({
  groups: [{
    title: "Class update, force mode, one class below",
    clock: "cpu",
    cases: [
      { name: empty, setup: () => puts(withThings(0), versions()) },
      { name: beside, setup: () => puts(withThings(crowd), versions()) }
    ],
    goals: [{
      name: `milliseconds ${beside}`,
      reached: ({ value }) => scaled(value(beside), 1 / millisecond),
      atMost: 1
    }]
  }, {
    title: "Class update, force mode, a property more",
    clock: "cpu",
    cases: [
      { name: "no instance of the class", setup: () => puts(withThings(0), [wider()]) },
      { name: `${own.toLocaleString("en")} instances of the class`, setup: () => puts(withThings(own), [wider()]) }
    ]
  }]
})

export default declare
