/** The classes and instances of the tests of the kit. */
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"

export const namespace = "root\\corp"

export const Asset: ClassDefinition.ClassDefinition = ClassDefinition.make("Corp_Asset", {
  Id: Property.key("string"),
  Owner: Property.make("string"),
  Price: Property.make("uint32")
})

export const asset = (id: string, owner = "bob", price = 1): Instance.Instance =>
  Instance.make("Corp_Asset", { Id: id, Owner: owner, Price: price })

export const ids = (count: number): ReadonlyArray<string> => Array.from({ length: count }, (_, i) => `A${i + 1}`)

/** The outcome of each put: a disposition, or the tag of the outcome and the status. */
export const single = (objects: ReadonlyArray<Instance.Instance>) =>
  Effect.forEach(objects, (object) =>
    Effect.map(
      Effect.either(PutAsync.put(PutRequest.make(object))),
      Either.match({ onLeft: (error) => error.status as string, onRight: (report) => report.disposition as string })
    ))

export const bulk = (objects: ReadonlyArray<Instance.Instance>, batchSize = 256) =>
  Effect.map(
    Stream.runCollect(
      BulkPut.run(Stream.map(Stream.fromIterable(objects), (object) => PutRequest.make(object)), { batchSize })
    ),
    (outcomes) =>
      Chunk.toReadonlyArray(outcomes).map((outcome) =>
        outcome._tag === "Committed" ? outcome.report.disposition as string : `${outcome._tag} ${outcome.error.status}`
      )
  )
