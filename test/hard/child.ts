/** A child process of the hard tests: it loads in bulk, or writes rows that other processes write too. It prints a line for each step. */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { writeSync } from "node:fs"
import * as DeleteEngine from "../../src/engine/DeleteEngine.ts"
import * as ReadSet from "../../src/engine/ReadSet.ts"
import * as PutEngine from "../../src/engine/PutEngine.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PathText from "../../src/protocol/PathText.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { Change } from "../../src/protocol/Change.ts"
import { isWbemError, type WbemError } from "../../src/protocol/WbemError.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore, type Step } from "../../src/emulator/NamespaceStore.ts"
import { call, valid } from "../../src/testing/promise.ts"
import * as Wmi from "../../src/Wmi.ts"
import { storeOf, type Task } from "./world.ts"

const say = (line: string): void => void writeSync(1, `${line}\n`)

const load = ({ batch, count, run, where }: Task & { readonly do: "load" }) =>
  Stream.range(0, count - 1).pipe(
    Stream.map((i) =>
      PutRequest.make(
        Instance.make("Demo_Load", { Id: `${run}-${i}`, Batch: Math.floor(i / batch), Text: "x".repeat(50) })
      )
    ),
    Stream.rechunk(batch),
    BulkPut.run({ batchSize: batch }),
    Stream.runForEachChunk((outcomes) =>
      Effect.sync(() => {
        const tags = new Map<string, number>()
        for (const { _tag } of outcomes) tags.set(_tag, (tags.get(_tag) ?? 0) + 1)
        const [first] = Chunk.toReadonlyArray(outcomes)
        const object = first!.request.object
        const number = object._tag === "Instance" ? object.values["Batch"] : undefined
        const why = first!._tag === "Committed" ? "" : ` ${first!.error.message}`
        say(`${[...tags].map(([tag, n]) => `${tag}:${n}`).join(",")} ${number}${why}`)
      })
    ),
    Effect.provide(Wmi.layer(Layer.provide(EmulatedRepository.layer, storeOf(where))))
  )

/** Every object that a writer stores has a mark of its own. */
const mark = (object: WbemObject | undefined): string | null =>
  object === undefined
    ? null
    : object._tag === "Instance"
    ? String(object.values["Note"])
    : String(object.qualifiers.find(({ name }) => name === "Description")?.value)

/** What a step did: each row from one mark to another. */
const transitions = (changes: ReadonlyArray<Change>) =>
  changes.map((one) => [
    `${one.row.root}|${one.row.key}`,
    mark(one.before),
    one._tag === "Write" ? mark(one.after) : null
  ])

interface Done {
  readonly ended: ReadonlyArray<string>
  readonly moved: ReturnType<typeof transitions>
}

const namespace = Snapshot.defaultNamespace

const puts = (store: NamespaceStore, requests: ReadonlyArray<readonly [WbemObject, PutRequest.Options?]>) => {
  const all = requests.map(([object, options], i) => valid(object, options, i))
  return store.modify(
    () => ReadSet.union(all.map(({ put }) => ReadSet.of(put))),
    (snapshot): Step<Done> => {
      const { changes, decisions, snapshot: after } = PutEngine.decideAll(snapshot, all)
      const ended = decisions.map((one) => isWbemError(one) ? one.status : one.report.disposition)
      return { result: { ended, moved: transitions(changes) }, changes, after }
    },
    () => {}
  )
}

const remove = (store: NamespaceStore, path: string) => {
  const request = { path: Either.getOrThrow(PathText.parse(path)), namespace, flags: 0, call }
  return store.modify(
    () => ReadSet.ofPath(namespace, request.path),
    (snapshot): Step<Done> => {
      const decided = DeleteEngine.decide(snapshot, request)
      return Either.isLeft(decided)
        ? { result: { ended: [decided.left.status], moved: [] }, changes: [] }
        : { result: { ended: ["Deleted"], moved: transitions(decided.right.changes) }, changes: decided.right.changes }
    },
    () => {}
  )
}

/** One more, by a partial update of what was read in the same step. */
const count = (store: NamespaceStore, id: string) =>
  store.modify(
    () => ReadSet.of(valid(Instance.make("Demo_Count", { Id: id })).put),
    (snapshot): Step<number> => {
      const n = Number(Snapshot.row(snapshot, namespace, "demo_count", id)?.values["N"] ?? 0) + 1
      const decided = PutEngine.decide(
        snapshot,
        valid(Instance.make("Demo_Count", { Id: id, N: n }), {
          ...(n === 1
            ? {}
            : { context: { __PUT_EXT_PROPERTIES: ["N"], __PUT_EXTENSIONS: true }, mode: "UpdateOnly" as const })
        })
      )
      return { result: n, changes: Either.getOrThrow(decided).changes }
    },
    () => {}
  )

const write = ({ number, seconds, where }: Task & { readonly do: "write" }) =>
  Effect.gen(function* () {
    const store = yield* NamespaceStore
    let n = 0
    const fresh = (): string => `${number}.${n++}`
    const below = (top: number): number => Math.floor(Math.random() * top)
    const own = (name: string) =>
      ClassDefinition.make(name, { Id: Property.key("string"), Note: Property.make("string") }, {
        qualifiers: { Description: fresh() }
      })
    const thing = (className = "Demo_Thing") => Instance.make(className, { Id: `t${below(12)}`, Note: fresh() })
    const acts: ReadonlyArray<() => Effect.Effect<Done, WbemError>> = [
      () => puts(store, [[thing()]]),
      () => puts(store, [[thing(), { mode: "CreateOnly" }]]),
      () => puts(store, [[thing(), { mode: "UpdateOnly" }]]),
      () => puts(store, [[thing("Demo_SubThing")]]),
      () => puts(store, [[thing()], [thing(), { mode: "CreateOnly" }], [thing(), { mode: "UpdateOnly" }], [thing()]]),
      () => remove(store, `Demo_Thing.Id="t${below(12)}"`),
      () => remove(store, `Demo_Thing.Id="t${below(12)}"`),
      () => puts(store, [[thing("Demo_Passing")]]),
      () => puts(store, [[thing("Demo_Passing")], [thing()]]),
      () => puts(store, [[own("Demo_Passing")]]),
      () =>
        below(4) === 0 ? remove(store, "Demo_Passing") : puts(store, [[own("Demo_Passing")], [thing("Demo_Passing")]])
    ]
    const until = Date.now() + seconds * 1000
    say("begun")
    while (Date.now() < until) {
      const several = below(3) === 0 ? 4 : 1
      yield* Effect.all(
        Array.from({ length: several }, () => {
          const counts = below(4) === 0
          const id = `c${below(5)}`
          const act: Effect.Effect<unknown, WbemError> = counts
            ? Effect.map(count(store, id), (value) => ({ counted: id, value }))
            : Effect.suspend(acts[below(acts.length)]!)
          return Effect.match(act, {
            onSuccess: (done) => say(JSON.stringify(done)),
            onFailure: (error) => say(JSON.stringify({ error: error.status, message: error.message }))
          })
        }),
        { concurrency: "unbounded" }
      )
    }
  }).pipe(Effect.provide(storeOf(where)))

const task = JSON.parse(process.argv[2]!) as Task
await Effect.runPromise(task.do === "load" ? load(task) : write(task))
