/**
 * `effect-wmi put`: puts every object of the given files and prints a summary.
 *
 * @internal
 */
import { reading, type Register, whole } from "../register.ts"
import { defaultNamespace } from "../../model/limits.ts"
import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as CimName from "../../model/CimName.ts"
import type { ClassDefinition } from "../../model/ClassDefinition.ts"
import * as Instance from "../../model/Instance.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type * as WbemObject from "../../model/WbemObject.ts"
import type * as Mof from "../../mof/Mof.ts"
import * as BulkPut from "../../pipeline/BulkPut.ts"
import * as PutAsync from "../../pipeline/PutAsync.ts"
import type { Stages } from "../../pipeline/PutAsync.ts"
import * as HResult from "../../protocol/HResult.ts"
import type { PutOutcome } from "../../protocol/PutOutcome.ts"
import * as PutRequest from "../../protocol/PutRequest.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import type { Services } from "../../emulator/EmulatedRepository.ts"
import type { StoreFailure } from "../../emulator/StoreFailure.ts"
import * as Wmi from "../../Wmi.ts"
import { flagsByKind } from "../target/flags.ts"
import {
  bytesOf,
  filesOf,
  KnownClasses,
  operations,
  type OperationsOptions,
  type RequestDefaults,
  type StoredClasses
} from "../input/input.ts"
import { BadInput, type Diagnostic, print, printJson } from "../terminal/output.ts"
import { progress, type ProgressBar } from "../terminal/progress.ts"
import { run as runProgram, snapshotOf, stages, storageFailure } from "../target/storeFile.ts"

/** The options of the command. */
export interface PutCommandOptions extends OperationsOptions {
  readonly namespace: string
  readonly classFlags?: string | undefined
  readonly instanceFlags?: string | undefined
  readonly flags?: string | undefined
  readonly dryRun?: boolean | undefined
  readonly stopOnError?: boolean | undefined
  readonly expectRefused: number
  readonly json?: boolean | undefined
  readonly store?: string | undefined
  /** Whether to list each object that a put removed. */
  readonly removed?: boolean | undefined
}

/** The number of puts in one transaction. */
const batchSize = 256

/** A refused operation, as it is printed. */
interface Refusal {
  readonly position: Mof.Position
  readonly object: string
  readonly status: string
  readonly hresult: number
  readonly rule: string | undefined
  readonly message: string
}

const refusalOf = (position: Mof.Position, object: string, error: WbemError): Refusal => ({
  position,
  object,
  status: error.status,
  hresult: error.hresult,
  rule: error.rule,
  message: error.message
})

/** The counts of the summary. */
interface OutcomeCounts {
  classes: number
  instances: number
  created: number
  updated: number
  unchanged: number
  refused: number
  /** Delete directives that were carried out. */
  deleted: number
  /** Objects that puts removed (PA-83). */
  removed: number
  /** Namespaces that `--create-namespaces` made. */
  namespaces: number
}

const describeObject = (object: WbemObject.WbemObject): string =>
  object._tag === "Class" ? `class ${object.name}` : `instance of ${object.className}`

const positionText = ({ column, file, line }: Mof.Position): string => `${file}:${line}:${column}`

const printRefusal = ({ hresult, message, object, position, rule, status }: Refusal, json: boolean): void => {
  if (!json) {
    print(`refused ${object} at ${positionText(position)}: ${message}${rule === undefined ? "" : ` [${rule}]`}`)
    return
  }
  const { column, file, line } = position
  printJson({ refused: object, status, hresult: HResult.hex(hresult), rule: rule ?? null, message, file, line, column })
}

const printRemoved = (path: string, object: string, position: Mof.Position, json: boolean): void => {
  const { column, file, line } = position
  if (json) printJson({ removed: path, by: object, file, line, column })
  else print(`removed ${path} by ${object} at ${positionText(position)}`)
}

type MofPut = Extract<Mof.MofOperation, { _tag: "Put" }>

/** One run over the operations of every file. */
class Run {
  readonly tally: OutcomeCounts = {
    classes: 0,
    instances: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    refused: 0,
    deleted: 0,
    removed: 0,
    namespaces: 0
  }
  private readonly options: PutCommandOptions
  private readonly progress: ProgressBar
  private done = 0
  stopped = false
  /** The failure of the storage, which ends the run. It is not a refusal. */
  failure: string | undefined = undefined

  constructor(options: PutCommandOptions, bar: ProgressBar) {
    this.options = options
    this.progress = bar
  }

  private refuse(refusal: Refusal): void {
    this.tally.refused++
    printRefusal(refusal, this.options.json === true)
    if (this.options.stopOnError === true) this.stopped = true
  }

  /** Stops the run if an error is a failure of the storage, and returns whether it is. */
  private recordStorageFailure(
    { _tag, error }: { readonly _tag: PutOutcome["_tag"]; readonly error: WbemError }
  ): boolean {
    const failure = storageFailure(error)
    if (failure === undefined) return false
    this.stopped = true
    this.failure ??= _tag === "Unknown"
      ? `${failure.message}; whether the last puts are stored is not known, a second run settles it`
      : failure.message
    return true
  }

  private count(outcome: PutOutcome, position: Mof.Position): void {
    const { object } = outcome.request
    this.done++
    if (outcome._tag !== "Committed") {
      return this.recordStorageFailure(outcome)
        ? undefined
        : this.refuse(refusalOf(position, describeObject(object), outcome.error))
    }
    if (object._tag === "Class") this.tally.classes++
    else this.tally.instances++
    const { deleted = 0, disposition, removed = [] } = outcome.report
    this.tally.removed += deleted
    if (this.options.removed === true) {
      for (const path of removed) {
        printRemoved(ObjectPath.format(path), describeObject(object), position, this.options.json === true)
      }
    }
    if (disposition === "Created") this.tally.created++
    else if (disposition === "Unchanged") this.tally.unchanged++
    else this.tally.updated++
  }

  /** Puts in batches of one transaction each; one by one with `--stop-on-error`. */
  private puts(group: ReadonlyArray<MofPut>): Effect.Effect<void, never, Stages> {
    const size = this.options.stopOnError === true ? 1 : batchSize
    let index = 0
    return Stream.fromIterable(group).pipe(
      Stream.map(({ request }) => request),
      BulkPut.run({ batchSize: size }),
      Stream.tap((outcome) =>
        Effect.sync(() => {
          this.count(outcome, group[index++]!.position)
          this.progress.update(this.done, this.tally.refused)
        })
      ),
      Stream.takeUntil(() => this.stopped),
      Stream.runDrain
    )
  }

  private remove(operation: Extract<Mof.MofOperation, { _tag: "Delete" }>): Effect.Effect<void, never, Stages> {
    const { failIfMissing, namespace, path, position } = operation
    return Effect.map(Effect.either(Wmi.delete(path, { namespace })), (answer) => {
      this.done++
      if (Either.isRight(answer)) {
        this.tally.deleted++
        return
      }
      if (answer.left.status === "NotFound" && !failIfMissing) return
      if (this.recordStorageFailure({ _tag: "Rejected", error: answer.left })) return
      this.refuse(refusalOf(position, `deletion of ${path}`, answer.left))
      // A directive with FAIL ends the compilation (`mof` 7).
      if (failIfMissing && answer.left.status === "NotFound") this.stopped = true
    })
  }

  /** Reports a declaration that cannot be put because it uses an alias whose path is not known. */
  private cannotPut({ declares, error, position }: Extract<Mof.MofOperation, { _tag: "Refused" }>): void {
    this.done++
    const { code, found, name } = error
    const message = `${name} (${HResult.hex(code)}): ${found}`
    this.refuse({ position, object: declares, status: name, hresult: code, rule: undefined, message })
  }

  /** Makes a namespace that a file names, if it does not exist. */
  private makeNamespace({ position, request }: MofPut): Effect.Effect<void, never, Stages> {
    return Effect.map(Effect.either(PutAsync.put(request)), (answer) => {
      this.done++
      if (Either.isRight(answer)) {
        if (answer.right.disposition === "Created") this.tally.namespaces++
        return
      }
      if (this.recordStorageFailure({ _tag: "Rejected", error: answer.left })) return
      this.refuse(refusalOf(position, `namespace ${request.namespace}`, answer.left))
    })
  }

  /** Runs all operations in order. Consecutive puts form one group. */
  runAll(work: ReadonlyArray<Mof.MofOperation>): Effect.Effect<void, never, Stages> {
    const groups: Array<Effect.Effect<void, never, Stages>> = []
    let puts: Array<MofPut> = []
    const runApart = (run: () => Effect.Effect<void, never, Stages>): void => {
      flush()
      groups.push(Effect.suspend(() => this.stopped ? Effect.void : run()))
    }
    const flush = (): void => {
      if (puts.length === 0) return
      const group = puts
      puts = []
      groups.push(Effect.suspend(() => this.stopped ? Effect.void : this.puts(group)))
    }
    for (const operation of work) {
      if (operation._tag === "Refused") runApart(() => Effect.sync(() => this.cannotPut(operation)))
      else if (operation._tag === "Delete") runApart(() => this.remove(operation))
      else if (operation.createsNamespace === true) runApart(() => this.makeNamespace(operation))
      else puts.push(operation)
    }
    flush()
    return Effect.all(groups, { discard: true })
  }
}

const printSummary = (run: Run, seconds: number, options: PutCommandOptions): void => {
  const { classes, created, deleted, instances, namespaces, refused, removed, unchanged, updated } = run.tally
  if (options.json === true) {
    printJson({
      classes,
      instances,
      created,
      updated,
      unchanged,
      refused,
      deleted,
      removed,
      ...(options.createNamespaces === true ? { namespaces } : {}),
      seconds: Number(seconds.toFixed(3))
    })
    return
  }
  const parts = [
    `${classes} classes, ${instances} instances: ${created} created, ${updated} updated, ${unchanged} unchanged`,
    `${refused} refused${options.expectRefused > 0 ? ` (${options.expectRefused} expected)` : ""}`,
    ...(deleted > 0 ? [`${deleted} deleted`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(namespaces > 0 ? [`${namespaces} namespaces made`] : []),
    `${seconds.toFixed(2)} s`
  ]
  print(`${parts.join(", ")}${options.dryRun === true ? "; nothing was kept (dry run)" : ""}`)
}

/** Returns the exit status: 0 if the number of refusals is the expected one, otherwise 1. */
export const put = async (files: ReadonlyArray<string>, options: PutCommandOptions): Promise<number> => {
  const started = performance.now()
  const flags = flagsByKind(options)
  const namespace = namespaceOf(options.namespace)
  const read: Array<readonly [file: string, bytes: Uint8Array]> = []
  for (const file of filesOf(files)) read.push([file, await bytesOf(file)])
  const known = new KnownClasses()
  let { problems, work } = readAll(read, { namespace, ...flags }, known, options)
  if (options.store !== undefined && existsSync(options.store) && known.missingNamespaces.length > 0) {
    const stored = await storedClasses(options.store, known.missingNamespaces)
    ;({ problems, work } = readAll(read, { namespace, ...flags }, new KnownClasses(stored), options))
  }
  if (problems.length > 0) throw new BadInput([...problems, "nothing was put"])
  const start = await stagesFor(options)
  const bar = progress(work.length, options.json === true)
  const run = new Run(options, bar)
  try {
    await runProgram(Effect.provide(Effect.zipRight(makeNamespaces(namespace), run.runAll(work)), start))
  } finally {
    bar.stop()
  }
  printSummary(run, (performance.now() - started) / 1000, options)
  if (run.failure !== undefined) throw new BadInput(run.failure)
  return run.tally.refused === options.expectRefused ? 0 : 1
}

/** Reads the operations of all files in order, and the error messages. */
const readAll = (
  files: ReadonlyArray<readonly [file: string, bytes: Uint8Array]>,
  defaults: RequestDefaults,
  known: KnownClasses,
  options: OperationsOptions
): { readonly work: ReadonlyArray<Mof.MofOperation>; readonly problems: ReadonlyArray<string | Diagnostic> } => {
  const work: Array<Mof.MofOperation> = []
  const problems: Array<string | Diagnostic> = []
  for (const [file, bytes] of files) {
    const result = operations(file, bytes, defaults, known, options)
    if (Either.isLeft(result)) problems.push(...result.left)
    else {
      known.add(result.right)
      for (const operation of result.right) work.push(operation)
    }
  }
  return { work, problems }
}

/** Reads the classes of namespaces in a store. A namespace that does not exist has none. */
const storedClasses = async (store: string, namespaces: ReadonlyArray<string>): Promise<StoredClasses> => {
  const layer = await stages(store)
  const result = new Map<string, ReadonlyMap<string, ClassDefinition>>()
  for (const namespace of namespaces) {
    const classes = Wmi.classes({ namespace }).pipe(
      Effect.catchTag("WbemInvalidNamespace", () => Effect.succeed<ReadonlyArray<ClassDefinition>>([]))
    )
    const stored = await runProgram(Effect.provide(classes, layer))
    result.set(
      CimName.fold(namespace),
      new Map(stored.map((definition) => [CimName.fold(definition.name), definition]))
    )
  }
  return result
}

/** The stages of a run. A dry run works on a copy in memory, so that it neither changes nor makes a store. */
const stagesFor = async (
  { dryRun, store }: PutCommandOptions
): Promise<Layer.Layer<Stages | Services, StoreFailure>> => {
  if (store === undefined || (dryRun === true && !existsSync(store))) return Wmi.layerMemory
  return dryRun === true ? Wmi.layerMemoryFrom(await snapshotOf(store)) : stages(store)
}

/** Makes a namespace and its parents where they are missing, except the first name, which cannot be made by a put. */
const makeNamespaces = (namespace: string): Effect.Effect<void, WbemError, Stages> => {
  const names = namespace.split("\\")
  return Effect.forEach(
    names.slice(1),
    (name, i) =>
      PutAsync.put(PutRequest.make(Instance.make("__NAMESPACE", { Name: name }), {
        namespace: names.slice(0, i + 1).join("\\"),
        mode: "CreateOnly"
      })).pipe(Effect.catchTag("WbemAlreadyExists", () => Effect.void)),
    { discard: true }
  )
}

const namespaceOf = (text: string): string => {
  const parsed = ObjectPath.parse(text, { singleIdentAsNamespace: true })
  if (Either.isLeft(parsed)) {
    throw new BadInput(`--namespace: ${parsed.left.reason} at position ${parsed.left.position} of ${text}`)
  }
  if (parsed.right.namespace === undefined || parsed.right.className !== undefined) {
    throw new BadInput(`--namespace: ${text} is no namespace`)
  }
  return parsed.right.namespace
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  reading(program.command("put"))
    .description(
      "put every object of some files, folders or globs: MOF, JSON requests, or what ConvertTo-Json prints; - is standard input, .gz is unpacked"
    )
    .argument("<file...>")
    .option("--store <file>", "keep everything in this SQLite file; without it nothing outlives the run")
    .option("--namespace <path>", "where objects go before a #pragma namespace; made if missing", defaultNamespace)
    .option("--class-flags <names>", "flags of classes, such as UpdateSafe or CreateOnly,UpdateForce")
    .option("--instance-flags <names>", "flags of instances, such as CreateOnly")
    .option("--flags <word>", "flags of both as a number; instances get no update modes")
    .option("--class <name>", "the class of JSON objects that have none, such as those of Select-Object")
    .option("--create-namespaces", "make the namespaces that a file names and that are missing")
    .option("--removed", "list the objects that puts removed")
    .option("--dry-run", "decide everything and keep nothing")
    .option("--stop-on-error", "end at the first refusal, as mofcomp does")
    .option("--expect-refused <n>", "the number of refusals that is no failure", whole, 0)
    .option("--json", "one line of JSON for each refusal and one for the summary")
    .action(withStatus((files: ReadonlyArray<string>, options: PutCommandOptions) => put(files, options)))
}
