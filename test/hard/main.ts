/**
 * The hard tests: writers, crashes, fail-over, real disks. `npm run test:hard`, a tenth of it with `TEST_HARD_SCALE=0.1`; a name or two
 * runs only those. PostgreSQL comes from the machine's own packages; without them its tests are printed as left out.
 */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { run as command, serverFolder, serverPrograms, startLocal } from "../stores/postgresServer.ts"
import { processes, servers } from "./crash.ts"
import { disk, password } from "./disk.ts"
import { failover } from "./failover.ts"
import { ask, scaled } from "./world.ts"
import { writers } from "./writers.ts"

const cleaners: Array<() => void> = []
const clean = (stop: () => void): void => void cleaners.push(stop)
const at = mkdtempSync(join(tmpdir(), "effect-wmi-hard-"))
clean(() => rmSync(at, { recursive: true, force: true }))

const programs = serverPrograms()
const seconds = Math.max(10, scaled(60))

const tests: Record<string, () => Promise<string | undefined>> = {
  "writers-sqlite": () => writers({ kind: "sqlite", filename: join(at, "writers.db") }, seconds),
  "crash-sqlite": () => processes({ kind: "sqlite", filename: join(at, "crash.db") }, scaled(200)),
  disk: () => disk(clean)
}
if (programs !== undefined) {
  const home = serverFolder("effect-wmi-hard-")
  clean(() => rmSync(home, { recursive: true, force: true }))
  const server = await startLocal(programs, home, "-c max_connections=200")
  clean(() => server.stop("immediate"))
  const database = async (name: string): Promise<string> => {
    await ask({ kind: "postgres", urls: [server.url] }, `create database ${name}`)
    return server.url.replace(/\/postgres$/, `/${name}`)
  }
  tests["writers-postgres"] = async () => writers({ kind: "postgres", urls: [await database("writers")] }, seconds)
  tests["crash-postgres"] = async () => processes({ kind: "postgres", urls: [await database("crash")] }, scaled(200))
  tests["crash-server"] = () => servers(server, scaled(20))
  tests["failover"] = () => failover(programs, clean)
  tests["password"] = async () => {
    await ask({ kind: "postgres", urls: [server.url] }, "create role effect_wmi_asked login password 'right'")
    appendFileSync(
      join(server.data, "pg_hba.new"),
      "host all effect_wmi_asked all scram-sha-256\nhost all all all trust\n"
    )
    command("/bin", "cp", [join(server.data, "pg_hba.new"), join(server.data, "pg_hba.conf")])
    command(programs, "pg_ctl", ["reload", "-D", server.data])
    return password(server.url)
  }
} else console.log("left out: this machine has no packages of PostgreSQL's server")

const asked = process.argv.slice(2)
let passed = 0
let failed = 0
for (const [name, test] of Object.entries(tests)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const begun = Date.now()
  try {
    const said = await test()
    if (said === undefined) console.log(`left out: ${name}, which this machine does not allow`)
    else {
      passed++
      console.log(`${name}: ${said} (${Math.round((Date.now() - begun) / 1000)} s)`)
    }
  } catch (error) {
    failed++
    console.log(`${name}: FAILED: ${error instanceof Error ? error.stack : String(error)}`)
  }
}
for (const stop of cleaners.reverse()) {
  try {
    stop()
  } catch { // it has stopped already
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
