/** Values: such as a type takes, from a small stock so that they meet; and such as it does not. */
import type { TypeRef } from "../../src/model/CimType.ts"
import * as Instance from "../../src/model/Instance.ts"
import type { CimValue } from "../../src/model/WbemObject.ts"
import { alike } from "./generatorOfNames.ts"
import { propertiesOf } from "./lineage.ts"
import type { Random } from "./random.ts"
import { classNamed, type Space } from "./world.ts"

const stock: Readonly<Record<string, ReadonlyArray<CimValue>>> = {
  string: ["a", "A", "b", "", "a b", 'say "hi"\\', "a", "A", "b", ...alike],
  uint64: [1, "2", 3n, 18446744073709551615n],
  sint64: [1, "-2", 3n],
  real32: [0.1, 1, 1e10],
  real64: [0.1, 1, 1e300],
  boolean: [true, false],
  datetime: [
    "20240101000000.000000+000",
    "00000001000000.000000:000",
    "****0401******.000000+***",
    "00000000115900.000000+***",
    "20240001000000.000000+000"
  ],
  reference: [
    "Aa.Id=1",
    "aa.id=1",
    'Bb.Id="a"',
    "anything",
    'Bb.Id="\u017f"',
    'bb.id="S"',
    'Bb.Id="\u212a"',
    'Bb.Id="k"'
  ]
}

const scalar = (random: Random, space: Space | undefined, ref: TypeRef, depth: number): CimValue => {
  if (ref.type !== "object") return random.pick(stock[ref.type] ?? [1, 2, 3])
  const named = ref.className === undefined ? random.pick(space?.classes ?? [])?.name : ref.className
  const c = space === undefined || named === undefined ? undefined : classNamed(space, named)
  if (c === undefined || depth > 2) return null
  const values = propertiesOf(space!, c)
    .filter(() => random.chance(0.4))
    .map((p) => [p.name, suited(random, space, p, depth + 1)] as const)
  return Instance.make(c.name, Object.fromEntries(values))
}

/** A value that the type accepts; NULL where there is no such value. */
export const suited = (random: Random, space: Space | undefined, ref: TypeRef, depth = 0): CimValue => {
  if (!ref.isArray) return scalar(random, space, ref, depth)
  const list = Array.from({ length: random.below(3) }, () => scalar(random, space, ref, depth))
  return list.filter((one) => one !== null) as CimValue
}

const nested = (depth: number): CimValue => depth === 0 ? 1 : Instance.make("Aa", { Note: nested(depth - 1) })

/** Few types take any of these. */
export const wrongValues: ReadonlyArray<CimValue> = [
  -1,
  256,
  65536,
  4294967296,
  2 ** 60,
  0.5,
  NaN,
  1e39,
  -1n,
  2n ** 64n,
  "1e3",
  "01",
  "x\u0001",
  "x\u0000",
  true,
  "a",
  ["a", "b"],
  [1, null] as never,
  [],
  "20241301000000.000000+000",
  "20240132000000.000000+000",
  "2024*101000000.000000+000",
  "****0401******.000***+***",
  Instance.make("Aa", {}),
  Instance.make("Nowhere", {}),
  Instance.make("Aa", { Nope: 1 }),
  Instance.make("Bb", { Id: "wrong", ID: 1 }),
  nested(3)
]
