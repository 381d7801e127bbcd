/**
 * The run of `effect-wmi put` over the operations of every file: puts in batches, deletions and new namespaces between them.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type * as WbemObject from "../../model/WbemObject.ts"
import type * as Mof from "../../mof/Mof.ts"
import * as BulkPut from "../../pipeline/BulkPut.ts"
import * as PutAsync from "../../pipeline/PutAsync.ts"
import type { Stages } from "../../pipeline/PutAsync.ts"
import * as HResult from "../../protocol/HResult.ts"
import type { PutOutcome } from "../../protocol/PutOutcome.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import * as Wmi from "../../Wmi.ts"
import { storageFailure } from "../place/failures.ts"
import { yieldToEventLoop } from "../terminal/interrupt.ts"
import type { ProgressBar } from "../terminal/progress.ts"
import type { Failure } from "./session.ts"
import { noOutcomes, type OutcomeCounts, printRefusal, printRemoved, type Refusal, refusalOf } from "./outcomes.ts"

/** The options of a run. */
interface RunOptions {
  readonly stopOnError?: boolean | undefined
  readonly json?: boolean | undefined
  /** Whether to list each object that a put removed. */
  readonly removed?: boolean | undefined
  /** Whether the target is a Windows computer. */
  readonly isWindows: boolean
}

/** The number of puts in one transaction of a store. */
const batchSize = 256

/** The number of puts in one message to a Windows computer. A signal ends the run between two puts of a message. */
const windowsBatchSize = 128

type MofPut = Extract<Mof.MofOperation, { _tag: "Put" }>

const describeObject = (object: WbemObject.WbemObject): string =>
  object._tag === "Class" ? `class ${object.name}` : `instance of ${object.className}`

/** The outcome of a single call that failed. */
const tagOf = (error: WbemError): Exclude<PutOutcome["_tag"], "Committed"> =>
  error._tag === "WbemTransportFailure"
    ? error.sent ? "Unknown" : "NotStarted"
    : error._tag === "WbemConnectionFailed"
    ? "NotStarted"
    : "Rejected"

/** One run. */
export class Run {
  readonly counts: OutcomeCounts = noOutcomes()
  private readonly options: RunOptions
  private readonly progress: ProgressBar
  private done = 0
  private stopped = false
  private interrupted = false
  /** The puts and deletions that were sent and have no outcome yet. */
  private running = 0
  /** The failure of the storage or of the connection, which ends the run. It is not a refusal. */
  failure: Failure | undefined = undefined

  constructor(options: RunOptions, bar: ProgressBar) {
    this.options = options
    this.progress = bar
  }

  /** Marks the run as interrupted: puts that a signal prevents are no refusals. */
  interrupt(): void {
    this.interrupted = true
    this.stopped = true
  }

  /** The counts at the end of the process: what is running has no outcome. */
  countsNow(): OutcomeCounts {
    return { ...this.counts, unknown: this.counts.unknown + this.running }
  }

  private refuse(refusal: Refusal): void {
    this.counts.refused++
    this.progress.clear()
    printRefusal(refusal, this.options.json === true)
    if (this.options.stopOnError === true) this.stopped = true
  }

  /** Stops the run if an error is a failure of the storage, the connection or a signal, and returns whether it is. */
  private endsRun(tag: Exclude<PutOutcome["_tag"], "Committed">, error: WbemError): boolean {
    if (this.interrupted && error.status === "CallCancelled") return true
    const failure = storageFailure(error)
    if (failure === undefined && !(this.options.isWindows && tag !== "Rejected")) return false
    this.stopped = true
    if (tag === "Unknown") this.counts.unknown++
    if (!this.interrupted) this.failure ??= failure ?? error
    return true
  }

  private count(outcome: PutOutcome, position: Mof.Position): void {
    const { object } = outcome.request
    this.done++
    if (outcome._tag !== "Committed") {
      if (this.endsRun(outcome._tag, outcome.error)) return
      return this.refuse(refusalOf(position, describeObject(object), outcome.error))
    }
    if (object._tag === "Class") this.counts.classes++
    else this.counts.instances++
    const { deleted = 0, disposition, removed = [] } = outcome.report
    this.counts.removed += deleted
    if (this.options.removed === true && removed.length > 0) {
      this.progress.clear()
      for (const path of removed) {
        printRemoved(ObjectPath.format(path), describeObject(object), position, this.options.json === true)
      }
    }
    if (disposition === "Created") this.counts.created++
    else if (disposition === "Unchanged") this.counts.unchanged++
    else this.counts.updated++
  }

  /** A part of the run that a signal does not end before its outcomes are counted. */
  private whileRunning(count: number, part: Effect.Effect<void, never, Stages>): Effect.Effect<void, never, Stages> {
    return Effect.uninterruptible(Effect.suspend(() => {
      this.running = count
      return Effect.map(part, () => {
        this.running = 0
      })
    }))
  }

  /** One batch. After a signal a Windows computer gets a cancel for the puts that it has not begun. */
  private batch(puts: ReadonlyArray<MofPut>): Effect.Effect<void, never, Stages> {
    const counted = Effect.map(BulkPut.batch(puts.map(({ request }) => request)), (outcomes) => {
      outcomes.forEach((outcome, i) => this.count(outcome, puts[i]!.position))
      this.progress.update(this.done, this.counts.refused)
    })
    return this.whileRunning(puts.length, counted)
  }

  /** Puts in batches of one transaction each; one by one with `--stop-on-error`. */
  private puts(group: ReadonlyArray<MofPut>): Effect.Effect<void, never, Stages> {
    const size = this.options.stopOnError === true ? 1 : this.options.isWindows ? windowsBatchSize : batchSize
    const starts = Array.from({ length: Math.ceil(group.length / size) }, (_, i) => i * size)
    return Effect.forEach(
      starts,
      (start) =>
        Effect.zipRight(
          yieldToEventLoop,
          Effect.suspend(() => this.stopped ? Effect.void : this.batch(group.slice(start, start + size)))
        ),
      { discard: true }
    )
  }

  private remove(operation: Extract<Mof.MofOperation, { _tag: "Delete" }>): Effect.Effect<void, never, Stages> {
    const { failIfMissing, namespace, path, position } = operation
    return Effect.map(Effect.either(Wmi.delete(path, { namespace })), (answer) => {
      this.done++
      if (Either.isRight(answer)) {
        this.counts.deleted++
        return
      }
      if (answer.left.status === "NotFound" && !failIfMissing) return
      if (this.endsRun(tagOf(answer.left), answer.left)) return
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
        if (answer.right.disposition === "Created") this.counts.namespaces++
        return
      }
      if (this.endsRun(tagOf(answer.left), answer.left)) return
      this.refuse(refusalOf(position, `namespace ${request.namespace}`, answer.left))
    })
  }

  /** Runs all operations in order. Consecutive puts form one group. */
  runAll(work: ReadonlyArray<Mof.MofOperation>): Effect.Effect<void, never, Stages> {
    const groups: Array<Effect.Effect<void, never, Stages>> = []
    let puts: Array<MofPut> = []
    const runApart = (run: () => Effect.Effect<void, never, Stages>): void => {
      flush()
      groups.push(Effect.suspend(() => this.stopped ? Effect.void : this.whileRunning(1, run())))
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
