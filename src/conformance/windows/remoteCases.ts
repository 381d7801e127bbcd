/**
 * Runs cases on a real computer. Each case gets a namespace inside that of the check: the objects of `given` are put there, the state
 * is read afterwards, and the namespace is deleted. The names of cases, below `root\test`, are mapped to names below that namespace and
 * back.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import * as CimName from "../../model/CimName.ts"
import { make as makePath, type ObjectPath } from "../../model/ObjectPath.ts"
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

/** The reasons not to run a case; the first that applies is reported. */
const skipReasons: ReadonlyArray<readonly [reason: string, applies: (setup: Setup, then: JsonObject) => boolean]> = [
  ["providers are registered there and not as data", ({ providers }) => providers.length > 0],
  ["nobody can be made to have other rights", ({ caller }) => caller.rights !== Rights.all],
  ["the caller is who runs the check, not one from elsewhere", ({ caller }) => caller.remote],
  ["it cannot be made to shut down or to break", ({ server }) => server.shuttingDown || server.fault !== undefined],
  ["a host hears nothing of what is published", (_, then) => "published" in then || "publishedUnordered" in then],
  ["a host does not tell how many objects a put deleted", (_, then) => "deleted" in then]
]

/** Maps the names of a case to those on the computer, and back. */
interface NameMap {
  readonly toRemote: (name: string) => string
  readonly toCasePath: (path: ObjectPath) => ObjectPath
}

const nameMapFor = (remoteNamespace: string): NameMap => {
  const moved = (from: string, to: string) => (name: string): string | undefined =>
    CimName.equals(name, from)
      ? to
      : CimName.fold(name).startsWith(`${CimName.fold(from)}\\`)
      ? to + name.slice(from.length)
      : undefined
  const toRemote = moved(namespace, remoteNamespace)
  const back = moved(remoteNamespace, namespace)
  return {
    toRemote: (name) => toRemote(name) ?? name,
    toCasePath: (path) => {
      const known = path.namespace === undefined ? undefined : back(path.namespace)
      return known === undefined ? path : makePath({ ...path, server: "TESTSRV", namespace: known })
    }
  }
}

/** Maps the path in an error to the name of the case. The error keeps its class and stack. */
const renamed = <E extends WbemError>(error: E, { toCasePath }: NameMap): E =>
  "path" in error ? Object.assign(error, { path: toCasePath(error.path as ObjectPath) }) : error

/** A repository with mapped names. `putReached` is called for each put or batch that reaches it. */
const withNameMap = (repository: Repository, names: NameMap, putReached: () => void): Repository => {
  const put = <P extends { readonly namespace: string }>(request: P): P => ({
    ...request,
    namespace: names.toRemote(request.namespace)
  })
  const valid = <V extends { readonly put: DecodedPut }>(request: V): V => ({ ...request, put: put(request.put) })
  const failing = <A, E extends WbemError>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.mapError(effect, (error) => renamed(error, names))
  const answer = <A extends PutResult>(result: A): A =>
    isWbemError(result) ? renamed(result, names) : { ...result, path: names.toCasePath(result.path) }
  return {
    admit: (request) => failing(repository.admit(put(request))),
    admitBatch: (requests) =>
      Effect.map(
        repository.admitBatch(requests.map(put)),
        (results) => results.map((error) => error === undefined ? undefined : renamed(error, names))
      ),
    put: (request, call) =>
      Effect.suspend(() => {
        putReached()
        return Effect.map(failing(repository.put(valid(request), call)), answer)
      }),
    putBatch: (requests, batch) =>
      Effect.suspend(() => {
        putReached()
        return Effect.map(failing(repository.putBatch(requests.map(valid), batch)), (results) => results.map(answer))
      }),
    relPath: (request) => repository.relPath(put(request)),
    delete: (request) => Effect.map(failing(repository.delete(put(request))), names.toCasePath),
    get: (request) => failing(repository.get(put(request)))
  }
}

/** Sorts classes so that each follows its superclass. */
const parentsFirst = (classes: ReadonlyArray<ClassDefinition>): ReadonlyArray<ClassDefinition> => {
  const remaining = new Map(classes.map((definition) => [CimName.fold(definition.name), definition]))
  const sorted: Array<ClassDefinition> = []
  const add = (definition: ClassDefinition): void => {
    if (!remaining.delete(CimName.fold(definition.name))) return
    const parent = definition.superclass === undefined ? undefined : remaining.get(CimName.fold(definition.superclass))
    if (parent !== undefined) add(parent)
    sorted.push(definition)
  }
  for (const definition of classes) add(definition)
  return sorted
}

/** Whether a provider supplies the instances of a class. */
const isProvided = ({ qualifiers }: ClassDefinition): boolean => Qualifier.find(qualifiers, "dynamic") !== undefined

/** Reads a namespace of the computer as a snapshot with the names of the cases. */
const readSnapshot = (computer: Computer, remoteNamespace: string): Effect.Effect<Snapshot.Snapshot, WbemError> =>
  Effect.gen(function* () {
    const children = yield* computer.instances(remoteNamespace, "__NAMESPACE")
    const classes = parentsFirst(yield* computer.classes(remoteNamespace))
    const names = children.map(({ values }) => `${namespace}\\${String(values["Name"])}`)
    const empty = Snapshot.empty({ namespaces: [namespace, ...names] })
    const withClasses = Snapshot.withObjects(empty, namespace, classes)
    // The instances of a root class include those of its subclasses. Classes below a system class are read with the system classes.
    const rootClasses = classes.filter((definition) => definition.superclass === undefined && !isProvided(definition))
    const instances = yield* Effect.forEach(rootClasses, ({ name }) => computer.instances(remoteNamespace, name))
    // The instances of system classes and their subclasses, except namespaces and the singletons that every namespace has.
    const system = (yield* computer.instances(remoteNamespace, "__SystemClass")).filter(({ className }) => {
      const resolvedClass = Snapshot.resolvedClass(withClasses, namespace, className)
      return resolvedClass !== undefined && !resolvedClass.isSingleton
        && !Snapshot.derivesFrom(withClasses, namespace, className, "__NAMESPACE")
    })
    return Snapshot.withObjects(withClasses, namespace, [...instances.flat(), ...system])
  })

/** Puts the objects of `given` in order. */
const putObjects = (objects: ReadonlyArray<WbemObject>): Effect.Effect<void, WbemError, PutAsync.Stages> =>
  Effect.forEach(objects, (object) => PutAsync.put(PutRequest.make(object, { namespace })), { discard: true })

/** The status with which the emulator refuses the same puts: a state that no put can produce cannot be produced on a computer either. */
const emulatorStatus = (objects: ReadonlyArray<WbemObject>): Effect.Effect<string | undefined> =>
  Effect.match(
    Effect.provide(putObjects(objects), Wmi.layerMemoryFrom(Snapshot.empty({ namespaces: [namespace] }))),
    { onFailure: ({ status }) => status, onSuccess: () => undefined }
  )

/** Turns an error into a `CaseError` that says which part failed. */
const describeFailure = <A, R>(
  what: string,
  effect: Effect.Effect<A, CaseError | WbemError, R>
): Effect.Effect<A, CaseError, R> =>
  Effect.mapError(effect, (error) => error instanceof CaseError ? error : new CaseError(`${what}: ${error.message}`))

/** Puts the objects of `given`. Fails with `NotApplicable` if the emulator refuses them with the same status. */
const putInitialObjects = ({ objects }: Setup): Effect.Effect<void, NotApplicable | WbemError, PutAsync.Stages> =>
  Effect.catchAll(putObjects(objects), (error) =>
    Effect.flatMap(emulatorStatus(objects), (status) =>
      Effect.fail(
        status === error.status ? new NotApplicable(`no put leads to what it begins with (${status})`) : error
      )))

/** The events of a host: none. */
const noEvents: Effect.Effect<Queue.Dequeue<WbemEvent>> = Queue.unbounded<WbemEvent>()

/** The repository that runs cases on a computer. */
export interface RemoteCases extends CaseRepository {
  /** The number of puts of cases that reached the computer so far. */
  readonly putCount: () => number
}

/** Runs cases in namespaces `C1`, `C2`, ... inside `parent`, which must exist. */
export const remoteCases = (computer: Computer, parent: string, timeoutMillis: number): RemoteCases => {
  let namespaceCount = 0
  let putReached = 0
  return {
    skipReason: (setup, _, then) => skipReasons.find(([, applies]) => applies(setup, then))?.[0],
    timeoutMillis,
    putCount: () => putReached,
    layer: (setup) =>
      Layer.orDie(Layer.scopedContext(Effect.gen(function* () {
        const scratchNamespace: scratch.ScratchNamespace = { parent, name: `C${++namespaceCount}` }
        const remoteNamespace = scratch.fullName(scratchNamespace)
        yield* Effect.acquireRelease(
          describeFailure(
            "its namespace",
            Effect.provide(scratch.make(scratchNamespace), Wmi.layer(Layer.succeed(Repository, computer.repository)))
          ),
          // A failure is ignored: the check deletes the outer namespace and reports what remains.
          () => Effect.ignore(scratch.remove(computer, scratchNamespace))
        )
        let isCaseRunning = false
        const repository = withNameMap(computer.repository, nameMapFor(remoteNamespace), () => {
          if (isCaseRunning) putReached++
        })
        yield* Effect.provide(
          describeFailure("what it begins with", putInitialObjects(setup)),
          Wmi.layer(Layer.succeed(Repository, repository))
        )
        isCaseRunning = true
        const snapshot = describeFailure("what is there", readSnapshot(computer, remoteNamespace))
        return Context.make(Repository, repository).pipe(
          Context.add(RepositoryProbe, { snapshot, normalizesObjects: true, subscribe: noEvents })
        )
      })))
  }
}
