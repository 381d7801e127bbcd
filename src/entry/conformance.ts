/**
 * `effect-wmi/conformance`: runs cases written as JSON over a repository, and checks a real computer with them.
 *
 * @module
 */
export { type CaseRepository, emulated, memory } from "../conformance/caseRepository.ts"
export { runCase, type Result } from "../conformance/cases.ts"
export { type Json } from "../conformance/vocabulary.ts"
export { CaseFileError, casesOf } from "../conformance/windows/hostCases.ts"
export { check, type CheckOptions, type CheckResult } from "../conformance/windows/hostCheck.ts"
