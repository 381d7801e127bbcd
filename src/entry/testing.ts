/**
 * `effect-wmi/testing`: the test kit. An emulator with faults, a call log, restore points, recordings. It names no test framework.
 *
 * @module
 */
export * as CallLog from "../testing/CallLog.ts"
export * as CallRecording from "../testing/CallRecording.ts"
export * as Fault from "../testing/Fault.ts"
export * as WmiTest from "../testing/WmiTest.ts"
