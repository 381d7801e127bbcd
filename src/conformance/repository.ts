/** Checks `then.repository`: the state of the repository after a case. */
import * as ResolvedClass from "../engine/classes/ResolvedClass.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { SWbemObject } from "../scripting/objects/SWbemObject.ts"
import type { SWbemQualifier, SWbemQualifierSet } from "../scripting/objects/SWbemQualifierSet.ts"
import * as CimName from "../model/CimName.ts"
import * as CimType from "../model/CimType.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { Instance } from "../model/WbemObject.ts"
import { caseValue, equalData, matches, type Problems } from "./compare.ts"
import type { Entries } from "./given.ts"
import type { ObservedProviderCall } from "./providers.ts"
import { expectedValue, expectedValues, flavorBits, namespace, typeIn } from "./objects.ts"
import * as Json from "./vocabulary.ts"

/** Checks one fact of an existing class. */
type Fact = (problems: Problems, what: string, expected: Json.Json, resolvedClass: ResolvedClass.ResolvedClass) => void

const names = (source: ReadonlyArray<{ readonly name: string }>): ReadonlyArray<string> =>
  source.map(({ name }) => name)

/** The flavor bits that a case can write: all but the origin bits. */
const writableFlavors = 0x93

/** Checks the values of qualifiers, and the flavors where the case writes the long form. A missing qualifier has the value NULL. */
const qualifiersOf =
  (source: (resolvedClass: ResolvedClass.ResolvedClass) => ReadonlyArray<Qualifier.Qualifier>): Fact =>
  (problems, what, expected, resolvedClass) => {
    for (const [name, written] of Object.entries(Json.object(expected, what))) {
      const here = `${what}.${name}`
      const { flavors, value } = Json.isObject(written)
        ? Json.fields(written, here, ["value", "flavors"])
        : { value: written, flavors: undefined }
      const match = Qualifier.find(source(resolvedClass), name)
      if (value !== undefined) problems.equal(here, value, (match?.value ?? null) as Json.Json)
      if (flavors === undefined) continue
      const actual = match === undefined ? null : match.flavor & writableFlavors
      problems.expect(`${here}.flavors`, flavors, actual, actual === flavorBits(flavors, here))
    }
  }

/** Checks a fact of properties. A missing property fails. */
const ofProperty =
  (source: (property: ResolvedClass.EffectiveProperty) => Json.Json): Fact =>
  (problems, what, expected, resolvedClass) => {
    for (const [name, value] of Object.entries(Json.object(expected, what))) {
      const match = ResolvedClass.findProperty(resolvedClass, name)
      if (match === undefined) problems.expect(`${what}.${name}`, value, "no such property", false)
      else problems.equal(`${what}.${name}`, expectedValue(value, match.type, () => undefined), source(match))
    }
  }

/** Checks the types of properties, without the array marker. */
const effectiveType: Fact = (problems, what, expected, resolvedClass) => {
  for (const [name, value] of Object.entries(Json.object(expected, what))) {
    const match = ResolvedClass.findProperty(resolvedClass, name)
    const actual = match === undefined ? "no such property" : CimType.format({ ...match, isArray: false })
    problems.expect(`${what}.${name}`, value, actual, value === actual)
  }
}

const without =
  (source: (resolvedClass: ResolvedClass.ResolvedClass) => ReadonlyArray<{ readonly name: string }>): Fact =>
  (problems, what, expected, resolvedClass) =>
    problems.noneOf(what, Json.texts(expected, what), names(source(resolvedClass)))

const exactly =
  (source: (resolvedClass: ResolvedClass.ResolvedClass) => ReadonlyArray<{ readonly name: string }>): Fact =>
  (problems, what, expected, resolvedClass) =>
    problems.sameNames(what, Json.texts(expected, what), names(source(resolvedClass)))

/** The class as the scripting objects show it. */
const scriptObjectOf = ({ definition, parent }: ResolvedClass.ResolvedClass): SWbemObject =>
  new SWbemObject({ object: definition, baseClass: parent })

const namesOf = (source: Iterable<{ readonly name: string }>): ReadonlyArray<string> =>
  Array.from(source, ({ name }) => name)

/** Checks a whole list of names, with order and spelling. */
const wholeList = (
  problems: Problems,
  what: string,
  expected: Json.Json,
  elements: Iterable<{ readonly name: string }>
): void => {
  const actual = namesOf(elements)
  problems.expect(what, expected, actual, equalData(Json.texts(expected, what), actual))
}

/** Checks the qualifiers of properties as the scripting objects show them. */
const ofReadProperty =
  (check: (problems: Problems, what: string, expected: Json.Json, source: SWbemQualifierSet) => void): Fact =>
  (problems, what, expected, resolvedClass) => {
    for (const [name, value] of Object.entries(Json.object(expected, what))) {
      const here = `${what}.${name}`
      if (ResolvedClass.findProperty(resolvedClass, name) === undefined) {
        problems.expect(here, value, "no such property", false)
      } else check(problems, here, value, scriptObjectOf(resolvedClass).properties_.item(name).qualifiers_)
    }
  }

/** The flavor bits of `qualifiers` 2, with the origin bit. */
const flavorNumber = (q: SWbemQualifier): number =>
  (q.propagatesToInstance ? Qualifier.Flavor.ToInstance : 0)
  | (q.propagatesToSubclass ? Qualifier.Flavor.ToSubclass : 0)
  | (q.isOverridable ? 0 : Qualifier.Flavor.DisableOverride)
  | (q.isLocal ? 0 : Qualifier.propagated)
  | (q.isAmended ? Qualifier.Flavor.Amended : 0)

const flavorNumbers = (problems: Problems, what: string, expected: Json.Json, source: SWbemQualifierSet): void => {
  for (const [name, value] of Object.entries(Json.object(expected, what))) {
    const match = [...source].find((q) => CimName.equals(q.name, name))
    const actual = match === undefined ? null : flavorNumber(match)
    problems.expect(`${what}.${name}`, value, actual, Json.integer(value, `${what}.${name}`) === actual)
  }
}

/** Checks the defaults of a method's parameters. A parameter without a default has NULL. */
const parameterDefaults: Fact = (problems, what, expected, resolvedClass) => {
  for (const [name, defaults] of Object.entries(Json.object(expected, what))) {
    const method = CimName.find(resolvedClass.methods, name)
    for (const [parameter, value] of Object.entries(Json.object(defaults, `${what}.${name}`))) {
      const here = `${what}.${name}.${parameter}`
      const match = CimName.find(method?.parameters ?? [], parameter)
      if (match === undefined) problems.expect(here, value, "no such parameter", false)
      else problems.equal(here, expectedValue(value, match.type, () => undefined), caseValue(match.value))
    }
  }
}

const facts: Readonly<Record<string, Fact>> = {
  superclass: (problems, what, expected, { definition }) =>
    problems.equal(what, expected, definition.superclass ?? null),
  qualifiers: qualifiersOf(({ definition }) => definition.qualifiers),
  effectiveQualifiers: qualifiersOf(({ qualifiers }) => qualifiers),
  qualifiersAbsent: without(({ qualifiers }) => qualifiers),
  localQualifiersAbsent: without(({ definition }) => definition.qualifiers),
  localProperties: exactly(({ definition }) => definition.properties),
  localPropertiesAbsent: without(({ definition }) => definition.properties),
  effectiveProperties: exactly(({ properties }) => properties),
  effectiveType,
  effectiveDefault: ofProperty(({ value }) => caseValue(value)),
  keys: (problems, what, expected, { keys }) =>
    problems.expect(what, expected, names(keys), equalData(Json.texts(expected, what), names(keys))),
  localMethodsAbsent: without(({ definition }) => definition.methods),
  qualifierNames: (problems, what, expected, resolvedClass) =>
    wholeList(problems, what, expected, scriptObjectOf(resolvedClass).qualifiers_),
  propertyQualifierNames: ofReadProperty(wholeList),
  propertyQualifierFlavors: ofReadProperty(flavorNumbers),
  methodNames: (problems, what, expected, resolvedClass) =>
    wholeList(problems, what, expected, scriptObjectOf(resolvedClass).methods_),
  parameterDefaults
}

/** Whether an instance has these values. A property that the instance does not have does not match, not even NULL. */
const hasProps = (props: Json.JsonObject, { values }: Instance): boolean =>
  Object.entries(props).every(([name, expected]) =>
    Object.hasOwn(values, name) && matches(expected, caseValue(values[name]))
  )

/** Checks one field of `then.repository`. */
type RepositoryCheck = (
  problems: Problems,
  expected: Json.Json,
  after: Snapshot.Snapshot,
  before: Entries,
  providerCalls: ReadonlyArray<ObservedProviderCall>
) => void

const has = (after: Snapshot.Snapshot, name: string): boolean =>
  Snapshot.resolvedClass(after, namespace, name) !== undefined

const onlyTrue = (what: string, expected: Json.Json): void => {
  if (expected !== true) throw new Json.CaseError(`repository.${what}: the runner does not know ${Json.show(expected)}`)
}

const checks: Readonly<Record<string, RepositoryCheck>> = {
  unchanged: (problems, expected, after, before) => {
    onlyTrue("unchanged", expected)
    const now = Snapshot.entries(after)
    const changed = now.filter((value, i) => !equalData(value, before[i])).map(([, root, key]) => `${root} ${key}`)
    problems.expect(
      "repository",
      "unchanged",
      { changed, lost: Math.max(0, before.length - now.length) },
      now.length === before.length && changed.length === 0
    )
  },
  classExists: (problems, expected, after) => {
    for (const name of Json.texts(expected, "classExists")) {
      problems.expect("classExists", name, "absent", has(after, name))
    }
  },
  classAbsent: (problems, expected, after) => {
    for (const name of Json.texts(expected, "classAbsent")) {
      problems.expect("classAbsent", name, "present", !has(after, name))
    }
  },
  namespaceExists: (problems, expected, after) => {
    for (
      const name of Array.isArray(expected)
        ? Json.texts(expected, "namespaceExists")
        : [Json.text(expected, "namespaceExists")]
    ) {
      const full = name.includes("\\") ? name : `${namespace}\\${name}`
      const exists = Snapshot.namespaceName(after, full) !== undefined
      problems.expect("namespaceExists", full, Snapshot.namespaces(after), exists)
    }
  },
  instanceCount: (problems, expected, after) => {
    for (const [className, count] of Object.entries(Json.object(expected, "instanceCount"))) {
      const what = `instanceCount.${className}`
      if (has(after, className)) {
        problems.equal(what, Json.integer(count, what), Snapshot.count(after, namespace, className))
      } else problems.expect(what, Json.integer(count, what), "no such class", count === 0)
    }
  },
  instances: (problems, instances, after) => {
    for (const value of Json.list(instances, "instances")) {
      const { class: className, props } = Json.fields(value, "instances", ["class", "props"])
      const name = Json.text(className, "instances.class")
      const written = Json.object(props, `instances of ${name}`)
      const expected = expectedValues(name, written, typeIn(after))
      const stored = Snapshot.instances(after, namespace, name)
      const exists = stored.some((instance) => hasProps(expected, instance))
      problems.expect(`instances of ${name}`, written, stored.map(({ values }) => values), exists)
    }
  },
  providerInstancesUntouched: (problems, expected, _, __, providerCalls) => {
    onlyTrue("providerInstancesUntouched", expected)
    if (providerCalls.length > 0) problems.add(`providerInstancesUntouched: ${providerCalls[0]!.provider} was asked`)
  },
  class: (problems, expected, after) => {
    for (const [name, written] of Object.entries(Json.object(expected, "repository.class"))) {
      const what = `class ${name}`
      const expectedFacts = Json.fields(written, what, Object.keys(facts))
      const resolvedClass = Snapshot.resolvedClass(after, namespace, name)
      if (resolvedClass === undefined) problems.expect(what, expectedFacts, "absent", false)
      else {for (const [fact, value] of Object.entries(expectedFacts)) {
          facts[fact]!(problems, `${what}.${fact}`, value, resolvedClass)
        }}
    }
  }
}

export const checkRepository = (
  problems: Problems,
  written: Json.Json,
  after: Snapshot.Snapshot,
  before: Entries,
  providerCalls: ReadonlyArray<ObservedProviderCall>
): void => {
  for (const [name, expected] of Object.entries(Json.fields(written, "repository", Object.keys(checks)))) {
    checks[name]!(problems, expected, after, before, providerCalls)
  }
}
