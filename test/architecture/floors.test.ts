/** The floors: who may import whom, and what from outside. Reads the import lines of src. */
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

const pure = ["Either", "Option", "Equal", "Order", "Function"]
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
  "PubSub",
  "Queue",
  "Random",
  "Runtime",
  "RuntimeFlags",
  "Schedule",
  "Scope",
  "Sink",
  "Stream"
]

/** Folder → the folders below it that it may import, and the effect modules it may use at run time. */
const floors: Readonly<
  Record<string, { readonly below: ReadonlyArray<string>; readonly effect: ReadonlyArray<string> }>
> = {
  "src/model": { below: [], effect: pure },
  "src/protocol": { below: ["src/model"], effect: [...pure, "Cause", "Predicate"] },
  "src/engine": { below: ["src/model", "src/protocol"], effect: pure },
  "src/schema": { below: ["src/model", "src/protocol"], effect: [...pure, "ParseResult", "Schema"] },
  "src/mof": { below: ["src/model", "src/protocol"], effect: pure },
  "src/pipeline": { below: ["src/model", "src/protocol", "src/engine"], effect: shell },
  "src/repository": { below: ["src/model", "src/protocol", "src/engine", "src/pipeline"], effect: shell }
}

/** Files that need more than their floor, each for itself: they stand behind a subpath of their own. */
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
  "src/repository/PowerShellRepository.ts": {
    packages: ["@effect/platform/CommandExecutor"]
  },
  "src/repository/hostReading.ts": { below: ["src/mof"] }, // classes are read as the text that Windows gives of them
  "src/repository/hostOptions.ts": { effect: ["Redacted"] },
  "src/repository/hostPool.ts": { effect: ["Pool", "Redacted"], packages: ["@effect/platform/CommandExecutor"] },
  "src/repository/hostProcess.ts": {
    effect: ["Deferred"],
    packages: ["@effect/platform/Command", "@effect/platform/CommandExecutor"]
  },
  "src/repository/hostConversation.ts": { effect: ["Deferred", "FiberId"] },
  "src/repository/hostSession.ts": { effect: ["Deferred", "FiberId"] },
  "src/repository/SqlStore.ts": { packages: ["@effect/sql/SqlClient"] },
  "src/repository/storeOverClient.ts": { packages: ["@effect/sql/SqlClient"] },
  "src/repository/Sqlite.ts": {
    packages: [
      "@effect/experimental/Reactivity",
      "@effect/sql/SqlClient",
      "@effect/sql/SqlConnection",
      "@effect/sql/SqlError",
      "@effect/sql/Statement"
    ]
  },
  "src/repository/Postgres.ts": {
    effect: ["Redacted"],
    packages: [
      "@effect/experimental/Reactivity",
      "@effect/sql-pg/PgClient",
      "@effect/sql/SqlClient",
      "@effect/sql/SqlConnection",
      "@effect/sql/SqlError"
    ]
  },
  "src/repository/sqlTables.ts": {
    packages: ["@effect/sql/Migrator", "@effect/sql/SqlClient", "@effect/sql/SqlError"]
  },
  "src/repository/sqlBackend.ts": {
    packages: ["@effect/sql/SqlClient", "@effect/sql/SqlConnection", "@effect/sql/SqlError"]
  },
  "src/repository/sqliteTransactions.ts": { packages: ["@effect/sql/SqlClient"] },
  "src/repository/postgresPool.ts": { packages: ["@effect/sql/SqlError", "pg"] },
  "src/repository/postgresSessions.ts": { packages: ["@effect/sql/SqlClient", "@effect/sql/SqlError"] },
  "src/repository/postgresBackend.ts": { packages: ["@effect/sql/SqlClient", "@effect/sql/SqlError"] },
  "src/repository/postgresIsolation.ts": { packages: ["@effect/sql/SqlError"] },
  "src/repository/postgresLooks.ts": { packages: ["@effect/sql/SqlError"] },
  "src/repository/postgresWrites.ts": { packages: ["@effect/sql/SqlError"] }
}

const folderOf = (file: string): string => file.split("/").slice(0, 2).join("/")
const sources = filesBelow("src")
const target = (file: string, from: string): string => relative(root, join(root, dirname(file), from))

describe("floors", () => {
  for (const file of sources) {
    const floor = floors[folderOf(file)]
    if (floor === undefined) continue
    it(`${file} looks down only`, () => {
      for (const { from, typeOnly } of importsOf(file)) {
        if (from.startsWith(".")) {
          const folder = folderOf(target(file, from))
          assert.include([folderOf(file), ...floor.below, ...more[file]?.below ?? []], folder, `imports ${from}`)
        } else if (!(more[file]?.packages ?? []).includes(from)) {
          const [, module] = /^effect\/(\w+)$/.exec(from) ?? []
          assert.isDefined(module, `imports ${from}: effect modules one by one, and nothing else`)
          if (!typeOnly) assert.include([...floor.effect, ...more[file]?.effect ?? []], module, `uses ${from}`)
        }
      }
    })
  }

  it("has no circle", () => {
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

  it("keeps runtimes out of everything below the command line", () => {
    for (const file of sources.filter((one) => !one.startsWith("src/cli") && one !== "src/repository/sqliteFile.ts")) {
      assert.notMatch(code(file), /\bnode:|\bprocess\.|\bDeno\.|\bBun\.|\brequire\(/, file)
    }
  })
})
