/**
 * The fields of a typed instance: their checks when the schema is built, their JSON schemas, and their values as JSON.
 *
 * @internal
 */
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import * as CimName from "../model/CimName.ts"

const where = "WmiSchema.Instance"

/** The fields of a struct as they are encoded: names and types of the values of an instance. A record has no fields of its own. */
export const fieldsOf = (className: string, fields: Schema.Schema.Any): ReadonlyArray<AST.PropertySignature> => {
  if (!CimName.isIdentifier(className)) {
    throw new Error(`${where}: ${JSON.stringify(className)} is no name of a class`)
  }
  const ast = AST.encodedAST(fields.ast)
  if (AST.isUnknownKeyword(ast)) return [] // the names are those of a transformation
  if (!AST.isTypeLiteral(ast)) {
    throw new Error(`${where}(${className}): the fields must be a struct, not ${String(ast)}`)
  }
  const names = new Map<string, string>()
  for (const { name } of ast.propertySignatures) {
    const text = String(name)
    if (!CimName.isIdentifier(text)) throw new Error(`${where}(${className}): ${text} is no name of a property`)
    const other = names.get(CimName.fold(text))
    if (other !== undefined) throw new Error(`${where}(${className}): ${other} and ${text} are one property`)
    names.set(CimName.fold(text), text)
  }
  return ast.propertySignatures
}

/** The kinds of values that a type takes. */
const members = (ast: AST.AST): ReadonlyArray<AST.AST> =>
  AST.isUnion(ast)
    ? ast.types.flatMap(members)
    : AST.isRefinement(ast)
    ? members(ast.from)
    : AST.isSuspend(ast)
    ? members(ast.f())
    : [ast]

const decimal = /^-?\d+$/

/**
 * A value that was read from JSON, as the type of its field wants it. JSON has 64-bit integers as decimal text; a text stays a text where
 * the field takes texts.
 */
export const fromJson = (ast: AST.AST, value: unknown): unknown => {
  const types = members(ast)
  if (Array.isArray(value)) {
    const list = types.find(AST.isTupleType)
    const element = list?.rest[0]?.type
    return element === undefined ? value : value.map((one) => fromJson(element, one))
  }
  const isText = typeof value === "string" && decimal.test(value)
  const takesNothingElse = types.some(AST.isBigIntKeyword) && !types.some(AST.isStringKeyword)
  return (isText || Number.isSafeInteger(value)) && takesNothingElse ? BigInt(value as string | number) : value
}

type JsonSchema = Readonly<Record<string, unknown>>

const jsonSchemaOf = (ast: AST.AST): JsonSchema => {
  const types = members(ast)
  if (types.length > 1) return { anyOf: types.map(jsonSchemaOf) }
  const [type] = types
  if (type === undefined) return {}
  switch (type._tag) {
    case "StringKeyword":
      return { type: "string" }
    case "NumberKeyword":
      return { type: "number" }
    case "BooleanKeyword":
      return { type: "boolean" }
    case "BigIntKeyword":
      return { type: "string", pattern: decimal.source }
    case "Literal":
      return type.literal === null
        ? { type: "null" }
        : typeof type.literal === "bigint"
        ? { const: String(type.literal) }
        : { const: type.literal }
    case "TupleType":
      return { type: "array", items: type.rest[0] === undefined ? {} : jsonSchemaOf(type.rest[0].type) }
    default:
      return {}
  }
}

/** The JSON schema of the JSON form of an instance with these fields. */
export const instanceJsonSchema = (className: string, fields: ReadonlyArray<AST.PropertySignature>): JsonSchema => ({
  type: "object",
  required: ["kind", "class", "values"],
  properties: {
    kind: { const: "instance" },
    class: { type: "string", description: `${className} or a subclass of it` },
    values: {
      type: "object",
      required: fields.filter(({ isOptional }) => !isOptional).map(({ name }) => String(name)),
      properties: Object.fromEntries(fields.map(({ name, type }) => [String(name), jsonSchemaOf(type)]))
    },
    qualifiers: { type: "array", items: { type: "object", required: ["name"] } }
  },
  additionalProperties: false
})

/** Annotations of a typed instance that make no sense are refused when the schema is built. */
export const checkedAnnotations = <A, I, R>(
  className: string,
  schema: Schema.Schema<A, I, R>,
  annotations: Schema.Annotations.Schema<A>
): Schema.Annotations.Schema<A> => {
  const given = annotations as Readonly<Record<string, unknown>>
  const refuse = (name: string, expected: string): never => {
    throw new Error(`${where}(${className}): the annotation ${name} must be ${expected}`)
  }
  for (const name of ["arbitrary", "pretty", "equivalence"]) {
    if (given[name] !== undefined && typeof given[name] !== "function") refuse(name, "a function")
  }
  for (const name of ["identifier", "title", "description"]) {
    if (given[name] !== undefined && (typeof given[name] !== "string" || given[name] === "")) {
      refuse(name, "a text that is not empty")
    }
  }
  const { jsonSchema } = given
  if (
    jsonSchema !== undefined && (typeof jsonSchema !== "object" || jsonSchema === null || Array.isArray(jsonSchema))
  ) {
    refuse("jsonSchema", "an object")
  }
  const isValid = Schema.is(Schema.typeSchema(schema))
  const { examples } = given
  if (examples !== undefined) {
    if (!Array.isArray(examples)) refuse("examples", "a list")
    const wrong = (examples as ReadonlyArray<unknown>).findIndex((example) => !isValid(example))
    if (wrong >= 0) refuse("examples", `values of the fields; the one at position ${wrong} is none`)
  }
  if (given["default"] !== undefined && !isValid(given["default"])) refuse("default", "a value of the fields")
  return annotations
}
