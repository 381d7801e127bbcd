/** Partial updates (`instance-put` 6): both halves of each row, the outcome and what is stored. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"

const Disk = ClassDefinition.make("Disk", {
  Id: Property.key("string"),
  A: Property.make("string"),
  B: Property.make("string", { value: "default" }),
  Must: Property.make("uint8", { value: 9, qualifiers: { not_null: true } })
})
const Sub = ClassDefinition.make("Sub", {}, { superclass: "Disk" })
const stored = { Id: "a", A: "old", B: "old", Must: 1 }
const start = Snapshot.of(Disk, Sub, Instance.make("Disk", stored), Instance.make("Sub", { Id: "sub" }))

const EXT = { __PUT_EXTENSIONS: true }
const list = (...names: ReadonlyArray<string>) => ({ ...EXT, __PUT_EXT_PROPERTIES: names })
const disk = (values: Readonly<Record<string, Instance.Input>>): Instance.Instance =>
  Instance.make("Disk", { Id: "a", ...values })

interface Row {
  readonly rule: string
  readonly name: string
  readonly object: WbemObject
  readonly context: Readonly<Record<string, unknown>>
  /** Default: UpdateOnly. */
  readonly mode?: PutRequest.ChangeMode
  /**
   * The status, prefixed with `raised` when the call itself is refused; otherwise the changed values of the stored
   * instance.
   */
  readonly ends: string | Readonly<Record<string, unknown>>
}

const row = (
  rule: string,
  name: string,
  object: WbemObject,
  context: Readonly<Record<string, unknown>>,
  ends: Row["ends"],
  mode?: PutRequest.ChangeMode
): Row => ({ rule, name, object, context, ends, ...(mode === undefined ? {} : { mode }) })

const rows: ReadonlyArray<Row> = [
  row("IP-1", "CreateOrUpdate", disk({ A: "new" }), list("A"), "raised InvalidContext", "CreateOrUpdate"),
  row("IP-1", "CreateOnly", disk({ A: "new" }), list("A"), "raised InvalidContext", "CreateOnly"),
  row("IP-1", "UpdateOnly", disk({ A: "new" }), list("A"), { A: "new" }),
  row("IP-2", "nothing beside it", disk({ A: "new" }), EXT, "raised InvalidContext"),
  row(
    "IP-2",
    "CLIENT_REQUEST alone beside it",
    disk({}),
    { ...EXT, __PUT_EXT_CLIENT_REQUEST: true },
    "raised InvalidContext"
  ),
  row("IP-2", "STRICT_NULLS beside it", disk({ A: "new" }), { ...EXT, __PUT_EXT_STRICT_NULLS: true }, {
    A: "new",
    B: "default",
    Must: 9
  }),
  row("IP-2", "ATOMIC beside it", disk({ A: "new" }), { ...EXT, __PUT_EXT_ATOMIC: true }, {
    A: "new",
    B: "default",
    Must: 9
  }),
  row("IP-3", "PROPERTIES alone", disk({}), { __PUT_EXT_PROPERTIES: ["A"] }, "raised InvalidContext"),
  row("IP-3", "STRICT_NULLS alone", disk({}), { __PUT_EXT_STRICT_NULLS: false }, "raised InvalidContext"),
  row("IP-3", "ATOMIC alone", disk({}), { __PUT_EXT_ATOMIC: true }, "raised InvalidContext"),
  row("IP-3", "announced FALSE", disk({}), { ...list("A"), __PUT_EXTENSIONS: false }, "raised InvalidContext"),
  row("IP-4", "an empty list", disk({}), list(), "raised InvalidContext"),
  row("IP-4", "text", disk({}), { ...EXT, __PUT_EXT_PROPERTIES: "A" }, "raised InvalidContext"),
  row("IP-4", "numbers", disk({}), { ...EXT, __PUT_EXT_PROPERTIES: [1] }, "raised InvalidContext"),
  row("IP-5", "FALSE alone is a full update", disk({ A: "new" }), { __PUT_EXTENSIONS: false }, {
    A: "new",
    B: "default",
    Must: 9
  }),
  row("IP-5", "with CLIENT_REQUEST too", disk({ A: "new" }), { __PUT_EXT_CLIENT_REQUEST: true }, {
    A: "new",
    B: "default",
    Must: 9
  }),
  row("IP-6", "CLIENT_REQUEST may be there", disk({ A: "new" }), { ...list("A"), __PUT_EXT_CLIENT_REQUEST: true }, {
    A: "new"
  }),
  row("IP-7", "no list: a full update, what is unset returns to its default", disk({ B: "new" }), {
    ...EXT,
    __PUT_EXT_ATOMIC: false
  }, {
    A: null,
    B: "new",
    Must: 9
  }),
  row("IP-7", "and an explicit NULL is written", disk({ B: null }), { ...EXT, __PUT_EXT_STRICT_NULLS: false }, {
    A: null,
    B: null,
    Must: 9
  }),
  row("IP-7", "row 12 before row 14", Instance.make("Disk", { Id: "b", Must: null }), {
    ...EXT,
    __PUT_EXT_ATOMIC: true
  }, "IllegalNull"),
  row("IP-8", "a name that the class does not have", disk({ A: "new" }), list("A", "Nope"), "InvalidProperty"),
  row("IP-8", "an alien property that is not listed", disk({ A: "new", Nope: 1 }), list("A"), { A: "new" }),
  row("IP-8", "a value that does not fit and is not listed", disk({ A: "new", Must: "x" }), list("A"), { A: "new" }),
  row("IP-8", "one that is", disk({ Must: "x" }), list("Must"), "TypeMismatch"),
  row("IP-9", "a target that is not there", Instance.make("Disk", { Id: "b", A: "new" }), list("A"), "NotFound"),
  row("IP-9", "one of a class below", Instance.make("Disk", { Id: "sub", A: "new" }), list("A"), "NotFound"),
  row("IP-9", "one of a class above", Instance.make("Sub", { Id: "a", A: "new" }), list("A"), "NotFound"),
  row("IP-10", "listed without case, others stay", disk({ A: "new", B: "new" }), list("a"), { A: "new" }),
  row("IP-10", "a listed one that is unset brings the default", disk({}), list("B"), { B: "default" }),
  row("IP-11", "NULL leaves it as it is", disk({ A: null }), list("A"), {}),
  row("IP-11", "unset without a default counts as NULL", disk({}), list("A"), {}),
  row("IP-11", "NULL is meant", disk({ A: null }), { ...list("A"), __PUT_EXT_STRICT_NULLS: true }, { A: null }),
  row("IP-11", "unset and meant", disk({}), { ...list("A"), __PUT_EXT_STRICT_NULLS: true }, { A: null }),
  row("IP-11", "STRICT_NULLS FALSE", disk({ A: null }), { ...list("A"), __PUT_EXT_STRICT_NULLS: false }, {}),
  row(
    "IP-12",
    "the result is looked at",
    disk({ Must: null }),
    { ...list("Must"), __PUT_EXT_STRICT_NULLS: true },
    "IllegalNull"
  ),
  row(
    "IP-12",
    "and all of it or nothing is written",
    disk({ A: "new", Must: 256 }),
    list("A", "Must"),
    "ValueOutOfRange"
  ),
  row("IP-13", "names without case, the family too", disk({ A: "new" }), {
    __put_extensions: true,
    __Put_Ext_Properties: ["A"]
  }, {
    A: "new"
  }),
  row("IP-15", "a class put ignores the context values of partial updates", Disk, { __PUT_EXT_PROPERTIES: 7 }, {})
]

describe("a partial update", () => {
  for (const { context, ends, mode = "UpdateOnly", name, object, rule } of rows) {
    it.effect(`${rule}, ${name}: ${typeof ends === "string" ? ends : JSON.stringify(ends)}`, () =>
      Effect.gen(function* () {
        const events: Array<string> = []
        const sink = PutSink.make((event) => Effect.sync(() => void events.push(event._tag)))
        const request = PutRequest.make(object, { mode, context: context as never })
        const answer = yield* Effect.either(PutAsync.withSink(sink)(PutAsync.put(request)))
        if (typeof ends === "string") {
          const raised = events.length === 0 ? "raised " : ""
          assert.strictEqual(Either.isLeft(answer) ? `${raised}${answer.left.status}` : "it was stored", ends)
          assert.deepStrictEqual(Snapshot.entries(yield* Wmi.snapshot), Snapshot.entries(start))
          return
        }
        assert.isTrue(Either.isRight(answer))
        const after = yield* Wmi.get('Disk.Id="a"')
        assert.deepStrictEqual(after._tag === "Instance" && { ...after.values }, { ...stored, ...ends })
      }).pipe(Effect.provide(Wmi.layerMemoryFrom(start))))
  }

  for (const id of ["b", "sub"]) {
    it.effect(`row 11: the error names the missing target, ${id}`, () =>
      Effect.gen(function* () {
        const request = PutRequest.make(disk({ Id: id, A: "new" }), { mode: "UpdateOnly", context: list("A") })
        const error = yield* Effect.flip(PutAsync.put(request))
        assert.strictEqual(error.status === "NotFound" && ObjectPath.relPath(error.path), `Disk.Id="${id}"`)
      }).pipe(Effect.provide(Wmi.layerMemoryFrom(start))))
  }
})
