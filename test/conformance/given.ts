/** `given` → a namespace, a caller, a server: stored without the rules of a put. */
import * as Snapshot from "../../src/engine/Snapshot.ts"
import type * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import type * as CimType from "../../src/model/CimType.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import * as Rights from "../../src/model/Rights.ts"
import type { CimValue } from "../../src/model/WbemObject.ts"
import type { Caller } from "../../src/protocol/PutRequest.ts"
import { CaseError, fields, isObject, type Json, type JsonObject, list, text } from "./vocabulary.ts"

export const namespace = "root\\test"

const flavors: Readonly<Record<string, number>> = {
  ToInstance: 0x01,
  ToSubClass: 0x02,
  EnableOverride: 0,
  DisableOverride: 0x10,
  Amended: 0x80
}

const flavorOf = (words: Json | undefined, where: string): number =>
  list(words, where).reduce<number>((bits, word) => {
    const bit = flavors[text(word, where)]
    if (bit === undefined) throw new CaseError(`${where}: unknown flavor ${String(word)}`)
    return bits | bit
  }, 0)

const defaultFlavor = (name: string): number => {
  const folded = name.toLowerCase()
  return folded === "key" ? 0x13 : folded === "not_null" || folded === "indexed" ? 0x03 : 0
}

export const qualifiers = (given: Json | undefined, where: string): ReadonlyArray<Qualifier.Qualifier> =>
  given === undefined ? [] : Object.entries(given as JsonObject).map(([name, written]) => {
    if (!isObject(written)) return Qualifier.make(name, written as never, { flavor: defaultFlavor(name) })
    if (!("value" in written)) return { name, value: written as never, type: "string", flavor: 0 }
    const { flavors: words, value } = fields(written, `${where}.${name}`, ["value", "flavors"])
    return Qualifier.make(name, value as never, {
      flavor: words === undefined ? defaultFlavor(name) : flavorOf(words, where)
    })
  })

/** A JSON value as a value: `{class, props}` is an embedded instance. */
export const value = (written: Json): CimValue => {
  if (Array.isArray(written)) return written.map(value) as CimValue
  if (!isObject(written)) return written as CimValue
  const { class: className, props } = fields(written, "embedded object", ["class", "props"])
  return Instance.make(text(className, "embedded object"), values(props))
}

export const values = (props: Json | undefined): Readonly<Record<string, CimValue>> =>
  Object.fromEntries(Object.entries((props ?? {}) as JsonObject).map(([name, written]) => [name, value(written)]))

const properties = (
  given: JsonObject,
  where: string
): ReadonlyArray<ClassDefinition.ClassDefinition["properties"][number]> => {
  const written = list(given["properties"], where).map((one) => {
    const p = fields(one, `${where}.properties`, ["name", "type", "array", "default", "qualifiers"])
    const type = `${text(p["type"], where)}${p["array"] === true ? "[]" : ""}`
    return Property.named(
      text(p["name"], where),
      Property.make(type, {
        ...(p["default"] === undefined ? {} : { value: value(p["default"]) }),
        qualifiers: qualifiers(p["qualifiers"], `${where}.${String(p["name"])}`)
      })
    )
  })
  if (given["generateProperties"] === undefined) return written
  const { count, prefix, type } = fields(given["generateProperties"], `${where}.generateProperties`, [
    "prefix",
    "count",
    "type"
  ])
  const more = Array.from(
    { length: Number(count) },
    (_, i) => Property.named(`${String(prefix)}${i + 1}`, Property.make(String(type)))
  )
  return [...written, ...more]
}

const signature = /^(\w+) \((.*)\)$/
const parameter = /^\[(in|out)\] (\S+) (\w+)$/

const methods = (
  given: Json | undefined,
  where: string
): ReadonlyArray<ClassDefinition.ClassDefinition["methods"][number]> =>
  list(given, where).map((one) => {
    const m = fields(one, `${where}.methods`, ["name", "signature"])
    const parsed = signature.exec(text(m["signature"], where))
    if (parsed === null) throw new CaseError(`${where}: bad signature ${String(m["signature"])}`)
    const parameters = parsed[2] === "" ? [] : parsed[2]!.split(", ").map((written) => {
      const [, direction, type, name] = parameter.exec(written) ?? []
      if (name === undefined) throw new CaseError(`${where}: bad parameter ${written}`)
      return { name, type: type!, direction: direction as "in" | "out" }
    })
    return Method.named(text(m["name"], where), Method.make(parsed[1] as CimType.CimType | "void", parameters))
  })

const className = (given: JsonObject): string => {
  if (given["generateName"] === undefined) return given["name"] === undefined ? "" : String(given["name"])
  const { char, length } = fields(given["generateName"], "generateName", ["char", "length"])
  return String(char).repeat(Number(length))
}

/** A class object, in setup and call alike. The caller's own copy: nothing of it is frozen. */
export const classObject = (given: JsonObject): ClassDefinition.ClassDefinition => {
  const name = className(given)
  const where = `class ${name.slice(0, 40)}`
  return {
    _tag: "Class",
    name,
    superclass: given["superclass"] === undefined || given["superclass"] === null
      ? undefined
      : String(given["superclass"]),
    qualifiers: qualifiers(given["qualifiers"], where),
    properties: properties(given, where),
    methods: methods(given["methods"], where),
    ...(given["amended"] === true ? { amended: true } : {})
  }
}

const rightNames: Readonly<Record<string, Rights.RightName>> = {
  enable: "Enable",
  remoteEnable: "RemoteEnable",
  partialWrite: "PartialWrite",
  fullWrite: "FullWrite",
  providerWrite: "ProviderWrite"
}

export interface Setup {
  readonly snapshot: Snapshot.Snapshot
  readonly caller: Caller
  readonly server: { readonly shuttingDown: boolean; readonly fault: string | undefined }
  readonly sink: { readonly throwsOn: ReadonlyArray<string>; readonly cancelsOn: ReadonlyArray<string> }
  readonly providers: ReadonlyArray<JsonObject>
}

export const setup = (written: JsonObject): Setup => {
  const given = fields(written, "given", ["classes", "instances", "access", "server", "providers", "sink", "note"])
  const classes = list(given["classes"], "given.classes").map((one) =>
    classObject(
      fields(one, "given.classes", ["name", "superclass", "qualifiers", "properties", "methods", "generateProperties"])
    )
  )
  const instances = list(given["instances"], "given.instances").map((one) => {
    const { class: name, props } = fields(one, "given.instances", ["class", "props"])
    return Instance.make(text(name, "given.instances"), values(props))
  })
  const access = given["access"] === undefined ? undefined : list(given["access"], "given.access").map((right) => {
    const known = rightNames[text(right, "given.access")]
    if (known === undefined) throw new CaseError(`given.access: unknown right ${String(right)}`)
    return known
  })
  const server = fields(given["server"] ?? {}, "given.server", ["shuttingDown", "remoteCaller", "fault"])
  const sink = fields(given["sink"] ?? {}, "given.sink", ["throwsOn", "cancelsOn"])
  const events = (words: Json | undefined): ReadonlyArray<string> =>
    list(words, "given.sink").map((word) => text(word, "given.sink"))
  return {
    snapshot: Snapshot.withObjects(Snapshot.empty({ namespaces: [namespace] }), namespace, [...classes, ...instances]),
    caller: {
      name: "the caller",
      remote: server["remoteCaller"] === true,
      rights: access === undefined ? Rights.all : Rights.of(...access)
    },
    server: {
      shuttingDown: server["shuttingDown"] === true,
      fault: server["fault"] === undefined ? undefined : text(server["fault"], "given.server.fault")
    },
    sink: { throwsOn: events(sink["throwsOn"]), cancelsOn: events(sink["cancelsOn"]) },
    providers: list(given["providers"], "given.providers").map((one) =>
      fields(one, "given.providers", [
        "name",
        "supportsPut",
        "progress",
        "returns",
        "throws",
        "errorObject",
        "instances"
      ])
    )
  }
}
