/**
 * The start state of a test kit: the check of the options, and the puts that make the state.
 *
 * @internal
 */
import type { YieldableError } from "effect/Cause"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as CimName from "../model/CimName.ts"
import * as Instance from "../model/Instance.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import { className, isWbemObject, type WbemObject } from "../model/WbemObject.ts"
import * as Mof from "../mof/Mof.ts"
import * as BulkPut from "../pipeline/BulkPut.ts"
import type { NamespaceState } from "../pipeline/NamespaceState.ts"
import type { Stages } from "../pipeline/PutAsync.ts"
import * as PutRequest from "../protocol/PutRequest.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import * as Wmi from "../Wmi.ts"

const WmiTestErrorBase: new (facts: {
  readonly member: string
  readonly detail: string
  readonly position?: Mof.Position | undefined
  readonly cause?: unknown
}) => YieldableError & {
  readonly _tag: "WmiTestError"
  readonly member: string
  readonly detail: string
  readonly position?: Mof.Position | undefined
} = Data.TaggedError("WmiTestError")

/**
 * The error of a kit that cannot be built. `member` is the option that is wrong, `position` the one in the text of `mof`.
 *
 * @since 0.1.0
 * @category errors
 */
export class WmiTestError extends WmiTestErrorBase {
  /** The member and the detail as one line of text. */
  override get message(): string {
    return `WmiTest: ${this.member}: ${this.detail}`
  }
}

/** Objects of one namespace, or of several. */
export type Objects = ReadonlyArray<WbemObject> | Readonly<Record<string, ReadonlyArray<WbemObject>>>

/** What a start state is made of, besides the snapshot under it. */
export interface Contents {
  readonly mof?: string | Uint8Array | undefined
  readonly objects?: Objects | undefined
  readonly namespaces?: ReadonlyArray<string> | undefined
  readonly defaultNamespace?: string | undefined
}

/** The error of an option. */
export const wrong = (
  member: string,
  detail: string,
  more: { position?: Mof.Position; cause?: unknown } = {}
): WmiTestError => new WmiTestError({ member, detail, ...more })

const namespaceOf = (member: string, given: unknown): Either.Either<string, WmiTestError> => {
  if (typeof given !== "string") return Either.left(wrong(member, `${String(given)} is no text`))
  const text = ObjectPath.namespaceText(given)
  const [root, ...names] = text.split("\\")
  if (CimName.fold(root!) !== "root") {
    return Either.left(wrong(member, `${JSON.stringify(given)}: the name of a namespace begins with root`))
  }
  const bad = names.find((name) => !CimName.isNamespaceName(name))
  return bad === undefined
    ? Either.right(text)
    : Either.left(wrong(member, `${JSON.stringify(given)}: ${JSON.stringify(bad)} is no name of a namespace`))
}

/** A put of the start state, and how messages name it. */
interface Labelled {
  readonly member: string
  readonly label: string
  readonly position?: Mof.Position
  readonly request: PutRequest.PutRequest
}

type Operation = Labelled | {
  readonly delete: string
  readonly namespace: string
  readonly failIfMissing: boolean
  readonly position: Mof.Position
}

const namespacePuts = (namespace: string, member: string): ReadonlyArray<Labelled> => {
  const names = namespace.split("\\")
  return names.slice(1).map((name, i) => ({
    member,
    label: `namespace ${names.slice(0, i + 2).join("\\")}`,
    request: PutRequest.make(Instance.make("__NAMESPACE", { Name: name }), {
      namespace: names.slice(0, i + 1).join("\\")
    })
  }))
}

const objectPuts = (objects: Objects, namespace: string): Either.Either<ReadonlyArray<Labelled>, WmiTestError> => {
  if (typeof objects !== "object" || objects === null) {
    return Either.left(wrong("objects", "it is no list, and no record of lists by namespace"))
  }
  const lists = Array.isArray(objects) ? [[namespace, objects] as const] : Object.entries(objects)
  const puts: Array<Labelled> = []
  const created = new Set<string>()
  for (const [name, list] of lists) {
    const target = namespaceOf("objects", name)
    if (Either.isLeft(target)) return Either.left(target.left)
    if (!Array.isArray(list)) return Either.left(wrong("objects", `${name}: it is no list`))
    if (!created.has(target.right)) puts.push(...namespacePuts(target.right, "objects"))
    created.add(target.right)
    for (const [i, object] of (list as ReadonlyArray<WbemObject>).entries()) {
      if (!isWbemObject(object)) {
        return Either.left(wrong("objects", `${name}: number ${i + 1} is no class and no instance`))
      }
      puts.push({
        member: "objects",
        label: `number ${i + 1} of ${target.right}, ${object._tag === "Class" ? "class" : "instance of"} ${
          className(object)
        }`,
        request: PutRequest.make(object, { namespace: target.right })
      })
    }
  }
  return Either.right(puts)
}

const mofOperations = (
  mof: string | Uint8Array,
  namespace: string,
  state: Snapshot.Snapshot
): Either.Either<ReadonlyArray<Operation>, WmiTestError> => {
  if (typeof mof !== "string" && !(mof instanceof Uint8Array)) {
    return Either.left(wrong("mof", "it is no text and no bytes of a file"))
  }
  const parsed = Mof.parse(mof, {
    file: "mof",
    namespace,
    classOf: (name, at) =>
      Snapshot.namespaceName(state, at) === undefined
        ? undefined
        : Option.getOrUndefined(Snapshot.getClass(state, at, name))
  })
  const errors = [
    ...parsed.errors,
    ...parsed.items.flatMap((item) => item._tag === "Refused" ? [item.error] : [])
  ]
  if (errors.length > 0) {
    const { column, file, line } = errors[0]!
    return Either.left(
      wrong("mof", errors.map(({ message }) => message).join("\n"), { position: { file, line, column }, cause: errors })
    )
  }
  if (parsed.amendment !== undefined) {
    return Either.left(
      wrong("mof", "a text with #pragma amendment stores nothing; put the parts that Mof.split makes of it")
    )
  }
  return Either.right(
    [...Mof.operations(parsed, { createNamespaces: true })].flatMap((operation): ReadonlyArray<Operation> => {
      switch (operation._tag) {
        case "Put": {
          const { object } = operation.request
          const kind = object._tag === "Class" ? "class" : "instance of"
          return [{
            member: "mof",
            label: `${kind} ${className(object)}`,
            position: operation.position,
            request: operation.request
          }]
        }
        case "Delete": {
          const { failIfMissing, namespace, path, position } = operation
          return [{ delete: path, namespace, failIfMissing, position }]
        }
        case "Refused":
          return []
      }
    })
  )
}

const at = ({ column, file, line }: Mof.Position): string => `${file}:${line}:${column}: `

const failure = ({ label, member, position }: Labelled, error: WbemError): WmiTestError =>
  wrong(member, `${position === undefined ? "" : at(position)}${label}: ${error.message}`, {
    ...(position === undefined ? {} : { position }),
    cause: error
  })

/** Puts one after another, in batches, up to the first that is not stored. */
const putAll = (puts: ReadonlyArray<Labelled>): Effect.Effect<void, WmiTestError, Stages> => {
  let i = 0
  return BulkPut.run(Stream.fromIterable(puts.map(({ request }) => request))).pipe(
    Stream.runForEach((outcome) => {
      const put = puts[i++]!
      return outcome._tag === "Committed" ? Effect.void : Effect.fail(failure(put, outcome.error))
    })
  )
}

const isPut = (operation: Operation): operation is Labelled => "request" in operation

const runAll = (
  operations: ReadonlyArray<Operation>
): Effect.Effect<void, WmiTestError, Stages> =>
  Effect.gen(function* () {
    let puts: Array<Labelled> = []
    for (const operation of operations) {
      if (isPut(operation)) {
        puts.push(operation)
        continue
      }
      yield* putAll(puts)
      puts = []
      yield* Wmi.delete(operation.delete, { namespace: operation.namespace }).pipe(
        Effect.catchAll((error) =>
          !operation.failIfMissing && (error._tag === "WbemNotFound" || error._tag === "WbemInvalidClass")
            ? Effect.void
            : Effect.fail(
              wrong("mof", `${at(operation.position)}delete of ${operation.delete}: ${error.message}`, {
                position: operation.position,
                cause: error
              })
            )
        )
      )
    }
    yield* putAll(puts)
  })

/** Makes the start state over the state that is there. */
export const seed = (
  contents: Contents
): Effect.Effect<void, WmiTestError, Stages | NamespaceState> =>
  Effect.gen(function* () {
    const { defaultNamespace, mof, namespaces, objects } = contents
    const home = yield* namespaceOf("defaultNamespace", defaultNamespace ?? "root\\cimv2")
    if (namespaces !== undefined && !Array.isArray(namespaces)) {
      return yield* wrong("namespaces", "it is no list of names")
    }
    const named = yield* Effect.forEach(namespaces ?? [], (name) => namespaceOf("namespaces", name))
    yield* putAll([
      ...named.flatMap((name) => namespacePuts(name, "namespaces")),
      ...namespacePuts(home, "defaultNamespace")
    ])
    if (mof !== undefined) {
      const state = yield* Effect.mapError(
        Wmi.snapshot,
        (cause) => wrong("mof", `the state cannot be read: ${cause.message}`, { cause })
      )
      yield* runAll(yield* mofOperations(mof, home, state))
    }
    if (objects !== undefined) yield* putAll(yield* objectPuts(objects, home))
  })
