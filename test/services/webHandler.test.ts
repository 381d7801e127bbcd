/** The web handler of `examples/http-service` in this process: back-pressure of an upload, retries, a caller without rights. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assert, describe, it } from "vitest"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Property from "../../src/model/Property.ts"
import * as Rights from "../../src/model/Rights.ts"
import * as SecurityDescriptor from "../../src/model/SecurityDescriptor.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import type { Services } from "../../src/emulator/EmulatedRepository.ts"
import type { Stages } from "../../src/pipeline/PutAsync.ts"
import * as PutValidator from "../../src/pipeline/PutValidator.ts"
import * as WbemError from "../../src/protocol/WbemError.ts"
import * as Wmi from "../../src/Wmi.ts"
import { bundle } from "./server.ts"

interface WebHandler {
  readonly handler: (request: Request) => Promise<Response>
  readonly dispose: () => Promise<void>
}

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
const world = Wmi.layerMemoryFrom(Snapshot.of(Disk))

/** Runs with the handler of the example over a repository. */
const using = async (
  repository: Layer.Layer<Stages | Services>,
  use: (handler: WebHandler["handler"]) => Promise<void>
): Promise<void> => {
  const example = await import(await bundle("service")) as {
    readonly webHandler: (repository: Layer.Layer<Stages | Services>) => WebHandler
  }
  const { dispose, handler } = example.webHandler(repository)
  try {
    await use(handler)
  } finally {
    await dispose()
  }
}

const disk = (id: string, more: object = {}) =>
  JSON.stringify({ object: { kind: "instance", class: "Demo_Disk", values: { Id: id } }, ...more })
const post = (path: string, body: BodyInit): Request =>
  new Request(
    `http://localhost${path}`,
    { method: "POST", body, headers: { "content-type": "application/json" }, duplex: "half" } as RequestInit
  )

/** The most rows that are read and have no outcome yet: two groups, and the row that ends the second one. */
const readAhead = 2 * 256 + 1

// The bundle is made by esbuild, and is the same whichever runtime imports it: Node alone runs this.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("the web handler of the service", () => {
  it("reads an upload only as its outcomes are read: a consumer that stops, stops the upload", () =>
    using(world, async (handler) => {
      const total = 4000
      let read = 0
      const upload = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          if (read === total) return controller.close()
          controller.enqueue(new TextEncoder().encode(`${disk(`d${read++}`)}\n`))
        }
      }, { highWaterMark: 0 })
      const { body } = await handler(post("/bulk", upload))
      const reader = body!.pipeThrough(new TextDecoderStream()).getReader()
      let outcomes = 0
      const next = async (): Promise<boolean> => {
        const { done, value } = await reader.read()
        outcomes += value?.split("\n").length ?? 1
        outcomes--
        return done !== true
      }
      await next()
      // The rows that are read while nobody reads outcomes: many turns of the event loop add none beyond the bound.
      for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve))
      const stopped = read
      assert.isAtMost(stopped - outcomes, readAhead)
      for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve))
      assert.strictEqual(read, stopped)
      while (outcomes < total / 2) {
        await next()
        assert.isAtMost(read - outcomes, readAhead)
      }
      while (await next());
      assert.deepStrictEqual([read, outcomes], [total, total])
    }))

  it("an upload whose consumer goes away is read no further", () =>
    using(world, async (handler) => {
      let read = 0
      const cancelled = new Promise<void>((resolve) => {
        const upload = new ReadableStream<Uint8Array>({
          pull: (controller) => controller.enqueue(new TextEncoder().encode(`${disk(`d${read++}`)}\n`)),
          cancel: () => resolve()
        }, { highWaterMark: 0 })
        void handler(post("/bulk", upload)).then(async ({ body }) => {
          const reader = body!.getReader()
          await reader.read()
          await reader.cancel()
        })
      })
      await cancelled
      assert.isAtMost(read, 2 * readAhead)
    }))

  it("a put is tried again while its status says that the same object may be put again, and no other one is", () =>
    using(
      Layer.merge(
        world,
        PutValidator.layerWith({
          checks: [({ object }) => {
            const id = object._tag === "Instance" ? String(object.values["Id"]) : ""
            attempts.set(id, (attempts.get(id) ?? 0) + 1)
            return id === "conflict" && attempts.get(id)! <= 2
              ? Effect.fail(WbemError.of("TransactionConflict"))
              : id === "busy"
              ? Effect.fail(WbemError.of("TransactionConflict"))
              : id === "late"
              ? Effect.fail(new WbemError.Timeout({}))
              : Effect.void
          }]
        })
      ),
      async (handler) => {
        const status = async (id: string) => (await handler(post("/objects", disk(id)))).status
        assert.deepStrictEqual([await status("conflict"), attempts.get("conflict")], [200, 3])
        assert.deepStrictEqual([await status("busy"), attempts.get("busy")], [409, 5])
        assert.deepStrictEqual(
          [await status("late"), attempts.get("late")],
          [504, 1],
          "the object may have been stored"
        )
      }
    ))
  const attempts = new Map<string, number>()

  it("a put that the descriptor of the namespace does not grant is a 403", () => {
    const readOnly = SecurityDescriptor.toInstance(
      SecurityDescriptor.make([SecurityDescriptor.allow("Everyone", Rights.of("Enable"))])
    )
    const closed = Snapshot.withObjects(Snapshot.of(Disk), "root\\cimv2", [readOnly])
    return using(Wmi.layerMemoryFrom(closed), async (handler) => {
      const answer = await handler(post("/objects", disk("C:")))
      const { _tag, ...body } = await answer.json() as { readonly _tag: string; readonly message: string }
      assert.deepStrictEqual([answer.status, _tag], [403, "WbemAccessDenied"], body.message)
    })
  })
})
