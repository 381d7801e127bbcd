/**
 * Generated sequences of puts and deletes against the reference model: the same outcomes, the same repository.
 *
 * `SEQUENCES` is their number: 2,000 by default, 10,000 in continuous integration, which is enough to reach each status and each rule.
 * `SEQUENCES_SEED` is an integer that decides what is generated, 1 by default. `SEQUENCES_TABLE=1` prints how often each outcome
 * was reached.
 */
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import { afterAll, assert, describe, it } from "vitest"
import { emulator } from "./driver.ts"
import * as generator from "./generator.ts"
import { isRefusal, type Outcome, type Step } from "./outcome.ts"
import { play, type Played, playedText, replay } from "./play.ts"
import * as Random from "./random.ts"
import { shrink } from "./shrink.ts"
import { tally } from "./tally.ts"

const seed = Number(process.env["SEQUENCES_SEED"] ?? 1)
const sequences = Number(process.env["SEQUENCES"] ?? 2_000)

const runtime = ManagedRuntime.make(emulator)
afterAll(() => runtime.dispose())

/** 3 to 20 steps, more often few. */
const sequence = (random: Random.Random): Promise<Played> => {
  const length = 3 + Math.min(random.below(18), random.below(18), random.below(18))
  return runtime.runPromise(
    play((world, at) => at < length ? Option.some(generator.step(random, world)) : Option.none())
  )
}

const fails = async (steps: ReadonlyArray<Step>): Promise<boolean> =>
  (await runtime.runPromise(replay(steps))).differences.length > 0

const nameOf = (step: Step, outcome: Outcome): string =>
  `${step._tag === "Put" ? step.object._tag : "Delete"} ${
    isRefusal(outcome) ? outcome.status : outcome._tag === "Stored" ? outcome.disposition : "Deleted"
  }`

const seen = new Map<string, number>()
const reached = new Map<string, number>()
let agreed = false

const add = (to: Map<string, number>, name: string): void => {
  to.set(name, (to.get(name) ?? 0) + 1)
}

const count = ({ outcomes }: Played): void => {
  for (const [step, outcome, model] of outcomes) {
    add(seen, nameOf(step, outcome))
    if (!isRefusal(model)) continue
    add(reached, model.status)
    add(reached, model.rule)
  }
}

const here = dirname(fileURLToPath(import.meta.url))
const sources = readdirSync(here)
  .filter((name) => name.endsWith(".ts") && !name.startsWith("generator") && !name.endsWith(".test.ts"))
  .map((name) => [name, readFileSync(join(here, name), "utf8")] as const)

/** Every status and every rule that the model can refuse with, read off its source. */
const refusals = (group: 1 | 2): ReadonlyArray<string> =>
  [
    ...new Set(
      sources.flatMap(([, text]) =>
        [...text.matchAll(/(?:refuse|breach)\(\s*"(\w+)",\s*"([^"]+)"/g)].map((match) => match[group]!)
      )
    )
  ].sort()

/** The rules that refuse nothing, read off the source in the same way. */
const marks: ReadonlyArray<string> = [
  ...new Set(
    sources.flatMap(([, text]) => [...text.matchAll(/\bmark(?:ed)?\(\s*"([^"]+)"/g)].map(([, rule]) => rule!))
  )
].sort()

describe("the reference model", () => {
  it("imports the data types and nothing else of the library", () => {
    const around = new Set(["driver.ts", "play.ts"])
    const imports = sources
      .filter(([name]) => !around.has(name))
      .flatMap(([, text]) => [...text.matchAll(/from "(\.\.\/[^"]+|effect[^"]*)"/g)].map(([, from]) => from!))
    assert.deepStrictEqual(imports.filter((from) => !from.startsWith("../../src/model/")), [])
  })

  it(`agrees on ${sequences} sequences, seed ${seed}`, async () => {
    for (let i = 0; i < sequences; i++) {
      const played = await sequence(Random.make(Math.imul(seed, 0x9e3779b1) + Math.imul(i, 0x85ebca6b)))
      count(played)
      if (played.differences.length > 0) {
        const small = await runtime.runPromise(replay(await shrink(played.steps, fails)))
        assert.fail(`sequence ${i} of seed ${seed}:\n${playedText(small)}`)
      }
    }
    agreed = true
    if (process.env["SEQUENCES_TABLE"] !== undefined) {
      const table = [
        ...seen,
        ...refusals(2).map((rule) => [rule, reached.get(rule) ?? 0] as const),
        ...marks.map((rule) => [rule, tally.get(rule) ?? 0] as const)
      ]
      console.log(
        table.map(([name, n]) => `${String(n).padStart(7)} ${name}`).sort((a, b) => a.slice(8) < b.slice(8) ? -1 : 1)
          .join("\n")
      )
    }
  }, 600_000)

  // Fewer sequences do not reach every rule. CI runs 10,000 on Node.
  it.runIf(sequences >= 10_000)(
    "reaches each of its statuses and rules, and enough puts are stored",
    ({ skip }) => {
      skip(!agreed, "the library and the model differ")
      assert.deepStrictEqual(refusals(1).filter((status) => !reached.has(status)), [])
      assert.deepStrictEqual(refusals(2).filter((rule) => !reached.has(rule)), [])
      assert.deepStrictEqual(marks.filter((rule) => !tally.has(rule)), [])
      for (const kind of ["Class", "Instance"]) {
        const of = [...seen].filter(([name]) => name.startsWith(`${kind} `))
        const sum = (names: ReadonlyArray<string>): number =>
          of.filter(([name]) => names.length === 0 || names.includes(name)).reduce((total, [, n]) => total + n, 0)
        const stored = ["Created", "Updated", "Unchanged", "Stored"].map((name) => `${kind} ${name}`)
        assert.isAbove(sum(stored) / sum([]), 0.35, kind)
        for (const name of stored.slice(0, 3)) assert.isAbove(seen.get(name) ?? 0, 500, name)
      }
      assert.isAbove(seen.get("Delete Deleted") ?? 0, 500)
    }
  )
})
