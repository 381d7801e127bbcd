/** `effect-wmi put` on a terminal and under signals: the bar, Ctrl-C, SIGTERM. */
import { spawn } from "node:child_process"
import { assert, describe, it } from "vitest"
import { barLine, type BarState } from "../../src/cli/terminal/progress.ts"
import { cellsOf } from "../../src/model/text/cells.ts"
import { type Ended, environment, makeFolder, started } from "./command.ts"
import { noTerminal, onTerminal, showsCursor, withoutSequences } from "./pty.ts"

const { file, path: cwd, run } = makeFolder()

const count = 20_000
const instances = Array.from({ length: count }, (_, i) => `instance of A { Id = ${i}; };\n`).join("")
file("many.mof", `class A { [key] uint32 Id; };\n${instances}`)
file("refused.mof", `instance of B { Id = 1; };\nclass A { [key] uint32 Id; };\n${instances}`)

const statuses = { SIGINT: 130, SIGTERM: 143 } as const

/** Runs the command in a pipe, and sends a signal when its first line of output is there. */
const interrupted = (signal: keyof typeof statuses, args: ReadonlyArray<string>): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(started[0], [...started.slice(1), ...args], { cwd, env: environment() })
    const ended = { out: "", err: "" }
    child.stdout.on("data", (chunk) => {
      if (ended.out === "") child.kill(signal)
      ended.out += String(chunk)
    })
    child.stderr.on("data", (chunk) => (ended.err += String(chunk)))
    // Deno reports the status 130 of a child as the signal SIGINT. What the command prints tells the two apart.
    child.on("close", (status, by) => resolve({ status: status ?? statuses[by as typeof signal], ...ended }))
  })

/** The texts that a terminal shows on one line. */
const linesOf = (output: string): ReadonlyArray<string> =>
  withoutSequences(output).split(/[\r\n]+/).filter((line) => line !== "")

describe.skipIf(noTerminal !== undefined)("put on a terminal of 80 columns", () => {
  it("Ctrl-C ends after a batch, gives the cursor back and says what is stored; the same command goes on", async () => {
    const args = ["put", "many.mof", "--store", "many.db"]
    const { output, status } = await onTerminal(args, { cwd, answers: [{ after: /% [1-9]\d*\//, send: "\x03" }] })
    assert.strictEqual(status, 130, output)
    assert.isTrue(output.includes("\x1b[?25l") && showsCursor(output))
    const lines = linesOf(output)
    const said =
      /^effect-wmi: interrupted: (\d+) of 20001 puts are stored in many\.db \(\1 created, 0 updated, 0 unchanged\); the same command goes on$/
        .exec(lines.at(-1)!)
    assert.isNotNull(said, lines.at(-1))
    const stored = Number(said![1])
    assert.isAbove(stored, 0)
    assert.isBelow(stored, count)
    assert.include(run(args).out, `${count + 1 - stored} created, 0 updated, ${stored} unchanged, 0 refused`)

    const bars = lines.filter((line) => line.includes("%"))
    assert.isNotEmpty(bars)
    const bar = /^many\.db \[#* *\] +\d+% \d+\/20001 \d+\/s (?:\S+ left, )?\d+ refused(?:\^C)?$/
    for (const line of bars) assert.match(line, bar, line)
    assert.isAtMost(Math.max(...lines.slice(0, -1).map((line) => line.length)), 80)
    assert.include(lines, "reading many.mof ...")
    assert.include(lines, "parsing many.mof ...")
  })
})

it("SIGTERM: status 143, and with --json a line of JSON; standard error has nothing else", async () => {
  const { err, status } = await interrupted("SIGTERM", ["put", "refused.mof", "--json", "--store", "json.db"])
  assert.strictEqual(status, 143, err)
  const { created, stored, ...rest } = JSON.parse(err) as Record<string, unknown>
  assert.strictEqual(created, stored)
  assert.deepInclude(rest, {
    interrupted: "SIGTERM",
    puts: count + 2,
    updated: 0,
    unchanged: 0,
    refused: 1,
    unknown: 0
  })
})

it("without a store nothing is kept", async () => {
  const { err, out, status } = await interrupted("SIGINT", ["put", "refused.mof"])
  assert.deepStrictEqual([status, out.split("\n").length], [130, 2])
  assert.match(
    err,
    /^(?:\d+\/20002 put, 1 refused\n)*effect-wmi: interrupted after \d+ of 20002 puts: nothing is kept\n$/
  )
})

describe("the line of a bar", () => {
  const state: BarState = { label: "cim_schema_2.49.0.mof.gz", total: 100_001, done: 14_669, refused: 7, seconds: 1 }
  const rows: ReadonlyArray<readonly [columns: number, line: string]> = [
    [
      200,
      "cim_schema_2.49.0.mof.gz [######                                  ]  14% 14669/100001 14669/s 6s left, 7 refused"
    ],
    [80, "...hema_2.49.0.mof.gz [#       ]  14% 14669/100001 14669/s 6s left, 7 refused"],
    [60, "[#         ]  14% 14669/100001 14669/s 6s left, 7 refused"],
    [40, " 14% 14669/100001 14669/s 7 refused"],
    [30, " 14% 14669/100001 7 refused"],
    [20, " 14% 7 refused"],
    [8, " 14%"],
    [4, ""]
  ]
  for (const [columns, line] of rows) {
    it(`the bar is cut to ${columns} columns, the least important part first`, () => {
      assert.strictEqual(barLine(state, columns), line)
      assert.isBelow(line.length, columns)
    })
  }

  it("is shorter than the terminal, whatever it shows", () => {
    for (let columns = 1; columns <= 250; columns += 7) {
      for (const label of ["", "a.mof", "一二三四五六七八九十.mof", "x".repeat(300)]) {
        for (const done of [0, 1, 99_999, 100_001]) {
          const line = barLine({ ...state, label, done, seconds: done * 7 }, columns)
          assert.isBelow(cellsOf(line), columns)
        }
      }
    }
  })

  it("the time left is in seconds, minutes or hours", () => {
    const left = (seconds: number): string | undefined =>
      /\S+ left/.exec(barLine({ ...state, done: 1, total: 2, seconds }, 200))?.[0]
    assert.deepStrictEqual([left(0.2), left(59), left(61), left(7265)], [
      "1s left",
      "59s left",
      "1m01s left",
      "2h01m left"
    ])
  })
})
