/** Laws of the pure engine, over generated puts. */
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import * as ReadSet from "../../src/engine/ReadSet.ts"
import * as PutEngine from "../../src/engine/PutEngine.ts"
import * as PartialSnapshot from "../../src/engine/state/PartialSnapshot.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as Change from "../../src/protocol/Change.ts"
import { isWbemError } from "../../src/protocol/WbemError.ts"
import * as any from "../arbitraries.ts"
import { scaled } from "../scale.ts"

const runs = 3000

/** The contents of a snapshot as text. */
const dump = (snapshot: Snapshot.Snapshot): string =>
  JSON.stringify(Snapshot.entries(snapshot), (_, value: unknown) => typeof value === "bigint" ? `${value}n` : value)

/** The state after some puts, each decided and applied alone. */
const after = (puts: ReturnType<typeof any.validated>, start = any.world()): Snapshot.Snapshot => {
  let at = start
  for (const put of puts) {
    const decided = PutEngine.decide(at, put)
    if (Either.isRight(decided)) at = Snapshot.apply(at, decided.right.changes)
  }
  return at
}

const status = (decided: Either.Either<unknown, { readonly status: string }>): string =>
  Either.isLeft(decided) ? decided.left.status : "ok"

describe("engine laws", () => {
  it("generated puts of every kind occur, and both succeed and fail", () => {
    const seen = new Map<string, number>()
    FastCheck.assert(
      FastCheck.property(any.requests(12), (list) => {
        let at = any.world()
        for (const put of any.validated(list)) {
          const decided = PutEngine.decide(at, put)
          const what = `${put.put.object._tag} ${
            Either.isRight(decided) ? decided.right.report.disposition : decided.left.status
          }`
          seen.set(what, (seen.get(what) ?? 0) + 1)
          if (Either.isRight(decided)) at = Snapshot.apply(at, decided.right.changes)
        }
      }),
      { numRuns: runs, seed: 1 } // a fixed seed: the test checks the generators, not the engine
    )
    for (const kind of ["Class", "Instance"]) {
      for (const disposition of ["Created", "Updated", "Unchanged", "AlreadyExists", "NotFound"]) {
        assert.isAbove(seen.get(`${kind} ${disposition}`) ?? 0, 0, `${kind} ${disposition}`)
      }
    }
    for (
      const rare of ["Class ClassHasChildren", "Class ClassHasInstances", "Instance TypeMismatch"]
    ) {
      assert.isAbove(seen.get(rare) ?? 0, 0, rare)
    }
  })

  it("a refused put has no changes, and a decision does not change the snapshot", () => {
    FastCheck.assert(
      FastCheck.property(any.requests(8), any.request, (list, last) => {
        const at = after(any.validated(list))
        const before = dump(at)
        for (const put of any.validated([last])) PutEngine.decide(at, put)
        assert.strictEqual(dump(at), before)
      }),
      { numRuns: scaled(runs) }
    )
  })

  it("a repeated put is Unchanged, unless it is CreateOnly or generates its key", () => {
    let repeated = 0
    FastCheck.assert(
      FastCheck.property(any.requests(8), any.request, (list, last) => {
        const at = after(any.validated(list))
        for (const put of any.validated([last])) {
          const first = PutEngine.decide(at, put)
          if (Either.isLeft(first) || put.put.options.mode === "CreateOnly") continue
          const made = first.right.report.path.keys.some(({ value }) =>
            typeof value === "string" && value.startsWith("{")
          )
          if (made) continue
          const second = PutEngine.decide(Snapshot.apply(at, first.right.changes), put)
          repeated++
          assert.strictEqual(status(second), "ok")
          if (Either.isRight(second)) {
            assert.strictEqual(second.right.report.disposition, "Unchanged")
            assert.deepStrictEqual(second.right.changes, [])
          }
        }
      }),
      { numRuns: scaled(runs) }
    )
    assert.isAbove(repeated, 100)
  })

  it("applying changes and then their inverse restores the state", () => {
    FastCheck.assert(
      FastCheck.property(any.requests(10), any.requests(6), (first, second) => {
        const start = after(any.validated(first))
        const before = dump(start)
        const { changes, snapshot } = PutEngine.decideAll(start, any.validated(second))
        assert.strictEqual(dump(Snapshot.apply(snapshot, Change.invert(changes))), before)
      }),
      { numRuns: scaled(runs) }
    )
  })

  it("decideAll equals deciding one put after another", () => {
    FastCheck.assert(
      FastCheck.property(any.requests(14), (list) => {
        const puts = any.validated(list)
        const together = PutEngine.decideAll(any.world(), puts)
        let at = any.world()
        const alone = puts.map((put) => {
          const decided = PutEngine.decide(at, put)
          if (Either.isRight(decided)) at = Snapshot.apply(at, decided.right.changes)
          return Either.isRight(decided) ? decided.right.report : decided.left.status
        })
        assert.deepStrictEqual(together.decisions.map((one) => isWbemError(one) ? one.status : one.report), alone)
        assert.strictEqual(dump(together.snapshot), dump(at))
      }),
      { numRuns: scaled(runs) }
    )
  })

  it("a decision over the partial snapshot of a read set equals the decision over the whole state", () => {
    let decided = 0
    FastCheck.assert(
      FastCheck.property(any.requests(12), any.request, (list, last) => {
        const whole = after(any.validated(list))
        for (const put of any.validated([last])) {
          const { missing, snapshot } = PartialSnapshot.of(whole, ReadSet.of(put.put))
          const [a, b] = [PutEngine.decide(whole, put), PutEngine.decide(snapshot, put)]
          assert.isFalse(missing.any)
          if (Either.isRight(a)) decided++
          assert.deepStrictEqual(
            Either.isRight(b) ? [b.right.report, b.right.changes, b.right.events] : b.left.status,
            Either.isRight(a) ? [a.right.report, a.right.changes, a.right.events] : a.left.status
          )
        }
      }),
      { numRuns: scaled(runs) }
    )
    assert.isAbove(decided, 100)
  })

  it("a kept snapshot does not change when other snapshots are read or written", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.array(FastCheck.tuple(FastCheck.nat(), any.requests(4)), { minLength: 1, maxLength: 12 }),
        (steps) => {
          const kept: Array<readonly [Snapshot.Snapshot, string]> = [[any.world(), dump(any.world())]]
          for (const [which, list] of steps) {
            const [from] = kept[which % kept.length]!
            const to = after(any.validated(list), from)
            kept.push([to, dump(to)])
          }
          for (const [snapshot, text] of kept) assert.strictEqual(dump(snapshot), text)
          for (const [snapshot, text] of [...kept].reverse()) assert.strictEqual(dump(snapshot), text)
        }
      ),
      { numRuns: scaled(runs) }
    )
  })

  it("generated keys are a function of the put", () => {
    FastCheck.assert(
      FastCheck.property(any.requests(6), (list) => {
        const puts = any.validated(list)
        assert.strictEqual(
          dump(PutEngine.decideAll(any.world(), puts).snapshot),
          dump(PutEngine.decideAll(any.world(), puts).snapshot)
        )
      }),
      { numRuns: scaled(runs) }
    )
  })
})
