import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Sqlite from "./src/repository/Sqlite.ts"
const [dir, at] = process.argv.slice(2)
while (Date.now() < Number(at)) {}
let bad = 0
const log: any[] = (globalThis as any).LOG = []
for (let i = 0; i < 60; i++) {
  const t0 = Date.now()
  log.length = 0
  const e = await Effect.runPromise(Effect.either(Effect.scoped(Layer.build(Sqlite.layerStore({ filename: `${dir}/${i}.db` })))))
  if (e._tag === "Left") { bad++; console.log(i, Date.now() - t0, e.left.reason, e.left.detail, JSON.stringify(log.slice(0, 60), null, 0)) }
}
console.log("done", bad)
