/** The command `npm run bench`: runs the benches on each runtime that was asked for, prints tables and writes the figures as JSON. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { createHash } from "node:crypto"
import { dirname, join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { parse, usage } from "./arguments.ts"
import type { Bench, Declaration, Group, Shared } from "./Bench.ts"
import { CaseFailed, measure, type Start } from "./conductor.ts"
import {
  type Compared,
  compared,
  comparison,
  confirmedCase,
  type NotCompared,
  type Report,
  report,
  summary,
  table
} from "./report.ts"
import { inOrder, nodeFromNpm, type Program, program } from "./runtimes.ts"
import { type Plan, plan, planOf, settings } from "./settings.ts"

/** What bundles a bench against the sources of a checkout. */
export interface BundleOptions {
  /** The program, as text of a file in `bench`. */
  readonly contents: string
  /** The folder that the bundle is written to. */
  readonly folder: string
  /** The checkout whose `src` is used, when it is another one. */
  readonly sources?: string
}

/** What the script gives to the command. */
export interface Tools {
  readonly root: string
  /** Answers the file and the warnings; rejects when the sources do not fit together. */
  readonly bundle: (
    name: string,
    options: BundleOptions
  ) => Promise<{ readonly file: string; readonly warnings: ReadonlyArray<string> }>
  readonly chart: (groups: ReadonlyArray<ChartGroup>) => string
}

/** A group as the chart draws it. */
export interface ChartGroup {
  readonly title: string
  readonly baseline: string
  readonly cases: ReadonlyArray<{ readonly name: string; readonly ratio: number }>
}

type Log = (line: string) => void

const print: Log = (line) => console.log(line)

/** The program of a bench: the parent imports it to learn what there is, a process of a case runs one of the cases. */
const contents = (name: string): string => `
import declare from "./${name}.bench.ts"
import { pace, settings } from "./settings.ts"
import { serve } from "./worker.ts"
export default declare
const at = process.env["BENCH_CASE"]
if (at !== undefined) {
  const [group, index] = at.split("/").map(Number)
  await serve(declare(settings(process.env, JSON.parse(process.env["BENCH_RUNTIME"]))), group, index, pace(process.env))
}
`

/** The name of a folder in a file's name: two checkouts never share a bundle. */
const mark = (folder: string): string => createHash("sha256").update(folder).digest("hex").slice(0, 8)

const cacheOf = (root: string): string => join(root, "node_modules/.cache/effect-wmi")

interface Bundled {
  readonly name: string
  readonly file: string
  readonly declare: Declaration
}

const bundle = async ({ bundle, root }: Tools, name: string): Promise<Bundled> => {
  const { file } = await bundle(`bench-${name}`, { contents: contents(name), folder: cacheOf(root) })
  const module: { readonly default: Declaration } = await import(pathToFileURL(file).href)
  return { name, file, declare: module.default }
}

/** The other build. */
interface Other {
  readonly folder: string
  /** Whose packages it runs with: its own where it has any. */
  readonly packages: string
}

/** A checkout of this project, or why a folder is none. */
export const checkout = (folder: string, here: string): Other | { readonly misuse: string } => {
  if (!existsSync(folder)) return { misuse: `--against ${folder}: there is no such folder` }
  const file = join(folder, "package.json")
  const named = existsSync(file) && /"name":\s*"effect-wmi"/.test(readFileSync(file, "utf8"))
  if (!named || !existsSync(join(folder, "src/Wmi.ts"))) {
    return { misuse: `--against ${folder}: this is no checkout of effect-wmi, which has package.json and src/Wmi.ts` }
  }
  return { folder, packages: existsSync(join(folder, "node_modules/effect")) ? folder : here }
}

interface Built {
  readonly file: string
  readonly warnings: ReadonlyArray<string>
}

const bundleOther = async (
  { bundle, root }: Tools,
  { folder, packages }: Other,
  name: string
): Promise<Built | { readonly reason: string }> => {
  try {
    return await bundle(`bench-${name}-${mark(root)}-${mark(folder)}`, {
      contents: contents(name),
      folder: cacheOf(packages),
      sources: folder
    })
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) }
  }
}

/** Runs of one runtime. */
interface Run {
  readonly tools: Tools
  readonly runtime: Program
  readonly plan: Plan
}

const startOf = (
  { runtime: { args, command, kind, version }, tools: { root } }: Run,
  file: string,
  at: string,
  sources: string,
  shared: Shared | undefined
): Start => ({
  command,
  args: [...args, file],
  cwd: root,
  env: {
    ...process.env,
    ...shared?.env,
    BENCH_CASE: at,
    BENCH_RUNTIME: JSON.stringify({ kind, version }),
    BENCH_SOURCES: sources
  }
})

/** Runs `body` with what the cases of a bench share; answers why there is nothing to run, if so. */
const sharing = async <A>(
  bench: Bench,
  name: string,
  body: (shared: Shared | undefined) => Promise<A>
): Promise<A | { readonly skipped: string }> => {
  const shared = await bench.share?.()
  if (shared !== undefined && "skipped" in shared) {
    print(`\nSKIPPED: ${name}: ${shared.skipped}`)
    return shared
  }
  if (shared?.about !== undefined) print(`\n${shared.about}`)
  try {
    return await body(shared)
  } finally {
    await shared?.stop()
  }
}

/** What came of a bench: reports, or why not all of them are there. */
interface Outcome<A> {
  readonly bench: string
  readonly groups: ReadonlyArray<A>
  readonly skipped?: string
  readonly failed?: ReadonlyArray<string>
}

const measured = async (run: Run, { declare, file, name }: Bundled): Promise<Outcome<Report>> => {
  const bench = declare(settings(process.env, run.runtime))
  const groups: Array<Report> = []
  const failed: Array<string> = []
  const ended = await sharing(bench, name, async (shared) => {
    for (const [i, group] of bench.groups.entries()) {
      try {
        const starts = group.cases.map((_, j) => startOf(run, file, `${i}/${j}`, run.tools.root, shared))
        const one = report(group, await measure(starts, planOf(group, run.plan)))
        groups.push(one)
        table(one).forEach(print)
      } catch (error) {
        if (!(error instanceof CaseFailed)) throw error
        const text = `${group.title}: ${group.cases[error.index]!.name}: ${error.message}`
        failed.push(text)
        print(`\nFAILED: ${text}`)
      }
    }
  })
  return { bench: name, groups, ...ended, ...(failed.length === 0 ? {} : { failed }) }
}

interface ComparedGroup {
  readonly title: string
  readonly cases: ReadonlyArray<Compared | NotCompared>
}

const comparedGroup = async (
  run: Run,
  other: Other,
  group: Group,
  starts: (index: number) => readonly [Start, Start | string],
  failed: Array<string>
): Promise<ComparedGroup> => {
  const cases: Array<Compared | NotCompared> = []
  for (const [j, one] of group.cases.entries()) {
    if (one.foreign === true) continue
    const [here, there] = starts(j)
    try {
      if (typeof there === "string") throw new CaseFailed(1, there)
      const plan = planOf(group, run.plan)
      const first = await measure([here, there], plan)
      const result = compared(one, group.clock, first)
      cases.push(
        result.verdict === "worse" && group.runs !== "one"
          ? confirmedCase(one, group.clock, first, await measure([here, there], plan))
          : result
      )
    } catch (error) {
      if (!(error instanceof CaseFailed)) throw error
      if (error.index === 0) failed.push(`${group.title}: ${one.name}: ${error.message}`)
      const where = error.index === 0 ? "it fails in this build" : `it cannot be run in ${other.folder}`
      cases.push({ name: one.name, reason: `${where}: ${error.message.trim().replace(/:?\s*\n\s*/g, ": ")}` })
    }
  }
  return { title: group.title, cases }
}

const against = async (run: Run, other: Other, { declare, file, name }: Bundled): Promise<Outcome<ComparedGroup>> => {
  const bench = declare(settings(process.env, run.runtime))
  const groups: Array<ComparedGroup> = []
  const failed: Array<string> = []
  const there = await bundleOther(run.tools, other, name)
  if ("warnings" in there) there.warnings.forEach((warning) => print(`\n${name}, in ${other.folder}: ${warning}`))
  const ended = await sharing(bench, name, async (shared) => {
    for (const [i, group] of bench.groups.entries()) {
      const one = await comparedGroup(run, other, group, (j) => {
        const start = (built: string, sources: string): Start => startOf(run, built, `${i}/${j}`, sources, shared)
        return [
          start(file, run.tools.root),
          "reason" in there ? there.reason : start(there.file, other.folder)
        ]
      }, failed)
      if (one.cases.length === 0) continue
      groups.push(one)
      comparison(one.title, group.clock, one.cases).forEach(print)
    }
  })
  return { bench: name, groups, ...ended, ...(failed.length === 0 ? {} : { failed }) }
}

const kinds = { node: "Node", deno: "Deno", bun: "Bun" } as const

const label = ({ kind, version }: Pick<Program, "kind" | "version">): string => `${kinds[kind]} ${version}`

const drawn = (runs: ReadonlyArray<{ readonly runtime: string; readonly results: ReadonlyArray<Outcome<Report>> }>) =>
  runs.flatMap(({ results, runtime }) =>
    results.flatMap(({ groups }) =>
      groups.flatMap(({ baseline, cases, title }) =>
        baseline === undefined || cases.length < 2 ? [] : [{
          title: runs.length === 1 ? title : `${title} (${runtime})`,
          baseline,
          cases: cases.map(({ name, ratio }) => ({ name, ratio: ratio?.median ?? 0 }))
        }]
      )
    )
  )

/** Seven rounds of one process; two builds get new processes several times, an even number for the sake of the order. */
const usual = { alone: { rounds: 7, processes: 1 }, against: { rounds: 16, processes: 8 } } as const

/** Runs the command and answers its status: 0 fine, 1 a case failed or is worse than the other build's, 2 not understood. */
export const main = async (args: ReadonlyArray<string>, tools: Tools): Promise<number> => {
  const { root } = tools
  const known = readdirSync(join(root, "bench")).filter((file) => file.endsWith(".bench.ts"))
    .map((file) => file.slice(0, -".bench.ts".length))
  const misused = (why: string): number => {
    console.error(`${why}\n\n${usage}`)
    return 2
  }
  const asked = parse(args, known)
  if ("misuse" in asked) return misused(asked.misuse)
  if (asked.help) {
    print(usage)
    return 0
  }
  const other = asked.against === undefined ? undefined : checkout(resolve(asked.against), root)
  if (other !== undefined && "misuse" in other) return misused(other.misuse)
  let programs: ReadonlyArray<Program>
  let plans: Plan
  try {
    plans = plan(process.env, other === undefined ? usual.alone : usual.against)
    settings(process.env, { kind: "node", version: process.versions.node })
    const commands = [...asked.runtimes, ...asked.nodes.map((version) => nodeFromNpm(version, cacheOf(root)))]
    programs = inOrder((commands.length === 0 ? [process.execPath] : commands).map(program))
  } catch (error) {
    return misused(error instanceof Error ? error.message : String(error))
  }

  const began = performance.now()
  const names = asked.names.length > 0 ? asked.names : known
  const runs: Array<{ readonly runtime: string; readonly results: Array<Outcome<Report>> }> = []
  const comparisons: Array<{ readonly runtime: string; readonly results: Array<Outcome<ComparedGroup>> }> = []
  const bundles: Array<Bundled> = []
  for (const name of names) bundles.push(await bundle(tools, name))
  if (other !== undefined) {
    print(
      `this build: ${root}\nother build: ${other.folder}${
        other.packages === root ? ", with the packages of this one" : ""
      }`
    )
  }
  for (const runtime of programs) {
    print(`${programs[0] === runtime ? "" : "\n"}${label(runtime)}`)
    const run: Run = { tools, runtime, plan: plans }
    if (other === undefined) {
      const results: Array<Outcome<Report>> = []
      runs.push({ runtime: label(runtime), results })
      for (const one of bundles) results.push(await measured(run, one))
    } else {
      const results: Array<Outcome<ComparedGroup>> = []
      comparisons.push({ runtime: label(runtime), results })
      for (const one of bundles) results.push(await against(run, other, one))
      summary(results.flatMap(({ groups }) => groups.flatMap(({ cases }) => cases))).forEach(print)
    }
  }

  const json = resolve(root, asked.json ?? join(cacheOf(root), "bench.json"))
  mkdirSync(dirname(json), { recursive: true })
  writeFileSync(json, JSON.stringify(other === undefined ? { runs } : { against: other.folder, comparisons }, null, 2))
  print(`\n${((performance.now() - began) / 1000).toFixed(0)} s; written as JSON: ${json}`)
  if (asked.chart) {
    writeFileSync(join(root, "bench/chart.svg"), tools.chart(drawn(runs)))
    print("drawn: bench/chart.svg")
  }
  const outcomes = [...runs, ...comparisons].flatMap(({ results }): ReadonlyArray<Outcome<Report | ComparedGroup>> =>
    results
  )
  const isWorse = comparisons.some(({ results }) =>
    results.some(({ groups }) =>
      groups.some(({ cases }) => cases.some((one) => "verdict" in one && one.verdict === "worse"))
    )
  )
  return isWorse || outcomes.some(({ failed }) => failed !== undefined) ? 1 : 0
}
