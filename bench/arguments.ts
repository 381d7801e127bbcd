/** The arguments of the command. */
import { parseArgs } from "node:util"

/** The parsed arguments. */
export interface Arguments {
  readonly names: ReadonlyArray<string>
  readonly json: string | undefined
  /** The SVG file that the ratios are drawn into. */
  readonly chart: string | undefined
  readonly help: boolean
  /** The folder of another checkout. */
  readonly against: string | undefined
  /** `node`, `deno`, `bun` or the path of a program. */
  readonly runtimes: ReadonlyArray<string>
  /** Versions of Node that come from npm. */
  readonly nodes: ReadonlyArray<string>
}

/** Why arguments are no use, in one line. */
export interface Misuse {
  readonly misuse: string
}

export const usage = `npm run bench -- [NAME...] [option...]

  NAME...            these benches; all of them without a name
  --against DIR      compare this build with the one of another checkout, in turn; status 1 when a case is worse
  --runtime WHICH    node, deno, bun or the path of one of them (may be repeated)
  --node VERSION     a version of Node from npm, such as 22 (may be repeated); it is kept in node_modules/.cache
  --json FILE        where the results are written as JSON
  --chart [FILE.svg] draw the ratios of the puts of each store; docs/images/bench.svg by default
  --help             print this text

  BENCH_ROUNDS=n     counted rounds of each case
  BENCH_PROCESSES=n  processes of each case, over which the rounds are spread
  BENCH_COUNT=n      instances, where a bench has no smaller limit
  BENCH_SHORT=1      leave the long tables out and warm up briefly`

/** Where the chart is written by default, from the root. */
export const usualChart = "docs/images/bench.svg"

/** `--chart` may stand without a file: the next argument is one if it ends in `.svg`. */
const withChartFile = (args: ReadonlyArray<string>): ReadonlyArray<string> =>
  args.map((one, i) => one === "--chart" && !/\.svg$/i.test(args[i + 1] ?? "") ? `--chart=${usualChart}` : one)

/** Reads the arguments; `known` are the names of the benches. */
export const parse = (args: ReadonlyArray<string>, known: ReadonlyArray<string>): Arguments | Misuse => {
  try {
    const { positionals: names, values } = parseArgs({
      args: [...withChartFile(args)],
      allowPositionals: true,
      options: {
        against: { type: "string" },
        chart: { type: "string" },
        help: { type: "boolean", default: false },
        json: { type: "string" },
        node: { type: "string", multiple: true, default: [] },
        runtime: { type: "string", multiple: true, default: [] }
      }
    })
    const unknown = names.filter((name) => !known.includes(name))
    if (unknown.length > 0) return { misuse: `no bench named ${unknown.join(", ")}; there are ${known.join(", ")}` }
    const odd = values.node.find((version) => !/^\d+(\.\d+){0,2}$/.test(version))
    if (odd !== undefined) return { misuse: `--node ${odd}: no version of Node, such as 22 or 22.12.0` }
    for (const [name, value] of [["against", values.against], ["json", values.json]]) {
      if (value === "") return { misuse: `--${name} needs a value` }
    }
    if (values.chart !== undefined && !/\.svg$/i.test(values.chart)) {
      return { misuse: `--chart ${values.chart}: the chart is SVG, so name a file that ends in .svg` }
    }
    if (values.chart !== undefined && values.against !== undefined) {
      return { misuse: "--chart draws cases beside their baselines, --against has other ratios: use one of the two" }
    }
    return {
      names: [...new Set(names)],
      json: values.json,
      chart: values.chart,
      help: values.help,
      against: values.against,
      runtimes: values.runtime,
      nodes: values.node
    }
  } catch (error) {
    return { misuse: error instanceof Error ? error.message : String(error) }
  }
}
