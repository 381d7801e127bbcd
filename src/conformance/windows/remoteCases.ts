/**
 * The cases over a computer that nobody here owns. Each has a namespace of its own inside one that was made for the check: what the
 * case begins with is put there, what there is afterwards is read, and everything is taken away again. The namespace that the
 * cases write, `root\test`, is that one over there; paths come back under the names that the cases use.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import * as CimName from "../../model/CimName.ts"
import type { ObjectPath } from "../../model/ObjectPath.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import * as Rights from "../../model/Rights.ts"
import type { ClassDefinition, WbemObject } from "../../model/WbemObject.ts"
import * as PutAsync from "../../pipeline/PutAsync.ts"
import { type PutResult, Repository } from "../../pipeline/Repository.ts"
import type { DecodedPut } from "../../protocol/PutRequest.ts"
import * as PutRequest from "../../protocol/PutRequest.ts"
import { isWbemError, type WbemError } from "../../protocol/WbemError.ts"
import type { WbemEvent } from "../../protocol/WbemEvent.ts"
import * as Wmi from "../../Wmi.ts"
import type { Computer } from "./computer.ts"
import * as scratch from "./scratch.ts"
import { type CaseRepository, RepositoryProbe } from "../caseRepository.ts"
import type { Setup } from "../given.ts"
import { namespace } from "../objects.ts"
import { CaseError, type JsonObject, NotApplicable } from "../vocabulary.ts"

/** Why a case is not asked: the first row that is so. */
const skipReasons: ReadonlyArray<readonly [reason: string, is: (setup: Setup, then: JsonObject) => boolean]> = [
  ["providers are registered there and not as data", ({ providers }) => providers.length > 0],
  ["nobody can be made to have other rights", ({ caller }) => caller.rights !== Rights.all],
  ["the caller is who runs the check, not one from elsewhere", ({ caller }) => caller.remote],
  ["it cannot be made to shut down or to break", ({ server }) => server.shuttingDown || server.fault !== undefined],
  ["a host hears nothing of what is published", (_, then) => "published" in then || "publishedUnordered" in then],
  ["a host does not tell how many objects a put deleted", (_, then) => "deleted" in then]
]

/** The names of a case against those of its namespace over there, both ways. */
interface NameMap {
  readonly toRemote: (name: string) => string
  readonly toCasePath: (path: ObjectPath) => ObjectPath
}

const nameMapFor = (at: string): NameMap => {
  const moved = (from: string, to: string) => (name: string): string | undefined =>
    CimName.equals(name, from)
      ? to
      : CimName.fold(name).startsWith(`${CimName.fold(from)}\\`)
      ? to + name.slice(from.length)
      : undefined
  const there = moved(namespace, at)
  const back = moved(at, namespace)
  return {
    toRemote: (name) => there(name) ?? name,
    toCasePath: (path) => {
      const known = path.namespace === undefined ? undefined : back(path.namespace)
      return known === undefined ? path : { ...path, server: "TESTSRV", namespace: known }
    }
  }
}

/** An error that names an object, with the name that the case uses. It keeps its class and its stack. */
const renamed = <E extends WbemError>(error: E, { toCasePath }: NameMap): E =>
  "path" in error ? Object.assign(error, { path: toCasePath(error.path as ObjectPath) }) : error

/** The repository in other words; `asked` is told of each put that gets to it. */
const withNameMap = (repository: Repository, names: NameMap, asked: () => void): Repository => {
  const put = <P extends { readonly namespace: string }>(one: P): P => ({
    ...one,
    namespace: names.toRemote(one.namespace)
  })
  const valid = <V extends { readonly put: DecodedPut }>(one: V): V => ({ ...one, put: put(one.put) })
  const failing = <A, E extends WbemError>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.mapError(effect, (error) => renamed(error, names))
  const answer = <A extends PutResult>(one: A): A =>
    isWbemError(one) ? renamed(one, names) : { ...one, path: names.toCasePath(one.path) }
  return {
    admit: (one) => failing(repository.admit(put(one))),
    admitBatch: (all) =>
      Effect.map(
        repository.admitBatch(all.map(put)),
        (found) => found.map((error) => error === undefined ? undefined : renamed(error, names))
      ),
    put: (one, call) =>
      Effect.suspend(() => {
        asked()
        return Effect.map(failing(repository.put(valid(one), call)), answer)
      }),
    putBatch: (all, batch) =>
      Effect.suspend(() => {
        asked()
        return Effect.map(failing(repository.putBatch(all.map(valid), batch)), (found) => found.map(answer))
      }),
    relPath: (one) => repository.relPath(put(one)),
    delete: (request) => Effect.map(failing(repository.delete(put(request))), names.toCasePath),
    get: (request) => failing(repository.get(put(request)))
  }
}

/** A class after the one it is below. */
const parentsFirst = (classes: ReadonlyArray<ClassDefinition>): ReadonlyArray<ClassDefinition> => {
  const left = new Map(classes.map((one) => [CimName.fold(one.name), one]))
  const sorted: Array<ClassDefinition> = []
  const add = (one: ClassDefinition): void => {
    if (!left.delete(CimName.fold(one.name))) return
    const parent = one.superclass === undefined ? undefined : left.get(CimName.fold(one.superclass))
    if (parent !== undefined) add(parent)
    sorted.push(one)
  }
  for (const one of classes) add(one)
  return sorted
}

/** Whether somebody's program would be asked for its instances. */
const isProvided = ({ qualifiers }: ClassDefinition): boolean => Qualifier.find(qualifiers, "dynamic") !== undefined

/** What is in a namespace over there, as if it were that of the cases. */
const readSnapshot = (computer: Computer, at: string): Effect.Effect<Snapshot.Snapshot, WbemError> =>
  Effect.gen(function* () {
    const children = yield* computer.instances(at, "__NAMESPACE")
    const classes = parentsFirst(yield* computer.classes(at))
    const names = children.map(({ values }) => `${namespace}\\${String(values["Name"])}`)
    const empty = Snapshot.empty({ namespaces: [namespace, ...names] })
    const withClasses = Snapshot.withObjects(empty, namespace, classes)
    // Instances of the classes at the top include those of the classes below. What stands below a system class is read there.
    const tops = classes.filter((one) => one.superclass === undefined && !isProvided(one))
    const instances = yield* Effect.forEach(tops, ({ name }) => computer.instances(at, name))
    // Instances of system classes and of the classes below them, but for namespaces and the singletons that exist from the start.
    const system = (yield* computer.instances(at, "__SystemClass")).filter(({ className }) => {
      const resolvedClass = Snapshot.resolvedClass(withClasses, namespace, className)
      return resolvedClass !== undefined && !resolvedClass.isSingleton
        && !Snapshot.derivesFrom(withClasses, namespace, className, "__NAMESPACE")
    })
    return Snapshot.withObjects(withClasses, namespace, [...instances.flat(), ...system])
  })

/** Puts what a case begins with, in order. */
const putObjects = (objects: ReadonlyArray<WbemObject>): Effect.Effect<void, WbemError, PutAsync.Stages> =>
  Effect.forEach(objects, (object) => PutAsync.put(PutRequest.make(object, { namespace })), { discard: true })

/** What the emulator says to the same puts: a state that no put leads to cannot be made anywhere. */
const emulatorStatus = (objects: ReadonlyArray<WbemObject>): Effect.Effect<string | undefined> =>
  Effect.match(
    Effect.provide(putObjects(objects), Wmi.layerMemoryFrom(Snapshot.empty({ namespaces: [namespace] }))),
    { onFailure: ({ status }) => status, onSuccess: () => undefined }
  )

/** The sentence that a report needs, in place of an error. */
const describeFailure = <A, R>(
  what: string,
  effect: Effect.Effect<A, CaseError | WbemError, R>
): Effect.Effect<A, CaseError, R> =>
  Effect.mapError(effect, (error) => error instanceof CaseError ? error : new CaseError(`${what}: ${error.message}`))

const putInitialObjects = ({ objects }: Setup): Effect.Effect<void, NotApplicable | WbemError, PutAsync.Stages> =>
  Effect.catchAll(putObjects(objects), (error) =>
    Effect.flatMap(emulatorStatus(objects), (status) =>
      Effect.fail(
        status === error.status ? new NotApplicable(`no put leads to what it begins with (${status})`) : error
      )))

/** What a host hears of what is published. */
const noEvents: Effect.Effect<Queue.Dequeue<WbemEvent>> = Queue.unbounded<WbemEvent>()

/** The cases in namespaces inside one that is there. */
export interface RemoteCases extends CaseRepository {
  /** How many puts of cases have got to the computer so far. */
  readonly putCount: () => number
}

export const remoteCases = (computer: Computer, parent: string, timeoutMillis: number): RemoteCases => {
  let made = 0
  let asked = 0
  return {
    skipReason: (setup, _, then) => skipReasons.find(([, is]) => is(setup, then))?.[0],
    timeoutMillis,
    putCount: () => asked,
    layer: (setup) =>
      Layer.orDie(Layer.scopedContext(Effect.gen(function* () {
        const own: scratch.ScratchNamespace = { parent, name: `C${++made}` }
        const at = scratch.fullName(own)
        yield* Effect.acquireRelease(
          describeFailure(
            "its namespace",
            Effect.provide(scratch.make(own), Wmi.layer(Layer.succeed(Repository, computer.repository)))
          ),
          // What this leaves goes with the namespace around it, where a failure is told.
          () => Effect.ignore(scratch.remove(computer, own))
        )
        let counts = false
        const repository = withNameMap(computer.repository, nameMapFor(at), () => {
          if (counts) asked++
        })
        yield* Effect.provide(
          describeFailure("what it begins with", putInitialObjects(setup)),
          Wmi.layer(Layer.succeed(Repository, repository))
        )
        counts = true
        const snapshot = describeFailure("what is there", readSnapshot(computer, at))
        return Context.make(Repository, repository).pipe(
          Context.add(RepositoryProbe, { snapshot, normalizesObjects: true, subscribe: noEvents })
        )
      })))
  }
}
