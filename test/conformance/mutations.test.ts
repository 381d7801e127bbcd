/** The runner against wrong expectations: each published case, with one value of its `then` or `expect` changed, must fail. */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { assert, describe, it } from "vitest"
import { observe } from "../../src/conformance/cases.ts"
import { commentary, isObject, type Json, type JsonObject, parseJson } from "../../src/conformance/vocabulary.ts"

/** A wrong expectation, and where it differs from the case. */
interface Mutant {
  readonly where: string
  readonly then: Json
}

const otherLeaf = (value: Json): Json => {
  switch (typeof value) {
    case "string":
      return `${value}x`
    case "number":
      return value + 1
    case "bigint":
      return value + 1n
    case "boolean":
      return !value
    default:
      return "x"
  }
}

/** A list of names that are absent is wrong when one of them must be there. */
const present: Readonly<Record<string, (name: string) => JsonObject>> = {
  classAbsent: (name) => ({ classExists: [name] }),
  qualifiersAbsent: (name) => ({ effectiveQualifiers: { [name]: "some value" } }),
  localQualifiersAbsent: (name) => ({ qualifiers: { [name]: "some value" } }),
  localPropertiesAbsent: (name) => ({ localProperties: [name] }),
  localMethodsAbsent: (name) => ({ methodNames: [name, `${name}x`] })
}

/** Complete lists, where one element more or less is also wrong. */
const whole: ReadonlyArray<string> = [
  "events",
  "published",
  "publishedUnordered",
  "providerCallOrder",
  "providerSaw",
  "keys",
  "localProperties",
  "effectiveProperties",
  "qualifierNames",
  "methodNames",
  "privileges"
]

const isWhole = (name: string, path: ReadonlyArray<string>): boolean =>
  whole.includes(name) || ["eventsByCall", "propertyQualifierNames"].includes(path.at(-1) ?? "")

const mutants = (value: Json, path: ReadonlyArray<string> = []): ReadonlyArray<Mutant> => {
  const at = (then: Json, where: string): Mutant => ({ where: [...path, where].join("."), then })
  if (Array.isArray(value)) {
    const list: ReadonlyArray<Json> = value
    return list.flatMap((one, i) =>
      mutants(one, [...path, String(i)]).map(({ then, where }) => ({
        where,
        then: list.map((other, j) => i === j ? then : other)
      }))
    )
  }
  if (!isObject(value)) return [at(otherLeaf(value), "")]
  return Object.entries(value).flatMap(([name, one]): ReadonlyArray<Mutant> => {
    if (commentary.includes(name)) return []
    const { [name]: _, ...others } = value
    const reversed = present[name]
    if (reversed !== undefined && Array.isArray(one)) {
      return one.map((absent: Json) => at({ ...others, ...reversed(String(absent)) }, `${name} ${String(absent)}`))
    }
    const inner = mutants(one, [...path, name]).map(({ then, where }) => ({ where, then: { ...value, [name]: then } }))
    if (!Array.isArray(one) || !isWhole(name, path)) return inner
    const list: ReadonlyArray<Json> = one
    return [
      ...inner,
      at({ ...value, [name]: [...list, list[0] ?? "OnCompleted"] }, `${name}, one more`),
      ...(list.length === 0 ? [] : [at({ ...value, [name]: list.slice(1) }, `${name}, one less`)])
    ]
  })
}

const casesOf = (file: string): ReadonlyArray<JsonObject> => {
  const content = parseJson(readFileSync(new URL(file, import.meta.url), "utf8"))
  assert(isObject(content))
  return content["cases"] as ReadonlyArray<JsonObject>
}

const fails = (verify: (then: Json) => ReadonlyArray<string>, then: Json): boolean => {
  try {
    return verify(then).length > 0
  } catch {
    return true
  }
}

for (const file of ["put-cases.json", "path-cases.json", "rule-cases.json"]) {
  describe(file, () => {
    it("each wrong expectation fails", async () => {
      const passed: Array<string> = []
      let tried = 0
      for (const one of casesOf(file)) {
        const verify = await Effect.runPromise(observe(one))
        for (const { then, where } of mutants(one["then"] ?? one["expect"] ?? null)) {
          tried++
          if (!fails(verify, then)) passed.push(`${String(one["id"])} ${where}`)
        }
      }
      assert.deepStrictEqual(passed, [])
      assert.isAbove(tried, 100)
    })
  })
}
