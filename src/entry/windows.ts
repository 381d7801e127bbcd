/**
 * `effect-wmi/windows`: a real Windows computer behind PowerShell, and recordings of its traffic.
 *
 * @module
 */
export * as HostRecording from "../windows/HostRecording.ts"
export * as PowerShellRepository from "../windows/PowerShellRepository.ts"
