/**
 * `effect-wmi/conformance`: runs cases in JSON over a repository, and checks a Windows computer with them.
 *
 * @module
 */
export { type CaseRepository, emulated, memory, type RepositoryProbe } from "../conformance/caseRepository.ts"
export { type Result, runCase } from "../conformance/cases.ts"
export { type Entries, type Setup } from "../conformance/given.ts"
export { type Provider } from "../conformance/providers.ts"
export { type CaseError, type Json, type JsonObject } from "../conformance/vocabulary.ts"
export { CaseFileError, casesOf } from "../conformance/windows/hostCases.ts"
export { check, type CheckOptions, type CheckResult } from "../conformance/windows/hostCheck.ts"
