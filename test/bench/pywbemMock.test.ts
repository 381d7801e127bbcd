/** The conversation of the bench with the Python process that puts, over a fake of that process: no Python is needed. */
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { start, whyNot, type World } from "../../bench/pywbemMock.ts"

const script = fileURLToPath(new URL("./fakePython.mjs", import.meta.url))

const world: World = {
  mof: "class Demo_Thing { [key] uint32 Id; string Short; };",
  name: "Demo_Thing",
  types: { Id: "uint32", Short: "string" },
  rows: [[1, "a"], [2, "b"]]
}

const told = (wrong: string) => start(["node", script, wrong], world)

/** What a promise is rejected with. */
const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then((value) => assert.fail(`answered ${JSON.stringify(value)}`), (error: Error) => error.message)

describe("pywbem's mock beside ours", () => {
  it("sends the instances once and returns a figure for each round", async () => {
    const mock = await told("")
    assert.deepStrictEqual([mock.pywbem, mock.python], ["0.0", "0.1"])
    for (let i = 0; i < 2; i++) {
      assert.deepStrictEqual(await mock.round(), { seconds: 0.5, stored: 2, last: { Id: 2, Short: "b" } })
    }
    await mock.stop()
  })

  it("fails with the error output of Python when it ends before its first answer", async () => {
    assert.strictEqual(await refusal(told("no hello")), "node ended with 3\nImportError: no luck")
  })

  it("fails with the error output of Python when it ends in a round", async () => {
    const mock = await told("ends")
    assert.strictEqual(await refusal(mock.round()), "node ended with 4\nTraceback: CIM_ERR_FAILED")
  })

  it("fails with the line of Python when it is no JSON", async () => {
    const mock = await told("no JSON")
    const expected = "node said something odd: Warning: something is deprecated\na warning"
    assert.strictEqual(await refusal(mock.round()), expected)
  })

  it("fails when the answer has another form", async () => {
    const mock = await told("another form")
    assert.match(await refusal(mock.round()), /^node said something odd: \{"seconds":"long"/)
  })

  it("fails when Python ends with an error after the last round", async () => {
    const mock = await told("ends badly")
    await mock.round()
    assert.strictEqual(await refusal(mock.stop()), "node ended with 5\nTraceback: at the end")
  })

  it("fails when there is no such program", async () => {
    assert.match(await refusal(start(["no-such-python"], world)), /no-such-python/)
  })

  it("says why a program cannot import it", () => {
    assert.match(whyNot("no-such-python") ?? "", /no-such-python|ENOENT/)
    // To node, `-c` means the name of a file.
    assert.match(whyNot("node") ?? "", /\S/)
  })
})
