/** The classes that the command reads from a target with those that they need. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { classesIn, loadSchema, type ReadClasses, readClasses } from "../../src/cli/objects/classLoader.ts"
import { readCopy } from "../../src/cli/put/windowsCopy.ts"
import * as Wmi from "../../src/Wmi.ts"

const namespace = "root\\corp"

/** Corp_Rack has a default value that is an instance of Corp_Size, which derives from Corp_Base. */
const stored = [
  ClassDefinition.make("Corp_Base", {}),
  ClassDefinition.make("Corp_Size", {}, { superclass: "Corp_Base" }),
  ClassDefinition.make("Corp_Rack", {
    Id: Property.key("string"),
    Size: Property.make("object", { value: Instance.make("Corp_Size", {}) })
  }),
  ClassDefinition.make("Corp_Other", {})
]

const target = Wmi.layerMemoryFrom(Snapshot.withObjects(Snapshot.empty({ namespaces: [namespace] }), namespace, stored))

describe("the loader of classes", () => {
  it.effect("reads the classes above a class and those of its default values, parents first", () =>
    Effect.gen(function* () {
      const read: ReadClasses = new Map()
      yield* readClasses([{ namespace, name: "corp_rack" }, { namespace, name: "Corp_Absent" }], read)
      assert.deepStrictEqual(classesIn(read, namespace).map(({ name }) => name), [
        "Corp_Rack",
        "Corp_Base",
        "Corp_Size"
      ])
    }).pipe(Effect.provide(target)))

  it.effect("loads the schema of an instance and leaves out a class that does not exist", () =>
    Effect.gen(function* () {
      const schema = yield* loadSchema(namespace, [
        Instance.make("Corp_Rack", { Id: "1", Size: Instance.make("Corp_Absent", {}) })
      ])
      const known = ["Corp_Rack", "Corp_Size", "Corp_Base", "Corp_Other", "Corp_Absent", "__EventFilter"]
        .filter((name) => schema.resolved(name) !== undefined)
      assert.deepStrictEqual(known, ["Corp_Rack", "Corp_Size", "Corp_Base", "__EventFilter"])
    }).pipe(Effect.provide(target)))

  it.effect("the copy for a dry run has the classes of default values", () =>
    Effect.gen(function* () {
      const position = { file: "a.mof", line: 1, column: 1 }
      const request = PutRequest.make(Instance.make("Corp_Rack", { Id: "1" }), { namespace })
      const { state } = yield* readCopy([{ _tag: "Put", position, request }], namespace)
      assert.deepStrictEqual(
        stored.filter(({ name }) => Snapshot.resolvedClass(state, namespace, name) !== undefined).map(({ name }) =>
          name
        ),
        ["Corp_Base", "Corp_Size", "Corp_Rack"]
      )
    }).pipe(Effect.provide(target)))
})
