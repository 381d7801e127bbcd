/** `effect-wmi put` on a terminal and under signals: the bar, Ctrl-C, SIGTERM. */
import { spawn, spawnSync } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { barLine, type BarState } from "../../src/cli/terminal/progress.ts"

const bin = fileURLToPath(new URL("../../dist/bin/effect-wmi.js", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "effect-wmi-terminal-"))
const command = [process.execPath, ...("Deno" in globalThis ? ["run", "-A"] : []), bin]

/** `script` of util-linux runs a command under a pseudo-terminal. */
const hasTerminal = (spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "").includes("util-linux")

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

interface Heard {
  readonly out: string
  readonly err: string
}

/** Runs a process. `react` sees all output so far, and is called until it returns `true`. */
const run = (
  [program, ...args]: ReadonlyArray<string>,
  react: (heard: Heard, child: ReturnType<typeof spawn>) => boolean = () => true
): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(program!, args, { cwd: folder, stdio: "pipe" })
    const heard = { out: "", err: "" }
    let reacted = false
    const hear = (name: "out" | "err") => (chunk: unknown): void => {
      heard[name] += String(chunk)
      reacted ||= react(heard, child)
    }
    child.stdout.on("data", hear("out"))
    child.stderr.on("data", hear("err"))
    child.on("close", (status) => resolve({ status, ...heard }))
  })

/** The command under a terminal of so many columns. Its two outputs are one. */
const onTerminal = (columns: number, args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const words = [...command, ...args].map((word) => `'${word}'`).join(" ")
  return ["script", "-qec", `stty cols ${columns} rows 24; exec ${words}`, "/dev/null"]
}

const count = 30_000
const instances = Array.from({ length: count }, (_, i) => `instance of A { Id = ${i}; };\n`)
writeFileSync(join(folder, "many.mof"), `class A { [key] uint32 Id; };\n${instances.join("")}`)
writeFileSync(
  join(folder, "refused.mof"),
  `instance of B { Id = 1; };\nclass A { [key] uint32 Id; };\n${instances.join("")}`
)

/** The texts that a terminal shows on one line, without escape sequences. */
const linesOf = (out: string): ReadonlyArray<string> =>
  // deno-lint-ignore no-control-regex
  out.replace(/\x1b\[[?0-9;]*[A-Za-z]/g, "").split(/[\r\n]+/).filter((line) => line !== "")

describe.skipIf(!hasTerminal)("put on a terminal of 80 columns", () => {
  it("Ctrl-C ends after a batch, gives the cursor back and says what is stored; the same command goes on", async () => {
    const args = ["put", "many.mof", "--store", "many.db"]
    const { out, status } = await run(onTerminal(80, args), ({ out }, child) => {
      if (!/% [1-9]\d*\//.test(out)) return false
      child.stdin!.write("\x03")
      return true
    })
    assert.strictEqual(status, 130, out)
    // deno-lint-ignore no-control-regex
    assert.strictEqual(out.match(/\x1b\[\?25[hl]/g)?.at(-1), "\x1b[?25h")
    const lines = linesOf(out)
    const said =
      /^effect-wmi: interrupted: (\d+) of 30001 puts are stored in many\.db \(\1 created, 0 updated, 0 unchanged\); the same command goes on$/
        .exec(lines.at(-1)!)
    assert.isNotNull(said, lines.at(-1))
    const stored = Number(said![1])
    assert.isAbove(stored, 0)
    assert.isBelow(stored, count)
    const again = await run([...command, ...args])
    assert.include(again.out, `${count + 1 - stored} created, 0 updated, ${stored} unchanged, 0 refused`)

    const bars = lines.filter((line) => line.includes("%"))
    assert.isNotEmpty(bars)
    for (const line of bars) {
      assert.match(line, /^many\.db \[#* *\] +\d+% \d+\/30001 \d+\/s (?:\S+ left, )?\d+ refused(?:\^C)?$/, line)
    }
    assert.isAtMost(Math.max(...lines.slice(0, -1).map((line) => line.length)), 80)
    assert.include(lines, "reading many.mof ...")
    assert.include(lines, "parsing many.mof ...")
  })
})

it("SIGTERM: status 143, and with --json a line of JSON; standard error has nothing else", async () => {
  const { err, status } = await run(
    [...command, "put", "refused.mof", "--json", "--store", "json.db"],
    ({ out }, child) => {
      if (!out.includes("refused")) return false
      child.kill("SIGTERM")
      return true
    }
  )
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
  const { err, out, status } = await run([...command, "put", "refused.mof"], ({ out }, child) => {
    if (!out.includes("refused")) return false
    child.kill("SIGINT")
    return true
  })
  assert.deepStrictEqual([status, out.split("\n").length], [130, 2])
  assert.match(
    err,
    /^(?:\d+\/30002 put, 1 refused\n)*effect-wmi: interrupted after \d+ of 30002 puts: nothing is kept\n$/
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
    it(`${columns} columns`, () => {
      assert.strictEqual(barLine(state, columns), line)
      assert.isBelow(line.length, columns)
    })
  }

  it("is shorter than the terminal, whatever it shows", () => {
    for (let columns = 1; columns <= 250; columns += 7) {
      for (const label of ["", "a.mof", "一二三四五六七八九十.mof", "x".repeat(300)]) {
        for (const done of [0, 1, 99_999, 100_001]) {
          const line = barLine({ ...state, label, done, seconds: done * 7 }, columns)
          assert.isBelow([...line].reduce((sum, one) => sum + (one <= "~" ? 1 : 2), 0), columns)
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
