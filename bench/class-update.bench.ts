/**
 * Class update: what it costs in a namespace with 100,000 instances of unrelated classes, beside the same update in an empty one.
 * An update reads its lineage, its descendants and its own instances, and nothing else (`class-update` 4 to 6).
 */
import * as Effect from "effect/Effect"
import * as Snapshot from "../src/engine/Snapshot.ts"
import * as ClassDefinition from "../src/model/ClassDefinition.ts"
import * as Property from "../src/model/Property.ts"
import * as PutAsync from "../src/pipeline/PutAsync.ts"
import * as PutRequest from "../src/protocol/PutRequest.ts"
import * as Wmi from "../src/Wmi.ts"
import { goal, measure, print } from "./measure.ts"
import { Thing, things } from "./world.ts"

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 7)
const updates = 100

const parent = (n: number): ClassDefinition.ClassDefinition =>
  ClassDefinition.make("Demo_Parent", { Id: Property.key("string") }, { qualifiers: { Description: `version ${n}` } })
const child = ClassDefinition.make("Demo_Child", { N: Property.make("uint32") }, { superclass: "Demo_Parent" })

const empty = Snapshot.of(Thing, parent(0), child)
const full = Snapshot.withObjects(Snapshot.of(Thing, parent(0), child), Snapshot.defaultNamespace, things(100_000))

/** Each update changes the class, in the mode that looks hardest at what stands below it. */
const update = (start: Snapshot.Snapshot) => {
  const program = Effect.forEach(
    Array.from({ length: updates }, (_, n) => PutRequest.make(parent(n + 1), { update: "Force" })),
    (request) =>
      Effect.filterOrDieMessage(
        PutAsync.put(request),
        ({ disposition }) => disposition === "Updated",
        "nothing was updated"
      ),
    { discard: true }
  )
  // The layer is built outside the clock; the tables of the full namespace are moved and not copied.
  return () => {
    const run = Effect.runSync(
      Effect.map(Effect.context<PutAsync.Stages>(), (context) => () => Effect.runSync(Effect.provide(program, context)))
        .pipe(Effect.provide(Wmi.layerMemoryFrom(start)))
    )
    return run
  }
}

const [alone, crowded] = await measure([
  { name: "in an empty namespace", operations: updates, prepare: update(empty) },
  { name: "beside 100,000 unrelated instances", operations: updates, prepare: update(full) }
], rounds)
print("Class update, force mode, one class below", [alone!, crowded!])
console.log(`  ratio: ${(crowded!.median / alone!.median).toFixed(2)}`)
goal("milliseconds beside 100,000 instances", crowded!.median / 1e6, "<= 1", crowded!.median <= 1e6)
