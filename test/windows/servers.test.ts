/** The server in a namespace: what a host is asked to connect to. The host is the fake one, whose computer has the name FAKE in its paths. */
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import * as Instance from "../../src/model/Instance.ts"
import type { NamespaceReader } from "../../src/pipeline/NamespaceReader.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { WbemError } from "../../src/protocol/WbemError.ts"
import * as Wmi from "../../src/Wmi.ts"
import { withFake } from "./fakeHostFixture.ts"

type Needs = PutAsync.Stages | NamespaceReader

const put = (namespace: string) => PutRequest.make(Instance.make("Demo_Disk", { Id: "a" }), { namespace })

/** Each verb in a namespace. */
const verbs: ReadonlyArray<(namespace: string) => Effect.Effect<unknown, WbemError, Needs>> = [
  (namespace) => PutAsync.put(put(namespace)),
  (namespace) => Wmi.get("Demo_Disk", { namespace }),
  (namespace) => Wmi.delete('Demo_Disk.Id="none"', { namespace }),
  (namespace) => Wmi.classes({ namespace }),
  (namespace) => Wmi.instancesOf("Demo_Disk", { namespace }),
  (namespace) => Wmi.namespacesIn(namespace)
]

const written = FastCheck.array(
  FastCheck.constantFrom(
    "\\",
    "/",
    "\\\\",
    "\\\\FAR\\",
    "\\\\.\\",
    "OTHER",
    ".",
    "localhost",
    "root",
    "root\\cimv2",
    ":",
    ""
  ),
  { maxLength: 8 }
).map((parts) => parts.join(""))

describe("the namespace of a connection", () => {
  it("never begins with a separator, whatever text is given to whatever verb", async () => {
    const texts = FastCheck.sample(written, { numRuns: 80, seed: 7 })
    const connected = await withFake(
      (folder) =>
        Effect.as(
          Effect.forEach(texts, (text) => Effect.forEach(verbs, (verb) => Effect.either(verb(text)))),
          folder
        ).pipe(Effect.map(() => folder.lines("connects").map((line) => (JSON.parse(line) as { ns: string }).ns))),
      (folder) => ({ connects: folder.file("connects") }),
      { connect: { server: "FAR" } }
    )
    assert.include(connected, "root\\cimv2")
    assert.deepStrictEqual(connected.filter((ns) => !/^\w+(?:\\\w+)*$/.test(ns)), [])
  })
})

describe("a computer whose name is not known", () => {
  const answer = (namespace: string, shut: ReadonlyArray<string>) =>
    withFake(
      () =>
        Effect.match(Wmi.classes({ namespace }), {
          onFailure: ({ message }) => message,
          onSuccess: (classes) => classes.length
        }),
      { shut }
    )

  it("the name is read in the namespace that is given, if the caller may not open root", async () =>
    assert.match(
      String(await answer("\\\\OTHER\\root\\cimv2", ["root"])),
      /^InvalidNamespace .*it is on another computer/
    ))

  it("neither can be opened: the answer of the namespace that is given", async () =>
    assert.match(String(await answer("\\\\OTHER\\root\\cimv2", ["root", "root\\cimv2"])), /^AccessDenied /))

  it("root cannot be opened and the text is no namespace: it is not sent", async () =>
    assert.match(String(await answer("\\\\OTHER\\root\\\\x", ["root"])), /^InvalidNamespace .*cannot be read in root/))

  it("root cannot be opened and the namespace is not there: the error says that the name is not known", async () =>
    assert.strictEqual(
      await answer("\\\\OTHER\\root\\none", ["root"]),
      "InvalidNamespace (0x8004100E): namespace \\\\OTHER\\root\\none: this computer has no namespace root\\none, and the name of this computer cannot be read in root: OTHER may be another computer"
    ))
})
