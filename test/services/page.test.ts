/** `docs/services.md`: its JSON is put, and its install commands name the versions that the tests use. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import * as WmiSchema from "../../src/codec/WmiSchema.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as Wmi from "../../src/Wmi.ts"

const text = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")
const page = text("docs/services.md")

describe("docs/services.md", () => {
  it("its requests are put, and the second one only once", async () => {
    const requests = [...page.matchAll(/```json\n([^]*?)```/g)].map(([, json]) =>
      Schema.decodeUnknownSync(Schema.parseJson(WmiSchema.PutRequest))(json)
    )
    assert.deepStrictEqual(requests.map(({ object }) => object._tag), ["Class", "Instance"])
    const again = await Effect.runPromise(Effect.provide(
      Effect.zipRight(Effect.forEach(requests, PutAsync.put), Effect.flip(PutAsync.put(requests[1]!))),
      Wmi.layerMemory
    ))
    assert.strictEqual(again._tag, "WbemAlreadyExists")
  })

  it("its install commands name versions that fit the packages of the tests and the peers", () => {
    const manifest = JSON.parse(text("package.json")) as {
      readonly devDependencies: Readonly<Record<string, string>>
      readonly peerDependencies: Readonly<Record<string, string>>
    }
    const commands = [...page.matchAll(/^npm install ([^#\n]*)/gm)].flatMap(([, packages]) =>
      packages!.trim().split(/\s+/)
    )
    const given = commands.filter((one) => one !== "effect-wmi" && one !== "--save-dev" && one !== "@types/ws")
    assert.sameMembers(given.map((one) => one.replace(/(?<=.)@.*$/, "")), [
      "effect",
      "@effect/platform",
      "@effect/sql",
      "@effect/experimental",
      "@effect/opentelemetry",
      "@effect/platform-node",
      "libsql"
    ])
    for (const one of given) {
      const [, name, version] = /^(.+)@([\d.]+)$/.exec(one) ?? assert.fail(`${one} has no version`)
      const [major, minor] = manifest.devDependencies[name!]!.split(".")
      assert.strictEqual(version, major === "0" ? `0.${minor}` : major, one)
      const peer = manifest.peerDependencies[name!]
      if (peer !== undefined) assert.isTrue(peer.startsWith(`^${version}.`), `${one} and the peer ${peer}`)
    }
  })
})
