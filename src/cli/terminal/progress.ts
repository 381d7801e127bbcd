/**
 * The progress of a run on standard error: one line on a terminal, which fits its width and is redrawn in place; a line for each tenth in
 * a pipe; nothing with `--json`.
 *
 *     cim.mof.gz [########            ]  41% 21153/52000 14669/s 2s left, 7 refused
 *
 * @internal
 */
import { writeSync } from "node:fs"
import { escapeControl } from "../../model/escapeControl.ts"
import { cellsOf, cutStart } from "../../model/text/cells.ts"

/** A display of progress. */
export interface ProgressBar {
  readonly update: (done: number, refused: number) => void
  /** Removes the bar, for a line of output; the next update draws it again. */
  readonly clear: () => void
  readonly stop: () => void
}

/** The state that the line of a bar shows. */
export interface BarState {
  /** The name of the file or the store; shown where there is room. */
  readonly label: string
  readonly total: number
  readonly done: number
  readonly refused: number
  readonly seconds: number
}

/** In a pipe, runs of more operations than this print a line for each tenth. */
const longRun = 5000

/** The shortest time between two drawings, in milliseconds. */
const drawInterval = 100

const hideCursor = "\x1b[?25l"
const showCursor = "\x1b[?25h"
const clearLine = "\r\x1b[K"

const duration = (seconds: number): string => {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, "0")}s`
  return `${Math.floor(whole / 3600)}h${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")}m`
}

/** The widest bar, and the narrowest that is drawn. */
const [widestBar, narrowestBar] = [40, 8]

/** The columns that stay free: a full line may wrap, and the terminal writes `^C` behind it. */
const spareColumns = 3

/** The columns of a file name that is worth its room. */
const shortestLabel = 12

/**
 * The line of a bar, in less than `columns`. What does not fit is left out whole, the most important last: the file name, the bar, the time
 * left, the rate, the total.
 */
export const barLine = ({ done, label, refused, seconds, total }: BarState, columns: number): string => {
  const room = columns - spareColumns
  const fraction = total === 0 ? 1 : Math.min(done / total, 1)
  const percentage = `${String(Math.floor(fraction * 100)).padStart(3)}%`
  const rate = seconds > 0 ? Math.round(done / seconds) : 0
  const left = done === 0 || done >= total ? "" : `${duration((total - done) * seconds / done)} left`
  const join = (...parts: ReadonlyArray<string>): string => parts.filter((part) => part !== "").join(" ")
  const refusals = `${refused} refused`
  const forms = [
    join(percentage, `${done}/${total}`, `${rate}/s`, left === "" ? refusals : `${left}, ${refusals}`),
    join(percentage, `${done}/${total}`, `${rate}/s`, refusals),
    join(percentage, `${done}/${total}`, refusals),
    join(percentage, refusals),
    percentage
  ]
  const numbers = forms.find((form) => form.length <= room)
  if (numbers === undefined) return ""
  const spare = room - numbers.length
  if (spare < narrowestBar + 3) return numbers
  const whole = escapeControl(label)
  const name = cutStart(whole, spare - narrowestBar - 4, "...")
  const isNamed = label !== "" && cellsOf(name) >= Math.min(cellsOf(whole), shortestLabel)
  const width = Math.min(widestBar, spare - 3 - (isNamed ? cellsOf(name) + 1 : 0))
  const filled = Math.round(fraction * width)
  return join(isNamed ? name : "", `[${"#".repeat(filled)}${" ".repeat(width - filled)}]`, numbers)
}

const columns = (): number => process.stderr.columns ?? 80

/** Shows the cursor when the process ends while a line is drawn: by an exception, or by the second signal. */
const restoreOnExit = (): void => {
  try {
    writeSync(2, clearLine + showCursor)
  } catch {
    // the terminal has gone
  }
}

const bar = (total: number, label: string): ProgressBar => {
  const started = performance.now()
  let drawnAt = -Infinity
  let isStopped = false
  const draw = (done: number, refused: number, now: number): void => {
    drawnAt = now
    const state = { label, total, done, refused, seconds: (now - started) / 1000 }
    process.stderr.write(clearLine + barLine(state, columns()))
  }
  process.on("exit", restoreOnExit)
  process.stderr.write(hideCursor)
  draw(0, 0, started)
  return {
    update: (done, refused) => {
      const now = performance.now()
      if (!isStopped && now - drawnAt >= drawInterval) draw(done, refused, now)
    },
    clear: () => {
      if (isStopped) return
      process.stderr.write(clearLine)
      drawnAt = -Infinity
    },
    stop: () => {
      if (isStopped) return
      isStopped = true
      process.off("exit", restoreOnExit)
      process.stderr.write(clearLine + showCursor)
    }
  }
}

const lines = (total: number): ProgressBar => {
  let next = total > longRun ? total / 10 : Infinity
  return {
    update: (done, refused) => {
      if (done < next || done === total) return
      while (done >= next) next += total / 10
      process.stderr.write(`${done}/${total} put, ${refused} refused\n`)
    },
    clear: () => {},
    stop: () => {}
  }
}

const nothing: ProgressBar = { update: () => {}, clear: () => {}, stop: () => {} }

/** How progress is shown. */
export interface ProgressOptions {
  readonly json?: boolean | undefined
  /** `false` with `--no-progress`. */
  readonly progress?: boolean | undefined
}

const isShown = ({ json, progress }: ProgressOptions): boolean => json !== true && progress !== false

/** The display for a run of `total` operations. */
export const progress = (total: number, label: string, options: ProgressOptions): ProgressBar =>
  !isShown(options) || total === 0 ? nothing : process.stderr.isTTY ? bar(total, label) : lines(total)

/**
 * Shows what a synchronous part does while it runs, such as `parsing cim.mof.gz ...`, on a terminal only. Returns the function that
 * removes the text.
 */
export const showStep = (text: string, options: ProgressOptions): () => void => {
  if (!isShown(options) || !process.stderr.isTTY) return () => {}
  const line = `${text} ...`
  process.stderr.write(clearLine + cutStart(escapeControl(line), columns() - spareColumns, "..."))
  return () => void process.stderr.write(clearLine)
}
