/** The command `npm run bench`: runs the benches on each requested runtime, prints tables and writes the figures as JSON. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { availableParallelism, cpus, loadavg } from "node:os"
import { createHash } from "node:crypto"
import { dirname, join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { allowedLoss } from "./allowedLosses.ts"
import { parse, usage } from "./arguments.ts"
import type { Bench, Declaration, Shared } from "./Bench.ts"
import { CaseFailed, measure, type Start } from "./conductor.ts"
import {
  clockName,
  type Compared,
  compared,
  comparison,
  confirmedCase,
  isWorse,
  type NotCompared,
  type Report,
  report,
  summary,
  table
} from "./report.ts"
import { type PairedGroup, pairedGroups, unpaired } from "./pairing.ts"
import { inOrder, nodeFromNpm, type Program, program } from "./runtimes.ts"
import { type Plan, plan, planOf, settings } from "./settings.ts"
import type { Spread } from "./statistics.ts"

/** How a bench is bundled. */
export interface BundleOptions {
  /** The text of the program; it imports its modules by absolute paths. */
  readonly contents: string
  /** The folder that the bundle is written to. */
  readonly folder: string
}

/** What the script gives to the command. */
export interface Tools {
  readonly root: string
  /** Returns the path of the bundle; rejects when it cannot be built. */
  readonly bundle: (name: string, options: BundleOptions) => Promise<string>
  readonly chart: (picture: Picture) => string
}

/** A group as the chart draws it. */
export interface ChartGroup {
  readonly title: string
  readonly baseline: string
  readonly cases: ReadonlyArray<{ readonly name: string; readonly ratio: Spread }>
}

/** What the chart shows. */
export interface Picture {
  readonly title: string
  readonly groups: ReadonlyArray<ChartGroup>
  /** Lines below the bars. */
  readonly about: ReadonlyArray<string>
}

type Log = (line: string) => void

const print: Log = (line) => console.log(line)

/**
 * The program of a bench: the parent process imports it for the declaration, the process of a case runs one of the cases. The bench
 * and `src` are those of `checkout`; what measures is always that of `root`.
 */
const contents = (root: string, checkout: string, name: string): string => `
import declare from ${JSON.stringify(benchFile(checkout, name))}
import { pace, settings } from ${JSON.stringify(join(root, "bench/settings.ts"))}
import { serve } from ${JSON.stringify(join(root, "bench/worker.ts"))}
export default declare
const at = process.env["BENCH_CASE"]
if (at !== undefined) {
  const [group, index] = at.split("/").map(Number)
  await serve(declare(settings(process.env, JSON.parse(process.env["BENCH_RUNTIME"]))), group, index, pace(process.env))
}
`

const benchFile = (checkout: string, name: string): string => join(checkout, `bench/${name}.bench.ts`)

/** The names of the benches of a checkout. */
const benchNames = (checkout: string): ReadonlyArray<string> =>
  readdirSync(join(checkout, "bench")).filter((file) => file.endsWith(".bench.ts"))
    .map((file) => file.slice(0, -".bench.ts".length))

/** The name of a folder in a file's name: two checkouts never share a bundle. */
const mark = (folder: string): string => createHash("sha256").update(folder).digest("hex").slice(0, 8)

const cacheOf = (root: string): string => join(root, "node_modules/.cache/effect-wmi")

interface Bundled {
  readonly name: string
  readonly file: string
  readonly declare: Declaration
}

const declared = async (name: string, file: string): Promise<Bundled> => {
  const module: { readonly default: Declaration } = await import(pathToFileURL(file).href)
  return { name, file, declare: module.default }
}

const bundle = async ({ bundle, root }: Tools, name: string): Promise<Bundled> =>
  declared(name, await bundle(`bench-${name}`, { contents: contents(root, root, name), folder: cacheOf(root) }))

/** The other build. */
interface Other {
  readonly folder: string
  /** The checkout whose packages it runs with: its own where it has any. */
  readonly packages: string
}

/** A checkout of this project with benches, or why a folder is none. */
export const checkout = (folder: string, here: string): Other | { readonly misuse: string } => {
  if (!existsSync(folder)) return { misuse: `--against ${folder}: there is no such folder` }
  const file = join(folder, "package.json")
  const named = existsSync(file) && /"name":\s*"effect-wmi"/.test(readFileSync(file, "utf8"))
  if (!named || !existsSync(join(folder, "src/Wmi.ts")) || !existsSync(join(folder, "bench"))) {
    return {
      misuse: `--against ${folder}: this is no checkout of effect-wmi, which has package.json, src/Wmi.ts and bench`
    }
  }
  return { folder, packages: existsSync(join(folder, "node_modules/effect")) ? folder : here }
}

/** The bench of the other checkout with the same name, over its own `src`; or why there is none. */
const bundleOther = async (
  { bundle, root }: Tools,
  { folder, packages }: Other,
  name: string
): Promise<Bundled | { readonly reason: string }> => {
  if (!existsSync(benchFile(folder, name))) return { reason: `there is no bench ${name} in ${folder}` }
  try {
    return await declared(
      name,
      await bundle(`bench-${name}-${mark(root)}-${mark(folder)}`, {
        contents: contents(root, folder, name),
        folder: cacheOf(packages)
      })
    )
  } catch (error) {
    return {
      reason: `it cannot be built in ${folder}: ${oneLine(error instanceof Error ? error.message : String(error))}`
    }
  }
}

const oneLine = (text: string): string => text.trim().replace(/:?\s*\n\s*/g, ": ")

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
  shared: Shared | undefined,
  { folder, packages }: Other = { folder: root, packages: root }
): Start => ({
  command,
  args: [...args, file],
  cwd: packages,
  env: {
    ...process.env,
    ...shared?.env,
    BENCH_CASE: at,
    BENCH_RUNTIME: JSON.stringify({ kind, version }),
    BENCH_SOURCES: folder
  }
})

/** Runs `body` with the shared resources of a bench; returns the reason when the bench cannot run. */
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

/** The results of a bench: reports, and the reasons for missing ones. */
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
        const starts = group.cases.map((_, j) => startOf(run, file, `${i}/${j}`, shared))
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
  bench: string,
  { cases: pairs, group, onlyThere }: PairedGroup,
  start: (side: "here" | "there", at: string) => Start,
  failed: Array<string>
): Promise<ComparedGroup> => {
  const cases: Array<Compared | NotCompared> = []
  for (const { at, one, ...there } of pairs) {
    if ("reason" in there) {
      cases.push({ name: one.name, reason: there.reason })
      continue
    }
    try {
      const starts = [start("here", at), start("there", there.atThere)]
      const plan = planOf(group, run.plan)
      const first = await measure(starts, plan)
      const loss = allowedLoss(bench, group.title, one.name, (file) => existsSync(join(other.folder, file)))
      const result = compared(one, group.clock, first, loss)
      cases.push(
        result.verdict === "worse" && group.runs !== "one"
          ? confirmedCase(one, group.clock, first, await measure(starts, plan), loss)
          : result
      )
    } catch (error) {
      if (!(error instanceof CaseFailed)) throw error
      if (error.index === 0) failed.push(`${group.title}: ${one.name}: ${error.message}`)
      const where = error.index === 0 ? "it fails in this build" : `it cannot be run in ${other.folder}`
      cases.push({ name: one.name, reason: `${where}: ${oneLine(error.message)}` })
    }
  }
  for (const name of onlyThere) cases.push({ name, reason: "it is in the other checkout only" })
  return { title: group.title, cases }
}

const against = async (run: Run, other: Other, { declare, file, name }: Bundled): Promise<Outcome<ComparedGroup>> => {
  const sizes = settings(process.env, run.runtime)
  const bench = declare(sizes)
  const groups: Array<ComparedGroup> = []
  const failed: Array<string> = []
  const there = await bundleOther(run.tools, other, name)
  const ended = await sharing(bench, name, async (shared) => {
    const paired = "reason" in there
      ? unpaired(bench.groups, there.reason)
      : pairedGroups(bench.groups, there.declare(sizes).groups)
    for (const pair of paired) {
      const start = (side: "here" | "there", at: string): Start =>
        side === "here" || "reason" in there
          ? startOf(run, file, at, shared)
          : startOf(run, there.file, at, shared, other)
      const one = await comparedGroup(run, other, name, pair, start, failed)
      if (one.cases.length === 0) continue
      groups.push(one)
      comparison(one.title, pair.group.clock, one.cases).forEach(print)
    }
  })
  return { bench: name, groups, ...ended, ...(failed.length === 0 ? {} : { failed }) }
}

const kinds = { node: "Node", deno: "Deno", bun: "Bun" } as const

const label = ({ kind, version }: Pick<Program, "kind" | "version">): string => `${kinds[kind]} ${version}`

type Runs = ReadonlyArray<{ readonly runtime: string; readonly results: ReadonlyArray<Outcome<Report>> }>

/** The groups of a run that the chart shows. */
export const charted = (runs: Runs): ReadonlyArray<ChartGroup> =>
  runs.flatMap(({ results, runtime }) =>
    results.flatMap(({ groups }) =>
      groups.flatMap(({ baseline, cases, charted, clock, title }) => {
        const shown = cases.flatMap(({ name, ratio }) =>
          charted.includes(name) && ratio !== undefined ? [{ name, ratio }] : []
        )
        return baseline === undefined || shown.length === 0 ? [] : [{
          title: `${title} (${clockName[clock]}${runs.length === 1 ? "" : `, ${runtime}`})`,
          baseline,
          cases: shown
        }]
      })
    )
  )

/** What a reader has to know of the figures: how they were made, on what, when, and whether the machine did other work. */
export const aboutRun = (
  { load, machine, now, plan: { rounds }, runtimes }: {
    /** The largest number of runnable processes, averaged over a minute, at the begin and at the end. */
    readonly load: number
    readonly machine: { readonly model: string; readonly cores: number }
    readonly now: Date
    readonly plan: Plan
    readonly runtimes: ReadonlyArray<string>
  }
): ReadonlyArray<string> => [
  `Speed of a put beside the baseline of its group: 1 is as fast, 2 is twice as fast. Median and quartiles of ${rounds} rounds, each a pair of `
  + "runs in turn.",
  `${machine.model}, ${machine.cores} ${machine.cores === 1 ? "core" : "cores"}; ${runtimes.join(", ")}; ${
    now.toISOString().slice(0, 10)
  }.`,
  ...(load > machine.cores
    ? [
      `Other programs used the machine: ${
        load.toFixed(0)
      } processes wanted its cores. Both sides of a ratio had the same load, but a case is `
      + "compiled later than on an idle machine, and the ratios differ there."
    ]
    : [])
]

/** Seven rounds of one process; two builds get new processes several times, an even number for the sake of the order. */
const usual = { alone: { rounds: 7, processes: 1 }, against: { rounds: 16, processes: 8 } } as const

/** Runs the command and returns its status: 0 success, 1 a case failed or is worse than allowed, 2 wrong arguments. */
export const main = async (args: ReadonlyArray<string>, tools: Tools): Promise<number> => {
  const { root } = tools
  const known = benchNames(root)
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
  const loadBefore = loadavg()[0]!
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
      if (asked.names.length === 0) {
        for (const name of benchNames(other.folder).filter((name) => !known.includes(name))) {
          print(`\nNOT COMPARED: the bench ${name}, which is in the other checkout only`)
        }
      }
      summary(results.flatMap(({ groups }) => groups.flatMap(({ cases }) => cases))).forEach(print)
    }
  }

  const json = resolve(root, asked.json ?? join(cacheOf(root), "bench.json"))
  mkdirSync(dirname(json), { recursive: true })
  writeFileSync(json, JSON.stringify(other === undefined ? { runs } : { against: other.folder, comparisons }, null, 2))
  print(`\n${((performance.now() - began) / 1000).toFixed(0)} s; written as JSON: ${json}`)
  if (asked.chart !== undefined) {
    const groups = charted(runs)
    if (groups.length === 0) {
      console.error(`--chart: none of the benches ${names.join(", ")} has a group for the chart`)
      return 1
    }
    const about = aboutRun({
      load: Math.max(loadBefore, loadavg()[0]!),
      machine: { model: cpus()[0]?.model.trim() ?? "unknown CPU", cores: availableParallelism() },
      now: new Date(),
      plan: plans,
      runtimes: programs.map(label)
    })
    const file = resolve(root, asked.chart)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, tools.chart({ title: "Puts beside the raw store", groups, about }))
    print(`drawn: ${file}`)
    print(`caption: ${about.join(" ")} (\`npm run bench -- ${args.join(" ")}\`)`)
  }
  const outcomes = [...runs, ...comparisons].flatMap(({ results }): ReadonlyArray<Outcome<Report | ComparedGroup>> =>
    results
  )
  const anyWorse = comparisons.some(({ results }) =>
    results.some(({ groups }) => groups.some(({ cases }) => cases.some((one) => "verdict" in one && isWorse(one))))
  )
  return anyWorse || outcomes.some(({ failed }) => failed !== undefined) ? 1 : 0
}
