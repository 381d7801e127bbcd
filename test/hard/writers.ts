/**
 * Writers: eight processes change the same objects and classes for some seconds. Every object that is stored has a mark of its own,
 * and every step prints which mark it replaced by which; so the steps of a row must make one chain from nothing to what is there.
 */
import * as Effect from "effect/Effect"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Property from "../../src/model/Property.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import { check, startChild, storeOf, type Where } from "./world.ts"

const own = (name: string, superclass?: string): ClassDefinition.ClassDefinition =>
  ClassDefinition.make(
    name,
    superclass === undefined ? { Id: Property.key("string"), Note: Property.make("string") } : {},
    { qualifiers: { Description: "start" }, superclass }
  )

const start: Snapshot.Snapshot = Snapshot.of(
  own("Demo_Thing"),
  own("Demo_SubThing", "Demo_Thing"),
  own("Demo_Passing"),
  ClassDefinition.make("Demo_Count", {
    Id: Property.key("string"),
    N: Property.make("uint32"),
    Other: Property.make("string")
  })
)

type Said =
  | { readonly counted: string; readonly value: number }
  | {
    readonly ended: ReadonlyArray<string>
    readonly moved: ReadonlyArray<readonly [string, string | null, string | null]>
  }
  | { readonly error: string; readonly message: string }

const processes = 8

export const writers = async (where: Where, seconds: number): Promise<string> => {
  const over = <A>(use: (store: NamespaceStore) => Effect.Effect<A, unknown>): Promise<A> =>
    Effect.runPromise(Effect.flatMap(NamespaceStore, use).pipe(Effect.provide(storeOf(where))))
  await over((store) => store.restore(start))
  const children = Array.from({ length: processes }, (_, number) => startChild({ do: "write", where, number, seconds }))
  const codes = await Promise.all(children.map((child) => child.ended))
  check(codes.every((code) => code === 0), `a writer ended with ${codes}`)
  const said = children.flatMap(({ lines }) =>
    lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Said)
  )
  const errors = said.flatMap((one) => "error" in one ? [one] : [])
  check(errors.every(({ error }) => error === "Timeout"), `errors: ${JSON.stringify(errors.slice(0, 3))}`)

  const final = await over((store) => store.snapshot)
  const at = new Map<string, string>()
  const counters = new Map<string, number>()
  for (const [namespace, root, key, object] of Snapshot.entries(final)) {
    if (namespace !== "root\\cimv2") continue
    if (root === "demo_count") counters.set(String(key), Number(object._tag === "Instance" ? object.values["N"] : 0))
    else {
      at.set(
        `${root}|${key}`,
        object._tag === "Instance"
          ? String(object.values["Note"])
          : String(object.qualifiers.find(({ name }) => name === "Description")?.value)
      )
    }
  }
  // Counters: each value once, without a gap, up to what is stored.
  const counted = new Map<string, Array<number>>()
  for (const one of said) if ("counted" in one) counted.set(one.counted, [...counted.get(one.counted) ?? [], one.value])
  for (const [id, values] of counted) {
    values.sort((a, b) => a - b)
    const odd = values.findIndex((value, i) => value !== i + 1)
    check(odd < 0, `counter ${id} lost or doubled a step: ${values.slice(Math.max(0, odd - 2), odd + 3)}`)
    check(counters.get(id) === values.length, `counter ${id} is ${counters.get(id)} after ${values.length} steps`)
  }
  // Rows: each mark comes once and goes at most once; the one that stays is the one that is there.
  const came = new Map<string, Set<string>>()
  const went = new Map<string, Set<string>>()
  const empty = new Map<string, number>()
  let moves = 0
  const into = (map: Map<string, Set<string>>, row: string, mark: string, what: string): void => {
    const marks = map.get(row) ?? new Set()
    check(!marks.has(mark), `${row}: ${mark} ${what} twice`)
    map.set(row, marks.add(mark))
  }
  for (const row of ["demo_thing", "demo_subthing", "demo_passing"].map((name) => `|${name}`)) {
    into(came, row, "start", "came")
  }
  for (const one of said) {
    if (!("moved" in one)) continue
    for (const [row, before, after] of one.moved) {
      moves++
      if (before === null) empty.set(row, (empty.get(row) ?? 0) + 1)
      else into(went, row, before, "went")
      if (after === null) empty.set(row, (empty.get(row) ?? 0) - 1)
      else into(came, row, after, "came")
    }
  }
  for (const [row, marks] of came) {
    const gone = went.get(row) ?? new Set()
    for (const mark of gone) check(marks.has(mark), `${row}: ${mark} went and never came`)
    const left = [...marks].filter((mark) => !gone.has(mark))
    const there = at.get(row)
    check(left.length === (there === undefined ? 0 : 1), `${row}: ${left} are left, ${there} is there`)
    check(there === undefined || left[0] === there, `${row}: ${left[0]} is left, ${there} is there`)
    const initially = row.startsWith("|") ? 1 : 0
    check(initially + (empty.get(row) ?? 0) === left.length, `${row}: it was empty more often than it was emptied`)
  }
  for (const row of at.keys()) if (/thing|passing/.test(row)) check(came.has(row), `${row} is there and nobody put it`)
  check(moves > 50, `only ${moves} steps`)
  return `${said.length} answers, ${moves} changes, ${
    [...counted.values()].flat().length
  } counted, ${errors.length} timeouts`
}
