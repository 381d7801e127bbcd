/**
 * The lists of a Windows computer: the service `NamespaceReader` over queries. The order of namespaces and classes is that of an
 * emulated repository.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as CimName from "../../model/CimName.ts"
import { classWith, instanceWith } from "../../model/effectValue.ts"
import { systemDefinitions } from "../../model/systemDefinitions.ts"
import type { ClassDefinition } from "../../model/WbemObject.ts"
import type { NamespaceReader } from "../../pipeline/NamespaceReader.ts"
import * as StatusError from "../../protocol/StatusError.ts"
import { Failed, type ListError, NotSupported, type WbemError } from "../../protocol/WbemError.ts"
import type { HostPool } from "../process/pool.ts"
import { classesIn, instancesIn } from "./queries.ts"
import type { Computer } from "./servers.ts"

/** The largest number of namespaces whose children are read at the same time. A host reads one after the other. */
const concurrency = 4

/** The largest depth of a namespace that is read. Deeper answers come from a computer that lists a namespace below itself. */
const maxDepth = 64

const narrowed = <A>(effect: Effect.Effect<A, WbemError>): Effect.Effect<A, ListError> =>
  Effect.mapError(effect, (error) => StatusError.narrow("ListError", error))

/** The namespaces one level below a namespace, by their full names. */
const childrenOf = (pool: HostPool, namespace: string): Effect.Effect<ReadonlyArray<string>, WbemError> =>
  Effect.flatMap(instancesIn(pool, namespace, "__NAMESPACE"), (instances) => {
    const names = instances.map(({ values }) => values["Name"])
    const wrong = names.find((name) => typeof name !== "string" || name === "" || /[\\/]/.test(name))
    return wrong === undefined
      ? Effect.succeed((names as ReadonlyArray<string>).map((name) => `${namespace}\\${name}`))
      : Effect.fail(new Failed({ detail: `a namespace below ${namespace} has the name ${JSON.stringify(wrong)}` }))
  })

/** The same for a namespace that the walk has found: the caller may have no right to open it, and it may be deleted meanwhile. */
const childrenInWalk = (
  pool: HostPool,
  namespace: string
): Effect.Effect<ReadonlyArray<string> | undefined, WbemError> =>
  Effect.catchAll(
    childrenOf(pool, namespace),
    (error) =>
      error.status === "AccessDenied" || error.status === "InvalidNamespace"
        ? Effect.as(Effect.logDebug(`${namespace} is left out of the list of namespaces: ${error.message}`), undefined)
        : Effect.fail(error)
  )

/** A namespace and every namespace below it that its caller may open, level by level. */
const walk = (pool: HostPool, namespace: string): Effect.Effect<ReadonlyArray<string>, WbemError> => {
  const level = (
    names: ReadonlyArray<string>,
    found: ReadonlyArray<string>,
    depth: number
  ): Effect.Effect<ReadonlyArray<string>, WbemError> =>
    names.length === 0
      ? Effect.succeed(found)
      : depth > maxDepth
      ? Effect.fail(new Failed({ detail: `${names[0]} is more than ${maxDepth} levels below ${namespace}` }))
      : Effect.flatMap(
        Effect.forEach(
          names,
          (name) => Effect.map(childrenInWalk(pool, name), (children) => [name, children] as const),
          { concurrency }
        ),
        (opened) => {
          const open = opened.filter(([, children]) => children !== undefined)
          return level(open.flatMap(([, children]) => children!), [...found, ...open.map(([name]) => name)], depth + 1)
        }
      )
  return Effect.flatMap(childrenOf(pool, namespace), (children) => level(children, [namespace], 1))
}

/** How many classes are above each system class, by folded name. */
let systemDepths: ReadonlyMap<string, number> | undefined
const systemDepth = (folded: string): number | undefined => {
  if (systemDepths === undefined) {
    const depths = new Map<string, number>()
    systemDefinitions((definition, parent: { readonly name: string } | undefined) => {
      depths.set(
        CimName.fold(definition.name),
        parent === undefined ? 0 : depths.get(CimName.fold(parent.name))! + 1
      )
      return definition
    })
    systemDepths = depths
  }
  return systemDepths.get(folded)
}

/** Parents first, then by name. A superclass that is not listed and not known counts as one without a parent. */
const parentsFirst = (classes: ReadonlyArray<ClassDefinition>): ReadonlyArray<ClassDefinition> => {
  const listed = new Map(classes.map((definition) => [CimName.fold(definition.name), definition]))
  const depths = new Map<string, number>()
  const depthOf = (folded: string): number => {
    const above: Array<string> = []
    let at: string | undefined = folded
    while (at !== undefined && !depths.has(at) && above.length <= listed.size) {
      above.push(at)
      const parent: string | undefined = listed.get(at)?.superclass
      at = parent === undefined ? undefined : CimName.fold(parent)
      if (at !== undefined && !listed.has(at)) {
        depths.set(at, systemDepth(at) ?? 0)
      }
    }
    let depth = at === undefined ? 0 : (depths.get(at) ?? 0) + 1
    for (const name of above.reverse()) depths.set(name, depth++)
    return depths.get(folded)!
  }
  return classes.map((definition) => ({ definition, depth: depthOf(CimName.fold(definition.name)) }))
    .sort((a, b) => a.depth - b.depth || CimName.compare(a.definition.name, b.definition.name))
    .map(({ definition }) => definition)
}

/** The locale of the connection that reads localised text. Windows takes one, so it is the first. */
const localeOf = (locales: ReadonlyArray<string> | undefined): string | undefined => locales?.[0]?.toUpperCase()

/** The lists of a computer. */
export const namespaceReader = (pool: HostPool, computer: Computer): NamespaceReader => ({
  namespaces: (within = "root") =>
    narrowed(Effect.flatMap(
      computer.namespace(within),
      (namespace) => Effect.map(walk(pool, namespace), (names) => [...names].sort(CimName.compare))
    )),
  classes: (namespace, options) =>
    options?.system === true
      ? Effect.fail(
        new NotSupported({
          detail:
            "a Windows computer does not list its system classes: Microsoft does not document the form of their MOF"
        })
      )
      : narrowed(Effect.flatMap(computer.namespace(namespace), (own) => {
        const locale = localeOf(options?.locales)
        return Effect.map(
          classesIn(pool, own, locale),
          (classes) =>
            parentsFirst(locale === undefined ? classes : classes.map((one) => classWith(one, { amended: true })))
        )
      })),
  instancesOf: (namespace, className, options) =>
    narrowed(Effect.flatMap(computer.namespace(namespace), (own) => {
      const locale = localeOf(options?.locales)
      return Effect.map(
        instancesIn(pool, own, className, { deep: options?.deep, locale }),
        (instances) => locale === undefined ? instances : instances.map((one) => instanceWith(one, { amended: true }))
      )
    }))
})
