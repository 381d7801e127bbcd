/** Compares the published intrinsic events with the expectations of a case: `then.published` in order, `then.publishedUnordered` in any order. */
import * as ResolvedClass from "../engine/classes/ResolvedClass.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as CimName from "../model/CimName.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import * as WbemEvent from "../protocol/WbemEvent.ts"
import { caseValue, matches, type Problems } from "./compare.ts"
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

/** A property of an instance as it reads: an unset property has the default of the class (IV-1). */
const read = (source: WbemObject | undefined, name: string, snapshot: Snapshot.Snapshot): Json | undefined => {
  if (source?._tag !== "Instance") return undefined
  if (Object.hasOwn(source.values, name)) return caseValue(source.values[name])
  const resolvedClass = Snapshot.resolvedClass(snapshot, namespace, source.className)
  const property = resolvedClass === undefined ? undefined : ResolvedClass.findProperty(resolvedClass, name)
  return property === undefined ? undefined : caseValue(property.value)
}

const summary = (event: About): string => `${event.class} ${event.target}`
const order = (a: About, b: About): number => summary(a) < summary(b) ? -1 : summary(a) > summary(b) ? 1 : 0

/** The states before and after the calls, from which unset properties take the defaults of their classes. */
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
  const expected = list(written, what).map((element) => expectedOf(element, what))
  // A put with localised text also writes to the namespace of the locale. The case names events of its own namespace only.
  const actual = events.filter(({ path }) => CimName.equals(path.namespace ?? namespace, namespace)).map(described)
  if (what === "publishedUnordered") {
    expected.sort(order)
    actual.sort(order)
  }
  problems.expect(what, expected.map(summary), actual.map(summary), expected.length === actual.length)
  expected.forEach((expectedEvent, i) => {
    const event = actual[i]
    if (event === undefined) return
    problems.equal(`${what}[${i}].class`, expectedEvent.class, event.class)
    problems.equal(`${what}[${i}].target`, expectedEvent.target, event.target)
    for (const side of ["previous", "current"] as const) {
      const props = expectedEvent[side]
      if (props === undefined) continue
      const snapshot = side === "previous" ? states.before : states.after
      for (const [name, wanted] of Object.entries(object(props, `${what}[${i}].${side}`))) {
        const source = event[side]
        const value = read(source, name, snapshot)
        const type = source?._tag === "Instance" ? typeIn(snapshot)(source.className, name) : undefined
        const rounded = expectedValue(wanted, type, typeIn(snapshot))
        problems.expect(`${what}[${i}].${side}.${name}`, wanted, value, value !== undefined && matches(rounded, value))
      }
    }
  })
}
