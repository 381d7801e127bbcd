/**
 * The errors of typed classes: a definition that makes no sense, and a stored class that does not fit its definition.
 *
 * @internal
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Schema from "effect/Schema"

/**
 * Thrown when a class is declared whose definition makes no sense.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidClassDefinition extends Cause.YieldableError {
  /** The tag of the error. */
  readonly _tag: "InvalidClassDefinition"
  /** The name of the class that was declared. */
  readonly className: string
  /** The property, if the fault is in one. */
  readonly property: string | undefined
  /** What is wrong, as one line of text. */
  readonly detail: string
  /** The rule that a put of the definition would break, such as `CS-10`. */
  readonly rule: string | undefined
}

/**
 * Thrown when a class is declared whose definition makes no sense.
 *
 * @since 0.1.0
 * @category errors
 */
export const InvalidClassDefinition: new (facts: {
  readonly className: string
  readonly property?: string | undefined
  readonly detail: string
  readonly rule?: string | undefined
  readonly cause?: unknown
}) => InvalidClassDefinition = class extends Data.TaggedError("InvalidClassDefinition")<{
  readonly className: string
  readonly property?: string | undefined
  readonly detail: string
  readonly rule?: string | undefined
  readonly cause?: unknown
}> {
  /** The property, if the fault is in one. */
  declare readonly property: string | undefined
  /** The rule that a put of the definition would break, such as `CS-10`. */
  declare readonly rule: string | undefined
  /** The class or property, the fault and the rule as one line of text. */
  override get message(): string {
    const place = this.property === undefined ? this.className : `${this.className}.${this.property}`
    return `${place}: ${this.detail}${this.rule === undefined ? "" : ` (${this.rule})`}`
  }
}

/**
 * One way in which a stored class differs from its definition. `expected` is the definition, `stored` the namespace.
 *
 * - `MissingProperty`: the stored class has no such property.
 * - `PropertyType`: another CIM type, another class of a reference or embedded object, an array in place of a single value or the other
 *   way round. Both are texts as `CimType.format` writes them.
 * - `KeyProperty`: a key on one side only. A stored key that the definition does not have is one of these.
 * - `NullProperty`: `not_null` on one side only. A stored property without a default that is `not_null` and that the definition does not
 *   have is one of these, because a put of the typed class would leave it NULL.
 * - `Superclass`: no class above the stored class has the name of the superclass.
 * - `ClassQualifier`: `abstract` or `singleton` on one side only.
 *
 * @since 0.1.0
 * @category models
 */
export type Difference =
  | { readonly _tag: "MissingProperty"; readonly property: string; readonly expected: string }
  | {
    readonly _tag: "PropertyType"
    readonly property: string
    readonly expected: string
    readonly stored: string
  }
  | {
    readonly _tag: "KeyProperty" | "NullProperty"
    readonly property: string
    readonly expected: boolean
    readonly stored: boolean
  }
  | {
    readonly _tag: "Superclass"
    readonly expected: string
    /** The names of the classes above the stored class, the nearest first. */
    readonly stored: ReadonlyArray<string>
  }
  | {
    readonly _tag: "ClassQualifier"
    readonly qualifier: "abstract" | "singleton"
    readonly expected: boolean
    readonly stored: boolean
  }

const words = (isTrue: boolean, yes: string, no: string): string => isTrue ? yes : no

/**
 * A difference as a sentence.
 *
 * @since 0.1.0
 * @category combinators
 */
export const describe = (difference: Difference): string => {
  switch (difference._tag) {
    case "MissingProperty":
      return `${difference.property}: ${difference.expected} in the definition, missing in the stored class`
    case "PropertyType":
      return `${difference.property}: ${difference.expected} in the definition, ${difference.stored} in the stored class`
    case "KeyProperty":
      return `${difference.property}: ${words(difference.expected, "a key", "no key")} in the definition, `
        + `${words(difference.stored, "a key", "no key")} in the stored class`
    case "NullProperty":
      return `${difference.property}: ${words(difference.expected, "not_null", "may be NULL")} in the definition, `
        + `${words(difference.stored, "not_null", "may be NULL")} in the stored class`
    case "Superclass":
      return `superclass: ${difference.expected} in the definition, `
        + `${difference.stored.length === 0 ? "none" : difference.stored.join(", ")} above the stored class`
    case "ClassQualifier":
      return `${difference.qualifier}: ${words(difference.expected, "set", "not set")} in the definition, `
        + `${words(difference.stored, "set", "not set")} in the stored class`
  }
}

/**
 * A stored class does not fit its definition.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ClassMismatch extends Cause.YieldableError {
  /** The tag of the error. */
  readonly _tag: "ClassMismatch"
  /** The name of the stored class. */
  readonly className: string
  /** Every difference, in the order of the definition. */
  readonly differences: ReadonlyArray<Difference>
}

/** Two sides of a difference. */
const sides = { expected: Schema.Boolean, stored: Schema.Boolean }

const differenceSchema: Schema.Schema<Difference> = /* @__PURE__ */ Schema.Union(
  /* @__PURE__ */ Schema.TaggedStruct("MissingProperty", { property: Schema.String, expected: Schema.String }),
  /* @__PURE__ */ Schema.TaggedStruct("PropertyType", {
    property: Schema.String,
    expected: Schema.String,
    stored: Schema.String
  }),
  /* @__PURE__ */ Schema.Struct({
    _tag: /* @__PURE__ */ Schema.Literal("KeyProperty", "NullProperty"),
    property: Schema.String,
    ...sides
  }),
  /* @__PURE__ */ Schema.TaggedStruct("Superclass", {
    expected: Schema.String,
    stored: /* @__PURE__ */ Schema.Array(Schema.String)
  }),
  /* @__PURE__ */ Schema.TaggedStruct("ClassQualifier", {
    qualifier: /* @__PURE__ */ Schema.Literal("abstract", "singleton"),
    ...sides
  })
)

/**
 * A {@link ClassMismatch} as JSON.
 *
 * @since 0.1.0
 * @category encoded
 */
export interface ClassMismatchJson {
  readonly _tag: "ClassMismatch"
  readonly className: string
  readonly differences: ReadonlyArray<Difference>
}

/**
 * The class of the error, which is also its schema, as `HttpApi.addError` takes it.
 *
 * @since 0.1.0
 * @category models
 */
export interface ClassMismatchClass extends Schema.Schema<ClassMismatch, ClassMismatchJson> {
  new (facts: { readonly className: string; readonly differences: ReadonlyArray<Difference> }): ClassMismatch
}

/**
 * A stored class does not fit its definition. The class is also the schema of the error.
 *
 * @since 0.1.0
 * @category errors
 */
export const ClassMismatch: ClassMismatchClass = class extends Schema.TaggedError<ClassMismatch>()("ClassMismatch", {
  className: Schema.String,
  differences: Schema.Array(differenceSchema)
}) {
  /** The differences as text, a line for each. */
  override get message(): string {
    return `the stored class ${this.className} does not fit its definition:\n${
      this.differences.map((difference) => `- ${describe(difference)}`).join("\n")
    }`
  }
}
