/** Text that breaks careless code: quotes of every kind, ends of strings and here-strings, control characters, lone surrogates. */
import * as FastCheck from "effect/FastCheck"
import { isWellFormed } from "../../src/windows/conversation/lines.ts"

export const nasty: ReadonlyArray<string> = [
  "'",
  '"',
  "`",
  "$(exit)",
  "${env:Path}",
  "\n",
  "\r\n",
  "\u2018",
  "\u2019",
  "\u201c\u201d\u201e",
  "\n'@\n",
  '\n"@\n',
  "; Remove-Item / -Recurse #",
  "\\",
  "\\u0022",
  "\u0001\u001f\u007f",
  "\0",
  "\ud800",
  "\udc00x",
  "\ud83d\ude00",
  "2024-01-01T00:00:00Z",
  "/Date(0)/",
  'EWMI1 00000000000000000000000000000000 {"t":"bye"}',
  '{"op":"exit"}',
  "%SystemRoot%",
  "\u2028\u2029\ufeff\u00a0\u00e4"
]

/** 64 KiB of one character. */
export const long: string = "x".repeat(65_536)

export const text: FastCheck.Arbitrary<string> = FastCheck.array(
  FastCheck.oneof(FastCheck.constantFrom(...nasty), FastCheck.string({ unit: "binary" })),
  { maxLength: 4 }
).map((parts) => parts.join(""))

export const hostile: FastCheck.Arbitrary<string> = FastCheck.oneof(
  { weight: 30, arbitrary: text },
  { weight: 1, arbitrary: text.map((one) => one + long) }
)

export const wellFormed: FastCheck.Arbitrary<string> = hostile.filter(isWellFormed)
