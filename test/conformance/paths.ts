/** Path cases: parse, format, `__RELPATH`, binding, equality, display names. */
import { isDeepStrictEqual } from "node:util"
import * as Either from "effect/Either"
import type { CimType } from "../../src/model/CimType.ts"
import * as Moniker from "../../src/model/Moniker.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as HResult from "../../src/protocol/HResult.ts"
import * as PathText from "../../src/protocol/PathText.ts"
import { CaseError, fields, type Json, type JsonObject, list, text } from "./vocabulary.ts"

const typeName = (value: ObjectPath.KeyValue): string =>
  typeof value === "string" ? "string" : typeof value === "boolean" ? "boolean" : "integer"

const described = (path: ObjectPath.ObjectPath): JsonObject => ({
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

const keyValue = (type: Json | undefined, value: Json): ObjectPath.KeyValue =>
  type === "integer" ? Number(value) : value as string | boolean

const answer = (c: JsonObject): JsonObject | boolean | string => {
  const refused = (fault: { readonly hresult: number }): JsonObject => ({
    error: HResult.fromNumber(fault.hresult)?.com ?? "none",
    code: HResult.hex(fault.hresult)
  })
  switch (c["op"]) {
    case "parse":
      return Either.match(PathText.parse(text(c["input"], "input")), { onLeft: refused, onRight: described })
    case "format": {
      const p = fields(c["parts"], "parts", ["server", "namespace", "class", "singleton", "keys"])
      return described(ObjectPath.make({
        server: (p["server"] ?? undefined) as string | undefined,
        namespace: (p["namespace"] ?? undefined) as string | undefined,
        className: (p["class"] ?? undefined) as string | undefined,
        singleton: p["singleton"] === true,
        keys: list(p["keys"], "keys").map((one) => {
          const k = fields(one, "keys", ["name", "type", "value"])
          return { name: (k["name"] ?? undefined) as string | undefined, value: keyValue(k["type"], k["value"]!) }
        })
      }))
    }
    case "relpathOfInstance": {
      const i = fields(c["instance"], "instance", ["class", "singleton", "keysInDeclarationOrder"])
      const keys = list(i["keysInDeclarationOrder"], "keys").map((one) => {
        const k = fields(one, "keys", ["name", "cimType", "value"])
        const type = text(k["cimType"], "cimType") as CimType
        const small = /^([su]int(8|16|32)|char16)$/.test(type)
        return {
          name: text(k["name"], "name"),
          type,
          value: small && typeof k["value"] === "string" ? Number(k["value"]) : k["value"] as never
        }
      })
      return { relPath: ObjectPath.relPathOf(text(i["class"], "class"), keys, i["singleton"] === true) ?? null }
    }
    case "bind": {
      const keys = list(c["classKeys"], "classKeys").map((one) => {
        const k = fields(one, "classKeys", ["name", "cimType"])
        return { name: text(k["name"], "name"), type: text(k["cimType"], "cimType") as CimType }
      })
      const bound = Either.flatMap(
        PathText.parse(text(c["input"], "input")),
        (path) => PathText.bind(path, { className: "T", keys, singleton: c["singleton"] === true })
      )
      return Either.match(bound, { onLeft: refused, onRight: described })
    }
    case "samePath": {
      const [a, b] = [ObjectPath.parse(text(c["a"], "a")), ObjectPath.parse(text(c["b"], "b"))]
      return Either.isRight(a) && Either.isRight(b) && ObjectPath.equals(a.right, b.right)
    }
    case "displayName":
      return Either.match(Moniker.parse(text(c["input"], "input")), {
        onLeft: (fault) => refused(PathText.fromFault(fault)),
        onRight: (moniker): JsonObject => ({
          ...described(moniker.path),
          locale: moniker.locale ?? null,
          impersonationLevel: moniker.impersonationLevel ?? null,
          authenticationLevel: moniker.authenticationLevel ?? null,
          authority: moniker.authority ?? null,
          privileges: moniker.privileges.map(({ enabled, name }) => enabled ? name : `!${name}`),
          displayName: Moniker.format(moniker)
        })
      })
    default:
      throw new CaseError(`unknown op ${String(c["op"])}`)
  }
}

const commentary = ["why", "note"]

/** Privileges may be written as names with `!`, or as `{name, enabled}`. */
const privilegeText = (wanted: Json): Json =>
  Array.isArray(wanted)
    ? wanted.map((one: Json) =>
      typeof one === "object" && one !== null && "name" in one
        ? `${(one as JsonObject)["enabled"] === false ? "!" : ""}${String((one as JsonObject)["name"])}`
        : one
    )
    : wanted

export const runPath = (written: JsonObject): ReadonlyArray<string> => {
  const c = fields(written, "case", [
    "id",
    "op",
    "input",
    "expect",
    "parts",
    "instance",
    "classKeys",
    "singleton",
    "a",
    "b",
    "note",
    "why"
  ])
  const got = answer(c)
  const expect = c["expect"]!
  if (typeof expect === "boolean") return got === expect ? [] : [`expected ${String(expect)}, got ${String(got)}`]
  const problems: Array<string> = []
  for (const [name, wanted] of Object.entries(expect as JsonObject)) {
    if (commentary.includes(name)) continue
    const found = (got as JsonObject)[name]
    if (found === undefined) problems.push(`${name}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`)
    else {
      const meant = name === "privileges" ? privilegeText(wanted) : wanted
      const ok = name === "code"
        ? String(meant).toLowerCase() === String(found).toLowerCase()
        : isDeepStrictEqual(meant, found)
      if (!ok) problems.push(`${name}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(found)}`)
    }
  }
  return problems
}
