/**
 * Arbitraries of objects and requests, for the annotations of `WmiSchema`. They make what the rules accept and what JSON keeps: names that
 * users may give, values that fit their types, 64-bit integers as decimal text, and no embedded classes.
 *
 * @internal
 */
import type { LazyArbitrary } from "effect/Arbitrary"
import type * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import * as CimDateTime from "../model/CimDateTime.ts"
import * as Class from "../model/ClassDefinition.ts"
import * as InstanceModel from "../model/Instance.ts"
import * as MethodModel from "../model/Method.ts"
import * as PropertyModel from "../model/Property.ts"
import * as QualifierModel from "../model/Qualifier.ts"
import type { CimValue, ClassDefinition, Instance, MethodDefinition, WbemObject } from "../model/WbemObject.ts"
import * as PutFlags from "../protocol/PutFlags.ts"
import * as Request from "../protocol/PutRequest.ts"

type Of<A> = LazyArbitrary<A>

/** The instants of timestamps: the years 0 to 9999. */
export const date: Of<Date> = (fc) =>
  fc.date({
    min: new Date("0000-01-01T00:00:00.000Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true
  })

const userName: Of<string> = (fc) => fc.stringMatching(/^[A-Za-z](?:[A-Za-z0-9_]{0,8}[A-Za-z0-9])?$/)

const className: Of<string> = (fc) => fc.tuple(userName(fc), userName(fc)).map(([schema, name]) => `${schema}_${name}`)

const timestamp: Of<string> = (fc) => date(fc).map((instant) => Option.getOrThrow(CimDateTime.fromDate(instant)))

/** A value of each scalar type. */
const scalars: Readonly<Record<string, Of<CimValue>>> = {
  boolean: (fc) => fc.boolean(),
  uint8: (fc) => fc.nat(0xff),
  sint16: (fc) => fc.integer({ min: -0x8000, max: 0x7fff }),
  uint32: (fc) => fc.nat(0x7fffffff),
  sint32: (fc) => fc.integer(),
  uint64: (fc) => fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  sint64: (fc) => fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  real64: (fc) => fc.integer().map((n) => n / 8),
  string: (fc) => fc.string(),
  datetime: timestamp
}

/** The name of a type, and a value that fits it. */
const typed: Of<readonly [type: string, value: CimValue]> = (fc) =>
  fc.constantFrom(...Object.keys(scalars)).chain((type) => {
    const scalar = scalars[type]!(fc)
    return fc.oneof(
      scalar.map((value) => [type, value] as const),
      fc.array(scalar, { maxLength: 3 }).map((values) => [`${type}[]`, values as CimValue] as const)
    )
  })

/** Members whose names differ without case. */
const named = <A>(fc: Parameters<Of<A>>[0], member: FastCheck.Arbitrary<A>): FastCheck.Arbitrary<Array<[string, A]>> =>
  fc.uniqueArray(fc.tuple(userName(fc), member), { maxLength: 4, selector: ([name]) => name.toLowerCase() })

const flat: Of<Instance> = (fc) =>
  fc.tuple(className(fc), named(fc, typed(fc)))
    .map(([name, members]) =>
      InstanceModel.make(name, Object.fromEntries(members.map(([member, [, value]]) => [member, value])))
    )

export const instance: Of<Instance> = (fc) =>
  fc.tuple(className(fc), named(fc, fc.oneof(typed(fc).map(([, value]) => value), flat(fc), fc.constant(null))))
    .map(([name, members]) => InstanceModel.make(name, Object.fromEntries(members)))

const described: Of<ReadonlyArray<QualifierModel.Qualifier>> = (fc) =>
  fc.array(fc.string().map((text) => QualifierModel.make("Description", text)), { maxLength: 1 })

const method: Of<MethodDefinition> = (fc) =>
  fc.tuple(userName(fc), fc.constantFrom("uint32", "string"), named(fc, typed(fc))).map(([name, returns, parameters]) =>
    MethodModel.named(name, MethodModel.make(returns, parameters.map(([name, [type]]) => ({ name, type }))))
  )

export const classDefinition: Of<ClassDefinition> = (fc) =>
  fc.tuple(
    className(fc),
    fc.constantFrom("string", "uint32", "sint64"),
    named(fc, fc.tuple(typed(fc), fc.boolean(), described(fc))),
    fc.array(method(fc), { maxLength: 1 }),
    described(fc)
  ).map(([name, keyType, members, methods, qualifiers]) => {
    const properties = members.filter(([member]) => member.toLowerCase() !== "id").map(
      ([member, [[type, value], hasDefault, own]]) =>
        PropertyModel.named(member, PropertyModel.make(type, { qualifiers: own, ...(hasDefault ? { value } : {}) }))
    )
    return Class.make(name, [PropertyModel.named("Id", PropertyModel.key(keyType)), ...properties], {
      methods,
      qualifiers
    })
  })

export const request: Of<Request.PutRequest> = (fc) => {
  const modes = [PutFlags.CreateOrUpdate, PutFlags.UpdateOnly, PutFlags.CreateOnly]
  const namespace = fc.constantFrom(undefined, "root\\cimv2", "root\\default")
  const instances = fc.record({ object: instance(fc), flags: fc.constantFrom(...modes), namespace })
  const classes = fc.record({
    object: classDefinition(fc),
    flags: fc.constantFrom(...modes, PutFlags.UpdateSafe, PutFlags.UpdateForce),
    namespace
  })
  return fc.oneof<Array<FastCheck.Arbitrary<Request.Options & { readonly object: WbemObject }>>>(classes, instances)
    .map(({ object, ...options }) => Request.make(object, options))
}
