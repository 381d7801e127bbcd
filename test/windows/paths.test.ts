/** Paths that Windows does not report: of an object that exists or is missing, and of an instance with too long a path. Over the loop. */
import { afterAll, assert, beforeAll, it } from "vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { WbemError } from "../../src/protocol/WbemError.ts"
import * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"
import * as Wmi from "../../src/Wmi.ts"
import { executor } from "./fakeHostFixture.ts"
import { type RemoteComputer, remoteComputer } from "./remoteComputer.ts"
import { withEngine } from "./sharedHost.ts"

const Base = ClassDefinition.make("Base", { Id: Property.key("string"), At: Property.key("uint32") })
const Below = ClassDefinition.make("Below", { Text: Property.make("string") }, { superclass: "Base" })
const below = (Id: string, more: Readonly<Record<string, Instance.Input>> = {}) =>
  Instance.make("below", { id: Id, At: 7, ...more })

withEngine("T4: paths", (engine) => {
  let remote: RemoteComputer
  let runtime: ManagedRuntime.ManagedRuntime<PutAsync.Stages, unknown>
  beforeAll(async () => {
    remote = await remoteComputer(engine)
    runtime = ManagedRuntime.make(
      Wmi.layer(Layer.provide(PowerShellRepository.layer({ prefix: remote.prefix }), executor))
    )
    await runtime.runPromise(Effect.zipRight(put(Base), put(Below)))
  })
  afterAll(async () => {
    await runtime?.dispose()
    await remote?.close()
  })

  const put = (object: WbemObject, options: PutRequest.Options = {}) =>
    PutAsync.put(PutRequest.make(object as Instance.Instance, options))
  const refused = async (object: WbemObject, options: PutRequest.Options = {}): Promise<WbemError> =>
    Either.match(await runtime.runPromise(Effect.either(put(object, options))), {
      onLeft: (error) => error,
      onRight: () => assert.fail("it was stored")
    })
  const pathOf = (error: WbemError): string | undefined =>
    error._tag === "WbemAlreadyExists" || error._tag === "WbemNotFound" ? ObjectPath.format(error.path) : error.status

  it("AlreadyExists and NotFound have the path of the instance, with inherited keys", async () => {
    await runtime.runPromise(put(below('"q')))
    assert.strictEqual(
      pathOf(await refused(below('"q'), { mode: "CreateOnly" })),
      '\\\\.\\root\\cimv2:Below.At=7,Id="\\"q"'
    )
    assert.strictEqual(
      pathOf(await refused(below("none"), { mode: "UpdateOnly" })),
      '\\\\.\\root\\cimv2:Below.At=7,Id="none"'
    )
    assert.strictEqual(pathOf(await refused(Base, { mode: "CreateOnly" })), "\\\\.\\root\\cimv2:Base")
    const missing = ClassDefinition.make("Nobody", { Id: Property.key("string") })
    assert.strictEqual(pathOf(await refused(missing, { mode: "UpdateOnly" })), "\\\\.\\root\\cimv2:Nobody")
  })

  it("AlreadyExists and NotFound have the path in a batch", async () => {
    const outcomes = await runtime.runPromise(Stream.runCollect(BulkPut.run(Stream.fromIterable([
      PutRequest.make(below("b1"), { mode: "CreateOnly" }),
      PutRequest.make(below("b1"), { mode: "CreateOnly" }),
      PutRequest.make(below("b2"), { mode: "CreateOnly" })
    ]))))
    assert.deepStrictEqual(
      Chunk.toReadonlyArray(outcomes).map((one) => one._tag === "Rejected" ? pathOf(one.error) : one._tag),
      ["Committed", '\\\\.\\root\\cimv2:Below.At=7,Id="b1"', "Committed"]
    )
  })

  it("a path over 8192 characters is refused before anything starts, single and in a batch; long text that is no key is not", async () => {
    const before = remote.server.calls.filter(({ op }) => op === "put").length
    assert.strictEqual((await refused(below("x".repeat(8192)))).status, "QuotaViolation")
    const outcomes = await runtime.runPromise(Stream.runCollect(BulkPut.run(Stream.fromIterable([
      PutRequest.make(below("x".repeat(8192))),
      PutRequest.make(below("long", { Text: "x".repeat(20_000) }))
    ]))))
    assert.deepStrictEqual(
      Chunk.toReadonlyArray(outcomes).map((one) => one._tag === "Rejected" ? one.error.status : one._tag),
      ["QuotaViolation", "Committed"]
    )
    assert.strictEqual(remote.server.calls.filter(({ op }) => op === "put").length, before + 1)
  })
})
