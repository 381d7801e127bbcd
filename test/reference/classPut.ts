/** `class-update` 2: a class is put. */
import type { ParameterDefinition, PropertyDefinition } from "../../src/model/WbemObject.ts"
import { isLocaleSpace, plainClass, readAmended, withText } from "./amended.ts"
import { difference, update } from "./classUpdate.ts"
import { lines } from "./dump.ts"
import { derives, inheritedProperties } from "./lineage.ts"
import { find, isGrammatical } from "./names.ts"
import { withoutInstances } from "./namespaces.ts"
import { first, type Outcome, type Put, type Refusal, refuse } from "./outcome.ts"
import { taken } from "./qualifiers.ts"
import { mayWriteClasses, type Options } from "./start.ts"
import { structure } from "./structure.ts"
import { marked } from "./tally.ts"
import { fitted } from "./values.ts"
import { classNamed, type Space, withClass, withSpace, type World } from "./world.ts"
import type { ClassDefinition } from "./objects.ts"

interface Facts {
  readonly put: Put
  readonly options: Options
  readonly space: Space
  readonly c: ClassDefinition
  readonly stored: ClassDefinition | undefined
}

/** The rows of section 2, up to the structure. */
const header: ReadonlyArray<(facts: Facts) => Refusal | undefined> = [
  ({ put }) => mayWriteClasses(put.who) ? undefined : refuse("AccessDenied", "class-update 2.1"),
  ({ c }) => c.name.trim() === "" ? refuse("IncompleteClass", "class-update 2.3") : undefined,
  ({ c }) => c.name.startsWith("_") ? refuse("InvalidOperation", "class-update 2.4") : undefined,
  ({ c }) => c.name.endsWith("_") ? refuse("InvalidObject", "class-update 2.5") : undefined,
  ({ c }) => isGrammatical(c.name) ? undefined : refuse("InvalidParameter", "class-update 2.6"),
  ({ c }) => c.name.length > 4096 ? refuse("QuotaViolation", "class-update 2.7") : undefined,
  ({ c, options }) => readAmended(c, options.amended),
  ({ options, stored }) =>
    options.mode === "CreateOnly" && stored !== undefined ? refuse("AlreadyExists", "class-update 2.9") : undefined,
  ({ options, stored }) =>
    options.mode === "UpdateOnly" && stored === undefined ? refuse("NotFound", "class-update 2.10") : undefined,
  ({ c, space }) =>
    c.superclass !== undefined && derives(space, c.superclass, c.name)
      ? refuse("CircularReference", "class-update 2.11")
      : undefined,
  ({ c, space }) =>
    c.superclass !== undefined && classNamed(space, c.superclass) === undefined
      ? refuse("NotFound", "class-update 2.12")
      : undefined
]

const normalizedDefault = <A extends PropertyDefinition | ParameterDefinition>(space: Space, one: A): A["value"] =>
  one.value === undefined || one.value === null || one.type === "object"
    ? one.value ?? undefined // NULL is no default, of a redeclaration too (CX-5)
    : fitted(space, one.value, one) as A["value"]

/** CX-6: the stored spelling of a name stays. CX-5: only a redeclaration can take the inherited default. */
const spelled = (space: Space, { amended: _, ...c }: ClassDefinition, stored?: ClassDefinition): ClassDefinition => {
  const inherited = inheritedProperties(space, c)
  return {
    ...c,
    name: stored?.name ?? c.name,
    superclass: c.superclass === undefined ? undefined : classNamed(space, c.superclass)?.name ?? c.superclass,
    properties: c.properties.map(({ inheritsDefault, ...p }): PropertyDefinition => ({
      ...p,
      name: find(stored?.properties ?? [], p.name)?.name ?? p.name,
      value: normalizedDefault(space, p),
      ...marked(
          "CX-5: a redeclaration that takes the inherited default",
          inheritsDefault === true && find(inherited, p.name) !== undefined
        )
        ? { inheritsDefault: true }
        : {}
    })),
    methods: c.methods.map((m) => ({
      ...m,
      name: find(stored?.methods ?? [], m.name)?.name ?? m.name,
      parameters: m.parameters.map((p): ParameterDefinition => ({ ...p, value: normalizedDefault(space, p) }))
    }))
  }
}

export const classPut = (world: World, space: Space, put: Put, options: Options): [Outcome, World] => {
  const sent = put.object as ClassDefinition
  const splits = options.amended && !isLocaleSpace(space.name) // `qualifiers` 7.3 row 6
  const c = taken(splits ? plainClass(sent) : sent)
  const stored = classNamed(space, c.name)
  const refusal = first({ put, options, space, c, stored }, header)
    ?? structure({ space: withClass(space, c), c })
  if (refusal !== undefined) return [{ _tag: "Delivered", ...refusal }, world]
  const after = spelled(space, c, stored)
  const next = stored === undefined
    ? { space: withClass(space, after), gone: [] }
    : update({ space, before: stored, after, mode: options.update })
  if ("status" in next) return [{ _tag: "Delivered", ...next }, world]
  const neutral = withSpace(withoutInstances(world, space, next.gone), {
    ...next.space,
    instances: next.space.instances.filter((i) => !next.gone.includes(i))
  })
  const written = splits ? withText(neutral, next.space, put) : neutral
  const isTextNew = written !== neutral && lines(written).join("\n") !== lines(neutral).join("\n")
  const disposition = stored === undefined
    ? "Created"
    : difference(space, stored, after) === "none" && !isTextNew
    ? "Unchanged"
    : "Updated"
  return [
    { _tag: "Stored", disposition, path: `\\\\.\\${put.namespace}:${after.name}`, deleted: next.gone.length },
    written
  ]
}
