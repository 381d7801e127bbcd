// Prints declarations of `deno doc --json` as TypeScript: the signature of a value, the members of a type. It prints them on long lines;
// the formatter breaks them.

const list = (nodes, print = type) => nodes.map(print).join(", ")
const quoted = (name) => /^(?:[\w$]+|\[.*\])$/.test(name) ? name : JSON.stringify(name)

const literal = (value) => {
  switch (value.kind) {
    case "string":
      return JSON.stringify(value.string)
    case "number":
      return String(value.number)
    case "bigInt":
      return `${value.string}n`
    case "boolean":
      return String(value.boolean)
    case "template":
      return `\`${
        value.tsTypes.map((part) => part.kind === "literal" ? part.value.string : `\${${type(part)}}`).join("")
      }\``
    default:
      throw new Error(`a literal of the kind ${value.kind}`)
  }
}

const typeParam = ({ constraint, default: fallback, name }) =>
  name + (constraint === undefined ? "" : ` extends ${type(constraint)}`)
  + (fallback === undefined ? "" : ` = ${type(fallback)}`)

export const typeParams = (params = []) => params.length === 0 ? "" : `<${list(params, typeParam)}>`

const pattern = (param) => {
  switch (param.kind) {
    case "identifier":
      return param.name + (param.optional ? "?" : "")
    case "object":
      return `{ ${param.props.map(({ arg, key, kind }) => kind === "rest" ? `...${pattern(arg)}` : key).join(", ")} }`
    case "array":
      return `[${param.elements.map((element) => element === null ? "" : pattern(element)).join(", ")}]`
    case "rest":
      return `...${pattern(param.arg)}`
    case "assign":
      return pattern(param.left).replace(/^[\w$]+$/, "$&?")
    default:
      throw new Error(`a parameter of the kind ${param.kind}`)
  }
}

const parameter = (param) => {
  const typed = param.tsType ?? param.left?.tsType ?? param.arg?.tsType
  return pattern(param) + (typed === undefined ? "" : `: ${type(typed)}`)
}

export const parameters = (params) => `(${list(params, parameter)})`

const mapped = ({ nameType, optional, readonly, tsType, typeParam: { constraint, name } }) => {
  const sign = (value, word) => value === undefined ? "" : value === true ? word : `${value}${word}`
  return `{ ${sign(readonly, "readonly ")}[${name} in ${type(constraint)}${
    nameType === undefined ? "" : ` as ${type(nameType)}`
  }]${sign(optional, "?")}${tsType === undefined ? "" : `: ${type(tsType)}`} }`
}

const signature = ({ params, tsType, typeParams: generic }, arrow) =>
  `${typeParams(generic)}${parameters(params)}${arrow}${type(tsType)}`

const member = {
  property: ({ computed, name, optional, readonly, tsType }) =>
    `${readonly ? "readonly " : ""}${computed ? `[${name.replace(/^\[|\]$/g, "")}]` : quoted(name)}${
      optional ? "?" : ""
    }${tsType === undefined ? "" : `: ${type(tsType)}`}`,
  method: ({ computed, kind, name, optional, params, returnType, typeParams: generic }) =>
    `${kind === "getter" ? "get " : kind === "setter" ? "set " : ""}${
      computed ? `[${name.replace(/^\[|\]$/g, "")}]` : quoted(name)
    }${optional ? "?" : ""}${typeParams(generic)}${parameters(params)}${
      returnType === undefined || kind === "setter" ? "" : `: ${type(returnType)}`
    }`,
  call: ({ params, tsType, typeParams: generic }) =>
    `${typeParams(generic)}${parameters(params)}${tsType === undefined ? "" : `: ${type(tsType)}`}`,
  construct: ({ params, returnType, tsType, typeParams: generic }) =>
    `new ${typeParams(generic)}${parameters(params)}: ${type(returnType ?? tsType)}`,
  index: ({ params, readonly, tsType }) => `${readonly ? "readonly " : ""}[${list(params, parameter)}]: ${type(tsType)}`
}

/** The members of an interface or an object type with their comments, in the order of the source. */
const members = (def) =>
  [
    ...(def.callSignatures ?? []).map((one) => [one, member.call(one)]),
    ...(def.constructors ?? []).map((one) => [one, member.construct(one)]),
    ...(def.indexSignatures ?? []).map((one) => [one, member.index(one)]),
    ...(def.properties ?? []).map((one) => [one, member.property(one)]),
    ...(def.methods ?? []).map((one) => [one, member.method(one)])
  ].sort(([a], [b]) => (a.location?.byteIndex ?? 0) - (b.location?.byteIndex ?? 0))

const comment = (jsDoc) => {
  const text = jsDoc?.doc?.trim().replace(
    /\{@link ([^\s}|]+)\s*\|?\s*([^}]*)\}/g,
    (_, target, label) => label.trim() || target
  )
  if (text === undefined || text === "") return ""
  return text.includes("\n")
    ? `/**\n${text.split("\n").map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`
    : `/** ${text} */\n`
}

const body = (entries) => entries.map(([{ jsDoc }, text]) => `${comment(jsDoc)}${text}\n`).join("")

/** A type as text. */
export function type(node) {
  const { kind, repr, value } = node
  switch (kind) {
    case "keyword":
      return value
    case "literal":
      return literal(value)
    case "this":
      return "this"
    case "typeRef":
      return value.typeName + (value.typeParams === undefined ? "" : `<${list(value.typeParams)}>`)
    case "typeQuery":
      return `typeof ${value}`
    case "union":
      return value.map(type).join(" | ")
    case "intersection":
      return value.map(type).join(" & ")
    case "array":
      return `${type(value)}[]`
    case "tuple":
      return `[${list(value)}]`
    case "rest":
      return `...${type(value)}`
    case "optional":
      return `${type(value)}?`
    case "parenthesized":
      return `(${type(value)})`
    case "typeOperator":
      return `${value.operator} ${type(value.tsType)}`
    case "indexedAccess":
      return `${type(value.objType)}[${type(value.indexType)}]`
    case "conditional":
      return `${type(value.checkType)} extends ${type(value.extendsType)} ? ${type(value.trueType)} : ${
        type(value.falseType)
      }`
    case "infer":
      return `infer ${typeParam(value.typeParam)}`
    case "mapped":
      return mapped(value)
    case "fnOrConstructor":
      return `${value.constructor === true ? "new " : ""}${signature(value, " => ")}`
    case "typePredicate":
      return `${value.asserts ? "asserts " : ""}${value.param.type === "this" ? "this" : value.param.name}${
        value.type === undefined ? "" : ` is ${type(value.type)}`
      }`
    case "typeLiteral": {
      const entries = members(value)
      return entries.length === 0 ? "{}" : `{ ${entries.map(([, text]) => text).join("; ")} }`
    }
    case "importType":
      return `import(${JSON.stringify(value.specifier)})${value.qualifier === undefined ? "" : `.${value.qualifier}`}`
    default:
      throw new Error(`a type of the kind ${kind}: ${repr}`)
  }
}

const heritage = (word, nodes = []) => nodes.length === 0 ? "" : ` ${word} ${list(nodes)}`

const isVisible = ({ accessibility, jsDoc }) =>
  accessibility !== "private" && !(jsDoc?.tags ?? []).some(({ kind }) => kind === "internal")

const classText = (name, def) => {
  const entries = [
    ...(def.constructors ?? []).map((one) => [one, `constructor${parameters(one.params)}`]),
    ...(def.properties ?? []).map((
      one
    ) => [
      one,
      `${one.accessibility === "protected" ? "protected " : ""}${one.isStatic ? "static " : ""}${member.property(one)}`
    ]),
    ...(def.methods ?? []).map((one) => {
      const prefix = `${one.accessibility === "protected" ? "protected " : ""}${one.isStatic ? "static " : ""}`
      return [one, prefix + member.method({ ...one, computed: false, ...one.functionDef, kind: one.kind })]
    })
  ].filter(([one]) => isVisible(one)).sort(([a], [b]) => a.location.byteIndex - b.location.byteIndex)
  const base = def.extends === undefined
    ? ""
    : ` extends ${typeof def.extends === "string" ? def.extends : type(def.extends)}${
      def.superTypeParams === undefined || def.superTypeParams.length === 0 ? "" : `<${list(def.superTypeParams)}>`
    }`
  return `${def.isAbstract ? "abstract " : ""}class ${name}${typeParams(def.typeParams)}${base}${
    heritage("implements", def.implements)
  } {\n${body(entries)}}`
}

/** A declaration as TypeScript, without `export` and `declare`. */
export const declaration = (name, { def, kind }) => {
  switch (kind) {
    case "function":
      return `function ${name}${typeParams(def.typeParams)}${parameters(def.params)}${
        def.returnType === undefined ? "" : `: ${type(def.returnType)}`
      }`
    case "variable":
      return `const ${name}${def.tsType === undefined ? "" : `: ${type(def.tsType)}`}`
    case "typeAlias":
      return `type ${name}${typeParams(def.typeParams)} = ${type(def.tsType)}`
    case "interface":
      return `interface ${name}${typeParams(def.typeParams)}${heritage("extends", def.extends)} {\n${
        body(members(def))
      }}`
    case "class":
      return classText(name, def)
    default:
      throw new Error(`${name}: a declaration of the kind ${kind}`)
  }
}
