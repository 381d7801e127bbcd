/**
 * Puts whose answer the documentation gives, for `effect-wmi host-check`: asked of the computer and of the emulator, in order.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as ClassDefinition from "../model/ClassDefinition.ts"
import * as Instance from "../model/Instance.ts"
import * as Property from "../model/Property.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import type * as PutRequest from "../protocol/PutRequest.ts"
import { type Checked, type Ground, named, put } from "./checkGround.ts"

/** A put and what becomes of it: `stored`, or the status it is refused with. */
export interface Case {
  /** The rule that says so. */
  readonly rule: string
  readonly says: string
  readonly object: (ground: Ground) => WbemObject
  readonly options?: PutRequest.Options
  readonly expected: string
}

const base = (ground: Ground, more: Readonly<Record<string, Property.PropertySpec>> = {}): WbemObject =>
  ClassDefinition.make(named(ground, "Case"), {
    Id: Property.key("string"),
    N: Property.make("uint8"),
    Port: Property.make("uint16", { value: 80, qualifiers: { not_null: true } }),
    ...more
  })

const below = (ground: Ground): WbemObject =>
  ClassDefinition.make(named(ground, "Below"), { Note: Property.make("string") }, { superclass: named(ground, "Case") })

const one = (values: Readonly<Record<string, Instance.Input>>, suffix = "Case") => (ground: Ground): WbemObject =>
  Instance.make(named(ground, suffix), values)

/** They build on one another. */
export const cases: ReadonlyArray<Case> = [
  { rule: "class-update 7", says: "a new class", object: base, expected: "stored" },
  { rule: "class-update U-0", says: "the same again", object: base, expected: "stored" },
  {
    rule: "class-update 2.9",
    says: "create-only where it is",
    object: base,
    options: { mode: "CreateOnly" },
    expected: "AlreadyExists"
  },
  {
    rule: "class-update 2.10",
    says: "update-only where it is not",
    object: below,
    options: { mode: "UpdateOnly" },
    expected: "NotFound"
  },
  {
    rule: "class-update 2.12",
    says: "a class below one that is not there",
    object: (ground) => ClassDefinition.make(named(ground, "Below"), {}, { superclass: named(ground, "Nobody") }),
    expected: "NotFound"
  },
  { rule: "instance-put 1.15", says: "a new instance", object: one({ Id: "a", N: 1 }), expected: "stored" },
  {
    rule: "instance-put 1.13",
    says: "create-only where it is",
    object: one({ Id: "a", N: 2 }),
    options: { mode: "CreateOnly" },
    expected: "AlreadyExists"
  },
  {
    rule: "instance-put 1.15",
    says: "update-only where it is",
    object: one({ Id: "a", N: 3 }),
    options: { mode: "UpdateOnly" },
    expected: "stored"
  },
  {
    rule: "instance-put 1.14",
    says: "update-only where it is not",
    object: one({ Id: "b" }),
    options: { mode: "UpdateOnly" },
    expected: "NotFound"
  },
  {
    rule: "instance-put 1.2",
    says: "an instance of no class",
    object: one({ Id: "a" }, "Nobody"),
    expected: "InvalidClass"
  },
  {
    rule: "instance-put 1.6",
    says: "a property of nobody",
    object: one({ Id: "c", Q: 1 }),
    expected: "InvalidProperty"
  },
  { rule: "instance-put 1.7", says: "text for a number", object: one({ Id: "c", N: "x" }), expected: "TypeMismatch" },
  {
    rule: "instance-put 1.7",
    says: "a number too large",
    object: one({ Id: "c", N: 256 }),
    expected: "ValueOutOfRange"
  },
  {
    rule: "instance-put 1.12",
    says: "NULL where it may not be",
    object: one({ Id: "c", Port: null }),
    expected: "IllegalNull"
  },
  {
    rule: "class-update U-2",
    says: "another key while there are instances",
    object: (ground) => base(ground, { Two: Property.key("string") }),
    expected: "ClassHasInstances"
  },
  { rule: "class-update 7", says: "a class below it", object: below, expected: "stored" },
  {
    rule: "instance-put 1.15",
    says: "an instance of the class below",
    object: one({ Id: "d", Note: "x" }, "Below"),
    expected: "stored"
  }
]

/** A case and what was seen of it. */
export interface Outcome {
  readonly one: Case
  readonly found: string
}

/** Asks every case. */
export const outcomes = (ground: Ground): Checked<ReadonlyArray<Outcome>> =>
  Effect.forEach(cases, (one) =>
    Effect.map(Effect.either(put(ground, one.object(ground), one.options)), (answer) => ({
      one,
      found: Either.isRight(answer) ? "stored" : answer.left.status
    })))

/** How many were answered as documented. */
export const score = (all: ReadonlyArray<Outcome>): number =>
  all.filter(({ found, one }) => found === one.expected).length
