/** The runner: it fails every case that it does not understand, and supports fields that no public case uses. */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { runCasePromise } from "../../src/conformance/cases.ts"
import { memory } from "../../src/conformance/caseRepository.ts"
import { report } from "../../src/conformance/report.ts"
import { type Json, type JsonObject, parseJson } from "../../src/conformance/vocabulary.ts"

const disk = {
  name: "Disk",
  properties: [{ name: "Id", type: "uint32", qualifiers: { key: true } }, { name: "Label", type: "string" }]
}
const instance = (props: JsonObject): JsonObject => ({ kind: "instance", class: "Disk", props })
const done: JsonObject = { returns: "accepted", hresult: "0x00000000" }
const raised: JsonObject = { returns: "raised", events: [], hresult: "0x80041008" }

interface Parts {
  readonly given?: JsonObject
  readonly when?: JsonObject
  readonly then?: JsonObject
  readonly more?: JsonObject
}

/** A case that puts one disk and passes, with parts replaced. */
const put = ({ given = {}, more = {}, then = {}, when = {} }: Parts = {}): JsonObject => ({
  id: "a",
  title: "a put of one disk",
  given: { classes: [disk], ...given },
  when: { object: instance({ Id: 1, Label: "one" }), flags: 0, ...when },
  then: { ...done, ...then },
  ...more
})

const step = (verb: string, fields: JsonObject): JsonObject => ({ do: verb, ...fields })
const call = (n: number, fields: JsonObject = {}): JsonObject =>
  step("putAsync", { call: n, object: instance({ Id: n }), flags: 0, ...fields })
const steps = (then: JsonObject, ...list: ReadonlyArray<JsonObject>): JsonObject =>
  put({ more: { when: { steps: list }, then } })
const held = { holdAt: "beforeTransaction" }
const cancel = step("cancel", { sink: "sink1" })
const drain = step("drain", {})

/** A class with one key and a property. */
const wide = (type: string): JsonObject => ({
  classes: [{ name: "Disk", properties: [disk.properties[0]!, { name: "Label", type }] }]
})

const stored = (props: JsonObject): JsonObject => ({ repository: { instances: [{ class: "Disk", props }] } })

const dynamic = {
  classes: [{ ...disk, qualifiers: { dynamic: true, provider: "P" } }],
  providers: [{ name: "P", supportsPut: true }]
}

const path = (fields: JsonObject): JsonObject => ({
  id: "p",
  op: "parse",
  input: "C",
  expect: { class: "C" },
  ...fields
})
const sheet = {
  kind: "class",
  name: "Sheet",
  qualifiers: { Owner: { value: "x", flavors: ["ToSubClass", "DisableOverride"] } },
  properties: [{ name: "Cells", type: "uint8", array: true }, { name: "Next", type: "reference:Sheet" }]
}
const putSheet = (fact: JsonObject): Json =>
  put({ when: { object: sheet }, then: { repository: { class: { Sheet: fact } } } })
/** A class whose method has defaults for two of its parameters. */
const putRegistry = (fact: JsonObject, defaults: JsonObject = { hive: 2147483650, text: "x" }): Json =>
  put({
    when: {
      object: {
        kind: "class",
        name: "Registry",
        methods: [{ name: "Go", signature: "void ([in] uint32 hive, [in] string text, [out] string wört)", defaults }]
      }
    },
    then: { repository: { class: { Registry: fact } } }
  })
const typed = (type: string, status: string): Json =>
  put({
    when: { object: { ...sheet, properties: [{ name: "A", type }], methods: [{ name: "Go", signature: "void ()" }] } },
    then: { hresult: status }
  })
const signed = (signature: string, status: string): Json =>
  put({ when: { object: { ...sheet, methods: [{ name: "Go", signature }] } }, then: { hresult: status } })
const unknownType = "0x8004102D"

const passing: ReadonlyArray<readonly [string, Json]> = [
  ...["ref", "ref:Sheet", "string[]", "object:", "String"].map((type): readonly [string, Json] => [
    `${type}, which is no type of the vocabulary`,
    typed(type, unknownType)
  ]),
  ["a return type that is none of the vocabulary", signed("String ()", unknownType)],
  ["string[] in a signature", signed("void ([in] string[] a)", unknownType)],
  ["types of a signature", signed("uint32 ([in] reference:Sheet a, [out] object b)", "0x00000000")],
  ["the type of an array, without the array marker", putSheet({ effectiveType: { Cells: "uint8" } })],
  ["the type of a reference", putSheet({ effectiveType: { Next: "reference:Sheet" } })],
  ["a qualifier's value in the long form", putSheet({ qualifiers: { owner: { value: "x" } } })],
  ["flavors of a qualifier", putSheet({ effectiveQualifiers: { Owner: sheet.qualifiers.Owner } })],
  [
    "a provider that is called",
    put({
      given: dynamic,
      when: { context: { A: 1, __PUT_EXT_CLIENT_REQUEST: true }, flags: 0x90 },
      then: {
        providerCallOrder: ["P"],
        providerSaw: [{ provider: "P", context: { A: 1 }, flags: 0x80 }],
        providerCompleted: true,
        repository: { unchanged: true }
      }
    })
  ],
  ...[null, {}].map((context): readonly [string, Json] => [
    `no context, written ${JSON.stringify(context)}`,
    put({ given: dynamic, then: { providerSaw: [{ provider: "P", context }] } })
  ]),
  [
    "a success code without zeros in front",
    put({
      given: { ...dynamic, providers: [{ name: "P", supportsPut: true, returns: "0x1" }] },
      then: { hresult: "0x00000001" }
    })
  ],
  [
    "single-precision numbers in decimal form",
    put({
      given: {
        classes: [{
          name: "Disk",
          properties: [disk.properties[0]!, { name: "R", type: "real32", array: true }, {
            name: "In",
            type: "object:Disk"
          }]
        }]
      },
      when: { object: instance({ Id: 1, In: { class: "Disk", props: { R: [0.1, 2] } } }) },
      then: {
        ...stored({ In: { class: "Disk", props: { R: [0.1, 2] } } }),
        published: [{
          class: "__InstanceCreationEvent",
          target: "Disk.Id=1",
          current: { In: { class: "Disk", props: { R: [0.1, 2] } } }
        }]
      }
    })
  ],
  [
    "the code of a path as a decimal",
    path({ input: "=", expect: { error: "wbemErrInvalidObjectPath", code: "2147749946" } })
  ],
  [
    "parts with slashes as separators",
    {
      id: "p",
      op: "format",
      parts: { namespace: "root/a", class: "C", keys: [] },
      expect: { path: "\\\\.\\root\\a:C" }
    }
  ],
  [
    "the privileges of a display name, in their order",
    path({
      op: "displayName",
      input: "winmgmts:{(Debug,!Shutdown)}!root\\cimv2",
      expect: { privileges: [["Debug", true], ["Shutdown", false]] }
    })
  ],
  [
    "some fields of the keys of a path",
    path({ input: "C.A=1", expect: { keys: [{ name: "A", type: "integer" }] } })
  ],
  [
    "a null class: an instance without a class",
    put({ when: { object: { kind: "instance", class: null, props: {} } }, then: { hresult: "0x8004100F" } })
  ],
  ["the namespace a class was read in", put({ when: { object: { ...sheet, fromNamespace: "root\\other" } } })],
  ["a report that nothing was deleted", put({ then: { deleted: 0 } })],
  ["a call that was raised, which deletes nothing", put({ when: { flags: 3 }, then: { ...raised, deleted: 0 } })],
  [
    "the objects that a force update deleted",
    put({
      given: { instances: [{ class: "Disk", props: { Id: 1 } }, { class: "Disk", props: { Id: 2 } }] },
      when: { object: { kind: "class", name: "Disk", properties: [disk.properties[0]!] }, flags: 0x40 },
      then: { deleted: 2 }
    })
  ],
  [
    "the defaults of parameters",
    putRegistry({ parameterDefaults: { go: { HIVE: 2147483650, text: "x", wört: null } } })
  ],
  ["the names of methods", putRegistry({ methodNames: ["Go"] })],
  ["the names of qualifiers", putSheet({ qualifierNames: ["Owner"], propertyQualifierNames: { cells: ["CIMTYPE"] } })],
  [
    "a qualifier with an empty list",
    put({
      when: { object: { ...sheet, qualifiers: { None: [] } } },
      then: {
        repository: { class: { Sheet: { qualifiers: { None: [] }, effectiveQualifiers: { none: { value: [] } } } } }
      }
    })
  ],
  [
    "the default of a redeclaration in given, which is NULL by default",
    put({
      given: {
        classes: [
          {
            name: "Base",
            properties: [{ name: "A", type: "uint8", default: 1 }, { name: "B", type: "uint8", default: 1 }]
          },
          { name: "Leaf", superclass: "Base", properties: [{ name: "a", type: "uint8" }, disk.properties[0]!] },
          disk
        ]
      },
      then: { repository: { class: { Leaf: { effectiveDefault: { A: null, B: 1 } } } } }
    })
  ],
  [
    "the flavours that the server adds in given",
    put({
      given: {
        classes: [
          { name: "Only", qualifiers: { Singleton: true } },
          { name: "Link", qualifiers: { association: { value: true, flavors: ["Amended"] } } },
          { name: "Far", qualifiers: { dynamic: { value: true, flavors: ["DisableOverride"] } } },
          disk
        ]
      },
      then: {
        repository: {
          class: {
            Only: { qualifiers: { singleton: { flavors: ["ToInstance", "ToSubClass", "DisableOverride"] } } },
            Link: { qualifiers: { association: { flavors: ["ToInstance", "ToSubClass", "DisableOverride"] } } },
            Far: { qualifiers: { dynamic: { flavors: ["ToInstance", "DisableOverride"] } } }
          }
        }
      }
    })
  ],
  ["the plain case", put({ then: stored({ Id: 1, Label: "one" }) })],
  [
    "null for a missing async context",
    put({ then: { events: [{ event: "OnObjectPut", asyncContext: null }, "OnCompleted"] } })
  ],
  ["a context that is a list, which is foreign", put({ when: { context: ["x"] }, then: raised })],
  ["a context that is null, which is foreign", put({ when: { context: null }, then: raised })],
  [
    "the namespace from which the object was read, which is ignored",
    put({ when: { object: { ...instance({ Id: 1 }), fromNamespace: "root\\other" } } })
  ],
  [
    "the largest integer, as a number",
    parseJson(
      JSON.stringify(
        put({ given: wide("uint64"), when: { object: instance({ Id: 1, Label: 0 }) }, then: stored({ Label: 0 }) })
      ).replaceAll('"Label":0', '"Label":18446744073709551615')
    )
  ],
  [
    "the largest integer, as text",
    parseJson(
      JSON.stringify(
        put({
          given: wide("uint64"),
          when: { object: instance({ Id: 1, Label: 0 }) },
          then: stored({ Label: "18446744073709551615" })
        })
      ).replaceAll('"Label":0', '"Label":18446744073709551615')
    )
  ],
  [
    "a default that the instance leaves unset",
    put({
      given: {
        classes: [{
          name: "Disk",
          properties: [disk.properties[0]!, { name: "Label", type: "string", default: "none" }]
        }]
      },
      when: { object: instance({ Id: 1 }) },
      then: {
        ...stored({ Label: "none" }),
        published: [{ class: "__InstanceCreationEvent", target: "Disk.Id=1", current: { Id: 1, Label: "none" } }]
      }
    })
  ],
  [
    "events in the order of delivery over all sinks",
    steps(
      {
        events: [
          { call: 2, event: "OnCompleted", hresult: "0x80041032" },
          { call: 1, event: "OnObjectPut" },
          { call: 1, event: "OnCompleted", hresult: "0x00000000" }
        ]
      },
      call(1, { ...held, sink: "sink1" }),
      call(2, { ...held, sink: "sink2" }),
      step("cancel", { sink: "sink2" }),
      step("release", { call: 1 }),
      drain
    )
  ],
  [
    "a drain while a cancelled call is still held",
    steps(
      { events: [{ call: 1, event: "OnCompleted", hresult: "0x80041032" }], ...stored({ Id: 1 }) },
      call(1, { holdAt: "afterCommit" }),
      cancel,
      drain,
      step("release", { call: 1 }),
      drain
    )
  ],
  [
    "a drain that ends a held call because a handler cancels it",
    put({
      given: { sink: { cancelsOn: ["OnObjectPut"] } },
      more: {
        when: { steps: [call(1, held), call(2, { holdAt: "afterCommit" }), step("release", { call: 2 }), drain] },
        then: { hresultByCall: { 1: "0x80041032", 2: "0x00000000" }, repository: { instanceCount: { Disk: 1 } } }
      }
    })
  ],
  [
    "a call that waits behind a held call whose effect it could see",
    steps(
      { hresultByCall: { 1: "0x00000000", 2: "0x80041019" }, repository: { instanceCount: { Disk: 1 } } },
      call(1, held),
      step("putAsync", { call: 2, object: instance({ Id: 1, Label: "two" }), flags: 2 }),
      step("release", { call: 1 }),
      drain
    )
  ],
  [
    "a call that waits neither for a cancelled call nor for a refused one",
    steps(
      { hresultByCall: { 1: "0x80041032", 2: "0x80041008", 3: "0x00000000" } },
      call(1, held),
      call(2, { ...held, flags: 3, object: instance({ Id: 1 }) }),
      call(3, { sink: "sink2", object: instance({ Id: 1 }), flags: 2 }),
      cancel,
      drain
    )
  ],
  [
    "a drain that runs a call behind a held one, because its handler cancels the held one",
    put({
      given: { sink: { cancelsOn: ["OnObjectPut"] } },
      more: {
        when: { steps: [call(1, held), call(2, { object: instance({ Id: 1 }) }), drain] },
        then: { hresultByCall: { 1: "0x80041032", 2: "0x00000000" }, repository: { instanceCount: { Disk: 1 } } }
      }
    })
  ],
  [
    "a call without an object that never reaches its barrier",
    steps(
      { hresultByCall: { 1: "0x80041008", 2: "0x00000000" } },
      step("putAsync", { call: 1, object: null, flags: 0, ...held }),
      call(2),
      drain
    )
  ],
  [
    "an error object of a class that the provider defines",
    put({
      given: {
        ...dynamic,
        providers: [{
          name: "P",
          supportsPut: true,
          returns: "0x80041001",
          errorObject: { class: "Acme_Status", Description: "full", ProviderName: "Q", StatusCode: 7 }
        }]
      },
      then: {
        hresult: "0x80041001",
        events: [{
          event: "OnCompleted",
          error: {
            class: "Acme_Status",
            Description: "full",
            ProviderName: "WinMgmt",
            StatusCode: 7,
            Operation: "PutInstance"
          }
        }]
      }
    })
  ],
  [
    "a provider that received no context",
    put({ given: dynamic, then: { providerSaw: [{ provider: "P", context: {} }] } })
  ],
  [
    "a provider that received no context, written as null",
    put({ given: dynamic, then: { providerSaw: [{ provider: "P", context: null }] } })
  ],
  ["an async context that is a list, which is foreign", put({ when: { asyncContext: ["x"] }, then: raised })],
  [
    "a raised call between others",
    steps(
      {
        returns: "accepted",
        hresultByCall: { 1: "0x00000000", 2: "0x80041008" },
        eventsByCall: { 1: ["OnObjectPut", "OnCompleted"], 2: [] }
      },
      call(1),
      call(2, { flags: 3 }),
      drain
    )
  ],
  [
    "a class changed after the call",
    steps(
      { repository: { class: { New: { localProperties: ["Id"] } } } },
      step("putAsync", {
        call: 1,
        object: { kind: "class", name: "New", properties: [disk.properties[0]!] },
        flags: 0
      }),
      step("mutateObject", { call: 1, set: { properties: disk.properties } }),
      drain
    )
  ],
  [
    "a context changed after the call",
    steps(
      { hresult: "0x00000000", ...stored({ Label: "kept" }) },
      step("putAsync", { call: 1, object: instance({ Id: 1, Label: "kept" }), flags: 0 }),
      drain,
      step("putAsync", {
        call: 2,
        object: instance({ Id: 1, Label: "lost" }),
        flags: 1,
        context: { __PUT_EXTENSIONS: true, __PUT_EXT_PROPERTIES: ["Id"] },
        ...held
      }),
      step("mutateContext", { call: 2, set: { __PUT_EXT_PROPERTIES: ["Label"] } }),
      step("release", { call: 2 }),
      drain
    )
  ]
]

const facts = (then: JsonObject): Json => put({ then: { repository: then } })
const event = (fields: JsonObject): Json =>
  put({ then: { events: [{ event: "OnObjectPut", ...fields }, { event: "OnCompleted" }] } })
const lookup = (more: JsonObject): JsonObject => ({
  id: "a",
  when: { lookup: "wbemErrFailed" },
  then: { hex: "0x80041001" },
  ...more
})
const failing: ReadonlyArray<readonly [string, Json]> = [
  ["another number of deleted objects", put({ then: { deleted: 1 } })],
  ["a non-numeric number of deleted objects", put({ then: { deleted: "0" } })],
  ["another default of a parameter", putRegistry({ parameterDefaults: { Go: { hive: 1 } } })],
  ["a missing default of a parameter", putRegistry({ parameterDefaults: { Go: { moon: null } } })],
  ["a missing default of a method", putRegistry({ parameterDefaults: { Moon: { hive: null } } })],
  ["a default for a parameter that the signature does not have", putRegistry({}, { moon: 1 })],
  ["a parameter with a bracket in its name", signed("void ([in] string a[])", "0x00000000")],
  ["names of methods in another spelling", putRegistry({ methodNames: ["go"] })],
  ["more names of methods", putRegistry({ methodNames: ["Go", "Stop"] })],
  ["names of qualifiers in another spelling", putSheet({ qualifierNames: ["owner"] })],
  ["fewer names of qualifiers of a property", putSheet({ propertyQualifierNames: { Cells: [] } })],
  ["names of qualifiers of a property that does not exist", putSheet({ propertyQualifierNames: { Moon: [] } })],
  ["flavours of a qualifier of a property that does not exist", putSheet({ propertyQualifierFlavors: { Moon: {} } })],
  ["flavours of no qualifier", putSheet({ propertyQualifierFlavors: { Cells: { moon: 0 } } })],
  ["flavours that are no number", putSheet({ propertyQualifierFlavors: { Cells: { CIMTYPE: ["ToInstance"] } } })],
  [
    "privileges as text",
    path({ op: "displayName", input: "winmgmts:{(Debug)}!root", expect: { privileges: ["Debug"] } })
  ],
  ["fewer keys of a path", path({ input: "C.A=1", expect: { keys: [] } })],
  ["an unknown field of a key of a path", path({ input: "C.A=1", expect: { keys: [{ name: "A", moon: 1 }] } })],
  ["another type", putSheet({ effectiveType: { Cells: "uint16" } })],
  ["an array for what is none", putSheet({ effectiveType: { Next: "reference:Sheet[]" } })],
  ["a reference of any class", putSheet({ effectiveType: { Next: "reference" } })],
  ["other flavors", putSheet({ qualifiers: { Owner: { value: "x", flavors: ["ToSubClass"] } } })],
  ["another value in the long form", putSheet({ qualifiers: { Owner: { value: "y" } } })],
  ["flavors of a qualifier that does not exist", putSheet({ qualifiers: { Moon: { value: null, flavors: [] } } })],
  ["an unknown field of an expected qualifier", putSheet({ qualifiers: { Owner: { value: "x", moon: 1 } } })],
  ["null", null],
  ["a list", []],
  ["an empty expectation", put({ more: { then: {} } })],
  ["an unknown field", put({ more: { moon: 1 } })],
  ["an unknown field of given", put({ given: { moon: 1 } })],
  ["an unknown field of when", put({ when: { moon: 1 } })],
  ["an unknown field of then", put({ then: { moon: 1 } })],
  ["an unknown field of a class", put({ given: { classes: [{ ...disk, moon: 1 }] } })],
  [
    "an unknown field of a qualifier",
    put({ given: { classes: [{ ...disk, qualifiers: { A: { value: 1, moon: 1 } } }] } })
  ],
  ["a qualifier without a value", put({ given: { classes: [{ ...disk, qualifiers: { A: { flavors: [] } } }] } })],
  ["an unknown flavor", put({ given: { classes: [{ ...disk, qualifiers: { A: { value: 1, flavors: ["Sour"] } } }] } })],
  ["a word in place of a boolean", put({ given: { server: { remoteCaller: "yes" } } })],
  ["an unknown right", put({ given: { access: ["dance"] } })],
  ["an unknown handler", put({ given: { sink: { throwsOn: ["OnLunch"] } } })],
  ["a non-numeric fault", put({ given: { server: { fault: "soon" } } })],
  ["a provider without a name", put({ given: { providers: [{ supportsPut: true }] } })],
  ["an unknown field of a provider", put({ given: { providers: [{ name: "P", moon: 1 }] } })],
  ["a provider that is not registered", put({ given: { ...dynamic, providers: [] } })],
  ["another order of providers", put({ given: dynamic, then: { providerCallOrder: ["P", "P"] } })],
  ["another provider", put({ given: dynamic, then: { providerSaw: [{ provider: "Q" }] } })],
  ["other flags of a provider call", put({ given: dynamic, then: { providerSaw: [{ provider: "P", flags: 1 }] } })],
  [
    "another context of a provider",
    put({ given: dynamic, then: { providerSaw: [{ provider: "P", context: { A: null } }] } })
  ],
  [
    "another value in the context of a provider",
    put({ given: dynamic, then: { providerSaw: [{ provider: "P", context: { A: 1 } }] } })
  ],
  [
    "no context for a provider that received one",
    put({ given: dynamic, when: { context: { A: 1 } }, then: { providerSaw: [{ provider: "P", context: {} }] } })
  ],
  [
    "fewer names in the context",
    put({
      given: dynamic,
      when: { context: { A: 1, B: 2 } },
      then: { providerSaw: [{ provider: "P", context: { A: 1 } }] }
    })
  ],
  ["an unknown field of a provider call", put({ given: dynamic, then: { providerSaw: [{ moon: 1 }] } })],
  ["a provider that did not run", put({ then: { providerCompleted: true } })],
  ["a provider that ran", put({ given: dynamic, then: { providerCompleted: false } })],
  [
    "untouched instances of a provider that was called",
    put({ given: dynamic, then: { repository: { providerInstancesUntouched: true } } })
  ],
  ["a sink named in a single call", put({ when: { sink: "sink1" } })],
  ["an unknown field of an object", put({ when: { object: { ...instance({ Id: 1 }), moon: 1 } } })],
  ["an unknown step", steps(done, call(1), step("dance", {}))],
  ["an unknown field of a step", steps(done, call(1), step("drain", { moon: 1 }))],
  ["an unknown barrier point", steps(done, call(1, { holdAt: "lunch" }))],
  ["a barrier in a provider, without a provider", steps(done, call(1, { holdAt: "inProvider" }))],
  ["a call made twice", steps(done, call(1), call(1))],
  ["a release of a call that is not held", steps(done, call(1), step("release", { call: 1 }))],
  ["a change of a call that was not made", steps(done, step("mutateObject", { call: 1, set: {} }))],
  ["a drain that never ends", steps(done, call(1, held), drain, step("release", { call: 1 }))],
  ["another return", put({ then: { returns: "raised" } })],
  [
    "a return that no call has, where hresultByCall names each call",
    steps({ returns: "raised", hresultByCall: { 1: "0x00000000", 2: "0x00000000" } }, call(1), call(2), drain)
  ],
  ["an unknown return", put({ then: { returns: "maybe" } })],
  ["another status", put({ then: { hresult: "0x80041002" } })],
  ["a non-numeric status", put({ then: { hresult: "well" } })],
  ["another name of the status", put({ then: { errorName: "wbemErrFailed" } })],
  ["an unknown name of a status", put({ then: { errorName: "wbemErrMoon" } })],
  ["fewer events", put({ then: { events: [] } })],
  ["other events", put({ then: { events: ["OnCompleted", "OnObjectPut"] } })],
  ["an unknown event", put({ then: { events: ["OnLunch", "OnCompleted"] } })],
  ["an event without a name", put({ then: { events: [{}, "OnCompleted"] } })],
  ["an unknown field of an event", event({ moon: 1 })],
  ["another path", event({ path: "\\\\TESTSRV\\root\\test:Disk.Id=2" })],
  ["a progress field of another event", event({ upperBound: null })],
  ["an error of an event without one", event({ error: null })],
  ["fewer keys", event({ keys: {} })],
  ["another async context", event({ asyncContext: {} })],
  ["another call", event({ call: 2 })],
  ["events of a call that was not made", put({ then: { eventsByCall: { 9: [] } } })],
  ["a status of a call that was not made", put({ then: { hresultByCall: { 9: "0x00000000" } } })],
  ["a cancel that raises", put({ then: { cancelRaises: "0x80041001" } })],
  ["another order of calls", put({ then: { crossCallOrder: "first" } })],
  ["no published event", put({ then: { published: [] } })],
  [
    "another published event",
    put({ then: { publishedUnordered: [{ class: "__InstanceDeletionEvent", target: "Disk.Id=1" }] } })
  ],
  [
    "an unknown field of a published event",
    put({ then: { published: [{ class: "__InstanceCreationEvent", target: "Disk.Id=1", moon: 1 }] } })
  ],
  [
    "an unknown property of a published instance",
    put({ then: { published: [{ class: "__InstanceCreationEvent", target: "Disk.Id=1", current: { Moon: null } }] } })
  ],
  ["an unknown field of the repository", facts({ moon: 1 })],
  ["a change", facts({ unchanged: true })],
  ["a change that is expected", facts({ unchanged: false })],
  ["another count", facts({ instanceCount: { Disk: 7 } })],
  ["another instance", facts({ instances: [{ class: "Disk", props: { Id: 2 } }] })],
  [
    "a double for a single-precision value",
    put({
      given: wide("real64"),
      when: { object: instance({ Id: 1, Label: 0.1 }) },
      then: stored({ Label: 0.10000000149011612 })
    })
  ],
  ["a number for text", put({ when: { object: instance({ Id: 1, Label: "7" }) }, then: stored({ Label: 7 }) })],
  ["a missing property", put({ then: stored({ Moon: null }) })],
  ["a missing class as existing", facts({ classExists: ["Moon"] })],
  ["an existing class as absent", facts({ classAbsent: ["disk"] })],
  ["a missing namespace", facts({ namespaceExists: "moon" })],
  ["facts about a class that does not exist", facts({ class: { Moon: { qualifiersAbsent: ["A"] } } })],
  ["no facts about a class that does not exist", facts({ class: { Moon: {} } })],
  ["an unknown fact", facts({ class: { Disk: { moon: 1 } } })],
  ["the default of a property that does not exist", facts({ class: { Disk: { effectiveDefault: { Moon: null } } } })],
  ["other keys", facts({ class: { Disk: { keys: ["Id", "Label"] } } })],
  ["providers' instances touched", facts({ providerInstancesUntouched: false })],
  ["a lookup with an empty expectation", lookup({ then: {} })],
  ["another number of a lookup", lookup({ then: { hex: "0x80041002" } })],
  ["an unknown field of given in a lookup", lookup({ given: { moon: 1 } })],
  ["an unknown operation on a path", path({ op: "dance" })],
  ["an unknown field of a path case", path({ moon: 1 })],
  ["a field of another operation", path({ a: "C" })],
  ["an unknown field expected of a path", path({ expect: { class: "C", moon: 1 } })],
  ["a path case with an empty expectation", path({ expect: { why: "so" } })],
  ["another code of a path", path({ input: "=", expect: { code: "0x8004103B" } })],
  ["a non-numeric code", path({ input: "=", expect: { code: "wbemErrInvalidObjectPath" } })],
  ["another class of a path", path({ expect: { class: "D" } })],
  ["a path where an error is expected", path({ expect: { error: "wbemErrInvalidObjectPath" } })],
  ["an invalid path to compare", { id: "p", op: "samePath", a: "C", b: "=", expect: false }]
]

describe("the runner passes", () => {
  for (const [name, one] of passing) {
    it(name, async () => assert.deepStrictEqual((await runCasePromise(one)).problems, []))
  }
})

describe("the runner fails", () => {
  for (const [name, one] of failing) {
    it(name, async () => assert.isAbove((await runCasePromise(one)).problems.length, 0))
  }
})

describe("the report", () => {
  it("has one line for each failure, also if its text has several lines, and the score at the end", async () => {
    const results = await Promise.all([
      runCasePromise(put()),
      runCasePromise(put({ then: { hresult: "0x80041002" }, more: { title: "two\nlines" } }))
    ])
    const { failed, lines } = report(results)
    assert.strictEqual(failed, 1)
    assert.deepStrictEqual(lines, [
      'a  two lines  hresult: expected "0x80041002", got "0x00000000"',
      "1 passed, 1 failed"
    ])
  })

  it("counts cases that are not applicable neither as passed nor as failed", async () => {
    const withoutFaults = { ...memory, skipReason: () => "it takes no faults" }
    const { failed, lines } = report([
      await runCasePromise(put(), withoutFaults),
      await runCasePromise(path({}), withoutFaults)
    ])
    assert.strictEqual(failed, 0)
    assert.deepStrictEqual(lines, [
      "a  a put of one disk  not applicable, it takes no faults",
      "not applicable: 1",
      "1 passed, 0 failed"
    ])
  })

  it("has no such line when every case ran", async () => {
    assert.deepStrictEqual(report([await runCasePromise(put())]).lines, ["1 passed, 0 failed"])
  })
})

it("integers are read without rounding, and text that looks like them is unchanged", () => {
  const read = parseJson('{"a": 18446744073709551615, "b": "18446744073709551615", "c\\"9": [-1, 1.5e3, 0]}')
  assert.deepStrictEqual(read, { a: 18446744073709551615n, b: "18446744073709551615", 'c"9': [-1, 1500, 0] })
  const file = readFileSync(new URL("put-cases.json", import.meta.url), "utf8")
  assert.deepStrictEqual(parseJson(file), JSON.parse(file))
})
