/**
 * Damaged values of a storage that compares and sets, and damaged rows of a Durable Object: what needs one fails with `Corrupt`, every
 * other object is read and written as ever, and nothing dies.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import type { Stages } from "../../src/pipeline/PutAsync.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { WbemError } from "../../src/protocol/WbemError.ts"
import * as DurableObject from "../../src/storage/sqlite/DurableObject.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import * as NamespaceStore from "../../src/emulator/NamespaceStore.ts"
import * as VersionedStore from "../../src/storage/kv/VersionedStore.ts"
import { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as Wmi from "../../src/Wmi.ts"
import { type Cas, make } from "./compareAndSet.ts"
import * as ObjectStorage from "./objectStorage.ts"

const D = ClassDefinition.make("D", { Id: Property.key("string"), V: Property.make("string") })
const d = (Id: string, V: string) => Instance.make("D", { Id, V })
const put = (object: WbemObject, namespace?: string) => PutAsync.put(PutRequest.make(object, { namespace }))

const fill = Effect.gen(function* () {
  yield* put(Instance.make("__NAMESPACE", { Name: "other" }), "root")
  yield* put(D, "root\\other")
  yield* put(d("1", "a"), "root\\other")
  yield* put(D)
  yield* put(d("1", "a"))
})

const over = ({ storage }: Cas) =>
  Wmi.layer(
    Layer.provide(
      EmulatedRepository.layer,
      Layer.sync(NamespaceStore.NamespaceStore, () => VersionedStore.make(storage))
    )
  )

const corrupt = (error: unknown): StoreFailure | undefined =>
  error instanceof StoreFailure
    ? error.reason === "Corrupt" ? error : undefined
    : typeof error === "object" && error !== null && "cause" in error
    ? corrupt(error.cause)
    : undefined

const silent = Logger.withMinimumLogLevel(LogLevel.None)

/** What calls to a store with damage in one namespace come to: in the other one all is well, and here nothing dies. */
const used = Effect.gen(function* () {
  const calls: Readonly<Record<string, Effect.Effect<unknown, WbemError, Stages | EmulatedRepository.Services>>> = {
    get: Wmi.get('D.Id="1"', { namespace: "root\\other" }),
    put: put(d("1", "b"), "root\\other"),
    putNew: put(d("2", "b"), "root\\other"),
    putClass: put(ClassDefinition.make("E", {}, { superclass: "D" }), "root\\other"),
    instancesOf: Wmi.instancesOf("D", { namespace: "root\\other" }),
    delete: Wmi.delete("D", { namespace: "root\\other" }),
    namespaces: Wmi.namespaces
  }
  yield* put(d("1", `${Math.random()}`))
  yield* Wmi.delete('D.Id="1"')
  yield* put(d("1", "a"))
  const state = yield* Wmi.snapshot
  assert.lengthOf(Snapshot.instances(state, "root\\cimv2", "D"), 1)
  const failed: Array<string> = []
  for (const [name, call] of Object.entries(calls)) {
    const exit = yield* Effect.exit(call)
    if (Exit.isSuccess(exit)) continue
    const failure = Cause.failureOption(exit.cause)
    assert.isTrue(Option.isSome(failure), `${name}: ${Cause.pretty(exit.cause)}`)
    if (corrupt(Option.getOrThrow(failure)) !== undefined) failed.push(name)
  }
  return { failed, unreadable: Snapshot.unreadable(state).length }
})

describe("a storage that compares and sets", () => {
  it("any value of a namespace, damaged in any way", async () => {
    const whole = make()
    await Effect.runPromise(Effect.provide(fill, over(whole)))
    const keys = [...whole.held.keys()].filter((key) => key.includes("other"))
    assert.isAbove(keys.length, 3)
    for (const key of keys) {
      for (const value of ["", "{", "null", "[]", "5", "x\ny\nz", "7\n[[1]]", "7\nd\n{", "[1,2,3,4]"]) {
        const entries = Array.from(whole.held, ([at, held]) => [at, at === key ? value : held.value] as const)
        const { failed, unreadable } = await Effect.runPromise(
          used.pipe(Effect.provide(over(make({}, entries))), silent)
        )
        const about = `${key} = ${JSON.stringify(value)}`
        if (key.startsWith("row/")) assert.includeMembers([...failed], ["get", "put"], about)
        if (key.startsWith("namespace/")) assert.includeMembers([...failed], ["get", "put", "putNew"], about)
        if (key.startsWith("row/") || key.startsWith("namespace/")) assert.isAbove(unreadable, 0, about)
      }
    }
  })
})

describe("a Durable Object", () => {
  it("a body that is no object", async () => {
    for (const body of ["{", "null", '{"c":"D","v":{"Id":{"n":"x"}}}']) {
      const storage = await ObjectStorage.make()
      const layer = Wmi.layer(DurableObject.layer(storage))
      await Effect.runPromise(Effect.provide(fill, layer))
      storage.sql.exec("update effect_wmi_instance set body = ? where namespace = 'root\\other'", body)
      const { failed, unreadable } = await Effect.runPromise(used.pipe(Effect.provide(layer), silent))
      assert.includeMembers([...failed], ["get", "put", "delete"])
      assert.notInclude([...failed], "instancesOf")
      assert.strictEqual(unreadable, 1)
    }
  })
})
