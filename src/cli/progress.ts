/**
 * How far a run is: a bar on a terminal, a plain line now and then in a pipe, nothing under `--json`.
 *
 * @internal
 */
import { Presets, SingleBar } from "cli-progress"

export interface Progress {
  readonly update: (done: number, refused: number) => void
  readonly stop: () => void
}

/** A pipe gets a line for each tenth of a run that is longer than this. */
const longRun = 5000

const bar = (total: number): Progress => {
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

const lines = (total: number): Progress => {
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

const nothing: Progress = { update: () => {}, stop: () => {} }

export const progress = (total: number, json: boolean): Progress =>
  json || total === 0 ? nothing : process.stderr.isTTY ? bar(total) : lines(total)
