/** `host-check` over a fake host: what it finds on one that is as assumed, and on one that is not in a single thing. */
import { assert, describe, it } from "vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { cases } from "../../src/cli/checkCases.ts"
import { check, words } from "../../src/cli/hostCheck.ts"
import { script } from "../../src/cli/hostScript.ts"
import * as HostRecording from "../../src/repository/HostRecording.ts"
import { allGone, executor, type Fake, Folder, options } from "../powershell/fake.ts"

const run = async (fake: Fake) => {
  const folder = new Folder()
  const lines: Array<string> = []
  try {
    const answer = await Effect.runPromise(Effect.provide(
      Effect.either(check({
        host: options(folder, { state: folder.file("state"), methods: true, ...fake }),
        namespace: "root\\default",
        id: "test",
        print: (line) => lines.push(line),
        kill: (pid) => process.kill(pid, "SIGKILL")
      })),
      executor
    ))
    await Effect.runPromise(allGone(folder))
    return { answer, lines, state: folder.lines("state").join("\n"), pids: folder.lines("pids").length }
  } finally {
    folder.remove()
  }
}

const failing = (rows: ReadonlyArray<{ readonly id: string; readonly holds: boolean | undefined }>) =>
  rows.filter(({ holds }) => holds === false).map(({ id }) => id)

describe("host-check", () => {
  it("a computer as assumed: every row that can be asked holds, the score is the emulator's, nothing stays", async () => {
    const { answer, lines, pids, state } = await run({ edition: "Desktop" })
    const found = Either.getOrThrow(answer)
    assert.deepStrictEqual(failing(found.rows), [], lines.join("\n"))
    assert.deepStrictEqual(found.rows.filter(({ holds }) => holds === undefined).map(({ id }) => id), ["V8"])
    assert.strictEqual(found.emulated, cases.length, lines.join("\n"))
    assert.strictEqual(found.score, cases.length, lines.join("\n"))
    assert.deepStrictEqual(found.left, [])
    assert.notInclude(state, "ewmi_check")
    assert.strictEqual(pids, 2, "one was killed in the middle of a put")
    assert.match(lines.join("\n"), /V9 .* holds .* the (old|new) one is there/)
    assert.isAbove(HostRecording.puts(found.recording).length, 20)
  })

  for (const wrong of ["V1", "V2", "V3", "V4", "V5", "V6", "V7", "V10"]) {
    it(`a computer where ${wrong} does not hold is found out`, async () => {
      const { answer, lines } = await run({ wrong })
      const rows = failing(Either.getOrThrow(answer).rows)
      assert.include(rows, wrong, lines.join("\n"))
      // Text that is lost is lost in the lists too; nothing else may fall with it.
      assert.deepStrictEqual(rows.filter((id) => id !== wrong && id !== "V2"), [])
    })
  }

  it("no managed engine: methods cannot be put, and the rows say so", async () => {
    const { answer } = await run({ methods: false })
    assert.deepStrictEqual(failing(Either.getOrThrow(answer).rows), ["V3", "V5"])
  })

  it("a host that does not start, or a namespace that lets nobody in, is an error that says what to do", async () => {
    const constrained = (await run({ mode: "constrained" })).answer
    assert.match(Either.isLeft(constrained) ? constrained.left.message : "", /host-script --file/)
    const denied = (await run({ deny: true })).answer
    assert.strictEqual(Either.isLeft(denied) && denied.left.status, "AccessDenied")
  })

  it("a prefix is cut as a shell would, and nothing in it is expanded", () => {
    assert.deepStrictEqual(words("ssh -T -o 'A=b c' \"ops x@w\" $(x)"), ["ssh", "-T", "-o", "A=b c", "ops x@w", "$(x)"])
  })
})

describe("host-script", () => {
  it("one part at a time", () => {
    assert.throws(() => script({ file: true, core: true }), /one of --file, --core/)
  })
})
