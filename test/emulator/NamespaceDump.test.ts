/** Dumps: a dump reads back as the same state, and a broken dump fails with its line. */
import { readFileSync } from "node:fs"
import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { assert, describe } from "vitest"
import * as PutEngine from "../../src/engine/PutEngine.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as NamespaceDump from "../../src/emulator/NamespaceDump.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as Wmi from "../../src/Wmi.ts"
import * as any from "../arbitraries.ts"
import { setup } from "../../src/conformance/given.ts"
import type { JsonObject } from "../../src/conformance/vocabulary.ts"
import { scaled } from "../scale.ts"

const again = (snapshot: Snapshot.Snapshot): Snapshot.Snapshot =>
  Either.getOrThrow(NamespaceDump.parse(NamespaceDump.lines(snapshot)))

const sameState = (a: Snapshot.Snapshot, b: Snapshot.Snapshot): void => {
  assert.deepStrictEqual(Snapshot.entries(a), Snapshot.entries(b))
  assert.deepStrictEqual(Snapshot.namespaces(a), Snapshot.namespaces(b))
}

const rich = (): Snapshot.Snapshot =>
  Snapshot.withObjects(Snapshot.empty({ namespaces: ["root\\Deep\\Er", "root\\ünïcode"] }), "root\\Deep\\Er", [
    ClassDefinition.make("Demo_Disk", {
      Id: Property.key("string"),
      FreeSpace: Property.make("uint64", { value: 18446744073709551615n }),
      Load: Property.make("real64"),
      Names: Property.make("string[]"),
      Inside: Property.make("object:Demo_Disk"),
      Nothing: Property.make("string", { value: null })
    }, {
      qualifiers: { Description: "a \u2028 line, a lone \ud800 and a \0" },
      methods: { Go: Method.make("uint32", [{ name: "How", type: "string" }]) }
    }),
    Instance.make("Demo_Disk", {
      Id: "C:",
      FreeSpace: 0n,
      Load: -0,
      Names: Object.freeze(["a", "b"]),
      Inside: Instance.make("Demo_Disk", { FreeSpace: 1n, Inside: ClassDefinition.make("X", {}) })
    }, { qualifiers: [Qualifier.make("Mine", 1.5)], propertyQualifiers: { Load: [Qualifier.make("Units", "x")] } }),
    ClassDefinition.make("Demo_One", { N: Property.make("uint8") }, { qualifiers: { singleton: true } }),
    Instance.make("Demo_One", { N: 1 }),
    ClassDefinition.make("Demo_Pair", { A: Property.key("uint32"), B: Property.key("string") }),
    Instance.make("Demo_Pair", { A: 1, B: "x" }),
    ClassDefinition.make("Demo_Number", { Id: Property.key("uint32") }),
    Instance.make("Demo_Number", { Id: 7 })
  ])

describe("a dump", () => {
  it("of a state with every kind of value reads back as that state", () => {
    sameState(again(rich()), rich())
    sameState(again(Snapshot.empty()), Snapshot.empty())
  })

  it("of the state after generated puts reads back", () => {
    FastCheck.assert(
      FastCheck.property(any.requests(12), (list) => {
        let at = any.world()
        for (const put of any.validated(list)) {
          const decided = PutEngine.decide(at, put)
          if (Either.isRight(decided)) at = Snapshot.apply(at, decided.right.changes)
        }
        sameState(again(at), at)
      }),
      { numRuns: scaled(500) }
    )
  })

  it("of the initial state of every conformance case reads back", () => {
    const file = new URL("../conformance/put-cases.json", import.meta.url)
    const { cases } = JSON.parse(readFileSync(file, "utf8")) as { readonly cases: ReadonlyArray<JsonObject> }
    for (const one of cases) {
      const { snapshot } = setup(one["given"])
      sameState(again(snapshot), snapshot)
    }
    assert.isAbove(cases.length, 200)
  })

  it("is the same text for the same state, and omits a namespace that does not exist", () => {
    assert.deepStrictEqual([...NamespaceDump.lines(again(rich()))], [...NamespaceDump.lines(rich())])
    const gone = Either.getOrThrow(NamespaceDump.parse([
      '{"effect-wmi":"dump","version":1}',
      '{"namespace":"root","object":{"c":"__NAMESPACE","v":{"Name":"mine"}}}',
      '{"end":true,"objects":1}'
    ]))
    assert.deepStrictEqual(Snapshot.namespaces(gone), ["root", "root\\mine"])
    sameState(again(gone), gone)
  })
})

const head = '{"effect-wmi":"dump","version":2}'
const disk = `{"namespace":"root\\\\cimv2","object":{"c":"Demo_Disk","v":{"Id":"C:"}}}`
const object = (json: string): string => `{"namespace":"root","object":${json}}`

/** A class with a property of uint64, as a dump writes it. */
const numbered = [...NamespaceDump.lines(
  Snapshot.withObjects(Snapshot.empty(), "root", [
    ClassDefinition.make("A", { N: Property.make("uint64") }, { qualifiers: { Singleton: true } })
  ])
)].find((line) => line.includes('"A"'))!

const broken: ReadonlyArray<readonly [what: string, dump: ReadonlyArray<string>, line: number, reason: RegExp]> = [
  ["nothing", [], 1, /empty/],
  ["another file", ["hello"], 1, /no dump/],
  ["JSON of something else", ['{"object":1}'], 1, /no dump/],
  ["a newer version", ['{"effect-wmi":"dump","version":3}'], 1, /version 3, this library reads 2/],
  ["no version", ['{"effect-wmi":"dump"}'], 1, /no version/],
  ["cut short between lines", [head], 2, /too early/],
  ["cut short in a line", [head, disk.slice(0, 20)], 2, /no JSON/],
  ["a missing line", [head, '{"end":true,"objects":1}'], 2, /1 objects, and 0/],
  ["more after the end", [head, '{"end":true,"objects":0}', disk], 3, /follows the end/],
  ["no namespace", [head, '{"object":{"c":"A","v":{}}}'], 2, /namespace is missing/],
  ["no object", [head, '{"namespace":"root"}'], 2, /object is missing/],
  ["a namespace that does not exist", [head, disk], 2, /InvalidNamespace/],
  ["an instance of an unknown class", [head, object('{"c":"A","v":{}}')], 2, /InvalidClass/],
  ["an instance without a key", [head, object('{"c":"__NAMESPACE","v":{}}')], 2, /keys/],
  ["an unknown kind of object", [head, object('{"x":1}')], 2, /./],
  ["no tag", [head, object('{"o":{"name":"A"}}')], 2, /not an object/],
  ["half a class", [head, object('{"o":{"_tag":"Class","name":"A"}}')], 2, /qualifiers is not a list/],
  ["a value of an unknown kind", [head, object('{"c":"__NAMESPACE","v":{"Name":{"q":1}}}')], 2, /./],
  ["a value of another type", [head, object('{"c":"__NAMESPACE","v":{"Name":5}}')], 2, /keys|InvalidObject/],
  [
    "a property that the class has not",
    [head, object('{"c":"__NAMESPACE","v":{"Name":"a","Size":1}}')],
    2,
    /no property Size/
  ],
  [
    "a number out of range",
    [head, numbered, object('{"c":"A","v":{"N":{"n":"-42"}}}')],
    3,
    /property N: -42 is no uint64/
  ],
  ["a text that is not a number", [head, object('{"c":"__NAMESPACE","v":{"Name":{"n":"x"}}}')], 2, /./],
  [
    "an unknown type",
    [
      head,
      object(
        '{"o":{"_tag":"Class","name":"A","qualifiers":[],"methods":[],"properties":[{"o":{"name":"P","type":"word","isArray":false,"qualifiers":[]}}]}}'
      )
    ],
    2,
    /properties\[0\]\.type is not a type/
  ],
  [
    "an unknown member",
    [
      head,
      object('{"o":{"_tag":"Class","name":"A","qualifiers":[],"methods":[],"properties":[],"spell":1}}')
    ],
    2,
    /spell is nothing/
  ]
]

describe("a broken dump fails with the line and the reason", () => {
  for (const [what, dump, line, reason] of broken) {
    it(what, () => {
      const read = NamespaceDump.parse(dump)
      assert(Either.isLeft(read))
      assert.strictEqual(read.left.line, line)
      assert.match(read.left.reason, reason)
      assert.include(read.left.message, `line ${line} of the dump: `)
    })
  }
})

const state = Effect.map(Wmi.snapshot, Snapshot.entries)

describe("save and load", () => {
  it.effect("from memory into a SQLite file and back, in pieces of any size", () =>
    Effect.gen(function* () {
      const text = yield* Effect.provide(
        Effect.map(Stream.runCollect(NamespaceDump.save), (pieces) => [...pieces].join("")),
        Wmi.layerMemoryFrom(rich())
      )
      const pieces = Stream.fromIterable(text.match(/[\s\S]{1,7}/g)!)
      const stored = yield* Effect.gen(function* () {
        yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Gone", { Id: Property.key("string") })))
        yield* NamespaceDump.load(pieces)
        const back = yield* Stream.runCollect(NamespaceDump.save)
        return [yield* state, [...back].join("")] as const
      }).pipe(Effect.provide(Wmi.layer(Sqlite.layer({ filename: ":memory:" }))))
      assert.deepStrictEqual(stored, [Snapshot.entries(rich()), text])
    }))

  it.effect("loading a broken dump changes nothing", () =>
    Effect.gen(function* () {
      const before = yield* state
      const error = yield* Effect.flip(NamespaceDump.load(Stream.make(`${head}\n`, `${disk.slice(0, 30)}`)))
      assert.strictEqual(error._tag, "DumpError")
      assert.deepStrictEqual(yield* state, before)
    }).pipe(Effect.provide(Wmi.layerMemoryFrom(rich()))))
})

describe("fork and reset", () => {
  const Service = PutRequest.make(ClassDefinition.make("Demo_Service", { Name: Property.key("string") }))

  it.effect("puts in a fork and puts in the original do not affect each other", () =>
    Effect.gen(function* () {
      const before = yield* state
      const there = yield* Wmi.fork
      const after = yield* Effect.provide(
        Effect.zipRight(PutAsync.put(Service), state),
        there
      )
      assert.deepStrictEqual(yield* state, before)
      assert.strictEqual(after.length, before.length + 1)
      yield* Wmi.delete("Demo_Number", { namespace: "root\\deep\\er" })
      assert.deepStrictEqual(yield* Effect.provide(state, there), before)
    }).pipe(Effect.provide(Wmi.layerMemoryFrom(rich()))))

  it.effect("a reset removes all user objects", () =>
    Effect.gen(function* () {
      yield* Wmi.reset
      assert.deepStrictEqual(yield* state, Snapshot.entries(Snapshot.empty()))
    }).pipe(Effect.provide(Wmi.layerMemoryFrom(rich()))))
})
