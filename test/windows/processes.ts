/** Whether a process still runs. */
import { existsSync, readFileSync } from "node:fs"

/** Whether a process has ended but was not reaped yet: on Linux it still has its number, with the state Z. */
const isZombie = (pid: number): boolean => {
  const file = `/proc/${pid}/stat`
  return existsSync(file) && /\) Z /.test(readFileSync(file, "utf8"))
}

export const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch {
    return false
  }
}
