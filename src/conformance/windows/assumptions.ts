/**
 * The assumptions of the PowerShell host about Windows that only a real computer can confirm, each with a program that verifies it.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as CimType from "../../model/CimType.ts"
import { equals } from "../../model/CimValue.ts"
import * as ClassDefinition from "../../model/ClassDefinition.ts"
import * as Instance from "../../model/Instance.ts"
import * as Method from "../../model/Method.ts"
import * as Property from "../../model/Property.ts"
import type { CimValue } from "../../model/WbemObject.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import * as Wmi from "../../Wmi.ts"
import { checkClassName, type CheckContext, type CheckEffect, getInstance, putObject } from "./checkContext.ts"

/** The result of one assumption. `holds` is undefined if it could not be verified on this computer. */
export interface Finding {
  readonly holds: boolean | undefined
  readonly detail: string
}

/** An assumption, as a sentence and as a program. */
export interface Assumption {
  readonly id: string
  readonly says: string
  readonly verify: (context: CheckContext) => CheckEffect<Finding>
}

const confirmed = (detail: string): Finding => ({ holds: true, detail })
const refuted = (detail: string): Finding => ({ holds: false, detail })
const notChecked = (detail: string): Finding => ({ holds: undefined, detail })

const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => typeof v === "bigint" ? String(v) : v) ?? "nothing"

/** Confirms if every actual value equals its expected value; otherwise refutes with the first difference. */
const compareAll = (
  checks: ReadonlyArray<readonly [what: string, actual: unknown, expected: unknown]>,
  detail: string
): Finding => {
  const wrong = checks.find(([, actual, expected]) => jsonText(actual) !== jsonText(expected))
  return wrong === undefined
    ? confirmed(detail)
    : refuted(`${wrong[0]}: ${jsonText(wrong[1])} where ${jsonText(wrong[2])} was expected`)
}

/** The status of a failed call; `stored` for a call that succeeded. */
const statusOf = <A>(effect: CheckEffect<A>): CheckEffect<string> =>
  Effect.map(Effect.either(effect), (answer) => Either.isLeft(answer) ? answer.left.status : "stored")

const samples: Readonly<Record<CimType.CimType, readonly [CimValue, CimValue] | undefined>> = {
  sint8: [-128, 127],
  uint8: [0, 255],
  sint16: [-32768, 32767],
  uint16: [0, 65535],
  sint32: [-2147483648, 2147483647],
  uint32: [0, 4294967295],
  sint64: [-9223372036854775808n, 9223372036854775807n],
  uint64: [0n, 18446744073709551615n],
  real32: [-1.5, 0.25],
  real64: [0.1, -1e300],
  boolean: [true, false],
  string: ["", "\u2019\ud83d\ude00\"\n'"],
  datetime: ["20240229235959.000001-060", "00000001020304.000005:000"],
  reference: undefined, // its value must be the path of an existing object
  char16: [65, 65535],
  object: undefined
}

const methods = {
  Go: Method.make("uint32", [{ name: "How", type: "string" }, { name: "Back", type: "boolean", direction: "out" }])
}

const withMethod = (
  context: CheckContext,
  suffix: string,
  more: Readonly<Record<string, Property.PropertySpec>> = {}
) => ClassDefinition.make(checkClassName(context, suffix), { Id: Property.key("string"), ...more }, { methods })

const arrays: Assumption["verify"] = (context) =>
  Effect.gen(function* () {
    const types = CimType.table.filter(({ name }) => samples[name] !== undefined)
    const className = checkClassName(context, "Arrays")
    yield* putObject(
      context,
      ClassDefinition.make(className, {
        Id: Property.key("string"),
        ...Object.fromEntries(types.map(({ name }) => [`P_${name}X`, Property.make(`${name}[]`)]))
      })
    )
    const lengths = [2, 1, 0]
    const checks: Array<readonly [string, unknown, unknown]> = []
    for (const length of lengths) {
      // A slice of an array of one type is an array of that type; the compiler loses this in the union of types.
      const values = Object.fromEntries(
        types.map(({ name }) => [`P_${name}X`, samples[name]!.slice(0, length) as unknown as CimValue])
      )
      yield* putObject(context, Instance.make(className, { Id: `${length}`, ...values }))
      const stored = yield* getInstance(context, className, `${length}`)
      for (const [name, value] of Object.entries(values)) {
        const actual = stored.values[name]
        checks.push([`${length} of ${name}`, actual !== undefined && equals(actual, value) ? value : actual, value])
      }
    }
    return compareAll(checks, `${types.length} types, lists of two, one and none`)
  })

const lastError = (context: CheckContext): CheckEffect<WbemError | undefined> =>
  Effect.match(getInstance(context, checkClassName(context, "Disk"), "there is none"), {
    onFailure: (error): WbemError | undefined => error,
    onSuccess: () => undefined
  })

/** The assumptions in the order of the contract between library and host. */
export const assumptions: ReadonlyArray<Assumption> = [
  {
    id: "V1",
    says: "a uint32 above 2^31-1 goes in and out as the negative 32-bit number",
    verify: (context) =>
      Effect.gen(function* () {
        const className = checkClassName(context, "Disk")
        const numbers = [0, 2147483647, 2147483648, 4294967295]
        const stored: Array<readonly [string, unknown, unknown]> = []
        for (const n of numbers) {
          yield* putObject(context, Instance.make(className, { Id: `n${n}`, N: n }))
          stored.push([`N of ${n}`, (yield* getInstance(context, className, `n${n}`)).values["N"], n])
        }
        return compareAll(stored, numbers.join(", "))
      })
  },
  { id: "V2", says: "lists of every type are taken as lists of objects", verify: arrays },
  {
    id: "V3",
    says: "a class with methods can be put in force mode",
    verify: (context) =>
      Effect.gen(function* () {
        yield* putObject(context, withMethod(context, "Force"))
        const answer = yield* statusOf(
          putObject(context, withMethod(context, "Force", { More: Property.make("uint8") }), { update: "Force" })
        )
        return answer === "stored" ? confirmed("put with 0x40") : refuted(answer)
      })
  },
  {
    id: "V4",
    says: "Put is visible on the services object",
    verify: (context) =>
      Effect.sync(() => {
        const reported = context.recording.flatMap(({ f }) => {
          const result = f["result"] as { readonly hasPut?: unknown } | undefined
          return typeof result?.hasPut === "boolean" ? [result.hasPut] : []
        })
        return reported.length === 0
          ? notChecked("no connection was heard")
          : compareAll([["hasPut", reported[0], true]], "hasPut")
      })
  },
  {
    id: "V5",
    says: "methods are made of copies of __PARAMETERS",
    verify: (context) =>
      Effect.gen(function* () {
        const given = withMethod(context, "Method")
        const answer = yield* statusOf(putObject(context, given))
        if (answer !== "stored") return refuted(answer)
        const stored = yield* Wmi.get(given.name, { namespace: context.namespace })
        const brief = (definition: ClassDefinition.ClassDefinition): unknown =>
          definition.methods.map((method) => [
            method.name,
            method.returns,
            method.parameters.map(({ direction, id, name, type }) => [name, type, direction, id])
          ])
        return compareAll(
          [["methods", stored._tag === "Class" && brief(stored), brief(given)]],
          "one method with in, out and return value"
        )
      })
  },
  {
    id: "V6",
    says: "SWbemLastError is filled after a call that fails",
    verify: (context) =>
      Effect.gen(function* () {
        const existing = Instance.make(checkClassName(context, "Disk"), { Id: "twice", N: 1 })
        yield* putObject(context, existing)
        const failed = [
          yield* lastError(context),
          yield* Effect.match(putObject(context, existing, { mode: "CreateOnly" }), {
            onFailure: (error): WbemError | undefined => error,
            onSuccess: () => undefined
          })
        ]
        const propertyNames = failed.flatMap((error) => Object.keys(error?.extended?.values ?? {}))
        return propertyNames.length === 0
          ? refuted("it was empty after a get and a put that failed")
          : confirmed([...new Set(propertyNames)].sort().join(", "))
      })
  },
  {
    id: "V7",
    says: "create-only meets what is there, update-only what is not, force mode deletes instances",
    verify: (context) =>
      Effect.gen(function* () {
        const className = checkClassName(context, "Disk")
        const existing = Instance.make(className, { Id: "there", N: 1 })
        yield* putObject(context, existing)
        const createOnly = yield* statusOf(putObject(context, existing, { mode: "CreateOnly" }))
        const updateOnly = yield* statusOf(
          putObject(context, Instance.make(className, { Id: "nowhere", N: 1 }), { mode: "UpdateOnly" })
        )
        const forced = checkClassName(context, "Forced")
        yield* putObject(context, ClassDefinition.make(forced, { Id: Property.key("string") }))
        yield* putObject(context, Instance.make(forced, { Id: "gone" }))
        const other = ClassDefinition.make(forced, { Id: Property.key("string"), Two: Property.key("uint32") })
        const compatible = yield* statusOf(putObject(context, other))
        const force = yield* statusOf(putObject(context, other, { update: "Force" }))
        const after = yield* statusOf(getInstance(context, forced, "gone"))
        return compareAll([
          ["create-only", createOnly, "AlreadyExists"],
          ["update-only", updateOnly, "NotFound"],
          ["another key beside an instance", compatible, "ClassHasInstances"],
          ["the same with force", force, "stored"],
          ["the instance then", after === "stored", false]
        ], "the flag matrix")
      })
  },
  {
    id: "V8",
    says: "the context reaches the provider",
    verify: () =>
      Effect.succeed(notChecked("it takes a provider that tells what it got: look with the registry provider"))
  },
  {
    id: "V9",
    says: "a host that is killed in the middle of a put leaves the old object or the new one",
    verify: (context) =>
      Effect.gen(function* () {
        const className = checkClassName(context, "Disk")
        yield* putObject(context, Instance.make(className, { Id: "cut", N: 1 }))
        context.killOnNextStart()
        const ending = yield* statusOf(putObject(context, Instance.make(className, { Id: "cut", N: 2 })))
        const storedNumber = (yield* getInstance(context, className, "cut")).values["N"]
        return storedNumber === 1 || storedNumber === 2
          ? confirmed(`the put ended with ${ending}, the ${storedNumber === 1 ? "old" : "new"} one is there`)
          : refuted(`N is ${jsonText(storedNumber)}`)
      })
  },
  {
    id: "V10",
    says: "through the prefix every character arrives",
    verify: (context) =>
      !context.isRemote ? Effect.succeed(notChecked("there is no prefix")) : Effect.gen(function* () {
        const className = checkClassName(context, "Disk")
        const text = Array.from({ length: 0x24f }, (_, i) => String.fromCharCode(i + 1)).join("")
          + "\u2018\u2019\u201c\u2028\ufeff\ud83d\ude00 $(x) %PATH% `n '@"
        yield* putObject(context, Instance.make(className, { Id: "text", Text: text }))
        const stored = (yield* getInstance(context, className, "text")).values["Text"]
        return compareAll(
          [["the text", stored, text]],
          `${text.length} characters; whether the far process ends with ours is seen there`
        )
      })
  },
  {
    id: "V11",
    says: "Windows PowerShell 5.1 reads and ranks as PowerShell 7 does",
    verify: (context) =>
      Effect.gen(function* () {
        const host = context.host()
        if (host === undefined || host.edition !== "Desktop") {
          return notChecked(`the host is ${host === undefined ? "not known" : `${host.edition} ${host.version}`}`)
        }
        const list = yield* arrays(context)
        if (list.holds !== true) return list
        const error = yield* lastError(context)
        return compareAll(
          [["a missing object", error?.status, "NotFound"]],
          `${host.edition} ${host.version}: lists and errors`
        )
      })
  }
]

/** Puts the class that most assumptions use. */
export const fixtures = (context: CheckContext): CheckEffect<void> =>
  Effect.asVoid(putObject(
    context,
    ClassDefinition.make(checkClassName(context, "Disk"), {
      Id: Property.key("string"),
      N: Property.make("uint32"),
      Text: Property.make("string")
    })
  ))
