/** Shrinks a failing sequence: fewer steps, then smaller steps, as long as it still fails. */
import * as Rights from "../../src/model/Rights.ts"
import type { Step } from "./outcome.ts"
import type { ClassDefinition, Instance } from "./objects.ts"

const without = <A>(list: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  list.map((_, at) => list.filter((_, i) => i !== at))

const smallerClasses = (c: ClassDefinition): ReadonlyArray<ClassDefinition> => [
  ...without(c.properties).map((properties) => ({ ...c, properties })),
  ...without(c.methods).map((methods) => ({ ...c, methods })),
  ...without(c.qualifiers).map((qualifiers) => ({ ...c, qualifiers })),
  ...c.properties.flatMap((p, at) => {
    const exchanged = (q: typeof p): ClassDefinition => ({
      ...c,
      properties: c.properties.map((one, i) => i === at ? q : one)
    })
    return [
      ...without(p.qualifiers).map((qualifiers) => exchanged({ ...p, qualifiers })),
      ...p.value === undefined ? [] : [exchanged({ ...p, value: undefined })],
      ...p.inheritsDefault === undefined ? [] : [exchanged({ ...p, inheritsDefault: undefined })],
      ...p.word === undefined ? [] : [exchanged({ ...p, word: undefined })]
    ]
  }),
  ...c.methods.flatMap((m, at) => {
    const exchanged = (n: typeof m): ClassDefinition => ({
      ...c,
      methods: c.methods.map((one, i) => i === at ? n : one)
    })
    return [
      ...without(m.qualifiers).map((qualifiers) => exchanged({ ...m, qualifiers })),
      ...m.parameters.flatMap((p, i) =>
        p.value === undefined ? [] : [exchanged({
          ...m,
          parameters: m.parameters.map((q, j) => i === j ? { ...q, value: undefined } : q)
        })]
      ),
      ...m.parameters.map((_, i) =>
        exchanged({ ...m, parameters: m.parameters.map((p, j) => i === j ? { ...p, qualifiers: [] } : p) })
      ).filter((d) =>
        d.methods[at]!.parameters.some((p, j) => p.qualifiers.length < m.parameters[j]!.qualifiers.length)
      )
    ]
  }),
  ...c.superclass === undefined ? [] : [{ ...c, superclass: undefined }]
]

const smallerInstances = (i: Instance): ReadonlyArray<Instance> => [
  ...without(Object.entries(i.values)).map((entries) => ({ ...i, values: Object.fromEntries(entries) })),
  ...without(i.qualifiers).map((qualifiers) => ({ ...i, qualifiers })),
  ...i.propertyQualifiers === undefined ? [] : [{ ...i, propertyQualifiers: undefined }]
]

const smallerSteps = (step: Step): ReadonlyArray<Step> => [
  ...step.flags === 0 ? [] : [{ ...step, flags: 0 }],
  ...step.who.rights === Rights.all && !step.who.remote && step.who.locale === "ms_409"
    ? []
    : [{ ...step, who: { rights: Rights.all, remote: false, locale: "ms_409" } }],
  ...step._tag === "Delete" ? [] : [
    ...step.context === undefined ? [] : [{ ...step, context: undefined }],
    ...step.object._tag === "Class"
      ? smallerClasses(step.object).map((object) => ({ ...step, object }))
      : smallerInstances(step.object).map((object) => ({ ...step, object }))
  ]
]

const smaller = (steps: ReadonlyArray<Step>): ReadonlyArray<ReadonlyArray<Step>> => [
  ...without(steps),
  ...steps.flatMap((step, at) => smallerSteps(step).map((less) => steps.map((one, i) => i === at ? less : one)))
]

/** Most attempts: a longer sequence now is worth more than a short one much later. */
const maxAttempts = 2000

export const shrink = async (
  steps: ReadonlyArray<Step>,
  fails: (steps: ReadonlyArray<Step>) => Promise<boolean>
): Promise<ReadonlyArray<Step>> => {
  let at = steps
  let tries = 0
  for (;;) {
    let found: ReadonlyArray<Step> | undefined
    for (const less of smaller(at)) {
      if (tries++ > maxAttempts) return at
      if (await fails(less)) {
        found = less
        break
      }
    }
    if (found === undefined) return at
    at = found
  }
}
