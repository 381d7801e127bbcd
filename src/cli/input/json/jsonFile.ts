/**
 * A file of JSON as operations: requests, and the objects that PowerShell prints; one value, several, or arrays of them. All faults are
 * reported with their lines, and a file with a fault has no operations.
 *
 * @internal
 */
import * as Either from "effect/Either"
import * as NamespaceDump from "../../../emulator/NamespaceDump.ts"
import type * as Mof from "../../../mof/Mof.ts"
import { CreatedNamespaces } from "../../../mof/namespaces.ts"
import * as PutRequest from "../../../protocol/PutRequest.ts"
import type { Diagnostic } from "../../terminal/output.ts"
import type { KnownClasses } from "../knownClasses.ts"
import { InstanceReader } from "./instances.ts"
import { elements, isJsonObject, JsonFault, type JsonObject, type JsonValue, Lines, offsetOf } from "./jsonText.ts"
import { isClassObject, isPowerShellObject, originOf } from "./powershell.ts"
import { type JsonProblem, type RequestDefaults, requestOf } from "./requests.ts"

/** The options of a file of JSON. */
export interface JsonOptions {
  /** The class of objects that have none. */
  readonly class?: string | undefined
  readonly createNamespaces?: boolean | undefined
}

/** The members by which an object is a request, well-formed or not. */
const requestMembers = ["object", "flags", "mode", "update", "context"]

const problem = (message: string, hint?: string): Either.Either<never, ReadonlyArray<JsonProblem>> =>
  Either.left([{ path: [], message, hint }])

const noClass = (object: JsonObject) =>
  "kind" in object
    ? problem("the object is no request", 'a request holds it as a member: {"object": {"kind": …}}')
    : problem(
      "the object has no class: it is no request, and has none of CimSystemProperties, CimClass and __CLASS",
      "Select-Object leaves the class out; give it as --class NAME, or print whole objects with ConvertTo-Json -Depth 4"
    )

/** Reads one value of a file. */
const read = (
  value: JsonValue,
  isWide: boolean,
  defaults: RequestDefaults,
  known: KnownClasses,
  options: JsonOptions
): Either.Either<PutRequest.PutRequest, ReadonlyArray<JsonProblem>> => {
  if (!isJsonObject(value)) return problem("an object is expected: a request, or an object of ConvertTo-Json")
  if (isClassObject(value)) {
    return problem(
      "the object is a class of PowerShell, and JSON of PowerShell is read for instances",
      "write it as MOF"
    )
  }
  const origin = isPowerShellObject(value) ? originOf(value) : undefined
  const isRequest = origin === undefined
    && (isJsonObject(value["object"]) || options.class === undefined && requestMembers.some((name) => name in value))
  if (isRequest) return requestOf(value, isWide, defaults, known)
  const className = origin?.className ?? options.class
  if (className === undefined) return noClass(value)
  const namespace = origin?.namespace ?? defaults.namespace
  const reader = new InstanceReader(known)
  const object = reader.instance(value, className, namespace)
  if (reader.problems.length > 0) return Either.left(reader.problems)
  return Either.right(PutRequest.make(object, { namespace, flags: defaults.instanceFlags }))
}

/** Reads the operations of a text. `file` is the name of the file in messages. */
export const jsonOperations = (
  file: string,
  text: string,
  defaults: RequestDefaults,
  known: KnownClasses,
  options: JsonOptions
): Either.Either<ReadonlyArray<Mof.MofOperation>, ReadonlyArray<Diagnostic>> => {
  const lines = new Lines(text)
  const faults: Array<Diagnostic> = []
  const operations: Array<Mof.MofOperation> = []
  const created = options.createNamespaces === true ? new CreatedNamespaces() : undefined
  const report = (offset: number, message: string, hint?: string): void => {
    const position = lines.at(offset)
    faults.push({
      file,
      ...position,
      message,
      ...(hint === undefined ? {} : { hint }),
      sourceLine: lines.source(offset) // a long line is cut where it is printed
    })
  }
  for (const one of elements(text)) {
    if (one instanceof JsonFault) {
      report(one.offset, one.message)
      continue
    }
    if (NamespaceDump.isDump(text.slice(one.offset, one.offset + 64))) {
      return Either.left([{
        file,
        ...lines.at(one.offset),
        message: "this is a dump of a store, and put reads requests",
        hint: "'effect-wmi restore FILE --store FILE' puts a store back to what a dump holds"
      }])
    }
    const result = read(one.value, one.isWide, defaults, known, options)
    if (Either.isLeft(result)) {
      for (const { hint, message, path } of result.left) {
        const where = path.map(String).join(".")
        report(offsetOf(text, one.offset, path), where === "" ? message : `${where}: ${message}`, hint)
      }
      continue
    }
    const request = result.right
    const position = { file, ...lines.at(one.offset) }
    const operation: Mof.MofOperation = { _tag: "Put", position, request }
    if (created !== undefined && request.namespace !== undefined) {
      operations.push(...created.before(request.namespace, position))
      created.note(request.namespace, request.object)
    }
    operations.push(operation)
    // A class gives the values of later objects of the file their types.
    if (request.object._tag === "Class") known.add([operation])
  }
  return faults.length > 0 ? Either.left(faults) : Either.right(operations)
}
