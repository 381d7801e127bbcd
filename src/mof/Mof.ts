/**
 * MOF text → objects and requests, and back (`mof`): the language of mofcomp and the DMTF constructs of the CIM schema.
 *
 * Everything is read first; a text with errors stores nothing (`mof` 9.1). Files are not opened here: includes come through a
 * function that the caller gives.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as PutRequest from "../protocol/PutRequest.ts"
import type { ClassDefinition, WbemObject } from "../model/WbemObject.ts"
import type { InvalidObject } from "../protocol/WbemError.ts"
import * as CimName from "../model/CimName.ts"
import * as Locale from "../model/Locale.ts"
import { halves, type Piece } from "./amendment.ts"
import { CreatedNamespaces } from "./namespaces.ts"
import { compile, tooLong } from "./compile.ts"
import * as encoding from "./encoding.ts"
import { CompileFailure, type MofError, type Position, Source, toError } from "./errors.ts"
import type { MofItem, MofOptions, MofResult } from "./result.ts"
import { type PrintOptions, text, Unprintable } from "./printer.ts"

export { type CodeName, codes, type MofError, type MofWarning, type Position } from "./errors.ts"
export type { Encoding } from "./encoding.ts"
export type { Counts, Included, MofItem, MofOptions, MofResult } from "./result.ts"
export type { PrintOptions } from "./printer.ts"

/**
 * The text of a file and how it was encoded (`mof` 1). It throws a `RangeError` when the text would be longer than a
 * JavaScript text can be; {@link parse} says that as an error.
 *
 * @since 0.1.0
 * @category constructors
 */
export const decode = (
  bytes: Uint8Array
): { readonly text: string; readonly encoding: encoding.Encoding } => {
  const decoded = encoding.decode(bytes)
  if (decoded === undefined) throw new RangeError(`the text has more than ${encoding.longestText} UTF-16 units`)
  return decoded
}

/**
 * Reads a text, or the bytes of a file. It never throws; errors stand in the result, each with its place.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (input: string | Uint8Array, options: MofOptions = {}): MofResult => {
  if (typeof input === "string") return compile(input, undefined, options)
  const decoded = encoding.decode(input)
  return decoded === undefined ? tooLong(options) : compile(decoded.text, decoded.encoding, options)
}

/**
 * What a declaration or directive asks of a namespace. A `Refused` one asks for nothing: it is a declaration that cannot be put, and the
 * others of the text can (see {@link MofItem}).
 *
 * @since 0.1.0
 * @category models
 */
export type MofOperation =
  | {
    readonly _tag: "Put"
    readonly position: Position
    readonly request: PutRequest.PutRequest
    /** Whether it makes a namespace that the text names and does not make itself ({@link OperationOptions}). */
    readonly createsNamespace?: true | undefined
  }
  | Extract<MofItem, { readonly _tag: "Delete" | "Refused" }>

/**
 * What is done besides what a text says.
 *
 * @since 0.1.0
 * @category models
 */
export interface OperationOptions {
  /**
   * Put each namespace that the text names before its first use, with those above it: an instance of `__NAMESPACE` in the namespace
   * above, created or left as it is. A namespace that the text itself makes before it is not among them.
   */
  readonly createNamespaces?: boolean | undefined
}

/**
 * The operations of a text that was read, one at a time, in the order of the text. One with an amendment has none: it is for
 * {@link split}, and stores nothing (`mof` 8).
 *
 * @since 0.1.0
 * @category combinators
 */
export function* operations(result: MofResult, options: OperationOptions = {}): Generator<MofOperation> {
  if (result.amendment !== undefined) return
  const created = options.createNamespaces === true ? new CreatedNamespaces() : undefined
  for (const item of result.items) {
    if (created !== undefined && item._tag !== "Refused") yield* created.before(item.namespace, item.position)
    if (item._tag === "Delete" || item._tag === "Refused") {
      yield item
      continue
    }
    const object = item._tag === "Class" ? item.definition : item.instance
    created?.note(item.namespace, object)
    const request = PutRequest.make(object, { namespace: item.namespace, flags: item.flags })
    yield { _tag: "Put", position: item.position, request }
  }
}

/**
 * Reads a text as requests for `BulkPut`: all of them, or the errors. A declaration that is `Refused` is among the errors here. Delete
 * directives are left out; use {@link operations} where they matter, and where the rest of a text is to be put.
 *
 * @since 0.1.0
 * @category constructors
 */
export const requests = (
  input: string | Uint8Array,
  options: MofOptions & OperationOptions = {}
): Either.Either<Iterable<PutRequest.PutRequest>, ReadonlyArray<MofError>> => {
  const result = parse(input, options)
  const errors = [...result.errors, ...refusals(result)]
  if (errors.length > 0) return Either.left(errors)
  return Either.right({
    *[Symbol.iterator]() {
      for (const operation of operations(result, options)) if (operation._tag === "Put") yield operation.request
    }
  })
}

/** Why declarations are refused that cannot be put. */
const refusals = ({ items }: MofResult): ReadonlyArray<MofError> =>
  items.flatMap((item) => item._tag === "Refused" ? [item.error] : [])

/**
 * Objects as MOF text, one declaration after another, laid out as `GetObjectText_` does (`mof` 11). It reads back as the same
 * objects; with `classOf`, which knows the types of values and the classes above, as objects with the same effect. What MOF cannot say
 * (an embedded class, a name that is none) is `InvalidObject` and names the member.
 *
 * @since 0.1.0
 * @category combinators
 */
export const print = (
  objects: WbemObject | Iterable<WbemObject>,
  options: PrintOptions = {}
): Either.Either<string, InvalidObject> => {
  const list = Symbol.iterator in objects ? objects : [objects]
  let printed = ""
  try {
    for (const object of list) printed += text(object, options)
  } catch (thrown) {
    if (thrown instanceof Unprintable) return Either.left(thrown.error)
    throw thrown
  }
  return Either.right(printed)
}

/**
 * A text split for a locale (`mof` 8). Putting the two, the neutral one first, stores what a put of the classes with
 * `UseAmendedQualifiers` stores.
 *
 * @since 0.1.0
 * @category models
 */
export interface Split {
  /** Everything, without amended qualifiers: a `.mof` file. */
  readonly neutral: string
  /** The amended qualifiers of its classes, for the namespace of the locale: a `.mfl` file. */
  readonly localized: string
  /** The namespace of the locale, `ms_409`. */
  readonly locale: string
}

/** A half as text. An instance has the types of the class that its namespace has when the text has come to it. */
const printed = (
  pieces: ReadonlyArray<Piece>,
  classOf: MofOptions["classOf"]
): Either.Either<string, InvalidObject> => {
  const declared = new Map<string, ClassDefinition>()
  let text = ""
  for (const piece of pieces) {
    if (typeof piece === "string") {
      text += `${piece}\n`
      continue
    }
    const { namespace, object } = piece
    const key = (name: string): string => `${CimName.fold(namespace)}:${CimName.fold(name)}`
    if (object._tag === "Class") declared.set(key(object.name), object)
    // A class stands as it was written; an instance has the types of its class.
    const one = print(object, {
      classOf: object._tag === "Class" ? undefined : (name) => declared.get(key(name)) ?? classOf?.(name, namespace)
    })
    if (Either.isLeft(one)) return Either.left(one.left)
    text += one.right
  }
  return Either.right(text)
}

/**
 * Splits a text for the locale of its `#pragma amendment`, or of the option: what mofcomp does under `-AMENDMENT`. Nothing is put.
 * Without a locale, and with any error in the text, there are no halves.
 *
 * @since 0.1.0
 * @category combinators
 */
export const split = (
  input: string | Uint8Array,
  options: MofOptions = {}
): Either.Either<Split, ReadonlyArray<MofError | InvalidObject>> => {
  const result = parse(input, options)
  const { amendment, autorecover, items } = result
  const errors = [...result.errors, ...refusals(result)]
  if (errors.length > 0) return Either.left(errors)
  const lcid = Locale.lcid(amendment ?? "")
  if (typeof lcid !== "number") {
    const failure = new CompileFailure(
      0,
      "InvalidAmendmentSyntax",
      "no amendment",
      "#pragma amendment, or a locale to split for"
    )
    return Either.left([toError(new Source(options.file ?? "(text)", ""), failure)])
  }
  const { localized, neutral } = halves(items.filter((item) => item._tag !== "Refused"), {
    lcid,
    // A language tag is no text that a Locale qualifier has.
    name: /^ms_/i.test(amendment ?? "") ? amendment! : Locale.namespaceName(lcid)
  })
  return Either.mapLeft(
    Either.map(
      Either.all([
        printed(autorecover ? ["#pragma autorecover", ...neutral] : neutral, options.classOf),
        printed(localized, undefined)
      ]),
      ([mof, mfl]) => ({ neutral: mof, localized: mfl, locale: Locale.namespaceName(lcid) })
    ),
    (error) => [error]
  )
}
