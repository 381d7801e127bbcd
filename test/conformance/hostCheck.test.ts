/** `host-check` on a fake host: one that meets every assumption, and one for each assumption that it violates. */
import { assert, describe, it } from "vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { casesOf } from "../../src/conformance/windows/hostCases.ts"
import type { Json } from "../../src/conformance/vocabulary.ts"
import { check, statusOf } from "../../src/conformance/windows/hostCheck.ts"
import { words } from "../../src/cli/place/target.ts"
import { script } from "../../src/cli/commands/hostScript.ts"
import * as HostRecording from "../../src/windows/HostRecording.ts"
import { allGone, executor, type Fake, Folder, options } from "../windows/fakeHostFixture.ts"

const disk = {
  name: "Disk",
  properties: [{ name: "Id", type: "uint32", qualifiers: { key: true } }, { name: "Label", type: "string" }]
}

const put = (id: string, flags: number, then: object, given: object = {}): Json =>
  casesOf(
    JSON.stringify([{
      id,
      title: `a disk with the flags ${flags}`,
      given: { classes: [disk], instances: [{ class: "Disk", props: { Id: 1, Label: "old" } }], ...given },
      when: { object: { kind: "instance", class: "Disk", props: { Id: 1, Label: "new" } }, flags },
      then
    }]),
    "here"
  )[0]!

const label = (written: string) => ({
  repository: { instances: [{ class: "Disk", props: { Id: 1, Label: written } }] }
})

/** A put that succeeds, one that is refused, one that does not reach the host, and three that are not applicable. */
const cases: ReadonlyArray<Json> = [
  put("done", 0, { returns: "accepted", hresult: "0x00000000", ...label("new") }),
  put("refused", 2, { hresult: "0x80041019", repository: { unchanged: true } }),
  put("at-once", 3, { returns: "raised", hresult: "0x80041008", repository: { unchanged: true } }),
  put("rights", 0, { hresult: "0x80041003" }, { access: ["enable"] }),
  put("impossible", 0, { hresult: "0x00000000" }, { instances: [{ class: "Disk", props: { Id: 1, Label: 5 } }] }),
  { id: "path", op: "samePath", a: "A", b: "a", expect: true }
]

const run = async (fake: Fake, asked: ReadonlyArray<Json> = cases) => {
  const folder = new Folder()
  const lines: Array<string> = []
  const recording: Array<HostRecording.Entry> = []
  try {
    const answer = await Effect.runPromise(Effect.provide(
      Effect.either(check({
        host: options(folder, { state: folder.file("state"), methods: true, ...fake }),
        namespace: "root\\default",
        id: "test",
        cases: asked,
        record: (entry) => recording.push(entry),
        print: (line) => lines.push(line),
        kill: (pid) => process.kill(pid, "SIGKILL")
      })),
      executor
    ))
    await Effect.runPromise(allGone(folder))
    return { answer, lines, recording, state: folder.lines("state").join("\n"), pids: folder.lines("pids").length }
  } finally {
    folder.remove()
  }
}

const failing = (rows: ReadonlyArray<{ readonly id: string; readonly holds: boolean | undefined }>) =>
  rows.filter(({ holds }) => holds === false).map(({ id }) => id)

describe("host-check", () => {
  it("a computer as assumed: every applicable assumption holds, the score equals the emulator's, nothing is left behind", async () => {
    const { answer, lines, pids, recording, state } = await run({ edition: "Desktop" })
    const found = Either.getOrThrow(answer)
    assert.deepStrictEqual(failing(found.rows), [], lines.join("\n"))
    assert.deepStrictEqual(found.rows.filter(({ holds }) => holds === undefined).map(({ id }) => id), ["V8"])
    const { notApplicable, ...score } = found.score
    assert.deepStrictEqual(
      score,
      { run: 3, answeredLocally: 1, passedByEmulator: 3, failing: [], passed: 3 },
      lines.join("\n")
    )
    assert.deepStrictEqual([...notApplicable.values()], [["rights"], ["impossible"], ["path"]])
    assert.match([...notApplicable.keys()].join(), /no put leads to what it begins with \(TypeMismatch\)/)
    assert.deepStrictEqual(found.leftovers, [])
    assert.notMatch(state, /ewmi_/i)
    const said = (op: string) => recording.filter(({ d, f }) => d === ">" && f["op"] === op).length
    assert.strictEqual(said("release"), 5, "the namespace of the check and those of four cases are left behind")
    assert.strictEqual(statusOf(found), 0)
    assert.strictEqual(pids, 2, "one was killed in the middle of a put")
    assert.match(lines.join("\n"), /V9 .* holds .* the (old|new) one is there/)
    assert.isAbove(HostRecording.puts(recording).length, 20)
  })

  for (const wrong of ["V1", "V2", "V3", "V4", "V5", "V6", "V7", "V10"]) {
    it(`a computer where ${wrong} does not hold is detected`, async () => {
      const { answer, lines } = await run({ wrong })
      const rows = failing(Either.getOrThrow(answer).rows)
      assert.include(rows, wrong, lines.join("\n"))
      // Lost text is lost in the arrays too; no other assumption may fail.
      assert.deepStrictEqual(rows.filter((id) => id !== wrong && id !== "V2"), [])
    })
  }

  it("a failing case is named, the score is lower than the emulator's, and the status is 1", async () => {
    const { answer, lines } = await run({ wrong: "V7" })
    const found = Either.getOrThrow(answer)
    assert.deepStrictEqual(found.score.failing, ["refused"])
    assert.include(lines.join("\n"), "refused  a disk with the flags 2  ")
    assert.include(lines.join("\n"), "cases: 2 of 3 here, 3 of 3 by the emulator")
    assert.strictEqual(statusOf(found), 1)
  })

  it("without a managed engine methods cannot be put, and the rows say so", async () => {
    const { answer } = await run({ methods: false })
    assert.deepStrictEqual(failing(Either.getOrThrow(answer).rows), ["V3", "V5"])
  })

  it("a host that does not start and a namespace that denies access are errors that say what to do", async () => {
    const constrained = (await run({ mode: "constrained" })).answer
    assert.match(Either.isLeft(constrained) ? constrained.left.message : "", /host-script --file/)
    const denied = (await run({ deny: true })).answer
    assert.strictEqual(Either.isLeft(denied) && denied.left.status, "AccessDenied")
  })

  it("a prefix is split into words as in a shell, without expansion", () => {
    assert.deepStrictEqual(words("ssh -T -o 'A=b c' \"ops x@w\" $(x)"), ["ssh", "-T", "-o", "A=b c", "ops x@w", "$(x)"])
  })
})

describe("host-script", () => {
  it("prints one part at a time", () => {
    assert.throws(() => script({ file: true, core: true }), /--file and --core name different parts/)
  })
})
