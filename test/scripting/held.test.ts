/** Arrays and embedded objects that a script read and goes on to change, as Microsoft's samples of array and embedded properties do. */
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import { SWbemError } from "../../src/scripting/objects/SWbemError.ts"
import type { SWbemObject } from "../../src/scripting/objects/SWbemObject.ts"
import type { SWbemServicesEx } from "../../src/scripting/connection/SWbemServicesEx.ts"
import { wbemCimType, wbemErr } from "../../src/scripting/objects/WbemConstants.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import type * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import { err, script } from "./scripts.ts"

const { wbemCimtypeObject, wbemCimtypeString, wbemCimtypeUint32 } = wbemCimType

interface Inner {
  Size: number
}
interface Outer {
  Count: number
  Inner: (SWbemObject & Inner) | null
  Inners: Array<SWbemObject & Inner>
}
interface Holder {
  Id: string
  Outer: (SWbemObject & Outer) | null
}
interface Listed {
  Id: string
  Codes: Array<number> | null
  Names: Array<string> | null
}

const List = ClassDefinition.make("Demo_List", {
  Id: Property.key("string"),
  Codes: Property.make("uint32[]", { value: [1, 2, 3] }),
  Names: Property.make("string[]")
})

const connected = (body: (services: SWbemServicesEx) => Promise<void>): () => Promise<void> =>
  script(async (wmi) => body(await wmi.connectServer()), Snapshot.of(List))

/** The two classes of a script that builds them: an outer one whose default values are instances of an inner one. */
const nested = async (services: SWbemServicesEx): Promise<void> => {
  const inner = await services.get()
  inner.path_.class = "Demo_Inner"
  inner.properties_.add("Size", wbemCimtypeUint32).value = 10
  await inner.put_()
  const Inner = await services.get("Demo_Inner")
  const sized = (size: number): SWbemObject & Inner => {
    const one = Inner.spawnInstance_<Inner>()
    one.Size = size
    return one
  }
  const outer = await services.get<Outer>()
  outer.path_.class = "Demo_Outer"
  outer.properties_.add("Count", wbemCimtypeUint32).value = 25
  outer.properties_.add("Inner", wbemCimtypeObject).value = sized(564)
  const inners = outer.properties_.add("Inners", wbemCimtypeObject, true)
  inners.qualifiers_.add("cimtype", "object:Demo_Inner")
  inners.value = [sized(0), sized(1)]
  outer.Inners[2] = sized(2) // Property.Value(2) = Instance
  await outer.put_()
  const occupant = await services.get()
  occupant.path_.class = "Demo_Holder"
  occupant.properties_.add("Id", wbemCimtypeString).qualifiers_.add("key", true)
  occupant.properties_.add("Outer", wbemCimtypeObject)
  await occupant.put_()
}

describe("arrays", () => {
  it(
    "an element that is assigned is assigned in the object, coerced like every value",
    connected(async (services) => {
      const list = (await services.get("Demo_List")).spawnInstance_<Listed>()
      list.Id = "a"
      assert.isFalse(list.properties_.item("Codes").isLocal)
      list.Codes![1] = "345" as never // Class.p(1) = 345
      assert.deepStrictEqual(list.Codes, [1, 345, 3])
      assert.isTrue(list.properties_.item("Codes").isLocal)
      const codes = list.properties_.item("Codes").value as Array<number>
      codes.push(7)
      codes.sort((a, b) => b - a)
      assert.strictEqual(codes.pop(), 1)
      assert.deepStrictEqual(list.Codes, [345, 7, 3])
      codes.length = 2
      await list.put_()
      assert.deepStrictEqual((await services.get<Listed>("Demo_List='a'")).Codes, [345, 7])
    })
  )

  it(
    "read, changed and assigned back, and assigned elsewhere: two arrays after that",
    connected(async (services) => {
      const list = (await services.get("Demo_List")).spawnInstance_<Listed>()
      const other = list.spawnInstance_<Listed>()
      const codes = list.Codes!
      codes[0] = 9
      list.Codes = codes // v = obj.Codes: v(0) = 9: obj.Codes = v
      other.Codes = list.Codes
      other.Codes![0] = 8
      assert.deepStrictEqual([list.Codes, other.Codes], [[9, 2, 3], [8, 2, 3]])
    })
  )

  it(
    "what was read before another value was assigned is the script's own",
    connected(async (services) => {
      const list = (await services.get("Demo_List")).spawnInstance_<Listed>()
      const before = list.Codes!
      list.Codes = null
      before[0] = 5
      assert.isNull(list.Codes)
      assert.deepStrictEqual(before, [5, 2, 3])
      list.Codes = before
      assert.deepStrictEqual(list.Codes, [5, 2, 3])
    })
  )

  it(
    "an element of the wrong type is refused and nothing changes; an array has no holes",
    connected(async (services) => {
      const list = (await services.get("Demo_List")).spawnInstance_<Listed>()
      const before = list.toWbemObject_()
      await err("TypeMismatch", () => list.Codes![0] = "many" as never)
      await err("ValueOutOfRange", () => list.Codes!.push(2 ** 33))
      await err("TypeMismatch", () => list.Codes![9] = 1)
      await err("TypeMismatch", () => delete list.Codes![0])
      assert.strictEqual(list.toWbemObject_(), before)
      assert.deepStrictEqual(list.Codes, [1, 2, 3])
    })
  )

  it(
    "of a class and of a qualifier",
    connected(async (services) => {
      const list = await services.get<Listed>("Demo_List")
      list.Codes![2] = 44
      const values = list.qualifiers_.add("Values", ["a", "b"])
      ;(values.value as Array<string>)[1] = "c" // Qualifier.Value(1) = "c"
      await err("InvalidQualifierType", () => (values.value as Array<unknown>)[0] = 1)
      await list.put_()
      const read = await services.get<Listed>("Demo_List")
      assert.deepStrictEqual(read.Codes, [1, 2, 44])
      assert.deepStrictEqual(read.qualifiers_.item("Values").value, ["a", "c"])
    })
  )
})

const anything = FastCheck.oneof(
  FastCheck.nat({ max: 20 }),
  FastCheck.constantFrom<unknown>(-1, 2 ** 33, "7", "x", null)
)
const index = FastCheck.nat({ max: 4 })
/** One change of an array, the way JavaScript writes it. */
const edits = FastCheck.oneof(
  FastCheck.tuple(index, anything).map(([i, value]) => (list: Array<unknown>) => list[i] = value),
  FastCheck.array(anything, { maxLength: 2 }).map((values) => (list: Array<unknown>) => list.push(...values)),
  FastCheck.array(anything, { maxLength: 2 }).map((values) => (list: Array<unknown>) => list.unshift(...values)),
  FastCheck.tuple(index, index, FastCheck.array(anything, { maxLength: 2 }))
    .map(([at, count, values]) => (list: Array<unknown>) => list.splice(at, count, ...values)),
  FastCheck.tuple(anything, index).map(([value, from]) => (list: Array<unknown>) => list.fill(value, from)),
  index.map((length) => (list: Array<unknown>) => list.length = length),
  FastCheck.constantFrom(
    (list: Array<unknown>) => list.pop(),
    (list: Array<unknown>) => list.shift(),
    (list: Array<unknown>) => list.reverse(),
    (list: Array<unknown>) => list.sort((a, b) => Number(a) - Number(b)),
    (list: Array<unknown>) => list.copyWithin(0, 1)
  )
)

describe("laws", () => {
  const answer = (change: () => unknown): unknown => {
    try {
      return change()
    } catch (error) {
      if (error instanceof SWbemError) return error.number
      throw error
    }
  }

  it(
    "a change of an array that was read is the same change of a copy, assigned; or both are refused",
    connected(async (services) => {
      const Class = await services.get("Demo_List")
      let refusals = 0
      FastCheck.assert(
        FastCheck.property(FastCheck.array(edits, { minLength: 1, maxLength: 12 }), (changes) => {
          const live = Class.spawnInstance_<Listed>()
          const assigned = Class.spawnInstance_<Listed>()
          const held = live.Codes as Array<unknown>
          for (const change of changes) {
            const one = answer(() => change(held))
            const other = answer(() => {
              const copy: Array<unknown> = Array.from(assigned.Codes!)
              const result = change(copy)
              assigned.Codes = Array.from(copy) as Array<number>
              return result === copy ? assigned.Codes : result
            })
            if (one === wbemErr.wbemErrTypeMismatch || one === wbemErr.wbemErrValueOutOfRange) refusals++
            assert.deepStrictEqual(one, other)
            assert.deepStrictEqual(held, assigned.Codes as Array<unknown>)
            assert.strictEqual(live.Codes as Array<unknown>, held)
          }
          assert.isTrue(live.compareTo_(assigned))
        }),
        { numRuns: 300 }
      )
      assert.isAbove(refusals, 100)
    })
  )

  it(
    "an array of embedded objects is a list of their values: each is changed where it stands, and only there",
    connected(async (services) => {
      await nested(services)
      const Outer = await services.get("Demo_Outer")
      const Inner = await services.get("Demo_Inner")
      const sized = (size: number): SWbemObject & Inner => {
        const one = Inner.spawnInstance_<Inner>()
        one.Size = size
        return one
      }
      interface Step {
        readonly model: (sizes: Array<number>) => unknown
        readonly script: (inners: Array<SWbemObject & Inner>) => unknown
      }
      const size = FastCheck.nat({ max: 99 })
      const steps: FastCheck.Arbitrary<Step> = FastCheck.oneof(
        FastCheck.tuple(index, size).map(([i, n]): Step => ({
          model: (sizes) => i < sizes.length && (sizes[i] = n),
          script: (inners) => i < inners.length && (inners[i]!.Size = n)
        })),
        FastCheck.tuple(index, index).map(([to, from]): Step => ({
          model: (sizes) => to < sizes.length && from < sizes.length && (sizes[to] = sizes[from]!),
          script: (inners) => to < inners.length && from < inners.length && (inners[to] = inners[from]!)
        })),
        size.map((n): Step => ({ model: (sizes) => sizes.push(n), script: (inners) => inners.push(sized(n)) })),
        FastCheck.tuple(index, index).map(([at, count]): Step => ({
          model: (sizes) => sizes.splice(at, count),
          script: (inners) => inners.splice(at, count).forEach((gone) => gone.Size = 77)
        })),
        FastCheck.constantFrom<Step>(
          { model: (sizes) => sizes.reverse(), script: (inners) => inners.reverse() },
          { model: (sizes) => sizes.sort((a, b) => a - b), script: (inners) => inners.sort((a, b) => a.Size - b.Size) }
        )
      )
      FastCheck.assert(
        FastCheck.property(FastCheck.array(steps, { maxLength: 12 }), FastCheck.boolean(), (all, again) => {
          const outer = Outer.spawnInstance_<Outer>()
          const sizes = [0, 1, 2]
          const held = outer.Inners
          for (const { model, script } of all) {
            model(sizes)
            script(again ? outer.Inners : held)
            assert.deepStrictEqual(outer.Inners.map(({ Size }) => Size), sizes)
          }
          const { values } = outer.clone_().toWbemObject_() as Instance.Instance
          assert.deepStrictEqual(
            (values["Inners"] as ReadonlyArray<Instance.Instance> | undefined)?.map((one) => one.values["Size"])
              ?? sizes,
            sizes
          )
        }),
        { numRuns: 300 }
      )
    })
  )
})

describe("embedded objects", () => {
  it(
    "what is assigned to a member of one is assigned in the object around it, at any depth",
    connected(async (services) => {
      await nested(services)
      const outer = (await services.get("Demo_Outer")).spawnInstance_<Outer>()
      outer.Count = 2546
      const occupant = (await services.get("Demo_Holder")).spawnInstance_<Holder>()
      occupant.Id = "x"
      occupant.Outer = outer
      assert.strictEqual(occupant.Outer.Inner!.Size, 564) // Class.p1.pOuter.pInner, a default of a class that came with the value
      occupant.Outer.Count = 23 // Class.p1.p0 = 23
      assert.strictEqual(occupant.Outer.Count, 23)
      const held = occupant.Outer // Property = Class.p1
      held.Count = 787 // Property.p0 = 787
      assert.strictEqual(occupant.Outer.Count, 787)
      occupant.properties_.item("Outer").value = occupant.Outer
      occupant.Outer.Inner!.Size = 4 // Class.p1.pOuter.pInner = 4
      occupant.Outer.Inners[1]!.Size = 5675 // Class.p1.pOuterArray(1).pInner = 5675
      assert.strictEqual(outer.Count, 2546) // it was copied
      await occupant.put_()

      const stored = await services.get<Holder>("Demo_Holder='x'")
      assert.strictEqual(stored.Outer!.Count, 787)
      assert.strictEqual(stored.Outer!.Inner!.Size, 4)
      assert.deepStrictEqual(stored.Outer!.Inners.map(({ Size }) => Size), [0, 5675, 2])
      stored.Outer!.Inners.pop()
      await stored.put_()
      const again = await services.get<Holder>("Demo_Holder='x'")
      assert.deepStrictEqual(again.Outer!.Inners.map(({ Size }) => Size), [0, 5675])
    })
  )

  it(
    "one that is no longer the value, and a clone of one, are the script's own",
    connected(async (services) => {
      await nested(services)
      const outer = (await services.get("Demo_Outer")).spawnInstance_<Outer>()
      const [first] = outer.Inners
      const inner = outer.Inner!
      const clone = inner.clone_<Inner>()
      clone.Size = 1
      outer.Inner = clone
      inner.Size = 2
      outer.Inners.shift()
      first!.Size = 3
      clone.Size = 4
      assert.deepStrictEqual([outer.Inner.Size, ...outer.Inners.map(({ Size }) => Size)], [1, 1, 2])
      outer.Inners[0] = outer.Inners[1]!
      outer.Inners[0].Size = 9
      assert.deepStrictEqual(outer.Inners.map(({ Size }) => Size), [9, 2])
      const second = outer.Inners[1]!
      outer.Inners[0] = second // a copy goes there, and this one stays where it was
      second.Size = 8
      assert.deepStrictEqual(outer.Inners.map(({ Size }) => Size), [2, 8])
    })
  )

  it(
    "the classes of embedded defaults are read with a class",
    connected(async (services) => {
      await nested(services)
      const outer = await services.get<Outer>("Demo_Outer")
      const size = outer.Inner!.properties_.item("Size")
      assert.deepStrictEqual([size.cimType, size.origin, size.value], [wbemCimtypeUint32, "Demo_Inner", 564])
      outer.Inner!.Size = 565
      await outer.put_()
      assert.strictEqual((await services.get<Outer>("Demo_Outer")).Inner!.Size, 565)
    })
  )
})
