/** Helpers for tests of ported scripts: a locator that is closed afterwards, and a call that is expected to fail. */
import { assert } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import { SWbemError } from "../../src/scripting/objects/SWbemError.ts"
import { SWbemLocator } from "../../src/scripting/connection/SWbemLocator.ts"
import type { SWbemObjectPath } from "../../src/scripting/objects/SWbemObjectPath.ts"
import { SWbemSink } from "../../src/scripting/connection/SWbemSink.ts"
import * as HResult from "../../src/protocol/HResult.ts"
import * as Wmi from "../../src/Wmi.ts"

/** Runs a script against an emulator in memory that starts from a snapshot. */
export const script =
  (body: (wmi: SWbemLocator) => Promise<void>, snapshot: Snapshot.Snapshot = Snapshot.empty()) =>
  async (): Promise<void> => {
    const wmi = new SWbemLocator(Wmi.layerMemoryFrom(snapshot))
    try {
      await body(wmi)
    } finally {
      await wmi.close()
    }
  }

/** Runs one line as under `On Error Resume Next` and returns the error, which must have this status. */
export const err = async (status: HResult.Status, line: () => unknown): Promise<SWbemError> => {
  let thrown: unknown
  try {
    await line()
  } catch (error) {
    thrown = error
  }
  assert.instanceOf(thrown, SWbemError, `no ${status} was raised`)
  const number = (thrown as SWbemError).number
  assert.strictEqual(HResult.fromNumber(number)?.status, status, (thrown as SWbemError).description)
  return thrown as SWbemError
}

/** A sink that records its events; `done` settles after the given number of OnCompleted events. */
export const sinkOf = (calls: number = 1): {
  readonly sink: SWbemSink
  readonly told: Array<string>
  readonly paths: Array<SWbemObjectPath>
  readonly done: Promise<void>
} => {
  const told: Array<string> = []
  const paths: Array<SWbemObjectPath> = []
  let left = calls
  let settle = (): void => undefined
  const done = new Promise<void>((resolve) => {
    settle = resolve
  })
  const sink = new SWbemSink({
    onObjectPut: (path) => {
      paths.push(path)
      told.push(`put ${path.path}`)
    },
    onObjectReady: () => told.push("ready"),
    onCompleted: (hresult, error) => {
      told.push(`completed ${HResult.fromNumber(hresult)?.status} ${error?.Operation ?? "-"}`)
      if (--left === 0) settle()
    }
  })
  return { sink, told, paths, done }
}
