// deno run script.ts
import { Console, Effect } from "effect"
import { ClassDefinition, Instance, ObjectPath, Property, PutAsync, PutFlags, PutRequest, Wmi } from "effect-wmi"

const DemoDisk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
const disk = Instance.make("Demo_Disk", { Id: "C:", FreeSpace: 42n })

const program = Effect.gen(function* () {
  yield* PutAsync.put(PutRequest.make(DemoDisk))
  const report = yield* PutAsync.put(PutRequest.make(disk, { flags: PutFlags.CreateOnly }))
  console.log(report.disposition, ObjectPath.format(report.path))
  yield* PutAsync.put(PutRequest.make(disk, { mode: "CreateOnly" })) // the same flag, as an option
}).pipe(Effect.catchTag("WbemAlreadyExists", ({ path }) => Console.log("kept", ObjectPath.relPath(path))))

await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
