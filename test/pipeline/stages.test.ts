/** Each of the four stages replaced alone, without a change of the other three. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import { assert, describe, it } from "@effect/vitest"
import {
  ClassDefinition,
  EmulatedRepository,
  FlagDecoder,
  Instance,
  MemoryStore,
  ObjectPath,
  Property,
  PutAsync,
  PutFlags,
  PutRequest,
  PutRules,
  PutSink,
  PutValidator,
  Qualifier,
  Repository,
  Snapshot,
  WbemError,
  Wmi
} from "../../mod.ts"
import * as PutReport from "../../src/protocol/PutReport.ts"
import type { Facts } from "../../src/entry/engine.ts"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
const disk = (id: string) => PutRequest.make(Instance.make("Demo_Disk", { Id: id }))
const memory = EmulatedRepository.layer.pipe(Layer.provide(MemoryStore.layerFrom(Snapshot.of(Disk))))

describe("stage 1, another flag table", () => {
  const readOnly = Layer.succeed(FlagDecoder.FlagDecoder, {
    decode: (flags, kind) =>
      kind === "Class"
        ? Either.left(new WbemError.InvalidParameter({ parameter: "flags", detail: "classes are not put here" }))
        : PutFlags.decode(flags, kind)
  })

  it.effect("refuses every class and accepts instances", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(PutAsync.put(PutRequest.make(Disk)))
      assert.strictEqual(refused._tag, "WbemInvalidParameter")
      assert.strictEqual((yield* PutAsync.put(disk("C:"))).disposition, "Created")
    }).pipe(Effect.provide(Layer.mergeAll(readOnly, PutValidator.layer, memory, PutSink.layerSilent))))
})

describe("stage 2, an extra check and an extra rule", () => {
  const onlyDemoClasses: PutValidator.Check = (put) =>
    put.object._tag === "Instance" && !put.object.className.startsWith("Demo_")
      ? Effect.fail(
        new WbemError.AccessDenied({ right: "FullWrite", namespace: put.namespace, detail: "only Demo_ classes" })
      )
      : Effect.void

  const frozen: PutRules.PutRule<Facts.ClassFacts> = (facts) =>
    Qualifier.isTrue(facts.stored, "Frozen") ? WbemError.of("VetoPut", { detail: "the class is frozen" }) : undefined

  const validator = PutValidator.layerWith({
    checks: [onlyDemoClasses],
    rules: { forClass: [...PutRules.forClass, frozen] }
  })

  it.effect("runs the check before the transaction and the rule inside it", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        (yield* Effect.flip(PutAsync.put(PutRequest.make(Instance.make("Other", {}))))).status,
        "AccessDenied"
      )
      const Ice = ClassDefinition.make("Demo_Ice", {}, { qualifiers: { Frozen: true } })
      yield* PutAsync.put(PutRequest.make(Ice))
      const update = PutRequest.make(ClassDefinition.make("Demo_Ice", { Id: Property.key("string") }))
      assert.strictEqual((yield* Effect.flip(PutAsync.put(update))).status, "VetoPut")
      assert.strictEqual((yield* PutAsync.put(disk("C:"))).disposition, "Created")
    }).pipe(Effect.provide(Layer.mergeAll(FlagDecoder.layer, validator, memory, PutSink.layerSilent))))
})

describe("stage 3, a repository in ten lines", () => {
  const stored = new Map<string, Instance.Instance>()
  const shelf = Layer.succeed(
    Repository.Repository,
    Repository.make({
      putBatch: (puts) =>
        Effect.sync(() =>
          puts.map(({ put }) => {
            if (put.object._tag === "Class") return new WbemError.NotSupported({ detail: "no classes" })
            const path = ObjectPath.make({
              className: put.object.className,
              keys: [{ name: "Id", value: String(put.object.values["Id"]) }]
            })
            stored.set(ObjectPath.key(path), put.object)
            return PutReport.make(path, "Stored")
          })
        ),
      delete: (request) => Effect.fail(new WbemError.NotFound({ path: request.path })),
      get: ({ path }) =>
        Effect.fromNullable(stored.get(ObjectPath.key(path))).pipe(
          Effect.mapError(() => new WbemError.NotFound({ path }))
        )
    })
  )

  it.effect("may be made from an object of a class", () => {
    class Shelf {
      private readonly seen: Array<string> = []
      admit({ object }: PutRequest.DecodedPut) {
        return Effect.sync(() => void this.seen.push(`admit ${object._tag}`))
      }
      putBatch() {
        return Effect.sync(() => [new WbemError.NotSupported({ detail: this.seen.join() })])
      }
      delete({ path }: { readonly path: ObjectPath.ObjectPath }) {
        return Effect.sync(() => (this.seen.push("delete"), path))
      }
      get() {
        return Effect.fail(new WbemError.NotSupported({ detail: this.seen.join() }))
      }
    }
    return Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(PutAsync.put(disk("C:")))).detail, "admit Instance")
      yield* Wmi.delete("Demo_Disk")
      assert.strictEqual((yield* Effect.flip(Wmi.get("Demo_Disk"))).detail, "admit Instance,delete")
    }).pipe(Effect.provide(Wmi.layer(Layer.sync(Repository.Repository, () => Repository.make(new Shelf())))))
  })

  it.effect("stores, refuses and delivers to the sink", () => {
    const { events, sink } = PutSink.recording()
    return Effect.gen(function* () {
      assert.strictEqual((yield* PutAsync.put(disk("C:"))).disposition, "Stored")
      assert.strictEqual((yield* Effect.flip(PutAsync.put(PutRequest.make(Disk)))).status, "NotSupported")
      assert.strictEqual(stored.size, 1)
      assert.deepStrictEqual(events(), ['ObjectPut Demo_Disk.Id="C:"', "Completed", "Completed NotSupported"])
    }).pipe(Effect.provide(Layer.mergeAll(FlagDecoder.layer, PutValidator.layer, shelf, PutSink.layer(sink))))
  })
})

describe("stage 4, a custom sink", () => {
  it.effect("gets the outcome and nothing else", () => {
    const paths: Array<string> = []
    const sink = PutSink.make((event) =>
      Effect.sync(() => {
        if (event._tag === "ObjectPut") paths.push(ObjectPath.relPath(event.path))
      })
    )
    return Effect.gen(function* () {
      yield* PutAsync.put(disk("C:"))
      yield* PutAsync.put(disk("D:"))
      assert.deepStrictEqual(paths, ['Demo_Disk.Id="C:"', 'Demo_Disk.Id="D:"'])
    }).pipe(Effect.provide(Layer.mergeAll(FlagDecoder.layer, PutValidator.layer, memory, PutSink.layer(sink))))
  })
})
