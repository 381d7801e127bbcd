/**
 * The progress of a run on standard error: a bar on a terminal, a line for each tenth in a pipe, nothing with `--json`.
 *
 * @internal
 */
import { Presets, SingleBar } from "cli-progress"

/** A display of progress. */
export interface ProgressBar {
  readonly update: (done: number, refused: number) => void
  readonly stop: () => void
}

/** In a pipe, runs of more operations than this print a line for each tenth. */
const longRun = 5000

const bar = (total: number): ProgressBar => {
  const started = Date.now()
  const single = new SingleBar({
    format: "{bar} {percentage}% | {value}/{total} | {rate}/s | {refused} refused",
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true
  }, Presets.shades_classic)
  single.start(total, 0, { rate: 0, refused: 0 })
  return {
    update: (done, refused) => {
      const seconds = Math.max((Date.now() - started) / 1000, 0.001)
      single.update(done, { rate: Math.round(done / seconds), refused })
    },
    stop: () => single.stop()
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
    stop: () => {}
  }
}

const nothing: ProgressBar = { update: () => {}, stop: () => {} }

/** The display for a run of `total` operations. */
export const progress = (total: number, json: boolean): ProgressBar =>
  json || total === 0 ? nothing : process.stderr.isTTY ? bar(total) : lines(total)
