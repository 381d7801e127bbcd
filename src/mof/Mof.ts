/**
 * Compiles MOF text into objects and put requests, and prints objects as MOF text (`mof`). It reads the language of
 * mofcomp and the DMTF constructs of the CIM schema.
 *
 * The whole text is read first; a text with errors stores nothing (`mof` 9.1). The compiler opens no files: a function
 * of the caller supplies included files.
 *
 * @since 0.1.0
 * @module
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
import { toError } from "./diagnostics.ts"
import { CompileFailure, type MofError, type Position, Source } from "./errors.ts"
import type { MofItem, MofOptions, MofResult } from "./result.ts"
import { type PrintOptions, text, Unprintable } from "./printer.ts"

export { type CodeName, codes, type MofError, type MofWarning, type Position, type WarningName } from "./errors.ts"
export { format, type FormatOptions } from "./format.ts"
export type { Encoding } from "./encoding.ts"
export type { Counts, Included, MofItem, MofOptions, MofResult } from "./result.ts"
export type { PrintOptions } from "./printer.ts"

/**
 * Decodes the bytes of a file and reports their encoding (`mof` 1). It throws a `RangeError` when the text exceeds the
 * longest JavaScript string; {@link parse} reports that as an error.
 *
 * @example
 * ```ts
 * import { Mof } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const bytes = new TextEncoder().encode("class Demo_Disk { [Key] string Id; };")
 * const { encoding, text } = Mof.decode(bytes)
 * assert.equal(encoding, "utf-8")
 * assert.equal(Mof.parse(text).items.length, 1)
 * ```
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
 * Compiles a text, or the bytes of a file. It never throws; the result lists the errors, each with its position.
 *
 * @example
 * ```ts
 * import { Mof } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const { errors, items } = Mof.parse(`
 *   class Demo_Disk { [Key] string Id; uint64 FreeSpace; };
 *   instance of Demo_Disk { Id = "C:"; FreeSpace = 42; };
 * `)
 * assert.deepEqual(errors, [])
 * assert.deepEqual(items.map((item) => item._tag), ["Class", "Instance"])
 * assert.equal(Mof.parse("class Demo_Disk {").errors[0]?.name, "CloseBraceExpected")
 * ```
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
 * The operation of a declaration or directive. `Refused` is no operation: the declaration cannot be put, and the other
 * declarations of the text can (see {@link MofItem}).
 *
 * @since 0.1.0
 * @category models
 */
export type MofOperation =
  | {
    readonly _tag: "Put"
    readonly position: Position
    readonly request: PutRequest.PutRequest
    /**
     * Whether the put creates a namespace that the text names and does not create itself ({@link OperationOptions}).
     */
    readonly createsNamespace?: true | undefined
  }
  | Extract<MofItem, { readonly _tag: "Delete" | "Refused" }>

/**
 * Options of {@link operations}.
 *
 * @since 0.1.0
 * @category models
 */
export interface OperationOptions {
  /**
   * Put each namespace that the text names before its first use, and first the namespaces above it: an instance of
   * `__NAMESPACE` in the parent namespace, which is created or left unchanged. Namespaces that the text created before
   * are left out.
   */
  readonly createNamespaces?: boolean | undefined
}

/**
 * The operations of a compiled text, in the order of the text. A text with an amendment has none: it is meant for
 * {@link split} and stores nothing (`mof` 8).
 *
 * @example
 * ```ts
 * import { Mof } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const text = `
 *   #pragma deleteclass("Demo_Old", NOFAIL)
 *   class Demo_Disk { [Key] string Id; };
 * `
 * const operations = [...Mof.operations(Mof.parse(text, { namespace: "root\\cimv2" }))]
 * assert.deepEqual(operations.map((operation) => operation._tag), ["Delete", "Put"])
 * ```
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
 * Compiles a text into requests for `BulkPut`, or into its errors. A `Refused` declaration is an error here. Delete
 * directives are left out. Use {@link operations} to run deletes, or to put the other declarations of a text with
 * refused ones.
 *
 * @example
 * ```ts
 * import { Effect, Either, Stream } from "effect"
 * import { BulkPut, Mof, Wmi } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const text = 'class Demo_Disk { [Key] string Id; }; instance of Demo_Disk { Id = "C:"; };'
 * const requests = Either.getOrThrow(Mof.requests(text))
 * const outcomes = Stream.runCollect(BulkPut.run(Stream.fromIterable(requests)))
 * const committed = await Effect.runPromise(Effect.provide(outcomes, Wmi.layerMemory))
 * assert.deepEqual([...committed].map(({ _tag }) => _tag), ["Committed", "Committed"])
 * ```
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

/** The errors of the declarations that cannot be put. */
const refusals = ({ items }: MofResult): ReadonlyArray<MofError> =>
  items.flatMap((item) => item._tag === "Refused" ? [item.error] : [])

/**
 * Prints objects as MOF text, one declaration after another, in the layout of `GetObjectText_` (`mof` 11). The text
 * compiles to equal objects. With `classOf`, which supplies the types of values and the classes above, it compiles to
 * objects whose put has the same effect. An object that MOF cannot express (an embedded class, an illegal name) is
 * `InvalidObject`, which names the member.
 *
 * @example
 * ```ts
 * import { Either } from "effect"
 * import { Instance, Mof } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const text = Either.getOrThrow(Mof.print(Instance.make("Demo_Disk", { Id: "C:", Size: 42 })))
 * assert.equal(text, '\ninstance of Demo_Disk\n{\n\tId = "C:";\n\tSize = 42;\n};\n')
 * ```
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
 * A text split for a locale (`mof` 8). Putting both parts, the neutral one first, stores the same as a put of the
 * classes with `UseAmendedQualifiers`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Split {
  /** Everything without amended qualifiers: a `.mof` file. */
  readonly neutral: string
  /** The text of a `.mfl` file: the classes with their amended qualifiers alone, for the namespace of the locale. */
  readonly localized: string
  /** The namespace of the locale, `ms_409`. */
  readonly locale: string
}

/** One part as text. The values of an instance have the types of its class at that point of the text. */
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
    // A class is printed as written; an instance with the types of its class.
    const one = print(object, {
      classOf: object._tag === "Class" ? undefined : (name) => declared.get(key(name)) ?? classOf?.(name, namespace)
    })
    if (Either.isLeft(one)) return Either.left(one.left)
    text += one.right
  }
  return Either.right(text)
}

/**
 * Splits a text for the locale of its `#pragma amendment`, or of the option, as mofcomp does with `-AMENDMENT`. Nothing
 * is put. Fails when there is no locale, and with the errors of the text.
 *
 * @example
 * ```ts
 * import { Either } from "effect"
 * import { Mof } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const text = `#pragma amendment("MS_409")
 * [Description("A disk"): Amended] class Demo_Disk { [Key] string Id; };`
 * const { locale, localized, neutral } = Either.getOrThrow(Mof.split(text))
 * assert.equal(locale, "ms_409")
 * assert.match(localized, /Description\("A disk"\)/)
 * assert.doesNotMatch(neutral, /Description/)
 * ```
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
    // A language tag is not a valid value of the Locale qualifier.
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
