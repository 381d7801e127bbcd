/** Typed classes over an emulator in memory. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Equal from "effect/Equal"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as WmiClass from "../../src/typed/WmiClass.ts"
import * as Wmi from "../../src/Wmi.ts"

class Host extends WmiClass.Class<Host>()("Corp_Host", {
  Name: WmiClass.key(WmiClass.string),
  Cores: WmiClass.withDefault(WmiClass.uint8, 4)
}) {}

class Asset extends WmiClass.Class<Asset>()("Corp_Asset", {
  Id: WmiClass.key(WmiClass.string),
  Owner: WmiClass.string,
  Price: WmiClass.notNull(WmiClass.uint32),
  Tags: WmiClass.array(WmiClass.string),
  Installed: WmiClass.datetime,
  Host: WmiClass.reference("Corp_Host")
}, { namespace: "root\\corp" }) {
  get label(): string {
    return `${this.Id} of ${this.Owner ?? "nobody"}`
  }
}

class Laptop extends Asset.extend<Laptop>()("Corp_Laptop", {
  Inches: WmiClass.real32,
  Battery: WmiClass.interval
}) {}

const start = Snapshot.empty({ namespaces: ["root\\corp"] })
const run = <A, E>(effect: Effect.Effect<A, E, any>): Promise<A> =>
  Effect.runPromise(Effect.provide(effect, Wmi.layerMemoryFrom(start)) as Effect.Effect<A, E>)

describe("a typed class", () => {
  it("x", () =>
    run(Effect.gen(function*() {
      yield* WmiClass.registerAll([Laptop])
      yield* Host.register({ namespace: "root\\corp" })
      const laptop = new Laptop({ Id: "L1", Price: 3, Battery: Duration.hours(3), Host: Host.path({ Name: "h" }) })
      console.log(laptop, laptop.label, laptop instanceof Asset)
      yield* Laptop.put(laptop)
      const back = yield* Laptop.get({ Id: "L1" })
      console.log(back, Equal.equals(laptop, back))
      console.log(yield* Asset.list())
      yield* Laptop.check()
      yield* Asset.check()
      console.log(yield* Asset.update({ Id: "L1" }, { Owner: "eve" }).pipe(Effect.either))
      console.log(yield* Laptop.update(laptop, { Owner: "eve", Tags: ["x"] }).pipe(Effect.either))
      console.log(yield* Laptop.get(laptop))
      console.log(FastCheck.sample(Arbitrary.make(Laptop), 2))
    })))
})
