/** A sequence played twice, by the model and by the library, and compared after each step. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { CimName, type WbemError } from "../../mod.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as Wmi from "../../src/Wmi.ts"
import { type Answer, answer, miscounted, readingOf, type Services, worldOf } from "./driver.ts"
import { lines } from "./dump.ts"
import { isRefusal, type Outcome, type Step } from "./outcome.ts"
import { outcomeText, stepText } from "./print.ts"
import { reference } from "./reference.ts"
import { start, type World } from "./world.ts"

export interface Played {
  readonly steps: ReadonlyArray<Step>
  /** How each step was answered, by the library and by the model. */
  readonly outcomes: ReadonlyArray<readonly [step: Step, library: Outcome, model: Outcome]>
  /** How the last step differed; empty when all agreed. */
  readonly differences: ReadonlyArray<string>
}

/** IK-3: braces and a GUID in them. */
const guid = /^\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}$/i

const generatedIn = ({ report }: Answer) => (property: string): string => {
  const value = report?.path.keys.find((key) => CimName.equals(key.name ?? "", property))?.value
  return typeof value === "string" && guid.test(value) ? value : `no GUID for ${property}`
}

const told = (outcome: Outcome): ReadonlyArray<string> =>
  outcome._tag === "Stored" ? ["ObjectPut", "Completed"] : outcome._tag === "Delivered" ? ["Completed"] : []

/** A method may be named with its parameter. */
const isWithin = (name: string, member: string): boolean =>
  CimName.equals(name, member) || CimName.fold(name).startsWith(`${CimName.fold(member)}.`)

/** The rules that the engine may name in place of a rule of the model: more specific ones of section 9 or 10. */
const closer: Readonly<Record<string, ReadonlyArray<string>>> = {
  "CS-1": ["CX-7"],
  "CS-6": ["CX-7"],
  "DL-8": ["IR-2"],
  "CS-8": ["IV-10", "IX-1", "instance-put 1.6", "instance-put 1.7", "instance-put K-8"],
  "instance-put 1.7": ["IV-10", "IX-1", "instance-put 1.6", "instance-put K-8"]
}

/** A refusal of the library need not name its rule; if it does, it is that of the model. */
const sameRule = (model: string, library: string): boolean =>
  library === "" || model === library || closer[model]?.includes(library) === true

/** The member that a refusal names counts where both name one. */
const sameOutcome = (a: Outcome, b: Outcome): boolean => {
  if (!isRefusal(a) || !isRefusal(b)) return outcomeText(a) === outcomeText(b)
  return a._tag === b._tag && a.status === b.status && sameRule(a.rule, b.rule)
    && (a.subject === undefined || b.subject === undefined || isWithin(b.subject, a.subject))
}

const diff = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...a.length === b.length ? [] : [`  ${a.length} lines in the model, ${b.length} in the repository`],
  ...a.filter((line) => !b.includes(line)).map((line) => `  only in the model:      ${line}`),
  ...b.filter((line) => !a.includes(line)).map((line) => `  only in the repository: ${line}`)
]

const compared = (step: Step, wanted: Outcome, got: Answer): ReadonlyArray<string> => {
  const outcome = sameOutcome(wanted, got.outcome) ? [] : [
    `  the model says:   ${outcomeText(wanted)}`,
    `  the library says: ${outcomeText(got.outcome)}`
  ]
  const events = step._tag === "Delete" || got.events.join() === told(got.outcome).join()
    ? []
    : [`  the sink heard: ${got.events.join()}`]
  return [...outcome, ...events]
}

const contents = (world: World, snapshot: Snapshot.Snapshot): ReadonlyArray<string> =>
  diff(lines(world), lines(worldOf(snapshot), readingOf(snapshot)))

/** Both sides as they stand. */
interface State {
  readonly world: World
  readonly stored: Snapshot.Snapshot
}

interface Taken extends State {
  readonly library: Outcome
  readonly model: Outcome
  readonly differences: ReadonlyArray<string>
}

const take = (step: Step, { stored, world }: State): Effect.Effect<Taken, WbemError.WbemError, Services> =>
  Effect.gen(function* () {
    const got = yield* answer(step)
    const [model, after] = reference(world, step, generatedIn(got))
    const snapshot = yield* Wmi.snapshot
    // Where nothing was written on either side there is nothing new to compare; the end looks at everything again.
    const isWritten = after !== world || snapshot !== stored
    const differences = [...compared(step, model, got), ...isWritten ? contents(after, snapshot) : []]
    return { world: after, stored: snapshot, library: got.outcome, model, differences }
  })

/** Plays what `next` gives until it gives nothing, or until the two differ. What throws on either side is a difference. */
export const play = (
  next: (world: World, at: number) => Option.Option<Step>
): Effect.Effect<Played, never, Services> => {
  const steps: Array<Step> = []
  const outcomes: Array<readonly [Step, Outcome, Outcome]> = []
  const played = Effect.gen(function* () {
    yield* Wmi.restore(Snapshot.empty())
    let state: State = { world: start, stored: yield* Wmi.snapshot }
    for (;;) {
      const one = next(state.world, steps.length)
      if (Option.isNone(one)) return [...contents(state.world, state.stored), ...miscounted(state.stored)]
      steps.push(one.value)
      const taken = yield* take(one.value, state)
      outcomes.push([one.value, taken.library, taken.model])
      if (taken.differences.length > 0) return taken.differences
      state = taken
    }
  })
  return Effect.map(
    Effect.catchAllCause(played, (cause) => Effect.succeed([Cause.pretty(cause)])),
    (differences) => ({ steps, outcomes, differences })
  )
}

export const replay = (steps: ReadonlyArray<Step>): Effect.Effect<Played, never, Services> =>
  play((_, at) => at < steps.length ? Option.some(steps[at]!) : Option.none())

export const playedText = ({ differences, outcomes, steps }: Played): string =>
  [
    ...steps.map((step, i) =>
      `${i + 1}. ${stepText(step)}\n   ${outcomes[i] === undefined ? "" : outcomeText(outcomes[i][1])}`
    ),
    ...differences
  ].join("\n")
