/** A PgBouncer from the packages of the machine, in front of the PostgreSQL of the run, in transaction mode. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { spawn } from "node:child_process"
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { freePort } from "./postgresServer.ts"

const program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"].find((one) => existsSync(one))

/** Whether the machine has one. */
export const hasPgBouncer: boolean = program !== undefined

/** It refuses to run as root. */
const other = process.getuid?.() === 0 ? 65534 : undefined

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    socket.on("connect", () => {
      socket.destroy()
      resolve(true)
    })
    socket.on("error", () => resolve(false))
  })

/** The address of a pooler in transaction mode before a server, with so many sessions of that server. */
export const pgBouncer = (to: string, sessions: number): Effect.Effect<string, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(async () => {
        const server = new URL(to)
        const port = await freePort()
        const folder = mkdtempSync(join(tmpdir(), "effect-wmi-pgbouncer-"))
        writeFileSync(join(folder, "users.txt"), `"${server.username}" ""\n`)
        writeFileSync(
          join(folder, "pgbouncer.ini"),
          `[databases]
* = host=${server.hostname} port=${server.port} user=${server.username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
auth_type = trust
auth_file = ${join(folder, "users.txt")}
pool_mode = transaction
default_pool_size = ${sessions}
max_client_conn = 200
unix_socket_dir =
`
        )
        if (other !== undefined) {
          for (const one of ["", "users.txt", "pgbouncer.ini"]) chownSync(join(folder, one), other, other)
        }
        const child = spawn(program!, ["-q", join(folder, "pgbouncer.ini")], {
          stdio: "ignore",
          ...(other === undefined ? {} : { uid: other, gid: other })
        })
        for (let i = 0; i < 200 && !(await answers(port)); i++) await pause(50)
        const at = new URL(to)
        at.port = String(port)
        return { child, folder, url: at.href }
      }),
      ({ child, folder }) =>
        Effect.sync(() => {
          child.kill("SIGKILL")
          rmSync(folder, { recursive: true, force: true })
        })
    ),
    ({ url }) => url
  )
