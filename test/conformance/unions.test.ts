/** Every error of every case is in the union of its verb: of the put, its start, the delete and the read, over the emulator. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { readFileSync } from "node:fs"
import { afterAll, assert, describe, it } from "vitest"
import { type CaseRepository, memory } from "../../src/conformance/caseRepository.ts"
import { runCasePromise } from "../../src/conformance/cases.ts"
import type { JsonObject } from "../../src/conformance/vocabulary.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Property from "../../src/model/Property.ts"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import { Repository } from "../../src/pipeline/Repository.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as StatusError from "../../src/protocol/StatusError.ts"
import { type ErrorUnions, isWbemError, type WbemError } from "../../src/protocol/WbemError.ts"
import * as Wmi from "../../src/Wmi.ts"

type Union = keyof ErrorUnions

/** The statuses that came out, by union. */
const statuses = new Map<Union, Set<string>>()

const strangers: Array<string> = []

const record = (union: Union) => (error: WbemError): void => {
  statuses.set(union, (statuses.get(union) ?? new Set()).add(error.status))
  const isOther = error._tag === "WbemOther" && StatusError.tagsOf(union).has(`Wbem${error.status}`)
  if (!StatusError.tagsOf(union).has(error._tag) || isOther) strangers.push(`${union}: ${error._tag} ${error.status}`)
}

const recorded = (inner: Repository): Repository => {
  const tap = <A, E extends WbemError, R>(union: Union, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.tapError(effect, (error) => Effect.sync(() => record(union)(error)))
  return {
    ...inner,
    admit: (put) => tap("StartError", inner.admit(put)),
    admitBatch: (puts) =>
      Effect.tap(inner.admitBatch(puts), (errors) =>
        Effect.sync(() => {
          for (const error of errors) if (error !== undefined) record("StartError")(error)
        })),
    put: (put, call) => tap("PutError", inner.put(put, call)),
    putBatch: (puts, batch) =>
      Effect.tap(tap("PutError", inner.putBatch(puts, batch)), (results) =>
        Effect.sync(() => {
          for (const result of results) if (isWbemError(result)) record("PutError")(result)
        })),
    delete: (request) => tap("DeleteError", inner.delete(request)),
    get: (request) => tap("GetError", inner.get(request))
  }
}

const repository: CaseRepository = {
  ...memory,
  layer: (setup, providers) =>
    Layer.map(
      memory.layer(setup, providers),
      (context) => Context.add(context, Repository, recorded(Context.get(context, Repository)))
    )
}

describe("errors of cases", () => {
  for (const file of ["put-cases.json", "rule-cases.json", "emulated-cases.json"]) {
    it(`${file}: each is in the union of its verb`, async () => {
      const { cases } = JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")) as {
        readonly cases: ReadonlyArray<JsonObject>
      }
      for (const one of cases) await runCasePromise(one, repository)
      assert.deepStrictEqual(strangers, [])
    }, 120_000)
  }

  it("deletes and reads: each is in the union of its verb", async () => {
    const stages = Layer.map(
      Wmi.layerMemory,
      (context) => Context.add(context, Repository, recorded(Context.get(context, Repository)))
    )
    const paths = [
      'Demo_Disk.Id="C:"',
      "Demo_None",
      "__EventFilter",
      "__NAMESPACE.Name=1",
      'Demo_Disk.Other="C:"',
      "Demo_Disk=@"
    ]
    const calls = paths.flatMap((path) => [
      ...[undefined, "root\\none"].flatMap((
        namespace
      ): ReadonlyArray<Effect.Effect<unknown, WbemError, Repository>> => [
        Wmi.get(path, { namespace }),
        Wmi.delete(path, { namespace })
      ]),
      Effect.provideService(Wmi.delete(path), CallContext.Caller, { name: "b", remote: true, rights: 0 })
    ])
    const program = Effect.zipRight(
      PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") }))),
      Effect.forEach(calls, Effect.ignore)
    )
    await Effect.runPromise(Effect.provide(program, stages))
    assert.deepStrictEqual(strangers, [])
    assert.isAtLeast((statuses.get("DeleteError") ?? new Set()).size, 3)
    assert.isAtLeast((statuses.get("GetError") ?? new Set()).size, 3)
  })

  afterAll(() => {
    // The cases reach most errors, so that the comparison says something.
    const put = statuses.get("PutError") ?? new Set()
    assert.isAtLeast(put.size, 35, [...put].join())
    assert.isAtLeast((statuses.get("StartError") ?? new Set()).size, 2)
  })
})
