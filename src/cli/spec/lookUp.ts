/**
 * Finds what a word stands for: a status of WMI, an error of MOF text, an error of Windows, a flag word. A number may be written as event
 * logs (`80041026`), scripts (`-2147217370`) or tools (`0x80041026`, `2147749926`) print it. Pure.
 *
 * @internal
 */
import { distance } from "../../model/text/nearestName.ts"
import * as Mof from "../../mof/Mof.ts"
import * as HResult from "../../protocol/HResult.ts"
import * as PutFlags from "../../protocol/PutFlags.ts"
import { flagWord } from "./flagWord.ts"
import { aliases, comErrors, statusAdvice, win32Errors, type WindowsError } from "./windowsErrors.ts"
import { meanings } from "./mofCodes.ts"

/** What a word stands for. */
export type Meaning =
  | { readonly _tag: "Status"; readonly row: HResult.StatusRow; readonly advice: string | undefined }
  | { readonly _tag: "Mof"; readonly name: Mof.CodeName; readonly hresult: number; readonly meaning: string }
  | {
    readonly _tag: "Windows"
    readonly error: WindowsError
    readonly hresult: number
    /** The Win32 error, if the HRESULT is one. */
    readonly win32: number | undefined
  }
  | { readonly _tag: "Flags"; readonly flags: number }

/** The facility of Win32 errors in an HRESULT. */
const win32Facility = 0x80070000

const decimal = /^-?\d{1,10}$/
const prefixed = /^0x[0-9a-f]{1,8}$/i
const bare = /^(?=.*\d)[0-9a-f]{1,8}$/i
const eightDigits = /^[89a-f][0-9a-f]{7}$/i

/** Removes quotes, brackets and punctuation that were copied with a word. */
const copied = (text: string): string => text.trim().replace(/^["'`([]+|["'`)\],.;:]+$/g, "")

/** The numbers that a text may stand for, the likeliest first: eight digits that begin with 8 are hexadecimal without `0x`. */
export const numbersOf = (text: string): ReadonlyArray<number> => {
  const word = copied(text)
  if (prefixed.test(word)) return [Number(word)]
  const found: Array<number> = []
  if (eightDigits.test(word)) found.push(Number(`0x${word}`))
  if (decimal.test(word) && Number(word) >= -0x80000000 && Number(word) <= 0xffffffff) found.push(Number(word))
  if (bare.test(word) && !decimal.test(word) && !eightDigits.test(word)) found.push(Number(`0x${word}`))
  return found.map((number) => number >>> 0)
}

const statusOf = (row: HResult.StatusRow): Meaning => ({ _tag: "Status", row, advice: statusAdvice[row.status] })
const mofOf = (name: Mof.CodeName): Meaning => ({
  _tag: "Mof",
  name,
  hresult: Mof.codes[name],
  meaning: meanings[name]
})
const windowsOf = (error: WindowsError): Meaning =>
  error.number > 0xffff
    ? { _tag: "Windows", error, hresult: error.number, win32: undefined }
    : { _tag: "Windows", error, hresult: (win32Facility | error.number) >>> 0, win32: error.number }

const mofNames = Object.keys(Mof.codes) as ReadonlyArray<Mof.CodeName>

/** What a number stands for. */
const byNumber = (number: number): Meaning | undefined => {
  const status = HResult.fromNumber(number)
  if (status !== undefined) return statusOf(status)
  const mof = mofNames.find((name) => Mof.codes[name] === number)
  if (mof !== undefined) return mofOf(mof)
  const win32 = number <= 0xffff
    ? number
    : ((number & 0xffff0000) >>> 0) === win32Facility
    ? number & 0xffff
    : undefined
  const error = win32 === undefined
    ? comErrors.find((one) => one.number === number)
    : win32Errors.find((one) => one.number === win32)
  return error === undefined ? undefined : windowsOf(error)
}

/** A name without what tools put around it: the tag of an error of the library, constants of COM, of scripts and of .NET. */
const bareName = (text: string): string =>
  text.replace(/^(?:WBEM_[ES]_|WBEMMOF_E_|ManagementStatus\.|wbemErr|Wbem)/i, "").replaceAll("_", "").toLowerCase()

/** Every name with what it stands for. */
const named: ReadonlyArray<readonly [name: string, meaning: () => Meaning]> = [
  ...HResult.table.map((row) => [row.status, () => statusOf(row)] as const),
  ...mofNames.map((name) => [name, () => mofOf(name)] as const),
  ...[...win32Errors, ...comErrors].map((error) => [error.name, () => windowsOf(error)] as const),
  ...Object.entries(aliases).map(([alias, name]) =>
    [alias, () => windowsOf(win32Errors.find((error) => error.name === name)!)] as const
  )
]

/** Constants of COM that have another name than their status. */
const statusConstants: Readonly<Record<string, string>> = { WBEM_E_TIMED_OUT: "Timeout" }

/** The status of a constant such as `WBEM_E_NOT_FOUND`: `E` is a failure, `S` a success. */
const byConstant = (text: string): HResult.StatusRow | undefined => {
  const wanted = bareName(text)
  const severity = /^WBEM_([ES])_/i.exec(text)?.[1]?.toUpperCase()
  return HResult.table.find(({ com, hresult, status }) =>
    (severity === undefined || HResult.isFailure(hresult) === (severity === "E"))
    && (bareName(status) === wanted || bareName(com) === wanted)
  )
}

const byName = (text: string): Meaning | undefined => {
  const constant = HResult.fromName(statusConstants[text.toUpperCase()] ?? text) ?? byConstant(text)
  if (constant !== undefined) return statusOf(constant)
  if (/^WBEM_[ES]_/i.test(text)) return undefined
  const found = named.find(([name]) => name.toLowerCase() === text.toLowerCase())
    ?? named.find(([name]) => bareName(name) === bareName(text))
  return found?.[1]()
}

/** What a word stands for; `undefined` if it is in no table. */
export const lookUp = (text: string): Meaning | undefined => {
  const word = copied(text)
  for (const number of numbersOf(word)) {
    const found = byNumber(number)
    if (found !== undefined) return found
  }
  const found = byName(word)
  if (found !== undefined) return found
  if (numbersOf(word).length > 0) return undefined
  const flags = flagWord(word)
  return "flags" in flags && word !== "" ? { _tag: "Flags", ...flags } : undefined
}

/** The most suggestions. */
const most = 4

const nearestOf = (
  names: ReadonlyArray<readonly [shown: string, compared: string]>,
  wanted: string,
  limit: number
): ReadonlyArray<string> =>
  names.map(([shown, compared]) => [distance(wanted, compared, limit), shown] as const)
    .filter(([far]) => far <= limit)
    .sort(([a], [b]) => a - b)
    .filter(([far, shown], i, all) => far === all[0]![0] && all.findIndex((other) => other[1] === shown) === i)
    .slice(0, most).map(([, shown]) => shown)

/** The names and numbers of the tables that are closest to an unknown word. */
export const suggestions = (text: string): ReadonlyArray<string> => {
  const word = copied(text)
  if (/^(?:0x)?[0-9a-f]{6,9}$/i.test(word) && /\d/.test(word)) {
    const numbers = [
      ...HResult.table.map(({ hresult }) => hresult),
      ...mofNames.map((name) => Mof.codes[name]),
      ...win32Errors.map(({ number }) => (win32Facility | number) >>> 0),
      ...comErrors.map(({ number }) => number)
    ].map(HResult.hex)
    return nearestOf(numbers.map((one) => [one, one.slice(2)]), word.replace(/^0x/i, "").toUpperCase(), 1)
  }
  const wanted = bareName(word)
  const flags = PutFlags.table.filter(({ name }) => !name.startsWith("0x")).map(({ name }) => name)
  const names = [...named.map(([name]) => name), ...flags]
  return nearestOf(
    names.map((name) => [name, bareName(name)]),
    wanted,
    Math.min(3, Math.floor((wanted.length + 1) / 3))
  )
}

/** What an unknown number is by its parts, and which command of Windows knows more. */
export const partsOf = (number: number): { readonly is: string; readonly hint: string } => {
  const code = number & 0xffff
  if (number === code || ((number & 0xffff0000) >>> 0) === win32Facility) {
    return { is: `the Win32 error ${code}`, hint: `on Windows, 'net helpmsg ${code}' prints its text` }
  }
  const severity = HResult.isFailure(number) ? "failure" : "success"
  return {
    is: `a ${severity} of facility ${(number >>> 16) & 0x1fff} with the code ${code}`,
    hint: `on Windows, 'certutil -error ${HResult.hex(number)}' prints its text; a put passes it through as it is`
  }
}
