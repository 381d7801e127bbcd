// One program, no test framework: run by Node, Bun and Deno from the packed library.
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { BulkPut, ClassDefinition, Instance, Mof, ObjectPath, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
import * as Direct from "effect-wmi/PutAsync"

const assert = (condition, what) => {
  if (!condition) throw new Error(`not so: ${what}`)
}

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
const disk = (id) => PutRequest.make(Instance.make("Demo_Disk", { Id: id, FreeSpace: "42" }), { mode: "CreateOnly" })

const program = Effect.gen(function* () {
  yield* PutAsync.put(PutRequest.make(Disk))
  const report = yield* PutAsync.put(disk("C:"))
  assert(ObjectPath.format(report.path) === '\\\\.\\root\\cimv2:Demo_Disk.Id="C:"', "the path")
  const again = yield* Effect.flip(PutAsync.put(disk("c:")))
  assert(again._tag === "WbemAlreadyExists", "names compare without case")
  const outcomes = yield* Stream.runCollect(BulkPut.run(Stream.make(disk("D:"), disk("C:"), disk("E:"))))
  assert([...outcomes].map((outcome) => outcome._tag).join() === "Committed,Rejected,Committed", "bulk outcomes")
  const stored = yield* Wmi.get('Demo_Disk="D:"')
  assert(stored.values.FreeSpace === 42n, "64-bit integers are bigint")
  assert((yield* Wmi.instancesOf("Demo_Disk")).length === 3, "three disks")
})

assert(Direct.put === PutAsync.put, "one library, whichever way it is imported")
assert(Mof.parse("class A { [key] string Id; };").items.length === 1, "MOF is read")
await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
console.log("smoke: ok")
