/** Fail-over: the primary is killed in the middle of a load and its synchronous standby promoted. The load goes on there. */
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { freePort, overFolder, run as command, serverFolder, startLocal } from "../stores/postgresServer.ts"
import { acknowledged, killServer, prepared, stored } from "./crash.ts"
import { ask, check, startChild, type Where } from "./world.ts"

const batch = 20

export const failover = async (programs: string, clean: (stop: () => void) => void): Promise<string> => {
  const home = serverFolder("effect-wmi-failover-")
  const primary = await startLocal(
    programs,
    home,
    "-c wal_level=replica -c max_wal_senders=5 -c synchronous_standby_names=second"
  )
  clean(() => primary.stop("immediate"))
  const data = join(home, "standby")
  command(programs, "pg_basebackup", [
    "-d",
    `${primary.url}?application_name=second`,
    "-D",
    data,
    "-R",
    "-X",
    "stream",
    "-c",
    "fast"
  ])
  const standby = overFolder(programs, data, await freePort(), "")
  standby.start()
  clean(() => standby.stop("immediate"))
  const first: Where = { kind: "postgres", urls: [primary.url] }
  for (let i = 0;; i++) {
    const [row] = await ask<{ readonly sync_state: string }>(first, "select sync_state from pg_stat_replication")
    if (row?.sync_state === "sync") break
    check(i < 100, `the standby is ${row?.sync_state}`)
    await pause(100)
  }
  // The standby is first in the list, so that it is tried and passed over.
  const where: Where = { kind: "postgres", urls: [standby.url, primary.url] }
  await prepared(where)
  const task = { do: "load", where, run: "f", count: 20_000, batch } as const
  const child = startChild(task)
  await child.said(/^Committed:20 100/)
  killServer(primary)
  await pause(500)
  command(programs, "pg_ctl", ["promote", "-w", "-D", data])
  check(await child.ended === 0, `the load ended with ${child.process.exitCode}`)
  const now: Where = { kind: "postgres", urls: [standby.url] }
  const found = await stored(now, "f")
  const acks = acknowledged(child.lines)
  for (const number of acks) check(found.get(number) === batch, `batch ${number} was acknowledged and is not there`)
  for (const [number, n] of found) check(n === batch, `batch ${number} is there in part`)
  const lost = child.lines.filter((line) => !line.startsWith("Committed"))
  check(acks.length + lost.length === task.count / batch, `${acks.length} and ${lost.length} of ${task.count / batch}`)
  check(lost.every((line) => /^(Unknown|NotStarted):20 /.test(line)), `lost otherwise: ${lost[0]}`)
  check(lost.length < 20, `${lost.length} batches did not go on`)
  check(acks.some((number) => number > 500), "the load did not go on")
  const again = startChild(task)
  check(await again.ended === 0, "the second run ended otherwise")
  check(acknowledged(again.lines).length === task.count / batch, "the second run left something open")
  check((await stored(now, "f")).size === task.count / batch, "something is missing after the second run")
  const unknown = lost.filter((line) => line.startsWith("Unknown")).length
  return `${acks.length} batches acknowledged, ${unknown} unknown, ${
    lost.length - unknown
  } not started; the second run settled them`
}
