/** The classes of the world agree with those of a real computer, whose facts are in `computerFacts.json`. */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Property from "../../src/model/Property.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as Worlds from "../../src/worlds/Worlds.ts"
import { agreement, type ClassFacts, type FactsFile, factsOf, fromFile, toFile } from "./agreement.ts"

const file = JSON.parse(readFileSync(new URL("computerFacts.json", import.meta.url), "utf8")) as FactsFile
const computer = fromFile(file)
const world = factsOf(Worlds.windows())

describe("agreement with a real computer", () => {
  const { absent, compared, differences, unused } = agreement(world, computer)

  it("every class of both has the same superclass, keys and types, but for differences with a reason", () => {
    assert.deepEqual(differences.filter(({ reason }) => reason === undefined), [])
    assert.deepEqual(unused, [])
    assert.equal(compared, Object.values(file).reduce((sum, classes) => sum + Object.keys(classes).length, 0))
    assert.isAbove(compared, 150)
  })

  it("the world lacks no property of the computer, and no type differs", () => {
    assert.deepEqual(
      differences.filter((one) => one.member !== "keys" && (one.world === undefined || one.computer !== undefined)),
      []
    )
  })

  it("a class that only the world has is listed", () => {
    assert.include(absent, "root\\wmi:WMIEvent")
  })

  it("the facts of a file read back as they were written", () => {
    assert.deepEqual(toFile(computer), file)
    assert.deepEqual(fromFile(toFile(world)), world)
  })
})

describe("the comparison", () => {
  const disk = (properties: Readonly<Record<string, Property.PropertySpec>>, superclass?: string) =>
    factsOf(Snapshot.of(
      ClassDefinition.make("Demo_Base", { Name: Property.make("string") }),
      ClassDefinition.make("Demo_Other"),
      ClassDefinition.make("Demo_Disk", properties, { superclass })
    ))
  const here = disk({ Id: Property.key("string"), Size: Property.make("uint64") }, "Demo_Base")
  const found = (there: ReadonlyMap<string, ReadonlyMap<string, ClassFacts>>) =>
    agreement(here, there).differences.map(({ computer, member, world }) => [member, world, computer])

  it.each<readonly [string, ReturnType<typeof disk>, ReadonlyArray<ReadonlyArray<string | undefined>>]>([
    ["nothing, in other case", disk({ ID: Property.key("string"), size: Property.make("uint64") }, "DEMO_BASE"), []],
    ["a type", disk({ Id: Property.key("string"), Size: Property.make("uint32") }, "Demo_Base"), [
      ["Size", "uint64", "uint32"]
    ]],
    ["an array", disk({ Id: Property.key("string"), Size: Property.make("uint64[]") }, "Demo_Base"), [
      ["Size", "uint64", "uint64[]"]
    ]],
    ["a key", disk({ Id: Property.make("string"), Size: Property.make("uint64") }, "Demo_Base"), [
      ["keys", "id", "none"]
    ]],
    ["a property less and one more", disk({ Id: Property.key("string"), Free: Property.make("uint64") }, "Demo_Base"), [
      ["Size", "uint64", undefined],
      ["Free", undefined, "uint64"]
    ]],
    [
      "the superclass, and what it has",
      disk({ Id: Property.key("string"), Size: Property.make("uint64") }, "Demo_Other"),
      [
        ["superclass", "Demo_Base", "Demo_Other"],
        ["Name", "string", undefined]
      ]
    ]
  ])("finds %s", (_what, there, expected) => {
    assert.deepEqual(found(there), expected)
  })
})
