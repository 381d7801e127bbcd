/** Lists from hosts that break in the middle: the whole list from another host, or an error, and never a part of the list. */
import * as Effect from "effect/Effect"
import { assert, describe, it } from "vitest"
import * as Instance from "../../src/model/Instance.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"
import type * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"
import { type Folder, withFake } from "./fakeHostFixture.ts"

const ids = Array.from({ length: 150 }, (_, i) => `d${i}`)

/** Puts 150 instances and lists them. */
const listed = Effect.zipRight(
  Effect.forEach(ids, (Id) => PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id }))), { concurrency: 16 }),
  Effect.match(Wmi.instancesOf("Demo_Disk"), {
    onFailure: (error) => `${error.status}${error.status === "TransportFailure" ? ` ${String(error.sent)}` : ""}`,
    onSuccess: (found) => found.length
  })
)

const run = (mode: string, isOnce: boolean, more: PowerShellRepository.Options = {}) =>
  withFake(
    (folder) => Effect.map(listed, (answer) => [answer, folder.lines("pids").length]),
    (folder: Folder) => ({ mode, state: folder.file("state"), ...(isOnce ? { once: folder.file("once") } : {}) }),
    more
  )

const short: PowerShellRepository.Options = { timeouts: { request: 700, grace: 100, ping: 5000, pong: 5000 } }

describe("a host that breaks in the middle of a list", () => {
  it("ends: the list is read again from another host", async () =>
    assert.deepStrictEqual(await run("crashInRows", true), [150, 2]))

  it("ends each time: TransportFailure, and nothing was sent that changes something", async () =>
    assert.deepStrictEqual(await run("crashInRows", false), ["TransportFailure false", 2]))

  it("hangs: the list is read again from another host", async () =>
    assert.deepStrictEqual(await run("hangInRows", true, short), [150, 2]))

  it("answers with a class in place of an instance: Failed", async () =>
    assert.deepStrictEqual(await run("classRows", false), ["Failed", 1]))

  it("says that there were more rows than arrived: Failed", async () =>
    assert.deepStrictEqual(await run("fewerRows", false), ["Failed", 1]))
})
