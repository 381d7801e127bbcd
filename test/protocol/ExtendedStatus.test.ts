/**
 * The error object of a failed call (`errors` 5): a row for every status with which a put can fail. The list at the end has the statuses
 * that the table of `errors` 4 marks R or C.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import { classWith } from "../../src/model/effectValue.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import * as Rights from "../../src/model/Rights.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as FlagDecoder from "../../src/pipeline/FlagDecoder.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutValidator from "../../src/pipeline/PutValidator.ts"
import { Repository } from "../../src/pipeline/Repository.ts"
import * as ExtendedStatus from "../../src/protocol/ExtendedStatus.ts"
import * as HResult from "../../src/protocol/HResult.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { Completed } from "../../src/protocol/SinkEvent.ts"
import * as StatusError from "../../src/protocol/StatusError.ts"
import * as WbemError from "../../src/protocol/WbemError.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import * as InstanceProvider from "../../src/emulator/providers/InstanceProvider.ts"
import * as MemoryStore from "../../src/emulator/MemoryStore.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Wmi from "../../src/Wmi.ts"

const cls = ClassDefinition.make
const { key, make: property } = Property
const fixed = { flavor: Qualifier.Flavor.ToInstance | Qualifier.Flavor.ToSubclass | Qualifier.Flavor.DisableOverride }
const long = "x".repeat(256)

const Disk = cls("Demo_Disk", {
  Id: key("string"),
  N: property("uint8"),
  Must: property("uint8", { value: 1, qualifiers: { not_null: true } })
}, { qualifiers: { Fixed: { value: "a", ...fixed }, Loose: { value: "a" } } })
const Sub = cls("Demo_Sub", { S: property("string") }, { superclass: "Demo_Disk" })
const Solo = cls("Demo_Solo", { N: property("uint8") }, { methods: { M: Method.make("void") } })
const SoloSub = cls("Demo_SoloSub", { K: property("uint8") }, { superclass: "Demo_Solo" })
const Root = cls("Demo_Root", {}, { qualifiers: { abstract: true } })
const RootKey = cls("Demo_RootKey", { Id: key("uint8") }, { superclass: "Demo_Root" })
const RootIndex = cls("Demo_RootIndex", { Id: property("uint8", { qualifiers: { indexed: true } }) }, {
  superclass: "Demo_Root"
})
const Served = cls("Demo_Served", { Id: key("string") }, { qualifiers: { dynamic: true, provider: "Demo" } })
const Nested = cls("Demo_Nested", { Id: key("string"), Inner: property("object") })
const there = Instance.make("Demo_Disk", { Id: "there" })
const start = Snapshot.of(Disk, Sub, Solo, SoloSub, Root, RootKey, RootIndex, Served, Nested, there)

const served = Instance.make("Demo_Served", { Id: "s" })
const disk = (values: Readonly<Record<string, Instance.Input>>): Instance.Instance =>
  Instance.make("Demo_Disk", { Id: "new", ...values })
const withParameters = (...list: ReadonlyArray<Method.ParameterInput>): ClassDefinition.ClassDefinition =>
  cls("Demo_New", {}, { methods: { M: Method.make("void", list) } })
/** A class with a parameter without `id`, which `Method.make` does not make. */
const withoutId: ClassDefinition.ClassDefinition = classWith(withParameters(), {
  methods: withParameters({ name: "a", type: "string" }).methods.map((method) => ({
    ...method,
    parameters: method.parameters.map((parameter) => ({ ...parameter, id: undefined }))
  }))
})
const nested = (depth: number): Instance.Instance =>
  Instance.make("Demo_Nested", depth === 0 ? { Id: "n" } : { Id: "n", Inner: nested(depth - 1) })

interface Row {
  readonly object: WbemObject
  readonly options?: PutRequest.Options
  /** `ParameterInfo`, when it is not the name of the class that is put. */
  readonly about?: string
  /** Whether the put fails at its start, before the sink is used. */
  readonly raised?: boolean
  readonly provider?: string
  readonly in?: Layer.Layer<PutAsync.Stages>
  readonly as?: Partial<PutRequest.Caller>
  readonly locale?: string
  /** Whether the sink cancels the put while it waits. */
  readonly cancelled?: boolean
}

const world = Wmi.layerMemoryFrom(start)

const numberOf = (status: string): number => HResult.table.find((row) => row.status === status)!.hresult

/** A store whose transactions fail. */
const storeFails = (status: HResult.Status): Layer.Layer<PutAsync.Stages> =>
  Wmi.layer(Layer.provide(
    EmulatedRepository.layer,
    Layer.succeed(NamespaceStore, {
      ...MemoryStore.make(start),
      // The statuses of the cases are statuses of a store.
      modify: () => Effect.fail(StatusError.fromHResult(numberOf(status)) as WbemError.StoreError)
    })
  ))

/** A provider with this put. */
const answers = (put: InstanceProvider.InstanceProvider["put"] | undefined): Layer.Layer<PutAsync.Stages> =>
  Layer.provide(world, InstanceProvider.layer({ Demo: put === undefined ? {} : { put } }))

const refuses = (status: HResult.Status): Row => ({
  object: served,
  about: 'Demo_Served.Id="s"',
  // WMI names itself for the error of a provider too (`errors` 5.1).
  in: answers(() => Effect.fail(StatusError.fromHResult(numberOf(status))))
})

/** The stages of the world, with one stage replaced. */
const replaced = <I, S>(tag: Context.Tag<I, S>, by: (stage: S) => S): Layer.Layer<PutAsync.Stages> =>
  Layer.map(world, (context) => {
    // The tag is that of one of the four stages, so the context has its service.
    const whole = context as unknown as Context.Context<I>
    return Context.add(context, tag, by(Context.get(whole, tag))) as Context.Context<PutAsync.Stages>
  })

const rows: Readonly<Partial<Record<HResult.Status, ReadonlyArray<Row>>>> = {
  Failed: [{
    object: disk({}),
    about: 'Demo_Disk.Id="new"',
    in: replaced(Repository, (inner) => ({ ...inner, put: () => Effect.fail(new WbemError.Failed({})) }))
  }],
  NotFound: [
    { object: disk({}), options: { mode: "UpdateOnly" }, about: 'Demo_Disk.Id="new"' },
    { object: cls("Demo_New", {}), options: { mode: "UpdateOnly" } },
    { object: cls("Demo_New", {}, { superclass: "Demo_Nobody" }) }
  ],
  AccessDenied: [
    { object: there, as: { rights: 0 }, raised: true, about: 'Demo_Disk.Id="there"' },
    { object: Disk, as: { rights: 0 }, raised: true },
    { object: there, as: { rights: Rights.of("Enable") }, about: 'Demo_Disk.Id="there"' },
    { object: Disk, as: { rights: Rights.of("Enable") } }
  ],
  ProviderFailure: [{
    object: served,
    about: 'Demo_Served.Id="s"',
    in: answers(() => {
      throw new Error("bang")
    })
  }],
  TypeMismatch: [{ object: disk({ N: "x" }), about: 'Demo_Disk.Id="new"' }],
  OutOfMemory: [{ object: disk({}), about: 'Demo_Disk.Id="new"', in: storeFails("OutOfMemory") }],
  InvalidContext: [{
    object: disk({}),
    about: "Demo_Disk",
    options: { context: { __PUT_EXT_ATOMIC: true } },
    raised: true
  }],
  InvalidParameter: [
    { object: disk({}), about: "Demo_Disk", options: { flags: 3 }, raised: true },
    { object: cls("Demo New", {}) }
  ],
  NotSupported: [refuses("NotSupported")],
  InvalidSuperclass: [{ object: cls("Demo_New", {}, { superclass: "Demo_Served" }) }],
  InvalidNamespace: [{ object: disk({}), about: "Demo_Disk", options: { namespace: "root\\nowhere" }, raised: true }],
  InvalidObject: [{ object: cls("Demo_", {}) }, { object: disk({ Id: "a\u0001" }), about: 'Demo_Disk.Id="a\u0001"' }],
  InvalidClass: [{ object: Instance.make("Demo_Nobody", {}), about: "Demo_Nobody" }],
  ProviderNotFound: [{ object: served, about: 'Demo_Served.Id="s"' }],
  ProviderLoadFailure: [{
    object: served,
    about: 'Demo_Served.Id="s"',
    in: Layer.provide(world, InstanceProvider.layer({ Demo: Effect.fail("no such file") }))
  }],
  TransportFailure: [
    {
      object: disk({}),
      about: "Demo_Disk",
      raised: true,
      in: Wmi.layer(Layer.provide(
        EmulatedRepository.layer,
        Layer.succeed(NamespaceStore, {
          ...MemoryStore.make(start),
          readCached: () => Effect.fail(new WbemError.ConnectionFailed({}))
        })
      ))
    },
    { object: disk({}), about: 'Demo_Disk.Id="new"', in: storeFails("TransportFailure") }
  ],
  InvalidOperation: [{ object: cls("__Demo", {}) }],
  AlreadyExists: [
    { object: there, options: { mode: "CreateOnly" }, about: 'Demo_Disk.Id="there"' },
    { object: Disk, options: { mode: "CreateOnly" } }
  ],
  OverrideNotAllowed: [{
    object: Instance.make("Demo_Disk", { Id: "new" }, { qualifiers: { Fixed: "b" } }),
    about: 'Demo_Disk.Id="new"'
  }],
  CannotBeKey: [{ object: cls("Demo_New", { K: key("real32") }) }],
  IncompleteClass: [{ object: cls("", {}) }],
  ProviderNotCapable: [{ object: served, about: 'Demo_Served.Id="s"', in: answers(undefined) }],
  ClassHasChildren: [{ object: cls("Demo_Solo", { N: property("uint16") }) }],
  ClassHasInstances: [{ object: cls("Demo_Disk", { Id: key("string") }), options: { update: "Safe" } }],
  IllegalNull: [{ object: disk({ Must: null }), about: 'Demo_Disk.Id="new"' }],
  InvalidQualifierType: [{ object: cls("Demo_New", {}, { qualifiers: { Q: [1, "a"] as never } }) }],
  ValueOutOfRange: [{ object: disk({ N: 256 }), about: 'Demo_Disk.Id="new"' }],
  CannotBeSingleton: [{ object: cls("Demo_New", { K: key("string") }, { qualifiers: { singleton: true } }) }],
  InvalidCimType: [{ object: cls("Demo_New", { K: property("uint7") }) }],
  InvalidProperty: [{ object: disk({ Nope: 1 }), about: 'Demo_Disk.Id="new"' }],
  CallCancelled: [
    { object: disk({}), about: 'Demo_Disk.Id="new"', cancelled: true },
    { object: Disk, cancelled: true }
  ],
  ShuttingDown: [{
    object: disk({}),
    about: "Demo_Disk",
    raised: true,
    in: replaced(Repository, (inner) => ({ ...inner, admit: () => Effect.fail(new WbemError.ShuttingDown({})) }))
  }],
  UnsupportedParameter: [refuses("UnsupportedParameter")],
  MissingParameter: [{ object: withoutId }],
  InvalidParameterId: [{ object: withParameters({ name: "a", type: "string", id: -1 }) }],
  NonConsecutiveParameterIds: [{ object: withParameters({ name: "a", type: "string", id: 1 }) }],
  ParameterIdOnRetval: [{
    object: cls("Demo_New", {}, { methods: { M: Method.make("uint32", [], { qualifiers: { ID: 0 } }) } })
  }],
  OutOfDiskSpace: [{ object: disk({}), about: 'Demo_Disk.Id="new"', in: storeFails("OutOfDiskSpace") }],
  UnsupportedPutExtension: [refuses("UnsupportedPutExtension")],
  InvalidQualifier: [{ object: cls("Demo_New", {}, { qualifiers: { key: true } }) }],
  InvalidDuplicateParameter: [{
    object: withParameters({ name: "p", type: "string" }, { name: "p", type: "string", direction: "out" })
  }],
  CircularReference: [{ object: cls("Demo_New", {}, { superclass: "Demo_New" }) }],
  CannotChangeKeyInheritance: [{
    object: cls("Demo_Root", { Id: key("uint8") }, { qualifiers: { abstract: true } }),
    options: { update: "Safe" }
  }],
  CannotChangeIndexInheritance: [{
    object: cls("Demo_Root", { Id: property("uint8", { qualifiers: { indexed: true } }) }, {
      qualifiers: { abstract: true }
    }),
    options: { update: "Safe" }
  }],
  TooManyProperties: [{
    object: cls("Demo_New", Object.fromEntries(Array.from({ length: 1025 }, (_, i) => [`P${i}`, property("uint8")])))
  }],
  UpdateTypeMismatch: [{ object: cls("Demo_New", { N: property("string") }, { superclass: "Demo_Disk" }) }],
  UpdateOverrideNotAllowed: [{
    object: cls("Demo_New", {}, { superclass: "Demo_Disk", qualifiers: { Fixed: "b" } })
  }],
  UpdatePropagatedMethod: [{
    object: cls("Demo_New", {}, { superclass: "Demo_Solo", methods: { M: Method.make("uint32") } })
  }],
  PrivilegeNotHeld: [refuses("PrivilegeNotHeld")],
  CannotBeAbstract: [{ object: cls("Demo_New", {}, { superclass: "Demo_Disk", qualifiers: { abstract: true } }) }],
  AmendedObject: [{ object: classWith(Disk, { amended: true }) }],
  QuotaViolation: [
    {
      object: disk({ Id: "y".repeat(9000) }),
      about: `Demo_Disk.Id="${"y".repeat(9000)}"`,
      raised: true
    },
    { object: nested(65), about: 'Demo_Nested.Id="n"' },
    { object: cls("D".repeat(4097), {}) }
  ],
  TransactionConflict: [{ object: disk({}), about: 'Demo_Disk.Id="new"', in: storeFails("TransactionConflict") }],
  ForcedRollback: [{ object: disk({}), about: 'Demo_Disk.Id="new"', in: storeFails("ForcedRollback") }],
  ConnectionFailed: [{ object: disk({}), about: 'Demo_Disk.Id="new"', in: storeFails("ConnectionFailed") }],
  PropertyNameTooWide: [{ object: cls("Demo_New", { [long]: property("string") }) }],
  MethodNameTooWide: [{ object: cls("Demo_New", {}, { methods: { [long]: Method.make("void") } }) }],
  QualifierNameTooWide: [{ object: cls("Demo_New", {}, { qualifiers: { [long]: true } }) }],
  VetoPut: [refuses("VetoPut")],
  ProviderSuspended: [refuses("ProviderSuspended")],
  ProviderTimedOut: [refuses("ProviderTimedOut")],
  NoKey: [{ object: Instance.make("Demo_Solo", {}), about: "Demo_Solo" }],
  InvalidLocale: [{
    object: cls("Demo_New", {}, { qualifiers: { Text: { value: "a", flavor: Qualifier.Flavor.Amended } } }),
    options: { amended: true },
    locale: "no locale"
  }],
  UnsupportedLocale: [{
    object: cls("Demo_New", {}, { qualifiers: { Text: { value: "a", flavor: Qualifier.Flavor.Amended } } }),
    options: { amended: true },
    locale: "xx-XX"
  }]
}

/** Puts, and returns the error with the error object of the sink, or, if the sink received no event, with the one made from the error. */
const refused = (row: Row) =>
  Effect.scoped(Effect.gen(function* () {
    const completed: Array<Completed> = []
    const sink = PutSink.callback({ onCompleted: (event) => completed.push(event) })
    const put = PutAsync.withSink(sink)(PutAsync.put(PutRequest.make(row.object, row.options)))
    const asked = yield* Effect.fork(Effect.flip(put))
    if (row.cancelled === true) {
      yield* Effect.yieldNow()
      yield* PutAsync.cancel(sink)
    }
    const error = yield* Fiber.join(asked)
    return { error, completed }
  })).pipe(
    Effect.provideService(CallContext.Caller, { name: "somebody", remote: false, rights: Rights.all, ...row.as }),
    Effect.provideService(CallContext.Locale, row.locale ?? "ms_409"),
    Effect.provide(
      row.in
        ?? (row.cancelled === true
          ? Layer.mergeAll(world, FlagDecoder.layer, PutValidator.layerWith({ checks: [() => Effect.never] }))
          : world)
    )
  )

describe("the error object of a refused put", () => {
  for (const [status, list] of Object.entries(rows)) {
    for (const [i, row] of list.entries()) {
      it.effect(`${status} ${i + 1}, ${row.object._tag}${row.raised === true ? ", raised" : ""}`, () =>
        Effect.gen(function* () {
          const { error, completed } = yield* refused(row)
          assert.strictEqual(error.status, status)
          assert.lengthOf(completed, row.raised === true ? 0 : 1)
          const object = row.raised === true ? ExtendedStatus.ofPut(row.object, error) : completed[0]!.errorObject!
          assert.strictEqual(object.className, "__ExtendedStatus")
          assert.deepStrictEqual(
            { ...object.values },
            {
              StatusCode: numberOf(status),
              Description: object.values["Description"]!,
              Operation: row.object._tag === "Class" ? "PutClass" : "PutInstance",
              ParameterInfo: row.about ?? (row.object._tag === "Class" ? row.object.name : row.object.className),
              ProviderName: row.provider ?? "WinMgmt"
            }
          )
          assert.include(String(object.values["Description"]), status)
          if (row.raised !== true) assert.strictEqual(completed[0]!.hresult, object.values["StatusCode"])
        }))
    }
  }

  it("every status of `errors` 4 that the library produces on a put has a row", () => {
    const produced = (
      "Failed NotFound AccessDenied ProviderFailure TypeMismatch OutOfMemory InvalidContext InvalidParameter NotSupported "
      + "InvalidSuperclass InvalidNamespace InvalidObject InvalidClass ProviderNotFound ProviderLoadFailure TransportFailure "
      + "InvalidOperation AlreadyExists OverrideNotAllowed CannotBeKey IncompleteClass ProviderNotCapable ClassHasChildren "
      + "ClassHasInstances IllegalNull InvalidQualifierType ValueOutOfRange CannotBeSingleton InvalidCimType InvalidProperty "
      + "CallCancelled ShuttingDown UnsupportedParameter MissingParameter InvalidParameterId NonConsecutiveParameterIds "
      + "ParameterIdOnRetval OutOfDiskSpace UnsupportedPutExtension InvalidQualifier InvalidDuplicateParameter CircularReference "
      + "CannotChangeKeyInheritance CannotChangeIndexInheritance TooManyProperties UpdateTypeMismatch "
      + "UpdateOverrideNotAllowed UpdatePropagatedMethod PrivilegeNotHeld CannotBeAbstract AmendedObject QuotaViolation "
      + "TransactionConflict ForcedRollback ConnectionFailed PropertyNameTooWide MethodNameTooWide QualifierNameTooWide VetoPut "
      + "ProviderSuspended ProviderTimedOut NoKey"
    ).split(" ")
    // And two statuses of `qualifiers` 7.1: the table calls them "host only", the text of that page has puts that fail with them.
    assert.sameMembers(Object.keys(rows), [...produced, "InvalidLocale", "UnsupportedLocale"])
  })
})

describe("the error object of other failed calls", () => {
  const path = 'Demo_Served.Id="s"'
  const at = (text: string): ObjectPath.ObjectPath => Either.getOrThrow(ObjectPath.parse(text))
  const deletes: ReadonlyArray<readonly [path: string, status: string, operation: string]> = [
    ["Demo_Nobody", "NotFound", "DeleteClass"],
    ["__NAMESPACE", "InvalidOperation", "DeleteClass"],
    ['Demo_Disk.Id="nobody"', "NotFound", "DeleteInstance"],
    ["Demo_Nobody=1", "InvalidClass", "DeleteInstance"]
  ]
  for (const [target, status, operation] of deletes) {
    it.effect(`${target}: ${operation}, ${status}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(Wmi.delete(target))
        assert.strictEqual(error.status, status)
        const { values } = ExtendedStatus.ofDelete(at(target), error)
        assert.deepStrictEqual([values["Operation"], values["ParameterInfo"], values["ProviderName"]], [
          operation,
          target,
          "WinMgmt"
        ])
        assert.strictEqual(values["StatusCode"], error.hresult)
      }).pipe(Effect.provide(world)))
  }

  it.effect("a get that fails, and a delete that its provider refuses with an error object", () =>
    Effect.gen(function* () {
      const missing = ExtendedStatus.ofGet(at("Demo_Nobody"), yield* Effect.flip(Wmi.get("Demo_Nobody")))
      assert.deepStrictEqual([missing.values["Operation"], missing.values["ParameterInfo"]], [
        "GetObject",
        "Demo_Nobody"
      ])
      const { values, className } = ExtendedStatus.ofDelete(at(path), yield* Effect.flip(Wmi.delete(path)))
      assert.deepStrictEqual({ ...values, className }, {
        className: "Demo_Status",
        StatusCode: 7,
        Description: "locked",
        Owner: "somebody",
        Operation: "DeleteInstance",
        ParameterInfo: path,
        ProviderName: "WinMgmt"
      })
    }).pipe(
      Effect.provide(Layer.provide(
        world,
        InstanceProvider.layer({
          Demo: {
            delete: () =>
              Effect.fail(
                WbemError.of("VetoDelete", {
                  extended: Instance.make("Demo_Status", { StatusCode: 7, Description: "locked", Owner: "somebody" })
                })
              )
          }
        })
      ))
    ))
})
