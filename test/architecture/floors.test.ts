/** The floors: which room may import which rooms, and which packages. The test reads the import lines of src. */
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))

const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesBelow(join(folder, entry.name))
      : entry.name.endsWith(".ts")
      ? [join(folder, entry.name)]
      : []
  )

interface Import {
  readonly from: string
  readonly typeOnly: boolean
}

const code = (file: string): string =>
  readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "")

const importsOf = (file: string): ReadonlyArray<Import> =>
  [...code(file).matchAll(/^(?:import|export)\s+(type\s)?[^;"']*?from\s+"([^"]+)"/gm)]
    .map(([, typeOnly, from]) => ({ from: from!, typeOnly: typeOnly !== undefined }))

const pure = ["Either", "Option", "Equal", "Hash", "Inspectable", "Order", "Pipeable", "Predicate", "Function"]
const shell = [
  ...pure,
  "Cause",
  "Chunk",
  "Clock",
  "Context",
  "Data",
  "DefaultServices",
  "Duration",
  "Effect",
  "Effectable",
  "Exit",
  "Fiber",
  "FiberRef",
  "FiberRefs",
  "Layer",
  "LogLevel",
  "Metric",
  "MetricBoundaries",
  "MetricLabel",
  "PubSub",
  "Queue",
  "Random",
  "Runtime",
  "RuntimeFlags",
  "Schedule",
  "Scope",
  "Sink",
  "Stream",
  "Tracer"
]

interface Floor {
  readonly below: ReadonlyArray<string>
  readonly effect: ReadonlyArray<string>
}

const core = ["model", "protocol", "engine"]

/** Room → the lower rooms that it may import, and the effect modules that it may use at run time. */
const floors: Readonly<Record<string, Floor>> = {
  model: { below: [], effect: pure },
  internal: { below: [], effect: ["Cause", "Effect", "Effectable", "Either", "Exit", "Utils"] },
  protocol: { below: ["model"], effect: [...pure, "Cause", "Predicate"] },
  engine: { below: ["model", "protocol"], effect: pure },
  codec: { below: core, effect: [...pure, "ParseResult", "Schema", "SchemaAST"] },
  mof: { below: ["model", "protocol"], effect: pure },
  pipeline: { below: [...core, "internal"], effect: shell },
  emulator: { below: [...core, "internal", "codec", "pipeline"], effect: shell },
  windows: { below: [...core, "internal", "pipeline"], effect: [...shell, "Redacted"] },
  storage: { below: [...core, "internal", "codec", "pipeline", "emulator"], effect: shell }
}

/** The rooms above the floors. They do not import each other, except that the command line and the entry points may import all. */
const library = [...Object.keys(floors), "Wmi.ts"]
const above: Readonly<Record<string, ReadonlyArray<string>>> = {
  "Wmi.ts": Object.keys(floors),
  scripting: library,
  testing: library,
  typed: library,
  conformance: library,
  worlds: library,
  cli: [...library, "scripting", "testing", "typed", "conformance", "worlds"],
  entry: [...library, "scripting", "testing", "typed", "conformance", "worlds"]
}

/** Files that need more than their floor allows, with what each of them needs. */
const more: Readonly<
  Record<
    string,
    {
      readonly below?: ReadonlyArray<string>
      readonly effect?: ReadonlyArray<string>
      readonly packages?: ReadonlyArray<string>
    }
  >
> = {
  "src/protocol/catchStatus.ts": { effect: ["Effect"] }, // a combinator of effects, beside the errors that it handles
  "src/internal/checkedConfig.ts": { effect: ["Config", "ConfigError", "Duration", "Redacted"] }, // the options of `layerConfig`
  "src/windows/repository/reading.ts": { below: ["mof"] }, // Windows gives classes as MOF text
  "src/windows/PowerShellRepository.ts": { packages: ["@effect/platform/CommandExecutor"] },
  "src/windows/process/pool.ts": { effect: ["Pool"], packages: ["@effect/platform/CommandExecutor"] },
  "src/windows/process/process.ts": {
    effect: ["Deferred"],
    packages: ["@effect/platform/Command", "@effect/platform/CommandExecutor"]
  },
  "src/windows/conversation/conversation.ts": { effect: ["Deferred", "FiberId"] },
  "src/windows/process/session.ts": { effect: ["Deferred", "FiberId"] },
  "src/storage/sql/SqlStore.ts": { packages: ["@effect/sql/SqlClient"] },
  "src/storage/sql/clientDriver.ts": { packages: ["@effect/sql/SqlClient", "@effect/sql/SqlConnection"] },
  "src/storage/sql/driver.ts": { packages: ["@effect/sql/SqlError"] },
  "src/storage/sql/schema.ts": { packages: ["@effect/sql/Migrator", "@effect/sql/SqlClient", "@effect/sql/SqlError"] },
  "src/storage/sql/timeouts.ts": { packages: ["@effect/sql/SqlError"] },
  "src/storage/sqlite/Sqlite.ts": {
    packages: [
      "@effect/experimental/Reactivity",
      "@effect/sql/SqlClient",
      "@effect/sql/SqlConnection",
      "@effect/sql/SqlError",
      "@effect/sql/Statement"
    ]
  },
  "src/storage/postgres/Postgres.ts": {
    effect: ["Redacted"],
    packages: [
      "@effect/experimental/Reactivity",
      "@effect/sql-pg/PgClient",
      "@effect/sql/SqlClient",
      "@effect/sql/SqlError"
    ]
  },
  "src/storage/postgres/failover.ts": {
    packages: [
      "@effect/experimental/Reactivity",
      "@effect/sql-pg/PgClient",
      "@effect/sql/SqlClient",
      "@effect/sql/SqlConnection",
      "@effect/sql/SqlError"
    ]
  },
  "src/storage/postgres/poolDriver.ts": { packages: ["@effect/sql/SqlError", "pg"] },
  "src/conformance/repository.ts": { below: ["scripting"] } // runs the cases as scripts, too
}

const roomOf = (file: string): string => file.split("/")[1]!
const sources = filesBelow("src")
const target = (file: string, from: string): string => relative(root, join(root, dirname(file), from))

describe("floors", () => {
  for (const file of sources) {
    const room = roomOf(file)
    it(`${file} imports only what its floor allows`, () => {
      const below = floors[room]?.below ?? above[room]
      assert.isDefined(below, `${room} has no floor`)
      for (const { from, typeOnly } of importsOf(file)) {
        if (from.startsWith(".")) {
          const other = target(file, from)
          if (other.startsWith("src/")) {
            assert.include([room, ...below, ...more[file]?.below ?? []], roomOf(other), `imports ${from}`)
          }
        } else if (floors[room] !== undefined && !(more[file]?.packages ?? []).includes(from)) {
          const [, module] = /^effect\/(\w+)$/.exec(from) ?? []
          assert.isDefined(module, `imports ${from}: effect modules one by one, and nothing else`)
          if (!typeOnly) assert.include([...floors[room].effect, ...more[file]?.effect ?? []], module, `uses ${from}`)
        }
      }
    })
  }

  it("the folder terminal of the command imports no other folder of the command", () => {
    const others = sources.filter((file) => file.startsWith("src/cli/terminal/")).flatMap((file) =>
      importsOf(file).filter(({ from }) => from.startsWith(".")).map(({ from }) => target(file, from))
        .filter((to) => to.startsWith("src/cli/") && !to.startsWith("src/cli/terminal/")).map((to) =>
          `${file} -> ${to}`
        )
    )
    assert.deepStrictEqual(others, [])
  })

  it("no folder has more than 25 files", () => {
    const folders = new Map<string, number>()
    for (const file of sources) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1)
    assert.deepStrictEqual([...folders].filter(([, files]) => files > 25), [])
  })

  it("the imports have no circle", () => {
    const edges = new Map(sources.map((file) => [
      file,
      importsOf(file).filter(({ from }) => from.startsWith(".")).map(({ from }) => target(file, from))
    ]))
    const done = new Set<string>()
    const walk = (file: string, path: ReadonlyArray<string>): void => {
      assert.notInclude(path, file, [...path, file].join(" -> "))
      if (done.has(file)) return
      for (const next of edges.get(file) ?? []) walk(next, [...path, file])
      done.add(file)
    }
    for (const file of sources) walk(file, [])
  })

  it("only the command and the file that opens SQLite files name a runtime or its modules", () => {
    for (const file of sources.filter((one) => !one.startsWith("src/cli/") && one !== "src/storage/sqlite/file.ts")) {
      const text = code(file).replace(/\bfrom "\.[^"]*"/g, "")
      assert.notMatch(text, /\bnode:|\bprocess\.|\bDeno\.|\bBun\.|\brequire\(/, file)
    }
  })
})
