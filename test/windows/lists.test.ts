/** T4: the lists of a remote computer are those of the emulator behind it, by the contract of `NamespaceReader`. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as SecurityDescriptor from "../../src/model/SecurityDescriptor.ts"
import type { NamespaceReader } from "../../src/pipeline/NamespaceReader.ts"
import type { Stages } from "../../src/pipeline/PutAsync.ts"
import type * as HostRecording from "../../src/windows/HostRecording.ts"
import * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"
import * as Wmi from "../../src/Wmi.ts"
import { cases, child, namespace, prepare } from "../pipeline/listContract.ts"
import { executor } from "./fakeHostFixture.ts"
import { type RemoteComputer, remoteComputer } from "./remoteComputer.ts"
import { withEngine } from "./sharedHost.ts"

withEngine("T4: lists of a remote computer", (engine) => {
  let remote: RemoteComputer
  let runtime: ManagedRuntime.ManagedRuntime<Stages | NamespaceReader, unknown>
  beforeAll(async () => {
    remote = await remoteComputer(engine, { server: "FAR", namespaces: ["root\\cimv2", "root\\default"] })
    runtime = ManagedRuntime.make(
      Wmi.layer(Layer.provide(PowerShellRepository.layer({ prefix: remote.prefix }), executor))
    )
    await remote.world.runPromise(prepare)
    // A namespace that the caller may not open, with one below it.
    const locked = SecurityDescriptor.toInstance(SecurityDescriptor.make([]))
    await remote.world.runPromise(
      child("root", "shut").pipe(
        Effect.zipRight(child("root\\shut", "below")),
        Effect.zipRight(Wmi.snapshot),
        Effect.flatMap((before) => Wmi.restore(Snapshot.withObjects(before, "root\\shut", [locked])))
      )
    )
  })
  afterAll(async () => {
    await runtime.dispose()
    await remote.close()
  })

  describe("the contract", () => {
    for (const { answer, program, title } of cases) {
      it(title, async () => assert.deepStrictEqual(await runtime.runPromise(program), answer))
    }
  })

  it("the name of the computer is no other server, also before a result showed it", async () => {
    const fresh = Wmi.layer(Layer.provide(PowerShellRepository.layer({ prefix: remote.prefix }), executor))
    const program = Effect.all([
      Effect.map(Wmi.get('\\\\far\\root\\lists:Aviary.Name="one"'), ({ _tag }) => _tag),
      Effect.map(Wmi.classes({ namespace: "//FAR/root/lists" }), (found) => found.length)
    ])
    assert.deepStrictEqual(await Effect.runPromise(Effect.provide(program, fresh)), ["Instance", 6])
  })

  it("a namespace that the caller may not open is an error if it is named, and is left out below another one", async () => {
    const messages: Array<string> = []
    const program = Effect.all([
      Effect.map(Wmi.namespaces, (names) => names.filter((name) => name.includes("shut"))),
      Effect.map(Effect.flip(Wmi.namespacesIn("root\\shut")), ({ _tag }) => _tag),
      Effect.map(Effect.flip(Wmi.classes({ namespace: "root\\shut" })), ({ _tag }) => _tag)
    ])
    const logger = Logger.replace(
      Logger.defaultLogger,
      Logger.make(({ logLevel, message }) => void messages.push(`${logLevel.label} ${String(message)}`))
    )
    const answers = await runtime.runPromise(
      program.pipe(Logger.withMinimumLogLevel(LogLevel.Debug), Effect.provide(logger))
    )
    assert.deepStrictEqual(answers, [[], "WbemAccessDenied", "WbemAccessDenied"])
    assert.match(messages.filter((text) => text.includes("shut")).join(), /^DEBUG root\\shut is left out/)
  })

  describe("before a result showed the name of the computer", () => {
    const fresh = Wmi.layer(
      Layer.suspend(() => Layer.provide(PowerShellRepository.layer({ prefix: remote.prefix }), executor))
    )
    const elsewhere = "it is on another computer; leave the server out, or connect to it"
    const unwritten = 'in a program one is written "root\\\\cimv2"'
    const answers: ReadonlyArray<readonly [written: string, message: string | RegExp]> = [
      ["\\\\FAR\\root\\shut", /^AccessDenied /],
      [
        "\\\\FAR\\root\\nothere",
        /^InvalidNamespace \(0x8004100E\): namespace root\\nothere(?!.*another computer)/
      ],
      ["\\\\OTHER\\root\\shut", `InvalidNamespace (0x8004100E): namespace \\\\OTHER\\root\\shut: ${elsewhere}`],
      ["\\\\FAR\\.", `InvalidNamespace (0x8004100E): namespace .: ${unwritten}`],
      [
        "\\\\FAR\\\\\\OTHER\\root\\lists",
        `InvalidNamespace (0x8004100E): namespace \\\\FAR\\\\\\OTHER\\root\\lists: ${unwritten}`
      ]
    ]
    for (const [written, message] of answers) {
      it(`${written}: the answer of the computer, the same before and after`, async () => {
        const program = Effect.map(Effect.flip(Wmi.classes({ namespace: written })), (error) => error.message)
        const [before, after] = await Effect.runPromise(
          Effect.provide(
            Effect.all([program, Effect.zipRight(Wmi.classes({ namespace: "\\\\FAR\\root\\lists" }), program)]),
            fresh
          )
        )
        assert.strictEqual(before, after)
        if (typeof message === "string") assert.strictEqual(before, message)
        else assert.match(before, message)
      })
    }
  })

  it("a long list comes in parts; an interrupted one stops in the host", async () => {
    const many = Array.from({ length: 400 }, (_, i) => Instance.make("Übung", { Nr: 1000 + i }))
    await remote.world.runPromise(
      Effect.flatMap(Wmi.snapshot, (before) => Wmi.restore(Snapshot.withObjects(before, namespace, many)))
    )
    const entries: Array<HostRecording.Entry> = []
    let firstRows: () => void = () => undefined
    const layer = Wmi.layer(Layer.provide(
      PowerShellRepository.layer({
        prefix: remote.prefix,
        record: (entry) => {
          entries.push(entry)
          if (entry.f["t"] === "rows") firstRows()
        }
      }),
      executor
    ))
    const parts = () => entries.filter(({ f }) => f["t"] === "rows").map(({ f }) => f["from"])
    await Effect.runPromise(
      Effect.gen(function* () {
        assert.strictEqual((yield* Wmi.instancesOf("Übung", { namespace })).length, 401)
        assert.deepStrictEqual(parts(), [0, 64, 128, 192, 256, 320, 384])
        entries.length = 0
        const arrived = yield* Deferred.make<void>()
        firstRows = () => Deferred.unsafeDone(arrived, Effect.void)
        const fiber = yield* Effect.fork(Wmi.instancesOf("Übung", { namespace }))
        yield* Deferred.await(arrived)
        yield* Fiber.interrupt(fiber)
        yield* Wmi.get("Übung", { namespace })
        const ended = entries.find(({ d, f }) => d === "<" && f["t"] === "res")!
        assert.containSubset(ended.f, { ok: false, error: { code: "Cancelled" } })
        assert.isBelow(parts().length, 7)
      }).pipe(Effect.provide(layer))
    )
  })

  it("system classes: NotSupported", async () => {
    const error = await runtime.runPromise(Effect.flip(Wmi.classes({ namespace, system: true })))
    assert.strictEqual(error._tag, "WbemNotSupported")
  })
})
