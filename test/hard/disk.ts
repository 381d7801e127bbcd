/** Where a real disk is needed: one that is full, one that may only be read, and a server that wants a password. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { spawnSync } from "node:child_process"
import { mkdtempSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import * as Instance from "../../src/model/Instance.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as Wmi from "../../src/Wmi.ts"
import { ask, check, Load } from "./world.ts"

const mount = (...args: ReadonlyArray<string>): boolean => spawnSync("mount", args).status === 0

/** `undefined` where the user may not mount. */
export const disk = async (clean: (stop: () => void) => void): Promise<string | undefined> => {
  const at = mkdtempSync(join(tmpdir(), "effect-wmi-disk-"))
  if (!mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", at)) return undefined
  clean(() => void spawnSync("umount", [at]))
  const filename = join(at, "wmi.db")
  const put = (n: number, size: number) =>
    PutAsync.put(PutRequest.make(Instance.make("Demo_Load", { Id: `d-${n}`, Batch: n, Text: "x".repeat(size) })))
  const why = <A, R>(effect: Effect.Effect<A, { readonly cause?: unknown }, R>) =>
    Effect.match(effect, {
      onSuccess: () => "ok",
      onFailure: (error) => error.cause instanceof StoreFailure ? error.cause.reason : `otherwise: ${String(error)}`
    })
  const acks = await Effect.runPromise(
    Effect.gen(function* () {
      yield* PutAsync.put(PutRequest.make(Load))
      for (let n = 0;; n++) {
        const reason = yield* why(put(n, 50_000))
        if (reason === "ok") continue
        check(reason === "DiskFull", `a full disk is ${reason}`)
        return n
      }
    }).pipe(Effect.provide(Wmi.layer(Sqlite.layer({ filename }))))
  )
  check(mount("-o", "remount,size=20m", at), "the disk could not be made larger")
  const where = { kind: "sqlite", filename } as const
  const [{ n }] = await ask<{ readonly n: number }>(
    where,
    "select count(*) as n from effect_wmi_instance where root = 'demo_load'"
  ) as readonly [{ readonly n: number }]
  check(Number(n) === acks, `${acks} were acknowledged and ${n} are there`)
  const [row] = await ask<{ readonly integrity_check: string }>(where, "pragma integrity_check")
  check(row?.integrity_check === "ok", JSON.stringify(row))
  ;(globalThis as { readonly gc?: () => void }).gc?.() // libsql closes a file with the last of its statements
  await pause(50)
  check(mount("-o", "remount,ro", at), "the disk could not be made read-only")
  const size = statSync(filename).size
  const opened = await Effect.runPromise(Effect.exit(Effect.scoped(
    Effect.flatMap(
      Layer.build(Wmi.layer(Sqlite.layer({ filename }))),
      (context) => Effect.provide(why(put(999, 10)), context)
    )
  )))
  const said = opened._tag === "Success" ? opened.value : String(opened.cause)
  check(/ReadOnly|read-only|CannotOpen|cannot be opened/.test(said), `a read-only disk is ${said}`)
  check(statSync(filename).size === size, "something was written")
  return `${acks} puts until the disk was full, all there; read-only: ${said.slice(0, 60)}`
}

/** A wrong password, over a server that requires one. */
export const password = async (url: string): Promise<string> => {
  const to = new URL(url)
  to.username = "effect_wmi_asked"
  to.password = "wrong"
  const failure = await Effect.runPromise(
    Effect.flip(Effect.scoped(Layer.build(Postgres.layerStore({ url: Redacted.make(to.href) }))))
  )
  check(failure.reason === "WrongPassword", `a wrong password is ${failure.reason}: ${failure.message}`)
  return failure.message
}
