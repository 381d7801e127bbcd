/** Laws of the skin over generated worlds: looking changes nothing, and what a script builds is what the library builds. */
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import { SWbemLocator } from "../../src/scripting/connection/SWbemLocator.ts"
import type { SWbemObject } from "../../src/scripting/objects/SWbemObject.ts"
import type { SWbemQualifierSet } from "../../src/scripting/objects/SWbemQualifierSet.ts"
import type { SWbemServicesEx } from "../../src/scripting/connection/SWbemServicesEx.ts"
import { coerceVariant, toVariant } from "../../src/scripting/objects/variant.ts"
import * as PutEngine from "../../src/engine/PutEngine.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as CimName from "../../src/model/CimName.ts"
import * as CimType from "../../src/model/CimType.ts"
import { type CimValue, coerce, equals, isCoercionError } from "../../src/model/CimValue.ts"
import { classWith } from "../../src/model/effectValue.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as Mof from "../../src/mof/Mof.ts"
import * as Wmi from "../../src/Wmi.ts"
import * as any from "../arbitraries.ts"

const big = (_: string, value: unknown): unknown => typeof value === "bigint" ? `${value}n` : value

/** A namespace after some puts. */
const world = any.requests(12).map((list) => {
  let at = any.world()
  for (const put of any.validated(list)) {
    const decided = PutEngine.decide(at, put)
    if (Either.isRight(decided)) at = Snapshot.apply(at, decided.right.changes)
  }
  return at
})

const within = async (
  snapshot: Snapshot.Snapshot,
  body: (services: SWbemServicesEx) => Promise<void>
): Promise<void> => {
  const wmi = new SWbemLocator(Wmi.layerMemoryFrom(snapshot))
  try {
    await body(await wmi.connectServer())
  } finally {
    await wmi.close()
  }
}

/** Everything of a user's in the default namespace. */
const everything = async (services: SWbemServicesEx): Promise<ReadonlyArray<SWbemObject>> => {
  const classes = [...await services.subclassesOf()].filter(({ path_ }) => !path_.class.startsWith("__"))
  const instances = await Promise.all(classes.map((one) => services.instancesOf(one.path_.class, 1)))
  return [...classes, ...instances.flatMap((set) => [...set])]
}

const dump = async (services: SWbemServicesEx): Promise<string> =>
  JSON.stringify((await everything(services)).map((one) => one.toWbemObject_()), big)

/** Copies the qualifiers of one set, those of the carrier itself, as a script writes them. */
const copyQualifiers = (from: SWbemQualifierSet, to: SWbemQualifierSet): void => {
  for (const q of from) {
    if (q.isLocal) to.add(q.name, q.value, q.propagatesToSubclass, q.propagatesToInstance, q.isOverridable)
  }
}

/** Builds a class again, from what its sets show. */
const rebuilt = (from: SWbemObject, into: SWbemObject): WbemObject => {
  into.path_.class = from.path_.class
  copyQualifiers(from.qualifiers_, into.qualifiers_)
  const declared = from.toWbemObject_()
  assert(declared._tag === "Class")
  for (const { name, value } of declared.properties) {
    const property = from.properties_.item(name)
    const copy = into.properties_.add(name, property.cimType, property.isArray)
    if (value !== undefined) copy.value = property.value
    for (const q of property.qualifiers_) if (q.name === "CIMTYPE") copy.qualifiers_.add("CIMTYPE", q.value)
    copyQualifiers(property.qualifiers_, copy.qualifiers_)
  }
  return into.toWbemObject_()
}

/** A class without the order in which its qualifiers were declared: sets list them by name. */
const sorted = (definition: WbemObject): WbemObject => {
  assert(definition._tag === "Class")
  const byName = (list: ReadonlyArray<Qualifier.Qualifier>): ReadonlyArray<Qualifier.Qualifier> =>
    [...list].sort((a, b) => CimName.compare(a.name, b.name))
  return classWith(definition, {
    qualifiers: byName(definition.qualifiers),
    properties: definition.properties.map((property) => ({ ...property, qualifiers: byName(property.qualifiers) }))
  })
}

describe("laws", () => {
  it("reading an object and putting it back changes nothing", async () => {
    await FastCheck.assert(
      FastCheck.asyncProperty(world, (snapshot) =>
        within(snapshot, async (services) => {
          const before = await dump(services)
          for (const object of await everything(services)) {
            assert.isTrue(object.compareTo_(object.clone_()))
            await object.put_(1)
          }
          assert.strictEqual(await dump(services), before)
        })),
      { numRuns: 60 }
    )
  })

  it("a class that a script rebuilds from its members equals the class, except amended text and the order of qualifiers", async () => {
    let compared = 0
    await FastCheck.assert(
      FastCheck.asyncProperty(world, (snapshot) =>
        within(snapshot, async (services) => {
          for (const one of await everything(services)) {
            const object = one.toWbemObject_()
            if (object._tag === "Instance" || object.methods.length > 0 || object.superclass !== undefined) continue
            const carriers = [object, ...object.properties]
            // Scripts have no word for the amended flavour.
            if (
              carriers.some(({ qualifiers }) => qualifiers.some((q) => (q.flavor & Qualifier.Flavor.Amended) !== 0))
            ) continue
            const built = await services.get()
            assert.deepStrictEqual(Mof.print(sorted(rebuilt(one, built))), Mof.print(sorted(object)))
            assert.isTrue(built.compareTo_(one))
            compared++
          }
        })),
      { numRuns: 60 }
    )
    assert.isAbove(compared, 60)
  })

  it("a value of a type is unchanged after it is read and assigned again", () => {
    const types = CimType.table.filter(({ name }) => name !== "object").map(({ name }) => name)
    const rough = FastCheck.oneof(
      FastCheck.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
      FastCheck.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }),
      FastCheck.integer({ min: -300, max: 300 }),
      FastCheck.double({ noNaN: true, noDefaultInfinity: true }),
      FastCheck.boolean(),
      FastCheck.string(),
      FastCheck.constantFrom("20240101000000.000000+000", "-5", "00000100010003.000000:000")
    )
    let fitting = 0
    FastCheck.assert(
      FastCheck.property(
        FastCheck.constantFrom(...types),
        FastCheck.oneof(rough, FastCheck.array(rough, { maxLength: 2 })),
        (type, value) => {
          const ref = { type, isArray: Array.isArray(value) }
          const kept = coerce(value, ref)
          if (isCoercionError(kept)) return
          fitting++
          const read = toVariant(kept, () => assert.fail("nothing is embedded"))
          const again = coerceVariant(read, ref)
          assert.isFalse(isCoercionError(again))
          assert.isTrue(equals(again as CimValue, kept)) // an integer has one zero
        }
      ),
      { numRuns: 5000 }
    )
    assert.isAbove(fitting, 500)
  })
})
