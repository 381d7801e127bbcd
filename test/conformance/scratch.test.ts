/** The temporary namespace of a check: it is always deleted, and an existing namespace is never changed. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { fullName, make, type ScratchNamespace, withScratchNamespace } from "../../src/conformance/windows/scratch.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Property from "../../src/model/Property.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import type { Repository } from "../../src/pipeline/Repository.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { AccessDenied, Failed, TransportFailure } from "../../src/protocol/WbemError.ts"
import { memoryComputer, parent } from "./memoryComputer.ts"

const scratch: ScratchNamespace = { parent, name: "EWMI_test" }

/** Puts objects in the namespace and in one below it. */
const filled = Effect.gen(function* () {
  const below: ScratchNamespace = { parent: fullName(scratch), name: "Below" }
  yield* make(below)
  const definition = ClassDefinition.make("A", { Id: Property.key("string") })
  yield* PutAsync.put(PutRequest.make(definition, { namespace: below.parent }))
  yield* PutAsync.put(PutRequest.make(definition, { namespace: fullName(below) }))
})

const run = <A, E>(use: Effect.Effect<A, E, PutAsync.Stages>, altered?: (repository: Repository) => Repository) =>
  Effect.gen(function* () {
    const { computer, entries, stages } = yield* memoryComputer(altered)
    const before = yield* entries
    const left: Array<string> = []
    const exit = yield* Effect.exit(Effect.provide(
      withScratchNamespace(computer, scratch, Effect.zipRight(filled, use), (one) => left.push(one)),
      stages
    ))
    return { exit, left, before, after: yield* entries }
  })

describe("a temporary namespace", () => {
  it.effect("is deleted with its content after success and after failure", () =>
    Effect.gen(function* () {
      for (const use of [Effect.void, Effect.fail(new Failed({})), Effect.die("a defect")]) {
        const { after, before, exit, left } = yield* run(use)
        assert.strictEqual(Exit.isSuccess(exit), use === Effect.void)
        assert.deepStrictEqual(after, before)
        assert.deepStrictEqual(left, [])
      }
    }))

  it.effect("is deleted after an interruption", () =>
    Effect.gen(function* () {
      const { computer, entries, stages } = yield* memoryComputer()
      const before = yield* entries
      const there = yield* Deferred.make<void>()
      const use = Effect.zipRight(filled, Effect.zipRight(Deferred.succeed(there, undefined), Effect.never))
      const fiber = yield* Effect.fork(Effect.provide(withScratchNamespace(computer, scratch, use, () => {}), stages))
      yield* Deferred.await(there)
      assert.notDeepEqual(yield* entries, before)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(yield* entries, before)
    }))

  it.effect("an existing namespace of that name, compared without case, is not used and not changed", () =>
    Effect.gen(function* () {
      const { computer, entries, stages } = yield* memoryComputer()
      yield* Effect.provide(make({ parent, name: "ewmi_TEST" }), stages)
      const before = yield* entries
      const answer = yield* Effect.either(
        Effect.provide(withScratchNamespace(computer, scratch, Effect.die("it was run"), () => {}), stages)
      )
      assert(Either.isLeft(answer))
      assert.strictEqual(answer.left.status, "AlreadyExists")
      assert.include(answer.left.message, "root\\default\\EWMI_test is there already")
      assert.deepStrictEqual(yield* entries, before)
    }))

  it.effect("a lost answer to its creation: it is deleted, and the error is reported", () =>
    Effect.gen(function* () {
      const { after, before, exit } = yield* run(Effect.die("it was run"), (repository) => ({
        ...repository,
        put: (valid, call) =>
          Effect.zipRight(repository.put(valid, call), Effect.fail(new TransportFailure({ sent: true })))
      }))
      assert.isTrue(
        Exit.isFailure(exit) && exit.cause._tag === "Fail" && exit.cause.error.status === "TransportFailure"
      )
      assert.deepStrictEqual(after, before)
    }))

  it.effect("a lost host during the deletion: the deletion is repeated", () => {
    let lost = 0
    return Effect.map(
      run(Effect.void, (repository) => ({
        ...repository,
        delete: (request) =>
          Effect.flatMap(
            repository.delete(request),
            (path) => lost++ === 0 ? Effect.fail(new TransportFailure({ sent: true })) : Effect.succeed(path)
          )
      })),
      ({ after, before, exit, left }) => {
        assert.isTrue(Exit.isSuccess(exit))
        assert.deepStrictEqual([after, left], [before, []])
        assert.strictEqual(lost, 1, "the second time it is not there any more")
      }
    )
  })

  it.effect("a namespace that cannot be deleted is reported with its name and the reason", () =>
    Effect.map(
      run(Effect.void, (repository) => ({
        ...repository,
        delete: () => Effect.fail(new AccessDenied({ right: "FullWrite", namespace: parent }))
      })),
      ({ exit, left }) => {
        assert.isTrue(Exit.isSuccess(exit))
        assert.match(left.join(), /^root\\default\\EWMI_test: AccessDenied/)
      }
    ))
})
