/** Path cases: parse, format, `__RELPATH`, binding, equality, display names. */
import * as Either from "effect/Either"
import { equalData } from "./compare.ts"
import type { CimType } from "../model/CimType.ts"
import * as Moniker from "../model/Moniker.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { CimValue } from "../model/WbemObject.ts"
import * as HResult from "../protocol/HResult.ts"
import * as PathText from "../protocol/PathText.ts"
import * as Json from "./vocabulary.ts"

const errorResult = (fault: { readonly hresult: number }): Json.JsonObject => ({
  error: HResult.fromNumber(fault.hresult)?.com ?? "none",
  code: HResult.hex(fault.hresult)
})

const typeName = (value: ObjectPath.KeyValue): string =>
  typeof value === "string" ? "string" : typeof value === "boolean" ? "boolean" : "integer"

const described = (path: ObjectPath.ObjectPath): Json.JsonObject => ({
  kind: ObjectPath.kind(path),
  server: path.server ?? null,
  namespace: path.namespace ?? null,
  parentNamespace: ObjectPath.parentNamespace(path) ?? null,
  class: path.className ?? null,
  keys: path.keys.map(({ name, value }) => ({
    name: name ?? null,
    type: typeName(value),
    value: typeof value === "number" || typeof value === "bigint" ? String(value) : value
  })),
  isClass: ObjectPath.kind(path) === "class",
  isSingleton: path.singleton,
  relPath: ObjectPath.relPath(path),
  path: ObjectPath.format(path),
  sortedRelPath: ObjectPath.relPath(ObjectPath.sorted(path))
})

/** A part of a path, which may be NULL. */
const part = (value: Json.Json | undefined, where: string): string | undefined =>
  value === null ? undefined : Json.textOr(value, undefined, where)

/** Reads an integer, which the cases write as decimal text. */
const decimal = (value: Json.Json | undefined, where: string): bigint => {
  const written = typeof value === "string" ? value : Json.show(value)
  if (!/^-?\d+$/.test(written)) throw new Json.CaseError(`${where}: an integer was expected, not ${Json.show(value)}`)
  return BigInt(written)
}

/** Reads the value of a key. An integer of 32 bits is a `number`, a longer one a `bigint`. */
const keyValue = (type: string, value: Json.Json | undefined): ObjectPath.KeyValue => {
  switch (type) {
    case "integer": {
      const whole = decimal(value, "keys.value")
      return whole >= -2147483648n && whole <= 4294967295n ? Number(whole) : whole
    }
    case "boolean":
      return Json.truth(value, "keys.value")
    case "string":
      return Json.text(value, "keys.value")
    default:
      throw new Json.CaseError(`keys.type: the runner does not know ${type}`)
  }
}

const fromParts = (written: Json.Json | undefined): ObjectPath.ObjectPath => {
  const p = Json.fields(written, "parts", ["server", "namespace", "class", "singleton", "keys"])
  return ObjectPath.make({
    server: part(p["server"], "parts.server"),
    // Either separator may be given, one is printed (`object-path` 1 and 6).
    namespace: part(p["namespace"], "parts.namespace")?.replaceAll("/", "\\"),
    className: part(p["class"], "parts.class"),
    singleton: Json.truth(p["singleton"], "parts.singleton"),
    keys: Json.list(p["keys"], "parts.keys").map((one) => {
      const k = Json.fields(one, "parts.keys", ["name", "type", "value"])
      return { name: part(k["name"], "keys.name"), value: keyValue(Json.text(k["type"], "keys.type"), k["value"]) }
    })
  })
}

const small = /^([su]int(8|16|32)|char16)$/

const relPathOf = (written: Json.Json | undefined): Json.JsonObject => {
  const i = Json.fields(written, "instance", ["class", "singleton", "keysInDeclarationOrder"])
  const keys = Json.list(i["keysInDeclarationOrder"], "keys").map((one) => {
    const k = Json.fields(one, "keys", ["name", "cimType", "value"])
    const type = Json.text(k["cimType"], "keys.cimType") as CimType
    const value = (k["value"] ?? null) as CimValue
    const whole = small.test(type) && value !== null
    return {
      name: Json.text(k["name"], "keys.name"),
      type,
      value: whole ? Number(decimal(k["value"], "keys.value")) : value
    }
  })
  const singleton = Json.truth(i["singleton"], "instance.singleton")
  return { relPath: ObjectPath.relPathOf(Json.text(i["class"], "instance.class"), keys, singleton) ?? null }
}

const bound = (c: Json.JsonObject): Json.JsonObject => {
  const keys = Json.list(c["classKeys"], "classKeys").map((one) => {
    const k = Json.fields(one, "classKeys", ["name", "cimType"])
    return {
      name: Json.text(k["name"], "classKeys.name"),
      type: Json.text(k["cimType"], "classKeys.cimType") as CimType
    }
  })
  const target = { className: "T", keys, singleton: Json.truth(c["singleton"], "singleton") }
  return Either.match(
    Either.flatMap(PathText.parse(Json.text(c["input"], "input")), (path) => PathText.bind(path, target)),
    { onLeft: errorResult, onRight: described }
  )
}

const displayName = (input: string): Json.JsonObject =>
  Either.match(Moniker.parse(input), {
    onLeft: (fault) => errorResult(PathText.fromFault(fault)),
    onRight: (moniker): Json.JsonObject => ({
      ...described(moniker.path),
      locale: moniker.locale ?? null,
      impersonationLevel: moniker.impersonationLevel ?? null,
      authority: moniker.authority ?? null,
      privileges: moniker.privileges.map(({ enabled, name }) => [name, enabled])
    })
  })

/** Reads a path to compare. A text that is no path is an error of the case. */
const pathIn = (c: Json.JsonObject, name: "a" | "b"): ObjectPath.ObjectPath => {
  const written = Json.text(c[name], name)
  return Either.getOrElse(ObjectPath.parse(written), ({ reason }) => {
    throw new Json.CaseError(`${name}: ${Json.show(written)} is no path: ${reason}`)
  })
}

/** An operation: the fields that it takes and the function that computes its result. */
interface Operation {
  readonly takes: ReadonlyArray<string>
  readonly answer: (c: Json.JsonObject) => Json.JsonObject | boolean
}

const operations: Readonly<Record<string, Operation>> = {
  parse: {
    takes: ["input"],
    answer: (c) =>
      Either.match(PathText.parse(Json.text(c["input"], "input")), { onLeft: errorResult, onRight: described })
  },
  format: { takes: ["parts"], answer: (c) => described(fromParts(c["parts"])) },
  relpathOfInstance: { takes: ["instance"], answer: (c) => relPathOf(c["instance"]) },
  bind: { takes: ["input", "classKeys", "singleton"], answer: bound },
  samePath: { takes: ["a", "b"], answer: (c) => ObjectPath.equals(pathIn(c, "a"), pathIn(c, "b")) },
  displayName: { takes: ["input"], answer: (c) => displayName(Json.text(c["input"], "input")) }
}

/** Whether a complete list of keys matches; of each key the listed fields are compared. */
const sameKeys = (wanted: Json.Json, found: Json.Json): boolean => {
  const expected = Json.list(wanted, "keys").map((one) => Json.fields(one, "keys", ["name", "type", "value"]))
  const got = Json.list(found, "keys").map((one) => Json.object(one, "keys"))
  return expected.length === got.length
    && expected.every((one, i) => Object.entries(one).every(([name, value]) => equalData(value, got[i]![name])))
}

/** Whether a value is a number, or text such as `0x8004103A` or a decimal number. */
const isNumber = (value: Json.Json): boolean =>
  typeof value === "number" || (typeof value === "string" && /^(0x[0-9a-f]{1,8}|-?\d{1,10})$/i.test(value))

const sameField = (name: string, wanted: Json.Json, found: Json.Json): boolean => {
  switch (name) {
    case "code":
      return isNumber(wanted) && isNumber(found) && HResult.unsigned(Number(wanted)) === HResult.unsigned(Number(found))
    case "keys":
      return sameKeys(wanted, found)
    default:
      return equalData(wanted, found)
  }
}

/** Runs a path case and returns the differences. */
export const runPath = (written: Json.JsonObject): ReadonlyArray<string> => {
  const op = Json.text(written["op"], "op")
  if (!Object.hasOwn(operations, op)) throw new Json.CaseError(`the runner does not know the operation ${op}`)
  const { answer, takes } = operations[op]!
  const c = Json.fields(written, "case", [...Json.commentary, "op", "expect", ...takes])
  const got = answer(c)
  const expect = c["expect"]
  if (typeof got === "boolean") return got === expect ? [] : [`expected ${Json.show(expect)}, got ${String(got)}`]
  const wanted = Object.entries(Json.object(expect, "expect")).filter(([name]) => !Json.commentary.includes(name))
  if (wanted.length === 0) throw new Json.CaseError("expect: nothing is expected")
  return wanted.filter(([name, one]) => !Object.hasOwn(got, name) || !sameField(name, one, got[name]!))
    .map(([name, one]) =>
      `${name}: expected ${Json.show(one)}, got ${Json.show(Object.hasOwn(got, name) ? got[name] : got)}`
    )
}
