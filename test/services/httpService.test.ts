/**
 * The service of `examples/http-service` over real HTTP: each endpoint, each kind of error, malformed input, uploads, shutdown.
 *
 * `npm test` drives it on Node. With `SERVICE_RUNTIMES=node,bun,deno,workerd` the same tests run over those processes;
 * `npm run test:readme` does that.
 */
import * as Schema from "effect/Schema"
import { existsSync, statSync } from "node:fs"
import { createServer, type IncomingMessage, request } from "node:http"
import { createInterface } from "node:readline"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import * as WmiSchema from "../../src/codec/WmiSchema.ts"
import { killAll, type Runtime, type Service, spawnService, startService } from "./server.ts"

const isNode = !("Deno" in globalThis) && !("Bun" in globalThis)
const runtimes = (process.env["SERVICE_RUNTIMES"] ?? "node").split(",") as ReadonlyArray<Runtime>

const Disk = {
  object: {
    kind: "class",
    name: "Demo_Disk",
    properties: [
      { name: "Id", type: "string", qualifiers: [{ name: "key" }] },
      { name: "FreeSpace", type: "uint64" }
    ]
  }
}
const disk = (id: string, values: object = {}) => ({
  object: { kind: "instance", class: "Demo_Disk", values: { Id: id, ...values } }
})
const pathOf = (id: string) => `\\\\.\\root\\cimv2:Demo_Disk.Id="${id}"`
const objects = (path: string, more: Readonly<Record<string, string>> = {}) =>
  `/objects?${new URLSearchParams({ path, ...more })}`

type Line = { readonly line: number; readonly _tag: string } & Readonly<Record<string, unknown>>
type Answer = readonly [status: number, body: unknown]

const send = async (
  url: string,
  method: string,
  body?: string,
  contentType = "application/json"
): Promise<Answer> => {
  const answer = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body, headers: { "content-type": contentType } })
  })
  const text = await answer.text()
  return [answer.status, text.startsWith("{") || text.startsWith("[") || text.startsWith('"') ? JSON.parse(text) : text]
}

const client = ({ url }: Service) => ({
  post: (path: string, body: unknown): Promise<Answer> => send(url + path, "POST", JSON.stringify(body)),
  get: (path: string): Promise<Answer> => send(url + path, "GET"),
  remove: (path: string): Promise<Answer> => send(url + path, "DELETE"),
  text: (path: string, body: string): Promise<Answer> => send(url + path, "POST", body),
  upload: async (body: string): Promise<ReadonlyArray<Line>> => {
    const answer = await fetch(`${url}/bulk`, {
      method: "POST",
      body,
      headers: { "content-type": "application/x-ndjson" }
    })
    assert.strictEqual(answer.status, 200)
    assert.match(answer.headers.get("content-type") ?? "", /application\/x-ndjson/)
    return (await answer.text()).split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Line)
  }
})

/** An upload that is written line by line while its outcomes are read. */
const openUpload = ({ url }: Service) => {
  const outgoing = request(`${url}/bulk`, { method: "POST", headers: { "content-type": "application/x-ndjson" } })
  const response = new Promise<IncomingMessage>((resolve, reject) =>
    outgoing.once("response", resolve).once("error", reject)
  )
  outgoing.flushHeaders()
  let lines: AsyncIterator<string> | undefined
  return {
    write: (value: unknown) => void outgoing.write(`${JSON.stringify(value)}\n`),
    end: () => void outgoing.end(),
    next: async (): Promise<Line | undefined> => {
      lines ??= createInterface({ input: await response })[Symbol.asyncIterator]()
      const { done, value } = await lines.next()
      return done === true ? undefined : JSON.parse(value) as Line
    }
  }
}

afterAll(killAll)

// The processes are the same whichever runtime starts them, so Node alone runs this.
for (const runtime of runtimes) {
  describe.runIf(isNode)(`the HTTP service under ${runtime}`, () => {
    let service: Service
    let api: ReturnType<typeof client>
    beforeAll(async () => {
      service = await startService(runtime)
      api = client(service)
      assert.deepStrictEqual(await api.post("/objects", Disk), [200, {
        path: "\\\\.\\root\\cimv2:Demo_Disk",
        disposition: "Created",
        hresult: 0,
        deleted: 0
      }])
    })

    it("puts, plans, reads, lists and deletes", async () => {
      const created = { path: pathOf("C:"), disposition: "Created", hresult: 0, deleted: 0 }
      assert.deepStrictEqual(await api.post("/plan", disk("C:", { FreeSpace: "42" })), [200, {
        report: created,
        writes: [pathOf("C:")],
        deletes: []
      }])
      assert.strictEqual((await api.get(objects('Demo_Disk="C:"')))[0], 404, "a plan writes nothing")
      assert.deepStrictEqual(await api.post("/objects", disk("C:", { FreeSpace: "42" })), [200, created])
      const stored = { kind: "instance", class: "Demo_Disk", values: { Id: "C:", FreeSpace: "42" } }
      assert.deepStrictEqual(await api.get(objects('Demo_Disk="c:"')), [200, stored])
      assert.deepStrictEqual(await api.get("/classes/demo_disk/instances"), [200, [stored]])
      const [status, definition] = await api.get(objects("Demo_Disk", { namespace: "root\\cimv2" }))
      assert.strictEqual(status, 200)
      assert.strictEqual(Schema.decodeUnknownSync(WmiSchema.ClassDefinition)(definition).name, "Demo_Disk")
      const forced = { ...Disk, object: { ...Disk.object, properties: [Disk.object.properties[0]] }, flags: 0x40 }
      const [, plan] = await api.post("/plan", forced)
      assert.deepStrictEqual((plan as { readonly deletes: unknown }).deletes, [pathOf("C:")])
      assert.deepStrictEqual(await api.remove(objects('Demo_Disk="C:"')), [200, pathOf("C:")])
      assert.deepStrictEqual(await api.get("/classes/Demo_Disk/instances"), [200, []])
    })

    const refused: ReadonlyArray<
      readonly [
        name: string,
        call: () => Promise<Answer>,
        status: number,
        tag: string,
        schema: Schema.Schema.AnyNoContext
      ]
    > = [
      [
        "a class that is not there",
        () => api.post("/objects", { object: { kind: "instance", class: "Nobody", values: {} } }),
        404,
        "WbemInvalidClass",
        WmiSchema.PutError
      ],
      [
        "a namespace that is not there",
        () => api.post("/objects", { ...disk("C:"), namespace: "root\\none" }),
        404,
        "WbemInvalidNamespace",
        WmiSchema.PutError
      ],
      [
        "a value of another type",
        () => api.post("/objects", disk("C:", { FreeSpace: "much" })),
        422,
        "WbemTypeMismatch",
        WmiSchema.PutError
      ],
      [
        "a property that the class does not have",
        () => api.post("/objects", disk("C:", { Size: 1 })),
        422,
        "WbemInvalidProperty",
        WmiSchema.PutError
      ],
      [
        "an update of an object that is not there",
        () => api.post("/objects", { ...disk("none"), flags: 1 }),
        404,
        "WbemNotFound",
        WmiSchema.PutError
      ],
      [
        "a second creation",
        async () => {
          await api.post("/objects", disk("twice"))
          return api.post("/objects", { ...disk("twice"), flags: 2 })
        },
        409,
        "WbemAlreadyExists",
        WmiSchema.PutError
      ],
      [
        "a flag that does not exist",
        () => api.post("/objects", { ...disk("C:"), flags: 1 << 30 }),
        400,
        "WbemInvalidParameter",
        WmiSchema.PutError
      ],
      [
        "the plan of such a put",
        () => api.post("/plan", { ...disk("C:"), flags: 1 << 30 }),
        400,
        "WbemInvalidParameter",
        WmiSchema.PutError
      ],
      ["a read of nothing", () => api.get(objects('Demo_Disk="none"')), 404, "WbemNotFound", WmiSchema.GetError],
      ["a path that is none", () => api.get(objects("Demo_Disk=")), 400, "WbemInvalidObjectPath", WmiSchema.GetError],
      [
        "a delete of nothing",
        () => api.remove(objects('Demo_Disk="none"')),
        404,
        "WbemNotFound",
        WmiSchema.DeleteError
      ],
      [
        "a delete of a system class",
        () => api.remove(objects("__NAMESPACE")),
        409,
        "WbemInvalidOperation",
        WmiSchema.DeleteError
      ],
      [
        "a list of a class that is not there",
        () => api.get("/classes/Nobody/instances"),
        404,
        "WbemInvalidClass",
        WmiSchema.ListError
      ],
      [
        "a list in a namespace that is not there",
        () => api.get("/classes/Demo_Disk/instances?namespace=root/none"),
        404,
        "WbemInvalidNamespace",
        WmiSchema.ListError
      ]
    ]
    for (const [name, call, status, tag, schema] of refused) {
      it(`${name}: ${status} with the error, which its schema decodes`, async () => {
        const [answered, body] = await call()
        assert.deepStrictEqual([answered, (body as { readonly _tag: string })._tag], [status, tag])
        const error = Schema.decodeUnknownSync(schema)(body) as Error & { readonly _tag: string }
        assert.deepStrictEqual([error._tag, error.message], [tag, (body as { readonly message: string }).message])
      })
    }

    for (const body of ["{", "", "null", "[]", '"x"', '{"object":1}', '{"object":{"kind":"thing"}}']) {
      it(`the body ${JSON.stringify(body)} is a 400`, async () => {
        for (const path of ["/objects", "/plan"]) {
          const [status, answer] = await api.text(path, body)
          assert.strictEqual(status, 400)
          assert.isString((answer as { readonly message: string }).message)
        }
      })
    }

    it("a member that is not of the form is a 400 with its path, and nothing is stored", async () => {
      for (const more of [{ Mode: "CreateOnly" }, { mode: "CreateOnly", flags: 1 }]) {
        const [status, answer] = await api.post("/objects", { ...disk("excess"), ...more })
        assert.strictEqual(status, 400)
        const { issues } = answer as { readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string> }> }
        assert.deepStrictEqual(issues.map(({ path }) => path), [[Object.keys(more)[0]!]])
      }
      assert.strictEqual((await api.get(objects('Demo_Disk="excess"')))[0], 404)
      await api.post("/objects", disk("once"))
      assert.strictEqual((await api.post("/objects", { ...disk("once"), mode: "CreateOnly" }))[0], 409)
    })

    it("a body that is not declared as JSON is a 415", async () => {
      for (const type of ["application/x-www-form-urlencoded", "text/plain;charset=UTF-8", "application/jsonish"]) {
        for (const path of ["/objects", "/plan"]) {
          assert.deepStrictEqual(await send(service.url + path, "POST", JSON.stringify(disk("C:")), type), [415, {
            _tag: "Malformed",
            message: "the Content-Type must be application/json"
          }])
        }
      }
      const utf8 = "application/json; charset=utf-8"
      assert.strictEqual((await send(`${service.url}/plan`, "POST", JSON.stringify(disk("utf8")), utf8))[0], 200)
    })

    /** Embedded objects in embedded objects, or arrays in arrays: they exhaust the stack of a parser. */
    const deep = [
      `{"object":{"kind":"instance","class":"Demo_Disk","values":{"Id":${
        '{"class":"A","values":{"B":'.repeat(20_000)
      }1${"}}".repeat(20_000)}}}}`,
      `{"object":${"[".repeat(100_000)}${"]".repeat(100_000)}}`
    ]
    it("a body that is nested too deep is a 400, and such a line is malformed and leaves the lines around it", async () => {
      for (const body of deep) {
        assert.strictEqual((await api.text("/objects", body))[0], 400)
        const outcomes = await api.upload([JSON.stringify(disk("d1")), body, JSON.stringify(disk("d2"))].join("\n"))
        assert.deepStrictEqual(outcomes.map(({ _tag }) => _tag), ["Committed", "Malformed", "Committed"])
      }
    })

    it("a body of more than 1 MiB is a 413, one without a length is a 411, and neither is read", async () => {
      const [status, answer] = await api.text("/objects", JSON.stringify(disk("x".repeat(1024 * 1024))))
      assert.deepStrictEqual([status, answer], [413, {
        _tag: "Malformed",
        message: "the body has more than 1048576 bytes"
      }])
      const chunked = new ReadableStream<Uint8Array>({
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode(JSON.stringify(disk("chunked"))))
          controller.close()
        }
      })
      const init = { method: "POST", body: chunked, duplex: "half", headers: { "content-type": "application/json" } }
      const refused = await fetch(`${service.url}/objects`, init as RequestInit)
      assert.strictEqual(refused.status, 411)
      await refused.text()
      assert.strictEqual((await api.get(objects('Demo_Disk="chunked"')))[0], 404)
    })

    it("uploads whose clients go away leave whole puts, and the service goes on", async () => {
      const { url } = service
      await new Promise<void>((resolve) => {
        const outgoing = request(`${url}/bulk`, { method: "POST", headers: { "content-type": "application/x-ndjson" } })
        outgoing.on("error", () => {})
        outgoing.once("response", (answer) => {
          answer.on("error", () => {})
          answer.once("data", () => {
            outgoing.destroy()
            resolve()
          })
        })
        for (let i = 0; i < 2000; i++) outgoing.write(`${JSON.stringify(disk(`gone${i}`))}\n`)
      })
      const [status, listed] = await api.get("/classes/Demo_Disk/instances")
      assert.strictEqual(status, 200)
      const numbers = (listed as ReadonlyArray<WmiSchema.InstanceJson>).flatMap(({ values }) => {
        const [, number] = /^gone(\d+)$/.exec(String(values["Id"])) ?? []
        return number === undefined ? [] : [Number(number)]
      }).sort((a, b) => a - b)
      assert.isNotEmpty(numbers)
      assert.deepStrictEqual(numbers, numbers.map((_, i) => i), "they are the first lines of the upload")
    })

    it("a path parameter that is missing is a 400, another address a 404", async () => {
      assert.strictEqual((await api.get("/objects"))[0], 400)
      assert.strictEqual((await api.get("/nothing"))[0], 404)
    })

    it("an upload has an outcome for each line, in order, with the number of the line", async () => {
      const lines = [disk("b1"), "", { object: { kind: "instance", class: "Nobody", values: {} } }, "oops", {
        object: 1
      }, disk("b2")]
      const body = lines.map((line) => typeof line === "string" ? line : JSON.stringify(line)).join("\n")
      const outcomes = await api.upload(body)
      assert.deepStrictEqual(outcomes.map(({ _tag, line }) => [line, _tag]), [
        [1, "Committed"],
        [3, "Rejected"],
        [4, "Malformed"],
        [5, "Malformed"],
        [6, "Committed"]
      ])
      const [committed, rejected, broken, wrong] = outcomes
      assert.strictEqual(Schema.decodeUnknownSync(WmiSchema.PutReport)(committed!["report"]).disposition, "Created")
      assert.strictEqual(Schema.decodeUnknownSync(WmiSchema.PutError)(rejected!["error"])._tag, "WbemInvalidClass")
      assert.match(broken!["message"] as string, /JSON/)
      assert.match(wrong!["message"] as string, /^object: /)
      assert.deepStrictEqual(await api.upload(""), [])
      assert.deepStrictEqual((await api.upload("a\r\nb\n")).map(({ line }) => line), [1, 2])
    })

    it("an upload of 2,000 lines", async () => {
      const outcomes = await api.upload(
        Array.from({ length: 2000 }, (_, i) => JSON.stringify(disk(`m${i}`))).join("\n")
      )
      assert.deepStrictEqual(outcomes.map(({ line }) => line), Array.from({ length: 2000 }, (_, i) => i + 1))
      assert.isTrue(outcomes.every(({ _tag }) => _tag === "Committed"))
    })

    it("a line of more than 1,048,576 characters is malformed and ends the upload; the lines before it are stored", async () => {
      const upload = openUpload(service)
      upload.write(disk("before"))
      upload.write("x".repeat(1024 * 1024))
      upload.write(disk("after"))
      upload.end()
      assert.strictEqual((await upload.next())?._tag, "Committed")
      const long = await upload.next()
      assert.deepStrictEqual([long?.line, long?._tag], [2, "Malformed"])
    })

    it("the outcome of a line arrives while the upload goes on", async () => {
      const upload = openUpload(service)
      for (let line = 1; line <= 3; line++) {
        upload.write(disk(`turn${line}`))
        const outcome = await upload.next()
        assert.deepStrictEqual([outcome?.line, outcome?._tag], [line, "Committed"])
      }
      upload.end()
      assert.isUndefined(await upload.next())
    })

    it("/openapi.json describes the endpoints with their errors, and /docs shows them", async () => {
      const [status, document] = await api.get("/openapi.json")
      assert.strictEqual(status, 200)
      const { components, paths } = document as {
        readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>
        readonly components: { readonly schemas: Readonly<Record<string, object>> }
      }
      assert.hasAllKeys(paths, ["/objects", "/plan", "/classes/{className}/instances", "/bulk"])
      const statuses = ["200", "400", "403", "404", "409", "411", "413", "415", "422"]
      for (const path of ["/objects", "/plan"]) assert.containsAllKeys(paths[path]!["post"]!.responses, statuses)
      const { responses } = paths["/objects"]!["post"]! as { readonly responses: Readonly<Record<string, object>> }
      for (const status of ["400", "411", "413", "415"]) {
        assert.include(JSON.stringify(responses[status]), '"#/components/schemas/Malformed"', status)
      }
      const { properties } = components.schemas["PutRequest"] as { readonly properties: object }
      assert.containsAllKeys(properties, ["object", "namespace", "mode", "update", "flags", "context"])
      const tags = JSON.stringify(components.schemas["Outcome"])
      for (const tag of ["Committed", "Rejected", "NotStarted", "Unknown", "Malformed"]) {
        assert.include(tags, `"${tag}"`)
      }
      assert.include(JSON.stringify(paths["/bulk"]), "an `Outcome` a line")
      assert.containsAllKeys(components.schemas, ["PutRequest", "PutReport", "WbemNotFound", "WbemAlreadyExists"])
      const [shown, page] = await api.get("/docs")
      assert.strictEqual(shown, 200)
      assert.include(String(page), "swagger")
    })

    if (runtime === "workerd") return

    it("SIGTERM: an upload in progress ends with all its outcomes, and what was put is in the file", async () => {
      const first = await startService(runtime)
      await client(first).post("/objects", Disk)
      const upload = openUpload(first)
      upload.write(disk("1"))
      assert.strictEqual((await upload.next())?._tag, "Committed")
      first.signal("SIGTERM")
      // Until the server accepts no more requests.
      while (await fetch(`${first.url}/docs`).then((answer) => (void answer.text(), answer.ok), () => false));
      upload.write(disk("2"))
      assert.strictEqual((await upload.next())?._tag, "Committed")
      upload.end()
      assert.isUndefined(await upload.next())
      assert.strictEqual(await first.ended, 0, first.output())
      assert.match(first.output(), /^stopped$/m)
      const log = `${first.file}-wal`
      if (existsSync(log)) assert.strictEqual(statSync(log).size, 0, "everything is in the file itself")
      const second = await startService(runtime, { WMI_FILE: first.file })
      const [, listed] = await client(second).get("/classes/Demo_Disk/instances")
      assert.deepStrictEqual((listed as ReadonlyArray<WmiSchema.InstanceJson>).map(({ values }) => values["Id"]), [
        "1",
        "2"
      ])
      second.signal("SIGTERM")
      assert.strictEqual(await second.ended, 0)
    })

    it("a config that makes no sense ends the program, with the key and the option", async () => {
      const wrong = await spawnService(runtime, { WMI_FILE: "" })
      assert.notStrictEqual(await wrong.ended, 0)
      assert.match(wrong.output(), /WMI_FILE[^]*filename/)
    })

    it("spans go to the collector that the environment names, and the last ones at the shutdown", async () => {
      const names = new Set<string>()
      const collector = createServer((incoming, answer) => {
        let text = ""
        incoming.on("data", (data: Uint8Array) => text += String(data))
        incoming.on("end", () => {
          for (const [, name] of text.matchAll(/"name":"([^"]+)","kind":/g)) names.add(name!)
          answer.end("{}")
        })
      })
      const port = await new Promise<number>((resolve) => {
        collector.listen(0, "127.0.0.1", () => resolve((collector.address() as { readonly port: number }).port))
      })
      try {
        const traced = await startService(runtime, { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` })
        await client(traced).post("/objects", Disk)
        traced.signal("SIGTERM")
        assert.strictEqual(await traced.ended, 0, traced.output())
        assert.includeMembers([...names], ["http.server POST", "wmi.put"])
      } finally {
        collector.closeAllConnections()
        collector.close()
      }
    })
  })
}
