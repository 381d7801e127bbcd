/** Laws of typed classes, for random classes and random instances. */
import * as Arbitrary from "effect/Arbitrary"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import type { NamespaceReader } from "../../src/pipeline/NamespaceReader.ts"
import type { Stages } from "../../src/pipeline/PutAsync.ts"
import * as WmiClass from "../../src/typed/WmiClass.ts"
import * as Wmi from "../../src/Wmi.ts"
import { scaled } from "../scale.ts"

class Card extends WmiClass.Class<Card>()("Corp_Card", {
  Name: WmiClass.key(WmiClass.string),
  Inner: WmiClass.object("__NAMESPACE")
}) {}

const scalars = {
  sint8: WmiClass.sint8,
  uint8: WmiClass.uint8,
  sint16: WmiClass.sint16,
  uint16: WmiClass.uint16,
  sint32: WmiClass.sint32,
  uint32: WmiClass.uint32,
  sint64: WmiClass.sint64,
  uint64: WmiClass.uint64,
  real32: WmiClass.real32,
  real64: WmiClass.real64,
  boolean: WmiClass.boolean,
  string: WmiClass.string,
  char16: WmiClass.char16,
  datetime: WmiClass.datetime,
  datetimeText: WmiClass.datetimeText,
  interval: WmiClass.interval,
  reference: WmiClass.reference("Corp_Card"),
  anyReference: WmiClass.anyReference,
  embedded: WmiClass.embedded(Card),
  object: WmiClass.object("__NAMESPACE")
}

/** The instances of a random class. */
interface Values {
  readonly Id: unknown
  readonly [name: string]: unknown
}

/** A random class, of which the compiler has the key alone. */
type Random = WmiClass.Class<
  Values,
  "Corp_Any",
  "Corp_Any",
  { readonly Id: WmiClass.Field<unknown, "Key", false> },
  object
>

type Scalar = WmiClass.Nullable<unknown>

const kinds = Object.keys(scalars) as ReadonlyArray<keyof typeof scalars>
const keyKinds = kinds.filter((kind) => !["real32", "real64", "embedded", "object"].includes(kind))

/** A typed class with a key of one type, and properties of random types. */
const anyClass = FastCheck.record({
  key: FastCheck.constantFrom(...keyKinds),
  properties: FastCheck.array(
    FastCheck.record({
      kind: FastCheck.constantFrom(...kinds),
      isArray: FastCheck.boolean(),
      isNotNull: FastCheck.boolean()
    }),
    { maxLength: 8 }
  ),
  isSubclass: FastCheck.boolean()
}).map(({ isSubclass, key, properties }) => {
  const fields = Object.fromEntries(properties.map(({ isArray, isNotNull, kind }, i) => {
    const scalar: Scalar = scalars[kind]
    const field = isArray ? WmiClass.array(scalar) : scalar
    return [`P${i}`, isNotNull ? WmiClass.notNull(field) : field]
  }))
  const id: Scalar = scalars[key]
  if (!isSubclass) return declared(WmiClass.Class<Values>()("Corp_Any", { Id: WmiClass.key(id), ...fields }))
  const above = WmiClass.Class<Values>()("Corp_Above", { Id: WmiClass.key(id) })
  return declared(above.extend<Values>()("Corp_Any", fields))
})

/** The class of a declaration: a class expression, as `class Any extends … {}` declares it. */
const declared = (base: unknown): Random => class extends (base as new () => object) {} as unknown as Random

const run = <A, E>(effect: Effect.Effect<A, E, Stages | NamespaceReader>): Promise<A> =>
  Effect.runPromise(
    Effect.provide(effect, Wmi.layerMemoryFrom(Snapshot.of(Card.definition)))
  )

const runs = { numRuns: scaled(100) }

describe("laws of typed classes", () => {
  it("a registered class fits its definition, and registering it again changes nothing", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(anyClass, (Any) =>
        run(Effect.gen(function* () {
          yield* WmiClass.registerAll([Any])
          yield* Any.check()
          const again = yield* WmiClass.registerAll([Any])
          assert.isTrue(again.every(({ disposition }) => disposition === "Unchanged"))
        }))),
      runs
    ))

  it("an instance that is put is read as it was, by its path and in the list", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(
        anyClass.chain((Any) => FastCheck.record({ Any: FastCheck.constant(Any), instance: Arbitrary.make(Any) })),
        ({ Any, instance }) =>
          run(Effect.gen(function* () {
            yield* WmiClass.registerAll([Any])
            yield* Any.put(instance)
            const read = yield* Any.get(instance)
            assert.instanceOf(read, Any)
            assert.deepStrictEqual(read, instance)
            assert.deepStrictEqual(yield* Any.list(), [instance])
          }))
      ),
      runs
    ))

  it("the codec reads what it writes", () =>
    FastCheck.assert(
      FastCheck.property(
        anyClass.chain((Any) => FastCheck.record({ Any: FastCheck.constant(Any), instance: Arbitrary.make(Any) })),
        ({ Any, instance }) => {
          const encoded = Schema.encodeSync(Any.instance)(instance)
          assert.deepStrictEqual(Schema.decodeSync(Any.instance)(encoded), instance)
        }
      ),
      runs
    ))

  it("an update changes the given properties and no others", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(
        anyClass.chain((Any) => {
          const instances = Arbitrary.make(Any)
          const names = Object.keys(Any.properties).filter((name) => name !== "Id")
          return FastCheck.record({
            Any: FastCheck.constant(Any),
            before: instances,
            other: instances,
            names: FastCheck.subarray(names)
          })
        }),
        ({ Any, before, names, other }) =>
          run(Effect.gen(function* () {
            yield* WmiClass.registerAll([Any])
            yield* Any.put(before)
            const changes = Object.fromEntries(names.map((name) => [name, other[name]]))
            const updated = yield* Effect.either(Any.update(before, changes))
            assert.strictEqual(Either.isRight(updated), names.length > 0)
            assert.deepStrictEqual({ ...yield* Any.get(before) }, { ...before, ...changes })
          }))
      ),
      runs
    ))

  it("an interval and a timestamp keep their milliseconds", () => {
    class Timer extends WmiClass.Class<Timer>()("Corp_Timer", {
      Id: WmiClass.key(WmiClass.interval)
    }) {}
    const timer = new Timer({ Id: Duration.millis(86_400_001) })
    assert.strictEqual(Schema.encodeSync(Timer.instance)(timer).values["Id"], "00000001000000.001000:000")
  })
})
