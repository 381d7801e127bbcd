/**
 * `effect-wmi/conformance`: runs cases in JSON over a repository, and checks a Windows computer with them.
 *
 * @module
 */
export { type CaseRepository, emulated, memory } from "../conformance/caseRepository.ts"
export { type Result, runCase } from "../conformance/cases.ts"
export { type Json } from "../conformance/vocabulary.ts"
export { CaseFileError, casesOf } from "../conformance/windows/hostCases.ts"
export { check, type CheckOptions, type CheckResult } from "../conformance/windows/hostCheck.ts"
