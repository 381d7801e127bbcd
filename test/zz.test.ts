import { it } from "vitest"
import { writeFileSync } from "node:fs"
import * as HResult from "../src/protocol/HResult.ts"
import * as StatusError from "../src/protocol/StatusError.ts"
import * as WbemError from "../src/protocol/WbemError.ts"
import * as PutFlags from "../src/protocol/PutFlags.ts"
import { sizes } from "../bench/bundle.ts"
it("dump", async () => {
  const out: string[] = []
  for (const row of HResult.table) {
    out.push(JSON.stringify({ status: row.status, hresult: row.hresult, com: row.com, meaning: row.meaning, page: row.page, retry: HResult.retry(row.hresult), documented: HResult.documented(row.status) }))
    if (row.status === "NoError") continue
    const e = StatusError.fromHResult(row.hresult, { detail: "d\u0007", rule: "CS-1", parameterInfo: "p" }) as WbemError.WbemError
    out.push(JSON.stringify({ tag: e._tag, status: e.status, hresult: e.hresult, message: e.message, name: e.name, rule: e.rule, info: e.parameterInfo, stack: e.stack }))
    const C = (WbemError as any)[row.status]
    if (C) out.push(new C({ path: { keys: [], singleton: false, className: "A", namespace: "n" }, className: "x", property: "p", sent: true }).message)
  }
  for (let i = 0; i < 32; i++) for (const k of ["Class", "Instance"] as const) {
    const w = 2 ** i
    const d = PutFlags.decode(w, k)
    out.push(JSON.stringify([w, k, d._tag === "Right" ? d.right : d.left.message, PutFlags.names(w), PutFlags.names(w | 0x33), PutFlags.explain(w), PutFlags.forProvider(w)]))
  }
  for (const w of [3, 0x60, 0x63, -1, 1.5, NaN, 0xffffffff, 0x13f0f3, 0x13f093]) for (const k of ["Class", "Instance"] as const) {
    const d = PutFlags.decode(w, k)
    out.push(JSON.stringify([w, k, d._tag === "Right" ? d.right : d.left.message, Number.isInteger(w) ? PutFlags.names(w) : 0]))
  }
  for (const mode of ["CreateOrUpdate", "UpdateOnly", "CreateOnly", "x"] as any[]) for (const update of ["Compatible", "Safe", "Force", "y"] as any[]) for (const amended of [true, false]) for (const status of [true, false]) out.push(String(PutFlags.encode({ mode, update, amended, status })))
  out.push(JSON.stringify(PutFlags.table))
  writeFileSync(process.env["DUMP"]!, out.join("\n"))
  const { least, put } = await sizes()
  console.log("bundle", put, least, (put.gzip - least.gzip) / 1024)
})
