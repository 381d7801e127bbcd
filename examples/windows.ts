// deno run -A examples/windows.ts                                     on Windows
// deno run -A examples/windows.ts ssh -T -o BatchMode=yes ops@win01   from another computer: the command that starts PowerShell there
import * as NodeCommandExecutor from "@effect/platform-node-shared/NodeCommandExecutor"
import * as NodeFileSystem from "@effect/platform-node-shared/NodeFileSystem"
import { Console, Effect, Layer } from "effect"
import { ClassDefinition, Instance, ObjectPath, Property, PutAsync, PutFlags, PutRequest, Wmi } from "effect-wmi"
import * as PowerShellRepository from "effect-wmi/windows"

const DemoDisk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
const disk = Instance.make("Demo_Disk", { Id: "C:", FreeSpace: 42n })

const program = Effect.gen(function* () {
  yield* PutAsync.put(PutRequest.make(DemoDisk))
  const report = yield* PutAsync.put(PutRequest.make(disk, { flags: PutFlags.CreateOnly }))
  console.log(report.disposition, ObjectPath.format(report.path))
  yield* PutAsync.put(PutRequest.make(disk, { mode: "CreateOnly" })) // the same flag, as an option
}).pipe(Effect.catchTag("WbemAlreadyExists", ({ path }) => Console.log("kept", ObjectPath.relPath(path))))

const windows = Wmi.layer(PowerShellRepository.layer({ prefix: process.argv.slice(2) }))
const processes = Layer.provide(NodeCommandExecutor.layer, NodeFileSystem.layer) // starts PowerShell; runs on Bun and Deno too

await Effect.runPromise(Effect.provide(program, Layer.provide(windows, processes)))
