/** Intrinsic events against `then.published` and `publishedUnordered`. */
import * as ResolvedClass from "../engine/classes/ResolvedClass.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as CimName from "../model/CimName.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import * as WbemEvent from "../protocol/WbemEvent.ts"
import { caseValue, type Problems, matches } from "./compare.ts"
import { expectedValue, namespace, typeIn } from "./objects.ts"
import { fields, type Json, list, object, text } from "./vocabulary.ts"

interface About {
  readonly class: string
  readonly target: string
}

interface Published extends About {
  readonly previous: WbemObject | undefined
  readonly current: WbemObject | undefined
}

interface Expected extends About {
  readonly previous: Json | undefined
  readonly current: Json | undefined
}

const described = (event: WbemEvent.WbemEvent): Published => ({
  class: WbemEvent.systemClass(event),
  target: ObjectPath.relPath(event.path),
  previous: "previous" in event ? event.previous : undefined,
  current: "current" in event ? event.current : undefined
})

const expectedOf = (written: Json, what: string): Expected => {
  const e = fields(written, what, ["class", "target", "previous", "current"])
  return {
    class: text(e["class"], `${what}.class`),
    target: text(e["target"], `${what}.target`),
    previous: e["previous"],
    current: e["current"]
  }
}

/** A property of an instance as it is read: what is unset is the default of its class (IV-1). */
const read = (of: WbemObject | undefined, name: string, at: Snapshot.Snapshot): Json | undefined => {
  if (of?._tag !== "Instance") return undefined
  if (Object.hasOwn(of.values, name)) return caseValue(of.values[name])
  const resolvedClass = Snapshot.resolvedClass(at, namespace, of.className)
  const property = resolvedClass === undefined ? undefined : ResolvedClass.findProperty(resolvedClass, name)
  return property === undefined ? undefined : caseValue(property.value)
}

const short = (one: About): string => `${one.class} ${one.target}`
const order = (a: About, b: About): number => short(a) < short(b) ? -1 : short(a) > short(b) ? 1 : 0

/** Where unset properties of an event's instances have their defaults from. */
export interface States {
  readonly before: Snapshot.Snapshot
  readonly after: Snapshot.Snapshot
}

export const checkPublished = (
  problems: Problems,
  what: "published" | "publishedUnordered",
  written: Json,
  events: ReadonlyArray<WbemEvent.WbemEvent>,
  states: States
): void => {
  const expected = list(written, what).map((one) => expectedOf(one, what))
  // Who watches a namespace hears of that one: the text of a class goes to another.
  const got = events.filter(({ path }) => CimName.equals(path.namespace ?? namespace, namespace)).map(described)
  if (what === "publishedUnordered") {
    expected.sort(order)
    got.sort(order)
  }
  problems.expect(what, expected.map(short), got.map(short), expected.length === got.length)
  expected.forEach((one, i) => {
    const event = got[i]
    if (event === undefined) return
    problems.equal(`${what}[${i}].class`, one.class, event.class)
    problems.equal(`${what}[${i}].target`, one.target, event.target)
    for (const side of ["previous", "current"] as const) {
      const props = one[side]
      if (props === undefined) continue
      const at = side === "previous" ? states.before : states.after
      for (const [name, wanted] of Object.entries(object(props, `${what}[${i}].${side}`))) {
        const of = event[side]
        const value = read(of, name, at)
        const type = of?._tag === "Instance" ? typeIn(at)(of.className, name) : undefined
        const kept = expectedValue(wanted, type, typeIn(at))
        problems.expect(`${what}[${i}].${side}.${name}`, wanted, value, value !== undefined && matches(kept, value))
      }
    }
  })
}
