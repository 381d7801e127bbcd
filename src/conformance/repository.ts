/** The repository after a case against `then.repository`. */
import * as ResolvedClass from "../engine/classes/ResolvedClass.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { SWbemObject } from "../scripting/objects/SWbemObject.ts"
import type { SWbemQualifier, SWbemQualifierSet } from "../scripting/objects/SWbemQualifierSet.ts"
import * as CimName from "../model/CimName.ts"
import * as CimType from "../model/CimType.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { Instance } from "../model/WbemObject.ts"
import { equalData, caseValue, type Problems, matches } from "./compare.ts"
import type { Entries } from "./given.ts"
import type { ProviderCall } from "./providers.ts"
import { expectedValue, expectedValues, flavorBits, namespace, typeIn } from "./objects.ts"
import {
  CaseError,
  fields,
  integer,
  isObject,
  type Json,
  type JsonObject,
  list,
  object,
  show,
  text,
  texts
} from "./vocabulary.ts"

/** Compares one fact of a class that is there. */
type Fact = (problems: Problems, what: string, wanted: Json, resolvedClass: ResolvedClass.ResolvedClass) => void

const names = (of: ReadonlyArray<{ readonly name: string }>): ReadonlyArray<string> => of.map(({ name }) => name)

/** Flavors that a case can write: without the bits that say where a qualifier came from. */
const written = 0x93

/** The value of a qualifier, or value and flavors in the long form; of one that is not there NULL is the value. */
const qualifiersOf =
  (of: (resolvedClass: ResolvedClass.ResolvedClass) => ReadonlyArray<Qualifier.Qualifier>): Fact =>
  (problems, what, wanted, resolvedClass) => {
    for (const [name, one] of Object.entries(object(wanted, what))) {
      const here = `${what}.${name}`
      const { flavors, value } = isObject(one)
        ? fields(one, here, ["value", "flavors"])
        : { value: one, flavors: undefined }
      const found = Qualifier.find(of(resolvedClass), name)
      if (value !== undefined) problems.equal(here, value, (found?.value ?? null) as Json)
      if (flavors === undefined) continue
      const got = found === undefined ? null : found.flavor & written
      problems.expect(`${here}.flavors`, flavors, got, got === flavorBits(flavors, here))
    }
  }

/** Of a property that is not there neither type nor default is known. */
const ofProperty =
  (of: (property: ResolvedClass.EffectiveProperty) => Json): Fact => (problems, what, wanted, resolvedClass) => {
    for (const [name, one] of Object.entries(object(wanted, what))) {
      const found = ResolvedClass.findProperty(resolvedClass, name)
      if (found === undefined) problems.expect(`${what}.${name}`, one, "no such property", false)
      else problems.equal(`${what}.${name}`, expectedValue(one, found.type, () => undefined), of(found))
    }
  }

/** Whether something is an array is not said by its type. */
const effectiveType: Fact = (problems, what, wanted, resolvedClass) => {
  for (const [name, one] of Object.entries(object(wanted, what))) {
    const found = ResolvedClass.findProperty(resolvedClass, name)
    const got = found === undefined ? "no such property" : CimType.format({ ...found, isArray: false })
    problems.expect(`${what}.${name}`, one, got, one === got)
  }
}

const without =
  (of: (resolvedClass: ResolvedClass.ResolvedClass) => ReadonlyArray<{ readonly name: string }>): Fact =>
  (problems, what, wanted, resolvedClass) => problems.noneOf(what, texts(wanted, what), names(of(resolvedClass)))

const exactly =
  (of: (resolvedClass: ResolvedClass.ResolvedClass) => ReadonlyArray<{ readonly name: string }>): Fact =>
  (problems, what, wanted, resolvedClass) => problems.sameNames(what, texts(wanted, what), names(of(resolvedClass)))

/** A class as a reader gets it: through the objects of the scripting API. */
const reader = ({ definition, parent }: ResolvedClass.ResolvedClass): SWbemObject =>
  new SWbemObject({ object: definition, baseClass: parent })

const listed = (of: Iterable<{ readonly name: string }>): ReadonlyArray<string> => Array.from(of, ({ name }) => name)

/** A whole list in the order and the spelling that a reader gets. */
const wholeList = (
  problems: Problems,
  what: string,
  wanted: Json,
  got: Iterable<{ readonly name: string }>
): void => {
  const found = listed(got)
  problems.expect(what, wanted, found, equalData(texts(wanted, what), found))
}

/** What is written of each property, with the property's qualifiers as a reader gets them. */
const ofReadProperty =
  (check: (problems: Problems, what: string, wanted: Json, of: SWbemQualifierSet) => void): Fact =>
  (problems, what, wanted, resolvedClass) => {
    for (const [name, one] of Object.entries(object(wanted, what))) {
      const here = `${what}.${name}`
      if (ResolvedClass.findProperty(resolvedClass, name) === undefined) {
        problems.expect(here, one, "no such property", false)
      } else check(problems, here, one, reader(resolvedClass).properties_.item(name).qualifiers_)
    }
  }

/** The bits of `qualifiers` 2 with the origin. */
const flavorNumber = (q: SWbemQualifier): number =>
  (q.propagatesToInstance ? Qualifier.Flavor.ToInstance : 0)
  | (q.propagatesToSubclass ? Qualifier.Flavor.ToSubclass : 0)
  | (q.isOverridable ? 0 : Qualifier.Flavor.DisableOverride)
  | (q.isLocal ? 0 : 0x20)
  | (q.isAmended ? Qualifier.Flavor.Amended : 0)

const flavorNumbers = (problems: Problems, what: string, wanted: Json, of: SWbemQualifierSet): void => {
  for (const [name, one] of Object.entries(object(wanted, what))) {
    const found = [...of].find((q) => CimName.equals(q.name, name))
    const got = found === undefined ? null : flavorNumber(found)
    problems.expect(`${what}.${name}`, one, got, integer(one, `${what}.${name}`) === got)
  }
}

/** The defaults of a method's parameters; a parameter that is there and has none has NULL. */
const parameterDefaults: Fact = (problems, what, wanted, resolvedClass) => {
  for (const [name, expected] of Object.entries(object(wanted, what))) {
    const method = CimName.find(resolvedClass.methods, name)
    for (const [parameter, one] of Object.entries(object(expected, `${what}.${name}`))) {
      const here = `${what}.${name}.${parameter}`
      const found = CimName.find(method?.parameters ?? [], parameter)
      if (found === undefined) problems.expect(here, one, "no such parameter", false)
      else problems.equal(here, expectedValue(one, found.type, () => undefined), caseValue(found.value))
    }
  }
}

const facts: Readonly<Record<string, Fact>> = {
  superclass: (problems, what, wanted, { definition }) => problems.equal(what, wanted, definition.superclass ?? null),
  qualifiers: qualifiersOf(({ definition }) => definition.qualifiers),
  effectiveQualifiers: qualifiersOf(({ qualifiers }) => qualifiers),
  qualifiersAbsent: without(({ qualifiers }) => qualifiers),
  localQualifiersAbsent: without(({ definition }) => definition.qualifiers),
  localProperties: exactly(({ definition }) => definition.properties),
  localPropertiesAbsent: without(({ definition }) => definition.properties),
  effectiveProperties: exactly(({ properties }) => properties),
  effectiveType,
  effectiveDefault: ofProperty(({ value }) => caseValue(value)),
  keys: (problems, what, wanted, { keys }) =>
    problems.expect(what, wanted, names(keys), equalData(texts(wanted, what), names(keys))),
  localMethodsAbsent: without(({ definition }) => definition.methods),
  qualifierNames: (problems, what, wanted, resolvedClass) =>
    wholeList(problems, what, wanted, reader(resolvedClass).qualifiers_),
  propertyQualifierNames: ofReadProperty(wholeList),
  propertyQualifierFlavors: ofReadProperty(flavorNumbers),
  methodNames: (problems, what, wanted, resolvedClass) =>
    wholeList(problems, what, wanted, reader(resolvedClass).methods_),
  parameterDefaults
}

/** Whether an instance that is read whole has these values; a name it does not have is no match, not even for NULL. */
const hasProps = (props: JsonObject, { values }: Instance): boolean =>
  Object.entries(props).every(([name, wanted]) => Object.hasOwn(values, name) && matches(wanted, caseValue(values[name])))

/** Compares one field of `repository`. */
type Check = (
  problems: Problems,
  wanted: Json,
  after: Snapshot.Snapshot,
  before: Entries,
  asked: ReadonlyArray<ProviderCall>
) => void

const has = (after: Snapshot.Snapshot, name: string): boolean =>
  Snapshot.resolvedClass(after, namespace, name) !== undefined

const onlyTrue = (what: string, wanted: Json): void => {
  if (wanted !== true) throw new CaseError(`repository.${what}: the runner does not know ${show(wanted)}`)
}

const checks: Readonly<Record<string, Check>> = {
  unchanged: (problems, wanted, after, before) => {
    onlyTrue("unchanged", wanted)
    const now = Snapshot.entries(after)
    const changed = now.filter((one, i) => !equalData(one, before[i])).map(([, root, key]) => `${root} ${key}`)
    problems.expect(
      "repository",
      "unchanged",
      { changed, lost: Math.max(0, before.length - now.length) },
      now.length === before.length && changed.length === 0
    )
  },
  classExists: (problems, wanted, after) => {
    for (const name of texts(wanted, "classExists")) problems.expect("classExists", name, "absent", has(after, name))
  },
  classAbsent: (problems, wanted, after) => {
    for (const name of texts(wanted, "classAbsent")) problems.expect("classAbsent", name, "present", !has(after, name))
  },
  namespaceExists: (problems, wanted, after) => {
    for (const name of Array.isArray(wanted) ? texts(wanted, "namespaceExists") : [text(wanted, "namespaceExists")]) {
      const full = name.includes("\\") ? name : `${namespace}\\${name}`
      const there = Snapshot.namespaceName(after, full) !== undefined
      problems.expect("namespaceExists", full, Snapshot.namespaces(after), there)
    }
  },
  instanceCount: (problems, wanted, after) => {
    for (const [className, count] of Object.entries(object(wanted, "instanceCount"))) {
      const what = `instanceCount.${className}`
      if (has(after, className)) problems.equal(what, integer(count, what), Snapshot.count(after, namespace, className))
      else problems.expect(what, integer(count, what), "no such class", count === 0)
    }
  },
  instances: (problems, instances, after) => {
    for (const one of list(instances, "instances")) {
      const { class: className, props } = fields(one, "instances", ["class", "props"])
      const name = text(className, "instances.class")
      const written = object(props, `instances of ${name}`)
      const wanted = expectedValues(name, written, typeIn(after))
      const found = Snapshot.instances(after, namespace, name)
      const there = found.some((instance) => hasProps(wanted, instance))
      problems.expect(`instances of ${name}`, written, found.map(({ values }) => values), there)
    }
  },
  providerInstancesUntouched: (problems, wanted, _, __, asked) => {
    onlyTrue("providerInstancesUntouched", wanted)
    if (asked.length > 0) problems.add(`providerInstancesUntouched: ${asked[0]!.provider} was asked`)
  },
  class: (problems, wanted, after) => {
    for (const [name, written] of Object.entries(object(wanted, "repository.class"))) {
      const what = `class ${name}`
      const expected = fields(written, what, Object.keys(facts))
      const resolvedClass = Snapshot.resolvedClass(after, namespace, name)
      if (resolvedClass === undefined) problems.expect(what, expected, "absent", false)
      else {for (const [fact, one] of Object.entries(expected)) {
          facts[fact]!(problems, `${what}.${fact}`, one, resolvedClass)
        }}
    }
  }
}

export const checkRepository = (
  problems: Problems,
  written: Json,
  after: Snapshot.Snapshot,
  before: Entries,
  asked: ReadonlyArray<ProviderCall>
): void => {
  for (const [name, wanted] of Object.entries(fields(written, "repository", Object.keys(checks)))) {
    checks[name]!(problems, wanted, after, before, asked)
  }
}
