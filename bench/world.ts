/** The object of the benches: six properties, as in the goals: uint32 key, strings of 16 and 32, uint64, boolean, datetime. */
import * as ClassDefinition from "../src/model/ClassDefinition.ts"
import * as Instance from "../src/model/Instance.ts"
import * as Property from "../src/model/Property.ts"
import * as PutRequest from "../src/protocol/PutRequest.ts"

export const Thing: ClassDefinition.ClassDefinition = ClassDefinition.make("Demo_Thing", {
  Id: Property.key("uint32"),
  Short: Property.make("string"),
  Long: Property.make("string"),
  Size: Property.make("uint64"),
  Enabled: Property.make("boolean"),
  Changed: Property.make("datetime")
})

const digits = (n: number, width: number): string => String(n).padStart(width, "0")

/** A flat string, as a parser or a driver makes it; the string of a template literal may refer to its parts. */
const flat = (...parts: ReadonlyArray<string>): string => parts.join("")

export const thing = (id: number): Instance.Instance =>
  Instance.make("Demo_Thing", {
    Id: id,
    Short: flat("s", digits(id, 15)),
    Long: flat("l", digits(id, 31)),
    Size: BigInt(id) * 1_000_003n,
    Enabled: id % 2 === 0,
    Changed: flat("20240229", digits(id % 24, 2), digits(id % 60, 2), "00.", digits(id % 1_000_000, 6), "+000")
  })

export const things = (count: number): ReadonlyArray<Instance.Instance> =>
  Array.from({ length: count }, (_, i) => thing(i))

export const requests = (count: number): ReadonlyArray<PutRequest.PutRequest> =>
  things(count).map((instance) => PutRequest.make(instance))

/** Puts that say that their instances are new. */
export const creations = (count: number): ReadonlyArray<PutRequest.PutRequest> =>
  things(count).map((instance) => PutRequest.make(instance, { mode: "CreateOnly" }))

/** Puts that change an instance that is there. */
export const changes = (count: number): ReadonlyArray<PutRequest.PutRequest> =>
  things(count).map((instance) =>
    PutRequest.make(Instance.make("Demo_Thing", { ...instance.values, Short: flat("t", digits(count, 15)) }))
  )

/** A class with the same properties as `Thing`. */
export const Twin: ClassDefinition.ClassDefinition = ClassDefinition.make("Demo_Twin", Thing.properties)

/** Puts of two classes in turn. */
export const mixed = (count: number): ReadonlyArray<PutRequest.PutRequest> =>
  things(count).map((instance, i) =>
    PutRequest.make(i % 2 === 0 ? instance : Instance.make("Demo_Twin", instance.values), { mode: "CreateOnly" })
  )

/** Puts that the rules refuse: a property is text where the class has a number. */
export const refused = (count: number): ReadonlyArray<PutRequest.PutRequest> =>
  things(count).map((instance) => PutRequest.make(Instance.make("Demo_Thing", { ...instance.values, Size: "many" })))
