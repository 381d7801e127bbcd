/** Crashes: a process that loads in bulk, or the server below it, is killed at a random time. Every acknowledged put is stored completely. */
import { spawnSync } from "node:child_process"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import * as Effect from "effect/Effect"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import type { LocalServer } from "../stores/postgresServer.ts"
import { ask, check, Load, startChild, storeOf, type Where } from "./world.ts"

const batch = 20

/** A store with the class of the load in it. */
export const prepared = (where: Where): Promise<void> =>
  Effect.runPromise(
    Effect.flatMap(NamespaceStore, (store) => store.restore(Snapshot.of(Load))).pipe(Effect.provide(storeOf(where)))
  )

/** How many of each batch of a run are stored. */
export const stored = async (where: Where, run: string): Promise<ReadonlyMap<number, number>> => {
  const rows = await ask<{ readonly body: string }>(
    where,
    `select body from effect_wmi_instance where root = 'demo_load' and key like '"${run}-%'`
  )
  const found = new Map<number, number>()
  for (const { body } of rows) {
    const number = Number(/"Batch":(\d+)/.exec(body)![1])
    found.set(number, (found.get(number) ?? 0) + 1)
  }
  return found
}

/** Batches that were acknowledged whole. */
export const acknowledged = (lines: ReadonlyArray<string>): ReadonlyArray<number> =>
  lines.flatMap((line) => {
    const [, n, number] = /^Committed:(\d+) (\d+)$/.exec(line) ?? []
    return Number(n) === batch ? [Number(number)] : []
  })

const verify = async (where: Where, run: string, lines: ReadonlyArray<string>): Promise<number> => {
  const found = await stored(where, run)
  const acks = acknowledged(lines)
  for (const number of acks) {
    check(found.get(number) === batch, `${run}: batch ${number} was acknowledged and is not there`)
  }
  for (const [number, n] of found) check(n === batch, `${run}: batch ${number} is there in part (${n} of ${batch})`)
  return acks.length
}

/** The process is killed. */
export const processes = async (where: Where, times: number): Promise<string> => {
  await prepared(where)
  let acks = 0
  for (let i = 0; i < times; i++) {
    const run = `p${i}`
    const child = startChild({ do: "load", where, run, count: 100_000, batch })
    // Some are killed before their first answer, while they open the store.
    if (i % 10 === 9) await pause(Math.random() * 400)
    else {
      await child.said(/^Committed/)
      await pause(Math.random() * 150)
    }
    child.process.kill("SIGKILL")
    await child.ended
    acks += await verify(where, run, child.lines)
    if (where.kind === "sqlite") {
      const [row] = await ask<{ readonly integrity_check: string }>(where, "pragma integrity_check")
      check(row?.integrity_check === "ok", `${run}: ${JSON.stringify(row)}`)
    }
  }
  check(acks >= times / 2, `only ${acks} batches were acknowledged`)
  return `killed ${times} times, ${acks} batches of ${batch} acknowledged, all there`
}

/** All processes of a server, at once. */
export const killServer = (server: LocalServer): void => {
  const first = server.pid()
  const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(first)], { encoding: "utf8" })
  const all = [first, ...stdout.split("\n").map(Number).filter((pid) => pid > 0)]
  for (const pid of all) {
    try {
      process.kill(pid, "SIGKILL")
    } catch { // it went by itself
    }
  }
}

/** Starts it again. A killed process that was not reaped still has its process id, which the lock files name; they are removed. */
const restart = async (server: LocalServer): Promise<void> => {
  for (let i = 0;; i++) {
    await pause(100)
    for (const lock of ["postmaster.pid", `.s.PGSQL.${server.port}.lock`]) {
      rmSync(join(server.data, lock), { force: true })
    }
    try {
      return server.start()
    } catch (error) {
      if (i === 20) throw error
    }
  }
}

/** The server is killed. */
export const servers = async (server: LocalServer, times: number): Promise<string> => {
  const where: Where = { kind: "postgres", urls: [server.url] }
  await prepared(where)
  let acks = 0
  let unknown = 0
  for (let i = 0; i < times; i++) {
    const run = `s${i}`
    const child = startChild({ do: "load", where, run, count: 20_000, batch })
    await child.said(/^Committed/)
    await pause(Math.random() * 200)
    killServer(server)
    await child.said(/^(Unknown|NotStarted)/)
    await pause(Math.random() * 50)
    child.process.kill("SIGKILL")
    await child.ended
    await restart(server)
    acks += await verify(where, run, child.lines)
    unknown += child.lines.filter((line) => line.startsWith("Unknown")).length
  }
  return `killed ${times} times, ${acks} batches of ${batch} acknowledged, all there; ${unknown} unknown`
}
