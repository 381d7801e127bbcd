/**
 * The promises of a `NamespaceStore`, as programs, to test a store with any test framework:
 * `for (const { name, program } of StoreContract.cases) it.effect(name, () => Effect.provide(program, myStore))`.
 *
 * Each case replaces the whole state of the store, so run them over a store without data of value. The cases of `shared` run
 * over two stores with one database, like two processes.
 *
 * @since 0.1.0
 * @module
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { Decision } from "../engine/Decision.ts"
import * as DeleteEngine from "../engine/DeleteEngine.ts"
import * as ReadSet from "../engine/ReadSet.ts"
import * as PutEngine from "../engine/PutEngine.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as ClassDefinition from "../model/ClassDefinition.ts"
import * as Instance from "../model/Instance.ts"
import * as Property from "../model/Property.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import * as PathText from "../protocol/PathText.ts"
import type * as PutRequest from "../protocol/PutRequest.ts"
import { isWbemError, type WbemError } from "../protocol/WbemError.ts"
import { NamespaceStore, type Step } from "../emulator/NamespaceStore.ts"
import { call, type Case, holds, same, valid } from "./promise.ts"

export type { Case } from "./promise.ts"

/**
 * A promise that holds between two stores over one database.
 *
 * @since 0.1.0
 * @category models
 */
export interface SharedCase {
  /** The promise as one line of text, for the title of a test. */
  readonly name: string
  /** Fails or dies if the two stores break the promise. */
  readonly program: (here: NamespaceStore, there: NamespaceStore) => Effect.Effect<void, WbemError>
}

const namespace = Snapshot.defaultNamespace
const schema = ReadSet.schema(namespace)

const Disk = ClassDefinition.make("Demo_Disk", {
  Id: Property.key("string"),
  Size: Property.make("uint64"),
  Label: Property.make("string")
})
const Fast = ClassDefinition.make("Demo_FastDisk", { Speed: Property.make("uint32") }, { superclass: "Demo_Disk" })
const Slot = ClassDefinition.make("Demo_Slot", { Number: Property.key("uint32"), Note: Property.make("string") })

const disk = (id: string, size?: bigint): Instance.Instance =>
  Instance.make("Demo_Disk", size === undefined ? { Id: id } : { Id: id, Size: size })

const start: ReadonlyArray<WbemObject> = [Disk, Fast, Slot]
const world = (...more: ReadonlyArray<WbemObject>): Snapshot.Snapshot => Snapshot.of(...start, ...more)

const nothing = (): void => {}

/** A put as a repository makes it. The result is its disposition or status. */
const put = (
  store: NamespaceStore,
  object: WbemObject,
  options?: PutRequest.Options,
  committed: (ended: string) => void = nothing
): Effect.Effect<string, WbemError> => {
  const validated = valid(object, options)
  return store.modify(
    () => ReadSet.of(validated.put),
    (snapshot): Step<string> => {
      const decided = PutEngine.decide(snapshot, validated)
      return Either.isLeft(decided)
        ? { result: decided.left.status, changes: [] }
        : { result: decided.right.report.disposition, changes: decided.right.changes }
    },
    committed
  )
}

/** Several puts in one step. The result is the disposition or status of each. */
const batch = (
  store: NamespaceStore,
  puts: ReadonlyArray<readonly [object: WbemObject, options?: PutRequest.Options]>
): Effect.Effect<ReadonlyArray<string>, WbemError> => {
  const validated = puts.map(([object, options], i) => valid(object, options, i))
  return store.modify(
    () => ReadSet.union(validated.map(({ put }) => ReadSet.of(put))),
    (snapshot) => {
      const { changes, decisions, snapshot: after } = PutEngine.decideAll(snapshot, validated)
      const ended = (decided: Decision | WbemError): string =>
        isWbemError(decided) ? decided.status : decided.report.disposition
      return { result: decisions.map(ended), changes, after }
    },
    nothing
  )
}

const remove = (store: NamespaceStore, path: string, from: string = namespace): Effect.Effect<string, WbemError> => {
  const request = { path: Either.getOrThrow(PathText.parse(path)), namespace: from, flags: 0, call }
  return store.modify(
    () => ReadSet.ofPath(from, request.path),
    (snapshot): Step<string> => {
      const decided = DeleteEngine.decide(snapshot, request)
      return Either.isLeft(decided)
        ? { result: decided.left.status, changes: [] }
        : { result: "Deleted", changes: decided.right.changes }
    },
    nothing
  )
}

/** Runs a query that reads more than its read set. */
const query = <A>(store: NamespaceStore, read: (snapshot: Snapshot.Snapshot) => A): Effect.Effect<A, WbemError> =>
  store.read(() => schema, read)

const sizes = (snapshot: Snapshot.Snapshot, className = "Demo_Disk", of: string = namespace) =>
  Snapshot.stored(snapshot, of, className, { deep: true })
    .map(({ instance }) => [instance.values["Id"], instance.values["Size"]] as const)
    .sort(([a], [b]) => String(a) < String(b) ? -1 : 1)

const hasClass = (name: string, of: string = namespace) => (snapshot: Snapshot.Snapshot): boolean =>
  Option.isSome(Snapshot.getClass(snapshot, of, name))

const sameState = (what: string, store: NamespaceStore, expected: Snapshot.Snapshot) =>
  Effect.flatMap(store.snapshot, (found) =>
    Effect.zipRight(
      same(`${what}: the namespaces`, Snapshot.namespaces(found), Snapshot.namespaces(expected)),
      same(what, Snapshot.entries(found), Snapshot.entries(expected))
    ))

/** Runs a step between two puts, of A: and of C:, which have to succeed. The result is how the step ended. */
const betweenPuts = (store: NamespaceStore, step: Effect.Effect<unknown, WbemError>) =>
  Effect.gen(function* () {
    const [before, ended, after] = yield* Effect.all(
      [Effect.exit(put(store, disk("A:"))), Effect.exit(step), Effect.exit(put(store, disk("C:")))],
      { concurrency: "unbounded" }
    )
    yield* same("the puts around it succeed", [before, after].map(Exit.isSuccess), [true, true])
    return ended
  })

const ids = (store: NamespaceStore) => query(store, (snapshot) => sizes(snapshot).map(([id]) => id))

const child = (name: string): Instance.Instance => Instance.make("__NAMESPACE", { Name: name })

/** Increments the size of a disk, read and written in one step. */
const increment = (store: NamespaceStore, id: string): Effect.Effect<void, WbemError> =>
  store.modify(
    () => ReadSet.of(valid(disk(id)).put),
    (snapshot) => {
      const found = Snapshot.row(snapshot, namespace, "demo_disk", id.toLowerCase())
      const size = found?.values["Size"]
      const decided = PutEngine.decide(snapshot, valid(disk(id, (typeof size === "bigint" ? size : 0n) + 1n)))
      return { result: undefined, changes: Either.getOrThrow(decided).changes }
    },
    nothing
  )

/** Texts that a database may confuse with others, or refuse. */
const awkward: ReadonlyArray<string> = [
  "",
  " ",
  "'",
  '"',
  "\\",
  "%_",
  "$1",
  "?",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\udc00x",
  "\u{1f600}",
  "\ufeff",
  "\u00e9",
  "e\u0301",
  "\u0130",
  "null",
  "[1]",
  "\r\n\u0001",
  "x".repeat(3000)
]

/** Those that can be identities, each once. */
const identities = (): ReadonlyArray<string> =>
  [...new Set(awkward.map((text) => text.toLowerCase()))]
    .filter((id) => Either.isRight(PutEngine.decide(world(), valid(disk(id)))))

const fill = (count: number): ReadonlyArray<string> => Array.from({ length: count }, (_, i) => `disk-${i}`)

const on = (
  name: string,
  program: (store: NamespaceStore) => Effect.Effect<void, WbemError>,
  from: () => Snapshot.Snapshot = world
): Case<NamespaceStore> => ({
  name,
  program: Effect.flatMap(NamespaceStore, (store) => Effect.zipRight(store.restore(from()), program(store)))
})

/**
 * The promises of every store.
 *
 * @since 0.1.0
 * @category contracts
 */
export const cases: ReadonlyArray<Case<NamespaceStore>> = [
  on("restore, then snapshot: the same state", (store) => sameState("after a restore", store, world()), world),

  on("a state with every kind of object is restored unchanged", (store) => {
    const state = Snapshot.withObjects(
      Snapshot.empty({ namespaces: ["root\\Demo\\Deep", "root\\other"] }),
      "root\\demo\\deep",
      [
        ClassDefinition.make("Demo_All", {
          Id: Property.key("string"),
          Big: Property.make("sint64", { value: -9223372036854775808n }),
          Real: Property.make("real64"),
          Text: Property.make("string", { qualifiers: { Description: "what it says" } }),
          Flags: Property.make("boolean[]"),
          When: Property.make("datetime"),
          Inner: Property.make("object:Demo_All")
        }, { qualifiers: { Description: "everything" } }),
        Instance.make("Demo_All", { Id: "nulls", Big: null, Text: null, Flags: null }),
        Instance.make("Demo_All", {
          Id: "values",
          Big: 9223372036854775807n,
          Real: -0,
          Flags: [true, false],
          Text: ""
        }),
        Instance.make("Demo_All", { Id: "inner", Inner: Instance.make("Demo_All", { Id: "in", Real: 1e300 }) }),
        ...identities().map((id) => Instance.make("Demo_All", { Id: id, Text: id }))
      ]
    )
    return Effect.zipRight(store.restore(state), sameState("a state with everything", store, state))
  }),

  on(
    "a snapshot is a value: later puts do not change it, and it can be restored",
    (store) =>
      Effect.gen(function* () {
        const before = yield* store.snapshot
        yield* put(store, disk("C:", 1n))
        yield* put(store, child("Demo"), { namespace: "root" })
        yield* put(store, Disk, { namespace: "root\\Demo" })
        yield* same("the older snapshot", sizes(before), [["D:", 5n]])
        yield* store.restore(before)
        yield* sameState("back at it", store, world(disk("D:", 5n)))
        yield* same("put again", yield* put(store, disk("C:", 1n)), "Created")
        yield* same("the namespace, put again", yield* put(store, child("Demo"), { namespace: "root" }), "Created")
        yield* same(
          "is empty",
          yield* store.read(() => ReadSet.schema("root\\Demo"), hasClass("Demo_Disk", "root\\Demo")),
          false
        )
      }),
    () => world(disk("D:", 5n))
  ),

  on("decide gets the rows of its read set", (store) =>
    Effect.gen(function* () {
      yield* same("a new one", yield* put(store, disk("C:", 1n)), "Created")
      yield* same("the same again", yield* put(store, disk("C:", 1n)), "Unchanged")
      yield* same("another value", yield* put(store, disk("C:", 2n)), "Updated")
      yield* same("created again", yield* put(store, disk("c:", 2n), { mode: "CreateOnly" }), "AlreadyExists")
      yield* same("updated only", yield* put(store, disk("X:"), { mode: "UpdateOnly" }), "NotFound")
    })),

  on("decide gets rows beyond its read set", (store) =>
    Effect.flatMap(
      store.modify(
        () => ReadSet.none,
        (snapshot) => ({
          result: [
            hasClass("Demo_Disk")(snapshot),
            Snapshot.row(snapshot, namespace, "demo_disk", "c:")?.values["Size"],
            Snapshot.row(snapshot, namespace, "demo_disk", "x:") === undefined,
            Snapshot.count(snapshot, namespace, "Demo_Disk"),
            Snapshot.count(snapshot, namespace, "Demo_FastDisk"),
            sizes(snapshot),
            Snapshot.descendants(snapshot, namespace, "Demo_Disk").map(({ name }) => name)
          ],
          changes: []
        }),
        nothing
      ),
      (seen) => same("what was seen", seen, [true, 1n, true, 1, 1, [["C:", 1n], ["F:", 2n]], ["Demo_FastDisk"]])
    ), () => world(disk("C:", 1n), Instance.make("Demo_FastDisk", { Id: "F:", Size: 2n }))),

  on("a read gets rows beyond its read set, and every earlier write", (store) =>
    Effect.gen(function* () {
      for (const id of ["A:", "B:", "C:"]) yield* put(store, disk(id, 1n))
      yield* put(store, Instance.make("Demo_FastDisk", { Id: "B:", Size: 7n }))
      yield* remove(store, 'Demo_Disk.Id="C:"')
      yield* same("after all of it", yield* query(store, sizes), [["A:", 1n], ["B:", 7n]])
      yield* same(
        "another namespace",
        yield* query(store, (snapshot) => Snapshot.namespaceName(snapshot, "ROOT\\DEFAULT")),
        "root\\default"
      )
    })),

  on("an instance that is put again with a subclass stays one object", (store) =>
    Effect.gen(function* () {
      yield* put(store, disk("C:", 1n))
      yield* put(store, Instance.make("Demo_FastDisk", { Id: "C:", Size: 3n }))
      const counted = (snapshot: Snapshot.Snapshot) => [
        Snapshot.count(snapshot, namespace, "Demo_Disk"),
        Snapshot.count(snapshot, namespace, "Demo_FastDisk")
      ]
      yield* same("how many of each", yield* query(store, counted), [0, 1])
    })),

  on("a decide that changes nothing stores nothing", (store) =>
    Effect.gen(function* () {
      yield* same("refused", yield* put(store, Instance.make("Demo_Nothing", { Id: 1 })), "InvalidClass")
      yield* sameState("after it", store, world())
    })),

  on("the puts of a batch see each other; refused puts do not affect the others", (store) =>
    Effect.gen(function* () {
      const ended = yield* batch(store, [
        [disk("C:", 1n)],
        [disk("C:", 1n), { mode: "CreateOnly" }],
        [Instance.make("Demo_New", { Id: 1 })],
        [ClassDefinition.make("Demo_New", { Id: Property.key("uint32") })],
        [Instance.make("Demo_New", { Id: 1 })],
        [disk("C:", 2n)],
        [disk("D:"), { mode: "UpdateOnly" }]
      ])
      yield* same("how each ended", ended, [
        "Created",
        "AlreadyExists",
        "InvalidClass",
        "Created",
        "Created",
        "Updated",
        "NotFound"
      ])
      yield* same("what is stored", yield* query(store, sizes), [["C:", 2n]])
    })),

  on("a batch that creates, fills, deletes and creates a namespace again", (store) =>
    Effect.gen(function* () {
      const inside = { namespace: "root\\Demo" }
      yield* same(
        "how each ended",
        yield* batch(store, [[child("Demo"), { namespace: "root" }], [Disk, inside], [disk("C:", 1n), inside]]),
        ["Created", "Created", "Created"]
      )
      yield* same(
        "what is in it",
        yield* store.read(() => ReadSet.schema("root\\Demo"), (at) => sizes(at, "Demo_Disk", "root\\Demo")),
        [["C:", 1n]]
      )
      yield* same("deleted", yield* remove(store, '__NAMESPACE.Name="demo"', "root"), "Deleted")
      yield* sameState("after the delete", store, world())
      yield* same("made again", yield* put(store, child("DEMO"), { namespace: "root" }), "Created")
      yield* same(
        "the class",
        yield* store.read(() => ReadSet.schema("root\\demo"), hasClass("Demo_Disk", "root\\demo")),
        false
      )
      yield* same("as spelled now", (yield* store.namespaces).filter((name) => /demo/i.test(name)), ["root\\DEMO"])
    })),

  on("a namespace keeps its spelling when a put spells it differently", (store) =>
    Effect.gen(function* () {
      yield* put(store, child("Demo"), { namespace: "root" })
      yield* put(store, child("DEMO"), { namespace: "ROOT" })
      yield* put(store, child("Deep"), { namespace: "ROOT\\DEMO" })
      yield* same("the names", (yield* store.namespaces).filter((name) => /demo/i.test(name)), [
        "root\\Demo",
        "root\\Demo\\Deep"
      ])
    })),

  on(
    "namespaces: parents come before children, and a delete includes the namespaces below",
    (store) =>
      Effect.gen(function* () {
        for (const [name, above] of [["b", "root"], ["a", "root\\b"], ["z", "root\\b\\a"], ["B2", "root"]] as const) {
          yield* put(store, child(name), { namespace: above })
        }
        yield* same(
          "every namespace",
          yield* store.namespaces,
          [
            "root",
            "root\\b",
            "root\\b\\a",
            "root\\b\\a\\z",
            "root\\B2",
            "root\\cimv2",
            "root\\default"
          ].sort((x, y) => x.toLowerCase() < y.toLowerCase() ? -1 : 1)
        )
        yield* put(store, Disk, { namespace: "root\\b\\a\\z" })
        yield* put(store, disk("C:"), { namespace: "root\\b\\a\\z" })
        yield* remove(store, '__NAMESPACE.Name="b"', "root")
        yield* same("the remaining", yield* store.namespaces, ["root", "root\\B2", "root\\cimv2", "root\\default"])
        yield* same(
          "puts into a deleted namespace",
          yield* batch(store, [[disk("C:"), { namespace: "root\\b\\a\\z" }], [Disk, { namespace: "root\\b\\a\\z" }]]),
          ["InvalidNamespace", "InvalidNamespace"]
        )
        for (const [name, above] of [["b", "root"], ["a", "root\\b"], ["z", "root\\b\\a"]] as const) {
          yield* put(store, child(name), { namespace: above })
        }
        yield* same(
          "the class of the deleted namespace",
          yield* store.read(
            () => ReadSet.schema("root\\b\\a\\z"),
            hasClass("Demo_Disk", "root\\b\\a\\z")
          ),
          false
        )
        yield* put(store, Disk, { namespace: "root\\b\\a\\z" })
        yield* same(
          "the instance of the deleted namespace",
          yield* put(store, disk("C:"), { namespace: "root\\b\\a\\z" }),
          "Created"
        )
      })
  ),

  on("identities that a database may confuse stay distinct", (store) =>
    Effect.gen(function* () {
      const ids = identities()
      yield* holds("most of them are identities", ids.length > awkward.length / 2)
      for (const id of ids) yield* same(`${JSON.stringify(id)} is new`, yield* put(store, disk(id)), "Created")
      for (const id of ids) yield* same(`${JSON.stringify(id)} is there`, yield* put(store, disk(id)), "Unchanged")
      yield* same("how many", (yield* query(store, sizes)).length, ids.length)
      yield* put(store, Instance.make("Demo_Slot", { Number: 1, Note: "a number" }))
      yield* put(store, disk("1"))
      yield* same(
        "the number",
        yield* put(store, Instance.make("Demo_Slot", { Number: 1, Note: "a number" })),
        "Unchanged"
      )
    })),

  on(
    "keys of every length that a path can have are identities (`object-model` 14)",
    (store) =>
      Effect.gen(function* () {
        const last = (length: number, of: string): ReadonlyArray<string> =>
          ["a", "b"].map((end) => of.repeat(length - 1) + end)
        // A relative path has at most 8,192 characters; the text of `Demo_Disk.Id=""` takes 15 of them.
        const ids = [300, 900, 1000, 2700, 8177].flatMap((length) => [...last(length, "\u4e2d"), ...last(length, "x")])
        for (const id of ids) yield* same(`${id.length} is new`, yield* put(store, disk(id, 1n)), "Created")
        for (const id of ids) {
          yield* same(`${id.length} is there`, yield* put(store, disk(id.toUpperCase(), 2n)), "Updated")
        }
        for (const id of ids) {
          yield* same(`${id.length} again`, yield* put(store, disk(id), { mode: "CreateOnly" }), "AlreadyExists")
        }
        const seen = (yield* query(store, sizes)).map(([id, size]) => [String(id).length, size])
        yield* same(
          "what is stored",
          [...seen].sort(([a], [b]) => Number(a) - Number(b)),
          ids.map((id) => [id.length, 2n])
        )
        const before = yield* store.snapshot
        yield* store.restore(before)
        yield* sameState("after a restore", store, before)
        yield* same(
          "in one batch",
          yield* batch(store, ids.map((id) => [disk(id, 3n)] as const)),
          ids.map(() => "Updated")
        )
        for (const id of ids) {
          yield* same("deleted", yield* remove(store, `Demo_Disk.Id="${id}"`), "Deleted")
        }
        yield* same(
          "a batch of new ones",
          yield* batch(store, ids.map((id) => [disk(id)] as const)),
          ids.map(() => "Created")
        )
        yield* same("how many", (yield* query(store, sizes)).length, ids.length)
      })
  ),

  on("namespaces and system objects with long names", (store) =>
    Effect.gen(function* () {
      const long = "N" + "\u4e2d".repeat(254)
      let above = "root"
      for (const name of [long, `${long.slice(0, -1)}a`, `${long.slice(0, -1)}b`, "inner"]) {
        yield* same("a namespace", yield* put(store, child(name), { namespace: above }), "Created")
        above = `${above}\\${name}`
      }
      const inside = { namespace: above }
      yield* same("a class", yield* put(store, Disk, inside), "Created")
      yield* same("an instance", yield* put(store, disk("C:", 1n), inside), "Created")
      yield* same("there", yield* put(store, disk("C:", 1n), inside), "Unchanged")
      yield* same("two", yield* batch(store, [[disk("A:", 1n), inside], [disk("C:", 2n), inside]]), [
        "Created",
        "Updated"
      ])
      const filter = Instance.make("__EventFilter", { Name: "\u4e2d".repeat(3000), Query: "select * from A" })
      yield* same("a filter", yield* put(store, filter, inside), "Created")
      yield* same("a filter again", yield* put(store, filter, inside), "Unchanged")
      const counted = (at: Snapshot.Snapshot) => Snapshot.count(at, above, "Demo_Disk")
      yield* same("how many", yield* store.read(() => ReadSet.schema(above), counted), 2)
      yield* sameState("after a restore", store, yield* Effect.tap(store.snapshot, (at) => store.restore(at)))
      yield* same("deleted", yield* remove(store, `__NAMESPACE.Name="${long}"`, "root"), "Deleted")
      yield* same("gone", yield* put(store, disk("C:", 1n), inside), "InvalidNamespace")
    })),

  on(
    "names that no store can hold are refused by the rules, without effect on other puts",
    (store) =>
      Effect.gen(function* () {
        const strange = ["Demo_\u0000", "Demo_\ud800", "Demo_'", "Demo_\\", 'Demo_"', ""]
        const ended = yield* Effect.all([
          put(store, disk("before")),
          ...strange.map((name) => put(store, Instance.make(name, { Id: "C:" }))),
          ...strange.map((name) => put(store, ClassDefinition.make(name, { Id: Property.key("string") }))),
          ...strange.map((name) => put(store, ClassDefinition.make("Demo_Sub", {}, { superclass: name || "\u0000" }))),
          ...strange.map((name) => put(store, disk("C:"), { namespace: `root\\${name}` })),
          ...strange.map((name) => put(store, disk("C:"), { namespace: name })),
          ...strange.map((name) => remove(store, 'Demo_Disk.Id="C:"', `root\\${name}`)),
          put(store, disk("after"))
        ], { concurrency: "unbounded" })
        yield* same("the first", ended[0], "Created")
        yield* same("the last", ended.at(-1), "Created")
        yield* holds("none was stored", ended.slice(1, -1).every((one) => one !== "Created" && one !== "Deleted"))
        yield* same("what is stored", yield* ids(store), ["after", "before"])
      })
  ),

  on(
    "writes of one process are applied in the order in which they were begun (PA-32)",
    (store) =>
      Effect.gen(function* () {
        const ended = yield* Effect.all(
          Array.from({ length: 40 }, (_, i) => put(store, disk("C:", BigInt(i)))),
          { concurrency: "unbounded" }
        )
        yield* same("how each ended", ended, ["Created", ...Array.from({ length: 39 }, () => "Updated")])
        yield* same("the last one", yield* query(store, sizes), [["C:", 39n]])
      })
  ),

  on("a store that has created only new objects still finds existing ones", (store) =>
    Effect.gen(function* () {
      yield* batch(store, fill(200).map((id) => [disk(id, 1n)] as const))
      const ended = yield* Effect.all([
        put(store, disk("new", 1n)),
        put(store, Instance.make("Demo_FastDisk", { Id: "new", Speed: 1 })),
        put(store, disk("disk-7", 2n), { mode: "UpdateOnly" })
      ], { concurrency: "unbounded" })
      yield* same("how each ended", ended, ["Created", "Created", "Updated"])
      yield* batch(store, fill(400).slice(200).map((id) => [disk(id, 1n)] as const))
      yield* same(
        "and an existing one",
        yield* put(store, disk("disk-8", 1n), { mode: "CreateOnly" }),
        "AlreadyExists"
      )
      yield* same("and another", yield* put(store, disk("disk-9", 1n)), "Unchanged")
    })),

  on("puts of classes and instances that wait together keep their order", (store) =>
    Effect.gen(function* () {
      const New = ClassDefinition.make("Demo_New", { Id: Property.key("string"), Size: Property.make("uint64") })
      const ended = yield* Effect.all([
        put(store, Instance.make("Demo_New", { Id: "1" })),
        put(store, New),
        put(store, Instance.make("Demo_New", { Id: "1" })),
        put(store, disk("C:")),
        remove(store, "Demo_New"),
        put(store, Instance.make("Demo_New", { Id: "1" })),
        put(store, New),
        put(store, Instance.make("Demo_New", { Id: "1" }), { mode: "CreateOnly" })
      ], { concurrency: "unbounded" })
      yield* same("how each ended", ended, [
        "InvalidClass",
        "Created",
        "Created",
        "Created",
        "Deleted",
        "InvalidClass",
        "Created",
        "Created"
      ])
    })),

  on("committed is called once for each success, in commit order", (store) =>
    Effect.gen(function* () {
      const committed: Array<string> = []
      yield* Effect.all(
        fill(30).map((id, i) =>
          Effect.exit(
            i % 7 === 3
              ? store.modify(() => schema, (): Step<string> => {
                throw new Error("the step dies")
              }, () => void committed.push("dead"))
              : put(store, disk(id), undefined, () => void committed.push(id))
          )
        ),
        { concurrency: "unbounded" }
      )
      yield* same("the committed puts", committed, fill(30).filter((_, i) => i % 7 !== 3))
    })),

  on("committed comes after the commit", (store) =>
    Effect.gen(function* () {
      let when = "never"
      const ended = yield* put(store, disk("C:", 1n), undefined, () => {
        when = "committed"
      })
      yield* same("committed before the result", [when, ended], ["committed", "Created"])
    })),

  on("a decide that throws stores nothing and does not affect other steps", (store) =>
    Effect.gen(function* () {
      const dies = store.modify(() => schema, (): Step<string> => {
        throw new Error("the step dies")
      }, nothing)
      const ended = yield* betweenPuts(store, dies)
      yield* holds("it is a defect", Exit.isFailure(ended) && Cause.isDie(ended.cause))
      yield* same("what is stored", yield* ids(store), ["A:", "C:"])
      yield* same("and the store goes on", yield* put(store, disk("B:")), "Created")
    })),

  on("a read set that throws does not affect other steps", (store) =>
    Effect.gen(function* () {
      const dies = store.modify((): ReadSet.ReadSet => {
        throw new Error("the step dies")
      }, (): Step<string> => {
        throw new Error("a store that does not evaluate its read set comes here")
      }, nothing)
      yield* holds("it fails", Exit.isFailure(yield* betweenPuts(store, dies)))
    })),

  on(
    "a committed callback that throws undoes nothing and does not affect other steps",
    (store) =>
      Effect.gen(function* () {
        const listened = put(store, disk("B:"), undefined, () => {
          throw new Error("a listener dies")
        })
        yield* betweenPuts(store, listened)
        yield* same("what is stored", yield* ids(store), ["A:", "B:", "C:"])
      })
  ),

  on("a query that throws is a defect of its read alone", (store) =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(query(store, () => {
        throw new Error("the step dies")
      }))
      yield* holds("it is a defect", Exit.isFailure(exit) && Cause.isDie(exit.cause))
      yield* same("and the store goes on", yield* put(store, disk("C:")), "Created")
    })),

  on("a value that is read and written in one step is not lost", (store) =>
    Effect.gen(function* () {
      yield* Effect.all(fill(60).map(() => increment(store, "C:")), { concurrency: "unbounded" })
      yield* same("how often", yield* query(store, sizes), [["C:", 60n]])
    })),

  on("an update of a class sees every instance that was put before it", (store) =>
    Effect.gen(function* () {
      const Without = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), Size: Property.make("uint64") })
      const ended = yield* Effect.all([
        put(store, Without),
        put(store, Disk),
        put(store, Instance.make("Demo_FastDisk", { Id: "F:" })),
        put(store, Without),
        put(store, ClassDefinition.make("Demo_Disk", { Name: Property.key("string") }))
      ], { concurrency: "unbounded" })
      const alone = yield* Effect.sync(() => {
        let at = world()
        return [
          Without,
          Disk,
          Instance.make("Demo_FastDisk", { Id: "F:" }),
          Without,
          ClassDefinition.make("Demo_Disk", { Name: Property.key("string") })
        ].map((object) => {
          const decided = PutEngine.decide(at, valid(object))
          if (Either.isRight(decided)) at = Snapshot.apply(at, decided.right.changes)
          return Either.isRight(decided) ? decided.right.report.disposition : decided.left.status
        })
      })
      yield* same("how each ended", ended, alone)
    })),

  on("readCached returns the writes of this store, and read the current state", (store) =>
    Effect.gen(function* () {
      yield* put(store, ClassDefinition.make("Demo_New", { Id: Property.key("uint32") }))
      yield* same("a glance", yield* store.readCached(() => schema, hasClass("Demo_New")), true)
      yield* remove(store, "Demo_New")
      yield* same("a glance after the delete", yield* store.readCached(() => schema, hasClass("Demo_New")), false)
      yield* same("a read", yield* store.read(() => schema, hasClass("Demo_New")), false)
      const name = (snapshot: Snapshot.Snapshot) => Snapshot.namespaceName(snapshot, "root\\nowhere")
      yield* same(
        "a namespace that is not there",
        yield* store.readCached(() => ReadSet.schema("root\\nowhere"), name),
        undefined
      )
    }))
]

const together = <A>(effects: ReadonlyArray<Effect.Effect<A, WbemError>>): Effect.Effect<Array<A>, WbemError> =>
  Effect.all(effects, { concurrency: "unbounded" })

const between = (name: string, program: SharedCase["program"], from: () => Snapshot.Snapshot = world): SharedCase => ({
  name,
  // Both stores have read the schema before the case begins, so that their caches can be out of date.
  program: (here, there) =>
    here.restore(from()).pipe(
      Effect.zipRight(query(here, hasClass("Demo_Disk"))),
      Effect.zipRight(query(there, hasClass("Demo_Disk"))),
      Effect.zipRight(program(here, there))
    )
})

const rounds: ReadonlyArray<number> = Array.from({ length: 25 }, (_, i) => i)

/**
 * The promises of two stores over one database.
 *
 * @since 0.1.0
 * @category contracts
 */
export const shared: ReadonlyArray<SharedCase> = [
  between("each store sees the writes of the other", (here, there) =>
    Effect.gen(function* () {
      yield* same("created here", yield* put(here, disk("C:", 1n)), "Created")
      yield* same("there it is", yield* put(there, disk("C:", 1n)), "Unchanged")
      yield* same("updated there", yield* put(there, disk("C:", 2n)), "Updated")
      yield* same("created again here", yield* put(here, disk("C:"), { mode: "CreateOnly" }), "AlreadyExists")
      yield* same("deleted here", yield* remove(here, 'Demo_Disk.Id="C:"'), "Deleted")
      yield* same("updated only there", yield* put(there, disk("C:"), { mode: "UpdateOnly" }), "NotFound")
    })),

  between("an update of a class by one store holds for the other", (here, there) =>
    Effect.gen(function* () {
      const More = ClassDefinition.make("Demo_Slot", {
        Number: Property.key("uint32"),
        Note: Property.make("string"),
        More: Property.make("string")
      })
      for (const round of rounds.slice(0, 5)) {
        const [one, other] = round % 2 === 0 ? [here, there] : [there, here]
        yield* same("with the property", yield* put(one, More), "Updated")
        const full = Instance.make("Demo_Slot", { Number: round, More: "x" })
        yield* same("an instance with it", yield* put(other, full), "Created")
        yield* remove(other, `Demo_Slot.Number=${round}`)
        yield* same("without", yield* put(other, Slot), "Updated")
        yield* same("an instance with it now", yield* put(one, full), "InvalidProperty")
      }
    })),

  between(
    "a class that one store has just created exists for a CreateOnly put of the other",
    (here, there) =>
      Effect.gen(function* () {
        yield* put(here, ClassDefinition.make("Demo_New", { Id: Property.key("uint32") }))
        yield* same(
          "an instance of it",
          yield* put(there, Instance.make("Demo_New", { Id: 1 }), { mode: "CreateOnly" }),
          "Created"
        )
      })
  ),

  between(
    "a class that one store deletes and creates again is a new class for the other",
    (here, there) =>
      Effect.gen(function* () {
        const Other = ClassDefinition.make("Demo_Slot", { Name: Property.key("string") })
        yield* put(here, Instance.make("Demo_Slot", { Number: 1 }))
        yield* remove(here, "Demo_Slot")
        yield* put(here, Other)
        yield* same("by its old key", yield* put(there, Instance.make("Demo_Slot", { Number: 1 })), "InvalidProperty")
        yield* same("by its new key", yield* put(there, Instance.make("Demo_Slot", { Name: "one" })), "Created")
        yield* same("how many", yield* query(there, (at) => Snapshot.count(at, namespace, "Demo_Slot")), 1)
      })
  ),

  between(
    "a namespace that one store deletes and creates again is a new namespace for the other",
    (here, there) =>
      Effect.gen(function* () {
        const inside = { namespace: "root\\Demo\\Deep" }
        const make = (store: NamespaceStore) =>
          Effect.zipRight(
            put(store, child("Demo"), { namespace: "root" }),
            put(store, child("Deep"), { namespace: "root\\Demo" })
          )
        yield* make(here)
        yield* put(here, Disk, inside)
        yield* same("an instance there", yield* put(there, disk("C:"), inside), "Created")
        for (const [one, other] of [[here, there], [there, here], [here, here]] as const) {
          yield* remove(one, '__NAMESPACE.Name="Demo"', "root")
          yield* same("gone for the other", yield* put(other, disk("C:"), inside), "InvalidNamespace")
          yield* make(one)
          yield* same("a new one", yield* put(other, disk("C:"), inside), "InvalidClass")
          yield* same("a class in it", yield* put(one, Disk, inside), "Created")
          yield* same("an instance in it", yield* put(other, disk("C:"), inside), "Created")
        }
        yield* same("both know of it", yield* here.namespaces, yield* there.namespaces)
      })
  ),

  between("a restore by one store holds for the other", (here, there) =>
    Effect.gen(function* () {
      const moment = yield* there.snapshot
      yield* put(here, ClassDefinition.make("Demo_New", { Id: Property.key("uint32") }))
      yield* put(here, disk("C:"))
      yield* put(here, child("Demo"), { namespace: "root" })
      yield* same("known there", yield* put(there, Instance.make("Demo_New", { Id: 1 })), "Created")
      yield* here.restore(moment)
      yield* same("gone there", yield* put(there, Instance.make("Demo_New", { Id: 1 })), "InvalidClass")
      yield* same("the namespace", yield* put(there, Disk, { namespace: "root\\Demo" }), "InvalidNamespace")
      yield* same("and new again", yield* put(there, disk("C:")), "Created")
    })),

  between("values that both stores read and write are not lost", (here, there) =>
    Effect.gen(function* () {
      yield* together(fill(40).flatMap(() => [increment(here, "C:"), increment(there, "C:")]))
      yield* same("how often", yield* query(here, sizes), [["C:", 80n]])
    })),

  between(
    "of two stores that create one identity, one succeeds",
    (here, there) =>
      Effect.forEach(rounds, (round) =>
        Effect.flatMap(
          together([here, there].map((store) => put(store, disk(`disk-${round}`), { mode: "CreateOnly" }))),
          (ended) => same("how they ended", [...ended].sort(), ["AlreadyExists", "Created"])
        ), { discard: true })
  ),

  between(
    "of two stores that delete one object, one succeeds",
    (here, there) =>
      Effect.forEach(rounds, (round) =>
        put(here, disk(`disk-${round}`)).pipe(
          Effect.zipRight(together([here, there].map((store) => remove(store, `Demo_Disk.Id="disk-${round}"`)))),
          Effect.flatMap((ended) => same("how they ended", [...ended].sort(), ["Deleted", "NotFound"]))
        ), { discard: true })
  ),

  between(
    "two batches that each read what the other writes are serializable",
    (here, there) =>
      Effect.forEach(rounds, (round) => {
        const [a, b] = [disk(`a-${round}`), disk(`b-${round}`)]
        return Effect.flatMap(
          together([
            batch(here, [[a, { mode: "UpdateOnly" }], [b]]),
            batch(there, [[b, { mode: "UpdateOnly" }], [a]])
          ]),
          ([one, other]) =>
            holds(
              `one of the batches came second, ${JSON.stringify([one, other])}`,
              one![0] === "NotFound" ? other![0] !== "NotFound" : other![0] === "NotFound"
            )
        )
      }, { discard: true })
  ),

  between(
    "two batches that each find unchanged what the other changes are serializable",
    (here, there) =>
      Effect.forEach(rounds, (round) => {
        const [a, b] = [`a-${round}`, `b-${round}`]
        return Effect.flatMap(
          Effect.zipRight(
            batch(here, [[disk(a, 1n)], [disk(b, 1n)]]),
            together([
              batch(here, [[disk(a, 1n)], [disk(b, 2n)]]),
              batch(there, [[disk(b, 1n)], [disk(a, 2n)]])
            ])
          ),
          (ended) =>
            holds(
              `one of the batches came second, ${JSON.stringify(ended)}`,
              ended.some(([first]) => first === "Updated")
            )
        )
      }, { discard: true })
  ),

  between(
    "an instance is not stored in a class that the other store deletes or updates meanwhile",
    (here, there) =>
      Effect.forEach(rounds, (round) =>
        Effect.gen(function* () {
          const name = `Demo_Class${round}`
          const One = ClassDefinition.make(name, { Id: Property.key("uint32"), Note: Property.make("string") })
          yield* put(here, One)
          yield* query(there, hasClass(name))
          const [ended, removed] = yield* together([
            put(there, Instance.make(name, { Id: 1, Note: "x" })),
            remove(here, name)
          ])
          yield* same("the delete", removed, "Deleted")
          yield* holds("the put came before or after", ended === "Created" || ended === "InvalidClass")
          yield* same("the remaining", yield* here.read(() => schema, hasClass(name)), false)
          yield* put(here, One)
          yield* same("nothing came through", yield* query(there, (at) => Snapshot.count(at, namespace, name)), 0)
        }), { discard: true })
  ),

  between(
    "a class is not stored in a namespace that the other store deletes meanwhile",
    (here, there) =>
      Effect.forEach(rounds, (round) =>
        Effect.gen(function* () {
          const inside = { namespace: "root\\Demo" }
          yield* put(here, child("Demo"), { namespace: "root" })
          yield* there.read(() => ReadSet.schema("root\\Demo"), hasClass("Demo_Disk", "root\\Demo"))
          yield* together([
            put(there, ClassDefinition.make(`Demo_Class${round}`, { Id: Property.key("uint32") }), inside).pipe(
              Effect.zipRight(put(there, Instance.make(`Demo_Class${round}`, { Id: 1 }), inside))
            ),
            remove(here, '__NAMESPACE.Name="Demo"', "root")
          ])
          yield* same("it is gone", (yield* there.namespaces).includes("root\\Demo"), false)
          yield* put(here, child("Demo"), { namespace: "root" })
          yield* same(
            "nothing is in it",
            yield* there.read(
              () => ReadSet.schema("root\\Demo"),
              (at) => Snapshot.classes(at, "root\\Demo").length
            ),
            0
          )
          yield* sameState(
            "nor stored",
            here,
            Snapshot.withObjects(Snapshot.empty({ namespaces: ["root\\Demo"] }), namespace, start)
          )
          yield* remove(there, '__NAMESPACE.Name="Demo"', "root")
        }), { discard: true })
  ),

  between("a read sees a state that existed", (here, there) =>
    Effect.gen(function* () {
      yield* batch(here, [[disk("a", 0n)], [disk("b", 0n)]])
      yield* together([
        Effect.forEach(rounds, (round) =>
          Effect.asVoid(batch(here, [[disk("a", BigInt(round))], [disk("b", BigInt(round))]])), { discard: true }),
        Effect.forEach(rounds, () =>
          Effect.flatMap(query(there, sizes), (seen) =>
            same("both alike", seen[0]![1], seen[1]![1])), { discard: true })
      ])
    }))
]

/**
 * A promise of stores over a database that is set back to an earlier state while they have it open.
 *
 * @since 0.1.0
 * @category models
 */
export interface SetBackCase {
  /** The promise as one line of text, for the title of a test. */
  readonly name: string
  /**
   * `keep` saves the state of the database and returns the effect that sets the database back to it. The stores stay open
   * meanwhile.
   */
  readonly program: <E>(
    here: NamespaceStore,
    there: NamespaceStore,
    keep: Effect.Effect<Effect.Effect<void, E>, E>
  ) => Effect.Effect<void, E | WbemError>
}

const withMember = (...names: ReadonlyArray<string>): ClassDefinition.ClassDefinition =>
  ClassDefinition.make("Demo_Slot", {
    Number: Property.key("uint32"),
    ...Object.fromEntries(names.map((name) => [name, Property.make("string")]))
  })

const slot = (number: number, values: Readonly<Record<string, string>>): Instance.Instance =>
  Instance.make("Demo_Slot", { Number: number, ...values })

const membersOf = (store: NamespaceStore) =>
  query(store, (snapshot) =>
    Option.match(Snapshot.getClass(snapshot, namespace, "Demo_Slot"), {
      onNone: () => [],
      onSome: ({ properties }) => properties.map(({ name }) => name)
    }))

const afterSetBack = (
  name: string,
  program: SetBackCase["program"]
): SetBackCase => ({
  name,
  program: (here, there, keep) =>
    here.restore(world()).pipe(
      Effect.zipRight(query(here, hasClass("Demo_Disk"))),
      Effect.zipRight(query(there, hasClass("Demo_Disk"))),
      Effect.zipRight(program(here, there, keep))
    )
})

/**
 * The promises of stores over a database that is set back to an earlier state: by a restored backup, or by a standby that takes
 * over without the last commits.
 *
 * @since 0.1.0
 * @category contracts
 */
export const setBack: ReadonlyArray<SetBackCase> = [
  afterSetBack(
    "a class that got another update after the database was set back is that class for both stores",
    (here, there, keep) =>
      Effect.gen(function* () {
        const back = yield* keep
        yield* same("with W", yield* put(here, withMember("Note", "W")), "Updated")
        yield* back
        yield* same("with X", yield* put(there, withMember("Note", "X")), "Updated")
        yield* same("the class here", yield* membersOf(here), ["Number", "Note", "X"])
        yield* same("an instance with W", yield* put(here, slot(1, { W: "w" })), "InvalidProperty")
        yield* same("only to create", yield* put(here, slot(2, { W: "w" }), { mode: "CreateOnly" }), "InvalidProperty")
        yield* same("an instance with X", yield* put(here, slot(3, { X: "x" })), "Created")
        yield* same("there it is", yield* put(there, slot(3, { X: "x" })), "Unchanged")
      })
  ),

  afterSetBack(
    "a put that does not read first detects that the database was set back",
    (here, there, keep) =>
      Effect.gen(function* () {
        const back = yield* keep
        yield* put(here, withMember("Note", "W"))
        yield* batch(here, Array.from({ length: 100 }, (_, i) => [slot(i, { W: "w" })] as const))
        yield* back
        yield* put(there, withMember("Note", "X"))
        yield* same("the next one", yield* put(here, slot(200, { W: "w" })), "InvalidProperty")
        yield* same("how many", yield* query(here, (at) => Snapshot.count(at, namespace, "Demo_Slot")), 0)
      })
  ),

  afterSetBack(
    "a class that was created after the state set back does not exist",
    (here, there, keep) =>
      Effect.gen(function* () {
        const New = ClassDefinition.make("Demo_New", { Id: Property.key("uint32") })
        const back = yield* keep
        yield* put(here, New)
        yield* same("known there", yield* put(there, Instance.make("Demo_New", { Id: 1 })), "Created")
        yield* back
        yield* same("here", yield* put(here, Instance.make("Demo_New", { Id: 1 })), "InvalidClass")
        yield* same("there", yield* put(there, Instance.make("Demo_New", { Id: 1 })), "InvalidClass")
        yield* same("made again", yield* put(there, New), "Created")
        yield* same("here again", yield* put(here, Instance.make("Demo_New", { Id: 1 })), "Created")
      })
  ),

  afterSetBack(
    "namespaces that were created and deleted since are as they were",
    (here, there, keep) =>
      Effect.gen(function* () {
        const inside = { namespace: "root\\Demo" }
        yield* put(here, child("Demo"), { namespace: "root" })
        yield* put(here, Disk, inside)
        const back = yield* keep
        yield* remove(here, '__NAMESPACE.Name="Demo"', "root")
        yield* put(here, child("Other"), { namespace: "root" })
        yield* put(there, child("Demo"), { namespace: "root" })
        yield* back
        for (const store of [here, there]) {
          yield* same(
            "the namespace",
            yield* put(store, disk("C:", 1n), inside),
            store === here ? "Created" : "Unchanged"
          )
          yield* same("the other", yield* put(store, Disk, { namespace: "root\\Other" }), "InvalidNamespace")
        }
        yield* same("the names", yield* here.namespaces, yield* there.namespaces)
      })
  ),

  afterSetBack(
    "the same update made again after the database was set back is seen",
    (here, there, keep) =>
      Effect.gen(function* () {
        for (const round of rounds.slice(0, 4)) {
          const back = yield* keep
          const [one, other] = round % 2 === 0 ? [here, there] : [there, here]
          yield* put(one, withMember("Note", `P${round}`))
          yield* same("with it", yield* put(other, slot(round, { [`P${round}`]: "x" })), "Created")
          yield* back
          yield* same("without it", yield* put(other, slot(round, { [`P${round}`]: "x" })), "InvalidProperty")
          yield* same("without it here", yield* put(one, slot(round, { [`P${round}`]: "x" })), "InvalidProperty")
          yield* same("made again", yield* put(other, withMember("Note", `P${round}`)), "Updated")
          yield* same("with it again", yield* put(one, slot(round, { [`P${round}`]: "x" })), "Created")
          yield* remove(one, `Demo_Slot.Number=${round}`)
          yield* same("as it was", yield* put(one, Slot), "Updated")
        }
      })
  )
]
