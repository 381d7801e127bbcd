/**
 * `effect-wmi put`: puts every object of the given files and prints a summary.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { reading, type Register, whole } from "../register.ts"
import { defaultNamespace } from "../../model/limits.ts"
import { InstanceProviders } from "../../emulator/providers/providerRegistry.ts"
import type * as Mof from "../../mof/Mof.ts"
import type { Stages } from "../../pipeline/PutAsync.ts"
import * as Wmi from "../../Wmi.ts"
import { printPlannedCalls, printPlannedChanges } from "../put/dryRun.ts"
import { checkNamespace, makeNamespaces } from "../put/namespaces.ts"
import { interruptionFacts, interruptionText, printSummary } from "../put/outcomes.ts"
import { type Place, placeOf } from "../put/place.ts"
import { type PlannedCall, plannedProviders } from "../put/providers.ts"
import { type ReadingOptions, readWork } from "../put/reading.ts"
import { Run } from "../put/run.ts"
import { type Failure, type Session, sessionOf } from "../put/session.ts"
import { type Copy, readCopy } from "../put/windowsCopy.ts"
import { flagsByKind } from "../place/flags.ts"
import { diagnosticOf } from "../place/failures.ts"
import { namespaceOf, type TargetOptions, type TargetServices, withTarget } from "../place/target.ts"
import { Interrupted, type Signal } from "../terminal/interrupt.ts"
import { BadInput } from "../terminal/output.ts"
import { progress, showStep } from "../terminal/progress.ts"

/** The options of the command. */
interface PutCommandOptions extends ReadingOptions, TargetOptions {
  readonly namespace: string
  readonly classFlags?: string | undefined
  readonly instanceFlags?: string | undefined
  readonly flags?: string | undefined
  readonly dryRun?: boolean | undefined
  readonly stopOnError?: boolean | undefined
  readonly expectRefused: number
  /** Whether to list each object that a put removed. */
  readonly removed?: boolean | undefined
}

/** The sessions of a command, one for each layer. */
class Sessions {
  private readonly open = new Map<unknown, Session<never>>()

  of<R>(layer: Layer.Layer<R, Failure>): Session<R> {
    const session = this.open.get(layer) as Session<R> | undefined ?? sessionOf(layer)
    this.open.set(layer, session as Session<never>)
    return session
  }

  async close(): Promise<void> {
    for (const session of this.open.values()) await session.close()
  }
}

/** Puts the operations and prints what became of them. Throws `Interrupted` with the counts if a signal ends the run. */
const putAll = async (
  work: ReadonlyArray<Mof.MofOperation>,
  session: Session<Stages>,
  place: Place,
  start: Effect.Effect<void, Failure, Stages>,
  options: PutCommandOptions
): Promise<Run> => {
  const isDry = options.dryRun === true
  const bar = progress(work.length, place.label, options)
  const run = new Run({ ...options, isWindows: place.kind === "windows" && !isDry }, bar)
  const interruption = (signal: Signal): Interrupted => {
    const interrupted = {
      counts: run.countsNow(),
      puts: work.filter(({ _tag }) => _tag === "Put").length,
      label: place.label,
      isKept: !isDry && place.kind !== "memory",
      withoutWorld: place.kind === "store" && place.beginsAsWorld,
      isWindows: place.kind === "windows"
    }
    bar.stop()
    return new Interrupted(signal, interruptionText(interrupted), interruptionFacts(interrupted))
  }
  try {
    await session.run(Effect.zipRight(start, run.runAll(work)), {
      first: () => {
        run.interrupt()
        bar.stop()
      },
      second: interruption
    })
    return run
  } catch (error) {
    throw error instanceof Interrupted ? interruption(error.signal) : error
  } finally {
    bar.stop()
  }
}

/** The state of a Windows computer for a dry run, as far as the input touches it. */
const copyOf = async (
  work: ReadonlyArray<Mof.MofOperation>,
  namespace: string,
  session: Session<TargetServices>,
  place: Place,
  options: PutCommandOptions
): Promise<Copy> => {
  const stepEnds = showStep(`reading what ${place.label} has`, options)
  try {
    const isThere = options.createNamespaces === true ? Effect.void : checkNamespace(namespace, place.label)
    return await session.run(Effect.zipRight(isThere, readCopy(work, namespace)))
  } finally {
    stepEnds()
  }
}

/** Runs over a copy and prints the changes. */
const dryRun = async (
  work: ReadonlyArray<Mof.MofOperation>,
  namespace: string,
  sessions: Sessions,
  place: Place,
  start: Effect.Effect<void, Failure, Stages>,
  options: PutCommandOptions
): Promise<Run> => {
  const copy = place.kind === "windows"
    ? await copyOf(work, namespace, sessions.of<TargetServices>(place.layer), place, options)
    : { state: await place.state(), has: undefined }
  const calls: Array<PlannedCall> = []
  const emulator = Wmi.layerMemoryFrom(copy.state)
  const layer = copy.has === undefined
    ? emulator
    : Layer.provide(emulator, Layer.succeed(InstanceProviders, plannedProviders(calls, copy.has)))
  const session = sessions.of(layer)
  const run = await putAll(work, session, place, start, options)
  printPlannedChanges(copy.state, await session.run(Wmi.snapshot), options.json === true)
  printPlannedCalls(calls, options.json === true)
  return run
}

/** Returns the exit status: 0 if the number of refusals is the expected one, otherwise 1. */
const put = async (files: ReadonlyArray<string>, options: PutCommandOptions): Promise<number> => {
  const started = performance.now()
  const flags = flagsByKind(options)
  const place = await placeOf(options)
  const namespace = namespaceOf(options.namespace, place)
  const isWindows = place.kind === "windows"
  const sessions = new Sessions()
  try {
    const source = isWindows ? place.layer : place.classes
    const work = await readWork(
      files,
      { namespace, ...flags },
      options,
      () => source === undefined ? undefined : sessions.of<Stages>(source)
    )
    const makesNamespace = !isWindows || options.createNamespaces === true
    const start = makesNamespace ? makeNamespaces(namespace) : checkNamespace(namespace, place.label)
    const run = options.dryRun === true
      ? await dryRun(work, namespace, sessions, place, start, options)
      : await putAll(work, sessions.of<Stages>(place.layer), place, start, options)
    printSummary(run.counts, (performance.now() - started) / 1000, { ...options, isWindows })
    if (run.failure !== undefined) throw new BadInput(diagnosticOf(run.failure))
    return run.counts.refused === options.expectRefused ? 0 : 1
  } finally {
    await sessions.close()
  }
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  withTarget(reading(program.command("put")))
    .description(
      "put every object of some files, folders or globs: MOF, JSON requests, or what ConvertTo-Json prints; - is standard input, .gz is unpacked"
    )
    .argument("<file...>")
    .option(
      "--namespace <path>",
      "where objects go before a #pragma namespace; made if missing, but not on a computer",
      defaultNamespace
    )
    .option("--class-flags <names>", "flags of classes, such as UpdateSafe or CreateOnly,UpdateForce")
    .option("--instance-flags <names>", "flags of instances, such as CreateOnly")
    .option("--flags <word>", "flags of both, by name or as a number; instances get no update modes")
    .option("--class <name>", "the class of JSON objects that have none, such as those of Select-Object")
    .option("--create-namespaces", "make the namespaces that a file names and that are missing")
    .option("--removed", "list the objects that puts removed")
    .option("--dry-run", "decide everything, list what would change, and keep nothing")
    .option("--stop-on-error", "end at the first refusal, as mofcomp does")
    .option("--expect-refused <n>", "the number of refusals that is no failure", whole, 0)
    .option("--no-progress", "show no progress")
    .option("--json", "one line of JSON for each refusal and one for the summary")
    .action(withStatus((files: ReadonlyArray<string>, options: PutCommandOptions) => put(files, options)))
}
