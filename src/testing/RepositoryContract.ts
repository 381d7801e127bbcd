/**
 * The promises of a `Repository`, as programs, to test a repository with any test framework:
 * `for (const { name, program } of RepositoryContract.cases) it.effect(name, () => Effect.provide(program, myRepository))`.
 *
 * Each case needs a repository without user objects in `root\cimv2`.
 *
 * @since 0.1.0
 * @module
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as PutRules from "../engine/PutRules.ts"
import * as ClassDefinition from "../model/ClassDefinition.ts"
import * as Instance from "../model/Instance.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import * as Property from "../model/Property.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import { type BatchHandle, type CallHandle, type PutResult, Repository } from "../pipeline/Repository.ts"
import * as PathText from "../protocol/PathText.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type * as PutRequest from "../protocol/PutRequest.ts"
import { isWbemError, type WbemError } from "../protocol/WbemError.ts"
import { call, type Case, same, statusOf, valid } from "./promise.ts"

export type { Case } from "./promise.ts"

const Disk = ClassDefinition.make("Demo_Disk", {
  Id: Property.key("string"),
  Size: Property.make("uint64"),
  Label: Property.make("string", { value: "none" })
})
const disk = (id: string, size: bigint): Instance.Instance => Instance.make("Demo_Disk", { Id: id, Size: size })

/** The handle of a call that is never cancelled and ignores progress. */
const open: CallHandle = { progress: () => Effect.void, unlessCancelled: (wait) => wait() }
const openBatch: BatchHandle = { ...open, progress: () => Effect.void, cancelled: () => false }

const put = (
  repository: Repository,
  object: WbemObject,
  options?: PutRequest.Options
): Effect.Effect<PutReport, WbemError> => repository.put(valid(object, options), open)

const disposition = (
  repository: Repository,
  object: WbemObject,
  options?: PutRequest.Options
): Effect.Effect<string, never> =>
  Effect.match(put(repository, object, options), {
    onFailure: (error) => error.status,
    onSuccess: (report) => report.disposition
  })

const batch = (repository: Repository, puts: ReadonlyArray<PutRules.ValidatedPut>) =>
  Effect.map(
    repository.putBatch(puts, openBatch),
    (answers) => answers.map((result: PutResult) => isWbemError(result) ? result.status : result.disposition)
  )

const path = (text: string): ObjectPath.ObjectPath => Either.getOrThrow(PathText.parse(text))

const at = (text: string, namespace = "root\\cimv2") => ({ path: path(text), namespace, call })

const on = (name: string, program: (repository: Repository) => Effect.Effect<void, WbemError>): Case<Repository> => ({
  name,
  program: Effect.flatMap(Repository, (repository) => Effect.zipRight(put(repository, Disk), program(repository)))
})

/**
 * The promises of every repository.
 *
 * @since 0.1.0
 * @category contracts
 */
export const cases: ReadonlyArray<Case<Repository>> = [
  on("a put returns the path and the disposition of the object", (repository) =>
    Effect.gen(function* () {
      const report = yield* put(repository, disk("C:", 1n))
      yield* same("its path", ObjectPath.relPath(report.path), 'Demo_Disk.Id="C:"')
      yield* same("what became of it", [report.disposition, report.hresult], ["Created", 0])
      yield* same("the same again", yield* disposition(repository, disk("C:", 1n)), "Unchanged")
      yield* same("another value", yield* disposition(repository, disk("C:", 2n)), "Updated")
      yield* same("a class again", yield* disposition(repository, Disk), "Unchanged")
    })),

  on("a put that is refused stores nothing", (repository) =>
    Effect.gen(function* () {
      yield* same(
        "no such class",
        yield* disposition(repository, Instance.make("Demo_None", { Id: 1 })),
        "InvalidClass"
      )
      yield* same(
        "no such property",
        yield* disposition(repository, Instance.make("Demo_Disk", { Id: "C:", Colour: "red" })),
        "InvalidProperty"
      )
      yield* same("to be updated", yield* disposition(repository, disk("C:", 1n), { mode: "UpdateOnly" }), "NotFound")
      yield* same("nothing is there", yield* statusOf(repository.get(at('Demo_Disk.Id="C:"'))), "NotFound")
      yield* put(repository, disk("C:", 1n))
      yield* same(
        "to be created",
        yield* disposition(repository, disk("C:", 2n), { mode: "CreateOnly" }),
        "AlreadyExists"
      )
      const found = yield* repository.get(at('Demo_Disk.Id="C:"'))
      yield* same("as it was", found._tag === "Instance" ? found.values["Size"] : undefined, 1n)
    })),

  on(
    "a batch returns a result for each put, in order, and each put sees those before it",
    (repository) =>
      Effect.gen(function* () {
        yield* same("nothing of nothing", yield* batch(repository, []), [])
        const answers = yield* batch(repository, [
          valid(disk("A:", 1n), undefined, 0),
          valid(disk("A:", 1n), { mode: "CreateOnly" }, 1),
          valid(Instance.make("Demo_None", { Id: 1 }), undefined, 2),
          valid(disk("A:", 2n), { mode: "UpdateOnly" }, 3),
          valid(disk("B:", 1n), undefined, 4)
        ])
        yield* same("how each ended", answers, ["Created", "AlreadyExists", "InvalidClass", "Updated", "Created"])
      })
  ),

  on(
    "a get returns an instance with every property of its class, and a class with its own members",
    (repository) =>
      Effect.gen(function* () {
        yield* put(repository, Instance.make("Demo_Disk", { Id: "C:" }))
        const found = yield* repository.get(at('demo_disk.id="c:"'))
        yield* same("the instance", found._tag === "Instance" ? [found.className, found.values] : undefined, [
          "Demo_Disk",
          { Id: "C:", Size: null, Label: "none" }
        ])
        const definition = yield* repository.get(at("demo_disk"))
        yield* same(
          "the class",
          definition._tag === "Class" ? definition.properties.map((one) => one.name) : undefined,
          [
            "Id",
            "Size",
            "Label"
          ]
        )
        yield* same("no such class", yield* statusOf(repository.get(at("Demo_None"))), "NotFound")
        yield* same("nowhere", yield* statusOf(repository.get(at("Demo_Disk", "root\\nowhere"))), "InvalidNamespace")
      })
  ),

  on("a delete removes the object, and a class with all of its instances", (repository) =>
    Effect.gen(function* () {
      yield* put(repository, disk("C:", 1n))
      yield* put(repository, disk("D:", 1n))
      const remove = (text: string) => statusOf(repository.delete({ ...at(text), flags: 0 }))
      yield* same("one", yield* remove('Demo_Disk.Id="c:"'), "ok")
      yield* same("the same again", yield* remove('Demo_Disk.Id="C:"'), "NotFound")
      yield* same("the class", yield* remove("Demo_Disk"), "ok")
      yield* same("an instance of it", yield* statusOf(repository.get(at('Demo_Disk.Id="D:"'))), "InvalidClass")
      yield* put(repository, Disk)
      yield* same("of a new one", yield* statusOf(repository.get(at('Demo_Disk.Id="D:"'))), "NotFound")
    })),

  on("a call is admitted if its namespace exists, and refused otherwise", (repository) =>
    Effect.gen(function* () {
      const here = valid(disk("C:", 1n)).put
      const nowhere = valid(disk("C:", 1n), { namespace: "root\\nowhere" }).put
      yield* same("here", yield* statusOf(repository.admit(here)), "ok")
      yield* same("nowhere", yield* statusOf(repository.admit(nowhere)), "InvalidNamespace")
      yield* same(
        "both",
        (yield* repository.admitBatch([here, nowhere, here])).map((refusal) => refusal?.status),
        [undefined, "InvalidNamespace", undefined]
      )
    })),

  on("the relative path of a put is returned if one can be formed", (repository) =>
    Effect.gen(function* () {
      yield* same("of an instance", yield* repository.relPath(valid(disk("C:", 1n)).put), 'Demo_Disk.Id="C:"')
      yield* same(
        "without its key",
        yield* repository.relPath(valid(Instance.make("Demo_Disk", { Size: 1n })).put),
        undefined
      )
    })),

  on("concurrent puts are serializable", (repository) =>
    Effect.gen(function* () {
      const ended = yield* Effect.all(
        Array.from({ length: 20 }, (_, i) => disposition(repository, disk("C:", BigInt(i)), { mode: "CreateOnly" })),
        { concurrency: "unbounded" }
      )
      yield* same("one was first", ended.filter((one) => one === "Created").length, 1)
      yield* same("the others were not", ended.filter((one) => one === "AlreadyExists").length, 19)
    }))
]
