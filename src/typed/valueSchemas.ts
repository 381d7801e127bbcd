/**
 * The schema of the values of each CIM type: the range is checked, and each schema has an arbitrary and a JSON Schema annotation. The
 * encoded side is the form of `CimValue`. NULL is added by the property.
 *
 * @internal
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as CimDateTime from "../model/CimDateTime.ts"
import * as CimType from "../model/CimType.ts"
import * as ClassDefinition from "../model/ClassDefinition.ts"
import * as Instance from "../model/Instance.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { WbemObject } from "../model/WbemObject.ts"

/** The integers of a type of up to 32 bits, and char16. */
export const integer = (type: CimType.CimType): Schema.Schema<number> => {
  const { max, min } = CimType.row(type)!
  const low = Number(min), high = Number(max)
  return Schema.Number.pipe(Schema.filter((n) => Number.isInteger(n) && n >= low && n <= high, {
    title: `${type} (${low} to ${high})`,
    jsonSchema: { type: "integer", minimum: low, maximum: high },
    arbitrary: () => (fc) => fc.integer({ min: low, max: high })
  }))
}

/** The integers of a type of 64 bits. */
export const wideInteger = (type: CimType.CimType): Schema.Schema<bigint> => {
  const { max, min } = CimType.row(type)!
  const low = BigInt(min!), high = BigInt(max!)
  return Schema.BigIntFromSelf.pipe(Schema.filter((n) => n >= low && n <= high, {
    title: `${type} (${low} to ${high})`,
    jsonSchema: { type: "integer", minimum: Number(low), maximum: Number(high) },
    arbitrary: () => (fc) => fc.bigInt({ min: low, max: high })
  }))
}

/** A 64-bit integer as decimal text. */
const decimal: Schema.Schema<bigint, string> = /* @__PURE__ */ Schema.transformOrFail(
  /* @__PURE__ */ Schema.String.annotations({
    jsonSchema: { type: "string", pattern: "^-?[0-9]+$", description: "a 64-bit integer as decimal text" }
  }),
  Schema.BigIntFromSelf,
  {
    strict: true,
    decode: (text, _, ast) =>
      /^-?\d{1,20}$/.test(text) ? ParseResult.succeed(BigInt(text)) : ParseResult.fail(
        new ParseResult.Type(ast, text, `${JSON.stringify(text)} is no decimal text of a 64-bit integer`)
      ),
    encode: (n) => ParseResult.succeed(String(n))
  }
)

/** The values of a schema of 64-bit integers as decimal text. */
export const decimalOf = <A extends bigint>(value: Schema.Schema<A, bigint>): Schema.Schema<A, string> =>
  Schema.compose(decimal, value)

/** Listed values as JSON. 64-bit integers are decimal text. */
export const listedJson = <L extends string | number | bigint>(
  values: ReadonlyArray<L>,
  listed: Schema.Schema<L>
): Schema.Schema<L, L | string> =>
  typeof values[0] === "bigint"
    ? Schema.compose(
      Schema.compose(Schema.Literal(...values.map(String)), decimal),
      listed as Schema.Schema<unknown> as Schema.Schema<bigint>
    ) as Schema.Schema<unknown, string> as Schema.Schema<L, L | string>
    : listed as Schema.Schema<L, L | string>

/** @internal */
export const real32: Schema.Schema<number> = /* @__PURE__ */ Schema.Number.pipe(
  /* @__PURE__ */ Schema.filter((n) => Number.isFinite(Math.fround(n)), {
    title: "real32 (a finite number)",
    jsonSchema: { type: "number" },
    arbitrary: () => (fc) => fc.float({ noNaN: true, noDefaultInfinity: true })
  })
)

/** @internal */
export const real64: Schema.Schema<number> = /* @__PURE__ */ Schema.Number.pipe(
  /* @__PURE__ */ Schema.filter(Number.isFinite, {
    title: "real64 (a finite number)",
    jsonSchema: { type: "number" },
    arbitrary: () => (fc) => fc.double({ noNaN: true, noDefaultInfinity: true })
  })
)

/** @internal */
export const string: Schema.Schema<string> = /* @__PURE__ */ Schema.String.pipe(
  /* @__PURE__ */ Schema.filter((text) => !text.includes("\0"), {
    title: "string (without U+0000)",
    jsonSchema: { type: "string" },
    arbitrary: () => (fc) => fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"))
  })
)

/** The milliseconds of the first and the last instant of the years 0 to 9999. */
const firstInstant = -62167219200000
const lastInstant = 253402300799999

const instant: Schema.Schema<DateTime.Utc> = /* @__PURE__ */ Schema.DateTimeUtcFromSelf.pipe(
  /* @__PURE__ */ Schema.filter(
    (dateTime) => Option.isSome(CimDateTime.fromEpochMillis(dateTime.epochMillis)),
    {
      title: "datetime (a DateTime.Utc of the years 0 to 9999)",
      jsonSchema: { type: "string" },
      arbitrary: () => (fc) =>
        fc.integer({ min: firstInstant, max: lastInstant }).map((millis) => DateTime.unsafeMake(millis))
    }
  )
)

/** Text of a datetime property. */
export const datetimeText: Schema.Schema<string> = /* @__PURE__ */ Schema.String.pipe(
  /* @__PURE__ */ Schema.filter(CimDateTime.isCimDateTime, {
    title: "datetime (text such as 20240229120000.000000+000)",
    jsonSchema: { type: "string" },
    arbitrary: () => (fc) =>
      fc.integer({ min: firstInstant, max: lastInstant })
        .map((millis) => Option.getOrThrow(CimDateTime.fromEpochMillis(millis)))
  })
)

/** The text of a value, with its description for JSON Schema. */
const textOf = (description: string): Schema.Schema<string> =>
  Schema.String.annotations({ jsonSchema: { type: "string", description } })

/** A timestamp as an Effect `DateTime.Utc`. */
export const datetime: Schema.Schema<DateTime.Utc, string> = /* @__PURE__ */ Schema.transformOrFail(
  /* @__PURE__ */ textOf("a CIM timestamp, such as 20240229120000.000000+000"),
  instant,
  {
    strict: true,
    decode: (text, _, ast) =>
      Option.match(CimDateTime.toDate(text), {
        onNone: () => ParseResult.fail(new ParseResult.Type(ast, text, `${JSON.stringify(text)} is no timestamp`)),
        onSome: (date) => ParseResult.succeed(DateTime.unsafeMake(date))
      }),
    encode: (dateTime, _, ast) =>
      Option.match(CimDateTime.fromEpochMillis(dateTime.epochMillis), {
        onNone: () => ParseResult.fail(new ParseResult.Type(ast, dateTime, "only the years 0 to 9999 can be written")),
        onSome: ParseResult.succeed
      })
  }
)

/** 99,999,999 days and the rest of the last day. */
const longestInterval = 100_000_000 * 86_400_000 - 1

const wholeMillis: Schema.Schema<Duration.Duration> = /* @__PURE__ */ Schema.DurationFromSelf.pipe(
  /* @__PURE__ */ Schema.filter(
    (duration) => {
      const millis = Duration.toMillis(duration)
      return Number.isInteger(millis) && millis >= 0 && millis <= longestInterval
    },
    {
      title: "interval (a Duration of whole milliseconds, at most 99999999 days)",
      jsonSchema: { type: "string" },
      arbitrary: () => (fc) => fc.integer({ min: 0, max: longestInterval }).map((millis) => Duration.millis(millis))
    }
  )
)

/** An interval as an Effect `Duration`. */
export const interval: Schema.Schema<Duration.Duration, string> = /* @__PURE__ */ Schema.transformOrFail(
  /* @__PURE__ */ textOf("a CIM interval, such as 00000001010000.000000:000"),
  wholeMillis,
  {
    strict: true,
    decode: (text, _, ast) =>
      Option.match(CimDateTime.toMillis(text), {
        onNone: () => ParseResult.fail(new ParseResult.Type(ast, text, `${JSON.stringify(text)} is no interval`)),
        onSome: (millis) => ParseResult.succeed(Duration.millis(millis))
      }),
    encode: (duration, _, ast) =>
      Option.match(CimDateTime.fromMillis(Duration.toMillis(duration)), {
        onNone: () => ParseResult.fail(new ParseResult.Type(ast, duration, "it cannot be written as an interval")),
        onSome: ParseResult.succeed
      })
  }
)

const isPath = (u: unknown): u is ObjectPath.ObjectPath =>
  typeof u === "object" && u !== null && "className" in u && "singleton" in u && "keys" in u && Array.isArray(u.keys)

/** The path in a reference, and its text. `className` is the class of the paths that an arbitrary makes. */
export const reference = (className: string): Schema.Schema<ObjectPath.ObjectPath, string> =>
  Schema.transformOrFail(
    textOf(`a path of ${className}`),
    Schema.declare(isPath, {
      title: `a path of ${className}`,
      jsonSchema: { type: "string" },
      pretty: () => (path) => ObjectPath.format(path),
      arbitrary: () => (fc) =>
        fc.string({ minLength: 1, maxLength: 20 }).map((value) =>
          ObjectPath.make({ className, keys: [{ name: "Id", value }] })
        )
    }),
    {
      strict: true,
      decode: (text, _, ast) =>
        Either.match(ObjectPath.parse(text), {
          onLeft: () => ParseResult.fail(new ParseResult.Type(ast, text, `${JSON.stringify(text)} is no object path`)),
          onRight: ParseResult.succeed
        }),
      encode: (path) => ParseResult.succeed(ObjectPath.format(path))
    }
  )

/** Embedded objects of any class. */
export const object: Schema.Schema<WbemObject> = /* @__PURE__ */ Schema.declare(
  (u): u is WbemObject => Instance.isInstance(u) || ClassDefinition.isClassDefinition(u),
  {
    title: "an Instance or a ClassDefinition",
    jsonSchema: { type: "object" },
    pretty: () => (object) => `${object._tag} ${object._tag === "Class" ? object.name : object.className}`,
    arbitrary: () => (fc) => fc.string({ minLength: 1 }).map((Name) => Instance.make("__NAMESPACE", { Name }))
  }
)
