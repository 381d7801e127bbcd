/** T4: the lists of a remote computer are those of the emulator behind it, by the contract of `NamespaceReader`. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import type { NamespaceReader } from "../../src/pipeline/NamespaceReader.ts"
import type { Stages } from "../../src/pipeline/PutAsync.ts"
import * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"
import * as Wmi from "../../src/Wmi.ts"
import { cases, namespace, prepare } from "../pipeline/listContract.ts"
import { executor } from "./fakeHostFixture.ts"
import { type RemoteComputer, remoteComputer } from "./remoteComputer.ts"
import { withEngine } from "./sharedHost.ts"

withEngine("T4: lists of a remote computer", (engine) => {
  let remote: RemoteComputer
  let runtime: ManagedRuntime.ManagedRuntime<Stages | NamespaceReader, unknown>
  beforeAll(async () => {
    remote = await remoteComputer(engine, { server: "FAR", namespaces: ["root\\cimv2", "root\\default"] })
    runtime = ManagedRuntime.make(
      Wmi.layer(Layer.provide(PowerShellRepository.layer({ prefix: remote.prefix }), executor))
    )
    await remote.world.runPromise(prepare)
  })
  afterAll(async () => {
    await runtime.dispose()
    await remote.close()
  })

  describe("the contract", () => {
    for (const { answer, program, title } of cases) {
      it(title, async () => assert.deepStrictEqual(await runtime.runPromise(program), answer))
    }
  })

  it("the name of the computer is no other server, also before a result showed it", async () => {
    const fresh = Wmi.layer(Layer.provide(PowerShellRepository.layer({ prefix: remote.prefix }), executor))
    const program = Effect.all([
      Effect.map(Wmi.get('\\\\far\\root\\lists:Aviary.Name="one"'), ({ _tag }) => _tag),
      Effect.map(Wmi.classes({ namespace: "//FAR/root/lists" }), (found) => found.length)
    ])
    assert.deepStrictEqual(await Effect.runPromise(Effect.provide(program, fresh)), ["Instance", 6])
  })

  it("system classes: NotSupported", async () => {
    const error = await runtime.runPromise(Effect.flip(Wmi.classes({ namespace, system: true })))
    assert.strictEqual(error._tag, "WbemNotSupported")
  })
})
