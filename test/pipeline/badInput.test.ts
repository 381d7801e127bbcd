/** Bad input, one row each: a status, at most one ending, and nothing written. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import * as SecurityDescriptor from "../../src/model/SecurityDescriptor.ts"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import type { SinkEvent } from "../../src/protocol/SinkEvent.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as WbemError from "../../src/protocol/WbemError.ts"
import * as InstanceProvider from "../../src/emulator/providers/InstanceProvider.ts"
import * as Wmi from "../../src/Wmi.ts"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), N: Property.make("uint8") })
const Live = ClassDefinition.make("Demo_Live", { Id: Property.key("string") }, {
  qualifiers: { dynamic: true, provider: "Demo" }
})
const disk = Instance.make("Demo_Disk", { Id: "a" })
const live = Instance.make("Demo_Live", { Id: "a" })
const worded = ClassDefinition.make("Demo_Worded", { Id: Property.key("string") }, {
  qualifiers: { Description: { value: "text", flavor: Qualifier.Flavor.Amended } }
})
const open = Snapshot.of(Disk, Live)
const closed = (...entries: ReadonlyArray<SecurityDescriptor.Entry>): Snapshot.Snapshot =>
  Snapshot.withObjects(open, "root\\cimv2", [SecurityDescriptor.toInstance(SecurityDescriptor.make(entries))])
const partial = { __PUT_EXTENSIONS: true, __PUT_EXT_PROPERTIES: ["N"] }

interface Row {
  readonly object: PutRequest.PutRequest["object"]
  readonly options?: PutRequest.Options
  readonly put?: InstanceProvider.InstanceProvider["put"]
  readonly start?: Snapshot.Snapshot
  readonly locale?: string
  /** The longest time that the caller waits. */
  readonly timeout?: boolean
  /** The status, or the path of a put that succeeded. */
  readonly ends: string
  /** The events of the sink; none when the call itself is refused. */
  readonly delivered: ReadonlyArray<string>
}

const ended = (status: string): Pick<Row, "ends" | "delivered"> => ({
  ends: status,
  delivered: [`Completed ${status}`]
})
const raised = (status: string): Pick<Row, "ends" | "delivered"> => ({ ends: status, delivered: [] })

const context = (value: unknown): PutRequest.Options => ({ mode: "UpdateOnly", context: value as never })

const rows: Readonly<Record<string, Row>> = {
  "a provider that throws": {
    object: live,
    put: () => {
      throw new Error("bang")
    },
    ...ended("ProviderFailure")
  },
  "a provider that dies": { object: live, put: () => Effect.die("bang"), ...ended("ProviderFailure") },
  "a provider that fails with a value that is not a WbemError": {
    object: live,
    put: () => Effect.fail("no" as never),
    ...ended("ProviderFailure")
  },
  "a provider that never answers, and a caller with a timeout": {
    object: live,
    put: () => Effect.never,
    timeout: true,
    ...ended("CallCancelled")
  },
  "a provider that answers twice: the first answer counts": {
    object: live,
    put: () =>
      Effect.async((resume) => {
        resume(Effect.succeed({ hresult: 0x40001 }))
        resume(Effect.die("a second time"))
      }),
    ends: "Stored",
    delivered: ["ObjectPut", "Completed 262145"]
  },
  "a provider that returns a failure code as its success": {
    object: live,
    put: () => Effect.succeed({ hresult: 0x80041003 }),
    ...ended("AccessDenied")
  },
  "a provider that reports undefined as its progress": {
    object: live,
    options: { status: true },
    put: (_, progress) => progress(undefined as never),
    ...ended("ProviderFailure")
  },
  "a provider whose error object is not an object": {
    object: live,
    put: () => Effect.fail(WbemError.of("VetoPut", { extended: {} as never })),
    ...ended("VetoPut")
  },
  "a provider whose error has a fact that cannot be serialized": {
    object: live,
    put: () => Effect.fail(new WbemError.NotFound({ path: Object.create(null) as never })),
    ...ended("NotFound")
  },
  "a provider that returns a text that is not a path": {
    object: live,
    put: () => Effect.succeed({ path: "Demo_Live.Id=" }),
    ...ended("ProviderFailure")
  },
  "a locale with an invalid form": {
    object: worded,
    options: { amended: true },
    locale: "?",
    ...ended("InvalidLocale")
  },
  "a locale that does not exist": {
    object: worded,
    options: { amended: true },
    locale: "xx-XX",
    ...ended("UnsupportedLocale")
  },
  "a descriptor that admits no caller": { object: disk, start: closed(), ...raised("AccessDenied") },
  "a descriptor that admits every caller and grants no write": {
    object: disk,
    start: closed(SecurityDescriptor.allow("Everyone", 1)),
    ...ended("AccessDenied")
  },
  "a descriptor that cannot be read": {
    object: disk,
    start: Snapshot.withObjects(open, "root\\cimv2", [
      Instance.make("__thisNAMESPACE", { SECURITY_DESCRIPTOR: [255, 0] })
    ]),
    ...raised("AccessDenied")
  },
  "a put of an invalid descriptor": {
    object: Instance.make("__thisNAMESPACE", { SECURITY_DESCRIPTOR: [255, 0] }),
    ...ended("InvalidParameter")
  },
  "a context that is text": { object: disk, options: context("x"), ...raised("InvalidParameter") },
  "a context that is a number": { object: disk, options: context(7), ...raised("InvalidParameter") },
  "__PUT_EXTENSIONS as text": {
    object: disk,
    options: context({ ...partial, __PUT_EXTENSIONS: "TRUE" }),
    ...raised("InvalidContext")
  },
  "__PUT_EXTENSIONS as a number": {
    object: disk,
    options: context({ ...partial, __PUT_EXTENSIONS: 1 }),
    ...raised("InvalidContext")
  },
  "__PUT_EXTENSIONS as NULL": {
    object: disk,
    options: context({ ...partial, __PUT_EXTENSIONS: null }),
    ...raised("InvalidContext")
  },
  "a list of properties that is text": {
    object: disk,
    options: context({ ...partial, __PUT_EXT_PROPERTIES: "N" }),
    ...raised("InvalidContext")
  },
  "a list of properties that is empty": {
    object: disk,
    options: context({ ...partial, __PUT_EXT_PROPERTIES: [] }),
    ...raised("InvalidContext")
  },
  "a list of properties with a number in it": {
    object: disk,
    options: context({ ...partial, __PUT_EXT_PROPERTIES: ["N", 1] }),
    ...raised("InvalidContext")
  },
  "STRICT_NULLS as a number": {
    object: disk,
    options: context({ ...partial, __PUT_EXT_STRICT_NULLS: 1 }),
    ...raised("InvalidContext")
  },
  "ATOMIC as a list": {
    object: disk,
    options: context({ ...partial, __PUT_EXT_ATOMIC: [true] }),
    ...raised("InvalidContext")
  },
  "CLIENT_REQUEST as text": {
    object: disk,
    options: context({ ...partial, __PUT_EXT_CLIENT_REQUEST: "yes" }),
    ...raised("InvalidContext")
  }
}

/** One sink whose handler runs in a fiber, one whose handler is a plain function. */
const sinks: Readonly<Record<string, (tell: (event: SinkEvent) => void) => PutSink.PutSink>> = {
  "an effect": (tell) => PutSink.make((event) => Effect.sync(() => tell(event))),
  "a function": (tell) => PutSink.callback({ onObjectPut: tell, onProgress: tell, onCompleted: tell })
}

const cases = Object.entries(rows).flatMap(([name, row]) =>
  Object.entries(sinks).map(([kind, sinkOf]) => [`${name}, delivered to ${kind}`, row, sinkOf] as const)
)

describe("bad input", () => {
  for (const [name, row, sinkOf] of cases) {
    it.effect(`${name}: ${row.ends}`, () => {
      const start = row.start ?? open
      const delivered: Array<string> = []
      const world = Layer.provide(
        Wmi.layerMemoryFrom(start),
        InstanceProvider.layer({ Demo: row.put === undefined ? {} : { put: row.put } })
      )
      return Effect.gen(function* () {
        const started = yield* Deferred.make<void>()
        const sink = sinkOf((event) =>
          void delivered.push(
            event._tag === "Completed" ? `Completed ${event.error?.status ?? event.hresult}` : event._tag
          )
        )
        const put = PutAsync.withSink(sink)(PutAsync.put(PutRequest.make(row.object, row.options)))
        const waited = row.timeout === true ? Effect.timeout(put, "1 minute") : put
        const fiber = yield* Effect.fork(Effect.zipRight(Deferred.succeed(started, undefined), Effect.either(waited)))
        yield* Deferred.await(started)
        if (row.timeout === true) yield* TestClock.adjust("1 minute")
        const answer = yield* Fiber.join(fiber)
        const got = Either.match(answer, {
          onLeft: (error) => error._tag === "TimeoutException" ? "CallCancelled" : error.status,
          onRight: ({ disposition }) => disposition
        })
        assert.strictEqual(got, row.ends)
        assert.deepStrictEqual(delivered, row.delivered)
        assert.deepStrictEqual(Snapshot.entries(yield* Wmi.snapshot), Snapshot.entries(start))
      }).pipe(Effect.provideService(CallContext.Locale, row.locale ?? "ms_409"), Effect.provide(world))
    })
  }
})
