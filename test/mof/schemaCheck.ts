/**
 * Checks a schema: every class of a text is put into empty namespaces, put again, printed, read back and compared.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as CimName from "../../src/model/CimName.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { CimValue, ClassDefinition } from "../../src/model/WbemObject.ts"
import * as Mof from "../../src/mof/Mof.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import type { PutOutcome } from "../../src/protocol/PutOutcome.ts"
import type * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"

/** The result for the classes of a text. Each list has the names of the classes that failed, with the reason. */
export interface SchemaReport {
  readonly errors: ReadonlyArray<string>
  readonly created: number
  readonly refused: ReadonlyArray<string>
  readonly unchanged: number
  readonly changed: ReadonlyArray<string>
  readonly equal: number
  readonly different: ReadonlyArray<string>
}

const parameterWord = /^(?:in|out|id)$/i

/** Qualifiers in a form for comparison: without order, and without those that a parameter has as members. */
const qualifiers = (list: ReadonlyArray<Qualifier.Qualifier>, without?: RegExp): unknown =>
  list.filter(({ name }) => without?.test(name) !== true).map(({ flavor, name, type, value }) => [
    Qualifier.spelling(name),
    value,
    // An empty list has no type of its own.
    Array.isArray(value) && value.length === 0 ? "" : type,
    flavor
  ]).sort(([a], [b]) => CimName.compare(String(a), String(b)))

const named = <A extends { readonly name: string }>(list: ReadonlyArray<A>, of: (one: A) => unknown): unknown =>
  [...list].sort((a, b) => CimName.compare(a.name, b.name)).map(of)

const value = (of: CimValue | undefined): unknown => of === undefined ? null : of

/** The text of a class, which is equal for classes that differ only in the order of their members. */
const canonical = (
  one: ClassDefinition,
  inherited: (property: string) => CimValue | undefined
): string =>
  JSON.stringify([
    one.name,
    one.superclass ?? null,
    qualifiers(one.qualifiers),
    named(one.properties, (p) => [
      p.name,
      p.type,
      p.isArray,
      p.className ?? null,
      p.word ?? null,
      value(p.inheritsDefault === true ? inherited(p.name) : p.value),
      qualifiers(p.qualifiers)
    ]),
    named(one.methods, (m) => [
      m.name,
      m.returns,
      m.returnsWord ?? null,
      qualifiers(m.qualifiers),
      named(m.parameters, (p) => [
        p.name,
        p.type,
        p.isArray,
        p.className ?? null,
        p.word ?? null,
        p.direction,
        p.id ?? null,
        p.value === undefined ? "none" : [p.value],
        qualifiers(p.qualifiers, parameterWord)
      ])
    ])
  ], (_, of: unknown) => typeof of === "bigint" ? `${of}n` : Object.is(of, -0) ? "-0" : of)

const isClassPut = ({ request }: { readonly request: PutRequest.PutRequest }): boolean =>
  request.object._tag === "Class"

const nameOf = (outcome: PutOutcome): string =>
  outcome.request.object._tag === "Class" ? outcome.request.object.name : outcome.request.object.className

const why = (outcome: PutOutcome): string =>
  outcome._tag === "Committed"
    ? `${nameOf(outcome)}: ${outcome.report.disposition}`
    : `${nameOf(outcome)}: ${outcome.error.message}${
      outcome.error.rule === undefined ? "" : ` [${outcome.error.rule}]`
    }`

/** Puts, puts again, prints, reads back and compares. */
export const schemaCheck = (input: string | Uint8Array, options: Mof.MofOptions = {}): SchemaReport => {
  const result = Mof.parse(input, options)
  const none: SchemaReport = {
    errors: result.errors.map(({ message }) => message),
    created: 0,
    refused: [],
    unchanged: 0,
    changed: [],
    equal: 0,
    different: []
  }
  if (none.errors.length > 0) return none
  const puts = [...Mof.operations(result, { createNamespaces: true })].flatMap((one) => one._tag === "Put" ? [one] : [])
  const requests = puts.map(({ request }) => request)
  const [first, second, snapshot] = Effect.runSync(
    Effect.gen(function* () {
      const once = yield* Stream.runCollect(BulkPut.run(Stream.fromIterable(requests)))
      const again = yield* Stream.runCollect(BulkPut.run(Stream.fromIterable(requests)))
      return [[...once], [...again], yield* Wmi.snapshot] as const
    }).pipe(Effect.provide(Wmi.layerMemory))
  )
  const outcomes = first.filter(isClassPut)
  const stored = new Set(outcomes.filter(({ _tag }) => _tag === "Committed").map(({ request }) => request))
  const repeated = second.filter(({ request }) => stored.has(request))
  const isUnchanged = (outcome: PutOutcome): boolean =>
    outcome._tag === "Committed" && outcome.report.disposition === "Unchanged"
  const different: Array<string> = []
  let equal = 0
  for (const { namespace, object } of stored) {
    if (object._tag !== "Class") continue
    const complaint = reread(snapshot, namespace ?? "", object.name)
    if (complaint === undefined) equal++
    else different.push(`${object.name}: ${complaint}`)
  }
  return {
    ...none,
    created: stored.size,
    refused: outcomes.filter(({ _tag }) => _tag !== "Committed").map(why),
    unchanged: repeated.filter(isUnchanged).length,
    changed: repeated.filter((one) => !isUnchanged(one)).map(why),
    equal,
    different
  }
}

/**
 * The reason why a stored class differs from the class that its printed text compiles to; `undefined` when they are
 * equal.
 */
const reread = (snapshot: Snapshot.Snapshot, namespace: string, name: string): string | undefined => {
  const resolvedClass = Snapshot.resolvedClass(snapshot, namespace, name)
  if (resolvedClass === undefined) return "it is not there"
  const printed = Mof.print(resolvedClass.definition, {
    classOf: (other) => Snapshot.resolvedClass(snapshot, namespace, other)?.definition
  })
  if (printed._tag === "Left") return printed.left.message
  const { errors, items } = Mof.parse(printed.right)
  const [item] = items
  if (errors.length > 0 || item?._tag !== "Class") return errors[0]?.message ?? "its text is no class"
  const inherited = (property: string): CimValue | undefined => {
    for (let at = resolvedClass.parent; at !== undefined; at = at.parent) {
      const found = CimName.find(at.definition.properties, property)
      if (found !== undefined && found.inheritsDefault !== true) return found.value
    }
    return undefined
  }
  const [before, after] = [canonical(resolvedClass.definition, inherited), canonical(item.definition, inherited)]
  if (before === after) return undefined
  let at = 0
  while (before[at] === after[at]) at++
  return `stored …${before.slice(Math.max(0, at - 40), at + 60)}, read …${after.slice(Math.max(0, at - 40), at + 60)}`
}
