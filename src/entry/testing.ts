/**
 * `effect-wmi/testing`: the test kit. An emulator with faults, a call log, restore points, recordings. It names no test framework.
 *
 * @module
 */
/** The log of a test kit: each call with its request and its answer, and the assertions on it. */
export * as CallLog from "../testing/CallLog.ts"
/** Writes the calls of a log as text, and replays such text in place of a repository. */
export * as CallRecording from "../testing/CallRecording.ts"
/** Rules that make calls fail, wait, or lose their answer. */
export * as Fault from "../testing/Fault.ts"
/** The test kit: an emulator with faults, a call log and restore points. */
export * as WmiTest from "../testing/WmiTest.ts"
