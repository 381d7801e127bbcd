/** `host-check` over PowerShell's own engine and the loop: a computer that fulfils all assumptions, and ones that break one each. */
import { readFileSync } from "node:fs"
import { afterEach, assert, it } from "vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { assumptions } from "../../src/conformance/windows/assumptions.ts"
import { isObject, type Json } from "../../src/conformance/vocabulary.ts"
import { casesOf } from "../../src/conformance/windows/hostCases.ts"
import { check, statusOf } from "../../src/conformance/windows/hostCheck.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as Instance from "../../src/model/Instance.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as HostRecording from "../../src/windows/HostRecording.ts"
import * as Wmi from "../../src/Wmi.ts"
import { executor } from "./fakeHostFixture.ts"
import { type RemoteComputer, remoteComputer } from "./remoteComputer.ts"
import { withEngine } from "./sharedHost.ts"

/** The prelude with every occurrence of a line replaced. */
const instead = (from: string, to: string) => (prelude: string): string => {
  assert.include(prelude, from)
  return prelude.replaceAll(from, () => to)
}

/** The prelude with text added at its end. */
const behind = (more: string) => (prelude: string): string => `${prelude}\n${more}`

const values = "param([int] $Cim, [bool] $Array, $V)"

/** Windows PowerShell 5.1 by its hello frame; it still reads JSON as PowerShell 7. */
const desktop = behind(`class PlayedEdition {
  [bool] Equals([object] $other) { return 'Core' -ceq $other }
  [int] GetHashCode() { return 1 }
  [string] ToString() { return 'Desktop' }
}
$PSVersionTable['PSEdition'] = [PlayedEdition]::new()`)

interface Wrong {
  readonly id: string
  readonly is: string
  readonly altered: (prelude: string) => string
  /** Other assumptions that fail with it. */
  readonly too?: ReadonlyArray<string>
}

/** A computer for each assumption, which does not fulfil it. V8 cannot be checked without a provider. */
const wrong: ReadonlyArray<Wrong> = [
  {
    id: "V1",
    is: "a negative number is no uint32",
    altered: instead(
      values,
      `${values}\n  if ($Cim -eq 19 -and $V -is [int] -and $V -lt 0) { throw (New-FakeError 0x80041005 'negative') }`
    )
  },
  {
    id: "V2",
    is: "a list of objects is no list of a type",
    altered: instead(
      values,
      `${values}\n  if ($Array -and $V -is [object[]]) { throw (New-FakeError 0x80041005 'a list of objects') }`
    )
  },
  {
    id: "V3",
    is: "the options of a put have no flags",
    altered: (prelude) =>
      instead("  [int] $Flags\n", "  [int] $Hidden\n")(
        instead("  $flags = $Options.Flags\n", "  $flags = $Options.Hidden\n")(prelude)
      )
  },
  {
    id: "V4",
    is: "the services object shows no Put",
    altered: instead(
      "  Put = {\n    return , (Save-FakeObject $args[0]",
      "  Putt = {\n    return , (Save-FakeObject $args[0]"
    )
  },
  {
    id: "V5",
    is: "methods cannot be added",
    altered: instead(
      "  [void] Add([string] $name, [object] $ins, [object] $outs) {",
      "  [void] Add([string] $name, [object] $ins, [object] $outs) {\n    throw (New-FakeError 0x80041024 'no methods')"
    ),
    too: ["V3"] // its class has a method
  },
  {
    id: "V6",
    is: "SWbemLastError is empty",
    altered: instead("$script:FakeLast[$k] = $answer['status'][$k]", "continue")
  },
  {
    id: "V7",
    is: "create-only replaces what is there",
    altered: instead("flags = [int]$Arguments[$Flags];", "flags = [int]$Arguments[$Flags] -band (-bnot 2);"),
    too: ["V6"] // its put does not fail then, and the loop has no extended status for a get
  },
  {
    id: "V9",
    is: "a put takes the old object away before the new one is there",
    altered: instead(
      "  $m = New-LoopMessage 'put' $O.Svc $Rest 0\n",
      `  $m = New-LoopMessage 'put' $O.Svc $Rest 0
  $id = $O.Properties_.Map['Id']
  if ($null -ne $id -and -not $O.Path_.IsClass -and 'cut' -eq $id.Cell.v -and $O.Properties_.Map['N'].Cell.v -eq 2) {
    [void](Send-Loop @{ op = 'delete'; ns = $O.Svc.Ns; flags = 0; path = $O.Path_.Class + '.Id="cut"' })
    [Threading.Thread]::Sleep(20000)
  }
`
    )
  },
  {
    id: "V10",
    is: "text beyond ASCII does not arrive",
    altered: instead("return , @('s', $V)", "return , @('s', ($V -replace '[^ -~]', '?'))"),
    too: ["V2"] // lists of text
  },
  {
    id: "V11",
    is: "on 5.1 the number of a failed call is lost",
    altered: (prelude) =>
      desktop(
        instead(
          "  throw [Runtime.InteropServices.COMException]::new(",
          "  if ($Message['op'] -ceq 'get') { throw [Exception]::new('lost') }\n  throw [Runtime.InteropServices.COMException]::new("
        )(prelude)
      )
  }
]

/** A check takes seconds, so one computer breaks several independent assumptions. V9 needs a prefix as V10 does. */
const computers: ReadonlyArray<ReadonlyArray<string>> = [
  ["V1", "V4", "V6"],
  ["V2", "V3", "V7"],
  ["V5"],
  ["V9", "V10"],
  ["V11"]
]

const publicCases: ReadonlyArray<Json> = ["put-cases.json", "rule-cases.json"].flatMap((file) =>
  casesOf(readFileSync(new URL(`../conformance/${file}`, import.meta.url), "utf8"), file)
)

/** Three cases that depend on a qualifier of a class, and three that do not. */
const abstractAndOthers = ["cc-001", "cc-002", "cc-011", "cc-013", "cc-014", "cc-016"]

/** What is done to the remote computer before the check and during it. */
interface Run {
  readonly behindPrefix?: boolean
  readonly altered?: (prelude: string) => string
  readonly cases?: ReadonlyArray<Json>
  readonly before?: ReadonlyArray<WbemObject>
  readonly heard?: (entries: number) => void
}

withEngine("T4: host-check", (engine) => {
  let remote: RemoteComputer | undefined
  afterEach(async () => {
    await remote?.close()
    remote = undefined
  })

  const start = async ({ altered = String, before = [], behindPrefix = false, cases = [], heard }: Run) => {
    remote = await remoteComputer(engine, { server: "FAR", altered })
    for (const object of before) {
      await remote.world.runPromise(PutAsync.put(PutRequest.make(object, { namespace: "root\\default" })))
    }
    const lines: Array<string> = []
    const recording: Array<HostRecording.Entry> = []
    const state = remote.world.runPromise(Effect.map(Wmi.snapshot, Snapshot.entries))
    const checked = Effect.provide(
      check({
        host: behindPrefix ? { prefix: remote.prefix } : { powershell: engine.command, prelude: remote.prelude },
        namespace: "root\\default",
        id: "t4",
        cases,
        print: (line) => lines.push(line),
        record: (entry) => {
          const entries = recording.push(entry)
          heard?.(entries)
        },
        kill: (pid) => process.kill(pid, "SIGKILL")
      }),
      executor
    )
    return { checked, lines, recording, before: await state }
  }

  const stays = (): Promise<ReturnType<typeof Snapshot.entries>> =>
    remote!.world.runPromise(Effect.map(Wmi.snapshot, Snapshot.entries))

  const run = async (given: Run) => {
    const { before, checked, lines, recording } = await start(given)
    const result = await Effect.runPromise(checked)
    assert.deepStrictEqual(await stays(), before, "what was there is there, and nothing else")
    const rows = (holds: boolean | undefined) => result.rows.filter((row) => row.holds === holds).map(({ id }) => id)
    return { ...result, fails: rows(false), notAsked: rows(undefined), lines: lines.join("\n"), recording }
  }

  it("a computer that fulfils the assumptions: every checked row holds, the score is the emulator's, nothing is left", {
    timeout: 300_000
  }, async () => {
    const found = await run({ behindPrefix: true, cases: publicCases })
    const { fails, leftovers, lines, notAsked, recording, score } = found
    assert.deepStrictEqual(fails, [], lines)
    assert.deepStrictEqual(notAsked, ["V8", "V11"])
    for (const id of ["V1", "V8", "V11"]) assert.match(lines, new RegExp(`^${id} `, "m"))
    assert.deepStrictEqual(score.failing, [], lines)
    assert.deepStrictEqual([score.passed, score.passedByEmulator], [score.run, score.run], lines)
    const unasked = [...score.notApplicable.values()].flat()
    assert.strictEqual(score.run + unasked.length, publicCases.length)
    assert.include(
      lines,
      `cases: ${score.run} of ${score.run} here, ${score.run} of ${score.run} by the emulator`
    )
    for (const [reason, ids] of score.notApplicable) {
      assert.include(lines, `not asked: ${ids.length}, ${reason}: ${ids.join(" ")}`)
    }
    assert.isAbove(score.run - score.answeredLocally, 150, "most cases get to the computer")
    assert.deepStrictEqual(leftovers, [])
    assert.strictEqual(statusOf(found), 0)
    assert.isAbove(HostRecording.puts(recording).length, 500)
    const seed = Wmi.layerMemoryFrom(HostRecording.seed(recording))
    const differences = await Effect.runPromise(Effect.provide(HostRecording.replay(recording), seed))
    assert.deepStrictEqual(differences, [], "the recording is a test of the emulator")
  })

  it("an imitated 5.1 that fulfils the assumptions", async () => {
    const { fails, lines, notAsked } = await run({ altered: desktop })
    assert.deepStrictEqual(fails, [], lines)
    assert.deepStrictEqual(notAsked, ["V8", "V10"])
  })

  for (const ids of computers) {
    const rows = wrong.filter(({ id }) => ids.includes(id))
    it(`${ids.join(", ")}: detected on a computer where ${rows.map(({ is }) => is).join(", and ")}`, async () => {
      const result = await run({
        behindPrefix: ids.includes("V10"),
        altered: (prelude) => rows.reduce((at, { altered }) => altered(at), prelude)
      })
      assert.deepStrictEqual(
        new Set(result.fails),
        new Set(rows.flatMap(({ id, too = [] }) => [id, ...too])),
        result.lines
      )
      assert.strictEqual(statusOf(result), 1)
    })
  }

  it("a computer that loses the qualifiers of a class: every assumption holds, and the failed cases are named", async () => {
    const result = await run({
      altered: instead("$out.q = ConvertTo-LoopQualifiers $O.Qualifiers_", "$out.q = @()"),
      cases: publicCases.filter((one) => isObject(one) && abstractAndOthers.includes(String(one["id"])))
    })
    const { failing, passed, passedByEmulator, run: asked } = result.score
    assert.deepStrictEqual(result.fails, [], result.lines)
    assert.strictEqual(passedByEmulator, asked)
    assert.strictEqual(passed, asked - failing.length)
    assert.deepStrictEqual(failing, ["cc-014", "cc-016"], "what abstract and singleton classes may not be")
    for (const id of failing) assert.match(result.lines, new RegExp(`^${id}  .*expected`, "m"))
    assert.strictEqual(statusOf(result), 1)
  })

  it("an existing namespace of that name is not changed, and nothing is checked", async () => {
    const there = Instance.make("__NAMESPACE", { Name: "EWMI_t4" })
    const { before, checked, lines } = await start({ before: [there], cases: publicCases })
    const answer = await Effect.runPromise(Effect.either(checked))
    assert(Either.isLeft(answer))
    assert.strictEqual(answer.left.status, "AlreadyExists")
    assert.include(answer.left.message, "root\\default\\EWMI_t4 is there already")
    assert.deepStrictEqual(await stays(), before)
    assert.notInclude(lines.join("\n"), "V1")
  })

  for (const [when, entries] of [["while it looks", 60], ["among the cases", 700]] as const) {
    it(`interrupted ${when}: nothing is left`, async () => {
      const reached = Effect.runSync(Deferred.make<void>())
      const { before, checked } = await start({
        cases: publicCases,
        heard: (n) => n === entries ? Deferred.unsafeDone(reached, Effect.void) : undefined
      })
      const fiber = Effect.runFork(checked)
      await Effect.runPromise(Deferred.await(reached))
      assert.notDeepEqual(await stays(), before, "it is in the middle of it")
      const exit = await Effect.runPromise(Fiber.interrupt(fiber))
      assert.isTrue(Exit.isInterrupted(exit))
      assert.deepStrictEqual(await stays(), before)
    })
  }

  it("each assumption that can be broken here has a computer", () => {
    assert.sameMembers([...computers.flat(), "V8"], assumptions.map(({ id }) => id))
  })
})
