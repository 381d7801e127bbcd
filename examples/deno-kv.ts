/**
 * A namespace in Deno KV, which has no transactions but can compare versions before it writes: the three functions of a storage.
 *
 * `deno run -A --unstable-kv examples/deno-kv.ts`, twice: the second run says `Unchanged`.
 *
 * @module
 */
import { Console, Effect } from "effect"
import { ClassDefinition, Instance, Property } from "effect-wmi"
import * as VersionedStore from "effect-wmi/kv"
import { PutAsync, PutRequest, StoreFailure, Wmi } from "effect-wmi"

const kv = await Deno.openKv(Deno.env.get("KV_PATH"))

/** Deno KV reports a key or value above its limits as a `TypeError`. Any other failure of a commit leaves open whether it was written. */
const attempt = <A>(promise: () => Promise<A>): Effect.Effect<A, StoreFailure.StoreFailure> =>
  Effect.tryPromise({
    try: promise,
    catch: (cause) =>
      new StoreFailure.StoreFailure({
        reason: cause instanceof TypeError ? "TooBig" : "Unreachable", // limits are type errors
        detail: String(cause),
        cause
      })
  })

/** A key of a store is text with slashes. Deno KV has lists as keys, and lists the keys below the beginning of one. */
const keyOf = (key: string): ReadonlyArray<string> => key.split("/").filter((part) => part !== "")

const versioned = <A>({ value, versionstamp }: Deno.KvEntryMaybe<A>): { value: A; version: string } | undefined =>
  versionstamp === null ? undefined : { value, version: versionstamp }

const storage: VersionedStore.VersionedStorage = {
  rows: (keys) =>
    attempt(async () => {
      const found: Array<VersionedStore.Versioned | undefined> = []
      for (let at = 0; at < keys.length; at += 10) { // at most ten at a time
        const entries = await kv.getMany<Array<string>>(keys.slice(at, at + 10).map(keyOf))
        found.push(...entries.map(versioned))
      }
      return found
    }),
  range: (prefix) =>
    attempt(async () => {
      const found: Array<readonly [string, VersionedStore.Versioned]> = []
      for await (const { key, value, versionstamp } of kv.list<string>({ prefix: keyOf(prefix) })) {
        found.push([key.join("/"), { value, version: versionstamp }])
      }
      return found
    }),
  commit: (compared, written) =>
    attempt(async () => {
      const atomic = kv.atomic()
      for (const [key, version] of compared) atomic.check({ key: keyOf(key), versionstamp: version ?? null })
      for (const [key, value] of written) {
        if (value === undefined) atomic.delete(keyOf(key))
        else atomic.set(keyOf(key), value)
      }
      return (await atomic.commit()).ok
    })
}

const repository = Wmi.layer(VersionedStore.layer(storage))

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })

const program = Effect.gen(function* () {
  yield* PutAsync.put(PutRequest.make(Disk))
  for (const id of ["C:", "D:"]) {
    const { disposition } = yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: id, FreeSpace: 42n })))
    yield* Console.log(id, disposition)
  }
  yield* Console.log((yield* Wmi.instancesOf("Demo_Disk")).length)
})

await Effect.runPromise(Effect.provide(program, repository))
kv.close()
