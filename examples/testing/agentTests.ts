// The tests of the agent, for any test framework: `tests(it)`.
import * as assert from "node:assert/strict"
import { Effect, ManagedRuntime, type Utils } from "effect"
import { CallContext, Rights, Wmi } from "effect-wmi"
import { Fault, WmiTest } from "effect-wmi/testing"
import * as Agent from "./agent.ts"

const runtime = ManagedRuntime.make(WmiTest.layer({ defaultNamespace: Agent.namespace }))
const assets = Array.from({ length: 50 }, (_, i) => ({ id: `A${i + 1}`, owner: "bob", price: i }))
const path = (id: string) => `Corp_Asset.Id="${id}"`
const third = { verb: "put", kind: "instance", nth: 3 } as const
type Program = () => Generator<Utils.YieldWrap<Effect.Effect<unknown, unknown, WmiTest.Services>>, void>

export const tests = (it: (title: string, run: () => Promise<void>) => void): void => {
  /** Every test begins in the start state. */
  const test = (title: string, program: Program): void =>
    it(title, () => runtime.runPromise(Effect.zipRight(WmiTest.reset, Effect.gen(program))))

  test("writes exactly these 50 assets and reads nothing", function* () {
    assert.equal(yield* Agent.register, "registered")
    assert.equal(yield* Agent.register, "already there")
    yield* WmiTest.clearCalls
    yield* Agent.saveAll(assets)
    yield* WmiTest.assertCalls(assets.map(({ id }) => ({ verb: "put", path: path(id), disposition: "Created" })))
  })

  test("changes an owner, and says when it cannot", function* () {
    yield* Effect.zipRight(Agent.register, Agent.save(assets[0]!))
    assert.equal(yield* Agent.changeOwner("A1", "ann"), "changed")
    assert.equal(yield* Agent.changeOwner("A9", "ann"), "no such asset")
    const reader = { name: "CORP\\eve", remote: false, rights: Rights.of("Enable") }
    const denied = Effect.provideService(Agent.changeOwner("A1", "eve"), CallContext.Caller, reader)
    assert.equal(yield* denied, "PartialWrite is missing")
    assert.deepEqual((yield* Wmi.instancesOf("Corp_Asset")).map(({ values }) => values["Owner"]), ["ann"])
  })

  test("an upgrade deletes the assets", function* () {
    yield* Effect.zipRight(Agent.register, Agent.saveAll(assets))
    assert.equal((yield* Agent.upgrade).deleted, 50)
  })

  test("ends at the third put, if that fails", function* () {
    yield* Effect.zipRight(Agent.register, WmiTest.addFault(Fault.make({ ...third, fault: "AccessDenied" })))
    assert.equal((yield* Effect.flip(Agent.saveAll(assets))).status, "AccessDenied")
    yield* WmiTest.assertCalls([{}, { path: path("A1") }, { path: path("A2") }, { status: "AccessDenied" }])
  })

  test("in bulk, goes on after the third put fails; a second run settles a lost answer", function* () {
    yield* Effect.zipRight(Agent.register, WmiTest.addFault(Fault.make({ ...third, fault: Fault.loseAnswer })))
    const first = yield* Agent.saveInBulk(assets)
    assert.deepEqual([first.created, first.unknown], [49, 1])
    assert.equal((yield* Agent.saveInBulk(assets)).unchanged, 50)
  })
}
